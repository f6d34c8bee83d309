# SPDX-License-Identifier: Apache-2.0
"""From readings to areas, openings, the event, weather and units; bands that do not flap; minutes."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hamkor.events.rules import Attendance
from hamkor.telemetry.rules import Layout, Tracker, band_of, layout_of, next_band
from hamkor.telemetry.rules.minutes import Minutes
from hamkor.telemetry.rules.tracking import Value
from hamkor.telemetry.rules.zones import DEFAULT_BANDS
from hamkor.telemetry.tests.builders import FEATURES, NOW_MS, sample
from hamkor.venues.rules.features import Area, Feature

LAYOUT = layout_of(FEATURES, Attendance(permitted=2100))


def known(tracker: Tracker, after_s: float = 0) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (value.kind, value.id): dict(value.body) for value in tracker.values(NOW_MS + int(after_s * 1000))
    }


def test_a_layout_holds_capacities_and_turns_ways_inwards() -> None:
    assert LAYOUT.zones["stand"].capacity == 100
    assert LAYOUT.zones["field"].area_m2 == 1000
    assert LAYOUT.capacity == 2100
    assert (LAYOUT.ways["exit"].from_, LAYOUT.ways["exit"].to) == ("outside", "yard")
    assert LAYOUT.zones_of("camera") == ("field",)
    assert LAYOUT.zones_of("nothing") == LAYOUT.zones_of(None) == ()


def test_people_are_counted_in_and_on() -> None:
    tracker = Tracker(LAYOUT)
    tracker.take(
        [
            sample("count_in", 0, feature="gate"),
            sample("count_out", 0, feature="gate"),
            sample("count_in", 0, feature="door"),
        ]
    )
    tracker.take(
        [
            sample("count_in", 300, feature="gate", after_s=20),
            sample("count_out", 20, feature="gate", after_s=20),
            sample("count_in", 200, feature="door", after_s=20),
        ]
    )
    found = known(tracker, 20)
    assert found["zone", "yard"]["count"] == 80
    assert found["zone", "field"]["count"] == 200
    assert found["zone", "field"]["fill"] == 0.1
    assert found["zone", "field"]["density"] == 0.2
    assert found["opening", "gate"]["in_total"] == 300
    assert found["opening", "gate"]["in_per_min"] == 300
    assert found["opening", "gate"]["state"] == "full"
    assert found["event", "event"] == {
        "inside": 280,
        "in_per_h": 3600,
        "out_per_h": 240,
        "capacity": 2100,
    }
    assert ("zone", "stand") not in found


def test_a_drill_played_fast_tells_people_in_a_minute_of_the_event() -> None:
    tracker = Tracker(LAYOUT)
    tracker.pace = 6.0
    tracker.take([sample("count_in", 0, feature="gate")])
    tracker.take([sample("count_in", 300, feature="gate", after_s=20)])
    found = known(tracker, 20)
    assert found["opening", "gate"]["in_per_min"] == 50
    assert found["event", "event"]["in_per_h"] == 600


def test_charts_and_the_table_of_gates_tell_one_flow_whatever_the_pace() -> None:
    tracker, minutes = Tracker(LAYOUT), Minutes()
    tracker.take([sample("count_in", 0, feature="gate")])
    for after_s, pace in ((20, 1.0), (80, 12.0)):
        tracker.pace = pace
        tracker.take([sample("count_in", 15 * after_s, feature="gate", after_s=after_s)])
        values = tracker.values(NOW_MS + after_s * 1000)
        minutes.take(values, NOW_MS + after_s * 1000)
        (shown,) = [value.body["in_per_min"] for value in values if value.id == "gate"]
        (kept,) = [each for each in minutes.pop() if (each.id, each.measure) == ("gate", "in_per_min")]
        assert kept.last == kept.total / kept.samples == shown > 0


def test_who_came_before_a_counter_was_heard_is_no_flow_of_now() -> None:
    tracker = Tracker(LAYOUT)
    tracker.take([sample("count_in", 9000, feature="gate")])
    found = known(tracker)
    assert found["event", "event"]["inside"] == 9000
    assert found["opening", "gate"]["in_per_min"] == found["event", "event"]["in_per_h"] == 0


def test_an_exit_drawn_outwards_counts_those_who_come_in_as_in() -> None:
    tracker = Tracker(LAYOUT)
    tracker.take([sample("count_in", 50, feature="exit"), sample("count_out", 10, feature="exit", after_s=1)])
    assert known(tracker, 1)["event", "event"]["inside"] == 40


def test_more_people_gone_than_came_is_not_nobody() -> None:
    tracker = Tracker(LAYOUT)
    tracker.take([sample("count_in", 100, feature="door")])
    found = known(tracker)
    assert "count" not in found.get(("zone", "yard"), {})
    assert found["zone", "field"]["count"] == 100


def test_a_counter_that_begins_again_goes_on_and_one_that_leaps_counts_nothing() -> None:
    tracker = Tracker(LAYOUT)
    for after_s, value in ((0, 100), (10, 120), (20, 5), (30, 9_000_000), (40, 9_000_010)):
        tracker.take([sample("count_in", value, feature="gate", after_s=after_s)])
    assert known(tracker, 40)["opening", "gate"]["in_total"] == 135


def test_readings_in_any_order_count_once() -> None:
    tracker = Tracker(LAYOUT)
    late = [sample("count_in", value, feature="gate", after_s=value) for value in (10, 30, 20)]
    tracker.take([*late, *late])
    assert known(tracker, 30)["opening", "gate"]["in_total"] == 30


def test_counters_go_on_in_the_next_process() -> None:
    first, second = Tracker(LAYOUT), Tracker(LAYOUT)
    first.take([sample("count_in", 70, feature="gate"), sample("count_out", 4, feature="gate")])
    second.restore(first.marks())
    assert second.marks() == first.marks()
    second.take([sample("count_in", 70, feature="gate"), sample("count_in", 80, feature="gate", after_s=9)])
    assert known(second, 9)["event", "event"]["inside"] == 76


def test_of_two_sensors_the_worse_counts_while_it_is_fresh() -> None:
    tracker = Tracker(LAYOUT)
    tracker.take([sample("density", 2.5, feature="camera", device="c1")])
    tracker.take([sample("density", 1.5, feature="field", device="c2", after_s=50)])
    assert known(tracker, 50)["zone", "field"]["density"] == 2.5
    body = known(tracker, 70)["zone", "field"]
    assert (body["density"], body["device"], body["source"], body["count"]) == (1.5, "c2", "sensor", 1500)
    assert ("zone", "field") not in known(tracker, 200)


def test_parts_make_up_the_whole_only_when_all_are_known() -> None:
    features = (
        Feature(id="all", properties=Area(use="square", usable_area_m2=100, stated_capacity=50)),
        Feature(id="a", properties=Area(use="standing", part_of="all")),
        Feature(id="b", properties=Area(use="standing", part_of="all")),
    )
    tracker = Tracker(layout_of(features))
    tracker.take([sample("occupancy", 10, feature="a")])
    assert ("zone", "all") not in known(tracker)
    tracker.take([sample("occupancy", 30, feature="b")])
    assert known(tracker)["zone", "all"]["count"] == 40


def test_an_area_that_is_part_of_itself_ends() -> None:
    layout = layout_of((Feature(id="a", properties=Area(use="square", part_of="a")),))
    assert Tracker(layout).values(NOW_MS) == []


def test_trend_is_people_per_minute() -> None:
    tracker = Tracker(LAYOUT)
    for after_s in range(0, 61, 10):
        tracker.take([sample("occupancy", after_s * 2, feature="field", after_s=after_s)])
        body = known(tracker, after_s)["zone", "field"]
    assert body["trend_per_min"] == 120


def test_weather_is_the_worst_of_all_stations_and_lightning_the_nearest() -> None:
    tracker = Tracker(LAYOUT)
    for device, gust, km in (("w1", 9, 30), ("w2", 14, 12)):
        tracker.take([sample("gust", gust, feature=None, device=device)])
        tracker.take([sample("lightning_km", km, feature=None, device=device)])
    assert known(tracker)["weather", "weather"] == {"gust": 14, "lightning_km": 12}


def test_units_are_where_their_trackers_are() -> None:
    tracker = Tracker(LAYOUT, units={"track-1": "unit-7"})
    tracker.take([sample("battery", 0.4, feature=None, device="track-1")])
    from hamkor.telemetry.rules import Sample

    tracker.take([Sample(NOW_MS, "track-1", None, "position", 69.2, 41.3)])
    assert known(tracker)["unit", "unit-7"] == {"point": [69.2, 41.3], "battery": 0.4}


def test_bands_of_density_and_of_fill() -> None:
    assert [band_of(each, 0.1) for each in (0.9, 1, 2.9, 3, 4)] == [0, 1, 2, 3, 4]
    assert [band_of(None, each) for each in (0.69, 0.7, 0.95, 1.0, 1.2)] == [0, 1, 2, 3, 4]
    assert band_of(None, None) is None


@given(st.lists(st.floats(0, 6), min_size=1, max_size=40))
def test_a_band_rises_at_once_and_falls_only_when_clearly_below(densities: list[float]) -> None:
    band = None
    for density in densities:
        after = next_band(band, density, None, stood_s=1000)
        assert after is not None
        plain = band_of(density, None)
        assert plain is not None
        assert after >= plain
        if band is not None and after < band:
            assert density < DEFAULT_BANDS.density_per_m2[after] * (1 - DEFAULT_BANDS.back)
        band = after


def test_a_band_stands_for_a_while() -> None:
    assert next_band(3, 0.0, None, stood_s=2) == 3
    assert next_band(3, 0.0, None, stood_s=12) == 0
    assert next_band(3, 2.95, None, stood_s=12) == 3
    assert next_band(3, None, None, stood_s=12) is None


def test_minutes_hold_first_last_low_high_and_mean() -> None:
    minutes = Minutes()
    for after_s, density in ((0, 1.0), (10, 3.0), (20, 2.0), (60, 5.0)):
        minutes.take(
            [Value("zone", "a", 0, {"density": density, "source": "sensor"})], NOW_MS + after_s * 1000
        )
    first, second = minutes.pop()
    assert (first.first, first.last, first.low, first.high, first.total, first.samples) == (1, 2, 1, 3, 6, 3)
    assert (second.minute_ms, second.first) == (NOW_MS + 60_000, 5.0)
    assert minutes.pop() == []


def test_an_empty_drawing_says_nothing() -> None:
    tracker = Tracker(Layout())
    tracker.take([sample("count_in", 5, feature="gate"), sample("density", 3, feature="field")])
    assert tracker.values(NOW_MS) == []

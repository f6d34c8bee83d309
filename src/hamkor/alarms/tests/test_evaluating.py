# SPDX-License-Identifier: Apache-2.0
"""The evaluator: what is raised and cleared when, and that batches change nothing."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.alarms.rules.alarms import Alarm, AlarmRule
from hamkor.alarms.rules.defaults import default_rules
from hamkor.alarms.rules.evaluating import Clear, Context, Evaluator, Raise, Repeat, Sample, Signal
from hamkor.alarms.rules.evaluating.tracks import BUCKETS, Window
from hamkor.alarms.tests.builders import CONTEXT, NOW, T0, rule


def evaluator(*rules: Any, context: Context = CONTEXT, **values: Any) -> Evaluator:
    return Evaluator(rules or default_rules(), context, since=T0, **values)


def default_rule_of(rule_id: str) -> AlarmRule:
    return next(each for each in default_rules() if each.id == rule_id)


def density(value: Any, at: float, *, device: str = "d1", feature: str | None = "pen") -> Sample:
    return (device, "density", feature, value, T0 + at)


def kinds(signals: list[Signal]) -> list[str]:
    return [type(signal).__name__ for signal in signals]


def open_alarm(rule_id: str, subject: str, kind: Any = "zone", **values: Any) -> Alarm:
    given: dict[str, Any] = {
        "title": "T",
        "sort": "threshold",
        "priority": 2,
        "raised_at": NOW,
        "last_at": NOW,
    }
    return Alarm(id="a", rule=rule_id, subject_kind=kind, subject=subject, **{**given, **values})


def test_on_the_limit_is_raised_and_only_beyond_the_step_cleared() -> None:
    found = evaluator(rule(clear_at=3.5))
    values = [3.9, 4.0, 3.9, 3.5, 3.49, 3.9]
    signals = [found.feed([density(value, at)]) for at, value in enumerate(values)]
    assert [kinds(each) for each in signals] == [[], ["Raise"], [], [], ["Clear"], []]
    (raised,) = signals[1]
    assert (raised.rule, raised.subject_kind, raised.subject, raised.feature) == ("r", "zone", "pen", "pen")
    assert (raised.value, raised.at) == (4.0, T0 + 1)


def test_small_values_can_be_the_dangerous_ones() -> None:
    found = evaluator(rule(measure="battery", limit=0.15, clear_at=0.3, is_below=True))
    samples: list[Sample] = [("d1", "battery", None, value, T0) for value in (0.2, 0.15, 0.3, 0.31)]
    signals = found.feed(samples)
    assert kinds(signals) == ["Raise", "Clear"]
    assert (signals[0].subject_kind, signals[0].subject, signals[0].value) == ("device", "d1", 0.15)


def test_a_condition_must_last() -> None:
    found = evaluator(rule(hold_s=5))
    assert not found.feed([density(5.0, 0), density(3.0, 4), density(5.0, 6), density(5.0, 10.9)])
    assert kinds(found.feed([density(5.0, 11)])) == ["Raise"]


def test_a_hold_ends_without_another_reading() -> None:
    found = evaluator(rule(hold_s=5, clear_hold_s=10))
    found.feed([density(5.0, 0)])
    assert not found.tick(T0 + 4)
    assert kinds(found.tick(T0 + 5)) == ["Raise"]
    found.feed([density(1.0, 6)])
    assert not found.tick(T0 + 15)
    assert kinds(found.tick(T0 + 16)) == ["Clear"]


def test_what_lasts_is_repeated_once_a_minute_with_its_number() -> None:
    found = evaluator(rule())
    signals = found.feed([density(5.0, at) for at in range(0, 181, 10)])
    assert kinds(signals) == ["Raise", "Repeat", "Repeat", "Repeat"]
    assert [signal.count for signal in signals if isinstance(signal, Repeat)] == [6, 6, 6]


def test_the_worst_of_several_cameras_counts_while_it_is_fresh() -> None:
    found = evaluator(rule())
    assert kinds(found.feed([density(1.0, 0, device="a"), density(4.5, 0, device="b")])) == ["Raise"]
    assert kinds(found.feed([density(1.0, 100, device="a")])) == ["Repeat"]
    assert kinds(found.feed([density(1.0, 121, device="a")])) == ["Clear"]


def test_readings_out_of_order_do_not_undo_later_ones() -> None:
    found = evaluator(rule())
    assert kinds(found.feed([density(4.5, 10), density(1.0, 5), density(4.6, 11)])) == ["Raise"]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e30, True, None, "5", [1.0, 2.0]])
def test_impossible_values_are_passed_over(value: Any) -> None:
    found = evaluator()
    assert not found.feed(
        [density(value, 0), ("d1", "button", None, value, T0), ("d1", "nonsense", None, 1.0, T0)]
    )


def test_a_reading_from_the_future_is_taken_as_of_now() -> None:
    found = evaluator(rule(hold_s=5))
    assert not found.feed([density(5.0, 9000)], now=T0)
    assert not found.feed([density(1.0, 1)], now=T0 + 1)
    assert not found.tick(T0 + 60)


def test_a_rise_is_compared_with_the_lowest_of_the_window() -> None:
    rising = rule(sort="rate", limit=1.0, clear_at=0.5, from_value=2.0, window_s=300)
    found = evaluator(rising)
    slow = [density(2.0 + at / 400, at) for at in range(0, 1000, 10)]
    assert not found.feed(slow)
    found = evaluator(rising)
    fast = [density(2.0 + at / 250, at) for at in range(0, 301, 10)]
    signals = found.feed(fast)
    assert isinstance(signals[0], Raise)
    assert signals[0].at == T0 + 250
    assert kinds(found.feed([density(3.2, at) for at in range(310, 900, 10)]))[-1] == "Clear"


def test_a_rise_among_few_people_is_no_alarm_and_cameras_are_not_compared_with_each_other() -> None:
    rising = rule(sort="rate", limit=1.0, from_value=2.0, window_s=300)
    assert not evaluator(rising).feed([density(0.1, 0), density(1.9, 60)])
    assert not evaluator(rising).feed([density(1.0, 0, device="a"), density(3.0, 1, device="b")])


def test_a_device_of_the_drawing_speaks_for_the_zones_it_covers() -> None:
    (signal,) = evaluator(rule()).feed([density(5.0, 0, feature="cam")])
    assert (signal.subject_kind, signal.subject) == ("zone", "pen")
    (signal,) = evaluator(rule(measure="speed", limit=0.3, is_below=True)).feed(
        [("x", "speed", "?", 0.1, T0)]
    )
    assert (signal.subject_kind, signal.subject) == ("device", "x")


def test_a_rule_about_places_leaves_others_alone() -> None:
    found = evaluator(rule(places=("pen",)))
    assert not found.feed([density(5.0, 0, feature="square")])
    assert kinds(found.feed([density(5.0, 0)])) == ["Raise"]


def test_people_are_counted_through_ways() -> None:
    found = evaluator(rule(sort="zone_limit", measure="occupancy", limit=0.9, clear_at=0.85))
    found.feed([("c1", "count_in", "gate", 50.0, T0), ("c2", "count_in", None, 0.0, T0)])
    found.feed([("c1", "count_in", "gate", 1050.0, T0 + 1)])
    assert (found.count_of("square"), found.count_of("event"), found.count_of("pen")) == (1000, 1000, 0)
    signals = found.feed([("c2", "count_in", None, 900.0, T0 + 2)])
    assert (found.count_of("square"), found.count_of("event"), found.count_of("pen")) == (100, 1000, 900)
    assert [(type(each), each.subject, each.value) for each in signals] == [(Raise, "pen", 0.9)]
    signals = found.feed([("c2", "count_out", None, 0.0, T0 + 3), ("c2", "count_out", None, 100.0, T0 + 4)])
    assert [(type(each), each.subject, each.value) for each in signals] == [(Clear, "pen", 0.8)]


def test_a_counter_that_begins_anew_goes_on_and_an_old_reading_counts_nothing() -> None:
    found = evaluator()
    for value, at in ((100.0, 0), (150.0, 1), (20.0, 2), (140.0, 1), (25.0, 3)):
        found.feed([("c1", "count_in", "gate", value, T0 + at)])
    assert found.count_of("event") == 75


def test_a_device_that_sees_the_whole_zone_overrules_counters() -> None:
    found = evaluator(rule(sort="zone_limit", measure="occupancy", limit=1.0))
    (signal,) = found.feed([("d1", "occupancy", "pen", 1000.0, T0)])
    assert (signal.subject, signal.value) == ("pen", 1.0)
    assert kinds(found.feed([("d1", "occupancy", None, 900.0, T0 + 1)])) == ["Clear"]


def test_the_balance_speaks_before_the_place_is_full() -> None:
    soon = rule(
        sort="balance",
        measure="occupancy",
        limit=10,
        clear_at=15,
        from_value=0.5,
        window_s=300,
        is_below=True,
    )
    found = evaluator(soon)
    signals: list[Signal] = []
    for at in range(0, 1500, 10):
        signals += found.feed([("d1", "occupancy", "pen", at * 0.5, T0 + at)])
    assert isinstance(signals[0], Raise)
    # 30 people a minute: at 700 people the last 300 come within ten minutes.
    assert signals[0].at == T0 + 1400
    assert signals[0].value == pytest.approx(10, abs=0.2)
    calm = [("d1", "occupancy", "pen", 750.0, T0 + 1500 + at) for at in range(0, 600, 10)]
    assert kinds(found.feed(calm))[-1] == "Clear"


def test_silence_is_noticed_and_the_first_word_ends_it() -> None:
    found = evaluator(rule(sort="heartbeat", measure="heartbeat", window_s=60, limit=None))
    found.feed([("d1", "heartbeat", None, 1.0, T0 + 30)])
    signals = found.tick(T0 + 61)
    assert {(each.subject, each.feature) for each in signals} == {("c1", "gate"), ("c2", "door")}
    assert not found.tick(T0 + 62)
    assert kinds(found.feed([("c1", "count_in", "gate", 1.0, T0 + 63)])) == ["Clear"]
    assert [each.subject for each in found.tick(T0 + 91)] == ["d1"]


def test_a_button_is_seen_to_by_people_only() -> None:
    found = evaluator()
    signals = found.feed(
        [("b", "button", "gate", value, T0 + at) for at, value in enumerate((1.0, 0.0, 1.0))]
    )
    assert [(each.rule, each.subject, each.feature) for each in signals] == [("button", "b", "gate")]
    assert not found.tick(T0 + 50)
    found.learn([])
    assert kinds(found.feed([("b", "button", "gate", 1.0, T0 + 100)])) == ["Raise"]


def test_lightning_is_over_half_an_hour_after_the_last_stroke() -> None:
    found = evaluator(default_rule_of("lightning"))
    strokes: list[Sample] = [
        ("w", "lightning_km", None, km, T0 + at) for at, km in ((0, 9.0), (600, 30.0), (900, 5.0))
    ]
    assert kinds(found.feed(strokes)) == ["Raise", "Repeat"]
    assert not found.tick(T0 + 2600)
    assert kinds(found.tick(T0 + 2700)) == ["Clear"]


def test_lightning_is_over_also_after_a_restart_without_another_stroke() -> None:
    stroke = open_alarm("lightning", "event", "weather", sort="weather")
    found = evaluator(default_rule_of("lightning"), alarms=[stroke])
    assert not found.tick(T0 + 1799)
    assert kinds(found.tick(T0 + 1800)) == ["Clear"]


def test_structures_of_one_rule_are_one_alarm() -> None:
    roofs = rule(sort="weather", measure="gust", limit=12.0, places=("tent-1", "tent-2"))
    (signal,) = evaluator(roofs).feed([("w", "gust", None, 13.0, T0)])
    assert (signal.subject_kind, signal.subject, signal.feature) == ("weather", "event", None)


def test_a_restart_takes_open_alarms_over() -> None:
    alarm = open_alarm("r", "pen")
    found = evaluator(rule(), alarms=[alarm])
    assert not found.feed([density(5.0, 0)])[1:]
    assert kinds(found.feed([density(1.0, 61)])) == ["Clear"]
    returned = open_alarm("r", "pen", state="returned", is_active=False)
    assert kinds(evaluator(rule(), alarms=[returned]).feed([density(5.0, 0)])) == ["Raise"]


def test_what_was_cleared_by_hand_is_raised_again_while_it_holds() -> None:
    found = evaluator(rule())
    found.feed([density(5.0, 0)])
    found.learn([])
    assert kinds(found.feed([density(5.0, 1)])) == ["Raise"]


def test_unchanged_rules_go_on_when_others_are_put_in_place() -> None:
    held = rule(hold_s=60)
    found = evaluator(held)
    found.feed([density(5.0, 0), ("c1", "count_in", "gate", 10.0, T0), ("c1", "count_in", "gate", 20.0, T0)])
    found.replace([held, rule(id="other", limit=9.0)], CONTEXT)
    assert found.count_of("event") == 10
    assert kinds(found.feed([density(5.0, 60), ("c1", "count_in", "gate", 25.0, T0 + 60)])) == ["Raise"]
    assert found.count_of("event") == 15
    found.replace([], CONTEXT)
    assert not found.feed([density(9.0, 70)])
    assert not found.tick(T0 + 999)


def test_invented_features_do_not_fill_the_memory() -> None:
    found = evaluator()
    for start in range(0, 60_000, 1000):
        found.feed([("d1", "density", f"f{number}", 1.0, T0) for number in range(start, start + 1000)])
    assert len(found._routes) <= 50_000
    assert len(found._ticked) < 200


def test_windows_are_bounded() -> None:
    window = Window(300.0)
    for at in range(0, 100_000, 7):
        window.take(float(at % 13), float(at))
    assert len(window._pieces) <= BUCKETS + 1


MEASURES = [
    "density",
    "occupancy",
    "count_in",
    "count_out",
    "gust",
    "lightning_km",
    "button",
    "battery",
    "smoke",
]
SAMPLES = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2", "d1", "d2"]),
        st.sampled_from(MEASURES),
        st.sampled_from([None, "pen", "square", "gate", "door", "cam", "nowhere"]),
        st.one_of(st.floats(0, 20), st.integers(0, 3000).map(float)),
        st.integers(0, 900).map(lambda at: T0 + at),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(samples=SAMPLES, cuts=st.lists(st.integers(0, 60), max_size=6))
def test_batches_change_nothing(samples: list[Sample], cuts: list[int]) -> None:
    one, many = evaluator(), evaluator()
    singly = [signal for sample in samples for signal in one.feed([sample])]
    ends = sorted({0, len(samples), *(cut for cut in cuts if cut <= len(samples))})
    batched = [signal for start, end in pairwise(ends) for signal in many.feed(samples[start:end])]
    assert singly == batched


@settings(max_examples=60, deadline=None)
@given(samples=SAMPLES, ticks=st.lists(st.integers(0, 5000), max_size=5))
def test_raising_and_clearing_take_turns(samples: list[Sample], ticks: list[int]) -> None:
    found = evaluator()
    signals = found.feed(sorted(samples, key=lambda sample: sample[4]))
    for tick in sorted(ticks):
        signals += found.tick(T0 + 900 + tick)
    is_open: set[tuple[str, str, str]] = set()
    for signal in signals:
        key = (signal.rule, signal.subject_kind, signal.subject)
        assert (key in is_open) is not isinstance(signal, Raise)
        if isinstance(signal, Raise):
            is_open.add(key)
        elif isinstance(signal, Clear):
            is_open.remove(key)

# SPDX-License-Identifier: Apache-2.0
"""From ways people walked to outcomes, pictures, films and a page; every person is accounted for."""

from __future__ import annotations

import base64
import io
import json
import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import av
import msgspec
import numpy as np
import pytest
import shapely
from PIL import Image

from hamkor.events.rules.attendance import Attendance, Composition
from hamkor.simulation.measures.comparing import compare
from hamkor.simulation.measures.ensembles import merge
from hamkor.simulation.measures.fields import density_of, lay_grid
from hamkor.simulation.measures.judging import NEVER_CLEARS, judge
from hamkor.simulation.micro.crowd import crowd_at
from hamkor.simulation.micro.profile import load_motion_profile
from hamkor.simulation.micro.result import Crossings, DensityGrid, Frames, Run
from hamkor.simulation.queries.carrying import carry
from hamkor.simulation.queries.moving import composition_of, starting_times
from hamkor.simulation.queries.telling import outcome_of
from hamkor.simulation.rendering.charts import (
    clearance_chart,
    comparison_chart,
    occupancy_chart,
    queue_chart,
)
from hamkor.simulation.rendering.colours import colour_index, density_steps
from hamkor.simulation.rendering.figures import picture_of
from hamkor.simulation.rendering.film import film_of
from hamkor.simulation.rendering.maps import density_map
from hamkor.simulation.rendering.people import pack_people
from hamkor.simulation.rendering.replaying import replay_page
from hamkor.simulation.rendering.shown import Shown
from hamkor.simulation.rendering.tables import arrived_csv, links_csv, places_csv, result_json
from hamkor.simulation.rules.floors import Door, Floors, Sheet
from hamkor.simulation.rules.layout import Layout, Link, Place
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Scenario

HALL = shapely.box(0, 0, 20, 10)
DOOR = ((20.0, 4.0), (20.0, 6.0))
PEOPLE = 60
EVERY_S = 2.0
SHOWN = Shown(
    language="en",
    names={"hall": {"en": "Hall <b>", "ru": "Зал", "uz": "Zal"}, "door": "Door"},
    zone="Asia/Tashkent",
)
SCENARIO = Scenario(
    name="door open", method="micro", starts_at=datetime(2027, 3, 21, 17, 0, tzinfo=UTC), seed=7
)
LAYOUT = Layout(
    direction="egress",
    profile_id="green-guide-2018",
    places={
        "hall": Place(id="hall", area_m2=200.0, holds=50.0, people=PEOPLE, outline=HALL),
        "yard": Place(id="yard", area_m2=900.0, outline=shapely.box(200, 200, 230, 230)),
    },
    links={
        "door": Link(
            id="door",
            kind="opening",
            tail="hall",
            head="outside",
            forward=True,
            width_m=2.0,
            rate_per_s=2.7,
            line=shapely.LineString(DOOR),
        )
    },
)
FLOORS = Floors(
    sheets=(Sheet(level=0.0, walkable=HALL),), doors=(Door(id="door", sheet=0, line=DOOR, leads_out=True),)
)


def walked(speed_m_per_s: float = 1.0, crowd_at_s: float = 0.0) -> Run:
    """Sixty people in a packed block who walk through the door one row after the other."""
    start = np.array([(2 + 0.45 * i, 4 + 0.45 * j) for i in range(12) for j in range(5)], float)
    way = 20.5 - start[:, 0]
    out = (crowd_at_s + way / speed_m_per_s).astype(np.float32)
    times = np.arange(0, out.max() + EVERY_S, EVERY_S, dtype=np.float32)
    rows, offsets = [], [0]
    for moment in times:
        inside = np.flatnonzero(out > moment)
        gone = np.maximum(0, moment - crowd_at_s) * speed_m_per_s
        rows.append((inside, start[inside] + (gone, 0.0), np.where(moment >= crowd_at_s, speed_m_per_s, 0.0)))
        offsets.append(offsets[-1] + len(inside))
    grid = lay_grid(HALL)
    peak = np.max([density_of(grid, xy[:, 0], xy[:, 1]) for _ids, xy, _speed in rows if len(xy)], axis=0)
    above = np.array([(peak > limit) * crowd_at_s for limit in (2, 3, 4, 5)], np.float32)
    return Run(
        crowd=crowd_at(start, profile=load_motion_profile()),
        out_s=out,
        exit=np.zeros(PEOPLE, np.int16),
        door_ids=("door",),
        crossings={
            "door": Crossings(times_s=np.sort(out), ids=np.argsort(out), side=np.ones(PEOPLE, np.int8))
        },
        waited_s=np.full(PEOPLE, crowd_at_s, np.float32),
        walked_m=way.astype(np.float32),
        end_xy=start,
        end_sheet=np.zeros(PEOPLE, np.int16),
        frames=Frames(
            times_s=times,
            offsets=np.array(offsets),
            ids=np.concatenate([ids for ids, _xy, _speed in rows]).astype(np.int32),
            xy=np.concatenate([xy - (5, 5) for _ids, xy, _speed in rows]).astype(np.float32),
            sheet=np.zeros(offsets[-1], np.uint8),
            speed=np.concatenate([np.full(len(ids), speed) for ids, _xy, speed in rows]).astype(np.float32),
            origin=(5.0, 5.0),
            every_s=EVERY_S,
        ),
        densities=(
            DensityGrid(
                origin=(0.0, 0.0),
                cell_m=1.0,
                area_m2=grid.open_share.astype(np.float32),
                peak=peak.astype(np.float32),
                peak_at_s=np.zeros_like(peak, dtype=np.float32),
                seconds_above=above,
            ),
        ),
        inside=np.array([PEOPLE], np.int32),
        stuck=np.zeros(0, np.int32),
        is_gridlock=False,
        steps=1,
        agent_steps=PEOPLE,
        ended_s=float(out.max()),
        dt_s=0.05,
        cpu_s=0.1,
        profile_id="hamkor-2026",
        seed=7,
    )


@pytest.fixture(scope="module")
def run() -> Run:
    return walked(crowd_at_s=20.0)


@pytest.fixture(scope="module")
def outcome(run: Run) -> Outcome:
    found = outcome_of(LAYOUT, FLOORS, run, scenario=SCENARIO)
    return judge(found, layout=LAYOUT, names=SHOWN.names)


def test_everybody_who_went_is_counted_in_the_hall_at_the_door_and_outside(outcome: Outcome) -> None:
    hall, door = outcome.places["hall"], outcome.links["door"]
    assert hall.people.values[0] == PEOPLE == hall.most_people.middle
    assert hall.people.values[-1] == 0
    assert sum(door.flow_per_min.values) == PEOPLE == door.passed.middle
    assert outcome.arrived.values[-1] == PEOPLE
    assert outcome.clearance_s["0.5"].middle < outcome.clearance_s["1.0"].middle == pytest.approx(38.5)
    assert outcome.left == 0


def test_who_stands_in_front_of_the_door_waits_there(outcome: Outcome) -> None:
    door = outcome.links["door"]
    assert 0 < door.longest_queue.middle <= PEOPLE
    assert door.longest_wait_s.middle == pytest.approx(20, abs=EVERY_S + 0.01)


def test_a_dense_hall_fails_the_plan_and_nothing_ever_clears_it(outcome: Outcome) -> None:
    said = [message.in_english() for message in outcome.fails]
    assert any("above 4 for 20 s" in text for text in said)
    assert any("60 people at once, it may hold 50" in text for text in said)
    assert NEVER_CLEARS in outcome.assumptions
    assert judge(outcome, layout=LAYOUT, names=SHOWN.names) == outcome


def test_who_does_not_arrive_fails_the_plan(outcome: Outcome) -> None:
    late = judge(msgspec.structs.replace(outcome, left=7.0), layout=LAYOUT, names={})
    assert any("7 of 60 people had not arrived" in fail.in_english() for fail in late.fails)


def test_a_run_that_is_rare_and_dense_is_not_cleared_by_silence(outcome: Outcome) -> None:
    calm = msgspec.structs.replace(
        outcome,
        places={"hall": msgspec.structs.replace(outcome.places["hall"], seconds_above={"4": 9.0})},
        fails=(),
    )
    said = [fail.in_english() for fail in judge(calm, layout=LAYOUT, names={}).fails]
    assert not any("above 4" in text for text in said)
    assert NEVER_CLEARS in judge(calm, layout=LAYOUT, names={}).assumptions


def test_several_seeds_become_a_band() -> None:
    runs = [
        outcome_of(LAYOUT, FLOORS, walked(crowd_at_s=wait), scenario=SCENARIO) for wait in (10.0, 20.0, 40.0)
    ]
    merged = merge(runs)
    band = merged.clearance_s["1.0"]
    assert band.low < band.middle == runs[1].clearance_s["1.0"].middle < band.high
    assert len(merged.arrived.low) == len(merged.arrived.values) == len(merged.arrived.times_s)
    assert all(
        low <= value <= high
        for low, value, high in zip(
            merged.arrived.low, merged.arrived.values, merged.arrived.high, strict=True
        )
    )
    assert merge(runs[:1]) == runs[0]


def test_people_start_as_the_departures_of_the_plan_say() -> None:
    starts = starting_times(((0.0, 0.0), (600.0, 100.0), (900.0, 400.0)), 400, seed=3)
    assert (starts <= 600).sum() == 100
    assert starts.max() < 900
    assert starts.min() > 0
    assert (starts == starting_times(((0.0, 0.0), (600.0, 100.0), (900.0, 400.0)), 400, seed=3)).all()
    assert starting_times((), 5, seed=1) is None


def test_scenarios_side_by_side_show_the_difference(outcome: Outcome) -> None:
    slower = judge(
        outcome_of(LAYOUT, FLOORS, walked(crowd_at_s=190.0), scenario=SCENARIO), layout=LAYOUT, names={}
    )
    compared = compare([outcome, slower], link_names=dict(SHOWN.names))
    everybody = next(row for row in compared.rows if row.says.in_english() == "All arrived after")
    assert everybody.differences == (None, pytest.approx(170))
    assert SHOWN.difference(everybody.differences[1]) == "+170 s"
    assert [row.link for row in compared.rows if row.link] == ["door"]
    assert picture_of(comparison_chart(compared, SHOWN), "png").startswith(b"\x89PNG")


def test_every_chart_is_the_same_picture_every_time(outcome: Outcome, run: Run) -> None:
    for make in (
        lambda: clearance_chart([outcome], SHOWN),
        lambda: queue_chart(outcome, SHOWN),
        lambda: occupancy_chart(outcome, SHOWN),
        lambda: density_map(outcome, LAYOUT, SHOWN, floors=FLOORS, run=run),
        lambda: density_map(outcome, LAYOUT, SHOWN),
    ):
        figure = make()
        assert figure is not None
        first = picture_of(figure, "svg")
        again = make()
        assert again is not None
        assert first == picture_of(again, "svg")
        assert b"<svg" in first


def test_a_venue_without_a_drawing_has_no_map_and_no_film(outcome: Outcome) -> None:
    plain = msgspec.structs.replace(LAYOUT, places={"hall": Place(id="hall", people=PEOPLE)})
    assert density_map(outcome, plain, SHOWN) is None
    assert film_of(outcome, plain, SHOWN) is None
    assert "Hall" in replay_page(outcome, plain, SHOWN)


def test_colours_change_exactly_at_the_levels() -> None:
    steps = np.array(density_steps())
    assert list(colour_index(steps)) == [1, 2, 3, 4, 5, 6]
    assert list(colour_index(steps - 1e-6)) == [0, 1, 2, 3, 4, 5]


def unpacked(packed: dict[str, str], name: str, kind: str) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(packed[name])), kind)


def test_everybodys_way_is_in_the_page_to_a_decimetre(run: Run) -> None:
    packed = pack_people(FLOORS, run)
    lengths = unpacked(packed, "length", "<u2").astype(int)
    steps = np.column_stack([unpacked(packed, "dx", "i1"), unpacked(packed, "dy", "i1")]).astype(int)
    begins = np.column_stack([unpacked(packed, "x0", "<i2"), unpacked(packed, "y0", "<i2")]).astype(int)
    assert len(lengths) == PEOPLE
    assert run.frames is not None
    assert lengths.sum() == len(run.frames.ids)
    person = 17
    taken = slice(int((lengths[:person] - 1).sum()), int((lengths[: person + 1] - 1).sum()))
    way = np.vstack([begins[person], begins[person] + np.cumsum(steps[taken], axis=0)]) * packed["unit"]
    mine = run.frames.ids == person
    assert np.abs(way - (run.frames.xy[mine] + run.frames.origin)).max() <= 0.051


def test_a_way_that_leaps_begins_anew(run: Run) -> None:
    assert run.frames is not None
    xy = run.frames.xy.copy()
    last = np.flatnonzero(run.frames.ids == 3)[-1]
    xy[last] += (40.0, 0.0)
    frames = Frames(**{**vars(run.frames), "xy": xy})
    packed = pack_people(FLOORS, Run(**{**vars(run), "frames": frames}))
    assert len(unpacked(packed, "length", "<u2")) == PEOPLE + 1


def test_a_page_that_would_grow_too_large_shows_fewer_moments(run: Run) -> None:
    whole = pack_people(FLOORS, run)
    small = pack_people(FLOORS, run, most_bytes=sum(len(whole[name]) for name in ("dx", "dy", "x0", "y0")))
    assert small["step_s"] >= 2 * whole["step_s"]


def test_the_page_holds_everything_and_asks_nobody(outcome: Outcome, run: Run) -> None:
    page = replay_page(outcome, LAYOUT, SHOWN, title="A </script> evening", floors=FLOORS, run=run)
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href)=|https?://(?!www\.w3\.org)|\bfetch\(|import\(", page)
    assert page.count("</script>") == 2
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])  # type: ignore[index]  # it is there
    assert data["title"] == "A </script> evening"
    assert data["begins_s"] == 22 * 3600
    assert [place["name"] for place in data["places"]] == ["Hall <b>", "yard"]
    assert data["places"][0]["people"][0] == PEOPLE
    assert data["bounds"] == [-3.0, -3.0, 23.0, 13.0]
    assert data["caution"] == NEVER_CLEARS.in_english()
    assert len(data["steps"]) + 1 == len(data["colours"]["dots"]) == len(data["colours"]["dark"])


@pytest.mark.parametrize("is_walked", [True, False])
def test_a_film_can_be_played(outcome: Outcome, run: Run, is_walked: bool) -> None:
    floors, walk = (FLOORS, run) if is_walked else (None, None)
    told: list[float] = []
    gif = film_of(outcome, LAYOUT, SHOWN, form="gif", floors=floors, run=walk, on_progress=told.append)
    assert gif is not None
    with Image.open(io.BytesIO(gif)) as image:
        assert image.n_frames > 5
        assert image.size == (720, 405)
    assert told[-1] == 1.0


def test_a_film_is_one_browsers_play(outcome: Outcome, run: Run) -> None:
    film = film_of(outcome, LAYOUT, SHOWN, form="mp4", floors=FLOORS, run=run)
    assert film is not None
    with av.open(io.BytesIO(film)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name in {"vp9", "libvpx-vp9"}
        pictures = [picture.to_ndarray(format="rgb24") for picture in container.decode(stream)]
    assert pictures[0].shape == (720, 1280, 3)
    people = [(picture[100:600, 200:] < 120).any(axis=2).sum() for picture in (pictures[0], pictures[-1])]
    assert people[0] > people[1]


def test_tables_hold_what_the_outcome_says(outcome: Outcome) -> None:
    content = json.loads(result_json([outcome], SHOWN, sign_off="Signed"))
    assert content["sign_off"] == "Signed"
    assert content["people"] == PEOPLE
    assert content["scenario"]["seed"] == 7
    assert content["fails"] == [message.in_english() for message in outcome.fails]
    assert arrived_csv(outcome, SHOWN).splitlines()[1].startswith("0,22:00,0,")
    assert places_csv(outcome, SHOWN).splitlines()[1].startswith("hall,Hall <b>,60,60,60,")
    assert links_csv(outcome, SHOWN).splitlines()[1].startswith("door,Door,60,60,60,")
    both = json.loads(result_json([outcome, outcome], SHOWN, sign_off="Signed"))
    assert len(both["scenarios"]) == 2


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (62, "1:02"), (3599.6, "1:00:00"), (5025, "1:23:45")]
)
def test_times_in_tables(seconds: float, text: str) -> None:
    assert SHOWN.span(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(119, "119 s"), (150, "2 min 30 s"), (7200, "2 h 0 min"), (9000, "2 h 30 min")]
)
def test_times_in_sentences(seconds: float, text: str) -> None:
    assert SHOWN.duration(seconds) == text


def test_who_waits_longest_is_told_by_where_they_started(run: Run) -> None:
    start = Run(**{**vars(run), "crowd": replace(run.crowd, places=("hall",))})
    found = outcome_of(LAYOUT, FLOORS, start, scenario=SCENARIO)
    assert found.waited_s["hall"].middle == 20.0
    assert found.hottest[-1].id == "hall"


USUAL = {"adult": 0.85, "child": 0.08, "elderly": 0.06, "wheelchair": 0.01}


def test_the_crowd_is_as_mixed_as_the_plan_says() -> None:
    plan = Attendance(
        expected=1000, composition=Composition(children_share=0.3, wheelchair_users=5, elderly_share=None)
    )
    shares = composition_of(plan, USUAL)
    assert shares == pytest.approx({"child": 0.3, "elderly": 0.06, "wheelchair": 0.005, "adult": 0.635})
    assert composition_of(None, USUAL) == USUAL
    impossible = Attendance(expected=10, composition=Composition(children_share=0.9, elderly_share=0.9))
    assert composition_of(impossible, USUAL) == USUAL


@pytest.mark.parametrize(("surface", "is_carried"), [("stairs", True), ("ramp", False), ("level", False)])
def test_who_cannot_use_stairs_is_carried_only_where_nothing_else_leads_out(
    run: Run, surface: Any, is_carried: bool
) -> None:
    crowd = replace(run.crowd, places=("hall",), uses_stairs=np.arange(PEOPLE) != 4)
    links = {"door": msgspec.structs.replace(LAYOUT.links["door"], surface=surface)}
    told = carry(crowd, msgspec.structs.replace(LAYOUT, links=links), SHOWN.names)
    assert bool(told) == is_carried == crowd.uses_stairs.all()
    assert [message.facts["people"] for message in told] == [1] * is_carried

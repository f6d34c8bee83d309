# SPDX-License-Identifier: Apache-2.0
"""Cases, verdicts and the report; recorded ways against what is published of them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import box

from hamkor.crowd.rules.inputs import InputError
from hamkor.simulation.validation import grounds, venues
from hamkor.simulation.validation.cases import (
    Finding,
    Measure,
    Plot,
    Result,
    Series,
    judge,
    numbers,
    profile,
    registered,
)
from hamkor.simulation.validation.families.real import CORRIDOR_EXIT, ENTRANCE_LINE, recorded_corridors
from hamkor.simulation.validation.measuring import (
    density_and_speed,
    first_passages_s,
    flow_of,
    people_outside,
)
from hamkor.simulation.validation.recorded import (
    SINGLE_FILES,
    read_bottleneck,
    read_corner,
    read_corridor,
    read_single_file,
)
from hamkor.simulation.validation.report import Conditions, write_report
from hamkor.simulation.validation.running import choose_cases, run_cases


def test_every_case_is_run_or_says_who_answers_it_or_why_not() -> None:
    for name, text in profile().cases.items():
        answers = [bool(text.same_as), bool(text.not_applicable), name in registered()]
        assert answers.count(True) == 1, name
        assert text.group in profile().groups, name
        assert text.source, name
        if text.same_as:
            assert text.same_as in registered(), name
        elif not text.not_applicable:
            assert text.setup, name
            assert text.rule, name
    assert set(registered()) <= set(profile().cases)


def test_recorded_corridors_have_the_densities_and_speeds_known_of_them() -> None:
    known = [(0.58, 1.35), (1.14, 1.18), (1.62, 0.99), (2.10, 0.61), (3.00, 0.29)]
    np.testing.assert_allclose(recorded_corridors(), known, atol=0.01)


@pytest.mark.parametrize(
    ("run", "flow_per_s"), [("uo-180-180-070", 1.597), ("uo-180-180-120", 2.290), ("uo-180-180-180", 2.669)]
)
def test_recorded_exits_pass_the_flow_known_of_them(run: str, flow_per_s: float) -> None:
    passages = first_passages_s(read_corridor(run), CORRIDOR_EXIT)
    assert flow_of(passages) == pytest.approx(flow_per_s, abs=0.002)


def test_recorded_entrance_passes_75_people() -> None:
    passages = first_passages_s(read_bottleneck("040_c_56_h-"), ENTRANCE_LINE)
    assert len(passages) == 75
    assert 75 / (passages[-1] - passages[0]) == pytest.approx(1.16, abs=0.005)


def test_recorded_single_files_fill_one_oval() -> None:
    """34 and 56 people walk the same track: people over density is its length, within the noise of a section."""
    lengths = []
    for name, people, west in zip(SINGLE_FILES, (34, 56), (-2.0, -1.0), strict=True):
        section = box(west, -0.5, west + 3, 0.5)
        lengths.append(people / density_and_speed(read_single_file(name), section)[0])
    assert lengths[0] == pytest.approx(lengths[1], rel=0.1)


def test_recorded_corner_keeps_to_its_ground() -> None:
    assert people_outside(read_corner(), box(-3, -3, 0, 5).union(box(-3, -3, 5, 0))) == 0


def test_a_verdict_follows_the_bars() -> None:
    passed = judge("rimea-1", Finding(measured={"walking_time_s": 30.0, "beside": 1.0}))
    assert passed.verdict == "passed"
    assert [measure.has_bar for measure in passed.measures] == [True, False]
    failed = judge("rimea-1", Finding(measured={"walking_time_s": 40.0}))
    assert failed.verdict == "failed"
    assert "walking_time_s" in failed.reason
    assert judge("rimea-1", Finding(measured={"walking_time_s": math.nan})).verdict == "failed"
    assert judge("imo-4", Finding(measured={"flow_per_s": 2.0})).reason == profile().cases["imo-4"].if_failed


def test_what_a_bar_names_must_be_measured() -> None:
    with pytest.raises(ValueError, match="rimea-1 did not measure walking_time_s"):
        judge("rimea-1", Finding(measured={"other": 1.0}))
    with pytest.raises(InputError):
        judge("rimea-99", Finding(measured={}))
    with pytest.raises(InputError):
        numbers("rimea-99")


def test_bars_may_be_open_to_one_side() -> None:
    assert Measure(name="a", value=5.0, low=1.0).passes
    assert not Measure(name="a", value=0.5, low=1.0).passes
    assert Measure(name="a", value=0.5, high=1.0).passes
    assert Measure(name="a", value=math.nan).passes
    assert not Measure(name="a", value=math.nan, high=1.0).passes


def test_cases_are_chosen_by_group_or_beginning() -> None:
    assert choose_cases("hermes") == ("hermes-070", "hermes-095", "hermes-120", "hermes-180")
    assert set(choose_cases("imo")) == {f"imo-{number}" for number in range(1, 12)}
    assert choose_cases("nothing") == ()
    assert len(choose_cases()) == len(profile().cases)


def test_a_case_that_answers_another_is_run_once() -> None:
    told: list[Result] = []
    found = run_cases(("rimea-16", "imo-1", "iso-2"), on_case=told.append)
    assert [result.id for result in found] == ["rimea-16", "imo-1", "iso-2"]
    assert found[0].verdict == "not applicable"
    assert found[1].measures == found[2].measures
    assert found[2].note == "Answered by imo-1."
    assert told == found


def test_the_report_has_a_row_and_a_section_for_each_case(tmp_path: Path) -> None:
    line = Series(label="a", x=(0.0, 1.0), y=(0.0, 2.0))
    plot = Plot(title="Two", x="x, m", y="y, m", series=(line,))
    results = [
        judge("rimea-1", Finding(measured={"walking_time_s": 29.9}, plot=plot)),
        judge("imo-4", Finding(measured={"flow_per_s": 2.0})),
    ]
    (tmp_path / "old.png").write_bytes(b"")
    page = write_report(results, tmp_path, conditions=Conditions(facts={"seed": "1"}))
    text = page.read_text(encoding="utf-8")
    assert "**1 passed, 1 failed, 0 not applicable.**" in text
    assert "| [rimea-1](#rimea-1) |" in text
    assert "**failed**" in text
    assert profile().cases["imo-4"].if_failed.strip() in text
    assert "26 to 34" in text
    assert "≤ 1.33" in text
    assert "![Two](rimea-1.png)" in text
    assert [path.name for path in tmp_path.glob("*.png")] == ["rimea-1.png"]
    first = (tmp_path / "rimea-1.png").read_bytes()
    assert len(first) < 60_000
    write_report(results, tmp_path, conditions=Conditions(facts={"seed": "1"}))
    assert (tmp_path / "rimea-1.png").read_bytes() == first


def test_lattices_have_the_density_asked_for() -> None:
    for per_m2 in (0.5, 1.0, 2.0, 3.5, 6.0):
        places = grounds.stand_in_lattice(box(0, 0, 40, 5), per_m2, seed=1)
        assert len(places) / 200 == pytest.approx(per_m2, rel=0.06)


@pytest.mark.parametrize(
    "venue", [venues.hall, venues.street, venues.field, venues.concourse, venues.stadium]
)
def test_a_venue_is_the_same_as_floors_and_as_layout(venue: venues.VenueMaker) -> None:
    drawn = venue()
    floors = venues.floors_of(drawn)
    layout = venues.layout_of(drawn, venues.Rates(exit_per_m_s=1.4, opening_per_m_s=1.4, stairs_per_m_s=0.9))
    assert {door.id for door in floors.doors if door.leads_out} == set(layout.exits)
    assert layout.people == len(venues.people_of(drawn))
    assert all(sheet.walkable.geom_type == "Polygon" and sheet.walkable.is_valid for sheet in floors.sheets)
    assert drawn.shuts in layout.links
    ground = sum(area.ground.area for area in drawn.areas.values())
    assert sum(sheet.walkable.area for sheet in floors.sheets) == pytest.approx(ground, rel=0.07)


def test_turned_grounds_keep_their_sizes() -> None:
    floors = grounds.room_with_exits(10, 8, {"door": ("east", 3, 1.2)})
    turned = grounds.turned(floors, 37)
    assert turned.sheets[0].walkable.area == pytest.approx(80)
    assert math.dist(*turned.doors[0].line) == pytest.approx(1.2)
    fine = grounds.with_vertices(floors, 10)
    assert len(fine.sheets[0].walkable.exterior.coords) == 41
    assert fine.sheets[0].walkable.equals(floors.sheets[0].walkable)

# SPDX-License-Identifier: Apache-2.0
"""The example of a well-prepared event: whole, readable, and without anything that must be mended."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from hamkor.checks.queries import check_plan
from hamkor.folder.queries import read_folder
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.venues.rules.features import (
    AssemblyArea,
    Device,
    Opening,
    PostPlace,
    Route,
    Shelter,
    Structure,
    Turnstiles,
)

FOLDER = Path(__file__).parents[1] / "examples" / "navruz-2027"
EXPECTED_PEOPLE = 34_000
GATES = 16
MOST_AMBERS = 5
LARGEST_DRAWING_BYTES = 400_000
LEAST_CONTINGENCIES = 10


@cache
def _plan() -> Plan:
    return read_folder(FOLDER)


def test_every_part_is_there() -> None:
    """A complete plan leaves no part unknown; only rivals are absent, and that is said."""
    plan = _plan()
    assert plan.event.extent == "complete"
    missing = [part.name for part in PARTS if getattr(plan, part.name) is None]
    assert not missing
    assert plan.venue is not None
    assert [part.name for part in PARTS if getattr(plan, part.name) == ()] == ["segregation"]


def test_nothing_red_and_few_ambers() -> None:
    """A well-prepared event passes: a red finding here is a fault of the plan or of the rule."""
    findings = check_plan(_plan()).findings
    red = [(item.rule, item.message.in_english()) for item in findings if item.severity == "red"]
    amber = [(item.rule, item.message.in_english()) for item in findings if item.severity == "amber"]
    assert red == []
    assert len(amber) <= MOST_AMBERS, amber


def test_people_have_places_and_ways() -> None:
    """The places add up to the expected number, and the drawing holds what the plan speaks of."""
    plan = _plan()
    assert plan.attendance is not None
    assert plan.attendance.by_area is not None
    assert plan.venue is not None
    assert sum(row.people for row in plan.attendance.by_area if isinstance(row.people, (int, float))) == (
        EXPECTED_PEOPLE
    )
    kinds = [type(feature.properties) for feature in plan.venue.features]
    for kind in (AssemblyArea, Device, PostPlace, Route, Shelter, Structure, Turnstiles):
        assert kind in kinds
    gates = [item for item in plan.venue.features if item.id.startswith("gate-")]
    assert len(gates) == GATES
    assert all(isinstance(item.properties, Opening) for item in gates)


def test_nobody_is_named() -> None:
    """The example is public: positions only."""
    people = _plan().people or ()
    assert people
    assert all(person.name is None and person.phone is None for person in people)
    assert all(person.position is not None for person in people)


def test_what_goes_wrong_is_thought_through() -> None:
    """Every algorithm has a sign, somebody who decides and steps; every stop authority was drilled."""
    plan = _plan()
    assert len(plan.contingencies or ()) >= LEAST_CONTINGENCIES
    assert all(item.trigger and item.decides and item.steps for item in plan.contingencies or ())
    assert all(item.drilled_date and item.deputy for item in plan.stop or ())


def test_texts_are_written_with_the_right_letters() -> None:
    """Uzbek o and g with a turned comma (U+02BB), and no ASCII apostrophe anywhere."""
    for path in FOLDER.iterdir():
        if path.suffix in {".yaml", ".geojson"}:
            assert "'" not in path.read_text(encoding="utf-8"), path.name


def test_the_drawing_stays_small() -> None:
    """It is read by people and compared in version control."""
    path = FOLDER / "venue.geojson"
    assert path.stat().st_size < LARGEST_DRAWING_BYTES
    assert "illustrative" in json.loads(path.read_text(encoding="utf-8"))["name"]

# SPDX-License-Identifier: Apache-2.0
"""Units of the plan: every post and vehicle that can be sent comes into the list once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from hamkor.agencies.rules import Grant, Viewer
from hamkor.common.errors import HamkorError
from hamkor.common.ids import new_id
from hamkor.folder.queries import read_folder
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import record_plan
from hamkor.units.commands import register_planned_units
from hamkor.units.facts import UNIT
from hamkor.units.rules.proposing import count_planned_units, planned_units

NAVRUZ = Path(__file__).parents[4] / "examples" / "navruz-2027"
STREAM = "00000000-0000-7000-8000-000000000001"
AT = datetime(2027, 3, 21, 10, tzinfo=UTC)


def viewer_of(role: str, agency: str) -> Viewer:
    return Viewer(person=f"person:{uuid4()}", agency=agency, grants=(Grant(role=role, agency=agency),))


def sent(viewer: Viewer, seconds: int = 0) -> Envelope:
    at = AT + timedelta(seconds=seconds)
    return Envelope(stream=STREAM, command_id=new_id(at), at=at, by=viewer.person, agency=viewer.agency)


@pytest.fixture
def store() -> MemoryStore:
    made, planner = MemoryStore(), viewer_of("coordinator", "iib")
    record_plan(made, sent(planner), plan=read_folder(NAVRUZ))
    return made


def test_the_plan_of_a_stadium_gives_teams_and_vehicles(store: MemoryStore) -> None:
    units = planned_units(get_documents(store, STREAM))
    assert {"iib", "mg", "tty", "fvv"} <= {unit.agency for unit in units}
    assert {"foot", "vehicle"} == {unit.travels for unit in units}
    assert len({unit.call_sign for unit in units}) == len(units)
    assert all(unit.size > 0 and unit.capabilities for unit in units)


def test_each_agency_takes_its_own_and_nothing_comes_twice(store: MemoryStore) -> None:
    liaison, operator = viewer_of("liaison", "tty"), viewer_of("operator", "iib")
    register_planned_units(store, sent(liaison, 1), viewer=liaison)
    own = get_documents(store, STREAM).all(UNIT)
    assert {unit.agency for unit in own} == {"tty"}
    register_planned_units(store, sent(operator, 2), viewer=operator)
    assert planned_units(get_documents(store, STREAM)) == ()
    with pytest.raises(HamkorError) as refused:
        register_planned_units(store, sent(operator, 3), viewer=operator)
    assert refused.value.code == "units-none-planned"


def test_what_is_counted_is_what_is_taken_and_stays_when_it_was(store: MemoryStore) -> None:
    documents = get_documents(store, STREAM)
    units = planned_units(documents)
    found = count_planned_units(documents)
    assert found == {agency: sum(unit.agency == agency for unit in units) for agency in found}
    assert sum(found.values()) == len(units)
    operator = viewer_of("operator", "iib")
    register_planned_units(store, sent(operator, 1), viewer=operator)
    assert count_planned_units(get_documents(store, STREAM)) == found


def test_who_does_not_act_at_the_console_is_refused(store: MemoryStore) -> None:
    auditor = viewer_of("auditor", "hok")
    with pytest.raises(HamkorError) as refused:
        register_planned_units(store, sent(auditor, 1), viewer=auditor)
    assert refused.value.code == "not-allowed"

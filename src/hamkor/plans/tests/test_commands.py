# SPDX-License-Identifier: Apache-2.0
"""Recording a plan and reading it back: facts, fold, names apart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hamkor.common.errors import HamkorError
from hamkor.common.ids import new_id
from hamkor.folder.queries import read_folder
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents, list_entries
from hamkor.journal.rules import Envelope, fold, verify_lines
from hamkor.plans.commands import record_plan
from hamkor.plans.queries import get_plan, plan_of
from hamkor.plans.rules.personal import PersonalDetails, bring_together, set_apart
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Person

CASES = Path(__file__).parents[4] / "examples" / "cases"
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
FOLDERS = sorted(path for path in CASES.iterdir() if path.is_dir())


def envelope(stream: str) -> Envelope:
    return Envelope(stream=stream, command_id=new_id(NOW), at=NOW, by=f"person:{new_id(NOW)}", agency="org")


@pytest.fixture
def stream() -> str:
    return str(new_id(NOW))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_plan_comes_back_as_it_was(folder: Path, stream: str) -> None:
    plan, store = read_folder(folder), MemoryStore()
    result = record_plan(store, envelope(stream), plan=plan)
    _, details = set_apart(plan)
    assert get_plan(store, stream=stream, details=details) == plan
    assert fold(list_entries(store, stream)) == get_documents(store, stream)
    assert verify_lines(export_journal(store, stream)).hash == result.hash


def test_the_same_command_is_done_once(stream: str) -> None:
    plan, store, sent = read_folder(FOLDERS[0]), MemoryStore(), envelope(stream)
    first = record_plan(store, sent, plan=plan)
    assert record_plan(store, sent, plan=plan) == first


def test_a_journal_holds_one_event(stream: str) -> None:
    plan, store = read_folder(FOLDERS[0]), MemoryStore()
    first = record_plan(store, envelope(stream), plan=plan)
    with pytest.raises(HamkorError, match="event-already-recorded"):
        record_plan(store, envelope(stream), plan=plan)
    assert export_journal(store, stream).count(b"\n") == first.number + 1


def test_names_can_be_erased(stream: str) -> None:
    base = read_folder(FOLDERS[0])
    people = (
        Person(id="chief", agency="iib", name="Given name", phone="000"),
        Person(id="aide", agency="iib"),
    )
    plan = Plan(event=base.event, people=people)
    nameless, details = set_apart(plan)
    assert details == {"chief": PersonalDetails("Given name", "000")}
    assert all(person.name is None and person.phone is None for person in nameless.people or ())
    assert bring_together(nameless, details) == plan
    store = MemoryStore()
    record_plan(store, envelope(stream), plan=plan)
    assert get_plan(store, stream=stream) == nameless
    assert b"Given name" not in export_journal(store, stream)


def test_an_empty_part_stays_empty_and_an_unknown_one_unknown(stream: str) -> None:
    plan = Plan(event=read_folder(FOLDERS[0]).event, warnings=())
    store = MemoryStore()
    record_plan(store, envelope(stream), plan=plan)
    read = get_plan(store, stream=stream)
    assert read is not None
    assert read.warnings == ()
    assert read.duties is None


def test_no_event_no_plan(stream: str) -> None:
    assert plan_of(get_documents(MemoryStore(), stream), {}) is None

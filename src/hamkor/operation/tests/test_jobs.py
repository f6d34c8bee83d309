# SPDX-License-Identifier: Apache-2.0
"""Work: of the plan and beside it, who may, when it is due, what the watch marks, what is refused."""

from __future__ import annotations

import msgspec
import pytest

from hamkor.journal.memory import MemoryStore
from hamkor.operation.commands import (
    add_job,
    assign_job,
    finish_job,
    mark_due,
    mark_overdue,
    open_operation,
    plan_jobs,
    reopen_job,
    skip_job,
    start_job,
)
from hamkor.operation.rules.jobs import Job, next_due
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.planned import jobs_of, newly_due, newly_overdue, plan_change
from hamkor.operation.rules.system import SYSTEM_WATCH
from hamkor.operation.tests.builders import (
    AUDITOR,
    COORDINATOR,
    HOUR,
    MEDIC,
    MINUTE,
    NOW,
    NURSE,
    OPERATOR,
    POLICE,
    STRANGER,
    documents,
    done,
    envelope,
    job,
    local,
    refused,
    store_running,
    store_with_plan,
)
from hamkor.plans.commands import edit_plan
from hamkor.plans.rules.edits import AddItem, RemoveItem, SetFields

IN_AN_HOUR = NOW + HOUR


@pytest.fixture
def store() -> MemoryStore:
    return store_running()


def edited(store: MemoryStore, *edits: object) -> None:
    edit_plan(store, envelope(COORDINATOR), viewer=COORDINATOR, edits=list(edits), vault=None)
    done(store, plan_jobs, SYSTEM_WATCH)


def test_opening_makes_the_work_of_the_day() -> None:
    assert plan_change(documents(store_with_plan()))
    store = store_running()
    found = {found.id: found for found in jobs_of(documents(store), NOW)}
    assert set(found) == {"task:sweep", "task:open", "task:crews", "duty:watch", "duty:quarrel"}
    assert not plan_change(documents(store))
    sweep, watch = found["task:sweep"], found["duty:watch"]
    assert (sweep.starts_at, sweep.due_at) == (NOW + HOUR, NOW + 2 * HOUR)
    assert (watch.starts_at, watch.due_at) == (NOW + 6 * HOUR - 15 * MINUTE, NOW + 6 * HOUR)
    assert found["task:open"].waits_for == ("task:sweep",)
    assert (found["duty:quarrel"].agency, found["duty:quarrel"].critical) == (None, True)
    assert found["task:crews"].starts_at == NOW + 5 * HOUR - 15 * MINUTE


def test_work_becomes_due_and_overdue_by_the_clock(store: MemoryStore) -> None:
    def state(minutes: int) -> tuple[str, object]:
        found = next(
            each for each in jobs_of(documents(store), NOW + minutes * MINUTE) if each.id == "task:sweep"
        )
        return found.state, found.overdue_since

    assert state(59) == ("waiting", None)
    assert state(60) == ("due", None)
    assert state(120) == ("due", None)
    assert state(121) == ("due", NOW + 2 * HOUR)
    assert next_due(jobs_of(documents(store), NOW), NOW).id == "task:sweep"
    assert next_due(jobs_of(documents(store), NOW), NOW + 99 * HOUR) is None


def test_work_becomes_due_when_what_it_waits_for_is_done(store: MemoryStore) -> None:
    assert newly_due(documents(store), NOW + 50 * HOUR) == ("task:sweep", "task:crews", "duty:watch")
    done(store, finish_job, OPERATOR, job_id="task:sweep")
    assert newly_due(documents(store), NOW) == ("task:open",)


def test_what_had_passed_before_the_opening_is_due_and_not_overdue() -> None:
    store = store_with_plan()
    done(store, open_operation, COORDINATOR, mode="real", after=3 * HOUR)
    found = next(each for each in jobs_of(documents(store), NOW + 4 * HOUR) if each.id == "task:sweep")
    assert (found.state, found.overdue_since) == ("due", None)
    assert newly_overdue(documents(store), NOW + 4 * HOUR) == ()


def test_a_duty_that_is_held_is_not_overdue(store: MemoryStore) -> None:
    late = NOW + 7 * HOUR
    assert "duty:watch" in newly_overdue(documents(store), late)
    done(store, start_job, POLICE, job_id="duty:watch")
    assert "duty:watch" not in newly_overdue(documents(store), late)
    done(store, start_job, POLICE, job_id="task:sweep")
    assert "task:sweep" in newly_overdue(documents(store), late)


def test_the_watch_looks_again_and_marks_once(store: MemoryStore) -> None:
    done(store, mark_due, SYSTEM_WATCH, job_ids=["task:sweep", "task:none"])
    assert job(store, "task:sweep").state == "waiting"
    for _ in range(2):
        done(store, mark_due, SYSTEM_WATCH, job_ids=["task:sweep"], after=HOUR)
        done(store, mark_overdue, SYSTEM_WATCH, job_ids=["task:sweep"], after=3 * HOUR)
    assert job(store, "task:sweep").state == "due"
    assert job(store, "task:sweep").overdue_since == NOW + 2 * HOUR
    assert documents(store).number == documents(store_running()).number + 2


@pytest.mark.parametrize("who", [COORDINATOR, OPERATOR, STRANGER])
def test_people_do_not_watch(store: MemoryStore, who: object) -> None:
    for verb, keys in ((mark_due, {"job_ids": []}), (mark_overdue, {"job_ids": []}), (plan_jobs, {})):
        refused(store, "not-allowed", verb, who, **keys)


def test_the_watch_has_no_rights_of_people(store: MemoryStore) -> None:
    refused(store, "not-allowed", add_job, SYSTEM_WATCH, title="x")
    refused(store, "not-allowed", finish_job, SYSTEM_WATCH, job_id="task:sweep")


def test_a_changed_plan_moves_work_nobody_settled(store: MemoryStore) -> None:
    done(store, assign_job, OPERATOR, job_id="task:sweep", agency="mg", post="gate")
    done(store, mark_due, SYSTEM_WATCH, job_ids=["task:sweep"], after=HOUR)
    edited(
        store, SetFields(part="tasks", id="sweep", fields={"ends_at": "2027-03-21T12:00:00", "agency": "tty"})
    )
    moved = job(store, "task:sweep")
    assert (moved.due_at, moved.agency, moved.post, moved.state) == (NOW + 4 * HOUR, "mg", "gate", "waiting")
    done(store, finish_job, OPERATOR, job_id="task:sweep")
    edited(
        store,
        RemoveItem(part="tasks", id="crews"),
        SetFields(part="tasks", id="sweep", fields={"title": "New"}),
    )
    assert documents(store).get("job", "task:crews") is None
    assert job(store, "task:sweep").title == "Sweep the pen"


def test_work_is_begun_and_done_by_its_agency_and_by_operators(store: MemoryStore) -> None:
    done(store, start_job, POLICE, job_id="task:sweep", after=HOUR)
    done(store, start_job, OPERATOR, job_id="task:sweep", after=2 * HOUR)
    assert (job(store, "task:sweep").started_by, job(store, "task:sweep").started_at) == (
        "person:police",
        NOW + HOUR,
    )
    done(store, finish_job, OPERATOR, job_id="task:sweep", note=" Clean. ", after=2 * HOUR)
    done(store, finish_job, POLICE, job_id="task:sweep", note="Again.", after=3 * HOUR)
    found = job(store, "task:sweep")
    assert (found.state, found.done_by, found.note) == ("done", "person:operator", "Clean.")
    refused(store, "job-settled", start_job, OPERATOR, job_id="task:sweep")
    refused(store, "job-settled", skip_job, OPERATOR, job_id="task:sweep", reason="x")
    done(store, reopen_job, POLICE, job_id="task:sweep", reason="Glass.", after=4 * HOUR)
    found = job(store, "task:sweep")
    assert (found.state, found.done_at, found.started_at, found.reason) == ("due", None, None, "Glass.")
    refused(store, "job-open", reopen_job, POLICE, job_id="task:sweep", reason="x")
    done(store, skip_job, POLICE, job_id="task:sweep", reason="Rain.")
    refused(store, "job-settled", finish_job, POLICE, job_id="task:sweep")


def test_others_keep_their_hands_off(store: MemoryStore) -> None:
    for who, code in ((MEDIC, "not-your-agency"), (NURSE, "not-allowed"), (AUDITOR, "not-allowed")):
        refused(store, code, start_job, who, job_id="task:sweep")
        refused(store, code, finish_job, who, job_id="task:sweep")
        refused(store, code, skip_job, who, job_id="task:sweep", reason="x")
        refused(store, code, assign_job, who, job_id="task:sweep", agency="tty")
    refused(store, "not-your-agency", assign_job, POLICE, job_id="task:sweep", agency="tty")
    refused(store, "not-your-agency", start_job, POLICE, job_id="duty:quarrel")
    refused(store, "job-absent", start_job, OPERATOR, job_id="task:none")
    refused(store, "reason-missing", skip_job, OPERATOR, job_id="task:sweep", reason=" \u202e ")
    refused(store, "agency-does-nothing", assign_job, OPERATOR, job_id="task:sweep", agency="all")
    refused(store, "person-absent", assign_job, OPERATOR, job_id="task:sweep", agency="mg", person="x")
    refused(store, "post-absent", assign_job, OPERATOR, job_id="task:sweep", agency="mg", post="x")


def test_work_is_added_beside_the_plan(store: MemoryStore) -> None:
    free = job(store, done(store, add_job, POLICE, title={"en": " Fence ", "uz": " "}, agency="iib"))
    assert (free.title, free.source, free.state, free.agency) == ({"en": "Fence"}, "free", "due", "iib")
    later = job(
        store, done(store, add_job, OPERATOR, title="Fence", due_at=IN_AN_HOUR, place=Place(feature="pen"))
    )
    assert (later.state, later.starts_at, later.due_at) == ("waiting", IN_AN_HOUR - 15 * MINUTE, IN_AN_HOUR)
    assert newly_overdue(documents(store), IN_AN_HOUR + MINUTE) == (later.id,)
    refused(store, "text-empty", add_job, OPERATOR, title={"en": "  "})
    refused(store, "text-too-long", add_job, OPERATOR, title="x" * 301)
    refused(store, "due-naive", add_job, OPERATOR, title="x", due_at=local(9))
    refused(store, "place-absent", add_job, OPERATOR, title="x", place=Place(feature="none"))
    refused(store, "incident-absent", add_job, OPERATOR, title="x", incident="none")
    refused(store, "agency-does-nothing", add_job, OPERATOR, title="x", agency="pub")
    refused(store, "not-your-agency", add_job, POLICE, title="x", agency="tty")
    refused(store, "not-your-agency", add_job, POLICE, title="x")


def test_calm_work_waits_for_the_operation() -> None:
    store = store_with_plan()
    refused(store, "operation-not-open", add_job, OPERATOR, title="x")
    refused(store, "operation-not-open", start_job, OPERATOR, job_id="task:sweep")
    assert not done_anything(store)


def done_anything(store: MemoryStore) -> bool:
    number = documents(store).number
    done(store, plan_jobs, SYSTEM_WATCH)
    return documents(store).number != number


def test_a_plan_with_long_titles_fits_into_entries() -> None:
    store = store_with_plan()
    words = dict.fromkeys(("uz", "ru", "en"), "x" * 4000)
    adds = [
        AddItem(part="tasks", body={"id": f"t{number}", "title": words, "phase": "conduct"})
        for number in range(60)
    ]
    edit_plan(store, envelope(COORDINATOR), viewer=COORDINATOR, edits=adds, vault=None)
    done(store, open_operation, COORDINATOR, mode="real")
    assert len(documents(store).all("job")) == 65


def test_the_order_is_by_moment() -> None:
    listed = jobs_of(documents(store_running()), NOW)
    known = [found.due_at for found in listed if found.due_at is not None]
    assert known == sorted(known)
    assert all(isinstance(found, Job) and msgspec.json.encode(found) for found in listed)

# SPDX-License-Identifier: Apache-2.0
"""Contingencies: started by who decides, their steps become work, ended with a reason."""

from __future__ import annotations

import pytest

from hamkor.journal.memory import MemoryStore
from hamkor.operation.commands import end_contingency, finish_job, start_contingency, start_job
from hamkor.operation.rules.runs import ContingencyRun
from hamkor.operation.tests.builders import (
    AUDITOR,
    MEDIC,
    MINUTE,
    NOW,
    NURSE,
    OPERATOR,
    ORGANISER,
    POLICE,
    documents,
    done,
    job,
    refused,
    store_with_plan,
)


@pytest.fixture
def store() -> MemoryStore:
    """Returns an event whose operation was never opened: an emergency does not ask."""
    return store_with_plan()


def run_of(store: MemoryStore, run_id: str) -> ContingencyRun:
    found = documents(store).get("contingency_run", run_id)
    assert isinstance(found, ContingencyRun)
    return found


def test_steps_become_work_due_from_now(store: MemoryStore) -> None:
    run = run_of(store, done(store, start_contingency, POLICE, contingency_id="crush", cause="alarm-1"))
    assert (run.started_at, run.started_by, run.cause, run.is_running) == (
        NOW,
        "person:police",
        "alarm-1",
        True,
    )
    jobs = [job(store, each) for each in run.jobs]
    assert [found.title for found in jobs] == ["Music down", "Side exits open", "Tell 112"]
    assert [found.agency for found in jobs] == ["org", "mg", None]
    assert [found.due_at for found in jobs] == [NOW + MINUTE, NOW + 2.5 * MINUTE, None]
    assert {found.state for found in jobs} == {"due"}
    done(store, start_job, ORGANISER, job_id=jobs[0].id)
    done(store, finish_job, OPERATOR, job_id=jobs[1].id)


def test_ending_skips_what_nobody_began(store: MemoryStore) -> None:
    run_id = done(store, start_contingency, OPERATOR, contingency_id="crush")
    run = run_of(store, run_id)
    done(store, start_job, OPERATOR, job_id=run.jobs[0])
    refused(store, "reason-missing", end_contingency, OPERATOR, run_id=run_id, reason=" ")
    refused(store, "contingency-not-yours", end_contingency, MEDIC, run_id=run_id, reason="x")
    done(store, end_contingency, POLICE, run_id=run_id, reason="Below three.", after=MINUTE)
    assert [job(store, each).state for each in run.jobs] == ["started", "skipped", "skipped"]
    assert job(store, run.jobs[1]).reason == run_of(store, run_id).end_reason == "Below three."
    refused(store, "run-ended", end_contingency, POLICE, run_id=run_id, reason="x")
    done(store, start_contingency, POLICE, contingency_id="crush")


def test_who_does_not_decide_is_told_who_does(store: MemoryStore) -> None:
    refused(store, "contingency-not-yours", start_contingency, MEDIC, contingency_id="crush")
    refused(store, "contingency-not-yours", start_contingency, MEDIC, contingency_id="storm")
    for who in (NURSE, AUDITOR):
        refused(store, "not-allowed", start_contingency, who, contingency_id="crush")
        refused(store, "not-allowed", end_contingency, who, run_id="none", reason="x")
    done(store, start_contingency, OPERATOR, contingency_id="storm")


def test_what_is_not_there_or_under_way_is_refused(store: MemoryStore) -> None:
    refused(store, "contingency-absent", start_contingency, OPERATOR, contingency_id="none")
    refused(store, "incident-absent", start_contingency, OPERATOR, contingency_id="crush", incident="none")
    refused(store, "cause-malformed", start_contingency, OPERATOR, contingency_id="crush", cause="x" * 101)
    refused(store, "run-absent", end_contingency, OPERATOR, run_id="none", reason="x")
    done(store, start_contingency, OPERATOR, contingency_id="crush")
    refused(store, "contingency-running", start_contingency, POLICE, contingency_id="crush")

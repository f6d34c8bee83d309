# SPDX-License-Identifier: Apache-2.0
"""Posts: check-in, short, left, silent; what is not as planned; the plan as it is really staffed."""

from __future__ import annotations

import pytest

from hamkor.journal.memory import MemoryStore
from hamkor.operation.commands import check_in, hear_post, leave_post, mark_silent
from hamkor.operation.queries import list_deviations, list_jobs, list_posts, summarise_work
from hamkor.operation.rules.deviations import deviations, plan_as_staffed
from hamkor.operation.rules.posts import PostState, newly_silent, posts_of
from hamkor.operation.rules.system import SYSTEM_WATCH
from hamkor.operation.tests.builders import (
    AUDITOR,
    HOUR,
    MEDIC,
    MINUTE,
    NOW,
    NURSE,
    OPERATOR,
    PLAN,
    POLICE,
    STRANGER,
    documents,
    done,
    refused,
    store_running,
    store_with_plan,
)

HALF = 30 * MINUTE


@pytest.fixture
def store() -> MemoryStore:
    return store_running()


def state(store: MemoryStore, post: str = "aid") -> PostState:
    found = documents(store).get("post_state", post)
    assert isinstance(found, PostState)
    return found


def test_a_post_checks_in_by_what_the_plan_asks(store: MemoryStore) -> None:
    for who, present, manning in ((NURSE, 0, "unmanned"), (MEDIC, 2, "partly"), (OPERATOR, 3, "manned")):
        done(store, check_in, who, post_id="aid", present=present, people=("doctor",)[:present])
        assert (state(store).state, state(store).present, state(store).heard_at) == (manning, present, NOW)
    done(store, check_in, OPERATOR, post_id="gate", present=1)
    assert state(store, "gate").state == "manned"
    done(store, leave_post, NURSE, post_id="aid", reason="Water.")
    assert (state(store).state, state(store).present, state(store).people) == ("left", 0, ())


def test_what_cannot_be_is_refused(store: MemoryStore) -> None:
    for code, keys in (
        ("post-absent", {"post_id": "none", "present": 1}),
        ("present-impossible", {"post_id": "aid", "present": -1}),
        ("present-impossible", {"post_id": "aid", "present": 10**9}),
        ("people-too-many", {"post_id": "aid", "present": 1, "people": ("doctor", "chief")}),
        ("people-too-many", {"post_id": "aid", "present": 2, "people": ("doctor", "doctor")}),
        ("person-absent", {"post_id": "aid", "present": 1, "people": ("ghost",)}),
    ):
        refused(store, code, check_in, OPERATOR, **keys)
    refused(store, "not-your-agency", check_in, POLICE, post_id="aid", present=1)
    refused(store, "not-your-agency", check_in, NURSE, post_id="gate", present=1)
    refused(store, "not-your-agency", check_in, NURSE, post_id="free", present=1)
    for who in (AUDITOR, STRANGER):
        refused(store, "not-allowed", check_in, who, post_id="aid", present=1)
        refused(store, "not-allowed", leave_post, who, post_id="aid", reason="x")
        refused(store, "not-allowed", hear_post, who, post_id="aid")
    refused(store, "reason-missing", leave_post, NURSE, post_id="aid", reason="")
    refused(store_with_plan(), "operation-not-open", check_in, NURSE, post_id="aid", present=1)


def test_a_post_falls_silent_and_is_heard_again(store: MemoryStore) -> None:
    done(store, check_in, NURSE, post_id="aid", present=3)
    assert newly_silent(documents(store), NOW + HALF) == ()
    late = HALF + MINUTE
    assert newly_silent(documents(store), NOW + late) == ("aid",)
    done(store, mark_silent, SYSTEM_WATCH, post_ids=["aid"], after=HALF)
    assert state(store).silent_since is None
    done(store, mark_silent, SYSTEM_WATCH, post_ids=["aid", "none"], after=late)
    assert state(store).silent_since == NOW
    assert newly_silent(documents(store), NOW + 2 * late) == ()
    assert "post_silent" in {each.sort for each in deviations(documents(store), NOW + late)}
    done(store, hear_post, SYSTEM_WATCH, post_id="aid", after=late)
    assert (state(store).silent_since, state(store).heard_at) == (None, NOW + late)
    refused(store, "not-allowed", mark_silent, OPERATOR, post_ids=["aid"])


def test_an_unmanned_post_is_not_silent(store: MemoryStore) -> None:
    done(store, check_in, NURSE, post_id="aid", present=0)
    assert newly_silent(documents(store), NOW + 9 * HOUR) == ()


def test_lines_say_what_is_due_and_missing(store: MemoryStore) -> None:
    lines = {line.post.id: line for line in posts_of(documents(store), NOW + HOUR)}
    assert (lines["aid"].standing, lines["aid"].missing, lines["aid"].since) == ("unmanned", 3, NOW)
    assert (lines["gate"].standing, lines["gate"].is_due, lines["gate"].missing) == ("not_yet", False, 0)
    assert (lines["free"].standing, lines["free"].missing) == ("unmanned", 1)
    done(store, check_in, NURSE, post_id="aid", present=1, after=HOUR)
    line = posts_of(documents(store), NOW + 2 * HOUR)[0]
    assert (line.standing, line.missing, line.since) == ("short", 2, NOW + HOUR)
    assert posts_of(documents(store), NOW + 20 * HOUR)[0].standing == "over"


def test_deviations_begin_with_what_is_critical(store: MemoryStore) -> None:
    found = deviations(documents(store), NOW + 3 * HOUR)
    assert [(each.sort, each.subject) for each in found] == [
        ("post_unmanned", "aid"),
        ("post_unmanned", "free"),
        ("job_overdue", "task:sweep"),
    ]
    assert (found[0].planned, found[0].actual, found[0].agency) == (3, 0, "tty")
    done(store, check_in, NURSE, post_id="aid", present=3)
    done(store, leave_post, NURSE, post_id="aid", reason="Water.", after=HOUR)
    assert deviations(documents(store), NOW + 2 * HOUR)[0].sort == "post_left"


def test_the_plan_is_checked_as_it_is_staffed(store: MemoryStore) -> None:
    done(store, check_in, NURSE, post_id="aid", present=1)
    staffed = plan_as_staffed(PLAN, documents(store), NOW + HOUR)
    assert [post.confirmed for post in staffed.posts or ()] == [1.0, None, 0.0]
    assert plan_as_staffed(PLAN, documents(store), NOW + 90 * HOUR).posts != staffed.posts


def test_reads_ask_for_the_right_and_agree(store: MemoryStore) -> None:
    known = documents(store)
    assert list_jobs(OPERATOR, known, NOW)
    assert list_posts(OPERATOR, known, NOW)
    assert list_deviations(AUDITOR, known, NOW) == deviations(known, NOW)
    summary = summarise_work(OPERATOR, known, NOW + 3 * HOUR)
    assert summary.counts["jobs_overdue"] == 1
    assert summary.counts["posts_short"] == 2
    assert summary.jobs == ("task:sweep",)
    for read in (list_jobs, list_posts, list_deviations, summarise_work):
        with pytest.raises(Exception, match="not-allowed"):
            read(NURSE, known, NOW)

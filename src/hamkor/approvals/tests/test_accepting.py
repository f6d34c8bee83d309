# SPDX-License-Identifier: Apache-2.0
"""Findings that are accepted, by whom, and when that ends."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hamkor.approvals.commands import (
    withdraw_acceptance,
)
from hamkor.approvals.queries import list_judged_findings
from hamkor.approvals.tests.deeds import (
    AMBER,
    OTHER_RED,
    RED,
    accept,
    override,
    refused,
    state_of,
)
from hamkor.approvals.tests.rounds import (
    COMMISSION,
    COORDINATOR,
    Round,
    navruz,
    small,
)
from hamkor.checks.queries import check_plan


@pytest.fixture
def done() -> Round:
    return Round(small())


def test_an_accepted_finding_says_who_when_and_why(done: Round) -> None:
    result = accept(done, person="medic")
    item = next(i for i in list_judged_findings(check_plan(done.plan), done.documents) if i.key == AMBER)
    assert item.state == "accepted"
    assert item.acceptance is not None
    entry = result.entries[0]
    told = (item.acceptance.number, item.acceptance.by, item.acceptance.at, item.acceptance.reason)
    assert told == (entry.number, COORDINATOR.person, entry.at, "Known and watched.")
    assert item.acceptance.person == "medic"
    assert item.acceptance.head_number == entry.number - 1


def test_a_finding_is_accepted_once_and_can_be_opened_again(done: Round) -> None:
    accept(done)
    refused(done, "already-accepted", lambda: accept(done))
    values: dict[str, Any] = {"viewer": COORDINATOR, "key": AMBER}
    withdraw_acceptance(done.store, done.sent(COORDINATOR), **values, reason="No more.")
    assert state_of(done, AMBER) == ("open", None)
    sent = done.sent(COORDINATOR)
    refused(done, "not-accepted", lambda: withdraw_acceptance(done.store, sent, **values, reason="Again."))


def test_only_the_commission_takes_back_an_override(done: Round) -> None:
    override(done, RED)
    values: dict[str, Any] = {"key": RED, "reason": "No more."}
    sent = done.sent(COORDINATOR)
    refused(done, "not-allowed", lambda: withdraw_acceptance(done.store, sent, viewer=COORDINATOR, **values))
    withdraw_acceptance(done.store, done.sent(COMMISSION), viewer=COMMISSION, **values)
    assert state_of(done, RED) == ("open", None)


@pytest.mark.parametrize(
    ("code", "others"),
    [
        ("finding-gone", {"key": "ENT-001/opening/nowhere"}),
        ("finding-gone", {"key": ""}),
        ("reason-missing", {"reason": " \n\t"}),
        ("reason-too-long", {"reason": "x" * 4001}),
        ("reason-unreadable", {"reason": "a\ud800"}),
        ("person-unknown", {"person": "nobody"}),
    ],
)
def test_what_cannot_be_accepted(done: Round, code: str, others: dict[str, Any]) -> None:
    refused(done, code, lambda: accept(done, **others))


def test_an_override_needs_a_reason_and_red_findings(done: Round) -> None:
    refused(done, "reason-missing", lambda: override(done, RED, reason=" "))
    refused(done, "keys-missing", lambda: override(done))
    refused(done, "finding-not-red", lambda: override(done, RED, AMBER))
    refused(done, "finding-gone", lambda: override(done, RED, "x"))
    override(done, RED)
    refused(done, "already-accepted", lambda: override(done, RED, OTHER_RED))


def scale_queues(done: Round, factor: float) -> None:
    """Sends more or fewer people to every bank of turnstiles."""
    for feature in done.documents.all("feature"):
        people = getattr(feature.properties, "assigned_people", None)
        if people is not None:
            bank = msgspec.structs.replace(feature.properties, assigned_people=round(people * factor))
            done.edit("feature", feature.id, properties=bank)


def test_an_acceptance_lapses_with_worse_figures_and_ends_with_the_next_version() -> None:
    done = Round(navruz())
    key = "ENT-007/event/navruz-2027"
    accept(done, key=key)
    done.put()
    assert state_of(done, key) == ("accepted", None)
    scale_queues(done, 0.99)
    assert state_of(done, key) == ("accepted", None)
    scale_queues(done, 1.05)
    assert state_of(done, key) == ("lapsed", "figures")
    done.put()
    assert state_of(done, key) == ("open", None)
    accept(done, key=key)
    assert state_of(done, key) == ("accepted", None)

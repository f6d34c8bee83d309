# SPDX-License-Identifier: Apache-2.0
"""Hand-over: prepared by one, confirmed or refused by another."""

from __future__ import annotations

import pytest

from hamkor.journal.memory import MemoryStore
from hamkor.operation.commands import confirm_handover, prepare_handover, refuse_handover
from hamkor.operation.queries import list_handovers, summarise_work
from hamkor.operation.rules.handovers import Handover, HandoverSummary
from hamkor.operation.tests.builders import (
    AUDITOR,
    COORDINATOR,
    HOUR,
    MEDIC,
    NOW,
    NURSE,
    OPERATOR,
    POLICE,
    SECOND,
    documents,
    done,
    refused,
    store_running,
    viewer,
)

COLLEAGUE = viewer("colleague", "liaison", "iib")


@pytest.fixture
def store() -> MemoryStore:
    return store_running()


def shift(store: MemoryStore, handover_id: str) -> Handover:
    found = documents(store).get("handover", handover_id)
    assert isinstance(found, Handover)
    return found


def test_a_shift_is_prepared_and_confirmed(store: MemoryStore) -> None:
    summary = summarise_work(OPERATOR, documents(store), NOW)
    keys = {"summary": summary, "notes": " Gate 2 sticks. ", "post": "gate"}
    given = done(store, prepare_handover, OPERATOR, **keys, after=HOUR)
    found = shift(store, given)
    assert (found.by, found.agency, found.period_from, found.post) == ("person:operator", "mg", NOW, "gate")
    assert (found.summary.notes, found.summary.counts) == ("Gate 2 sticks.", summary.counts)
    done(store, confirm_handover, SECOND, handover_id=given, remarks="Taken.", after=2 * HOUR)
    found = shift(store, given)
    assert (found.state, found.confirmed_by, found.remarks) == ("confirmed", "person:second", "Taken.")
    again = done(store, prepare_handover, SECOND, after=9 * HOUR)
    assert shift(store, again).period_from == NOW + 2 * HOUR
    assert [each.id for each in list_handovers(OPERATOR, documents(store))] == [given, again]


def test_nobody_takes_what_is_not_theirs(store: MemoryStore) -> None:
    given = done(store, prepare_handover, POLICE)
    refused(store, "handover-own", confirm_handover, POLICE, handover_id=given)
    refused(store, "handover-not-yours", confirm_handover, MEDIC, handover_id=given)
    refused(store, "not-allowed", confirm_handover, NURSE, handover_id=given)
    done(store, confirm_handover, COLLEAGUE, handover_id=given)
    refused(store, "handover-settled", confirm_handover, OPERATOR, handover_id=given)
    named = done(store, prepare_handover, POLICE, to="person:medic")
    refused(store, "handover-not-yours", confirm_handover, COLLEAGUE, handover_id=named)
    refused(store, "handover-not-yours", refuse_handover, OPERATOR, handover_id=named, reason="x")
    done(store, refuse_handover, MEDIC, handover_id=named, reason="Not rested.")
    assert (shift(store, named).state, shift(store, named).remarks) == ("refused", "Not rested.")
    own = done(store, prepare_handover, POLICE)
    done(store, refuse_handover, POLICE, handover_id=own, reason="Withdrawn.")


def test_what_cannot_be_handed_over_is_refused(store: MemoryStore) -> None:
    refused(store, "not-allowed", prepare_handover, AUDITOR)
    refused(store, "handover-own", prepare_handover, POLICE, to=POLICE.person)
    refused(store, "taker-malformed", prepare_handover, POLICE, to="Anvar")
    refused(store, "post-absent", prepare_handover, POLICE, post="none")
    refused(store, "text-too-long", prepare_handover, POLICE, notes="x" * 4001)
    many = HandoverSummary(jobs=tuple(str(number) for number in range(2001)))
    refused(store, "summary-malformed", prepare_handover, COORDINATOR, summary=many)
    refused(store, "handover-absent", confirm_handover, POLICE, handover_id="none")
    refused(store, "reason-missing", refuse_handover, POLICE, handover_id="none", reason="")

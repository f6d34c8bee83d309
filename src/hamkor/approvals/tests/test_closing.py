# SPDX-License-Identifier: Apache-2.0
"""The final approval: what keeps a plan from it, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from hamkor.approvals.commands import (
    NotReadyError,
    heads,
    object_to,
    withdraw_acceptance,
    withdraw_approval,
)
from hamkor.approvals.rules.signing import SeenHead
from hamkor.approvals.tests.deeds import (
    OTHER_RED,
    RED,
    accept,
    close,
    everybody_approves,
    override,
    refused,
)
from hamkor.approvals.tests.rounds import (
    COMMISSION,
    Round,
    navruz,
    signer,
    small,
)
from hamkor.journal.queries import list_entries


@pytest.fixture
def done() -> Round:
    return Round(small())


@pytest.fixture
def opened(done: Round) -> Round:
    done.put()
    return done


def test_a_plan_in_order_is_closed() -> None:
    done = Round(navruz())
    done.put()
    everybody_approves(done)
    result = close(done)
    final = done.documents.get("final_approval", "1")
    assert final.number == result.number
    assert len(final.signatures) == len(done.agencies)
    refused(done, "not-ready", lambda: close(done))
    refused(done, "nothing-changed", done.put)
    page = done.page()
    assert page.is_final
    done.edit("post", "post-command", needed=15)
    page = done.page()
    assert not page.is_final
    assert [(change.kind, change.path) for change in page.changed_since_final] == [("post", "needed")]
    done.put()
    assert not done.page().is_final
    assert done.page().final == final


def test_everything_that_is_missing_is_listed(opened: Round) -> None:
    opened.approve("iib")
    by = signer("tty")
    object_to(opened.store, opened.sent(by), viewer=by, agency="tty", reason="No way out.")
    opened.edit("post", "gate", needed=5)
    error = refused(opened, "not-ready", lambda: close(opened))
    assert isinstance(error, NotReadyError)
    told = [(blocker.code, blocker.agency) for blocker in error.blockers]
    assert told == [
        ("plan-changed", None),
        ("red-open", None),
        ("red-open", None),
        ("approval-void", "iib"),
        ("objected", "tty"),
        ("not-approved", "org"),
    ]
    assert "No way out." in error.message.in_english()
    assert opened.page().blockers == error.blockers


def test_a_plan_whose_agencies_are_unknown_is_not_closed(done: Round) -> None:
    done.edit("event", "small", agencies=None, organiser="none")
    done.put()
    error = refused(done, "not-ready", lambda: close(done))
    assert isinstance(error, NotReadyError)
    assert "agencies-unknown" in {blocker.code for blocker in error.blockers}


def test_red_findings_block_until_the_commission_overrides_and_all_sign_again(opened: Round) -> None:
    everybody_approves(opened)
    seen = opened.seen()
    refused(opened, "not-ready", lambda: close(opened))
    override(opened, RED, OTHER_RED)
    assert set(opened.states().values()) == {("approved", "voided")}
    refused(opened, "plan-changed", lambda: opened.approve("tty", "whole", seen))
    everybody_approves(opened)
    close(opened)
    final = opened.documents.get("final_approval", "1")
    assert set(final.overridden) == {RED, OTHER_RED}
    withdraw_acceptance(
        opened.store, opened.sent(COMMISSION), viewer=COMMISSION, key=RED, reason="It is not so."
    )
    assert set(opened.states().values()) == {("approved", "voided")}


def test_an_accepted_amber_voids_nothing(opened: Round) -> None:
    everybody_approves(opened)
    accept(opened)
    assert set(opened.states().values()) == {("approved", "approved")}


def test_a_signature_taken_back_between_look_and_lock_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Round(navruz())
    done.put()
    everybody_approves(done)
    look, by, looks = heads.take_snapshot, signer("tty"), []

    def look_slowly(*arguments: Any, **others: Any) -> Any:
        snapshot = look(*arguments, **others)
        looks.append(snapshot)
        if len(looks) == 1:
            sent = done.sent(by)
            with monkeypatch.context() as plain:
                plain.setattr(heads, "take_snapshot", look)
                values: dict[str, Any] = {"agency": "tty", "scope": "whole", "reason": "Wait."}
                withdraw_approval(done.store, sent, viewer=by, **values)
        return snapshot

    monkeypatch.setattr(heads, "take_snapshot", look_slowly)
    with pytest.raises(NotReadyError):
        close(done)
    assert len(looks) == 2


def test_a_lapsed_override_ends_with_the_next_version_and_the_printed_head_is_signed(opened: Round) -> None:
    """The lapse is recorded between the head that is printed and the version: it is no reason to refuse."""
    override(opened, RED, OTHER_RED)
    opened.edit("event", "small", extent="extract")
    opened.put()
    version = opened.documents.get("plan_version", "2")
    entries = list_entries(opened.store, opened.stream)
    assert entries[version.number - 1].type == "plan_version.put_to_approval.v1"
    assert version.number > version.head_number + 1
    seen = SeenHead(version=2, number=version.head_number, hash=version.head_hash)
    opened.approve("tty", "whole", seen)
    assert opened.states()["tty"] == ("approved", "approved")

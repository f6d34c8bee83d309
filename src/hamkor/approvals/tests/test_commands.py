# SPDX-License-Identifier: Apache-2.0
"""Who may do what, what is refused, and that a refusal or a second sending changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from hamkor.agencies.rules import RIGHTS_OF_ROLE, ROLES, Viewer
from hamkor.approvals.commands import (
    PlanChangedError,
    accept_finding,
    approve,
    finalise,
    heads,
    object_to,
    override_reds,
    put_to_approval,
    withdraw_acceptance,
    withdraw_approval,
    withdraw_objection,
)
from hamkor.approvals.tests.deeds import (
    AMBER,
    RED,
    accept,
    close,
    refused,
)
from hamkor.approvals.tests.rounds import (
    AUDITOR,
    COORDINATOR,
    Round,
    navruz,
    signer,
    small,
    viewer,
)
from hamkor.common.errors import HamkorError
from hamkor.journal.queries import export_journal
from hamkor.plans.queries import plan_of


@pytest.fixture
def done() -> Round:
    return Round(small())


@pytest.fixture
def opened(done: Round) -> Round:
    done.put()
    return done


# Rights


def deeds(by: Viewer, agency: Any) -> dict[str, Callable[[Round], object]]:
    """Returns every command as one person sends it, by the right it needs."""

    def sent(done: Round) -> dict[str, Any]:
        return {"store": done.store, "envelope": done.sent(by), "viewer": by}

    return {
        "finalise": lambda done: put_to_approval(**sent(done)),
        "finalise ": lambda done: finalise(**sent(done), version=1),
        "accept_finding": lambda done: accept_finding(**sent(done), key=AMBER, reason="So."),
        "override": lambda done: accept_finding(**sent(done), key=RED, reason="So."),
        "override ": lambda done: override_reds(**sent(done), reason="So.", keys=[RED]),
        "approve": lambda done: approve(**sent(done), agency=agency, scope="own", seen=done.seen()),
        "approve ": lambda done: object_to(**sent(done), agency=agency, reason="So."),
        "approve  ": lambda done: withdraw_approval(**sent(done), agency=agency, scope="own", reason="So."),
        "approve   ": lambda done: withdraw_objection(**sent(done), agency=agency, reason="So."),
    }


OTHER_REASONS = {"nothing-changed", "not-ready", "nothing-approved", "no-objection"}


def code_of(command: Callable[[], object]) -> str | None:
    try:
        command()
    except HamkorError as error:
        return error.code
    return None


@pytest.mark.parametrize("deed", deeds(COORDINATOR, "iib"))
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_do(opened: Round, role: str, deed: str) -> None:
    by = viewer(role, "iib")
    command = deeds(by, "iib")[deed]
    if deed.strip() in RIGHTS_OF_ROLE[role]:
        assert code_of(lambda: command(opened)) in {None, *OTHER_REASONS}
    else:
        refused(opened, "not-allowed", lambda: command(opened))


def test_nobody_signs_for_another_agency(opened: Round) -> None:
    for deed, command in deeds(signer("tty"), "iib").items():
        if deed.startswith("approve"):
            refused(opened, "agency-not-yours", lambda command=command: command(opened))


def test_nobody_sends_in_another_name(opened: Round) -> None:
    envelope = opened.sent(COORDINATOR)
    opened.sent = lambda _by: envelope  # type: ignore[method-assign, assignment, misc]
    for command in deeds(msgspec.structs.replace(COORDINATOR, person="person:other"), "iib").values():
        refused(opened, "not-in-person", lambda command=command: command(opened))


def test_a_rule_accepts_nothing(done: Round) -> None:
    by = msgspec.structs.replace(COORDINATOR, person="rule:night")
    refused(done, "not-in-person", lambda: accept(done, by))


def test_who_does_not_take_part_does_not_sign(opened: Round) -> None:
    by = viewer("liaison", "ses")
    head = opened.seen()
    for command in (
        lambda: approve(opened.store, opened.sent(by), viewer=by, agency="ses", scope="own", seen=head),
        lambda: object_to(opened.store, opened.sent(by), viewer=by, agency="ses", reason="So."),
    ):
        refused(opened, "agency-not-signing", command)


# Versions


def test_versions_are_numbered_and_bound_to_the_head_below(done: Round) -> None:
    for number in (1, 2, 3):
        head = done.seen()
        done.put()
        version = done.documents.get("plan_version", str(number))
        assert (version.version, version.head_number, version.head_hash) == (number, head.number, head.hash)
        done.edit("post", "aid", needed=10 + number)


def test_a_version_that_is_the_same_is_not_put_again(opened: Round) -> None:
    opened.chat()
    opened.edit("post", "aid", needed=2)
    refused(opened, "nothing-changed", opened.put)


def test_without_a_version_nothing_is_signed(done: Round) -> None:
    refused(done, "no-version", lambda: done.approve("tty"))
    refused(done, "no-version", lambda: close(done))
    by = signer("tty")
    refused(
        done,
        "no-version",
        lambda: object_to(done.store, done.sent(by), viewer=by, agency="tty", reason="So."),
    )


def test_without_an_event_nothing_is_put(done: Round) -> None:
    done.stream = "empty"
    refused(done, "plan-missing", done.put)


def test_what_was_seen_must_be_what_is_signed(opened: Round) -> None:
    seen = opened.seen()
    number = opened.edit("post", "watch", needed=7)
    opened.approve("tty", "own", seen)
    error = refused(opened, "plan-changed", lambda: opened.approve("tty", "whole", seen))
    assert isinstance(error, PlanChangedError)
    assert [(touch.number, touch.id) for touch in error.touches] == [(number, "watch")]
    assert "Watch" in error.message.in_english()
    refused(opened, "plan-changed", lambda: opened.approve("iib", "own", seen))


@pytest.mark.parametrize(
    "wrong",
    [
        {"hash": "0" * 64},
        {"hash": ""},
        {"number": 1},
        {"number": 0},
        {"number": -5},
        {"number": 10**12},
    ],
)
def test_a_head_that_never_was_is_not_signed(opened: Round, wrong: dict[str, Any]) -> None:
    seen = msgspec.structs.replace(opened.seen(), **wrong)
    refused(opened, "head-unknown", lambda: opened.approve("tty", "whole", seen))


def test_an_older_version_is_not_signed(opened: Round) -> None:
    seen = opened.seen()
    opened.edit("post", "watch", needed=7)
    opened.put()
    refused(opened, "version-outdated", lambda: opened.approve("tty", "own", seen))
    refused(opened, "version-outdated", lambda: close(opened))


def test_an_objection_names_what_exists(opened: Round) -> None:
    by = signer("tty")

    def say(**others: Any) -> object:
        values = {"viewer": by, "agency": "tty", "reason": "So.", **others}
        return object_to(opened.store, opened.sent(by), **values)

    refused(opened, "part-unknown", lambda: say(part="secrets"))
    refused(opened, "items-unknown", lambda: say(part="posts", items=["gate", "nowhere"]))
    refused(opened, "items-unknown", lambda: say(items=["gate"]))
    refused(opened, "items-unknown", lambda: say(part="venue", items=["gate"]))
    refused(opened, "items-too-many", lambda: say(part="posts", items=map(str, range(100_000))))
    say(part="posts", items=["gate", "gate"])
    assert opened.documents.get("objection", "tty").items == ("gate",)
    say(part="venue")
    assert opened.documents.get("objection", "tty").part == "venue"


def test_what_was_said_is_taken_back(opened: Round) -> None:
    by = signer("tty")
    values: dict[str, Any] = {"viewer": by, "agency": "tty", "reason": "So."}
    store = opened.store
    refused(opened, "no-objection", lambda: withdraw_objection(store, opened.sent(by), **values))
    refused(
        opened, "nothing-approved", lambda: withdraw_approval(store, opened.sent(by), **values, scope="whole")
    )
    opened.approve("tty", "own")
    opened.approve("tty", "whole")
    withdraw_approval(store, opened.sent(by), **values, scope="whole")
    assert opened.states()["tty"] == ("approved", "none")
    opened.approve("tty", "whole")
    withdraw_approval(store, opened.sent(by), **values, scope="own")
    assert opened.states()["tty"] == ("none", "none")
    object_to(store, opened.sent(by), **values)
    withdraw_objection(store, opened.sent(by), **values)
    assert opened.states()["tty"] == ("none", "none")


# Sent twice, and while others work


def test_what_is_sent_twice_is_done_once(done: Round) -> None:
    store, by = done.store, COORDINATOR
    commands: list[Callable[[Any], Any]] = [
        lambda sent: put_to_approval(store, sent, viewer=by),
        lambda sent: accept_finding(store, sent, viewer=by, key=AMBER, reason="So."),
        lambda sent: object_to(store, sent, viewer=by, agency="iib", reason="So."),
        lambda sent: withdraw_objection(store, sent, viewer=by, agency="iib", reason="So."),
        lambda sent: withdraw_acceptance(store, sent, viewer=by, key=AMBER, reason="So."),
    ]
    for command in commands:
        sent = done.sent(by)
        first = command(sent)
        done.edit("post", "gate", needed=first.number)
        assert command(sent) == first
    seen, sent = None, done.sent(by)
    done.put()
    seen = done.seen()
    first = approve(store, sent, viewer=by, agency="iib", scope="own", seen=seen)
    done.edit("post", "watch", needed=9)
    assert approve(store, sent, viewer=by, agency="iib", scope="own", seen=seen) == first
    refused(
        done,
        "command-id-reused",
        lambda: approve(store, sent, viewer=by, agency="iib", scope="whole", seen=seen),
    )


def test_a_change_between_look_and_lock_is_seen(done: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    """The decision is made anew, on the plan as it is by then."""
    looks = []
    look = heads.take_snapshot

    def look_slowly(*arguments: Any, **others: Any) -> Any:
        snapshot = look(*arguments, **others)
        looks.append(snapshot)
        if len(looks) == 1:
            done.edit("post", "aid", needed=30)
        else:
            done.chat()
        return snapshot

    monkeypatch.setattr(heads, "take_snapshot", look_slowly)
    done.put()
    assert len(looks) == 2
    version = done.documents.get("plan_version", "1")
    entries = export_journal(done.store, done.stream).decode().splitlines()
    assert '"post.recorded.v1"' in entries[version.head_number]
    assert done.page().changed_since_version == ()


def test_all_agencies_sign_at_once() -> None:
    """None of them is sent back because another one was quicker."""
    done = Round(navruz())
    done.put()
    seen, agencies = done.seen(), done.agencies
    envelopes = {agency: done.sent(signer(agency)) for agency in agencies}

    def sign(agency: Any) -> None:
        values: dict[str, Any] = {"viewer": signer(agency), "agency": agency, "scope": "whole"}
        approve(done.store, envelopes[agency], **values, seen=seen)

    with ThreadPoolExecutor(len(agencies)) as pool:
        list(pool.map(sign, agencies))
    assert set(done.states().values()) == {("approved", "approved")}


def test_a_plan_that_never_rests_is_left_alone(done: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    look = heads.take_snapshot
    needed = iter(range(100, 200))

    def look_slowly(*arguments: Any, **others: Any) -> Any:
        snapshot = look(*arguments, **others)
        done.edit("post", "aid", needed=next(needed))
        return snapshot

    monkeypatch.setattr(heads, "take_snapshot", look_slowly)
    with pytest.raises(HamkorError, match="plan-busy"):
        done.put()
    assert done.documents.get("plan_version", "1") is None


def test_an_auditor_reads_and_changes_nothing(opened: Round) -> None:
    assert opened.page(AUDITOR).blockers
    assert plan_of(opened.documents, {}) is not None

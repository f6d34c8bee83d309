# SPDX-License-Identifier: Apache-2.0
"""Who may do what, what is refused, and that a refusal or a second sending changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from hamkor.agencies.rules import RIGHTS_OF_ROLE, ROLES, Viewer
from hamkor.approvals.commands import (
    NotReadyError,
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
from hamkor.approvals.queries import list_judged_findings
from hamkor.approvals.tests.rounds import (
    AUDITOR,
    COMMISSION,
    COORDINATOR,
    Round,
    navruz,
    signer,
    small,
    viewer,
)
from hamkor.checks.queries import check_plan
from hamkor.common.errors import HamkorError
from hamkor.journal.queries import export_journal
from hamkor.plans.queries import plan_of

RED, OTHER_RED, AMBER = "STOP-001/event/small", "COMMS-005/event/small", "MED-007/event/small"


@pytest.fixture
def done() -> Round:
    return Round(small())


@pytest.fixture
def opened(done: Round) -> Round:
    done.put()
    return done


def refused(done: Round, code: str, command: Callable[[], object]) -> HamkorError:
    """Returns the refusal, after seeing that nothing changed."""
    before = export_journal(done.store, done.stream), done.documents
    with pytest.raises(HamkorError) as caught:
        command()
    assert caught.value.code == code
    assert caught.value.message.in_english()
    assert (export_journal(done.store, done.stream), done.documents) == before
    return caught.value


def state_of(done: Round, key: str) -> tuple[str, str | None]:
    report = check_plan(done.plan)
    found = {item.key: item for item in list_judged_findings(report, done.documents)}
    return found[key].state, found[key].why


def accept(done: Round, by: Viewer = COORDINATOR, key: str = AMBER, **others: Any) -> Any:
    values = {"reason": "Known and watched.", **others}
    return accept_finding(done.store, done.sent(by), viewer=by, key=key, **values)


def close(done: Round, by: Viewer = COORDINATOR, version: int = 1) -> Any:
    return finalise(done.store, done.sent(by), viewer=by, version=version)


def override(done: Round, *keys: str, by: Viewer = COMMISSION, reason: str = "Police stands by.") -> Any:
    return override_reds(done.store, done.sent(by), viewer=by, reason=reason, keys=keys)


def everybody_approves(done: Round) -> None:
    for agency in done.agencies:
        done.approve(agency, "whole")


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
    if deed.strip() in RIGHTS_OF_ROLE[role]:  # type: ignore[index]
        assert code_of(lambda: command(opened)) in {None, *OTHER_REASONS}
    else:
        refused(opened, "not-allowed", lambda: command(opened))


def test_nobody_signs_for_another_agency(opened: Round) -> None:
    for deed, command in deeds(signer("tty"), "iib").items():
        if deed.startswith("approve"):
            refused(opened, "agency-not-yours", lambda command=command: command(opened))  # type: ignore[misc]


def test_nobody_sends_in_another_name(opened: Round) -> None:
    envelope = opened.sent(COORDINATOR)
    opened.sent = lambda _by: envelope  # type: ignore[method-assign, assignment, misc]
    for command in deeds(msgspec.structs.replace(COORDINATOR, person="person:other"), "iib").values():
        refused(opened, "not-in-person", lambda command=command: command(opened))  # type: ignore[misc]


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


# Findings


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


# The end


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
    assert done.put()


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

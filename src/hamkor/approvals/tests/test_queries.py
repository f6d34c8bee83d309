# SPDX-License-Identifier: Apache-2.0
"""What pages and paper are given: differences, certificates, and whether a printed hash is known."""

from __future__ import annotations

import gc
from typing import Any

import msgspec
import pytest

from hamkor.agencies.queries import list_agencies
from hamkor.agencies.rules import NotAllowedError, Viewer
from hamkor.approvals.commands import finalise, override_reds, withdraw_approval
from hamkor.approvals.queries import (
    check_certificate,
    get_approval_page,
    get_certificate,
    get_trail,
    list_approval_states,
    list_changes_since_approval,
    trails,
)
from hamkor.approvals.rules.signing import NEVER_SIGN
from hamkor.approvals.tests.rounds import AUDITOR, COMMISSION, COORDINATOR, Round, navruz, signer, small
from hamkor.checks.queries import check_plan
from hamkor.common.errors import HamkorError
from hamkor.journal.commands import restore_journal
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_head, list_entries

STRANGER = Viewer(person="person:stranger")


@pytest.fixture
def opened() -> Round:
    done = Round(small())
    done.put()
    return done


def closed() -> Round:
    done = Round(navruz())
    done.put()
    for agency in done.agencies:
        done.approve(agency, "whole")
    finalise(done.store, done.sent(COORDINATOR), viewer=COORDINATOR, version=1)
    return done


def test_those_who_never_sign_are_no_parties_that_act() -> None:
    kinds = {agency.code: agency.kind for agency in list_agencies()}
    acting = {"state", "private", "civil_society"}
    assert {code for code, kind in kinds.items() if kind not in acting} == NEVER_SIGN


def test_nobody_reads_without_a_role(opened: Round) -> None:
    whole: dict[str, Any] = {"stream": opened.stream, "viewer": STRANGER}
    with pytest.raises(NotAllowedError):
        opened.page(STRANGER)
    with pytest.raises(NotAllowedError):
        list_approval_states(opened.store, **whole)
    with pytest.raises(NotAllowedError):
        list_changes_since_approval(opened.store, **whole, agency="tty", scope="own")


def test_versions_show_how_they_differ_from_the_one_before(opened: Round) -> None:
    opened.edit("post", "aid", needed=3)
    opened.edit("post", "watch", needed=7)
    opened.edit("post", "watch", needed=6)
    opened.remove("post", "gate")
    opened.put()
    opened.edit("post", "aid", needed=4)
    first, second = opened.page().versions
    assert first.changes == ()
    assert [(change.id, change.path, change.after) for change in second.changes] == [
        ("aid", "needed", 3.0),
        ("gate", "", None),
    ]
    assert [touch.id for touch in opened.page().changed_since_version] == ["aid"]


def test_an_agency_sees_what_changed_since_it_last_approved(opened: Round) -> None:
    by = signer("tty")
    assert (opened.page(by).own_changes, opened.page(by).whole_changes) == (None, None)
    opened.approve("tty", "own")
    assert (opened.page(by).own_changes, opened.page(by).whole_changes) == ((), None)
    opened.approve("tty", "whole")
    opened.edit("post", "watch", needed=7)
    number = opened.edit("post", "aid", needed=3)
    page = opened.page(by)
    assert page.agency == "tty"
    assert [touch.number for touch in page.own_changes] == [number]
    assert [touch.number for touch in page.whole_changes] == [number - 1, number]
    found = list_changes_since_approval(
        opened.store, stream=opened.stream, viewer=AUDITOR, agency="tty", scope="own"
    )
    assert found == page.own_changes


def test_an_override_is_among_what_changed(opened: Round) -> None:
    opened.approve("tty", "whole")
    key = "STOP-001/event/small"
    sent = opened.sent(COMMISSION)
    override_reds(opened.store, sent, viewer=COMMISSION, reason="Agreed.", keys=[key])
    page = opened.page(signer("tty"))
    assert [(touch.id, touch.is_judgement, touch.changes) for touch in page.whole_changes] == [
        (key, True, ())
    ]
    assert page.changed_since_version == ()
    assert page.own_changes == ()


def test_an_outdated_check_is_made_anew(opened: Round) -> None:
    report = check_plan(opened.plan)
    opened.edit("event", "small", kind="football")
    page = get_approval_page(opened.store, stream=opened.stream, viewer=COORDINATOR, report=report)
    assert page.judged == opened.page().judged
    assert [item.finding for item in page.judged] != list(report.findings)


def test_a_check_under_another_profile_decides_nothing(opened: Round) -> None:
    gentler = msgspec.structs.replace(check_plan(opened.plan), profile="gentle", findings=())
    page = get_approval_page(opened.store, stream=opened.stream, viewer=COORDINATOR, report=gentler)
    assert page.blockers == opened.page().blockers


def test_a_certificate_says_who_signed_which_hash() -> None:
    done = closed()
    version = done.documents.get("plan_version", "1")
    certificate = get_certificate(done.store, stream=done.stream, version=1)
    entries = list_entries(done.store, done.stream)
    assert certificate.event_id == "navruz-2027"
    assert entries[certificate.head_number - 1].hash == certificate.head_hash == version.head_hash
    assert [signature.agency for signature in certificate.signatures] == list(done.agencies)
    for signature in certificate.signatures:
        entry = entries[signature.number - 1]
        assert (entry.hash, entry.by, entry.at) == (signature.hash, signature.by, signature.at)
        assert signature.is_standing
    assert certificate.final_number == len(entries)
    assert certificate.final_hash == entries[-1].hash
    assert (certificate.is_newest, certificate.changes) == (True, 0)


def test_a_certificate_keeps_what_was_signed_and_says_what_became_of_it() -> None:
    done = closed()
    before = get_certificate(done.store, stream=done.stream, version=1)
    by = signer("tty")
    withdraw_approval(
        done.store, done.sent(by), viewer=by, agency="tty", scope="own", reason="The hospital is full."
    )
    done.edit("event", "navruz-2027", name="Another name")
    done.put()
    after = get_certificate(done.store, stream=done.stream, version=1)
    assert after.event_name == before.event_name
    assert [item.hash for item in after.signatures] == [item.hash for item in before.signatures]
    assert not any(item.is_standing for item in after.signatures)
    assert (after.is_newest, after.changes) == (False, 1)
    second = get_certificate(done.store, stream=done.stream, version=2)
    assert (second.event_name, second.signatures, second.final_at) == ("Another name", (), None)


@pytest.mark.parametrize("version", [0, -1, 2, 10**9])
def test_a_version_that_never_was_has_no_certificate(opened: Round, version: int) -> None:
    with pytest.raises(HamkorError, match="version-unknown"):
        get_certificate(opened.store, stream=opened.stream, version=version)


def test_a_printed_hash_is_found() -> None:
    done = closed()
    certificate = get_certificate(done.store, stream=done.stream, version=1)
    known = {
        certificate.head_hash: certificate.head_number,
        certificate.final_hash: certificate.final_number,
        certificate.signatures[0].hash: certificate.signatures[0].number,
    }
    for printed, number in known.items():
        assert printed is not None
        spaced = " ".join((printed[:32], printed[32:].upper())) + "\n"
        found = check_certificate(done.store, stream=done.stream, printed_hash=spaced)
        assert (found.is_known, found.number, found.certificate) == (True, number, certificate)
    first = list_entries(done.store, done.stream)[0]
    found = check_certificate(done.store, stream=done.stream, printed_hash=first.hash)
    assert (found.is_known, found.number, found.at, found.certificate) == (True, 1, first.at, None)


@pytest.mark.parametrize("printed", ["", "x" * 64, "0" * 64, "0" * 63, "0" * 100_000, "é" * 64])
def test_a_hash_of_something_else_is_unknown(opened: Round, printed: str) -> None:
    found = check_certificate(opened.store, stream=opened.stream, printed_hash=printed)
    assert not found.is_known


def test_another_journal_does_not_know_the_hash(opened: Round) -> None:
    other = Round(small())
    printed = get_head(opened.store, opened.stream).hash
    assert not check_certificate(other.store, stream=other.stream, printed_hash=printed).is_known


def test_a_restored_journal_says_the_same(opened: Round) -> None:
    for agency in opened.agencies:
        opened.approve(agency)
    opened.edit("post", "aid", needed=3)
    copy = MemoryStore()
    restore_journal(copy, export_journal(opened.store, opened.stream))
    whole: dict[str, Any] = {"stream": opened.stream, "viewer": AUDITOR}
    assert list_approval_states(copy, **whole) == list_approval_states(opened.store, **whole)


def test_trails_go_with_their_store(opened: Round) -> None:
    get_trail(opened.store, opened.stream)
    assert opened.store in trails._trails
    before = len(trails._trails)
    opened.store = MemoryStore()
    gc.collect()
    assert len(trails._trails) < before


def test_only_so_many_trails_are_kept(opened: Round) -> None:
    for number in range(trails.MOST_TRAILS + 5):
        get_trail(opened.store, f"stream-{number}")
    assert len(trails._trails[opened.store]) == trails.MOST_TRAILS
    assert opened.states()


def test_reading_again_folds_nothing_again(opened: Round) -> None:
    assert get_trail(opened.store, opened.stream) is get_trail(opened.store, opened.stream)

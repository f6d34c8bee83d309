# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.journal.rules import (
    LINE_MAX_BYTES,
    PROBLEMS,
    WITHHELD,
    Documents,
    Entry,
    Fault,
    Verified,
    chain,
    digest_of,
    empty_head,
    encode_line,
    evolve_entries,
    fold,
    hash_of,
    head_of,
    read_fact,
    verify,
    withhold,
)
from hamkor.journal.tests import lanterns
from hamkor.journal.tests.lanterns import LANTERN, STREAM, Lantern, envelope, lantern

replace = msgspec.structs.replace


def four() -> list[Entry]:
    return lanterns.journal([[lantern("a"), lantern("b")], [lantern("c")], [lantern("a", name="new")]])[1]


def resealed(entry: Entry) -> Entry:
    return replace(entry, hash=hash_of(encode_line(entry)))


@settings(max_examples=60, deadline=None)
@given(commands=lanterns.COMMANDS)
def test_any_facts_make_a_chain_that_verifies(commands: Any) -> None:
    head, entries = lanterns.journal(commands)
    assert verify(entries, head=head) == Verified(head.number, head.hash)
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert [read_fact(entry) for entry in entries] == [fact for facts in commands for fact in facts]


@settings(max_examples=60, deadline=None)
@given(commands=lanterns.COMMANDS, data=st.data())
def test_a_fold_can_stop_anywhere_and_go_on(commands: Any, data: st.DataObject) -> None:
    _, entries = lanterns.journal(commands)
    stop = data.draw(st.integers(0, len(entries)))
    first = fold(entries, stop)
    assert first == fold(entries[:stop])
    assert first.number == stop
    kept = list(first.items())
    assert fold(entries[stop:], start=first) == fold(entries)
    assert list(first.items()) == kept
    if entries and stop:
        at = entries[stop - 1].at
        assert fold(entries, at) == fold([entry for entry in entries if entry.at <= at])


@settings(max_examples=60, deadline=None)
@given(commands=lanterns.COMMANDS)
def test_changes_made_one_by_one_are_the_fold(commands: Any) -> None:
    _, entries = lanterns.journal(commands)
    changes = evolve_entries(Documents(), entries)
    assert Documents().after(changes) == fold(entries)


@settings(max_examples=40, deadline=None)
@given(commands=lanterns.COMMANDS, hidden=st.sets(st.integers(1, 20)))
def test_any_bodies_can_be_withheld(commands: Any, hidden: set[int]) -> None:
    head, entries = lanterns.journal(commands)
    shown = [withhold(entry) if entry.number in hidden else entry for entry in entries]
    expected = tuple(entry.number for entry in entries if entry.number in hidden)
    assert verify(shown, head=head) == Verified(head.number, head.hash, expected)
    assert fold(shown).withheld == expected
    assert fold(shown).number == head.number


def test_a_withheld_body_leaves_nothing_to_guess_from() -> None:
    entry = four()[0]
    shown = withhold(entry)
    assert (shown.body, shown.salt, shown.is_withheld) == (None, None, True)
    assert (entry.body, entry.is_withheld) == (b'{"id":"a"}', False)
    assert shown.hash == entry.hash
    assert b'"salt":null,"body":null' in encode_line(shown)
    assert hashlib.sha256(b'{"id":"a"}').hexdigest() != entry.body_digest
    with pytest.raises(HamkorError, match="entry-unreadable"):
        read_fact(shown)


def test_the_same_body_twice_has_two_digests() -> None:
    head = empty_head(STREAM)
    salts = [b"0" * 16, b"1" * 16]
    first, second = chain(head, [lantern("a"), lantern("a")], envelope=envelope(), salts=salts)
    assert first.raw_body == second.raw_body
    assert first.body_digest != second.body_digest


def test_withheld_numbers_are_carried_on() -> None:
    entries = four()
    first = fold([withhold(entries[0]), entries[1]])
    assert fold([entries[2], withhold(entries[3])], start=first).withheld == (1, 4)


def test_a_stranger_can_verify_with_common_tools_only() -> None:
    """The description in the decision record is enough to write a verifier without this package."""
    previous = hashlib.sha256(
        json.dumps(
            {"format": "hamkor-journal", "version": 1, "stream": STREAM}, separators=(",", ":")
        ).encode()
    ).hexdigest()
    for entry in four():
        line = json.loads(encode_line(entry))
        body = json.dumps(line.pop("body"), separators=(",", ":"), ensure_ascii=False).encode()
        salt = base64.b64decode(line.pop("salt"))
        found = line.pop("hash")
        assert hashlib.sha256(salt + body).hexdigest() == line["body_digest"]
        assert line["previous_hash"] == previous
        text = json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode()
        previous = hashlib.sha256(text).hexdigest()
        assert previous == found


Change = Callable[[list[Entry]], list[Entry]]


def third(**changed: Any) -> Change:
    return lambda entries: [*entries[:2], replace(entries[2], **changed), *entries[3:]]


def third_resealed(**changed: Any) -> Change:
    return lambda entries: [*entries[:2], resealed(replace(entries[2], **changed)), *entries[3:]]


@pytest.mark.parametrize(
    ("change", "code", "number"),
    [
        (lambda entries: entries[1:], "number-gap", 1),
        (lambda entries: [*entries[:2], entries[3]], "number-gap", 3),
        (lambda entries: [*entries[:3], entries[2], entries[3]], "number-gap", 4),
        (lambda entries: [entries[1], entries[0], *entries[2:]], "number-gap", 1),
        (lambda entries: entries[:3], "head-differs", 3),
        (lambda entries: [], "head-differs", 0),
        (third(stream="other"), "stream-differs", 3),
        (third(previous_hash="0" * 64), "previous-hash-differs", 3),
        (third(by="person:p-18"), "hash-differs", 3),
        (third(agency=None), "hash-differs", 3),
        (third(type="lantern.removed.v1"), "hash-differs", 3),
        (third(command_id=envelope(9).command_id), "hash-differs", 3),
        (third(cause=1), "hash-differs", 3),
        (third(at=envelope(2).at + timedelta(microseconds=1)), "hash-differs", 3),
        (third(body_digest="0" * 64), "hash-differs", 3),
        (third(hash="0" * 64), "hash-differs", 3),
        (third(salt=b"x" * 16), "body-digest-differs", 3),
        (third(raw_body=msgspec.Raw(b'{"id":"z"}')), "body-digest-differs", 3),
        (third(raw_body=WITHHELD), "body-digest-differs", 3),
        (third(salt=None), "body-without-salt", 3),
        (third_resealed(by="person:p-18"), "previous-hash-differs", 4),
        (third_resealed(at=envelope(0).at), "moment-runs-back", 3),
        (third_resealed(at=envelope(2).at.replace(tzinfo=None)), "moment-not-utc", 3),
        (third_resealed(at=envelope(2).at.astimezone(timezone(timedelta(hours=5)))), "moment-not-utc", 3),
        (third_resealed(cause=3), "cause-not-above", 3),
    ],
)
def test_the_first_wrong_entry_is_named(change: Change, code: str, number: int) -> None:
    entries = four()
    fault = verify(change(entries), head=head_of(entries[3]))
    assert fault == Fault(code, number)
    error = fault.as_error()
    assert (error.code, error.message.facts["number"]) == (code, number)
    assert PROBLEMS[code] in str(error)


def test_a_journal_rewritten_from_some_entry_on_differs_from_a_head_handed_out() -> None:
    entries = four()
    forged = chain(
        head_of(entries[2]), [lantern("a", name="forged")], envelope=envelope(3), salts=[b"s" * 16]
    )
    assert isinstance(verify([*entries[:3], *forged]), Verified)
    assert verify([*entries[:3], *forged], head=head_of(entries[3])) == Fault("head-differs", 4)


def test_a_later_part_verifies_after_its_head() -> None:
    entries = four()
    head = head_of(entries[3])
    assert verify(entries[2:], after=head_of(entries[1]), head=head) == Verified(head.number, head.hash)
    assert verify([], after=head, head=head) == Verified(head.number, head.hash)
    assert verify([]) == Verified(0, None)
    assert verify(entries[3:], after=head_of(entries[1])) == Fault("number-gap", 3)


def test_moments_are_recorded_in_utc() -> None:
    at = lanterns.START.astimezone(timezone(timedelta(hours=5)))
    (entry,) = chain(empty_head(STREAM), [lantern()], envelope=envelope(at=at), salts=[b"s" * 16])
    assert b'"at":"2027-03-21T13:00:00Z"' in encode_line(entry)


def test_every_fact_needs_a_long_salt() -> None:
    for salts in ([], [b"short"], [b"s" * 16] * 2):
        with pytest.raises(ValueError, match="16 bytes"):
            chain(empty_head(STREAM), [lantern()], envelope=envelope(), salts=salts)


def test_an_entry_too_large_to_be_imported_is_refused() -> None:
    fact = lantern("a", name="x" * LINE_MAX_BYTES)
    with pytest.raises(HamkorError, match="entry-too-large"):
        chain(empty_head(STREAM), [fact], envelope=envelope(), salts=[b"s" * 16])


def test_a_fold_refuses_entries_with_a_gap() -> None:
    entries = four()
    with pytest.raises(HamkorError, match="entries-not-gapless"):
        fold([entries[0], entries[2]])
    with pytest.raises(HamkorError, match="entries-not-gapless"):
        fold(entries, start=Documents(number=1))


def test_a_fold_refuses_what_it_cannot_read() -> None:
    entry = four()[0]
    for body in (b'{"id":7}', b"[]", b'{"id":"\xff"}', b'{"id":"a","marks":' + b"[" * 90000):
        with pytest.raises(HamkorError, match="entry-unreadable"):
            fold([replace(entry, raw_body=msgspec.Raw(body))])
    with pytest.raises(HamkorError, match="fact-type-unknown"):
        fold([replace(entry, type="lantern.eaten.v1")])


def test_a_fact_about_a_withheld_document_changes_nothing() -> None:
    removed = LANTERN.removed(LANTERN.removed.body("a"))
    facts = [lantern("a"), lanterns.LIT(lanterns.Lit("a", 5.0)), removed, lantern("b")]
    _, entries = lanterns.journal([facts])
    assert fold([withhold(entries[0]), *entries[1:]]).all(LANTERN) == (Lantern("b"),)


def test_the_digest_covers_salt_then_body() -> None:
    assert digest_of(b"salt", b"body") == hashlib.sha256(b"saltbody").hexdigest()

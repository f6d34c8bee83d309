# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.journal.rules import (
    LINE_MAX_BYTES,
    empty_head,
    encode_line,
    export_lines,
    fold,
    import_lines,
    read_lines,
    verify,
    verify_lines,
    withhold,
)
from hamkor.journal.tests import lanterns
from hamkor.journal.tests.lanterns import LANTERN, LIT, STREAM, Lantern, Lit, lantern

GOLDEN = Path(__file__).parent / "golden" / "journal-v1.jsonl"
# What a byte is replaced with: neighbours, white space, structure, digits, letters, line ends, not UTF-8.
REPLACEMENTS = b'\x00\t\n\r 0159aAfzZ"\\,:{}[]-+/=.T\x7f\x80\xc3\xff'


def golden() -> bytes:
    """A journal with every field, several facts in one command, a withheld body and letters of three scripts."""
    removed = LANTERN.removed(LANTERN.removed.body("b"))
    facts = [lantern("a", name="Gʻarbiy darvoza"), lantern("b", name="Ғарбий «дарвоза»", marks=('"', "\n"))]
    head, entries = lanterns.journal([facts, [LIT(Lit("a", 12.5))], [removed]])
    entries[2] = withhold(entries[2])
    return export_lines(head, entries)


def assert_refused(content: bytes) -> HamkorError:
    with pytest.raises(HamkorError) as caught:
        import_lines(content)
    with pytest.raises(HamkorError, match=caught.value.code):
        verify_lines(content)
    facts = caught.value.message.facts
    assert facts["line"] == facts["number"] + 1
    assert caught.value.message.in_english()
    return caught.value


def test_the_bytes_of_format_1_are_fixed_for_ever() -> None:
    assert golden() == GOLDEN.read_bytes()


def test_a_journal_of_format_1_is_readable_for_ever() -> None:
    journal = import_lines(GOLDEN.read_bytes())
    assert (journal.head.number, journal.withheld) == (4, (3,))
    documents = fold(journal.entries)
    assert documents.all(LANTERN) == (Lantern("a", "Gʻarbiy darvoza"),)


@settings(max_examples=60, deadline=None)
@given(commands=lanterns.COMMANDS, hidden=st.sets(st.integers(1, 20)))
def test_what_is_exported_is_imported(commands: Any, hidden: set[int]) -> None:
    head, entries = lanterns.journal(commands)
    shown = [withhold(entry) if entry.number in hidden else entry for entry in entries]
    content = export_lines(head, shown)
    journal = import_lines(content)
    assert (journal.head, list(journal.entries)) == (head, shown)
    assert export_lines(journal.head, journal.entries) == content
    assert list(read_lines(content)) == shown
    assert verify_lines(content) == verify(shown, head=head)


def test_the_change_of_any_byte_is_found() -> None:
    content = golden()
    for position, byte in enumerate(content):
        for other in {*REPLACEMENTS, byte ^ 1, byte ^ 0x20, (byte + 1) % 256} - {byte}:
            wrong = content[:position] + bytes([other]) + content[position + 1 :]
            with pytest.raises(HamkorError):
                import_lines(wrong)


def test_the_loss_of_any_byte_or_tail_is_found() -> None:
    content = golden()
    for position in range(len(content)):
        for wrong in (content[:position], content[:position] + content[position + 1 :]):
            assert_refused(wrong)


def test_a_byte_added_anywhere_is_found() -> None:
    content = golden()
    for position in range(len(content) + 1):
        for added in b' \n\r\t0a"':
            assert_refused(content[:position] + bytes([added]) + content[position:])


def test_the_change_of_any_byte_of_an_empty_journal_is_found() -> None:
    content = export_lines(empty_head(STREAM), [])
    for position in range(len(content)):
        for other in set(range(256)) - {content[position]}:
            assert_refused(content[:position] + bytes([other]) + content[position + 1 :])


def test_lines_swapped_doubled_or_missing_are_named() -> None:
    header, *lines = GOLDEN.read_bytes().splitlines(keepends=True)
    first, second, third, fourth = lines
    cases = [
        ([second, first, third, fourth], "number-gap", 2),
        ([first, third, second, fourth], "number-gap", 3),
        ([first, second, second, third, fourth], "number-gap", 4),
        ([first, third, fourth], "number-gap", 3),
        ([first, second, third], "entries-missing", 4),
        ([*lines, fourth], "number-gap", 6),
        ([*lines, b"\n"], "line-malformed", 6),
        ([first, header, *lines[1:]], "line-malformed", 3),
    ]
    for changed, code, line in cases:
        error = assert_refused(header + b"".join(changed))
        assert (error.code, error.message.facts["line"]) == (code, line)


def test_the_line_and_entry_of_a_change_are_named() -> None:
    content = GOLDEN.read_bytes()
    cases = [
        (b'"light_lux"', b'"light_lyx"', None),
        (b"darvoza", b"darvoze", ("body-digest-differs", 2)),
        (b'{"id":"b"}', b'{"id": "b"}', ("body-digest-differs", 5)),
        (b'"number":3,', b'"number": 3,', ("line-not-canonical", 4)),
        (
            b'"number":4,"stream":"navruz-2027",',
            b'"stream":"navruz-2027","number":4,',
            ("line-not-canonical", 5),
        ),
        (b'"agency":"iib"', b'"agency":"iib","agency":"iib"', ("line-not-canonical", 2)),
        (b'"agency":"iib"', b'"agency":"iib","rank":1', ("line-malformed", 2)),
        (b'"number":2', b'"number":NaN', ("line-malformed", 3)),
        (b'"number":2', b'"number":2.0', ("line-malformed", 3)),
        (b'"number":2', b'"number":' + b"9" * 400, ("line-malformed", 3)),
        (b'"cause":2', b'"cause":99999999999999999999', ("line-malformed", 4)),
        (b'"body":null', b'"body":' + b"[" * 100_000, ("line-malformed", 4)),
        (b'"body":null', b'"body":' + b" " * LINE_MAX_BYTES + b"null", ("line-too-long", 4)),
        (b"000Z", b"000+00:00", None),
        (b":01Z", b":01+00:00", ("line-not-canonical", 2)),
        (b"\n", b"\r\n", ("line-not-canonical", 1)),
        (b'{"format"', b'\xef\xbb\xbf{"format"', ("line-malformed", 1)),
        (b"hamkor-journal", b"another-journal", ("format-unknown", 1)),
        (b'"version":1', b'"version":2', ("format-unknown", 1)),
        (b'"version":1', b'"version":' + b"9" * 400, ("format-unknown", 1)),
        (b'"stream":"navruz-2027","entries"', b'"stream":"a b","entries"', ("stream-malformed", 1)),
        (b'"stream":"navruz-2027","entries"', b'"stream":"navruz-2028","entries"', ("stream-differs", 2)),
        (b'"entries":4', b'"entries":5', ("entries-missing", 5)),
        (b'"entries":4', b'"entries":-1', ("line-malformed", 1)),
    ]
    for old, new, expected in cases:
        wrong = content.replace(old, new, 1)
        assert (wrong == content) == (expected is None), old
        if expected is not None:
            error = assert_refused(wrong)
            assert (error.code, error.message.facts["line"]) == expected


def test_a_header_of_another_journal_is_found() -> None:
    content = GOLDEN.read_bytes()
    head_hash = import_lines(content).head.hash.encode()
    error = assert_refused(content.replace(head_hash, b"0" * 64, 1))
    assert (error.code, error.message.facts["line"]) == ("head-differs", 1)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_reason(content: bytes) -> None:
    assert_refused(content)


@settings(max_examples=100, deadline=None)
@given(tail=st.binary(max_size=200))
def test_any_lines_below_a_good_header_are_refused_with_a_reason(tail: bytes) -> None:
    header = GOLDEN.read_bytes().split(b"\n")[0]
    assert_refused(header + b"\n" + tail)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}", b"{}\n", b"null\n", b"[" * 100_000, b"x" * (LINE_MAX_BYTES + 1)]
)
def test_what_is_not_a_journal_is_refused(content: bytes) -> None:
    assert assert_refused(content).message.facts["line"] == 1
    with pytest.raises(HamkorError):
        list(read_lines(content))


def test_reading_without_verifying_still_refuses_what_is_not_an_entry() -> None:
    header = GOLDEN.read_bytes().split(b"\n")[0]
    with pytest.raises(HamkorError, match="line-malformed"):
        list(read_lines(header + b"\n{}\n"))


def test_only_the_whole_journal_of_a_head_is_exported() -> None:
    head, entries = lanterns.journal([[lantern("a"), lantern("b")]])
    for wrong in ([], entries[:1], entries[1:], [*entries, entries[1]]):
        with pytest.raises(HamkorError, match="head-differs"):
            export_lines(head, wrong)


def test_an_upper_case_salt_or_hash_is_another_byte() -> None:
    _, entries = lanterns.journal([[lantern("a")]])
    shouted = msgspec.structs.replace(entries[0], hash=entries[0].hash.upper())
    header = export_lines(lanterns.journal([[lantern("a")]])[0], entries).split(b"\n")[0]
    assert assert_refused(header + b"\n" + encode_line(shouted) + b"\n").code == "hash-differs"

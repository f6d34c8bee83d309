# SPDX-License-Identifier: Apache-2.0
"""JSON Lines: a journal as bytes that anyone can keep, pass on and verify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.journal.rules.chaining import Fault, Verified, find_problem
from hamkor.journal.rules.entries import (
    FORMAT_NAME,
    FORMAT_VERSION,
    LINE_MAX_BYTES,
    NUMBER_MAX,
    Entry,
    Head,
    empty_head,
    encode_line,
    head_of,
    is_stream,
)

LINE_PROBLEMS = {
    "line-not-canonical": N_("the line is not written as the format prescribes"),
    "line-too-long": N_("the line is too long"),
    "line-malformed": N_("the line cannot be read"),
    "line-unfinished": N_("the line does not end with a line feed"),
    "header-missing": N_("there is no header"),
    "format-unknown": N_("this is not a journal, or one of a version this program does not know"),
    "stream-malformed": N_("the id of the journal is malformed"),
    "entries-missing": N_("the file ends here, but its header promises other entries"),
}


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of an exported journal.

    Args:
        format: `hamkor-journal`.
        version: Version of the format.
        stream: Id of the journal.
        entries: How many lines follow.
        hash: Hash of the last entry.
    """

    format: str
    version: int
    stream: str
    entries: Annotated[int, Meta(ge=0, le=NUMBER_MAX)]
    hash: str


class Journal(Struct, frozen=True):
    """A whole journal, verified.

    Args:
        head: Where it ends.
        entries: All entries in order.
        withheld: Numbers of entries whose bodies are withheld.
    """

    head: Head
    entries: tuple[Entry, ...]
    withheld: tuple[int, ...]


_decode_header = msgspec.json.Decoder(Header).decode
_decode_entry = msgspec.json.Decoder(Entry).decode


def export_lines(head: Head, entries: Sequence[Entry]) -> bytes:
    """Returns a whole journal as JSON Lines: a header, then one line per entry, each ended by a line feed.

    Args:
        head: Where the journal ends.
        entries: All its entries, verified; bodies may be withheld.

    Raises:
        HamkorError: `head-differs`, when the entries are not those of the head.
    """
    end = head_of(entries[-1]) if entries else empty_head(head.stream)
    if end != head or len(entries) != head.number:
        raise Fault("head-differs", end.number).as_error()
    header = Header(FORMAT_NAME, FORMAT_VERSION, head.stream, len(entries), head.hash)
    lines = [encode_line(header), *map(encode_line, entries), b""]
    return b"\n".join(lines)


def import_lines(content: bytes) -> Journal:
    """Returns the journal, after verifying every byte of it.

    Args:
        content: A whole export.

    Raises:
        HamkorError: A code of `PROBLEMS` or `LINE_PROBLEMS`; its facts name the first wrong `line` (1 is the
            header) and entry `number` (0 for the header).
    """
    header, lines = _open(content)
    entries = tuple(_verified(header, lines))
    head = head_of(entries[-1]) if entries else empty_head(header.stream)
    return Journal(head, entries, tuple(entry.number for entry in entries if entry.salt is None))


def verify_lines(content: bytes) -> Verified:
    """Returns what was verified in an export, every byte of it, without keeping the entries.

    Args:
        content: A whole export.

    Raises:
        HamkorError: As `import_lines`.
    """
    header, lines = _open(content)
    withheld = [entry.number for entry in _verified(header, lines) if entry.salt is None]
    return Verified(header.entries, header.hash, tuple(withheld))


def read_lines(content: bytes) -> Iterator[Entry]:
    """Yields the entries of an export as they are read, without verifying them: for bytes already verified.

    Raises:
        HamkorError: A code of `LINE_PROBLEMS` for what is not a journal at all.
    """
    _, lines = _open(content)
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE_MAX_BYTES:
            raise _error("line-too-long", number)
        try:
            yield _decode_entry(line)
        except (ValueError, RecursionError) as error:
            raise _error("line-malformed", number) from error


def _open(content: bytes) -> tuple[Header, BytesIO]:
    """Returns the header and the lines of entries, each with its line feed."""
    lines = BytesIO(content)
    line = lines.readline()
    if not line:
        raise _error("header-missing", 0)
    return _read_header(line), lines


def _verified(header: Header, lines: Iterable[bytes]) -> Iterator[Entry]:
    """Yields each entry once its line is verified, and refuses an end that is not the header's."""
    above: Head | Entry = empty_head(header.stream)
    for line in lines:
        if len(line) > LINE_MAX_BYTES:
            raise _error("line-too-long", above.number + 1)
        try:
            entry = _decode_entry(line)
        except (ValueError, RecursionError) as error:
            raise _error("line-malformed", above.number + 1) from error
        text = encode_line(entry)
        code = find_problem(entry, text, above) if text + b"\n" == line else _name_spelling(line)
        if code is not None:
            raise _error(code, above.number + 1)
        yield entry
        above = entry
    if above.number != header.entries:
        raise _error("entries-missing", above.number)
    if above.hash != header.hash:
        raise _error("head-differs", 0)


def _name_spelling(line: bytes) -> str:
    return "line-not-canonical" if line.endswith(b"\n") else "line-unfinished"


def _read_header(line: bytes) -> Header:
    if len(line) > LINE_MAX_BYTES:
        raise _error("line-too-long", 0)
    try:
        header = _decode_header(line)
        is_canonical = encode_line(header) + b"\n" == line
    except (ValueError, RecursionError, OverflowError) as error:
        raise _error("line-malformed", 0) from error
    if header.format != FORMAT_NAME or header.version != FORMAT_VERSION:
        raise _error("format-unknown", 0)
    if not is_stream(header.stream):
        raise _error("stream-malformed", 0)
    if not is_canonical:
        raise _error(_name_spelling(line), 0)
    return header


def _error(code: str, number: int) -> HamkorError:
    """Returns the refusal of a file: entry n stands in line n + 1."""
    problem = LINE_PROBLEMS[code] if code in LINE_PROBLEMS else Fault(code, number).problem.template
    template = N_("Line {line}, entry {number}: {problem}.")
    return HamkorError(code, template, line=number + 1, number=number, problem=Message(problem))

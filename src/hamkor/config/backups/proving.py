# SPDX-License-Identifier: Apache-2.0
"""Proving the journals of an archive before anything is written: digests of a list show who wrote it last, no more."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from pathlib import Path

import msgspec

from hamkor.common.messages import N_
from hamkor.config.backups.archive import Manifest, table_member, unusable
from hamkor.journal.rules import Entry, Head, Verified, verify

ENTRIES = "journal_entry"
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_MEANINGS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_decode = msgspec.json.Decoder(Entry).decode


def prove_journals(path: Path, manifest: Manifest) -> None:
    """Verifies every journal in an archive from its first entry to the head the list tells.

    Args:
        path: The archive, read and compared with its list before.
        manifest: Its list.

    Raises:
        BackupUnusableError: ``backup-unusable``, naming the journal and its first wrong entry.
    """
    journals = _read_entries(path, manifest)
    heads = {head.stream: head for head in manifest.heads}
    for stream in sorted(heads.keys() | journals.keys()):
        told = heads.get(stream)
        entries = sorted(journals.get(stream, ()), key=lambda entry: entry.number)
        moment = entries[-1].at if entries else None
        head = None if told is None else Head(stream, told.number, told.hash, moment)
        found = None if head is None else verify(entries, head=head)
        if not isinstance(found, Verified):
            number = 1 if found is None else found.number
            raise unusable(
                path, N_("its journal {stream} is not whole at entry {number}"), stream=stream, number=number
            )


def _read_entries(path: Path, manifest: Manifest) -> dict[str, list[Entry]]:
    """Returns the entries by journal, read from the text the database wrote."""
    table = next((table for table in manifest.tables if table.name == ENTRIES), None)
    if table is None or "line" not in table.columns or "stream" not in table.columns:
        raise unusable(path, N_("it holds no journal"))
    place, stream_place = table.columns.index("line"), table.columns.index("stream")
    journals: dict[str, list[Entry]] = defaultdict(list)
    with zipfile.ZipFile(path) as archive, archive.open(table_member(ENTRIES)) as member:
        for row in member:
            values = row.rstrip(b"\n").split(b"\t")
            try:
                entry = _decode(_plain(values[place]))
                stream = _plain(values[stream_place]).decode()
            except (IndexError, ValueError) as error:
                raise unusable(path, N_("an entry of its journals cannot be read")) from error
            if stream != entry.stream:
                raise unusable(path, N_("an entry of its journals cannot be read"))
            journals[stream].append(entry)
    return journals


def _plain(value: bytes) -> bytes:
    """Returns a value of a row without the signs the database puts before what would end it.

    Source: PostgreSQL documentation, COPY, text format.
    """
    return _ESCAPED.sub(lambda found: _MEANINGS.get(found[1], found[1]), value)

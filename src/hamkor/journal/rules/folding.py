# SPDX-License-Identifier: Apache-2.0
"""The fold: from entries to documents, up to any number or moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules.documents import Changes, Documents, WorkingDocuments
from hamkor.journal.rules.entries import NUMBER_MAX, Entry, in_utc
from hamkor.journal.rules.facts import Fact, find_kind, get_fact_type

Until = int | datetime


def fold(
    entries: Iterable[Entry], until: Until | None = None, *, start: Documents | None = None
) -> Documents:
    """Returns the documents after the entries.

    Args:
        entries: Verified entries in order, from number 1 or from the one after `start`.
        until: Last number, or last moment (aware), to take into account; everything when None.
        start: Documents to go on from; none when None. They are not changed.

    Raises:
        HamkorError: `fact-type-unknown`, `entry-unreadable`, `entries-not-gapless` or `moment-naive`.

    Notes:
        Entries whose bodies are withheld change nothing; their numbers stand in `withheld` of the result.
    """
    working = WorkingDocuments()
    if start is not None:
        working.borrow(start)
        working.number = start.number
    withheld = [] if start is None else list(start.withheld)
    apply, number = working.apply, working.number
    for entry in take_until(entries, until):
        number += 1
        if entry.number != number:
            template = N_("Entry {found} stands where entry {number} was expected.")
            raise HamkorError("entries-not-gapless", template, found=entry.number, number=number)
        if entry.salt is None:
            withheld.append(number)
            continue
        fact = read_fact(entry)
        apply(fact.type.evolve(working, fact))
    working.number, working.withheld = number, tuple(withheld)
    return working.finished()


def take_until(entries: Iterable[Entry], until: Until | None) -> Iterable[Entry]:
    """Returns the entries up to a number or a moment, both included.

    Raises:
        HamkorError: `moment-naive`, when the moment has no time zone.
    """
    if until is None:
        return entries
    if isinstance(until, datetime):
        last_at, last_number = in_utc(until), NUMBER_MAX
    else:
        last_at, last_number = None, until
    return _take(entries, last_at=last_at, last_number=last_number)


def _take(entries: Iterable[Entry], *, last_at: datetime | None, last_number: int) -> Iterable[Entry]:
    for entry in entries:
        if entry.number > last_number or (last_at is not None and entry.at > last_at):
            return
        yield entry


def read_fact(entry: Entry) -> Fact[Any]:
    """Returns the fact of an entry whose body is not withheld.

    Raises:
        HamkorError: `fact-type-unknown`; `entry-unreadable`, when the body is withheld or does not suit its
            type.
    """
    fact_type = get_fact_type(entry.type)
    try:
        return Fact(fact_type, fact_type.decode(entry.raw_body))
    except (ValueError, RecursionError) as error:
        template = N_("Entry {number} cannot be read: {reason}")
        raise HamkorError("entry-unreadable", template, number=entry.number, reason=str(error)) from error


def evolve_entries(documents: Documents, entries: Sequence[Entry]) -> tuple[Changes, ...]:
    """Returns what each entry changes, each seen after those above it.

    Args:
        documents: The documents before the first entry; they are not changed.
        entries: Entries about to be appended.

    Raises:
        TypeError: An evolve function returned something that is not a document of a declared kind.

    Notes:
        The facts are read back from the entries, so that what a store keeps is what a fold will find.
    """
    result: list[Changes] = []
    working = WorkingDocuments()
    if len(entries) > 1:
        working.borrow(documents)
    for entry in entries:
        fact = read_fact(entry)
        changes = fact.type.evolve(working if result else documents, fact)
        for key, document in changes.items():
            _require_document(fact.type.name, key, document)
        result.append(changes)
        if len(entries) > 1:
            working.apply(changes)
    return tuple(result)


def _require_document(fact_name: str, key: tuple[str, object], document: Struct | None) -> None:
    kind, document_id = key
    declared = find_kind(kind)
    if declared is None:
        raise TypeError(f"{fact_name} changes documents of the undeclared kind {kind!r}")
    if not isinstance(document_id, str):
        raise TypeError(f"{fact_name} changes a {kind} whose id is not a string: {document_id!r}")
    if document is None:
        return
    own_id = kind if declared.is_single else getattr(document, "id", None)
    if not isinstance(document, declared.body) or own_id != document_id:
        raise TypeError(f"{fact_name} gives {document!r} as {kind} {document_id}")

# SPDX-License-Identifier: Apache-2.0
"""A small invented room: lanterns that are recorded, lit, moved together and removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st
from msgspec import Struct

from hamkor.common.ids import new_id
from hamkor.journal.rules import (
    Changes,
    Documents,
    Entry,
    Envelope,
    Fact,
    Head,
    chain,
    declare_document,
    declare_fact,
    empty_head,
    head_of,
)

START = datetime(2027, 3, 21, 13, 0, tzinfo=UTC)
STREAM = "navruz-2027"


class Lantern(Struct, frozen=True, omit_defaults=True):
    id: str
    name: str = ""
    light_lux: float | None = None
    marks: tuple[str, ...] = ()


class Lit(Struct, frozen=True):
    id: str
    light_lux: float


class Mixed(Struct, frozen=True):
    first: str
    second: str


LANTERN = declare_document("lantern", Lantern)


def _light(documents: Documents, fact: Fact[Lit]) -> Changes:
    lantern = documents.get(LANTERN, fact.body.id)
    if lantern is None:
        return {}
    return {("lantern", lantern.id): msgspec.structs.replace(lantern, light_lux=fact.body.light_lux)}


def _swap(documents: Documents, fact: Fact[Mixed]) -> Changes:
    first = documents.get(LANTERN, fact.body.first)
    second = documents.get(LANTERN, fact.body.second)
    if first is None or second is None:
        return {}
    return {
        ("lantern", first.id): msgspec.structs.replace(first, name=second.name),
        ("lantern", second.id): msgspec.structs.replace(second, name=first.name),
    }


LIT = declare_fact("lantern.lit.v1", Lit, _light)
SWAPPED = declare_fact("lantern.swapped.v1", Mixed, _swap)

IDS = st.sampled_from(["a", "b", "c", "d", "ў-1"])
FACTS = st.one_of(
    st.builds(
        Lantern,
        id=IDS,
        name=st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        light_lux=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        marks=st.lists(st.text('abc"\\\n,:{}', max_size=4), max_size=3).map(tuple),
    ).map(LANTERN.recorded),
    IDS.map(lambda lantern_id: LANTERN.removed(LANTERN.removed.body(lantern_id))),
    st.builds(Lit, id=IDS, light_lux=st.floats(0, 1e6)).map(LIT),
    st.builds(Mixed, first=IDS, second=IDS).map(SWAPPED),
)
COMMANDS = st.lists(st.lists(FACTS, max_size=4), max_size=8)


def envelope(number: int = 1, **changed: Any) -> Envelope:
    """An envelope one second later for each number, with an id that depends on the number only."""
    command_id = UUID(int=(0x0195B << 108) | (7 << 76) | (2 << 62) | number)
    given: dict[str, Any] = {"stream": STREAM, "command_id": command_id, "by": "person:p-17"}
    given |= {"at": START + timedelta(seconds=number), "agency": "iib", "cause": None}
    return Envelope(**(given | changed))


def fresh_envelope(**changed: Any) -> Envelope:
    return envelope(**({"command_id": new_id(START)} | changed))


def salts() -> Callable[[], bytes]:
    """Salts that are the same in every run."""
    numbers = count(1)
    return lambda: sha256(str(next(numbers)).encode()).digest()[:16]


def lantern(lantern_id: str = "a", **changed: Any) -> Fact[Lantern]:
    return LANTERN.recorded(Lantern(lantern_id, **changed))


def journal(commands: Sequence[Sequence[Fact[Any]]], stream: str = STREAM) -> tuple[Head, list[Entry]]:
    """The journal of commands sent one second after the other."""
    salt = salts()
    head, entries = empty_head(stream), list[Entry]()
    for number, facts in enumerate(commands, start=1):
        given = envelope(number, stream=stream, cause=head.number or None)
        entries += chain(head, facts, envelope=given, salts=[salt() for _ in facts])
        head = head_of(entries[-1]) if entries else head
    return head, entries

# SPDX-License-Identifier: Apache-2.0
"""Facts: what can happen, declared once with the pure function that says what it changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.rules.documents import Changes, Documents

B = TypeVar("B", bound=Struct)

_WORDS = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
_KIND = re.compile(_WORDS)
_FACT_NAME = re.compile(rf"({_WORDS})\.[a-z]+(?:_[a-z]+)*\.v[1-9][0-9]{{0,3}}")

_fact_types: dict[str, FactType[Any]] = {}
_kinds: dict[str, Kind[Any]] = {}
_identity = attrgetter("id")


class Fact(Struct, Generic[B], frozen=True):
    """Something that happened.

    Args:
        type: What kind of thing happened.
        body: What is known about it.
    """

    type: FactType[B]
    body: B


class FactType(Generic[B]):
    """A declared type of fact; calling it with a body makes a fact.

    Args:
        name: Noun, past participle and version: `duty.recorded.v1`.
        body: The struct of its bodies.
        evolve: Pure function from documents and fact to the changed documents.
        kind: Kind of document it is about.
    """

    __slots__ = ("body", "decode", "evolve", "kind", "name")

    def __init__(
        self, name: str, body: type[B], *, evolve: Callable[[Documents, Fact[B]], Changes], kind: str
    ) -> None:
        self.name = name
        self.body = body
        self.evolve = evolve
        self.kind = kind
        self.decode = msgspec.json.Decoder(body).decode

    def __call__(self, body: B) -> Fact[B]:
        """Returns a fact of this type.

        Raises:
            TypeError: The body is of another type.
        """
        if not isinstance(body, self.body):
            raise TypeError(f"{self.name} holds {self.body.__name__}, not {type(body).__name__}")
        return Fact(self, body)

    def __repr__(self) -> str:
        return f"<FactType {self.name}>"


class Kind(Generic[B]):
    """A declared kind of document.

    Args:
        kind: Its noun: `duty`.
        body: The struct of its documents.
        is_single: True when an event has one such document, whose id is the kind itself.
    """

    __slots__ = ("body", "is_single", "kind")

    def __init__(self, kind: str, body: type[B], *, is_single: bool = False) -> None:
        self.kind = kind
        self.body = body
        self.is_single = is_single

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.kind}>"


class Removed(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of every `<kind>.removed.v1`: the id of the document that is no more."""

    id: str


class DocumentKind(Kind[B]):
    """A kind of document with its two plain facts: recorded as a whole, and removed.

    Args:
        kind: Its noun: `duty`.
        body: The struct of its documents, which has an `id`.
        recorded: `<kind>.recorded.v1`, whose body is the document itself; replaces what was there.
        removed: `<kind>.removed.v1`, whose body is the id.
    """

    __slots__ = ("recorded", "removed")

    def __init__(
        self, kind: str, body: type[B], *, recorded: FactType[B], removed: FactType[Removed]
    ) -> None:
        super().__init__(kind, body)
        self.recorded = recorded
        self.removed = removed


def declare_fact(
    name: str,
    body: type[B],
    evolve: Callable[[Documents, Fact[B]], Changes],
    *,
    kind: str | None = None,
) -> FactType[B]:
    """Returns a new type of fact, known by its name from now on.

    Args:
        name: Noun, past participle and version: `duty.recorded.v1`. Bodies of one version are readable for
            ever; another meaning is another version.
        body: A frozen struct, written as a JSON object.
        evolve: Pure function: no clock, no database, no randomness. Returns (kind, id) -> new document, or
            None for one that is removed. A document it expects may be absent, because the body of the entry
            that made it was withheld: then it returns no change for it.
        kind: Kind of document it is about; the noun of the name when None.

    Raises:
        ValueError: The name is malformed or taken.
        TypeError: The body is not a frozen struct written as an object.
    """
    match = _FACT_NAME.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is not noun.past_participle.vN")
    if name in _fact_types:
        raise ValueError(f"{name} is declared already")
    _require_frozen_object(body)
    fact_type = FactType(name, body, evolve=evolve, kind=kind or match[1])
    _fact_types[name] = fact_type
    return fact_type


def declare_kind(kind: str, body: type[B]) -> Kind[B]:
    """Returns a new kind of document, changed only by facts declared with functions of their own.

    Args:
        kind: Its noun: `incident`.
        body: A frozen struct with an `id` (a string).

    Raises:
        ValueError: The kind is malformed or taken.
        TypeError: The body is not a frozen struct written as an object, or has no id.
    """
    _require_new_kind(kind, body)
    _require_id(body)
    return _register_kind(Kind(kind, body))


def declare_document(kind: str, body: type[B]) -> DocumentKind[B]:
    """Returns a new kind of document with the facts `<kind>.recorded.v1` and `<kind>.removed.v1`.

    Args:
        kind: Its noun: `duty`.
        body: A frozen struct with an `id` (a string).

    Raises:
        ValueError: The kind is malformed or taken.
        TypeError: The body is not a frozen struct written as an object, or has no id.
    """
    _require_new_kind(kind, body)
    _require_id(body)

    def record(_documents: Documents, fact: Fact[B]) -> Changes:
        return {(kind, _identity(fact.body)): fact.body}

    def remove(_documents: Documents, fact: Fact[Removed]) -> Changes:
        return {(kind, fact.body.id): None}

    recorded = declare_fact(f"{kind}.recorded.v1", body, record)
    removed = declare_fact(f"{kind}.removed.v1", Removed, remove)
    return _register_kind(DocumentKind(kind, body, recorded=recorded, removed=removed))


def declare_single(kind: str, body: type[B]) -> FactType[B]:
    """Returns `<kind>.recorded.v1` for a document of which an event has one, with the kind as its id.

    Args:
        kind: Its noun: `attendance`.
        body: A frozen struct; it needs no id.

    Raises:
        ValueError: The kind is malformed or taken.
        TypeError: The body is not a frozen struct written as an object.
    """

    def record(_documents: Documents, fact: Fact[B]) -> Changes:
        return {(kind, kind): fact.body}

    _require_new_kind(kind, body)
    recorded = declare_fact(f"{kind}.recorded.v1", body, record)
    _register_kind(Kind(kind, body, is_single=True))
    return recorded


def get_fact_type(name: str) -> FactType[Any]:
    """Returns the type of fact by its name.

    Raises:
        HamkorError: `fact-type-unknown`, when nothing by that name was declared.
    """
    try:
        return _fact_types[name]
    except KeyError:
        template = N_("This version does not know facts of the type {type}.")
        raise HamkorError("fact-type-unknown", template, type=name) from None


def list_fact_types() -> tuple[FactType[Any], ...]:
    """Returns every declared type of fact, sorted by name."""
    return tuple(_fact_types[name] for name in sorted(_fact_types))


def find_kind(kind: str) -> Kind[Any] | None:
    """Returns the declared kind of document, or None."""
    return _kinds.get(kind)


def list_kinds() -> tuple[Kind[Any], ...]:
    """Returns every declared kind of document, sorted by noun."""
    return tuple(_kinds[kind] for kind in sorted(_kinds))


K = TypeVar("K", bound=Kind[Any])


def _register_kind(kind: K) -> K:
    _kinds[kind.kind] = kind
    return kind


def _require_new_kind(kind: str, body: type[Struct]) -> None:
    if _KIND.fullmatch(kind) is None:
        raise ValueError(f"{kind!r} is not a noun in small letters")
    if kind in _kinds:
        raise ValueError(f"{kind} is declared already")
    _require_frozen_object(body)


def _require_id(body: type[Struct]) -> None:
    if "id" not in body.__struct_fields__:
        raise TypeError(f"{body.__name__} has no id")


def _require_frozen_object(body: type[Struct]) -> None:
    config = body.__struct_config__
    if not config.frozen or config.array_like:
        raise TypeError(f"{body.__name__} must be a frozen struct written as an object")

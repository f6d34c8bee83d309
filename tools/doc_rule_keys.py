# SPDX-License-Identifier: Apache-2.0
"""Which keys of an event folder a rule reads, found in the code of the rule and of everything it calls."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from types import FunctionType
from typing import Any, NamedTuple

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Finding, Found, Subject
from hamkor.checks.rules.registry import Rule
from hamkor.folder.keys import LAST_KEYS, list_keys
from hamkor.plans.rules.plan import PARTS
from hamkor.venues.rules.features import Venue

PLAIN = {*LAST_KEYS, "id", "name", "title", "value", "type", "features", "properties"}
FOLLOWED = (
    "hamkor.checks.",
    "hamkor.crowd.rules.connections",
    "hamkor.events.rules.",
    "hamkor.plans.rules.manning",
)
OUTSIDE_READING = (Found, Finding, Subject, Rule, Context)


class Reading(NamedTuple):
    """What one function or class reads itself, and what it uses."""

    names: frozenset[str]
    parts: frozenset[str]
    uses: tuple[Any, ...]


def keys_read(rule: Rule) -> dict[str, list[str]]:
    """Returns the keys a rule reads, by the part they stand in, in the order of the format."""
    readings = list(_reached(rule.check))
    names = {name for reading in readings for name in reading.names} - PLAIN
    read = {part for reading in readings for part in reading.parts}
    return {
        part: [key for key in keys if key in names] for part, keys in _keys_by_part().items() if part in read
    }


def _reached(check: Callable[..., Any]) -> Iterator[Reading]:
    """Yields what a function reads, and every function and class of the rooms followed that it uses, once each."""
    waiting: list[Any] = [check]
    seen: set[Any] = set()
    while waiting:
        item = waiting.pop()
        if item not in seen:
            seen.add(item)
            reading = _reading_of(item)
            yield reading
            waiting += reading.uses


@cache
def _reading_of(item: Any) -> Reading:
    tree = ast.parse(textwrap.dedent(inspect.getsource(item)))
    scope = vars(inspect.getmodule(item))
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used = [scope[name] for name in sorted(named) if _is_followed(scope.get(name))]
    members = _context_members(tree, names={"context", "self"} if _is_member(item) else {"context"})
    return Reading(frozenset(_attributes(tree)), frozenset(_parts_of_plan(tree)), (*used, *members))


@cache
def _keys_by_part() -> dict[str, list[str]]:
    bodies = {part.name: part.body for part in PARTS} | {"venue": Venue}
    return {part: _keys_below(body) for part, body in bodies.items()}


def _is_followed(item: Any) -> bool:
    if not isinstance(item, (FunctionType, type)) or item in OUTSIDE_READING:
        return False
    return item.__module__.startswith(FOLLOWED)


def _is_member(item: Any) -> bool:
    return getattr(item, "__qualname__", "").startswith(f"{Context.__name__}.")


def _context_members(tree: ast.AST, names: set[str]) -> Iterator[Any]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and any(_is_named(node.value, name) for name in names):
            member = vars(Context).get(node.attr)
            if isinstance(member, property):
                yield member.fget
            elif isinstance(member, cached_property):
                yield member.func
            elif isinstance(member, FunctionType):
                yield member


def _attributes(tree: ast.AST) -> Iterator[str]:
    """Yields the attributes read from anything but the context, and the names asked for as texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and not _is_named(node.value, "context"):
            yield node.attr.rstrip("_")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value


def _parts_of_plan(tree: ast.AST) -> Iterator[str]:
    """Yields the parts a piece of code takes from a plan: `plan.duties`, `context.event`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (_is_named(node.value, "plan") or node.attr == "event"):
            yield node.attr


def _is_named(node: ast.AST, name: str) -> bool:
    return getattr(node, "attr", None) == name or getattr(node, "id", None) == name


def _keys_below(body: type[Any]) -> list[str]:
    names: list[str] = []
    waiting = [body]
    seen = []
    while waiting:
        struct = waiting.pop(0)
        if struct in seen:
            continue
        seen.append(struct)
        for key in list_keys(struct):
            names.append(key.name)
            waiting += key.structs
    return list(dict.fromkeys(names))

# SPDX-License-Identifier: Apache-2.0
"""Every room has a card that is short and true."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "hamkor"
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
MOST_LINES = 40
HEADS = {
    "facts": "facts",
    "queries": "queries",
    "query": "queries",
    "commands": "commands",
    "command": "commands",
}
NAME = re.compile(r"`([A-Za-z_]\w*)(?:\([^`]*)?`")


def card(room: str) -> str:
    return (PACKAGE / room / "README.md").read_text(encoding="utf-8")


def told(room: str, wanted: str) -> set[str]:
    """Returns the names between backquotes in the paragraph of the card that begins with the word in bold."""
    names: set[str] = set()
    for paragraph in card(room).split("\n\n"):
        head = re.match(r"\*\*(?P<word>[A-Za-z]+)\W*\*\*", paragraph)
        if head is not None and HEADS.get(head["word"].lower()) == wanted:
            names |= set(NAME.findall(paragraph))
    return names


def public_functions(room: str, module: str) -> set[str]:
    """Returns the names of the functions a module of a room defines for others."""
    path = PACKAGE / room / f"{module}.py"
    if not path.exists():
        return set()
    tree = ast.parse(path.read_bytes())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_card_is_there_and_short(room: str) -> None:
    assert len(card(room).splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", ["queries", "commands"])
@pytest.mark.parametrize("room", ROOMS)
def test_a_card_tells_every_query_and_command(room: str, module: str) -> None:
    assert public_functions(room, module) <= told(room, module)


@pytest.mark.parametrize("module", ["facts", "queries", "commands"])
@pytest.mark.parametrize("room", ROOMS)
def test_a_card_names_nothing_that_does_not_exist(room: str, module: str) -> None:
    names = told(room, module)
    if names and (PACKAGE / room / f"{module}.py").exists():
        existing = vars(importlib.import_module(f"hamkor.{room}.{module}"))
        assert {name for name in names if name not in existing} == set()

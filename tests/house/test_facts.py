# SPDX-License-Identifier: Apache-2.0
"""Every type of fact is described in its room's card and kept readable for ever by a golden file."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hamkor.journal.rules import canonical, get_fact_type

PACKAGE = Path(__file__).parents[2] / "src" / "hamkor"
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/facts.py"))
# A fresh process, because other tests declare facts of their own.
_SCRIPT = """
import importlib, json, sys
from hamkor.journal.rules import list_fact_types
def own(room):
    before = {item.name for item in list_fact_types()}
    importlib.import_module(f"hamkor.{room}.facts")
    return sorted({item.name for item in list_fact_types()} - before)
rooms = sys.argv[1:]
print(json.dumps({room: own(room) for room in rooms}))
"""


def rooms_from_below() -> list[str]:
    """Returns the rooms with facts, lower ones first, so that each is imported before those that use it."""
    layers = re.findall(
        r'^  "([a-z |]+)",$', (PACKAGE.parents[1] / "pyproject.toml").read_text(), re.MULTILINE
    )
    order = [room for layer in reversed(layers) for room in layer.split(" | ")]
    return sorted(ROOMS, key=order.index)


def declared() -> dict[str, list[str]]:
    command = [sys.executable, "-c", _SCRIPT, *rooms_from_below()]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


FACTS = [(room, name) for room, names in declared().items() for name in names]
GOLDEN = sorted(
    path for room in ROOMS for path in (PACKAGE / room / "tests" / "golden").glob("*.v[0-9]*.json")
)


def golden_path(room: str, name: str) -> Path:
    return PACKAGE / room / "tests" / "golden" / f"{name}.json"


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def fact_of(path: Path) -> str:
    """Returns the fact of a golden file; `feature.recorded.v1.route.json` is one more body of the same."""
    return re.sub(r"(\.v[0-9]+)\..*", r"\1", path.name)


@pytest.mark.parametrize(("room", "name"), FACTS)
def test_a_fact_has_a_golden_file(room: str, name: str) -> None:
    assert golden_path(room, name).exists(), f"write a body of {name}, every field given, in one line"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_a_golden_body_is_read_and_written_as_the_same_bytes(path: Path) -> None:
    importlib.import_module(f"hamkor.{room_of(path)}.facts")
    content = path.read_bytes().rstrip(b"\n")
    assert canonical(get_fact_type(fact_of(path)).decode(content)) == content


def test_every_golden_file_belongs_to_a_fact_that_exists() -> None:
    names = {f"{room}/{name}" for room, name in FACTS}
    told = {f"{room_of(path)}/{fact_of(path)}" for path in GOLDEN}
    assert told <= names


@pytest.mark.parametrize(("room", "name"), FACTS)
def test_a_fact_is_told_in_the_card_of_its_room(room: str, name: str) -> None:
    """The name itself, or for the two plain facts of a document its noun beside `<noun>.recorded.v1`."""
    card = (PACKAGE / room / "README.md").read_text(encoding="utf-8")
    noun, _, rest = name.partition(".")
    assert f"`{name}`" in card or (f"`{noun}`" in card and f"`<noun>.{rest}`" in card)

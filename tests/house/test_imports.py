# SPDX-License-Identifier: Apache-2.0
"""What the import contracts of pyproject.toml cannot say: which files of another room may be imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "hamkor"
PUBLIC = {"rules", "facts", "commands", "queries"}
OPEN_ROOMS = {
    "common": "its modules are its public face",
    "printing": "each of its modules makes one kind of paper",
    "pages": "its modules are what all pages share",
    "config": "only cli stands above it",
}
WIRING = {"config": "it puts an installation together, from whatever the rooms have"}
ALLOWED = {
    (
        "cli/devices.py",
        "hamkor.telemetry.simulating",
    ): "devices that do not exist are for the command line and drills",
    ("cli/devices.py", "hamkor.workspace.stores"): "one process has one set of stores",
    ("cli/recording.py", "hamkor.journal.memory"): "the edge of the program chooses the store",
    ("console/opening.py", "hamkor.workspace.carrying"): "files come and go in one way",
    (
        "console/opening.py",
        "hamkor.workspace.event_page",
    ): "the console is a page of an event, opened as all others",
    (
        "console/opening.py",
        "hamkor.workspace.exports",
    ): "who takes restricted data is written down in one way",
    ("console/opening.py", "hamkor.workspace.kept"): "what was made of an entry is kept once in a process",
    ("console/opening.py", "hamkor.workspace.stores"): "one process has one set of stores",
    ("console/opening.py", "hamkor.workspace.streaming"): "answers that do not end are given in one way",
    (
        "telemetry/receiving/waiting.py",
        "hamkor.journal.live",
    ): "the process that takes readings in follows journals",
    ("workspace/stores.py", "hamkor.journal.live"): "the one module that opens the stores of a process",
    ("workspace/stores.py", "hamkor.journal.postgres"): "as above",
    ("workspace/stores.py", "hamkor.journal.vault"): "as above",
    ("workspace/views/roles.py", "hamkor.agencies.forms"): "a page of people that needs an event around it",
    ("workspace/views/roles.py", "hamkor.agencies.views"): "as above",
}
# People are rows of a table: who is signed in is one of them.
OF_EVERYBODY = "hamkor.agencies.models"


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def foreign_imports(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yields (file, room, module) for every import of another room."""
    place = path.relative_to(PACKAGE)
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] == "hamkor" and len(parts) > 2 and parts[1] != place.parts[0]:
            yield place.as_posix(), parts[1], ".".join(parts[:3])


def code_paths() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if "tests" not in path.relative_to(PACKAGE).parts]


def test_only_rules_facts_commands_and_queries_of_another_room_are_imported() -> None:
    wrong = {
        f"{file} imports {module}"
        for path in code_paths()
        for file, room, module in foreign_imports(path)
        if room not in OPEN_ROOMS
        if file.split("/")[0] not in WIRING
        if module.split(".")[2] not in PUBLIC
        if module != OF_EVERYBODY
        if (file, module) not in ALLOWED
    }
    assert not wrong


def test_every_allowed_import_is_still_there() -> None:
    seen = {(file, module) for path in code_paths() for file, _room, module in foreign_imports(path)}
    assert set(ALLOWED) <= seen

# SPDX-License-Identifier: Apache-2.0
"""The guide to the command line tells every command, option and exit status."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from hamkor.cli import edge
from hamkor.cli.app import app

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "command-line.md").read_text(encoding="utf-8")
STATUSES = {name: value for name, value in vars(edge).items() if name.startswith("STATUS_")}


def commands(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


COMMANDS = dict(commands(app, "hamkor"))


def section(command: str) -> str:
    """Returns what the guide says below the heading of a command."""
    _, heading, rest = GUIDE.partition(f"\n## {command}\n")
    assert heading, f"the guide has no heading `## {command}`"
    return rest.partition("\n## ")[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_guide_tells_a_command_with_its_options(command: str) -> None:
    text = section(command)
    assert f"{command} " in text or command in text
    options = {
        option
        for parameter in COMMANDS[command].params
        for option in (parameter.opts if isinstance(parameter, click.Option) else ())
        if option.startswith("--") and option not in {"--lang", "--help"}
    }
    assert {option for option in options if option not in text} == set()


def test_the_guide_tells_of_no_command_that_does_not_exist() -> None:
    told = {line.removeprefix("## ") for line in GUIDE.splitlines() if line.startswith("## hamkor")}
    assert told == set(COMMANDS)


@pytest.mark.parametrize("name", STATUSES)
def test_the_guide_tells_every_exit_status(name: str) -> None:
    assert f"| {STATUSES[name]} |" in GUIDE

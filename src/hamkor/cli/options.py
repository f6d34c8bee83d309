# SPDX-License-Identifier: Apache-2.0
"""Arguments and options shared by the commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from hamkor.cli.edge import speak
from hamkor.cli.language import N_, default_language, spoken
from hamkor.common.i18n import LANGUAGES
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE

Command = TypeVar("Command", bound=Callable[..., Any] | click.Command)


def _speak(_context: click.Context, _parameter: click.Parameter, language: str) -> str:
    speak(language)
    return language


folder_argument = click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default=default_language,
    callback=_speak,
    is_eager=True,
    help=spoken(N_("Language of the texts.")),
)
profile_option = click.option(
    "--profile",
    default=DEFAULT_PROFILE,
    show_default=True,
    help=spoken(N_("Flow profile that decides; see `hamkor profiles`.")),
)
output_option = click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help=spoken(N_("File to write; standard output if not given.")),
)


def output_file(what: str) -> Callable[[Command], Command]:
    """Returns the option for a file that must be named, with what is written to it."""
    return click.option(
        "--output", "-o", required=True, type=click.Path(path_type=Path, dir_okay=False), help=what
    )

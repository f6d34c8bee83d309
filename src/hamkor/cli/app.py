# SPDX-License-Identifier: Apache-2.0
"""The command `hamkor`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hamkor import __version__
from hamkor.cli import catalogues, checking, journals, making
from hamkor.cli.edge import run
from hamkor.cli.language import N_, spoken

app = typer.Typer(
    name="hamkor",
    help=spoken(
        N_("Checks the plan of a mass event: what would hurt people, with the number, limit and source.")
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(value: bool) -> None:  # noqa: FBT001 - the signature typer calls
    if value:
        sys.stdout.write(f"hamkor {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: bool = typer.Option(
        False,
        "--version",
        callback=_show_version,
        is_eager=True,
        help=spoken(N_("Show the version and stop.")),
    ),
) -> None:
    """Options of the whole program."""


checking.register(app)
making.register(app)
catalogues.register(app)
journals.register(app)


def main() -> None:
    """Runs the command line and leaves with its status."""
    sys.exit(run(lambda: app(standalone_mode=True)))

# SPDX-License-Identifier: Apache-2.0
"""`hamkor journal`: the record that proves itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hamkor.cli.edge import STATUS_RED, speak
from hamkor.cli.language import N_, say, spoken
from hamkor.cli.options import FolderArgument, LanguageOption, OutputOption
from hamkor.common.errors import HamkorError

journal = typer.Typer(
    name="journal", help=spoken(N_("The record of an event: export it, prove it.")), no_args_is_help=True
)


@journal.command("export", help=spoken(N_("Write the plan's journal as JSON Lines.")))
def export(path: FolderArgument, language: LanguageOption, output: OutputOption = None) -> None:
    """Writes the journal of a plan."""
    speak(language)
    from hamkor.cli.recording import record_folder

    recorded = record_folder(path)
    if output is None:
        sys.stdout.buffer.write(recorded.lines)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(recorded.lines)
    _tell(
        N_("{count} entries written to {path}. Head: {hash}"),
        language,
        recorded.number,
        recorded.hash,
        output,
    )


@journal.command(
    "verify", help=spoken(N_("Prove that a journal is whole. Status 1 names the first wrong entry."))
)
def verify(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=spoken(N_("A journal in JSON Lines.")))],
    language: LanguageOption,
) -> None:
    """Verifies a journal file."""
    speak(language)
    from hamkor.journal.rules import verify_lines

    try:
        content = path.read_bytes()
    except OSError as error:
        raise HamkorError(
            "unreadable", N_("{path} cannot be read: {reason}."), path=str(path), reason=error.strerror or ""
        ) from None
    try:
        verified = verify_lines(content)
    except HamkorError as error:
        sys.stderr.write(error.message.render(language) + "\n")
        raise typer.Exit(STATUS_RED) from None
    _tell(
        N_("{count} entries in {path} are whole. Head: {hash}"),
        language,
        verified.number,
        verified.hash,
        path,
    )
    if verified.withheld:
        words = say(
            N_("Withheld bodies, chain still proven: {numbers}"), language, numbers=list(verified.withheld)
        )
        sys.stdout.write(words + "\n")


def _tell(text: str, language: str, count: int, digest: str, path: Path) -> None:
    sys.stdout.write(say(text, language, count=count, hash=digest, path=str(path)) + "\n")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(journal)

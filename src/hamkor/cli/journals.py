# SPDX-License-Identifier: Apache-2.0
"""`hamkor journal`: the record that proves itself."""

from __future__ import annotations

from pathlib import Path

import click

from hamkor.cli.edge import STATUS_OK, STATUS_RED, tell_error
from hamkor.cli.language import N_, say, spoken
from hamkor.cli.options import folder_argument, language_option, output_option
from hamkor.common.errors import HamkorError


@click.group("journal", help=spoken(N_("The record of an event: export it, prove it.")))
def journal() -> None:
    """Holds the commands of the journal."""


@journal.command("export", help=spoken(N_("Write the plan's journal as JSON Lines.")))
@folder_argument
@language_option
@output_option
def export(path: Path, *, language: str, output: Path | None) -> None:
    """Writes the journal of a plan."""
    from hamkor.cli.recording import record_folder

    recorded = record_folder(path)
    if output is None:
        click.echo(recorded.lines, nl=False)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(recorded.lines)
    text = N_("{count} entries written to {path}. Head: {hash}")
    click.echo(say(text, language, count=recorded.number, hash=recorded.hash, path=str(output)))


@journal.command(
    "verify", help=spoken(N_("Prove that a journal is whole. Status 1 names the first wrong entry."))
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@language_option
def verify(file: Path, *, language: str) -> int:
    """Verifies a journal file and returns its exit status."""
    from hamkor.journal.rules import verify_lines

    content = file.read_bytes()
    try:
        verified = verify_lines(content)
    except HamkorError as error:
        tell_error(error)
        return STATUS_RED
    text = N_("{count} entries in {path} are whole. Head: {hash}")
    click.echo(say(text, language, count=verified.number, hash=verified.hash or "", path=str(file)))
    if verified.withheld:
        words = N_("Withheld bodies, chain still proven: {numbers}")
        click.echo(say(words, language, numbers=list(verified.withheld)))
    return STATUS_OK


def register(app: click.Group) -> None:
    """Adds the commands."""
    app.add_command(journal)

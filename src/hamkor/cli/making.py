# SPDX-License-Identifier: Apache-2.0
"""`hamkor new`, `hamkor report` and `hamkor map`: folders and papers."""

from __future__ import annotations

from pathlib import Path

import click

from hamkor.cli.language import N_, say, spoken
from hamkor.cli.options import folder_argument, language_option, output_file, profile_option
from hamkor.common.errors import HamkorError

MAP_SUFFIXES = (".svg", ".png")


@click.command("new", help=spoken(N_("Make an event folder with comments to fill in.")))
@folder_argument
@click.option("--name", help=spoken(N_("Name of the event.")))
@click.option("--kind", help=spoken(N_("Kind of event, such as concert_pop.")))
@language_option
def new(path: Path, *, name: str | None, kind: str | None, language: str) -> None:
    """Makes a commented event folder."""
    from hamkor.folder.commands import write_skeleton

    written = write_skeleton(path, name=name, language=language, kind=kind)
    text = N_("{count} files written to {path}. Fill them in, then run: hamkor check {path}")
    click.echo(say(text, language, count=len(written), path=str(path)))


@click.command("report", help=spoken(N_("Print the plan as PDF, with its journal beside it.")))
@folder_argument
@output_file(spoken(N_("PDF file to write.")))
@profile_option
@language_option
def report(path: Path, *, output: Path, profile: str, language: str) -> None:
    """Prints the tactical-coordination plan as PDF, with its journal beside it."""
    _require_suffix(output, (".pdf",))
    from hamkor.checks.queries import check_plan
    from hamkor.cli.progress import working
    from hamkor.cli.recording import record_folder
    from hamkor.printing.plan_pdf import plan_pdf

    with working(N_("Reading and checking"), language):
        recorded = record_folder(path)
        checked = check_plan(recorded.plan, profile_id=profile)
    with working(N_("Setting the pages"), language):
        content = plan_pdf(recorded.plan, checked, language, head_hash=recorded.hash)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(content)
    output.with_suffix(".jsonl").write_bytes(recorded.lines)
    text = N_("{path} written; its journal of {count} entries stands beside it.")
    click.echo(say(text, language, count=recorded.number, path=str(output)))


@click.command("map", help=spoken(N_("Draw the venue with its findings as SVG or PNG.")))
@folder_argument
@output_file(spoken(N_("SVG or PNG file to write.")))
@profile_option
@language_option
def draw_map(path: Path, *, output: Path, profile: str, language: str) -> None:
    """Draws the venue with its findings."""
    _require_suffix(output, MAP_SUFFIXES)
    from hamkor.checks.queries import check_plan
    from hamkor.folder.queries import read_folder
    from hamkor.printing.map_svg import venue_map_png, venue_map_svg

    plan = read_folder(path)
    checked = check_plan(plan, profile_id=profile)
    output.parent.mkdir(parents=True, exist_ok=True)
    if output.suffix.lower() == ".svg":
        output.write_text(venue_map_svg(plan, checked.findings, language), encoding="utf-8")
    else:
        output.write_bytes(venue_map_png(plan, checked.findings, language))
    click.echo(say(N_("{path} written."), language, path=str(output)))


def _require_suffix(output: Path, allowed: tuple[str, ...]) -> None:
    if output.suffix.lower() not in allowed:
        raise HamkorError(
            "wrong-suffix", N_("{path} must end in {allowed}."), path=str(output), allowed=list(allowed)
        )


def register(app: click.Group) -> None:
    """Adds the commands."""
    for command in (new, report, draw_map):
        app.add_command(command)

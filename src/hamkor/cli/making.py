# SPDX-License-Identifier: Apache-2.0
"""`hamkor new`, `hamkor report` and `hamkor map`: folders and papers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hamkor.cli.edge import speak
from hamkor.cli.language import N_, say, spoken
from hamkor.cli.options import FolderArgument, LanguageOption, ProfileOption
from hamkor.common.errors import HamkorError
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE

MAP_SUFFIXES = (".svg", ".png")


def new(
    path: Annotated[Path, typer.Argument(metavar="PATH", help=spoken(N_("Folder to make.")))],
    language: LanguageOption,
    name: Annotated[str | None, typer.Option("--name", help=spoken(N_("Name of the event.")))] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help=spoken(N_("Kind of event, such as concert_pop.")))
    ] = None,
) -> None:
    """Makes a commented event folder."""
    speak(language)
    from hamkor.folder.skeleton import write_skeleton

    written = write_skeleton(path, name=name, language=language, kind=kind)
    _tell(
        N_("{count} files written to {path}. Fill them in, then run: hamkor check {path}"),
        language,
        len(written),
        path,
    )


def report(
    path: FolderArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help=spoken(N_("PDF file to write.")))],
    language: LanguageOption,
    profile: ProfileOption = DEFAULT_PROFILE,
) -> None:
    """Prints the tactical-coordination plan as PDF, with its journal beside it."""
    speak(language)
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
    journal_path = output.with_suffix(".jsonl")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(content)
    journal_path.write_bytes(recorded.lines)
    _tell(
        N_("{path} written; its journal of {count} entries stands beside it."),
        language,
        recorded.number,
        output,
    )


def draw_map(
    path: FolderArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help=spoken(N_("SVG or PNG file to write.")))],
    language: LanguageOption,
    profile: ProfileOption = DEFAULT_PROFILE,
) -> None:
    """Draws the venue with its findings."""
    speak(language)
    _require_suffix(output, MAP_SUFFIXES)
    from hamkor.checks.queries import check_plan
    from hamkor.folder.queries import read_folder
    from hamkor.printing.map_svg import venue_map_png, venue_map_svg

    plan = read_folder(path)
    checked = check_plan(plan, profile_id=profile)
    output.parent.mkdir(parents=True, exist_ok=True)
    if output.suffix == ".svg":
        output.write_text(venue_map_svg(plan, checked.findings, language), encoding="utf-8")
    else:
        output.write_bytes(venue_map_png(plan, checked.findings, language))
    _tell(N_("{path} written."), language, 1, output)


def _require_suffix(output: Path, allowed: tuple[str, ...]) -> None:
    if output.suffix.lower() not in allowed:
        raise HamkorError(
            "wrong-suffix",
            N_("{path} must end in {allowed}."),
            path=str(output),
            allowed=list(allowed),
        )


def _tell(text: str, language: str, count: int, path: Path) -> None:
    sys.stdout.write(say(text, language, count=count, path=str(path)) + "\n")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("new", help=spoken(N_("Make an event folder with comments to fill in.")))(new)
    app.command("report", help=spoken(N_("Print the plan as PDF, with its journal beside it.")))(report)
    app.command("map", help=spoken(N_("Draw the venue with its findings as SVG or PNG.")))(draw_map)

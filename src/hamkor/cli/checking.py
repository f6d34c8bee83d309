# SPDX-License-Identifier: Apache-2.0
"""`hamkor check`: read a folder, say what is wrong with the plan."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hamkor.cli.edge import STATUS_RED, speak
from hamkor.cli.language import N_, spoken
from hamkor.cli.options import (
    FolderArgument,
    FormatChoice,
    LanguageOption,
    OutputOption,
    ProfileOption,
)
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE

if TYPE_CHECKING:
    from hamkor.checks.queries import Report


def check(
    path: FolderArgument,
    language: LanguageOption,
    form: Annotated[
        FormatChoice, typer.Option("--format", help=spoken(N_("Form of the output.")))
    ] = FormatChoice.table,
    profile: ProfileOption = DEFAULT_PROFILE,
    output: OutputOption = None,
) -> None:
    """Checks a plan. Status 0: nothing red; 1: something red; 2: the input cannot be used."""
    speak(language)
    from hamkor.checks.queries import check_plan
    from hamkor.folder.queries import read_folder

    report = check_plan(read_folder(path), profile_id=profile)
    if form is FormatChoice.table and output is None:
        _print_table(report, language)
    else:
        _write(_as_text(report, form, language), output)
    if report.count("red"):
        raise typer.Exit(STATUS_RED)


def _print_table(report: Report, language: str) -> None:
    from rich.console import Console

    from hamkor.printing.findings_table import findings_table

    console = Console(highlight=False)
    console.print(findings_table(report, language))


def _as_text(report: Report, form: FormatChoice, language: str) -> str:
    if form is FormatChoice.json:
        import msgspec

        from hamkor.printing.findings_json import report_as_json

        return (
            msgspec.json.format(msgspec.json.encode(report_as_json(report, language)), indent=2).decode()
            + "\n"
        )
    if form is FormatChoice.sarif:
        import msgspec

        from hamkor.printing.findings_sarif import report_as_sarif

        return (
            msgspec.json.format(msgspec.json.encode(report_as_sarif(report, language)), indent=2).decode()
            + "\n"
        )
    if form is FormatChoice.html:
        from hamkor.printing.findings_html import findings_html

        return findings_html(report, language)
    if form is FormatChoice.md:
        from hamkor.printing.findings_markdown import findings_markdown

        return findings_markdown(report, language)
    return _plain_table(report, language)


def _plain_table(report: Report, language: str) -> str:
    from io import StringIO

    from rich.console import Console

    from hamkor.printing.findings_table import findings_table

    text = StringIO()
    Console(file=text, width=110, highlight=False).print(findings_table(report, language))
    return text.getvalue()


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        "check", help=spoken(N_("Check a plan. Status 0: nothing red; 1: something red; 2: input unusable."))
    )(check)

# SPDX-License-Identifier: Apache-2.0
"""`hamkor check`: read a folder, say what is wrong with the plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hamkor.cli.edge import STATUS_OK, STATUS_RED
from hamkor.cli.language import N_, spoken
from hamkor.cli.options import folder_argument, language_option, output_option, profile_option

if TYPE_CHECKING:
    from hamkor.checks.queries import Report

FORMS = ("table", "json", "sarif", "html", "md")
FILE_WIDTH = 110


@click.command(
    "check", help=spoken(N_("Check a plan. Status 0: nothing red; 1: something red; 2: input unusable."))
)
@folder_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="table",
    show_default=True,
    help=spoken(N_("Form of the output.")),
)
@profile_option
@language_option
@output_option
def check(path: Path, *, form: str, profile: str, language: str, output: Path | None) -> int:
    """Checks a plan and returns its exit status."""
    from hamkor.checks.queries import check_plan
    from hamkor.folder.queries import read_folder
    from hamkor.folder.rules import FolderUnusableError
    from hamkor.printing.findings_json import unusable_as_json

    try:
        plan = read_folder(path)
    except FolderUnusableError as error:
        if form == "json":
            _write(_indented(unusable_as_json(error, language)), output)
        raise
    report = check_plan(plan, profile_id=profile)
    if form == "table":
        _print_table(report, language, output)
    else:
        _write(_as_text(report, form, language, folder=path), output)
    return STATUS_RED if report.count("red") else STATUS_OK


def _print_table(report: Report, language: str, output: Path | None) -> None:
    from rich.console import Console

    from hamkor.printing.findings_table import findings_table

    if output is None:
        Console(highlight=False).print(findings_table(report, language))
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w", encoding="utf-8") as file:
        Console(file=file, width=FILE_WIDTH, highlight=False).print(findings_table(report, language))


def _as_text(report: Report, form: str, language: str, *, folder: Path) -> str:
    if form == "json":
        from hamkor.printing.findings_json import report_as_json

        return _indented(report_as_json(report, language))
    if form == "sarif":
        from hamkor.printing.findings_sarif import report_as_sarif

        return _indented(report_as_sarif(report, language, folder))
    if form == "html":
        from hamkor.printing.findings_html import findings_html

        return findings_html(report, language)
    from hamkor.printing.findings_markdown import findings_markdown

    return findings_markdown(report, language)


def _indented(value: dict[str, Any]) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")


def register(app: click.Group) -> None:
    """Adds the command."""
    app.add_command(check)

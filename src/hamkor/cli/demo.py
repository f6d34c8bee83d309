# SPDX-License-Identifier: Apache-2.0
"""`hamkor demo`: the server with an invented event, or the papers of the examples."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamkor.cli.edge import STATUS_OK
from hamkor.cli.language import N_, say, spoken
from hamkor.cli.options import language_option
from hamkor.common.errors import HamkorError

if TYPE_CHECKING:
    from rich.console import Console

    from hamkor.checks.queries import Report

MAIN_EXAMPLE = "navruz-2027"
MOST_AMBER = 3
NEXT = (
    (N_("the server, with this event half planned"), "{hamkor} demo"),
    (N_("one event in full"), "{hamkor} check {example}"),
    (N_("why a rule exists"), "{hamkor} explain NECK-001"),
    (N_("a folder of your own"), "{hamkor} new my-event"),
    (N_("proof that a record is whole"), "{hamkor} journal verify {journal}"),
    (N_("in another language"), "{hamkor} demo --papers --lang ru"),
)


@click.command(
    "demo", help=spoken(N_("Show Hamkor with an invented event: the server, until stopped, or papers."))
)
@click.option("--papers", is_flag=True, help=spoken(N_("Only check the examples and write their papers.")))
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out/demo"),
    show_default=True,
    help=spoken(N_("Folder for the papers.")),
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help=spoken(N_("Folder to keep the demonstration in; thrown away if not given.")),
)
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=8000,
    show_default=True,
    help=spoken(N_("Port to listen at, or the next free one.")),
)
@language_option
def demo(*, papers: bool, output: Path, keep: Path | None, port: int, language: str) -> int:
    """Runs a server with an invented event until stopped, or writes the papers of the examples."""
    if papers:
        return _show_papers(output, language)
    from hamkor.cli.serving import require_server

    require_server()
    from hamkor.config.demonstration import run_demonstration

    run_demonstration(_find_examples() / MAIN_EXAMPLE, keep=keep, port=port, language=language)
    return STATUS_OK


def _show_papers(output: Path, language: str) -> int:
    """Checks every example, prints what was found in short and writes its papers; a red example is no failure."""
    from rich.console import Console

    from hamkor.cli.progress import working

    folders = _example_folders(_find_examples())
    console = Console(highlight=False, markup=False)
    for folder in folders:
        with working(N_("Checking the examples"), language):
            report = _check(folder)
        _print_findings(console, report, language)
        with working(N_("Writing the papers"), language):
            _write_papers(folder, report, output / folder.name, language)
    _print_papers(console, [output / folder.name for folder in folders], language)
    _print_next(console, folders[0], output / folders[0].name, language)
    return STATUS_OK


def _find_examples() -> Path:
    """Returns the folder `examples` of where one stands, of a parent, or of the source the program runs from."""
    here = Path.cwd()
    for base in (here, *here.parents, Path(__file__).parents[3]):
        if _example_folders(base / "examples"):
            return base / "examples"
    raise HamkorError(
        "examples-missing",
        N_("There is no folder `examples` with events here. Run this in a copy of Hamkor's source."),
    )


def _example_folders(examples: Path) -> list[Path]:
    """Returns the event folders, the main example first."""
    found = {path.parent for pattern in ("*", "cases/*") for path in examples.glob(f"{pattern}/event.yaml")}
    return sorted(found, key=lambda path: (path.name != MAIN_EXAMPLE, path.parent != examples, path.name))


def _check(folder: Path) -> Report:
    from hamkor.checks.queries import check_plan
    from hamkor.folder.queries import read_folder

    return check_plan(read_folder(folder))


def _print_findings(console: Console, report: Report, language: str) -> None:
    """Prints the name of the event, the counts, every red finding and the first amber ones, one line each."""
    from rich.table import Table
    from rich.text import Text

    from hamkor.printing import shown
    from hamkor.printing.cards import cards_of, summary_line
    from hamkor.printing.findings_table import STYLES

    console.rule(style="dim")
    console.print(Text(shown.say(report.plan.event.name, language), style="bold"))
    console.print(summary_line(report, language))
    left = {"red": len(report.findings), "amber": MOST_AMBER, "info": 0}
    grid = Table.grid(padding=(0, 1))
    for card in cards_of(report, language):
        severity = card.finding.severity
        left[severity] -= 1
        if left[severity] >= 0:
            label = Text(f"  {card.shape} {card.finding.rule}", style=STYLES[severity], no_wrap=True)
            grid.add_row(label, Text(card.message))
    console.print(grid)
    hidden = -sum(min(0, number) for number in left.values())
    if hidden:
        console.print(Text("    " + say(N_("… and {count} more"), language, count=hidden), style="dim"))


def _write_papers(folder: Path, report: Report, target: Path, language: str) -> None:
    """Writes the findings as a page and the map; for the main example also the plan to sign and its journal."""
    from hamkor.cli.recording import record_folder
    from hamkor.printing.findings_html import findings_html
    from hamkor.printing.map_svg import venue_map_svg

    target.mkdir(parents=True, exist_ok=True)
    (target / "findings.html").write_text(findings_html(report, language), encoding="utf-8")
    (target / "map.svg").write_text(venue_map_svg(report.plan, report.findings, language), encoding="utf-8")
    if folder.name == MAIN_EXAMPLE:
        from hamkor.printing.plan_pdf import plan_pdf

        recorded = record_folder(folder)
        pdf = plan_pdf(recorded.plan, report, language, head_hash=recorded.hash)
        (target / "plan.pdf").write_bytes(pdf)
        (target / "journal.jsonl").write_bytes(recorded.lines)


def _print_papers(console: Console, targets: list[Path], language: str) -> None:
    console.rule(style="dim")
    console.print(say(N_("Papers written:"), language), style="bold")
    for target in targets:
        names = ", ".join(sorted(path.name for path in target.iterdir()))
        console.print(f"  {target}: {names}", soft_wrap=True)


def _print_next(console: Console, example: Path, papers: Path, language: str) -> None:
    values = {
        "hamkor": "hamkor" if shutil.which("hamkor") else _shortest(Path(sys.argv[0])),
        "example": _shortest(example),
        "journal": papers / "journal.jsonl",
    }
    console.print()
    console.print(say(N_("What to try next:"), language), style="bold")
    for what, command in NEXT:
        console.print(f"  {command.format(**values)}   # {say(what, language)}", soft_wrap=True)
    note = N_("These texts are in the language {code}; HAMKOR_LANG or --lang changes it.")
    console.print()
    console.print(say(note, language, code=language), style="dim")


def _shortest(path: Path) -> Path:
    here = Path.cwd()
    return path.absolute().relative_to(here) if path.absolute().is_relative_to(here) else path


def register(app: click.Group) -> None:
    """Adds the command."""
    app.add_command(demo)

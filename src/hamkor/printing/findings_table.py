# SPDX-License-Identifier: Apache-2.0
"""Findings on a terminal of any width, readable without colour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from hamkor.checks.queries import Report
from hamkor.checks.rules.findings import SEVERITIES
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.printing.cards import (
    DISCLAIMER,
    SEVERITY_MEANINGS,
    SHAPES,
    Card,
    cards_of,
    profile_name,
    summary_line,
)
from hamkor.printing.findings_markdown import numbers_line
from hamkor.printing.shown import period, say, words_of

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

STYLES = {"red": "bold red", "amber": "bold yellow", "info": "bold blue"}
WIDE_COLUMNS = 110
TEXT_COLUMNS_MAX = 132


class FindingsTable:
    """A report that lays itself out to the width of the terminal it is printed on.

    Args:
        report: What a check found.
        language: One of the four languages.
    """

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.language = language

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yields heading, findings by severity, and the closing line."""
        is_wide = options.max_width >= WIDE_COLUMNS
        cards = cards_of(self.report, self.language)
        yield self._heading()
        for severity in SEVERITIES:
            chosen = [card for card in cards if card.finding.severity == severity]
            if chosen:
                yield Text()
                yield self._group_heading(severity, len(chosen))
            for card in chosen:
                yield Text()
                yield self._wide(card) if is_wide else self._narrow(card)
        yield Text()
        yield from self._closing()

    def _heading(self) -> Text:
        event = self.report.plan.event
        when = period(event.starts_at, event.ends_at, self.language)
        return Text.assemble((say(event.name, self.language), "bold"), f"  {when}")

    def _group_heading(self, severity: str, count: int) -> Rule:
        meaning = translate(SEVERITY_MEANINGS[severity], self.language)
        title = Text(f"{SHAPES[severity]} {meaning} ({count})", style=STYLES[severity])
        return Rule(title, align="left", characters="─", style="dim")

    def _label(self, card: Card) -> Text:
        style = STYLES[card.finding.severity]
        return Text.assemble((f"{card.shape} {card.word} ", style), (card.finding.rule, "bold"))

    def _wide(self, card: Card) -> Padding:
        grid = Table.grid(padding=(0, 2), expand=False)
        grid.add_column(width=max(16, len(card.word) + 11), overflow="fold")
        grid.add_column(width=30, overflow="fold")
        grid.add_column(overflow="fold", max_width=TEXT_COLUMNS_MAX)
        grid.add_row(self._label(card), self._numbers(card), self._body(card))
        return Padding(grid, (0, 0, 0, 1))

    def _numbers(self, card: Card) -> Group:
        lines = [Text(card.subject, style="bold", overflow="fold")]
        if card.measured:
            lines.append(Text(card.measured, style=STYLES[card.finding.severity], overflow="fold"))
        if card.limit:
            lines.append(Text(words_of(N_("limit {limit}"), self.language, limit=card.limit)))
        if card.ratio:
            lines.append(Text(words_of(N_("ratio {ratio}"), self.language, ratio=card.ratio)))
        return Group(*lines)

    def _narrow(self, card: Card) -> Group:
        head = Text.assemble(self._label(card), "  ", (card.subject, "bold"), overflow="fold")
        numbers = numbers_line(card, self.language)
        rows: list[RenderableType] = [head]
        if numbers:
            rows.append(Padding(Text(numbers, overflow="fold"), (0, 0, 0, 2)))
        rows.append(Padding(self._body(card), (0, 0, 0, 2)))
        return Group(*rows)

    def _body(self, card: Card) -> Group:
        quiet = [text for text in (*card.assumptions, card.robustness) if text]
        quiet.append(words_of(N_("Source: {sources}"), self.language, sources="; ".join(card.sources)))
        return Group(
            Text(card.title, style="bold", overflow="fold"),
            Text(card.message, overflow="fold"),
            Text(f"→ {card.action}", style="green", overflow="fold"),
            *(Text(text, style="dim", overflow="fold") for text in quiet),
        )

    def _closing(self) -> Iterator[RenderableType]:
        yield Rule(characters="─", style="dim")
        yield Text(summary_line(self.report, self.language), style="bold")
        profile = profile_name(self.report.profile)
        yield Text(words_of(N_("Flow profile: {profile}."), self.language, profile=profile))
        yield Text(translate(DISCLAIMER, self.language), style="dim")


def findings_table(report: Report, language: str) -> FindingsTable:
    """Returns the report as something rich prints at the width of the terminal.

    Args:
        report: What a check found.
        language: One of the four languages.
    """
    return FindingsTable(report, language)

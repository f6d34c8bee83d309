# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io

import pytest
from rich.console import Console

from hamkor.checks.queries import Report
from hamkor.common.i18n import LANGUAGES
from hamkor.printing.findings_markdown import escaped, findings_markdown
from hamkor.printing.findings_table import findings_table
from hamkor.printing.tests.plans import bare_plan, hostile_plan, rich_report


def _printed(report: Report, width: int, language: str = "en") -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False, no_color=True, highlight=False)
    console.print(findings_table(report, language))
    text: str = console.file.getvalue()  # type: ignore[attr-defined] # it is a StringIO
    return text


@pytest.mark.parametrize("width", [60, 79, 80, 100, 109, 110, 140, 200])
@pytest.mark.parametrize("language", LANGUAGES)
def test_table_keeps_inside_the_terminal(width: int, language: str) -> None:
    lines = _printed(rich_report(), width, language).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= width


@pytest.mark.parametrize("width", [60, 80, 110, 200])
def test_table_loses_no_word(width: int) -> None:
    text = _printed(rich_report(), width)
    flat = " ".join(text.split())
    for needed in ("ENT-003", "West screening", "limit 19 200 people/h", "ratio 1.06", "…"):
        assert (needed in flat) == (needed != "…"), needed
    words = set(flat.split())
    for sentence in ("Add 3 lanes or open at 15:30.", "Cabinet of Ministers resolution 205,"):
        assert set(sentence.split()) <= words


def test_table_says_severity_by_shape_and_word() -> None:
    text = _printed(rich_report(), 100)
    assert "◆ red ENT-003" in text
    assert "▲ amber CAP-002" in text
    assert "● info PLAN-001" in text
    assert "Findings: 2 red, 2 amber, 1 info." in text


def test_table_of_nothing_says_so() -> None:
    assert "No findings" in _printed(Report(bare_plan(), "green-guide-2018", ()), 80)


def test_names_cannot_drive_the_terminal() -> None:
    text = _printed(rich_report(hostile_plan()), 100)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>alert('x')</script>" in " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_holds_every_finding(language: str) -> None:
    text = findings_markdown(rich_report(), language)
    for rule in ("ENT-003", "DUTY-001", "CAP-002", "EGR-001", "PLAN-001"):
        assert rule in text
    assert text.startswith("# ")


def test_markdown_shows_names_as_they_are() -> None:
    text = findings_markdown(rich_report(hostile_plan()), "en")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "\\*b\\*" in text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a_b*c", "a\\_b\\*c"),
        ("[x](http://y)", "\\[x\\]\\(http\u200b://y\\)"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("`|#", "\\`\\|\\#"),
        ("Gate 1. North-west", "Gate 1. North-west"),
    ],
)
def test_markdown_escapes(given: str, shown: str) -> None:
    assert escaped(given) == shown

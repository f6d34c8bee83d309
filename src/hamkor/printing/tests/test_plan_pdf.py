# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from hamkor.checks.queries import Report, check_plan
from hamkor.common.i18n import LANGUAGES
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.printing.map_svg import venue_picture
from hamkor.printing.plan_pdf import plan_as_data, plan_pdf
from hamkor.printing.sections.blocks import breakable
from hamkor.printing.sections.duties import role_letters
from hamkor.printing.tests.plans import bare_plan, hostile_plan, plan_of, rich_plan, rich_report

HASH = "0123456789abcdef" * 4


def _words(content: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return " ".join(" ".join(pages).replace("\u2060", "").replace("\u200b", "").split())


def _data(plan: Plan, report: Report) -> dict[str, Any]:
    return plan_as_data(plan, report, "en", None, picture=venue_picture(plan, report.findings, "en", 700))


def test_plan_says_everything() -> None:
    report = rich_report()
    words = _words(plan_pdf(report.plan, report, "en", HASH))
    for needed in (
        "Navruz 2027 concert",
        "21.03.2027 18:00–22:30",
        "Bahor Concerts LLC",
        "National Guard",
        "Signature",
        "two owners",
        "no owner",
        "Inspect exits",
        "Walk-through detector",
        "Crush at the stage",
        "Please take one step back.",
        "TETRA 1",
        "stop the show",
        "The metro closes at 22:30.",
        "ENT-003",
        "20 400 people/h",
        "competent person decides",
        "01234567 89abcdef",
        "page 2 of",
    ):
        assert needed in words, needed


@pytest.mark.parametrize("language", LANGUAGES)
def test_plan_is_printed_in_every_language(language: str) -> None:
    report = rich_report()
    words = _words(plan_pdf(report.plan, report, language, None))
    names = {"uz": "Navroʻz 2027 konserti", "uz-Cyrl": "Наврўз 2027 концерти", "ru": "Концерт «Навруз-2027»"}
    assert names.get(language, "Navruz 2027 concert") in words


def test_the_bare_plan_says_what_is_not_known() -> None:
    plan = bare_plan()
    words = _words(plan_pdf(plan, Report(plan, "green-guide-2018", ()), "en"))
    assert words.count("not known") > 10
    assert words.count("Not known: what was given of the plan does not say.") >= 15
    assert "no hash" in words


def test_a_complete_plan_says_what_is_not_in_it() -> None:
    plan = bare_plan(extent="complete")
    assert "Not in the plan." in _words(plan_pdf(plan, Report(plan, "green-guide-2018", ()), "en"))


def test_hostile_texts_are_printed_as_they_are() -> None:
    plan = hostile_plan()
    words = _words(plan_pdf(plan, rich_report(plan), "en", HASH))
    assert "#set text(red) $x$" in words
    assert "<script>alert('x')</script>" in words


@pytest.mark.parametrize("part", [part.name for part in PARTS if part.name != "event"])
def test_every_part_has_a_section(part: str) -> None:
    ids = {section["id"] for section in _data(rich_plan(), rich_report())["sections"]}
    assert part in ids or part == "attendance"


def test_no_cell_is_blank() -> None:
    def blanks(block: dict[str, Any]) -> list[Any]:
        return [row for row in block["rows"] if any(not cell["text"].strip() for cell in row)]

    for plan in (rich_plan(), _hollow_plan()):
        data = _data(plan, Report(plan, "green-guide-2018", ()))
        tables = [b for s in data["sections"] for b in s["blocks"] if b["type"] == "table"]
        assert not [blanks(block) for block in tables if blanks(block)]
        facts = [b for s in data["sections"] for b in s["blocks"] if b["type"] == "facts"]
        assert all(value.strip() for block in facts for _, value in block["rows"])


def _hollow_plan() -> Plan:
    """A plan in which every part exists and almost nothing in it is known."""
    titled = {"id": "x", "title": "X"}
    return plan_of(
        event={"format": "hamkor-event-1", "id": "e", "name": "E", "kind": "fair"},
        attendance={}, legal={"waivers": [{"id": "w", "rule": "R"}], "certificate": {"state": "none"}},
        people=[{"id": "p", "agency": "org"}], duties=[{"id": "d", "phase": "conduct"}],
        tasks=[{**titled, "phase": "conduct"}], posts=[{**titled, "role": "gate"}],
        staffing=[{"id": "f", "role": "guard"}], means=[{**titled, "sort": "radio"}],
        communications={"channels": [{"id": "c", "sort": "radio"}], "links": [{"id": "l", "between": []}]},
        hazards=[{"id": "h"}], contingencies=[titled], stop=[{"id": "s", "holder": "somebody", "may": []}],
        warnings=[{"id": "w", "text": "T"}], force=[{"id": "f", "measure": "dogs"}],
        segregation=[{"id": "g", "groups": {}}],
        inspections=[{"id": "i", "subject": "S", "field": "fire", "result": "not_done"}],
        history=[titled], medical={}, sanitation={}, weather={}, effects=[{"id": "e", "sort": "gas"}],
    )  # fmt: skip


def test_a_hollow_plan_is_printed() -> None:
    plan = _hollow_plan()
    assert "not known" in _words(plan_pdf(plan, check_plan(plan), "en"))


def test_endless_words_and_texts_stay_on_the_page() -> None:
    plan = plan_of(
        event={"format": "hamkor-event-1", "id": "e", "name": "N" * 300, "kind": "fair"},
        warnings=[{"id": "w", "text": "word " * 700, "answer": "x" * 3000}],
    )
    words = _words(plan_pdf(plan, Report(plan, "green-guide-2018", ()), "en"))
    assert words.count("word") >= 700
    assert words.count("x") >= 3000


def test_the_same_plan_gives_the_same_bytes() -> None:
    report = rich_report()
    assert plan_pdf(report.plan, report, "uz", HASH) == plan_pdf(report.plan, report, "uz", HASH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_of_roles_differ(language: str) -> None:
    assert len(set(role_letters(language).values())) == 3


def test_long_words_may_break_and_ranges_may_not() -> None:
    assert breakable("14:00–15:00") == "14:00–\u206015:00"
    assert breakable({"a": ["x" * 30]})["a"][0].count("\u200b") == 2
    assert breakable("20\u00a0400\u00a0people per metre") == "20\u00a0400\u00a0people per metre"

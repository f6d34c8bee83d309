# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from hamkor.checks.queries import Report, check_plan
from hamkor.common.i18n import LANGUAGES, translate
from hamkor.plans.rules.plan import Plan
from hamkor.printing.map_svg import venue_picture
from hamkor.printing.plan_docx import LANGUAGE_TAGS, plan_docx
from hamkor.printing.plan_pdf import plan_as_data
from hamkor.printing.sections.signed import DRAFT_LINE
from hamkor.printing.tests.certificates import certificate
from hamkor.printing.tests.plans import bare_plan, hostile_plan, rich_report

QUIET_KEYS = {"type", "tone", "align", "role", "severity", "id", "band", "drawings", "bar"}


def _open(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def _text(document: Any) -> str:
    """All words of the body in order."""
    lines = ("".join(node.text or " " for node in paragraph.iter(qn("w:t"), qn("w:br")))
             for paragraph in document.element.body.iter(qn("w:p")))  # fmt: skip
    return " ".join(" ".join(lines).split())


def _strings(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, str) and key not in QUIET_KEYS:
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _strings(item, name)
    elif isinstance(value, list) and key not in QUIET_KEYS:
        for item in value:
            yield from _strings(item, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_docx_says_all_that_the_paper_says(language: str) -> None:
    report = rich_report()
    given = certificate()
    text = _text(_open(plan_docx(report.plan, report, language, certificate=given)))
    picture = venue_picture(report.plan, report.findings, language, 780)
    data = plan_as_data(report.plan, report, language, None, picture=picture, certificate=given)
    at = 0
    for section in data["sections"]:
        at = text.index(section["title"], at)
        for block in section["blocks"]:
            wanted = dict(block)
            for name in wanted.keys() & {"legend", "bands"}:  # beside words they hold names of colours
                wanted[name] = [words[-1] for words in block[name]]
            missing = [words for words in _strings(wanted) if " ".join(words.split()) not in text]
            assert missing == []


def test_pages_are_numbered_and_headed() -> None:
    report = rich_report()
    document = _open(plan_docx(report.plan, report, "ru", certificate=certificate(is_final=False)))
    for page in document.sections:
        assert translate(DRAFT_LINE, "ru") in " ".join(p.text for p in page.header.paragraphs)
        assert not page.different_first_page_header_footer
        fields = [field.get(qn("w:instr")) for field in page.footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]
    assert len({page.orientation for page in document.sections}) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_set(language: str) -> None:
    plan = bare_plan()
    document = _open(plan_docx(plan, Report(plan, "green-guide-2018", ()), language))
    (tag,) = {node.get(qn("w:val")) for node in document.styles.element.iter(qn("w:lang"))}
    assert tag == LANGUAGE_TAGS[language]
    assert document.core_properties.title == "Bare"


def test_headings_tables_and_pictures_can_be_read_out() -> None:
    report = rich_report()
    document = _open(plan_docx(report.plan, report, "en", certificate=certificate()))
    levels = [int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading ")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    with_heads = [t for t in document.tables if t.rows[0]._tr.find(qn("w:trPr")) is not None]
    assert sum(table._tbl.find(f".//{qn('w:tblHeader')}") is not None for table in with_heads) > 15
    described = [node.get("descr") for node in document.element.body.iter(qn("wp:docPr"))]
    assert len(described) >= 3
    assert all(described)


def test_contents_lead_to_every_section() -> None:
    report = rich_report()
    document = _open(plan_docx(report.plan, report, "uz"))
    links = [node.get(qn("w:anchor")) for node in document.element.body.iter(qn("w:hyperlink"))]
    marks = {node.get(qn("w:name")) for node in document.element.body.iter(qn("w:bookmarkStart"))}
    assert links
    assert set(links) <= marks


@pytest.mark.parametrize("make", [bare_plan, hostile_plan])
def test_hollow_and_hostile_plans_are_written(make: Any) -> None:
    plan: Plan = make()
    content = plan_docx(plan, check_plan(plan), "uz-Cyrl")
    assert _text(_open(content))
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not [name for name in names if "external" in name.lower() or "vba" in name.lower()]

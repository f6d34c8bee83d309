# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import pytest
from pypdf import PdfReader

from hamkor.checks.rules.findings import Subject
from hamkor.common.i18n import LANGUAGES, translate
from hamkor.printing.plan_pdf import plan_pdf
from hamkor.printing.qr import CodeTooLongError, qr_png, qr_svg
from hamkor.printing.sections.names import Names
from hamkor.printing.sections.signed import DRAFT, DRAFT_LINE, grouped, local_moment
from hamkor.printing.tests.certificates import AT, HASH, certificate
from hamkor.printing.tests.plans import HOSTILE, bare_plan, rich_report


def _pages(content: bytes) -> list[str]:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return [" ".join(page.replace("\u2060", "").replace("\u200b", "").split()) for page in pages]


def test_a_code_is_a_picture_without_strangers() -> None:
    root = ET.fromstring(qr_svg(certificate().code_text))  # noqa: S314 - made here
    assert root.tag.endswith("svg")
    assert qr_png("x").startswith(b"\x89PNG")
    with pytest.raises(CodeTooLongError, match="code-too-long"):
        qr_svg("x" * 1001)


def test_the_code_holds_address_and_hash() -> None:
    assert certificate().code_text == f"https://hamkor.example/verify/0199f2ac#{HASH}"
    assert certificate(verify_url="https://x/#a").code_text == f"https://x/#a&{HASH}"


def test_an_acceptance_is_found_by_rule_and_subject() -> None:
    given = certificate()
    assert given.find_acceptance("ENT-003", Subject("turnstiles", "t1")) is not None
    assert given.find_acceptance("CAP-002", Subject("area", "pit")) is not None
    assert given.find_acceptance("CAP-002", Subject("area", "other")) is None
    assert given.find_acceptance("CAP-001", Subject("area", "pit")) is None


def test_moments_are_told_in_the_time_of_the_event() -> None:
    assert local_moment(AT, Names(bare_plan(), "en")) == "01.03.2027 14:30"
    assert local_moment(AT, Names(bare_plan(time_zone="Nowhere/At_all"), "en")) == "01.03.2027 09:30 UTC"


@pytest.mark.parametrize("language", LANGUAGES[1::2])
def test_a_final_plan_bears_its_signatures(language: str) -> None:
    report = rich_report()
    pages = _pages(plan_pdf(report.plan, report, language, certificate=certificate()))
    text = " ".join(pages)
    assert translate(DRAFT_LINE, language) not in text
    assert text.count("A second row was added") == 2  # beside the finding and on the page of signatures
    assert "The way out is narrow" in pages[-1] + pages[-2]
    assert "No answer in time" in text
    assert grouped(HASH)[:17] in text


@pytest.mark.parametrize("language", LANGUAGES[::2])
def test_a_draft_says_so_on_every_page(language: str) -> None:
    report = rich_report()
    pages = _pages(plan_pdf(report.plan, report, language, certificate=certificate(is_final=False)))
    assert len(pages) > 5
    for page in pages:
        assert translate(DRAFT_LINE, language) in page
        assert translate(DRAFT, language).upper() in page


def test_names_in_a_certificate_are_no_markup() -> None:
    report = rich_report()
    hostile = certificate(event_name=HOSTILE, version=HOSTILE, verify_url=HOSTILE)
    assert "#set text(red)" in " ".join(_pages(plan_pdf(report.plan, report, "en", certificate=hostile)))


def test_a_certificate_without_signatures_is_printed() -> None:
    plan = bare_plan()
    report = rich_report(plan)
    empty = certificate(signatures=(), accepted_findings=(), overrides=())
    assert "No agency was asked yet." in " ".join(_pages(plan_pdf(plan, report, "en", certificate=empty)))

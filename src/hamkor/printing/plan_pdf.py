# SPDX-License-Identifier: Apache-2.0
"""The tactical coordination plan on paper."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.checks.queries import Report
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.printing.map_svg import Picture, venue_picture
from hamkor.printing.qr import qr_svg
from hamkor.printing.sections import care, past, risks, venue
from hamkor.printing.sections.blocks import Section, breakable
from hamkor.printing.sections.duties import duties_section
from hamkor.printing.sections.front import event_section, people_section, title_page
from hamkor.printing.sections.names import Names
from hamkor.printing.sections.papers import legal_section
from hamkor.printing.sections.signed import HASH_GROUP, certificate_data, grouped, signatures_section
from hamkor.printing.sections.work import work_sections
from hamkor.printing.shown import say
from hamkor.printing.signatures import Certificate
from hamkor.printing.typesetting import compile_pdf

MAP_WIDTH_PX = 780
TYPST_LANGUAGES = {"uz": "uz", "uz-Cyrl": "uz", "ru": "ru", "en": "en"}


def plan_pdf(
    plan: Plan,
    report: Report,
    language: str,
    head_hash: str | None = None,
    *,
    certificate: Certificate | None = None,
) -> bytes:
    """Returns the whole plan as a PDF to be signed, agency by agency.

    Args:
        plan: The plan.
        report: What the check found in it.
        language: One of the four languages.
        head_hash: Hash of the last entry of the event's record, printed on every page; None when there is none.
        certificate: Signatures and state of the plan; its hash is printed when it is given.
    """
    picture = venue_picture(plan, report.findings, language, MAP_WIDTH_PX)
    data = plan_as_data(plan, report, language, head_hash, picture=picture, certificate=certificate)
    document = breakable(data)
    drawings = {f"map{index}": svg for index, svg in enumerate(picture.svgs)}
    if certificate is not None:
        drawings["code"] = qr_svg(certificate.code_text)
    return compile_pdf("plan.typ", data=msgspec.json.encode(document).decode(), **drawings)


def plan_as_data(
    plan: Plan,
    report: Report,
    language: str,
    head_hash: str | None,
    *,
    picture: Picture,
    certificate: Certificate | None = None,
) -> dict[str, Any]:
    """Returns the texts of the printed plan, page by page, as plain data: what every form of it lays out."""
    names = Names(plan, language)
    head_hash = head_hash if certificate is None else certificate.head_hash
    return {
        "language": TYPST_LANGUAGES[language],
        "title": title_page(plan, report, names, certificate),
        "certificate": None if certificate is None else certificate_data(certificate, names),
        "contents": translate(N_("Contents"), language),
        "sections": [
            item for item in _sections(plan, report, names, (picture, certificate)) if item["blocks"]
        ],
        "unknown": names.unknown(),
        "running": say(plan.event.name, language),
        "page": translate(N_("page {page} of {pages}"), language),
        "hash": _hash_line(head_hash, language),
        "record": {
            "title": translate(N_("Record"), language),
            "text": _record_text(head_hash, language),
            "hash": grouped(head_hash) if head_hash else "",
        },
    }


def _sections(
    plan: Plan, report: Report, names: Names, shown: tuple[Picture, Certificate | None]
) -> list[Section]:
    picture, certificate = shown
    signatures = [] if certificate is None else [signatures_section(certificate, names)]
    return [
        event_section(plan, names),
        legal_section(plan, names),
        people_section(plan, names),
        duties_section(plan, names),
        *work_sections(plan, names),
        *venue.venue_sections(plan, names, picture),
        risks.hazards_section(plan, names),
        risks.contingencies_section(plan, names),
        risks.stop_section(plan, names),
        care.communications_section(plan, names),
        care.medical_section(plan, names),
        care.sanitation_section(plan, names),
        care.weather_section(plan, names),
        care.effects_section(plan, names),
        care.force_section(plan, names),
        care.segregation_section(plan, names),
        past.warnings_section(plan, names),
        past.inspections_section(plan, names),
        past.history_section(plan, names),
        past.findings_section(report, names, certificate),
        *signatures,
    ]


def _hash_line(head_hash: str | None, language: str) -> str:
    if head_hash is None:
        return translate(N_("not taken from a record"), language)
    word = translate(N_("record"), language)
    return f"{word} {head_hash[: 2 * HASH_GROUP]}"


def _record_text(head_hash: str | None, language: str) -> str:
    if head_hash is None:
        return translate(
            N_(
                "This plan was printed from an event folder, not from a record: there is no hash by which a later "
                "change could be noticed."
            ),
            language,
        )
    return translate(
        N_(
            "This plan was printed from the record that ends with the hash below. Whoever keeps this paper can prove "
            "whether the record was changed afterwards."
        ),
        language,
    )

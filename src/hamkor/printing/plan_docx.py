# SPDX-License-Identifier: Apache-2.0
"""The tactical coordination plan as DOCX: the same content, order and words as on paper."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from hamkor.checks.queries import Report
from hamkor.plans.rules.plan import Plan
from hamkor.printing.cards import SHAPES
from hamkor.printing.map_svg import map_png, venue_picture
from hamkor.printing.plan_docx_blocks import Layout, turn_page
from hamkor.printing.plan_docx_marks import (
    INK,
    SMALL_PT,
    add_bookmark,
    add_field,
    add_link,
    add_text,
    align_right,
    set_language,
)
from hamkor.printing.plan_pdf import MAP_WIDTH_PX, plan_as_data
from hamkor.printing.qr import qr_png
from hamkor.printing.signatures import Certificate

LANGUAGE_TAGS = {"uz": "uz-Latn-UZ", "uz-Cyrl": "uz-Cyrl-UZ", "ru": "ru-RU", "en": "en-GB"}
FONT = "Arial"
"""On every machine, with ʻ ў қ ғ ҳ; fonts cannot be put into the file by the library."""
PICTURE_WIDTH_PX = 1560
APPROVAL_SHARES = (3, 3, 2, 1.6)
SIZES_PT = {1: 14.0, 2: 10.5}


def plan_docx(
    plan: Plan,
    report: Report,
    language: str,
    head_hash: str | None = None,
    *,
    certificate: Certificate | None = None,
) -> bytes:
    """Returns the whole plan as DOCX; arguments as for `hamkor.printing.plan_pdf.plan_pdf`."""
    picture = venue_picture(plan, report.findings, language, MAP_WIDTH_PX)
    data = plan_as_data(plan, report, language, head_hash, picture=picture, certificate=certificate)
    pictures = {f"map{index}": map_png(svg, PICTURE_WIDTH_PX) for index, svg in enumerate(picture.svgs)}
    if certificate is not None:
        pictures["code"] = qr_png(certificate.code_text)
    document = _new_document(data, LANGUAGE_TAGS[language], certificate)
    remark = data["certificate"]["code_remark"] if certificate else ""
    layout = Layout(document, data["unknown"], pictures, remark)
    _add_title(layout, data)
    _add_contents(document, data)
    is_wide = False
    for number, section in enumerate(data["sections"], 1):
        if section["wide"] != is_wide:
            is_wide = section["wide"]
            turn_page(document, is_wide=is_wide)
        heading = layout.heading(section["title"], 1)
        heading.paragraph_format.page_break_before = section["starts_page"] or None
        add_bookmark(heading, f"section{number}", number)
        for block in section["blocks"]:
            layout.show(block)
    if is_wide:
        turn_page(document, is_wide=False)
    _add_record(layout, data["record"])
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _new_document(data: dict[str, Any], language: str, certificate: Certificate | None) -> Any:
    document = docx.Document()
    set_language(document, language)
    properties = document.core_properties
    properties.title, properties.author, properties.language = data["title"]["event"], "Hamkor", language
    properties.subject, properties.comments = data["title"]["kind"], ""
    if certificate is not None:
        properties.created = properties.modified = certificate.at.replace(tzinfo=None)
    else:
        properties.created = properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001 - a file without a moment
    _set_styles(document)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(17)
    page.top_margin, page.bottom_margin = Mm(22), Mm(18)
    page.header_distance = page.footer_distance = Mm(9)
    _set_running(page, data)
    return document


def _set_styles(document: Any) -> None:
    names = ["Normal", "Title", *(f"Heading {level}" for level in SIZES_PT)]
    for name in names:
        style = document.styles[name]
        style.font.name = FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in [key for key in fonts.attrib if "Theme" in key]:
            del fonts.attrib[key]  # a theme's font would win over the one that is named
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        style.font.color.rgb = RGBColor.from_string(INK)
    document.styles["Normal"].font.size = Pt(9)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Title"].font.size = Pt(22)
    line = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if line is not None:
        document.styles["Title"].element.pPr.remove(line)
    for level, size_pt in SIZES_PT.items():
        style = document.styles[f"Heading {level}"]
        style.font.size, style.font.bold = Pt(size_pt), True
        style.paragraph_format.keep_with_next = True


def _set_running(page: Any, data: dict[str, Any]) -> None:
    """Sets what stands at the head and foot of every page; a draft says so on each of them."""
    certificate = data["certificate"]
    version = f" · {certificate['version']}" if certificate else ""
    head = page.header.paragraphs[0]
    if certificate and certificate["draft"]:
        mark = page.header.add_paragraph()
        add_text(mark, f"◆ {certificate['draft_line']}", bold=True, tone="red", size_pt=11)
    add_text(head, f"{data['running']} · {data['title']['kind']}{version}", tone="quiet", size_pt=SMALL_PT)
    foot = page.footer.paragraphs[0]
    add_text(foot, f"Hamkor · {data['hash']} · ", tone="quiet", size_pt=SMALL_PT)
    for piece in re.split(r"(\{pages?\})", data["page"]):
        if piece in {"{page}", "{pages}"}:
            add_field(foot, "PAGE" if piece == "{page}" else "NUMPAGES")
        elif piece:
            add_text(foot, piece, tone="quiet", size_pt=SMALL_PT)
    align_right(foot)


def _add_title(layout: Layout, data: dict[str, Any]) -> None:
    title, certificate = data["title"], data["certificate"]
    version = f" · {certificate['version']}" if certificate else ""
    layout.paragraph(title["kind"] + version, bold=True, tone="good")
    layout.document.add_paragraph(title["event"], style="Title")
    if certificate:
        layout.code()
    layout.facts(title["facts"])
    for count in title["counts"]:
        line = layout.document.add_paragraph()
        tone = count["severity"]
        add_text(line, f"{SHAPES[tone]} {count['count']} {count['word']}", bold=True, tone=tone)
        add_text(line, f" · {count['meaning']}", tone="quiet")
    layout.paragraph(f"{title['disclaimer']} {title['profile']}", tone="quiet", small=True)
    approvals = title["approvals"]
    layout.heading(approvals["title"], 1)
    layout.paragraph(approvals["remark"], tone="quiet", small=True)
    rows = [[*row, "", ""][: len(APPROVAL_SHARES)] for row in approvals["rows"]]
    layout.grid(approvals["columns"], APPROVAL_SHARES, rows)


def _add_contents(document: Any, data: dict[str, Any]) -> None:
    """Adds the contents as links: page numbers would have to be counted by the program that shows them."""
    heading = document.add_paragraph()
    heading.paragraph_format.page_break_before = True
    add_text(heading, data["contents"], bold=True, size_pt=SIZES_PT[1])
    for number, section in enumerate(data["sections"], 1):
        add_link(document.add_paragraph(), f"section{number}", section["title"])
    document.add_paragraph().add_run().add_break()


def _add_record(layout: Layout, record: dict[str, str]) -> None:
    layout.heading(record["title"], 1)
    layout.paragraph(record["text"])
    if record["hash"]:
        line = layout.paragraph(record["hash"])
        line.runs[0].font.name = "Courier New"

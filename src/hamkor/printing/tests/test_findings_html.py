# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from hamkor.checks.queries import Report
from hamkor.common.i18n import LANGUAGES
from hamkor.printing.findings_html import findings_html
from hamkor.printing.maps.svg import COLOURS, GREEN, INK, PAPER, QUIET
from hamkor.printing.shown import HTML_LANGUAGES
from hamkor.printing.tests.plans import bare_plan, hostile_plan, rich_report

VOID = {"meta", "link", "br", "img", "hr", "input"}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_whole_and_in_its_language(language: str) -> None:
    page = _Page(findings_html(rich_report(), language))
    assert page.open == []
    assert page.named("html")[0]["lang"] == HTML_LANGUAGES[language]
    assert len(page.named("h1")) == 1
    assert len(page.named("article")) == 5
    assert any(item.get("role") == "img" for item in page.named("svg"))


def test_page_needs_nothing_from_elsewhere() -> None:
    text = findings_html(rich_report(), "en")
    page = _Page(text)
    assert not page.named("script")
    assert not page.named("link")
    assert not page.named("img")
    addresses = [item.get(key) for _, item in page.tags for key in ("href", "src") if item.get(key)]
    assert all(address.startswith("#") for address in addresses if address)
    assert set(re.findall(r"url\((\w+):", text)) == {"data"}


def test_anchors_lead_somewhere_and_ids_are_unique() -> None:
    page = _Page(findings_html(rich_report(), "en"))
    ids = [item["id"] for _, item in page.tags if "id" in item]
    assert len(ids) == len(set(ids))
    targets = {item["href"] for item in page.named("a")}
    assert {f"#{id_}" for id_ in ids} >= targets
    assert {"#family-ENT", "#family-DUTY", "#findings"} <= targets


def test_headings_do_not_jump() -> None:
    levels = [
        int(tag[1]) for tag, _ in _Page(findings_html(rich_report(), "en")).tags if re.fullmatch(r"h\d", tag)
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_names_stay_text() -> None:
    text = findings_html(rich_report(hostile_plan()), "en")
    page = _Page(text)
    assert not page.named("script")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "\x1b" not in text
    assert not any(key.startswith("on") for _, item in page.tags for key in item)


def test_page_of_nothing_says_so() -> None:
    text = findings_html(Report(bare_plan(), "green-guide-2018", ()), "en")
    assert "No findings" in text
    assert "There is no venue drawing" in text


@pytest.mark.parametrize("colour", [*COLOURS.values(), GREEN, INK, QUIET])
@pytest.mark.parametrize("ground", [PAPER, "#f4f6f8"])
def test_contrast_meets_wcag_aa(colour: str, ground: str) -> None:
    """WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1."""
    bright, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

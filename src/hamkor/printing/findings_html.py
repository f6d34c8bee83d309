# SPDX-License-Identifier: Apache-2.0
"""Findings as one self-contained page: no scripts, no files beside it, fit for a phone and for paper."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from html import escape

from hamkor.checks.queries import Report
from hamkor.checks.rules.findings import SEVERITIES
from hamkor.checks.rules.registry import FAMILIES
from hamkor.common.figures import known
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.printing.cards import (
    ALL_CLEAR,
    DISCLAIMER,
    SEVERITY_MEANINGS,
    SEVERITY_WORDS,
    Bar,
    Card,
    cards_of,
    count_families,
    profile_name,
    summary_line,
)
from hamkor.printing.map_svg import is_crowded, venue_map_svg
from hamkor.printing.maps.svg import COLOURS, INK, element, marker
from hamkor.printing.shown import HTML_LANGUAGES, period, range_text, say, words_of
from hamkor.printing.typesetting import FONTS_DIR, TEMPLATES_DIR

MAP_WIDTH_PX = 760
CROWDED_MAP_WIDTH_PX = 1240
SKIP = N_("Go to the findings")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
_BAR_PX = 400.0


def findings_html(report: Report, language: str) -> str:
    """Returns the report as a complete HTML page with the map of the venue.

    Args:
        report: What a check found.
        language: One of the four languages.
    """
    cards = cards_of(report, language)
    title = words_of(N_("Check of the plan: {event}"), language, event=say(report.plan.event.name, language))
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{HTML_LANGUAGES[language]}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            f"<title>{escape(title)}</title>",
            f"<style>{_style(report)}</style>",
            "</head>",
            "<body>",
            f'<a class="skip" href="#findings">{_words(SKIP, language)}</a>',
            _top(report, language),
            f'<main class="{"stacked" if is_crowded(report.plan) else "beside"}">',
            _findings(report, cards, language),
            _side(report, language),
            "</main>",
            _foot(report, language),
            "</body>",
            "</html>",
            "",
        ]
    )


def facts_line(plan: Plan, language: str) -> str:
    """Returns time, place and number of people of the event in one line; unknown parts say so."""
    event, attendance = plan.event, plan.attendance
    crowd = None
    if attendance is not None:
        crowd = known(attendance.peak if attendance.peak is not None else attendance.expected)
    people = words_of(
        N_("people at once: {people}")
        if attendance and attendance.peak is not None
        else N_("people: {people}"),
        language,
        people=range_text(crowd, language),
    )
    place = words_of(
        N_("place: {place}"), language, place=say(event.place.name if event.place else None, language)
    )
    when = words_of(N_("time: {time}"), language, time=period(event.starts_at, event.ends_at, language))
    return " · ".join(
        (
            period(event.starts_at, event.ends_at, language) if event.starts_at else when,
            say(event.place.name, language) if event.place else place,
            people,
        )
    )


def _words(template: str, language: str) -> str:
    return escape(translate(template, language))


def _style(report: Report) -> str:
    """Returns the style sheet with one rule per family: following its link leaves only its findings."""
    sheet = _fonts() + (TEMPLATES_DIR / "findings.css").read_text("utf-8")
    rules = "".join(
        f'body:has(#family-{family}:target) .card:not([data-family="{family}"]),'
        f'body:has(#family-{family}:target) .group:not(:has([data-family="{family}"])){{display:none}}'
        f'body:has(#family-{family}:target) a[href="#family-{family}"]'
        "{border-color:#0f5f57;background:#0f5f57;color:#fff}"
        f'body:has(#family-{family}:target) a[href="#family-{family}"] span{{color:#fff}}'
        f"body:has(#family-{family}:target) h2 small{{display:none}}"
        for family in count_families(report)
    )
    return sheet + (f"@media screen{{{rules}}}" if rules else "")


@cache
def _fonts() -> str:
    """Returns the fonts of the page inside the page, so that labels are as wide as they were measured."""
    faces = []
    for weight, file in ((400, "Inter-Regular.woff2"), (600, "Inter-SemiBold.woff2")):
        letters = b64encode((FONTS_DIR / file).read_bytes()).decode("ascii")
        faces.append(
            f"@font-face{{font-family:Inter;font-weight:{weight};"
            f"src:url(data:font/woff2;base64,{letters}) format('woff2')}}"
        )
    return "".join(faces)


def _sign(severity: str, label: str, size: int) -> str:
    return element("svg", marker(severity, 17, 17, label), viewBox="0 0 34 34", width=size, height=size,
                   aria_hidden="true")  # fmt: skip


def _top(report: Report, language: str) -> str:
    event = report.plan.event
    counts = "".join(
        f'<li class="{severity if report.count(severity) else "none"}">'
        f"{_sign(severity, '', 22)}<b>{report.count(severity)}</b> "
        f"{_words(SEVERITY_WORDS[severity], language)}</li>"
        for severity in SEVERITIES
    )
    mark = element(
        "svg",
        element("path", d="M4 3v18M20 3v18M4 12h16", stroke="#0f766c", stroke_width=4, fill="none"),
        viewBox="0 0 24 24", width=24, height=24, aria_hidden="true",
    )  # fmt: skip
    checked = _words(N_("Check of the plan"), language)
    return (
        f'<header class="top"><div><div class="brand">{mark}Hamkor <span>{checked}</span></div>'
        f"<div><h1>{escape(say(event.name, language))}</h1>"
        f'<p class="facts">{escape(facts_line(report.plan, language))}</p></div>'
        f'<ul class="counts" aria-label="{escape(summary_line(report, language))}">{counts}</ul></div></header>'
    )


def _findings(report: Report, cards: tuple[Card, ...], language: str) -> str:
    if not cards:
        text = _words(ALL_CLEAR, language)
        heading = _words(N_("Findings"), language)
        return f'<section id="findings"><h2>{heading}</h2><p class="clear">{text}</p></section>'
    groups = "".join(
        _group(severity, [card for card in cards if card.finding.severity == severity], language)
        for severity in SEVERITIES
    )
    return f'<section id="findings">{_families(report, language)}{groups}</section>'


def _families(report: Report, language: str) -> str:
    counts = count_families(report)
    anchors = "".join(f'<span class="anchor" id="family-{family}"></span>' for family in counts)
    everything = words_of(N_("All ({count})"), language, count=len(report.findings))
    links = "".join(
        f'<li><a href="#family-{family}"><b>{family}</b> <span>{_family_name(family, language)}</span> '
        f"{sum(severities.values())}</a></li>"
        for family, severities in counts.items()
    )
    label = _words(N_("Show only one family"), language)
    return (
        f'{anchors}<nav class="families" aria-label="{label}"><p>{label}</p>'
        f'<ul><li><a href="#findings">{escape(everything)}</a></li>{links}</ul></nav>'
    )


def _family_name(family: str, language: str) -> str:
    """Returns the name of a family up to its colon: what follows only lists examples."""
    return escape(translate(FAMILIES[family], language).partition(":")[0])


def _group(severity: str, cards: list[Card], language: str) -> str:
    if not cards:
        return ""
    meaning = _words(SEVERITY_MEANINGS[severity], language)
    heading = f"<h2>{_sign(severity, '', 24)}{meaning} <small>{len(cards)}</small></h2>"
    return f'<section class="group">{heading}{"".join(_card(card, language) for card in cards)}</section>'


def _card(card: Card, language: str) -> str:
    severity = card.finding.severity
    notes = [text for text in (*card.assumptions, card.robustness) if text]
    listed = "".join(f"<li>{escape(note)}</li>" for note in notes)
    source = words_of(N_("Source: {sources}"), language, sources="; ".join(card.sources))
    return (
        f'<article class="card {severity}" id="finding-{card.number}" data-family="{card.finding.family}" '
        f'aria-labelledby="title-{card.number}">'
        f'<div class="mark">{_sign(severity, str(card.number), 34)}</div><div>'
        f'<p class="meta"><span class="word">{escape(card.word)}</span> · {escape(card.subject)}</p>'
        f'<h3 id="title-{card.number}">{escape(card.heading)}</h3>'
        f"{_numbers(card, language)}<p>{escape(card.message)}</p>"
        f"{f'<ul>{listed}</ul>' if listed else ''}"
        f'<p class="source">{escape(source)}</p><p class="do">→ {escape(card.action)}</p></div></article>'
    )


def _numbers(card: Card, language: str) -> str:
    if not card.measured:
        return ""
    rest = []
    if card.limit:
        rest.append(words_of(N_("limit {limit}"), language, limit=card.limit))
    if card.ratio:
        rest.append(words_of(N_("ratio {ratio}"), language, ratio=card.ratio))
    bar = _bar(card.bar, COLOURS[card.finding.severity]) if card.bar else ""
    parts = " ".join(f"<span>{escape(part)}</span>" for part in rest)
    return f'<p class="numbers"><strong>{escape(card.measured)}</strong> {parts}</p>{bar}'


def _bar(bar: Bar, colour: str) -> str:
    """Returns the measured value as a bar, its uncertain part pale, and the limit as a mark across it."""
    low, high, limit = bar.low * _BAR_PX, bar.high * _BAR_PX, bar.limit * _BAR_PX
    inside = (
        element("rect", x=0, y=5, width=_BAR_PX, height=6, rx=3, fill="#e6ebef")
        + element("rect", x=0, y=5, width=high, height=6, rx=3, fill=colour, opacity=0.42)
        + element("rect", x=0, y=5, width=low, height=6, rx=3, fill=colour)
        + element("rect", x=max(0.0, limit - 1.5), y=0, width=3, height=16, fill=INK)
    )
    return element("svg", inside, class_="bar", viewBox=f"0 0 {_BAR_PX:.0f} 16", preserveAspectRatio="none",
                   aria_hidden="true")  # fmt: skip


def _side(report: Report, language: str) -> str:
    heading = _words(N_("Venue"), language)
    width_px = CROWDED_MAP_WIDTH_PX if is_crowded(report.plan) else MAP_WIDTH_PX
    picture = venue_map_svg(report.plan, report.findings, language, width_px)
    return (
        f'<aside class="side"><h2>{heading}</h2>'
        f'<figure class="map" tabindex="0" role="group" aria-label="{heading}">{picture}</figure></aside>'
    )


def _foot(report: Report, language: str) -> str:
    profile = words_of(N_("Flow profile: {profile}."), language, profile=profile_name(report.profile))
    return f"<footer><p>{_words(DISCLAIMER, language)}</p><p>{escape(profile)}</p></footer>"

# SPDX-License-Identifier: Apache-2.0
"""The first pages: what the event is, who comes, which papers it has, who agrees."""

from __future__ import annotations

from typing import Any

from hamkor.agencies.queries import list_agencies
from hamkor.checks.queries import Report
from hamkor.checks.rules.findings import SEVERITIES
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.events.rules import Organiser
from hamkor.plans.rules.plan import Plan
from hamkor.printing.cards import DISCLAIMER, SEVERITY_MEANINGS, SEVERITY_WORDS, profile_name, summary_line
from hamkor.printing.sections.blocks import (
    Block,
    Section,
    cell,
    facts,
    heading,
    note,
    part_section,
    section,
    table,
)
from hamkor.printing.sections.names import Names
from hamkor.printing.sections.signed import approval_rows
from hamkor.printing.shown import (
    NOBODY,
    agency_name,
    clean,
    figure,
    listed,
    moment,
    number,
    period,
    say,
    words_of,
    yes_no,
)
from hamkor.printing.signatures import Certificate
from hamkor.printing.words import word


def title_page(
    plan: Plan, report: Report, names: Names, certificate: Certificate | None = None
) -> dict[str, Any]:
    """Returns everything the title page shows; with a certificate, what the agencies decided."""
    language = names.language
    event = plan.event
    return {
        "kind": translate(N_("Tactical coordination plan"), language),
        "event": say(event.name, language),
        "facts": facts(_title_facts(plan, names))["rows"],
        "counts": [
            {
                "severity": severity,
                "count": report.count(severity),
                "word": translate(SEVERITY_WORDS[severity], language),
                "meaning": translate(SEVERITY_MEANINGS[severity], language),
            }
            for severity in SEVERITIES
        ],
        "summary": summary_line(report, language),
        "disclaimer": translate(DISCLAIMER, language),
        "profile": words_of(N_("Flow profile: {profile}."), language, profile=profile_name(report.profile)),
        "approvals": _approvals(plan, names) if certificate is None else _decisions(certificate, names),
    }


def _title_facts(plan: Plan, names: Names) -> list[tuple[str, str]]:
    language, event, attendance = names.language, plan.event, plan.attendance
    people = figure(attendance.expected if attendance else None, language)
    peak = figure(attendance.peak if attendance else None, language)
    rows = [
        (N_("Kind of event"), word(event.kind, language)),
        (N_("Place"), _place(plan, language)),
        (N_("Time"), period(event.starts_at, event.ends_at, language)),
        (N_("Doors open"), moment(event.doors_open_at, language)),
        (N_("Organiser"), _organiser(event.organiser, names)),
        (N_("Safety manager"), _safety_manager(event.organiser, names)),
        (N_("Category"), number(event.category, language)),
        (N_("People expected"), people),
        (N_("Most people at once"), peak),
        (N_("Extent of this plan"), word(event.extent, language)),
    ]
    return [(translate(label, language), value) for label, value in rows]


def _place(plan: Plan, language: str) -> str:
    place = plan.event.place
    if place is None:
        return say(None, language)
    parts = (place.name, place.address, place.city, place.region)
    return ", ".join(say(part, language) for part in parts if part is not None)


def _organiser(organiser: Organiser | str | None, names: Names) -> str:
    if isinstance(organiser, Organiser):
        return say(organiser.name, names.language)
    return translate(NOBODY, names.language) if organiser == "none" else names.unknown()


def _safety_manager(organiser: Organiser | str | None, names: Names) -> str:
    return names.who(organiser.event_safety_manager if isinstance(organiser, Organiser) else None)


def _approvals(plan: Plan, names: Names) -> dict[str, Any]:
    """Returns one row to sign for every agency that takes part; the usual ones when that is not known."""
    language = names.language
    given = plan.event.agencies
    if given is None:
        codes = [agency.code for agency in list_agencies(core_in="preparation")]
        remark = N_("The plan does not say which agencies take part; these are the usual ones.")
    else:
        codes = [participation.agency for participation in given]
        remark = N_("Each agency signs for its own part of this plan.")
    liaisons = {participation.agency: participation.liaison for participation in given or ()}
    rows = [
        [agency_name(code, language, full=True), _liaison(names, liaisons.get(code))]
        for code in dict.fromkeys(codes)
    ]
    headings = (N_("Agency"), N_("Name"), N_("Signature"), N_("Date"))
    return {
        "title": translate(N_("Approval"), language),
        "remark": translate(remark, language),
        "columns": [translate(text, language) for text in headings],
        "rows": rows,
    }


def _decisions(certificate: Certificate, names: Names) -> dict[str, Any]:
    """Returns what every agency decided, as the record holds it."""
    headings = (N_("Agency"), N_("Name"), N_("Decision"), N_("Day and time"))
    remark = N_("As recorded; entries and hashes stand on the page of signatures.")
    return {
        "title": translate(N_("Approval"), names.language),
        "remark": translate(remark, names.language),
        "columns": [translate(text, names.language) for text in headings],
        "rows": approval_rows(certificate, names),
    }


def _liaison(names: Names, person_id: str | None) -> str:
    person = names.find_person(person_id)
    return "" if person is None else names.person(person)


def event_section(plan: Plan, names: Names) -> Section:
    """Returns programme and attendance."""
    language = names.language
    blocks: list[Block] = [facts(_attendance_facts(plan, names))]
    blocks += [heading(translate(N_("Programme"), language)), _programme(plan, names)]
    attendance = plan.attendance
    for title, intervals in (
        (N_("Arrivals"), attendance.arrivals if attendance else None),
        (N_("Departures"), attendance.departures if attendance else None),
    ):
        if intervals:
            blocks += [heading(translate(title, language)), _intervals(intervals, language)]
    return section("event", translate(N_("The event and its visitors"), language), blocks)


def _attendance_facts(plan: Plan, names: Names) -> list[tuple[str, str]]:
    language, attendance, event = names.language, plan.attendance, plan.event
    composition = attendance.composition if attendance else None
    rows = [
        (N_("People expected"), figure(attendance.expected if attendance else None, language)),
        (N_("Most people at once"), figure(attendance.peak if attendance else None, language)),
        (N_("Number permitted"), figure(attendance.permitted if attendance else None, language)),
        (N_("Tickets given out"), figure(attendance.tickets if attendance else None, language)),
        (N_("Admission"), word(attendance.admission if attendance else None, language)),
        (N_("Audience"), word(composition.audience if composition else None, language)),
        (N_("Setting"), word(event.setting, language)),
        (N_("Alcohol"), word(event.alcohol, language)),
        (N_("Visitors pay"), yes_no(event.paid, language)),
        (N_("Violence expected"), yes_no(attendance.violence_expected if attendance else None, language)),
    ]
    return [(translate(label, language), value) for label, value in rows]


def _programme(plan: Plan, names: Names) -> Block:
    language, items = names.language, plan.event.programme
    if not items:
        return note(names.unknown() if items is None else translate(N_("None."), language))
    columns = [
        (N_("Time"), 2.4),
        (N_("Item"), 4.0),
        (N_("Where"), 2.0),
        (N_("Critical"), 1.0),
    ]
    rows = [
        (
            period(item.starts_at, item.ends_at, language),
            say(item.title, language),
            names.place(item.place),
            yes_no(item.critical, language),
        )
        for item in items
    ]
    return table(columns, rows, language)


def _intervals(intervals: Any, language: str) -> Block:
    columns = [
        (N_("Time"), 3.0),
        (N_("People"), 1.5, "right"),
        (N_("Share"), 1.5, "right"),
    ]
    rows = [
        (
            period(item.starts_at, item.ends_at, language),
            figure(item.people, language) if item.people is not None else "–",
            f"{item.share * 100:.0f}\u00a0%" if item.share is not None else "–",
        )
        for item in intervals
    ]
    return table(columns, rows, language)


def people_section(plan: Plan, names: Names) -> Section:
    """Returns everyone named in the plan, with phone."""
    language = names.language
    if not plan.people:
        return part_section(plan, "people", language, None)
    columns = [
        (N_("Position"), 2.6),
        (N_("Agency"), 1.8),
        (N_("Name"), 2.0),
        (N_("Phone"), 2.1),
        (N_("Absent"), 1.8),
    ]
    rows = [
        (
            cell(say(person.position, language) if person.position else clean(person.id), bold=True),
            agency_name(person.agency, language),
            clean(person.name) if person.name else names.unknown(),
            clean(person.phone).replace(" ", "\u00a0") if person.phone else names.unknown(),
            translate(N_("cannot come"), language)
            if person.available is False
            else listed([period(p.starts_at, p.ends_at, language) for p in person.unavailable], language),
        )
        for person in plan.people
    ]
    return part_section(plan, "people", language, [table(columns, rows, language)])

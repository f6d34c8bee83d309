# SPDX-License-Identifier: Apache-2.0
"""Reports: a type or a few words are enough, everything else may follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from hamkor.agencies.rules import AgencyCode, Viewer
from hamkor.common.messages import N_
from hamkor.events.facts import EVENT
from hamkor.incidents.commands.alarming import Report, raised_by
from hamkor.incidents.commands.sending import by_id, get_incident, require_sender
from hamkor.incidents.facts import (
    INCIDENT_REPORTED,
    REPORT_LINKED,
    IncidentReported,
    ReportLinked,
)
from hamkor.incidents.rules import (
    IncidentError,
    IncidentFields,
    LinkedReport,
    Priority,
    missing_facts,
    require_there,
    shown_number,
    type_of,
)
from hamkor.incidents.rules.changing import clean_fields, given, priority_of, read_fields
from hamkor.incidents.rules.families import require_parent
from hamkor.incidents.rules.incidents import REPORTS_MAX, TITLE_MAX, Incident
from hamkor.incidents.rules.types import INCIDENT_TYPES
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.rules.places import Place, clean_place


def report_incident(  # noqa: PLR0913 - what a report may say, each by name
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    type: str | None = None,
    text: str = "",
    place: Place | None = None,
    priority: Priority | None = None,
    source: str = "console",
    reporter: str | None = None,
    card_112: str | None = None,
    agency: AgencyCode | None = None,
    known: Mapping[str, str] | None = None,
    parent: str | None = None,
    title: str | None = None,
) -> Result:
    """Reports an incident, whose id is the command's id; a type or a text is enough.

    Args:
        store: Where the journal is kept.
        envelope: Who reports, when.
        viewer: The same person with their rights.
        type: Code of the catalogue, None while nobody knows.
        text: What was said.
        place: Where, None while unknown.
        priority: 1 critical to 4 low; that of the type when None.
        source: How it came in.
        reporter: Who reported it, in words or as the id of a post; no name.
        card_112: Number of the card of the emergency number; the same twice is told by `possible_duplicates`.
        agency: Party that answers for it; that of the type when None, else the viewer's.
        known: Answers to the questions of the type, by key.
        parent: Id of the larger incident it belongs to.
        title: What a list shows; the first words of the text when None.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``report-empty``, ``field-malformed``, ``agency-nobody`` or ``parent-absent``.
        PlaceError: ``place-absent`` or ``place-impossible``.
        TextUnusableError: ``text-too-long``.

    Notes:
        Words of crushing, and the third report near each other, raise an alarm in the same command.
    """
    require_sender(envelope, viewer, "report_incident")
    told: dict[str, Any] = {"type": type, "text": text, "place": place, "priority": priority}
    told |= {"source": source, "reporter": reporter, "card_112": card_112, "agency": agency}
    told |= {"known": known, "parent": parent, "title": title}
    values = given(_read(told))
    if not values.get("text") and not values.get("type") and not values.get("title"):
        raise IncidentError("report-empty", N_("Say what happened: choose a type or write a few words."))

    def decide(documents: Documents) -> list[Fact[Any]]:
        body = _reported(documents, envelope, values=values, own=viewer.agency)
        report = Report(id=body.id, text=body.text, place=body.place, at=body.at, type=body.type)
        raised, alarms = raised_by(documents, report, more=(body.title, *body.known.values()))
        return [INCIDENT_REPORTED(msgspec.structs.replace(body, alarms=alarms)), *raised]

    return perform(store, envelope, decide, content=["report_incident", msgspec.to_builtins(values)])


def link_report(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    incident_id: str,
    text: str,
    source: str = "console",
    place: Place | None = None,
) -> Result:
    """Adds one more report to an incident; the id of the report is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who took the report, when.
        viewer: The same person with their rights: to report.
        incident_id: Which incident.
        text: What was said; empty for "the same again".
        source: How it came in.
        place: Where, None for the place of the incident.

    Raises:
        NotAllowedError: ``not-allowed``.
        IncidentError: ``incident-absent``, ``incident-gone``, ``field-malformed`` or ``too-many-reports``.
        PlaceError: ``place-absent`` or ``place-impossible``.
        TextUnusableError: ``text-too-long``.
    """
    require_sender(envelope, viewer, "report_incident")
    told = {"text": text, "source": source, "place": place}
    values = given(_read(told))

    def decide(documents: Documents) -> list[Fact[Any]]:
        incident = get_incident(documents, incident_id)
        require_there(incident)
        if len(incident.reports) >= REPORTS_MAX:
            template = N_("{number} has {most} reports already. Write a note instead.")
            number = shown_number(incident.number)
            raise IncidentError("too-many-reports", template, number=number, most=REPORTS_MAX)
        where = clean_place(documents, values.get("place"))
        body = LinkedReport(
            id=str(envelope.command_id),
            at=in_utc(envelope.at),
            by=envelope.by,
            source=values["source"],
            text=values["text"],
            place=where,
        )
        report = Report(
            id=incident.id, text=body.text, place=where or incident.place, at=body.at, type=incident.type
        )
        raised, alarms = raised_by(documents, report)
        return [REPORT_LINKED(ReportLinked(id=incident.id, report=body, alarms=alarms)), *raised]

    sent = [incident_id, msgspec.to_builtins(values)]
    return perform(store, envelope, decide, content=["link_report", *sent])


def _read(told: Mapping[str, Any]) -> IncidentFields:
    """Returns what was told with its types, texts as they are kept.

    Raises:
        IncidentError: ``field-malformed`` or ``agency-nobody``.
        TextUnusableError: ``text-too-long``.
    """
    known = {name: value for name, value in told.items() if value is not None}
    return clean_fields(read_fields(known, IncidentFields))


def _reported(
    documents: Documents, envelope: Envelope, *, values: Mapping[str, Any], own: AgencyCode | None
) -> IncidentReported:
    """Returns what is written down of a report: with number, owner, urgency, and what is still to be asked."""
    incidents = by_id(documents)
    if values.get("parent") is not None:
        require_parent(incidents, values["parent"])
    at, text = in_utc(envelope.at), values.get("text", "")
    stated = {
        "type": values.get("type"),
        "title": values.get("title") or _title_of(text),
        "text": text,
        "priority": values.get("priority", priority_of(values.get("type"))),
        "place": clean_place(documents, values.get("place")),
        "source": values["source"],
        "reporter": values.get("reporter"),
        "card_112": values.get("card_112"),
        "agency": values.get("agency") or _owner(documents, values.get("type"), own),
        "known": {key: answer for key, answer in values.get("known", {}).items() if answer is not None},
        "parent": values.get("parent"),
    }
    number = 1 + max((incident.number for incident in incidents.values()), default=0)
    shared = {"id": str(envelope.command_id), "number": number, **stated}
    incident = Incident(**shared, state="reported", reported_at=at, reported_by=envelope.by)
    return IncidentReported(**shared, at=at, by=envelope.by, missing_facts=missing_facts(incident))


def _title_of(text: str) -> str:
    """Returns the first line of a text as a title, cut at a word where it is too long."""
    line = " ".join(text.partition("\n")[0].split())
    if len(line) <= TITLE_MAX:
        return line
    return (
        line[: TITLE_MAX - 1].rpartition(" ")[0].rstrip(" ,.;:") + "…"
        if " " in line[:TITLE_MAX]
        else line[:TITLE_MAX]
    )


def _owner(documents: Documents, type: str | None, own: AgencyCode | None) -> AgencyCode:
    """Returns the party that answers for a new incident: that of its type where it takes part, else the reporter's."""
    present = {item.agency for event in documents.all(EVENT) for item in event.agencies or ()}
    found = type_of(type)
    if found is not None and (not present or found.agency in present or own is None):
        return found.agency
    return own or INCIDENT_TYPES["other"].agency

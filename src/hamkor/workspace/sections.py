# SPDX-License-Identifier: Apache-2.0
"""The sections of the workspace, what part of the plan each shows, and which findings belong there."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.urls import reverse

from hamkor.checks.queries import Report
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan


class SectionKind(msgspec.Struct, frozen=True):
    """A section as it is declared.

    Args:
        name: Name of its address.
        label: What it is called.
        parts: Parts of the plan it shows.
        families: Families of rules whose findings belong there.
        group: ``plan`` or ``papers``.
    """

    name: str
    label: str
    parts: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    group: str = "plan"


class Section(msgspec.Struct, frozen=True):
    """A section on a page.

    Args:
        kind: What it is.
        url: Its address.
        red: Number of red findings there.
        amber: Number of amber findings there.
        items: Number of things in it, None when that says nothing.
    """

    kind: SectionKind
    url: str
    red: int
    amber: int
    items: int | None


SECTIONS: tuple[SectionKind, ...] = (
    SectionKind("event", N_("Overview")),
    SectionKind("passport", N_("Event passport"), ("event",), ("PLAN", "NOORG")),
    SectionKind("attendance", N_("Attendance and flow"), ("attendance",), ("ENT", "EGR", "NECK", "OCC")),
    SectionKind("venue", N_("Venue drawing"), ("venue",), ("CAP", "ROUTE")),
    SectionKind("scenarios", N_("What if")),
    SectionKind("duties", N_("Duty matrix"), ("duties",), ("DUTY",)),
    SectionKind("tasks", N_("Order of work"), ("tasks",), ()),
    SectionKind("people", N_("People"), ("people",), ()),
    SectionKind("posts", N_("Posts and forces"), ("posts", "staffing", "force"), ("STAFF", "FORCE")),
    SectionKind("means", N_("Means"), ("means",), ()),
    SectionKind("services", N_("Medical and sanitary"), ("medical", "sanitation"), ("MED", "SAN")),
    SectionKind("hazards", N_("Hazard register"), ("hazards", "weather", "effects"), ("HAZ", "MET")),
    SectionKind("contingencies", N_("Contingency cards"), ("contingencies",), ()),
    SectionKind("communications", N_("Communications plan"), ("communications",), ("COMMS",)),
    SectionKind("stop", N_("Stop authority"), ("stop",), ("STOP",)),
    SectionKind("warnings", N_("Warnings and lessons"), ("warnings", "inspections", "history"), ("WARN",)),
    SectionKind("application", N_("Permit, contract"), ("legal",), ("LAW",), group="papers"),
    SectionKind("approvals", N_("Agreement and signatures"), group="papers"),
    SectionKind("questions", N_("Questions and comments"), group="papers"),
    SectionKind("attachments", N_("Attachments"), group="papers"),
    SectionKind("history", N_("History of changes"), group="papers"),
    SectionKind("print", N_("Print, export, import"), group="papers"),
    SectionKind("roles", N_("People with a role"), group="papers"),
)
SECTION_OF_FAMILY = {family: kind.name for kind in SECTIONS for family in kind.families}


_SECTION_OF_PART = {part: kind.name for kind in SECTIONS for part in kind.parts}


def section_of_part(part: str) -> str:
    """Returns the name of the section that shows a part."""
    return _SECTION_OF_PART.get(part, "event")


def list_sections(stream: UUID, *, plan: Plan, report: Report) -> tuple[Section, ...]:
    """Returns the sections of an event with counts of findings and things.

    Args:
        stream: The event.
        plan: Its plan.
        report: What the checker says of it.
    """
    counts: dict[tuple[str, str], int] = {}
    for finding in report.findings:
        key = (SECTION_OF_FAMILY.get(finding.family, "event"), finding.severity)
        counts[key] = counts.get(key, 0) + 1
    return tuple(
        Section(
            kind,
            reverse(kind.name, kwargs={"stream": stream}),
            counts.get((kind.name, "red"), 0),
            counts.get((kind.name, "amber"), 0),
            _items(plan, kind),
        )
        for kind in SECTIONS
    )


def _items(plan: Plan, kind: SectionKind) -> int | None:
    found = [getattr(plan, part) for part in kind.parts]
    lists = [value for value in found if isinstance(value, tuple)]
    return sum(len(value) for value in lists) if lists else None

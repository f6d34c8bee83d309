# SPDX-License-Identifier: Apache-2.0
"""HAZ, the register: the hazards to expect are in it, each with an owner, a person for the gravest, and measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity, Subject
from hamkor.checks.rules.naming import listed
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import event_tags, is_crowd_at_least
from hamkor.common.messages import N_, Message
from hamkor.hazards.queries import list_expected_hazards, list_hazards
from hamkor.hazards.rules import CataloguedHazard, needs_named_owner, risk_band
from hamkor.plans.rules.readiness import HazardEntry

ISO_31000 = "ISO 31000:2018"
WHO_TOOL = "WHO mass-gathering all-hazards risk assessment tool"
GRAVE_FLOOR = 5  # hazards of the catalogue that kill many when they come
NOTABLE_FLOOR = 4
LEAST_CROWD = 1000.0  # MVStättVO s. 1: above it an outdoor event with structures is a place of assembly
SHORTEST_NAME = 6  # letters; shorter names of hazards are found inside other words


@cache
def catalogue() -> dict[str, CataloguedHazard]:
    """Returns the hazards of the catalogue by id."""
    return {hazard.id: hazard for hazard in list_hazards()}


def hazard_subject(entry: HazardEntry) -> Subject:
    """Returns a hazard of the register as a subject, by its own title or that of the catalogue."""
    known_hazard = catalogue().get(entry.catalogue or "")
    title: Any = entry.title or (known_hazard.names if known_hazard is not None else None)
    return Subject("hazard", entry.id, title)


def impact_of(entry: HazardEntry) -> int | None:
    """Returns the impact as stated, never below what the catalogue lays down; None when neither is known."""
    known_hazard = catalogue().get(entry.catalogue or "")
    floor = known_hazard.severity_floor if known_hazard is not None else None
    impacts = [impact for impact in (entry.impact, floor) if impact is not None]
    return max(impacts) if impacts else None


def is_grave(entry: HazardEntry) -> bool:
    """Returns True when the hazard may kill many, or its band is high or extreme."""
    impact = impact_of(entry)
    if impact is None:
        return False
    if needs_named_owner(impact):
        return True
    return entry.likelihood is not None and risk_band(entry.likelihood, impact) in {"high", "extreme"}


def covered_ids(entries: Iterable[HazardEntry]) -> set[str]:
    """Returns the hazards of the catalogue a register speaks of: by id, or by name inside a title."""
    entries = list(entries)
    titles = " | ".join(text for entry in entries for text in _texts(entry)).casefold()
    ids = {entry.catalogue for entry in entries if entry.catalogue is not None}
    named = {
        hazard.id
        for hazard in catalogue().values()
        if any(len(name) >= SHORTEST_NAME and name.casefold() in titles for name in hazard.names.values())
    }
    return ids | named


def _texts(entry: HazardEntry) -> list[str]:
    if entry.title is None:
        return []
    return [entry.title] if isinstance(entry.title, str) else list(entry.title.values())


@rule(
    "HAZ-001",
    title=N_("Hazards to expect are missing from the register"),
    says=N_(
        "Hazards such an event must reckon with that are not in the register ({count}), the gravest first: {hazards}."
    ),
    do=N_("Add each of them with an owner and measures, or write down why it cannot happen here."),
    why=N_(
        "What is not written down has no owner, no measure and no place in the exercise. Inquiries keep "
        "finding that the hazard that killed was known for such events and stood in nobody's list."
    ),
    severity=N_(
        "Red in a complete plan for 1 000 people or more that speaks of no hazard of a deadly group; amber "
        "when the plan is complete, or the register speaks of no crowd hazard at all; else info."
    ),
    sources=(ISO_31000, WHO_TOOL),
)
def expected_hazards_missing(context: Context) -> Iterator[Found]:
    """Yields one finding for all hazards of the catalogue that the register lacks."""
    entries = context.plan.hazards
    if entries is None and not context.is_complete:
        return
    covered = covered_ids(entries or ())
    expected = list_expected_hazards(context.event.kind, event_tags(context))
    missing = [hazard for hazard in expected if hazard.id not in covered]
    if missing:
        yield Found(
            subject=context.part_subject("hazards"),
            severity=_weight(context, missing, covered),
            facts={"count": len(missing), "hazards": listed(hazard.names for hazard in missing)},
        )


def _weight(context: Context, missing: list[CataloguedHazard], covered: set[str]) -> Severity:
    groups = {catalogue()[hazard_id].group for hazard_id in covered if hazard_id in catalogue()}
    has_free_titles = any(entry.catalogue is None for entry in context.plan.hazards or ())
    silent = [
        hazard for hazard in missing if hazard.severity_floor >= GRAVE_FLOOR and hazard.group not in groups
    ]
    is_unseen = bool(silent) and not has_free_titles and is_crowd_at_least(context, LEAST_CROWD)
    if context.is_complete:
        if is_unseen:
            return "red"
        return "amber" if any(hazard.severity_floor >= NOTABLE_FLOOR for hazard in missing) else "info"
    return "amber" if is_unseen and any(hazard.group == "crowd" for hazard in silent) else "info"


@rule(
    "HAZ-002",
    title=N_("A hazard has no owner"),
    says=N_("Nobody answers for {subject}."),
    do=N_("Give {subject} to the one agency that can act on it, and have it accept."),
    why=N_("A hazard without an owner is watched by everybody and stopped by nobody."),
    severity=N_("Red when it may kill many or its band is high; else amber."),
    sources=(ISO_31000,),
)
def hazard_without_owner(context: Context) -> Iterator[Found]:
    """Yields each hazard for which it is known that nobody answers."""
    for entry in context.plan.hazards or ():
        if entry.owner == "none":
            yield Found(subject=hazard_subject(entry), severity="red" if is_grave(entry) else "amber")


@rule(
    "HAZ-003",
    title=N_("It is not known who owns some hazards"),
    says=N_("It is not written who answers for: {hazards}."),
    do=N_("Write the one agency that answers beside each of them."),
    why=N_("A hazard without an owner is watched by everybody and stopped by nobody."),
    severity=N_("Amber: for every hazard of a complete plan, for those that may kill many in an extract."),
    sources=(ISO_31000,),
)
def hazard_owner_unknown(context: Context) -> Iterator[Found]:
    """Yields one finding for the hazards whose owner is not written."""
    unknown = [
        hazard_subject(entry).shown()
        for entry in context.plan.hazards or ()
        if entry.owner is None and (context.is_complete or is_grave(entry))
    ]
    if unknown:
        yield Found(
            subject=context.part_subject("hazards"), severity="amber", facts={"hazards": listed(unknown)}
        )


@rule(
    "HAZ-004",
    title=N_("No person is named for the gravest hazards"),
    says=N_("No person is named who answers for: {hazards}."),
    do=N_("Name one person for each of them, however unlikely it is."),
    why=N_(
        "An agency cannot be woken at night; a person can. What kills many needs a name, not an average of scores."
    ),
    severity=N_("Amber in a complete plan, info in an extract."),
    sources=(ISO_31000,),
)
def grave_hazard_without_person(context: Context) -> Iterator[Found]:
    """Yields one finding for the hazards of impact 5 that an agency owns and no person answers for."""
    unnamed = [
        hazard_subject(entry).shown()
        for entry in context.plan.hazards or ()
        if entry.person is None
        and entry.owner not in (None, "none")
        and needs_named_owner(impact_of(entry) or 1)
    ]
    if unnamed:
        yield Found(
            subject=context.part_subject("hazards"),
            severity="amber" if context.is_complete else "info",
            facts={"hazards": listed(unnamed)},
        )


@rule(
    "HAZ-005",
    title=N_("A hazard has no measure"),
    says=N_("{state} against {subject}{measures}."),
    do=N_("Decide what is done against {subject}, by whom and until when, and check that it is in place."),
    why=N_("Writing a hazard down does not make it smaller."),
    severity=N_("Red when it may kill many and nothing at all is in place or planned; else amber."),
    sources=(ISO_31000,),
)
def hazard_without_measure(context: Context) -> Iterator[Found]:
    """Yields each hazard without measures, or with measures that are known to be missing."""
    for entry in context.plan.hazards or ():
        controls = entry.controls if entry.controls is not None or not context.is_complete else ()
        if controls is None:
            continue
        missing = [control.title for control in controls if control.state == "missing"]
        if not controls or missing:
            is_bare = len(missing) == len(controls) and entry.controls is not None
            yield Found(
                subject=hazard_subject(entry),
                severity="red" if is_bare and is_grave(entry) else "amber",
                facts=_measure_facts(missing),
            )


def _measure_facts(missing: list[Any]) -> dict[str, Any]:
    if not missing:
        return {"state": Message(N_("Nothing is planned")), "measures": ""}
    return {
        "state": Message(N_("Measures are missing")),
        "measures": Message(N_(": {names}"), {"names": listed(missing)}),
    }


@rule(
    "HAZ-006",
    title=N_("Nobody has written what to do when it happens"),
    says=N_("There is no algorithm for: {hazards}."),
    do=N_("Write for each who does what in the first ten minutes, and try it."),
    why=N_("In the first minutes people do what they have rehearsed, or nothing."),
    severity=N_("Amber for hazards that may kill many."),
    sources=(ISO_31000, "ISO 22320:2018"),
)
def grave_hazard_without_algorithm(context: Context) -> Iterator[Found]:
    """Yields one finding for the grave hazards that are known to have no algorithm."""
    bare = [
        hazard_subject(entry).shown()
        for entry in context.plan.hazards or ()
        if entry.contingencies == () and is_grave(entry)
    ]
    if bare:
        yield Found(
            subject=context.part_subject("hazards"), severity="amber", facts={"hazards": listed(bare)}
        )

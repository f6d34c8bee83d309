# SPDX-License-Identifier: Apache-2.0
"""PLAN: what the plan refers to exists, and nothing that was needed for a check is missing."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found
from hamkor.checks.rules.naming import listed
from hamkor.checks.rules.references import PART_OF, known_ids, list_references
from hamkor.checks.rules.registry import rule
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.connections import is_bounded
from hamkor.plans.rules.plan import PARTS
from hamkor.venues.rules.features import Opening, Passage
from hamkor.venues.rules.geometry import MultiPolygon, Polygon

PROGRAMME = "uz-cm-205-2014-annex1-def-programme"
ISO_22320 = "ISO 22320:2018, planning"
# People pass through or work there; such an area needs a size only when the plan says how many people it holds.
PASSED_THROUGH = frozenset({"backstage", "concourse", "pitch"})
TARGETS = {
    "person": N_("person"),
    "post": N_("post"),
    "feature": N_("feature of the drawing"),
    "duty": N_("duty"),
    "task": N_("task"),
    "hazard": N_("hazard"),
    "contingency": N_("algorithm"),
    "channel": N_("channel"),
    "catalogue_duty": N_("duty of the catalogue"),
    "catalogue_hazard": N_("hazard of the catalogue"),
    "norm": N_("norm"),
}


@rule(
    "PLAN-001",
    title=N_("A reference to something that does not exist"),
    says=N_("“{subject}” names the {target} “{id}” under `{key}`, and there is none."),
    do=N_("Correct “{id}”, or add the {target}."),
    why=N_(
        "A plan is a web. A gate kept by a post that was renamed is kept by nobody, and no one reading either "
        "page sees it."
    ),
    severity=N_("Amber, one for each reference."),
    sources=(ISO_22320,),
)
def broken_reference(context: Context) -> Iterator[Found]:
    """Yields a finding for every reference to an id that does not exist."""
    ids = known_ids(context)
    for reference in dict.fromkeys(list_references(context.plan)):
        existing = ids[reference.target]
        if existing is not None and reference.id not in existing:
            yield Found(
                subject=reference.owner,
                severity="amber",
                facts={
                    "target": Message(TARGETS[reference.target]),
                    "id": reference.id,
                    "key": reference.key,
                },
            )


@rule(
    "PLAN-002",
    title=N_("References into a part that is missing"),
    says=N_("References that lead into {subject}, which the plan does not hold: {count}."),
    do=N_("Add {subject} to the plan."),
    why=N_("What is referred to and not there cannot be checked, and cannot be found on the day either."),
    severity=N_("Amber for a complete plan, info for an extract."),
    sources=(ISO_22320,),
)
def reference_into_missing_part(context: Context) -> Iterator[Found]:
    """Yields one finding for every part that others refer to and that is unknown."""
    ids = known_ids(context)
    counts: dict[str, int] = {}
    for reference in list_references(context.plan):
        if ids[reference.target] is None:
            part = PART_OF[reference.target]
            counts[part] = counts.get(part, 0) + 1
    for part, count in counts.items():
        yield Found(
            subject=context.part_subject(part),
            severity="amber" if context.is_complete else "info",
            facts={"count": count},
        )


@rule(
    "PLAN-003",
    title=N_("Parts of the plan are missing"),
    says=N_("The plan of {subject} has no: {parts}."),
    do=N_("Add these parts, or an empty list where there is nothing: {parts}."),
    why=N_(
        "What nobody wrote, nobody checked. A finding that is not here may only mean that nothing was known."
    ),
    severity=N_("Amber for a complete plan, info for an extract."),
    sources=(ISO_22320, PROGRAMME),
)
def missing_parts(context: Context) -> Iterator[Found]:
    """Yields one finding that lists the parts nothing is known of."""
    names = [part.name for part in PARTS] + ["venue"]
    missing = [name for name in names if getattr(context.plan, name) is None]
    if missing:
        yield Found(
            subject=context.event_subject,
            severity="amber" if context.is_complete else "info",
            facts={"parts": listed(missing, most=len(names))},
        )


@rule(
    "PLAN-004",
    title=N_("Numbers a check would have needed"),
    says=N_("Not checked for want of numbers: {missing}."),
    do=N_("Add: {missing}."),
    why=N_("A check that could not be made is not a check that was passed."),
    severity=N_("Info."),
    sources=("Green Guide, 6th ed. 2018, ch. 2",),
)
def missing_numbers(context: Context) -> Iterator[Found]:
    """Yields one finding that lists sizes, widths and numbers that computations lacked."""
    missing = [*_missing_of_event(context), *_missing_of_venue(context)]
    if missing:
        yield Found(subject=context.event_subject, severity="info", facts={"missing": missing})


def _missing_of_event(context: Context) -> Iterator[Message]:
    if context.event.starts_at is None:
        yield Message(N_("when the event starts"))
    attendance = context.plan.attendance
    if attendance is None:
        return  # the missing part is told by another rule
    if context.crowd is None:
        yield Message(N_("how many people are expected"))
    if not attendance.arrivals:
        yield Message(N_("when people arrive"))
    if not attendance.departures:
        yield Message(N_("when people leave"))


def _missing_of_venue(context: Context) -> Iterator[Message]:
    sizes = [area_id for area_id in context.areas if _lacks_size(context, area_id)]
    if sizes:
        names = listed(context.subject("area", area_id).shown() for area_id in sizes)
        yield Message(N_("the size of {areas}"), {"areas": names})
    widths = [
        item_id
        for item_id, item in context.features_of((Opening, Passage))
        if item.clear_width_m is None and item.capacity_per_h is None
    ]
    if widths:
        names = listed(context.subject("opening", item_id).shown() for item_id in widths)
        yield Message(N_("the clear width of {openings}"), {"openings": names})


def _lacks_size(context: Context, area_id: str) -> bool:
    area = context.areas[area_id]
    is_told = any(figure is not None for figure in (area.usable_area_m2, area.seats, area.assessed_capacity))
    is_drawn = isinstance(context.features[area_id].geometry, (Polygon, MultiPolygon))
    is_stayed_in = area.use not in PASSED_THROUGH or context.people_in(area_id) is not None
    return not is_told and not is_drawn and is_bounded(area) and is_stayed_in

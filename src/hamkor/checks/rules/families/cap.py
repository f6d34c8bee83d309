# SPDX-License-Identifier: Apache-2.0
"""CAP: no area and no venue holds more people than the lowest of its capacities."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.capacity import (
    density_limit_per_m2,
    holding_capacity,
    venue_capacity,
)
from hamkor.checks.rules.context import Context, profile_assumption
from hamkor.checks.rules.findings import Found, judge
from hamkor.checks.rules.flows import LEAST_PEOPLE
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range, known
from hamkor.common.messages import N_, Message

GREEN_GUIDE = "Green Guide, 6th ed. 2018, ch. 2"
# Outdoors MVStättVO begins at 1 000 people; below, a village square needs no gate.
SMALL_CROWD = 1000
# An extract that draws less than this part of the places is a drawing of a part.
MOST_OVERSOLD = 1.5
UNLIMITED_ADMISSION = frozenset({"free", "open_street"})


@rule(
    "CAP-001",
    title=N_("More people than an area may hold"),
    says=N_(
        "{measured} people are to be let into {subject}; it safely holds {limit} ({basis}): "
        "{ratio} times as many."
    ),
    do=N_("Let in at most {allowed} people and count them at the entrance of {subject}."),
    why=N_(
        "A number for the whole venue says nothing about one fenced part of it. At Hillsborough in 1989 the "
        "terrace was rated for 10 100 and safe for about 5 400; one pen stood at almost twice its number."
    ),
    severity=N_(
        "Red when more people are planned than the area holds over the whole range, amber when it may be."
    ),
    unit="people",
    sources=(GREEN_GUIDE,),
)
def overfull_area(context: Context) -> Iterator[Found]:
    """Yields a finding for every area with more people planned than it holds."""
    for area_id in context.areas:
        people = context.people_in(area_id)
        holding = holding_capacity(context, area_id)
        if people is None or holding is None or people.high < LEAST_PEOPLE:
            continue
        ratio = people / holding.people
        severity = judge(ratio)
        if severity is not None:
            yield Found(
                subject=context.subject("area", area_id),
                severity=severity,
                measured=people,
                limit=holding.people,
                ratio=ratio,
                facts={"basis": holding.basis, "allowed": int(holding.people.low)},
                assumptions=holding.assumptions,
            )


@rule(
    "CAP-002",
    title=N_("More people than the venue may hold"),
    says=N_(
        "{measured} people are expected at once; the venue takes {limit}, bound by {bound_by}: "
        "{ratio} times as many."
    ),
    do=N_("Admit at most {allowed} people, or raise what binds: {bound_by}."),
    why=N_(
        "The capacity of a venue is the lowest of what can enter in an hour, what it holds, what can leave in the "
        "normal time and what can leave in an emergency. It may never be exceeded."
    ),
    severity=N_("Red when the crowd is larger over the whole range of the figures, amber when it may be."),
    unit="people",
    sources=(GREEN_GUIDE,),
)
def overfull_venue(context: Context) -> Iterator[Found]:
    """Yields a finding when the crowd is larger than the lowest capacity of the whole venue."""
    crowd = context.crowd
    capacity = venue_capacity(context)
    if crowd is None or capacity is None or capacity.people.nominal < LEAST_PEOPLE:
        return  # nobody can leave at all: EGR tells
    ratio = crowd / capacity.people
    severity = judge(ratio)
    if severity is not None:
        yield Found(
            subject=context.event_subject,
            severity=severity,
            measured=crowd,
            limit=capacity.people,
            ratio=ratio,
            facts={"bound_by": capacity.basis, "allowed": int(capacity.people.low)},
            assumptions=(*capacity.assumptions, profile_assumption(context.profile)),
        )


@rule(
    "CAP-003",
    title=N_("More people than a paper allows"),
    says=N_("{measured} people are expected or ticketed; {paper} allows {limit}."),
    do=N_("Bring the number down to {limit}, or have {paper} changed before tickets are given out."),
    why=N_("The permitted number is the limit everyone else plans with: medics, transport, exits."),
    severity=N_(
        "Red when the number exceeds the paper over the whole range of the figures, amber when it may."
    ),
    unit="people",
    sources=(GREEN_GUIDE, "uz-cm-205-2014-annex1-def-permit"),
)
def more_than_permitted(context: Context) -> Iterator[Found]:
    """Yields a finding when the crowd or the tickets exceed the permit or the safety certificate."""
    attendance = context.plan.attendance
    if attendance is None:
        return
    counted = [known(attendance.peak or attendance.expected), known(attendance.tickets)]
    people = max((item for item in counted if item is not None), key=lambda item: item.nominal, default=None)
    for paper, limit in _papers(context):
        if people is None or limit is None:
            continue
        ratio = people / limit
        severity = judge(ratio)
        if severity is not None:
            yield Found(
                subject=context.event_subject,
                severity=severity,
                measured=people,
                limit=limit,
                ratio=ratio,
                facts={"paper": paper},
            )


def _papers(context: Context) -> Iterator[tuple[Message, Range | None]]:
    attendance, legal = context.plan.attendance, context.plan.legal
    if attendance is not None:
        yield Message(N_("the permit")), known(attendance.permitted)
    if legal is not None and legal.certificate is not None:
        yield Message(N_("the safety certificate")), known(legal.certificate.capacity)


@rule(
    "CAP-004",
    title=N_("A density no standing crowd may have"),
    says=N_(
        "{subject} is planned for {measured} people per m²; {limit} is the most that may be allowed there."
    ),
    do=N_("Plan {subject} with at most {limit} people per m²."),
    why=N_(
        "Above four people per square metre a moving crowd stumbles; above 4.7 a standing crowd is no longer "
        "safe; near seven it moves like a fluid and nobody in it decides where they go."
    ),
    severity=N_("Red above the limit over the whole range of the figures, amber when it may be."),
    unit="people/m²",
    sources=("Green Guide, 6th ed. 2018, ch. 13", "Still, Introduction to Crowd Science (2014)"),
)
def dense_area(context: Context) -> Iterator[Found]:
    """Yields a finding for every area that may be filled beyond the highest density."""
    for area_id, area in context.areas.items():
        limit = density_limit_per_m2(context, area)
        density = known(area.standing_density_per_m2)
        if density is None or (severity := judge(density / limit)) is None:
            continue
        yield Found(
            subject=context.subject("area", area_id),
            severity=severity,
            measured=density,
            limit=Range.exactly(limit),
            ratio=density / limit,
        )


@rule(
    "CAP-005",
    title=N_("Nothing limits the number of people"),
    says=N_("Anyone may come to {subject} and no number is set at which entry stops."),
    do=N_(
        "Set the number at which entry stops, say who counts, who stops it and where people are sent then."
    ),
    why=N_(
        "An open event fills until it is dangerous unless somebody stops it earlier. Munich stops admission to "
        "an open area at three quarters of its capacity."
    ),
    severity=N_("Amber for open streets and free entry without a permitted number or an enforced capacity."),
    sources=("Munich city practice, 2006", GREEN_GUIDE),
)
def unlimited_crowd(context: Context) -> Iterator[Found]:
    """Yields a finding when entry is open to all and neither permit nor areas state a limit."""
    attendance = context.plan.attendance
    if attendance is None or attendance.admission not in UNLIMITED_ADMISSION:
        return
    if context.crowd is not None and context.crowd.high <= SMALL_CROWD:
        return
    is_limited = attendance.permitted is not None or any(
        area.stated_capacity is not None and area.counting not in (None, "none")
        for area in context.areas.values()
    )
    may_stop_entry = any("stop_entry" in authority.may for authority in context.plan.stop or ())
    if not is_limited and not may_stop_entry:
        yield Found(subject=context.event_subject, severity="amber")


@rule(
    "CAP-006",
    title=N_("The parts hold less than the whole"),
    says=N_("All areas together are planned for {limit} people, the event for {measured}."),
    do=N_("Say where the remaining people are, or bring the number down to {limit}."),
    why=N_("People without a place stand in gangways, on stairs and behind the stage."),
    severity=N_(
        "Red in a complete plan when every area has a number and the sum is below the crowd; amber in an "
        "extract that draws most of the places."
    ),
    unit="people",
    sources=(GREEN_GUIDE,),
)
def people_without_place(context: Context) -> Iterator[Found]:
    """Yields a finding when the areas together take fewer people than are expected or have tickets."""
    crowd = _ticketed(context)
    if crowd is None or not context.areas:
        return
    numbers = [
        context.room_of(area_id)
        for area_id, area in context.whole_areas.items()
        if area.use not in {"concourse", "queue", "backstage", "pitch", "street", "other"}
    ]
    if not numbers or any(number is None for number in numbers):
        return
    places = sum(number.nominal for number in numbers if number is not None)
    is_whole = context.is_complete or crowd.low <= places * MOST_OVERSOLD
    if crowd.low > places > 0 and is_whole:
        yield Found(
            subject=context.event_subject,
            severity="red" if context.is_complete else "amber",
            measured=crowd,
            limit=Range.exactly(places),
            ratio=crowd / places,
        )


def _ticketed(context: Context) -> Range | None:
    """Returns the crowd at once, or the tickets when more were given out."""
    attendance = context.plan.attendance
    tickets = known(attendance.tickets) if attendance is not None else None
    crowd = context.crowd
    if tickets is None or crowd is None:
        return crowd or tickets
    is_at_once = attendance is not None and attendance.peak is None
    return tickets if is_at_once and tickets.nominal > crowd.nominal else crowd

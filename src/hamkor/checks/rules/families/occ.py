# SPDX-License-Identifier: Apache-2.0
"""OCC: the people inside each part are counted, and the papers that allow them are alive and signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Subject
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range
from hamkor.common.messages import N_
from hamkor.crowd.rules.connections import is_bounded
from hamkor.venues.rules.features import Area

GREEN_GUIDE = "Green Guide, 6th ed. 2018, ch. 2"
TAYLOR = "Taylor, Hillsborough final report 1990"
# The Green Guide asks for a review every year and after every change.
REVIEW_DAYS = 366
FILLING_USES = frozenset({"standing", "stage_front", "hall", "dance_floor", "square", "pitch"})
DAYS_PER_YEAR = 365.25


def _can_fill(context: Context, area_id: str, area: Area) -> bool:
    """Returns True when more people than planned can get into an area without anyone noticing."""
    if area.reserved_places or area.use not in FILLING_USES or not is_bounded(area):
        return False
    return context.people_in(area_id) is not None or context.crowd is not None


@rule(
    "OCC-001",
    title=N_("Nobody counts the people in an area that can fill"),
    says=N_(
        "{subject} is closed on all sides, places in it are not numbered, and nobody counts who is in it."
    ),
    do=N_("Count {subject} by itself (turnstiles, clickers or cameras) and close it at its number."),
    why=N_(
        "A count at the outer gates does not see that one part overfills while the next stands empty. At "
        "Hillsborough in 1989 the turnstiles were counted; the pens were not."
    ),
    severity=N_(
        "Red when it is known that nobody counts; amber when it is only estimated by eye, or not told in a "
        "complete plan."
    ),
    sources=(GREEN_GUIDE, TAYLOR, "Austrian event code (VSVO): a counting system is compulsory"),
)
def uncounted_area(context: Context) -> Iterator[Found]:
    """Yields a finding for every closed area with free places whose people are not counted."""
    for area_id, area in context.areas.items():
        if not _can_fill(context, area_id, area):
            continue
        is_estimated = area.counting == "estimate" or (area.counting is None and context.is_complete)
        if area.counting == "none" or is_estimated:
            yield Found(
                subject=context.subject("area", area_id),
                severity="red" if area.counting == "none" else "amber",
            )


@rule(
    "OCC-002",
    title=N_("A safety certificate that is out of date"),
    says=N_("The safety certificate was last reviewed {measured} years before the event."),
    do=N_(
        "Have the capacity of every part reviewed and the certificate renewed before tickets are given out."
    ),
    why=N_(
        "Barriers are moved, gangways added, rules rewritten; a number from before is a number for another "
        "place. Hillsborough's certificate of 1979 was ten years old in 1989."
    ),
    severity=N_("Red when the venue was altered since; amber when the last review is more than a year old."),
    unit="years",
    sources=(GREEN_GUIDE, TAYLOR),
)
def stale_certificate(context: Context) -> Iterator[Found]:
    """Yields a finding when the certificate is older than a year, or older than the last alteration."""
    legal = context.plan.legal
    certificate = legal.certificate if legal is not None else None
    if certificate is None or certificate.state in {"none", "not_needed"}:
        return
    reviewed = certificate.reviewed_date or certificate.issued_date
    day = _event_day(context)
    age_days = (day - reviewed).days if reviewed is not None and day is not None else 0
    if certificate.changed_since or age_days > REVIEW_DAYS:
        years = Range.exactly(round(age_days / DAYS_PER_YEAR, 1)) if age_days > 0 else None
        limit = Range.exactly(1)
        yield Found(
            subject=Subject("part", "legal"),
            severity="red" if certificate.changed_since else "amber",
            measured=years,
            limit=limit,
            ratio=years / limit if years is not None else None,
        )


def _event_day(context: Context) -> date | None:
    starts_at = context.event.starts_at
    return starts_at.date() if starts_at is not None else None


@rule(
    "OCC-003",
    title=N_("A rule set aside without a name"),
    says=N_("The rule “{waived}” was set aside, and no person is named who signed for it."),
    do=N_("Have a named person sign the waiver with the measure taken instead, or keep the rule."),
    why=N_(
        "An exception without a person is a hole. For the Love Parade 2010 the widths of escape routes were "
        "relaxed and the fire service plan waived before the permit."
    ),
    severity=N_("Red when it is known that nobody signed; amber when the signature is not told."),
    sources=("Love Parade 2010, permit of the city of Duisburg", "uz-svc-permit-refusal-commission"),
)
def unsigned_waiver(context: Context) -> Iterator[Found]:
    """Yields a finding for every waiver without a named signatory."""
    legal = context.plan.legal
    for waiver in (legal.waivers if legal is not None else None) or ():
        if waiver.signed_by is None or waiver.signed_by == "none":
            yield Found(
                subject=Subject("waiver", waiver.id, waiver.rule),
                severity="red" if waiver.signed_by == "none" else "amber",
                facts={"waived": waiver.rule},
            )


@rule(
    "OCC-004",
    title=N_("A rule set aside with nothing in its place"),
    says=N_("The rule “{waived}” was set aside; no measure taken instead is named."),
    do=N_("Write down what makes up for the rule, who does it, and have it signed."),
    why=N_("A waiver moves a risk; the plan must say to whom and against what."),
    severity=N_("Amber when a signed waiver names no measure."),
    sources=("ISO 31000:2018, risk treatment",),
)
def bare_waiver(context: Context) -> Iterator[Found]:
    """Yields a finding for every waiver without a compensating measure."""
    legal = context.plan.legal
    for waiver in (legal.waivers if legal is not None else None) or ():
        if waiver.compensation is None:
            yield Found(
                subject=Subject("waiver", waiver.id, waiver.rule),
                severity="amber",
                facts={"waived": waiver.rule},
            )


@rule(
    "OCC-005",
    title=N_("One number for many closed parts"),
    says=N_(
        "The safety certificate gives one number for the whole, none for each of its {count} closed areas."
    ),
    do=N_("Set a number for every area people cannot leave sideways, and close each at its own number."),
    why=N_("The whole can be half empty while one part is deadly: capacity lives in each closed part."),
    severity=N_("Red when two or more closed areas with free places exist; amber otherwise."),
    sources=(GREEN_GUIDE, TAYLOR),
)
def certificate_without_parts(context: Context) -> Iterator[Found]:
    """Yields a finding when the certificate has no number for each closed area."""
    legal = context.plan.legal
    certificate = legal.certificate if legal is not None else None
    if certificate is None or certificate.capacity_per_area is not False:
        return
    closed = [area_id for area_id, area in context.areas.items() if _can_fill(context, area_id, area)]
    yield Found(
        subject=Subject("part", "legal"),
        severity="red" if len(closed) > 1 else "amber",
        facts={"count": len(closed)},
    )


@rule(
    "OCC-006",
    title=N_("A crowd nobody counts"),
    says=N_("Anyone may come to {subject}, and in no part of it are people counted."),
    do=N_("Count at every way in and out, or by camera, and tell one post the number every five minutes."),
    why=N_("Whoever does not know how many are inside cannot know when to stop the entry."),
    severity=N_("Red when it is known that nobody counts anywhere; amber when only some areas tell."),
    sources=("Austrian event code (VSVO): a counting system is compulsory", GREEN_GUIDE),
)
def uncounted_event(context: Context) -> Iterator[Found]:
    """Yields a finding for an open event in whose areas nobody counts."""
    attendance = context.plan.attendance
    if attendance is None or attendance.admission not in {"free", "open_street"} or not context.areas:
        return
    counting = [area.counting for area in context.areas.values()]
    if all(method in (None, "none") for method in counting) and "none" in counting:
        is_known = all(method == "none" for method in counting)
        yield Found(subject=context.event_subject, severity="red" if is_known else "amber")

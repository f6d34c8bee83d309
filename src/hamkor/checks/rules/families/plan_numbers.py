# SPDX-License-Identifier: Apache-2.0
"""PLAN: numbers that say the same thing agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.naming import listed, moment_shown
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range, known, total
from hamkor.common.messages import N_, Message
from hamkor.events.rules import Interval
from hamkor.venues.rules.features import OUTSIDE

# Shares are written by hand and rounded: 2 % above the whole is rounding, half above it is another count.
ROUNDING, CONTRADICTION = 1.02, 1.5
# Numbers of people come from several offices: a fifth more is a margin, half as many again is another event.
PEOPLE_MARGIN = 1.2
ISO_22320 = "ISO 22320:2018, planning"
CONVENTION = "Convention of this check"


def _severity_above(ratio: Range, *, margin: float) -> Severity | None:
    """Returns red above one and a half, amber above the margin, for a ratio that should not exceed one."""
    if ratio.low > CONTRADICTION:
        return "red"
    return "amber" if ratio.low > margin else None


@rule(
    "PLAN-020",
    title=N_("Shares add up to more than the whole"),
    says=N_("The shares of {what} add up to {measured}; the whole is {limit}."),
    do=N_("Correct the shares of {what} so that they add up to one."),
    why=N_(
        "Shares that add up to more than everyone were copied from two counts; one of the gates is planned wrongly."
    ),
    severity=N_("Amber above 1.02, red above 1.5."),
    sources=(CONVENTION, ISO_22320),
)
def excessive_shares(context: Context) -> Iterator[Found]:
    """Yields a finding for every set of shares that adds up to more than one."""
    for what, shares in _sets_of_shares(context):
        ratio = Range.exactly(sum(share for share in shares if share is not None))
        severity = _severity_above(ratio, margin=ROUNDING)
        if severity is not None:
            yield Found(
                subject=context.event_subject,
                severity=severity,
                measured=Range.exactly(round(ratio.nominal, 3)),
                limit=Range.exactly(1),
                ratio=ratio,
                facts={"what": what},
            )


def _sets_of_shares(context: Context) -> Iterator[tuple[Message, Iterable[float | None]]]:
    attendance = context.plan.attendance
    if attendance is not None:
        yield Message(N_("arrivals over time")), [row.share for row in attendance.arrivals or ()]
        yield Message(N_("departures over time")), [row.share for row in attendance.departures or ()]
    # Only ways that lead outside: those further in are passed by the same people again.
    outer = [item for item in context.connections.values() if OUTSIDE in (item.from_, item.to)]
    yield Message(N_("arrivals over the entrances")), [item.arrival_share for item in outer]
    yield Message(N_("departures over the exits")), [item.departure_share for item in outer]


@rule(
    "PLAN-021",
    title=N_("More people come and go than are expected"),
    says=N_("{what} add up to {measured} people; {limit} are expected."),
    do=N_("Settle on one number of people and correct {what} or the expected attendance."),
    why=N_(
        "When two numbers for the same crowd stand in one plan, gates are planned with the small one and "
        "trains with the large one. For the Love Parade in 2010 numbers several times apart were in use at "
        "once."
    ),
    severity=N_(
        "Amber above 1.2 times the expected number, red above 1.5 times, over the whole range of the figures."
    ),
    unit="people",
    sources=(CONVENTION, ISO_22320),
)
def excessive_profile(context: Context) -> Iterator[Found]:
    """Yields a finding when the arrivals, or the departures, add up to far more people than are expected."""
    attendance, visitors = context.plan.attendance, context.visitors
    if attendance is None or attendance.expected is None or visitors is None or visitors.nominal <= 0:
        return
    profiles = ((N_("arrivals"), attendance.arrivals), (N_("departures"), attendance.departures))
    for what, intervals in profiles:
        people = total(count for row in intervals or () if (count := known(row.people)) is not None)
        severity = _severity_above(people / visitors, margin=PEOPLE_MARGIN)
        if severity is not None:
            yield Found(
                subject=context.part_subject("attendance"),
                severity=severity,
                measured=people,
                limit=visitors,
                ratio=people / visitors,
                facts={"what": Message(what)},
            )


@rule(
    "PLAN-022",
    title=N_("Intervals that overlap"),
    says=N_("Intervals of {what} overlap at: {moments}."),
    do=N_("Let the intervals of {what} follow each other without overlapping."),
    why=N_(
        "People in overlapping intervals are counted twice, and the peak is then a mistake of arithmetic."
    ),
    severity=N_("Amber."),
    sources=(ISO_22320,),
)
def overlapping_intervals(context: Context) -> Iterator[Found]:
    """Yields one finding for each profile whose intervals overlap."""
    attendance = context.plan.attendance
    if attendance is None:
        return
    profiles = ((N_("arrivals"), attendance.arrivals), (N_("departures"), attendance.departures))
    for what, intervals in profiles:
        moments = _overlaps(intervals or ())
        if moments:
            yield Found(
                subject=context.part_subject("attendance"),
                severity="amber",
                facts={"what": Message(what), "moments": listed(moments)},
            )


def _overlaps(intervals: Iterable[Interval]) -> list[str]:
    moments, latest = [], None
    for interval in sorted(intervals, key=lambda row: row.starts_at):
        if latest is not None and interval.starts_at < latest:
            moments.append(moment_shown(interval.starts_at))
        latest = interval.ends_at if latest is None else max(latest, interval.ends_at)
    return moments


@rule(
    "PLAN-023",
    title=N_("More people in the areas than at the event"),
    says=N_("The areas add up to {measured} people; {limit} are expected at all."),
    do=N_("Correct the people by area, or the expected attendance."),
    why=N_(
        "Each area is planned for its own number. If the sum is larger than the crowd, some of them are invented."
    ),
    severity=N_("Info: the same people may fill several areas one after the other."),
    unit="people",
    sources=(CONVENTION,),
)
def areas_above_the_crowd(context: Context) -> Iterator[Found]:
    """Yields a finding when the people by area are half as many again as everybody expected."""
    attendance, visitors = context.plan.attendance, context.visitors
    if attendance is None or attendance.expected is None or visitors is None or visitors.nominal <= 0:
        return
    people = total(known(row.people) or Range.exactly(0) for row in attendance.by_area or ())
    if people.low > visitors.high * CONTRADICTION:
        yield Found(
            subject=context.part_subject("attendance"),
            severity="info",
            measured=people,
            limit=visitors,
            ratio=people / visitors,
        )

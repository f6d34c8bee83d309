# SPDX-License-Identifier: Apache-2.0
"""ENT: the entrances let everyone in without a dangerous queue."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hamkor.checks.rules.arrivals import (
    Queue,
    Span,
    arrivals_of,
    is_arrival_profile_whole,
    longest_queue_of,
)
from hamkor.checks.rules.context import Context
from hamkor.checks.rules.entrances import Entrance, entrances
from hamkor.checks.rules.findings import Found, judge
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range, known
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.connections import lane_rate_of
from hamkor.crowd.rules.profiles import load_profile
from hamkor.venues.rules.features import Turnstiles

GREEN_GUIDE = "Green Guide, 6th ed. 2018, ch. 2"
TAYLOR = "Taylor, Hillsborough interim report 1989, par. 188"
# No guide sets a longest wait. Half an hour is our planning value: beyond it people begin to push and to
# climb (see the decision record on planning values); the area is what the queue model itself demands.
LONGEST_WAIT_MIN = 30.0
LONG_WAIT_MIN = 15.0


@rule(
    "ENT-001",
    title=N_("Entry takes longer than an hour"),
    says=N_(
        "{people} people through {lanes} lanes at {rate} an hour each take {measured} h to enter {subject}; "
        "{limit} h is the limit."
    ),
    do=N_(
        "Add {missing} more lanes, send part of the people to other entrances, or set and prove an earlier "
        "arrival."
    ),
    why=N_(
        "People come late and all at once. What cannot be let in within an hour stands outside when the event "
        "begins, and pushes. Hillsborough 1989: 10 100 people for 7 turnstiles, 2.2 hours."
    ),
    severity=N_(
        "Red when the time exceeds the limit over the whole range of the figures, amber when it may; silent when "
        "the arrival profile of nearly everyone is known (ENT-002, ENT-007)."
    ),
    unit="h",
    sources=(GREEN_GUIDE, TAYLOR),
)
def slow_entry(context: Context) -> Iterator[Found]:
    """Yields a finding for every entrance that cannot take its people in the fill time, arrivals unknown."""
    if not is_arrival_profile_whole(context):
        for entrance in entrances(context):
            yield from _slow_entrance(context, entrance)


@rule(
    "ENT-007",
    title=N_("Entry rests on the arrival profile"),
    says=N_(
        "If all {people} people came at once, entering {subject} would take {measured} h, more than {limit} h; "
        "the plan counts on their coming earlier."
    ),
    do=N_("Watch that people come as the profile says, and agree at which queue the start is delayed."),
    why=N_(
        "A late train, rain or a popular first act brings everyone together. A plan that needs people to come "
        "in turn needs a sign that they do not."
    ),
    severity=N_("Info: the queue over the arrival profile decides (ENT-002)."),
    unit="h",
    sources=(GREEN_GUIDE, TAYLOR),
)
def entry_by_profile(context: Context) -> Iterator[Found]:
    """Yields what is to be known about entrances that take their people only as the profile spreads them."""
    if not is_arrival_profile_whole(context):
        return
    listed = list(entrances(context))
    whole = [entrance for entrance in listed if entrance.subject == context.event_subject]
    for entrance in whole or listed:
        for found in _slow_entrance(context, entrance):
            yield msgspec.structs.replace(found, severity="info")


def _slow_entrance(context: Context, entrance: Entrance) -> Iterator[Found]:
    limit_h = context.profile.fill_time_max_h or load_profile().fill_time_max_h or 1.0
    hours = entrance.people / entrance.per_h
    severity = judge(hours / limit_h)
    if severity is None:
        return
    rate = entrance.per_h / max(entrance.lanes, 1)
    missing = entrance.people.nominal / limit_h / rate.nominal - entrance.lanes if rate.nominal else 0
    yield Found(
        subject=entrance.subject,
        severity=severity,
        measured=hours,
        limit=Range.exactly(limit_h),
        ratio=hours / limit_h,
        facts={
            "people": round(entrance.people.nominal),
            "lanes": entrance.lanes,
            "rate": round(rate.nominal),
            "missing": max(1, -int(-missing // 1)),
        },
        assumptions=_rate_assumption(entrance),
    )


def _rate_assumption(entrance: Entrance) -> tuple[Message, ...]:
    if all(bank.rate_measured for bank in entrance.banks):
        return ()
    return (Message(N_("The rate of a lane is not measured: at most the usual rate was taken.")),)


@rule(
    "ENT-002",
    title=N_("A queue that waits too long"),
    says=N_(
        "{people} people wait at {subject} at {at}; the last of them for {measured} min, {limit} min at most."
    ),
    do=N_("Open more lanes before {at}, or begin letting in earlier."),
    why=N_(
        "A long wait near the start makes people climb, push and call; gates are then opened under pressure."
    ),
    severity=N_("Red when the wait is longer than half an hour, amber when longer than a quarter."),
    unit="min",
    sources=("fluid queue over the arrival profile", "Hamkor planning value: 30 min"),
)
def long_wait(context: Context) -> Iterator[Found]:
    """Yields a finding for every entrance with a wait beyond the planning values."""
    for entrance, queue in _queues(context):
        wait_min = Range.exactly(queue.step.wait_min)
        if wait_min.low <= LONG_WAIT_MIN:
            continue
        yield Found(
            subject=entrance.subject,
            severity="red" if wait_min.low > LONGEST_WAIT_MIN else "amber",
            measured=wait_min,
            limit=Range.exactly(LONGEST_WAIT_MIN),
            ratio=wait_min / LONGEST_WAIT_MIN,
            facts={"people": round(queue.step.queue), "at": f"{queue.at:%H:%M}"},
            assumptions=_rate_assumption(entrance),
        )


def _queues(context: Context) -> Iterator[tuple[Entrance, Queue]]:
    arrivals = arrivals_of(context)
    for entrance in entrances(context) if arrivals else ():
        if entrance.share is None:
            continue
        queue = longest_queue_of(
            arrivals,
            share=entrance.share,
            rate_per_min=entrance.per_h.nominal / 60,
            opens_at=context.event.doors_open_at,
        )
        if queue is not None:
            yield entrance, queue


@rule(
    "ENT-003",
    title=N_("More arrive at the peak than the lanes let in"),
    says=N_(
        "{measured} people an hour come to {subject} between {from_time} and {to_time}; its {lanes} lanes let "
        "in {limit} an hour."
    ),
    do=N_("Open {missing} more lanes there from {from_time}, or spread arrivals."),
    why=N_(
        "Where arrivals exceed the rate of the lanes the queue grows every minute; the peak decides, not the mean."
    ),
    severity=N_("Amber: a short peak can be borne; the wait decides (ENT-002)."),
    unit="people/h",
    sources=(GREEN_GUIDE, "screening rates: measured lanes and published hand-search rates"),
)
def peak_above_rate(context: Context) -> Iterator[Found]:
    """Yields a finding for every entrance whose busiest interval brings more than its lanes let in."""
    arrivals = arrivals_of(context)
    if not arrivals:
        return
    peak = max(arrivals, key=lambda span: span.per_h.nominal)
    for entrance in entrances(context):
        if entrance.share is None:
            continue
        demand_per_h = peak.per_h * entrance.share
        if judge(demand_per_h / entrance.per_h) is not None:
            yield _peak_found(entrance, peak, demand_per_h)


def _peak_found(entrance: Entrance, peak: Span, demand_per_h: Range) -> Found:
    per_lane = entrance.per_h.nominal / entrance.lanes if entrance.lanes else 0.0
    missing = (demand_per_h.nominal - entrance.per_h.nominal) / per_lane if per_lane else 1.0
    return Found(
        subject=entrance.subject,
        severity="amber",
        measured=demand_per_h,
        limit=entrance.per_h,
        ratio=demand_per_h / entrance.per_h,
        facts={
            "from_time": f"{peak.starts_at:%H:%M}",
            "to_time": f"{peak.ends_at:%H:%M}",
            "lanes": entrance.lanes,
            "missing": max(1, -int(-missing // 1)),
        },
        assumptions=_rate_assumption(entrance),
    )


@rule(
    "ENT-004",
    title=N_("No room for the queue"),
    says=N_("{people} people queue at {subject} at {at} and need {measured} m²; {limit} m² are there."),
    do=N_("Give the queue {measured} m² free of traffic, or open more lanes."),
    why=N_(
        "A queue without room stands on a road, on stairs or in a tunnel, and those behind do not see the gate."
    ),
    severity=N_("Red when the queue needs more than the area over the whole range, amber when it may."),
    unit="m²",
    sources=("two people per m² in a queue", GREEN_GUIDE),
)
def no_room_for_queue(context: Context) -> Iterator[Found]:
    """Yields a finding for every bank whose longest queue does not fit into the area in front of it."""
    for entrance, queue in _queues(context):
        room_m2 = known(entrance.banks[0].queue_area_m2) if len(entrance.banks) == 1 else None
        if room_m2 is None:
            continue
        needed = Range.exactly(queue.step.area_m2)
        severity = judge(needed / room_m2)
        if severity is not None:
            yield Found(
                subject=entrance.subject,
                severity=severity,
                measured=needed,
                limit=room_m2,
                ratio=needed / room_m2,
                facts={"people": round(queue.step.queue), "at": f"{queue.at:%H:%M}"},
            )


@rule(
    "ENT-005",
    title=N_("A rate nobody measured"),
    says=N_(
        "{subject} is planned at {measured} people an hour and lane, and no measurement is given; "
        "{limit} is usual."
    ),
    do=N_(
        "Count one lane for a quarter of an hour with the real search and write the result down as measured."
    ),
    why=N_("Brochures promise 600 to 1 200 an hour; lanes with a real search were counted at about 400."),
    severity=N_("Amber: the plan is checked with the usual rate instead."),
    unit="people/h",
    sources=("measured magnetometer lanes of 5 to 7 s", GREEN_GUIDE),
)
def unmeasured_rate(context: Context) -> Iterator[Found]:
    """Yields a finding for every bank planned faster than lanes are known to be, without a measurement."""
    for bank_id, bank in context.features_of(Turnstiles):
        stated = known(bank.rate_per_h)
        believed = lane_rate_of(bank)
        if stated is not None and not bank.rate_measured and stated.nominal > believed.nominal:
            yield Found(
                subject=context.subject("turnstiles", bank_id),
                severity="amber",
                measured=stated,
                limit=believed,
                ratio=stated / believed,
            )


@rule(
    "ENT-006",
    title=N_("Lanes without people to work them"),
    says=N_("{subject} has {limit} lanes and people for {measured} of them."),
    do=N_("Staff {missing} more lanes of {subject}, or plan with those that are staffed."),
    why=N_("A closed lane is a wall. Plans count lanes that exist; crowds meet lanes that are open."),
    severity=N_("Amber: the plan is checked with the staffed lanes only."),
    unit="lanes",
    sources=(GREEN_GUIDE,),
)
def unstaffed_lanes(context: Context) -> Iterator[Found]:
    """Yields a finding for every bank with fewer staffed lanes than lanes."""
    for bank_id, bank in context.features_of(Turnstiles):
        if bank.lanes_staffed is not None and bank.lanes_staffed < bank.lanes:
            staffed, lanes = Range.exactly(bank.lanes_staffed), Range.exactly(bank.lanes)
            yield Found(
                subject=context.subject("turnstiles", bank_id),
                severity="amber",
                measured=staffed,
                limit=lanes,
                ratio=lanes / staffed,
                facts={"missing": bank.lanes - bank.lanes_staffed},
            )

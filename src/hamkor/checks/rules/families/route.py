# SPDX-License-Identifier: Apache-2.0
"""ROUTE: people do not spread evenly; each exit and lane is judged by those who will really use it."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context, profile_assumption
from hamkor.checks.rules.entrances import Entrance, entrances
from hamkor.checks.rules.findings import Found, judge
from hamkor.checks.rules.flows import emergency_limit_min, exits_of
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range
from hamkor.common.messages import N_
from hamkor.crowd.rules.connections import is_bounded, one_way_per_min
from hamkor.venues.rules.features import OUTSIDE, Attractor, Opening, Turnstiles

STILL = "Still, Introduction to Crowd Science (2014)"
NFPA_MAIN = "NFPA 101, main entrance rule; NIST NCSTAR 2 (2005), recommendation 5"
# NFPA 101: the main entrance takes half of the people, two thirds in a nightclub.
MAIN_ENTRANCE_SHARE = 0.5
MAIN_ENTRANCE_SHARE_NIGHTCLUB = 2 / 3
# Lanes that carry half as many people again as the mean are uneven beyond chance (our planning value).
UNEVEN_RATIO = 1.5


@rule(
    "ROUTE-001",
    title=N_("Too many people choose one exit"),
    says=N_(
        "{people} people are expected to leave by {subject} and need {measured} min; {limit} min are allowed."
    ),
    do=N_("Guide people from {subject} to other exits with staff, signs and loudspeakers, or widen it."),
    why=N_(
        "People leave by the way they know, towards transport and home. Exits that stand empty do not help the "
        "one everybody takes."
    ),
    severity=N_(
        "Red when the time exceeds the limit over the whole range of the figures, amber when it may."
    ),
    unit="min",
    sources=("Green Guide, 6th ed. 2018, ch. 10", STILL),
)
def crowded_exit(context: Context) -> Iterator[Found]:
    """Yields a finding for every exit whose stated share of the departures takes too long."""
    crowd = context.crowd
    limit_min = context.profile.max_egress_time_min or context.longest_egress_min
    for connection_id, connection in context.connections.items():
        rate = one_way_per_min(connection, context.profile)
        if connection.departure_share is None or crowd is None or rate is None:
            continue
        people = crowd * connection.departure_share
        time = people / rate
        severity = judge(time / limit_min)
        if severity is not None:
            yield Found(
                subject=context.subject("opening", connection_id),
                severity=severity,
                measured=time,
                limit=Range.exactly(limit_min),
                ratio=time / limit_min,
                facts={"people": people.nominal},
                assumptions=(profile_assumption(context.profile),),
            )


@rule(
    "ROUTE-002",
    title=N_("The main entrance is too narrow to be the main exit"),
    says=N_(
        "People run back to the way they came: {people} of those in {area} would need {measured} min through "
        "{subject}; {limit} min are allowed."
    ),
    do=N_("Widen {subject}, make other exits as visible as it, or admit fewer people."),
    why=N_(
        "In a fire most people turn to the door they entered by, past open exits. At the Station nightclub in "
        "2003 it jammed within a minute and a half. It must carry half of the people, two thirds in a nightclub."
    ),
    severity=N_("Red in nightclubs when the time exceeds the limit over the whole range; amber elsewhere."),
    unit="min",
    sources=(NFPA_MAIN,),
)
def narrow_main_entrance(context: Context) -> Iterator[Found]:
    """Yields a finding for every indoor area whose one everyday door cannot carry its share of the people."""
    is_nightclub = context.event.kind in {"nightclub", "dance_party"}
    share = MAIN_ENTRANCE_SHARE_NIGHTCLUB if is_nightclub else MAIN_ENTRANCE_SHARE
    for area_id in context.areas:
        main = _main_entrance(context, area_id)
        people = context.people_in(area_id)
        rate = one_way_per_min(main[1], context.profile) if main is not None else None
        if main is None or people is None or rate is None:
            continue
        limit_min = emergency_limit_min(context, area_id, context.profile)
        time = people * share / rate
        severity = judge(time / limit_min)
        if severity is not None:
            yield Found(
                subject=context.subject("opening", main[0]),
                severity=severity if is_nightclub else "amber",
                measured=time,
                limit=Range.exactly(limit_min),
                ratio=time / limit_min,
                facts={
                    "people": people.nominal * share,
                    "area": context.subject("area", area_id).shown(),
                },
                assumptions=(profile_assumption(context.profile),),
            )


def _main_entrance(context: Context, area_id: str) -> tuple[str, Opening] | None:
    """Returns the door most people come in by, for an indoor area with other exits; None when not known."""
    area = context.areas[area_id]
    is_indoors = area.indoors if area.indoors is not None else context.event.setting == "indoors"
    exits = exits_of(context, area_id, "emergency")
    if not is_indoors or not is_bounded(area) or len(exits) < 2:
        return None
    doors = [
        (connection_id, connection)
        for connection_id, connection in context.connections_at.get(area_id, [])
        if isinstance(connection, Opening) and not connection.emergency_only
    ]
    if len(doors) == 1:
        return doors[0]
    busiest = max(doors, key=lambda door: door[1].arrival_share or 0.0, default=None)
    if busiest is None or (busiest[1].arrival_share or 0.0) < MAIN_ENTRANCE_SHARE:
        return None
    return busiest


@rule(
    "ROUTE-003",
    title=N_("Lanes are loaded unevenly"),
    says=N_(
        "{subject} has {measured} people for each lane, {ratio} times the mean of {limit} over all entrances."
    ),
    do=N_("Send people from {subject} to other entrances with their tickets, or move lanes there."),
    why=N_(
        "Enough turnstiles in all do not help where too few serve one end. Hillsborough 1989: 1 443 people for "
        "each turnstile of the terrace, under 500 elsewhere."
    ),
    severity=N_("Amber when a bank carries half as many people again per lane as the mean."),
    unit="people/lane",
    sources=("Taylor, Hillsborough interim report 1989", "Hamkor planning value: 1.5 times the mean"),
)
def uneven_lanes(context: Context) -> Iterator[Found]:
    """Yields a finding for every bank with far more people per lane than the mean of all banks."""
    banks = [item for item in entrances(context) if item.subject != context.event_subject and item.lanes]
    outer = [item for item in banks if item.banks[0].from_ == OUTSIDE]
    inner = [item for item in banks if item.banks[0].from_ != OUTSIDE]
    compared = outer if len(outer) > 1 else inner
    lanes = sum(item.lanes for item in compared)
    if len(compared) < 2 or lanes == 0:
        return
    mean = sum(item.people.nominal for item in compared) / lanes
    for item in compared:
        per_lane = item.people.nominal / item.lanes
        if mean > 0 and per_lane / mean > UNEVEN_RATIO:
            yield _uneven(item, per_lane, mean)


def _uneven(item: Entrance, per_lane: float, mean: float) -> Found:
    return Found(
        subject=item.subject,
        severity="amber",
        measured=Range.exactly(per_lane),
        limit=Range.exactly(mean),
        ratio=Range.exactly(per_lane / mean),
    )


@rule(
    "ROUTE-004",
    title=N_("Something draws people to a narrow place"),
    says=N_(
        "{attractor} draws {people} people to {subject}, which needs {measured} min for them; {limit} min are "
        "allowed."
    ),
    do=N_("Move {attractor} away from {subject}, or keep people moving past it with staff and fences."),
    why=N_(
        "Screens, stages, stations and gifts pull a crowd out of its even spread. Those who stop block those "
        "who follow."
    ),
    severity=N_("Amber when the time exceeds the limit for normal egress."),
    unit="min",
    sources=(STILL,),
)
def attractor_at_neck(context: Context) -> Iterator[Found]:
    """Yields a finding for every connection beside an attractor that cannot pass those it draws."""
    crowd = context.crowd
    limit_min = context.profile.max_egress_time_min or context.longest_egress_min
    for attractor_id, attractor in context.features_of(Attractor):
        for place in attractor.near:
            connection = context.connections.get(place)
            if connection is None or attractor.draws_share is None or crowd is None:
                continue
            rate = one_way_per_min(connection, context.profile)
            people = crowd * attractor.draws_share
            if rate is None or isinstance(connection, Turnstiles) or judge(people / rate / limit_min) is None:
                continue
            yield Found(
                subject=context.subject("opening", place),
                severity="amber",
                measured=people / rate,
                limit=Range.exactly(limit_min),
                ratio=people / rate / limit_min,
                facts={
                    "attractor": context.subject("attractor", attractor_id).shown(),
                    "people": people.nominal,
                },
            )

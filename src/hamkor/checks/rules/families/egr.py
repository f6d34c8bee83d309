# SPDX-License-Identifier: Apache-2.0
"""EGR: everyone can leave each area and the whole venue in time, also when the largest exit is lost."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from hamkor.checks.rules.context import Context, profile_assumption
from hamkor.checks.rules.emptying import NetworkResult, empty_venue
from hamkor.checks.rules.findings import Found, judge
from hamkor.checks.rules.flows import (
    egress_limit_min,
    egress_time_min,
    emergency_limit_min,
    exits_of,
    is_high_fire_risk,
)
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.robustness import across_profiles
from hamkor.common.figures import Range
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.profiles import FlowProfile
from hamkor.events.rules import CrowdPhase

GREEN_GUIDE = "Green Guide, 6th ed. 2018, ch. 10"


@rule(
    "EGR-001",
    title=N_("An area takes too long to leave"),
    says=N_("{people} people need {measured} min to leave {subject}; {limit} min are allowed."),
    do=N_("Let at most {allowed} people into {subject}, or open more exit width there."),
    why=N_(
        "A crowd that cannot leave in about eight minutes grows impatient and presses. The time is people over "
        "the sum of exit widths times the flow of the profile; exits that are locked count as zero."
    ),
    severity=N_(
        "Red when the time exceeds the limit over the whole range of the figures, amber when it may."
    ),
    unit="min",
    sources=(GREEN_GUIDE,),
)
def slow_egress(context: Context) -> Iterator[Found]:
    """Yields a finding for every area whose exits do not empty it in the time for normal egress."""
    yield from _slow(context, emergency=False)


@rule(
    "EGR-002",
    title=N_("An area cannot be evacuated in time"),
    says=N_(
        "In an emergency {people} people need {measured} min to leave {subject} ({loss}); {limit} min are "
        "allowed."
    ),
    do=N_("Let at most {allowed} people into {subject}, or add an exit away from the largest one."),
    why=N_(
        "The exit nearest to a fire or a collapse is the one that is lost, and most people know only the way "
        "they came. What is left must be enough. Station nightclub, 2003: the main door jammed; 100 died."
    ),
    severity=N_(
        "Red when the time exceeds the limit over the whole range of the figures, amber when it may."
    ),
    unit="min",
    sources=(GREEN_GUIDE, "NIST NCSTAR 2 (2005), recommendation 5"),
)
def slow_evacuation(context: Context) -> Iterator[Found]:
    """Yields a finding for every area that cannot be left in the emergency time without its largest exit."""
    yield from _slow(context, emergency=True)


def _slow(context: Context, *, emergency: bool) -> Iterator[Found]:
    limit_of = emergency_limit_min if emergency else egress_limit_min
    for area_id in context.areas:
        time = egress_time_min(context, area_id, emergency=emergency)
        people = context.people_in(area_id)
        if time is None or people is None:
            continue
        limit_min = limit_of(context, area_id, context.profile)
        severity = judge(time / limit_min)
        if severity is None:
            continue

        def ratio_at(profile: FlowProfile, area_id: str = area_id) -> Range | None:
            other = egress_time_min(context, area_id, emergency=emergency, profile=profile)
            return None if other is None else other / limit_of(context, area_id, profile)

        fails, passes = across_profiles(context, ratio_at)
        yield Found(
            subject=context.subject("area", area_id),
            severity=severity,
            measured=time,
            limit=Range.exactly(limit_min),
            ratio=time / limit_min,
            facts={
                "people": round(people.nominal),
                "allowed": int(people.low * limit_min / time.high) if time.high else 0,
                "loss": _loss(context, area_id),
            },
            assumptions=_assumptions(context, area_id, emergency=emergency),
            fails_under=fails,
            passes_under=passes,
        )


def _loss(context: Context, area_id: str) -> Message:
    """Returns what is left to leave by in an emergency, in words."""
    if len(exits_of(context, area_id, "emergency")) > 1:
        return Message(N_("with the largest exit lost"))
    return Message(N_("through the only exit"))


def _assumptions(context: Context, area_id: str, *, emergency: bool) -> tuple[Message, ...]:
    area = context.areas[area_id]
    assumed = [profile_assumption(context.profile)]
    if emergency and area.emergency_time_limit_min is None and area.fire_risk is None:
        assumed.append(
            Message(N_("Fire risk not stated: taken as high, because of the lining or of flame indoors."))
            if is_high_fire_risk(context, area_id)
            else Message(N_("Fire risk not stated: the longest admissible emergency time was taken."))
        )
    return tuple(assumed)


@rule(
    "EGR-003",
    title=N_("The whole venue empties through too narrow a cut"),
    says=N_(
        "When everyone leaves at once, {people} people meet at {places} and need {measured} min; "
        "{limit} min are allowed."
    ),
    do=N_("Widen or relieve {places}, or admit at most {allowed} people behind it."),
    why=N_(
        "Every area may have enough doors of its own while all of them lead to one ramp, tunnel or gate. The "
        "narrowest cut between the people and the outside decides."
    ),
    severity=N_(
        "Red when the time exceeds the limit over the whole range of the figures, amber when it may."
    ),
    unit="min",
    sources=(GREEN_GUIDE, "Still, Introduction to Crowd Science (2014)"),
)
def slow_venue(context: Context) -> Iterator[Found]:
    """Yields a finding when the narrowest cut between all areas and the outside takes too long."""
    yield from _slow_whole(context, "egress")


@rule(
    "EGR-004",
    title=N_("The whole venue cannot be evacuated in time"),
    says=N_(
        "In an emergency {people} people meet at {places} and need {measured} min; {limit} min are allowed."
    ),
    do=N_("Open further emergency exits past {places}, or admit at most {allowed} people behind it."),
    why=N_(
        "Locked and unstaffed exits count as zero here, emergency exits count as open. What is left between the "
        "people and the outside must carry everyone in the longest time a low fire risk allows."
    ),
    severity=N_(
        "Red when the time exceeds the limit over the whole range of the figures, amber when it may."
    ),
    unit="min",
    sources=(GREEN_GUIDE,),
)
def slow_venue_in_emergency(context: Context) -> Iterator[Found]:
    """Yields a finding when the venue as a whole cannot be evacuated in time."""
    yield from _slow_whole(context, "emergency")


def _slow_whole(context: Context, phase: CrowdPhase) -> Iterator[Found]:
    worst = _empty(context, phase, context.profile, kind="worst")
    if worst is None or len(context.areas) < 1:
        return
    limit_min = context.profile.max_egress_time_min or context.longest_egress_min
    best = _empty(context, phase, context.profile, kind="best")
    middle = _empty(context, phase, context.profile, kind="nominal")
    time = Range(
        best.time_min if best else 0.0, middle.time_min if middle else worst.time_min, worst.time_min
    )
    severity = judge(time / limit_min)
    if severity is None or _is_area_finding(context, middle or worst, phase):
        return
    shown = middle or worst

    def ratio_at(profile: FlowProfile) -> Range | None:
        other = _empty(context, phase, profile, kind="nominal")
        limit = profile.max_egress_time_min or context.longest_egress_min
        return Range.exactly((other.time_min if other else 0.0) / limit)

    fails, passes = across_profiles(context, ratio_at)
    yield Found(
        subject=context.subject("opening", shown.cut[0]) if shown.cut else context.event_subject,
        severity=severity,
        measured=time,
        limit=Range.exactly(limit_min),
        ratio=time / limit_min,
        facts={
            "people": round(shown.people),
            "places": [context.subject("opening", name).shown() for name in shown.cut[:6]],
            "allowed": int(shown.per_min * limit_min),
        },
        assumptions=(profile_assumption(context.profile),),
        fails_under=fails,
        passes_under=passes,
    )


def _empty(context: Context, phase: CrowdPhase, profile: FlowProfile, *, kind: str) -> NetworkResult | None:
    people, rate = {"worst": ("high", "low"), "best": ("low", "high"), "nominal": ("nominal", "nominal")}[
        kind
    ]
    return empty_venue(context, phase, profile, pick_people=attrgetter(people), pick_rate=attrgetter(rate))


def _is_area_finding(context: Context, result: NetworkResult, phase: CrowdPhase) -> bool:
    """Returns True when the cut is among the exits of one area, which has a finding of its own."""
    cut = set(result.cut)
    if not cut:
        return False
    return any(
        cut <= {exit_.id for exit_ in exits_of(context, area_id, phase)}
        for area_id in context.areas
        if context.people_in(area_id) is not None
    )

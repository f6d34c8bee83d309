# SPDX-License-Identifier: Apache-2.0
"""ENT-008: where people come in through plain openings, these take everyone in an hour."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.arrivals import is_arrival_profile_whole
from hamkor.checks.rules.context import Context, profile_assumption
from hamkor.checks.rules.findings import Found, judge
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range, total
from hamkor.common.messages import N_
from hamkor.crowd.rules.connections import MINUTES_PER_HOUR, is_bounded, is_direction_open, one_way_per_min
from hamkor.crowd.rules.profiles import load_profile
from hamkor.venues.rules.features import OUTSIDE, Connection, Turnstiles


@rule(
    "ENT-008",
    title=N_("Open gates take longer than an hour"),
    says=N_(
        "{people} people need {measured} h to enter through {places}, even if they stream in without a check; "
        "{limit} h is the limit."
    ),
    do=N_(
        "Open more width, spread the arrivals by time, or let people wait in parted groups far from the gates."
    ),
    why=N_(
        "A waiting crowd that sees a gate open moves at once, and the gate passes only its width. Khodynka 1896: "
        "half a million people before gaps between booths; Sangju 2005: ten thousand before one opened gate."
    ),
    severity=N_(
        "Red in a complete plan when the time exceeds the limit over the whole range of the figures; amber when it "
        "may, and in an extract, in which gates may be missing. Silent when the arrival profile is known."
    ),
    unit="h",
    sources=("Green Guide, 6th ed. 2018, ch. 2",),
)
def slow_gates(context: Context) -> Iterator[Found]:
    """Yields a finding when the openings from outside, all together, take longer than an hour for the crowd."""
    people = context.visitors
    gates = _gates(context)
    rates = [one_way_per_min(gate, context.profile) for _, gate in gates]
    known_rates = [rate for rate in rates if rate is not None]
    if people is None or not gates or len(known_rates) < len(gates) or is_arrival_profile_whole(context):
        return
    limit_h = context.profile.fill_time_max_h or load_profile().fill_time_max_h or 1.0
    hours = people / (total(known_rates) * MINUTES_PER_HOUR)
    severity = judge(hours / limit_h)
    if severity is None:
        return
    yield Found(
        subject=context.subject("opening", gates[0][0]) if len(gates) == 1 else context.event_subject,
        severity=severity if context.is_complete else "amber",
        measured=hours,
        limit=Range.exactly(limit_h),
        ratio=hours / limit_h,
        facts={
            "people": round(people.nominal),
            "places": [context.subject("opening", gate_id).shown() for gate_id, _ in gates[:6]],
        },
        assumptions=(profile_assumption(context.profile),),
    )


def _gates(context: Context) -> list[tuple[str, Connection]]:
    """Returns the openings through which people come from outside; none when turnstiles or open areas exist."""
    if context.features_of(Turnstiles) or not all(is_bounded(area) for area in context.areas.values()):
        return []
    return [
        (gate_id, gate)
        for gate_id, gate in context.connections.items()
        if OUTSIDE in (gate.from_, gate.to)
        and is_direction_open(gate, "ingress", forward=gate.from_ == OUTSIDE)
    ]

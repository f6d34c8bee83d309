# SPDX-License-Identifier: Apache-2.0
"""EGR-010: what leaving in time owes to stewards who steer people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.families.egr import slow_venue, slow_venue_in_emergency
from hamkor.checks.rules.findings import Found
from hamkor.checks.rules.moving import ALL, BRISK_M_PER_S, NETWORK, network_assumptions
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range
from hamkor.common.messages import N_
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Routing

STILL = "Still, Introduction to Crowd Science (2014)"


@rule(
    "EGR-010",
    title=N_("Leaving in time rests on guidance"),
    says=N_(
        "When everyone leaves at once by the nearest way, {measured} min pass in queues, the longest at {places}; "
        "{limit} min are allowed. Who sees the queues and goes elsewhere needs {seeing} min."
    ),
    do=N_("Post staff who send people from {places} to the exits that stand empty, and say so in the plan."),
    why=N_(
        "People take the way they know, not the one that is free. Doors that are enough in sum do not help the "
        "one everybody takes: what steering a crowd is worth is the difference between the two times."
    ),
    severity=N_(
        "Info: the widths suffice when people are steered; silent where EGR-003 or EGR-004 find they do not."
    ),
    unit="min",
    sources=(NETWORK, STILL),
)
def rests_on_guidance(context: Context) -> Iterator[Found]:
    """Yields a finding when people who take the nearest way queue for longer than the venue may take to empty."""
    limit_min = context.profile.max_egress_time_min or context.longest_egress_min
    nearest = _evacuation(context, "nearest")
    nearest_min = _minutes(nearest)
    if nearest is None or nearest_min is None or not limit_min or nearest_min <= limit_min:
        return
    if any(chain(slow_venue(context), slow_venue_in_emergency(context))):
        return
    seeing_min = _minutes(_evacuation(context, "least_queue"))
    if seeing_min is None:
        return
    worst = _longest_waits(nearest)
    yield Found(
        subject=context.event_subject,
        severity="info",
        measured=Range.exactly(nearest_min),
        limit=Range.exactly(limit_min),
        ratio=Range.exactly(nearest_min / limit_min),
        facts={
            "places": [context.subject("opening", name).shown() for name in worst[:4]],
            "seeing": round(seeing_min, 1),
        },
        assumptions=network_assumptions(context, nearest),
    )


def _evacuation(context: Context, routing: Routing) -> Outcome | None:
    if context.movements is None:
        return None
    return context.movements.find("evacuate", routing, speed_m_per_s=BRISK_M_PER_S)


def _minutes(outcome: Outcome | None) -> float | None:
    band = outcome.clearance_s.get(ALL) if outcome is not None else None
    return None if band is None else band.middle / 60


def _longest_waits(outcome: Outcome) -> list[str]:
    waits = sorted(outcome.links.items(), key=lambda item: (-item[1].longest_wait_s.middle, item[0]))
    return [name for name, link in waits if link.longest_wait_s.middle > 0]

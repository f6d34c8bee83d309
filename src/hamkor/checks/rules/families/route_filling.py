# SPDX-License-Identifier: Apache-2.0
"""ROUTE-005: places of passing that take in more than they let out."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found
from hamkor.checks.rules.moving import NETWORK, network_assumptions
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.density import density_table
from hamkor.simulation.rules.outcome import Outcome, PlaceOutcome

# The network lets no more in than fits: a place that is full has reached its limit, rounding apart.
FULL = 0.99
STILL = "Still, Introduction to Crowd Science (2014)"


@rule(
    "ROUTE-005",
    title=N_("A way that fills up"),
    says=N_(
        "{subject} fills up to {measured} people per m² when people {movement} as the plan says; at {limit} nobody "
        "can be let in any more."
    ),
    do=N_("Meter the ways into {subject}, open more ways out of it, or spread people over an hour."),
    why=N_(
        "Each door may be wide enough while the place between two of them takes in more than it lets out. Love "
        "Parade 2010: the ramp filled from both ends."
    ),
    severity=N_("Amber: a computed density may fail a plan and can never clear it."),
    unit="people/m²",
    sources=(NETWORK, STILL),
)
def way_fills_up(context: Context) -> Iterator[Found]:
    """Yields a finding for every place of passing that becomes denser than a moving crowd may be."""
    if context.movements is None:
        return
    seen: set[str] = set()
    for outcome in (context.movements.find("ingress", "plan"), context.movements.find("egress", "plan")):
        for place_id, place in outcome.places.items() if outcome is not None else ():
            # Where people stay, CAP speaks of them.
            is_passed = place_id in context.areas and context.people_in(place_id) is None
            found = _filled(context, outcome, place_id, place) if outcome and is_passed else None
            if found is not None and place_id not in seen:
                seen.add(place_id)
                yield found


def _filled(context: Context, outcome: Outcome, place_id: str, place: PlaceOutcome) -> Found | None:
    limit = density_table().max_clearable_density_per_m2
    worst = place.worst_density_per_m2
    if worst is None or worst.middle < limit * FULL:
        return None
    return Found(
        subject=context.subject("area", place_id),
        severity="amber",
        measured=Range(worst.low, worst.middle, worst.high),
        limit=Range.exactly(limit),
        ratio=Range.exactly(worst.middle / limit),
        facts={"movement": _movement(outcome)},
        assumptions=network_assumptions(context, outcome),
    )


def _movement(outcome: Outcome) -> Message:
    return Message(N_("come") if outcome.scenario.direction == "ingress" else N_("leave"))

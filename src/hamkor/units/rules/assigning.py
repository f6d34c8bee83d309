# SPDX-License-Identifier: Apache-2.0
"""Who goes where when several incidents need several units: the least weighted time, no unit twice."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hamkor.common.messages import N_
from hamkor.units.rules.units import UnitError

# Times are weighed to a tenth of a second; below that the order of units decides: one question has one answer.
TENTHS = 10
ORDER = 1024


class Offer(msgspec.Struct, frozen=True):
    """That a unit could cover a need.

    Args:
        unit: Index of the unit.
        need: Index of the need.
        seconds: What it costs, weights left out.
    """

    unit: int
    need: int
    seconds: float


def assign(offers: Sequence[Offer], weights: Sequence[int], *, unfilled_s: float) -> dict[int, int]:
    """Returns the unit of each need that gets one, so that the sum of weighted seconds is least.

    Args:
        offers: Who could cover what.
        weights: How much a second counts for each need.
        unfilled_s: What a need without a unit costs, in seconds; more than any offer.

    Raises:
        UnitError: ``solver-missing``, when OR-tools is not installed.

    Source: minimum-cost flow by OR-tools (Google); it finds an optimum, and the same one for the same question.
    """
    if not offers:
        return {}
    try:
        from ortools.graph.python import min_cost_flow
    except ImportError as error:
        template = N_(
            "Units cannot be assigned: OR-tools is missing. Install hamkor with its extra “server”."
        )
        raise UnitError("solver-missing", template) from error
    flow = min_cost_flow.SimpleMinCostFlow()
    units = sorted({offer.unit for offer in offers})
    node_of_unit = {unit: 2 + len(weights) + index for index, unit in enumerate(units)}
    source, sink = 0, 1
    for unit in units:
        flow.add_arc_with_capacity_and_unit_cost(source, node_of_unit[unit], 1, 0)
    arcs = {}
    for offer in sorted(offers, key=lambda offer: (offer.need, offer.unit)):
        cost = (
            _cost(min(offer.seconds, unfilled_s / 2), weights[offer.need]) + node_of_unit[offer.unit] % ORDER
        )
        arc = flow.add_arc_with_capacity_and_unit_cost(node_of_unit[offer.unit], 2 + offer.need, 1, cost)
        arcs[arc] = offer
    for need, weight in enumerate(weights):
        flow.add_arc_with_capacity_and_unit_cost(2 + need, sink, 1, 0)
        flow.add_arc_with_capacity_and_unit_cost(source, 2 + need, 1, _cost(unfilled_s, weight))
    flow.set_node_supply(source, len(weights))
    flow.set_node_supply(sink, -len(weights))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise UnitError("solver-failed", N_("No assignment was found. Choose the units by hand."))
    return {offer.need: offer.unit for arc, offer in arcs.items() if flow.flow(arc)}


def _cost(seconds: float, weight: int) -> int:
    return round(seconds * TENTHS) * weight * ORDER

# SPDX-License-Identifier: Apache-2.0
"""Curves of a question as an engine takes them: as many people as the venue has, and who goes the other way."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from hamkor.simulation.queries.asking import Parts
from hamkor.simulation.rules.demand import Demand, demand_of
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.scenario import Scenario


def scaled(scenario: Scenario, layout: Layout) -> Scenario:
    """Returns the question with arrivals of as many people as the layout has, and with tickets that hold.

    Args:
        scenario: The question.
        layout: Places and links.
    """
    if scenario.direction == "ingress":
        # An ensemble that let people take other places than their own would overfill some and turn people away.
        fixed = msgspec.structs.replace(scenario.uncertainty, split=0.0)
        scenario = msgspec.structs.replace(scenario, uncertainty=fixed)
    if not scenario.arrivals or scenario.arrivals[-1][1] <= 0:
        return scenario
    share = layout.people / scenario.arrivals[-1][1]
    arrivals = tuple((moment, people * share) for moment, people in scenario.arrivals)
    return msgspec.structs.replace(scenario, arrivals=arrivals)


def demand_for(parts: Parts, scenario: Scenario) -> Demand | None:
    """Returns who leaves while others come in; None when that is not asked or not known.

    Args:
        parts: What is known of the event.
        scenario: The question.
    """
    if scenario.direction != "ingress" or parts.attendance is None or scenario.starts_at is None:
        return None
    zone = ZoneInfo(parts.event.time_zone)
    known = demand_of(parts.attendance, scenario.starts_at.astimezone(zone).replace(tzinfo=None))
    return Demand(departures=tuple(point for point in known.departures if point[0] <= scenario.horizon_s))

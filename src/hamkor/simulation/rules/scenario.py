# SPDX-License-Identifier: Apache-2.0
"""What is simulated: who moves when, by which routes, with what shut, and how often."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from hamkor.crowd.rules.profiles import DEFAULT_PROFILE
from hamkor.simulation.rules.layout import Direction

Method = Literal["network", "guided", "micro"]
"""Queueing network; the best a steered crowd could do; every single person."""
Routing = Literal["nearest", "plan", "least_queue"]
"""Everyone takes the shortest way; as tickets and shares of the plan say; people see queues and avoid them."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A connection that opens, closes or narrows at a moment.

    Args:
        link: Id of the connection.
        at_s: Seconds after the start of the simulation; 0 or less: from the start.
        factor: Share of its capacity from then on: 0 shut, 1 open, 0.5 half.
    """

    link: str
    at_s: float = 0.0
    factor: float = 0.0


class Uncertainty(msgspec.Struct, frozen=True, kw_only=True):
    """What is not known well, as standard deviations in shares of the value; runs of an ensemble draw from them.

    Args:
        flow: Flow per metre and rate per lane, common to the whole venue.
        link_flow: The same, each link apart.
        split: How people spread over ways that are open to them.
        people: Number of people.
        timing_s: When they come or start, standard deviation in seconds.
    """

    flow: float = 0.10
    link_flow: float = 0.05
    split: float = 0.15
    people: float = 0.03
    timing_s: float = 180.0


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One question to the crowd engine.

    Args:
        name: Short name for comparisons, such as `gate-3 shut`.
        direction: `ingress`, `egress` or `evacuate`.
        method: Which engine answers.
        routing: How people choose their way; ignored by `guided`.
        changes: Connections that open or close.
        runs: Members of the ensemble; 1: no band.
        seed: Seed of everything random.
        profile_id: Flow profile.
        starts_at: Moment of second 0; None for a run without a clock.
        arrivals: (seconds from start, people until then), rising; empty: by the plan, or all at once.
        horizon_s: Longest time simulated, seconds.
        speed_m_per_s: Mean free walking speed on the level.
        uncertainty: What an ensemble varies.
    """

    name: str = ""
    direction: Direction = "egress"
    method: Method = "network"
    routing: Routing = "plan"
    changes: tuple[Change, ...] = ()
    runs: int = 1
    seed: int = 1
    profile_id: str = DEFAULT_PROFILE
    starts_at: datetime | None = None
    arrivals: tuple[tuple[float, float], ...] = ()
    horizon_s: float = 4 * 3600.0
    speed_m_per_s: float = 1.34
    uncertainty: Uncertainty = Uncertainty()

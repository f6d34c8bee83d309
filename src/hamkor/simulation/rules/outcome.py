# SPDX-License-Identifier: Apache-2.0
"""What a simulation found, the same for every method, with all it rests on."""

from __future__ import annotations

import msgspec

from hamkor.common.messages import Message
from hamkor.simulation.rules.scenario import Scenario

SHARES = (0.5, 0.9, 0.99, 1.0)
"""Shares of the people whose times a clearance names."""


class Band(msgspec.Struct, frozen=True):
    """A number with the 5th and 95th percentile of an ensemble; all three equal for one run."""

    low: float
    middle: float
    high: float


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """A number over time.

    Args:
        times_s: Seconds from the start, rising, one per value.
        values: The median, one per moment.
        low: 5th percentile of the ensemble, empty for one run.
        high: 95th percentile, empty for one run.
    """

    times_s: tuple[float, ...]
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


class PlaceOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in a place.

    Args:
        people: People in it over time.
        density_per_m2: People per m² over time; None when its area is unknown.
        most_people: Most people at once.
        worst_density_per_m2: Highest density, people per m².
        seconds_above: Seconds above 2, 3, 4 and 5 people per m², by that number as text.
        clear_s: When the last one left; None when it does not empty.
    """

    people: Curve
    density_per_m2: Curve | None = None
    most_people: Band
    worst_density_per_m2: Band | None = None
    seconds_above: dict[str, float] = {}
    clear_s: Band | None = None


class LinkOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What happened at a link.

    Args:
        flow_per_min: People through it per minute over time, both ways together.
        queue: People who wait in front of it over time.
        passed: People who went through.
        longest_queue: Most people waiting.
        longest_wait_s: Longest wait of anybody, seconds.
        busy_share: Share of the time it worked at its capacity.
        share: Share of everyone who went through it.
    """

    flow_per_min: Curve
    queue: Curve
    passed: Band
    longest_queue: Band
    longest_wait_s: Band
    busy_share: float = 0.0
    share: float = 0.0


class Hot(msgspec.Struct, frozen=True, kw_only=True):
    """A place to look at, hottest first.

    Args:
        kind: `place` or `link`.
        id: Of the feature.
        density_per_m2: Highest density there or in front of it; None when it cannot be told.
        queue: People waiting at most.
        wait_s: Longest wait in seconds.
        at_s: When it was worst.
    """

    kind: str
    id: str
    density_per_m2: float | None = None
    queue: float = 0.0
    wait_s: float = 0.0
    at_s: float = 0.0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a scenario.

    Args:
        scenario: The question.
        people: People who took part.
        left: People who had not arrived at the end.
        stuck: Of these, people who did not move although their way was free (micro only).
        clearance_s: Seconds until 50, 90, 99 and 100 % arrived, by the share as text (`0.5`); a share that was never
            reached is missing.
        arrived: People arrived (outside, or at their place) over time.
        places: By id.
        links: By id.
        hottest: Where it was densest, or people waited longest, worst first.
        waited_s: Longest time somebody who started in a place, or came in by a gate, hardly moved, by its id (micro
            only; queues in front of a gate are those of its link).
        split: For `guided`: per place of origin the share of its people over exits.
        advice: For `guided`: what stewards should do, one sentence per place of origin.
        fails: Sentences why the plan fails; any density above 4 people per m² is among them.
        warnings: Sentences about what fails nothing by itself, such as a queue that needs more ground than there is.
        assumptions: What the numbers rest on: profile, rates, what was assumed about the drawing.
        inputs_hash: SHA-256 of layout and scenario, hexadecimal: the same question has the same hash.
        engine: Name and version of the engine that answered.
        cpu_s: Processor time it took.
    """

    scenario: Scenario
    people: float
    left: float = 0.0
    stuck: int = 0
    clearance_s: dict[str, Band] = {}
    arrived: Curve
    places: dict[str, PlaceOutcome] = {}
    links: dict[str, LinkOutcome] = {}
    hottest: tuple[Hot, ...] = ()
    waited_s: dict[str, Band] = {}
    split: dict[str, dict[str, float]] = {}
    advice: tuple[Message, ...] = ()
    fails: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()
    assumptions: tuple[Message, ...] = ()
    inputs_hash: str = ""
    engine: str = ""
    cpu_s: float = 0.0

# SPDX-License-Identifier: Apache-2.0
"""People who come in one after the other: each by a gate at a moment, on the way to a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hamkor.simulation.micro.crowd import Crowd
from hamkor.simulation.micro.placing import draw_people
from hamkor.simulation.micro.profile import MotionProfile
from hamkor.simulation.rules.demand import Stream
from hamkor.simulation.rules.flooring import whole_numbers
from hamkor.simulation.rules.flooring_goals import Entry, goal_id


def admit_crowd(
    streams: Sequence[Stream],
    entries: Mapping[str, Entry],
    *,
    profile: MotionProfile,
    seed: int,
    composition: Mapping[str, float] | None = None,
) -> Crowd:
    """Returns people who appear behind their gates when they have come through, in the order of time.

    Args:
        streams: Who comes by which gate, when, and where to.
        entries: Where people appear, by gate.
        profile: Motion profile the kinds of people come from.
        seed: Seed of kinds and speeds: the same seed gives the same crowd.
        composition: Share of each kind by id; None: as the profile says.

    Raises:
        CrowdError: An unknown kind, shares that do not add up to 1, or too many people.
    """
    gates = tuple(dict.fromkeys(stream.gate for stream in streams))
    places = tuple(dict.fromkeys(stream.place for stream in streams))
    counts = whole_numbers({str(index): stream.passed[-1][1] for index, stream in enumerate(streams)})
    numbers = [counts.get(str(index), 0) for index in range(len(streams))]
    moments = [_moments(stream, number) for stream, number in zip(streams, numbers, strict=True)]
    at_s = np.concatenate([np.zeros(0), *moments])
    order = np.argsort(at_s, kind="stable")
    gate = np.repeat([gates.index(stream.gate) for stream in streams], numbers).astype(np.int16)[order]
    place = np.repeat([places.index(stream.place) for stream in streams], numbers).astype(np.int16)[order]
    xy, sheet = _spots([entries[name] for name in gates], gate)
    return draw_people(
        xy,
        sheet=sheet,
        profile=profile,
        random=np.random.default_rng(seed),
        composition=composition,
        appears_s=at_s[order].astype(np.float32),
        destination=place,
        destinations=tuple((goal_id(name),) for name in places),
        place=gate,
        places=gates,
    )


def _moments(stream: Stream, number: int) -> np.ndarray:
    """Returns when each of so many people comes through the gate, seconds (number,)."""
    times, people = np.array(stream.passed, float).T
    reached = (np.arange(number) + 0.5) / max(number, 1) * people[-1]
    # The first point with as many, and the one before it: nobody comes while the number stays the same.
    after = np.maximum(np.searchsorted(people, reached), 1)
    share = (reached - people[after - 1]) / (people[after] - people[after - 1])
    moments: np.ndarray = times[after - 1] + share * (times[after] - times[after - 1])
    return moments


def _spots(entries: Sequence[Entry], gate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns where people appear (n, 2) and on which sheet (n): those of a gate take its spots in turn."""
    xy = np.zeros((len(gate), 2))
    for index, entry in enumerate(entries):
        rows = np.flatnonzero(gate == index)
        xy[rows] = np.array(entry.spots)[np.arange(len(rows)) % len(entry.spots)]
    return xy, np.array([entry.sheet for entry in entries], np.int16)[gate]

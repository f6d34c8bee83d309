# SPDX-License-Identifier: Apache-2.0
"""Who walks where in a micro-simulation: out of their places, or from the gates to their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from hamkor.common.figures import range_of
from hamkor.common.messages import N_, Message
from hamkor.events.rules import Attendance
from hamkor.simulation.queries.asking import AskingError, Parts, names_in
from hamkor.simulation.queries.curves import demand_for, scaled
from hamkor.simulation.queries.telling import outcome_of
from hamkor.simulation.rules.laying_limits import laying_limits
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Change, Scenario

if TYPE_CHECKING:
    from hamkor.simulation.micro.crowd import Crowd
    from hamkor.simulation.micro.result import Run
    from hamkor.simulation.rules.demand import Stream
    from hamkor.simulation.rules.flooring_goals import Entry
    from hamkor.simulation.rules.floors import Floors

REST_KIND = "adult"


@dataclass(frozen=True, kw_only=True)
class Movement:
    """Who walks where.

    Attributes:
        floors: The ground.
        changes: What opens, closes or narrows on it.
        make_crowd: Gives the people of a seed.
        tell: Gives the outcome of a run.
    """

    floors: Floors
    changes: Sequence[Change]
    make_crowd: Callable[[int], Crowd]
    tell: Callable[[Run], Outcome]


def going_out(parts: Parts, layout: Layout, scenario: Scenario, *, floors: Floors) -> Movement:
    """Returns how people leave: they stand in their places, and start by the plan, after an alarm or at once."""
    from hamkor.simulation.micro.placing import place_crowd
    from hamkor.simulation.micro.profile import load_motion_profile

    profile = load_motion_profile()
    shares = composition_of(parts.attendance, profile.composition)

    def make_crowd(seed: int) -> Crowd:
        crowd = place_crowd(floors, profile=profile, seed=seed, composition=shares)
        starts = starting_times(_starts_of(scenario), len(crowd), seed=seed)
        if starts is not None:
            crowd.premovement_s = np.maximum(crowd.premovement_s, starts)
        return crowd

    return Movement(
        floors=floors,
        changes=scenario.changes,
        make_crowd=make_crowd,
        tell=lambda run: outcome_of(
            layout, floors, run, scenario=scenario, assumptions=_told_start(scenario)
        ),
    )


def coming_in(parts: Parts, layout: Layout, scenario: Scenario, *, floors: Floors) -> Movement:
    """Returns how people come in: they queue as the network says, and walk from behind their gate to their place."""
    from hamkor.simulation.micro.admitting import admit_crowd
    from hamkor.simulation.micro.profile import load_motion_profile
    from hamkor.simulation.network.entering import enter
    from hamkor.simulation.rules.flooring_goals import turn_inwards

    profile = load_motion_profile()
    shares = composition_of(parts.attendance, profile.composition)
    entering = enter(layout, scaled(scenario, layout), demand=demand_for(parts, scenario))
    entries = find_entries(floors, entering.streams, names_in(layout, parts.features))
    inwards = turn_inwards(floors)

    def make_crowd(seed: int) -> Crowd:
        return admit_crowd(entering.streams, entries, profile=profile, seed=seed, composition=shares)

    return Movement(
        floors=inwards,
        # What happens to a gate decides who comes through it, and the network knows that already.
        changes=tuple(change for change in scenario.changes if change.link not in layout.exits),
        make_crowd=make_crowd,
        tell=lambda run: _told_coming(layout, inwards, run, scenario=scenario, queued=entering.outcome),
    )


def find_entries(floors: Floors, streams: Sequence[Stream], names: Mapping[str, Any]) -> dict[str, Entry]:
    """Returns where people appear behind every gate they come in by.

    Args:
        floors: The ground with its gates.
        streams: Who comes by which gate.
        names: What people call features, by id.

    Raises:
        AskingError: ``gate-not-drawn``.
    """
    from hamkor.simulation.rules.flooring_goals import entries_of

    gates = dict.fromkeys(stream.gate for stream in streams)
    entries: dict[str, Entry] = entries_of(floors, gates)
    missing = [names.get(gate, gate) for gate in gates if gate not in entries]
    if missing:
        raise AskingError(
            "gate-not-drawn",
            N_(
                "People come in by {gates}, where the drawing has no ground to walk on. Draw it on the border of an "
                "area, or take `--method network`."
            ),
            gates=missing,
        )
    return entries


def _told_coming(layout: Layout, floors: Floors, run: Run, *, scenario: Scenario, queued: Outcome) -> Outcome:
    """Returns what a run says, with the queues in front of the gates as the network has them."""
    gates = {link: found for link, found in queued.links.items() if link in layout.exits}
    told = (
        Message(
            N_("Queues in front of the gates are those of the network; from the gate on everybody walks.")
        ),
        Message(
            N_(
                "Who stands {metres} m inside of their place has arrived and stands in nobody's way any more."
            ),
            {"metres": laying_limits().arrived_m},
        ),
    )
    outcome = outcome_of(
        layout,
        floors,
        run,
        scenario=scenario,
        assumptions=told,
        people=max(len(run.out_s), round(queued.people)),
    )
    return msgspec.structs.replace(outcome, links={**outcome.links, **gates})


def _starts_of(scenario: Scenario) -> Sequence[tuple[float, float]]:
    """Returns who begins to walk when: by the plan, in an evacuation as the network has it, else everybody at once."""
    if scenario.arrivals or scenario.direction != "evacuate":
        return scenario.arrivals
    profile = network_profile()
    return (profile.first_start_s, 0.0), (profile.last_start_s, 1.0)


def composition_of(attendance: Attendance | None, usual: Mapping[str, float]) -> dict[str, float]:
    """Returns the share of each kind of people: as the plan says where it does, else as usual; adults are the rest.

    Args:
        attendance: The plan's part about the crowd, None when unknown.
        usual: Shares of the motion profile, by kind.
    """
    known = attendance.composition if attendance is not None else None
    if attendance is None or known is None:
        return dict(usual)
    stated = {"child": known.children_share, "elderly": known.elderly_share}
    everybody = attendance.expected if attendance.expected is not None else attendance.peak
    if known.wheelchair_users is not None and everybody is not None:
        stated["wheelchair"] = range_of(known.wheelchair_users).nominal / max(
            range_of(everybody).nominal, 1.0
        )
    shares = {
        kind: share if (asked := stated.get(kind)) is None else asked
        for kind, share in usual.items()
        if kind != REST_KIND
    }
    total = sum(shares.values())
    if total > 1:
        return dict(usual)
    return {**shares, REST_KIND: 1 - total}


def starting_times(curve: Sequence[tuple[float, float]], people: int, *, seed: int) -> Any:
    """Returns when each person begins to leave, spread as the plan says, float32 (people); None without a curve.

    Args:
        curve: (seconds, people until then), rising.
        people: How many people.
        seed: Who leaves when.
    """
    if not curve or curve[-1][1] <= 0:
        return None
    times, reached = np.array(curve, float).T
    shares = (np.arange(people) + 0.5) / max(people, 1) * reached[-1]
    rising, at = np.unique(reached, return_index=True)
    moments = np.interp(shares, rising, times[at])
    return np.random.default_rng(seed).permutation(moments).astype(np.float32)


def _told_start(scenario: Scenario) -> tuple[Message, ...]:
    if scenario.arrivals:
        return (Message(N_("People begin to leave as the departures of the plan say.")),)
    starts = _starts_of(scenario)
    if starts:
        return (
            Message(
                N_("People notice, decide and begin to walk {first} to {last} s after the alarm."),
                {"first": round(starts[0][0]), "last": round(starts[-1][0])},
            ),
        )
    return (Message(N_("Everybody starts at once; no time to notice and decide is counted.")),)

# SPDX-License-Identifier: Apache-2.0
"""A question answered by letting every single person walk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from hamkor.common.figures import range_of
from hamkor.common.messages import N_, Message
from hamkor.events.rules import Attendance
from hamkor.simulation.measures.ensembles import merge
from hamkor.simulation.measures.judging import hottest_of
from hamkor.simulation.measures.limits import limits
from hamkor.simulation.measures.waiting import arrival_curve, clearance_of
from hamkor.simulation.measures.walked import link_outcomes, place_outcomes, waits_by_start
from hamkor.simulation.queries.asking import AskingError, Parts, names_in
from hamkor.simulation.queries.refusing import DrawingUnusableError
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.outcome import Band, Outcome
from hamkor.simulation.rules.scenario import Scenario
from hamkor.venues.rules.features import OUTSIDE

if TYPE_CHECKING:
    from hamkor.simulation.micro.crowd import Crowd
    from hamkor.simulation.micro.result import Run
    from hamkor.simulation.queries.refusing import Progress
    from hamkor.simulation.rules.floors import Floors

ENGINE = "micro"
CURVE_STEP_S = 5.0
REST_KIND = "adult"
THREADS = 2


class Walked(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a micro-simulation with its ground and its first run.

    Args:
        outcome: The answer.
        floors: The ground.
        run: The run of the first seed.
    """

    outcome: Outcome
    floors: Any
    run: Any


def walk(
    parts: Parts,
    layout: Layout,
    scenario: Scenario,
    *,
    on_progress: Progress | None = None,
    record: bool = False,
    checkpoint: Path | None = None,
) -> Walked:
    """Returns how every single person walks; several runs are several seeds.

    Args:
        parts: What is known of the event.
        layout: Places and links.
        scenario: The question.
        on_progress: Is told the share of the work done; may raise to cancel.
        record: True keeps positions as often as pictures need them, else as seldom as measures allow.
        checkpoint: File the state is kept in; it goes on from there when it exists.

    Raises:
        AskingError: ``micro-ingress``.
        DrawingUnusableError: The ground has fatal faults.
        HamkorError: What the engine refuses, such as too many stuck people.
    """
    from hamkor.simulation.micro.profile import load_motion_profile
    from hamkor.simulation.micro.running import run_micro

    if scenario.direction == "ingress":
        raise AskingError(
            "micro-ingress",
            N_("Single people are simulated on their way out only. For coming in take `--method network`."),
        )
    floors = _floors(parts, layout)
    profile = load_motion_profile()
    outcomes, first = [], None
    told: tuple[Message, ...] = ()
    for member in range(scenario.runs):
        crowd = _crowd(parts, floors, scenario, seed=scenario.seed + member)
        told = told or carry_down(crowd, layout, names_in(layout, parts.features))
        run = run_micro(
            floors,
            crowd,
            profile=profile,
            horizon_s=scenario.horizon_s,
            changes=scenario.changes,
            seed=scenario.seed + member,
            threads=THREADS,
            record_every_s=limits().frame_s,
            checkpoint=_checkpoint(checkpoint, member),
            on_progress=_share_of(on_progress, member, scenario.runs),
        )
        first = first or run
        outcomes.append(outcome_of(layout, floors, run, scenario=scenario))
    outcome = msgspec.structs.replace(merge(outcomes), warnings=told)
    return Walked(outcome=outcome, floors=floors, run=first)


def _floors(parts: Parts, layout: Layout) -> Floors:
    from hamkor.simulation.rules.flooring import build_floors

    floors: Floors = build_floors(layout, parts.features)
    fatal = tuple(fault for fault in floors.faults if fault.is_fatal)
    if fatal:
        raise DrawingUnusableError(fatal)
    return floors


def _crowd(parts: Parts, floors: Floors, scenario: Scenario, *, seed: int) -> Crowd:
    from hamkor.simulation.micro.placing import place_crowd
    from hamkor.simulation.micro.profile import load_motion_profile

    profile = load_motion_profile()
    shares = composition_of(parts.attendance, profile.composition)
    crowd = place_crowd(floors, profile=profile, seed=seed, composition=shares)
    starts = starting_times(_starts_of(scenario), len(crowd), seed=seed)
    if starts is not None:
        crowd.premovement_s = np.maximum(crowd.premovement_s, starts)
    return crowd


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


def carry_down(crowd: Crowd, layout: Layout, names: Mapping[str, Any]) -> tuple[Message, ...]:
    """Lets people who cannot use stairs be carried where no other way leads out, and says from where.

    Args:
        crowd: Changed: who has to be carried may use stairs.
        layout: Places and links.
        names: What people call features, by id.
    """
    free = _without_stairs(layout)
    stuck_places = np.array([place not in free for place in crowd.places])
    carried = ~crowd.uses_stairs & stuck_places[crowd.place]
    if not carried.any():
        return ()
    crowd.uses_stairs[carried] = True
    places = [crowd.places[index] for index in np.unique(crowd.place[carried])]
    return (
        Message(
            N_(
                "No way without stairs leads out of {places}: {people} people who need one were taken to be carried."
            ),
            {"places": [names.get(place, place) for place in places], "people": int(carried.sum())},
        ),
    )


def _without_stairs(layout: Layout) -> set[str]:
    """Returns the places from which a way without stairs leads out."""
    ways = [link for link in layout.links.values() if link.surface != "stairs"]
    reached, before = {OUTSIDE}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {link.tail for link in ways if link.forward and link.head in before}
        reached |= {link.head for link in ways if link.backward and link.tail in before}
    return reached


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


def _checkpoint(path: Path | None, member: int) -> Path | None:
    if path is None or member == 0:
        return path
    return path.with_name(f"{path.name}.{member}")


def _share_of(on_progress: Progress | None, member: int, members: int) -> Any:
    if on_progress is None:
        return None
    return lambda share, _seconds, _inside: on_progress((member + share) / members)


def outcome_of(layout: Layout, floors: Floors, run: Run, *, scenario: Scenario) -> Outcome:
    """Returns what one run says of places, links and time.

    Args:
        layout: Places and links.
        floors: The ground.
        run: The run, with recorded frames.
        scenario: The question.
    """
    places, densest_s = place_outcomes(layout, floors, run)
    arrived = run.out_s[~np.isnan(run.out_s)].astype(float)
    until = float(run.ended_s)
    outcome = Outcome(
        scenario=scenario,
        people=float(len(run.out_s)),
        left=float(run.left),
        stuck=len(run.stuck),
        clearance_s={
            share: Band(moment, moment, moment)
            for share, moment in clearance_of(arrived, len(run.out_s)).items()
        },
        arrived=arrival_curve(arrived, until_s=until, step_s=CURVE_STEP_S),
        places=places,
        links=link_outcomes(layout, floors, run),
        waited_s=waits_by_start(run),
        assumptions=(
            *run.assumptions,
            *_told_start(scenario),
            Message(N_("Densities are those of the densest square metre of a place.")),
        ),
        engine=f"{ENGINE} {run.profile_id}",
        cpu_s=float(run.cpu_s),
    )
    return msgspec.structs.replace(outcome, hottest=hottest_of(outcome, densest_s=densest_s))


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

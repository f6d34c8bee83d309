# SPDX-License-Identifier: Apache-2.0
"""Answers a question with the queueing network: one run, or an ensemble in one go."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.profiles import load_profile
from hamkor.simulation.network.answering import (
    Picture,
    band_of,
    clearance_of,
    curve_of,
    hottest_of,
    links_of,
    picture_of,
    places_of,
    queue_ground,
)
from hamkor.simulation.network.asking import (
    Members,
    Question,
    Splits,
    members_of,
    question_of,
    rates_of,
    release_table,
)
from hamkor.simulation.network.cells import Cells, cells_of
from hamkor.simulation.network.mixing import mixed_cells_of
from hamkor.simulation.network.routes import epochs_of
from hamkor.simulation.network.stepping import Job, Track, run_job
from hamkor.simulation.rules.arcs import Arcs, Floats, arcs_of
from hamkor.simulation.rules.demand import Demand
from hamkor.simulation.rules.hashing import hash_of
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.outcome import Curve, Outcome
from hamkor.simulation.rules.scenario import Scenario

ENGINE = "hamkor-network 1"
STEPS_S = (1.0, 2.0, 3.0, 4.0, 5.0)
ROOM_OF_ROUNDING = 1.02
"""Shares over ways are not exact to the last person."""
Progress = Callable[[float], None]


def run_network(
    layout: Layout,
    scenario: Scenario,
    *,
    people: dict[str, float] | None = None,
    demand: Demand | None = None,
    splits: Splits | None = None,
    on_progress: Progress | None = None,
) -> Outcome:
    """Returns the answer of the queueing network.

    Args:
        layout: Places and links.
        scenario: The question.
        people: People per place instead of those of the layout: who starts there, or wants to get there.
        demand: Curves of arrival and departure and who is there already; None: not known.
        splits: Per place of origin shares over links that lead out, which people are told to follow.
        on_progress: Is told the share of the longest time done; may raise to cancel.

    Raises:
        NetworkError: ``nobody``, ``no-way-out`` or ``unknown-place``.

    Source: fluid queues in front of links, free walking between them (crowd-safety handbooks; issue of the engine).
    """
    begun = time.process_time()
    arcs = arcs_of(layout, scenario.speed_m_per_s)
    question = question_of(layout, arcs, scenario, people=people, demand=demand, splits=splits)
    members = members_of(arcs, scenario.uncertainty, runs=scenario.runs, seed=scenario.seed)
    job = job_of(layout, arcs, scenario, question=question, members=members)
    track = run_job(job, on_progress)
    answer = _answer(layout, scenario, job, track, question=question)
    return _stamped(answer, hash_of(layout, scenario, people, demand, splits), time.process_time() - begun)


def job_of(
    layout: Layout,
    arcs: Arcs,
    scenario: Scenario,
    *,
    question: Question,
    members: Members,
    step_s: float | None = None,
    is_mixed: bool = False,
) -> Job:
    """Returns everything the engine needs.

    Args:
        layout: Places and links.
        arcs: The same as arrays.
        scenario: The question.
        question: The same in the network's terms.
        members: Of the ensemble.
        step_s: Width of a step, None: as the profile chooses.
        is_mixed: True forgets at every link who goes where, and keeps to numbers.

    Source: profiles/network.yaml.
    """
    profile = network_profile()
    sees_queues = scenario.routing == "least_queue" and not question.is_split
    epochs = epochs_of(
        layout,
        arcs,
        question.goals,
        question.sources,
        changes=scenario.changes,
        is_split=question.is_split,
        sees_queues=sees_queues,
    )
    span_s = _span_s(arcs, question)
    step_s = _step_s(span_s, scenario.runs) if step_s is None else step_s
    # Keeping the goals of people who come apart costs much, and an ensemble or a forecast asks only for numbers.
    is_mixed = is_mixed or (scenario.direction == "ingress" and scenario.runs > 1 and len(epochs) == 1)
    make_cells = mixed_cells_of if is_mixed and not sees_queues else cells_of
    cells = make_cells(arcs, question.goals, question.sources, epochs, step_s=step_s)
    steps = max(1, int(np.ceil(scenario.horizon_s / step_s)))
    sample_s = min(profile.sample_s, span_s / profile.samples_aimed)
    if scenario.runs > 1:
        sample_s = max(sample_s, span_s / profile.samples_aimed)
    people = np.array([source.people for source in question.sources])[:, None] * members.people[None, :]
    start = np.repeat(question.present[:, None], scenario.runs, axis=1)
    if scenario.direction != "ingress":
        start = start * members.people[None, :]
    return Job(
        arcs=arcs,
        cells=cells,
        step_s=step_s,
        steps=steps,
        sample_steps=max(1, round(sample_s / step_s)),
        rate_per_s=rates_of(arcs, members),
        two_way_factor=load_profile(layout.profile_id).two_way_factor,
        releases=tuple(
            release_table(points, members, step_s=step_s, steps=steps, timing_s=scenario.uncertainty.timing_s)
            for points in question.curves
        ),
        curve=np.array(question.curve, dtype=np.int64),
        people=people,
        draws_on=np.array(
            [-1 if each.draws_on is None else each.draws_on for each in question.sources], dtype=np.int64
        ),
        start=start,
        holds=_holds(layout, arcs, question, members),
        split=() if sees_queues else _splits(cells, members, scenario),
        is_alone=scenario.runs == 1,
        choose_steps=max(1, round(profile.choose_every_s / step_s)),
    )


def _holds(layout: Layout, arcs: Arcs, question: Question, members: Members) -> Floats:
    """Most people per place. Where a plan just fills its places, more people than planned find as much more room."""
    held = (layout.places[name].holds for name in arcs.places)
    holds = np.array([np.inf if each is None else each for each in held])
    wanted = np.array([layout.places[name].people for name in arcs.places])
    coming = any(source.place == arcs.outside for source in question.sources)
    if coming and len(members.people) > 1:
        holds = np.where(
            (wanted > 0) & (wanted <= holds), holds * members.people.max() * ROOM_OF_ROUNDING, holds
        )
    return holds


def _splits(cells: Cells, members: Members, scenario: Scenario) -> tuple[Floats, ...]:
    """Per epoch, (moves, members) shares: how people spread over ways differs from member to member."""
    if scenario.runs == 1:
        return ()
    tables = []
    for moves in cells.moves:
        loose = np.flatnonzero(moves.share != 1.0)
        noise = members.generator.standard_normal((len(loose), scenario.runs))
        drawn = moves.share[loose, None] * np.exp(noise * scenario.uncertainty.split)
        sums = np.zeros((int(moves.origin.max(initial=0)) + 1, scenario.runs))
        np.add.at(sums, moves.origin[loose], drawn)
        tables.append(drawn / sums[moves.origin[loose]])
    return tuple(tables)


def _span_s(arcs: Arcs, question: Question) -> float:
    """About how long it takes: to choose the width of steps; depends on nobody's route."""
    people = sum(source.people for source in question.sources)
    touching = (arcs.head == arcs.outside) | (arcs.tail == arcs.outside)
    rate = float(np.minimum(arcs.rate_per_s[touching], 1e3).sum())
    last = max((points[-1][0] for points in question.curves if points), default=0.0)
    return max(last, people / max(rate, 1e-3)) + 60.0


def _step_s(span_s: float, runs: int) -> float:
    profile = network_profile()
    aimed = profile.steps_aimed if runs == 1 else profile.steps_aimed_of_many
    low, high = profile.step_range_s
    wanted = min(max(span_s / aimed, low), high)
    return max(step for step in STEPS_S if step <= wanted + 1e-9)


def _answer(layout: Layout, scenario: Scenario, job: Job, track: Track, *, question: Question) -> Outcome:
    picture = picture_of(job, track)
    main = np.array([not source.is_counter for source in question.sources])
    people = job.people[main].sum(axis=0)
    arrived = np.stack(track.arrived).reshape(len(track.arrived), -1)
    points = np.minimum(np.rint(np.array(picture.times_s) / job.step_s).astype(int), len(arrived) - 1)
    left = float(np.median(np.maximum(people - arrived[-1], 0.0)))
    places, links = (
        places_of(layout, job, picture),
        links_of(job, picture, float(np.median(job.people.sum(axis=0)))),
    )
    middle = float(np.median(people))
    return Outcome(
        scenario=scenario,
        people=middle,
        left=left if left >= 0.5 else 0.0,
        clearance_s=clearance_of(track, people, job.step_s),
        arrived=curve_of(picture.times_s, arrived[points]),
        places=places,
        links=links,
        hottest=hottest_of(places, links),
        fails=_stuck(job, picture) if left >= 0.5 else (),
        warnings=queue_ground(layout, job, picture),
        assumptions=_assumptions(layout, scenario, job),
        engine=ENGINE,
    )


def _stuck(job: Job, picture: Picture) -> tuple[Message, ...]:
    """Sentences about people who wait for ever: at the last two points nothing moved any more where they are."""
    said: list[Message] = []
    if len(picture.times_s) < 2:
        return ()
    last = np.median(picture.inside[-1], axis=1)
    before = np.median(picture.inside[-2], axis=1)
    sources = np.bincount(job.arcs.tail[job.cells.used], minlength=len(job.arcs.places) + 1)
    for number in np.argsort(-last, kind="stable"):
        if (
            last[number] >= 1
            and last[number] == before[number]
            and (sources[number] or job.start[number].any())
        ):
            said.append(
                Message(
                    N_(
                        "{people} people in {place} have no open way on. Open one, or keep them from going there."
                    ),
                    {"people": round(float(last[number])), "place": job.arcs.places[number]},
                )
            )
    return tuple(said)


def _assumptions(layout: Layout, scenario: Scenario, job: Job) -> tuple[Message, ...]:
    stated = sum(link.rate_is_stated for link in layout.links.values())
    said = [
        Message(
            N_(
                "Rates of links by profile {profile}; {stated} of {links} were stated or measured. Two-way: {factor} of it."
            ),
            {
                "profile": layout.profile_id,
                "stated": stated,
                "links": len(layout.links),
                "factor": job.two_way_factor,
            },
        ),
        Message(
            N_(
                "Walking speed on the level {speed} m/s; a jam is a queue in front of a link; time step {step} s."
            ),
            {"speed": scenario.speed_m_per_s, "step": job.step_s},
        ),
        _ROUTING[scenario.routing],
    ]
    if scenario.runs > 1:
        said.append(
            Message(
                N_("Bands hold 90 of 100 cases; {runs} cases with random seed {seed}."),
                {"runs": scenario.runs, "seed": scenario.seed},
            )
        )
    mended = [
        Message(N_("{says} {remedy}"), {"says": fault.says, "remedy": fault.remedy})
        for fault in layout.faults
    ]
    return (*said, *mended)


_ROUTING = {
    "nearest": Message(N_("Everyone takes the nearest open way and stays in its queue.")),
    "plan": Message(
        N_("People spread over gates as the plan says; where it does not, by capacity among short ways.")
    ),
    "least_queue": Message(
        N_("People see the queues of a few ways and change to a quicker one now and then.")
    ),
}


def _stamped(outcome: Outcome, inputs_hash: str, cpu_s: float) -> Outcome:
    import msgspec

    return msgspec.structs.replace(outcome, inputs_hash=inputs_hash, cpu_s=cpu_s)


__all__ = ["Curve", "band_of", "run_network"]

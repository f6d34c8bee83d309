# SPDX-License-Identifier: Apache-2.0
"""Makes a question ready to run: cells, rates, curves and places, with one column per member of the ensemble."""

from __future__ import annotations

import numpy as np

from hamkor.crowd.rules.profiles import load_profile
from hamkor.simulation.network.asking import Members, rates_of, release_table
from hamkor.simulation.network.cells import Cells, cells_of
from hamkor.simulation.network.mixing import mixed_cells_of
from hamkor.simulation.network.routes import Question, epochs_of
from hamkor.simulation.network.stepping import Job
from hamkor.simulation.rules.arcs import Arcs, Floats
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.scenario import Scenario

STEPS_S = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 10.0, 15.0)
ROOM_OF_ROUNDING = 1.02
"""Shares over ways are not exact to the last person."""


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
    span_s = _span_s(arcs, question)
    step_s = _step_s(span_s, scenario.runs) if step_s is None else step_s
    cells = _cells(layout, arcs, scenario, question=question, step_s=step_s, is_mixed=is_mixed)
    steps = max(1, int(np.ceil(scenario.horizon_s / step_s)))
    sample_s = min(profile.sample_s, span_s / profile.samples_aimed)
    if scenario.runs > 1:
        sample_s = max(sample_s, span_s / profile.samples_aimed)
    sources = question.sources
    people = np.array([source.people for source in sources])[:, None] * members.people[None, :]
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
            [-1 if each.draws_on is None else each.draws_on for each in sources], dtype=np.int64
        ),
        start=start,
        holds=_holds(layout, arcs, question=question, members=members),
        split=() if sees_queues else _splits(cells, members, scenario),
        is_alone=scenario.runs == 1,
        choose_steps=max(1, round(profile.choose_every_s / step_s)),
    )


def _cells(
    layout: Layout, arcs: Arcs, scenario: Scenario, *, question: Question, step_s: float, is_mixed: bool
) -> Cells:
    sees_queues = scenario.routing == "least_queue" and not question.is_split
    epochs = epochs_of(layout, arcs, question, changes=scenario.changes, sees_queues=sees_queues)
    # Keeping the goals of people who come apart costs much, and an ensemble or a forecast asks only for numbers.
    is_mixed = is_mixed or (scenario.direction == "ingress" and scenario.runs > 1 and len(epochs) == 1)
    make = mixed_cells_of if is_mixed and not sees_queues else cells_of
    return make(arcs, question, epochs, step_s=step_s)


def _holds(layout: Layout, arcs: Arcs, *, question: Question, members: Members) -> Floats:
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

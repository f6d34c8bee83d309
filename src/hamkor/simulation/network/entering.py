# SPDX-License-Identifier: Apache-2.0
"""When people come through the gates, and where each of them wants to go."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np

from hamkor.simulation.network.running import answer_of, prepare_job
from hamkor.simulation.network.stepping import run_job
from hamkor.simulation.rules.demand import Demand, Stream
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Scenario

LEAST_PEOPLE = 1e-6


class Entering(msgspec.Struct, frozen=True, kw_only=True):
    """How people come in.

    Args:
        outcome: What the network says of queues at the gates and of everything else.
        streams: Who came through which gate, when, and to which place; only those somebody belongs to.
    """

    outcome: Outcome
    streams: tuple[Stream, ...]


def enter(layout: Layout, scenario: Scenario, *, demand: Demand | None = None) -> Entering:
    """Returns how people queue at the gates and come through them, by the queueing network.

    Args:
        layout: Places and links of ingress.
        scenario: The question; one run of it is made.
        demand: Curves of arrival and departure; None: not known.

    Raises:
        NetworkError: ``nobody`` or ``no-way-out``.

    Source: fluid queues, as `run_network`.
    """
    single = msgspec.structs.replace(scenario, runs=1)
    job, question = prepare_job(layout, single, demand=demand)
    cells, arcs = job.cells, job.arcs
    watched = np.flatnonzero(arcs.tail[cells.used[cells.arc]] == arcs.outside)
    job = replace(job, watched=watched)
    track = run_job(job)
    passed = np.stack(track.watched).reshape(len(track.times_s), len(watched))
    streams = tuple(
        Stream(
            gate=arcs.links[arcs.link[cells.used[cells.arc[cell]]]],
            place=question.goals[cells.goal[cell]].name,
            passed=tuple(zip(track.times_s, passed[:, column].tolist(), strict=True)),
        )
        for column, cell in enumerate(watched)
        if passed[-1, column] > LEAST_PEOPLE
    )
    outcome = answer_of(layout, single, job, track=track, question=question)
    return Entering(outcome=outcome, streams=streams)

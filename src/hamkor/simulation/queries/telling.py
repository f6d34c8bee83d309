# SPDX-License-Identifier: Apache-2.0
"""What a micro-simulation says, in the words all engines share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from hamkor.common.messages import N_, Message
from hamkor.simulation.measures.judging import hottest_of
from hamkor.simulation.measures.waiting import arrival_curve, clearance_of
from hamkor.simulation.measures.walked import link_outcomes, place_outcomes, waits_by_start
from hamkor.simulation.rules.flooring_goals import goal_place
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.outcome import Band, Outcome
from hamkor.simulation.rules.scenario import Scenario

if TYPE_CHECKING:
    from hamkor.simulation.micro.result import Run
    from hamkor.simulation.rules.floors import Floors

ENGINE = "micro"
CURVE_STEP_S = 5.0


def outcome_of(
    layout: Layout,
    floors: Floors,
    run: Run,
    *,
    scenario: Scenario,
    assumptions: Sequence[Message] = (),
    people: int | None = None,
) -> Outcome:
    """Returns what one run says of places, links and time.

    Args:
        layout: Places and links.
        floors: The ground.
        run: The run, with recorded frames.
        scenario: The question.
        assumptions: What was assumed about who walks when.
        people: Everybody who takes part, also who never got to where people walk; None: those who walked.
    """
    is_there = ~np.isnan(run.out_s)
    arrived = run.out_s[is_there].astype(float)
    places, densest_s = place_outcomes(layout, floors, run, stayed=_stayed(run, is_there))
    until = float(run.ended_s)
    people = len(run.out_s) if people is None else people
    outcome = Outcome(
        scenario=scenario,
        people=float(people),
        left=float(people - len(arrived)),
        stuck=len(run.stuck),
        clearance_s={
            share: Band(moment, moment, moment) for share, moment in clearance_of(arrived, people).items()
        },
        arrived=arrival_curve(arrived, until_s=until, step_s=CURVE_STEP_S),
        places=places,
        links=link_outcomes(layout, floors, run),
        waited_s=waits_by_start(run),
        assumptions=(
            *run.assumptions,
            *assumptions,
            Message(N_("Densities are those of the densest square metre of a place.")),
        ),
        engine=f"{ENGINE} {run.profile_id}",
        cpu_s=float(run.cpu_s),
    )
    return msgspec.structs.replace(outcome, hottest=hottest_of(outcome, densest_s=densest_s))


def _stayed(run: Run, is_there: Any) -> dict[str, Any]:
    """Returns when people arrived who stay where they wanted to get to, by place; nobody of those who left."""
    places = (goal_place(ids[0]) if ids else None for ids in run.crowd.destinations)
    return {
        place: run.out_s[is_there & (run.crowd.destination == number)]
        for number, place in enumerate(places)
        if place is not None
    }

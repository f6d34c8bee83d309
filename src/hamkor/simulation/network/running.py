# SPDX-License-Identifier: Apache-2.0
"""Answers a question with the queueing network: one run, or an ensemble in one go."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
import numpy as np

from hamkor.common.messages import N_, Message
from hamkor.simulation.network.answering import (
    Picture,
    clearance_of,
    curve_of,
    hottest_of,
    links_of,
    median_of,
    picture_of,
    places_of,
    queue_ground,
)
from hamkor.simulation.network.asking import Splits, members_of, question_of
from hamkor.simulation.network.preparing import job_of
from hamkor.simulation.network.routes import Question
from hamkor.simulation.network.stepping import Job, Track, run_job
from hamkor.simulation.rules.arcs import arcs_of
from hamkor.simulation.rules.demand import Demand
from hamkor.simulation.rules.hashing import hash_of
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Scenario

ENGINE = "hamkor-network 1"
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
    job, question = prepare_job(layout, scenario, people=people, demand=demand, splits=splits)
    track = run_job(job, on_progress)
    answer = answer_of(layout, scenario, job, track=track, question=question)
    return _stamped(answer, hash_of(layout, scenario, people, demand, splits), time.process_time() - begun)


def prepare_job(
    layout: Layout,
    scenario: Scenario,
    *,
    people: dict[str, float] | None = None,
    demand: Demand | None = None,
    splits: Splits | None = None,
) -> tuple[Job, Question]:
    """Returns everything a run needs, and the question in the network's terms.

    Args:
        layout: Places and links.
        scenario: The question.
        people: As `run_network`.
        demand: As `run_network`.
        splits: As `run_network`.

    Raises:
        NetworkError: As `run_network`.
    """
    arcs = arcs_of(layout, scenario.speed_m_per_s)
    question = question_of(layout, arcs, scenario, people=people, demand=demand, splits=splits)
    members = members_of(arcs, scenario.uncertainty, runs=scenario.runs, seed=scenario.seed)
    return job_of(layout, arcs, scenario, question=question, members=members), question


def answer_of(layout: Layout, scenario: Scenario, job: Job, *, track: Track, question: Question) -> Outcome:
    """Returns what a run says of places, links and time.

    Args:
        layout: Places and links.
        scenario: The question.
        job: What was run.
        track: What happened.
        question: Goals and sources.
    """
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
    if len(picture.times_s) < 2:
        return ()
    last = median_of(picture.inside[-1])
    moved = median_of(picture.passed[-1] - picture.passed[-2]) > 0
    arcs = job.arcs
    busy = np.zeros(len(arcs.places) + 1, dtype=np.bool_)
    np.logical_or.at(busy, arcs.tail, moved[arcs.link])
    return tuple(
        Message(
            N_("{people} people in {place} have no open way on. Open one, or keep them from going there."),
            {"people": round(float(last[number])), "place": arcs.places[number]},
        )
        for number in np.argsort(-last, kind="stable")
        if last[number] >= 1 and not busy[number] and _is_on_the_way(job, int(number))
    )


def _is_on_the_way(job: Job, place: int) -> bool:
    """True for a place people pass or start in; False for one where they want to be."""
    inside = job.cells.used[job.cells.arc[job.cells.ending]]
    return not bool((job.arcs.head[inside] == place).any())


def _assumptions(layout: Layout, scenario: Scenario, job: Job) -> tuple[Message, ...]:
    stated = sum(link.rate_is_stated for link in layout.links.values())
    said = [
        Message(
            N_(
                "Rates of links by profile {profile}; {stated} of {links} stated or measured. Two-way: {factor} of it."
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
    return msgspec.structs.replace(outcome, inputs_hash=inputs_hash, cpu_s=cpu_s)

# SPDX-License-Identifier: Apache-2.0
"""The next minutes from what is counted now: counts, flows and queues in, curves with a band out. No clock in here."""

from __future__ import annotations

import time
from dataclasses import replace

import msgspec
import numpy as np

from hamkor.common.messages import N_, Message
from hamkor.simulation.network.answering import Picture, curve_of, picture_of
from hamkor.simulation.network.asking import NetworkError, members_of
from hamkor.simulation.network.counted import (
    SECONDS_PER_MIN,
    State,
    arrivals_ahead,
    departures_ahead,
    measured_factors,
    measured_gates,
    part_ahead,
    people_now,
)
from hamkor.simulation.network.preparing import job_of
from hamkor.simulation.network.routes import Goal, Question, Source
from hamkor.simulation.network.stepping import Job, Track, run_job
from hamkor.simulation.rules.arcs import NO_LIMIT_PER_S, Arcs, Floats, arcs_of
from hamkor.simulation.rules.demand import Points
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.outcome import Curve
from hamkor.simulation.rules.scenario import Change, Scenario

ENGINE = "hamkor-network 1, live"
MEMBERS = 100


class PlaceAhead(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the next minutes; without a density when its area is unknown."""

    people: Curve
    density_per_m2: Curve | None = None


class LinkAhead(msgspec.Struct, frozen=True, kw_only=True):
    """A link in the next minutes: people per minute through it, people waiting, wait of who joins, seconds."""

    flow_per_min: Curve
    queue: Curve
    wait_s: Curve


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """The next minutes.

    Args:
        minutes: How far.
        inside: People inside over time.
        places: By id.
        links: By id.
        unknown: Places without a count; they were filled with the rest of those inside, or taken as empty.
        scaled: Links whose measured flow replaced the computed capacity, with the factor.
        assumptions: What it rests on.
        engine: Name and version.
        cpu_s: Processor time.
    """

    minutes: float
    inside: Curve
    places: dict[str, PlaceAhead]
    links: dict[str, LinkAhead]
    unknown: tuple[str, ...] = ()
    scaled: dict[str, float] = {}
    assumptions: tuple[Message, ...] = ()
    engine: str = ENGINE
    cpu_s: float = 0.0


def forecast(
    layout: Layout, state: State, *, scenario: Scenario, minutes: float = 10.0, members: int = MEMBERS
) -> Forecast:
    """Returns the next minutes.

    Args:
        layout: Places and links in the direction people mostly go now.
        state: What is known.
        scenario: Routing, seed, uncertainty, and changes of links in seconds from now.
        minutes: How far, 1 to 120.
        members: Members of the ensemble; 1: no band.

    Raises:
        NetworkError: ``no-horizon`` for minutes that make no sense.

    Source: counts are put into the network as they are; a saturated link lets through what it is measured to.
    """
    if not 0 < minutes <= 120:
        raise NetworkError(
            "no-horizon", N_("A forecast looks 1 to 120 minutes ahead, not {minutes}."), minutes=minutes
        )
    begun = time.process_time()
    profile = network_profile()
    asked = msgspec.structs.replace(
        scenario,
        direction=layout.direction,
        runs=members,
        horizon_s=minutes * SECONDS_PER_MIN,
        changes=(
            *(Change(link=link, factor=factor) for link, factor in state.factors.items()),
            *scenario.changes,
        ),
    )
    arcs = arcs_of(layout, scenario.speed_m_per_s)
    people, unknown = people_now(layout, state)
    scaled = measured_factors(layout, state)
    arcs = _scaled(arcs, scaled)
    question = _question(layout, arcs, asked, state=state, people=people)
    drawn = members_of(arcs, asked.uncertainty, runs=members, seed=asked.seed)
    step_s = min(profile.live_step_s, asked.horizon_s)
    job = job_of(
        layout,
        arcs,
        asked,
        question=question,
        members=drawn,
        step_s=step_s,
        is_mixed=layout.direction == "ingress",
    )
    job = replace(job, sample_steps=max(1, round(profile.live_sample_s / step_s)))
    track = run_job(job)
    _to_the_end(track, job)
    made = _told(layout, job, track, state=state, minutes=minutes)
    return msgspec.structs.replace(
        made,
        unknown=unknown,
        scaled=scaled,
        assumptions=_assumptions(unknown, scaled, members),
        cpu_s=time.process_time() - begun,
    )


def _scaled(arcs: Arcs, scaled: dict[str, float]) -> Arcs:
    factor = np.array([scaled.get(name, 1.0) for name in arcs.links])[arcs.link]
    free = arcs.rate_per_s >= NO_LIMIT_PER_S
    return replace(arcs, rate_per_s=np.where(free, NO_LIMIT_PER_S, arcs.rate_per_s * factor))


def _question(
    layout: Layout, arcs: Arcs, scenario: Scenario, *, state: State, people: dict[str, float]
) -> Question:
    present = np.array([people[name] for name in arcs.places])
    if scenario.direction == "ingress":
        return _coming(layout, arcs, scenario, state=state, present=present)
    goals = [Goal(name="", finals=arcs.head == arcs.outside)]
    is_split = scenario.routing == "plan" and any(
        link.departure_share is not None for link in layout.links.values()
    )
    if is_split:
        goals = [_exit(layout, arcs, int(arc)) for arc in np.flatnonzero(arcs.head == arcs.outside)]
    sources = [
        Source(place=place, people=float(count), goals=tuple(range(len(goals))))
        for place, count in enumerate(present)
        if count > 0
    ]
    leaving = part_ahead(state.departures, scenario.horizon_s)
    whole = float(present.sum())
    curve = tuple((moment, min(1.0, count / whole)) for moment, count in leaving) if whole > 0 else ()
    return Question(
        goals=goals,
        sources=sources,
        curves=(curve,),
        curve=(0,) * len(sources),
        present=present,
        is_split=is_split,
    )


def _exit(layout: Layout, arcs: Arcs, arc: int) -> Goal:
    finals = np.zeros(arcs.count, dtype=np.bool_)
    finals[arc] = True
    link = layout.links[arcs.links[arcs.link[arc]]]
    weight = min(float(arcs.rate_per_s[arc]), 1e3)
    return Goal(name=link.id, finals=finals, share=link.departure_share, weight=weight)


def _coming(layout: Layout, arcs: Arcs, scenario: Scenario, *, state: State, present: Floats) -> Question:
    """People who come: at the gates already, on their way inside, and still to arrive; and those who go meanwhile."""
    wanted = np.array([layout.places[name].people for name in arcs.places])
    targets = np.flatnonzero(wanted > 0)
    need = np.maximum(wanted - present, 0.0)[targets]
    shares = need / need.sum() if need.sum() > 0 else wanted[targets] / max(wanted.sum(), 1.0)
    goals = [Goal(name=arcs.places[place], finals=arcs.head == place) for place in targets]
    numbers = tuple(range(len(goals)))
    arrivals = arrivals_ahead(layout, state, scenario.horizon_s)
    told = measured_gates(layout, arcs, state)
    curves: list[Points] = [
        tuple((moment, count / arrivals[-1][1]) for moment, count in arrivals) if arrivals else ()
    ]
    rows: list[tuple[Source, int]] = []
    if arrivals:
        rows += [
            (Source(place=arcs.outside, people=arrivals[-1][1] * float(share), goals=(goal,), gates=told), 0)
            for goal, share in zip(numbers, shares, strict=True)
            if share > 0
        ]
    curves.append(())
    by_need = tuple(float(share) for share in shares)
    passing = np.flatnonzero((present > 0) & (wanted <= 0))
    if numbers:
        rows += [
            (Source(place=int(p), people=float(present[p]), goals=numbers, shares=by_need), 1)
            for p in passing
        ]
        rows += _waiting(arcs, state, shares=shares, goals=numbers)
    away = departures_ahead(layout, state, scenario.horizon_s)
    if away:
        goals.append(Goal(name="", finals=arcs.head == arcs.outside))
        curves.append(tuple((moment, count / away[-1][1]) for moment, count in away))
        parts = present[targets] / max(present[targets].sum(), 1.0)
        rows += [
            (
                Source(
                    place=int(place),
                    people=away[-1][1] * float(part),
                    goals=(len(goals) - 1,),
                    is_counter=True,
                    draws_on=int(place),
                ),
                2,
            )
            for place, part in zip(targets, parts, strict=True)
            if part > 0
        ]
    return Question(
        goals=goals,
        sources=[row[0] for row in rows],
        curves=tuple(curves),
        curve=tuple(row[1] for row in rows),
        present=present,
        is_split=scenario.routing == "plan",
    )


def _waiting(arcs: Arcs, state: State, *, shares: Floats, goals: tuple[int, ...]) -> list[tuple[Source, int]]:
    """People counted waiting in front of the gates: each gate by itself, spread over the goals by what they lack."""
    gates = {arcs.links[arcs.link[gate]]: int(gate) for gate in arcs.leaves[arcs.outside]}
    return [
        (
            Source(
                place=arcs.outside, people=count * float(share), goals=(goal,), gates=((gates[name], 1.0),)
            ),
            1,
        )
        for name, count in sorted(state.queues.items())
        if name in gates and count > 0
        for goal, share in zip(goals, shares, strict=True)
        if share > 0
    ]


def _to_the_end(track: Track, job: Job) -> None:
    """A run that was over early stays as it is until the horizon."""
    end_s = job.steps * job.step_s
    if track.times_s[-1] < end_s - 1e-9:
        track.times_s.append(end_s)
        for rows in (track.passed, track.queue, track.released):
            rows.append(rows[-1])


def _told(layout: Layout, job: Job, track: Track, *, state: State, minutes: float) -> Forecast:
    picture = picture_of(job, track)
    for number, name in enumerate(job.arcs.links):
        if name in state.queues:
            picture.queue[0, number] = state.queues[name]
    times = picture.times_s
    places = {}
    for number, name in enumerate(job.arcs.places):
        inside, area = picture.inside[:, number], layout.places[name].area_m2
        density = None if not area else curve_of(times, inside / area)
        places[name] = PlaceAhead(people=curve_of(times, inside), density_per_m2=density)
    everyone = picture.inside.sum(axis=1) + _on_links_inside(layout, picture)
    return Forecast(
        minutes=minutes, inside=curve_of(times, everyone), places=places, links=_links_ahead(job, picture)
    )


def _on_links_inside(layout: Layout, picture: Picture) -> Floats:
    return picture.on_links if layout.direction == "ingress" else np.zeros_like(picture.on_links)


def _links_ahead(job: Job, picture: Picture) -> dict[str, LinkAhead]:
    times = np.array(picture.times_s)
    gaps = np.maximum(np.diff(times), 1e-9)
    rate = np.zeros((len(job.arcs.links), picture.queue.shape[2]))
    np.maximum.at(rate, job.arcs.link, job.rate_per_s)
    found = {}
    for number in np.unique(job.arcs.link[job.cells.used]):
        passed, queue = picture.passed[:, number], picture.queue[:, number]
        flow = np.diff(passed, axis=0) / gaps[:, None] * SECONDS_PER_MIN
        flow = np.concatenate([flow[:1], flow])
        # A shut link lets nobody through: its queue waits to the end of the forecast, or until it opens.
        wait = np.minimum(queue / np.maximum(rate[number], 1e-9), times[-1])
        found[job.arcs.links[number]] = LinkAhead(
            flow_per_min=curve_of(picture.times_s, flow),
            queue=curve_of(picture.times_s, queue),
            wait_s=curve_of(picture.times_s, wait),
        )
    return found


def _assumptions(unknown: tuple[str, ...], scaled: dict[str, float], members: int) -> tuple[Message, ...]:
    said = [Message(N_("Band of {members} cases: 90 of 100 lie within."), {"members": members})]
    if unknown:
        said.append(Message(N_("Nobody counts in {places}."), {"places": list(unknown)}))
    said += [
        Message(
            N_(
                "{link}: people wait, so its capacity is what it was measured to pass, {share} % of the computed."
            ),
            {"link": link, "share": round(factor * 100)},
        )
        for link, factor in scaled.items()
    ]
    return tuple(said)

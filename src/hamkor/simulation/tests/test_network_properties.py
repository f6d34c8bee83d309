# SPDX-License-Identifier: Apache-2.0
"""What holds for every layout: nobody vanishes, wider is never slower, nothing beats the best guidance."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.simulation.guidance.quickest import GuidanceError
from hamkor.simulation.guidance.running import run_guided
from hamkor.simulation.network.asking import members_of, question_of
from hamkor.simulation.network.preparing import job_of
from hamkor.simulation.network.running import run_network
from hamkor.simulation.network.stepping import Engine
from hamkor.simulation.rules.arcs import arcs_of
from hamkor.simulation.rules.layout import Layout, Place
from hamkor.simulation.rules.scenario import Change, Scenario
from hamkor.simulation.tests.layouts import door, layout_of

ROUTINGS = ("nearest", "plan", "least_queue")
FEW = settings(max_examples=12, deadline=None)


@st.composite
def layouts(draw) -> Layout:
    """A few places in a row with doors to the outside, links along and across, some of them both ways."""
    count = draw(st.integers(1, 5))
    rates = st.floats(0.3, 12.0)
    places = [
        Place(
            id=f"p{index}",
            area_m2=draw(st.floats(20, 2000)),
            people=draw(st.sampled_from([0.0, 120.0, 900.5])) if index else 500.0,
            holds=draw(st.sampled_from([None, 40.0, 400.0])),
        )
        for index in range(count)
    ]
    links = [
        door(
            f"l{index}",
            f"p{index - 1}",
            f"p{index}",
            draw(rates),
            backward=draw(st.booleans()),
            length_m=draw(st.floats(0, 60)),
        )
        for index in range(1, count)
    ]
    exits = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=4))
    links += [door(f"x{number}", f"p{place}", "outside", draw(rates)) for number, place in enumerate(exits)]
    return layout_of(places, links)


@st.composite
def changes(draw, layout: Layout) -> tuple[Change, ...]:
    return tuple(
        Change(
            link=draw(st.sampled_from(sorted(layout.links))),
            at_s=draw(st.sampled_from([0.0, 30.0, 200.0])),
            factor=draw(st.sampled_from([0.0, 0.5, 1.0])),
        )
        for _ in range(draw(st.integers(0, 3)))
    )


@FEW
@given(st.data(), st.sampled_from(ROUTINGS), st.booleans())
def test_nobody_appears_or_vanishes_at_any_step(data: st.DataObject, routing: str, is_many: bool) -> None:
    layout = data.draw(layouts())
    scenario = Scenario(
        routing=routing, changes=data.draw(changes(layout)), runs=3 if is_many else 1, horizon_s=900.0
    )
    arcs = arcs_of(layout, scenario.speed_m_per_s)
    question = question_of(layout, arcs, scenario, people=None, demand=None)
    members = members_of(arcs, scenario.uncertainty, runs=scenario.runs, seed=1)
    job = job_of(layout, arcs, scenario, question=question, members=members)
    engine, steps, step = Engine(job), [], Engine._step

    def counted(number, moves):
        step(engine, number, moves)
        unreleased = engine.people.sum(axis=0) - engine.released.sum(axis=0)
        steps.append(
            engine.queue.sum(axis=0) + engine.ring.sum(axis=0) + engine.arrived + engine.counter + unreleased
        )
        # Who is in a place: released or not, waiting or walking. No place takes in more than it holds.
        over = engine.inside - np.maximum(
            engine.holds, job.start[engine.limited].reshape(engine.inside.shape)
        )
        assert (over <= 1e-3).all()
        assert (engine.queue >= -1e-6).all()

    engine._step = counted
    engine.run()
    if not steps:  # nobody has a way
        assert not job.cells.count
        return
    total = engine.people.sum(axis=0)
    off = np.abs(np.array(steps) - total).max()
    assert off <= (1e-6 if not is_many else 1e-4 * np.max(total))


@FEW
@given(layouts(), st.sampled_from([1.2, 2.0, 5.0]))
def test_wider_doors_to_the_outside_are_never_slower(layout: Layout, factor: float) -> None:
    wider = {
        name: msgspec.structs.replace(link, rate_per_s=link.rate_per_s * factor)
        for name, link in layout.links.items()
    }
    scenario = Scenario(routing="nearest", horizon_s=8000.0)
    before = run_network(layout, scenario)
    after = run_network(msgspec.structs.replace(layout, links=wider), scenario)
    if "1.0" in before.clearance_s:
        assert after.clearance_s["1.0"].middle <= before.clearance_s["1.0"].middle * 1.01 + 6


@FEW
@given(st.data())
def test_shutting_the_only_way_is_never_quicker(data: st.DataObject) -> None:
    layout = data.draw(layouts())
    single = {name: link for name, link in layout.links.items() if name[0] == "l" or name == "x0"}
    layout = msgspec.structs.replace(layout, links=single)
    scenario = Scenario(routing="nearest", horizon_s=8000.0)
    narrow = msgspec.structs.replace(scenario, changes=(Change(link="x0", factor=0.5),))
    free, held = run_network(layout, scenario), run_network(layout, narrow)
    if "1.0" in held.clearance_s:
        assert held.clearance_s["1.0"].middle >= free.clearance_s["1.0"].middle - 6


@FEW
@given(st.data(), st.sampled_from(ROUTINGS))
def test_nothing_beats_the_best_guidance(data: st.DataObject, routing: str) -> None:
    layout = data.draw(layouts())
    scenario = Scenario(routing=routing, changes=data.draw(changes(layout)), horizon_s=8000.0)
    outcome = run_network(layout, scenario)
    try:
        guided = run_guided(layout, scenario)
    except GuidanceError:
        assert outcome.left > 0
        return
    if "1.0" in outcome.clearance_s:
        # Half a person may be missing, and people of half a second.
        assert guided.clearance_s["1.0"].middle <= outcome.clearance_s["1.0"].middle * 1.005 + 12
    for place, shares in guided.split.items():
        assert sum(shares.values()) == pytest.approx(1.0), place

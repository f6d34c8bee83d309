# SPDX-License-Identifier: Apache-2.0
"""Single people who come in: they queue in front of the gates, appear behind them, and arrive in their places."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from hamkor.simulation.micro import preparing
from hamkor.simulation.micro.admitting import admit_crowd
from hamkor.simulation.micro.errors import GroundError
from hamkor.simulation.micro.profile import load_motion_profile
from hamkor.simulation.queries import AskingError, Parts, run_scenario
from hamkor.simulation.rules.demand import Stream
from hamkor.simulation.rules.flooring import build_floors
from hamkor.simulation.rules.flooring_goals import Entry, entries_of, goal_place, turn_inwards
from hamkor.simulation.rules.laying import lay_out
from hamkor.simulation.rules.scenario import Change, Scenario
from hamkor.simulation.tests import drawings as d
from hamkor.venues.rules.features import Feature

ARRIVALS = ((0.0, 0.0), (120.0, 150.0))
PEOPLE = {"hall": 60.0, "gallery": 40.0, "court": 50.0}


def venue(**gate: Any) -> list[Feature]:
    """Returns a court behind two gates, a hall beside it, and a gallery above the hall up a flight of stairs."""
    return [
        d.area("court", d.box(0, 0, 30, 15), use="forecourt"),
        d.area("hall", d.box(30.2, 0, 60, 15)),
        d.area("gallery", d.box(40, 20, 60, 30), level=1),
        d.bank("gate-w", "outside>court", d.point(0, 7), lanes=2, **gate),
        d.door("gate-s", "outside>court", d.point(15, 0), clear_width_m=1.2),
        d.door("inner", "court>hall", d.point(30.1, 8)),
        d.passage("stairs", "hall>gallery", d.line((50, 14), (50, 21))),
    ]


def parts_of(features: list[Feature], **people: float) -> Parts:
    event = d.plan_of("navruz-2027").event
    return Parts(features=tuple(features), event=event, attendance=d.crowd(**(people or PEOPLE)))


def asked(**more: Any) -> Scenario:
    more.setdefault("arrivals", ARRIVALS)
    return Scenario(direction="ingress", method="micro", horizon_s=1800.0, **more)


@pytest.fixture(scope="module")
def answer() -> Any:
    return run_scenario(parts_of(venue()), asked())


def test_everybody_comes_to_the_place_they_are_to_come_to(answer: Any) -> None:
    outcome = answer.outcome
    assert (outcome.people, outcome.left, outcome.stuck) == (150, 0, 0)
    assert outcome.arrived.values[-1] == 150
    stayed = {place: found.people.values[-1] for place, found in outcome.places.items()}
    assert stayed == pytest.approx(PEOPLE, abs=1)
    assert sum(stayed.values()) == 150
    assert all(outcome.places[place].clear_s is None for place in PEOPLE)


def test_they_come_when_the_network_lets_them_through_and_walk_on_from_there(answer: Any) -> None:
    outcome, network = (
        answer.outcome,
        run_scenario(parts_of(venue()), msgspec.structs.replace(asked(), method="network")).outcome,
    )
    gates = ("gate-w", "gate-s")
    assert {gate: outcome.links[gate].passed.middle for gate in gates} == {
        gate: network.links[gate].passed.middle for gate in gates
    }
    appeared = answer.run.crowd.appears_s
    assert (np.diff(appeared) >= 0).all()
    assert appeared.max() <= ARRIVALS[-1][0] + network.links["gate-w"].longest_wait_s.middle + 60
    # From a gate to the gallery it is 40 m and more: nobody flies.
    goals = [goal_place(ids[0]) for ids in answer.run.crowd.destinations]
    far = np.array([goals[number] == "gallery" for number in answer.run.crowd.destination])
    walked_s = (answer.run.out_s - appeared)[far]
    assert walked_s.min() > 40 / 2.5
    assert outcome.links["inner"].passed.middle == pytest.approx(100, abs=1)
    assert outcome.links["stairs"].passed.middle == pytest.approx(40, abs=1)


def test_a_gate_that_shuts_sends_people_to_the_other_one() -> None:
    shut = run_scenario(parts_of(venue()), asked(changes=(Change(link="gate-s", at_s=30.0),))).outcome
    assert shut.left == 0
    assert shut.links["gate-s"].passed.middle < 60
    assert shut.links["gate-w"].passed.middle > 90
    before = run_scenario(parts_of(venue()), asked()).outcome
    assert shut.clearance_s["1.0"].middle > before.clearance_s["1.0"].middle


def test_an_inner_door_that_shuts_for_ever_leaves_those_behind_it_outside_of_their_place() -> None:
    shut = run_scenario(parts_of(venue()), asked(changes=(Change(link="inner"),))).outcome
    assert shut.people == 150
    assert shut.left == pytest.approx(100, abs=1)
    assert any("had not arrived" in fault.in_english() for fault in shut.fails)


def test_who_cannot_use_stairs_is_carried_up_and_it_is_said(answer: Any) -> None:
    assert not answer.run.crowd.uses_stairs.all()
    crowd = answer.run.crowd
    gallery = next(n for n, ids in enumerate(crowd.destinations) if goal_place(ids[0]) == "gallery")
    assert crowd.uses_stairs[crowd.destination == gallery].all()
    hall = run_scenario(parts_of(venue(), hall=400.0), asked(arrivals=((0.0, 0.0), (300.0, 400.0)))).outcome
    assert not any("carried" in each.in_english() for each in hall.warnings)


def test_the_answer_says_where_queues_come_from_and_when_somebody_has_arrived(answer: Any) -> None:
    said = " ".join(each.in_english() for each in answer.outcome.assumptions)
    assert "those of the network" in said
    assert "2 m inside" in said
    assert "leave" not in said


def test_nobody_appears_on_anybody_else() -> None:
    many = run_scenario(
        parts_of(venue(), hall=200.0), asked(arrivals=((0.0, 0.0), (1.0, 200.0))), record=True
    )
    frames = many.run.frames
    for number in range(0, len(frames.times_s), 5):
        xy = frames.xy[frames.offsets[number] : frames.offsets[number + 1]]
        off = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) + np.eye(len(xy)) * 9
        assert off.min(initial=9) > 0.15


def test_a_gate_without_ground_is_refused_with_the_way_out() -> None:
    features = [*venue(), d.door("gate-x", "outside>court", d.point(15, 40), clear_width_m=8.0)]
    with pytest.raises(AskingError) as refused:
        run_scenario(parts_of(features), asked())
    assert refused.value.code == "gate-not-drawn"
    assert "network" in refused.value.message.in_english()


def test_more_ways_than_the_memory_holds_are_refused_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preparing, "MOST_WAYS", 1000)
    with pytest.raises(GroundError) as refused:
        run_scenario(parts_of(venue()), asked())
    assert refused.value.code == "too-many-ways"
    assert "network" in refused.value.message.in_english()


def test_the_same_seed_lets_the_same_people_in() -> None:
    runs = [run_scenario(parts_of(venue(), hall=80.0), asked(seed=seed)).run for seed in (3, 3, 4)]
    assert (runs[0].out_s == runs[1].out_s).all()
    assert (runs[0].out_s != runs[2].out_s).any()


def test_a_ring_of_lines_lies_inside_every_place_and_nothing_leads_out() -> None:
    features = venue()
    layout = lay_out(features, direction="ingress", attendance=d.crowd(**PEOPLE))
    floors = build_floors(layout, features)
    inwards = turn_inwards(floors)
    assert not any(door.leads_out for door in inwards.doors)
    assert {goal_place(door.id) for door in inwards.doors if door.is_goal} == set(PEOPLE)
    for start in floors.starts:
        ring = [door.line for door in inwards.doors if goal_place(door.id) == start.place]
        assert len(ring) >= 4
        for ends in ring:
            for end in ends:
                assert start.ground.contains(d.point_of(end))
                assert start.ground.boundary.distance(d.point_of(end)) > 1.0


@pytest.mark.parametrize(("width", "spots"), [(0.9, 1), (1.2, 1), (2.0, 3), (6.0, 8)])
def test_as_many_appear_beside_each_other_as_the_gate_is_wide(width: float, spots: int) -> None:
    features = [
        d.area("court", d.box(0, 0, 30, 15)),
        d.door("gate", "outside>court", d.point(15, 0), clear_width_m=width),
    ]
    layout = lay_out(features, direction="ingress", attendance=d.crowd(court=50))
    entry = entries_of(build_floors(layout, features), ["gate", "nowhere"])
    assert list(entry) == ["gate"]
    assert len(entry["gate"].spots) == spots
    court = layout.places["court"].outline
    for spot in entry["gate"].spots:
        assert court.contains(d.point_of(spot))
        assert court.exterior.distance(d.point_of(spot)) == pytest.approx(0.45, abs=0.1)
    assert np.mean([x for x, _ in entry["gate"].spots]) == pytest.approx(court.centroid.x, abs=0.1)


@pytest.mark.parametrize(
    ("passed", "moments"),
    [
        (((0.0, 0.0), (10.0, 5.0)), [1, 3, 5, 7, 9]),
        (((0.0, 0.0), (10.0, 1.0), (50.0, 1.0), (60.0, 2.0)), [5, 55]),
        (((0.0, 0.0), (5.0, 0.0), (6.0, 1.0)), [5.5]),
        (((0.0, 0.0), (10.0, 0.4)), []),
    ],
)
def test_people_come_through_a_gate_as_its_curve_rises(
    passed: tuple[tuple[float, float], ...], moments: list[float]
) -> None:
    stream = Stream(gate="gate", place="hall", passed=passed)
    entry = Entry(gate="gate", sheet=0, spots=((1.0, 1.0), (2.0, 1.0)))
    crowd = admit_crowd([stream], {"gate": entry}, profile=load_motion_profile(), seed=1)
    assert crowd.appears_s.tolist() == pytest.approx(moments)
    assert crowd.x.tolist() == [1.0, 2.0, 1.0, 2.0, 1.0][: len(moments)]
    assert crowd.destinations == (("hall/in",),)
    assert crowd.places == ("gate",)


def test_hours_of_coming_in_fill_no_file_and_keep_what_was_most() -> None:
    long = asked(arrivals=((0.0, 0.0), (1500.0, 60.0)))
    answer = run_scenario(parts_of(venue(), hall=60.0), long)
    frames, hall = answer.run.frames, answer.outcome.places["hall"]
    assert len(frames.times_s) > 600
    assert 300 <= len(hall.people.times_s) <= 600
    assert hall.people.times_s[-1] == pytest.approx(float(frames.times_s[-1]))
    assert hall.people.values[-1] == 60
    assert hall.most_people.middle >= 60

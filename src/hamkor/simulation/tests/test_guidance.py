# SPDX-License-Identifier: Apache-2.0
"""The best guidance: least times known beforehand, shares that reach them, sentences."""

from __future__ import annotations

import pytest

from hamkor.simulation.guidance.quickest import GuidanceError
from hamkor.simulation.guidance.running import gap, run_guided
from hamkor.simulation.guidance.splitting import rounded
from hamkor.simulation.network.running import run_network
from hamkor.simulation.rules.layout import Place
from hamkor.simulation.rules.scenario import Change, Scenario
from hamkor.simulation.tests.layouts import door, layout_of, room, stadium

NEAREST = Scenario(routing="nearest")


@pytest.mark.parametrize(("people", "rate"), [(300, 1.0), (9000, 12.5)])
def test_one_door_needs_people_over_rate(people: float, rate: float) -> None:
    best = run_guided(room(people, rate), NEAREST).clearance_s["1.0"].middle
    assert best == pytest.approx(people / rate + 10 / 1.34, rel=0.02, abs=3)


def test_two_doors_are_emptied_at_the_same_moment() -> None:
    """1 000 people, doors of 3 and 1 per second, the second 60 s further: 4 T - 60 = 1 000."""
    places = [Place(id="hall", area_m2=1, people=1000), Place(id="yard", area_m2=1)]
    links = [
        door("near", "hall", "outside", 3.0),
        door("path", "hall", "yard", 50.0, length_m=60 * 1.34),
        door("far", "yard", "outside", 1.0),
    ]
    guided = run_guided(layout_of(places, links), NEAREST)
    assert guided.clearance_s["1.0"].middle == pytest.approx(265, abs=4)
    shares = guided.split["hall"]
    assert shares["near"] == pytest.approx(0.8, abs=0.051)
    unguided = run_network(layout_of(places, links), NEAREST)
    worth = gap(unguided, guided)
    assert worth.saved_s == pytest.approx(1000 / 3 - 265, abs=6)
    assert "steering the crowd is worth" in worth.says.in_english()
    sentence = guided.advice[0].in_english()
    assert sentence.startswith("Of the people from hall send 80 % to near")


def test_steering_is_worth_most_when_a_gate_is_shut() -> None:
    layout = stadium(34_000, 16, gate_m=3.83, sectors=48)
    shut = Scenario(routing="nearest", changes=(Change(link="gate-3"),))
    guided, unguided = run_guided(layout, shut), run_network(layout, shut)
    assert 440 < guided.clearance_s["1.0"].middle < 500
    assert unguided.clearance_s["1.0"].middle > guided.clearance_s["1.0"].middle * 1.2
    assert "gate-3" not in {gate for shares in guided.split.values() for gate in shares}
    assert all(len(shares) <= 3 for shares in guided.split.values())
    # People who follow the rounded shares are nearly as quick as the optimum.
    followed = run_network(layout, shut, splits=guided.split).clearance_s["1.0"].middle
    assert guided.clearance_s["1.0"].middle <= followed <= guided.clearance_s["1.0"].middle * 1.15


def test_the_best_way_in_is_the_best_way_out_backwards() -> None:
    out = run_guided(stadium(8000, 8), NEAREST)
    at_once = Scenario(direction="ingress", arrivals=((0.0, 8000.0), (1.0, 8000.0)))
    into = run_guided(stadium(8000, 8, direction="ingress"), at_once)
    assert into.clearance_s["1.0"].middle == pytest.approx(out.clearance_s["1.0"].middle, rel=0.1)
    assert (
        into.advice[0].in_english().startswith(("Send everyone for sector-00", "Of the people for sector-00"))
    )


def test_nobody_is_in_before_coming() -> None:
    layout = stadium(8000, 8, direction="ingress")
    slow = Scenario(direction="ingress", routing="nearest", arrivals=((0.0, 0.0), (3600.0, 8000.0)))
    guided, unguided = run_guided(layout, slow), run_network(layout, slow)
    assert guided.clearance_s["0.5"].middle == pytest.approx(1800, rel=0.05)
    assert 3500 < guided.clearance_s["1.0"].middle <= unguided.clearance_s["1.0"].middle


def test_arrivals_rise_and_the_shares_of_people_come_in_order() -> None:
    guided = run_guided(stadium(8000, 8), NEAREST)
    values = guided.arrived.values
    assert list(values) == sorted(values)
    times = [guided.clearance_s[share].middle for share in ("0.5", "0.9", "0.99", "1.0")]
    assert times == sorted(times)


def test_a_gate_that_opens_later_is_used_later() -> None:
    layout = room(1000, 2.0)
    late = Scenario(changes=(Change(link="door", at_s=0), Change(link="door", at_s=200, factor=1)))
    assert run_guided(layout, late).clearance_s["1.0"].middle == pytest.approx(700, rel=0.02)


def test_who_can_never_get_out_is_said() -> None:
    with pytest.raises(GuidanceError, match="never-out"):
        run_guided(room(100, 2.0), Scenario(changes=(Change(link="door"),)))


def test_shares_are_round_and_whole() -> None:
    told = rounded({"a": {"x": 0.57, "y": 0.40, "z": 0.03}, "b": {"x": 1.0}})
    assert told["a"] == pytest.approx({"x": 0.6, "y": 0.4})
    assert told["b"] == {"x": 1.0}

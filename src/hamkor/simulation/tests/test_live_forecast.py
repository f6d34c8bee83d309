# SPDX-License-Identifier: Apache-2.0
"""Forecasts from counts: known courses, unknown places, saturated gates, errors of the past."""

from __future__ import annotations

import numpy as np
import pytest

from hamkor.simulation.network.asking import NetworkError
from hamkor.simulation.network.counted import LinkFlow, State, measured_factors, people_now
from hamkor.simulation.network.live import forecast
from hamkor.simulation.network.looking_back import past_error
from hamkor.simulation.network.running import run_network
from hamkor.simulation.rules.layout import Place
from hamkor.simulation.rules.scenario import Scenario
from hamkor.simulation.tests.layouts import door, layout_of, room, stadium

NEAREST = Scenario(routing="nearest")


def gate(people: float = 20_000):
    return layout_of(
        [Place(id="park", area_m2=10_000, people=people)], [door("gate", "outside", "park", 5.0)], "ingress"
    )


def test_a_steady_inflow_goes_on() -> None:
    state = State(people={"park": 4000}, flows={"gate": LinkFlow(forward_per_min=120)})
    made = forecast(gate(), state, scenario=NEAREST, members=1)
    assert made.inside.values[0] == 4000
    assert made.inside.values[-1] == pytest.approx(4000 + 10 * 120, abs=15)
    assert made.links["gate"].flow_per_min.values[-1] == pytest.approx(120, rel=0.03)
    assert made.places["park"].density_per_m2.values[-1] == pytest.approx(0.52, abs=0.01)


def test_more_than_the_gate_lets_through_waits_in_front() -> None:
    state = State(people={"park": 4000}, in_per_min=400)
    made = forecast(gate(), state, scenario=NEAREST, members=1)
    assert made.inside.values[-1] == pytest.approx(4000 + 600 * 5, abs=25)
    assert made.links["gate"].queue.values[-1] == pytest.approx(1000, abs=25)
    assert made.links["gate"].wait_s.values[-1] == pytest.approx(200, abs=6)


def test_the_plan_shapes_what_is_measured() -> None:
    """The plan's arrivals double after five minutes; twice as many come as planned now."""
    plan = ((0.0, 0.0), (300.0, 300.0), (600.0, 900.0))
    state = State(people={"park": 0}, in_per_min=120, arrivals=plan)
    made = forecast(gate(), state, scenario=NEAREST, members=1)
    assert made.inside.values[-1] == pytest.approx(2 * 900, abs=20)


def test_people_queueing_at_a_gate_come_in_first() -> None:
    state = State(people={"park": 0}, queues={"gate": 600}, in_per_min=0)
    made = forecast(gate(), state, scenario=NEAREST, members=1)
    assert made.inside.values[-1] == pytest.approx(600, abs=1)
    assert max(made.links["gate"].queue.values) == pytest.approx(600, rel=0.1)


def test_a_flow_is_a_capacity_only_while_people_wait() -> None:
    flow = {"gate": LinkFlow(forward_per_min=150)}
    assert measured_factors(gate(), State(flows=flow)) == {}
    assert measured_factors(gate(), State(flows=flow, queues={"gate": 40})) == {}
    assert measured_factors(gate(), State(flows=flow, queues={"gate": 500})) == {"gate": 0.5}
    nothing_believed = {"gate": LinkFlow(forward_per_min=6)}
    assert measured_factors(gate(), State(flows=nothing_believed, queues={"gate": 500})) == {"gate": 0.25}


def test_places_nobody_counts_get_the_rest_of_those_inside() -> None:
    layout = layout_of(
        [Place(id="a", people=300), Place(id="b", people=100), Place(id="c", people=50), Place(id="way")],
        [door("gate", "outside", "way", 5.0), *(door(f"to-{x}", "way", x, 5.0) for x in "abc")],
        "ingress",
    )
    people, unknown = people_now(layout, State(people={"c": 40}, inside=240))
    assert people == {"a": 150, "b": 50, "c": 40, "way": 0}
    assert unknown == ("a", "b", "way")
    assert people_now(layout, State())[0] == {"a": 0, "b": 0, "c": 0, "way": 0}


def test_leaving_is_what_the_network_says() -> None:
    layout = stadium(8000, 8)
    people = {name: place.people for name, place in layout.places.items()}
    made = forecast(layout, State(people=people), scenario=NEAREST, members=1, minutes=5)
    outcome = run_network(layout, NEAREST)
    for moment in (60.0, 120.0, 240.0):
        out = np.interp(moment, outcome.arrived.times_s, outcome.arrived.values)
        inside = np.interp(moment, made.inside.times_s, made.inside.values)
        assert inside == pytest.approx(8000 - out, abs=250)


def test_a_shut_gate_is_not_used_and_bands_hold_the_middle() -> None:
    layout = stadium(8000, 8)
    people = {name: place.people for name, place in layout.places.items()}
    made = forecast(layout, State(people=people, factors={"gate-2": 0.0}), scenario=NEAREST, members=40)
    assert "gate-2" not in made.links or max(made.links["gate-2"].flow_per_min.values) == 0
    for low, middle, high in zip(made.inside.low, made.inside.values, made.inside.high, strict=True):
        assert low <= middle <= high
    assert made == forecast_again(layout, people, made)


def forecast_again(layout, people, made):
    import msgspec

    again = forecast(layout, State(people=people, factors={"gate-2": 0.0}), scenario=NEAREST, members=40)
    return msgspec.structs.replace(again, cpu_s=made.cpu_s)


def test_errors_of_the_past_are_means_of_what_was_said_and_counted() -> None:
    state = State(people={"park": 4000}, in_per_min=120)
    made = forecast(gate(), state, scenario=NEAREST, members=1)
    error = past_error([(0.0, made), (60.0, made)], [(300.0, 4500.0)])
    # Forecast at 5 minutes 4 600, at 4 minutes 4 480; counted 4 500.
    assert error.count == 2
    assert error.bias == pytest.approx(40, abs=12)
    assert error.mean_absolute == pytest.approx(60, abs=12)
    assert error.mean_absolute_share == pytest.approx(60 / 4500, abs=0.003)
    assert past_error([(0.0, made)], [(9000.0, 1.0)]) is None


def test_horizons_nobody_means_are_refused() -> None:
    with pytest.raises(NetworkError, match="no-horizon"):
        forecast(room(10, 1.0), State(), scenario=NEAREST, minutes=500)


def test_nobody_counted_is_nobody_forecast() -> None:
    made = forecast(room(10, 1.0), State(), scenario=NEAREST, members=3)
    assert made.inside.values[-1] == 0
    assert made.unknown == ("hall",)

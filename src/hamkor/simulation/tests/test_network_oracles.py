# SPDX-License-Identifier: Apache-2.0
"""The network against numbers known beforehand: doors, queues, closures, full places, a disaster."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from shapely import LineString, Point, box

from hamkor.crowd.rules.ingress import queue_over_time
from hamkor.crowd.rules.tables import Profile
from hamkor.folder.queries import read_folder
from hamkor.simulation.network.asking import NetworkError
from hamkor.simulation.network.running import run_network
from hamkor.simulation.rules.arcs import arcs_of
from hamkor.simulation.rules.demand import Demand, demand_of
from hamkor.simulation.rules.layout import Layout, Place
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Change, Scenario, Uncertainty
from hamkor.simulation.tests.layouts import door, layout_of, room, stadium

NEAREST = Scenario(routing="nearest")
CASES = Path(__file__).parents[4] / "examples" / "cases"


def clear_s(outcome: Outcome, share: str = "1.0") -> float:
    return outcome.clearance_s[share].middle


def asked(**more) -> Scenario:
    return msgspec.structs.replace(NEAREST, **more)


@pytest.mark.parametrize(("people", "rate"), [(300, 1.0), (1000, 2.0), (9000, 12.5)])
def test_one_door_takes_walking_and_people_over_rate(people: float, rate: float) -> None:
    outcome = run_network(room(people, rate), NEAREST)
    assert clear_s(outcome) == pytest.approx(10 / 1.34 + people / rate, abs=4)
    assert outcome.links["door"].passed.middle == pytest.approx(people, abs=1e-6)
    assert outcome.links["door"].longest_wait_s.middle == pytest.approx(people / rate, rel=0.05)
    assert outcome.links["door"].busy_share > 0.9


def test_of_two_doors_in_a_row_the_narrow_one_counts() -> None:
    places = [Place(id="hall", area_m2=400, people=1000), Place(id="foyer", area_m2=100)]
    links = [door("inner", "hall", "foyer", 4.0), door("outer", "foyer", "outside", 2.0)]
    outcome = run_network(layout_of(places, links), NEAREST)
    assert clear_s(outcome) == pytest.approx(10 / 1.34 + 10 / 1.34 + 1000 / 2.0, abs=5)
    # The foyer fills by the difference of the two rates.
    assert outcome.places["foyer"].most_people.middle == pytest.approx(500, rel=0.05)


def test_two_doors_side_by_side_halve_the_time() -> None:
    places = [Place(id="hall", area_m2=400, people=1000)]
    one = run_network(layout_of(places, [door("a", "hall", "outside", 2.0)]), NEAREST)
    two = layout_of(places, [door("a", "hall", "outside", 2.0), door("b", "hall", "outside", 2.0)])
    shared = run_network(two, Scenario(routing="plan"))
    assert clear_s(shared) - 7.5 == pytest.approx((clear_s(one) - 7.5) / 2, abs=4)


def test_a_queue_grows_by_the_formula_of_the_handbook() -> None:
    """600 a minute come and 400 get in: after 45 minutes 9 000 wait, 22.5 minutes, on 4 500 m²."""
    layout = layout_of(
        [Place(id="park", area_m2=100_000, people=27_000)],
        [door("gate", "outside", "park", 400 / 60, queue_area_m2=4000)],
        "ingress",
    )
    scenario = asked(direction="ingress", arrivals=((0.0, 0.0), (2700.0, 27_000.0)))
    outcome = run_network(layout, scenario)
    step = queue_over_time([600.0], 400.0, step_min=45.0)[0]
    gate = outcome.links["gate"]
    assert gate.longest_queue.middle == pytest.approx(step.queue, rel=0.01)
    assert gate.longest_wait_s.middle == pytest.approx(step.wait_min * 60, rel=0.01)
    assert clear_s(outcome) == pytest.approx((45 + 22.5) * 60, rel=0.01)
    (warning,) = outcome.warnings
    assert warning.facts["need"] == pytest.approx(step.area_m2, rel=0.01)
    assert warning.facts["room"] == 4000


def test_both_ways_through_one_door_share_its_rate() -> None:
    places = [Place(id="square", people=3000), Place(id="park", people=0)]
    ramp = msgspec.structs.replace(door("ramp", "outside", "square", 5.0), backward=True)
    layout = layout_of(places, [ramp], "ingress")
    coming = asked(direction="ingress", arrivals=((0.0, 0.0), (600.0, 3000.0)))
    alone = run_network(layout, coming)
    crossed = run_network(
        layout,
        coming,
        demand=Demand(departures=((0.0, 0.0), (600.0, 3000.0)), present={"square": 3000.0}),
    )
    assert clear_s(alone) == pytest.approx(600, rel=0.02)
    # 6 000 people in both directions over 85 % of the rate.
    assert crossed.links["ramp"].passed.middle == pytest.approx(6000, abs=1)
    assert crossed.arrived.times_s[-1] == pytest.approx(6000 / (5.0 * 0.85), rel=0.05)


def test_a_full_place_lets_nobody_in_and_loses_nobody() -> None:
    places = [
        Place(id="hall", area_m2=400, people=1000),
        Place(id="foyer", area_m2=25, holds=60),
    ]
    links = [door("inner", "hall", "foyer", 6.0), door("outer", "foyer", "outside", 2.0)]
    outcome = run_network(layout_of(places, links), NEAREST)
    assert outcome.places["foyer"].most_people.middle <= 60 + 1e-6
    assert outcome.places["foyer"].most_people.middle > 50
    assert clear_s(outcome) == pytest.approx(15 + 1000 / 2.0, rel=0.05)
    assert outcome.left == 0


def test_a_gate_that_shuts_and_opens_again_stops_the_flow_between() -> None:
    layout = room(1000, 2.0)
    shut = run_network(
        layout, asked(changes=(Change(link="door", at_s=100), Change(link="door", at_s=300, factor=1)))
    )
    assert clear_s(shut) == pytest.approx(clear_s(run_network(layout, NEAREST)) + 200, abs=3)
    half = run_network(layout, asked(changes=(Change(link="door", at_s=0, factor=0.5),)))
    assert clear_s(half) == pytest.approx(7.5 + 1000, abs=3)


def test_who_has_no_way_stays_and_is_named() -> None:
    layout = room(1000, 2.0)
    outcome = run_network(layout, asked(changes=(Change(link="door", at_s=100),)))
    assert outcome.left == pytest.approx(1000 - (100 - 7.5) * 2, abs=6)
    assert "1.0" not in outcome.clearance_s
    (fail,) = outcome.fails
    assert fail.facts["place"] == "hall"
    assert fail.facts["people"] == pytest.approx(outcome.left, abs=1)


@pytest.mark.parametrize("routing", ["nearest", "plan", "least_queue"])
def test_people_in_front_of_a_gate_that_shuts_go_to_another(routing: str) -> None:
    layout = stadium(8000, 8)
    outcome = run_network(layout, Scenario(routing=routing, changes=(Change(link="gate-3", at_s=60),)))
    assert outcome.left == 0
    passed = outcome.links["gate-3"].passed.middle
    assert 0 < passed < 200
    assert sum(outcome.links[f"gate-{number}"].passed.middle for number in range(1, 9)) == pytest.approx(
        8000, abs=1
    )


def test_the_plan_sends_its_shares_through_its_gates() -> None:
    layout = stadium(10_000, 4)
    shares = {"gate-1": 0.4, "gate-2": 0.3, "gate-3": 0.2, "gate-4": 0.1}
    links = {
        name: msgspec.structs.replace(link, departure_share=shares.get(name))
        for name, link in layout.links.items()
    }
    outcome = run_network(msgspec.structs.replace(layout, links=links), Scenario(routing="plan"))
    for name, share in shares.items():
        assert outcome.links[name].share == pytest.approx(share, abs=0.03)


def test_ingress_fills_every_place_with_its_people() -> None:
    layout = stadium(10_000, 8, direction="ingress")
    for routing in ("nearest", "plan", "least_queue"):
        outcome = run_network(layout, Scenario(direction="ingress", routing=routing))
        assert outcome.left == 0
        for place in layout.places.values():
            assert outcome.places[place.id].people.values[-1] == pytest.approx(place.people, abs=1e-3)


def test_shut_gate_of_a_round_stadium_costs_the_unguided_most() -> None:
    layout = stadium(34_000, 16, gate_m=3.83, sectors=48)
    shut = (Change(link="gate-3"),)
    times = {
        routing: clear_s(run_network(layout, Scenario(routing=routing, changes=shut)))
        for routing in ("nearest", "least_queue")
    }
    all_open = clear_s(run_network(layout, NEAREST))
    assert 427 * 0.9 < all_open < 427 * 1.15
    assert all_open < times["least_queue"] < times["nearest"]


def test_waiting_before_the_start_of_an_alarm_counts() -> None:
    egress = run_network(room(200, 2.0), NEAREST)
    alarm = run_network(room(200, 2.0), asked(direction="evacuate"))
    assert clear_s(egress) + 25 < clear_s(alarm) < clear_s(egress) + 150


def test_stairs_up_take_longer_than_stairs_down() -> None:
    def climb(level: float) -> float:
        places = [Place(id="hall", level=level, people=10), Place(id="foyer", level=0)]
        stairs = door("stairs", "hall", "foyer", 5.0, surface="stairs", length_m=30.0)
        return clear_s(
            run_network(layout_of(places, [stairs, door("exit", "foyer", "outside", 5.0)]), NEAREST)
        )

    assert climb(-1) - climb(1) == pytest.approx(30 / 1.34 * (1 / 0.455 - 1 / 0.515), abs=2)


def test_people_take_the_door_nearest_to_where_they_stand() -> None:
    """A stand of 40 m with doors at its ends and a third of the way: a third, a half and a sixth of its people."""
    stand = Place(id="stand", people=1200, outline=box(0, 0, 40, 10))
    links = [
        door(f"door-{x}", "stand", "outside", 2.0, line=LineString([(x, -1), (x, 1)]))
        for x in (0, 80 / 3, 40)
    ]
    outcome = run_network(layout_of([stand], links), NEAREST)
    assert outcome.links["door-0"].share == pytest.approx(1 / 3, abs=0.06)
    assert outcome.links["door-40"].share == pytest.approx(1 / 6, abs=0.06)
    assert outcome.left == 0


def test_people_walk_round_the_hole_of_a_concourse() -> None:
    """From one side of a ring to the other it is half its circumference, not its diameter."""
    ring = Point(0, 0).buffer(52).difference(Point(0, 0).buffer(48))
    places = [Place(id="stand", people=1), Place(id="concourse", area_m2=ring.area, outline=ring)]
    links = [
        door("stairs", "stand", "concourse", 5.0, line=LineString([(-50, -1), (-50, 1)])),
        door("exit", "concourse", "outside", 5.0, line=LineString([(50, -1), (50, 1)])),
    ]
    arcs = arcs_of(layout_of(places, links), 1.0)
    assert arcs.turn_s.tolist() == pytest.approx([math.pi * 50], rel=0.06)
    hall = msgspec.structs.replace(places[1], outline=Point(0, 0).buffer(52))
    assert arcs_of(layout_of([places[0], hall], links), 1.0).turn_s.tolist() == pytest.approx([100])


def test_an_ensemble_is_the_same_for_the_same_seed_and_holds_its_middle() -> None:
    layout = stadium(8000, 8)
    scenario = Scenario(runs=60, seed=7)
    first, second = run_network(layout, scenario), run_network(layout, scenario)
    assert first.clearance_s == second.clearance_s
    assert first.arrived == second.arrived
    assert first.inputs_hash == second.inputs_hash
    other = run_network(layout, msgspec.structs.replace(scenario, seed=8))
    assert other.clearance_s != first.clearance_s
    band = first.clearance_s["0.9"]
    assert band.low < clear_s(run_network(layout, Scenario()), "0.9") < band.high
    assert band.low < band.middle < band.high


def test_a_certain_ensemble_has_no_band() -> None:
    sure = Uncertainty(flow=0, link_flow=0, split=0, people=0, timing_s=0)
    outcome = run_network(stadium(8000, 8), Scenario(runs=20, uncertainty=sure))
    band = outcome.clearance_s["0.99"]
    assert band.high - band.low < 0.1


def test_order_of_places_and_links_does_not_matter() -> None:
    layout = stadium(8000, 8)
    turned = Layout(
        direction=layout.direction,
        profile_id=layout.profile_id,
        places=dict(reversed(layout.places.items())),
        links=dict(reversed(layout.links.items())),
    )
    first, second = run_network(layout, Scenario()), run_network(turned, Scenario())
    assert first.clearance_s == second.clearance_s
    assert first.inputs_hash == second.inputs_hash


def test_more_people_than_the_ramp_passes_fill_it() -> None:
    """Love Parade 2010: 90 000 in and 55 000 out in an hour; neither fits through the neck."""
    plan = read_folder(CASES / "loveparade-2010")
    neck_per_s = 43_788 / 3600
    places = [Place(id="ramp-foot", area_m2=2000), Place(id="festival-ground", people=90_000)]
    tunnels = [
        msgspec.structs.replace(door(f"tunnel-{side}", "outside", "ramp-foot", 16 * 82 / 60), backward=True)
        for side in ("east", "west")
    ]
    ramp = msgspec.structs.replace(door("ramp", "ramp-foot", "festival-ground", neck_per_s), backward=True)
    layout = layout_of(places, [*tunnels, ramp], "ingress")
    attendance = plan.attendance
    demand = demand_of(attendance, attendance.arrivals[0].starts_at)
    assert demand.arrivals[-1] == (3600.0, 90_000.0)
    outcome = run_network(
        layout,
        asked(direction="ingress", horizon_s=3600.0),
        demand=msgspec.structs.replace(demand, present={"festival-ground": 100_000.0}),
    )
    foot = outcome.places["ramp-foot"].people.values
    assert all(later >= earlier - 1e-6 for earlier, later in pairwise(foot))
    through = outcome.links["ramp"].passed.middle
    assert through == pytest.approx(neck_per_s * 0.85 * 3600, rel=0.03)
    assert outcome.places["ramp-foot"].seconds_above["5"] > 1800
    assert outcome.links["ramp"].queue.values[-1] > 20_000


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(NetworkError, match="nobody"):
        run_network(room(0, 1.0), NEAREST)
    with pytest.raises(NetworkError, match="unknown-place"):
        run_network(room(10, 1.0), NEAREST, people={"cellar": 5})
    with pytest.raises(NetworkError, match="no-way-out"):
        run_network(layout_of([Place(id="hall", people=10)], []), NEAREST)


def test_every_constant_says_how_it_is_known() -> None:
    profile = network_profile()
    own = set(profile.__struct_fields__) - set(Profile.__struct_fields__)
    assert own == {*profile.read, *profile.memory, *profile.computed}


def test_members_run_apart_are_the_same_as_together(monkeypatch: pytest.MonkeyPatch) -> None:
    layout, scenario = stadium(8000, 8), Scenario(runs=12)
    together = run_network(layout, scenario)
    monkeypatch.setattr("hamkor.simulation.network.stepping.MEMBER_NUMBERS", 2000)
    apart = run_network(layout, scenario)
    for share, band in together.clearance_s.items():
        assert apart.clearance_s[share].middle == pytest.approx(band.middle, abs=0.05)

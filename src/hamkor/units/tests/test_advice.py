# SPDX-License-Identifier: Apache-2.0
"""Dispatch advice: ways over a drawing with known lengths, what is unknown, and several incidents as one assignment."""

from __future__ import annotations

import builtins
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.incidents.commands import advance_incident, merge_incidents
from hamkor.incidents.rules import INCIDENT_TYPES
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents
from hamkor.operation.rules.places import Place
from hamkor.telemetry.facts import ZONE_STATE
from hamkor.telemetry.rules.zones import ZoneState
from hamkor.units.commands import dispatch_units, set_unit_state
from hamkor.units.facts import UNIT
from hamkor.units.queries import advise
from hamkor.units.rules import CAPABILITIES
from hamkor.units.rules.advice import Advice, IncidentAdvice, MeasuredPosition
from hamkor.units.rules.assigning import Offer, assign
from hamkor.units.rules.capabilities import STAND_INS, still_needed
from hamkor.units.rules.travel import ON_SITE_TRAVEL, travel_profile
from hamkor.units.tests.builders import (
    CORNER,
    MINUTE,
    NOW,
    OPERATOR,
    STREAM,
    door,
    drawing,
    place,
    position,
    registered,
    reported,
    road,
    send,
    store_with_event,
)
from hamkor.venues.rules.features import Area, Feature, Opening, Venue
from hamkor.venues.rules.geometry import Point

WALK = ON_SITE_TRAVEL.walk_detour / ON_SITE_TRAVEL.walk_m_s / 60


def asked(store: MemoryStore, *incident_ids: str, documents: Documents | None = None, **keys: Any) -> Advice:
    given_keys: dict[str, Any] = {"positions": {}, "incident_ids": incident_ids, "at": NOW, **keys}
    return advise(documents or get_documents(store, STREAM), **given_keys)


def one(store: MemoryStore, incident_id: str, **keys: Any) -> IncidentAdvice:
    (found,) = asked(store, incident_id, **keys).incidents
    return found


def test_what_incidents_need_units_can_do() -> None:
    for found in INCIDENT_TYPES.values():
        assert set(found.capabilities) <= set(CAPABILITIES), found.code
    for need, others in STAND_INS.items():
        assert {need, *others} <= set(CAPABILITIES)
        assert need not in others


def test_a_way_leads_through_the_door_and_not_through_the_wall() -> None:
    store = store_with_event()
    near, far = registered(store, "NEAR", home=place(99, 75)), registered(store, "FAR", home=place(60, 25))
    found = one(store, reported(store, place=place(110, 25)))
    assert found.area == "hall"
    (need,) = found.needs
    assert (need.need, need.proposed) == ("medic", far)
    by_unit = {each.unit: each for each in need.candidates}
    assert by_unit[far].minutes == pytest.approx(50 * WALK, abs=0.06)
    assert by_unit[far].metres == pytest.approx(50 * 1.2, abs=1)
    # Sixty metres in a straight line; by the door it is fifty and ten.
    assert by_unit[near].minutes == pytest.approx((50.01 + 10) * WALK, abs=0.06)
    assert {each.basis for each in need.candidates} == {"network"}
    assert {each.position for each in need.candidates} == {"home"}
    assert not any(each.is_guessed for each in need.candidates)


def test_stairs_are_slow() -> None:
    store = store_with_event()
    registered(store, "A", home=place(160, 50.0))
    (need,) = one(store, reported(store, place=place(160, 70.5))).needs
    assert need.candidates[0].minutes == pytest.approx(20 / ON_SITE_TRAVEL.stairs_m_s / 60, abs=0.06)


def test_a_crowd_slows_the_way() -> None:
    store = store_with_event()
    registered(store, "A", home=place(0, 50))
    incident_id = reported(store, place=place(90, 50))
    documents = get_documents(store, STREAM)
    zone = ZoneState(id="yard", band=4, density=5.0, since=NOW)
    dense = documents.after([{(ZONE_STATE.kind, "yard"): zone}])
    free, slow = (
        one(store, incident_id, documents=each).needs[0].candidates[0].minutes for each in (documents, dense)
    )
    assert free is not None
    assert slow == pytest.approx(90 * 1.2 / ON_SITE_TRAVEL.crowd_min_m_s / 60, abs=0.06)
    assert slow > 4 * free


@pytest.mark.parametrize("values", [{"release": "locked"}, {"obstructed": True}])
def test_a_locked_door_is_no_way(values: dict[str, Any]) -> None:
    store = store_with_event(drawing(entrance=door(**values)))
    unit_id = registered(store, "A", home=place(60, 25))
    found = one(store, reported(store, place=place(110, 25)))
    assert (found.needs[0].proposed, found.needs[0].candidates) == (None, ())
    assert [(each.unit, each.reason) for each in found.left_out] == [(unit_id, "unreachable")]


def test_open_places_are_joined_where_they_touch_and_with_the_world() -> None:
    street = Feature(id="street", geometry=drawing().features[0].geometry, properties=Area(use="street"))
    square = Feature(id="square", geometry=drawing().features[1].geometry, properties=Area(use="square"))
    store = store_with_event(Venue(type="FeatureCollection", features=(street, square)))
    registered(store, "A", home=place(60, 25))
    registered(store, "B", home=place(-100, 50))
    found = one(store, reported(store, place=place(110, 25))).needs[0].candidates
    assert [each.call_sign for each in found] == ["A", "B"]
    assert found[0].metres == pytest.approx(50 * 1.2, abs=2)


def test_positions_say_how_they_are_known() -> None:
    store = store_with_event()
    names = ("measured", "told", "post", "stale", "home", "unknown")
    units = {name: registered(store, name.upper()) for name in ("measured", "stale", "unknown")}
    units["told"] = registered(store, "TOLD", home=place(1, 1))
    units["post"] = registered(store, "POST", post="aid", home=place(1, 1))
    units["home"] = registered(store, "HOME", home=place(1, 1))
    incident_id = reported(store, place=place(10, 10))
    send(store, set_unit_state, OPERATOR, unit_id=units["told"], state="busy", place=Place(feature="hall"))
    send(store, set_unit_state, OPERATOR, unit_id=units["told"], state="free")
    positions = {
        units["measured"]: MeasuredPosition(position(20, 10), NOW - MINUTE),
        units["stale"]: MeasuredPosition(position(30, 10), NOW - 20 * MINUTE),
        "nobody": MeasuredPosition(position(0, 0), NOW),
    }
    (need,) = one(store, incident_id, positions=positions).needs
    found = {each.unit: each for each in need.candidates}
    assert {name: found[units[name]].position for name in names} == {name: name for name in names}
    assert (found[units["measured"]].position_age_s, found[units["stale"]].position_age_s) == (60.0, 1200.0)
    assert found[units["post"]].leaves_post == "aid"
    lost = found[units["unknown"]]
    assert (lost.minutes, lost.metres, lost.basis) == (None, None, "unknown")
    assert need.candidates[-1].unit == units["unknown"]
    assert need.candidates[0].unit == need.proposed


def test_an_incident_nobody_can_place_is_said_to_be_so() -> None:
    store = store_with_event()
    unit_id = registered(store, "A", home=place(1, 1))
    for where in (None, Place(words="behind the stage")):
        found = one(store, reported(store, place=where))
        assert (found.area, found.needs[0].proposed) == (None, unit_id)
        assert found.needs[0].candidates[0].minutes is None


def test_lengths_nobody_drew_are_told_as_guessed() -> None:
    store = store_with_event()
    registered(store, "A", home=place(110, 25))
    (need,) = one(store, reported(store, place=Place(feature="unseen"))).needs
    assert need.candidates[0].is_guessed
    assert need.candidates[0].metres == pytest.approx(2 * ON_SITE_TRAVEL.unknown_leg_m, abs=1)


def test_a_plan_without_a_survey_still_has_ways() -> None:
    areas = tuple(Feature(id=name, properties=Area(use="hall")) for name in ("a", "b", "c", "d"))
    doors = tuple(
        Feature(id=f"{one}{two}", properties=Opening(from_=one, to=two))
        for one, two in (("a", "b"), ("b", "c"))
    )
    store = store_with_event(Venue(type="FeatureCollection", features=areas + doors))
    homes = {name: registered(store, name, home=Place(feature=name)) for name in ("b", "d")}
    found = one(store, reported(store, place=Place(feature="c")))
    assert (found.area, found.needs[0].proposed) == ("c", homes["b"])
    assert found.needs[0].candidates[0].is_guessed
    assert [(each.unit, each.reason) for each in found.left_out] == [(homes["d"], "unreachable")]


def test_nothing_drawn_is_a_straight_line_outside() -> None:
    store = store_with_event(Venue(type="FeatureCollection", features=()))
    registered(store, "A", home=Place(point=CORNER))
    registered(store, "B", home=Place(point=(CORNER[0] + 0.01, CORNER[1])), travels="vehicle")
    found = one(store, reported(store, place=Place(point=(CORNER[0] + 0.001, CORNER[1]))))
    assert found.area == "outside"
    assert [each.call_sign for each in found.needs[0].candidates] == ["A", "B"]
    assert [each.basis for each in found.needs[0].candidates] == ["network", "straight"]


def test_vehicles_take_roads_and_the_last_part_on_foot() -> None:
    lane = road("lane", (-400, 25), (95, 25))
    side = road("side", (-400, 30), (-400, 400))
    blocked = road("blocked", (0, 0), (110, 25), usable=False)
    gate = Feature(
        id="gate",
        geometry=Point(coordinates=position(0, 25)),
        properties=Opening(from_="outside", to="yard"),
    )
    store = store_with_event(drawing(lane, side, blocked, gate))
    registered(store, "CAR", travels="vehicle", home=place(-400, 400))
    registered(store, "FOOT", home=place(-400, 400))
    (need,) = one(store, reported(store, place=place(110, 25))).needs
    car, foot = need.candidates
    assert (car.call_sign, car.basis, car.travels) == ("CAR", "roads", "vehicle")
    by_road_s = (370 + 5 + 495) / ON_SITE_TRAVEL.road_m_s + 15 * 1.2 / ON_SITE_TRAVEL.walk_m_s
    assert car.minutes == pytest.approx(by_road_s / 60, abs=0.3)
    assert foot.minutes is not None
    assert foot.minutes > 2 * (car.minutes or 0)


def test_a_crew_next_to_it_leaves_its_vehicle() -> None:
    store = store_with_event(drawing(road("lane", (-400, 25), (-300, 25))))
    registered(store, "CAR", travels="vehicle", home=place(50, 50))
    (need,) = one(store, reported(store, place=place(55, 50))).needs
    assert (need.candidates[0].travels, need.candidates[0].basis) == ("foot", "network")


def test_nobody_is_sent_twice_and_the_urgent_comes_first() -> None:
    store = store_with_event()
    only = registered(store, "A", home=place(50, 50))
    calm, urgent = (
        reported(store, place=place(51, 50), priority=3),
        reported(store, place=place(10, 10), priority=1),
    )
    found = {each.incident: each.needs[0].proposed for each in asked(store, calm, urgent).incidents}
    assert found == {calm: None, urgent: only}
    second = registered(store, "B", home=place(12, 10))
    found = {each.incident: each.needs[0].proposed for each in asked(store, calm, urgent).incidents}
    assert found == {calm: only, urgent: second}


def test_the_better_suited_is_proposed_and_a_post_is_left_unwillingly() -> None:
    store = store_with_event()
    registered(store, "STAND-IN", capabilities=["ambulance"], home=place(10, 10))
    post = registered(store, "POST", post="aid", home=place(10, 10))
    medic = registered(store, "MEDIC", home=place(40, 10))
    (need,) = one(store, reported(store, place=place(10, 10))).needs
    assert [each.call_sign for each in need.candidates] == ["MEDIC", "STAND-IN", "POST"]
    assert need.proposed == medic
    assert [each.is_stand_in for each in need.candidates] == [False, True, False]
    assert need.candidates[-1].unit == post


def test_who_is_left_out_is_told_with_the_reason() -> None:
    store = store_with_event()
    small, urgent = (
        reported(store, place=place(5, 5), priority=4),
        reported(store, place=place(10, 10), priority=1),
    )
    units = {name: registered(store, name, home=place(20, 10)) for name in ("SENT", "BUSY", "OFF", "HERE")}
    registered(store, "FIRE", capabilities=["fire"])
    send(store, dispatch_units, OPERATOR, incident_id=small, unit_ids=[units["SENT"]])
    send(store, dispatch_units, OPERATOR, incident_id=urgent, unit_ids=[units["HERE"]])
    send(store, set_unit_state, OPERATOR, unit_id=units["BUSY"], state="busy")
    send(store, set_unit_state, OPERATOR, unit_id=units["OFF"], state="off_duty")
    assert one(store, urgent).needs == ()
    found = one(store, urgent, needs={urgent: ["medic", "medic"]})
    assert [(each.call_sign, each.reason, each.incident) for each in found.left_out] == [
        ("BUSY", "busy", None),
        ("OFF", "off_duty", None),
        ("SENT", "sent", small),
    ]
    # On its way to something less urgent: the operator may give it to this.
    assert found.left_out[2].minutes is not None
    assert found.unable == 1
    assert one(store, small, needs={small: ["medic", "medic"]}).left_out[1].minutes is None


def test_only_open_incidents_are_advised_on_and_merged_ones_once() -> None:
    store = store_with_event()
    into, taken, over = reported(store), reported(store), reported(store, type="complaint")
    send(store, merge_incidents, OPERATOR, into_id=into, from_id=taken)
    send(store, advance_incident, OPERATOR, incident_id=over, state="closed", outcome="Over.")
    found = asked(store, taken, into, over, "nothing").incidents
    assert [each.incident for each in found] == [into]
    assert found[0].needs[0].candidates == ()


def test_the_same_question_has_one_answer() -> None:
    store = store_with_event()
    for number in range(12):
        registered(store, f"U{number:02}", home=place(10, 10))
    incidents = [reported(store, place=place(10, 10)) for _ in range(4)]
    first = asked(store, *incidents)
    assert all(asked(store, *incidents) == first for _ in range(3))
    assert len({each.needs[0].proposed for each in first.incidents}) == 4


def test_without_the_solver_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_with_event()
    registered(store, "A", home=place(1, 1))
    incident_id = reported(store, place=place(2, 2))
    imports = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("ortools"):
            raise ImportError(name)
        return imports(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(HamkorError, match="solver-missing"):
        asked(store, incident_id)


def test_profiles_are_known_by_name() -> None:
    assert travel_profile() is ON_SITE_TRAVEL
    with pytest.raises(HamkorError, match="travel-profile-unknown"):
        travel_profile("flying")


def test_units_that_are_there_cover_one_need_each() -> None:
    store = store_with_event()
    for call_sign, capability in (("A", "ambulance"), ("B", "medic")):
        registered(store, call_sign, capabilities=[capability])
    present = get_documents(store, STREAM).all(UNIT)
    assert still_needed(("medic", "ambulance"), present) == ()
    assert still_needed(("medic", "medic", "medic"), present) == ("medic",)
    assert still_needed((None, "fire"), present) == ("fire",)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 4),
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 600)), max_size=12),
    st.lists(st.sampled_from([1, 2, 4, 8]), min_size=3, max_size=3),
)
def test_the_assignment_is_as_good_as_the_best_of_all(
    units: int, needs: int, rows: list[tuple[int, int, int]], weights: list[int]
) -> None:
    unfilled_s = 36_000.0
    costs = {(unit, need): float(s) for unit, need, s in rows if unit < units and need < needs}
    offers = [Offer(unit, need, s) for (unit, need), s in costs.items()]

    def total(chosen: dict[int, int]) -> float:
        return sum(
            weights[need] * (costs[chosen[need], need] if need in chosen else unfilled_s)
            for need in range(needs)
        )

    best = min(
        total({need: unit for need, unit in enumerate(choice) if unit is not None})
        for choice in itertools.product([None, *range(units)], repeat=needs)
        if len({unit for unit in choice if unit is not None}) == sum(unit is not None for unit in choice)
        and all(unit is None or (unit, need) in costs for need, unit in enumerate(choice))
    )
    chosen = assign(offers, weights[:needs], unfilled_s=unfilled_s)
    assert len(set(chosen.values())) == len(chosen)
    assert total(chosen) == pytest.approx(best)

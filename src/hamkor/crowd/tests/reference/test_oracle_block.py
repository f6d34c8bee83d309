# SPDX-License-Identifier: Apache-2.0
"""The block of worked answers: computed by us from the published constants, each norm named in the rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hamkor.crowd.rules import (
    building_codes,
    capacity,
    density,
    flow,
    gost,
    ingress,
    maurer,
    munich,
    nfpa,
    sanitation,
    weather,
)
from hamkor.crowd.rules import exits as ways

ORACLES = json.loads((Path(__file__).parent / "oracles.json").read_text())
SINGLE_GREEN_GUIDE = ORACLES["green_guide"][:4]


def test_green_guide_entry() -> None:
    case = ORACLES["green_guide"][0]
    assert capacity.entry_capacity(case["in"]["turnstiles"], rate_per_h=case["in"]["rate"]) == case["entry"]


def test_green_guide_holding() -> None:
    case = ORACLES["green_guide"][1]
    given = case["in"]
    held = capacity.standing_capacity(
        given["area"],
        standing_density_per_m2=given["d"],
        physical_condition=given["P"],
        safety_management=given["S"],
    )
    assert held == case["holding"]


def test_green_guide_level_exit() -> None:
    case = ORACLES["green_guide"][2]
    assert ways.exit_capacity([ways.Exit(case["in"]["level_m"])], case["in"]["T"]) == case["exit"]


def test_green_guide_stairs_exit() -> None:
    case = ORACLES["green_guide"][3]
    assert ways.exit_capacity([ways.Exit(case["in"]["stairs_m"], "stairs")], case["in"]["T"]) == case["exit"]


def test_green_guide_section_is_bound_by_the_lowest() -> None:
    case = ORACLES["green_guide"][4]
    given = case["in"]
    exits = [ways.Exit(given["level_m"])]
    section = capacity.section_capacity(
        entry=capacity.entry_capacity(given["turnstiles"]),
        holding=capacity.seats_capacity(
            given["seats"], physical_condition=given["P"], safety_management=given["S"]
        ),
        exit_normal=ways.exit_capacity(exits, given["T"]),
        emergency=ways.emergency_capacity(exits, given["Te"], is_largest_lost=False),
    )
    assert (section.final, section.bound_by) == (case["final"], case["bound_by"])
    assert (section.entry, section.holding, section.exit, section.emergency) == (9240, 9720, 7872, 5904)
    assert section.unknown == ()


def test_mvstaettvo() -> None:
    indoor, outdoor, width = ORACLES["mvstaettv"]
    required = building_codes.mvstaettvo_required_width_m
    assert required(indoor["indoor"], "indoor") == pytest.approx(indoor["width"])
    assert required(outdoor["outdoor"], "outdoor") == pytest.approx(outdoor["width"])
    assert building_codes.mvstaettvo_width_persons(width["outdoor_width"], "outdoor") == width["persons"]


def test_nfpa() -> None:
    level, stair = ORACLES["nfpa"]
    assert nfpa.nfpa_exit_persons(width_m=level["level_mm"] / 1000) == level["persons"]
    assert nfpa.nfpa_exit_persons(width_in=stair["stair_in"], is_stairs=True) == stair["persons"]


def test_sfpe() -> None:
    level, door, stair = ORACLES["sfpe"]
    assert flow.sfpe_speed_m_per_s(level["level_D"]) == pytest.approx(level["S"], abs=5e-4)
    assert flow.sfpe_flow_per_m_s(level["level_D"]) == pytest.approx(level["Fs"], abs=5e-4)
    through_door = flow.sfpe_flow_per_s(door["door_m"], "door")
    assert flow.passage_time_s(door["persons"], through_door) == pytest.approx(door["t_s"], abs=0.05)
    assert flow.flow_models().sfpe.k_m_per_s["stairs_172_279"] == stair["k"]
    up_stairs = flow.sfpe_flow_per_s(stair["stair_m"], "stairs", "stairs_172_279")
    assert flow.passage_time_s(stair["persons"], up_stairs) == pytest.approx(stair["t_s"], abs=0.05)


@pytest.mark.parametrize(("density_per_m2", "speed"), ORACLES["weidmann"])
def test_weidmann(density_per_m2: float, speed: float) -> None:
    assert flow.weidmann_speed_m_per_s(density_per_m2) == pytest.approx(speed, abs=6e-4)


def test_weidmann_maximum() -> None:
    best = max(range(1, 5400), key=lambda n: flow.weidmann_flow_per_m_s(n / 1000)) / 1000
    assert best == pytest.approx(ORACLES["weidmann_max"]["rho"], abs=1e-3)
    assert flow.weidmann_flow_per_m_s(best) == pytest.approx(ORACLES["weidmann_max"]["J"], abs=5e-4)


@pytest.mark.parametrize(("density_share", "speed"), ORACLES["pm"])
def test_predtechenskii(density_share: float, speed: float) -> None:
    assert gost.pm_speed_m_per_min(density_share) == pytest.approx(speed, abs=6e-3)


def test_pressure() -> None:
    case = ORACLES["pressure"]
    answer = density.crowd_pressure(case["rho"], velocity_variance_m2_per_s2=case["var"])
    assert answer.pressure_per_s2 == pytest.approx(case["P"])
    assert answer.is_alarm is case["alarm"]


def test_queue() -> None:
    case = ORACLES["queue"]
    last = ingress.queue_over_time([case["lam"]] * case["min"], case["mu"], step_min=1)[-1]
    assert (last.queue, last.wait_min, last.area_m2) == (case["Q"], case["wait_min"], case["area_m2"])


@pytest.mark.parametrize("case", ORACLES["maurer"])
def test_maurer(case: dict[str, float]) -> None:
    cover = maurer.maurer_cover(
        permitted_persons=case["max"],
        expected_persons=case["exp"],
        factor=case["F"],
        is_enclosed=bool(case.get("enclosed")),
        vip_persons=case.get("vip", 0),
        has_violence_risk=bool(case.get("violence")),
    )
    assert cover.points == pytest.approx(case["points"])
    assert cover.helpers == case.get("helpers", cover.helpers)
    means = [cover.helpers, cover.patient_vans, cover.ambulances, cover.doctors]
    assert means == case.get("result", means)


@pytest.mark.parametrize("case", ORACLES["munich"])
def test_munich(case: dict[str, object]) -> None:
    cover = munich.munich_cover(case["exp"], case["type"], surcharges=case.get("plus", 0))
    assert cover.total == case["total"]
    means = [cover.helpers, cover.paramedics, cover.doctors]
    assert means == case.get("result", means)


@pytest.mark.parametrize(
    ("band", "duration_h", "has_much_alcohol", "is_campsite"),
    [
        ("lt6", 5.9, False, False),
        ("ge6", 6, False, False),
        ("ge6_alcohol", 8, True, False),
        ("camp", 48, True, True),
    ],
)
def test_toilets(band: str, duration_h: float, has_much_alcohol: bool, is_campsite: bool) -> None:
    need = sanitation.toilets_needed(
        10_000, duration_h, has_much_alcohol=has_much_alcohol, is_campsite=is_campsite
    )
    assert [need.female, need.male, need.urinals] == ORACLES["toilets_10000_5050"][band]


def test_wbgt() -> None:
    case = ORACLES["wbgt"]
    answer = weather.wbgt_outdoor_c(wet_bulb_c=case["tnw"], globe_c=case["tg"], air_temperature_c=case["ta"])
    assert answer == pytest.approx(case["out"])


@pytest.mark.parametrize("capacity_per_h", [43788, 60000, 30000])
def test_love_parade(capacity_per_h: int) -> None:
    case = ORACLES["loveparade"]
    ratio = flow.load_ratio(case["plan_per_h"], capacity_per_h)
    assert ratio == pytest.approx(case[f"cap_{capacity_per_h}"], abs=5e-3)

# SPDX-License-Identifier: Apache-2.0
"""Worked numbers of Maurer, Munich, HSG195, Purple Guide and the reference means; sources beside each."""

from __future__ import annotations

import msgspec
import pytest

from hamkor.common.errors import HamkorError
from hamkor.crowd.rules import hsg195, maurer, munich, prediction

ROCK = {"permitted_persons": 40_000, "expected_persons": 40_000}
FOOTBALL = {
    "permitted_persons": 34_000,
    "expected_persons": 30_000,
    "vip_persons": 5,
    "has_violence_risk": True,
}


def means(cover: maurer.MaurerCover) -> tuple[int, int, int, int]:
    return (cover.helpers, cover.patient_vans, cover.ambulances, cover.doctors)


def test_fair_holds_only_with_rounding() -> None:
    """A provider's page: fair, enclosed, 2 000 permitted, 1 900 expected: 3.6 points, 3 helpers."""
    event = {"permitted_persons": 2000, "expected_persons": 1900, "factor": 0.3, "is_enclosed": True}
    rounded = maurer.maurer_cover(**event)
    exact = maurer.maurer_cover(**event, rounding="none")
    assert (rounded.points, rounded.helpers, rounded.rounding) == (3.6, 3, "nearest")
    assert (exact.points, exact.rounding) == (3.54, "none")


def test_vip_points_have_no_cap() -> None:
    """A spreadsheet: 500/500, F 0.4, 50 protected persons: 100.8."""
    cover = maurer.maurer_cover(permitted_persons=500, expected_persons=500, factor=0.4, vip_persons=50)
    assert cover.points == 100.8


@pytest.mark.parametrize(
    ("factor", "table", "points", "expected"),
    [
        (1.0, "common", 89.0, (80, 6, 5, 3)),
        (1.2, "common", 106.8, (100, 7, 6, 4)),
        (1.2, "brk-2010", 106.8, (120, 8, 6, 4)),
    ],
)
def test_rock(
    factor: float, table: maurer.MaurerTableName, points: float, expected: tuple[int, int, int, int]
) -> None:
    cover = maurer.maurer_cover(**ROCK, factor=factor, table=table)
    assert cover.points == points
    assert means(cover) == expected


def test_rock_command_and_large_ambulance() -> None:
    cover = maurer.maurer_cover(**ROCK, factor=1.0)
    assert (cover.large_ambulances, cover.command, cover.aid_stations) == (0, "full", 2)
    assert maurer.maurer_cover(**ROCK, factor=1.2).large_ambulances == 1


@pytest.mark.parametrize(
    ("factor", "points", "expected"), [(0.4, 47.6, (30, 4, 3, 2)), (0.3, 40.7, (30, 4, 2, 2))]
)
def test_football(factor: float, points: float, expected: tuple[int, int, int, int]) -> None:
    cover = maurer.maurer_cover(**FOOTBALL, factor=factor)
    assert cover.points == points
    assert means(cover) == expected
    assert cover.command == "reduced"


@pytest.mark.parametrize(
    ("persons", "points"),
    [(0, 0), (500, 1), (501, 2), (3000, 4), (20_000, 7), (20_001, 8), (30_000, 8), (30_001, 9), (40_000, 9)],
)
def test_permitted_points(persons: int, points: int) -> None:
    assert maurer.maurer_permitted_points(persons) == points


@pytest.mark.parametrize(
    ("points", "common", "bavarian"),
    [
        (2, (0, 0, 0, 0), (2, 0, 0, 0)),
        (13, (5, 1, 1, 0), (5, 1, 1, 0)),
        (13.2, (5, 2, 1, 1), (10, 2, 1, 1)),
        (25, (20, 2, 1, 1), (10, 2, 1, 1)),
        (110, (100, 7, 6, 4), (120, 8, 6, 4)),
        (121, (160, 10, 7, 5), (140, 10, 8, 4)),
    ],
)
def test_tables_at_their_switches(points: float, common: tuple[int, ...], bavarian: tuple[int, ...]) -> None:
    """Points made of protected persons alone (2 each), without visitors."""
    for table, expected in (("common", common), ("brk-2010", bavarian)):
        cover = maurer.maurer_cover(
            permitted_persons=0, expected_persons=0, factor=1, vip_persons=points / 2, table=table
        )
        assert means(cover) == expected


def test_area_and_activity() -> None:
    assert maurer.maurer_permitted_by_area(2500) == 10_000
    assert maurer.maurer_factor("rock_concert") == (1.0, 1.2)
    with pytest.raises(HamkorError, match="unknown-choice"):
        maurer.maurer_factor("picnic")


def test_munich_examples() -> None:
    """Munich guide 2015: football with 25 000 and violence; a general event with 60 500."""
    football = munich.munich_cover(25_000, "football", surcharges=1)
    assert (football.total, football.needs_concept, football.response_max_min) == (9, True, 4)
    general = munich.munich_cover(60_500, "general")
    assert (general.total, general.helpers, general.paramedics, general.doctors) == (11, 30, 8, 3)
    assert (general.stations, general.defibrillators) == (5, 5)


def test_munich_between_and_beyond_rows() -> None:
    assert munich.munich_visitor_points(100_001) == 15
    sixteen = munich.munich_cover(100_001, "general", surcharges=1)
    assert (sixteen.total, sixteen.helpers, sixteen.is_open_ended) == (16, 50, False)
    assert munich.munich_cover(100_001, "air").is_open_ended
    nothing = munich.munich_cover(400, "general")
    assert (nothing.total, nothing.helpers, nothing.needs_concept) == (0, 0, False)


def test_munich_factor_range() -> None:
    assert munich.munich_cover(20_000, "fair").total == 5
    assert munich.munich_cover(20_000, "fair", factor=0.5).total == 3
    for factor in (0.4, float("nan")):
        with pytest.raises(HamkorError, match="factor-outside-type"):
            munich.munich_cover(20_000, "fair", factor=factor)


def fire_factors(**changed: float) -> dict[str, float]:
    return dict.fromkeys(munich.munich_data().fire.factors, 1.0) | changed


def test_munich_fire_rounds_down() -> None:
    answer = munich.munich_fire_coefficient(fire_factors(approach=2), 4)
    assert answer.coefficient == 2.2
    assert (answer.needs_inspection, answer.needs_concept, answer.fire_watch_persons) == (True, True, 0)


@pytest.mark.parametrize(
    ("size_group", "value", "watch"), [(1, 1, 0), (5, 1, 0), (2, 2, 0), (3, 2, 6), (5, 2, 16)]
)
def test_munich_fire_watch(size_group: int, value: float, watch: int) -> None:
    answer = munich.munich_fire_coefficient(dict.fromkeys(fire_factors(), value), size_group)
    assert answer.fire_watch_persons == watch


def test_munich_fire_knock_out_whatever_the_mean() -> None:
    answer = munich.munich_fire_coefficient(
        dict.fromkeys(fire_factors(), 0.5) | {"escape_routes": 4, "fire_acts": 1}, 1
    )
    assert answer.coefficient < 1.6
    assert answer.is_excluded
    assert not munich.munich_fire_coefficient(fire_factors(escape_routes=2), 5).is_excluded


def test_munich_fire_refuses_wrong_factors() -> None:
    with pytest.raises(HamkorError, match="fire-factors"):
        munich.munich_fire_coefficient({"approach": 1}, 1)
    with pytest.raises(HamkorError, match="unknown-choice"):
        munich.munich_fire_coefficient(fire_factors(water=3), 1)
    with pytest.raises(HamkorError, match="unknown-choice"):
        munich.munich_fire_coefficient(fire_factors(fire_acts=0.5), 1)
    with pytest.raises(HamkorError, match="unknown-choice"):
        munich.munich_fire_coefficient(fire_factors(), 6)


ROCK_HSG = hsg195.Hsg195Event(
    nature="pop_rock",
    venue="stadium",
    standing="standing",
    audience="young_adults",
    history="none",
    persons=34_000,
    queue_h=2,
    season="summer",
    hospital_min=15,
    hospital_choice="large",
)


def test_hsg195_rock_concert() -> None:
    cover = hsg195.hsg195_cover(ROCK_HSG)
    assert cover.score == 45
    assert (cover.ambulances, cover.first_aiders, cover.ambulance_staff, cover.doctors, cover.nurses) == (
        4,
        40,
        12,
        3,
        6,
    )
    assert not cover.is_open_ended


def test_hsg195_changes() -> None:
    def score(**changes: object) -> int:
        return hsg195.hsg195_score(msgspec.structs.replace(ROCK_HSG, **changes))

    assert score(queue_h=4) == 45
    assert score(queue_h=4.1) == 46
    assert score(queue_h=13) == 47
    assert score(hospital_min=31) == 47
    assert score(hazards=3, facilities=2) == 44
    assert score(persons=40_000) == 49
    with pytest.raises(HamkorError, match="unknown-choice"):
        score(nature="picnic")
    small = msgspec.structs.replace(
        ROCK_HSG, persons=900, nature="classical", standing="seated", facilities=2
    )
    assert hsg195.hsg195_cover(small).first_aiders == 4
    assert hsg195.hsg195_cover(msgspec.structs.replace(ROCK_HSG, persons=400_000)).is_open_ended


@pytest.mark.parametrize(
    ("persons", "first_aiders"), [(0, 2), (900, 2), (1001, 3), (3000, 6), (3001, 7), (10_000, 13)]
)
def test_purple_guide(persons: int, first_aiders: int) -> None:
    """Purple Guide: 2 per 1 000 up to 3 000; then 6 and 1 per further 1 000."""
    cover = prediction.purple_guide_cover(persons)
    assert cover is not None
    assert cover.first_aiders == first_aiders
    assert cover.nurses == ((1, 2) if persons > 3000 else (0, 0))


def test_purple_guide_is_silent_above_ten_thousand() -> None:
    assert prediction.purple_guide_cover(10_001) is None


def test_reference_means() -> None:
    """Arbon (2001), means over 201 events: 39.7 patients and 1.08 transports of 40 000."""
    expected = prediction.expected_patients(40_000)
    assert expected.patients == pytest.approx(39.7, abs=0.05)
    assert expected.transports == pytest.approx(1.08, abs=5e-3)


def test_response_times() -> None:
    assert prediction.is_response_in_time(4)
    assert not prediction.is_response_in_time(4.1)
    assert prediction.is_response_in_time(5, "defibrillator")
    times = prediction.medical_data().response
    assert (times.england_c1, times.england_c2) == ((7, 15), (18, 40))

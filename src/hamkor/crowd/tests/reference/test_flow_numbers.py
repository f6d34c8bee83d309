# SPDX-License-Identifier: Apache-2.0
"""Worked numbers of SFPE, IMO, Predtechenskii, Weidmann, GOST and Fruin; computed by us from the constants."""

from __future__ import annotations

import pytest

from hamkor.common.errors import HamkorError
from hamkor.crowd.rules import flow, fruin, gost
from hamkor.crowd.rules.profiles import flow_capacity_per_min, load_profile

STAIRS = ("stairs_190_254", "stairs_172_279", "stairs_165_305", "stairs_165_330")


@pytest.mark.parametrize(
    ("element", "at_two", "largest"),
    [
        ("level", 1.310, 1.316),
        ("stairs_190_254", 0.936, 0.940),
        ("stairs_172_279", 1.011, 1.015),
        ("stairs_165_305", 1.086, 1.090),
        ("stairs_165_330", 1.151, 1.156),
    ],
)
def test_sfpe_specific_flow(element: flow.SfpeElement, at_two: float, largest: float) -> None:
    assert flow.sfpe_flow_per_m_s(2, element) == pytest.approx(at_two, abs=6e-4)
    assert flow.sfpe_max_flow_per_m_s(element) == pytest.approx(largest, abs=6e-4)
    assert max(flow.sfpe_flow_per_m_s(n / 100, element) for n in range(376)) == pytest.approx(
        largest, abs=1e-3
    )


def test_sfpe_maximum_and_end() -> None:
    best = max(range(376), key=lambda n: flow.sfpe_flow_per_m_s(n / 100))
    assert best / 100 == pytest.approx(1.88)
    assert flow.sfpe_speed_m_per_s(3.75) > 0
    assert flow.sfpe_speed_m_per_s(3.76) == 0
    assert flow.sfpe_speed_m_per_s(10) == 0
    assert flow.sfpe_speed_m_per_s(0) == pytest.approx(0.85 * 1.4)


def test_sfpe_door_and_stairs() -> None:
    assert flow.sfpe_effective_width_m(1.2, "door") == pytest.approx(0.90)
    assert flow.sfpe_flow_per_s(1.2, "door") == pytest.approx(1.184, abs=5e-4)
    assert flow.sfpe_effective_width_m(1.4, "stairs") == pytest.approx(1.10)
    assert flow.sfpe_flow_per_s(1.4, "stairs", "stairs_172_279") == pytest.approx(1.117, abs=6e-4)
    assert flow.sfpe_effective_width_m(0.2, "door") == 0
    assert flow.sfpe_effective_width_m(3, "bench") == 3


def test_imo() -> None:
    """IMO MSC.1/Circ.1238."""
    assert [
        flow.imo_max_flow_per_m_s(place) for place in ("door", "corridor", "stairs_down", "stairs_up")
    ] == [
        1.3,
        1.3,
        1.1,
        0.88,
    ]
    speed = flow.imo_corridor_speed_m_per_s
    assert [speed(0.3), speed(0.65), speed(1.3), speed(2)] == [1.2, 1.2, 0.67, 0.67]
    assert speed(0.975) == pytest.approx((1.2 + 0.67) / 2)
    assert speed(0.5, density_per_m2=3.5) == 0.10


def test_predtechenskii() -> None:
    assert gost.pm_place_factor(0.5, "door") == pytest.approx(1.202, abs=5e-4)
    assert gost.pm_place_factor(0.5, "stairs_down") == pytest.approx(0.967, abs=6e-4)
    assert gost.pm_place_factor(0.5, "level") == 1
    assert gost.pm_speed_m_per_min(0.5, is_emergency=True) == pytest.approx(16.50 * 1.31, abs=0.01)
    with pytest.raises(HamkorError, match="pm_density"):
        gost.pm_speed_m_per_min(0.93)


@pytest.mark.parametrize(
    ("density_per_m2", "speed", "per_m_s"),
    [
        (0.5, 1.298, 0.649),
        (1, 1.058, 1.058),
        (1.75, 0.700, 1.225),
        (2, 0.606, 1.212),
        (3, 0.331, 0.992),
        (4, 0.156, 0.625),
        (5, 0.037, 0.187),
    ],
)
def test_weidmann(density_per_m2: float, speed: float, per_m_s: float) -> None:
    assert flow.weidmann_speed_m_per_s(density_per_m2) == pytest.approx(speed, abs=6e-4)
    assert flow.weidmann_flow_per_m_s(density_per_m2) == pytest.approx(per_m_s, abs=6e-4)


def test_weidmann_ends() -> None:
    assert flow.weidmann_speed_m_per_s(0) == 1.34
    assert flow.weidmann_speed_m_per_s(5.4) == 0
    assert flow.weidmann_speed_m_per_s(9) == 0
    model = flow.flow_models().weidmann
    assert (model.stairs_up_m_per_s, model.stairs_down_m_per_s) == (0.61, 0.69)


@pytest.mark.parametrize(
    ("share", "speed", "intensity"),
    [(0.01, 100, 1), (0.1, 80, 8), (0.5, 33, 16.5), (0.9, 15, 13.5), (1.2, 15, 13.5)],
)
def test_gost_rows(share: float, speed: float, intensity: float) -> None:
    assert gost.gost_speed_m_per_min(share) == speed
    assert gost.gost_intensity_m_per_min(share) == intensity


def test_gost_between_rows() -> None:
    assert gost.gost_intensity_m_per_min(0.25) == pytest.approx(13.05)
    assert gost.gost_speed_m_per_min(0.45, "stairs_down") == pytest.approx(35.5)
    assert gost.gost_intensity_m_per_min(0) == 0
    assert gost.gost_speed_m_per_min(0) == 100
    assert gost.gost_intensity_m_per_min(0.5, "door") == 19.6


def test_gost_intensity_is_density_times_speed_within_rounding() -> None:
    table = gost.gost_table()
    for path in ("level", "stairs_down", "stairs_up"):
        for share, speed, q in zip(
            table.density, table.speed_m_per_min[path], table.intensity_m_per_min[path], strict=True
        ):
            assert q == pytest.approx(share * speed, abs=0.6)


def test_gost_clothing() -> None:
    assert gost.gost_density(100, length_m=10, width_m=2) == pytest.approx(0.5)
    assert gost.gost_max_flow_per_m_min("level", clothing="winter") == pytest.approx(132)
    assert gost.gost_flow_per_m_min(0.5, clothing="mid_season") == pytest.approx(16.5 / 0.113)
    with pytest.raises(HamkorError, match="empty-stretch"):
        gost.gost_density(5, length_m=0, width_m=2)


@pytest.mark.parametrize(
    ("space", "place", "level"),
    [
        (3.26, "walkway", "A"),
        (3.25, "walkway", "B"),
        (0.94, "walkway", "D"),
        (0.93, "walkway", "E"),
        (0.46, "walkway", "F"),
        (1.87, "stairs", "A"),
        (0.65, "stairs", "E"),
        (0.37, "stairs", "F"),
        (1.3, "queue", "A"),
        (0.28, "queue", "E"),
        (0.19, "queue", "F"),
    ],
)
def test_fruin_space_on_a_limit_is_the_worse_level(space: float, place: fruin.FruinPlace, level: str) -> None:
    assert fruin.fruin_level_by_space(space, place) == level


@pytest.mark.parametrize(
    ("per_m_min", "place", "level"),
    [
        (22, "walkway", "A"),
        (23, "walkway", "B"),
        (81, "walkway", "E"),
        (82, "walkway", "F"),
        (43, "stairs", "E"),
    ],
)
def test_fruin_flow(per_m_min: float, place: fruin.FruinPlace, level: str) -> None:
    assert fruin.fruin_level_by_flow(per_m_min, place) == level


def test_fruin_queue_has_no_flow() -> None:
    with pytest.raises(HamkorError, match="unknown-choice"):
        fruin.fruin_level_by_flow(20, "queue")


def test_profiles_agree_with_the_models_behind_them() -> None:
    assert load_profile("sfpe-2016").level_flow_per_m_min == pytest.approx(60 * flow.sfpe_max_flow_per_m_s())
    slowest = min(flow.sfpe_max_flow_per_m_s(element) for element in STAIRS)
    assert load_profile("sfpe-2016").stairs_flow_per_m_min == pytest.approx(60 * slowest)
    assert flow_capacity_per_min(1.2, "level", "sfpe-2016") == pytest.approx(
        60 * flow.sfpe_flow_per_s(1.2, "corridor")
    )
    top = max(flow.weidmann_flow_per_m_s(n / 1000) for n in range(1, 5400)) * 60
    assert load_profile("weidmann-1993").level_flow_per_m_min == pytest.approx(top, abs=0.01)
    assert load_profile("weidmann-1993").stairs_flow_per_m_min == pytest.approx(top * 0.61 / 1.34, abs=0.01)
    assert load_profile("gost-12-1-004-91").stairs_flow_per_m_min == pytest.approx(
        gost.gost_max_flow_per_m_min("stairs_up")
    )
    assert (
        load_profile("fruin-1971").stairs_flow_per_m_min == fruin.fruin_table().flow_per_m_min["stairs"][-1]
    )
    assert load_profile("imo-msc-1238").stairs_flow_per_m_min == pytest.approx(
        60 * flow.imo_max_flow_per_m_s("stairs_up")
    )


def test_nfpa_profile_gives_back_the_codes_persons() -> None:
    """5 mm level and 7.6 mm stairs per person; the nominal 200 s cancels out."""
    profile = load_profile("nfpa-101-2018")
    nominal_min = profile.max_egress_time_min or 0
    assert nominal_min * 60 == pytest.approx(200)
    assert flow_capacity_per_min(1.8, "level", profile) * nominal_min == pytest.approx(360)
    assert flow_capacity_per_min(1.0, "stairs", profile) * nominal_min == pytest.approx(1000 / 7.6)


def test_two_way() -> None:
    assert flow.two_way_capacity_per_h(3.2) == pytest.approx(15_744 * 0.85)

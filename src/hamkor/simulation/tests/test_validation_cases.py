# SPDX-License-Identifier: Apache-2.0
"""Cases of the validation report that must always pass, some of them made smaller."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import box

from hamkor.simulation.validation import grounds
from hamkor.simulation.validation.families import agreement, rimea, twins
from hamkor.simulation.validation.running import run_case
from hamkor.simulation.validation.walking import cleared_s, crowd, spread, walk


@pytest.mark.parametrize(
    "case_id",
    ["rimea-1", "rimea-2", "rimea-3", "rimea-6", "rimea-10", "law-people", "law-turned", "law-drawing"],
)
def test_a_case_passes(case_id: str) -> None:
    result = run_case(case_id)
    assert result.verdict == "passed", result


def test_flow_over_density_rises_and_falls() -> None:
    density, speed = np.array([rimea.even_corridor(each, 3.0) for each in (0.8, 2.0, 4.5)]).T
    flow = density * speed
    assert flow[0] < flow[1] > flow[2]


def test_half_of_the_exits_takes_about_twice_as_long() -> None:
    people = crowd(spread(box(0.5, 0.5, 14.5, 9.5), 200))
    exits = {
        "west-1": ("west", 2.0, 1.0),
        "west-2": ("west", 7.0, 1.0),
        "east-1": ("east", 2.0, 1.0),
        "east-2": ("east", 7.0, 1.0),
    }
    four = cleared_s(walk(grounds.room_with_exits(15, 10, exits), people))
    half = {name: exits[name] for name in ("west-1", "east-2")}
    two = cleared_s(walk(grounds.room_with_exits(15, 10, half), people))
    assert 1.6 < two / four < 2.4


def test_jupedsim_walks_as_fast_in_a_corridor() -> None:
    ours, theirs = twins.corridor_speeds(2.0)
    assert ours == pytest.approx(theirs, rel=0.02)


def test_nothing_beats_the_best_guidance() -> None:
    assert run_case("law-bound").verdict == "passed"


def test_network_and_micro_agree_on_two_levels() -> None:
    assert run_case("agree-concourse").verdict == "passed"
    assert agreement.calibrated_rates().exit_per_m_s > 0

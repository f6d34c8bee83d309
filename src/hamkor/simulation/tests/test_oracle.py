# SPDX-License-Identifier: Apache-2.0
"""The adapter to JuPedSim: known times, and refusals in words."""

from __future__ import annotations

import sys
from typing import Any

import msgspec
import numpy as np
import pytest
from shapely.geometry import MultiPolygon, box

from hamkor.simulation.micro.crowd import Crowd, crowd_at
from hamkor.simulation.micro.profile import load_motion_profile
from hamkor.simulation.oracle.jupedsim import OracleError, run_jupedsim
from hamkor.simulation.rules.floors import Floors, Sheet
from hamkor.simulation.validation import grounds

MOTION = load_motion_profile("jupedsim-defaults")


def people(*places: tuple[float, float], speed: float = 1.34) -> Crowd:
    return crowd_at(places, profile=MOTION, speed=speed)


def run(floors: Floors, crowd: Crowd, **more: Any) -> Any:
    return run_jupedsim(floors, crowd, profile=MOTION, **more)


def code_of(floors: Floors, crowd: Crowd) -> tuple[str, str]:
    with pytest.raises(OracleError) as refusal:
        run(floors, crowd)
    return refusal.value.code, refusal.value.message.in_english()


def test_one_person_needs_way_over_speed() -> None:
    found = run(grounds.corridor(40, 2), people((0, 1)))
    assert found.out_s[0] == pytest.approx(40 / 1.34, abs=0.06)
    assert found.left == 0


def test_everybody_leaves_by_the_nearest_exit_of_theirs() -> None:
    floors = grounds.room_with_exits(10, 6, {"west": ("west", 2, 2), "east": ("east", 2, 2)})
    crowd = people((2, 3), (8, 3), (2.8, 3.6)).with_destinations(((), ("east",)), np.array([0, 0, 1]))
    found = run(floors, crowd)
    assert [found.door_ids[door] for door in found.exit] == ["west", "east", "east"]
    assert sorted(found.crossings["east"].ids) == [1, 2]
    assert found.crossings["west"].times_s[0] == found.out_s[0]


def test_frames_hold_everybody_who_is_inside() -> None:
    found = run(grounds.corridor(4, 2), people((0, 0.6), (2, 1.4)), record_every_s=0.5)
    frames = found.frames
    assert frames.every_s == pytest.approx(0.5)
    assert frames.ids[frames.rows(0)].tolist() == [0, 1]
    np.testing.assert_allclose(frames.xy[frames.rows(0)], [(0, 0.6), (2, 1.4)], atol=1e-6)
    assert frames.ids[frames.rows(len(frames) - 1)].tolist() == [0]


def test_a_horizon_leaves_people_where_they_are() -> None:
    found = run(grounds.corridor(40, 2), people((0, 1)), horizon_s=10.0)
    assert found.left == 1
    assert found.exit[0] == -1
    assert found.end_xy[0, 0] == pytest.approx(13.4, abs=0.1)


def test_what_it_cannot_do_is_said_in_words() -> None:
    floors, crowd = grounds.corridor(10, 2), people((0, 1))
    stairs = grounds.strip("stairs", box(2, 0, 8, 2), surface="stairs")
    assert "stairs" in code_of(msgspec.structs.replace(floors, strips=(stairs,)), crowd)[1]
    slow = msgspec.structs.replace(floors.doors[0], rate_per_s=1.0)
    assert "limited rate" in code_of(msgspec.structs.replace(floors, doors=(slow,)), crowd)[1]
    assert "without an exit" in code_of(msgspec.structs.replace(floors, doors=()), crowd)[1]
    pieces = Sheet(level=0.0, walkable=MultiPolygon([box(0, 0, 10, 2), box(0, 3, 10, 5)]))
    assert "several pieces" in code_of(msgspec.structs.replace(floors, sheets=(pieces,)), crowd)[1]
    late = people((0, 1))
    late.premovement_s[:] = 5
    assert code_of(floors, late) == ("oracle-cannot", code_of(floors, late)[1])
    assert "wait before" in code_of(floors, late)[1]
    later = people((0, 1))
    later.appears_s[:] = 5
    assert "come later" in code_of(floors, later)[1]
    assert "nobody" in code_of(floors, people())[1]


def test_what_it_does_not_take_is_passed_on() -> None:
    code, words = code_of(grounds.corridor(10, 2), people((0, 5)))
    assert code == "oracle-refuses"
    assert "Simplify" in words


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jupedsim", None)
    code, words = code_of(grounds.corridor(10, 2), people((0, 1)))
    assert code == "oracle-missing"
    assert "hamkor[oracle]" in words

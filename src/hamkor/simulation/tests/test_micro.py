# SPDX-License-Identifier: Apache-2.0
"""The micro-simulation: people leave, never through walls, the same every time, on any number of threads."""

import msgspec
import numpy as np
import pytest
import shapely
from shapely.geometry import box

from hamkor.simulation.micro.crowd import Premovement, crowd_at
from hamkor.simulation.micro.errors import CheckpointError, CrowdError, GroundError
from hamkor.simulation.micro.placing import place_crowd
from hamkor.simulation.micro.profile import load_motion_profile
from hamkor.simulation.micro.running import Redirect, run_micro
from hamkor.simulation.rules.floors import Door, Floors, Sheet, Start, Strip
from hamkor.simulation.rules.scenario import Change

PROFILE = load_motion_profile()


def room(people: int = 60, width_m: float = 2.0, **door: object) -> Floors:
    """A room of 12 x 8 m with a door to a short passage, at whose end people are outside."""
    low, high = 4 - width_m / 2, 4 + width_m / 2
    ground = box(0, 0, 12, 8).union(box(11.9, low, 14, high))
    return Floors(
        sheets=(Sheet(level=0, walkable=ground),),
        doors=(Door(id="way-out", sheet=0, line=((14, low), (14, high)), leads_out=True, **door),),
        starts=(Start(place="room", sheet=0, ground=box(0, 0, 10, 8), people=people),),
    )


def two_exits(people: int = 60) -> Floors:
    return Floors(
        sheets=(Sheet(level=0, walkable=box(0, 0, 30, 6)),),
        doors=(
            Door(id="west", sheet=0, line=((0, 1), (0, 5)), leads_out=True),
            Door(id="east", sheet=0, line=((30, 1), (30, 5)), leads_out=True),
        ),
        starts=(Start(place="hall", sheet=0, ground=box(8, 0, 16, 6), people=people),),
    )


def stairs(people: int = 30) -> Floors:
    """An upper hall, stairs of 8 m down to a lower hall with the exit; the lower hall also lies under the upper one."""
    upper = box(0, 0, 10, 6).union(box(10, 2, 18, 4))
    lower = box(10, 2, 18, 4).union(box(18, 0, 26, 6)).union(box(0, 0, 9, 6))
    return Floors(
        sheets=(Sheet(level=0, walkable=lower), Sheet(level=1, walkable=upper)),
        doors=(Door(id="exit", sheet=0, line=((26, 2), (26, 4)), leads_out=True),),
        strips=(
            Strip(
                id="stairs",
                sheet=0,
                upper_sheet=1,
                ground=box(10, 2, 18, 4),
                switch=((14, 2), (14, 4)),
                surface="stairs",
                up=(-1.0, 0.0),
            ),
        ),
        starts=(Start(place="upper", sheet=1, ground=box(0, 0, 9, 6), people=people),),
    )


def test_everybody_leaves_and_nobody_walks_through_a_wall() -> None:
    floors = room()
    crowd = place_crowd(floors, profile=PROFILE, seed=4)
    run = run_micro(floors, crowd, profile=PROFILE, threads=1, record_every_s=0.5)
    assert run.left == 0
    assert not len(run.stuck)
    assert len(run.crossings["way-out"].times_s) == len(crowd)
    assert run.inside[0] == len(crowd)
    assert run.inside[-1] == 0
    assert (np.diff(run.inside) <= 0).all()
    frames = run.frames
    assert frames is not None
    xy = frames.xy + np.array(frames.origin)
    ground = floors.sheets[0].walkable.union(box(14, 3, 16, 5)).buffer(1e-3)
    assert shapely.intersects_xy(ground, xy[:, 0], xy[:, 1]).all()


def test_the_same_to_the_last_bit_on_one_thread_and_two_and_when_recorded() -> None:
    floors = room(150)
    crowd = place_crowd(floors, profile=PROFILE, seed=4)
    runs = [
        run_micro(floors, crowd, profile=PROFILE, threads=threads, record_every_s=record)
        for threads, record in ((1, None), (2, None), (2, 0.3))
    ]
    for run in runs[1:]:
        np.testing.assert_array_equal(run.out_s, runs[0].out_s)
        np.testing.assert_array_equal(run.end_xy, runs[0].end_xy)
        np.testing.assert_array_equal(run.walked_m, runs[0].walked_m)
    other = run_micro(floors, place_crowd(floors, profile=PROFILE, seed=5), profile=PROFILE, threads=1)
    assert not np.array_equal(other.out_s, runs[0].out_s)


def test_one_person_takes_as_long_as_the_way_is_long() -> None:
    """RiMEA test 1: 40 m at 1.33 m/s take 26 to 34 s."""
    floors = Floors(
        sheets=(Sheet(level=0, walkable=box(0, 0, 42, 2)),),
        doors=(Door(id="end", sheet=0, line=((41, 0), (41, 2)), leads_out=True),),
    )
    run = run_micro(floors, crowd_at([(1, 1)], profile=PROFILE, speed=1.33), profile=PROFILE, threads=1)
    assert run.out_s[0] == pytest.approx(40 / 1.33, rel=0.01)
    assert run.walked_m[0] == pytest.approx(40, rel=0.01)


def test_premovement_and_late_arrivals() -> None:
    floors = room()
    crowd = crowd_at([(2, 2), (4, 4), (6, 6)], profile=PROFILE, speed=1.3)
    crowd.premovement_s[:] = (0, 10, 20)
    crowd.appears_s[2] = 15
    run = run_micro(floors, crowd, profile=PROFILE, threads=1, record_every_s=1)
    assert run.frames is not None
    first_move = {}
    for frame in range(len(run.frames)):
        rows = run.frames.rows(frame)
        for person, pace in zip(run.frames.ids[rows], run.frames.speed[rows], strict=True):
            if pace > 0:
                first_move.setdefault(int(person), float(run.frames.times_s[frame]))
    assert first_move == {0: 1.0, 1: 11.0, 2: 21.0}
    assert 2 not in run.frames.ids[run.frames.rows(10)]
    assert 2 in run.frames.ids[run.frames.rows(17)]
    drawn = place_crowd(
        floors, profile=PROFILE, seed=1, premovement=Premovement(law="lognormal", low_s=20, high_s=60)
    ).premovement_s
    assert np.median(drawn) == pytest.approx(20, rel=0.3)


def test_a_rate_limits_a_door_and_people_wait_before_it() -> None:
    floors = room(30, rate_per_s=0.5)
    run = run_micro(floors, place_crowd(floors, profile=PROFILE, seed=1), profile=PROFILE, threads=1)
    times = run.crossings["way-out"].times_s
    assert len(times) == 30
    assert 29 / (times[-1] - times[0]) == pytest.approx(0.5, rel=0.02)
    assert run.waited_s.max() > 20


def test_turnstiles_serve_one_at_a_time() -> None:
    fixed = msgspec.structs.replace(PROFILE, service="fixed")
    floors = room(40, servers=2, service_s=4.0)
    run = run_micro(floors, place_crowd(floors, profile=fixed, seed=1), profile=fixed, threads=1)
    times = run.crossings["way-out"].times_s
    assert 39 / (times[-1] - times[0]) == pytest.approx(0.5, rel=0.08)
    spread = run_micro(floors, place_crowd(floors, profile=PROFILE, seed=1), profile=PROFILE, threads=1)
    assert spread.left == 0
    assert not np.array_equal(spread.out_s, run.out_s)


def test_a_door_shuts_and_people_turn_to_the_other_one() -> None:
    floors = two_exits()
    crowd = place_crowd(floors, profile=PROFILE, seed=1)
    free = run_micro(floors, crowd, profile=PROFILE, threads=1)
    assert set(free.exit.tolist()) == {0, 1} or set(free.exit.tolist()) == {0}
    shut = run_micro(floors, crowd, profile=PROFILE, threads=1, changes=[Change(link="west", at_s=4.0)])
    assert shut.left == 0
    assert shut.clearance_s() > free.clearance_s()
    assert (shut.crossings["west"].times_s <= 4.05).all()
    never = run_micro(floors, crowd, profile=PROFILE, threads=1, changes=[Change(link="west")])
    assert set(never.exit.tolist()) == {1}
    opens = [Change(link="west"), Change(link="east"), Change(link="west", at_s=10.0, factor=1.0)]
    later = run_micro(floors, crowd, profile=PROFILE, threads=1, changes=opens)
    assert later.left == 0
    assert later.out_s.min() > 10


def test_people_go_to_the_exit_they_are_sent_to() -> None:
    floors = two_exits()
    crowd = place_crowd(floors, profile=PROFILE, seed=1).with_destinations(
        (("west",), ("east",)), np.arange(60) % 2
    )
    run = run_micro(floors, crowd, profile=PROFILE, threads=1)
    np.testing.assert_array_equal(run.exit, crowd.destination)
    sent = run_micro(floors, crowd, profile=PROFILE, threads=1, redirects=[Redirect(at_s=1.0, to=1, of=0)])
    assert set(sent.exit.tolist()) == {1}


def test_stairs_lead_from_one_sheet_to_the_other_and_are_slower() -> None:
    floors = stairs()
    one = crowd_at([(5, 3)], profile=PROFILE, sheet=1, speed=1.3)
    run = run_micro(floors, one, profile=PROFILE, threads=1)
    expected = 13 / 1.3 + 8 / (1.3 * PROFILE.surfaces.stairs_down)
    assert run.out_s[0] == pytest.approx(expected, rel=0.04)
    many = run_micro(floors, place_crowd(floors, profile=PROFILE, seed=1), profile=PROFILE, threads=1)
    assert many.left == 0


def test_who_cannot_use_stairs_has_no_way_and_that_is_said_before_the_run() -> None:
    floors = stairs()
    crowd = crowd_at([(5, 3)], profile=PROFILE, sheet=1, kind="wheelchair")
    with pytest.raises(GroundError, match=r"no-way-out: 1 people .* as “wheelchair”"):
        run_micro(floors, crowd, profile=PROFILE)


def test_two_streams_pass_one_another() -> None:
    floors = Floors(
        sheets=(Sheet(level=0, walkable=box(0, 0, 30, 4)),),
        doors=(
            Door(id="west", sheet=0, line=((0, 0), (0, 4)), leads_out=True),
            Door(id="east", sheet=0, line=((30, 0), (30, 4)), leads_out=True),
        ),
        starts=(
            Start(place="a", sheet=0, ground=box(2, 0, 10, 4), people=16),
            Start(place="b", sheet=0, ground=box(20, 0, 28, 4), people=16),
        ),
    )
    crowd = place_crowd(floors, profile=PROFILE, seed=2)
    crowd = crowd.with_destinations((("east",), ("west",)), crowd.place)
    run = run_micro(floors, crowd, profile=PROFILE, threads=1)
    assert run.left == 0
    np.testing.assert_array_equal(run.exit, 1 - crowd.place)


class KilledError(Exception):
    """The process is gone."""


def test_a_killed_run_goes_on_to_the_same_bits(tmp_path) -> None:
    floors, changes = two_exits(), [Change(link="west", at_s=3.0)]
    crowd = place_crowd(floors, profile=PROFILE, seed=1)
    options = {"profile": PROFILE, "threads": 1, "changes": changes, "record_every_s": 1.0}
    whole = run_micro(floors, crowd, **options)
    kept = tmp_path / "run.npz"

    def kill(_share: float, now_s: float, _inside: int) -> None:
        if now_s >= 7:
            raise KilledError

    with pytest.raises(KilledError):
        run_micro(floors, crowd, checkpoint=kept, checkpoint_every_s=2, on_progress=kill, **options)
    assert kept.exists()
    with pytest.raises(CheckpointError, match="another run"):
        run_micro(floors, crowd, checkpoint=kept, seed=2, **options)
    seen: list[float] = []
    rest = run_micro(
        floors,
        crowd,
        checkpoint=kept,
        on_progress=lambda _share, now_s, _inside: seen.append(now_s),
        **options,
    )
    assert seen[0] > 6
    np.testing.assert_array_equal(rest.out_s, whole.out_s)
    np.testing.assert_array_equal(rest.walked_m, whole.walked_m)
    np.testing.assert_array_equal(rest.frames.xy, whole.frames.xy)
    np.testing.assert_array_equal(rest.densities[0].peak, whole.densities[0].peak)
    np.testing.assert_array_equal(rest.crossings["east"].times_s, whole.crossings["east"].times_s)
    assert rest.agent_steps == whole.agent_steps
    assert not kept.exists()
    kept.write_bytes(b"no checkpoint")
    with pytest.raises(CheckpointError, match="is no checkpoint"):
        run_micro(floors, crowd, checkpoint=kept, **options)


def test_what_cannot_be_walked_is_refused_in_words() -> None:
    floors = room(10)
    crowd = place_crowd(floors, profile=PROFILE, seed=1)
    outside = crowd_at([(20, 20)], profile=PROFILE)
    with pytest.raises(
        CrowdError, match=r"people-outside: 1 people stand outside the ground, the first at 20"
    ):
        run_micro(floors, outside, profile=PROFILE)
    with pytest.raises(GroundError, match="There is no door “gate-9”"):
        run_micro(floors, crowd, profile=PROFILE, changes=[Change(link="gate-9")])
    closed = msgspec.structs.replace(floors, doors=())
    with pytest.raises(GroundError, match="no-exit"):
        run_micro(closed, crowd, profile=PROFILE)
    parted = msgspec.structs.replace(
        floors, sheets=(Sheet(level=0, walkable=box(0, 0, 4, 8).union(box(5, 0, 14, 8))),)
    )
    with pytest.raises(GroundError, match="no-way-out"):
        run_micro(parted, crowd_at([(2, 2)], profile=PROFILE), profile=PROFILE)
    narrow = msgspec.structs.replace(floors.doors[0], line=((14, 4), (14, 4)))
    with pytest.raises(GroundError, match="has no width"):
        run_micro(msgspec.structs.replace(floors, doors=(narrow,)), crowd, profile=PROFILE)
    with pytest.raises(CrowdError, match="do not fit"):
        place_crowd(floors, profile=PROFILE, seed=1, people=2000)
    with pytest.raises(CrowdError, match="too many for a micro-simulation"):
        place_crowd(floors, profile=PROFILE, seed=1, people=10_000_000)
    with pytest.raises(CrowdError, match=r"add up to 0\.5"):
        place_crowd(floors, profile=PROFILE, seed=1, composition={"adult": 0.5})


def test_people_do_not_see_one_another_through_a_thin_wall() -> None:
    ground = box(0, 0, 20, 4).difference(box(0, 1.99, 18, 2.01))
    floors = Floors(
        sheets=(Sheet(level=0, walkable=ground),),
        doors=(Door(id="end", sheet=0, line=((20, 0), (20, 4)), leads_out=True),),
    )
    alone = run_micro(floors, crowd_at([(2, 1.7)], profile=PROFILE, speed=1.3), profile=PROFILE, threads=1)
    crowd = crowd_at([(2, 1.7), (2.6, 2.3)], profile=PROFILE, speed=1.3)
    crowd.premovement_s[1] = 60
    both = run_micro(floors, crowd, profile=PROFILE, threads=1)
    assert both.out_s[0] == pytest.approx(alone.out_s[0], abs=0.11)


def test_density_is_kept_where_people_wait() -> None:
    floors = room(120, width_m=1.0)
    run = run_micro(floors, place_crowd(floors, profile=PROFILE, seed=1), profile=PROFILE, threads=1)
    grid = run.densities[0]
    row, column = np.unravel_index(np.argmax(grid.peak), grid.peak.shape)
    at = grid.origin[0] + column + 0.5, grid.origin[1] + row + 0.5
    assert abs(at[0] - 11) < 3
    assert abs(at[1] - 4) < 3
    assert 2.5 < grid.peak.max() < 8
    assert grid.area_m2.sum() == pytest.approx(floors.sheets[0].walkable.area, rel=0.03)
    assert (np.diff(grid.seconds_above, axis=0) <= 0).all()


def test_a_crowd_is_placed_without_overlap_and_as_composed() -> None:
    floors = room(150)
    shares = {"adult": 0.8, "child": 0.1, "wheelchair": 0.1}
    crowd = place_crowd(floors, profile=PROFILE, seed=7, composition=shares)
    again = place_crowd(floors, profile=PROFILE, seed=7, composition=shares)
    np.testing.assert_array_equal(crowd.x, again.x)
    gap = (
        np.hypot(crowd.x[:, None] - crowd.x, crowd.y[:, None] - crowd.y)
        - crowd.radius[:, None]
        - crowd.radius
    )
    assert gap[~np.eye(150, dtype=bool)].min() > -1e-6
    counts = np.bincount(crowd.group, minlength=len(PROFILE.kinds))
    assert counts[PROFILE.kind_ids.index("wheelchair")] == pytest.approx(15, abs=10)
    assert shapely.intersects_xy(box(0, 0, 10, 8), crowd.x, crowd.y).all()

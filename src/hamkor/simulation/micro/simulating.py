# SPDX-License-Identifier: Apache-2.0
"""A micro-simulation as it goes on: ground, fields and people, second by second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numba
import numpy as np

from hamkor.common.messages import N_, Message
from hamkor.simulation.micro.checkpoints import inputs_hash, load_checkpoint, save_checkpoint
from hamkor.simulation.micro.compiling import have_compiled
from hamkor.simulation.micro.crowd import Crowd, Redirect
from hamkor.simulation.micro.errors import StuckAgentsError
from hamkor.simulation.micro.passing import Log, advance, appear
from hamkor.simulation.micro.preparing import Stage, make_people, make_stage, set_fields
from hamkor.simulation.micro.profile import MotionProfile
from hamkor.simulation.micro.recording import DensityMaps, FrameStore, Passages
from hamkor.simulation.micro.result import Run
from hamkor.simulation.micro.shapes import ABSENT, CELLS, INSIDE, OUT
from hamkor.simulation.rules.floors import Floors
from hamkor.simulation.rules.scenario import Change

WAITING, GONE = 2**40, 2**62
"""Places in the order of people behind every cell."""
_ONE_AT_A_TIME = threading.Lock()
"""The threads of compiled code can serve one run of a process at a time."""


class Simulation:
    """One run from its first step to its last.

    Args:
        floors: The ground.
        crowd: Who walks.
        profile: Motion profile.
        dt_s: Time step in seconds.
        horizon_s: Longest time simulated.
        changes: What shuts, opens or narrows.
        redirects: Who is sent elsewhere.
        seed: Seed.
    """

    def __init__(
        self,
        floors: Floors,
        crowd: Crowd,
        *,
        profile: MotionProfile,
        dt_s: float,
        horizon_s: float,
        changes: Sequence[Change],
        redirects: Sequence[Redirect],
        seed: int,
    ) -> None:
        self._floors, self._crowd, self._profile = floors, crowd, profile
        self._dt_s, self._seed = dt_s, seed
        self._second = max(1, round(1.0 / dt_s))
        self._last = round(horizon_s / dt_s)
        self._changes = sorted(changes, key=lambda change: change.at_s)
        self._redirects = sorted(redirects, key=lambda redirect: redirect.at_s)
        self._hash = inputs_hash(
            floors, crowd, profile, (dt_s, horizon_s, seed, self._changes, self._redirects)
        )
        self._stage: Stage = make_stage(
            floors,
            crowd,
            profile=profile,
            dt_s=dt_s,
            changes=self._changes,
            redirects=self._redirects,
            seed=seed,
        )
        self._people = make_people(crowd, self._stage, dt_s=dt_s)
        # People lie in this order: those who are there, those who wait to appear (both: active), those who are gone,
        # and from `next` on those still to come, by their time.
        self._people = self._people[np.argsort(self._people["appears"], kind="stable")]
        self._appears = self._people["appears"].copy()
        self._next = int((self._people["state"] == INSIDE).sum())
        self._there = self._active = self._next
        self._step = 0
        self._agent_steps = 0
        self._cpu_s = 0.0
        self._stuck = np.zeros(len(crowd), bool)
        self._inside: list[int] = []
        self._maps = DensityMaps(self._stage.ground)
        self._passages = Passages()
        self._frames: FrameStore | None = None
        self._is_gridlock = False

    def run(
        self,
        *,
        threads: int,
        record_every_s: float | None,
        checkpoint: Path | None,
        checkpoint_every_s: float,
        on_progress: Callable[[float, float, int], None] | None,
        may_be_stuck: bool,
    ) -> Run:
        """Returns the finished run; see `run_micro`."""
        with _ONE_AT_A_TIME:
            numba.set_num_threads(max(1, min(threads, numba.config.NUMBA_NUM_THREADS)))
            self._frames = FrameStore(every_s=record_every_s) if record_every_s else None
            if checkpoint is not None and checkpoint.exists():
                self._restore(checkpoint)
            world = self._stage.world._replace(people=self._people)
            have_compiled(world, self._new_log(1), self._active, self._step, self._step)
            kept_at = self._step
            started = time.process_time()
            while not self._is_done():
                self._one_second()
                if checkpoint is not None and (self._step - kept_at) * self._dt_s >= checkpoint_every_s:
                    self._cpu_s, started = self._cpu_s + time.process_time() - started, time.process_time()
                    self._keep(checkpoint)
                    kept_at = self._step
                if on_progress is not None:
                    on_progress(self._share_done(), self._step * self._dt_s, self._count_inside())
            self._cpu_s += time.process_time() - started
        if checkpoint is not None:
            checkpoint.unlink(missing_ok=True)
        run = self._finish()
        self._refuse_stuck(run, may_be_stuck=may_be_stuck)
        return run

    def _is_done(self) -> bool:
        return self._step >= self._last or self._is_gridlock or self._count_left() == 0

    def _share_done(self) -> float:
        gone = 1.0 - self._count_inside() / max(1, len(self._crowd))
        return max(gone, self._step / max(1, self._last))

    def _count_inside(self) -> int:
        state = self._people["state"][: self._active]
        return int(((state == INSIDE) | (state == ABSENT)).sum()) + len(self._people) - self._next

    def _count_left(self) -> int:
        """Returns how many may be there, or are still to come."""
        return self._active + len(self._people) - self._next

    def _one_second(self) -> None:
        """Does what falls due now, and steps until the next second or event."""
        self._do_due()
        if self._step % self._second == 0:
            self._order()
        self._observe()
        target = min(self._last, self._step - self._step % self._second + self._second, self._next_event())
        target = max(target, self._step + 1)
        world = self._stage.world._replace(people=self._people)
        while self._step < target:
            count = min(target - self._step, 5)
            self._call_due()
            if self._active > self._there:
                appear(world, self._there, self._active, self._step)
            log = self._new_log(count)
            self._agent_steps += int(advance(world, log, self._active, self._step, self._step + count))
            self._step += count
            self._collect(log)
        if self._step % self._second == 0 or self._step >= self._last:
            self._count_waiting()
            self._look_for_stuck()

    def _call_due(self) -> None:
        """Lets those whose time has come change places with who is gone: all who are active lie together."""
        people, due = self._people, int(np.searchsorted(self._appears, self._step, side="right"))
        while self._next < due:
            people[[self._active, self._next]] = people[[self._next, self._active]]
            self._active += 1
            self._next += 1

    def _do_due(self) -> None:
        """Applies changes and redirects whose time has come."""
        now = self._step * self._dt_s + 1e-9
        if self._stage.apply_due(now):
            set_fields(self._people, self._stage)

    def _next_event(self) -> int:
        moments = self._stage.next_moments(self._step * self._dt_s + 1e-9)
        if self._frames is not None and self._frames.times:
            moments.append(self._frames.times[-1] + self._frames.every_s)
        return min((int(np.ceil(at / self._dt_s - 1e-6)) for at in moments), default=self._last)

    def _new_log(self, steps: int) -> Log:
        size = max(1, self._active * steps)
        return Log(
            np.empty(size, np.int16),
            np.empty(size, np.int32),
            np.empty(size, np.int32),
            np.empty(size, np.int8),
            np.zeros(1, np.int64),
        )

    def _collect(self, log: Log) -> None:
        count = int(log.filled[0])
        if count:
            self._passages.parts.append(
                (
                    log.door[:count].copy(),
                    log.id[:count].copy(),
                    log.step[:count].copy(),
                    log.side[:count].copy(),
                )
            )

    def _order(self) -> None:
        """Puts people into the order of the cells they stand in, behind them who waits to appear, then who is gone."""
        people, world = self._people[: self._active], self._stage.world
        is_absent, is_gone = people["state"] == ABSENT, people["state"] == OUT
        windows, inverse = world.windows[CELLS].astype(np.int64), world.law["per_cell"][0]
        window = windows[people["sheet"]]
        column = (people["x"] * inverse).astype(np.int64) - window[:, 0]
        row = (people["y"] * inverse).astype(np.int64) - window[:, 1]
        cell = window[:, 4] + row * window[:, 2] + column
        cell = np.where(
            is_absent, WAITING + people["appears"].astype(np.int64), np.where(is_gone, GONE, cell)
        )
        people[:] = people[np.argsort(cell, kind="stable")]
        self._active = len(people) - int(is_gone.sum())
        self._there = self._active - int(is_absent.sum())

    def _observe(self) -> None:
        """Keeps density, people inside and a frame, at full seconds."""
        now = self._step * self._dt_s
        if self._frames is not None and self._frames.is_due(now):
            self._frames.take(self._people, self._active, now)
        if self._step % self._second == 0:
            self._inside.append(self._count_inside())
            self._maps.add(self._people, self._active, now)

    def _count_waiting(self) -> None:
        """Counts the last second for who walks and has come less far than the waiting speed would take them."""
        people = self._people[: self._active]
        off = np.hypot(people["x"] - people["last_x"], people["y"] - people["last_y"])
        walks = (people["state"] == INSIDE) & (people["starts"] < self._step)
        people["waited"] += walks & (off < self._profile.waiting_speed_m_per_s)
        people["last_x"], people["last_y"] = people["x"], people["y"]

    def _look_for_stuck(self) -> None:
        """Notes who stood still although their way was free, and whether anybody moves at all."""
        people, stuck = self._people, self._profile.stuck
        rows = np.flatnonzero(people["state"][: self._active] == INSIDE)
        off = np.hypot(
            people["x"][rows] - people["anchor_x"][rows], people["y"][rows] - people["anchor_y"][rows]
        )
        has_moved = off > stuck.moved_m
        people["anchor_x"][rows[has_moved]] = people["x"][rows[has_moved]]
        people["anchor_y"][rows[has_moved]] = people["y"][rows[has_moved]]
        people["anchor_step"][rows[has_moved]] = self._step
        self._stuck[people["id"][rows[has_moved]]] = False
        since = np.maximum(people["anchor_step"][rows], people["starts"][rows])
        still_s = (self._step - since) * self._dt_s
        is_free = people["wanted"][rows] > self._profile.waiting_speed_m_per_s
        self._stuck[people["id"][rows[(still_s >= stuck.after_s) & is_free]]] = True
        if len(rows) and not self._may_still_move() and float(still_s.min()) >= stuck.gridlock_s:
            self._is_gridlock = True
            has_way = (people["way_x"][rows] != 0) | (people["way_y"][rows] != 0)
            self._stuck[people["id"][rows[has_way]]] = True

    def _may_still_move(self) -> bool:
        """Returns True when somebody may yet appear or start, or something may yet open."""
        people = self._people[: self._active]
        if self._next < len(self._people) or (people["state"] == ABSENT).any():
            return True
        if (people["starts"][people["state"] == INSIDE] > self._step).any():
            return True
        return any(True for _ in self._stage.next_moments(self._step * self._dt_s)) or self._stage.has_limits

    def _finish(self) -> Run:
        people, count = self._people, len(self._crowd)
        back = np.empty(count, np.int64)
        back[people["id"]] = np.arange(count)
        left_at = people["left_at"][back]
        origin = self._stage.ground.origin
        door_ids = tuple(door.id for door in self._floors.doors)
        xy = np.stack([people["x"][back], people["y"][back]], axis=1).astype(np.float64) + origin
        return Run(
            crowd=self._crowd,
            out_s=np.where(left_at >= 0, left_at * self._dt_s, np.nan).astype(np.float32),
            exit=people["exit"][back],
            door_ids=door_ids,
            crossings=self._passages.finish(door_ids, self._dt_s),
            waited_s=people["waited"][back].astype(np.float32),
            walked_m=people["walked"][back],
            end_xy=xy,
            end_sheet=people["sheet"][back],
            frames=self._frames.finish(origin) if self._frames is not None else None,
            densities=self._maps.finish(),
            inside=np.array([*self._inside, self._count_inside()], np.int32),
            stuck=np.flatnonzero(self._stuck & (left_at < 0)).astype(np.int32),
            is_gridlock=self._is_gridlock,
            steps=self._step,
            agent_steps=self._agent_steps,
            ended_s=self._step * self._dt_s,
            dt_s=self._dt_s,
            cpu_s=self._cpu_s,
            profile_id=self._profile.id,
            seed=self._seed,
            assumptions=self._assumptions(),
        )

    def _assumptions(self) -> tuple[Message, ...]:
        return (
            Message(
                N_(
                    "Everybody walks by the collision-free speed model with the motion profile “{profile}”, "
                    "time step {dt_s} s."
                ),
                {"profile": self._profile.id, "dt_s": self._dt_s},
            ),
            Message(
                N_(
                    "Above 4 people per m² the model knows no pushing: it may fail a plan there, but never clears one."
                ),
                {},
            ),
        )

    def _refuse_stuck(self, run: Run, *, may_be_stuck: bool) -> None:
        if may_be_stuck or run.stuck_share <= self._profile.stuck.refused_share:
            return
        x, y = run.end_xy[run.stuck[0]]
        raise StuckAgentsError(
            "stuck-agents",
            N_(
                "{stuck} of {people} people stood still although their way was free, the first of them at "
                "{x_m}, {y_m} m. The run says nothing about the plan. Look for gaps narrower than a person there."
            ),
            run=run,
            stuck=len(run.stuck),
            people=len(run.out_s),
            x_m=round(float(x), 1),
            y_m=round(float(y), 1),
        )

    def _state(self) -> dict[str, np.ndarray]:
        """Returns everything that changes while a run goes on, by name."""
        named = {"people": self._people}
        named |= {f"map-{name}": array for name, array in self._maps.arrays().items()}
        named |= {
            "doors": self._stage.world.doors,
            "free_at": self._stage.world.free_at,
            "stuck": self._stuck,
        }
        return named

    def _keep(self, path: Path) -> None:
        door, ids, step, side = self._passages.whole()
        extra = {
            "passages": {"door": door, "id": ids, "step": step, "side": side},
            "counters": {
                "numbers": np.array(
                    [self._step, self._there, self._active, self._next, self._agent_steps], np.int64
                ),
                "cpu_s": np.array([self._cpu_s]),
                "inside": np.array(self._inside, np.int32),
            },
        }
        save_checkpoint(path, self._hash, self._state(), extra, self._frames)

    def _restore(self, path: Path) -> None:
        kept = load_checkpoint(path, self._hash)
        numbers = kept["counters-numbers"]
        self._step, self._there, self._active, self._next, self._agent_steps = map(int, numbers)
        self._cpu_s = float(kept["counters-cpu_s"][0])
        self._inside = [int(value) for value in kept["counters-inside"]]
        self._stage.apply_due((self._step - 1) * self._dt_s + 1e-9)
        for name, array in self._state().items():
            array[:] = kept[f"state-{name}"]
        columns = [kept[f"passages-{name}"] for name in ("door", "id", "step", "side")]
        self._passages.parts = [(columns[0], columns[1], columns[2], columns[3])]
        if self._frames is not None and "frames-times" in kept:
            offsets = kept["frames-offsets"]
            self._frames.every_s = float(kept["frames-every"][0])
            for index, at in enumerate(kept["frames-times"]):
                rows = slice(int(offsets[index]), int(offsets[index + 1]))
                part = tuple(kept[f"frames-{name}"][rows] for name in ("ids", "xy", "sheet", "speed"))
                self._frames.add(float(at), part)  # type: ignore[arg-type] # four columns by construction

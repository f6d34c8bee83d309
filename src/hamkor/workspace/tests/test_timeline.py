# SPDX-License-Identifier: Apache-2.0
"""The order of work as a picture: what waits, what is late, what takes longest."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hamkor.plans.rules.roster import Task
from hamkor.workspace.timeline import late_tasks, longest_chain, period_of, timeline_of

NOON = datetime(2027, 3, 21, 12)  # noqa: DTZ001 - local times of the event carry no zone


def task(key: str, *, after: tuple[str, ...] = (), begins_h: float | None = 0, hours: float = 1) -> Task:
    begin = None if begins_h is None else NOON + timedelta(hours=begins_h)
    return Task(id=key, title=key, phase="conduct", starts_at=begin, duration_min=hours * 60, after=after)


def test_a_task_that_begins_before_what_it_waits_for_ends_is_late():
    tasks = (task("a", hours=2), task("b", after=("a",), begins_h=1), task("c", after=("a",), begins_h=2))
    assert late_tasks(tasks) == {"b"}


def test_the_end_alone_and_the_time_it_takes_give_the_begin():
    found = period_of(Task(id="a", title="a", phase="conduct", ends_at=NOON, duration_min=30))
    assert found == (NOON - timedelta(minutes=30), NOON)
    assert period_of(task("a", begins_h=None)) is None


def test_the_longest_chain_is_the_longest_in_time():
    tasks = (
        task("a", hours=1),
        task("b", after=("a",), hours=5),
        task("c", after=("a",), hours=1),
        task("d", after=("b", "c"), hours=1),
    )
    assert longest_chain(tasks) == {"a", "b", "d"}


def test_a_circle_does_not_hang():
    assert longest_chain((task("a", after=("b",)), task("b", after=("a",)))) <= {"a", "b"}
    assert longest_chain((task("a", after=("a",)),)) == frozenset()


@given(st.lists(st.tuples(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=4)), max_size=10))
def test_any_tasks_can_be_drawn(shapes):
    tasks = tuple(
        task(f"t{number}", after=tuple(f"t{before}" for before in waits), begins_h=begins or None)
        for number, (begins, waits) in enumerate(shapes)
    )
    drawn = timeline_of(tasks, language="uz", now=NOON)
    assert len(drawn.bars) == len(tasks)
    assert all(bar.x_px is None or bar.width_px > 0 for bar in drawn.bars)

# SPDX-License-Identifier: Apache-2.0
"""The crowd engine as forecasts ask it: one question, one answer, minute by minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.events.rules import Attendance
from hamkor.forecasts.rules.demand import Demand
from hamkor.forecasts.rules.forecast import Line
from hamkor.forecasts.rules.measured import Course, Measured
from hamkor.simulation.rules.layout import Direction, Layout
from hamkor.venues.rules.features import Feature


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine is asked.

    Args:
        layout: Places and ways in the direction of movement.
        people: People in every place now.
        measured: What is known; its flows scale the capacities.
        course: What the crowd does.
        demand: Who comes and goes.
        factors: Ways whose capacity is another one, as shares: 0 shut.
        minutes: How far is looked.
    """

    layout: Layout
    people: Mapping[str, float]
    measured: Measured
    course: Course
    demand: Demand
    factors: Mapping[str, float] = {}
    minutes: int


class GateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A way minute by minute.

    Args:
        flow_per_min: People through it.
        queue: People waiting in front of it.
        wait_s: How long who joins waits, seconds.
        is_shut: Nobody may pass.
    """

    flow_per_min: Line
    queue: Line
    wait_s: Line
    is_shut: bool = False


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine says; every line has one value per minute, the first now.

    Args:
        inside: People inside the event.
        places: People by place.
        gates: Ways to and from outside, and those where people wait.
        assumptions: What the numbers rest on.
        engine: Name and version.
        cpu_s: Processor time.
    """

    inside: Line
    places: Mapping[str, Line]
    gates: Mapping[str, GateAnswer]
    assumptions: tuple[Message, ...] = ()
    engine: str = ""
    cpu_s: float = 0.0


class EngineError(HamkorError):
    """The crowd engine cannot answer."""


def draw_layout(features: Sequence[Feature], attendance: Attendance | None, direction: Direction) -> Layout:
    """Returns the places and links of a drawing in a direction of movement.

    Args:
        features: Features of the drawing.
        attendance: The crowd of the plan.
        direction: Which use of the connections.
    """
    from hamkor.simulation.rules.laying import lay_out

    return lay_out(features, direction=direction, attendance=attendance)


def ask(question: Question) -> Answer:
    """Returns what the queueing network says of a state.

    Args:
        question: The state, who comes and goes, and what is shut.

    Raises:
        EngineError: ``engine-missing``.
    """
    raise EngineError(
        "engine-missing", N_("This installation has no engine of forecasts."), minutes=question.minutes
    )

# SPDX-License-Identifier: Apache-2.0
"""The crowd engine as forecasts ask it: one question, one answer, minute by minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from hamkor.common.messages import Message
from hamkor.events.rules import Attendance
from hamkor.forecasts.rules.demand import Demand
from hamkor.forecasts.rules.forecast import Line
from hamkor.forecasts.rules.measured import MINUTE_S, Course, Measured, Passing, waiting_at
from hamkor.forecasts.rules.profiles import forecast_profile
from hamkor.simulation.rules.layout import Direction, Layout
from hamkor.simulation.rules.outcome import Curve
from hamkor.simulation.rules.scenario import Scenario, Uncertainty
from hamkor.venues.rules.features import OUTSIDE, Feature

if TYPE_CHECKING:
    from hamkor.simulation.queries.ahead import LinkFlow, State

# The same state is forecast the same way: what differs between two forecasts differs in what was measured.
SEED = 1
LEAST_PER_MIN = 1e-6
Points = tuple[tuple[float, float], ...]


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
        members: Cases of which the band is made; 1: no band.
    """

    layout: Layout
    people: Mapping[str, float]
    measured: Measured
    course: Course
    demand: Demand
    factors: Mapping[str, float] = {}
    minutes: int
    members: int


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
        HamkorError: As `hamkor.simulation.queries.ahead.forecast`.
    """
    from hamkor.simulation.queries.ahead import forecast

    made = forecast(
        question.layout,
        _state_of(question),
        scenario=Scenario(
            direction=question.layout.direction, routing="plan", seed=SEED, uncertainty=_uncertainty(question)
        ),
        # One minute more than is told: in the last one a run may be over, and its flow says nothing.
        minutes=float(question.minutes + 1),
        members=question.members,
    )
    minutes = question.minutes
    shut = {link for link, factor in question.factors.items() if factor <= 0}
    return Answer(
        inside=_line(made.inside, minutes),
        places={id_: _line(place.people, minutes) for id_, place in made.places.items()},
        gates={
            id_: GateAnswer(
                flow_per_min=_line(link.flow_per_min, minutes),
                queue=_line(link.queue, minutes),
                wait_s=_line(link.wait_s, minutes),
                is_shut=id_ in shut,
            )
            for id_, link in made.links.items()
        },
        assumptions=made.assumptions,
        engine=made.engine,
        cpu_s=made.cpu_s,
    )


def _uncertainty(question: Question) -> Uncertainty:
    profile = forecast_profile()
    is_coming = question.layout.direction == "ingress"
    # The moment is now, for everybody: nobody is late, more or fewer come.
    return Uncertainty(people=profile.spread_coming if is_coming else profile.spread_present, timing_s=0.0)


def _state_of(question: Question) -> State:
    from hamkor.simulation.queries.ahead import State

    measured, demand = question.measured, question.demand
    arrivals, departures = _summed(demand.arrivals), _leaving(question)
    return State(
        people=measured.people,
        flows={id_: _flow(question.layout, id_, passing) for id_, passing in measured.passing.items()},
        inside=measured.inside,
        # What comes and goes has been made of plan and measured flow already: its first minute is what flows now.
        in_per_min=_first(arrivals),
        out_per_min=_first(departures),
        arrivals=arrivals,
        departures=departures,
        queues=waiting_at(question.layout, measured, from_per_m2=forecast_profile().waiting_from_per_m2),
        factors=question.factors,
    )


def _flow(layout: Layout, link_id: str, passing: Passing) -> LinkFlow:
    """Returns what is measured at a link; counters count inwards, whichever way round the opening was drawn."""
    from hamkor.simulation.queries.ahead import LinkFlow

    is_outward = layout.links[link_id].head == OUTSIDE
    forward, backward = (passing.out, passing.into) if is_outward else (passing.into, passing.out)
    return LinkFlow(forward_per_min=forward, backward_per_min=backward)


def _leaving(question: Question) -> Points:
    """Returns who has set out to leave by when; without a profile nobody before the end and everybody from then on."""
    demand, course = question.demand, question.course
    if demand.departures:
        return _summed(demand.departures)
    if not course.leaves_in_s:
        return ()
    everybody = sum(question.people.values()) + LEAST_PER_MIN
    return (0.0, 0.0), (course.leaves_in_s, LEAST_PER_MIN), (course.leaves_in_s + MINUTE_S, everybody)


def _summed(per_min: Sequence[float]) -> Points:
    """Returns people until each full minute; a first minute of nobody would say that nobody comes later either."""
    total, found = 0.0, [(0.0, 0.0)]
    for index, people in enumerate(per_min):
        total += max(people, LEAST_PER_MIN)
        found.append(((index + 1) * MINUTE_S, total))
    return tuple(found)


def _first(points: Points) -> float | None:
    return points[1][1] / points[1][0] * MINUTE_S if len(points) > 1 else None


def _line(curve: Curve, minutes: int) -> Line:
    """Returns a curve minute by minute from now."""
    import numpy as np

    moments = np.arange(minutes + 1) * MINUTE_S
    middle, low, high = (
        tuple(np.interp(moments, curve.times_s, values).tolist())
        for values in (curve.values, curve.low or curve.values, curve.high or curve.values)
    )
    return Line(middle=middle, low=low, high=high)

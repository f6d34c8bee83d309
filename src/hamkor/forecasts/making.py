# SPDX-License-Identifier: Apache-2.0
"""Makes a forecast: documents and measured values become a question to the crowd engine, its answer what is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import msgspec

from hamkor.events.rules import Attendance, Event
from hamkor.forecasts.engine import Answer, Question, ask, draw_layout
from hamkor.forecasts.rules.demand import demand_of
from hamkor.forecasts.rules.errors import compare, with_error
from hamkor.forecasts.rules.forecast import Forecast, GateAhead, Line, PlaceAhead, reaches_of
from hamkor.forecasts.rules.measured import Course, Measured, course_of, measure, people_of, standing_m2
from hamkor.forecasts.rules.profiles import ForecastProfile, forecast_profile
from hamkor.journal.rules import Documents
from hamkor.operation.rules.clock import event_time, local_time
from hamkor.operation.rules.running import Operation, operation_of, watched_since
from hamkor.simulation.rules.layout import Direction, Layout
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.telemetry.rules.tracking import Value
from hamkor.venues.rules.features import Area, Feature

# What the layout of a venue rests on: while none of these differs it is not made again.
_DRAWN = ("feature", "attendance")
ABOUT_MOST = 5


class Maker:
    """Makes the forecasts of one event; keeps its layouts while the drawing stays the same.

    Args:
        profile: Horizons, ages, limits.
    """

    def __init__(self, profile: ForecastProfile | None = None) -> None:
        self.profile = profile or forecast_profile()
        self._seen: tuple[Any, ...] = ()
        self._layouts: dict[Direction, Layout] = {}

    def make(
        self, documents: Documents, values: Iterable[Value], *, at: datetime, earlier: Sequence[Forecast] = ()
    ) -> Forecast | None:
        """Returns the forecast of a moment, or why there is none; None while no operation is open.

        Args:
            documents: Documents of the event.
            values: The latest of everything, as telemetry tells it.
            at: Real moment, aware.
            earlier: Earlier forecasts of the event, the newest last.
        """
        operation = operation_of(documents)
        course = course_of(documents, at=at, horizon_min=self.profile.horizon_min)
        if course is None or operation is None:
            return None
        layout = self.layout(documents, course.direction)
        blank = blank_of(operation, at, direction=course.direction, because=course.because)
        measured = measure(values, layout, at=at, profile=self.profile)
        blank = msgspec.structs.replace(blank, gaps=measured.gaps, oldest_s=measured.oldest_s)
        trouble = self.trouble_of(layout, measured)
        if trouble is not None:
            return msgspec.structs.replace(blank, trouble=trouble[0], about=trouble[1])
        usable = [each for each in earlier if _is_of_same_clock(each, operation)]
        before = [each.compared for each in usable if each.compared is not None]
        made = self.answer(documents, layout, measured, course, blank=blank)
        compared = compare(usable, measured, event_at=blank.event_at, profile=self.profile)
        return with_error(made, compared, before)

    def answer(
        self,
        documents: Documents,
        layout: Layout,
        measured: Measured,
        course: Course,
        *,
        blank: Forecast,
        factors: Mapping[str, float] | None = None,
        quick: bool = False,
    ) -> Forecast:
        """Returns what the engine says of a state.

        Args:
            documents: Documents of the event.
            layout: Places and ways.
            measured: What is known now.
            course: What the crowd does.
            blank: The forecast without its numbers.
            factors: Ways whose capacity is another one, as shares: 0 shut.
            quick: Only as far as people ask first, and without a band: for who waits for the answer.
        """
        event = cast("Event | None", next(iter(documents.all("event")), None))
        attendance = cast("Attendance | None", documents.get("attendance", "attendance"))
        local_at = local_time(event, blank.event_at)
        demand = demand_of(attendance, measured, course, local_at=local_at, profile=self.profile)
        people, guessed = people_of(layout, measured)
        changed = {**dict.fromkeys(course.shut, 0.0), **dict.fromkeys(course.opened, 1.0), **(factors or {})}
        question = Question(
            layout=layout,
            people=people,
            measured=measured,
            course=course,
            demand=demand,
            factors={link: factor for link, factor in changed.items() if link in layout.links},
            minutes=self.profile.main_min if quick else self.profile.horizon_min,
            members=1 if quick else self.profile.members,
        )
        seated = _seated(documents.all("feature"))
        return _told(
            blank,
            ask(question),
            layout,
            measured=measured,
            guessed=frozenset(guessed),
            seated=seated,
            profile=self.profile,
        )

    def layout(self, documents: Documents, direction: Direction) -> Layout:
        """Returns the layout of the drawing in a direction of movement, made once while the drawing stays the same."""
        seen = tuple(documents.all(kind) for kind in _DRAWN)
        if seen != self._seen:
            self._seen, self._layouts = seen, {}
        if direction not in self._layouts:
            attendance = cast("Attendance | None", documents.get("attendance", "attendance"))
            self._layouts[direction] = draw_layout(
                cast("tuple[Feature, ...]", documents.all("feature")), attendance, direction
            )
        return self._layouts[direction]

    def trouble_of(self, layout: Layout, measured: Measured) -> tuple[str, tuple[str, ...]] | None:
        """Returns why nothing can be forecast, as a code of `TROUBLES`, and what it is about; None when it can."""
        fatal = tuple(fault.feature for fault in layout.faults if fault.is_fatal)
        if fatal:
            return "drawing-faulty", fatal[:ABOUT_MOST]
        if not layout.places or not layout.links:
            return "nothing-drawn", ()
        if not network_profile().is_quick(len(layout.places), len(layout.links)):
            return "too-large", ()
        return ("nothing-counted", ()) if measured.is_blind else None


def blank_of(operation: Operation, at: datetime, **fields: Any) -> Forecast:
    """Returns a forecast of a moment that holds no numbers yet.

    Args:
        operation: The operation that is open.
        at: Real moment, aware.
        fields: What else is known of it.
    """
    event_at = event_time(operation, at)
    return Forecast(made_at=at, event_at=event_at, pace=_pace_at(operation, at), **fields)


def _pace_at(operation: Operation, at: datetime) -> float:
    begun = [segment.rate for segment in operation.clock if segment.real_at <= at]
    return begun[-1] if begun else 1.0


def _is_of_same_clock(forecast: Forecast, operation: Operation) -> bool:
    """True for a forecast since the clock has run without a jump: before, ten minutes were other ten minutes."""
    since = watched_since(operation)
    return since is None or forecast.made_at >= since


def _seated(features: Iterable[Any]) -> frozenset[str]:
    """Returns the areas with seats: people there are as far apart as the seats, and fill says more than density."""
    areas = [(each.id, each.properties) for each in features if isinstance(each.properties, Area)]
    return frozenset(id_ for id_, area in areas if area.seats is not None or area.use == "seating")


def _told(
    blank: Forecast,
    answer: Answer,
    layout: Layout,
    *,
    measured: Measured,
    guessed: frozenset[str],
    seated: frozenset[str],
    profile: ForecastProfile,
) -> Forecast:
    reached = len(answer.inside.middle) - 1
    minutes = tuple(minute for minute in profile.looked_at_min if minute <= reached)
    places = {}
    for place_id, line in answer.places.items():
        place = layout.places[place_id]
        area_m2 = standing_m2(place, measured, from_per_m2=profile.packed_from_per_m2)
        area_m2 = None if place_id in seated else area_m2
        places[place_id] = PlaceAhead(
            people=_picked(line.middle, minutes),
            low=_picked(line.low, minutes),
            high=_picked(line.high, minutes),
            area_m2=None if area_m2 is None else round(area_m2, 1),
            holds=place.holds,
            is_guessed=place_id in guessed,
            reaches=reaches_of(line, area_m2=area_m2, holds=place.holds, limits_per_m2=profile.limits_per_m2),
        )
    gates = {
        link_id: GateAhead(
            flow_per_min=_picked(gate.flow_per_min.middle, minutes),
            queue=_picked(gate.queue.middle, minutes),
            queue_low=_picked(gate.queue.low, minutes),
            queue_high=_picked(gate.queue.high, minutes),
            wait_s=_picked(gate.wait_s.middle, minutes),
            is_shut=gate.is_shut,
        )
        for link_id, gate in answer.gates.items()
    }
    return msgspec.structs.replace(
        blank,
        minutes=minutes,
        inside=_rounded(answer.inside),
        places=places,
        gates=gates,
        assumptions=answer.assumptions,
        engine=answer.engine,
        profile_id=layout.profile_id,
        cpu_s=round(answer.cpu_s, 4),
    )


def _picked(values: Sequence[float], minutes: Sequence[int]) -> tuple[float, ...]:
    return tuple(round(values[min(minute, len(values) - 1)], 1) for minute in minutes)


def _rounded(line: Line) -> Line:
    low, middle, high = (tuple(round(value) for value in each) for each in (line.low, line.middle, line.high))
    return Line(low=low, middle=middle, high=high)

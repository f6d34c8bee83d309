# SPDX-License-Identifier: Apache-2.0
"""What is known now: people in each place, who passes each way; what is missing or too old is named, never zero."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Literal, cast

import msgspec

from hamkor.common.figures import known
from hamkor.events.rules import Attendance, Event
from hamkor.forecasts.rules.profiles import ForecastProfile, forecast_profile
from hamkor.journal.rules import Documents
from hamkor.operation.rules.clock import event_time, moment_of
from hamkor.operation.rules.running import Operation, operation_of
from hamkor.operation.rules.stops import recorded_stops
from hamkor.simulation.rules.layout import Direction, Layout, Place
from hamkor.telemetry.rules.tracking import Value
from hamkor.venues.rules.features import OUTSIDE

Why = Literal["missing", "stale"]
MINUTE_S: Final = 60.0
# Whoever is told to leave leaves at once; of orders that contradict each other the graver one counts.
_GRAVITY: Final = ("evacuate", "cancel", "open_exits")


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A value that was wanted and is not known.

    Args:
        kind: `zone`, `opening` or `event`.
        id: Of the area or the way; `event` for the whole event.
        why: `missing`: nothing was ever told; `stale`: what was told is too old.
        age_s: Age of what was told in real seconds; None when nothing was.
    """

    kind: str
    id: str
    why: Why
    age_s: float | None = None


class Passing(msgspec.Struct, frozen=True, kw_only=True):
    """What passes a way, people per minute of the event.

    Args:
        into: In its forward direction: from outside inwards, as its counter counts.
        out: The other way.
    """

    into: float
    out: float


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What sensors say at one moment.

    Args:
        at: The moment, real, aware.
        people: Fresh counts by area.
        passing: Fresh flows by way.
        sensed: Densities by area as a sensor sees them at one spot, people per m².
        inside: People inside the event, None when that is not known.
        in_per_min: People who come per minute of the event, None when not known.
        out_per_min: People who go, the same.
        oldest_s: Age of the oldest value that was used, real seconds; None when there was none.
        gaps: What was wanted and is not known.
    """

    at: datetime
    people: Mapping[str, float] = {}
    passing: Mapping[str, Passing] = {}
    sensed: Mapping[str, float] = {}
    inside: float | None = None
    in_per_min: float | None = None
    out_per_min: float | None = None
    oldest_s: float | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def is_blind(self) -> bool:
        """True when nothing at all is known: then there is nothing to forecast from."""
        return not self.people and self.inside is None


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What the crowd does in the next minutes, as phase, clock and orders say.

    Args:
        direction: The use of the connections that is forecast.
        because: Why, in kebab case: `phase`, `still-coming`, `end-of-show` or `ordered`.
        leaves_in_s: From when people leave, seconds of the event from now; None when they do not leave.
        entry_is_stopped: Nobody is let in.
        shut: Ways that an order has closed.
        opened: Ways that an order has opened.
    """

    direction: Direction
    because: str
    leaves_in_s: float | None = None
    entry_is_stopped: bool = False
    shut: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()


def measure(
    values: Iterable[Value], layout: Layout, *, at: datetime, profile: ForecastProfile | None = None
) -> Measured:
    """Returns what is known of the places and links of a layout at a moment.

    Args:
        values: The latest of everything, as telemetry tells it.
        layout: What is wanted.
        at: Real moment, aware.
        profile: How old a value may be.

    Source: crowd-engine measurements: areas are reset to the measured count, and what is old is no count.
    """
    rules = profile or forecast_profile()
    newest = {(value.kind, value.id): value for value in values}
    reading = _Reading(newest, at_ms=at.timestamp() * 1000, fresh_s=rules.fresh_s)
    people = {place: count for place in layout.places if (count := reading.count(place)) is not None}
    passing = {link: flow for link in layout.links if (flow := reading.flow(link)) is not None}
    event = reading.body("event", "event")
    into, out = _through_gates(layout, passing, reading.gaps)
    return Measured(
        at=at,
        people=people,
        passing=passing,
        sensed={place: per_m2 for place in layout.places if (per_m2 := reading.sensed(place)) is not None},
        inside=_number(event, "inside"),
        in_per_min=_per_min(event, "in_per_h") if into is None else into,
        out_per_min=_per_min(event, "out_per_h") if out is None else out,
        oldest_s=max(reading.ages, default=None),
        gaps=tuple(reading.gaps),
    )


def _through_gates(
    layout: Layout, passing: Mapping[str, Passing], gaps: Iterable[Gap]
) -> tuple[float | None, float | None]:
    """Returns who comes and goes through the counted gates in the last minute; None when one of them fell silent.

    The flow of the whole event is a mean of five minutes, in a drill of many more: it comes too late for a rush.
    """
    silent = {gap.id for gap in gaps if gap.kind == "opening"}
    told = [passing[gate] for gate in layout.exits if gate in passing]
    if not told or not silent.isdisjoint(layout.exits):
        return None, None
    return sum(each.into for each in told), sum(each.out for each in told)


class _Reading:
    def __init__(self, newest: Mapping[tuple[str, str], Value], *, at_ms: float, fresh_s: float) -> None:
        self._newest, self._at_ms, self._fresh_s = newest, at_ms, fresh_s
        self.gaps: list[Gap] = []
        self.ages: list[float] = []

    def body(self, kind: str, id_: str) -> Mapping[str, Any] | None:
        value = self._newest.get((kind, id_))
        if value is None:
            self.gaps.append(Gap(kind=kind, id=id_, why="missing"))
            return None
        age_s = max(0.0, (self._at_ms - value.at_ms) / 1000)
        if age_s > self._fresh_s:
            self.gaps.append(Gap(kind=kind, id=id_, why="stale", age_s=round(age_s, 1)))
            return None
        self.ages.append(age_s)
        return value.body

    def count(self, place: str) -> float | None:
        body = self.body("zone", place)
        found = _number(body, "count")
        if body is not None and found is None:
            self.gaps.append(Gap(kind="zone", id=place, why="missing"))
        return found

    def sensed(self, place: str) -> float | None:
        value = self._newest.get(("zone", place))
        if value is None or self._at_ms - value.at_ms > self._fresh_s * 1000 or not value.body.get("device"):
            return None
        return _number(value.body, "density")

    def flow(self, link: str) -> Passing | None:
        # Ways without a counter are the rule: only one that has fallen silent is a gap.
        if ("opening", link) not in self._newest:
            return None
        body = self.body("opening", link)
        if body is None:
            return None
        return Passing(into=_number(body, "in_per_min") or 0.0, out=_number(body, "out_per_min") or 0.0)


def course_of(documents: Documents, *, at: datetime, horizon_min: float = 30.0) -> Course | None:
    """Returns what the crowd does next; None while no operation is open.

    Args:
        documents: Documents of the event.
        at: Real moment, aware.
        horizon_min: How far is looked, minutes of the event.

    Notes:
        Moments of the plan are compared with the clock of the event, which a drill shifts and speeds up.
    """
    operation = operation_of(documents)
    if operation is None or operation.state != "open":
        return None
    standing = [stop for stop in recorded_stops(documents) if stop.state != "lifted"]
    shut = tuple(dict.fromkeys(gate for stop in standing for gate in stop.gates_close))
    opened = tuple(dict.fromkeys(gate for stop in standing for gate in stop.gates_open))
    ordered = {stop.action for stop in standing}
    orders: dict[str, Any] = {"shut": shut, "opened": opened}
    for action in _GRAVITY:
        if action in ordered:
            direction: Direction = "evacuate" if action == "evacuate" else "egress"
            return Course(
                direction=direction, because="ordered", leaves_in_s=0.0, entry_is_stopped=True, **orders
            )
    orders["entry_is_stopped"] = "stop_entry" in ordered
    event = cast("Event | None", next(iter(documents.all("event")), None))
    return _by_phase(operation, event, at=at, horizon_min=horizon_min, orders=orders)


def _by_phase(
    operation: Operation, event: Event | None, *, at: datetime, horizon_min: float, orders: dict[str, Any]
) -> Course:
    if operation.phase in ("egress", "after"):
        return Course(direction="egress", because="phase", leaves_in_s=0.0, **orders)
    if operation.phase == "show":
        ends_in_s = _seconds_until(operation, event, at)
        if ends_in_s is not None and ends_in_s <= horizon_min * MINUTE_S:
            return Course(
                direction="egress", because="end-of-show", leaves_in_s=max(0.0, ends_in_s), **orders
            )
        return Course(direction="ingress", because="still-coming", **orders)
    return Course(direction="ingress", because="phase", **orders)


def _seconds_until(operation: Operation, event: Event | None, at: datetime) -> float | None:
    """Returns seconds of the event until its end; None when the plan does not say."""
    ends_at = None if event is None else moment_of(event, event.ends_at)
    return None if ends_at is None else (ends_at - event_time(operation, at)).total_seconds()


def people_of(layout: Layout, measured: Measured) -> tuple[dict[str, float], tuple[str, ...]]:
    """Returns people in every place at this moment, and the places where they are an estimate.

    Args:
        layout: The places.
        measured: What is known.

    Notes:
        Who is inside and in no counted place is shared over the places nobody counts, by the people the plan expects
        in them; nobody is put where the plan expects nobody. Without a count of the whole event they hold none.
    """
    unknown = [place for place in layout.places.values() if place.id not in measured.people]
    people = dict.fromkeys(layout.places, 0.0) | dict(measured.people)
    weights = {place.id: place.people for place in unknown if place.people > 0}
    rest = 0.0 if measured.inside is None else max(0.0, measured.inside - sum(measured.people.values()))
    total = sum(weights.values())
    for place, weight in weights.items():
        people[place] = rest * weight / total
    return people, tuple(place.id for place in unknown)


def standing_m2(place: Place, measured: Measured, *, from_per_m2: float) -> float | None:
    """Returns the ground people of a place stand on, m²; None when its size is unknown.

    Args:
        place: The place.
        measured: What is known.
        from_per_m2: A sensor that sees fewer people per m² than this tells nothing beyond the count.

    Notes:
        A crowd in front of a gate stands in a corner of a large square: a mean over all of it would call it free. Where
        a sensor sees people closer together than the count says, they stand on so much less ground, and go on doing so.
    """
    people, sensed = measured.people.get(place.id, 0.0), measured.sensed.get(place.id, 0.0)
    if place.area_m2 is None or people <= 0 or sensed < from_per_m2:
        return place.area_m2
    return min(place.area_m2, people / sensed)


def waiting_at(layout: Layout, measured: Measured, *, from_per_m2: float) -> dict[str, float]:
    """Returns people who wait in front of ways, by way: those of places of passing in which a sensor sees them stand.

    Args:
        layout: Places and ways.
        measured: What is known.
        from_per_m2: People this close together wait, they do not walk.
    """
    found: dict[str, float] = {}
    for place in layout.places.values():
        people = measured.people.get(place.id, 0.0)
        if place.people > 0 or people <= 0 or measured.sensed.get(place.id, 0.0) < from_per_m2:
            continue
        onward = [
            link.id
            for link in layout.links.values()
            if link.rate_per_s
            and (
                (link.tail == place.id and link.forward and link.head != OUTSIDE)
                or (link.head == place.id and link.backward and link.tail != OUTSIDE)
                or (layout.direction != "ingress" and link.tail == place.id and link.head == OUTSIDE)
            )
        ]
        found |= dict.fromkeys(onward, people / max(len(onward), 1))
    return found


def expected_of(attendance: Attendance | None) -> float | None:
    """Returns how many people the plan expects in all; None when it does not say."""
    figures = () if attendance is None else (attendance.expected, attendance.peak, attendance.permitted)
    found = [nominal for figure in figures if (nominal := _nominal(figure)) is not None]
    return found[0] if found else None


def _nominal(figure: Any) -> float | None:
    found = None if figure is None else known(figure)
    return None if found is None else found.nominal


def _number(body: Mapping[str, Any] | None, name: str) -> float | None:
    found = None if body is None else body.get(name)
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def _per_min(body: Mapping[str, Any] | None, name: str) -> float | None:
    found = _number(body, name)
    return None if found is None else found / 60.0

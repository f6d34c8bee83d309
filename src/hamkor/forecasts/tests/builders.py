# SPDX-License-Identifier: Apache-2.0
"""A small invented venue with people in it, for the tests of forecasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hamkor.agencies.rules import Grant, Viewer
from hamkor.common.ids import new_id
from hamkor.events.rules import Attendance, Event
from hamkor.events.rules.attendance import Interval
from hamkor.forecasts.rules.forecast import Forecast, Line, PlaceAhead
from hamkor.forecasts.rules.measured import Measured
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents, Envelope
from hamkor.operation.commands import enter_phase, open_operation, order_stop
from hamkor.operation.rules.running import ClockSetting
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.simulation.rules.layout import Layout as Ground
from hamkor.simulation.rules.layout import Link, Place
from hamkor.telemetry.rules.tracking import Value
from hamkor.venues.rules.features import Area, Feature, Opening, Turnstiles, Venue

# Before the fair ends at 18:00 in Tashkent.
NOW = datetime(2027, 3, 21, 11, 0, tzinfo=UTC)
STREAM = "01957a3c-0000-7000-8000-0000000000f0"
COORDINATOR = Viewer(person="person:chief", agency="iib", grants=(Grant(role="coordinator", agency="iib"),))
OPERATOR = Viewer(person="person:operator", agency="iib", grants=(Grant(role="operator", agency="iib"),))
FIELD = Viewer(person="person:field", agency="iib", grants=(Grant(role="field", agency="iib"),))

FEATURES = (
    Feature(id="yard", properties=Area(use="concourse", usable_area_m2=600, stated_capacity=1200)),
    Feature(id="field", properties=Area(use="standing", usable_area_m2=1000, stated_capacity=3000)),
    Feature(id="stand", properties=Area(use="seating", usable_area_m2=400, seats=800, stated_capacity=800)),
    Feature(id="gate", properties=Turnstiles(from_="outside", to="yard", lanes=4, capacity_per_h=2400)),
    Feature(id="gate-2", properties=Turnstiles(from_="outside", to="yard", lanes=2, capacity_per_h=1200)),
    Feature(id="exit", properties=Opening(from_="yard", to="outside", clear_width_m=4)),
    Feature(id="door", properties=Opening(from_="yard", to="field", clear_width_m=3)),
    Feature(id="stair", properties=Opening(from_="yard", to="stand", clear_width_m=2)),
)


def local(hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, 21, hour, minute)  # noqa: DTZ001 - times of a plan have no zone


EVENT = Event(
    format="hamkor-event-1",
    id="fair",
    name="Fair",
    kind="fair",
    doors_open_at=local(14),
    starts_at=local(15),
    ends_at=local(18),
    clear_by=local(19),
)
ATTENDANCE = Attendance(
    expected=3800,
    arrivals=(Interval(starts_at=local(15), ends_at=local(17), people=2400),),
    departures=(Interval(starts_at=local(18), ends_at=local(19), share=1.0),),
)
PLAN = Plan(event=EVENT, attendance=ATTENDANCE, venue=Venue(type="FeatureCollection", features=FEATURES))

PLACES = {
    "yard": Place(id="yard", area_m2=600, holds=1200),
    "field": Place(id="field", area_m2=1000, holds=3000, people=3000),
    "stand": Place(id="stand", area_m2=400, holds=800, people=800),
}
LINKS = {
    "gate": Link(id="gate", kind="turnstiles", tail="outside", head="yard", forward=True, rate_per_s=0.66),
    "door": Link(id="door", kind="opening", tail="yard", head="field", forward=True, rate_per_s=3.0),
}
GROUND = Ground(direction="ingress", profile_id="green-guide-2018", places=PLACES, links=LINKS)


def envelope(at: datetime = NOW, who: Viewer = COORDINATOR, stream: str = STREAM) -> Envelope:
    return Envelope(stream=stream, command_id=new_id(at), at=at, by=who.person, agency=who.agency)


def fill(
    store: Any, *, at: datetime = NOW, phase: Any = "ingress", clock: ClockSetting | None = None
) -> None:
    """Records the fair and opens its operation in a phase; as a drill when a clock is given."""
    record_plan(store, envelope(at), plan=PLAN)
    mode: Any = "real" if clock is None else "drill"
    open_operation(store, envelope(at), viewer=COORDINATOR, mode=mode, clock=clock)
    enter(store, phase, at=at)


def enter(store: Any, phase: Any, *, at: datetime = NOW) -> None:
    enter_phase(store, envelope(at), viewer=COORDINATOR, phase=phase)


def order(store: Any, action: Any, *, at: datetime = NOW, **gates: Any) -> str:
    """Orders a stop as the coordinator, and returns its id."""
    sent = envelope(at)
    said: Any = {"authority_id": None, "action": action, "confirm": action, "sign": "smoke"}
    order_stop(
        store, sent, viewer=COORDINATOR, announcement={"uz": "Chiqing", "ru": "Выходите"}, **said, **gates
    )
    return str(sent.command_id)


def documents(store: Any) -> Documents:
    return get_documents(store, STREAM)


def values(
    zones: Mapping[str, float],
    *,
    at: datetime = NOW,
    inside: float | None = None,
    in_per_h: float = 1800,
    out_per_h: float = 0,
    ways: Mapping[str, tuple[float, float]] | None = None,
    old_s: Mapping[str, float] | None = None,
) -> list[Value]:
    """Returns what telemetry would tell: counts by area, flows by way; `old_s` says how old single ones are."""
    ages = old_s or {}

    def told(kind: str, id_: str, body: Any) -> Value:
        moment = at - timedelta(seconds=ages.get(id_, 1.0))
        return Value(kind, id_, int(moment.timestamp() * 1000), body)

    found = [told("zone", id_, {"count": count}) for id_, count in zones.items()]
    for id_, (into, out) in (ways or {}).items():
        found.append(told("opening", id_, {"in_per_min": into, "out_per_min": out}))
    if inside is not None:
        body = {"inside": inside, "in_per_h": in_per_h, "out_per_h": out_per_h}
        found.append(told("event", "event", body))
    return found


def rising(per_min: float, *, start: float = 1000, spread: float = 0.1, minutes: int = 30) -> Line:
    """Returns a line that rises by so many people a minute, with a band that widens."""
    middle = tuple(start + per_min * minute for minute in range(minutes + 1))
    low = tuple(start + per_min * minute * (1 - spread) for minute in range(minutes + 1))
    high = tuple(start + per_min * minute * (1 + spread) for minute in range(minutes + 1))
    return Line(middle=middle, low=low, high=high)


def forecast(
    after_min: float, *, per_min: float = 50, start: float = 1000, pace: float = 1.0, **fields: Any
) -> Forecast:
    """Returns a forecast made so many minutes of the event after `NOW`."""
    at = NOW + timedelta(minutes=after_min)
    line = rising(per_min, start=start)
    steps = (0, 5, 10, 30)
    place = PlaceAhead(
        people=tuple(line.middle[each] for each in steps),
        low=tuple(line.low[each] for each in steps),
        high=tuple(line.high[each] for each in steps),
    )
    given: dict[str, Any] = {"minutes": steps, "inside": line, "places": {"field": place}}
    real = NOW + timedelta(minutes=after_min / pace)
    return Forecast(made_at=real, event_at=at, pace=pace, direction="ingress", **(given | fields))


def measured(inside: float | None, people: Mapping[str, float] | None = None, at: datetime = NOW) -> Measured:
    return Measured(at=at, inside=inside, people=people or {})


def shares(found: Iterable[float]) -> Sequence[float]:
    return [round(each, 3) for each in found]

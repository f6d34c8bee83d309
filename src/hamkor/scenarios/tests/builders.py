# SPDX-License-Identifier: Apache-2.0
"""A hall with two doors and an answer, for tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec

from hamkor.agencies.rules import Grant, Role, Viewer
from hamkor.common.ids import new_id
from hamkor.common.messages import Message
from hamkor.events.rules import AreaAttendance, Attendance, Event
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Post
from hamkor.scenarios.rules.answers import Answer
from hamkor.simulation.rules.outcome import Band, Curve, LinkOutcome, Outcome, PlaceOutcome
from hamkor.simulation.rules.scenario import Scenario
from hamkor.venues.rules.features import OUTSIDE, Area, Feature, Opening, Venue
from hamkor.venues.rules.geometry import LineString, Polygon

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
# About 33 by 22 metres.
WEST, EAST, SOUTH, NORTH = 69.2800, 69.2804, 41.3100, 41.3102


def hall(*, people: float = 600) -> Plan:
    """Returns a hall of about 740 m² with a door to the west and one to the east."""
    ring = ((WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH), (WEST, SOUTH))
    area = Feature(
        id="hall",
        geometry=Polygon(coordinates=(ring,)),
        properties=Area(use="hall", name="Hall", enclosed=True, emergency_time_limit_min=3.0),
    )
    features = (area, _door("west", WEST), _door("east", EAST))
    event = Event(
        format="hamkor-event-1",
        id="fair",
        name="Fair",
        kind="fair",
        starts_at=datetime(2027, 3, 21, 18, 0),  # noqa: DTZ001 - times of a plan are local
        ends_at=datetime(2027, 3, 21, 22, 0),  # noqa: DTZ001 - as above
    )
    return Plan(
        event=event,
        attendance=Attendance(expected=people, by_area=(AreaAttendance(area="hall", people=people),)),
        venue=Venue(type="FeatureCollection", features=features),
        posts=(Post(id="east-door", title="East door", role="steward", confirmed=2),),
    )


def _door(name: str, longitude: float) -> Feature:
    line = LineString(coordinates=((longitude, 41.31009), (longitude, 41.31011)))
    return Feature(
        id=f"{name}-door",
        geometry=line,
        properties=Opening(from_="hall", to=OUTSIDE, clear_width_m=2.0, name=f"{name.title()} door"),
    )


def locked(plan: Plan, *, confirmed: float | None) -> Plan:
    """Returns the hall with an east door that its post opens by key."""
    if plan.venue is None:
        raise ValueError("a hall has a drawing")
    *before, door = plan.venue.features
    key = msgspec.structs.replace(door.properties, release="staff_key", staffed_by=("east-door",))
    venue = msgspec.structs.replace(
        plan.venue, features=(*before, msgspec.structs.replace(door, properties=key))
    )
    posts = (Post(id="east-door", title="East door", role="steward", confirmed=confirmed),)
    return msgspec.structs.replace(plan, venue=venue, posts=posts)


def person(role: Role = "coordinator", *, agency: str = "iib") -> Viewer:
    """Returns somebody with a role at the event."""
    grant = msgspec.convert({"role": role, "agency": agency}, Grant)
    return Viewer(person=f"person:{uuid4()}", agency=grant.agency, grants=(grant,))


def fresh_id() -> UUID:
    """Returns an id as a page makes it."""
    return new_id(AT)


def exactly(value: float) -> Band:
    """Returns a number without a range."""
    return Band(value, value, value)


def answer(*, seconds: float = 200.0, before: float | None = 120.0) -> Answer:
    """Returns an answer in which the last one is out after a time, beside a case that took another."""
    base = None if before is None else _outcome(before)
    return Answer(outcome=_outcome(seconds), base=base)


def _outcome(seconds: float) -> Outcome:
    curve = Curve(times_s=(0.0, seconds), values=(0.0, 600.0))
    place = PlaceOutcome(
        people=curve,
        most_people=exactly(600),
        worst_density_per_m2=exactly(4.2),
        seconds_above={"4": 12.0},
        clear_s=exactly(seconds),
    )
    link = LinkOutcome(
        flow_per_min=curve,
        queue=curve,
        passed=exactly(600),
        longest_queue=exactly(90),
        longest_wait_s=exactly(seconds / 2),
        share=1.0,
    )
    return Outcome(
        scenario=Scenario(direction="evacuate"),
        people=600.0,
        clearance_s={"0.9": exactly(0.9 * seconds), "1.0": exactly(seconds)},
        arrived=curve,
        places={"hall": place},
        links={"west-door": link},
        fails=(Message("{place} reaches {density} people per m².", {"place": "Hall", "density": 4.2}),),
        assumptions=(Message("Profile {profile}.", {"profile": "green-guide-2018"}),),
        inputs_hash="0" * 64,
        engine="network 1",
    )

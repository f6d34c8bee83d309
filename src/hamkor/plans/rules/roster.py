# SPDX-License-Identifier: Apache-2.0
"""People, duties, tasks, posts and forces."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Annotated, Literal

from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.figures import Figure
from hamkor.common.records import Id, Moment, Period, Phase, Record, ShortText, Sourced, Text


class Person(Sourced, frozen=True, kw_only=True):
    """A named person who holds a duty, a post or an authority. Name and phone never enter the record."""

    id: Id
    agency: AgencyCode
    position: Annotated[Text | None, Meta(description="Office or rank, such as `shift commander`.")] = None
    name: Annotated[ShortText | None, Meta(description="Name; kept apart from the record.")] = None
    phone: Annotated[ShortText | None, Meta(description="Phone; kept apart from the record.")] = None
    available: Annotated[bool | None, Meta(description="`false` when the person cannot come at all.")] = None
    unavailable: Annotated[
        tuple[Period, ...], Meta(description="Periods in which the person cannot serve.")
    ] = ()


class Shift(Record, frozen=True, kw_only=True):
    """One person on duty for one period."""

    person: Annotated[Id, Meta(description="Person of `people.yaml`.")]
    starts_at: Moment
    ends_at: Moment


class Duty(Sourced, frozen=True, kw_only=True):
    """A duty for this event and who answers for it."""

    id: Id
    catalogue: Annotated[
        Id | None, Meta(description="Id of the duty in Hamkor's catalogue (`hamkor duties`).")
    ] = None
    title: Annotated[Text | None, Meta(description="The duty in words; the catalogue's if not given.")] = None
    phase: Phase
    accountable: Annotated[
        tuple[AgencyCode, ...] | None,
        Meta(
            description=(
                "The one agency that answers, as a list: `[iib]`; `[]` when it is known that nobody "
                "does; two when two claim it; unknown if left out."
            )
        ),
    ] = None
    supporting: Annotated[tuple[AgencyCode, ...], Meta(description="Agencies that help.")] = ()
    person: Annotated[
        Id | Literal["none"] | None,
        Meta(description="Person who holds it; `none` when nobody is named; unknown if absent."),
    ] = None
    deputy: Annotated[
        Id | Literal["none"] | None, Meta(description="Who takes over; `none` when nobody does.")
    ] = None
    place: Annotated[tuple[Id, ...], Meta(description="Features of the drawing it concerns.")] = ()
    starts_at: Annotated[Moment | None, Meta(description="From when it must be held.")] = None
    ends_at: Annotated[Moment | None, Meta(description="Until when it must be held.")] = None
    shifts: Annotated[tuple[Shift, ...], Meta(description="Who holds it when, if several take turns.")] = ()
    critical: Annotated[bool, Meta(description="`true` if lives depend on it.")] = False
    norms: Annotated[tuple[Id, ...], Meta(description="Norms it rests on (`hamkor norms`).")] = ()


class Task(Sourced, frozen=True, kw_only=True):
    """A piece of work with a time and what it waits for."""

    id: Id
    title: Text
    phase: Phase
    agency: Annotated[AgencyCode | None, Meta(description="Agency that does it.")] = None
    person: Annotated[Id | None, Meta(description="Person who does it.")] = None
    starts_at: Annotated[Moment | None, Meta(description="Start.")] = None
    ends_at: Annotated[Moment | None, Meta(description="When it must be done.")] = None
    duration_min: Annotated[
        Annotated[float, Meta(ge=0, le=1_000_000)] | None, Meta(description="Time it takes, minutes.")
    ] = None
    after: Annotated[tuple[Id, ...], Meta(description="Tasks that must be done before.")] = ()
    duty: Annotated[Id | None, Meta(description="Duty it belongs to.")] = None
    place: Annotated[tuple[Id, ...], Meta(description="Features of the drawing it concerns.")] = ()


class Post(Sourced, frozen=True, kw_only=True):
    """A place or job that must be manned during the event."""

    id: Id
    title: Text
    role: Literal[
        "gate",
        "steward",
        "police",
        "guard",
        "medical",
        "fire",
        "command",
        "liaison",
        "crowd_monitoring",
        "traffic",
        "information",
        "patrol",
        "sanitary",
        "technical",
        "other",
    ]
    agency: Annotated[AgencyCode | None, Meta(description="Agency that mans it.")] = None
    place: Annotated[tuple[Id, ...], Meta(description="Features of the drawing where it stands.")] = ()
    critical: Annotated[
        bool, Meta(description="`true` if the event must not go on when it is empty or silent.")
    ] = False
    needed: Annotated[Figure | None, Meta(description="People it needs.")] = None
    confirmed: Annotated[Figure | None, Meta(description="People confirmed for it.")] = None
    starts_at: Annotated[Moment | None, Meta(description="Manned from.")] = None
    ends_at: Annotated[Moment | None, Meta(description="Manned until.")] = None
    shifts: Annotated[
        tuple[Shift, ...], Meta(description="Named people of `people.yaml` and their hours.")
    ] = ()


class Force(Sourced, frozen=True, kw_only=True):
    """People of one kind from one agency: planned, confirmed, in reserve."""

    id: Id
    agency: Annotated[AgencyCode | None, Meta(description="Agency that sends them.")] = None
    role: Literal["steward", "security", "police", "guard", "medic", "fire", "volunteer", "sanitary", "other"]
    planned: Annotated[Figure | None, Meta(description="People the plan counts on or asked for.")] = None
    confirmed: Annotated[
        Figure | None,
        Meta(description="People confirmed or really present; `0` when known that none came."),
    ] = None
    reserve: Annotated[Figure | None, Meta(description="People kept in reserve.")] = None
    trained: Annotated[
        bool | None,
        Meta(
            description="`true` if they were trained or briefed for this venue, `false` if known not to be."
        ),
    ] = None
    crowd_task: Annotated[
        bool | None,
        Meta(
            description=(
                "`true` if their task is the crowd, `false` if it is something else, such as crime or "
                "traffic. Police and guards count for the crowd only when it is `true`."
            )
        ),
    ] = None


class Mean(Sourced, frozen=True, kw_only=True):
    """Technical or special means: vehicles, barriers, detectors, generators."""

    id: Id
    title: Text
    sort: Literal[
        "ambulance",
        "fire_engine",
        "rescue_vehicle",
        "police_vehicle",
        "barrier",
        "metal_detector",
        "loudhailer",
        "radio",
        "generator",
        "lighting",
        "water_tank",
        "drone",
        "stretcher",
        "other",
    ]
    number: Annotated[Figure | None, Meta(description="How many.")] = None
    ready: Annotated[Figure | None, Meta(description="How many are ready for use.")] = None
    agency: Annotated[AgencyCode | None, Meta(description="Agency that brings them.")] = None
    place: Annotated[tuple[Id, ...], Meta(description="Features of the drawing where they stand.")] = ()

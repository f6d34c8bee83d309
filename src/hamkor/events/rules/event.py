# SPDX-License-Identifier: Apache-2.0
"""What an event is: the facts of its application, its programme and who takes part."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Annotated, Literal

from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.records import Id, Moment, Phase, Record, Sourced, Text

EventKind = Annotated[
    Literal[
        "concert_rock",
        "concert_pop",
        "concert_classical",
        "music_festival",
        "dance_party",
        "football",
        "sport",
        "motor_sport",
        "cycling_race",
        "running_race",
        "air_show",
        "parade",
        "street_festival",
        "carnival",
        "religious_gathering",
        "pilgrimage",
        "ceremony",
        "rally",
        "fair",
        "exhibition",
        "theatre",
        "circus",
        "fireworks_display",
        "nightclub",
        "holiday_gathering",
    ],
    Meta(description="What happens there; decides expected hazards and medical factors."),
]
CrowdPhase = Literal["ingress", "event", "egress", "emergency"]


class Place(Record, frozen=True, kw_only=True):
    """Where the event takes place."""

    name: Text
    address: Annotated[Text | None, Meta(description="Street address.")] = None
    city: Annotated[Text | None, Meta(description="City or district.")] = None
    region: Annotated[Text | None, Meta(description="Region.")] = None
    country: Annotated[
        Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None,
        Meta(
            description=(
                "Country code of two letters (ISO 3166), such as `UZ`. Decides whose law is asked: "
                "give it for events outside Uzbekistan."
            )
        ),
    ] = None


class Organiser(Sourced, frozen=True, kw_only=True):
    """Who organises the event and answers for it."""

    name: Annotated[Text, Meta(description="Organisation; a private person is given by `person` only.")]
    registered: Annotated[bool | None, Meta(description="Registered as a legal person or trader.")] = None
    person: Annotated[Id | None, Meta(description="Responsible person, an id of `people.yaml`.")] = None
    event_safety_manager: Annotated[
        Id | Literal["none"] | None,
        Meta(description="Person who alone answers for safety, or `none` when nobody does."),
    ] = None


class Participation(Sourced, frozen=True, kw_only=True):
    """An agency that takes part."""

    agency: AgencyCode
    phases: Annotated[tuple[Phase, ...] | None, Meta(description="Phases it takes part in.")] = None
    liaison: Annotated[Id | None, Meta(description="Its liaison officer, an id of `people.yaml`.")] = None


class ProgrammeItem(Sourced, frozen=True, kw_only=True):
    """One item of the programme."""

    id: Id
    title: Text
    starts_at: Moment
    ends_at: Annotated[Moment | None, Meta(description="When it ends.")] = None
    place: Annotated[Id | None, Meta(description="Feature of the venue drawing.")] = None
    critical: Annotated[
        bool,
        Meta(description="The crowd is at its most dense or most excited: nobody changes shift in it."),
    ] = False


class Event(Sourced, frozen=True, kw_only=True):
    """`event.yaml`: what is planned, where and when, and who answers for it."""

    format: Annotated[Literal["hamkor-event-1"], Meta(description="Name and version of this format.")]
    id: Id
    name: Text
    kind: EventKind
    extent: Annotated[
        Literal["complete", "extract"],
        Meta(
            description="`complete`: the whole plan, so what is not written does not exist in it. "
            "`extract`: only what is known or was published, so what is not written is unknown."
        ),
    ] = "extract"
    setting: Annotated[
        Literal["indoors", "outdoors", "mixed"] | None, Meta(description="Under a roof or in the open.")
    ] = None
    place: Place | None = None
    time_zone: Annotated[
        str, Meta(description="Name of the time zone of all times in the folder, such as `Europe/Berlin`.")
    ] = "Asia/Tashkent"
    starts_at: Annotated[Moment | None, Meta(description="Start of the programme.")] = None
    ends_at: Annotated[Moment | None, Meta(description="End of the programme.")] = None
    doors_open_at: Annotated[Moment | None, Meta(description="First visitors are let in.")] = None
    clear_by: Annotated[Moment | None, Meta(description="The last visitor should have left.")] = None
    category: Annotated[
        Literal[1, 2, 3] | None,
        Meta(description="Category of the mass event in Uzbekistan, 1 to 3; leave out elsewhere."),
    ] = None
    organiser: Annotated[
        Organiser | Literal["none"] | None,
        Meta(description="Who organises it; `none` when it is known that nobody does."),
    ] = None
    venue_operator: Annotated[
        Organiser | Literal["none"] | None,
        Meta(description="Administration of the venue; `none` when there is none (streets, squares)."),
    ] = None
    agencies: Annotated[
        tuple[Participation, ...] | None,
        Meta(description="Agencies that take part, each as `{agency: iib}`; unknown if left out."),
    ] = None
    programme: Annotated[tuple[ProgrammeItem, ...] | None, Meta(description="Items in order.")] = None
    alcohol: Annotated[
        Literal["none", "some", "heavy"] | None, Meta(description="Sold or expected to be drunk.")
    ] = None
    paid: Annotated[bool | None, Meta(description="Visitors pay to enter.")] = None

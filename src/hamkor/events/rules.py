# SPDX-License-Identifier: Apache-2.0
"""What an event is: the application's facts, its programme, its crowd and its papers."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.figures import Figure
from hamkor.common.records import Id, Moment, Phase, Record, ShortText, Sourced, Text

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
Share = Annotated[float, Meta(ge=0, le=1, description="A part of the whole, from 0 to 1.")]


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


class Interval(Sourced, frozen=True, kw_only=True):
    """People who come, or go, in one period: give `people` or `share`."""

    starts_at: Moment
    ends_at: Moment
    people: Annotated[Figure | None, Meta(description="Number of people in the period (not per hour).")] = (
        None
    )
    share: Annotated[Share | None, Meta(description="Share of `expected`, from 0 to 1.")] = None


class Composition(Sourced, frozen=True, kw_only=True):
    """Who comes."""

    audience: Annotated[
        Literal["family", "mixed", "young_adults", "children", "elderly", "rival_factions"] | None,
        Meta(description="Who prevails; `rival_factions` when groups that must not meet are expected."),
    ] = None
    children_share: Share | None = None
    elderly_share: Share | None = None
    wheelchair_users: Annotated[Figure | None, Meta(description="Number of wheelchair users.")] = None
    women_share: Share | None = None


class AreaAttendance(Sourced, frozen=True, kw_only=True):
    """People expected in one area at its fullest."""

    area: Annotated[Id, Meta(description="Area of the venue drawing.")]
    people: Figure


class Attendance(Sourced, frozen=True, kw_only=True):
    """`attendance.yaml`: how many, when they come and go, and who they are."""

    expected: Annotated[Figure | None, Meta(description="All people expected over the whole event.")] = None
    peak: Annotated[
        Figure | None,
        Meta(description="Most people at the venue at once; `expected` is taken if not given."),
    ] = None
    permitted: Annotated[Figure | None, Meta(description="Number allowed at once by the permit.")] = None
    tickets: Annotated[Figure | None, Meta(description="Tickets or passes given out or to be given out.")] = (
        None
    )
    admission: Annotated[
        Literal["tickets", "registration", "free", "open_street"] | None,
        Meta(description="How people get in and what limits their number."),
    ] = None
    arrivals: Annotated[
        tuple[Interval, ...] | None,
        Meta(
            description=(
                "How many people come in each period, in order of time. Needed for queues; without it "
                "entry is judged by an hour."
            )
        ),
    ] = None
    departures: Annotated[
        tuple[Interval, ...] | None,
        Meta(
            description=(
                "How many people leave in each period, in order of time; also those who leave while "
                "others arrive."
            )
        ),
    ] = None
    by_area: Annotated[
        tuple[AreaAttendance, ...] | None,
        Meta(
            description=(
                "People expected in single areas at their fullest; counts before every other number "
                "of an area."
            )
        ),
    ] = None
    composition: Composition | None = None
    protected_persons: Annotated[
        Annotated[int, Meta(ge=0, le=10000)] | None,
        Meta(description="Number of officially protected persons who attend."),
    ] = None
    violence_expected: Annotated[
        bool | None, Meta(description="The police expect violence or have information about it.")
    ] = None
    hours: Annotated[
        Annotated[float, Meta(gt=0, le=720)] | None, Meta(description="How long visitors stay, in hours.")
    ] = None


class Paper(Sourced, frozen=True, kw_only=True):
    """A permit, contract, licence or certificate and the state it is in."""

    state: Annotated[
        Literal["not_needed", "none", "applied", "drafted", "issued", "signed", "refused", "withdrawn"],
        Meta(description="Where it stands."),
    ]
    number: Annotated[ShortText | None, Meta(description="Number of the paper.")] = None
    applied_date: Annotated[date | None, Meta(description="Day of application.")] = None
    issued_date: Annotated[date | None, Meta(description="Day of issue or signature.")] = None
    valid_until_date: Annotated[date | None, Meta(description="Last day it is valid.")] = None
    issuer: Annotated[Text | None, Meta(description="Who issues it.")] = None


class SafetyCertificate(Paper, frozen=True, kw_only=True):
    """The paper that says how many people the venue may hold."""

    capacity: Annotated[Figure | None, Meta(description="People it allows at once.")] = None
    reviewed_date: Annotated[date | None, Meta(description="Day of its last review.")] = None
    changed_since: Annotated[
        bool | None, Meta(description="`true` if the venue was altered after the last review.")
    ] = None
    capacity_per_area: Annotated[
        bool | None,
        Meta(
            description="`true` if it gives a number for each closed area, `false` if only one for the whole."
        ),
    ] = None


class Conclusion(Sourced, frozen=True, kw_only=True):
    """One heading of the commission's examination."""

    heading: Annotated[
        Literal["fire", "sanitary", "medical", "security", "structure", "electrical", "traffic"],
        Meta(description="What was examined."),
    ]
    result: Literal["positive", "negative", "pending"]
    by: Annotated[AgencyCode | None, Meta(description="Agency that concluded.")] = None
    on_date: Annotated[date | None, Meta(description="Day of the conclusion.")] = None


class Waiver(Sourced, frozen=True, kw_only=True):
    """A rule that was set aside for this event."""

    id: Id
    rule: Annotated[Text, Meta(description="The rule that is not kept.")]
    signed_by: Annotated[
        ShortText | Literal["none"] | None,
        Meta(
            description=(
                "Person of `people.yaml` or office that signed; `none` when it is known that nobody "
                "put a name."
            )
        ),
    ] = None
    signed_date: Annotated[date | None, Meta(description="Day of signature.")] = None
    compensation: Annotated[Text | None, Meta(description="What is done instead to keep people safe.")] = None


class Legal(Sourced, frozen=True, kw_only=True):
    """`legal.yaml`: permit, contract, licences, certificate, conclusions and waivers."""

    permit: Annotated[Paper | None, Meta(description="Permit to hold the event.")] = None
    security_contract: Annotated[Paper | None, Meta(description="Contract on public order.")] = None
    concert_licence: Annotated[Paper | None, Meta(description="Licence for concerts and shows.")] = None
    insurance: Annotated[Paper | None, Meta(description="Liability insurance.")] = None
    certificate: Annotated[SafetyCertificate | None, Meta(description="Safety certificate.")] = None
    conclusions: Annotated[
        tuple[Conclusion, ...] | None, Meta(description="Conclusions of the commission.")
    ] = None
    waivers: Annotated[tuple[Waiver, ...] | None, Meta(description="Rules set aside.")] = None
    advertising_started_date: Annotated[date | None, Meta(description="Day the advertising began.")] = None
    sales_started_date: Annotated[date | None, Meta(description="Day the first ticket was sold.")] = None

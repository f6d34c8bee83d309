# SPDX-License-Identifier: Apache-2.0
"""How the event is commanded: channels, stop authority, contingencies, warnings, force, lessons."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.figures import Figure
from hamkor.common.records import Id, Record, ShortText, Sourced, Text

Likelihood = Annotated[int, Meta(ge=1, le=5, description="1 very unlikely ... 5 almost certain.")]
Impact = Annotated[int, Meta(ge=1, le=5, description="1 minor ... 5 many deaths.")]


class Channel(Sourced, frozen=True, kw_only=True):
    """A means of talking: radio net, phone, messenger, loudspeaker, runner."""

    id: Id
    title: Annotated[Text | None, Meta(description="Name, net or number.")] = None
    sort: Literal[
        "radio",
        "phone",
        "landline",
        "messenger",
        "data",
        "public_address",
        "screen",
        "siren",
        "loudhailer",
        "runner",
        "face_to_face",
    ]
    network: Annotated[
        ShortText | None,
        Meta(
            description=(
                "What it depends on, in the same words for all channels that fail together, such as "
                "`mobile`, `mains power`."
            )
        ),
    ] = None
    works: Annotated[
        bool | None,
        Meta(description="`true` if it worked at the last test, `false` if it is known dead or jammed."),
    ] = None
    tested_date: Annotated[date | None, Meta(description="Day of the last test at the venue.")] = None
    languages: Annotated[tuple[ShortText, ...], Meta(description="Languages of ready messages.")] = ()


class Link(Sourced, frozen=True, kw_only=True):
    """Who must be able to reach whom, and by which channels in turn."""

    id: Id
    title: Annotated[Text | None, Meta(description="What the link is for.")] = None
    between: Annotated[
        tuple[ShortText, ...],
        Meta(
            description=(
                "Both ends as a list of two: ids of posts or people, agency codes; `public` for the crowd."
            )
        ),
    ]
    critical: Annotated[bool, Meta(description="`true` if lives depend on it.")] = False
    primary: Annotated[
        Id | Literal["none"] | None, Meta(description="Id of the first channel; `none` when there is none.")
    ] = None
    alternate: Annotated[
        Id | Literal["none"] | None, Meta(description="Second channel; `none` when there is none.")
    ] = None
    contingency: Annotated[Id | Literal["none"] | None, Meta(description="Third channel.")] = None
    emergency: Annotated[Id | Literal["none"] | None, Meta(description="Last channel.")] = None


class Communications(Sourced, frozen=True, kw_only=True):
    """`communications.yaml`: channels and links."""

    channels: Annotated[tuple[Channel, ...] | None, Meta(description="All channels.")] = None
    links: Annotated[tuple[Link, ...] | None, Meta(description="All links that matter.")] = None
    joint_command_post: Annotated[
        bool | None,
        Meta(
            description=(
                "`true` if all agencies sit in one place or one call, `false` if known that they do not."
            )
        ),
    ] = None


class Control(Sourced, frozen=True, kw_only=True):
    """A measure against a hazard."""

    title: Text
    owner: Annotated[AgencyCode | None, Meta(description="Agency that does it.")] = None
    state: Annotated[
        Literal["planned", "in_place", "missing"] | None, Meta(description="Where it stands.")
    ] = None


class HazardEntry(Sourced, frozen=True, kw_only=True):
    """A hazard of this event in the register."""

    id: Id
    catalogue: Annotated[Id | None, Meta(description="Id in Hamkor's hazard catalogue.")] = None
    title: Annotated[Text | None, Meta(description="The hazard in words; the catalogue's if not given.")] = (
        None
    )
    likelihood: Likelihood | None = None
    impact: Impact | None = None
    owner: Annotated[AgencyCode | Literal["none"] | None, Meta(description="Agency that answers for it.")] = (
        None
    )
    person: Annotated[Id | None, Meta(description="Person who answers for it.")] = None
    controls: Annotated[
        tuple[Control, ...] | None,
        Meta(description="Measures against it; `[]` when it is known that there are none."),
    ] = None
    place: Annotated[tuple[Id, ...], Meta(description="Features of the drawing it concerns.")] = ()
    contingencies: Annotated[
        tuple[Id, ...] | None,
        Meta(description="Ids of `contingencies.yaml` for it; `[]` when it is known that there are none."),
    ] = None


class Step(Record, frozen=True, kw_only=True):
    """One step of an algorithm."""

    action: Text
    owner: Annotated[AgencyCode | None, Meta(description="Who does it.")] = None
    within_min: Annotated[
        Annotated[float, Meta(ge=0, le=1440)] | None, Meta(description="Minutes from the trigger.")
    ] = None


class Contingency(Sourced, frozen=True, kw_only=True):
    """What is done when something goes wrong: sign, who decides, steps, message."""

    id: Id
    title: Text
    hazards: Annotated[tuple[Id, ...], Meta(description="Hazards of the register it answers.")] = ()
    trigger: Annotated[Text | None, Meta(description="The sign on which it starts.")] = None
    decides: Annotated[
        ShortText | Literal["none"] | None,
        Meta(description="Person, post or agency that decides; `none` when nobody may."),
    ] = None
    steps: Annotated[tuple[Step, ...] | None, Meta(description="What is done, in order.")] = None
    message: Annotated[Text | None, Meta(description="Words said to the public.")] = None


class StopAuthority(Sourced, frozen=True, kw_only=True):
    """A person or post that may stop the show, the entry or a part of it."""

    id: Id
    holder: Annotated[ShortText, Meta(description="Id of the person or post that may do it, or words.")]
    agency: Annotated[AgencyCode | None, Meta(description="Agency of the holder.")] = None
    may: Annotated[
        tuple[Literal["stop_show", "delay_start", "stop_entry", "open_exits", "evacuate", "cancel"], ...],
        Meta(
            description=(
                "What the holder may do without asking anybody; `[]` for a person who would have to ask."
            )
        ),
    ]
    deputy: Annotated[ShortText | Literal["none"] | None, Meta(description="Who may when absent.")] = None
    signs: Annotated[
        tuple[Text, ...] | None,
        Meta(description="Signs on which it must be done; `[]` when it is known that none were agreed."),
    ] = None
    within_min: Annotated[Figure | None, Meta(description="Minutes from the sign until it takes effect.")] = (
        None
    )
    steps: Annotated[
        tuple[ShortText, ...] | None,
        Meta(description="Everyone the word must pass, in order, from who sees it to who carries it out."),
    ] = None
    channel: Annotated[Id | None, Meta(description="Channel it is ordered by.")] = None
    present: Annotated[
        bool | None, Meta(description="`true` if the holder is at the venue for the whole event.")
    ] = None
    drilled_date: Annotated[date | None, Meta(description="Day it was last drilled.")] = None


class WarningReceived(Sourced, frozen=True, kw_only=True):
    """A written or spoken warning before the event, and what became of it."""

    id: Id
    received_date: Annotated[date | None, Meta(description="Day it came.")] = None
    from_: Annotated[Text | None, Meta(description="Who warned.")] = msgspec.field(name="from", default=None)
    to: Annotated[Text | None, Meta(description="Who was warned.")] = None
    text: Annotated[Text, Meta(description="What was said.")]
    about: Annotated[tuple[Id, ...], Meta(description="Features of the drawing it concerns.")] = ()
    written: Annotated[bool | None, Meta(description="It was given in writing.")] = None
    state: Annotated[
        Literal["unanswered", "answered", "acted_on", "rejected"] | None,
        Meta(description="What became of it; `rejected` needs an answer with reasons."),
    ] = None
    answer: Annotated[Text | None, Meta(description="What was answered or done.")] = None
    answered_by: Annotated[ShortText | None, Meta(description="Person or office that answered.")] = None
    answered_date: Annotated[date | None, Meta(description="Day of the answer.")] = None


class ForceMeasure(Sourced, frozen=True, kw_only=True):
    """Irritants, water, batons, dogs, horses or shots the plan allows, forbids or does not speak of."""

    id: Id
    measure: Literal[
        "irritant", "water_cannon", "batons", "dogs", "horses", "rubber_bullets", "stun_grenades"
    ]
    allowed: Annotated[
        bool | None, Meta(description="`true` if planned or carried, `false` if forbidden.")
    ] = None
    place: Annotated[tuple[Id, ...], Meta(description="Areas where it may be used; all if empty.")] = ()
    authorised_by: Annotated[ShortText | None, Meta(description="Who may order it.")] = None


class Segregation(Sourced, frozen=True, kw_only=True):
    """Groups that must not meet and where each of them is."""

    id: Id
    groups: Annotated[
        dict[ShortText, tuple[Id, ...]],
        Meta(description="Each group and the areas, openings and routes it uses."),
    ]
    barrier: Annotated[
        Literal["structure", "fence", "stewards", "empty_sector", "none"] | None,
        Meta(description="What keeps them apart."),
    ] = None
    sterile_width_m: Annotated[
        Figure | None,
        Meta(description="Width of the empty strip between them, metres; `0` when there is none."),
    ] = None
    tickets_controlled: Annotated[
        bool | None, Meta(description="Tickets of a group cannot be had by the other.")
    ] = None
    owner: Annotated[AgencyCode | Literal["none"] | None, Meta(description="Agency that answers.")] = None


class Inspection(Sourced, frozen=True, kw_only=True):
    """An examination of the venue, a structure or a system, and its result."""

    id: Id
    subject: Annotated[Text, Meta(description="What was examined.")]
    about: Annotated[tuple[Id, ...], Meta(description="Features of the drawing it concerns.")] = ()
    field: Literal[
        "fire",
        "structure",
        "electrical",
        "sanitary",
        "exits",
        "barriers",
        "communications",
        "medical",
        "other",
    ]
    on_date: Annotated[date | None, Meta(description="Day of the examination.")] = None
    result: Literal["passed", "conditional", "failed", "not_done"]
    faults: Annotated[tuple[Text, ...], Meta(description="Faults found.")] = ()
    mended_date: Annotated[
        date | None, Meta(description="Day the faults were proved mended; leave out when they were not.")
    ] = None
    by: Annotated[Text | None, Meta(description="Who examined.")] = None


class Lesson(Record, frozen=True, kw_only=True):
    """What an earlier event taught and whether it was done."""

    text: Text
    done: Annotated[
        bool | None, Meta(description="`true` if it was put into practice, `false` if known that it was not.")
    ] = None


class PastEvent(Sourced, frozen=True, kw_only=True):
    """An earlier event at the venue, or of the same kind."""

    id: Id
    title: Text
    on_date: Annotated[date | None, Meta(description="Day it took place.")] = None
    attendance: Annotated[Figure | None, Meta(description="How many came.")] = None
    outcome: Annotated[
        Literal["safe", "near_miss", "injuries", "deaths"] | None, Meta(description="How it ended.")
    ] = None
    what: Annotated[Text | None, Meta(description="What happened.")] = None
    place: Annotated[tuple[Id, ...], Meta(description="Features where it happened.")] = ()
    same_arrangement: Annotated[
        bool | None, Meta(description="`true` if this event repeats the arrangement unchanged.")
    ] = None
    lessons: Annotated[tuple[Lesson, ...], Meta(description="What it taught.")] = ()

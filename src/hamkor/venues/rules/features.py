# SPDX-License-Identifier: Apache-2.0
"""The typed features of a venue drawing (`venue.geojson`)."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hamkor.common.figures import Figure
from hamkor.common.records import Id, Moment, Record, Sourced, Text
from hamkor.events.rules import CrowdPhase, Share
from hamkor.venues.rules.geometry import Geometry

OUTSIDE = "outside"
AreaRef = Annotated[str, Meta(description="An area of this drawing, or `outside` for the world around.")]
Surface = Annotated[
    Literal["level", "ramp", "stairs"], Meta(description="What people walk on where it is narrowest.")
]
Use = Annotated[
    Literal["forward", "backward", "both", "closed"],
    Meta(
        description="`forward`: people go from `from` to `to`; `backward`: the other way; "
        "`both`: both ways at the same time; `closed`: nobody passes."
    ),
]
UsePerPhase = Annotated[
    dict[CrowdPhase, Use],
    Meta(
        description="How it is used in each phase of the crowd: `ingress`, `event`, `egress`, `emergency`. "
        "A phase that is not given: one way, in the direction that is needed."
    ),
]


class Flow(Sourced, frozen=True, kw_only=True):
    """People planned to pass a section in a period, both ways counted apart."""

    starts_at: Annotated[
        Moment | None, Meta(description="Start of the period; the busiest hour if not given.")
    ] = None
    ends_at: Annotated[Moment | None, Meta(description="End of the period.")] = None
    forward_per_h: Annotated[Figure | None, Meta(description="People per hour from `from` to `to`.")] = None
    backward_per_h: Annotated[Figure | None, Meta(description="People per hour from `to` to `from`.")] = None


class _Named(Sourced, frozen=True, kw_only=True):
    name: Annotated[Text | None, Meta(description="Name as on the signs at the venue.")] = None
    level: Annotated[float, Meta(ge=-20, le=200, description="Storey; 0 is the ground.")] = 0


class Area(_Named, frozen=True, kw_only=True, tag_field="kind", tag="area"):
    """A place where people stay or pass: stand, pen, pitch, hall, square, street, concourse."""

    use: Annotated[
        Literal[
            "seating",
            "standing",
            "stage_front",
            "pitch",
            "hall",
            "dance_floor",
            "square",
            "street",
            "concourse",
            "queue",
            "camping",
            "backstage",
            "other",
        ],
        Meta(description="What the public does there."),
    ]
    part_of: Annotated[
        Id | None,
        Meta(description="Larger area this one is a part of, such as the terrace of a pen; counted once."),
    ] = None
    indoors: Annotated[bool | None, Meta(description="Under a closed roof with walls.")] = None
    usable_area_m2: Annotated[
        Figure | None,
        Meta(description="Area people can really use, m²; the size of the outline is taken if not given."),
    ] = None
    seats: Annotated[Figure | None, Meta(description="Number of seats.")] = None
    seats_unusable: Annotated[Figure, Meta(description="Seats broken or blocked.")] = 0
    seats_restricted_view: Annotated[
        Figure, Meta(description="Seats that may not be sold because of the view.")
    ] = 0
    standing_density_per_m2: Annotated[
        Figure | None, Meta(description="People per m² allowed there by certificate or assessment.")
    ] = None
    physical_condition: Annotated[
        Share | None, Meta(description="P factor: state of the structure, 0 to 1.")
    ] = None
    safety_management: Annotated[
        Share | None, Meta(description="S factor: quality of safety management, 0 to 1.")
    ] = None
    stated_capacity: Annotated[
        Figure | None,
        Meta(description="People the plan, the tickets or the certificate let into this very area."),
    ] = None
    assessed_capacity: Annotated[
        Figure | None,
        Meta(
            description="People a competent assessment found safe here; replaces seats and area times density."
        ),
    ] = None
    enclosed: Annotated[
        bool | None,
        Meta(
            description=(
                "`true` if fenced or walled, so that people leave only through openings that are "
                "drawn; `false` if they can spread to all sides. If not given: open for `street`, "
                "`square`, `camping`, `other`, closed for the rest."
            )
        ),
    ] = None
    reserved_places: Annotated[bool | None, Meta(description="`true` if everyone has a numbered place.")] = (
        None
    )
    counting: Annotated[
        Literal["none", "estimate", "turnstiles", "clickers", "cameras", "sensors"] | None,
        Meta(description="How people inside this very area are counted; `none` when they are not."),
    ] = None
    egress_time_limit_min: Annotated[
        Annotated[float, Meta(gt=0, le=60)] | None,
        Meta(description="Longest time to leave, as the plan sets it, minutes."),
    ] = None
    emergency_time_limit_min: Annotated[
        Annotated[float, Meta(gt=0, le=60)] | None,
        Meta(description="Longest time to leave in an emergency, minutes."),
    ] = None
    fire_risk: Annotated[
        Literal["low", "normal", "high"] | None, Meta(description="Risk of fire; high shortens the time.")
    ] = None
    lining: Annotated[
        Literal["noncombustible", "rated", "unrated"] | None,
        Meta(description="Fire rating of what covers walls and ceiling: decoration, sound proofing."),
    ] = None
    public_address: Annotated[
        Literal["covered", "partly", "none"] | None,
        Meta(description="Whether loudspeakers are heard in the area."),
    ] = None


class _Connection(_Named, frozen=True, kw_only=True):
    from_: Annotated[AreaRef, Meta(description="Area on one side, or `outside`.")] = msgspec.field(
        name="from"
    )
    to: Annotated[AreaRef, Meta(description="Area on the other side, or `outside`.")]
    clear_width_m: Annotated[
        Figure | None,
        Meta(
            description="Clear width in metres where it is narrowest. If there are several leaves, their sum."
        ),
    ] = None
    surface: Surface | None = None
    use: UsePerPhase = {}
    release: Annotated[
        Literal["open", "push_bar", "staff_key", "automatic", "locked"] | None,
        Meta(
            description="How it opens when people must get out: `open` stands open, `push_bar` by anyone, "
            "`automatic` by the fire alarm, `staff_key` by its staff, `locked` by nobody in time."
        ),
    ] = None
    staffed_by: Annotated[
        tuple[Id, ...] | None,
        Meta(description="Posts of `posts.yaml` that keep it; `[]` when it is known that nobody does."),
    ] = None
    capacity_per_h: Annotated[
        Figure | None,
        Meta(
            description=(
                "People per hour it can pass, both ways together if it is used both ways, if measured "
                "or assessed; replaces what would follow from the width."
            )
        ),
    ] = None
    flows: Annotated[
        tuple[Flow, ...], Meta(description="Planned or expected flows through it, one entry per period.")
    ] = ()
    arrival_share: Annotated[
        Share | None, Meta(description="Share of all arrivals that comes this way, 0 to 1.")
    ] = None
    departure_share: Annotated[
        Share | None, Meta(description="Share of all departures that goes this way, 0 to 1.")
    ] = None
    obstructed: Annotated[
        bool,
        Meta(
            description=(
                "`true` if goods, vehicles, fences or stalls stand in it during the event; it then "
                "counts as no exit in an emergency."
            )
        ),
    ] = False


class _Way(_Connection, frozen=True, kw_only=True):
    emergency_only: Annotated[
        bool,
        Meta(
            description=(
                "`true` for a door or stairs used only in an emergency; it counts for evacuation, not for entry "
                "or normal leaving."
            )
        ),
    ] = False


class Opening(_Way, frozen=True, kw_only=True, tag_field="kind", tag="opening"):
    """A gate, door or exit between two areas."""


class Passage(_Way, frozen=True, kw_only=True, tag_field="kind", tag="passage"):
    """Stairs, a ramp, tunnel, bridge, alley or corridor between two areas."""

    form: Annotated[
        Literal["stairs", "ramp", "tunnel", "bridge", "alley", "corridor", "escalator"],
        Meta(description="What it is."),
    ]
    length_m: Annotated[Figure | None, Meta(description="Length in metres.")] = None
    slope_deg: Annotated[
        Annotated[float, Meta(ge=0, le=60)] | None, Meta(description="Slope in degrees.")
    ] = None
    indoors: Annotated[bool | None, Meta(description="Closed on all sides.")] = None


class Turnstiles(_Connection, frozen=True, kw_only=True, tag_field="kind", tag="turnstiles"):
    """A bank of turnstiles or screening lanes."""

    lanes: Annotated[int, Meta(ge=0, le=5000, description="Number of lanes.")]
    lanes_staffed: Annotated[
        Annotated[int, Meta(ge=0, le=5000)] | None,
        Meta(description="Lanes for which there are people; all if not given."),
    ] = None
    screening: Annotated[
        Literal["none", "magnetometer", "hand_search_no_bags", "hand_search_mixed", "hand_search_bags"]
        | None,
        Meta(description="How people are searched in the lane."),
    ] = None
    extra: Annotated[
        tuple[Literal["wand", "scanner"], ...], Meta(description="Devices used beside the search.")
    ] = ()
    rate_per_h: Annotated[
        Figure | None,
        Meta(description="People per hour and lane; the usual rate of the screening if not given."),
    ] = None
    rate_measured: Annotated[
        bool, Meta(description="The rate was counted on the spot, not taken from a brochure.")
    ] = False
    assigned_people: Annotated[
        Figure | None, Meta(description="People whose tickets send them to this bank.")
    ] = None
    queue_area_m2: Annotated[Figure | None, Meta(description="Area in front where people can wait, m².")] = (
        None
    )


class Section(Sourced, frozen=True, kw_only=True):
    """A narrow part of a route."""

    id: Id
    name: Text | None = None
    clear_width_m: Annotated[Figure | None, Meta(description="Clear width in metres.")] = None
    surface: Surface = "level"
    length_m: Annotated[Figure | None, Meta(description="Length in metres.")] = None
    capacity_per_h: Annotated[
        Figure | None, Meta(description="People per hour it can pass, if measured or assessed.")
    ] = None


class Route(_Named, frozen=True, kw_only=True, tag_field="kind", tag="route"):
    """A way people walk, with every narrow part along it: to the venue, from it, or out of danger."""

    purpose: Annotated[
        Literal[
            "approach", "dispersal", "approach_and_dispersal", "circulation", "evacuation", "emergency_access"
        ],
        Meta(description="What it is for."),
    ]
    from_: Annotated[Text | None, Meta(description="Where it begins.")] = msgspec.field(
        name="from", default=None
    )
    to: Annotated[Text | None, Meta(description="Where it ends.")] = None
    sections: Annotated[
        tuple[Section | Id, ...] | None,
        Meta(
            description=(
                "Its narrow parts in the order people walk them: a section, or the id of an opening "
                "or passage of this drawing. A section without its own numbers of people has those of "
                "the route."
            )
        ),
    ] = None
    use: UsePerPhase = {}
    flows: Annotated[tuple[Flow, ...], Meta(description="Planned flows along it.")] = ()
    arrival_share: Annotated[
        Share | None, Meta(description="Share of all arrivals that comes this way, 0 to 1.")
    ] = None
    departure_share: Annotated[
        Share | None, Meta(description="Share of all departures that goes this way, 0 to 1.")
    ] = None
    kept_clear_by: Annotated[
        tuple[Id, ...] | None,
        Meta(description="Posts of `posts.yaml` that keep it clear; `[]` when it is known that nobody does."),
    ] = None
    usable: Annotated[
        bool | None,
        Meta(description="`true` if it can be used on the day, `false` if it is known to be blocked."),
    ] = None
    obstructed: Annotated[bool, Meta(description="`true` if something stands in it during the event.")] = (
        False
    )


class PostPlace(_Named, frozen=True, kw_only=True, tag_field="kind", tag="post_place"):
    """Where a post of `posts.yaml` stands."""

    post: Annotated[Id, Meta(description="Id of the post in `posts.yaml`.")]


class Device(_Named, frozen=True, kw_only=True, tag_field="kind", tag="device"):
    """A loudspeaker, camera, counter, panic button, defibrillator, hydrant, siren, screen or light."""

    device: Literal[
        "loudspeaker",
        "camera",
        "counter",
        "panic_button",
        "defibrillator",
        "extinguisher",
        "hydrant",
        "siren",
        "screen",
        "emergency_light",
        "fire_alarm",
        "other",
    ]
    covers: Annotated[tuple[Id, ...], Meta(description="Areas it serves.")] = ()
    tested_date: Annotated[date | None, Meta(description="Day it was last tested.")] = None
    works: Annotated[bool | None, Meta(description="It worked at the last test.")] = None


class AssemblyArea(_Named, frozen=True, kw_only=True, tag_field="kind", tag="assembly_area"):
    """Where people gather after leaving."""

    capacity: Annotated[Figure | None, Meta(description="People it can take.")] = None
    usable_area_m2: Annotated[Figure | None, Meta(description="Area people can use.")] = None


class Shelter(_Named, frozen=True, kw_only=True, tag_field="kind", tag="shelter"):
    """Where people are safe from weather."""

    capacity: Annotated[Figure | None, Meta(description="People it can take.")] = None
    against: Annotated[
        tuple[Literal["lightning", "wind", "rain", "hail", "heat", "cold"], ...],
        Meta(description="What it protects from."),
    ] = ()
    walking_time_min: Annotated[
        Figure | None, Meta(description="Minutes on foot from the farthest part of the crowd.")
    ] = None


class Structure(_Named, frozen=True, kw_only=True, tag_field="kind", tag="structure"):
    """A stage, tent, inflatable, temporary stand, tower, screen wall or barrier line."""

    structure: Literal[
        "stage",
        "stage_roof",
        "tent",
        "inflatable",
        "temporary_stand",
        "tower",
        "screen_wall",
        "barrier",
        "ride",
        "other",
    ]
    temporary: Annotated[bool | None, Meta(description="Put up for the event.")] = None
    wind_limit_m_s: Annotated[
        Figure | None, Meta(description="Gust at which it must be cleared, from its engineer, m/s.")
    ] = None
    wind_action: Annotated[Text | None, Meta(description="What is done at that limit, and by whom.")] = None
    certificate_date: Annotated[date | None, Meta(description="Day of the engineer's certificate.")] = None
    combustible: Annotated[bool | None, Meta(description="It can burn.")] = None
    near: Annotated[tuple[Id, ...], Meta(description="Areas beside or under it.")] = ()


class Attractor(_Named, frozen=True, kw_only=True, tag_field="kind", tag="attractor"):
    """Something that draws people: stage, screen, station, bar, food, car park, gift point."""

    draws_share: Annotated[Share | None, Meta(description="Share of the crowd it draws.")] = None
    near: Annotated[
        tuple[Id, ...], Meta(description="Ids of the areas, openings or passages beside it.")
    ] = ()
    when: Annotated[tuple[CrowdPhase, ...], Meta(description="Phases in which it draws; all if empty.")] = ()


Connection = Opening | Passage | Turnstiles
Properties = (
    Area
    | Opening
    | Passage
    | Turnstiles
    | Route
    | PostPlace
    | Device
    | AssemblyArea
    | Shelter
    | Structure
    | Attractor
)


class Feature(Record, frozen=True, kw_only=True):
    """One thing on the drawing: an id, an outline (or `null`), and what it is."""

    type: Literal["Feature"] = "Feature"
    id: Id
    geometry: Annotated[
        Geometry | None,
        Meta(description="Longitude and latitude in degrees (WGS 84), or `null` when no drawing exists."),
    ] = None
    properties: Properties


class Venue(Record, frozen=True, kw_only=True):
    """`venue.geojson`: a GeoJSON collection of typed features."""

    type: Literal["FeatureCollection"]
    name: Annotated[str | None, Meta(description="Name of the drawing.")] = None
    features: tuple[Feature, ...]

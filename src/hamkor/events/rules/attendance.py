# SPDX-License-Identifier: Apache-2.0
"""The crowd of an event: how many come, when they come and go, and who they are."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Annotated, Literal

from msgspec import Meta

from hamkor.common.figures import Figure
from hamkor.common.records import Id, Moment, Sourced

Share = Annotated[float, Meta(ge=0, le=1, description="A part of the whole, from 0 to 1.")]


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

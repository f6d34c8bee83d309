# SPDX-License-Identifier: Apache-2.0
"""A forecast as it is kept and told: people ahead with their band, limits that are reached, its own past error."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from hamkor.common.messages import N_, Message
from hamkor.forecasts.rules.measured import Gap

At = Annotated[datetime, Meta(tz=True)]
TROUBLES: Final[Mapping[str, str]] = {
    "nothing-drawn": N_(
        "The plan has no drawing with areas and openings: draw the venue, then people can be forecast."
    ),
    "drawing-faulty": N_("The drawing cannot be walked through: mend what is named here."),
    "too-large": N_(
        "The drawing has too many areas and openings to forecast every half minute: simulate it beside the plan."
    ),
    "nothing-counted": N_(
        "No counter tells how many people are anywhere: without a count there is no forecast."
    ),
    "failed": N_("The last forecast failed; what failed stands in the log of the server. It is tried again."),
}
"""Why there is no forecast, by code; said so to people."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A number minute by minute from now, with the 5th and 95th percentile; the three are equally long.

    Args:
        middle: The median, one for each minute of the event, the first now.
        low: 5th percentile.
        high: 95th percentile.
    """

    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class Reach(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a place reaches a limit, in minutes of the event from now.

    Args:
        limit: `density` or `capacity`.
        value: The limit: people per m², or people.
        in_min: When the median reaches it; None when only the upper end of the band does.
        soonest_min: When the upper end of the band reaches it.
        latest_min: When the lower end does; None when it does not within the horizon.
    """

    limit: str
    value: float
    in_min: float | None = None
    soonest_min: float
    latest_min: float | None = None


class PlaceAhead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place in the next minutes; lists stand for the minutes of the forecast.

    Args:
        people: The median of people in it.
        low: 5th percentile.
        high: 95th percentile.
        area_m2: Ground people stand on: less than the place where a sensor sees them crowd; None when unknown.
        holds: Most people it may hold; None when nobody knows.
        is_guessed: Nobody counts it: how many are in it now is an estimate.
        reaches: The limits it reaches, the gravest first.
    """

    people: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    area_m2: float | None = None
    holds: float | None = None
    is_guessed: bool = False
    reaches: tuple[Reach, ...] = ()


class GateAhead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A way in the next minutes; lists stand for the minutes of the forecast.

    Args:
        flow_per_min: People through it per minute of the event, the median.
        queue: People waiting in front of it, the median.
        queue_low: 5th percentile.
        queue_high: 95th percentile.
        wait_s: How long who joins the queue waits, seconds of the event, the median.
        is_shut: An order has closed it.
    """

    flow_per_min: tuple[float, ...]
    queue: tuple[float, ...]
    queue_low: tuple[float, ...]
    queue_high: tuple[float, ...]
    wait_s: tuple[float, ...]
    is_shut: bool = False


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One earlier forecast against what was then measured.

    Args:
        at: Moment for which it was said, real.
        before_min: How long before it was made, minutes of the event.
        said: People inside that it said.
        low: Lower end of its band.
        high: Upper end.
        was: People inside that were measured.
        places_error: Mean absolute error of the counted places as a share of the people in them; None when none.
    """

    at: At
    before_min: float
    said: float
    low: float
    high: float
    was: float
    places_error: float | None = None

    @property
    def share(self) -> float:
        """By how much too much was said, as a share of what was measured; negative: too little."""
        return (self.said - self.was) / self.was


class PastError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How well earlier forecasts held.

    Args:
        said: People inside that the forecast of ten minutes ago said for now.
        was: People inside that are measured now.
        before_min: How long ago that was, minutes of the event.
        mean_abs: Mean absolute error, as a share.
        bias: Mean error, as a share: positive when too many were said.
        in_band: Share of comparisons in which the measured number lay in the band.
        places_mean_abs: Mean absolute error of the places, as a share of the people in them; None when not known.
        count: How many comparisons these are means of.
    """

    said: float
    was: float
    before_min: float
    mean_abs: float
    bias: float
    in_band: float
    places_mean_abs: float | None = None
    count: int


class Forecast(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the next minutes bring, or why nobody can say.

    Args:
        made_at: Real moment it starts from.
        event_at: What the clock of the event showed then.
        pace: Seconds of the event in one real second.
        direction: The use of the connections that was forecast; empty when there is no forecast.
        because: Why this direction, in kebab case.
        minutes: Minutes of the event from now, the first 0; lists below have one value for each.
        inside: People inside the event, minute by minute to the last of `minutes`.
        places: By id of the area.
        gates: By id of the way.
        error: How well earlier forecasts held; None while that is not yet known.
        compared: The comparison made with this forecast, for the mean of later ones.
        gaps: Counts that were missing or too old.
        oldest_s: Age of the oldest value that was used, real seconds.
        assumptions: What the numbers rest on.
        trouble: Why there is no forecast, one of `TROUBLES`; empty when there is one.
        about: Ids of the drawing the trouble is about.
        engine: Name and version of the engine that answered.
        profile_id: Flow profile of the rates.
        cpu_s: Processor time it took.
    """

    made_at: At
    event_at: At
    pace: float = 1.0
    direction: str = ""
    because: str = ""
    minutes: tuple[int, ...] = ()
    inside: Line | None = None
    places: Mapping[str, PlaceAhead] = {}
    gates: Mapping[str, GateAhead] = {}
    error: PastError | None = None
    compared: Compared | None = None
    gaps: tuple[Gap, ...] = ()
    oldest_s: float | None = None
    assumptions: tuple[Message, ...] = ()
    trouble: str = ""
    about: tuple[str, ...] = ()
    engine: str = ""
    profile_id: str = ""
    cpu_s: float = 0.0


def reaches_of(
    people: Line, *, area_m2: float | None, holds: float | None, limits_per_m2: Sequence[float]
) -> tuple[Reach, ...]:
    """Returns the limits a place reaches in the minutes ahead, the gravest first.

    Args:
        people: People in it, minute by minute from now.
        area_m2: What people can use of it, m²; None: no density can be told.
        holds: Most people it may hold; None: no limit.
        limits_per_m2: Densities that are told, people per m².

    Notes:
        A limit that is passed already is no forecast and is left out; one that even the upper end of the band does
        not reach too.

    Source: the densities are those of Still and of the Green Guide; see `crowd.rules`.
    """
    wanted = [] if holds is None or holds <= 0 else [("capacity", holds, holds)]
    if area_m2 is not None and area_m2 > 0:
        wanted += [("density", value, value * area_m2) for value in sorted(limits_per_m2, reverse=True)]
    found = []
    for limit, value, count in wanted:
        soonest = minute_of(people.high, count)
        if soonest is None or people.middle[0] >= count:
            continue
        found.append(
            Reach(
                limit=limit,
                value=value,
                in_min=minute_of(people.middle, count),
                soonest_min=soonest,
                latest_min=minute_of(people.low, count),
            )
        )
    return tuple(found)


def minute_of(values: Sequence[float], limit: float) -> float | None:
    """Returns after how many minutes a line first reaches a limit, between minutes in a straight line; None: never.

    Args:
        values: One for each minute, the first now.
        limit: The limit.

    Source: none; linear interpolation.
    """
    for index, value in enumerate(values):
        if value >= limit:
            if index == 0 or value == values[index - 1]:
                return float(index)
            before = values[index - 1]
            return round(index - 1 + (limit - before) / (value - before), 1)
    return None


def at_minute(values: Sequence[float], minute: float) -> float:
    """Returns a line's value at a moment between its minutes, in a straight line; its last value beyond its end.

    Args:
        values: One for each minute, the first now.
        minute: Minutes from now, 0 or more.

    Source: none; linear interpolation.
    """
    index = int(minute)
    if index >= len(values) - 1:
        return values[-1]
    share = minute - index
    return values[index] * (1 - share) + values[index + 1] * share

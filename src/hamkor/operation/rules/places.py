# SPDX-License-Identifier: Apache-2.0
"""Where something is: on the drawing of the venue, at a point of the map, or in words."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import math
from typing import Annotated, cast

import msgspec
from msgspec import Meta

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Id
from hamkor.discussions.rules import clean_text
from hamkor.journal.rules import Documents
from hamkor.venues.rules.features import Feature
from hamkor.venues.rules.geometry import Position, iter_positions

WORDS_MAX = 500
# Mean radius of the Earth (IUGG); the ellipsoid changes distances by less than 0.6 %.
EARTH_RADIUS_M = 6_371_009.0


class PlaceError(HamkorError):
    """A place is not on the drawing, not on the Earth, or not said at all."""


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where something is; what is not known is left out.

    Args:
        feature: Id of a feature of the venue drawing.
        point: Longitude and latitude in degrees (WGS 84).
        words: As people say it, such as ``behind the north stage``.
    """

    feature: Id | None = None
    point: Position | None = None
    words: Annotated[str, Meta(min_length=1, max_length=WORDS_MAX)] | None = None

    @property
    def is_known(self) -> bool:
        """True when the place says anything at all."""
        return self.feature is not None or self.point is not None or self.words is not None


def require_place(documents: Documents, place: Place) -> Place:
    """Returns a place as it is kept, its words cleaned, when it says something that can be.

    Raises:
        PlaceError: ``place-absent``, ``place-impossible`` or ``place-missing``.
        TextUnusableError: ``text-too-long``, for the words.
    """
    words = clean_text(place.words, most=WORDS_MAX) if place.words and place.words.strip() else None
    cleaned = msgspec.structs.replace(place, words=words)
    if not cleaned.is_known:
        template = N_("Say where it is: choose it on the drawing, mark a point, or write it in words.")
        raise PlaceError("place-missing", template)
    if cleaned.feature is not None and documents.get("feature", cleaned.feature) is None:
        template = N_("“{feature}” is not on the drawing of the venue. Choose a place that is, or write it.")
        raise PlaceError("place-absent", template, feature=cleaned.feature)
    if cleaned.point is not None and not _is_on_earth(cleaned.point):
        template = N_("There is no such point on the map. Mark it again: longitude first, then latitude.")
        raise PlaceError("place-impossible", template)
    return cleaned


def clean_place(documents: Documents, place: Place | None) -> Place | None:
    """Returns a place as it is kept, or None when none was given.

    Raises:
        PlaceError: As `require_place`.
    """
    return None if place is None or not place.is_known else require_place(documents, place)


def point_of(documents: Documents, place: Place | None) -> Position | None:
    """Returns the point of a place: its own, else the middle of its feature, else None."""
    if place is None:
        return None
    if place.point is not None:
        return place.point
    feature = cast("Feature | None", documents.get("feature", place.feature or ""))
    if feature is None or feature.geometry is None:
        return None
    east, north = zip(*iter_positions(feature.geometry), strict=True)
    return (min(east) + max(east)) / 2, (min(north) + max(north)) / 2


def distance_m(one: Position, other: Position) -> float:
    """Returns the metres between two points along the surface of the Earth.

    Source: the haversine formula, R. W. Sinnott, Sky and Telescope 68 (1984), p. 159.
    """
    east_1, north_1, east_2, north_2 = map(math.radians, (*one[:2], *other[:2]))
    half = math.sin((north_2 - north_1) / 2) ** 2
    half += math.cos(north_1) * math.cos(north_2) * math.sin((east_2 - east_1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half)))


def _is_on_earth(point: tuple[float, float]) -> bool:
    """True for a pair of degrees; a number that is none, such as NaN, is on no map."""
    return len(point) == 2 and -180 <= point[0] <= 180 and -90 <= point[1] <= 90

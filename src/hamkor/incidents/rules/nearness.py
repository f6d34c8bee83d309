# SPDX-License-Identifier: Apache-2.0
"""Reports that may be about the same thing: near in place and time, or with the same card."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

import msgspec

from hamkor.crowd.rules.density import density_table
from hamkor.incidents.rules.incidents import Incident
from hamkor.incidents.rules.types import type_of
from hamkor.journal.rules import Documents
from hamkor.operation.rules.places import Place, distance_m, point_of
from hamkor.venues.rules.geometry import Position

Reason = Literal["card", "feature", "near", "type"]
# Reports of these types say nothing about danger at their place.
HARMLESS: frozenset[str | None] = frozenset({"lost_property", "complaint"})


class Nearness(msgspec.Struct, frozen=True, kw_only=True):
    """How near reports have to be to be looked at together.

    Args:
        id: Name of the profile.
        window: Longest time between them.
        radius_m: Longest way between them.
        cluster: That many reports are an alarm.
        source: Where the numbers come from.
    """

    id: str
    window: timedelta
    radius_m: float
    cluster: int
    source: str


@cache
def three_calls() -> Nearness:
    """Returns how near reports have to be unless a rule of alarms says otherwise.

    Source: the table of densities of `crowd`, which names its own.
    """
    table = density_table()
    return Nearness(
        id="three-calls",
        window=timedelta(minutes=table.red_calls_window_min),
        radius_m=table.red_calls_radius_m,
        cluster=table.red_calls,
        source=table.source,
    )


class PossibleDuplicate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An incident that may be the one that is being reported.

    Args:
        id: Its id.
        number: Its number.
        reasons: Why it may be the same; the same card says most.
        metres: How far away, None while one of the places is unknown.
        minutes: How long ago its last report came in.
    """

    id: str
    number: int
    reasons: tuple[Reason, ...]
    metres: float | None = None
    minutes: float


def reports_of(incident: Incident) -> Iterator[tuple[Place | None, datetime]]:
    """Yields where and when each report of an incident came in, the first included.

    Notes:
        A further report without a place is about the place of the incident.
    """
    yield incident.place, incident.reported_at
    for report in incident.reports:
        yield report.place or incident.place, report.at


def list_near(
    documents: Documents,
    incidents: tuple[Incident, ...],
    *,
    place: Place | None,
    at: datetime,
    profile: Nearness | None = None,
) -> tuple[Incident, ...]:
    """Returns the incident of each report that came in near a place and moment, the earliest report first.

    Args:
        documents: Documents of the event, for the middle of features.
        incidents: The incidents. Struck and merged ones are left out: what was merged stands with the other. So are
            types that say nothing about danger, such as lost property.
        place: Around which place; none are found around one whose point nobody knows.
        at: Until which moment.
        profile: How near; three calls when None.
    """
    point, near = point_of(documents, place), profile or three_calls()
    if point is None:
        return ()
    points = _Points(documents)
    found = [
        (moment, incident.number, incident)
        for incident in incidents
        if not incident.is_gone and incident.type not in HARMLESS
        for where, moment in reports_of(incident)
        if timedelta() <= at - moment <= near.window and points.is_near(where, point, near.radius_m)
    ]
    return tuple(incident for _, _, incident in sorted(found, key=lambda item: item[:2]))


def find_possible_duplicates(
    documents: Documents,
    incidents: tuple[Incident, ...],
    *,
    type: str | None,
    place: Place | None,
    at: datetime,
    card: str | None,
    profile: Nearness | None = None,
) -> tuple[PossibleDuplicate, ...]:
    """Returns incidents that may be the one being reported, the likeliest first.

    Args:
        documents: Documents of the event.
        incidents: The incidents.
        type: Type being reported, or None.
        place: Where, or None.
        at: When.
        card: Number of a card of 112, or None; the same card is told at any distance.
        profile: How near; three calls when None.
    """
    point, points, near = point_of(documents, place), _Points(documents), profile or three_calls()
    wanted = None if card is None else _plain(card)
    found = []
    for incident in incidents:
        if incident.is_gone:
            continue
        since = min(abs(at - moment) for _, moment in reports_of(incident))
        metres = points.metres(incident.place, point)
        reasons: list[Reason] = []
        if wanted and incident.card_112 and _plain(incident.card_112) == wanted:
            reasons.append("card")
        if since <= near.window:
            reasons += _near_reasons(incident, place=place, metres=metres, type=type, radius_m=near.radius_m)
        if reasons:
            found.append(
                PossibleDuplicate(
                    id=incident.id,
                    number=incident.number,
                    reasons=tuple(reasons),
                    metres=None if metres is None else round(metres, 1),
                    minutes=round(since / timedelta(minutes=1), 1),
                )
            )
    return tuple(sorted(found, key=_likelihood))


def _near_reasons(
    incident: Incident, *, place: Place | None, metres: float | None, type: str | None, radius_m: float
) -> list[Reason]:
    """Returns what speaks for the same incident but its card; nothing when the types have nothing in common."""
    features = (incident.place and incident.place.feature, place and place.feature)
    is_elsewhere = None not in features and features[0] != features[1]
    reasons: list[Reason] = []
    if features[0] is not None and features[0] == features[1]:
        reasons.append("feature")
    if metres is not None and metres <= radius_m:
        reasons.append("near")
    if type is None or incident.type is None:
        return reasons
    is_unplaced = metres is None and not is_elsewhere
    if incident.type == type and (reasons or is_unplaced):
        return [*reasons, "type"]
    return reasons if _are_related(incident.type, type) else []


def _are_related(one: str, other: str) -> bool:
    """True when people may tell one thing in these two ways: fire and smoke, pressure and falls."""
    first, second = type_of(one), type_of(other)
    return first is not None and second is not None and not set(first.hazards).isdisjoint(second.hazards)


def _likelihood(found: PossibleDuplicate) -> tuple[bool, int, float, float, int]:
    metres = float("inf") if found.metres is None else found.metres
    return "card" not in found.reasons, -len(found.reasons), metres, found.minutes, found.number


def _plain(card: str) -> str:
    return "".join(letter for letter in card.casefold() if letter.isalnum())


class _Points:
    """Points of places, each feature looked up once."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._features: dict[str, Position | None] = {}

    def point(self, place: Place | None) -> Position | None:
        if place is None or place.point is not None or place.feature is None:
            return None if place is None else place.point
        if place.feature not in self._features:
            self._features[place.feature] = point_of(self._documents, place)
        return self._features[place.feature]

    def metres(self, place: Place | None, point: Position | None) -> float | None:
        found = self.point(place)
        return None if found is None or point is None else distance_m(found, point)

    def is_near(self, place: Place | None, point: Position, radius_m: float) -> bool:
        metres = self.metres(place, point)
        return metres is not None and metres <= radius_m

# SPDX-License-Identifier: Apache-2.0
"""The nearest free capable units of several incidents at once, by time on foot and by vehicle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

import msgspec

from hamkor.incidents.rules import Incident
from hamkor.journal.rules import Documents
from hamkor.operation.rules.places import Place
from hamkor.plans.rules.roster import Post
from hamkor.units.rules.advice import (
    CANDIDATES_MOST,
    Candidate,
    IncidentAdvice,
    LeftOut,
    LeftOutReason,
    MeasuredPosition,
    NeedAdvice,
    PositionSource,
)
from hamkor.units.rules.assigning import Offer, assign
from hamkor.units.rules.capabilities import needs_of, still_needed, suits
from hamkor.units.rules.roads import roads_of
from hamkor.units.rules.travel import NO_WAY, Reached, Spot, TravelProfile, Way
from hamkor.units.rules.units import SENT_STATES, Capability, Travels, Unit
from hamkor.units.rules.walking import Drawing, Leg, network_of
from hamkor.venues.rules.features import Feature

SECONDS_PER_MINUTE = 60.0
Known = tuple[Spot | None, PositionSource, float | None]
Needs = Mapping[str, Sequence[Capability]]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What advice is asked for.

    Args:
        incidents: Open incidents.
        units: All units.
        positions: Measured positions by unit.
        densities: People per m² by area.
        needs: What is needed, by incident, where it is not what its type needs.
        at: Now, aware.
    """

    incidents: tuple[Incident, ...]
    units: tuple[Unit, ...]
    positions: Mapping[str, MeasuredPosition]
    densities: Mapping[str, float]
    needs: Needs
    at: datetime


class _Target(msgspec.Struct):
    """An incident with what is known of the ways to it."""

    incident: Incident
    needs: tuple[Capability | None, ...]
    spot: Spot | None
    on_foot: Reached | None
    by_road: Reached | None
    ways: dict[str, tuple[Way, Travels]] = {}


class Advisor:
    """Answers one question over one drawing.

    Args:
        documents: Documents of the event.
        question: What is asked.
        profile: Speeds and costs.
    """

    def __init__(self, documents: Documents, question: Question, profile: TravelProfile) -> None:
        drawing = Drawing(cast("tuple[Feature, ...]", documents.all("feature")))
        self._documents, self._question, self._profile = documents, question, profile
        self._walking, self._roads = network_of(drawing), roads_of(drawing)
        self._graph = self._walking.graph(question.densities, profile)
        self._approaches: dict[str, tuple[Leg, ...]] = {}
        measured = list(question.positions.items())
        spots = self._walking.locate_all([position.point for _, position in measured])
        self._measured = {unit: spot for (unit, _), spot in zip(measured, spots, strict=True)}
        self._spots: dict[str, Known] = {unit.id: self._position(unit) for unit in question.units}
        self._ranks: dict[tuple[str, Capability | None], int | None] = {}
        self._targets = [self._target(incident) for incident in question.incidents]

    def advise(self) -> tuple[IncidentAdvice, ...]:
        """Returns the advice for each incident, in the order asked."""
        slots = [(target, place) for target in self._targets for place in range(len(target.needs))]
        free = sorted(
            (unit for unit in self._question.units if unit.state == "free" and unit.retired_at is None),
            key=lambda unit: (unit.call_sign, unit.id),
        )
        offers = [
            Offer(unit_index, slot_index, self._cost_s(unit, target, target.needs[place]))
            for slot_index, (target, place) in enumerate(slots)
            for unit_index, unit in enumerate(free)
            if self._is_offered(unit, target, target.needs[place])
        ]
        weights = [self._profile.weights[target.incident.priority] for target, _ in slots]
        chosen = assign(offers, weights, unfilled_s=self._profile.unfilled_s)
        found = [
            NeedAdvice(
                need=target.needs[place],
                proposed=free[chosen[index]].id if index in chosen else None,
                candidates=self._candidates(
                    target,
                    target.needs[place],
                    free,
                    proposed=free[chosen[index]] if index in chosen else None,
                ),
            )
            for index, (target, place) in enumerate(slots)
        ]
        return tuple(
            self._told(target, [found[index] for index, slot in enumerate(slots) if slot[0] is target])
            for target in self._targets
        )

    def _told(self, target: _Target, needs: list[NeedAdvice]) -> IncidentAdvice:
        able = self._able(target)
        in_service = sum(unit.retired_at is None for unit in self._question.units)
        return IncidentAdvice(
            incident=target.incident.id,
            number=target.incident.number,
            priority=target.incident.priority,
            area=None if target.spot is None else self._walking.area_of(target.spot),
            needs=tuple(needs),
            left_out=self._left_out(target, able),
            unable=in_service - len(able) - len(target.incident.units) if target.needs else 0,
        )

    def _position(self, unit: Unit) -> Known:
        """Returns where a unit is, how that is known, and how old a measured position is."""
        measured = self._question.positions.get(unit.id)
        age_s = None if measured is None else max(0.0, (self._question.at - measured.at).total_seconds())
        is_fresh = age_s is not None and age_s <= self._profile.stale_s
        if measured is not None and is_fresh:
            return self._measured[unit.id], "measured", age_s
        told = self._spot(unit.last_place)
        if told is not None:
            return told, "told", None
        post = None if unit.post is None else cast("Post | None", self._documents.get("post", unit.post))
        for feature in () if post is None else post.place:
            spot = self._walking.spot_of(feature)
            if spot is not None:
                return spot, "post", None
        if measured is not None:
            return self._measured[unit.id], "stale", age_s
        home = self._spot(unit.home)
        return (home, "unknown" if home is None else "home", None)

    def _spot(self, place: Place | None) -> Spot | None:
        if place is None:
            return None
        if place.point is not None:
            return self._walking.locate(place.point)
        return None if place.feature is None else self._walking.spot_of(place.feature)

    def _target(self, incident: Incident) -> _Target:
        present = [unit for unit in self._question.units if unit.id in incident.units]
        asked = self._question.needs.get(incident.id)
        needs = still_needed(asked, present) if asked else needs_of(incident.type, present)
        spot = self._spot(incident.place)
        target = _Target(incident, needs, spot, None, None, {})
        if spot is None:
            return target
        target.on_foot = self._graph.reach(spot)
        if self._roads.spots and any(unit.travels == "vehicle" for unit in self._question.units):
            near = zip(self._roads.spots, self._graph.approaches(self._roads.spots), strict=True)
            feet = [self._graph.way(spot, target.on_foot, each, approach=legs) for each, legs in near]
            target.by_road = self._roads.reach(feet, profile=self._profile)
        return target

    def _way(self, unit: Unit, target: _Target) -> tuple[Way, Travels]:
        """Returns the quickest way of a unit; a crew leaves its vehicle when it is quicker on foot."""
        if unit.id not in target.ways:
            target.ways[unit.id] = self._find_way(unit, target)
        return target.ways[unit.id]

    def _find_way(self, unit: Unit, target: _Target) -> tuple[Way, Travels]:
        start = self._spots[unit.id][0]
        if start is None or target.spot is None or target.on_foot is None:
            return NO_WAY, unit.travels
        if unit.id not in self._approaches:
            self._approaches[unit.id] = self._graph.approach(start)
        walk = self._graph.way(target.spot, target.on_foot, start, approach=self._approaches[unit.id])
        if unit.travels == "foot":
            return walk, "foot"
        drive = self._roads.way(start, target.by_road, target.spot, profile=self._profile)
        return (drive, "vehicle") if drive.seconds <= walk.seconds else (walk, "foot")

    def _rank(self, unit: Unit, need: Capability | None) -> int | None:
        key = (unit.id, need)
        if key not in self._ranks:
            self._ranks[key] = suits(unit, need)
        return self._ranks[key]

    def _is_unknown(self, unit: Unit, target: _Target) -> bool:
        return target.spot is None or self._spots[unit.id][0] is None

    def _is_offered(self, unit: Unit, target: _Target, need: Capability | None) -> bool:
        if self._rank(unit, need) is None:
            return False
        return self._is_unknown(unit, target) or self._way(unit, target)[0].basis != "unknown"

    def _cost_s(self, unit: Unit, target: _Target, need: Capability | None) -> float:
        profile = self._profile
        seconds = profile.unknown_s if self._is_unknown(unit, target) else self._way(unit, target)[0].seconds
        seconds += profile.second_choice_s * (self._rank(unit, need) or 0)
        return seconds + (profile.post_s if unit.post is not None else 0.0)

    def _candidates(
        self, target: _Target, need: Capability | None, free: Sequence[Unit], *, proposed: Unit | None
    ) -> tuple[Candidate, ...]:
        able = [unit for unit in free if self._is_offered(unit, target, need)]
        able.sort(key=lambda unit: (self._cost_s(unit, target, need), unit.call_sign, unit.id))
        listed = able[:CANDIDATES_MOST]
        if proposed is not None and proposed not in listed:
            listed = [*listed[:-1], proposed]
        return tuple(self._candidate(unit, target, need) for unit in listed)

    def _candidate(self, unit: Unit, target: _Target, need: Capability | None) -> Candidate:
        _, source, age_s = self._spots[unit.id]
        way, travels = self._way(unit, target)
        is_known = way.basis != "unknown"
        return Candidate(
            unit=unit.id,
            call_sign=unit.call_sign,
            agency=unit.agency,
            minutes=round(way.seconds / SECONDS_PER_MINUTE, 1) if is_known else None,
            metres=round(way.metres) if is_known else None,
            travels=travels,
            basis=way.basis,
            is_guessed=is_known and way.is_guessed,
            position=source,
            position_age_s=None if age_s is None else round(age_s, 1),
            is_stand_in=self._rank(unit, need) == 1,
            leaves_post=unit.post,
        )

    def _able(self, target: _Target) -> list[Unit]:
        """Returns the units in service that could do something of what is needed, by call sign."""
        return [
            unit
            for unit in sorted(self._question.units, key=lambda unit: (unit.call_sign, unit.id))
            if unit.retired_at is None
            and unit.id not in target.incident.units
            and any(self._rank(unit, need) is not None for need in target.needs)
        ]

    def _left_out(self, target: _Target, able: list[Unit]) -> tuple[LeftOut, ...]:
        reasons = [(unit, self._reason(unit, target)) for unit in able]
        return tuple(
            LeftOut(
                unit=unit.id,
                call_sign=unit.call_sign,
                reason=reason,
                incident=unit.incident,
                minutes=self._minutes_from_less_urgent(unit, target),
            )
            for unit, reason in reasons
            if reason is not None
        )

    def _reason(self, unit: Unit, target: _Target) -> LeftOutReason | None:
        if unit.state in SENT_STATES:
            return "sent"
        if unit.state == "busy":
            return "busy"
        if unit.state == "off_duty":
            return "off_duty"
        return None if any(self._is_offered(unit, target, need) for need in target.needs) else "unreachable"

    def _minutes_from_less_urgent(self, unit: Unit, target: _Target) -> float | None:
        """Returns how long a unit would take that is on its way to something less urgent."""
        if unit.state not in ("assigned", "en_route") or unit.incident is None:
            return None
        other = cast("Incident | None", self._documents.get("incident", unit.incident))
        if other is None or other.priority <= target.incident.priority:
            return None
        way, _ = self._way(unit, target)
        return None if way.basis == "unknown" else round(way.seconds / SECONDS_PER_MINUTE, 1)

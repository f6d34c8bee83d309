# SPDX-License-Identifier: Apache-2.0
"""What the plan sets beside what was found: areas that have to be empty in time, moments by which all are in or out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.plans.rules.plan import Plan
from hamkor.simulation.rules.outcome import Band, Outcome, PlaceOutcome
from hamkor.venues.rules.features import Area
from hamkor.workspace.scenario_words import duration, label_of, moment_of

HALF_A_PERSON = 0.5


class LimitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A limit of the plan beside what was found.

    Args:
        label: What it is about.
        limit: The limit.
        found: What was found, None when it was never reached.
        state: `kept`, `close` (the band reaches over it) or `missed`.
    """

    label: Message
    limit: Message
    found: Message | None
    state: str


def limits_of(outcome: Outcome, plan: Plan, names: Mapping[str, Any]) -> tuple[LimitRow, ...]:
    """Returns what the plan sets beside what was found, missed ones first.

    Args:
        outcome: The answer.
        plan: The plan it is about.
        names: What features are called in the language of the page, by id.
    """
    rows = [*_moments(outcome, plan), *_area_limits(outcome, plan, names)]
    order = {"missed": 0, "close": 1, "kept": 2}
    return tuple(sorted(rows, key=lambda row: order[row.state]))


def _moments(outcome: Outcome, plan: Plan) -> list[LimitRow]:
    """Returns the moment by which all should be in, or out, of those who move by the clock of the plan."""
    event, begins_at = plan.event, outcome.scenario.starts_at
    due_at = {"ingress": event.starts_at, "egress": event.clear_by}.get(outcome.scenario.direction)
    zone = zone_of(plan)
    if due_at is None or begins_at is None or not outcome.scenario.arrivals:
        return []
    begun_at = begins_at.astimezone(zone).replace(tzinfo=None) if begins_at.tzinfo else begins_at
    band = outcome.clearance_s.get("0.99")
    found = None if band is None else Message("{clock}", {"clock": moment_of(begins_at, band.middle, zone)})
    label = (
        N_("99 % in before the programme begins")
        if outcome.scenario.direction == "ingress"
        else N_("99 % out")
    )
    limit = Message("{clock}", {"clock": due_at.strftime("%H:%M")})
    state = _state(band, (due_at - begun_at).total_seconds())
    return [LimitRow(label=Message(label), limit=limit, found=found, state=state)]


def _area_limits(outcome: Outcome, plan: Plan, names: Mapping[str, Any]) -> list[LimitRow]:
    """Returns the times areas have to empty in: they count when everybody starts at once."""
    fields = {"egress": "egress_time_limit_min", "evacuate": "emergency_time_limit_min"}
    field = fields.get(outcome.scenario.direction)
    if field is None or plan.venue is None or outcome.scenario.arrivals:
        return []
    rows = []
    for feature in plan.venue.features:
        limit_min = getattr(feature.properties, field, None) if isinstance(feature.properties, Area) else None
        place = outcome.places.get(feature.id)
        if limit_min is None or place is None or place.most_people.high < 1:
            continue
        clear = place.clear_s or _emptied(place)
        rows.append(
            LimitRow(
                label=Message("{area}", {"area": label_of(feature.id, names)}),
                limit=duration(60.0 * limit_min),
                found=None if clear is None else duration(clear.middle),
                state=_state(clear, 60.0 * limit_min),
            )
        )
    return rows


def _emptied(place: PlaceOutcome) -> Band | None:
    """Returns from when on less than half a person is left; None when more stay."""
    curve = place.people
    moments = [_empty_s(curve.times_s, values) for values in (curve.low, curve.values, curve.high) if values]
    if not moments or any(moment is None for moment in moments):
        return None
    found = sorted(moment for moment in moments if moment is not None)
    return Band(found[0], found[len(found) // 2], found[-1])


def _empty_s(times_s: Sequence[float], people: Sequence[float]) -> float | None:
    if people[-1] >= HALF_A_PERSON:
        return None
    there = [at for at, count in zip(times_s, people, strict=True) if count >= HALF_A_PERSON]
    return next((at for at in times_s if not there or at > there[-1]), None)


def _state(found: Band | None, limit_s: float) -> str:
    if found is None or found.middle > limit_s:
        return "missed"
    return "kept" if found.high <= limit_s else "close"


def zone_of(plan: Plan) -> Any:
    """Returns the time zone of an event; that of moments as they are, when it is unknown."""
    try:
        return ZoneInfo(plan.event.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None

# SPDX-License-Identifier: Apache-2.0
"""What would be different if a way were shut: the same state forecast twice, and where the two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from hamkor.forecasts.rules.forecast import Forecast, GateAhead

# Fewer people than this are no difference anybody could act on.
LEAST_PEOPLE = 10.0
LEAST_WAIT_S = 15.0
SHOWN_MOST = 8


class PlaceDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A place in both forecasts.

    Args:
        id: Id of the area.
        people: People in it as things stand.
        changed: People in it with the change.
        density_per_m2: People per m² with the change, None when that cannot be told.
    """

    id: str
    people: float
    changed: float
    density_per_m2: float | None = None


class GateDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A way in both forecasts.

    Args:
        id: Id of the way.
        queue: People waiting as things stand.
        queue_changed: People waiting with the change.
        wait_s: Wait in seconds of the event as things stand.
        wait_changed_s: Wait with the change.
        flow_per_min: People through it per minute as things stand.
        flow_changed_per_min: With the change.
    """

    id: str
    queue: float
    queue_changed: float
    wait_s: float
    wait_changed_s: float
    flow_per_min: float
    flow_changed_per_min: float


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """What a change would do.

    Args:
        factors: Share of the capacity that is left, by way.
        minute: Minutes from now for which the numbers stand.
        inside: People inside as things stand; None when nobody can say.
        inside_changed: With the change.
        places: Where it makes a difference, the greatest first.
        gates: Ways at which it makes a difference, the greatest first.
        left_out: How many smaller differences are not listed.
        cpu_s: Processor time of both forecasts.
    """

    factors: Mapping[str, float]
    minute: int
    inside: float | None
    inside_changed: float | None
    places: tuple[PlaceDifference, ...]
    gates: tuple[GateDifference, ...]
    left_out: int = 0
    cpu_s: float = 0.0


def differences(as_is: Forecast, changed: Forecast, factors: Mapping[str, float], *, minute: int) -> WhatIf:
    """Returns where two forecasts of the same state differ at a minute.

    Args:
        as_is: As things stand.
        changed: With the change.
        factors: The change.
        minute: Minutes from now; one of those both forecasts have.

    Source: none; a comparison of two answers.
    """
    index = as_is.minutes.index(minute)
    places = sorted(_places(as_is, changed, index), key=lambda each: -abs(each.changed - each.people))
    gates = sorted(_gates(as_is, changed, index), key=_weight, reverse=True)
    return WhatIf(
        factors=dict(factors),
        minute=minute,
        inside=None if as_is.inside is None else as_is.inside.middle[minute],
        inside_changed=None if changed.inside is None else changed.inside.middle[minute],
        places=tuple(places[:SHOWN_MOST]),
        gates=tuple(gates[:SHOWN_MOST]),
        left_out=max(0, len(places) - SHOWN_MOST) + max(0, len(gates) - SHOWN_MOST),
        cpu_s=round(as_is.cpu_s + changed.cpu_s, 4),
    )


def _places(as_is: Forecast, changed: Forecast, index: int) -> list[PlaceDifference]:
    found = []
    for place_id, before in as_is.places.items():
        after = changed.places.get(place_id)
        if after is None or abs(after.people[index] - before.people[index]) < LEAST_PEOPLE:
            continue
        per_m2 = round(after.people[index] / after.area_m2, 2) if after.area_m2 else None
        found.append(
            PlaceDifference(
                id=place_id, people=before.people[index], changed=after.people[index], density_per_m2=per_m2
            )
        )
    return found


def _gates(as_is: Forecast, changed: Forecast, index: int) -> list[GateDifference]:
    found = []
    for link_id in dict.fromkeys((*as_is.gates, *changed.gates)):
        before, after = as_is.gates.get(link_id), changed.gates.get(link_id)
        each = GateDifference(
            id=link_id,
            queue=_at(before, "queue", index),
            queue_changed=_at(after, "queue", index),
            wait_s=_at(before, "wait_s", index),
            wait_changed_s=_at(after, "wait_s", index),
            flow_per_min=_at(before, "flow_per_min", index),
            flow_changed_per_min=_at(after, "flow_per_min", index),
        )
        is_longer = abs(each.queue_changed - each.queue) >= LEAST_PEOPLE
        if is_longer or abs(each.wait_changed_s - each.wait_s) >= LEAST_WAIT_S:
            found.append(each)
    return found


def _at(gate: GateAhead | None, name: str, index: int) -> float:
    values: Sequence[float] = () if gate is None else getattr(gate, name)
    return values[index] if values else 0.0


def _weight(each: GateDifference) -> float:
    return abs(each.queue_changed - each.queue)

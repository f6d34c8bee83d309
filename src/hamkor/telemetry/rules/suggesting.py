# SPDX-License-Identifier: Apache-2.0
"""The devices a drawing asks for: what is drawn as a device, and a counter at each way people use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hamkor.telemetry.rules.devices import ID_MAX, Device, Sort, Wanted
from hamkor.venues.rules.features import Connection, Feature
from hamkor.venues.rules.features import Device as Drawn

# What a device of the drawing reports. A camera counts the people it sees; a fire alarm tells of smoke.
SORT_OF_DRAWN: dict[str, Sort] = {"camera": "density", "panic_button": "button", "fire_alarm": "smoke"}


def suggest_devices(features: Iterable[Feature], registered: Sequence[Device] = ()) -> tuple[Wanted, ...]:
    """Returns the devices a drawing asks for that nobody has registered, in the order of the drawing.

    Args:
        features: The drawing.
        registered: The devices of the event; one that was shut out has been registered too.

    Notes:
        Every way people use gets a counter, not the gates alone: who is in an area is known only when all its ways are
        counted. A camera is left out when each area it covers has a sensor of its own.
    """
    ids = {device.id for device in registered}
    told_of = {(device.sort, feature) for device in registered for feature in device.may_tell_of}
    found: dict[str, Wanted] = {}
    for feature in features:
        wanted = counter_of(feature) or _drawn_device(feature)
        if wanted is None or wanted.id in ids or wanted.id in found:
            continue
        is_told_of = (wanted.sort, feature.id) in told_of or ("gateway", feature.id) in told_of
        if not is_told_of and not _is_seen(feature, told_of):
            found[wanted.id] = wanted
    return tuple(found.values())


def counter_of(feature: Feature) -> Wanted | None:
    """Returns the counter of a way people use, None for what is no way, or one for emergencies alone."""
    drawn = feature.properties
    if not isinstance(drawn, Connection) or getattr(drawn, "emergency_only", False):
        return None
    return Wanted(id=f"count-{feature.id}"[:ID_MAX], sort="counter", feature=feature.id)


def _drawn_device(feature: Feature) -> Wanted | None:
    drawn = feature.properties
    if not isinstance(drawn, Drawn) or drawn.device not in SORT_OF_DRAWN:
        return None
    return Wanted(id=feature.id, sort=SORT_OF_DRAWN[drawn.device], feature=feature.id)


def _is_seen(feature: Feature, told_of: set[tuple[Sort, str]]) -> bool:
    """True for a camera all of whose areas have sensors of density."""
    drawn = feature.properties
    if not isinstance(drawn, Drawn) or drawn.device != "camera" or not drawn.covers:
        return False
    return all(("density", area) in told_of for area in drawn.covers)

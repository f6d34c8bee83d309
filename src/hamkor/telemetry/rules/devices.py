# SPDX-License-Identifier: Apache-2.0
"""Devices of an event: what they are, what they may measure, whether they are heard."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import Viewer
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Id
from hamkor.telemetry.rules.readings import COUNTERS, MEASURES, WEATHER, Measure

At = Annotated[datetime, Meta(tz=True)]
Sort = Literal["counter", "density", "button", "weather", "tracker", "smoke", "gateway"]
SORTS: tuple[Sort, ...] = get_args(Sort)
State = Literal["live", "lost", "skewed", "revoked"]
ID_MAX = 80
TITLE_MAX = 200
REASON_MAX = 1_000
FEATURES_MAX = 500
# Seconds every device may be silent for, if its registration says nothing else. The range of what can be meant.
SILENCE_MIN_S, SILENCE_MAX_S = 2.0, 86_400.0

# What each sort measures, and after how many seconds of silence it counts as lost. Ours, by decision 0025: about
# three missed reports of the usual device of its sort.
_ALWAYS: frozenset[str] = frozenset({"battery", "heartbeat"})
MEASURES_OF: dict[Sort, frozenset[str]] = {
    "counter": COUNTERS | _ALWAYS,
    "density": frozenset({"density", "occupancy", "speed"}) | _ALWAYS,
    "button": frozenset({"button"}) | _ALWAYS,
    "weather": WEATHER | _ALWAYS,
    "tracker": frozenset({"position", "speed", "button"}) | _ALWAYS,
    "smoke": frozenset({"smoke"}) | _ALWAYS,
    "gateway": frozenset(MEASURES),
}
SILENCE_S: dict[Sort, float] = {
    "counter": 60,
    "density": 30,
    "button": 180,
    "weather": 180,
    "tracker": 120,
    "smoke": 180,
    "gateway": 30,
}


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device as somebody asks to register it; the fields are those of `Device`."""

    id: Id
    sort: Sort
    title: str | None = None
    feature: Id | None = None
    features: tuple[Id, ...] = ()
    measures: tuple[Measure, ...] = ()
    unit: str | None = None
    silence_s: float | None = None


class DeviceError(HamkorError):
    """Something about a device cannot be done; says what and how to mend it."""


class Device(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A device as it is registered.

    Args:
        id: Its id at this event.
        sort: What it is.
        title: What people call it.
        feature: Feature of the drawing its readings are about.
        features: Further features a gateway may report about.
        measures: What it may report; everything of its sort when empty.
        unit: Unit that carries it, of a tracker.
        silence_s: Seconds of silence after which it counts as lost; that of its sort when None.
        generation: Number of the key it must show.
        registered_at: When it was registered.
        registered_by: By whom.
        issued_at: When its key was issued.
        revoked_at: When it was shut out, or None.
        revoked_by: By whom.
        reason: Why.
    """

    id: Id
    sort: Sort
    title: Annotated[str, Meta(max_length=TITLE_MAX)] | None = None
    feature: Id | None = None
    features: tuple[Id, ...] = ()
    measures: tuple[Measure, ...] = ()
    unit: str | None = None
    silence_s: float | None = None
    generation: int = 1
    registered_at: At
    registered_by: str
    issued_at: At
    revoked_at: At | None = None
    revoked_by: str | None = None
    reason: str | None = None

    @property
    def may_measure(self) -> frozenset[str]:
        """What it may report."""
        return frozenset(self.measures) if self.measures else MEASURES_OF[self.sort]

    @property
    def may_tell_of(self) -> frozenset[str]:
        """Features it may report about."""
        own = (self.feature,) if self.feature is not None else ()
        return frozenset((*own, *self.features))

    @property
    def silent_after_s(self) -> float:
        """Seconds of silence after which it counts as lost."""
        return SILENCE_S[self.sort] if self.silence_s is None else self.silence_s


class DeviceState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether a device is heard; journalled when it changes.

    Args:
        id: Id of the device.
        state: `live`; `lost`: silent for too long; `skewed`: heard, but its clock is wrong; `revoked`: shut out.
        since: Since when.
        last_at: When it was heard last, or None.
        skew_s: How far its clock is off, in seconds; above zero when it is behind.
    """

    id: Id
    state: State
    since: At
    last_at: At | None = None
    skew_s: float | None = None


def require_registrable(device: Device, known: frozenset[str]) -> None:
    """Returns when a device can be what it is said to be.

    Args:
        device: The device.
        known: Ids of the features of the drawing.

    Raises:
        DeviceError: ``device-feature-absent``, ``device-measure-wrong``, ``device-silence-wrong`` or
            ``device-too-many-features``.
    """
    if len(device.features) > FEATURES_MAX:
        template = N_("A gateway can report about {most} features at most. Register a second one.")
        raise DeviceError("device-too-many-features", template, most=FEATURES_MAX)
    absent = sorted(device.may_tell_of - known)
    if absent:
        template = N_("“{feature}” is not on the drawing of the venue. Draw it first, or choose another.")
        raise DeviceError("device-feature-absent", template, feature=absent[0])
    wrong = sorted(frozenset(device.measures) - MEASURES_OF[device.sort])
    if wrong:
        template = N_("A device of the sort {sort} does not measure {measure}. Choose the sort gateway.")
        raise DeviceError("device-measure-wrong", template, sort=device.sort, measure=wrong[0])
    if not SILENCE_MIN_S <= device.silent_after_s <= SILENCE_MAX_S:
        template = N_("A device counts as lost after {low} to {high} seconds of silence.")
        facts = {"low": int(SILENCE_MIN_S), "high": int(SILENCE_MAX_S)}
        raise DeviceError("device-silence-wrong", template, **facts)


# The part of the server that takes readings in. It has no role and no rights.
SYSTEM_INGEST = Viewer(person="system:ingest")
SYSTEM_PREFIX = "system:"

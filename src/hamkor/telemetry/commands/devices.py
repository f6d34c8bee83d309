# SPDX-License-Identifier: Apache-2.0
"""Devices: registered, given a new key, shut out. The key itself is made from the secret of the installation."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.telemetry.commands.sending import require_manager
from hamkor.telemetry.facts import (
    DEVICE,
    DEVICE_KEY_ISSUED,
    DEVICE_REGISTERED,
    DEVICE_REVOKED,
    DEVICE_STATE,
    DEVICE_STATE_CHANGED,
    DeviceRevoked,
    KeyIssued,
)
from hamkor.telemetry.rules.devices import (
    REASON_MAX,
    Device,
    DeviceError,
    DeviceState,
    Wanted,
    require_registrable,
)
from hamkor.telemetry.rules.suggesting import suggest_devices
from hamkor.venues.facts import FEATURE


def register_device(store: Store, envelope: Envelope, *, viewer: Viewer, device: Wanted) -> Result:
    """Registers a device, or changes what is registered; it keeps its key then.

    Args:
        store: Where the journal is kept.
        envelope: Who sends, when.
        viewer: The same person with their rights.
        device: What it is.

    Raises:
        NotAllowedError: ``not-allowed``.
        DeviceError: ``device-malformed``, or a code of `require_registrable`.
    """
    require_manager(envelope, viewer)
    try:
        wanted = msgspec.convert(msgspec.to_builtins(device), Wanted)
    except msgspec.ValidationError as error:
        template = N_("The device cannot be registered so: {reason}.")
        raise DeviceError("device-malformed", template, reason=str(error)) from None

    def decide(documents: Documents) -> list[Fact[Any]]:
        at = in_utc(envelope.at)
        before = documents.get(DEVICE, wanted.id)
        given = msgspec.structs.asdict(wanted)
        made = Device(**given, registered_at=at, registered_by=envelope.by, issued_at=at)
        if before is not None:
            made = msgspec.structs.replace(before, **given)
        require_registrable(made, frozenset(feature.id for feature in documents.all(FEATURE)))
        return [] if made == before else [DEVICE_REGISTERED(made)]

    return perform(store, envelope, decide, content=["register_device", msgspec.to_builtins(wanted)])


def register_drawn_devices(store: Store, envelope: Envelope, *, viewer: Viewer) -> Result:
    """Registers what the drawing asks for and nobody has registered; nothing is changed of what is there.

    Raises:
        NotAllowedError: ``not-allowed``.
        DeviceError: A code of `require_registrable`.
    """
    require_manager(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        at = in_utc(envelope.at)
        features: tuple[Any, ...] = documents.all("feature")
        known = frozenset(feature.id for feature in features)
        found = []
        for wanted in suggest_devices(features, documents.all(DEVICE)):
            given = msgspec.structs.asdict(wanted)
            made = Device(**given, registered_at=at, registered_by=envelope.by, issued_at=at)
            require_registrable(made, known)
            found.append(DEVICE_REGISTERED(made))
        return found

    return perform(store, envelope, decide, content=["register_drawn_devices"])


def issue_key(store: Store, envelope: Envelope, *, viewer: Viewer, device_id: str) -> Result:
    """Gives a device a new key; the one before is worth nothing from now on. One that was shut out comes back.

    Raises:
        NotAllowedError: ``not-allowed``.
        DeviceError: ``device-absent``.
    """
    require_manager(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        device, at = _found(documents, device_id), in_utc(envelope.at)
        body = KeyIssued(id=device.id, generation=device.generation + 1, at=at)
        return [DEVICE_KEY_ISSUED(body)]

    return perform(store, envelope, decide, content=["issue_key", device_id])


def revoke_device(store: Store, envelope: Envelope, *, viewer: Viewer, device_id: str, reason: str) -> Result:
    """Shuts a device out: what it sends from now on is refused.

    Raises:
        NotAllowedError: ``not-allowed``.
        DeviceError: ``device-absent``, ``device-revoked`` or ``device-reason-missing``.
    """
    require_manager(envelope, viewer)
    why = reason.strip()[:REASON_MAX]
    if not why:
        raise DeviceError("device-reason-missing", N_("Say why the device is shut out."))

    def decide(documents: Documents) -> list[Fact[Any]]:
        device, at = _found(documents, device_id), in_utc(envelope.at)
        if device.revoked_at is not None:
            raise DeviceError("device-revoked", N_("This device is shut out already."))
        state = documents.get(DEVICE_STATE, device.id)
        last_at = None if state is None else state.last_at
        told = DeviceState(id=device.id, state="revoked", since=at, last_at=last_at)
        body = DeviceRevoked(id=device.id, at=at, by=envelope.by, reason=why)
        return [DEVICE_REVOKED(body), DEVICE_STATE_CHANGED(told)]

    return perform(store, envelope, decide, content=["revoke_device", device_id, why])


def _found(documents: Documents, device_id: str) -> Device:
    device = documents.get(DEVICE, device_id)
    if device is None:
        template = N_("No device “{device}” is registered at this event. Look at the list of devices.")
        raise DeviceError("device-absent", template, device=device_id[:80])
    return device

# SPDX-License-Identifier: Apache-2.0
"""What can happen: devices are registered, get keys and are shut out; states of zones and devices change."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import msgspec

from hamkor.common.records import Id
from hamkor.journal.rules import Changes, Documents, Fact, declare_fact, declare_kind
from hamkor.telemetry.rules.devices import At, Device, DeviceState
from hamkor.telemetry.rules.zones import ZoneState


class KeyIssued(msgspec.Struct, frozen=True, kw_only=True):
    """A device got a new key; the one before is worth nothing from now on. The key itself is nowhere."""

    id: Id
    generation: int
    at: At


class DeviceRevoked(msgspec.Struct, frozen=True, kw_only=True):
    """A device was shut out."""

    id: Id
    at: At
    by: str
    reason: str


DEVICE = declare_kind("device", Device)
ZONE_STATE = declare_kind("zone_state", ZoneState)
DEVICE_STATE = declare_kind("device_state", DeviceState)


def _register(_documents: Documents, fact: Fact[Device]) -> Changes:
    return {("device", fact.body.id): fact.body}


def _issue(documents: Documents, fact: Fact[KeyIssued]) -> Changes:
    device, body = documents.get(DEVICE, fact.body.id), fact.body
    if device is None:
        return {}
    issued = msgspec.structs.replace(
        device, generation=body.generation, issued_at=body.at, revoked_at=None, revoked_by=None, reason=None
    )
    return {("device", device.id): issued}


def _revoke(documents: Documents, fact: Fact[DeviceRevoked]) -> Changes:
    device, body = documents.get(DEVICE, fact.body.id), fact.body
    if device is None:
        return {}
    revoked = msgspec.structs.replace(device, revoked_at=body.at, revoked_by=body.by, reason=body.reason)
    return {("device", device.id): revoked}


def _zone(_documents: Documents, fact: Fact[ZoneState]) -> Changes:
    return {("zone_state", fact.body.id): fact.body}


def _device_state(_documents: Documents, fact: Fact[DeviceState]) -> Changes:
    return {("device_state", fact.body.id): fact.body}


DEVICE_REGISTERED = declare_fact("device.registered.v1", Device, _register)
DEVICE_KEY_ISSUED = declare_fact("device.key_issued.v1", KeyIssued, _issue)
DEVICE_REVOKED = declare_fact("device.revoked.v1", DeviceRevoked, _revoke)
ZONE_STATE_CHANGED = declare_fact("zone_state.changed.v1", ZoneState, _zone)
DEVICE_STATE_CHANGED = declare_fact("device_state.changed.v1", DeviceState, _device_state)

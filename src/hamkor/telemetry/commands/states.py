# SPDX-License-Identifier: Apache-2.0
"""What the part of the server that takes readings in writes down: states of zones and devices, when they change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact
from hamkor.telemetry.commands.sending import require_server
from hamkor.telemetry.facts import (
    DEVICE,
    DEVICE_STATE,
    DEVICE_STATE_CHANGED,
    ZONE_STATE,
    ZONE_STATE_CHANGED,
)
from hamkor.telemetry.rules.devices import DeviceState
from hamkor.telemetry.rules.zones import ZoneState


def record_zone_states(
    store: Store, envelope: Envelope, *, viewer: Viewer, states: Sequence[ZoneState]
) -> Result:
    """Writes down the zones whose band has changed; others are left out.

    Raises:
        DeviceError: ``not-allowed``: only the server itself does this.
    """
    require_server(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        facts = []
        for state in states:
            before = documents.get(ZONE_STATE, state.id)
            if before is None or before.band != state.band:
                facts.append(ZONE_STATE_CHANGED(state))
        return facts

    return perform(store, envelope, decide, content=["record_zone_states", msgspec.to_builtins(states)])


def record_device_states(
    store: Store, envelope: Envelope, *, viewer: Viewer, states: Sequence[DeviceState]
) -> Result:
    """Writes down the devices that were lost, came back or have a wrong clock; those shut out stay so.

    Raises:
        DeviceError: ``not-allowed``: only the server itself does this.
    """
    require_server(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        facts = []
        for state in states:
            device, before = documents.get(DEVICE, state.id), documents.get(DEVICE_STATE, state.id)
            is_shut_out = device is None or device.revoked_at is not None
            if not is_shut_out and (before is None or before.state != state.state):
                facts.append(DEVICE_STATE_CHANGED(state))
        return facts

    return perform(store, envelope, decide, content=["record_device_states", msgspec.to_builtins(states)])

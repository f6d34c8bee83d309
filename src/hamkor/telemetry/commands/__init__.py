# SPDX-License-Identifier: Apache-2.0
"""Verbs of telemetry: people keep devices; the server itself writes down states of zones and devices."""

from hamkor.journal.commands import Envelope, Result, Store
from hamkor.telemetry.commands.devices import (
    issue_key,
    register_device,
    register_drawn_devices,
    revoke_device,
)
from hamkor.telemetry.commands.states import record_device_states, record_zone_states

__all__ = [
    "Envelope",
    "Result",
    "Store",
    "issue_key",
    "record_device_states",
    "record_zone_states",
    "register_device",
    "register_drawn_devices",
    "revoke_device",
]

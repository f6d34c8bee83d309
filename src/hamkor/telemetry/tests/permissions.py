# SPDX-License-Identifier: Apache-2.0
"""Who may send the commands of telemetry, in the manner of `tests/test_permissions_of_commands.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hamkor.telemetry.commands import (
    issue_key,
    record_device_states,
    record_zone_states,
    register_device,
    register_drawn_devices,
    revoke_device,
)
from hamkor.telemetry.rules.devices import Wanted

# Coordinators keep devices; states are written down by the server itself.
TABLE: dict[str, str] = {
    "telemetry.register_device": ".xxxxxxxxxxx xx",
    "telemetry.register_drawn_devices": ".xxxxxxxxxxx xx",
    "telemetry.issue_key": "?xxxxxxxxxxx xx",
    "telemetry.revoke_device": "?xxxxxxxxxxx xx",
    "telemetry.record_zone_states": "xxxxxxxxxxxx xx",
    "telemetry.record_device_states": "xxxxxxxxxxxx xx",
}
WITHOUT_A_VIEWER: dict[str, str] = {}


def sending(desk: Any) -> dict[str, Callable[[], object]]:
    """Returns each command, ready to be sent by the person at the desk."""

    def send(command: Callable[..., object], **values: Any) -> Callable[[], object]:
        return lambda: command(desk.store, desk.sent(), viewer=desk.viewer, **values)

    gone = {"device_id": "nothing"}
    return {
        "telemetry.register_device": send(register_device, device=Wanted(id="weather", sort="weather")),
        "telemetry.register_drawn_devices": send(register_drawn_devices),
        "telemetry.issue_key": send(issue_key, **gone),
        "telemetry.revoke_device": send(revoke_device, **gone, reason="lost"),
        "telemetry.record_zone_states": send(record_zone_states, states=()),
        "telemetry.record_device_states": send(record_device_states, states=()),
    }

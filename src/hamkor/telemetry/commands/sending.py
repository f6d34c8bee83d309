# SPDX-License-Identifier: Apache-2.0
"""What all verbs of telemetry share: who sends, and what is refused."""

from __future__ import annotations

from hamkor.agencies.rules import Viewer, require, require_same
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope
from hamkor.telemetry.rules.devices import SYSTEM_PREFIX, DeviceError


def is_server(viewer: Viewer) -> bool:
    """True for a part of the server itself; nobody signs in as one."""
    return viewer.person.startswith(SYSTEM_PREFIX)


def require_manager(envelope: Envelope, viewer: Viewer) -> None:
    """Returns when the sender may manage devices: by right, or as who runs the installation.

    Raises:
        NotAllowedError: ``not-allowed``.
        ValueError: The envelope was filled for somebody else: a fault of the program.
    """
    require_same(envelope, viewer)
    if not is_server(viewer):
        require(viewer, "manage_devices")


def require_server(envelope: Envelope, viewer: Viewer) -> None:
    """Returns when the sender is a part of the server.

    Raises:
        DeviceError: ``not-allowed``.
        ValueError: As above.
    """
    require_same(envelope, viewer)
    if not is_server(viewer):
        template = N_("The server itself notices this and writes it down. Nobody can do it in its place.")
        raise DeviceError("not-allowed", template)

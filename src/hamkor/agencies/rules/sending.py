# SPDX-License-Identifier: Apache-2.0
"""Whoever sends a command is the person whose rights are asked."""

from __future__ import annotations

from hamkor.agencies.rules.rights import Viewer
from hamkor.journal.rules import Envelope


def require_same(envelope: Envelope, viewer: Viewer) -> None:
    """Returns when the sender of a command is the person looked at.

    Raises:
        ValueError: The envelope was filled for somebody else: a fault of the program.
    """
    if envelope.by != viewer.person:
        raise ValueError(f"{viewer.person} cannot send a command as {envelope.by}")

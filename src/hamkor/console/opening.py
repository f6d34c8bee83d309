# SPDX-License-Identifier: Apache-2.0
"""What the console takes from the workspace: how an event is opened, and the stores of this process."""

from __future__ import annotations

from hamkor.workspace.event_page import EventPage, EventUnknownError, event_view, open_event
from hamkor.workspace.stores import (
    connection_parameters,
    files,
    journals,
    listener,
    pool,
    tell_when_rewritten,
    vault,
)

__all__ = [
    "EventPage",
    "EventUnknownError",
    "connection_parameters",
    "event_view",
    "files",
    "journals",
    "listener",
    "open_event",
    "pool",
    "tell_when_rewritten",
    "vault",
]

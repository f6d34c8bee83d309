# SPDX-License-Identifier: Apache-2.0
"""What the console takes from the workspace: how an event is opened, and the stores of this process."""

from __future__ import annotations

from hamkor.workspace.carrying import as_download, uploaded
from hamkor.workspace.event_page import EventPage, EventUnknownError, event_view, open_event
from hamkor.workspace.exports.access import log_access
from hamkor.workspace.kept import keep
from hamkor.workspace.stores import (
    connection_parameters,
    files,
    journals,
    listener,
    pool,
    tell_when_rewritten,
    vault,
)
from hamkor.workspace.streaming import give_back_connection, stream_events

__all__ = [
    "EventPage",
    "EventUnknownError",
    "as_download",
    "connection_parameters",
    "event_view",
    "files",
    "give_back_connection",
    "journals",
    "keep",
    "listener",
    "log_access",
    "open_event",
    "pool",
    "stream_events",
    "tell_when_rewritten",
    "uploaded",
    "vault",
]

# SPDX-License-Identifier: Apache-2.0
"""What the server itself does about messages: it notices silence and tells somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hamkor.agencies.rules import Viewer
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.rules.system import require_system
from hamkor.orders.commands.sending import require_sender
from hamkor.orders.facts import MESSAGE, MESSAGE_SILENCED, MessageSilenced
from hamkor.orders.rules import Message, Silence, find_silences
from hamkor.orders.rules.alarming import raised_by


def mark_silent_messages(
    store: Store, envelope: Envelope, *, viewer: Viewer, message_ids: Sequence[str]
) -> Result:
    """Raises the silences of these messages: to the sender, and each time it lasts, to the next in line.

    Args:
        store: Where the journal is kept.
        envelope: When; what is silent at that moment is decided anew, so two watches do nothing twice.
        viewer: A part of the server.
        message_ids: Messages to look at; those that are not silent are passed over.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    require_sender(envelope, viewer)
    require_system(viewer)
    wanted = sorted(set(message_ids))

    def decide(documents: Documents) -> list[Fact[Any]]:
        at = in_utc(envelope.at)
        found = (documents.get(MESSAGE, message_id) for message_id in wanted)
        facts: list[Fact[Any]] = []
        alarms: list[tuple[Message, tuple[Silence, ...]]] = []
        for message in found:
            if message is None or not (silences := find_silences(documents, message, at)):
                continue
            facts.append(MESSAGE_SILENCED(MessageSilenced(id=message.id, at=at, silences=silences)))
            alarms.append((message, silences))
        return [*facts, *raised_by(documents, alarms, at)]

    return perform(store, envelope, decide, content=["mark_silent_messages", wanted])

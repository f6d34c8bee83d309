# SPDX-License-Identifier: Apache-2.0
"""Reads of messages: the journal of communications, what a person must answer, silences, ways not tried."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamkor.agencies.rules import Viewer, may, require
from hamkor.common.messages import N_
from hamkor.discussions.commands import FileStore
from hamkor.discussions.queries import content_of
from hamkor.discussions.rules import Attachment
from hamkor.journal.rules import Documents, Stream
from hamkor.orders.facts import MESSAGE, MESSAGE_TEMPLATE
from hamkor.orders.rules import (
    Addressee,
    Message,
    MessageError,
    MessageTemplate,
    Route,
    answers_for,
    find_silences,
    is_settled,
    list_routes,
    may_read,
    next_due_at,
)
from hamkor.orders.rules.attached import may_open

URGENCIES = ("flash", "immediate", "routine")


class MessageDue(msgspec.Struct, frozen=True):
    """A message that awaits something of the viewer.

    Args:
        message: The message.
        addressees: Those of its addressees for whom the viewer answers, and who have not.
        due_at: By when the next step is due.
    """

    message: Message
    addressees: tuple[Addressee, ...]
    due_at: datetime | None


def list_messages(viewer: Viewer, documents: Documents) -> tuple[Message, ...]:
    """Returns the messages that concern the viewer in the order in which they were sent, struck ones too.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    _require_reading(viewer)
    return tuple(message for message in documents.all(MESSAGE) if may_read(viewer, message))


def get_message(viewer: Viewer, documents: Documents, message_id: str) -> Message:
    """Returns one message.

    Raises:
        NotAllowedError: ``not-allowed``.
        MessageError: ``message-absent``, also for one that does not concern the viewer.
    """
    _require_reading(viewer)
    message = documents.get(MESSAGE, message_id)
    if message is None or not may_read(viewer, message):
        template = N_("This message is not there. Load the page again.")
        raise MessageError("message-absent", template, id=message_id)
    return message


def read_file(
    viewer: Viewer, documents: Documents, *, files: FileStore, stream: Stream, attachment_id: str
) -> tuple[Attachment, bytes]:
    """Returns a file of a message with its content, verified.

    Args:
        viewer: Who reads: who may read a message it goes with, or has attached it.
        documents: Documents of the event.
        files: Where contents are kept, of all events.
        stream: Id of the event's journal.
        attachment_id: Which file.

    Raises:
        MessageError: ``file-absent``, also for one the viewer may not open.
        FileContentError: ``file-content-erased``, ``file-content-absent`` or ``file-content-damaged``.

    Notes:
        Send it as a download with its recorded type and `nosniff`, never as a page.
    """
    found = documents.get("attachment", attachment_id)
    if not isinstance(found, Attachment) or not may_open(viewer, documents, found):
        template = N_("This file is not there, or its message is for others. Load the page again.")
        raise MessageError("file-absent", template, id=attachment_id)
    return found, content_of(found, files=files, stream=stream)


def list_due_messages(viewer: Viewer, documents: Documents) -> tuple[MessageDue, ...]:
    """Returns the messages that await something of the viewer: the most urgent first, then what is due first.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "answer_order")
    found = [due for message in documents.all(MESSAGE) if (due := _due(viewer, message)) is not None]
    found.sort(key=lambda due: (URGENCIES.index(due.message.urgency), due.due_at or due.message.sent_at))
    return tuple(found)


def list_templates(viewer: Viewer, documents: Documents) -> tuple[MessageTemplate, ...]:
    """Returns the words prepared for messages.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    _require_reading(viewer)
    return documents.all(MESSAGE_TEMPLATE)


def list_other_routes(
    viewer: Viewer, documents: Documents, *, message_id: str, addressee: Addressee
) -> tuple[Route, ...]:
    """Returns the ways of the plan to an addressee of a message that were not tried, the best first.

    Raises:
        NotAllowedError: ``not-allowed``.
        MessageError: ``message-absent`` or ``not-addressee``.
    """
    message = get_message(viewer, documents, message_id)
    for receipt in message.receipts:
        if receipt.addressee.key == addressee.key:
            return list_routes(documents, message, receipt)
    template = N_("The message was not sent to “{id}”. Choose one of its addressees.")
    raise MessageError("not-addressee", template, id=addressee.id)


def list_newly_silent(documents: Documents, at: datetime) -> tuple[str, ...]:
    """Returns the ids of messages whose silence is to be raised at a moment, or raised further up: for the watch.

    Args:
        documents: Documents of the event.
        at: An aware moment.
    """
    waiting = (message for message in documents.all(MESSAGE) if message.state != "accepted")
    return tuple(message.id for message in waiting if find_silences(documents, message, at))


def _require_reading(viewer: Viewer) -> None:
    if not may(viewer, "answer_order"):
        require(viewer, "see_centre")


def _due(viewer: Viewer, message: Message) -> MessageDue | None:
    if viewer.person == message.sender:
        return None
    mine = [
        receipt
        for receipt in message.receipts
        if not is_settled(message, receipt) and answers_for(viewer, receipt.addressee)
    ]
    if not mine:
        return None
    moments = [due_at for receipt in mine if (due_at := next_due_at(message, receipt)) is not None]
    return MessageDue(message, tuple(receipt.addressee for receipt in mine), min(moments, default=None))

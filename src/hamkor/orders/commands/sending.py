# SPDX-License-Identifier: Apache-2.0
"""What all verbs of orders share: who sends, what is found, what is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hamkor.agencies.rules import NotAllowedError, Right, Viewer, may, require, require_same
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope
from hamkor.journal.rules import Documents, Fact
from hamkor.orders.facts import MESSAGE
from hamkor.orders.rules import Addressee, Message, MessageError, answers_for, is_reached, is_sender
from hamkor.orders.rules.alarming import ended_by


def require_sender(envelope: Envelope, viewer: Viewer, right: Right | None = None) -> None:
    """Returns when the sender is the person looked at, and has the right if one is named.

    Raises:
        NotAllowedError: ``not-allowed``.
        ValueError: The envelope was filled for somebody else: a fault of the program.
    """
    require_same(envelope, viewer)
    if right is not None:
        require(viewer, right)


def get_message(documents: Documents, message_id: str) -> Message:
    """Returns the message a verb is about.

    Raises:
        MessageError: ``message-absent``.
    """
    found = documents.get(MESSAGE, message_id)
    if found is None:
        template = N_("This message is not there. Load the page again.")
        raise MessageError("message-absent", template, id=message_id)
    return found


def get_open_message(documents: Documents, message_id: str) -> Message:
    """Returns a message that can still be answered.

    Raises:
        MessageError: ``message-absent``, ``message-struck`` or ``message-log``.
    """
    message = get_message(documents, message_id)
    if message.struck is not None:
        template = N_("This message was struck: it asks nothing of anybody any more.")
        raise MessageError("message-struck", template, id=message_id)
    if message.limits is None:
        template = N_("This is a call that was written down. Send a message to get an answer.")
        raise MessageError("message-log", template, id=message_id)
    return message


def addressed(viewer: Viewer, message: Message) -> tuple[Addressee, ...]:
    """Returns the addressees of a message for which a person answers."""
    found = (receipt.addressee for receipt in message.receipts)
    return tuple(addressee for addressee in found if answers_for(viewer, addressee))


def reached(viewer: Viewer, message: Message) -> tuple[Addressee, ...]:
    """Returns the addressees of a message that have it when it is on the screen of a person.

    Notes:
        That the console of a party shows an order does not mean that its post or crew has it; and who sent a message
        has not received it.
    """
    if viewer.person == message.sender:
        return ()
    return tuple(addressee for addressee in addressed(viewer, message) if is_reached(viewer, addressee))


def require_addressed(viewer: Viewer, message: Message) -> tuple[Addressee, ...]:
    """Returns the addressees of a message for which a person answers, at least one.

    Raises:
        NotAllowedError: ``not-allowed``.
        MessageError: ``not-addressed`` or ``own-message``.
    """
    require(viewer, "answer_order")
    found = addressed(viewer, message)
    if not found:
        template = N_("This message is for others. They must answer it themselves.")
        raise MessageError("not-addressed", template, id=message.id)
    if viewer.person == message.sender:
        template = N_("You sent this message. Say whose answer you heard, and over which channel.")
        raise MessageError("own-message", template, id=message.id)
    return found


def require_own(viewer: Viewer, message: Message) -> None:
    """Returns when a person sent the message, acts for the party that sent it, or works at the console.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    if not is_sender(viewer, message) and not may(viewer, "operate"):
        raise NotAllowedError(viewer, "operate")


def heard(documents: Documents, message: Message, fact: Fact[Any], *, at: datetime) -> list[Fact[Any]]:
    """Returns a fact about a message, and that its alarm is gone when nobody is silent any more after it."""
    after = fact.type.evolve(documents, fact).get((MESSAGE.kind, message.id))
    if message.state != "silent" or not isinstance(after, Message) or after.state == "silent":
        return [fact]
    return [fact, *ended_by(documents, message, at)]


def find_addressee(message: Message, wanted: Addressee) -> Addressee:
    """Returns the addressee of a message as it is recorded.

    Raises:
        MessageError: ``not-addressee``.
    """
    for receipt in message.receipts:
        if receipt.addressee.key == wanted.key:
            return receipt.addressee
    template = N_("The message was not sent to “{id}”. Choose one of its addressees.")
    raise MessageError("not-addressee", template, id=wanted.id)

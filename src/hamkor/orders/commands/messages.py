# SPDX-License-Identifier: Apache-2.0
"""Messages: sent, written down, said again by another way, struck, never deleted."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer, agencies_operated_by, require
from hamkor.common.messages import N_
from hamkor.discussions.rules import clean_reason
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.orders.commands.sending import get_message, get_open_message, heard, require_own, require_sender
from hamkor.orders.facts import (
    MESSAGE,
    MESSAGE_LOGGED,
    MESSAGE_REROUTED,
    MESSAGE_SENT,
    MESSAGE_STRUCK,
    MessageLogged,
    MessageRerouted,
    MessageSent,
    MessageStruck,
)
from hamkor.orders.rules import Addressee, Message, MessageError, limits_of
from hamkor.orders.rules.addressing import awaited_of, require_may_send, resolve
from hamkor.orders.rules.attached import attached_of
from hamkor.orders.rules.routes import require_channel
from hamkor.orders.rules.writing import (
    CHANNEL_SORTS,
    Draft,
    agency_of,
    clean_texts,
    clean_words,
    cleaned,
    in_languages_of_template,
    require_about,
)


def send_message(store: Store, envelope: Envelope, *, viewer: Viewer, message: Draft) -> Result:
    """Sends a message, whose id is the command's id; its time limits run from now.

    Args:
        store: Where the journal is kept.
        envelope: Who sends it, when.
        viewer: The same person with their rights.
        message: What is said, to whom, how urgently.

    Raises:
        NotAllowedError: ``not-allowed``.
        TextUnusableError: ``text-empty`` or ``text-too-long``.
        UnknownLimitsError: ``limits-unknown``.
        MessageError: ``order-not-yours``, ``message-log``, ``too-many-attachments``, ``attachment-absent``,
            ``post-absent``, a code of `rules.addressing.resolve` or of `rules.writing.require_about`.
    """
    require_sender(envelope, viewer)
    require_may_send(viewer, message.sort, ())
    draft = cleaned(message)
    limits = limits_of(draft.sort, draft.urgency, draft.profile)
    assert limits is not None  # noqa: S101 - only a log has none, and `cleaned` refuses it

    def decide(documents: Documents) -> list[Fact[Any]]:
        to = resolve(documents, draft.to)
        require_may_send(viewer, draft.sort, to)
        require_about(documents, draft)
        text, languages = in_languages_of_template(documents, draft)
        agency = agency_of(documents, viewer, draft)
        body = MessageSent(
            id=str(envelope.command_id),
            number=_next_number(documents),
            sort=draft.sort,
            urgency=draft.urgency,
            sender=envelope.by,
            agency=agency,
            from_post=draft.from_post,
            to=to,
            awaited=awaited_of(documents, to, agency=agency),
            text=text,
            languages=languages,
            attachments=draft.attachments,
            files=attached_of(documents, viewer, draft.attachments),
            template=draft.template,
            incident=draft.incident,
            alarm=draft.alarm,
            stop=draft.stop,
            at=in_utc(envelope.at),
            via=draft.via,
            limits=limits,
            needs_read_back=draft.needs_read_back,
        )
        return [MESSAGE_SENT(body)]

    return perform(store, envelope, decide, content=["send_message", msgspec.to_builtins(draft)])


def log_message(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    text: str,
    via: str,
    from_words: str | None = None,
    to_words: str | None = None,
    incident: str | None = None,
) -> Result:
    """Writes down a call on another channel; its id is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who writes it down, when.
        viewer: The same person with their rights: who works at the console, or acts there for one party.
        text: What was said.
        via: Channel of the plan it was said over, or a sort of channel such as ``radio``.
        from_words: Who called.
        to_words: Who was called.
        incident: Id of the incident it is about.

    Raises:
        NotAllowedError: ``not-allowed``.
        TextUnusableError: ``text-empty`` or ``text-too-long``.
        MessageError: ``channel-absent`` or ``about-absent``.
    """
    require_sender(envelope, viewer)
    if not agencies_operated_by(viewer):
        require(viewer, "operate")
    words, caller, called = clean_texts(text), clean_words(from_words), clean_words(to_words)

    def decide(documents: Documents) -> list[Fact[Any]]:
        if via not in CHANNEL_SORTS:
            require_channel(documents, via, is_working=False)
        require_about(documents, Draft(to=(), text=words, incident=incident))
        body = MessageLogged(
            id=str(envelope.command_id),
            number=_next_number(documents),
            by=envelope.by,
            agency=viewer.agency,
            at=in_utc(envelope.at),
            text=words,
            via=via,
            from_words=caller,
            to_words=called,
            incident=incident,
        )
        return [MESSAGE_LOGGED(body)]

    content = ["log_message", words, via, caller, called, incident]
    return perform(store, envelope, decide, content=content)


def reroute_message(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    message_id: str,
    addressee: Addressee,
    channel: str | None = None,
) -> Result:
    """Records that a message was said again to an addressee by another way, or goes to another addressee too.

    Args:
        store: Where the journal is kept.
        envelope: Who does it, when; the time limits of this addressee run anew.
        viewer: The same person with their rights: who sent it, acts for the party that did, or works at the console.
        message_id: Which message.
        addressee: One of its addressees, or a new one.
        channel: Channel of the plan it was said over; None for Hamkor.

    Raises:
        NotAllowedError: ``not-allowed``.
        MessageError: ``message-absent``, ``message-struck``, ``message-log``, ``order-not-yours``, ``channel-absent``,
            ``channel-dead``, or a code of `rules.addressing.resolve`.
    """
    require_sender(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        message = get_open_message(documents, message_id)
        require_own(viewer, message)
        known = {receipt.addressee.key: receipt.addressee for receipt in message.receipts}
        found = known.get(addressee.key)
        to = resolve(documents, [addressee]) if found is None else (found,)
        require_may_send(viewer, message.sort, to)
        if channel is not None:
            require_channel(documents, channel, is_working=True)
        awaited, at = awaited_of(documents, to, agency=message.agency), in_utc(envelope.at)
        facts: list[Fact[Any]] = []
        for item in awaited:
            body = MessageRerouted(id=message_id, addressee=item, by=envelope.by, at=at, via=channel)
            facts += heard(documents, message, MESSAGE_REROUTED(body), at=at)
        return facts

    content = ["reroute_message", message_id, [addressee.kind, addressee.id], channel]
    return perform(store, envelope, decide, content=content)


def strike_message(
    store: Store, envelope: Envelope, *, viewer: Viewer, message_id: str, reason: str
) -> Result:
    """Strikes a message: it stays readable and awaits nothing more.

    Raises:
        NotAllowedError: ``not-allowed``; who sent it, acts for the party that did, or works at the console may.
        MessageError: ``message-absent``, ``message-struck`` or ``reason-missing``.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer)
    why = clean_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        message = get_message(documents, message_id)
        require_own(viewer, message)
        if message.struck is not None:
            raise MessageError("message-struck", N_("This message was struck already."), id=message_id)
        if why is None:
            raise MessageError("reason-missing", N_("Say why the message is struck."))
        body = MessageStruck(id=message_id, by=envelope.by, at=in_utc(envelope.at), reason=why)
        return heard(documents, message, MESSAGE_STRUCK(body), at=body.at)

    return perform(store, envelope, decide, content=["strike_message", message_id, why])


def _next_number(documents: Documents) -> int:
    messages: tuple[Message, ...] = documents.all(MESSAGE)
    return messages[-1].number + 1 if messages else 1

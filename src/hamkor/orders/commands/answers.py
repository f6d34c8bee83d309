# SPDX-License-Identifier: Apache-2.0
"""What becomes of a message at its addressees: delivered, seen, accepted or refused, repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hamkor.agencies.rules import NotAllowedError, Viewer, may
from hamkor.common.messages import N_
from hamkor.discussions.rules import clean_text
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.orders.commands.sending import (
    find_addressee,
    get_open_message,
    heard,
    reached,
    require_addressed,
    require_own,
    require_sender,
)
from hamkor.orders.facts import (
    MESSAGE,
    MESSAGE_ANSWERED,
    MESSAGE_DELIVERED,
    MESSAGE_REPEATED,
    MESSAGE_SEEN,
    REPETITION_JUDGED,
    MessageAnswered,
    MessageRepeated,
    MessageStepped,
    RepetitionJudged,
)
from hamkor.orders.rules import Addressee, AnswerWord, Message, MessageError, Receipt, is_sender
from hamkor.orders.rules.messages import WORDS_MAX
from hamkor.orders.rules.routes import require_channel
from hamkor.orders.rules.writing import CHANNEL_SORTS, clean_words

DELIVERED_MAX = 500


def mark_delivered(store: Store, envelope: Envelope, *, viewer: Viewer, message_ids: Sequence[str]) -> Result:
    """Records that messages are on a screen of the person; those that are not for them are passed over.

    Raises:
        NotAllowedError: ``not-allowed``.
        MessageError: ``too-many-messages``.

    Notes:
        A browser says so by itself, about everything it shows; that one message is not for its person is no fault.
    """
    require_sender(envelope, viewer, "answer_order")
    wanted = sorted(set(message_ids))
    if len(wanted) > DELIVERED_MAX:
        template = N_("At most {most} messages can be reported at once. Report them in parts.")
        raise MessageError("too-many-messages", template, most=DELIVERED_MAX)

    def decide(documents: Documents) -> list[Fact[Any]]:
        found = (documents.get(MESSAGE, message_id) for message_id in wanted)
        awaited = [
            (message, to)
            for message in found
            if message is not None and (to := _without(viewer, message, "delivered_at"))
        ]
        at = in_utc(envelope.at)
        facts: list[Fact[Any]] = []
        for message, to in awaited:
            body = MessageStepped(id=message.id, addressees=to, by=envelope.by, at=at)
            facts += heard(documents, message, MESSAGE_DELIVERED(body), at=at)
        return facts

    return perform(store, envelope, decide, content=["mark_delivered", wanted])


def mark_seen(store: Store, envelope: Envelope, *, viewer: Viewer, message_id: str) -> Result:
    """Records that the person opened a message that is for them.

    Raises:
        NotAllowedError: ``not-allowed``.
        MessageError: ``message-absent``, ``message-struck``, ``message-log``, ``not-addressed`` or
            ``own-message``.
    """
    require_sender(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        message = get_open_message(documents, message_id)
        require_addressed(viewer, message)
        to = _without(viewer, message, "seen_at")
        body = MessageStepped(id=message_id, addressees=to, by=envelope.by, at=in_utc(envelope.at))
        return heard(documents, message, MESSAGE_SEEN(body), at=body.at) if to else []

    return perform(store, envelope, decide, content=["mark_seen", message_id])


def answer_message(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    message_id: str,
    answer: AnswerWord,
    words: str | None = None,
    on_behalf: tuple[Addressee, str] | None = None,
) -> Result:
    """Accepts or refuses a message; a later answer stands instead of an earlier one.

    Args:
        store: Where the journal is kept.
        envelope: Who answers, when.
        viewer: The same person with their rights.
        message_id: Which message.
        answer: The answer.
        words: What is said with it: the answer to a question, or why it is refused; both must be given.
        on_behalf: For who heard the answer elsewhere and writes it down: whose it is, and the channel it came over, of
            the plan or a sort such as ``radio``.

    Raises:
        NotAllowedError: ``not-allowed``.
        MessageError: ``message-absent``, ``message-struck``, ``message-log``, ``not-addressed``, ``own-message``,
            ``not-addressee``, ``answer-without-words``, ``refusal-without-reason`` or ``channel-absent``.
        TextUnusableError: ``text-too-long``.
    """
    require_sender(envelope, viewer)
    said = clean_words(words)

    def decide(documents: Documents) -> list[Fact[Any]]:
        message = get_open_message(documents, message_id)
        to, via = _answering(documents, viewer, message, on_behalf=on_behalf)
        _require_words(message, answer, said)
        if all(_is_answered(receipt, answer, said) for receipt in _receipts(message, to)):
            return []
        body = MessageAnswered(
            id=message_id,
            addressees=to,
            by=envelope.by,
            at=in_utc(envelope.at),
            answer=answer,
            words=said,
            via=via,
        )
        return heard(documents, message, MESSAGE_ANSWERED(body), at=body.at)

    whose = None if on_behalf is None else [on_behalf[0].kind, on_behalf[0].id, on_behalf[1]]
    return perform(store, envelope, decide, content=["answer_message", message_id, answer, said, whose])


def read_back(store: Store, envelope: Envelope, *, viewer: Viewer, message_id: str, words: str) -> Result:
    """Repeats a message in one's own words, so that the sender hears whether it was understood.

    Raises:
        NotAllowedError: ``not-allowed``.
        MessageError: ``message-absent``, ``message-struck``, ``message-log``, ``not-addressed`` or
            ``own-message``.
        TextUnusableError: ``text-empty`` or ``text-too-long``.
    """
    require_sender(envelope, viewer)
    said = clean_text(words, most=WORDS_MAX)

    def decide(documents: Documents) -> list[Fact[Any]]:
        message = get_open_message(documents, message_id)
        to = require_addressed(viewer, message)
        body = MessageRepeated(
            id=message_id, addressees=to, by=envelope.by, at=in_utc(envelope.at), words=said
        )
        return heard(documents, message, MESSAGE_REPEATED(body), at=body.at)

    return perform(store, envelope, decide, content=["read_back", message_id, said])


def confirm_read_back(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    message_id: str,
    addressee: Addressee,
    is_right: bool = True,
) -> Result:
    """Says whether an addressee repeated a message rightly; a wrong repetition is awaited again.

    Raises:
        NotAllowedError: ``not-allowed``; who sent it, acts for the party that did, or works at the console may.
        MessageError: ``message-absent``, ``message-struck``, ``message-log``, ``not-addressee`` or
            ``not-repeated``.
    """
    require_sender(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        message = get_open_message(documents, message_id)
        require_own(viewer, message)
        to = find_addressee(message, addressee)
        (receipt,) = _receipts(message, (to,))
        if receipt.read_back_at is None:
            template = N_("The message was not repeated yet. Wait, or ask for it.")
            raise MessageError("not-repeated", template, id=message_id)
        if receipt.read_back_ok == is_right:
            return []
        body = RepetitionJudged(
            id=message_id, addressee=to, by=envelope.by, at=in_utc(envelope.at), is_right=is_right
        )
        return heard(documents, message, REPETITION_JUDGED(body), at=body.at)

    content = ["confirm_read_back", message_id, [addressee.kind, addressee.id], is_right]
    return perform(store, envelope, decide, content=content)


def _answering(
    documents: Documents, viewer: Viewer, message: Message, *, on_behalf: tuple[Addressee, str] | None
) -> tuple[tuple[Addressee, ...], str | None]:
    """Returns for which addressees an answer is given, and over which channel it was heard."""
    if on_behalf is None:
        return require_addressed(viewer, message), None
    whose, via = on_behalf
    if not is_sender(viewer, message) and not may(viewer, "operate"):
        raise NotAllowedError(viewer, "operate")
    if via not in CHANNEL_SORTS:
        require_channel(documents, via, is_working=False)
    return (find_addressee(message, whose),), via


def _require_words(message: Message, answer: AnswerWord, words: str | None) -> None:
    if words is not None:
        return
    if answer == "refused":
        template = N_("Say why it cannot be done, so that the sender can choose another way.")
        raise MessageError("refusal-without-reason", template)
    if message.sort == "question":
        raise MessageError("answer-without-words", N_("Write the answer to the question."))


def _receipts(message: Message, to: Sequence[Addressee]) -> list[Receipt]:
    keys = {addressee.key for addressee in to}
    return [receipt for receipt in message.receipts if receipt.addressee.key in keys]


def _without(viewer: Viewer, message: Message, moment: str) -> tuple[Addressee, ...]:
    """Returns the addressees a person is, or is with, at whom a step has not been made."""
    if message.struck is not None:
        return ()
    mine = reached(viewer, message)
    return tuple(item.addressee for item in _receipts(message, mine) if getattr(item, moment) is None)


def _is_answered(receipt: Receipt, answer: AnswerWord, words: str | None) -> bool:
    return (receipt.answer, receipt.words) == (answer, words)

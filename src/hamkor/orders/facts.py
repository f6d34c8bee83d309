# SPDX-License-Identifier: Apache-2.0
"""What can happen to a message: sent, written down, delivered, seen, answered, repeated, rerouted, silent, struck."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Callable
from typing import TypeVar

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.common.records import Id, Language, Text
from hamkor.journal.rules import Changes, Documents, Fact, declare_document, declare_fact, declare_kind
from hamkor.operation.rules.system import At, PersonRef
from hamkor.orders.rules import receipts as step
from hamkor.orders.rules.messages import (
    Addressee,
    AnswerWord,
    AttachedFile,
    Limits,
    Message,
    MessageTemplate,
    Sort,
    Strike,
    Urgency,
)


class MessageSent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody said something to others; `awaited` are those whose receipts are awaited."""

    id: str
    number: int
    sort: Sort
    urgency: Urgency
    sender: PersonRef
    agency: AgencyCode | None = None
    from_post: Id | None = None
    to: tuple[Addressee, ...]
    awaited: tuple[Addressee, ...]
    text: Text
    languages: tuple[Language, ...] = ()
    attachments: tuple[str, ...] = ()
    files: tuple[AttachedFile, ...] = ()
    template: Id | None = None
    incident: str | None = None
    alarm: str | None = None
    stop: str | None = None
    at: At
    via: str | None = None
    limits: Limits
    needs_read_back: bool = False


class MessageLogged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call on another channel was written down."""

    id: str
    number: int
    by: PersonRef
    agency: AgencyCode | None = None
    at: At
    text: Text
    via: str
    from_words: str | None = None
    to_words: str | None = None
    incident: str | None = None


class MessageStepped(msgspec.Struct, frozen=True, kw_only=True):
    """A message was delivered to some addressees, or opened by somebody of theirs."""

    id: str
    addressees: tuple[Addressee, ...]
    by: PersonRef
    at: At


class MessageAnswered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Some addressees accepted or refused; `via` when somebody else wrote down what was said over that channel."""

    id: str
    addressees: tuple[Addressee, ...]
    by: PersonRef
    at: At
    answer: AnswerWord
    words: str | None = None
    via: str | None = None


class MessageRepeated(msgspec.Struct, frozen=True, kw_only=True):
    """Some addressees repeated what they had understood."""

    id: str
    addressees: tuple[Addressee, ...]
    by: PersonRef
    at: At
    words: str


class RepetitionJudged(msgspec.Struct, frozen=True, kw_only=True):
    """The sender said whether an addressee had repeated it rightly."""

    id: str
    addressee: Addressee
    by: PersonRef
    at: At
    is_right: bool


class MessageRerouted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message was said again to an addressee by another channel, or to another addressee."""

    id: str
    addressee: Addressee
    by: PersonRef
    at: At
    via: str | None = None


class MessageSilenced(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody answered in time at some addressees, and somebody was told."""

    id: str
    at: At
    silences: tuple[step.Silence, ...]


class MessageStruck(msgspec.Struct, frozen=True, kw_only=True):
    """A message was struck: it stays readable and awaits nothing more."""

    id: str
    by: PersonRef
    at: At
    reason: str


B = TypeVar(
    "B", MessageStepped, MessageAnswered, MessageRepeated, RepetitionJudged, MessageRerouted, MessageSilenced
)

MESSAGE = declare_kind("message", Message)
MESSAGE_TEMPLATE = declare_document("message_template", MessageTemplate)


def _keys(addressees: tuple[Addressee, ...]) -> frozenset[step.Key]:
    return frozenset(addressee.key for addressee in addressees)


def _send(_documents: Documents, fact: Fact[MessageSent]) -> Changes:
    given = msgspec.structs.asdict(fact.body)
    sent_at, awaited, via = given.pop("at"), given.pop("awaited"), fact.body.via
    receipts = tuple(step.new_receipt(addressee, sent_at, via=via) for addressee in awaited)
    message = Message(**given, sent_at=sent_at, receipts=receipts, state="sent")
    return {("message", message.id): step.with_state(message)}


def _log(_documents: Documents, fact: Fact[MessageLogged]) -> Changes:
    given = msgspec.structs.asdict(fact.body)
    at, by = given.pop("at"), given.pop("by")
    return {
        ("message", fact.body.id): Message(
            **given, sort="log", urgency="routine", sender=by, to=(), sent_at=at, state="seen"
        )
    }


def _changing(change: Callable[[Message, B], Message]) -> Callable[[Documents, Fact[B]], Changes]:
    """Returns the evolution of a message by a pure step; a message that is not there stays absent."""

    def evolve(documents: Documents, fact: Fact[B]) -> Changes:
        message = documents.get(MESSAGE, fact.body.id)
        return {} if message is None else {("message", message.id): change(message, fact.body)}

    return evolve


def _deliver(message: Message, body: MessageStepped) -> Message:
    return step.delivered(message, _keys(body.addressees), body.at)


def _see(message: Message, body: MessageStepped) -> Message:
    return step.seen(message, _keys(body.addressees), body.at)


def _answer(message: Message, body: MessageAnswered) -> Message:
    keys = _keys(body.addressees)
    return step.answered(
        message, keys, body.at, answer=body.answer, by=body.by, words=body.words, via=body.via
    )


def _repeat(message: Message, body: MessageRepeated) -> Message:
    return step.repeated(message, _keys(body.addressees), body.at, words=body.words)


def _judge(message: Message, body: RepetitionJudged) -> Message:
    return step.judged(message, body.addressee.key, body.at, is_right=body.is_right)


def _reroute(message: Message, body: MessageRerouted) -> Message:
    return step.rerouted(message, body.addressee, body.at, via=body.via)


def _silence(message: Message, body: MessageSilenced) -> Message:
    return step.silent(message, body.silences, body.at)


def _strike(documents: Documents, fact: Fact[MessageStruck]) -> Changes:
    message, body = documents.get(MESSAGE, fact.body.id), fact.body
    if message is None:
        return {}
    struck = Strike(by=body.by, at=body.at, reason=body.reason)
    return {("message", message.id): step.struck(message, struck)}


MESSAGE_SENT = declare_fact("message.sent.v1", MessageSent, _send)
MESSAGE_LOGGED = declare_fact("message.logged.v1", MessageLogged, _log)
MESSAGE_DELIVERED = declare_fact("message.delivered.v1", MessageStepped, _changing(_deliver))
MESSAGE_SEEN = declare_fact("message.seen.v1", MessageStepped, _changing(_see))
MESSAGE_ANSWERED = declare_fact("message.answered.v1", MessageAnswered, _changing(_answer))
MESSAGE_REPEATED = declare_fact("message.repeated.v1", MessageRepeated, _changing(_repeat))
REPETITION_JUDGED = declare_fact("repetition.judged.v1", RepetitionJudged, _changing(_judge), kind="message")
MESSAGE_REROUTED = declare_fact("message.rerouted.v1", MessageRerouted, _changing(_reroute))
MESSAGE_SILENCED = declare_fact("message.silenced.v1", MessageSilenced, _changing(_silence))
MESSAGE_STRUCK = declare_fact("message.struck.v1", MessageStruck, _strike)

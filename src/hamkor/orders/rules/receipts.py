# SPDX-License-Identifier: Apache-2.0
"""From sending to answering: what is still missing at an addressee, since when, and what each step changes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import msgspec

from hamkor.orders.rules.messages import (
    Addressee,
    AnswerWord,
    Limits,
    Message,
    MessageState,
    Rank,
    Receipt,
    Stage,
    Strike,
)

Key = tuple[str, str]
# The worst first: what needs somebody stands before what only takes its time.
_WORST: tuple[MessageState, ...] = ("silent", "refused", "sent", "delivered", "seen", "accepted")
_NOT_SILENT = {
    "silent_since": None,
    "silent_stage": None,
    "level": 0,
    "escalated_to": None,
    "escalated_at": None,
    "deputy": None,
    "route": None,
    "route_rank": None,
}


class Silence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A silence that is to be raised, or raised further up.

    Args:
        addressee: Whose.
        stage: Which step is missing.
        level: How often it is raised with this: 1 to the sender, 2 and more to those next in line.
        to: To whom: ``person:…``, ``agency:…`` or ``operators``.
        deputy: Id of the person or post of the plan that stands in for the addressee.
        route: Channel of the plan to try next.
        route_rank: Its place in the plan of communications.
    """

    addressee: Addressee
    stage: Stage
    level: int
    to: str
    deputy: str | None = None
    route: str | None = None
    route_rank: Rank | None = None


def new_receipt(addressee: Addressee, at: datetime, *, via: str | None = None) -> Receipt:
    """Returns the receipt of an addressee who has just been spoken to."""
    return Receipt(addressee=addressee, awaited_from=at, via=via)


def is_settled(message: Message, receipt: Receipt) -> bool:
    """True when nothing is awaited of the addressee any more.

    Notes:
        A refusal settles: it is an answer, and the sender has it. An order to be repeated is settled once the answer
        was repeated; a repetition found wrong is awaited again.
    """
    if message.struck is not None or message.limits is None:
        return True
    if message.limits.answer_s is None:
        return receipt.seen_at is not None
    return receipt.answer == "refused" or (
        receipt.answer == "accepted" and not _awaits_read_back(message, receipt)
    )


def awaited_stages(message: Message, receipt: Receipt) -> tuple[tuple[Stage, datetime], ...]:
    """Returns the steps that are missing at an addressee, each with the moment by which it is due.

    Notes:
        What is spoken over another channel shows no step before the answer by itself: only the answer is awaited, or
        that it was heard when no answer is.
    """
    limits = message.limits
    if limits is None or is_settled(message, receipt):
        return ()
    stages: list[tuple[Stage, float]] = []
    if receipt.via is None and receipt.delivered_at is None:
        stages.append(("deliver", limits.deliver_s))
    if receipt.seen_at is None and (receipt.via is None or limits.answer_s is None):
        stages.append(("see", limits.see_s))
    if limits.answer_s is not None:
        stages.append(("answer", limits.answer_s))
    return tuple((stage, receipt.awaited_from + timedelta(seconds=after_s)) for stage, after_s in stages)


def overdue_stage(message: Message, receipt: Receipt, at: datetime) -> Stage | None:
    """Returns the first step that is missing although its time is over, or None."""
    return next((stage for stage, due_at in awaited_stages(message, receipt) if due_at <= at), None)


def next_due_at(message: Message, receipt: Receipt) -> datetime | None:
    """Returns by when the next step of an addressee is due, None when nothing is awaited."""
    return min((due_at for _, due_at in awaited_stages(message, receipt)), default=None)


def level_due(message: Message, receipt: Receipt, at: datetime) -> int | None:
    """Returns the level to which a silence has grown, None when it need not be raised at the moment."""
    if message.limits is None or overdue_stage(message, receipt, at) is None:
        return None
    if receipt.silent_since is None:
        return 1
    again_at = _raised_after(message.limits, receipt)
    return receipt.level + 1 if again_at is not None and again_at <= at else None


def state_of(message: Message, receipt: Receipt) -> MessageState:
    """Returns where a message stands at an addressee."""
    if receipt.silent_since is not None:
        return "silent"
    if receipt.answer == "refused":
        return "refused"
    if receipt.answer == "accepted" and not _awaits_read_back(message, receipt):
        return "accepted"
    if receipt.seen_at is not None:
        return "seen"
    return "sent" if receipt.delivered_at is None else "delivered"


def with_state(message: Message) -> Message:
    """Returns the message with the worst state of its addressees; what has none has been heard by who wrote it."""
    states = {state_of(message, receipt) for receipt in message.receipts} or {"seen"}
    return msgspec.structs.replace(message, state=min(states, key=_WORST.index))


def delivered(message: Message, keys: Collection[Key], at: datetime) -> Message:
    """Returns the message after it was on a screen of these addressees."""

    def step(receipt: Receipt) -> Receipt:
        return msgspec.structs.replace(receipt, delivered_at=receipt.delivered_at or at)

    return _stepped(message, keys, at, step=step)


def seen(message: Message, keys: Collection[Key], at: datetime) -> Message:
    """Returns the message after somebody of these addressees opened it."""
    return _stepped(message, keys, at, step=lambda receipt: _opened(receipt, at))


def answered(
    message: Message,
    keys: Collection[Key],
    at: datetime,
    *,
    answer: AnswerWord,
    by: str,
    words: str | None = None,
    via: str | None = None,
) -> Message:
    """Returns the message after these addressees answered; a later answer stands instead of an earlier one."""

    def step(receipt: Receipt) -> Receipt:
        opened = _opened(receipt, at)
        return msgspec.structs.replace(
            opened, answered_at=at, answer=answer, by=by, words=words, answered_via=via
        )

    return _stepped(message, keys, at, step=step)


def repeated(message: Message, keys: Collection[Key], at: datetime, *, words: str) -> Message:
    """Returns the message after these addressees repeated it; the sender has not judged that yet."""

    def step(receipt: Receipt) -> Receipt:
        return msgspec.structs.replace(
            _opened(receipt, at), read_back=words, read_back_at=at, read_back_ok=None
        )

    return _stepped(message, keys, at, step=step)


def judged(message: Message, key: Key, at: datetime, *, is_right: bool) -> Message:
    """Returns the message after the sender said whether an addressee repeated it rightly.

    Notes:
        A wrong one is awaited again with the whole time for an answer.
    """

    def step(receipt: Receipt) -> Receipt:
        from_at = receipt.awaited_from if is_right else at
        return msgspec.structs.replace(receipt, read_back_ok=is_right, awaited_from=from_at)

    return _stepped(message, {key}, at, step=step)


def rerouted(message: Message, addressee: Addressee, at: datetime, *, via: str | None) -> Message:
    """Returns the message after it was sent again to an addressee, or for the first time to another one."""
    fresh = new_receipt(addressee, at, via=via)
    others = [receipt for receipt in message.receipts if receipt.addressee.key != addressee.key]
    is_new = len(others) == len(message.receipts)
    receipts = (
        (*others, fresh)
        if is_new
        else tuple(
            fresh if receipt.addressee.key == addressee.key else receipt for receipt in message.receipts
        )
    )
    to = (*message.to, addressee) if is_new else message.to
    return with_state(msgspec.structs.replace(message, receipts=receipts, to=to))


def struck(message: Message, strike: Strike) -> Message:
    """Returns the message after it was struck: nothing is awaited any more, so no silence is left."""
    ended = msgspec.structs.replace(message, struck=strike)
    keys = {receipt.addressee.key for receipt in message.receipts}
    return _stepped(ended, keys, strike.at, step=lambda receipt: receipt)


def silent(message: Message, silences: Collection[Silence], at: datetime) -> Message:
    """Returns the message after the silence of some addressees was raised."""
    found = {silence.addressee.key: silence for silence in silences}

    def raised(receipt: Receipt) -> Receipt:
        silence = found.get(receipt.addressee.key)
        if silence is None:
            return receipt
        return msgspec.structs.replace(
            receipt,
            silent_since=receipt.silent_since or at,
            silent_stage=silence.stage,
            level=silence.level,
            escalated_to=silence.to,
            escalated_at=at,
            deputy=silence.deputy,
            route=silence.route,
            route_rank=silence.route_rank,
        )

    receipts = tuple(raised(receipt) for receipt in message.receipts)
    return with_state(msgspec.structs.replace(message, receipts=receipts))


def _stepped(
    message: Message, keys: Collection[Key], at: datetime, *, step: Callable[[Receipt], Receipt]
) -> Message:
    """Returns the message with one step made at some addressees, whose silence ends when nothing is overdue."""
    receipts = tuple(
        _heard(message, step(receipt), at) if receipt.addressee.key in keys else receipt
        for receipt in message.receipts
    )
    return with_state(msgspec.structs.replace(message, receipts=receipts))


def _heard(message: Message, receipt: Receipt, at: datetime) -> Receipt:
    if receipt.silent_since is None:
        return receipt
    stage = overdue_stage(message, receipt, at)
    if stage is None:
        return msgspec.structs.replace(receipt, **_NOT_SILENT)
    return msgspec.structs.replace(receipt, silent_stage=stage)


def _opened(receipt: Receipt, at: datetime) -> Receipt:
    return msgspec.structs.replace(
        receipt, delivered_at=receipt.delivered_at or at, seen_at=receipt.seen_at or at
    )


def _awaits_read_back(message: Message, receipt: Receipt) -> bool:
    if not message.needs_read_back:
        return False
    return receipt.read_back_at is None or receipt.read_back_ok is False


def _raised_after(limits: Limits | None, receipt: Receipt) -> datetime | None:
    """Returns when a silence that was raised before is to be raised again; None for one that was not."""
    last_at = receipt.escalated_at or receipt.silent_since
    if limits is None or receipt.silent_since is None or last_at is None:
        return None
    return last_at + timedelta(seconds=limits.escalate_s)

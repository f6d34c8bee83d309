# SPDX-License-Identifier: Apache-2.0
"""Stopping the show: ordered with two gestures, passed on, announced, in force, lifted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from hamkor.agencies.rules import NotAllowedError, Viewer, require_same
from hamkor.common.messages import N_
from hamkor.common.records import Language, Text
from hamkor.discussions.rules import clean_reason
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.commands.sending import stamp
from hamkor.operation.facts import (
    LINK_CONFIRMED,
    LINK_TOLD,
    SHOW_STOP,
    STOP_ANNOUNCED,
    STOP_EFFECTIVE,
    STOP_LIFTED,
    STOP_ORDERED,
    LinkMarked,
    StopOrdered,
)
from hamkor.operation.rules.acting import OperationError, require_acting_at_all
from hamkor.operation.rules.announcing import clean_announcement, default_announcement
from hamkor.operation.rules.gates import GateOrder, jobs_of_stop, require_gates, suggested_gates
from hamkor.operation.rules.stops import (
    SIGN_MAX,
    ShowStop,
    StopAction,
    chain_of,
    get_authority,
    limit_of,
    require_action,
    require_confirmed,
    require_not_standing,
    require_standing,
    sign_of,
)
from hamkor.operation.rules.system import is_system
from hamkor.operation.rules.words import clean_words, require_reason


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for, cleaned; gates are None when nobody chose them."""

    authority: str | None
    action: StopAction
    sign: Text
    reason: str | None
    words: dict[Language, str] | None
    gates_open: tuple[str, ...] | None
    gates_close: tuple[str, ...] | None


def order_stop(  # noqa: PLR0913 - what is decided, each by name
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    authority_id: str | None,
    action: StopAction,
    sign: Text,
    confirm: str,
    reason: str | None = None,
    announcement: Mapping[str, str] | None = None,
    gates_open: Sequence[str] | None = None,
    gates_close: Sequence[str] | None = None,
) -> Result:
    """Orders to stop the show, or a part of it. It never waits for an open operation.

    Args:
        store: Where the journal is kept.
        envelope: Who orders it, when.
        viewer: The same person with their rights: who acts for the agency of the holder or deputy, or the coordinator.
        authority_id: Which authority of the plan; None for the coordinator's own word.
        action: What is ordered.
        sign: On which sign, as the plan words it or in other words.
        confirm: The action again: the second gesture.
        reason: What was seen, or None.
        announcement: What is said to the public, by language; what the plan has when None.
        gates_open: Openings and turnstiles to open; those the action concerns when None.
        gates_close: Those to close; those the action concerns when None.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``stop-unconfirmed``, ``authority-absent``, ``stop-not-yours``, ``stop-beyond-authority``,
            ``stop-standing``, ``gates-too-many``, ``gate-both-ways``, ``gate-absent``, ``gate-lets-out``,
            ``announcement-missing`` or ``language-unknown``.
        TextUnusableError: ``text-empty``, without a sign, or ``text-too-long``.
    """
    require_same(envelope, viewer)
    if is_system(viewer):
        raise NotAllowedError(viewer, "stop_show")
    require_confirmed(action, confirm)
    asked = _Asked(
        authority=authority_id,
        action=action,
        sign=clean_words(sign, most=SIGN_MAX),
        reason=clean_reason(reason),
        words=None if announcement is None else clean_announcement(announcement),
        gates_open=None if gates_open is None else tuple(gates_open),
        gates_close=None if gates_close is None else tuple(gates_close),
    )

    def decide(documents: Documents) -> list[Fact[Any]]:
        return [_ordered(documents, envelope, viewer, asked)]

    return perform(store, envelope, decide, content=["order_stop", msgspec.to_builtins(asked)])


def tell_link(store: Store, envelope: Envelope, *, viewer: Viewer, stop_id: str, index: int) -> Result:
    """Says that somebody in the chain was told; said twice it is said once.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``stop-absent``, ``stop-lifted`` or ``link-absent``.
    """

    def told(stop: ShowStop) -> list[Fact[Any]]:
        _require_link(stop, index)
        return [] if stop.chain[index].told_at is not None else [LINK_TOLD(_marked(envelope, stop_id, index))]

    content = ["tell_link", stop_id, index]
    return _change(store, envelope, viewer=viewer, stop_id=stop_id, decided=told, content=content)


def confirm_link(store: Store, envelope: Envelope, *, viewer: Viewer, stop_id: str, index: int) -> Result:
    """Says that somebody in the chain said the word back; who was not marked as told is told by that too.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``stop-absent``, ``stop-lifted`` or ``link-absent``.
    """

    def confirmed(stop: ShowStop) -> list[Fact[Any]]:
        _require_link(stop, index)
        is_said = stop.chain[index].confirmed_at is not None
        return [] if is_said else [LINK_CONFIRMED(_marked(envelope, stop_id, index))]

    content = ["confirm_link", stop_id, index]
    return _change(store, envelope, viewer=viewer, stop_id=stop_id, decided=confirmed, content=content)


def announce_stop(store: Store, envelope: Envelope, *, viewer: Viewer, stop_id: str) -> Result:
    """Says that the announcement was made; the work to make it is done by that.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``stop-absent`` or ``stop-lifted``.
    """

    def announced(stop: ShowStop) -> list[Fact[Any]]:
        return [] if stop.announced_at is not None else [STOP_ANNOUNCED(stamp(envelope, stop_id))]

    content = ["announce_stop", stop_id]
    return _change(store, envelope, viewer=viewer, stop_id=stop_id, decided=announced, content=content)


def take_effect(store: Store, envelope: Envelope, *, viewer: Viewer, stop_id: str) -> Result:
    """Says that what was ordered has happened; the moment stands beside the limit of the plan.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``stop-absent`` or ``stop-lifted``.
    """

    def effective(stop: ShowStop) -> list[Fact[Any]]:
        return [] if stop.state == "in_force" else [STOP_EFFECTIVE(stamp(envelope, stop_id))]

    content = ["take_effect", stop_id]
    return _change(store, envelope, viewer=viewer, stop_id=stop_id, decided=effective, content=content)


def lift_stop(store: Store, envelope: Envelope, *, viewer: Viewer, stop_id: str, reason: str) -> Result:
    """Lifts a stop; who may order it may lift it. Its work nobody has begun is skipped with the reason.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``stop-absent``, ``stop-lifted``, ``stop-not-yours`` or ``reason-missing``.
        TextUnusableError: ``text-too-long``.
    """
    require_same(envelope, viewer)
    require_acting_at_all(viewer)
    why = require_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        stop = _get_unlifted(documents, stop_id)
        authority = None if stop.authority is None else get_authority(documents, stop.authority)
        require_standing(documents, viewer, authority)
        return [STOP_LIFTED(stamp(envelope, stop_id, why))]

    return perform(store, envelope, decide, content=["lift_stop", stop_id, why])


def _change(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    stop_id: str,
    decided: Callable[[ShowStop], list[Fact[Any]]],
    content: Sequence[object],
) -> Result:
    """Does what a verb decides about one stop; everybody at the console helps to carry it out."""
    require_same(envelope, viewer)
    require_acting_at_all(viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        return decided(_get_unlifted(documents, stop_id))

    return perform(store, envelope, decide, content=content)


def _get_unlifted(documents: Documents, stop_id: str) -> ShowStop:
    stop = documents.get(SHOW_STOP, stop_id)
    if stop is None:
        raise OperationError(
            "stop-absent", N_("This stop was not ordered. Load the page again."), stop=stop_id
        )
    if stop.state == "lifted":
        raise OperationError("stop-lifted", N_("This stop was lifted. Order a new one if it is needed."))
    return stop


def _require_link(stop: ShowStop, index: int) -> None:
    if not 0 <= index < len(stop.chain):
        template = N_("The chain of this stop has {count} people. Load the page again.")
        raise OperationError("link-absent", template, count=len(stop.chain))


def _marked(envelope: Envelope, stop_id: str, index: int) -> LinkMarked:
    return LinkMarked(id=stop_id, index=index, at=in_utc(envelope.at), by=envelope.by)


def _ordered(documents: Documents, envelope: Envelope, viewer: Viewer, asked: _Asked) -> Fact[StopOrdered]:
    """Returns the fact of an order that may be given.

    Raises:
        HamkorError: As `order_stop`.
    """
    authority = None if asked.authority is None else get_authority(documents, asked.authority)
    standing = require_standing(documents, viewer, authority)
    require_action(authority, asked.action)
    require_not_standing(documents, asked.action, authority)
    gates = _gates(documents, asked)
    shown, is_agreed = sign_of(authority, asked.sign)
    words = default_announcement(documents, asked.action) if asked.words is None else asked.words
    stop = ShowStop(
        id=str(envelope.command_id),
        action=asked.action,
        authority=asked.authority,
        holder=None if authority is None else authority.holder,
        standing=standing,
        agency=viewer.agency,
        sign=shown,
        sign_is_agreed=is_agreed,
        reason=asked.reason,
        ordered_at=in_utc(envelope.at),
        ordered_by=envelope.by,
        chain=chain_of(authority),
        announcement=words,
        gates_open=gates.open,
        gates_close=gates.close,
        limit_min=limit_of(authority),
    )
    jobs = jobs_of_stop(documents, stop, command=envelope.command_id)
    stop = msgspec.structs.replace(stop, jobs=tuple(job.id for job in jobs))
    return STOP_ORDERED(StopOrdered(stop=stop, jobs=jobs))


def _gates(documents: Documents, asked: _Asked) -> GateOrder:
    suggested = suggested_gates(documents, asked.action)
    order = GateOrder(
        open=suggested.open if asked.gates_open is None else asked.gates_open,
        close=suggested.close if asked.gates_close is None else asked.gates_close,
    )
    return require_gates(documents, order, asked.action)

# SPDX-License-Identifier: Apache-2.0
"""Hand-over of a shift: prepared by who gives, confirmed or refused by who takes."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer, require_same
from hamkor.common.messages import N_
from hamkor.discussions.rules import clean_reason, clean_text
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.commands.sending import stamp
from hamkor.operation.facts import (
    HANDOVER,
    HANDOVER_CONFIRMED,
    HANDOVER_PREPARED,
    HANDOVER_REFUSED,
    HandoverPrepared,
)
from hamkor.operation.rules.acting import OperationError, require_acting_at_all
from hamkor.operation.rules.handovers import (
    NOTES_MAX,
    Handover,
    HandoverSummary,
    clean_summary,
    require_prepared,
    require_taker,
    require_taking,
    shift_began,
)
from hamkor.operation.rules.posts import get_post
from hamkor.operation.rules.words import require_reason


def prepare_handover(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    to: str | None = None,
    notes: str = "",
    summary: HandoverSummary | None = None,
    post: str | None = None,
) -> Result:
    """Makes a shift ready to be given over; its id is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who gives, when.
        viewer: The same person with their rights.
        to: Reference to who takes it; anybody of the same agency or the operators when None.
        notes: What the giver wants to be known; no names and phones.
        summary: What is open, as the server found it.
        post: Id of the post of the plan it concerns, or None.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``handover-own``, ``taker-malformed``, ``summary-malformed`` or ``post-absent``.
        TextUnusableError: ``text-too-long``.
    """
    require_same(envelope, viewer)
    require_acting_at_all(viewer)
    require_taker(viewer, to)
    said = clean_text(notes, most=NOTES_MAX) if notes.strip() else ""
    left = msgspec.structs.replace(clean_summary(summary or HandoverSummary()), notes=said)

    def decide(documents: Documents) -> list[Fact[Any]]:
        if post is not None:
            get_post(documents, post)
        handover = Handover(
            id=str(envelope.command_id),
            prepared_at=in_utc(envelope.at),
            by=envelope.by,
            to=to,
            agency=viewer.agency,
            post=post,
            period_from=shift_began(documents, viewer.agency),
            summary=left,
        )
        return [HANDOVER_PREPARED(HandoverPrepared(handover=handover))]

    return perform(store, envelope, decide, content=["prepare_handover", to, msgspec.to_builtins(left), post])


def confirm_handover(
    store: Store, envelope: Envelope, *, viewer: Viewer, handover_id: str, remarks: str | None = None
) -> Result:
    """Takes a shift.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``handover-absent``, ``handover-settled``, ``handover-own`` or ``handover-not-yours``.
        TextUnusableError: ``text-too-long``.
    """
    require_same(envelope, viewer)
    require_acting_at_all(viewer)
    said = clean_reason(remarks)

    def decide(documents: Documents) -> list[Fact[Any]]:
        handover = _get_handover(documents, handover_id)
        require_prepared(handover)
        require_taking(viewer, handover)
        return [HANDOVER_CONFIRMED(stamp(envelope, handover_id, said))]

    return perform(store, envelope, decide, content=["confirm_handover", handover_id, said])


def refuse_handover(
    store: Store, envelope: Envelope, *, viewer: Viewer, handover_id: str, reason: str
) -> Result:
    """Does not take a shift, and says why; who prepared it may withdraw it so.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``handover-absent``, ``handover-settled``, ``handover-not-yours`` or ``reason-missing``.
        TextUnusableError: ``text-too-long``.
    """
    require_same(envelope, viewer)
    require_acting_at_all(viewer)
    why = require_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        handover = _get_handover(documents, handover_id)
        require_prepared(handover)
        if viewer.person != handover.by:
            require_taking(viewer, handover)
        return [HANDOVER_REFUSED(stamp(envelope, handover_id, why))]

    return perform(store, envelope, decide, content=["refuse_handover", handover_id, why])


def _get_handover(documents: Documents, handover_id: str) -> Handover:
    found = documents.get(HANDOVER, handover_id)
    if found is None:
        template = N_("This hand-over is not there. Load the page again.")
        raise OperationError("handover-absent", template, handover=handover_id)
    return found

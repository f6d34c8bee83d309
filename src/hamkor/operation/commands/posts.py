# SPDX-License-Identifier: Apache-2.0
"""Posts: they check in, give a sign of life, leave."""

from __future__ import annotations

from typing import Any

from hamkor.agencies.rules import Viewer, require_same
from hamkor.discussions.rules import clean_reason
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.commands.sending import stamp
from hamkor.operation.facts import POST_CHECKED_IN, POST_HEARD, POST_LEFT, PostCheckedIn
from hamkor.operation.rules.acting import require_acting_in_field
from hamkor.operation.rules.posts import find_post_state, get_post, manning_of, require_people
from hamkor.operation.rules.running import require_running
from hamkor.operation.rules.system import is_system
from hamkor.operation.rules.words import require_reason


def check_in(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    post_id: str,
    present: int,
    people: tuple[str, ...] = (),
    note: str | None = None,
) -> Result:
    """Says how many are at a post now; said again it replaces what was said before.

    Args:
        store: Where the journal is kept.
        envelope: Who says it, when.
        viewer: The same person with their rights: an operator, or anybody who acts for the agency of the post.
        post_id: Which post of the plan.
        present: How many people are there.
        people: Those of them who stand in the plan, by id.
        note: What is added, or None.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``post-absent``, ``not-your-agency``, ``operation-not-open``, ``present-impossible``,
            ``people-too-many`` or ``person-absent``.
        TextUnusableError: ``text-too-long``.
    """
    require_same(envelope, viewer)
    cleaned, named = clean_reason(note), tuple(people)

    def decide(documents: Documents) -> list[Fact[Any]]:
        post = get_post(documents, post_id)
        require_acting_in_field(viewer, post.agency)
        require_running(documents)
        require_people(documents, named, present)
        body = PostCheckedIn(
            id=post_id,
            at=in_utc(envelope.at),
            by=envelope.by,
            present=present,
            people=named,
            state=manning_of(post, present),
            note=cleaned,
        )
        return [POST_CHECKED_IN(body)]

    return perform(store, envelope, decide, content=["check_in", post_id, present, list(named), cleaned])


def leave_post(store: Store, envelope: Envelope, *, viewer: Viewer, post_id: str, reason: str) -> Result:
    """Says that a post was left, and why.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``post-absent``, ``not-your-agency``, ``operation-not-open`` or ``reason-missing``.
        TextUnusableError: ``text-too-long``.
    """
    require_same(envelope, viewer)
    why = require_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        require_acting_in_field(viewer, get_post(documents, post_id).agency)
        require_running(documents)
        state = find_post_state(documents, post_id)
        if state is not None and state.state == "left":
            return []
        return [POST_LEFT(stamp(envelope, post_id, why))]

    return perform(store, envelope, decide, content=["leave_post", post_id, why])


def hear_post(store: Store, envelope: Envelope, *, viewer: Viewer, post_id: str) -> Result:
    """Says that a post gave a sign of life: it answered, or was seen.

    Args:
        store: Where the journal is kept.
        envelope: Who heard it, when.
        viewer: The same person with their rights, or the server itself when a message of the post came in.
        post_id: Which post of the plan.

    Raises:
        NotAllowedError: ``not-allowed``.
        OperationError: ``post-absent``, ``not-your-agency`` or ``operation-not-open``.
    """
    require_same(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        post = get_post(documents, post_id)
        if not is_system(viewer):
            require_acting_in_field(viewer, post.agency)
        require_running(documents)
        return [POST_HEARD(stamp(envelope, post_id))]

    return perform(store, envelope, decide, content=["hear_post", post_id])

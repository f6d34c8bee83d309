# SPDX-License-Identifier: Apache-2.0
"""Comments: written, corrected with both wordings visible, struck, never deleted."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer
from hamkor.common.messages import N_
from hamkor.discussions.commands.sending import get_found, require_sender, require_unstruck, struck_by
from hamkor.discussions.facts import (
    COMMENT,
    COMMENT_CORRECTED,
    COMMENT_STRUCK,
    COMMENT_WRITTEN,
    CommentCorrected,
    CommentWritten,
)
from hamkor.discussions.rules import About, DiscussionError, clean_text, require_about
from hamkor.discussions.rules.talk import WORDINGS_MAX, require_own
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc


def write_comment(store: Store, envelope: Envelope, *, viewer: Viewer, about: About, text: str) -> Result:
    """Writes a comment, whose id is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who writes, when.
        viewer: The same person with their rights.
        about: What it is about.
        text: What is said.

    Raises:
        NotAllowedError: ``not-allowed``.
        TextUnusableError: ``text-empty`` or ``text-too-long``.
        AboutError: ``about-malformed`` or ``about-absent``.
    """
    require_sender(envelope, viewer)
    cleaned = clean_text(text)

    def decide(documents: Documents) -> list[Fact[Any]]:
        require_about(documents, about)
        body = CommentWritten(
            id=str(envelope.command_id),
            about=about,
            by=envelope.by,
            agency=viewer.agency,
            at=in_utc(envelope.at),
            text=cleaned,
        )
        return [COMMENT_WRITTEN(body)]

    return perform(store, envelope, decide, content=["write_comment", msgspec.to_builtins(about), cleaned])


def correct_comment(
    store: Store, envelope: Envelope, *, viewer: Viewer, comment_id: str, text: str
) -> Result:
    """Gives one's own comment another wording; the former one stays readable.

    Raises:
        NotAllowedError: ``not-allowed``.
        TextUnusableError: ``text-empty`` or ``text-too-long``.
        DiscussionError: ``discussion-absent``, ``not-author``, ``struck-already`` or ``too-many-wordings``.
    """
    require_sender(envelope, viewer)
    cleaned = clean_text(text)

    def decide(documents: Documents) -> list[Fact[Any]]:
        comment = get_found(documents, COMMENT, comment_id)
        if comment.by != viewer.person:
            template = N_("Only the author can correct a comment. Write one of your own beside it.")
            raise DiscussionError("not-author", template)
        require_unstruck(comment)
        if comment.text == cleaned:
            return []
        if len(comment.former) >= WORDINGS_MAX:
            template = N_("This comment was corrected {most} times. Write a new one.")
            raise DiscussionError("too-many-wordings", template, most=WORDINGS_MAX)
        return [COMMENT_CORRECTED(CommentCorrected(id=comment_id, at=in_utc(envelope.at), text=cleaned))]

    return perform(store, envelope, decide, content=["correct_comment", comment_id, cleaned])


def strike_comment(
    store: Store, envelope: Envelope, *, viewer: Viewer, comment_id: str, reason: str | None = None
) -> Result:
    """Strikes one's own comment, or as a coordinator anybody's; it stays readable.

    Raises:
        NotAllowedError: ``not-allowed``.
        DiscussionError: ``discussion-absent``, ``not-yours`` or ``struck-already``.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer)
    struck = struck_by(envelope, id=comment_id, reason=reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        comment = get_found(documents, COMMENT, comment_id)
        require_own(viewer, comment.by)
        require_unstruck(comment)
        return [COMMENT_STRUCK(struck)]

    return perform(store, envelope, decide, content=["strike_comment", comment_id, struck.reason])

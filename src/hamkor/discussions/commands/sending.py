# SPDX-License-Identifier: Apache-2.0
"""What all verbs of discussions share: who sends, what is found, what is refused."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from hamkor.agencies.rules import Right, Viewer, require, require_same
from hamkor.common.messages import N_
from hamkor.discussions.facts import Struck
from hamkor.discussions.rules import DiscussionError, clean_reason
from hamkor.journal.commands import Envelope
from hamkor.journal.rules import Documents, Kind, in_utc

B = TypeVar("B", bound=msgspec.Struct)


def require_sender(envelope: Envelope, viewer: Viewer, right: Right = "comment") -> None:
    """Returns when the sender is the person looked at, and has the right.

    Raises:
        NotAllowedError: ``not-allowed``.
        ValueError: The envelope was filled for somebody else: a fault of the program.
    """
    require_same(envelope, viewer)
    require(viewer, right)


def get_found(documents: Documents, kind: Kind[B], document_id: str) -> B:
    """Returns what a verb is about.

    Raises:
        DiscussionError: ``discussion-absent``, when there is no such thing.
    """
    found = documents.get(kind, document_id)
    if found is None:
        template = N_("This is not there any more. Load the page again.")
        raise DiscussionError("discussion-absent", template, id=document_id)
    return found


def require_unstruck(found: Any) -> None:
    """Returns when a thing was not struck.

    Raises:
        DiscussionError: ``struck-already``.
    """
    if found.strike is not None:
        raise DiscussionError("struck-already", N_("This was struck already. Write it anew if it is needed."))


def struck_by(envelope: Envelope, *, id: str, reason: str | None) -> Struck:
    """Returns the body of a fact that strikes, closes or erases.

    Raises:
        TextUnusableError: ``text-too-long``.
    """
    return Struck(id=id, by=envelope.by, at=in_utc(envelope.at), reason=clean_reason(reason))

# SPDX-License-Identifier: Apache-2.0
"""Attachments: the record holds name, kind, size and digest; the content lies in a store of files, erasable."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer
from hamkor.common.messages import N_
from hamkor.discussions.commands.sending import get_found, require_sender, require_unstruck, struck_by
from hamkor.discussions.facts import (
    ATTACHMENT,
    ATTACHMENT_ADDED,
    ATTACHMENT_ERASED,
    ATTACHMENT_STRUCK,
    AttachmentAdded,
)
from hamkor.discussions.files import FileStore
from hamkor.discussions.redrawing import redraw
from hamkor.discussions.rules import OF_MESSAGES, About, Attachment, DiscussionError, require_about
from hamkor.discussions.rules.talk import require_own
from hamkor.discussions.rules.uploads import Upload, judge_upload
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents, Fact, Stream, in_utc

__all__ = ["FileStore", "attach_file", "erase_file", "strike_attachment", "sweep_files"]


def attach_file(
    store: Store, envelope: Envelope, *, viewer: Viewer, files: FileStore, about: About, upload: Upload
) -> Result:
    """Judges an uploaded file, keeps its content and records it; the id of the attachment is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who attaches, when.
        viewer: The same person with their rights: to comment, or for a file of a message, to send one.
        files: Where contents are kept, of all events.
        about: What it is about; `OF_MESSAGES` for a file that goes with a message.
        upload: The file as it was sent; pictures are drawn anew.

    Raises:
        NotAllowedError: ``not-allowed``.
        AboutError: ``about-malformed`` or ``about-absent``.
        UploadRefusedError: A code of `judge_upload`.
    """
    is_of_message = about == OF_MESSAGES
    require_sender(envelope, viewer, "report_incident" if is_of_message else "comment")
    accepted = judge_upload(upload.name, upload.content, upload.declared_type, limits=upload.limits)
    kept = redraw(accepted, upload.limits)
    digest = sha256(kept).hexdigest()

    def decide(documents: Documents) -> list[Fact[Any]]:
        if not is_of_message:
            require_about(documents, about)
        body = AttachmentAdded(
            id=str(envelope.command_id),
            about=about,
            by=envelope.by,
            agency=viewer.agency,
            at=in_utc(envelope.at),
            name=accepted.name,
            media_type=accepted.media_type,
            size_bytes=len(kept),
            digest=digest,
        )
        return [ATTACHMENT_ADDED(body)]

    sent = [msgspec.to_builtins(about), accepted.name, sha256(accepted.content).hexdigest()]
    shelf = files.of_event(envelope.stream)
    with shelf.turn():
        # The content first: a record must never name one that was not kept.
        shelf.put(kept)
        try:
            return perform(store, envelope, decide, content=["attach_file", *sent])
        finally:
            # Refused, or sent again after it was erased: then no attachment names it.
            _drop_unnamed(store, shelf, stream=envelope.stream, digests=(digest,))


def strike_attachment(
    store: Store, envelope: Envelope, *, viewer: Viewer, attachment_id: str, reason: str | None = None
) -> Result:
    """Strikes one's own attachment, or as a coordinator anybody's; it stays readable.

    Raises:
        NotAllowedError: ``not-allowed``.
        DiscussionError: ``discussion-absent``, ``not-yours`` or ``struck-already``.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer)
    struck = struck_by(envelope, id=attachment_id, reason=reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        attachment = get_found(documents, ATTACHMENT, attachment_id)
        require_own(viewer, attachment.by)
        require_unstruck(attachment)
        return [ATTACHMENT_STRUCK(struck)]

    return perform(store, envelope, decide, content=["strike_attachment", attachment_id, struck.reason])


def erase_file(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    files: FileStore,
    attachment_id: str,
    reason: str | None = None,
) -> Result:
    """Erases the content of an attachment, everywhere at this event; record and digest stay.

    Args:
        store: Where the journal is kept.
        envelope: Who erases, when.
        viewer: The same person with their rights: to erase personal details.
        files: Where contents are kept, of all events.
        attachment_id: Which attachment; others with the same content are erased with it.
        reason: Why, or None.

    Raises:
        NotAllowedError: ``not-allowed``.
        DiscussionError: ``discussion-absent`` or ``erased-already``.
        TextUnusableError: ``text-too-long``, for the reason.

    Notes:
        When the process ends between record and erasure, the same command sent again, or `sweep_files`, erases.
    """
    require_sender(envelope, viewer, "erase_personal")
    erased = struck_by(envelope, id=attachment_id, reason=reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        attachment = get_found(documents, ATTACHMENT, attachment_id)
        if attachment.erasure is not None:
            raise DiscussionError("erased-already", N_("The content of this file was erased already."))
        same = [
            item
            for item in documents.all(ATTACHMENT)
            if item.digest == attachment.digest and item.erasure is None
        ]
        return [ATTACHMENT_ERASED(msgspec.structs.replace(erased, id=item.id)) for item in same]

    shelf = files.of_event(envelope.stream)
    with shelf.turn():
        result = perform(store, envelope, decide, content=["erase_file", attachment_id, erased.reason])
        attachment = get_found(get_documents(store, envelope.stream), ATTACHMENT, attachment_id)
        _drop_unnamed(store, shelf, stream=envelope.stream, digests=(attachment.digest,))
    return result


def sweep_files(store: Store, *, files: FileStore, stream: Stream) -> int:
    """Erases the contents of an event that no attachment names any more, and returns how many.

    Args:
        store: Where the journal is kept.
        files: Where contents are kept, of all events.
        stream: Id of the event's journal.
    """
    shelf = files.of_event(stream)
    with shelf.turn():
        return _drop_unnamed(store, shelf, stream=stream, digests=shelf.list_digests())


def _drop_unnamed(store: Store, shelf: FileStore, *, stream: Stream, digests: tuple[str, ...]) -> int:
    """Erases those contents that no attachment with a content names; only in a turn of the shelf."""
    attachments: tuple[Attachment, ...] = get_documents(store, stream).all(ATTACHMENT)
    named = {item.digest for item in attachments if item.erasure is None}
    return sum(shelf.erase(digest) for digest in digests if digest not in named)

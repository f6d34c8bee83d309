# SPDX-License-Identifier: Apache-2.0
"""Files that go with messages: who may send one on, and who may open it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from hamkor.agencies.rules import Viewer, may
from hamkor.common.messages import N_
from hamkor.discussions.rules import OF_MESSAGES, Attachment
from hamkor.journal.rules import Documents
from hamkor.orders.rules.addressing import may_read
from hamkor.orders.rules.messages import AttachedFile, Message, MessageError


def may_open(viewer: Viewer, documents: Documents, attachment: Attachment) -> bool:
    """True when a person may open a file: their own, one of a message they may read, or one of a plan they may read.

    Args:
        viewer: Who opens it.
        documents: Documents of the event.
        attachment: The file.
    """
    if attachment.by == viewer.person:
        return True
    if attachment.about != OF_MESSAGES and may(viewer, "see_plan"):
        return True
    messages = cast("tuple[Message, ...]", documents.all("message"))
    return any(attachment.id in message.attachments and may_read(viewer, message) for message in messages)


def attached_of(documents: Documents, viewer: Viewer, ids: Iterable[str]) -> tuple[AttachedFile, ...]:
    """Returns what a message says of the files that go with it.

    Args:
        documents: Documents of the event.
        viewer: Who sends it: whoever sends a file on must be able to open it, or an id would be enough to get one.
        ids: Ids of attachments.

    Raises:
        MessageError: ``attachment-absent``, also for one the sender may not open.
    """
    return tuple(_attached(documents, viewer, attachment_id) for attachment_id in ids)


def _attached(documents: Documents, viewer: Viewer, attachment_id: str) -> AttachedFile:
    found = documents.get("attachment", attachment_id)
    is_there = isinstance(found, Attachment) and found.strike is None and found.erasure is None
    if not is_there or not may_open(viewer, documents, cast("Attachment", found)):
        template = N_("A file that is attached is not there any more. Attach it again.")
        raise MessageError("attachment-absent", template, id=attachment_id)
    file = cast("Attachment", found)
    return AttachedFile(id=file.id, name=file.name, media_type=file.media_type, size_bytes=file.size_bytes)

# SPDX-License-Identifier: Apache-2.0
"""Files on their way in and out: what a form sent, and a content as a download that can do nothing as a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from hamkor.common.messages import N_
from hamkor.discussions.rules import Attachment
from hamkor.discussions.rules.uploads import Upload, UploadLimits, UploadRefusedError
from hamkor.workspace.conversation import size_shown


def uploaded(request: HttpRequest, limits: UploadLimits) -> Upload:
    """Returns the file a form sent as ``file``.

    Args:
        request: The request.
        limits: How large and how odd it may be.

    Raises:
        UploadRefusedError: ``file-missing`` or ``too-large``.
    """
    sent = request.FILES.get("file")
    if sent is None:
        raise UploadRefusedError("file-missing", N_("No file was chosen."))
    if sent.size is not None and sent.size > limits.most_bytes:
        template = N_("The file has {size}; at most {most} are taken.")
        size, most = (size_shown(each, "en") for each in (sent.size, limits.most_bytes))
        raise UploadRefusedError("too-large", template, size=size, most=most)
    return Upload(name=sent.name or "", content=sent.read(), declared_type=sent.content_type, limits=limits)


def as_download(attachment: Attachment, content: bytes) -> HttpResponse:
    """Returns a content as a download, never as a page of ours.

    Args:
        attachment: What is recorded of it.
        content: The content.
    """
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=attachment.name)
        or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=attachment.media_type, headers=headers)

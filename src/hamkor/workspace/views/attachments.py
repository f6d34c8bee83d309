# SPDX-License-Identifier: Apache-2.0
"""Files that belong to a plan: attached, sent as downloads only, struck, their contents erased."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from hamkor.agencies.rules import may
from hamkor.common.errors import HamkorError
from hamkor.common.messages import Message
from hamkor.discussions.commands import attach_file, erase_file, strike_attachment
from hamkor.discussions.queries import list_attachments, read_attachment
from hamkor.discussions.rules import AboutError, make_about
from hamkor.discussions.rules.uploads import OFFICE
from hamkor.workspace.carrying import as_download, uploaded
from hamkor.workspace.conversation import AttachmentLine, Place, Speaker, speakers_of
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.forms.sent import FormMalformedError, answer_refused, command_id_of
from hamkor.workspace.stores import files, journals
from hamkor.workspace.views.editing import back


@event_view()
def attachments_page(page: EventPage) -> HttpResponse:
    """Every attached file by what it belongs to; attaches, strikes, erases."""
    if page.request.method != "POST":
        return _shown(page)
    try:
        _perform(page)
    except HamkorError as error:
        return answer_refused(error, lambda refused: _shown(page, refused.message))
    return HttpResponseRedirect(back(page.request, page.request.path))


@require_safe
@event_view()
def attachment_content(page: EventPage, *, attachment: str) -> HttpResponse:
    """Sends the content of a file as a download, never as a page of ours."""
    found, content = read_attachment(
        page.viewer, page.documents, files=files(), stream=page.stream, attachment_id=attachment
    )
    return as_download(found, content)


def _perform(page: EventPage) -> None:
    posted = page.request.POST
    envelope, action = page.envelope(command_id_of(posted)), posted.get("do")
    chosen, reason = posted.get("attachment", ""), posted.get("reason")
    if action == "attach":
        about = make_about(part=posted.get("part"), item=posted.get("item"))
        attach_file(
            journals(),
            envelope,
            viewer=page.viewer,
            files=files(),
            about=about,
            upload=uploaded(page.request, OFFICE),
        )
    elif action == "strike":
        strike_attachment(journals(), envelope, viewer=page.viewer, attachment_id=chosen, reason=reason)
    elif action == "erase":
        erase_file(
            journals(), envelope, viewer=page.viewer, files=files(), attachment_id=chosen, reason=reason
        )
    else:
        raise FormMalformedError


def _shown(page: EventPage, fault: Message | None = None) -> HttpResponse:
    attachments = list_attachments(page.viewer, page.documents)
    speaker = Speaker(page)
    speaker.learn(speakers_of(attachments=attachments))
    groups: dict[Place, list[AttachmentLine]] = {}
    for attachment in attachments[::-1]:
        line = speaker.attachment(attachment)
        groups.setdefault(line.place, []).append(line)
    return page.render(
        "workspace/attachments.html",
        current_section="attachments",
        groups=sorted(groups.items(), key=lambda group: group[0].title),
        count=len(attachments),
        may_attach=may(page.viewer, "comment"),
        most_bytes=OFFICE.most_bytes,
        place=_place(page, speaker),
        fault=fault,
    )


def _place(page: EventPage, speaker: Speaker) -> Place:
    asked = page.request.POST if page.request.method == "POST" else page.request.GET
    try:
        return speaker.place(make_about(part=asked.get("part"), item=asked.get("item")))
    except AboutError:
        return speaker.place(make_about())

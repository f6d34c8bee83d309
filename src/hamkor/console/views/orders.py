# SPDX-License-Identifier: Apache-2.0
"""The page of somebody in the field: what awaits their answer, and one gesture for each answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect

from hamkor.agencies.queries.people import find_people
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message
from hamkor.console.opening import EventPage, event_view, journals
from hamkor.orders import commands
from hamkor.orders.queries import MessageDue, list_due_messages
from hamkor.pages.languages import current_language
from hamkor.pages.refusals import DEFAULT_STATUS, STATUS_OF_CODE
from hamkor.printing.shown import agency_name

SORTS: dict[str, str] = {
    "order": N_("Order"),
    "request": N_("Request"),
    "question": N_("Question"),
    "information": N_("Information"),
    "log": N_("Log"),
}
URGENCIES: dict[str, tuple[str, str]] = {
    "flash": ("red", N_("at once")),
    "immediate": ("amber", N_("urgent")),
    "routine": ("", N_("routine")),
}
DONE: dict[str, str] = {
    "seen": N_("The sender knows that you have read it."),
    "accepted": N_("Accepted. The sender knows."),
    "refused": N_("Refused. The sender knows why."),
}
SHOWN_MAX = 100


class SentMalformedError(HamkorError):
    """A form of the page is not one of ours."""

    def __init__(self) -> None:
        super().__init__("form-malformed", N_("The form is not complete. Load the page and send it again."))


@event_view("answer_order")
def orders_page(page: EventPage) -> HttpResponse:
    """What awaits an answer of the person, the most urgent first; takes the answers."""
    if page.request.method != "POST":
        return _shown(page)
    posted = page.request.POST
    if posted.get("do") == "delivered":
        return _delivered(page, posted.getlist("message"))
    try:
        _do(page, posted)
    except HamkorError as error:
        if error.code == "not-allowed":
            raise
        answer = _shown(page, fault=error.message)
        answer.status_code = STATUS_OF_CODE.get(error.code, DEFAULT_STATUS)
        return answer
    return HttpResponseRedirect(page.request.path)


def _delivered(page: EventPage, ids: list[str]) -> HttpResponse:
    """Notes that messages are on a screen of the person: the page says so by itself."""
    envelope = page.envelope(_command_id(page.request.POST))
    commands.mark_delivered(journals(), envelope, viewer=page.viewer, message_ids=ids[:SHOWN_MAX])
    return HttpResponse(status=204)


def _do(page: EventPage, posted: Mapping[str, Any]) -> None:
    envelope = page.envelope(_command_id(posted))
    message_id, done = str(posted.get("message", "")), str(posted.get("do", ""))
    acts: dict[str, Callable[[], object]] = {
        "seen": lambda: commands.mark_seen(journals(), envelope, viewer=page.viewer, message_id=message_id),
        "accepted": lambda: commands.answer_message(
            journals(),
            envelope,
            viewer=page.viewer,
            message_id=message_id,
            answer="accepted",
            words=str(posted.get("words", "")) or None,
        ),
        "refused": lambda: commands.answer_message(
            journals(),
            envelope,
            viewer=page.viewer,
            message_id=message_id,
            answer="refused",
            words=str(posted.get("words", "")) or None,
        ),
    }
    if done not in acts:
        raise SentMalformedError
    acts[done]()
    page.tell(translate(DONE[done], current_language()))


def _command_id(posted: Mapping[str, Any]) -> UUID:
    try:
        return UUID(str(posted.get("command_id", "")))
    except ValueError:
        raise SentMalformedError from None


def _shown(page: EventPage, *, fault: Message | None = None) -> HttpResponse:
    due = list_due_messages(page.viewer, page.documents)[:SHOWN_MAX]
    senders = find_people({each.message.sender for each in due})
    language = current_language()

    def line(each: MessageDue) -> dict[str, Any]:
        message = each.message
        sender = senders.get(message.sender)
        tone, urgency = URGENCIES[message.urgency]
        return {
            "message": message,
            "due_at": each.due_at,
            "sort": translate(SORTS[message.sort], language),
            "urgency": translate(urgency, language),
            "tone": tone,
            "from": " · ".join(
                part
                for part in (
                    agency_name(message.agency, language) if message.agency else "",
                    sender.position if sender else "",
                )
                if part
            ),
            "is_seen": all(
                receipt.seen_at is not None
                for receipt in message.receipts
                if receipt.addressee.key in {addressee.key for addressee in each.addressees}
            ),
        }

    return page.render(
        "console/orders.html",
        lines=[line(each) for each in due],
        fault=fault,
        typed=page.request.POST,
        undelivered=[each.message.id for each in due if _is_undelivered(each)],
    )


def _is_undelivered(due: MessageDue) -> bool:
    mine = {addressee.key for addressee in due.addressees}
    return any(
        receipt.delivered_at is None for receipt in due.message.receipts if receipt.addressee.key in mine
    )

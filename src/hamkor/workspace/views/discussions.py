# SPDX-License-Identifier: Apache-2.0
"""Questions with deadlines, and comments: lists by urgency, one question with its answers."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from hamkor.agencies.rules import may
from hamkor.common.errors import HamkorError
from hamkor.common.messages import Message
from hamkor.discussions.commands import (
    answer_question,
    ask_question,
    close_question,
    correct_comment,
    redirect_question,
    strike_comment,
    write_comment,
)
from hamkor.discussions.queries import (
    QuestionLists,
    QuestionShown,
    get_question,
    list_comments,
    list_questions,
)
from hamkor.discussions.rules import About, AboutError, make_about
from hamkor.workspace.addressees import addressee_of, deadline_of, list_addressees, usual_deadline
from hamkor.workspace.conversation import Place, Speaker, speakers_of
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.forms.sent import FormMalformedError, answer_refused, command_id_of
from hamkor.workspace.stores import journals
from hamkor.workspace.views.editing import back

MOST_COMMENTS = 100


@event_view()
def questions_page(page: EventPage) -> HttpResponse:
    """Questions by urgency and the latest comments; asks, comments, corrects, strikes."""
    if page.request.method != "POST":
        return _shown(page)
    try:
        _perform(page, ACTIONS)
    except HamkorError as error:
        return answer_refused(error, lambda refused: _shown(page, refused.message))
    return HttpResponseRedirect(back(page.request, page.request.path))


@event_view()
def question_page(page: EventPage, *, question: str) -> HttpResponse:
    """One question with its answers; answers, redirects, closes."""
    get_question(page.viewer, page.documents, question, now=page.now)
    if page.request.method != "POST":
        return _question_shown(page, question)
    try:
        _perform_on_question(page, question)
    except HamkorError as error:
        return answer_refused(error, lambda refused: _question_shown(page, question, refused.message))
    return HttpResponseRedirect(back(page.request, page.request.path))


def _perform(page: EventPage, actions: dict[str, Callable[[EventPage], None]]) -> None:
    action = actions.get(page.request.POST.get("do", ""))
    if action is None:
        raise FormMalformedError
    action(page)


def _ask(page: EventPage) -> None:
    posted = page.request.POST
    ask_question(
        journals(),
        page.envelope(command_id_of(posted)),
        viewer=page.viewer,
        about=_about(page),
        text=posted.get("text", ""),
        to=addressee_of(page, posted.get("to", "")),
        deadline_at=deadline_of(page, posted.get("deadline_at", "")),
    )


def _comment(page: EventPage) -> None:
    posted = page.request.POST
    envelope = page.envelope(command_id_of(posted))
    text = posted.get("text", "")
    write_comment(journals(), envelope, viewer=page.viewer, about=_about(page), text=text)


def _correct(page: EventPage) -> None:
    posted = page.request.POST
    envelope = page.envelope(command_id_of(posted))
    comment, text = posted.get("comment", ""), posted.get("text", "")
    correct_comment(journals(), envelope, viewer=page.viewer, comment_id=comment, text=text)


def _strike(page: EventPage) -> None:
    posted = page.request.POST
    envelope = page.envelope(command_id_of(posted))
    comment, reason = posted.get("comment", ""), posted.get("reason")
    strike_comment(journals(), envelope, viewer=page.viewer, comment_id=comment, reason=reason)


ACTIONS: dict[str, Callable[[EventPage], None]] = {
    "ask": _ask,
    "comment": _comment,
    "correct": _correct,
    "strike": _strike,
}


def _perform_on_question(page: EventPage, question: str) -> None:
    posted = page.request.POST
    envelope, action = page.envelope(command_id_of(posted)), posted.get("do")
    if action == "answer":
        answer_question(
            journals(), envelope, viewer=page.viewer, question_id=question, text=posted.get("text", "")
        )
    elif action == "close":
        close_question(
            journals(), envelope, viewer=page.viewer, question_id=question, reason=posted.get("reason")
        )
    elif action == "redirect":
        typed = posted.get("deadline_at")
        redirect_question(
            journals(),
            envelope,
            viewer=page.viewer,
            question_id=question,
            to=addressee_of(page, posted.get("to", "")),
            deadline_at=deadline_of(page, typed) if typed else None,
            reason=posted.get("reason"),
        )
    else:
        raise FormMalformedError


def _about(page: EventPage) -> About:
    asked = page.request.POST if page.request.method == "POST" else page.request.GET
    return make_about(
        part=asked.get("part"), item=asked.get("item"), field=asked.get("field"), finding=asked.get("finding")
    )


def _shown(page: EventPage, fault: Message | None = None) -> HttpResponse:
    viewer, documents = page.viewer, page.documents
    lists = list_questions(viewer, documents, page.now)
    comments = list_comments(viewer, documents)[-MOST_COMMENTS:][::-1]
    speaker = Speaker(page)
    speaker.learn(speakers_of(comments, (*lists.open, *lists.settled, *lists.asked)))
    posted = page.request.POST
    place = _place(page, speaker)
    return page.render(
        "workspace/questions.html",
        current_section="questions",
        lists=[(name, [speaker.question(each) for each in found]) for name, found in _lists(lists)],
        comments=[speaker.comment(each) for each in comments],
        may_comment=may(viewer, "comment"),
        addressees=list_addressees(page) if may(viewer, "comment") else (),
        usual_deadline=usual_deadline(page),
        place=place,
        place_query=urlencode(place.query),
        fault=fault,
        typed=posted if fault is not None else {},
        is_asking="ask" in page.request.GET or posted.get("do") == "ask",
    )


def _lists(lists: QuestionLists) -> list[tuple[str, tuple[QuestionShown, ...]]]:
    """Returns the lists of the page: what is the viewer's own is not repeated among all."""
    own = {each.question.id for each in (*lists.to_answer, *lists.asked)}
    others = tuple(each for each in lists.open if each.question.id not in own)
    settled = tuple(each for each in lists.settled if each.question.id not in own)
    return [("to_answer", lists.to_answer), ("asked", lists.asked), ("open", others), ("settled", settled)]


def _place(page: EventPage, speaker: Speaker) -> Place:
    try:
        return speaker.place(_about(page))
    except AboutError:
        return speaker.place(make_about())


def _question_shown(page: EventPage, question: str, fault: Message | None = None) -> HttpResponse:
    shown = get_question(page.viewer, page.documents, question, now=page.now)
    speaker = Speaker(page)
    speaker.learn(speakers_of(questions=[shown]))
    line = speaker.question(shown)
    return page.render(
        "workspace/questions_one.html",
        current_section="questions",
        line=line,
        addressees=list_addressees(page) if line.may_redirect else (),
        fault=fault,
        typed=page.request.POST if fault is not None else {},
    )

# SPDX-License-Identifier: Apache-2.0
"""Comments and questions about a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Query

from hamkor.discussions.commands import ask_question, write_comment
from hamkor.discussions.facts import COMMENT, QUESTION
from hamkor.discussions.rules import About, Comment, Question, state_of
from hamkor.workspace.api.access import open_page
from hamkor.workspace.api.answers import answer, read_body, tag_of, unchanged
from hamkor.workspace.api.events import CURSOR, LIMIT, CursorWrongError
from hamkor.workspace.api.openapi import described
from hamkor.workspace.api.shapes import (
    Comments,
    CommentToWrite,
    QuestionRow,
    Questions,
    QuestionToAsk,
    Sent,
)
from hamkor.workspace.stores import journals

router = Router()
ABOUT_PART = Query(None, max_length=40, description="Only what is about this part of the plan and its items.")
ABOUT_ITEM = Query(None, max_length=80, description="Only what is about the item with this id.")
T = TypeVar("T", Comment, Question)


@router.get(
    "/events/{uuid:stream}/comments",
    **described("List comments", tag="Talk", scope="read", answer=Comments),
)
def list_comments(
    request: HttpRequest,
    stream: UUID,
    part: str | None = ABOUT_PART,
    item: str | None = ABOUT_ITEM,
    cursor: str | None = CURSOR,
    limit: int = LIMIT,
) -> HttpResponse:
    """Nothing is ever deleted: what was struck says so."""
    page = open_page(request, stream, "read")
    tag = tag_of(page, "comments", part, item, cursor, limit)
    known = unchanged(request, tag)
    if known is not None:
        return known
    found = [each for each in page.documents.all(COMMENT) if _is_about(each.about, part, item)]
    items, following = _page_of(found, cursor, limit)
    return answer(Comments(number=page.number, items=items, next_cursor=following), tag=tag)


@router.post(
    "/events/{uuid:stream}/comments",
    **described("Write a comment", tag="Talk", scope="edit", body=CommentToWrite, answer=Sent, status=201),
)
def comment(request: HttpRequest, stream: UUID) -> HttpResponse:
    """About the event, a part, an item, a field or a finding. Keep names and phones out of it: it stays."""
    page = open_page(request, stream, "edit")
    sent = read_body(request, CommentToWrite)
    done = write_comment(
        journals(), page.envelope(sent.command_id), viewer=page.viewer, about=sent.about, text=sent.text
    )
    return answer(Sent(id=sent.command_id, number=done.number), status=201)


@router.get(
    "/events/{uuid:stream}/questions",
    **described("List questions", tag="Talk", scope="read", answer=Questions),
)
def list_questions(
    request: HttpRequest,
    stream: UUID,
    part: str | None = ABOUT_PART,
    item: str | None = ABOUT_ITEM,
    cursor: str | None = CURSOR,
    limit: int = LIMIT,
) -> HttpResponse:
    """Whether one is overdue depends on the moment, so that this answer has no `ETag`."""
    page = open_page(request, stream, "read")
    found = [each for each in page.documents.all(QUESTION) if _is_about(each.about, part, item)]
    items, following = _page_of(found, cursor, limit)
    rows = tuple(QuestionRow(question=each, state=state_of(each, page.now)) for each in items)
    return answer(Questions(number=page.number, items=rows, next_cursor=following))


@router.post(
    "/events/{uuid:stream}/questions",
    **described("Ask a question", tag="Talk", scope="edit", body=QuestionToAsk, answer=Sent, status=201),
)
def ask(request: HttpRequest, stream: UUID) -> HttpResponse:
    """To a person or an agency, with a deadline."""
    page = open_page(request, stream, "edit")
    sent = read_body(request, QuestionToAsk)
    done = ask_question(
        journals(),
        page.envelope(sent.command_id),
        viewer=page.viewer,
        about=sent.about,
        text=sent.text,
        to=sent.to,
        deadline_at=sent.deadline_at,
    )
    return answer(Sent(id=sent.command_id, number=done.number), status=201)


def _is_about(about: About, part: str | None, item: str | None) -> bool:
    """True for what is said about a part, its items included, or about one item."""
    return part in {None, about.part} and item in {None, about.item}


def _page_of(found: Sequence[T], cursor: str | None, limit: int) -> tuple[tuple[T, ...], str | None]:
    """Returns the items after a cursor, which is the id of the last one given, and the next cursor."""
    start = 0
    if cursor is not None:
        places = [place for place, each in enumerate(found, 1) if each.id == cursor]
        if not places:
            raise CursorWrongError
        start = places[0]
    items = tuple(found[start : start + limit])
    return items, items[-1].id if len(found) > start + limit else None

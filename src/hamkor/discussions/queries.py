# SPDX-License-Identifier: Apache-2.0
"""Reads of discussions: threads, questions by urgency, attachments with their contents, numbers for badges."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from hamkor.agencies.rules import Viewer, require
from hamkor.common.messages import N_
from hamkor.discussions.facts import ATTACHMENT, COMMENT, QUESTION
from hamkor.discussions.files import FileContentError, FileStore
from hamkor.discussions.rules import (
    OF_MESSAGES,
    About,
    Attachment,
    Comment,
    DiscussionError,
    Question,
    QuestionState,
    is_asked,
    state_of,
)
from hamkor.journal.rules import Documents, Stream


class QuestionShown(msgspec.Struct, frozen=True):
    """A question with where it stands at a moment.

    Args:
        question: The question.
        state: Where it stands.
        left: Time until its deadline, below zero after it.
        is_mine_to_answer: True when the viewer is asked.
        is_mine: True when the viewer asked it.
    """

    question: Question
    state: QuestionState
    left: timedelta
    is_mine_to_answer: bool
    is_mine: bool


class QuestionLists(msgspec.Struct, frozen=True, kw_only=True):
    """Questions as one person needs them; what is due first stands first.

    Args:
        to_answer: Open ones the viewer is to answer.
        asked: Ones the viewer asked that are not closed; answered ones first, because they await a look.
        open: All that await an answer.
        settled: Answered and closed ones, the latest first.
    """

    to_answer: tuple[QuestionShown, ...] = ()
    asked: tuple[QuestionShown, ...] = ()
    open: tuple[QuestionShown, ...] = ()
    settled: tuple[QuestionShown, ...] = ()


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What is said about one place; struck and closed things are not counted.

    Args:
        comments: Comments.
        questions: Questions that await an answer, overdue ones included.
        overdue: Those of them whose deadline has passed.
        attachments: Attachments with a content.
    """

    comments: int = 0
    questions: int = 0
    overdue: int = 0
    attachments: int = 0

    @property
    def total(self) -> int:
        """Everything together."""
        return self.comments + self.questions + self.attachments

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})


class Badges(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers for the pages of a plan.

    Args:
        event: About the event as a whole.
        parts: By part, everything about its items included.
        items: By part and item.
        findings: By key of the finding.
    """

    event: Counts = Counts()
    parts: dict[str, Counts] = {}
    items: dict[tuple[str, str], Counts] = {}
    findings: dict[str, Counts] = {}

    def of_part(self, part: str) -> Counts:
        """Returns the numbers of a part."""
        return self.parts.get(part, Counts())

    def of_item(self, part: str, item: str) -> Counts:
        """Returns the numbers of an item."""
        return self.items.get((part, item), Counts())

    def of_finding(self, key: str) -> Counts:
        """Returns the numbers of a finding."""
        return self.findings.get(key, Counts())


def list_comments(viewer: Viewer, documents: Documents, about: About | None = None) -> tuple[Comment, ...]:
    """Returns comments in the order in which they were written, struck ones too.

    Args:
        viewer: Who reads.
        documents: Documents of the event.
        about: Only those about this; those about its fields too when it names none. All when None.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_plan")
    return tuple(item for item in documents.all(COMMENT) if _is_within(item.about, about))


def list_questions(
    viewer: Viewer, documents: Documents, now: datetime, *, about: About | None = None
) -> QuestionLists:
    """Returns the questions of an event by urgency: mine to answer, mine asked, all open, settled.

    Args:
        viewer: Who reads.
        documents: Documents of the event.
        now: An aware moment.
        about: Only those about this, as in `list_comments`.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_plan")
    found = [_shown(viewer, item, now) for item in documents.all(QUESTION) if _is_within(item.about, about)]
    found.sort(key=lambda shown: (shown.question.deadline_at, shown.question.id))
    waiting = tuple(shown for shown in found if shown.state in {"open", "overdue"})
    asked = [shown for shown in found if shown.is_mine and shown.state != "closed"]
    settled = [shown for shown in found if shown.state in {"answered", "closed"}]
    return QuestionLists(
        to_answer=tuple(shown for shown in waiting if shown.is_mine_to_answer),
        asked=tuple(sorted(asked, key=lambda shown: shown.state != "answered")),
        open=waiting,
        settled=tuple(sorted(settled, key=_settled_at, reverse=True)),
    )


def get_question(viewer: Viewer, documents: Documents, question_id: str, *, now: datetime) -> QuestionShown:
    """Returns one question with where it stands.

    Raises:
        NotAllowedError: ``not-allowed``.
        DiscussionError: ``discussion-absent``.
    """
    require(viewer, "see_plan")
    question = documents.get(QUESTION, question_id)
    if question is None:
        raise _absent(question_id)
    return _shown(viewer, question, now)


def list_attachments(
    viewer: Viewer, documents: Documents, about: About | None = None
) -> tuple[Attachment, ...]:
    """Returns attachments of the plan in the order in which they were attached, struck and erased ones too.

    Args:
        viewer: Who reads.
        documents: Documents of the event.
        about: Only those about this, as in `list_comments`.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_plan")
    found = (item for item in documents.all(ATTACHMENT) if item.about != OF_MESSAGES)
    return tuple(item for item in found if _is_within(item.about, about))


def read_attachment(
    viewer: Viewer, documents: Documents, *, files: FileStore, stream: Stream, attachment_id: str
) -> tuple[Attachment, bytes]:
    """Returns an attachment of the plan with its content, verified.

    Args:
        viewer: Who reads.
        documents: Documents of the event.
        files: Where contents are kept, of all events.
        stream: Id of the event's journal.
        attachment_id: Which attachment.

    Raises:
        NotAllowedError: ``not-allowed``.
        DiscussionError: ``discussion-absent``.
        FileContentError: ``file-content-erased``, ``file-content-absent`` or ``file-content-damaged``.

    Notes:
        Send it as a download with its recorded type and `nosniff`, never as a page.
    """
    require(viewer, "see_plan")
    attachment = documents.get(ATTACHMENT, attachment_id)
    if attachment is None or attachment.about == OF_MESSAGES:
        raise _absent(attachment_id)
    return attachment, content_of(attachment, files=files, stream=stream)


def content_of(attachment: Attachment, *, files: FileStore, stream: Stream) -> bytes:
    """Returns the content of an attachment, verified; the caller has asked who may read it.

    Args:
        attachment: The attachment.
        files: Where contents are kept, of all events.
        stream: Id of the event's journal.

    Raises:
        FileContentError: ``file-content-erased``, ``file-content-absent`` or ``file-content-damaged``.
    """
    if attachment.erasure is not None:
        template = N_("The content of “{file}” was erased. Its name, size and digest stay in the record.")
        raise FileContentError("file-content-erased", template, file=attachment.name)
    return files.of_event(stream).get(attachment.digest)


def count_discussions(viewer: Viewer, documents: Documents, now: datetime) -> Badges:
    """Returns how much is said about each part, item and finding.

    Args:
        viewer: Who reads.
        documents: Documents of the event.
        now: An aware moment, which decides what is overdue.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_plan")
    places: dict[About, Counts] = {}
    for about, counts in _single_counts(documents, now):
        places[about.place] = places.get(about.place, Counts()) + counts
    parts: dict[str, Counts] = {}
    for place, counts in places.items():
        if place.part is not None:
            parts[place.part] = parts.get(place.part, Counts()) + counts
    return Badges(
        event=places.get(About(), Counts()),
        parts=parts,
        items={
            (about.part, about.item): counts for about, counts in places.items() if about.part and about.item
        },
        findings={about.finding: counts for about, counts in places.items() if about.finding},
    )


def _single_counts(documents: Documents, now: datetime) -> Iterable[tuple[About, Counts]]:
    for comment in documents.all(COMMENT):
        if comment.strike is None:
            yield comment.about, Counts(comments=1)
    for question in documents.all(QUESTION):
        state = state_of(question, now)
        if state in {"open", "overdue"}:
            yield question.about, Counts(questions=1, overdue=int(state == "overdue"))
    for attachment in documents.all(ATTACHMENT):
        is_there = attachment.strike is None and attachment.erasure is None
        if is_there and attachment.about != OF_MESSAGES:
            yield attachment.about, Counts(attachments=1)


def _is_within(about: About, wanted: About | None) -> bool:
    return wanted is None or about == wanted or about.place == wanted


def _shown(viewer: Viewer, question: Question, now: datetime) -> QuestionShown:
    return QuestionShown(
        question=question,
        state=state_of(question, now),
        left=question.deadline_at - now,
        is_mine_to_answer=is_asked(viewer, question),
        is_mine=viewer.person == question.by,
    )


def _settled_at(shown: QuestionShown) -> tuple[datetime, str]:
    question = shown.question
    last = question.answers[-1].at if question.answers else question.at
    return (question.closing.at if question.closing is not None else last), question.id


def _absent(document_id: str) -> DiscussionError:
    template = N_("This is not there any more. Load the page again.")
    return DiscussionError("discussion-absent", template, id=document_id)

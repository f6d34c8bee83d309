# SPDX-License-Identifier: Apache-2.0
"""What is said about a thing, ready to be laid out; and who can be asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from hamkor.agencies.rules import may
from hamkor.common.i18n import format_number
from hamkor.discussions.queries import QuestionShown, list_attachments, list_comments, list_questions
from hamkor.discussions.rules import (
    About,
    Addressee,
    Attachment,
    Comment,
    is_asked,
    is_coordinator,
    make_about,
)
from hamkor.discussions.rules.about import KIND_OF_PART
from hamkor.discussions.rules.uploads.limits import OFFICE
from hamkor.pages.languages import current_language
from hamkor.plans.rules.concern import kind_of_part
from hamkor.printing.shown import agency_name
from hamkor.printing.words import part_word
from hamkor.workspace.addressees import Choice, list_addressees
from hamkor.workspace.changes_shown import ChangeReader
from hamkor.workspace.people_shown import names_of
from hamkor.workspace.places import item_url

if TYPE_CHECKING:
    from hamkor.workspace.event_page import EventPage

KILOBYTE, MEGABYTE = 1_000, 1_000_000


class Place(msgspec.Struct, frozen=True):
    """What something is about, with a link.

    Args:
        about: What.
        title: What it is called; empty for the event as a whole.
        url: Its page.
    """

    about: About
    title: str
    url: str

    @property
    def query(self) -> dict[str, str]:
        """The fields of a form that name it."""
        return {name: value for name in ("part", "item", "finding") if (value := getattr(self.about, name))}


class CommentLine(msgspec.Struct, frozen=True):
    """A comment: what, who wrote it, and what the viewer may do with it."""

    comment: Comment
    by: str
    place: Place
    may_correct: bool
    may_strike: bool


class QuestionLine(msgspec.Struct, frozen=True):
    """A question: where it stands, who asks whom, and what the viewer may do with it."""

    shown: QuestionShown
    by: str
    to: str
    place: Place
    answers: tuple[tuple[Any, str], ...]
    redirections: tuple[tuple[Any, str, str], ...]
    may_answer: bool
    may_close: bool
    may_redirect: bool


class AttachmentLine(msgspec.Struct, frozen=True):
    """An attached file: who attached it, its size in words, and what the viewer may do with it."""

    attachment: Attachment
    by: str
    place: Place
    size: str
    may_strike: bool
    may_erase: bool


class Conversation(msgspec.Struct, frozen=True):
    """Everything said about a thing.

    Args:
        place: The thing.
        comments: Comments, the oldest first.
        questions: Questions, what is due first stands first, settled ones last.
        attachments: Attached files.
        may_comment: The viewer may say something.
        addressees: Whom the viewer may ask, in groups.
        most_bytes: Largest file that is taken.
    """

    place: Place
    comments: tuple[CommentLine, ...]
    questions: tuple[QuestionLine, ...]
    attachments: tuple[AttachmentLine, ...]
    may_comment: bool
    addressees: tuple[tuple[str, tuple[Choice, ...]], ...]
    most_bytes: int = OFFICE.most_bytes

    @property
    def count(self) -> int:
        """How much there is."""
        return len(self.comments) + len(self.questions) + len(self.attachments)


class Speaker:
    """Puts what was said into words for one viewer; looks people up once.

    Args:
        page: The event.
    """

    def __init__(self, page: EventPage) -> None:
        self.page, self.viewer = page, page.viewer
        self.language = current_language()
        self.reader = ChangeReader(page.stream, page.plan, page.documents)
        self.names: dict[str, str] = {}

    def learn(self, references: Iterable[str | None]) -> None:
        """Looks up who these are, in one query."""
        self.names |= names_of(self.viewer, [each for each in references if each not in self.names])

    def place(self, about: About) -> Place:
        """Returns what something is about in words."""
        stream = self.page.stream
        if about.finding is not None:
            return Place(about, about.finding, item_url(stream, None, None))
        if about.part is None:
            return Place(about, "", item_url(stream, None, None))
        if about.item is None:
            return Place(about, part_word(about.part, self.language), item_url(stream, about.part, None))
        kind = kind_of_part(about.part)
        is_there = self.page.documents.get(kind, about.item) is not None
        url = item_url(stream, about.part, about.item if is_there else None)
        return Place(about, self.reader.title(kind, about.item), url)

    def addressee(self, to: Addressee) -> str:
        """Returns who is asked."""
        agency = agency_name(to.agency, self.language) if to.agency else ""
        person = self.names.get(to.person, "") if to.person else ""
        return f"{person} ({agency})" if person and agency else person or agency

    def comment(self, comment: Comment) -> CommentLine:
        """Returns a comment in words."""
        is_standing = comment.strike is None and may(self.viewer, "comment")
        is_mine = comment.by == self.viewer.person
        return CommentLine(
            comment,
            self.names.get(comment.by, ""),
            self.place(comment.about),
            is_standing and is_mine,
            is_standing and (is_mine or is_coordinator(self.viewer)),
        )

    def question(self, shown: QuestionShown) -> QuestionLine:
        """Returns a question in words."""
        question, viewer = shown.question, self.viewer
        is_open = question.closing is None and may(viewer, "comment")
        is_owner = question.by == viewer.person or is_coordinator(viewer)
        return QuestionLine(
            shown,
            self.names.get(question.by, ""),
            self.addressee(question.to),
            self.place(question.about),
            tuple((answer, self.names.get(answer.by, "")) for answer in question.answers),
            tuple(
                (each, self.names.get(each.by, ""), self.addressee(each.was_to))
                for each in question.redirections
            ),
            is_open and is_asked(viewer, question),
            is_open and is_owner,
            is_open and (is_owner or is_asked(viewer, question)),
        )

    def attachment(self, attachment: Attachment) -> AttachmentLine:
        """Returns an attached file in words."""
        is_mine = attachment.by == self.viewer.person or is_coordinator(self.viewer)
        return AttachmentLine(
            attachment,
            self.names.get(attachment.by, ""),
            self.place(attachment.about),
            size_shown(attachment.size_bytes, self.language),
            attachment.strike is None and may(self.viewer, "comment") and is_mine,
            attachment.erasure is None and may(self.viewer, "erase_personal"),
        )


def conversation_about(page: EventPage, *, part: str | None = None, item: str | None = None) -> Conversation:
    """Returns everything said about the event, a part or an item.

    Args:
        page: The event.
        part: Part of the plan; None for the event as a whole.
        item: Id of an item of the part.

    Raises:
        AboutError: ``about-malformed``.
    """
    is_list = KIND_OF_PART.get(part or "") is not None
    about = make_about(part=part, item=item if is_list else None)
    viewer, documents = page.viewer, page.documents
    comments = list_comments(viewer, documents, about)
    lists = list_questions(viewer, documents, page.now, about=about)
    questions = (*lists.open, *lists.settled)
    attachments = list_attachments(viewer, documents, about)
    speaker = Speaker(page)
    speaker.learn(speakers_of(comments, questions, attachments))
    may_comment = may(viewer, "comment")
    return Conversation(
        speaker.place(about),
        tuple(speaker.comment(each) for each in comments),
        tuple(speaker.question(each) for each in questions),
        tuple(speaker.attachment(each) for each in attachments),
        may_comment,
        list_addressees(page) if may_comment else (),
    )


def speakers_of(
    comments: Iterable[Comment] = (),
    questions: Iterable[QuestionShown] = (),
    attachments: Iterable[Attachment] = (),
) -> list[str | None]:
    """Returns the references of everybody who speaks or is spoken to."""
    found: list[str | None] = [comment.by for comment in comments]
    for attachment in attachments:
        found += [attachment.by]
    for shown in questions:
        question = shown.question
        found += [question.by, question.to.person, *(answer.by for answer in question.answers)]
        for each in question.redirections:
            found += [each.by, each.was_to.person]
    return found


def size_shown(size_bytes: int, language: str) -> str:
    """Returns the size of a file as people say it: 340 kB, 2.1 MB."""
    if size_bytes < MEGABYTE:
        return f"{max(1, round(size_bytes / KILOBYTE))} kB"
    return f"{format_number(round(size_bytes / MEGABYTE, 1), language)} MB"

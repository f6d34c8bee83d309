# SPDX-License-Identifier: Apache-2.0
"""What can happen in discussions: something is written, corrected, struck, asked, answered, attached or erased."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.discussions.rules.about import About
from hamkor.discussions.rules.talk import (
    Addressee,
    Answer,
    At,
    Attachment,
    Comment,
    Digest,
    PersonRef,
    Question,
    Redirection,
    Strike,
    Wording,
)
from hamkor.journal.rules import Changes, Documents, Fact, declare_fact, declare_kind


class CommentWritten(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody wrote about something."""

    id: str
    about: About
    by: PersonRef
    agency: AgencyCode | None = None
    at: At
    text: str


class CommentCorrected(msgspec.Struct, frozen=True, kw_only=True):
    """The author gave a comment another wording; the former one stays readable."""

    id: str
    at: At
    text: str


class Struck(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something was struck, closed or erased: by whom, when and why."""

    id: str
    by: PersonRef
    at: At
    reason: str | None = None


class QuestionAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody asked a person or an agency."""

    id: str
    about: About
    by: PersonRef
    agency: AgencyCode | None = None
    at: At
    text: str
    to: Addressee
    deadline_at: At


class QuestionAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """A question was answered."""

    id: str
    answer: Answer


class QuestionRedirected(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question went to another, who has until the new deadline."""

    id: str
    by: PersonRef
    at: At
    to: Addressee
    deadline_at: At
    reason: str | None = None


class AttachmentAdded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file was attached; its content is kept by its digest."""

    id: str
    about: About
    by: PersonRef
    agency: AgencyCode | None = None
    at: At
    name: str
    media_type: str
    size_bytes: int
    digest: Digest


COMMENT = declare_kind("comment", Comment)
QUESTION = declare_kind("question", Question)
ATTACHMENT = declare_kind("attachment", Attachment)


def _strike_of(fact: Fact[Struck]) -> Strike:
    return Strike(by=fact.body.by, at=fact.body.at, reason=fact.body.reason)


def _write(_documents: Documents, fact: Fact[CommentWritten]) -> Changes:
    return {("comment", fact.body.id): Comment(**msgspec.structs.asdict(fact.body))}


def _correct(documents: Documents, fact: Fact[CommentCorrected]) -> Changes:
    comment = documents.get(COMMENT, fact.body.id)
    if comment is None:
        return {}
    former = Wording(comment.text, comment.corrected_at or comment.at)
    corrected = msgspec.structs.replace(
        comment, text=fact.body.text, corrected_at=fact.body.at, former=(*comment.former, former)
    )
    return {("comment", comment.id): corrected}


def _strike_comment(documents: Documents, fact: Fact[Struck]) -> Changes:
    comment = documents.get(COMMENT, fact.body.id)
    if comment is None:
        return {}
    return {("comment", comment.id): msgspec.structs.replace(comment, strike=_strike_of(fact))}


def _ask(_documents: Documents, fact: Fact[QuestionAsked]) -> Changes:
    return {("question", fact.body.id): Question(**msgspec.structs.asdict(fact.body))}


def _answer(documents: Documents, fact: Fact[QuestionAnswered]) -> Changes:
    question = documents.get(QUESTION, fact.body.id)
    if question is None:
        return {}
    answers = (*question.answers, fact.body.answer)
    return {("question", question.id): msgspec.structs.replace(question, answers=answers, is_answered=True)}


def _redirect(documents: Documents, fact: Fact[QuestionRedirected]) -> Changes:
    question, body = documents.get(QUESTION, fact.body.id), fact.body
    if question is None:
        return {}
    past = Redirection(
        by=body.by, at=body.at, was_to=question.to, was_due_at=question.deadline_at, reason=body.reason
    )
    redirected = msgspec.structs.replace(
        question,
        to=body.to,
        deadline_at=body.deadline_at,
        redirections=(*question.redirections, past),
        is_answered=False,
    )
    return {("question", question.id): redirected}


def _close(documents: Documents, fact: Fact[Struck]) -> Changes:
    question = documents.get(QUESTION, fact.body.id)
    if question is None:
        return {}
    return {("question", question.id): msgspec.structs.replace(question, closing=_strike_of(fact))}


def _attach(_documents: Documents, fact: Fact[AttachmentAdded]) -> Changes:
    return {("attachment", fact.body.id): Attachment(**msgspec.structs.asdict(fact.body))}


def _strike_attachment(documents: Documents, fact: Fact[Struck]) -> Changes:
    found = documents.get(ATTACHMENT, fact.body.id)
    if found is None:
        return {}
    return {("attachment", found.id): msgspec.structs.replace(found, strike=_strike_of(fact))}


def _erase(documents: Documents, fact: Fact[Struck]) -> Changes:
    found = documents.get(ATTACHMENT, fact.body.id)
    if found is None:
        return {}
    return {("attachment", found.id): msgspec.structs.replace(found, erasure=_strike_of(fact))}


COMMENT_WRITTEN = declare_fact("comment.written.v1", CommentWritten, _write)
COMMENT_CORRECTED = declare_fact("comment.corrected.v1", CommentCorrected, _correct)
COMMENT_STRUCK = declare_fact("comment.struck.v1", Struck, _strike_comment)
QUESTION_ASKED = declare_fact("question.asked.v1", QuestionAsked, _ask)
QUESTION_ANSWERED = declare_fact("question.answered.v1", QuestionAnswered, _answer)
QUESTION_REDIRECTED = declare_fact("question.redirected.v1", QuestionRedirected, _redirect)
QUESTION_CLOSED = declare_fact("question.closed.v1", Struck, _close)
ATTACHMENT_ADDED = declare_fact("attachment.added.v1", AttachmentAdded, _attach)
ATTACHMENT_STRUCK = declare_fact("attachment.struck.v1", Struck, _strike_attachment)
ATTACHMENT_ERASED = declare_fact("attachment.erased.v1", Struck, _erase)

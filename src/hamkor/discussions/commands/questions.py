# SPDX-License-Identifier: Apache-2.0
"""Questions: asked with a deadline, answered by whom they are addressed to, redirected, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer
from hamkor.common.messages import N_
from hamkor.discussions.commands.sending import get_found, require_sender, struck_by
from hamkor.discussions.facts import (
    QUESTION,
    QUESTION_ANSWERED,
    QUESTION_ASKED,
    QUESTION_CLOSED,
    QUESTION_REDIRECTED,
    QuestionAnswered,
    QuestionAsked,
    QuestionRedirected,
)
from hamkor.discussions.rules import (
    About,
    Addressee,
    Answer,
    DiscussionError,
    Question,
    clean_reason,
    clean_text,
    is_asked,
    is_coordinator,
    require_about,
)
from hamkor.discussions.rules.talk import (
    ANSWERS_MAX,
    REDIRECTIONS_MAX,
    require_addressee,
    require_deadline,
    require_own,
)
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc


def ask_question(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    about: About,
    text: str,
    to: Addressee,
    deadline_at: datetime,
) -> Result:
    """Asks a person or an agency; the id of the question is the command's id.

    Args:
        store: Where the journal is kept.
        envelope: Who asks, when.
        viewer: The same person with their rights.
        about: What it is about.
        text: The question.
        to: Who is to answer; give the agency of a person too, so that their colleagues may answer.
        deadline_at: By when, an aware moment.

    Raises:
        NotAllowedError: ``not-allowed``.
        TextUnusableError: ``text-empty`` or ``text-too-long``.
        AboutError: ``about-malformed`` or ``about-absent``.
        DiscussionError: ``addressee-missing``, ``addressee-nobody``, ``deadline-naive``, ``deadline-passed`` or
            ``deadline-far``.
    """
    require_sender(envelope, viewer)
    cleaned = clean_text(text)
    require_addressee(to)

    def decide(documents: Documents) -> list[Fact[Any]]:
        require_about(documents, about)
        require_deadline(deadline_at, asked_at=envelope.at)
        body = QuestionAsked(
            id=str(envelope.command_id),
            about=about,
            by=envelope.by,
            agency=viewer.agency,
            at=in_utc(envelope.at),
            text=cleaned,
            to=to,
            deadline_at=in_utc(deadline_at),
        )
        return [QUESTION_ASKED(body)]

    asked = [msgspec.to_builtins(about), cleaned, msgspec.to_builtins(to), deadline_at.isoformat()]
    return perform(store, envelope, decide, content=["ask_question", *asked])


def answer_question(
    store: Store, envelope: Envelope, *, viewer: Viewer, question_id: str, text: str
) -> Result:
    """Answers a question one is asked, in person or through one's agency; more than one answer may be given.

    Raises:
        NotAllowedError: ``not-allowed``.
        TextUnusableError: ``text-empty`` or ``text-too-long``.
        DiscussionError: ``discussion-absent``, ``not-asked``, ``question-closed`` or ``too-many-answers``.
    """
    require_sender(envelope, viewer)
    cleaned = clean_text(text)

    def decide(documents: Documents) -> list[Fact[Any]]:
        question = _open_question(documents, question_id)
        if not is_asked(viewer, question):
            template = N_(
                "This question is addressed to others. Write a comment, or have it redirected to you."
            )
            raise DiscussionError("not-asked", template)
        if len(question.answers) >= ANSWERS_MAX:
            template = N_("This question has {most} answers. Ask a new one.")
            raise DiscussionError("too-many-answers", template, most=ANSWERS_MAX)
        answer = Answer(
            id=str(envelope.command_id),
            by=envelope.by,
            agency=viewer.agency,
            at=in_utc(envelope.at),
            text=cleaned,
        )
        return [QUESTION_ANSWERED(QuestionAnswered(id=question_id, answer=answer))]

    return perform(store, envelope, decide, content=["answer_question", question_id, cleaned])


def close_question(
    store: Store, envelope: Envelope, *, viewer: Viewer, question_id: str, reason: str | None = None
) -> Result:
    """Closes a question one asked, or as a coordinator any; answered or not.

    Raises:
        NotAllowedError: ``not-allowed``.
        DiscussionError: ``discussion-absent``, ``not-yours`` or ``question-closed``.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer)
    closed = struck_by(envelope, id=question_id, reason=reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        question = _open_question(documents, question_id)
        require_own(viewer, question.by)
        return [QUESTION_CLOSED(closed)]

    return perform(store, envelope, decide, content=["close_question", question_id, closed.reason])


def redirect_question(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    question_id: str,
    to: Addressee,
    deadline_at: datetime | None = None,
    reason: str | None = None,
) -> Result:
    """Sends a question on to another; answers so far stay, and it awaits one again.

    Args:
        store: Where the journal is kept.
        envelope: Who redirects it, when.
        viewer: The same person with their rights: who asked, who is asked, or a coordinator.
        question_id: Which question.
        to: Who is to answer now.
        deadline_at: By when; the deadline stays when None. Only who asked and coordinators may change it.
        reason: Why, or None.

    Raises:
        NotAllowedError: ``not-allowed``.
        DiscussionError: ``discussion-absent``, ``question-closed``, ``not-asked``, ``deadline-not-yours``,
            ``addressee-same``, ``too-many-redirections``, or a code of `ask_question`.
        TextUnusableError: ``text-too-long``, for the reason.
    """
    require_sender(envelope, viewer)
    require_addressee(to)
    why = clean_reason(reason)

    def decide(documents: Documents) -> list[Fact[Any]]:
        question = _open_question(documents, question_id)
        _require_redirectable(question, viewer, to=to, is_moved=deadline_at is not None)
        if deadline_at is not None:
            require_deadline(deadline_at, asked_at=envelope.at)
        body = QuestionRedirected(
            id=question_id,
            by=envelope.by,
            at=in_utc(envelope.at),
            to=to,
            deadline_at=question.deadline_at if deadline_at is None else in_utc(deadline_at),
            reason=why,
        )
        return [QUESTION_REDIRECTED(body)]

    moved = None if deadline_at is None else deadline_at.isoformat()
    sent = [question_id, msgspec.to_builtins(to), moved, why]
    return perform(store, envelope, decide, content=["redirect_question", *sent])


def _open_question(documents: Documents, question_id: str) -> Question:
    question = get_found(documents, QUESTION, question_id)
    if question.closing is not None:
        raise DiscussionError("question-closed", N_("This question is closed. Ask a new one."))
    return question


def _require_redirectable(question: Question, viewer: Viewer, *, to: Addressee, is_moved: bool) -> None:
    is_owner = viewer.person == question.by or is_coordinator(viewer)
    if not is_owner and not is_asked(viewer, question):
        template = N_("Only who asked, who is asked, or a coordinator can redirect a question.")
        raise DiscussionError("not-asked", template)
    if is_moved and not is_owner:
        template = N_(
            "Only who asked or a coordinator can change the deadline. Redirect it without a new one."
        )
        raise DiscussionError("deadline-not-yours", template)
    if to == question.to and not (is_moved or question.is_answered):
        raise DiscussionError(
            "addressee-same", N_("The question is addressed there already. Choose another.")
        )
    if len(question.redirections) >= REDIRECTIONS_MAX:
        template = N_("This question was redirected {most} times. Close it and ask a new one.")
        raise DiscussionError("too-many-redirections", template, most=REDIRECTIONS_MAX)

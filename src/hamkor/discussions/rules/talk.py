# SPDX-License-Identifier: Apache-2.0
"""Comments, questions and attachments as they stand, and who may do what with them."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode, Viewer
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.discussions.rules.about import About

PersonRef = Annotated[str, Meta(pattern=r"^person:[A-Za-z0-9._-]{1,100}$")]
At = Annotated[datetime, Meta(tz=True)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
QuestionState = Literal["open", "answered", "closed", "overdue"]

WORDINGS_MAX = 50
ANSWERS_MAX = 50
REDIRECTIONS_MAX = 50
DEADLINE_MOST = timedelta(days=2 * 366)
# What all answer for, nobody answers for; the public has no sign-in.
NOT_ASKED: frozenset[str] = frozenset({"all", "pub"})


class DiscussionError(HamkorError):
    """A comment, question or attachment is not there, belongs to another, or is not in a state for this."""


class Strike(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That something was struck: it stays readable.

    Args:
        by: Who struck it.
        at: When.
        reason: Why, or None.
    """

    by: PersonRef
    at: At
    reason: str | None = None


class Wording(msgspec.Struct, frozen=True):
    """A wording that was replaced, and since when it had stood."""

    text: str
    at: At


class Comment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody wrote about something.

    Args:
        id: Id of the command that wrote it.
        about: What it is about.
        by: Who wrote it.
        agency: Party acted for, or None.
        at: When it was first written.
        text: The wording that stands.
        corrected_at: When that wording was given, None for the first.
        former: Wordings it replaced, the oldest first.
        strike: That it was struck, or None.
    """

    id: str
    about: About
    by: PersonRef
    agency: AgencyCode | None = None
    at: At
    text: str
    corrected_at: At | None = None
    former: tuple[Wording, ...] = ()
    strike: Strike | None = None


class Addressee(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who is to answer: a person, an agency, or a person with their agency, whose others may answer too.

    Args:
        person: Reference to a person.
        agency: Code of a party.
    """

    person: PersonRef | None = None
    agency: AgencyCode | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer to a question.

    Args:
        id: Id of the command that gave it.
        by: Who answered.
        agency: Party acted for, or None.
        at: When.
        text: The answer.
    """

    id: str
    by: PersonRef
    agency: AgencyCode | None = None
    at: At
    text: str


class Redirection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That a question went from one to another.

    Args:
        by: Who redirected it.
        at: When.
        was_to: Who had been asked until then.
        was_due_at: Deadline until then.
        reason: Why, or None.
    """

    by: PersonRef
    at: At
    was_to: Addressee
    was_due_at: At
    reason: str | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question that awaits an answer, or has had one.

    Args:
        id: Id of the command that asked it.
        about: What it is about.
        by: Who asks.
        agency: Party acted for, or None.
        at: When it was asked.
        text: The question.
        to: Who is to answer now.
        deadline_at: By when.
        answers: Answers so far, the oldest first.
        redirections: Where it went before, the oldest first.
        is_answered: True when the one it is addressed to now has answered.
        closing: That it was closed, or None.
    """

    id: str
    about: About
    by: PersonRef
    agency: AgencyCode | None = None
    at: At
    text: str
    to: Addressee
    deadline_at: At
    answers: tuple[Answer, ...] = ()
    redirections: tuple[Redirection, ...] = ()
    is_answered: bool = False
    closing: Strike | None = None


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that belongs to something; its content is kept elsewhere, by its digest.

    Args:
        id: Id of the command that attached it.
        about: What it is about.
        by: Who attached it.
        agency: Party acted for, or None.
        at: When.
        name: Name of the file, cleaned.
        media_type: What it was found to be.
        size_bytes: Size of the content kept.
        digest: SHA-256 of the content kept, hexadecimal.
        strike: That it was struck, or None.
        erasure: That its content was erased, or None.
    """

    id: str
    about: About
    by: PersonRef
    agency: AgencyCode | None = None
    at: At
    name: str
    media_type: str
    size_bytes: int
    digest: Digest
    strike: Strike | None = None
    erasure: Strike | None = None


def state_of(question: Question, now: datetime) -> QuestionState:
    """Returns where a question stands.

    Args:
        question: The question.
        now: An aware moment; an open question is overdue after its deadline.
    """
    if question.closing is not None:
        return "closed"
    if question.is_answered:
        return "answered"
    return "overdue" if now > question.deadline_at else "open"


def agencies_of(viewer: Viewer) -> frozenset[str]:
    """Returns the parties a person acts for at the event."""
    own = {viewer.agency} if viewer.agency is not None else set()
    return frozenset(own | {grant.agency for grant in viewer.grants})


def is_coordinator(viewer: Viewer) -> bool:
    """Returns True for a coordinator of the event."""
    return "coordinator" in viewer.roles


def is_asked(viewer: Viewer, question: Question) -> bool:
    """Returns True when the person is to answer: addressed in person, or of the agency that is asked."""
    return viewer.person == question.to.person or question.to.agency in agencies_of(viewer)


def require_own(viewer: Viewer, author: str) -> None:
    """Returns when the person is the author or a coordinator.

    Raises:
        DiscussionError: ``not-yours``.
    """
    if viewer.person != author and not is_coordinator(viewer):
        template = N_("Somebody else wrote this. Ask them or a coordinator of the event to change it.")
        raise DiscussionError("not-yours", template)


def require_addressee(to: Addressee) -> None:
    """Returns when somebody can be asked.

    Raises:
        DiscussionError: ``addressee-missing``; ``addressee-nobody``, for all state bodies and for the public.
    """
    if to.person is None and to.agency is None:
        raise DiscussionError("addressee-missing", N_("Say who is to answer: a person or an agency."))
    if to.agency in NOT_ASKED:
        template = N_("A question to everybody is answered by nobody. Choose one agency or one person.")
        raise DiscussionError("addressee-nobody", template)


def require_deadline(deadline_at: datetime, *, asked_at: datetime) -> None:
    """Returns when a deadline can be met.

    Args:
        deadline_at: The deadline.
        asked_at: When the question is asked, aware.

    Raises:
        DiscussionError: ``deadline-naive``, ``deadline-passed`` or ``deadline-far``.
    """
    if deadline_at.tzinfo is None:
        raise DiscussionError(
            "deadline-naive", N_("The deadline has no time zone. Choose day and time again.")
        )
    if deadline_at <= asked_at:
        raise DiscussionError("deadline-passed", N_("The deadline has passed. Choose a later day or time."))
    if deadline_at - asked_at > DEADLINE_MOST:
        template = N_("The deadline is more than {days} days away. Choose an earlier day.")
        raise DiscussionError("deadline-far", template, days=DEADLINE_MOST.days)

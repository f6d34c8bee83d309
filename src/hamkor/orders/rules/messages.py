# SPDX-License-Identifier: Apache-2.0
"""Messages as they stand: what was said to whom, and what became of it at every addressee."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.errors import HamkorError
from hamkor.common.records import Id, Language, Text
from hamkor.operation.rules.system import At, PersonRef

Sort = Literal["order", "request", "question", "information", "log"]
Urgency = Literal["flash", "immediate", "routine"]
AddresseeKind = Literal["person", "post", "unit", "agency", "all"]
MessageState = Literal["sent", "delivered", "seen", "accepted", "refused", "silent"]
AnswerWord = Literal["accepted", "refused"]
Stage = Literal["deliver", "see", "answer"]
Rank = Literal["primary", "alternate", "contingency", "emergency"]
STATES: tuple[MessageState, ...] = get_args(MessageState)
RANKS: tuple[Rank, ...] = get_args(Rank)
# What somebody must say yes or no to; information is only to be seen, a log only to be kept.
ANSWERED_SORTS: frozenset[Sort] = frozenset({"order", "request", "question"})
TO_ALL = "all"
ADDRESSEES_MAX = 200
ATTACHMENTS_MAX = 20
WORDS_MAX = 1000


class MessageError(HamkorError):
    """A message is not there, is not for this person, or is not in a state for this."""


class Addressee(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who is spoken to.

    Args:
        kind: A person, a post of the plan, a unit, an agency, or all agencies of the event.
        id: Reference of a signed-in person (``person:0192…``) or id of a person of the plan; id of the post or unit;
            code of the agency; ``all``.
        agency: Party that answers for the addressee; found by the command, None for a person without a known one.
    """

    kind: AddresseeKind
    id: Id
    agency: AgencyCode | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells one addressee from another."""
        return self.kind, self.id


class Limits(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How long each step may take after a message was sent, in seconds.

    Args:
        profile: Name of the profile the limits come from.
        deliver_s: Until it is on a screen of the addressee.
        see_s: Until somebody has opened it.
        answer_s: Until it is accepted or refused; None when no answer is awaited.
        escalate_s: From one alarm about the same silence to the next one, further up.
    """

    profile: str
    deliver_s: float
    see_s: float
    answer_s: float | None = None
    escalate_s: float


class AttachedFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is told of a file that goes with a message, before anybody opens it.

    Args:
        id: Id of the attachment.
        name: Its name.
        media_type: What it is.
        size_bytes: How large it is.
    """

    id: str
    name: str
    media_type: str
    size_bytes: int


class Strike(msgspec.Struct, frozen=True, kw_only=True):
    """That a message was struck: it stays readable.

    Args:
        by: Who struck it.
        at: When.
        reason: Why.
    """

    by: PersonRef
    at: At
    reason: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a message at one addressee.

    Args:
        addressee: Who.
        awaited_from: Since when its limits run: when it was sent, or sent again by another route.
        via: Channel it was spoken over to this addressee, None for Hamkor.
        delivered_at: When it was on a screen of theirs.
        seen_at: When somebody of theirs opened it.
        answered_at: When the answer that stands was given.
        answer: The answer.
        by: Who answered, or wrote the answer down.
        answered_via: Channel the answer came over when somebody else wrote it down.
        words: What was said with the answer.
        read_back: What the addressee repeated.
        read_back_at: When.
        read_back_ok: True when the sender confirmed it, False when it was wrong, None when nobody has judged it yet.
        silent_since: When the silence was noticed, None while there is none.
        silent_stage: Which step is missing.
        level: How often the silence was raised: 1 to the sender, 2 and more to those next in line.
        escalated_to: To whom it was raised last: ``person:…``, ``agency:…`` or ``operators``.
        escalated_at: When.
        deputy: Id of the person or post of the plan that stands in for the addressee.
        route: Channel of the plan to try next.
        route_rank: Its place in the plan of communications.
    """

    addressee: Addressee
    awaited_from: At
    via: str | None = None
    delivered_at: At | None = None
    seen_at: At | None = None
    answered_at: At | None = None
    answer: AnswerWord | None = None
    by: PersonRef | None = None
    answered_via: str | None = None
    words: str | None = None
    read_back: str | None = None
    read_back_at: At | None = None
    read_back_ok: bool | None = None
    silent_since: At | None = None
    silent_stage: Stage | None = None
    level: int = 0
    escalated_to: str | None = None
    escalated_at: At | None = None
    deputy: str | None = None
    route: str | None = None
    route_rank: Rank | None = None


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something said by one to others, or a call on another channel that was written down.

    Args:
        id: Id of the command that sent it.
        number: 1, 2, 3 … at this event.
        sort: What is wanted of the addressees.
        urgency: How soon.
        sender: Who sent it.
        agency: Party the sender acted for.
        from_post: Post of the plan the sender speaks from.
        to: Whom it was addressed to.
        text: What is said, in one language or in several.
        languages: Languages it is said in, when that is known.
        attachments: Ids of attached files.
        files: The same with their names.
        template: Id of the template it was made of.
        incident: Id of the incident it is about.
        alarm: Id of the alarm it is about.
        stop: Id of the show-stop it belongs to.
        sent_at: When.
        via: Channel it was spoken over, None for Hamkor.
        limits: How long each step may take; None for a log.
        needs_read_back: True when the addressee must repeat it.
        receipts: What became of it at every addressee; for ``all``, at every agency of the event.
        from_words: Who called, as written down in a log.
        to_words: Who was called, as written down in a log.
        struck: That it was struck, or None.
        state: The worst state of its addressees; a log is ``seen``.
    """

    id: str
    number: int
    sort: Sort
    urgency: Urgency
    sender: PersonRef
    agency: AgencyCode | None = None
    from_post: Id | None = None
    to: tuple[Addressee, ...]
    text: Text
    languages: tuple[Language, ...] = ()
    attachments: tuple[str, ...] = ()
    files: tuple[AttachedFile, ...] = ()
    template: Id | None = None
    incident: str | None = None
    alarm: str | None = None
    stop: str | None = None
    sent_at: At
    via: str | None = None
    limits: Limits | None = None
    needs_read_back: bool = False
    receipts: tuple[Receipt, ...] = ()
    from_words: str | None = None
    to_words: str | None = None
    struck: Strike | None = None
    state: MessageState


class MessageTemplate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words prepared for a message.

    Args:
        id: Its id.
        title: Name in the list of templates.
        sort: What is wanted of the addressees.
        urgency: How soon.
        text: The words.
        to: Whom it is usually sent to.
        needs_read_back: True when the addressee must repeat it.
        contingency: Contingency of the plan it belongs to.
    """

    id: Id
    title: Text
    sort: Annotated[Sort, Meta(description="What is wanted of the addressees.")]
    urgency: Urgency
    text: Text
    to: tuple[Addressee, ...] = ()
    needs_read_back: bool = False
    contingency: Id | None = None

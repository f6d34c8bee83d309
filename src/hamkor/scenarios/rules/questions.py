# SPDX-License-Identifier: Apache-2.0
"""What a run is computed from: the parts of a plan that matter to it, and a hash that is the same for the same."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from hashlib import sha256

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.events.rules import Attendance, Event
from hamkor.plans.rules.manning import unattended_of
from hamkor.plans.rules.plan import Plan
from hamkor.scenarios.rules.options import Options
from hamkor.venues.rules.features import Area, Connection, Device, Feature, PostPlace

FORM = 1
"""Raised when the same question may get another answer: answers kept before are not taken for it."""


class NothingToSimulateError(HamkorError):
    """The plan lacks what a simulation needs; says what, and where to put it."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a run needs to know, complete without the journal.

    Args:
        options: What is asked.
        features: The drawing without what moves nobody: devices and places of posts.
        attendance: How many come, when and whereto; None when the plan does not say.
        unattended: Connections opened by a key that nobody is posted to turn.
        event: The event with its times only; what else stands in it changes no answer.
        form: Form of the question, see `FORM`.
    """

    options: Options
    features: tuple[Feature, ...]
    event: Event
    attendance: Attendance | None = None
    unattended: tuple[str, ...] = ()
    form: int = FORM


def question_of(plan: Plan, options: Options) -> Question:
    """Returns the question about a plan.

    Args:
        plan: The plan, with or without names: none of them matters.
        options: What is asked, judged.

    Raises:
        NothingToSimulateError: ``scenario-no-drawing``, when the plan has no areas, or no ways between them.
    """
    features = tuple(plan.venue.features) if plan.venue is not None else ()
    require_ground(features)
    return Question(
        options=options,
        features=tuple(each for each in features if not isinstance(each.properties, (Device, PostPlace))),
        attendance=plan.attendance,
        unattended=tuple(sorted(unattended_of(features, plan.posts))),
        event=_times_of(plan.event),
    )


def _times_of(event: Event) -> Event:
    return Event(
        format=event.format,
        id="event",
        name="event",
        kind=event.kind,
        time_zone=event.time_zone,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        doors_open_at=event.doors_open_at,
        clear_by=event.clear_by,
    )


def require_ground(features: tuple[Feature, ...]) -> None:
    """Returns when there is something to walk on and a way out of it.

    Raises:
        NothingToSimulateError: ``scenario-no-drawing``.
    """
    if not any(isinstance(each.properties, Area) for each in features):
        template = N_("The drawing holds no areas yet. Draw where people stay, or import a drawing.")
        raise NothingToSimulateError("scenario-no-drawing", template)
    if not any(isinstance(each.properties, Connection) for each in features):
        template = N_("The drawing holds no gates or passages yet. Draw how people get in and out.")
        raise NothingToSimulateError("scenario-no-drawing", template)


def links_of(plan: Plan) -> frozenset[str]:
    """Returns the ids of everything that can be shut."""
    features = plan.venue.features if plan.venue is not None else ()
    return frozenset(each.id for each in features if isinstance(each.properties, Connection))


def encode_question(question: Question) -> bytes:
    """Returns a question as bytes that depend on nothing but what it says."""
    return msgspec.json.encode(question, order="deterministic")


def decode_question(content: bytes) -> Question:
    """Returns the question of `encode_question`.

    Raises:
        msgspec.MsgspecError: These bytes are no question.
    """
    return msgspec.json.decode(content, type=Question)


def hash_of(question: Question) -> str:
    """Returns the SHA-256 of a question, hexadecimal: the same question about the same plan has the same."""
    return sha256(encode_question(question)).hexdigest()

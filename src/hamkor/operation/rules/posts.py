# SPDX-License-Identifier: Apache-2.0
"""Posts while the event runs: who checked in, how many are there, who has not been heard for long."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, cast

import msgspec
from msgspec import Meta

from hamkor.common.figures import range_of
from hamkor.common.messages import N_
from hamkor.common.records import Id
from hamkor.journal.rules import Documents
from hamkor.operation.rules.acting import OperationError
from hamkor.operation.rules.clock import real_moment
from hamkor.operation.rules.planned import event_of
from hamkor.operation.rules.running import Operation, operation_of
from hamkor.operation.rules.system import At, PersonRef
from hamkor.plans.rules.roster import Post

Manning = Literal["unmanned", "partly", "manned", "left"]
Standing = Literal["not_yet", "manned", "short", "unmanned", "left", "over"]
PRESENT_MOST = 100_000
PEOPLE_MOST = 1_000


class SilenceLimits(msgspec.Struct, frozen=True, kw_only=True):
    """After how long without a sign of life a manned post counts as silent.

    Args:
        name: Name of the profile.
        critical: For posts without which the event must not go on.
        other: For the others.

    Source: ours (decision 0007): half of an hour's round of radio checks, and a round.
    """

    name: str
    critical: timedelta
    other: timedelta

    def of(self, post: Post) -> timedelta:
        """Returns the limit of a post."""
        return self.critical if post.critical else self.other


SILENCE: Final = SilenceLimits(
    name="radio-round", critical=timedelta(minutes=30), other=timedelta(minutes=60)
)


class PostState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a post while the event runs.

    Args:
        id: Id of the post in the plan.
        present: How many people are there, as last said, or None.
        people: Those of them who stand in the plan, by id.
        state: Whether it is manned, by what the plan asks.
        checked_in_at: When it last checked in, or None.
        heard_at: When it last gave a sign of life, or None.
        by: Who last said something about it, or None.
        silent_since: Since when it has been silent, None while it is not.
        note: What was added, or None.
    """

    id: Id
    present: Annotated[int, Meta(ge=0, le=PRESENT_MOST)] | None = None
    people: tuple[Id, ...] = ()
    state: Manning = "unmanned"
    checked_in_at: At | None = None
    heard_at: At | None = None
    by: PersonRef | None = None
    silent_since: At | None = None
    note: str | None = None


class PostLine(msgspec.Struct, frozen=True, kw_only=True):
    """A post of the plan beside what is known of it at a moment.

    Args:
        post: As planned.
        state: As it is, None when nothing was said.
        starts_at: Real moment from which it must be manned, or None.
        ends_at: Real moment until which, or None.
        is_due: True when it must be manned now.
        needed: People it needs at least, None when the plan does not say.
        present: People there.
        standing: What that means.
        since: Since when it has been short, unmanned, left; None when it is not.
        silent_since: Since when it has been silent, None when it is not.
    """

    post: Post
    state: PostState | None
    starts_at: datetime | None
    ends_at: datetime | None
    is_due: bool
    needed: int | None
    present: int
    standing: Standing
    since: datetime | None
    silent_since: datetime | None

    @property
    def missing(self) -> int:
        """People it lacks now; nothing when it need not be manned."""
        needed = max(self.needed or 1, 1)
        return max(0, needed - self.present) if self.is_due else 0


def planned_posts(documents: Documents) -> tuple[Post, ...]:
    """Returns the posts of the plan in its order."""
    return cast("tuple[Post, ...]", documents.all("post"))


def get_post(documents: Documents, post_id: str) -> Post:
    """Returns a post of the plan.

    Raises:
        OperationError: ``post-absent``.
    """
    found = cast("Post | None", documents.get("post", post_id))
    if found is None:
        template = N_("The plan has no post “{post}”. Choose one of its posts.")
        raise OperationError("post-absent", template, post=post_id)
    return found


def find_post_state(documents: Documents, post_id: str) -> PostState | None:
    """Returns what is known of a post, or None."""
    return cast("PostState | None", documents.get("post_state", post_id))


def needed_at(post: Post) -> int | None:
    """Returns how many people a post needs at least; None when the plan does not say."""
    return None if post.needed is None else round(range_of(post.needed).nominal)


def manning_of(post: Post, present: int) -> Manning:
    """Returns whether so many people man a post; a post without a number needs one."""
    if present <= 0:
        return "unmanned"
    return "manned" if present >= max(needed_at(post) or 1, 1) else "partly"


def posts_of(documents: Documents, at: datetime) -> tuple[PostLine, ...]:
    """Returns every post of the plan as it stands at a real moment, in the order of the plan."""
    operation, event = operation_of(documents), event_of(documents)
    return tuple(
        _line(
            post,
            find_post_state(documents, post.id),
            at=at,
            starts_at=real_moment(operation, event, post.starts_at),
            ends_at=real_moment(operation, event, post.ends_at),
            operation=operation,
        )
        for post in planned_posts(documents)
    )


def newly_silent(documents: Documents, at: datetime, limits: SilenceLimits = SILENCE) -> tuple[str, ...]:
    """Returns the ids of manned posts that have not been heard for too long and are not marked so yet."""
    found = []
    for line in posts_of(documents, at):
        state = line.state
        if state is None or state.silent_since is not None or state.state not in ("manned", "partly"):
            continue
        if line.is_due and state.heard_at is not None and at - state.heard_at > limits.of(line.post):
            found.append(line.post.id)
    return tuple(found)


def require_people(documents: Documents, people: tuple[str, ...], present: int) -> None:
    """Returns when so many people can be there, and those named stand in the plan.

    Raises:
        OperationError: ``present-impossible``, ``people-too-many`` or ``person-absent``.
    """
    if not 0 <= present <= PRESENT_MOST:
        template = N_("A post holds from 0 to {most} people, not {present}. Count again.")
        raise OperationError("present-impossible", template, most=PRESENT_MOST, present=str(present))
    if len(people) > min(present, PEOPLE_MOST) or len(set(people)) != len(people):
        template = N_("More people are named than are there, or one twice. Correct the number or the names.")
        raise OperationError("people-too-many", template)
    for person in people:
        require_person(documents, person)


def require_person(documents: Documents, person: str) -> None:
    """Returns when a person stands in the plan.

    Raises:
        OperationError: ``person-absent``.
    """
    if documents.get("person", person) is None:
        template = N_("The plan has no person “{person}”. Choose one of its people.")
        raise OperationError("person-absent", template, person=person)


def _line(
    post: Post,
    state: PostState | None,
    *,
    at: datetime,
    starts_at: datetime | None,
    ends_at: datetime | None,
    operation: Operation | None,
) -> PostLine:
    is_open = operation is not None and operation.state == "open"
    has_begun = (starts_at is None and is_open) or (starts_at is not None and starts_at <= at)
    is_over = ends_at is not None and ends_at <= at
    present = (state.present or 0) if state is not None else 0
    is_due = has_begun and not is_over
    standing = _standing(post, state, is_due=is_due, is_over=is_over)
    since = None
    if standing in ("short", "unmanned", "left") and is_due:
        moments = (starts_at, None if state is None else state.checked_in_at, _opened(operation))
        since = max((moment for moment in moments if moment is not None), default=None)
    return PostLine(
        post=post,
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        is_due=is_due,
        needed=needed_at(post),
        present=present,
        standing=standing,
        since=since,
        silent_since=None if state is None else state.silent_since,
    )


def _opened(operation: Operation | None) -> datetime | None:
    return None if operation is None else operation.opened_at


def _standing(post: Post, state: PostState | None, *, is_due: bool, is_over: bool) -> Standing:
    if is_over:
        return "over"
    if state is None or state.state == "unmanned":
        return "unmanned" if is_due else "not_yet"
    if state.state == "left":
        return "left" if is_due else "not_yet"
    return "short" if manning_of(post, state.present or 0) == "partly" else "manned"

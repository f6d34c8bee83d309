# SPDX-License-Identifier: Apache-2.0
"""What programs send and get, where no room has a struct for it already."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hamkor.approvals.queries import VersionShown
from hamkor.approvals.rules.judging import JudgedState
from hamkor.approvals.rules.standing import StandingState
from hamkor.common.records import Text
from hamkor.discussions.rules import About, Addressee, Comment, Question, QuestionState
from hamkor.events.rules import Event
from hamkor.plans.commands import Conflict
from hamkor.plans.rules.changes import Change
from hamkor.plans.rules.edits import Edit
from hamkor.plans.rules.plan import Plan

UUID7 = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
Number = Annotated[
    int, Meta(ge=0, description="Number of the last entry of the record that was taken into account.")
]
CommandId = Annotated[
    UUID,
    Meta(
        description="UUID of version 7 made by the sender: sent again, the first result is given.",
        extra_json_schema={"pattern": UUID7},
    ),
]
Cursor = Annotated[str | None, Meta(description="Give it as `cursor` to read on; null at the end.")]
SentText = Annotated[str, Meta(min_length=1, max_length=4000)]


class _Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class EventToBegin(_Sent, frozen=True, kw_only=True):
    """A new event: its id will be that of the command."""

    command_id: CommandId
    event: Event


class EditsToMake(_Sent, frozen=True, kw_only=True):
    """Edits of a plan, all or none."""

    command_id: CommandId
    edits: Annotated[tuple[Edit, ...], Meta(min_length=1, max_length=5000)]


class CommandToUndo(_Sent, frozen=True, kw_only=True):
    """An earlier command to take back, by a new one."""

    command_id: CommandId
    undone: UUID


class CommentToWrite(_Sent, frozen=True, kw_only=True):
    """A comment."""

    command_id: CommandId
    text: SentText
    about: About = About()


class QuestionToAsk(_Sent, frozen=True, kw_only=True):
    """A question to a person or an agency."""

    command_id: CommandId
    text: SentText
    to: Addressee
    deadline_at: Annotated[datetime, Meta(tz=True)]
    about: About = About()


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """One event the person has a role at."""

    id: UUID
    name: Text
    kind: str
    starts_at: datetime | None
    ends_at: datetime | None
    number: Number


class EventRows(msgspec.Struct, frozen=True, kw_only=True):
    """Events, by their ids."""

    items: tuple[EventRow, ...]
    next_cursor: Cursor = None


class EventShown(msgspec.Struct, frozen=True, kw_only=True):
    """One event and what the person may do there."""

    id: UUID
    number: Number
    hash: str
    event: Event
    roles: tuple[str, ...]
    rights: tuple[str, ...]
    red: int
    amber: int


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was begun."""

    id: UUID
    number: Number


class PlanShown(msgspec.Struct, frozen=True, kw_only=True):
    """The whole plan; parts that are not there are unknown."""

    number: Number
    plan: Plan


class PartShown(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a plan, in the form its file has in an event folder; null when it is unknown."""

    number: Number
    part: str
    value: Any


class ItemShown(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a part."""

    number: Number
    part: str
    id: str
    value: Any


class Edited(msgspec.Struct, frozen=True, kw_only=True):
    """What a command did."""

    number: Number
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What a command made."""

    id: UUID
    number: Number


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one command changed."""

    number: Number
    at: datetime
    by: str
    agency: str | None
    command_id: UUID
    cause: UUID | int | None
    changes: tuple[Change, ...]


class HistoryRows(msgspec.Struct, frozen=True, kw_only=True):
    """Commands that changed the plan, the newest first."""

    items: tuple[HistoryRow, ...]
    next_cursor: Cursor = None


class StandingRow(msgspec.Struct, frozen=True, kw_only=True):
    """Where an agency stands, on what concerns it and on the whole plan."""

    agency: str
    own: StandingState
    whole: StandingState


class JudgedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with what people decided about it."""

    key: str
    state: JudgedState
    severity: str | None
    reason: str | None


class BlockerRow(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps the plan from its final approval."""

    code: str
    message: str
    agency: str | None


class ApprovalsShown(msgspec.Struct, frozen=True, kw_only=True):
    """Where the agreement on a plan stands."""

    number: Number
    hash: str
    is_final: bool
    versions: tuple[VersionShown, ...]
    standings: tuple[StandingRow, ...]
    judged: tuple[JudgedRow, ...]
    blockers: tuple[BlockerRow, ...]


class Comments(msgspec.Struct, frozen=True, kw_only=True):
    """Comments, the oldest first; struck ones too."""

    number: Number
    items: tuple[Comment, ...]
    next_cursor: Cursor = None


class QuestionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A question and where it stands now."""

    question: Question
    state: QuestionState


class Questions(msgspec.Struct, frozen=True, kw_only=True):
    """Questions, the oldest first."""

    number: Number
    items: tuple[QuestionRow, ...]
    next_cursor: Cursor = None


class VerificationShown(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the record is as it was written."""

    is_whole: bool
    number: Number
    hash: str | None
    withheld: tuple[int, ...]
    fault: str | None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why something was not done (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[dict[str, Any], ...] | msgspec.UnsetType = msgspec.UNSET


Tag = Literal["Events", "Plan", "Agreement", "Talk", "Files", "Record"]

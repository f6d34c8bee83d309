# SPDX-License-Identifier: Apache-2.0
"""The event of a demonstration: an example, half planned, half agreed upon, with people at work in it.

Each step is a function of its own, sent as the person who would send it; `fill` says in which order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from hamkor.agencies.models import EventRole
from hamkor.agencies.queries.people import get_viewer
from hamkor.agencies.rules import AgencyCode, Viewer
from hamkor.approvals.commands import approve, object_to, put_to_approval
from hamkor.approvals.rules.signing import SeenHead
from hamkor.common.ids import new_id
from hamkor.discussions.commands import ask_question, write_comment
from hamkor.discussions.rules import About
from hamkor.discussions.rules.talk import Addressee
from hamkor.folder.queries import read_folder
from hamkor.journal.queries import Store, get_head
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import create_event, edit_plan, import_plan
from hamkor.plans.commands.details import Vault
from hamkor.plans.rules.edits import SetFields
from hamkor.plans.rules.plan import Plan

COORDINATOR = ("coordinator", "iib")
APPROVING: tuple[AgencyCode, ...] = ("fvv", "tty", "ses", "hok")
OBJECTING: AgencyCode = "yhx"
UNOWNED_DUTY = "sign-security-contract"
DOUBLED_DUTY = "decide-on-permit"
BOTH = ("hok", "iib")
POST_WITHOUT_RELIEF = "post-command"
# Nobody is in charge of the headquarters for so long: the first shift has gone, the second has not come.
GAP = timedelta(minutes=30)

REASON = "Darvozalar oldidagi navbat Navoiy koʻchasiga chiqib qoladi: navbatga boshqa joy kerak."
COMMENT = "Zaxira radiokanal sinovi 14-martda oʻtkaziladi, natijasini shu yerga yozamiz."
QUESTION = "Shtabda birinchi va ikkinchi smena orasida kim qoladi?"


class Desk:
    """Sends commands as the accounts of a demonstration.

    Args:
        store: Where the journal is kept.
        vault: Where names and phones are kept.
        stream: The event.
    """

    def __init__(self, store: Store, vault: Vault, stream: UUID) -> None:
        self.store, self.vault, self.stream = store, vault, stream
        rows = EventRole.objects.filter(stream=stream).select_related("user__body").order_by("given_at")
        self._users = {(row.role, row.agency): row.user for row in rows}

    def viewer(self, role: str, agency: str) -> Viewer:
        """Returns who holds a role for an agency."""
        return get_viewer(self._users[role, agency], stream=self.stream, at=datetime.now(UTC))

    def envelope(self, viewer: Viewer) -> Envelope:
        """Returns the envelope of a command this person sends now."""
        now = datetime.now(UTC)
        return Envelope(
            stream=self.stream, command_id=new_id(now), at=now, by=viewer.person, agency=viewer.agency
        )

    def sent(self, viewer: Viewer) -> dict[str, Any]:
        """Returns what every command gets."""
        return {"store": self.store, "envelope": self.envelope(viewer), "viewer": viewer}


def fill(store: Store, vault: Vault, stream: UUID, example: Path) -> None:
    """Fills an empty journal with the event of the demonstration.

    Args:
        store: Where the journal is kept.
        vault: Where names and phones are kept.
        stream: The event; its demonstration accounts exist.
        example: The event folder.
    """
    desk, plan = Desk(store, vault, stream), read_folder(example)
    begin(desk, plan)
    leave_work_undone(desk, plan)
    sign(desk)
    talk(desk)


def begin(desk: Desk, plan: Plan) -> None:
    """Applies for the event and takes the example over."""
    viewer = desk.viewer(*COORDINATOR)
    create_event(**desk.sent(viewer), event=plan.event)
    import_plan(**desk.sent(viewer), plan=plan, vault=desk.vault)


def leave_work_undone(desk: Desk, plan: Plan) -> None:
    """Leaves one duty without an owner, gives one to two, and leaves a gap in a critical post."""
    viewer = desk.viewer(*COORDINATOR)
    edits = [
        _set("duties", UNOWNED_DUTY, {"accountable": []}),
        _set("duties", DOUBLED_DUTY, {"accountable": list(BOTH)}),
        _set("posts", POST_WITHOUT_RELIEF, {"shifts": _with_gap(plan)}),
    ]
    edit_plan(**desk.sent(viewer), edits=edits, vault=desk.vault)


def sign(desk: Desk) -> None:
    """Puts the plan to approval; some agencies approve, one objects, the others have not answered."""
    put_to_approval(**desk.sent(desk.viewer(*COORDINATOR)))
    head = get_head(desk.store, desk.stream)
    seen = SeenHead(version=1, number=head.number, hash=head.hash)
    for agency in APPROVING:
        approve(**desk.sent(desk.viewer("liaison", agency)), agency=agency, scope="own", seen=seen)
    viewer = desk.viewer("liaison", OBJECTING)
    object_to(**desk.sent(viewer), agency=OBJECTING, reason=REASON, part="venue")


def talk(desk: Desk) -> None:
    """Writes a comment and leaves a question open."""
    now = datetime.now(UTC)
    write_comment(
        **desk.sent(desk.viewer("liaison", "fvv")), about=About(part="communications"), text=COMMENT
    )
    ask_question(
        **desk.sent(desk.viewer("liaison", "tty")),
        about=About(part="posts", item=POST_WITHOUT_RELIEF),
        text=QUESTION,
        to=Addressee(agency="iib"),
        deadline_at=now + timedelta(days=3),
    )


def _with_gap(plan: Plan) -> list[Mapping[str, Any]]:
    """Returns the shifts of the post, the last one coming only after the first has gone."""
    post = next(post for post in plan.posts or () if post.id == POST_WITHOUT_RELIEF)
    *earlier, last = post.shifts or ()
    late = msgspec.structs.replace(last, starts_at=max(shift.ends_at for shift in earlier) + GAP)
    shifts: list[Mapping[str, Any]] = msgspec.to_builtins([*earlier, late])
    return shifts


def _set(part: str, key: str, fields: dict[str, Any]) -> SetFields:
    return SetFields(part=part, id=key, fields=fields)

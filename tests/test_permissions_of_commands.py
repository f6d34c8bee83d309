# SPDX-License-Identifier: Apache-2.0
"""Who may send which command: one table of every command of every room and every role.

A command that is missing here fails the test. Pages and programs ask the same commands, so what stands here holds for
both, whatever a page shows.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from hamkor.agencies import commands as agencies
from hamkor.agencies.commands.invitations import RoleOffer
from hamkor.agencies.models import Body, EventRole, Invitation, User
from hamkor.agencies.rules import ROLES, Grant, Viewer
from hamkor.approvals import commands as approvals
from hamkor.approvals.rules.signing import SeenHead
from hamkor.common.errors import HamkorError
from hamkor.common.ids import new_id
from hamkor.discussions import commands as discussions
from hamkor.discussions.rules import About, Addressee
from hamkor.discussions.rules.uploads import Upload
from hamkor.events.rules import Event, Participation
from hamkor.journal.memory import MemoryStore
from hamkor.journal.rules import Envelope
from hamkor.journal.vault import MemoryVault
from hamkor.plans import commands as plans
from hamkor.plans.rules.edits import SetFields
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Person, Post

AGENCY_OF_ROLE = {"liaison": "tty", "organiser": "org", "venue": "obj", "commission": "kom"}
EVENT = Event(
    format="hamkor-event-1",
    id="fair",
    name="Fair",
    kind="fair",
    agencies=tuple(Participation(agency=code) for code in ("iib", "tty", "org", "obj")),
)
AID = Post(id="aid", title="First aid", role="medical", agency="tty")
PLAN = Plan(event=EVENT, posts=(AID,), people=(Person(id="p", agency="iib"),))

# What happens, one letter for each role: coordinator, planner, liaison, commission, organiser, venue, legal, operator,
# dispatcher, field, controller, auditor; then somebody without a role, and an administrator without one.
#   .  done    ?  allowed, but refused by a rule    x  refused with what is missing
TABLE = {
    # Everything, the application, the drawing, the papers, or what is one's agency's.
    "plans.create_event": "..xx.x...... x.",
    "plans.edit_plan": "...xxxxxxxxx xx",
    "plans.import_plan": "..xx.xxxxxxx xx",
    "plans.undo": ".xxxxxxxxxxx xx",
    "plans.erase_person": ".xxxxxxxxxxx xx",
    # Everybody who works on the event talks; the content of files is erased by the coordinator.
    "discussions.write_comment": ".........x.x xx",
    "discussions.correct_comment": "?????????x?x xx",
    "discussions.strike_comment": ".????????x?x xx",
    "discussions.ask_question": ".........x.x xx",
    "discussions.answer_question": "?????????x?x xx",
    "discussions.redirect_question": ".????????x?x xx",
    "discussions.close_question": ".????????x?x xx",
    "discussions.attach_file": ".........x.x xx",
    "discussions.strike_attachment": ".????????x?x xx",
    "discussions.erase_file": ".xxxxxxxxxxx xx",
    # Agencies sign through their liaisons, the coordinator closes, the commission goes on in spite of red findings.
    "approvals.accept_finding": "?xx?xxxxxxxx xx",
    "approvals.withdraw_acceptance": "?xx?xxxxxxxx xx",
    "approvals.override_reds": "xxx?xxxxxxxx xx",
    "approvals.put_to_approval": ".xxxxxxxxxxx xx",
    "approvals.approve": "?x?x??xxxxxx xx",
    "approvals.withdraw_approval": "?x?x??xxxxxx xx",
    "approvals.object_to": "?x?x??xxxxxx xx",
    "approvals.withdraw_objection": "?x?x??xxxxxx xx",
    "approvals.finalise": "?xxxxxxxxxxx xx",
    # Administrators keep organisations and accounts; coordinators give roles at their event, but not those that judge.
    "agencies.add_body": "xxxxxxxxxxxx x.",
    "agencies.change_body": "xxxxxxxxxxxx x.",
    "agencies.change_person": "xxxxxxxxxxxx x.",
    "agencies.close_account": "xxxxxxxxxxxx x.",
    "agencies.open_account": "xxxxxxxxxxxx x.",
    "agencies.set_administrator": "xxxxxxxxxxxx x.",
    "agencies.make_password_link": "xxxxxxxxxxxx x.",
    "agencies.give_role": ".xxxxxxxxxxx x.",
    "agencies.give_role as auditor": "xxxxxxxxxxxx x.",
    "agencies.end_role": ".xxxxxxxxxxx x.",
    "agencies.invite": ".xxxxxxxxxxx x.",
    "agencies.revoke_invitation": ".xxxxxxxxxxx x.",
    "agencies.open_event": "???????????? ??",
}

# Commands nobody sends from a page or a program, with the reason.
WITHOUT_A_VIEWER = {
    "plans.record_plan": "the command line records a folder",
    "plans.list_details": "a read; its callers ask for `see_personal`",
    "discussions.sweep_files": "a task of the worker",
    "agencies.ensure_bodies": "made at every start",
    "agencies.accept_invitation": "whoever holds the link; nobody is signed in",
    "agencies.accept_by_provider": "as above",
    "agencies.change_own_details": "one's own account",
    "agencies.create_first_administrator": "the command line, by who runs the installation",
    "agencies.make_demo_accounts": "the demonstration",
}
ROOMS = {"plans": plans, "approvals": approvals, "discussions": discussions, "agencies": agencies}
# Rooms of the centre keep their rows beside their own tests: `permissions.py` with the same three names as here.
CENTRE = ("telemetry", "operation", "alarms", "incidents", "orders", "units")
OF_ROOMS = {room: import_module(f"hamkor.{room}.tests.permissions") for room in (*CENTRE, "scenarios")}
for _room, _rows in OF_ROOMS.items():
    ROOMS[_room] = import_module(f"hamkor.{_room}.commands")
    TABLE |= _rows.TABLE
    WITHOUT_A_VIEWER |= _rows.WITHOUT_A_VIEWER


class Desk:
    """One person at an event of their own, recorded by somebody else, who also wrote, asked and attached something."""

    def __init__(self, viewer: Viewer, folder: Path) -> None:
        self.viewer, self.store, self.vault = viewer, MemoryStore(), MemoryVault()
        self.files = discussions.FileStore(folder / uuid4().hex)
        self.now = datetime.now(UTC)
        self.stream = new_id(self.now)
        self.other = Viewer(
            person="person:other", agency="mg", grants=(Grant(role="coordinator", agency="mg"),)
        )
        self.begun = self.sent(self.other)
        plans.record_plan(self.store, self.begun, plan=PLAN)
        self.edited, self.comment, self.question, self.attachment = (self.sent(self.other) for _ in range(4))
        note = SetFields(part="posts", id="aid", fields={"note": "Note"})
        plans.edit_plan(self.store, self.edited, viewer=self.other, edits=[note], vault=self.vault)
        discussions.write_comment(self.store, self.comment, viewer=self.other, about=About(), text="Text")
        self.ask(self.question, self.other)
        self.attach(self.attachment, self.other)

    def sent(self, viewer: Viewer | None = None, **values: Any) -> Envelope:
        by = viewer or self.viewer
        self.now += timedelta(seconds=1)
        given = {"stream": self.stream, "command_id": new_id(self.now), "at": self.now, **values}
        return Envelope(by=by.person, agency=by.agency, **given)

    def ask(self, envelope: Envelope, viewer: Viewer) -> object:
        deadline_at = self.now + timedelta(days=1)
        to = Addressee(agency="mg")
        values = {"about": About(), "text": "When?", "to": to, "deadline_at": deadline_at}
        return discussions.ask_question(self.store, envelope, viewer=viewer, **values)

    def attach(self, envelope: Envelope, viewer: Viewer) -> object:
        upload = Upload(name="a.txt", content=b"text")
        return discussions.attach_file(
            self.store, envelope, viewer=viewer, files=self.files, about=About(), upload=upload
        )


def sending(desk: Desk) -> dict[str, Callable[[], object]]:
    """Returns the commands about one event, each with something to say."""
    store, viewer, agency = desk.store, desk.viewer, desk.viewer.agency
    head = SeenHead(version=1, number=1, hash="0" * 64)
    note = SetFields(part="posts", id="aid", fields={"needed": 3})
    own = {"agency": agency, "reason": "Because."}
    comment, question, attachment = (
        str(each.command_id) for each in (desk.comment, desk.question, desk.attachment)
    )

    def send(command: Callable[..., object], **values: Any) -> Callable[[], object]:
        return lambda: command(store, desk.sent(), viewer=viewer, **values)

    talk = {"comment_id": comment}
    file = {"attachment_id": attachment}
    asked = {"question_id": question}
    return {
        "plans.create_event": lambda: plans.create_event(
            store, desk.sent(stream=uuid4()), viewer=viewer, event=EVENT
        ),
        "plans.edit_plan": send(plans.edit_plan, edits=[note], vault=desk.vault),
        "plans.import_plan": send(
            plans.import_plan, plan=msgspec.structs.replace(PLAN, people=None), parts=["legal"]
        ),
        "plans.undo": send(plans.undo, command_id=desk.edited.command_id),
        "plans.erase_person": send(plans.erase_person, vault=desk.vault, person="p", reason="Asked for."),
        "discussions.write_comment": send(discussions.write_comment, about=About(), text="Text"),
        "discussions.correct_comment": send(discussions.correct_comment, text="Other", **talk),
        "discussions.strike_comment": send(discussions.strike_comment, **talk),
        "discussions.ask_question": lambda: desk.ask(desk.sent(), viewer),
        "discussions.answer_question": send(discussions.answer_question, text="Now.", **asked),
        "discussions.redirect_question": send(
            discussions.redirect_question, to=Addressee(agency="ses"), reason="Theirs.", **asked
        ),
        "discussions.close_question": send(discussions.close_question, **asked),
        "discussions.attach_file": lambda: desk.attach(desk.sent(), viewer),
        "discussions.strike_attachment": send(discussions.strike_attachment, **file),
        "discussions.erase_file": send(discussions.erase_file, files=desk.files, **file),
        "approvals.accept_finding": send(approvals.accept_finding, key="none", reason="Because."),
        "approvals.withdraw_acceptance": send(approvals.withdraw_acceptance, key="none", reason="Because."),
        "approvals.override_reds": send(approvals.override_reds, reason="Because.", keys=["none"]),
        "approvals.approve": send(approvals.approve, agency=agency, scope="own", seen=head),
        "approvals.withdraw_approval": send(approvals.withdraw_approval, scope="own", **own),
        "approvals.object_to": send(approvals.object_to, **own),
        "approvals.withdraw_objection": send(approvals.withdraw_objection, **own),
        "approvals.finalise": send(approvals.finalise, version=1),
        "approvals.put_to_approval": send(approvals.put_to_approval),
    }


def keeping(viewer: Viewer) -> dict[str, Callable[[], object]]:
    """Returns the commands about organisations, people and roles."""
    now, stream = datetime.now(UTC), uuid4()
    body, _ = Body.objects.get_or_create(agency="mg", level="organisation", names={"uz": "mg"})
    User.objects.create(
        pk=viewer.person.removeprefix("person:"), email=f"{uuid4().hex}@example.org", name="Viewer"
    )
    User.objects.create(email=f"{uuid4().hex}@example.org", name="Another keeper", is_administrator=True)
    user = User.objects.create(email=f"{uuid4().hex}@example.org", name="Somebody", body=body)
    role = EventRole.objects.create(stream=stream, user=user, role="field", agency="mg")
    invitation = Invitation.objects.create(
        kind="account",
        digest=uuid4().hex,
        email=f"{uuid4().hex}@example.org",
        body=body,
        made_at=now,
        expires_at=now + timedelta(days=1),
        stream=stream,
        role="field",
    )
    own = {"stream": stream, "at": now}
    place = {"agency": "mg", "level": "region", "names": {"uz": "Yangi"}, "parent_id": None}
    offer = RoleOffer(stream, "field")

    def send(command: Callable[..., object], **values: Any) -> Callable[[], object]:
        return lambda: command(viewer, **values)

    someone: dict[str, UUID] = {"user_id": user.pk}
    return {
        "agencies.add_body": send(agencies.add_body, **place),
        "agencies.change_body": send(agencies.change_body, body_id=body.pk, names={"uz": "mg"}, region=""),
        "agencies.change_person": send(
            agencies.change_person, body_id=body.pk, rank="", position="", **someone
        ),
        "agencies.close_account": send(agencies.close_account, **someone),
        "agencies.open_account": send(agencies.open_account, **someone),
        "agencies.set_administrator": send(agencies.set_administrator, value=True, **someone),
        "agencies.make_password_link": send(agencies.make_password_link, at=now, **someone),
        "agencies.give_role": send(agencies.give_role, role="operator", **own, **someone),
        "agencies.give_role as auditor": send(agencies.give_role, role="auditor", **own, **someone),
        "agencies.end_role": send(agencies.end_role, role_id=role.pk, **own),
        "agencies.invite": send(
            agencies.invite, email=f"{uuid4().hex}@example.org", body_id=body.pk, at=now, offer=offer
        ),
        "agencies.revoke_invitation": send(agencies.revoke_invitation, invitation_id=invitation.pk, **own),
        "agencies.open_event": send(agencies.open_event, **own),
    }


def viewers() -> list[Viewer]:
    """Returns a person with each role, somebody without any, and an administrator."""
    found = []
    for role in ROLES:
        agency: Any = AGENCY_OF_ROLE.get(role, "iib")
        grant = Grant(role=role, agency=agency)
        found.append(Viewer(person=f"person:{uuid4()}", agency=agency, grants=(grant,)))
    nobody = Viewer(person=f"person:{uuid4()}", agency="mg")
    return [*found, nobody, Viewer(person=f"person:{uuid4()}", agency="mg", is_administrator=True)]


def letter_of(send: Callable[[], object]) -> str:
    """Sends a command and returns the letter of what happened."""
    try:
        send()
    except HamkorError as error:
        return "x" if error.code == "not-allowed" else "?"
    return "."


def test_every_command_is_in_the_table() -> None:
    known = {name.partition(" ")[0] for name in TABLE} | set(WITHOUT_A_VIEWER)
    commands = {
        f"{room}.{name}"
        for room, module in ROOMS.items()
        for name in module.__all__
        if inspect.isfunction(getattr(module, name))
    }
    assert commands - known == set(), "say in TABLE who may send these"
    assert known - commands == set()


def test_everybody_may_do_what_the_table_says(tmp_path: Path, db: None) -> None:
    found: dict[str, str] = {}
    for viewer in viewers():
        desk = Desk(viewer, tmp_path)
        for name, send in (sending(desk) | keeping(viewer)).items():
            found[name] = found.get(name, "") + letter_of(send)
        for rows in OF_ROOMS.values():
            for name, send in rows.sending(Desk(viewer, tmp_path)).items():
                found[name] = found.get(name, "") + letter_of(send)
    shown = {name: f"{letters[:12]} {letters[12:]}" for name, letters in found.items()}
    assert shown == TABLE


@pytest.mark.parametrize(
    "name", ["plans.edit_plan", "discussions.write_comment", "approvals.put_to_approval"]
)
def test_nobody_sends_in_the_name_of_another(name: str, tmp_path: Path) -> None:
    desk = Desk(viewers()[0], tmp_path)
    room, _, command = name.partition(".")
    more = {"edit_plan": {"edits": []}, "write_comment": {"about": About(), "text": "Text"}}.get(command, {})
    with pytest.raises((ValueError, HamkorError)):
        getattr(ROOMS[room], command)(desk.store, desk.sent(desk.other), viewer=desk.viewer, **more)

# SPDX-License-Identifier: Apache-2.0
"""Who may open which page and send which command: one table of every address and every role.

An address that is missing here fails the test: whoever adds a page says who may open it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.permission_table import AGENCY_OF_ROLE, OF_THE_LIBRARY, TABLE, VIEWERS

from hamkor.agencies.models import Body, EventRole, Invitation, User
from hamkor.agencies.rules import ROLES, Grant, Viewer
from hamkor.approvals.commands import put_to_approval
from hamkor.common.ids import new_id
from hamkor.discussions.commands import ask_question, attach_file
from hamkor.discussions.rules import About, Addressee
from hamkor.discussions.rules.uploads import Upload
from hamkor.folder.queries import read_folder
from hamkor.journal.queries import get_head
from hamkor.journal.rules import Envelope
from hamkor.norms.queries import list_duties
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.workspace import event_page
from hamkor.workspace.stores import files, journals


@dataclass
class Ground:
    """What one person meets: an event of their own, and things in it.

    Args:
        viewer: One of VIEWERS.
        client: Their browser.
        agency: For whom the person acts.
        read: The event all of them read.
        read_ids: Ids of things in it, and its hash.
        stream: The event they change, each their own.
        begun_by: Id of the command it began with.
        user: Their account, None for anonymous.
        other: Somebody else with a role here.
        invitation: An open invitation to the event.
    """

    viewer: str
    client: Client
    agency: str
    read: UUID
    read_ids: dict[str, Any]
    stream: UUID
    begun_by: UUID
    user: Any
    other: Any
    role: Any
    invitation: Any


@cache
def small_plan() -> Plan:
    """A few things of the example, of which the checks find little: hundreds of pages are made of it."""
    plan = read_folder(Path(__file__).parent.parent / "examples" / "navruz-2027")
    drawn = plan.venue and msgspec.structs.replace(plan.venue, features=plan.venue.features[:1])
    return Plan(
        event=msgspec.structs.replace(plan.event, extent="extract"),
        posts=plan.posts and plan.posts[:1],
        duties=plan.duties and plan.duties[:1],
        communications=plan.communications,
        venue=drawn,
    )


def feature() -> str:
    """Returns the id of what is drawn."""
    return small_plan().venue.features[0].id


# For the others it is enough that the page opens: drawing it is most of the time.
DRAWN_FOR = frozenset({"coordinator", "liaison", "field", "auditor"})


@pytest.fixture
def grounds(db: None, monkeypatch: pytest.MonkeyPatch) -> list[Ground]:
    """One ground for each of VIEWERS."""
    draw = event_page.render
    monkeypatch.setattr(
        event_page,
        "render",
        lambda request, *values: draw(request, *values) if request.user.name in DRAWN_FOR else HttpResponse(),
    )
    plan = small_plan()
    read = _recorded(plan)
    read_ids = _discussed(read.stream)
    return [_ground(viewer, read=read.stream, read_ids=read_ids, own=_recorded(plan)) for viewer in VIEWERS]


def _discussed(stream: UUID) -> dict[str, Any]:
    """Puts the event to approval, asks a question and attaches a file."""
    someone = Viewer(
        person=f"person:{uuid4()}", agency="iib", grants=(Grant(role="coordinator", agency="iib"),)
    )

    def sent() -> Envelope:
        now = datetime.now(UTC)
        return Envelope(stream=stream, command_id=new_id(now), at=now, by=someone.person, agency="iib")

    ids: dict[str, Any] = {"hash": get_head(journals(), stream).hash}
    put_to_approval(journals(), sent(), viewer=someone)
    question, attachment = sent(), sent()
    deadline_at = question.at + timedelta(days=1)
    ask_question(
        journals(),
        question,
        viewer=someone,
        about=About(),
        text="When?",
        to=Addressee(agency="iib"),
        deadline_at=deadline_at,
    )
    attach_file(
        journals(),
        attachment,
        viewer=someone,
        files=files(),
        about=About(),
        upload=Upload(name="a.txt", content=b"text"),
    )
    return {**ids, "question": question.command_id, "attachment": attachment.command_id}


def _recorded(plan: Plan) -> Envelope:
    now = datetime.now(UTC)
    envelope = Envelope(stream=new_id(now), command_id=new_id(now), at=now, by="rule:test", agency="iib")
    record_plan(journals(), envelope, plan=plan)
    return envelope


def _ground(viewer: str, *, read: UUID, read_ids: dict[str, Any], own: Envelope) -> Ground:
    now, stream = datetime.now(UTC), own.stream
    agency = AGENCY_OF_ROLE.get(viewer, "iib")
    client, user = Client(), None
    if viewer != "anonymous":
        user = _user(viewer, agency, is_administrator=viewer == "administrator")
        client.force_login(user)
    if viewer in ROLES:
        for event in (read, stream):
            EventRole.objects.create(stream=event, user=user, role=viewer, agency=agency)
    other = _user("other", "mg")
    role = EventRole.objects.create(stream=stream, user=other, role="field", agency="mg")
    invitation = Invitation.objects.create(
        kind="account",
        digest=uuid4().hex,
        email=f"{uuid4().hex}@example.org",
        body=other.body,
        made_at=now,
        expires_at=now.replace(year=now.year + 1),
        stream=stream,
        role="field",
    )
    return Ground(
        viewer, client, agency, read, read_ids, stream, own.command_id, user, other, role, invitation
    )


def _user(name: str, agency: str, **fields: Any) -> User:
    body, _ = Body.objects.get_or_create(agency=agency, level="organisation", names={"uz": agency})
    return User.objects.create(
        email=f"{uuid4().hex}@example.org", name=name, body=body, language="en", **fields
    )


def missing_duty() -> str:
    """Returns a duty of the catalogue that the event has not."""
    held = {duty.id for duty in small_plan().duties or ()}
    return next(duty.id for duty in list_duties() if duty.id not in held)


# What an address needs to be opened, and what is sent to it.
PLACES: dict[str, Callable[[Ground], dict[str, Any]]] = {
    "session_end": lambda ground: {"pk": 1},
    "invitation_revoke": lambda ground: {"pk": ground.invitation.pk},
    "body": lambda ground: {"pk": ground.other.body.pk},
    "body_change": lambda ground: {"pk": ground.other.body.pk},
    "body_invite": lambda ground: {"pk": ground.other.body.pk},
    "person": lambda ground: {"pk": ground.other.pk},
    "person_act": lambda ground: {"pk": ground.other.pk, "act": "close"},
    "new-communication": lambda ground: {"group": "channels"},
    "communication": lambda ground: {"group": "channels", "item": "data"},
    "remove-communication": lambda ground: {"group": "channels", "item": "data"},
    "new-item": lambda ground: {"part": "posts"},
    "item": lambda ground: {"part": "posts", "item": "post-command"},
    "remove-item": lambda ground: {"part": "posts", "item": "post-command"},
    "erase-person": lambda ground: {"item": "nobody"},
    "approval-version": lambda ground: {"version": 1},
    "question": lambda ground: {"question": str(ground.read_ids["question"])},
    "centre-file": lambda ground: {"attachment": str(uuid4())},
    "attachment": lambda ground: {"attachment": str(ground.read_ids["attachment"])},
    "verify-hash": lambda ground: {"printed": ground.read_ids["hash"]},
    "rule": lambda ground: {"rule": "ENT-007"},
    "export": lambda ground: {"what": "folder"},
    "print-file": lambda ground: {"print_id": uuid4()},
    "import": lambda ground: {"kind": "folder"},  # duties and rosters: whoever may change some of them
    "confirm-import": lambda ground: {"kind": "folder"},
    "calendar-feed": lambda ground: {"key": "none"},
    "revoke-token": lambda ground: {"token_id": uuid4()},
    "venue-feature": lambda ground: {"feature": feature()},
    "api-1:get_part": lambda ground: {"part": "duties"},
    "api-1:get_item": lambda ground: {"part": "duties", "item": "d"},
    "api-1:export": lambda ground: {"what": "folder"},
    "scenario-file": lambda ground: {"run": uuid4(), "what": "answer.json"},
    "role-end": lambda ground: {"role": ground.role.pk},
    "role-invitation-revoke": lambda ground: {"invitation": ground.invitation.pk},
}
SENT: dict[str, Callable[[Ground], dict[str, Any]]] = {
    "body_add": lambda ground: {"agency": "mg", "level": "region", "name_uz": "Yangi"},
    "body_invite": lambda ground: {"email": f"{uuid4().hex}@example.org"},
    "person": lambda ground: {"body": ground.other.body.pk},
    "language": lambda ground: {"language": "en"},
    "role-give": lambda ground: {"person": ground.other.pk, "role": "operator"},
    "role-invite": lambda ground: {
        "email": f"{uuid4().hex}@example.org",
        "role": "field",
        "body": ground.other.body.pk,
    },
    "account": lambda ground: {"name": "New name", "language": "en"},
    "new-event": lambda ground: {"name": "Fair", "kind": "fair", "place": "Square"},
    "approvals": lambda ground: {
        "agency": ground.agency,
        "version": "1",
        "number": "1",
        "hash": "0" * 64,
        "reason": "Because.",
        "key": "none",
    },
    "findings": lambda ground: {"key": "none", "reason": "Because."},
    "questions": lambda ground: {
        "text": "When?",
        "to": "|iib",
        "deadline_at": f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT%H:%M}",
    },
    "question": lambda ground: {"text": "Now.", "to": "|iib", "reason": "Done."},
    "centre-files": lambda ground: {"file": SimpleUploadedFile("a.txt", b"text", "text/plain")},
    "centre-templates": lambda ground: {
        "template": "new",
        "title_en": "Hold",
        "text_en": "Hold the gate.",
        "sort": "order",
        "urgency": "flash",
    },
    "attachments": lambda ground: {
        "file": SimpleUploadedFile("a.txt", b"text", "text/plain"),
        "attachment": "none",
    },
    "ask-print": lambda ground: {"form": "pdf", "language": "en"},
    "scenarios": lambda ground: {"run": str(uuid4()), "method": "network"},
    "tokens": lambda ground: {"name": "program", "scopes": ["read"], "days": "7"},
    "add-duties": lambda ground: {"catalogue": missing_duty()},
    "remove-item": lambda ground: {"and_references": "on"},
    "undo": lambda ground: {"undone": ground.begun_by},
    "body_change": lambda ground: {"name_uz": "Yangi nom"},
    "new-item": lambda ground: {"title": "New post", "agency": "tty", "role": "medical"},
    "new-communication": lambda ground: {"title": "New", "sort": "radio"},
}


EDITS: dict[str, dict[str, Any]] = {
    "centre-commands": {},  # what may be sent there is in the table of commands
    "edit": {"op": "set", "part": "event", "fields": {"name": "Fair"}},
    "venue-change": {"do": "remove", "number": 999, "origin": [69.28, 41.31], "id": feature()},
}


def test_every_address_is_in_the_table() -> None:
    missing = [name for name in sorted(addresses()) if not any(name == row for row, _ in TABLE)]
    assert missing == [], "say in TABLE who may open these"
    assert [name for name, _ in TABLE if name not in addresses()] == []
    assert [row for row, letters in TABLE.items() if len(letters.replace(" ", "")) != len(VIEWERS)] == []


def test_everybody_gets_what_the_table_says(grounds: list[Ground]) -> None:
    wrong = []
    for (name, method), letters in sorted(TABLE.items(), key=lambda row: row[0][1]):  # reading first
        found = "".join(outcome(ground, name, method) for ground in grounds)
        found = f"{found[:3]} {found[3:]}"
        if found != letters:
            wrong.append(f'    ("{name}", "{method}"): "{found}",  # not "{letters}"')
    assert wrong == [], "\n".join(wrong)


def test_what_no_page_of_ours_sends_is_refused_and_no_fault(grounds: list[Ground]) -> None:
    coordinator = next(ground for ground in grounds if ground.viewer == "coordinator")
    coordinator.client.raise_request_exception = False
    faults = []
    for name in dict.fromkeys(name for name, method in TABLE if method.startswith("POST")):
        address = address_of(coordinator, name, is_read=False)
        for sent in (
            {},
            {"command_id": "x", "undone": "x", "do": "x", "person": "x", "role": "x", "body": "x"},
        ):
            status = coordinator.client.post(address, sent).status_code
            faults += [f"{status} {name} {sent}"] if status >= 500 else []
        status = coordinator.client.post(address, b"[", content_type="application/json").status_code
        faults += [f"{status} {name} with broken JSON"] if status >= 500 else []
    assert faults == [], "\n".join(faults)


@cache
def addresses() -> dict[str, str]:
    """Names and patterns of all addresses that are ours."""
    found = dict(_names(get_resolver(), ""))
    return {
        name: found[name] for name in found if not name.startswith(OF_THE_LIBRARY) or name.endswith("_closed")
    }


def _names(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        place = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inside = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from ((inside + name, each) for name, each in _names(pattern, place))
        elif isinstance(pattern, URLPattern) and not place.startswith("accounts/social/"):
            yield pattern.name or place, place


def outcome(ground: Ground, name: str, method: str) -> str:
    """Sends a request and returns the letter of what happened."""
    address = address_of(ground, name, is_read=method == "GET" or name == "question")
    method, _, action = method.partition(" ")
    headers = {"Accept-Language": "en"}
    now = datetime.now(UTC)
    if method == "GET":
        answer = ground.client.get(address, headers=headers)
    elif name in EDITS:
        sent = {"command_id": str(new_id(now)), "language": "en", "edits": [EDITS[name]]}
        answer = ground.client.post(address, sent, content_type="application/json", headers=headers)
    else:
        more = SENT.get(name, lambda _: {})(ground)
        sent = {"command_id": str(new_id(now)), **({"do": action} if action else {}), **more}
        answer = ground.client.post(address, sent, headers=headers)
    return letter_of(answer)


def address_of(ground: Ground, name: str, *, is_read: bool) -> str:
    """Returns the path of an address, in the event all read or in the person's own."""
    if name == "^api/":
        return "/api/none"
    places = PLACES.get(name, lambda _: {})(ground)
    if "stream" in addresses()[name]:
        places = {"stream": ground.read if is_read else ground.stream, **places}
    return reverse(name, kwargs=places)


def letter_of(answer: Any) -> str:
    """Returns the letter of an answer; a refusal has to say what is missing."""
    location = answer.headers.get("Location", "")
    if answer.status_code in {302, 303}:
        return "L" if "/accounts/login" in location else "R" if "reauthenticate" in location else "."
    letter = {404: "-", 403: "x", 405: "m", 422: "?", 410: "g", 503: "s", 401: "t"}.get(answer.status_code)
    if letter is None:
        return "." if answer.status_code < 300 else f"[{answer.status_code}]"
    if letter == "x" and b"You may not" not in answer.content and b"administrator" not in answer.content:
        return "[403 without a reason]"
    return letter

# SPDX-License-Identifier: Apache-2.0
"""The live stream of a running server, attacked: fields of others, ended rights, wrong numbers, deaf browsers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hamkor.common.ids import new_id
from hamkor.config.tests.running import Server, new_folder, variables, wait_until

pytestmark = pytest.mark.enable_socket

EXAMPLE = Path(__file__).parent.parent / "examples" / "navruz-2027"
TOKEN = "a" * 32
HIDDEN = "blood group and a name"

# Run as programs of the installation, beside the server: what a person, a role and a session are is theirs to know.
PREPARE = """
import sys, json, django; django.setup()
from datetime import UTC, datetime
from pathlib import Path
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from hamkor.agencies.models import Body, EventRole, User
from hamkor.common.ids import new_id
from hamkor.folder.queries import read_folder
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import record_plan
from hamkor.workspace import stores
now = datetime.now(UTC); stream = new_id(now)
envelope = Envelope(stream=stream, command_id=new_id(now), at=now, by="rule:test", agency="iib")
record_plan(stores.journals(), envelope, plan=read_folder(Path(sys.argv[1])))
found = {"stream": str(stream)}
roles = {"operator": "iib", "dispatcher": "tty", "liaison": "fvv", "coordinator": "hok", "planner": "hok"}
for role, agency in roles.items():
    body, _ = Body.objects.get_or_create(agency=agency, level="organisation", names={"uz": agency})
    user = User.objects.create(email=f"{role}@example.org", name=role, body=body)
    EventRole.objects.create(stream=stream, user=user, role=role, agency=agency)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    found[role] = session.session_key
stores.close()
print(json.dumps(found))
"""
END_ROLE = """
import sys, json, django; django.setup()
from datetime import UTC, datetime
from hamkor.agencies.models import EventRole
EventRole.objects.filter(user__email=f"{sys.argv[1]}@example.org").update(ends_at=datetime.now(UTC))
print("{}")
"""
GIVE_ROLE = """
import sys, json, django; django.setup()
from hamkor.agencies.models import EventRole
EventRole.objects.filter(user__email=f"{sys.argv[1]}@example.org").update(ends_at=None)
print("{}")
"""
END_SESSION = """
import sys, json, django; django.setup()
from django.contrib.sessions.models import Session
Session.objects.filter(session_key=sys.argv[1]).delete()
print("{}")
"""
SAY = """
import sys, json, django; django.setup()
from hamkor.workspace import stores
with stores.pool().connection() as connection:
    connection.execute(
        "INSERT INTO telemetry_latest (stream, kind, id, at, received_at, body)"
        " VALUES (%s, 'zone', 'stand', now(), clock_timestamp(), '{\\"density\\": 2.5}')"
        " ON CONFLICT (stream, kind, id) DO UPDATE SET received_at = clock_timestamp(), body = excluded.body",
        [sys.argv[1]],
    )
    connection.execute("SELECT pg_notify('hamkor_signals', %s)", [sys.argv[1]])
stores.close()
print("{}")
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server(new_folder() / "data")
    try:
        made.wait_until_ready()
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="module")
def ground(server: Server) -> dict[str, Any]:
    return program(server, PREPARE, str(EXAMPLE))


def program(server: Server, code: str, argument: str) -> Any:
    """Runs a program of the installation and returns what it says."""
    given = variables(HAMKOR_DATA_DIR=str(server.data_dir), DJANGO_SETTINGS_MODULE="hamkor.config.settings")
    done = subprocess.run(
        [sys.executable, "-c", code, argument], env=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


class Browser:
    """A live stream over a plain socket."""

    def __init__(
        self,
        server: Server,
        ground: dict[str, Any],
        role: str,
        *,
        after: str = "",
        place: str = "centre/live",
    ) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self._raw = self._left = b""
        self._is_begun = False
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        path = f"/events/{ground['stream']}/{place}" + (f"?after={after}" if after else "")
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={ground[role]}; hamkor_language=en\r\n\r\n"
        self.socket.sendall(head.encode())
        self.is_over = False

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def read(self) -> bool:
        """Takes what has come; False when the stream is over."""
        piece = self.socket.recv(1 << 20)
        self._raw += piece
        self.is_over = not piece
        if not self._is_begun and b"\r\n\r\n" in self._raw:
            self._raw = self._raw.partition(b"\r\n\r\n")[2]
            self._is_begun = True
        *events, self._left = (self._left + b"".join(self._chunks())).split(b"\n\n")
        for event in events:
            kind, _, data = event.partition(b"\ndata: ")
            self.told.append((kind.removeprefix(b"event: ").decode(), json.loads(data)))
        return not self.is_over

    def _chunks(self) -> Iterator[bytes]:
        """Takes the chunks out that have come whole."""
        while self._is_begun and b"\r\n" in self._raw:
            size, _, rest = self._raw.partition(b"\r\n")
            length = int(size, 16)
            self.is_over = self.is_over or length == 0
            if len(rest) < length + 2:
                return
            yield rest[:length]
            self._raw = rest[length + 2 :]

    def until(self, *kinds: str) -> dict[str, Any]:
        """Returns the next message of a kind."""
        seen = len(self.told)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for kind, data in self.told[seen:]:
                seen += 1
                if kind in kinds:
                    return data
            assert self.read(), self.told
        raise AssertionError(f"no {kinds} in {[kind for kind, _ in self.told]}")

    def until_number(self, number: int) -> None:
        """Reads until the picture includes an entry."""
        while (
            max((data.get("number", 0) for kind, data in self.told if kind != "heartbeat"), default=0)
            < number
        ):
            assert self.read()

    @property
    def text(self) -> str:
        return json.dumps(self.told)

    def documents(self) -> dict[tuple[str, str], Any]:
        """Returns what a browser would show now."""
        shown: dict[tuple[str, str], Any] = {}
        for kind, data in self.told:
            if kind == "subscribed" and data["snapshot"]:
                shown = {}
            for each in data.get("documents", ()):
                if each["body"] is None:
                    shown.pop((each["kind"], each["id"]), None)
                else:
                    shown[each["kind"], each["id"]] = each["body"]
        return shown


def send(server: Server, ground: dict[str, Any], role: str, verb: str, **arguments: Any) -> dict[str, Any]:
    """Sends one command as the console does."""
    sent = {"command_id": str(new_id(datetime.now(UTC))), "verb": verb, **arguments}
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/events/{ground['stream']}/centre/commands",
        data=json.dumps(sent).encode(),
        headers={
            "Content-Type": "application/json",
            "Cookie": f"sessionid={ground[role]}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise AssertionError(error.read().decode()) from error


def page(server: Server, ground: dict[str, Any], role: str, path: str) -> str:
    status, _, text = server.get(
        f"/events/{ground['stream']}/centre/{path}", Cookie=f"sessionid={ground[role]}; hamkor_language=en"
    )
    assert status == 200, text
    return text


def test_a_liaison_gets_no_field_of_another_agency_that_is_not_for_them(server, ground):
    with Browser(server, ground, "liaison") as liaison, Browser(server, ground, "dispatcher") as dispatcher:
        for browser in (liaison, dispatcher):
            browser.until("subscribed")
        made = send(
            server, ground, "dispatcher", "report_incident",
            type="medical", text="A person has fallen", reporter=f"reporter {HIDDEN}",
            card_112=f"card {HIDDEN}", known={"conscious": f"known {HIDDEN}"}, agency="tty",
        )  # fmt: skip
        send(
            server, ground, "dispatcher", "set_medical", incident_id=made["id"], condition=f"medical {HIDDEN}"
        )
        send(
            server, ground, "coordinator", "send_message",
            message={"to": [{"kind": "agency", "id": "tty"}], "text": f"between two {HIDDEN}"},
        )  # fmt: skip
        head = send(server, ground, "operator", "log_message", text="All quiet", via="radio")["number"]
        for browser in (liaison, dispatcher):
            browser.until_number(head)
        assert ("medical_detail", made["id"]) in dispatcher.documents()
        shown = liaison.documents()["incident", made["id"]]
        assert shown["reporter"] is None
        assert shown["card_112"] is None
        assert shown["known"] == {}
        assert HIDDEN not in liaison.text
        assert not any(
            each["kind"] == "medical_detail" for _, data in liaison.told for each in data.get("documents", ())
        )
    with Browser(server, ground, "liaison") as again:
        again.until("subscribed")
        assert HIDDEN not in again.text
    moment = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    for path in (
        "",
        "reference",
        f"replay?at={moment}",
        "report",
        "report?form=text",
        "rules",
        "orders",
        "advice",
    ):
        assert HIDDEN not in page(server, ground, "liaison", path), path


def test_a_stream_ends_with_the_role_and_another_is_refused(server, ground):
    with Browser(server, ground, "liaison") as browser:
        browser.until("subscribed")
        program(server, END_ROLE, "liaison")
        begun = time.monotonic()
        while browser.read():
            assert time.monotonic() - begun < 30
    status, _, _ = server.get(
        f"/events/{ground['stream']}/centre/live", Cookie=f"sessionid={ground['liaison']}"
    )
    assert status == 404
    program(server, GIVE_ROLE, "liaison")


def test_a_stream_ends_with_the_session(server, ground):
    with Browser(server, ground, "planner") as browser:
        browser.until("subscribed")
        program(server, END_SESSION, ground["planner"])
        begun = time.monotonic()
        while browser.read():
            assert time.monotonic() - begun < 30


@pytest.mark.parametrize("after", ["0", "1", "999999", "9999999999999999999", "-1", "x", "%00", "1e5", "1;2"])
def test_a_number_nobody_gave_out_begins_anew(server, ground, after):
    with Browser(server, ground, "operator", after=after) as browser:
        told = browser.until("subscribed")
    assert told["snapshot"] is True


def test_whoever_comes_back_goes_on_where_they_were(server, ground):
    with Browser(server, ground, "operator") as browser:
        browser.until("subscribed")
        first = send(server, ground, "operator", "log_message", text="One", via="radio")
        browser.until_number(first["number"])
    second = send(server, ground, "operator", "log_message", text="Two", via="radio")
    with Browser(server, ground, "operator", after=str(first["number"])) as browser:
        told = browser.until("subscribed")
        browser.until_number(second["number"])
        assert told["snapshot"] is False
        assert {key for _, key in browser.documents()} == {second["id"]}


def test_the_heartbeat_says_the_number_of_the_journal(server, ground):
    with Browser(server, ground, "operator") as browser:
        browser.until("subscribed")
        head = send(server, ground, "operator", "log_message", text="One", via="radio")["number"]
        browser.until_number(head)
        told = browser.until("heartbeat")
    assert told["number"] == head
    assert told["links"]["journal"] is True


def test_many_open_streams_leave_pages_answering(server, ground):
    # More than twice as many as there are connections to the database.
    with ExitStack() as stack:
        browsers = [
            stack.enter_context(Browser(server, ground, "operator", place=place))
            for place in ("live", "centre/live")
            for _ in range(40)
        ]
        for browser in browsers:
            browser.until("subscribed")
        for browser in browsers:
            browser.until("heartbeat")  # by now each has asked whether it may still listen
        said = send(server, ground, "operator", "log_message", text="All hear", via="radio")
        for browser in browsers:
            browser.until("update")
        assert page(server, ground, "operator", "reference")
        assert said["number"] > 0


def test_who_does_not_read_holds_nobody_up(server, ground):
    deaf = Browser(server, ground, "operator")
    with Browser(server, ground, "dispatcher") as browser:
        browser.until("subscribed")
        text = "x" * 3900
        said = [send(server, ground, "operator", "log_message", text=text, via="radio") for _ in range(60)]
        browser.until_number(said[-1]["number"])
        assert {("message", each["id"]) for each in said} <= browser.documents().keys()
    deaf.socket.close()


def test_another_web_process_takes_over(server, ground):
    with Browser(server, ground, "operator") as browser:
        seen = browser.until("subscribed")["number"]
        os.kill(server.children()["web"], signal.SIGKILL)
        while not browser.is_over:
            try:
                browser.read()
            except ConnectionResetError:
                break
    wait_until(lambda: server.get("/healthz")[0] == 200, "a new web process")
    said = send(server, ground, "operator", "log_message", text="After", via="radio")
    with Browser(server, ground, "operator", after=str(seen)) as browser:
        browser.until_number(said["number"])
        assert ("message", said["id"]) in browser.documents()


def test_values_of_sensors_come_beside_the_facts(server, ground):
    with Browser(server, ground, "operator") as browser:
        browser.until("subscribed")
        program(server, SAY, ground["stream"])
        told = browser.until("signals")
        assert [(each["kind"], each["id"], each["body"]) for each in told["values"]] == [
            ("zone", "stand", {"density": 2.5})
        ]
        assert browser.until("heartbeat")["links"]["telemetry"] is True

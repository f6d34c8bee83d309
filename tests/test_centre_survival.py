# SPDX-License-Identifier: Apache-2.0
"""The centre while its processes are killed: nothing acknowledged is lost, nothing is done twice, no screen lies."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hamkor.common.ids import new_id
from hamkor.config.tests.running import Server, free_port, new_folder, variables, wait_until

pytestmark = pytest.mark.enable_socket

EXAMPLE = Path(__file__).parent.parent / "examples" / "navruz-2027"
TOKEN = "a" * 32
ROLES = {"operator": "iib", "dispatcher": "tty", "coordinator": "hok"}
SCREENS = 6
# As the page: two missed heartbeats, and the picture is not called live any more.
SILENT_S = 4.5
# What was acknowledged so long ago is on every screen that calls itself live.
STALE_S = 5.0
LOOK_S = 0.1
MOST_KILLS = 20
KINDS = {
    "serving.web": "web",
    "serving.worker": "worker",
    "serving.ingest": "ingest",
    "serving.watch": "watch",
    "bin/postgres": "database",
}

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
folder, roles = json.loads(sys.argv[1])
now = datetime.now(UTC); stream = new_id(now)
envelope = Envelope(stream=stream, command_id=new_id(now), at=now, by="rule:test", agency="iib")
record_plan(stores.journals(), envelope, plan=read_folder(Path(folder)))
found = {"stream": str(stream)}
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
EXAMINE = """
import sys, json, django; django.setup()
from hamkor.config.kinds import declare_all_kinds; declare_all_kinds()
from hamkor.journal.queries import get_documents, list_entries, verify_journal
from hamkor.journal.rules import Fault
from hamkor.workspace import stores
store, stream = stores.journals(), json.loads(sys.argv[1])
documents = get_documents(store, stream)
print(json.dumps({
    "sound": not isinstance(verify_journal(store, stream), Fault),
    "commands": [str(entry.command_id) for entry in list_entries(store, stream)],
    "number": documents.number,
    "incidents": [incident.id for incident in documents.all("incident")],
    "silent_alarms": [[alarm.subject, alarm.repeats] for alarm in documents.all("alarm")
                      if alarm.sort == "silent_order"],
}))
stores.close()
"""


@pytest.fixture
def server() -> Iterator[Server]:
    arguments = ("serve", "--workers", "2", "--ingest-port", str(free_port()))
    made = Server(new_folder() / "data", *arguments)
    try:
        made.wait_until_ready()
        yield made
    finally:
        made.process.send_signal(signal.SIGCONT)
        made.remove()


def program(server: Server, code: str, *arguments: Any) -> Any:
    """Runs a program of the installation and returns what it says."""
    given = variables(HAMKOR_DATA_DIR=str(server.data_dir), DJANGO_SETTINGS_MODULE="hamkor.config.settings")
    said = json.dumps(arguments[0] if len(arguments) == 1 else arguments)
    done = subprocess.run(
        [sys.executable, "-c", code, said], env=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def processes(server: Server) -> dict[str, list[int]]:
    """Returns the numbers of the living processes of a server by what they are, oldest first."""
    found: dict[str, list[int]] = {kind: [] for kind in KINDS.values()}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text(encoding="utf-8").rpartition(") ")[2].split()
            line = (stat.parent / "cmdline").read_text(encoding="utf-8").replace("\0", " ")
            if int(fields[1]) == server.process.pid and fields[0] != "Z":
                for word, kind in KINDS.items():
                    if word in line:
                        found[kind].append(int(stat.parent.name))
    return {kind: sorted(pids) for kind, pids in found.items()}


class Ground:
    """What screens and operators share: where the server is, and what it has acknowledged."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.given = program(server, PREPARE, str(EXAMPLE), ROLES)
        self.stream = self.given["stream"]
        self.acknowledged: dict[str, float] = {}
        self.reported: dict[str, float] = {}
        self.is_over = threading.Event()

    def send(self, role: str, body: dict[str, Any]) -> int | str:
        """Sends one command; returns its number, 0 when nobody answered, or why it was refused."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server.port}/events/{self.stream}/centre/commands",
            data=json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Cookie": f"sessionid={self.given[role]}; csrftoken={TOKEN}",
                "X-CSRFToken": TOKEN,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
                return int(json.load(answer)["number"])
        except urllib.error.HTTPError as error:
            return (
                0 if error.code >= 500 or error.code == 429 else f"{error.code} {error.read().decode()[:300]}"
            )
        except (OSError, ValueError, http.client.HTTPException):  # cut before or within the answer
            return 0

    def command(self, verb: str, **arguments: Any) -> dict[str, Any]:
        """Returns a command with an id of its own."""
        return {"command_id": str(new_id(datetime.now(UTC))), "verb": verb, **arguments}


class Operator(threading.Thread):
    """Reports one thing after another; what is not acknowledged is sent again under its id, as the page does it."""

    def __init__(self, ground: Ground, role: str) -> None:
        super().__init__(name=role)
        self.ground, self.role = ground, role
        self.resent, self.refusals = 0, list[str]()

    def run(self) -> None:
        count = 0
        while not self.ground.is_over.wait(0.01) and not self.refusals:
            count += 1
            told = self.ground.command("report_incident", type="other", text=f"{self.name} reports {count}")
            if not self._send(told):
                return
            self.ground.reported[told["command_id"]] = time.monotonic()
            if count % 3 == 0:
                incident, words = told["command_id"], f"{self.name} notes {count}"
                if not self._send(self.ground.command("add_note", incident_id=incident, text=words)):
                    return

    def _send(self, body: dict[str, Any]) -> bool:
        while not (answer := self.ground.send(self.role, body)):
            self.resent += 1
            if self.ground.is_over.wait(0.2):
                return False
        if isinstance(answer, str):
            self.refusals.append(answer)
            return False
        self.ground.acknowledged[body["command_id"]] = time.monotonic()
        return True


class Screen(threading.Thread):
    """A console: holds the stream, comes back to where it was, and says how fresh its picture is, as the page does."""

    def __init__(self, ground: Ground, role: str) -> None:
        super().__init__(name=f"screen {role}")
        self.ground, self.role = ground, role
        self.number = self.head = 0
        self.heard_at = float("-inf")
        self.behind_since: float | None = None
        self.is_subscribed = False
        self.incidents: frozenset[str] = frozenset()
        self.silent: set[str] = set()
        self.lies: list[str] = []
        self.faults: list[str] = []
        self.told: Counter[str] = Counter()
        self.turn = threading.Lock()
        self.link: socket.socket | None = None

    def run(self) -> None:
        while not self.ground.is_over.is_set():
            with suppress(OSError):
                self._listen()
            with self.turn:
                self.is_subscribed = False
            self.ground.is_over.wait(0.3)

    def _listen(self) -> None:
        with socket.create_connection(("127.0.0.1", self.ground.server.port), timeout=SILENT_S * 2) as link:
            self.link = link
            # Of this older kind of HTTP the answer is the stream itself, without pieces to put together.
            path = f"/events/{self.ground.stream}/centre/live" + (
                f"?after={self.number}" if self.number else ""
            )
            cookie = f"sessionid={self.ground.given[self.role]}; hamkor_language=en"
            link.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
            with link.makefile("rb") as lines:
                if not lines.readline().startswith(b"HTTP/1.1 200"):
                    return
                kind = ""
                for line in lines:
                    if line.startswith(b"event: "):
                        kind = line[7:].decode().strip()
                    elif line.startswith(b"data: ") and line.endswith(b"\n"):
                        self._take(kind, json.loads(line[6:]))

    def _take(self, kind: str, data: dict[str, Any]) -> None:
        with self.turn:
            self.heard_at = time.monotonic()
            if kind == "heartbeat":
                self.head = max(self.head, data["number"])
            elif kind in {"subscribed", "update"}:
                self._take_documents(kind, data)

    def _take_documents(self, kind: str, data: dict[str, Any]) -> None:
        is_all = data.get("snapshot", False)
        self.told["snapshot" if is_all else kind] += 1
        alarms = (each["body"] for each in data["documents"] if each["kind"] == "alarm" and each["body"])
        self.silent |= {alarm["subject"] for alarm in alarms if alarm["sort"] == "silent_order"}
        given = {each["id"] for each in data["documents"] if each["kind"] == "incident" and each["body"]}
        if is_all:
            self.incidents = frozenset(given)
        else:
            again = [each for each in data["documents"] if not self.number < each["number"] <= data["number"]]
            if again or data["number"] < self.number:
                self.faults.append(f"{kind} {data['number']} at {self.number}: {again[:2]}")
            self.incidents |= given
        self.head = data["number"] if kind == "subscribed" else max(self.head, data["number"])
        self.number, self.is_subscribed = data["number"], True

    def drop(self) -> None:
        """Loses the link."""
        if self.link is not None:
            with suppress(OSError):
                self.link.shutdown(socket.SHUT_RDWR)

    @property
    def is_live(self) -> bool:
        """True while the page would be green: it hears the server, and is where the server says it is."""
        is_heard = time.monotonic() - self.heard_at <= SILENT_S
        return is_heard and self.is_subscribed and self.head <= self.number

    def look(self) -> None:
        """Takes note when the screen calls itself live, and lacks what was acknowledged long ago."""
        with self.turn:
            limit = time.monotonic() - STALE_S
            if self.is_live:
                lacking = [
                    key
                    for key, at in list(self.ground.reported.items())
                    if at < limit and key not in self.incidents
                ]
                if lacking:
                    self.lies.append(f"{self.name} is live at {self.number} and lacks {len(lacking)}")


def look_at(screens: list[Screen], is_over: threading.Event) -> None:
    """Looks at all screens until it is over."""
    while not is_over.wait(LOOK_S):
        for screen in screens:
            screen.look()


def report_more(ground: Ground, screens: list[Screen]) -> None:
    """Waits until more was acknowledged, and every screen shows it and calls itself live."""
    wanted = len(ground.acknowledged) + 10
    wait_until(lambda: len(ground.acknowledged) >= wanted, "more is acknowledged")
    before = set(ground.reported)
    wait_until(
        lambda: all(screen.is_live and before <= screen.incidents for screen in screens), "all screens"
    )


def kill(server: Server, kind: str) -> None:
    """Kills one process as a machine does, and waits until another has taken its place."""
    before = wait_until(lambda: processes(server)[kind], f"a {kind} to kill")
    os.kill(before[0], signal.SIGKILL)
    gone = before[0]
    wait_until(
        lambda: gone not in (now := processes(server)[kind]) and len(now) == len(before), f"another {kind}"
    )


def kill_without_another(ground: Ground, screens: list[Screen]) -> None:
    """Kills one web process, then the other, while nobody starts them anew: one takes all over, then all are stale."""
    ground.server.process.send_signal(signal.SIGSTOP)
    first, second = processes(ground.server)["web"]
    os.kill(first, signal.SIGKILL)
    report_more(ground, screens)  # the other has taken all over
    os.kill(second, signal.SIGKILL)
    wait_until(lambda: not any(screen.is_live for screen in screens), "every screen knows that it is stale")
    ground.server.process.send_signal(signal.SIGCONT)
    wait_until(lambda: len(processes(ground.server)["web"]) == 2, "new web processes")
    report_more(ground, screens)


def kill_in_the_middle(ground: Ground, operators: list[Operator]) -> None:
    """Kills one web process after the other until one was in the middle of something: most are, not every one is."""
    for _ in range(MOST_KILLS):
        if any(operator.resent for operator in operators):
            return
        kill(ground.server, "web")


def test_killed_in_turn_the_centre_loses_nothing_and_no_screen_lies(server: Server) -> None:
    ground = Ground(server)
    screens = [Screen(ground, list(ROLES)[place % len(ROLES)]) for place in range(SCREENS)]
    operators = [Operator(ground, role) for role in ROLES]
    watcher = threading.Thread(target=look_at, args=(screens, ground.is_over))
    order = ground.command(
        "send_message",
        message={"to": [{"kind": "agency", "id": "fvv"}], "urgency": "flash", "text": "Open gate 4"},
    )
    order_id = order["command_id"]
    try:
        for command in (ground.command("open_operation", mode="real"), order):
            assert isinstance(ground.send("coordinator", command), int)
        ground.acknowledged[order_id] = sent_at = time.monotonic()
        for thread in (*screens, *operators, watcher):
            thread.start()
        report_more(ground, screens)
        kill_without_another(ground, screens)
        kill_in_the_middle(ground, operators)
        for screen in screens:
            screen.drop()
        for kind in ("worker", "ingest"):
            kill(server, kind)
        report_more(ground, screens)
        time.sleep(max(0.0, sent_at + 9.5 - time.monotonic()))  # the order is silent after ten seconds
        for _ in range(2):
            kill(server, "watch")
        kill(server, "database")
        report_more(ground, screens)
        wait_until(
            lambda: all(order_id in screen.silent for screen in screens), "the alarm of the silent order"
        )
    finally:
        ground.is_over.set()
        for screen in screens:
            screen.drop()
        for thread in (*screens, *operators, watcher):
            thread.join(30)
    assert [refusal for operator in operators for refusal in operator.refusals] == []
    assert sum(operator.resent for operator in operators) > 0, "nothing was killed in the middle of anything"
    assert [lie for screen in screens for lie in screen.lies] == []
    assert [fault for screen in screens for fault in screen.faults] == []
    assert sum((screen.told for screen in screens), Counter())["subscribed"] > 0, "no stream was resumed"
    found = program(server, EXAMINE, ground.stream)
    assert found["sound"]
    done = Counter(found["commands"])
    assert {key: done[key] for key in ground.acknowledged if done[key] != 1} == {}
    assert set(ground.reported) <= set(found["incidents"])
    assert len(found["incidents"]) == len(set(found["incidents"]))
    assert found["silent_alarms"] == [[order_id, 0]]

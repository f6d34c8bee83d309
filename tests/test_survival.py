# SPDX-License-Identifier: Apache-2.0
"""Nothing acknowledged is lost and nothing is done twice while web, worker and database of a server are killed."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hamkor.common.ids import new_id
from hamkor.config.tests.running import Server, new_folder, variables, wait_until

pytestmark = pytest.mark.enable_socket

WRITERS = 4
EXAMPLE = Path(__file__).parent.parent / "examples" / "navruz-2027"
TOKEN = "a" * 32

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
body, _ = Body.objects.get_or_create(agency="iib", level="organisation", names={"uz": "iib"})
user = User.objects.create(email="c@example.org", name="c", body=body)
EventRole.objects.create(stream=stream, user=user, role="coordinator", agency="iib")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create(); stores.close()
print(json.dumps([str(stream), session.session_key]))
"""
EXAMINE = """
import sys, json, django; django.setup()
from hamkor.config.kinds import declare_all_kinds; declare_all_kinds()
from hamkor.journal.queries import list_entries, verify_journal
from hamkor.journal.rules import Fault
from hamkor.workspace import stores
entries = list_entries(stores.journals(), sys.argv[1])
sound = not isinstance(verify_journal(stores.journals(), sys.argv[1]), Fault)
stores.close()
print(json.dumps([sound, [str(entry.command_id) for entry in entries]]))
"""


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(new_folder() / "data")
    try:
        made.wait_until_ready()
        yield made
    finally:
        made.remove()


def program(server: Server, code: str, argument: str) -> Any:
    """Runs a program of the installation and returns what it says."""
    given = variables(HAMKOR_DATA_DIR=str(server.data_dir), DJANGO_SETTINGS_MODULE="hamkor.config.settings")
    done = subprocess.run(
        [sys.executable, "-c", code, argument], env=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


class Writer(threading.Thread):
    """Somebody who types one thing after another; what is not acknowledged is sent again, as a page does it."""

    def __init__(self, server: Server, stream: str, session: str, name: str) -> None:
        super().__init__(name=name)
        self.server, self.stream, self.session = server, stream, session
        self.acknowledged: list[str] = []
        self.resent, self.is_over, self.refusals = 0, threading.Event(), list[str]()

    def run(self) -> None:
        while not self.is_over.is_set() and not self.refusals:
            command_id = str(new_id(datetime.now(UTC)))
            fields = {"note": f"{self.name} {len(self.acknowledged)}"}
            edit = {"op": "set", "part": "posts", "id": "post-command", "fields": fields}
            body = json.dumps({"command_id": command_id, "language": "en", "edits": [edit]}).encode()
            while not self._send(body):
                self.resent += 1
                if self.is_over.wait(0.2):
                    return
            self.acknowledged.append(command_id)

    def _send(self, body: bytes) -> bool:
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        }
        address = f"http://127.0.0.1:{self.server.port}/events/{self.stream}/edit"
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=10) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code != 429:
                self.refusals.append(f"{error.code} {error.read().decode()[:300]}")
            return False
        except (OSError, http.client.HTTPException):
            return False


def write_more(writers: list[Writer]) -> None:
    """Waits until the writers were acknowledged some more."""
    wanted = sum(len(writer.acknowledged) for writer in writers) + 10
    wait_until(lambda: sum(len(writer.acknowledged) for writer in writers) >= wanted, "more is written")


def kill(server: Server, victim: str) -> None:
    """Kills a process as a machine does, and waits until another has taken its place."""
    old = wait_until(lambda: server.children().get(victim), f"a {victim} to kill")
    os.kill(old, signal.SIGKILL)
    wait_until(lambda: server.children().get(victim) not in (None, old), f"a new {victim}")
    wait_until(lambda: server.ready()["code"] == 200, "readiness")


def test_no_acknowledged_command_is_lost_and_none_is_done_twice(server: Server) -> None:
    stream, session = program(server, PREPARE, str(EXAMPLE))
    writers = [Writer(server, stream, session, f"writer {number}") for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        for victim in ("web", "worker", "postgres", "web", "postgres"):
            write_more(writers)
            kill(server, victim)
        write_more(writers)
    finally:
        for writer in writers:
            writer.is_over.set()
        for writer in writers:
            writer.join(30)
    assert [writer.refusals for writer in writers if writer.refusals] == []
    assert sum(writer.resent for writer in writers) > 0, "nothing was killed in the middle of anything"
    is_sound, recorded = program(server, EXAMINE, stream)
    assert is_sound
    for writer in writers:
        assert [recorded.count(command_id) for command_id in writer.acknowledged] == [1] * len(
            writer.acknowledged
        )
    shown = [server.get(f"/events/{stream}/posts", Cookie=f"sessionid={session}")[0] for _ in range(5)]
    assert shown == [200] * 5, server.faults[-4000:]

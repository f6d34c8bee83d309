# SPDX-License-Identifier: Apache-2.0
"""The live picture: every fact to every browser, once and in order, and how soon; against a bare fan-out.

Server, browsers and writer are processes of their own, as in service: uvicorn with the real view, PostgreSQL, raw
sockets. The floor sends messages of the same size at the same rate to as many sockets, without journal, rights or
languages, in the same minutes.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from benchmarks.measuring import Measure
from hamkor.config.embedded_postgres import EmbeddedPostgres

FEW, FEW_PER_S, FEW_LIMIT = 50, 100, 10
MANY, MANY_PER_S, MANY_LIMIT = 500, 20, 25
SECONDS = 12
MEMORY_LIMIT_MB = 2
JOINS, DROPS = 1_000, 2_000
LONG_LIMIT = 3
SHORT_HISTORY, LONG_HISTORY = 1_000, 100_000
OPENINGS = 7
DOCUMENT_BYTES = 560
READY_S = 60
EXAMPLE = Path(__file__).parent.parent / "examples" / "navruz-2027"
LANGUAGES = ("uz", "ru", "en", "uz-cyrl")


def run() -> list[Measure]:
    """Returns the ratios: name, ratio, limit, which way is better, conditions."""
    folder = Path(tempfile.mkdtemp(prefix="hamkor-bench-"))
    folder.chmod(0o711)
    try:
        with EmbeddedPostgres(folder / "data") as database:
            os.environ |= {
                "DATABASE_URL": database.url,
                "HAMKOR_DATA_DIR": str(folder / "installation"),
                "HAMKOR_HOSTS": "localhost,127.0.0.1",
                "HAMKOR_HTTPS": "no",
                "DJANGO_SETTINGS_MODULE": "hamkor.config.settings",
            }
            return _measures(database.url)
    finally:
        shutil.rmtree(folder)


def _measures(url: str) -> list[Measure]:
    ground = _Ground(url)
    few = _pair(ground, clients=FEW, rate=FEW_PER_S)
    many = _pair(ground, clients=MANY, rate=MANY_PER_S)
    return [
        *_delivery("live: 50 at 100/s", few, limit=FEW_LIMIT),
        *_delivery("live: 500 at 20/s", many, limit=MANY_LIMIT),
        (
            "live: memory",
            many["memory_mb"] / MEMORY_LIMIT_MB,
            1,
            "lower",
            f"{many['memory_mb']:.2f} MB of the server's memory per client of {MANY}, of {MEMORY_LIMIT_MB} allowed",
        ),
        _joins(ground),
        *_drops(ground),
        _long_history(ground),
    ]


def _delivery(name: str, found: dict[str, Any], *, limit: float) -> list[Measure]:
    ours, floor = found["ours"], found["floor"]
    told = (
        f"p50 {ours['p50']:.0f}/{floor['p50']:.0f} ms, p99 {ours['p99']:.0f}/{floor['p99']:.0f} ms, ours/bare"
    )
    wrong = f"{ours['missing']} missing, {ours['twice']} twice, in order: {ours['in_order']}"
    is_whole = not ours["missing"] and not ours["twice"] and ours["in_order"]
    return [
        (f"{name}: whole", float(is_whole), 1, "higher", f"of {ours['wanted']} deliveries {wrong}"),
        (f"{name}: p99", ours["p99"] / floor["p99"], limit, "lower", f"{told}; from before the command"),
    ]


class _Ground:
    """A database with an event and people who may look at it."""

    def __init__(self, url: str) -> None:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from hamkor.config.kinds import declare_all_kinds
        from hamkor.forecasts.postgres import prepare as prepare_forecasts
        from hamkor.telemetry.postgres import prepare as prepare_telemetry
        from hamkor.workspace import stores

        declare_all_kinds()
        stores.journals().prepare()
        with stores.pool().connection() as connection:
            prepare_telemetry(connection)
            prepare_forecasts(connection)
        self.url = url
        self.people = [self._person(place) for place in range(8)]
        self.stream = self.event()

    def event(self) -> UUID:
        """Returns a new event that all people may look at."""
        from hamkor.agencies.models import EventRole
        from hamkor.common.ids import new_id
        from hamkor.folder.queries import read_folder
        from hamkor.journal.rules import Envelope
        from hamkor.plans.commands import record_plan
        from hamkor.workspace.stores import journals

        now = datetime.now(UTC)
        stream = new_id(now)
        envelope = Envelope(stream=stream, command_id=new_id(now), at=now, by="rule:bench", agency="iib")
        record_plan(journals(), envelope, plan=read_folder(EXAMPLE))
        for place, (user, _) in enumerate(self.people):
            role = "operator" if place < 5 else "dispatcher"
            EventRole.objects.create(stream=stream, user=user, role=role, agency="iib")
        return stream

    @property
    def headers(self) -> list[str]:
        """Lines of a request of each person, in each language."""
        return [
            f"Cookie: sessionid={key}; hamkor_language={language}\r\n"
            for _, key in self.people
            for language in LANGUAGES
        ]

    def path(self, stream: UUID) -> str:
        """Returns the address of a live stream, with a place for the last number."""
        return f"/events/{stream}/centre/live?after=%d"

    @staticmethod
    def _person(place: int) -> tuple[Any, str]:
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from hamkor.agencies.models import Body, User

        body, _ = Body.objects.get_or_create(agency="iib", level="organisation", names={"uz": "IIO"})
        user = User.objects.create_user(f"p{place}@example.org", name=f"p{place}", body=body)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return user, str(session.session_key)


class _Program:
    """A program of the benchmark: told one line, answers one line."""

    def __init__(self, module: str, *arguments: str, is_ready_said: bool = True) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if is_ready_said:
            self.read()

    def tell(self, order: str) -> None:
        """Sends an order."""
        assert self.process.stdin is not None
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()

    def read(self) -> str:
        """Returns the next answer."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a program of the benchmark has ended")
        return line

    def ask(self, order: str) -> Any:
        """Sends an order and returns the answer."""
        self.tell(order)
        return json.loads(self.read())

    def end(self) -> None:
        """Ends the program."""
        self.process.kill()
        self.process.wait()


@contextmanager
def _web() -> Iterator[tuple[int, int]]:
    """A web process as the supervisor starts it; yields its port and process number."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        port = listening.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "hamkor.config.serving.web", str(listening.fileno())],
            pass_fds=[listening.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            yield port, process.pid
        finally:
            process.kill()
            process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the web process does not answer")


def _memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no memory is told")


def _pair(ground: _Ground, *, clients: int, rate: int) -> dict[str, Any]:
    """Returns what was found with our server and with the bare fan-out, one after the other."""
    floor = _floor(clients, rate)
    with ExitStack() as stack:
        port, pid = stack.enter_context(_web())
        load = _clients(stack, port=port, path=ground.path(ground.stream), headers=ground.headers)
        writer = _writer(stack, ground, ground.stream)
        load.ask("open 1")
        before = _memory_mb(pid)
        load.ask(f"open {clients}")
        ours = _deliver(load, writer, rate=rate)
        memory = (_memory_mb(pid) - before) / (clients - 1)
    return {"ours": ours, "floor": floor, "memory_mb": memory}


def _floor(clients: int, rate: int) -> dict[str, Any]:
    with ExitStack() as stack:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        stack.callback(_Program("benchmarks.live_floor", str(port)).end)
        load = _clients(stack, port=port, path="/%d", headers=[""])
        writer = _Program("benchmarks.live_writer", json.dumps({"port": port, "bytes": DOCUMENT_BYTES}))
        stack.callback(writer.end)
        load.ask(f"open {clients}")
        return _deliver(load, writer, rate=rate)


def _clients(stack: ExitStack, *, port: int, path: str, headers: list[str]) -> _Program:
    options = json.dumps({"port": port, "path": path, "headers": headers})
    made = _Program("benchmarks.live_clients", options, is_ready_said=False)
    stack.callback(made.end)
    return made


def _writer(stack: ExitStack, ground: _Ground, stream: UUID) -> _Program:
    person = ground.people[0][0].reference
    options = {"url": ground.url, "stream": str(stream), "person": person}
    made = _Program("benchmarks.live_writer", json.dumps(options))
    stack.callback(made.end)
    made.ask("5 5")  # the documents are at hand before it counts
    return made


def _deliver(load: _Program, writer: _Program, *, rate: int) -> dict[str, Any]:
    """Writes and reads at the same time, and compares."""
    written = writer.ask(f"{SECONDS * rate} {rate}")
    return _compare(written, load.ask(f"until {written[-1][1]}"))


def _compare(written: list[list[Any]], taken: dict[str, Any]) -> dict[str, Any]:
    sent = {key: at for key, _, at in written}
    missing = twice = 0
    delays: list[float] = []
    for arrivals in taken["clients"]:
        first: dict[str, float] = {}
        for key, _, at in arrivals:
            if key in sent:
                twice += key in first
                first.setdefault(key, at)
        missing += len(sent) - len(first)
        delays += [at - sent[key] for key, at in first.items()]
    delays.sort()
    orders = [[number for key, number, _ in arrivals if key in sent] for arrivals in taken["clients"]]
    return {
        "wanted": len(sent) * len(taken["clients"]),
        "missing": missing,
        "twice": twice,
        "in_order": taken["in_order"] and all(order == sorted(order) for order in orders),
        "p50": 1000 * delays[len(delays) // 2] if delays else float("inf"),
        "p99": 1000 * delays[int(len(delays) * 0.99)] if delays else float("inf"),
    }


def _joins(ground: _Ground) -> Measure:
    """A thousand people come at random moments while facts flow: each must hear the next one."""
    with ExitStack() as stack:
        port, _ = stack.enter_context(_web())
        load = _clients(stack, port=port, path=ground.path(ground.stream), headers=ground.headers)
        writer = _writer(stack, ground, ground.stream)
        load.ask("open 10")
        seconds = JOINS // 20
        writer.tell(f"{(3 * seconds + 60) * 5} 5")  # for as long as anybody comes
        found = load.ask(f"join {JOINS} {seconds}")
    return "live: joins", found["deaf"], 0, "lower", f"deaf of {found['joined']} that came at random moments"


def _drops(ground: _Ground) -> list[Measure]:
    """Streams are cut at random moments and resume: nothing is missed, nothing comes twice, no picture begins anew."""
    with ExitStack() as stack:
        port, _ = stack.enter_context(_web())
        load = _clients(stack, port=port, path=ground.path(ground.stream), headers=ground.headers)
        writer = _writer(stack, ground, ground.stream)
        load.ask("open 100")
        for _ in range(2):  # whoever is seen for the first time gets everything
            load.ask("drop 200 4")
        seconds = DROPS // 33
        writer.tell(f"{(seconds + 25) * 10} 10")
        time.sleep(1)
        found = load.ask(f"drop {DROPS} {seconds}")
        written = json.loads(writer.read())
        taken = load.ask(f"until {written[-1][1]}")
    compared = _compare(written, taken)
    return [
        (
            "live: drops",
            compared["missing"] + compared["twice"],
            0,
            "lower",
            f"missing or twice after {found['dropped']} drops of 100 clients, {compared['wanted']} deliveries",
        ),
        ("live: resumed", taken["snapshots"], 0, "lower", "resumed streams that had to begin anew"),
    ]


def _long_history(ground: _Ground) -> Measure:
    """A long history costs nothing at the door: documents are at hand, entries are not read."""
    young, old = (_grown(ground, entries) for entries in (SHORT_HISTORY, LONG_HISTORY))
    times: dict[UUID, list[float]] = {young: [], old: []}
    for _ in range(OPENINGS):
        with _web() as (port, _):
            _first_message(port, ground, ground.stream)
            for stream, taken in times.items():
                taken.append(_first_message(port, ground, stream))
    ratio = median(times[old]) / median(times[young])
    told = f"first picture in a new process, {LONG_HISTORY} entries to {SHORT_HISTORY}; median of {OPENINGS}"
    return "live: long history", ratio, LONG_LIMIT, "lower", told


def _first_message(port: int, ground: _Ground, stream: UUID) -> float:
    """Returns the seconds until the first message is whole."""
    begun = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        path = ground.path(stream) % 0
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{ground.headers[0]}\r\n".encode())
        got = b""
        while b"subscribed" not in got or not got.rstrip(b"\r\n").endswith(b"]}"):
            piece = connection.recv(1 << 20)
            if not piece:
                raise RuntimeError(got[:200].decode(errors="replace"))
            got += piece
    return time.perf_counter() - begun


def _grown(ground: _Ground, entries: int) -> UUID:
    """Returns an event whose posts have reported so often that its journal holds so many entries."""
    from hamkor.agencies.rules import Grant, Viewer
    from hamkor.common.ids import new_id
    from hamkor.journal.rules import Envelope
    from hamkor.plans.commands import edit_plan
    from hamkor.plans.rules.edits import SetFields
    from hamkor.workspace.stores import journals

    stream = ground.event()
    person = ground.people[0][0].reference
    viewer = Viewer(person=person, agency="iib", grants=(Grant(role="coordinator", agency="iib"),))
    documents = journals().get_documents(str(stream))
    posts = [post.id for post in documents.all("post")]  # type: ignore[attr-defined]  # documents have ids
    turn = 0
    while journals().get_head(str(stream)).number < entries:
        turn += 1
        left = entries - journals().get_head(str(stream)).number
        edits = [SetFields(part="posts", id=post, fields={"note": f"Heard {turn}."}) for post in posts[:left]]
        now = datetime.now(UTC)
        sent = Envelope(stream=stream, command_id=new_id(now), at=now, by=person, agency="iib")
        edit_plan(journals(), sent, viewer=viewer, edits=edits)
    return stream

# SPDX-License-Identifier: Apache-2.0
"""One process that starts all others, keeps them alive and ends them in the right order."""

from __future__ import annotations

import errno
import os
import select
import shutil
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from types import FrameType
from urllib.parse import urlsplit

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.config.embedded_postgres import DatabaseNotStartedError, EmbeddedPostgres
from hamkor.config.environment import Environment
from hamkor.config.installation import (
    Database,
    Lock,
    Running,
    database_of,
    forget_running,
    write_running,
)
from hamkor.config.processes import FIRST_PAUSE_S, LONGEST_PAUSE_S, Child
from hamkor.config.serving.board import Board, Row

LOOK_S = 0.25
WEB_STOP_S = 6.0
WORKER_STOP_S = 8.0
BACKLOG = 512
# A connection whose other end takes nothing of what was sent for so long is ended: a frozen page, or a machine that is
# gone without a word, would hold a socket and what waits in it for hours. Longer than the console waits before it cuts
# who does not read (10 s), and than a phone needs to come out of a tunnel.
UNTAKEN_MS = 30_000
LAST_PORT = 65_535
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ServerNotStartedError(HamkorError):
    """The server could not be started."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be served.

    Args:
        host: Address of this machine to listen at.
        port: Port of the pages.
        ingest_port: Port at which devices send their readings; the next free one after that of the pages when None.
        web_count: Number of web processes.
        language: Language of what is shown.
        first: A module that is run once when the tables are ready, with its arguments.
        beside: A module that runs beside the others as long as they do, with its arguments.
        next_free_port: Take the next free port when the port is in use.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    ingest_port: int | None = None
    web_count: int = 1
    language: str = "uz"
    first: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    next_free_port: bool = False


class Supervisor:
    """Runs one installation until it is told to stop.

    Args:
        environment: The settings.
        plan: What is to be served.
    """

    def __init__(self, environment: Environment, plan: Plan) -> None:
        self._environment, self._plan = environment, plan
        self._board = Board(plan.language)
        self._server: EmbeddedPostgres | None = None
        self._children: list[Child] = []
        self._socket: socket.socket | None = None
        self._ingest_socket: socket.socket | None = None
        self._is_stopping = False
        self._is_told = False
        self._wake_fd = -1
        self._database_restarts = 0
        self._database_pause_s = FIRST_PAUSE_S
        self._database_due_s = 0.0
        self._metrics_dir = environment.data_dir / "metrics"

    def run(self) -> None:
        """Starts everything, and returns when everything has ended again.

        Raises:
            HamkorError: ``installation-busy``, ``port-in-use``, ``database-not-started``, ``not-prepared``.
        """
        data_dir = self._environment.data_dir
        os.umask(0o077)
        with ExitStack() as stack:
            stack.enter_context(Lock(data_dir))
            self._listen_to_signals(stack)
            self._socket = stack.enter_context(listen(self._plan))
            self._ingest_socket = stack.enter_context(listen(self._ingest_plan()))
            self._empty_metrics(stack)
            stack.callback(forget_running, data_dir)
            database = self._open_database(stack)
            running = Running(pid=os.getpid(), database_url=database.url, owner_url=database.owner_url)
            write_running(data_dir, running)
            self._run_once("hamkor.config.serving.preparing", database=database)
            if self._plan.first:
                self._run_once(*self._plan.first, database=database)
            if not self._is_stopping:
                stack.callback(self._stop_children)
                self._start_children(database)
                addresses = {"address": self.address, "ingest_address": self.ingest_address}
                write_running(data_dir, msgspec.structs.replace(running, **addresses))
                self._keep_alive()

    @property
    def address(self) -> str:
        """Where the pages are."""
        return _address_of(self._socket)

    @property
    def ingest_address(self) -> str:
        """Where devices send their readings."""
        return _address_of(self._ingest_socket)

    def _ingest_plan(self) -> Plan:
        """Returns where devices are listened to: beside the pages, unless a port is given."""
        assert self._socket is not None  # noqa: S101 - bound before
        port = self._plan.ingest_port
        if port is None:
            port = min(self._socket.getsockname()[1] + 1, LAST_PORT)
            # Nobody asked for this port: the next one does as well, and the board says which it is.
            return msgspec.structs.replace(self._plan, port=port, next_free_port=True)
        return msgspec.structs.replace(self._plan, port=port)

    def _empty_metrics(self, stack: ExitStack) -> None:
        """Makes the folder in which the processes count together; what earlier ones counted is over."""
        shutil.rmtree(self._metrics_dir, ignore_errors=True)
        self._metrics_dir.mkdir(mode=0o700)
        stack.callback(shutil.rmtree, self._metrics_dir, ignore_errors=True)

    def _listen_to_signals(self, stack: ExitStack) -> None:
        """Lets a signal end the waiting; nothing is done inside a handler but to note it."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        self._wake_fd = reading
        before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        old = {number: signal.signal(number, self._note) for number in (*STOPPING, signal.SIGCHLD)}

        def undo() -> None:
            for number, handler in old.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(before)
            os.close(reading)
            os.close(writing)

        stack.callback(undo)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number in STOPPING:
            self._is_stopping = True

    def _pause(self) -> None:
        """Waits until a signal comes, or a moment."""
        select.select([self._wake_fd], [], [], LOOK_S)
        with suppress(BlockingIOError):
            os.read(self._wake_fd, 4096)

    def _open_database(self, stack: ExitStack) -> Database:
        url = self._environment.database_url
        if url:
            owner = self._environment.database_owner_url or url
            return Database(url=url, owner_url=owner, is_embedded=False)
        self._server = EmbeddedPostgres(self._environment.database_dir)
        self._show()
        stack.callback(self._stop_database)
        self._server.start()
        self._show()
        return database_of(self._server)

    def _child(
        self, name: str, module: str, database: Database, *arguments: str, keep: Sequence[int] = ()
    ) -> Child:
        environment = {
            **os.environ,
            **database.variables,
            "HAMKOR_DATA_DIR": str(self._environment.data_dir),
            "HAMKOR_LANG": self._plan.language,
            "HAMKOR_EMBEDDED": "yes" if database.is_embedded else "no",
            "PROMETHEUS_MULTIPROC_DIR": str(self._metrics_dir),
            "DJANGO_SETTINGS_MODULE": "hamkor.config.settings",
        }
        # On a terminal the lines of the processes stand still; what they have to tell goes to a file.
        has_terminal = sys.stdout.isatty() and module in LASTING
        log = self._environment.data_dir / "server.log" if has_terminal else None
        return Child(name, [sys.executable, "-m", module, *arguments], environment, keep=keep, log=log)

    def _run_once(self, module: str, *arguments: str, database: Database) -> None:
        """Runs a module to its end, as the owner of the tables.

        Raises:
            ServerNotStartedError: ``not-prepared``; what was wrong has been told by the process itself.
        """
        if self._is_stopping:
            return
        child = self._child("first", module, database, *arguments)
        child.start()
        try:
            while child.status is None and not self._is_stopping:
                self._pause()
                child.look()
        finally:
            child.ask_to_stop()
            child.wait(WORKER_STOP_S)
        if child.status and not self._is_stopping:
            template = N_(
                "The server does not start. What has to be mended stands above; `hamkor doctor` tells more."
            )
            raise ServerNotStartedError("not-prepared", template)

    def _start_children(self, database: Database) -> None:
        assert self._socket is not None  # noqa: S101 - bound before anything is started
        assert self._ingest_socket is not None  # noqa: S101 - as above
        number, ingest = self._socket.fileno(), self._ingest_socket.fileno()
        count = self._plan.web_count
        for place in range(1, count + 1):
            name = "web" if count == 1 else f"web {place}"
            self._children.append(self._child(name, WEB, database, str(number), keep=[number]))
        self._children.append(self._child("ingest", INGEST, database, str(ingest), keep=[ingest]))
        self._children.append(self._child("watch", WATCH, database))
        if self._plan.beside:
            module, *arguments = self._plan.beside
            self._children.append(self._child("beside", module, database, *arguments))
        self._children.append(self._child("worker", WORKER, database))
        for child in self._children:
            child.start()
        self._show()

    def _keep_alive(self) -> None:
        while not self._is_stopping:
            self._pause()
            self._look_at_database()
            for child in self._children:
                dead = child.process_id
                if child.look() and child.process_id is None:
                    self._forget_gauges(dead)
                child.start_if_due()
            self._show()
            if not self._is_told and all(child.is_ready for child in self._children):
                self._is_told = True
                self._board.say(
                    Message(N_("Hamkor runs: {address} (Ctrl-C stops it)"), {"address": self.address})
                )

    def _look_at_database(self) -> None:
        """Starts our own database again when it has died, later each time it cannot start."""
        if self._server is None or self._server.is_running or time.monotonic() < self._database_due_s:
            return
        self._show()
        try:
            self._server.ensure_running()
        except DatabaseNotStartedError as error:
            sys.stderr.write(error.message.render(self._plan.language) + "\n")
            self._database_due_s = time.monotonic() + self._database_pause_s
            self._database_pause_s = min(self._database_pause_s * 2, LONGEST_PAUSE_S)
        else:
            self._database_restarts += 1
            self._database_pause_s = FIRST_PAUSE_S

    def _forget_gauges(self, pid: int | None) -> None:
        """Drops what a dead process said of itself "now", such as how many browsers listen to it."""
        for file in self._metrics_dir.glob(f"gauge_live*_{pid}.db"):
            file.unlink(missing_ok=True)

    def _stop_children(self) -> None:
        """Ends all that answers or watches, then the worker: nobody asks for work any more when it goes."""
        *others, worker = self._children
        for child in others:
            child.ask_to_stop()
        for child in others:
            child.wait(WEB_STOP_S)
        worker.ask_to_stop()
        worker.wait(WORKER_STOP_S)
        self._show()

    def _stop_database(self) -> None:
        assert self._server is not None  # noqa: S101 - called only for our own database
        self._is_stopping = True
        self._server.stop()
        self._show()

    def _show(self) -> None:
        self._board.show([self._database_row(), *(self._row(child) for child in self._children)])

    def _database_row(self) -> Row:
        server = self._server
        if server is None:
            return Row(
                name="database", state="elsewhere", place=_without_password(self._environment.database_url)
            )
        down = "stopped" if self._is_stopping else "starting"
        state = "running" if server.is_running else down
        pid = server.process_id if server.is_running else None
        place = str(self._environment.database_dir)
        return Row(name="database", state=state, pid=pid, restarts=self._database_restarts, place=place)

    def _row(self, child: Child) -> Row:
        if child.process_id is None:
            state = "stopped" if self._is_stopping else "waiting"
        else:
            state = "running" if child.is_ready else "starting"
        place = self.address if child.name.startswith("web") else ""
        place = self.ingest_address if child.name == "ingest" else place
        return Row(name=child.name, state=state, pid=child.process_id, restarts=child.restarts, place=place)


WEB = "hamkor.config.serving.web"
WORKER = "hamkor.config.serving.worker"
INGEST = "hamkor.config.serving.ingest"
WATCH = "hamkor.config.serving.watch"
LASTING = frozenset({WEB, WORKER, INGEST, WATCH})


def _address_of(listening: socket.socket | None) -> str:
    assert listening is not None  # noqa: S101 - bound before anything is started
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def listen(plan: Plan) -> socket.socket:
    """Returns the socket all web processes share: a port in use is told before anything is started.

    Raises:
        ServerNotStartedError: ``port-in-use`` or ``address-unusable``.
    """
    last = min(plan.port + 100, LAST_PORT) if plan.next_free_port else plan.port
    for port in range(plan.port, last + 1):
        try:
            made = socket.create_server(
                (plan.host, port), family=_family(plan.host), backlog=BACKLOG, reuse_port=False
            )
        except PermissionError as error:
            raise _unusable(plan.host, port, error) from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            raise _unusable(plan.host, port, error) from error
        made.set_inheritable(True)
        _end_the_deaf(made)
        return made
    template = N_("The port {port} of {host} is in use. Stop what uses it, or give another with --port.")
    raise ServerNotStartedError("port-in-use", template, host=plan.host, port=str(plan.port))


def _end_the_deaf(listening: socket.socket) -> None:
    """Has the system end connections whose other end takes nothing; those that are accepted inherit it.

    Source: RFC 5482; tcp(7), TCP_USER_TIMEOUT, which counts a closed window too.
    """
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN_MS)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _unusable(host: str, port: int, error: OSError) -> ServerNotStartedError:
    template = N_("The server cannot listen at {host}, port {port}: {reason}.")
    reason = error.strerror or str(error)
    return ServerNotStartedError("address-unusable", template, host=host, port=str(port), reason=reason)


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"

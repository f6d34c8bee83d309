# SPDX-License-Identifier: Apache-2.0
"""The folder of an installation: who runs it now, and how a command reaches its database."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.config.embedded_postgres import EmbeddedPostgres
from hamkor.config.environment import Environment, make_data_dir

RUNNING_FILE = "serve.json"
LOCK_FILE = "serve.lock"


class InstallationBusyError(HamkorError):
    """Another process holds the folder of the installation."""


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """What a running server tells other commands.

    Args:
        pid: Number of the supervisor's process.
        database_url: Database, as the role that serves people.
        owner_url: Database, as the role that owns the tables.
        address: Where the pages are, such as ``http://127.0.0.1:8000``; empty while it starts.
        ingest_address: Where devices send their readings; empty while it starts.
    """

    pid: int
    database_url: str
    owner_url: str
    address: str = ""
    ingest_address: str = ""


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """How the database of the installation is reached.

    Args:
        url: As the role that serves people.
        owner_url: As the role that owns the tables; the same when one role does both.
        is_embedded: True when it is our own.
    """

    url: str
    owner_url: str
    is_embedded: bool

    @property
    def variables(self) -> dict[str, str]:
        """The variables a process of the installation finds it by."""
        return {"DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.owner_url}


class Lock:
    """Holds the folder of an installation for one process.

    Args:
        data_dir: The folder; made when there is none.

    Raises:
        InstallationBusyError: ``installation-busy``, naming the process that holds it.
    """

    def __init__(self, data_dir: Path) -> None:
        make_data_dir(data_dir)
        self._file = (data_dir / LOCK_FILE).open("a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read(20).strip() or "?"
            self._file.close()
            template = N_(
                "{path} is in use by the process {pid}. Stop it first, or give another HAMKOR_DATA_DIR."
            )
            raise InstallationBusyError(
                "installation-busy", template, path=str(data_dir), pid=holder
            ) from None
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def release(self) -> None:
        """Gives the folder back."""
        self._file.close()

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def write_running(data_dir: Path, running: Running) -> None:
    """Tells other commands of the running server; only the owner of the folder can read it."""
    fresh = data_dir / f"{RUNNING_FILE}.{secrets.token_hex(4)}"
    fresh.touch(mode=0o600)
    fresh.write_bytes(msgspec.json.encode(running))
    fresh.replace(data_dir / RUNNING_FILE)


def forget_running(data_dir: Path) -> None:
    """Takes the note of the running server away."""
    (data_dir / RUNNING_FILE).unlink(missing_ok=True)


def find_running(data_dir: Path) -> Running | None:
    """Returns what the running server tells, None when none runs, whatever an earlier one has left behind."""
    try:
        running = msgspec.json.decode((data_dir / RUNNING_FILE).read_bytes(), type=Running)
        with (data_dir / LOCK_FILE).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return running
    except (OSError, msgspec.DecodeError):
        return None
    return None


@contextmanager
def open_database(environment: Environment) -> Iterator[Database]:
    """Gives the database of the installation: the given, the running one, or our own for as long as this lasts.

    Raises:
        InstallationBusyError: Another command holds the folder.
        DatabaseNotStartedError: Our own database does not start.
    """
    if environment.database_url:
        owner = environment.database_owner_url or environment.database_url
        yield Database(url=environment.database_url, owner_url=owner, is_embedded=False)
        return
    running = find_running(environment.data_dir)
    if running is not None:
        yield Database(url=running.database_url, owner_url=running.owner_url, is_embedded=True)
        return
    with Lock(environment.data_dir), EmbeddedPostgres(environment.database_dir) as server:
        yield database_of(server)


def database_of(server: EmbeddedPostgres) -> Database:
    """Returns how our own database is reached."""
    return Database(url=server.application_url, owner_url=server.url, is_embedded=True)


@contextmanager
def django_ready(environment: Environment, *, as_owner: bool = False) -> Iterator[Database]:
    """Opens the database and sets Django up on it, once in a process.

    Args:
        environment: The settings.
        as_owner: Work as the role that owns the tables.

    Raises:
        HamkorError: ``server-missing``, when Django is not installed; or as `open_database`.
    """
    with open_database(environment) as database:
        variables = database.variables
        if as_owner:
            variables["DATABASE_URL"] = database.owner_url
        os.environ.update(variables, HAMKOR_DATA_DIR=str(environment.data_dir))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamkor.config.settings")
        try:
            import django
        except ImportError as error:
            raise server_missing() from error
        from hamkor.config.kinds import declare_all_kinds

        django.setup()
        declare_all_kinds()
        try:
            yield database
        finally:
            _close_connections()


def server_missing() -> HamkorError:
    """Returns the refusal for an installation without the programs of the server."""
    return HamkorError(
        "server-missing", N_("The server is not installed. Install Hamkor with its extra: hamkor[server].")
    )


def _close_connections() -> None:
    from django.db import connections

    from hamkor.workspace import stores

    stores.close()
    for connection in connections.all(initialized_only=True):
        connection.close()
        with suppress(AttributeError):
            connection.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend

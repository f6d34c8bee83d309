# SPDX-License-Identifier: Apache-2.0
"""A server under test: started as people start it, looked at from outside, killed as machines kill it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PATIENCE_S = 120.0
# A process that lost its database ends within this time of the loss.
SETTLED_S = 3.0
HAMKOR = [sys.executable, "-c", "import sys; sys.argv[0] = 'hamkor'; from hamkor.cli.app import main; main()"]
OF_AN_INSTALLATION = ("HAMKOR_", "DATABASE_", "DJANGO_", "PROMETHEUS_")


def variables(**given: str) -> dict[str, str]:
    """Returns the environment of a command, without what this run of the tests has set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_AN_INSTALLATION)}
    return {**kept, "HAMKOR_LANG": "en", **given}


def new_folder() -> Path:
    """Returns a folder every user can pass through, as the database of a run by root needs it."""
    folder = Path(tempfile.mkdtemp(prefix="hamkor-test-"))
    folder.chmod(0o711)
    return folder


def run(
    *arguments: str, data_dir: Path, given: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    environment = variables(HAMKOR_DATA_DIR=str(data_dir), **(given or {}))
    return subprocess.run(  # noqa: S603 - our own program
        [*HAMKOR, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def wait_until(holds: Callable[[], Any], what: str) -> Any:
    """Returns the first true answer."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        answer = holds()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited too long: {what}")


def is_alive(pid: int) -> bool:
    """True while the process does something; one that is only waited for is dead."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][:1]
    except OSError:
        return False
    return state != "Z"


def free_port() -> int:
    """Returns a port nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Server:
    """A running `hamkor serve`.

    Args:
        data_dir: Folder of the installation.
        arguments: The command and its options.
        given: Further settings.
    """

    def __init__(self, data_dir: Path, *arguments: str, given: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `remove`
        self._faults = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `remove`
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [*HAMKOR, *(arguments or ("serve",)), "--port", str(self.port)],
            env=variables(HAMKOR_DATA_DIR=str(data_dir), **(given or {})),
            stdout=self._told,
            stderr=self._faults,
        )

    def wait_until_ready(self) -> None:
        """Waits until it says that it runs."""
        wait_until(lambda: self.process.poll() is not None or "(Ctrl-C" in self.told, "server ready")
        assert self.process.poll() is None, self.told + self.faults
        wait_until(lambda: self.get("/readyz")[0] == 200, "readiness")

    def wait_until_settled(self, names: set[str]) -> None:
        """Waits until these processes are there and have stayed the same for a while."""
        seen, since = self.children(), time.monotonic()

        def are_settled() -> bool:
            nonlocal seen, since
            found = self.children()
            if found != seen:
                seen, since = found, time.monotonic()
            return set(found) == names and time.monotonic() - since > SETTLED_S

        wait_until(are_settled, f"processes that stay: {names}")

    @property
    def told(self) -> str:
        """What it wrote to standard output."""
        return _content(self._told)

    @property
    def faults(self) -> str:
        """What it wrote to standard error."""
        return _content(self._faults)

    def children(self) -> dict[str, int]:
        """Returns the numbers of its processes by what they are."""
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text(encoding="utf-8").rpartition(") ")[2].split()
                line = (stat.parent / "cmdline").read_text(encoding="utf-8").replace("\0", " ")
            except OSError:
                continue
            if int(fields[1]) == self.process.pid and fields[0] != "Z":
                found[_kind(line)] = int(stat.parent.name)
        return found

    def get(self, path: str, **headers: str) -> tuple[int, Any, str]:
        """Returns status, headers and text of an answer; status 0 for none."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, {}, ""

    def ready(self) -> dict[str, Any]:
        """Returns what it says about being ready."""
        status, _, text = self.get("/readyz")
        return {"code": status, **(json.loads(text) if text.startswith("{") else {})}

    def stop(self) -> None:
        """Stops it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE_S)

    def remove(self) -> None:
        """Ends what is left of it and removes its folder."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._told.close()
        self._faults.close()
        shutil.rmtree(self.data_dir.parent, ignore_errors=True)


def _kind(line: str) -> str:
    for word in ("serving.web", "serving.ingest", "serving.watch", "serving.worker", "bin/postgres"):
        if word in line:
            return word.rpartition(".")[2].rpartition("/")[2]
    return "other"


def _content(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())

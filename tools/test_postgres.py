# SPDX-License-Identifier: Apache-2.0
"""Runs the tests of the store and of the server on Debian's PostgreSQL 15 instead of the one in the wheel.

A private cluster is made in a temporary folder, as an unprivileged user, on a Unix socket only; it is gone afterwards.

Usage: python tools/test_postgres.py [arguments of pytest]
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

VERSION = "15"
PROGRAMS = Path(f"/usr/lib/postgresql/{VERSION}/bin")
START_LIMIT_S = 30.0
TESTS = (
    *sorted(str(path) for path in Path("tests").glob("test_postgres_*.py")),
    "src/hamkor/journal",
    "src/hamkor/agencies",
    "src/hamkor/approvals",
    "src/hamkor/config",
    "src/hamkor/discussions",
    "src/hamkor/pages",
    "src/hamkor/plans",
    "src/hamkor/workspace",
)


def install() -> None:
    """Installs the package when its programs are missing."""
    if (PROGRAMS / "postgres").exists():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"PostgreSQL {VERSION} is not installed: apt-get install postgresql-{VERSION}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # The package would start a cluster of its own; only its programs are wanted.
    settings = Path("/etc/postgresql-common/createcluster.conf")
    settings.parent.mkdir(parents=True, exist_ok=True)
    if not settings.exists():
        settings.write_text("create_main_cluster = false\n", encoding="utf-8")
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", f"postgresql-{VERSION}"],
        check=True,
        env=environment,
    )


def as_user() -> dict[str, Any]:
    """Returns how a program is run as an unprivileged user."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Makes a cluster, starts it, and returns the process and the address of its database."""
    options: dict[str, Any] = {
        "cwd": "/",
        "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        **as_user(),
    }
    data = folder / "data"
    initialise = [
        str(PROGRAMS / "initdb"), "-D", str(data), "-U", "hamkor", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"
    ]  # fmt: skip
    subprocess.run(initialise, check=True, stdout=subprocess.DEVNULL, **options)
    log = folder / "log"
    arguments = [
        str(PROGRAMS / "postgres"),
        "-D",
        str(data),
        "-k",
        str(folder),
        "-c",
        "listen_addresses=",
        "-c",
        "fsync=off",
    ]
    with log.open("wb") as told:
        server = subprocess.Popen(arguments, stdout=told, stderr=told, **options)
    deadline = time.monotonic() + START_LIMIT_S
    asked = [str(PROGRAMS / "pg_isready"), "-q", "-h", str(folder), "-U", "hamkor"]
    while subprocess.run(asked, check=False, **options).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            sys.exit(f"the cluster did not start: {log.read_text(encoding='utf-8')}")
        time.sleep(0.1)
    return server, f"postgresql://hamkor@/postgres?host={folder}"


def main(arguments: list[str]) -> int:
    """Returns the exit status of the tests."""
    install()
    folder = Path(tempfile.mkdtemp(prefix="hamkor-postgres-"))
    owner = as_user()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    server: subprocess.Popen[bytes] | None = None
    try:
        server, url = start(folder)
        told = subprocess.run(
            [str(PROGRAMS / "postgres"), "--version"], check=True, capture_output=True, text=True
        )
        print(f"testing on {told.stdout.strip()}", flush=True)
        environment = {**os.environ, "HAMKOR_TEST_DATABASE_URL": url}
        tests = arguments or [path for path in TESTS if Path(path).exists()]
        return subprocess.run(
            [sys.executable, "-m", "pytest", *tests], check=False, env=environment
        ).returncode
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

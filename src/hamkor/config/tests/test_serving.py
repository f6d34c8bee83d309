# SPDX-License-Identifier: Apache-2.0
"""One supervisor, from the first start over every kind of death to a clean end."""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hamkor.config.installation import Lock
from hamkor.config.serving import supervisor
from hamkor.config.tests.running import Server, is_alive, new_folder, run, wait_until

pytestmark = pytest.mark.enable_socket

ALL = {"web", "ingest", "watch", "worker", "postgres"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server(new_folder() / "data")
    try:
        made.wait_until_ready()
        yield made
        # One that a test killed, or that lost its database in one, is no part of an order before it is back.
        made.wait_until_settled(ALL)
        pids = made.children()
        began = time.monotonic()
        made.stop()
        # After whatever the tests did to it: in order, within seconds, and nothing is left.
        assert made.process.returncode == 0, made.faults
        assert time.monotonic() - began < 30
        assert [name for name, pid in pids.items() if is_alive(pid)] == []
        assert not (made.data_dir / "serve.json").exists()
        rows = [line.split()[2] for line in made.told.splitlines() if "stopped" in line]
        assert rows == ["web", "ingest", "watch", "worker", "database"]
    finally:
        made.remove()


def test_processes_are_shown_with_state_number_and_address(server: Server) -> None:
    assert set(server.children()) == ALL
    for name in ("database", "web", "ingest", "watch", "worker"):
        assert any(name in line and "running" in line and "pid" in line for line in server.told.splitlines())
    assert f"http://127.0.0.1:{server.port}" in server.told


def test_it_is_alive_and_ready_and_counts(server: Server) -> None:
    assert server.get("/healthz")[0] == 200
    assert server.ready() == {"code": 200, "status": "ready", "reasons": {}}
    status, _, text = server.get("/metrics")
    assert status == 200
    assert 'hamkor_requests_total{method="GET",route="healthz",status="200"}' in text


def test_counters_are_not_for_everybody(server: Server) -> None:
    assert server.get("/metrics", **{"X-Forwarded-For": "203.0.113.5"})[0] == 403


def test_answers_carry_the_headers_that_protect_them(server: Server) -> None:
    status, headers, text = server.get("/accounts/login/")
    assert status == 200
    assert "<form" in text
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "server" not in {name.lower() for name in headers}
    assert server.get("/favicon.ico")[1]["Content-Type"] == "image/svg+xml"


def test_the_log_is_json_with_ids_and_without_queries(server: Server) -> None:
    _, headers, _ = server.get("/healthz?email=somebody@example.org")
    wait_until(lambda: headers["X-Request-Id"] in server.faults, "line of the request")
    assert "somebody" not in server.faults


def test_what_only_its_owner_may_read(server: Server) -> None:
    for name in ("serve.json", "secret.key"):
        assert (server.data_dir / name).stat().st_mode & 0o077 == 0
    assert server.data_dir.stat().st_mode & 0o066 == 0


@pytest.mark.parametrize("victim", ["web", "worker", "postgres"])
def test_a_killed_process_comes_back(server: Server, victim: str) -> None:
    old = server.children()[victim]
    os.kill(old, signal.SIGKILL)
    wait_until(lambda: server.children().get(victim) not in (None, old), f"a new {victim}")
    wait_until(lambda: server.ready()["code"] == 200, "readiness")


def test_a_second_server_on_the_same_folder_is_refused(server: Server) -> None:
    done = run("serve", data_dir=server.data_dir)
    assert done.returncode == 2
    assert f"in use by the process {server.process.pid}" in done.stderr


def test_a_port_in_use_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port, data_dir=tmp_path / "data")
    assert done.returncode == 2
    assert f"port {port}" in done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_connection_whose_other_end_reads_nothing_is_ended_by_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor, "UNTAKEN_MS", 300)
    with supervisor.listen(supervisor.Plan(port=18_865, next_free_port=True)) as listening:
        deaf = socket.create_connection(listening.getsockname())
        with deaf, listening.accept()[0] as accepted:
            accepted.settimeout(30)
            with pytest.raises(OSError, match="timed out") as ended:
                accepted.sendall(bytes(1 << 26))  # more than buffers hold
    assert ended.value.errno == errno.ETIMEDOUT  # the system, and not our own patience


def test_the_doctor_finds_the_running_server_in_order(server: Server) -> None:
    done = run("doctor", data_dir=server.data_dir)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ Nobody can change the journal" in done.stdout
    assert "✓ A worker is at work" in done.stdout
    assert "✗" not in done.stdout


def test_the_doctor_names_what_others_may_read(server: Server) -> None:
    key = server.data_dir / "secret.key"
    key.chmod(0o644)
    try:
        done = run("doctor", "--lang", "ru", data_dir=server.data_dir)
    finally:
        key.chmod(0o600)
    assert done.returncode == 1
    assert f"chmod 600 {key}" in done.stdout


def test_nothing_outlives_a_supervisor_that_is_killed() -> None:
    killed = Server(new_folder() / "data")
    try:
        wait_until(lambda: "postgres" in killed.children(), "the database")
        pids = killed.children()
        killed.process.kill()
        killed.process.wait()
        wait_until(lambda: not any(map(is_alive, pids.values())), "the end of all processes")
        with Lock(killed.data_dir):  # the folder is free again at once
            assert not (killed.data_dir / "postgres" / "postmaster.pid").exists()
    finally:
        killed.remove()

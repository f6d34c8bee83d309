# SPDX-License-Identifier: Apache-2.0
"""A child comes back later each time, says when it is ready, and is shown in one calm line."""

from __future__ import annotations

import os
import sys
import time

import pytest

from hamkor.config.processes import FIRST_PAUSE_S, Child
from hamkor.config.serving.board import Board, Row
from hamkor.config.tests.running import wait_until


def child(code: str) -> Child:
    return Child("child", [sys.executable, "-c", code], dict(os.environ))


def test_a_child_that_dies_at_once_is_started_again_later_each_time() -> None:
    dying = child("raise SystemExit(3)")
    dying.start()
    pauses = []
    for _ in range(3):
        wait_until(dying.look, "its death")
        assert dying.status == 3
        assert dying.process_id is None
        pauses.append(dying.next_start_s - time.monotonic())
        assert not dying.start_if_due()
        dying.next_start_s = 0.0
        assert dying.start_if_due()
    dying.wait(30)
    assert dying.restarts == 3
    assert [round(pause / FIRST_PAUSE_S) for pause in pauses] == [1, 2, 4]


def test_a_child_is_ready_when_it_says_so() -> None:
    code = "from hamkor.config.processes import report_ready; report_ready(); import time; time.sleep(60)"
    working = child(code)
    working.start()
    assert not working.is_ready
    wait_until(lambda: working.look() and working.is_ready, "readiness")
    working.ask_to_stop()
    working.wait(30)
    assert working.process_id is None


def test_a_child_that_does_not_want_to_end_is_ended() -> None:
    code = (
        "import signal; from hamkor.config.processes import report_ready;"
        " signal.signal(15, signal.SIG_IGN); report_ready(); signal.pause()"
    )
    stubborn = child(code)
    stubborn.start()
    wait_until(lambda: stubborn.look() and stubborn.is_ready, "readiness")
    stubborn.ask_to_stop()
    stubborn.wait(0.3)
    assert stubborn.status == -9


def test_only_what_changed_is_written_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    board = Board("en")
    web, worker = (
        Row(name="web", state="running", pid=7, place="http://x"),
        Row(name="worker", state="starting", pid=8),
    )
    board.show([web, worker])
    board.show([web, worker])
    board.show([web, Row(name="worker", state="running", pid=9, restarts=1)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "web" in lines[0]
    assert lines[0].endswith("http://x")
    assert "pid 9" in lines[2]
    assert "restarts: 1" in lines[2]

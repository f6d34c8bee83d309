# SPDX-License-Identifier: Apache-2.0
"""Runs in a process of their own: answered, refused in words, ended, lost; the process is gone in every case."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from hamkor.scenarios.commands import cancel_run, delete_run, request_run
from hamkor.scenarios.commands.runs import About
from hamkor.scenarios.models import ScenarioRun
from hamkor.scenarios.queries import get_run, read_file
from hamkor.scenarios.rules.answers import unpack
from hamkor.scenarios.rules.limits import TWO_CORES
from hamkor.scenarios.rules.options import Options, Shut
from hamkor.scenarios.rules.questions import encode_question, question_of
from hamkor.scenarios.tests.builders import fresh_id, hall, person
from hamkor.scenarios.working import beside, rounds
from hamkor.scenarios.working.beside import Pace, run_beside
from hamkor.scenarios.working.child import teller
from hamkor.scenarios.working.parcel import ANSWER, BASE, QUESTION
from hamkor.scenarios.working.queue import list_waiting, turn_of_machine

PACE = Pace(beat_s=0.1, longest_s=60.0)
QUICK = msgspec.structs.replace(TWO_CORES, beat=timedelta(seconds=0.1))
SHUT = Options(direction="evacuate", shut=(Shut(link="west-door"),))
# Says that it has begun, then works until somebody ends it.
ENDLESS = "import time\nprint('0.25', flush=True)\ntime.sleep(600)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a question that can be answered."""
    (tmp_path / QUESTION).write_bytes(encode_question(question_of(hall(), SHUT)))
    return tmp_path


@pytest.fixture
def instead(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Runs another program in the place of ours, and says which processes were begun."""
    place = tmp_path_factory.mktemp("instead")
    begun: list[int] = []
    opened = subprocess.Popen

    def noted(*values, **named):
        process = opened(*values, **named)
        begun.append(process.pid)
        return process

    def put(code: str) -> list[int]:
        (place / "stand_in.py").write_text(code, encoding="utf-8")
        monkeypatch.setattr(beside, "MODULE", "stand_in")
        monkeypatch.setenv("PYTHONPATH", str(place))
        monkeypatch.setattr(beside.subprocess, "Popen", noted)
        return begun

    return put


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_question_is_answered_in_a_process_of_its_own(folder):
    heard: list[float] = []
    assert run_beside(folder, PACE, look=lambda share: heard.append(share) is None) == "answered"
    answer = unpack((folder / ANSWER).read_bytes())
    assert answer.outcome is not None
    assert answer.base is not None
    assert answer.outcome.people == pytest.approx(600)
    assert answer.outcome.clearance_s["1.0"].middle > answer.base.clearance_s["1.0"].middle
    assert heard == sorted(heard)


def test_the_process_knows_no_secrets(folder, instead, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:secret@somewhere/db")
    instead(
        "import os, sys\nfrom pathlib import Path\nPath(sys.argv[1], 'seen').write_text(str(dict(os.environ)))\n"
    )
    assert run_beside(folder, PACE, look=lambda _: True) == "broken"
    assert "secret" not in (folder / "seen").read_text()


def test_a_run_nobody_wants_is_ended_with_its_process(folder, instead):
    begun = instead(ENDLESS)
    assert run_beside(folder, PACE, look=lambda share: share < 0.25) == "stopped"
    assert is_gone(begun[0])


def test_a_run_that_takes_too_long_is_ended(folder, instead):
    begun = instead(ENDLESS)
    assert run_beside(folder, Pace(beat_s=0.05, longest_s=0.4), look=lambda _: True) == "too_long"
    assert is_gone(begun[0])


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit(1)",
        "print('nonsense')\nprint('9e9999')\nprint('x' * 100000)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
        "import os, time\nos.close(1)\ntime.sleep(600)",
    ],
)
def test_a_process_that_goes_wrong_is_broken_and_gone(folder, instead, code):
    begun = instead(code)
    assert run_beside(folder, PACE, look=lambda _: True) == "broken"
    assert is_gone(begun[0])


def test_a_fault_of_the_caller_ends_the_process(folder, instead):
    begun = instead(ENDLESS)

    def fail(_share: float) -> bool:
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        run_beside(folder, PACE, look=fail)
    assert is_gone(begun[0])


def test_the_process_ends_with_the_worker(folder):
    """Its lifeline is its standard input: a worker that is killed cannot end it otherwise."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import threading, time\nfrom hamkor.scenarios.working import child\n"
            "threading.Thread(target=child._end_with_parent, daemon=True).start()\nprint('ready', flush=True)\n"
            "time.sleep(600)",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"ready\n"
        process.stdin.close()
        assert process.wait(30) == 3
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def test_progress_is_told_a_few_times_a_second_and_always_at_the_end():
    told: list[bytes] = []
    tell = teller(told.append)
    for step in range(1000):
        tell(step / 1000)
    tell(1.0)
    assert len(told) < 20
    assert told[-1] == b"1.0000\n"


def test_one_process_of_a_machine_has_the_turn(tmp_path):
    with turn_of_machine(tmp_path, "heavy") as first, turn_of_machine(tmp_path, "heavy") as second:
        assert (first, second) == (True, False)
        with turn_of_machine(tmp_path, "quick") as other:
            assert other is True
    with turn_of_machine(tmp_path, "heavy") as again:
        assert again is True


# With rows of the queue.


def asked(options: Options = SHUT, **values):
    stream, run_id, viewer = uuid4(), fresh_id(), person()
    about = About(stream=stream, number=1, plan=values.pop("plan", hall()))
    request_run(viewer, run_id=run_id, about=about, options=options, at=datetime.now(UTC))
    return stream, run_id, viewer


def state_of(run_id) -> str:
    return str(ScenarioRun.objects.values_list("state", flat=True).get(pk=run_id))


@pytest.fixture
def places(tmp_path, monkeypatch) -> Path:
    """Where runs at work keep what they need."""
    monkeypatch.setattr(rounds, "folder_of_runs", lambda: tmp_path / "runs")
    return tmp_path / "runs"


@pytest.mark.django_db
def test_what_waits_is_worked_off(places):
    stream, run_id, viewer = asked()
    assert list_waiting(now=datetime.now(UTC)) == ("quick",)
    assert rounds.work_off("quick", should_stop=lambda: False, limits=QUICK) == 1
    run, answer = get_run(viewer, stream=stream, run_id=run_id, now=datetime.now(UTC))
    assert (run.state, run.progress, run.fault) == ("done", 1.0, None)
    assert answer is not None
    assert answer.base is not None
    assert run.headline.people == pytest.approx(600)
    page = read_file(viewer, stream=stream, run_id=run_id, name="replay.html").decode()
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "Fair" in page
    assert ScenarioRun.objects.get().inputs is None, "an answer needs no question any more"
    assert [each.name for each in places.iterdir()] == ["quick.lock"]
    assert list_waiting(now=datetime.now(UTC)) == ()


@pytest.mark.django_db
def test_the_case_compared_with_is_computed_once(places, monkeypatch):
    brought: list[bool] = []
    real = rounds.run_beside

    def seen(folder, pace, *, look):
        brought.append((folder / BASE).is_file())
        return real(folder, pace, look=look)

    monkeypatch.setattr(rounds, "run_beside", seen)
    stream, _, viewer = asked()
    other = Options(direction="evacuate", shut=(Shut(link="east-door"),))
    about = About(stream=stream, number=1, plan=hall())
    second = request_run(viewer, run_id=fresh_id(), about=about, options=other, at=datetime.now(UTC))
    rounds.work_off("quick", should_stop=lambda: False, limits=QUICK)
    assert brought == [False, True]
    _, answer = get_run(viewer, stream=stream, run_id=second, now=datetime.now(UTC))
    assert answer is not None
    assert answer.base is not None
    assert answer.base.scenario.changes == ()


@pytest.mark.django_db
def test_what_the_engine_refuses_is_told_in_words(places):
    shut = (Shut(link="east-door"), Shut(link="west-door"))
    stream, run_id, viewer = asked(Options(direction="egress", method="micro", shut=shut))
    rounds.work_off("heavy", should_stop=lambda: False, limits=QUICK)
    run, answer = get_run(viewer, stream=stream, run_id=run_id, now=datetime.now(UTC))
    assert run.state == "failed"
    assert run.fault is not None
    assert "no way to where they want to go" in run.fault.in_english()
    assert answer is not None
    assert answer.outcome is None


@pytest.mark.django_db
def test_a_broken_process_fails_its_run_and_the_next_one_goes_on(places, instead):
    _, first, _ = asked()
    _, second, _ = asked()
    instead("raise SystemExit(9)")
    assert rounds.work_off("quick", should_stop=lambda: False, limits=QUICK) == 2
    assert [state_of(first), state_of(second)] == ["failed", "failed"]
    fault = ScenarioRun.objects.get(pk=first).fault
    assert fault is not None
    assert "{" not in fault["template"]


@pytest.mark.django_db
def test_a_worker_that_ends_puts_its_run_back(places, instead):
    _, run_id, _ = asked()
    begun = instead(ENDLESS)
    calls: list[int] = []

    def should_stop() -> bool:
        calls.append(1)
        return len(calls) > 4

    rounds.work_off("quick", should_stop=should_stop, limits=QUICK)
    assert state_of(run_id) == "queued"
    assert ScenarioRun.objects.get().attempts == 0
    assert (places / str(run_id)).is_dir(), "it goes on from what it has kept"
    assert is_gone(begun[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["cancel", "remove"])
def test_a_run_at_work_is_stopped_by_whoever_asked(places, instead, how):
    stream, run_id, viewer = asked()
    begun = instead(ENDLESS)
    worker = threading.Thread(target=_work_off)
    worker.start()
    deadline = time.monotonic() + 30
    while not begun or ScenarioRun.objects.get(pk=run_id).progress < 0.25:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    if how == "cancel":
        cancel_run(viewer, stream=stream, run_id=run_id, at=datetime.now(UTC))
    else:
        delete_run(viewer, stream=stream, run_id=run_id)
    worker.join(30)
    assert not worker.is_alive()
    assert is_gone(begun[0])
    assert not (places / str(run_id)).exists()
    assert list(ScenarioRun.objects.values_list("state", flat=True)) == (
        ["cancelled"] if how == "cancel" else []
    )


def _work_off() -> None:
    from django.db import connections

    try:
        rounds.work_off("quick", should_stop=lambda: False, limits=QUICK)
    finally:
        connections.close_all()


@pytest.mark.django_db
def test_folders_of_runs_that_ended_are_cleared(places):
    _, waiting, _ = asked()
    for name in (str(waiting), str(uuid4())):
        (places / name).mkdir(parents=True)
    assert rounds.clear_folders() == 1
    assert [each.name for each in places.iterdir()] == [str(waiting)]


@pytest.mark.django_db
def test_a_damaged_question_fails_in_words(places):
    _, run_id, _ = asked()
    ScenarioRun.objects.update(inputs=zlib.compress(b"{}"))
    rounds.work_off("quick", should_stop=lambda: False, limits=QUICK)
    assert state_of(run_id) == "failed"


def test_signals_of_the_group_reach_what_the_process_started(folder, instead):
    begun = instead(
        "import subprocess, sys, time\nfrom pathlib import Path\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "Path(sys.argv[1], 'inner').write_text(str(inner.pid))\nprint('0.5', flush=True)\ntime.sleep(600)\n"
    )
    assert run_beside(folder, PACE, look=lambda share: share < 0.5) == "stopped"
    inner = int((folder / "inner").read_text())
    deadline = time.monotonic() + 10
    while not _is_dead(inner):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert is_gone(begun[0])


def _is_dead(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"

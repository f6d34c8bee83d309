# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from hamkor.agencies.rules import Viewer
from hamkor.common.errors import HamkorError
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Envelope, fold
from hamkor.plans.commands import record_plan
from hamkor.scenarios.commands import cancel_run, delete_run, keep_result, request_run
from hamkor.scenarios.commands.runs import About
from hamkor.scenarios.facts import SCENARIO, failing
from hamkor.scenarios.models import ScenarioFile, ScenarioRun
from hamkor.scenarios.queries import (
    ScenarioAbsentError,
    get_run,
    list_adopted,
    list_files,
    list_runs,
    may_stop,
    read_file,
)
from hamkor.scenarios.rules.limits import TWO_CORES
from hamkor.scenarios.rules.options import Options, Shut
from hamkor.scenarios.tests.builders import AT, answer, fresh_id, hall, person
from hamkor.scenarios.working.queue import beat, claim, give_up, keep_answer, put_back

pytestmark = pytest.mark.django_db
SHUT = Options(direction="evacuate", shut=(Shut(link="west-door"),))


@pytest.fixture
def stream() -> UUID:
    """An event of this test alone."""
    return uuid4()


def ask(stream: UUID, viewer: Viewer, options: Options = SHUT, run_id: UUID | None = None, **values) -> UUID:
    about = About(stream=stream, number=values.pop("number", 7), plan=values.pop("plan", hall()))
    return request_run(viewer, run_id=run_id or fresh_id(), about=about, options=options, at=AT, **values)


def answered(stream: UUID, viewer: Viewer, options: Options = SHUT) -> UUID:
    run_id = ask(stream, viewer, options)
    row = claim("quick", now=AT)
    assert row is not None
    assert row.pk == run_id
    keep_answer(run_id, answer(), files={"replay.html": b"<p>"}, now=AT + timedelta(seconds=2))
    return run_id


def refused(code: str, call, *values, **named) -> None:
    with pytest.raises(HamkorError) as error:
        call(*values, **named)
    assert error.value.code == code


def test_asked_twice_is_asked_once(stream):
    viewer, run_id = person(), fresh_id()
    assert ask(stream, viewer, run_id=run_id) == ask(stream, viewer, run_id=run_id) == run_id
    (run,) = list_runs(viewer, stream=stream, now=AT)
    assert (run.id, run.state, run.number, run.options) == (run_id, "queued", 7, SHUT)
    refused("command-id-reused", ask, stream, viewer, Options(), run_id=run_id)
    refused("command-id-reused", ask, uuid4(), viewer, run_id=run_id)
    assert ScenarioRun.objects.count() == 1


def test_the_same_question_is_answered_at_once_by_the_run_that_is_there(stream):
    first = ask(stream, person())
    assert ask(stream, person("liaison", agency="tty")) == first, "on its way"
    row = claim("quick", now=AT)
    assert row is not None
    keep_answer(first, answer(), files={}, now=AT)
    assert ask(stream, person(), number=900) == first, "answered; the journal moved on, the plan did not"
    assert ask(stream, person(), plan=hall(people=700)) != first
    assert ask(uuid4(), person()) != first, "another event knows nothing of it"


def test_a_failed_or_cancelled_question_may_be_asked_again(stream):
    viewer = person()
    first = ask(stream, viewer)
    cancel_run(viewer, stream=stream, run_id=first, at=AT)
    second = ask(stream, viewer)
    assert second != first
    row = claim("quick", now=AT)
    assert row is not None
    give_up(second, failing_message(), now=AT)
    assert ask(stream, viewer) not in {first, second}


def failing_message():
    outcome = answer().outcome
    assert outcome is not None
    return outcome.fails[0]


def test_nonsense_changes_nothing(stream):
    refused("scenario-link-unknown", ask, stream, person(), Options(shut=(Shut(link="moon"),)))
    refused("scenario-people", ask, stream, person(), Options(people=10_000_000))
    refused(
        "scenario-no-drawing",
        ask,
        stream,
        person(),
        Options(),
        plan=msgspec.structs.replace(hall(), venue=None),
    )
    assert not ScenarioRun.objects.exists()


def test_one_person_cannot_fill_the_queue(stream):
    viewer = person()
    for seed in range(TWO_CORES.most_open_of_one):
        ask(stream, viewer, Options(seed=seed))
    refused("too-many", ask, stream, viewer, Options(seed=99))
    assert ask(stream, person(), Options(seed=99))


def test_old_runs_make_room_and_open_ones_stay(stream):
    viewer = person()
    limits = msgspec.structs.replace(TWO_CORES, most_kept=2)
    waiting = ask(stream, viewer, Options(seed=1, method="micro"), limits=limits)
    for seed in range(2, 7):
        answered(stream, viewer, Options(seed=seed))
    ask(stream, viewer, Options(seed=50), limits=limits)
    kept = list(ScenarioRun.objects.values_list("state", flat=True))
    assert sorted(kept) == ["done", "done", "queued", "queued"]
    assert ScenarioRun.objects.filter(pk=waiting).exists()


@pytest.mark.parametrize(
    ("role", "runs", "adopts"),
    [
        ("coordinator", True, True),
        ("planner", True, True),
        ("liaison", True, False),
        ("organiser", True, True),
        ("venue", True, True),
        ("legal", True, True),
        ("commission", False, False),
        ("operator", False, False),
        ("dispatcher", False, False),
        ("field", False, False),
        ("controller", False, False),
        ("auditor", False, False),
    ],
)
def test_who_may_ask_and_who_may_adopt(stream, role, runs, adopts):
    viewer = person(role)
    run_id = answered(stream, person())
    if runs:
        assert ask(stream, viewer, Options(seed=5))
    else:
        refused("not-allowed", ask, stream, viewer, Options(seed=5))
    store = recorded(stream)
    if adopts:
        keep_result(store, sent(stream, viewer), viewer=viewer, run_id=run_id)
    else:
        refused("not-allowed", keep_result, store, sent(stream, viewer), viewer=viewer, run_id=run_id)
    assert get_run(viewer, stream=stream, run_id=run_id, now=AT)[1] == answer()


def test_a_stranger_learns_nothing(stream):
    run_id, stranger = answered(stream, person()), Viewer(person="person:x")
    for call in (list_runs, get_run):
        more = {"run_id": run_id} if call is get_run else {}
        refused("not-allowed", call, stranger, stream=stream, now=AT, **more)
    refused("scenario-absent", get_run, person(), stream=uuid4(), run_id=run_id, now=AT)


def test_only_who_asked_or_the_coordinator_stops_a_run(stream):
    mine, other = person("liaison", agency="tty"), person("liaison", agency="mg")
    run_id = ask(stream, mine)
    refused("scenario-not-yours", cancel_run, other, stream=stream, run_id=run_id, at=AT)
    refused("scenario-not-yours", delete_run, other, stream=stream, run_id=run_id)
    refused("not-allowed", cancel_run, person("auditor"), stream=stream, run_id=run_id, at=AT)
    refused("scenario-absent", cancel_run, person(), stream=uuid4(), run_id=run_id, at=AT)
    assert [may_stop(viewer, mine.person) for viewer in (mine, other, person())] == [True, False, True]
    cancel_run(person(), stream=stream, run_id=run_id, at=AT)
    assert ScenarioRun.objects.get().state == "cancelled"


def test_cancelled_is_never_claimed_nor_answered(stream):
    viewer = person()
    waiting = ask(stream, viewer)
    cancel_run(viewer, stream=stream, run_id=waiting, at=AT)
    assert claim("quick", now=AT) is None
    at_work = ask(stream, viewer)
    assert claim("quick", now=AT) is not None
    assert beat(at_work, 0.5, now=AT) is True
    cancel_run(viewer, stream=stream, run_id=at_work, at=AT)
    assert beat(at_work, 0.6, now=AT) is False
    keep_answer(at_work, answer(), files={"a": b"b"}, now=AT)
    run, found = get_run(viewer, stream=stream, run_id=at_work, now=AT)
    assert (run.state, found) == ("cancelled", None)
    assert not ScenarioFile.objects.exists()


def test_a_done_run_cannot_be_cancelled_but_removed(stream):
    viewer = person()
    run_id = answered(stream, viewer)
    cancel_run(viewer, stream=stream, run_id=run_id, at=AT)
    assert ScenarioRun.objects.get().state == "done"
    assert read_file(viewer, stream=stream, run_id=run_id, name="replay.html") == b"<p>"
    assert list_files(person("operator"), stream=stream, run_id=run_id) == ()
    delete_run(viewer, stream=stream, run_id=run_id)
    assert not ScenarioRun.objects.exists()
    assert not ScenarioFile.objects.exists()
    with pytest.raises(ScenarioAbsentError):
        delete_run(viewer, stream=stream, run_id=run_id)


def test_a_lost_run_is_taken_up_again_once_and_then_given_up(stream):
    viewer, run_id = person(), ask(stream, person())
    assert claim("quick", now=AT) is not None
    assert claim("quick", now=AT + timedelta(seconds=19)) is None, "its worker may be alive"
    late = AT + timedelta(seconds=21)
    again = claim("quick", now=late)
    assert again is not None
    assert (again.pk, again.attempts) == (run_id, 2)
    assert list_runs(viewer, stream=stream, now=late + timedelta(seconds=25))[0].is_silent
    assert claim("quick", now=late + timedelta(seconds=25)) is None
    (run,) = list_runs(viewer, stream=stream, now=late)
    assert run.state == "failed"
    assert run.fault is not None
    assert "2 times" in run.fault.in_english()


def test_a_run_put_back_has_not_been_tried(stream):
    run_id = ask(stream, person())
    for _ in range(5):
        row = claim("quick", now=AT)
        assert row is not None
        assert row.attempts == 1
        put_back(run_id)
    assert ScenarioRun.objects.get().state == "queued"


def test_quick_questions_pass_the_heavy_ones(stream):
    viewer = person()
    ask(stream, viewer, Options(direction="evacuate", method="micro"))
    quick = ask(stream, viewer)
    row = claim("quick", now=AT)
    assert row is not None
    assert row.pk == quick
    heavy = claim("heavy", now=AT)
    assert heavy is not None
    assert heavy.options["method"] == "micro"


def test_the_oldest_question_is_answered_first_and_the_list_says_how_many_wait(stream):
    viewer = person()
    first, second = ask(stream, viewer, Options(seed=1)), ask(uuid4(), viewer, Options(seed=1))
    third = ask(stream, viewer, Options(seed=3))
    ScenarioRun.objects.filter(pk=third).update(asked_at=AT + timedelta(seconds=9))
    runs = list_runs(viewer, stream=stream, now=AT)
    assert {run.id: run.ahead for run in runs}[third] == 2
    assert {row.pk for row in (claim("quick", now=AT), claim("quick", now=AT)) if row} == {first, second}


def recorded(stream: UUID) -> MemoryStore:
    store = MemoryStore()
    envelope = Envelope(stream=stream, command_id=fresh_id(), at=AT, by="rule:test", agency="iib")
    record_plan(store, envelope, plan=hall())
    return store


def sent(stream: UUID, viewer: Viewer) -> Envelope:
    return Envelope(stream=stream, command_id=fresh_id(), at=AT, by=viewer.person, agency=viewer.agency)


def test_a_result_in_the_record_says_all_it_rests_on(stream):
    viewer, store = person(), recorded(stream)
    run_id = answered(stream, viewer)
    envelope = sent(stream, viewer)
    first = keep_result(store, envelope, viewer=viewer, run_id=run_id)
    assert keep_result(store, envelope, viewer=viewer, run_id=run_id).number == first.number
    (kept,) = list_adopted(viewer, get_documents(store, stream))
    run = list_runs(viewer, stream=stream, now=AT)[0]
    assert (kept.id, kept.about, kept.question, kept.inputs_hash) == (str(run_id), 7, SHUT, run.inputs_hash)
    assert [(each.share, each.middle_s) for each in kept.cleared] == [(0.9, 180.0), (1.0, 200.0)]
    assert kept.compared[-1].middle_s == 120.0
    assert kept.fails == (failing(failing_message()),)
    assert kept.fails[0].values == {"place": "Hall", "density": "4.2"}
    assert (kept.by, kept.agency) == (viewer.person, "iib")
    refused("scenario-adopted", keep_result, store, sent(stream, viewer), viewer=viewer, run_id=run_id)
    delete_run(viewer, stream=stream, run_id=run_id)
    assert len(list_adopted(viewer, get_documents(store, stream))) == 1, "the record outlives the draft"


def test_fold_is_documents(stream):
    viewer, store = person(), recorded(stream)
    for seed in (1, 2):
        run_id = answered(stream, viewer, Options(seed=seed))
        keep_result(store, sent(stream, viewer), viewer=viewer, run_id=run_id)
    folded = fold(store.list_entries(str(stream)))
    assert folded.all(SCENARIO) == get_documents(store, stream).all(SCENARIO)


def test_without_an_answer_nothing_is_adopted(stream):
    viewer, store = person(), recorded(stream)
    run_id = ask(stream, viewer)
    refused("scenario-without-answer", keep_result, store, sent(stream, viewer), viewer=viewer, run_id=run_id)
    refused("scenario-absent", keep_result, store, sent(stream, viewer), viewer=viewer, run_id=uuid4())
    with pytest.raises(ValueError, match="cannot send"):
        keep_result(store, sent(stream, person()), viewer=viewer, run_id=run_id)
    assert list_adopted(viewer, get_documents(store, stream)) == ()

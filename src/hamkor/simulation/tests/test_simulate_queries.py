# SPDX-License-Identifier: Apache-2.0
"""Questions as people ask them of a whole plan, and what is refused with which way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from hamkor.common.errors import HamkorError
from hamkor.events.rules import Attendance
from hamkor.folder.queries import read_folder
from hamkor.simulation.queries import (
    AskingError,
    DrawingUnusableError,
    Parts,
    ask,
    compare,
    find_link,
    names_of,
    papers_of,
    read_change,
    run_scenario,
    scenario_hash,
    simulate,
)
from hamkor.simulation.rules.scenario import Change

EXAMPLE = Path(__file__).parents[4] / "examples" / "navruz-2027"
SHARES = ("0.5", "0.9", "0.99", "1.0")


def parts_of(path: Path) -> Parts:
    plan = read_folder(path)
    assert plan.venue is not None
    return Parts(features=tuple(plan.venue.features), event=plan.event, attendance=plan.attendance)


@pytest.fixture(scope="module")
def parts() -> Parts:
    return parts_of(EXAMPLE)


@pytest.mark.parametrize(
    ("direction", "clock", "last_s", "people"),
    [("ingress", "10:30", 10_800, 34_000), ("egress", "17:00", 4_500, 34_000)],
)
def test_a_question_has_the_clock_and_the_crowd_of_the_plan(
    parts: Parts, direction: Any, clock: str, last_s: float, people: float
) -> None:
    scenario = ask(parts, direction=direction)
    assert scenario.starts_at is not None
    assert scenario.starts_at.strftime("%H:%M") == clock
    assert scenario.arrivals[-1] == (last_s, pytest.approx(people))
    assert scenario.horizon_s >= last_s + 7200


def test_another_beginning_finds_everybody_still_inside(parts: Parts) -> None:
    scenario = ask(parts, direction="egress", at="21:00")
    assert scenario.starts_at is not None
    assert scenario.starts_at.strftime("%H:%M") == "16:00"
    assert scenario.arrivals == ()


def test_a_moment_after_midnight_is_the_next_day(parts: Parts) -> None:
    scenario = ask(parts, direction="egress")
    assert read_change("exit-n1@00:30", parts=parts, scenario=scenario).at_s == 2.5 * 3600


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("gate-03", Change(link="gate-03")),
        ("gate:3", Change(link="gate-03")),
        ("GATE 3", Change(link="gate-03")),
        ("3-darvoza", Change(link="gate-03")),
        ("Ворота 3@22:30", Change(link="gate-03", at_s=1800)),
        ("gate:3@+10min", Change(link="gate-03", at_s=600)),
        ("gate:3=0.5@+1.5h", Change(link="gate-03", at_s=5400, factor=0.5)),
        ("gate:3=25%", Change(link="gate-03", factor=0.25)),
    ],
)
def test_a_gate_is_known_by_what_people_call_it(parts: Parts, text: str, change: Change) -> None:
    assert read_change(text, parts=parts, scenario=ask(parts, direction="egress")) == change


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gate:33", "unknown-connection"),
        ("", "unknown-connection"),
        ("gate:3@noon", "bad-clock"),
        ("gate:3@25:00", "bad-clock"),
        ("gate:3@19:40", "moment-outside"),
        ("gate:3@+9h", "moment-outside"),
        ("gate:3=2", "bad-factor"),
        ("gate:3=half", "bad-factor"),
        ("gate:3=nan", "bad-factor"),
    ],
)
def test_what_cannot_be_meant_is_refused(parts: Parts, text: str, code: str) -> None:
    with pytest.raises(AskingError) as refused:
        read_change(text, parts=parts, scenario=ask(parts, direction="egress"))
    assert refused.value.code == code


def test_near_matches_are_named(parts: Parts) -> None:
    with pytest.raises(AskingError) as refused:
        find_link("gat-3", parts.features)
    assert "gate-03" in refused.value.message.in_english()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"runs": 0}, "bad-runs"),
        ({"runs": 10**9}, "bad-runs"),
        ({"runs": 11, "method": "micro"}, "bad-runs"),
        ({"method": "oracle"}, "unknown-method"),
        ({"at": "7 pm"}, "bad-clock"),
    ],
)
def test_a_question_without_sense_is_refused(parts: Parts, said: dict[str, Any], code: str) -> None:
    with pytest.raises(AskingError) as refused:
        ask(parts, direction="egress", **said)
    assert refused.value.code == code


def test_an_event_without_times_needs_no_clock_until_somebody_names_one(parts: Parts) -> None:
    bare = msgspec.structs.replace(
        parts,
        event=msgspec.structs.replace(parts.event, starts_at=None, ends_at=None, doors_open_at=None),
        attendance=None,
    )
    scenario = ask(bare, direction="egress")
    assert scenario.starts_at is None
    assert read_change("gate:3@+5min", parts=bare, scenario=scenario).at_s == 300
    with pytest.raises(AskingError) as refused:
        read_change("gate:3@22:00", parts=bare, scenario=scenario)
    assert refused.value.code == "no-clock"


@pytest.mark.parametrize(
    ("people", "code"), [(10_000_000, "too-many-people"), (0, "no-people"), (-3, "no-people")]
)
def test_crowds_that_cannot_be_meant_are_refused(parts: Parts, people: int, code: str) -> None:
    with pytest.raises(AskingError) as refused:
        simulate(parts, ask(parts, direction="egress"), people=people)
    assert refused.value.code == code


def test_shutting_what_nobody_uses_names_what_people_use(parts: Parts) -> None:
    scenario = ask(parts, direction="ingress", changes=(Change(link="gate-03"),))
    with pytest.raises(AskingError) as refused:
        simulate(parts, scenario)
    assert refused.value.code == "connection-not-used"
    assert "turnstile-03" in refused.value.message.in_english()


def test_a_drawing_with_a_fatal_fault_is_told_with_place_and_remedy() -> None:
    shut = parts_of(EXAMPLE.parent / "cases" / "hillsborough-1989-leppings-lane")
    with pytest.raises(DrawingUnusableError) as refused:
        simulate(shut, ask(shut, direction="egress"))
    (fault,) = refused.value.faults
    assert fault.code == "no-exit"
    assert fault.file == "venue.geojson"
    assert "Draw" in fault.message.in_english()


@pytest.fixture(scope="module")
def answers(parts: Parts) -> list[Any]:
    scenario = ask(parts, direction="evacuate", name="as planned")
    shut = msgspec.structs.replace(scenario, name="gate 3 shut", changes=(Change(link="gate-03"),))
    return [run_scenario(parts, one) for one in (scenario, shut)]


def test_a_shut_gate_is_never_quicker_and_lets_nobody_through(answers: list[Any]) -> None:
    planned, shut = (answer.outcome for answer in answers)
    assert planned.people == shut.people == pytest.approx(34_000)
    assert all(shut.clearance_s[share].middle >= planned.clearance_s[share].middle - 1 for share in SHARES)
    assert planned.links["gate-03"].passed.middle > 0
    assert "gate-03" not in shut.links or shut.links["gate-03"].passed.middle == 0
    everybody = next(
        row for row in compare([planned, shut]).rows if row.says.in_english() == "All arrived after"
    )
    assert everybody.differences[1] is not None
    assert everybody.differences[1] > 30


def test_an_answer_carries_what_it_rests_on(answers: list[Any]) -> None:
    outcome = answers[0].outcome
    assert outcome.scenario.profile_id == "green-guide-2018"
    assert outcome.scenario.seed == 1
    assert outcome.engine
    assert len(outcome.inputs_hash) == 64
    assert any("never clear" in message.in_english() for message in outcome.assumptions)


def test_an_ensemble_of_people_with_tickets_lets_all_of_them_in(parts: Parts) -> None:
    outcome = simulate(parts, ask(parts, direction="ingress", runs=12))
    assert outcome.left == 0
    assert set(outcome.clearance_s) == set(SHARES)
    assert not outcome.fails


def test_fewer_people_leave_sooner(parts: Parts, answers: list[Any]) -> None:
    few = simulate(parts, ask(parts, direction="evacuate"), people=8_000)
    assert few.people == pytest.approx(8_000)
    assert few.clearance_s["0.99"].middle < answers[0].outcome.clearance_s["0.99"].middle


def test_the_same_question_has_the_same_hash_whatever_it_is_called(parts: Parts) -> None:
    scenario = ask(parts, direction="egress")
    named = msgspec.structs.replace(scenario, name="again")
    assert scenario_hash(parts, scenario) == scenario_hash(parts, named)
    turned = msgspec.structs.replace(parts, features=parts.features[::-1])
    assert scenario_hash(turned, scenario) == scenario_hash(parts, scenario)
    others = [
        scenario_hash(parts, msgspec.structs.replace(scenario, seed=2)),
        scenario_hash(parts, scenario, people=100),
        scenario_hash(msgspec.structs.replace(parts, attendance=Attendance(expected=5)), scenario),
        scenario_hash(msgspec.structs.replace(parts, features=parts.features[1:]), scenario),
    ]
    assert len({scenario_hash(parts, scenario), *others}) == 5


def test_progress_goes_up_and_may_stop_the_run(parts: Parts) -> None:
    told: list[float] = []

    class StoppedError(HamkorError):
        pass

    def stop(share: float) -> None:
        told.append(share)
        if len(told) == 3:
            raise StoppedError("stopped", "Stopped.")

    with pytest.raises(StoppedError):
        simulate(parts, ask(parts, direction="egress"), on_progress=stop)
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1


def test_papers_are_those_of_the_case_that_was_asked_for(parts: Parts, answers: list[Any]) -> None:
    papers = dict(papers_of(answers, parts.event, language="ru"))
    assert {"result.json", "arrived.csv", "places.csv", "links.csv", "replay.html"} <= set(papers)
    assert {name for name in papers if name.endswith(".png")} == {
        "clearance.png",
        "queues.png",
        "occupancy.png",
        "density.png",
        "comparison.png",
    }
    assert "Ворота 2".encode() in papers["replay.html"]
    assert names_of(parts.features)["gate-02"]["ru"] == "Ворота 2"


@pytest.fixture(scope="module")
def walked(parts: Parts) -> Any:
    scenario = ask(parts, direction="evacuate", method="micro", runs=2)
    return run_scenario(parts, scenario, people=150)


def test_every_single_person_leaves_and_several_seeds_make_a_band(walked: Any) -> None:
    outcome = walked.outcome
    assert outcome.people == 150
    assert outcome.left == 0
    band = outcome.clearance_s["1.0"]
    assert 60 < band.low < band.high < 1200
    exits = [door.id for door in walked.floors.doors if door.leads_out]
    assert sum(outcome.links[exit].passed.middle for exit in exits) == pytest.approx(150, abs=3)
    assert outcome.places["sector-01"].people.values[0] > 0
    assert set(outcome.waited_s) <= set(walked.layout.places)
    assert any("motion profile" in message.in_english() for message in outcome.assumptions)


def test_a_killed_run_goes_on_from_its_checkpoint_to_the_same_end(
    parts: Parts, walked: Any, tmp_path: Path
) -> None:
    class KilledError(Exception):
        pass

    def kill(share: float) -> None:
        if share > 0.6:
            raise KilledError

    scenario = ask(parts, direction="evacuate", method="micro")
    file = tmp_path / "state"
    with pytest.raises(KilledError):
        run_scenario(parts, scenario, people=150, checkpoint=file, on_progress=kill)
    assert file.exists()
    told: list[float] = []
    resumed = run_scenario(parts, scenario, people=150, checkpoint=file, on_progress=told.append)
    assert told[0] > 0
    assert not file.exists()
    assert (resumed.run.out_s == walked.run.out_s).all()

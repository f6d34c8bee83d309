# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.common.figures import KnownFigure
from hamkor.events.rules import (
    Attendance,
    Conclusion,
    Event,
    Legal,
    Paper,
    Readiness,
    Step,
    StepState,
    list_application_steps,
    readiness_of_application,
)
from hamkor.folder.queries import read_folder
from hamkor.norms.queries import get_norm

EXAMPLE = Path(__file__).parents[4] / "examples" / "navruz-2027"
CROWD = Attendance(expected=5000)
STATES = get_args(StepState)
PAPER_STATES = ["not_needed", "none", "applied", "drafted", "issued", "signed", "refused", "withdrawn"]
HEADINGS = ["fire", "sanitary", "medical", "security", "structure", "electrical", "traffic"]
TODAY = date(2027, 1, 11)


def event(**keys: Any) -> Event:
    base = {
        "format": "hamkor-event-1",
        "id": "e",
        "name": "Event",
        "kind": "concert_pop",
        "extent": "complete",
    }
    return msgspec.convert({**base, "starts_at": "2027-03-21T18:00:00", **keys}, Event)


def steps(
    held: Event, legal: Legal | None = None, crowd: Attendance | None = CROWD, today: date = TODAY
) -> dict[str, Step]:
    return {step.id: step for step in list_application_steps(held, legal, crowd, today=today)}


def paper(state: str, **keys: Any) -> Paper:
    return msgspec.convert({"state": state, **keys}, Paper)


def test_everything_is_done_for_the_example() -> None:
    plan = read_folder(EXAMPLE)
    found = list_application_steps(plan.event, plan.legal, plan.attendance, today=date(2027, 3, 1))
    assert {step.state for step in found} == {"done"}
    assert len(found) == 15
    assert readiness_of_application(found) == Readiness(done=15)


def test_a_new_event_shows_who_has_to_do_what_until_when() -> None:
    found = steps(event())
    assert {step.id: step.state for step in found.values()} == {
        "programme": "not_begun",
        "permit-application": "not_begun",
        "category": "not_begun",
        **dict.fromkeys(("conclusion-fire", "conclusion-sanitary"), "not_begun"),
        **dict.fromkeys(("conclusion-medical", "conclusion-security"), "not_begun"),
        **dict.fromkeys(("conclusion-structure", "conclusion-electrical", "conclusion-traffic"), "unknown"),
        **dict.fromkeys(("permit", "security-contract", "concert-licence"), "not_begun"),
        **dict.fromkeys(("insurance", "certificate"), "not_begun"),
    }
    assert found["permit-application"].deadline_date == date(2027, 2, 26)
    assert found["permit-application"].days_left == 46
    assert found["security-contract"].deadline_date == date(2027, 3, 18)
    assert found["permit"].deadline_date == date(2027, 3, 19)
    assert [found[f"conclusion-{heading}"].agency for heading in HEADINGS] == [
        "fvv",
        "ses",
        "tty",
        "iib",
        "kom",
        "kom",
        "yhx",
    ]
    assert readiness_of_application(tuple(found.values())).next_step == found["programme"]


def test_an_application_is_decided_within_fifteen_working_days() -> None:
    found = steps(event(), Legal(permit=paper("applied", applied_date="2027-01-11")))
    assert found["permit-application"].state == "done"
    assert found["permit-application"].deadline_date is None
    assert (found["permit"].state, found["permit"].deadline_date) == ("in_progress", date(2027, 2, 1))
    late = steps(event(), Legal(permit=paper("applied", applied_date="2027-01-11")), today=date(2027, 2, 2))
    assert (late["permit"].state, late["permit"].days_left) == ("overdue", -1)
    tight = steps(event(), Legal(permit=paper("applied", applied_date="2027-03-15")))
    assert tight["permit"].deadline_date == date(2027, 3, 19)


def test_a_passed_day_is_overdue_and_comes_first() -> None:
    found = steps(event(), today=date(2027, 3, 1))
    assert (found["permit-application"].state, found["permit-application"].days_left) == ("overdue", -3)
    readiness = readiness_of_application(tuple(found.values()))
    assert readiness.overdue == 2
    assert readiness.next_step is not None
    assert readiness.next_step.id == "programme"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("not_needed", "not_needed"),
        ("none", "not_begun"),
        ("applied", "in_progress"),
        ("drafted", "in_progress"),
        ("issued", "done"),
        ("signed", "done"),
        ("refused", "not_begun"),
        ("withdrawn", "not_begun"),
    ],
)
@pytest.mark.parametrize(
    ("key", "step_id"),
    [
        ("permit", "permit"),
        ("security_contract", "security-contract"),
        ("concert_licence", "concert-licence"),
        ("insurance", "insurance"),
    ],
)
def test_states_of_papers(key: str, step_id: str, state: str, expected: str) -> None:
    assert steps(event(), Legal(**{key: paper(state)}))[step_id].state == expected


def test_a_refused_application_has_to_be_made_again() -> None:
    found = steps(event(), Legal(permit=paper("refused")))["permit-application"]
    assert found.state == "not_begun"
    assert found.remark is not None
    assert found.remark.in_english() == "it was refused"


def test_a_paper_that_runs_out_before_the_end_has_to_be_renewed() -> None:
    keys = {"ends_at": "2027-03-23T22:00:00"}
    found = steps(event(**keys), Legal(insurance=paper("signed", valid_until_date="2027-03-22")))["insurance"]
    assert found.state == "not_begun"
    assert found.remark is not None
    assert "22.03.2027" in found.remark.in_english()


def test_the_last_conclusion_counts() -> None:
    first = Conclusion(heading="fire", result="negative", by="kom", on_date=date(2027, 1, 2))
    second = Conclusion(heading="fire", result="positive", by="fvv", on_date=date(2027, 1, 5))
    assert steps(event(), Legal(conclusions=(second, first)))["conclusion-fire"].state == "done"
    negative = steps(event(), Legal(conclusions=(first,)))["conclusion-fire"]
    assert (negative.state, negative.agency) == ("not_begun", "kom")
    pending = Conclusion(heading="fire", result="pending")
    assert steps(event(), Legal(conclusions=(pending,)))["conclusion-fire"].state == "in_progress"


def test_an_extract_that_is_silent_is_unknown_and_a_list_without_a_heading_is_not() -> None:
    extract = event(extent="extract")
    assert steps(extract)["conclusion-fire"].state == "unknown"
    assert steps(extract)["permit"].state == "unknown"
    assert steps(extract)["permit"].deadline_date == date(2027, 3, 19)
    assert steps(extract, Legal(conclusions=()))["conclusion-fire"].state == "not_begun"


@pytest.mark.parametrize("category", [1, 2, 3, None])
def test_the_category_is_given_by_the_commission(category: int | None) -> None:
    expected = "not_begun" if category is None else "done"
    assert steps(event(category=category))["category"].state == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("concert_rock", "not_begun"), ("music_festival", "unknown"), ("football", "not_needed")],
)
def test_only_concerts_need_a_licence(kind: str, expected: str) -> None:
    assert steps(event(kind=kind))["concert-licence"].state == expected


def test_without_a_date_nothing_has_a_day() -> None:
    found = steps(event(starts_at=None))
    assert {step.deadline_date for step in found.values()} == {None}
    assert {step.days_left for step in found.values()} == {None}
    assert "overdue" not in {step.state for step in found.values()}
    assert readiness_of_application(tuple(found.values())).next_step is None


@pytest.mark.parametrize(
    ("held", "crowd", "expected"),
    [
        (event(), Attendance(expected=60), "not_needed"),
        (event(), None, "unknown"),
        (event(), Attendance(expected=KnownFigure(low=60, high=300)), "unknown"),
        (event(place={"name": "Arena", "country": "DE"}), CROWD, "unknown"),
        (event(kind="rally"), CROWD, "unknown"),
    ],
)
def test_events_the_rules_do_not_surely_cover(held: Event, crowd: Attendance | None, expected: str) -> None:
    found = steps(held, None, crowd)
    assert found["permit"].state == expected
    assert found["permit"].remark is not None


def test_abroad_no_national_norm_is_cited() -> None:
    found = steps(event(place={"name": "Arena", "country": "DE"}))
    assert {step.norms for step in found.values()} == {()}
    assert {step.deadline_date for step in found.values()} == {None}
    assert found["conclusion-fire"].state == found["category"].state == "not_needed"


def test_norms_exist_and_advice_is_told_apart() -> None:
    found = steps(event())
    for step in found.values():
        assert all(get_norm(norm) for norm in step.norms)
        assert step.is_demanded == bool(step.norms)
    advice = {step.id for step in found.values() if not step.is_demanded}
    assert advice == {
        "insurance",
        "certificate",
        "conclusion-structure",
        "conclusion-electrical",
        "conclusion-traffic",
    }


@given(
    st.sampled_from([*PAPER_STATES, None]),
    st.dates(),
    st.one_of(st.none(), st.dates()),
    st.one_of(st.none(), st.datetimes()),
    st.sampled_from(["complete", "extract"]),
    st.one_of(st.none(), st.integers(0, 10**6)),
)
def test_any_event_on_any_day_gets_whole_answers(
    state: str | None, today: date, applied: date | None, starts_at: Any, extent: str, people: int | None
) -> None:
    held = msgspec.structs.replace(event(extent=extent), starts_at=starts_at)
    permit = None if state is None else paper(state, applied_date=applied)
    found = list_application_steps(held, Legal(permit=permit), Attendance(expected=people), today=today)
    readiness = readiness_of_application(found)
    assert len({step.id for step in found}) == len(found) == 15
    assert sum(getattr(readiness, name) for name in STATES) == len(found)
    assert readiness.needed == len(found) - readiness.not_needed
    for step in found:
        if step.deadline_date is not None:
            assert step.days_left is not None
            assert today + timedelta(days=step.days_left) == step.deadline_date
        assert (step.state == "overdue") <= (step.days_left is not None and step.days_left < 0)

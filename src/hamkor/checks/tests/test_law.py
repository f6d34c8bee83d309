# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hamkor.checks.rules.papers import working_days_between
from hamkor.checks.rules.registry import list_rules
from hamkor.checks.tests.builders import at, findings, plan, severities

COMPLETE = {"extent": "complete"}
EXTRACT: dict[str, Any] = {}
ABROAD = {"place": {"name": "Arena", "country": "DE"}}
SHOW = {"starts_at": at("18:00"), "ends_at": at("02:00", "2027-03-21")}
CROWD = {"expected": 5000}
UZBEK_RULES = [f"LAW-00{number}" for number in range(1, 10)] + ["LAW-021"]


def paper(state: str, **keys: Any) -> dict[str, Any]:
    return {"state": state, **keys}


def lawful(event: dict[str, Any] | None = None, expected: Any = 5000, **legal: Any) -> Any:
    attendance = {"expected": expected} if expected is not None else {}
    return plan(event={**SHOW, **(event or {})}, attendance=attendance, legal=legal)


@pytest.mark.parametrize(
    ("rule_id", "kind"),
    [("LAW-001", "permit"), ("LAW-004", "security_contract"), ("LAW-005", "concert_licence")],
)
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("none", ["red"]),
        ("refused", ["red"]),
        ("withdrawn", ["red"]),
        ("applied", ["amber"]),
        ("drafted", ["amber"]),
        ("issued", []),
        ("signed", []),
        ("not_needed", []),
    ],
)
def test_missing_papers(rule_id: str, kind: str, state: str, expected: list[str]) -> None:
    assert severities(lawful(**{kind: paper(state)}), rule_id) == expected
    assert severities(lawful(ABROAD, **{kind: paper(state)}), rule_id) == []
    assert severities(lawful({"kind": "rally"}, **{kind: paper(state)}), rule_id) == []
    assert severities(lawful(expected=60, **{kind: paper(state)}), rule_id) == []


def test_an_unknown_crowd_is_no_red() -> None:
    assert severities(lawful(expected=None, permit=paper("none")), "LAW-001") == ["amber"]
    assert severities(lawful(expected={"low": 60, "high": 300}, permit=paper("none")), "LAW-001") == ["amber"]
    assert severities(lawful(expected=100, permit=paper("none")), "LAW-001") == ["red"]


def test_the_state_is_told_in_words() -> None:
    (found,) = findings(lawful(permit=paper("refused")), "LAW-001")
    assert found.message.in_english() == "There is no valid permit to hold Test event: it was refused."
    assert "uz-cm-205-2014-annex1-three-conditions" in found.sources


def test_a_festival_may_not_need_a_concert_licence() -> None:
    checked = lawful({"kind": "music_festival"}, concert_licence=paper("none"))
    assert severities(checked, "LAW-005") == ["amber"]
    assert severities(lawful({"kind": "football"}, concert_licence=paper("none")), "LAW-005") == []


def test_unknown_papers() -> None:
    (found,) = findings(lawful(), "LAW-002")
    assert found.severity == "info"
    assert found.message.in_english() == (
        "Nothing is known of: permit to hold the event, security contract, concert licence."
    )
    assert severities(lawful(COMPLETE, permit=paper("issued")), "LAW-002") == ["amber"]
    assert severities(lawful(ABROAD), "LAW-002") == []
    whole = {"permit": paper("issued"), "security_contract": paper("signed")}
    assert severities(lawful({"kind": "football"}, **whole), "LAW-002") == []


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2027, 3, 15), date(2027, 3, 20), 4),
        (date(2027, 3, 19), date(2027, 3, 22), 0),
        (date(2027, 3, 20), date(2027, 3, 20), 0),
        (date(2027, 3, 25), date(2027, 3, 20), 0),
        (date(2027, 2, 26), date(2027, 3, 20), 15),
    ],
)
def test_working_days(first: date, last: date, days: int) -> None:
    assert working_days_between(first, last) == days


@pytest.mark.parametrize(
    ("state", "applied", "expected"),
    [
        ("applied", date(2027, 2, 26), []),
        ("applied", date(2027, 3, 1), ["amber"]),
        ("applied", date(2027, 3, 20), ["red"]),
        ("issued", date(2027, 3, 10), []),
        ("applied", None, []),
    ],
)
def test_late_application(state: str, applied: Any, expected: list[str]) -> None:
    assert severities(lawful(permit=paper(state, applied_date=applied)), "LAW-003") == expected


def test_a_late_application_tells_its_numbers() -> None:
    (found,) = findings(lawful(permit=paper("applied", applied_date=date(2027, 3, 12))), "LAW-003")
    assert found.measured is not None
    assert found.limit is not None
    assert (found.measured.nominal, found.limit.nominal) == (5, 15)
    assert found.assumptions


GRANTED = paper("issued", issued_date=date(2027, 3, 1))


@pytest.mark.parametrize(
    ("permit", "began", "expected"),
    [
        (GRANTED, date(2027, 2, 20), ["amber"]),
        (GRANTED, date(2027, 3, 1), []),
        (paper("issued"), date(2027, 2, 20), []),
        (paper("applied"), date(2027, 2, 20), ["red"]),
        (paper("none"), date(2027, 2, 20), ["red"]),
        (paper("not_needed"), date(2027, 2, 20), []),
        (paper("applied"), None, []),
        (None, date(2027, 2, 20), []),
    ],
)
def test_too_early_advertising(permit: Any, began: Any, expected: list[str]) -> None:
    assert severities(lawful(permit=permit, sales_started_date=began), "LAW-006") == expected
    assert severities(lawful(ABROAD, permit=permit, sales_started_date=began), "LAW-006") == []


@pytest.mark.parametrize(
    ("kind", "valid", "expected"),
    [
        ("permit", date(2027, 3, 19), ["red"]),
        ("permit", date(2027, 3, 20), []),
        ("insurance", date(2027, 3, 19), ["amber"]),
        ("permit", None, []),
    ],
)
def test_expired_paper(kind: str, valid: Any, expected: list[str]) -> None:
    assert severities(lawful(**{kind: paper("issued", valid_until_date=valid)}), "LAW-007") == expected


def test_a_paper_that_runs_out_during_the_event() -> None:
    long_event = {"ends_at": at("22:00", "2027-03-25")}
    checked = lawful(long_event, permit=paper("issued", valid_until_date=date(2027, 3, 22)))
    assert severities(checked, "LAW-007") == ["amber"]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("permit", date(2027, 3, 21), ["red"]),
        ("permit", date(2027, 3, 20), []),
        ("security_contract", date(2027, 3, 20), ["amber"]),
        ("security_contract", date(2027, 3, 19), ["amber"]),
        ("security_contract", date(2027, 3, 18), []),
        ("insurance", date(2027, 3, 25), []),
    ],
)
def test_late_paper(kind: str, given: date, expected: list[str]) -> None:
    assert severities(lawful(**{kind: paper("signed", issued_date=given)}), "LAW-008") == expected


def test_alcohol() -> None:
    (found,) = findings(lawful({"alcohol": "some"}), "LAW-009")
    assert found.severity == "amber"
    assert "within 500 m" in found.message.in_english()
    assert severities(lawful({"alcohol": "none"}), "LAW-009") == []
    assert severities(lawful(), "LAW-009") == []


def concluded(heading: str, result: str, **keys: Any) -> dict[str, Any]:
    return {"heading": heading, "result": result, **keys}


def test_negative_conclusion() -> None:
    bad, good = concluded("fire", "negative"), concluded("sanitary", "positive")
    (found,) = findings(lawful(conclusions=[bad, good]), "LAW-020")
    assert found.severity == "red"
    assert found.message.in_english() == "The conclusion on fire safety and evacuation is negative."
    assert severities(lawful(ABROAD, conclusions=[bad]), "LAW-020") == ["amber"]
    pending = concluded("fire", "pending")
    assert severities(lawful(conclusions=[pending]), "LAW-020") == ["amber"]
    assert severities(lawful(ABROAD, conclusions=[pending]), "LAW-020") == []
    assert severities(lawful(), "LAW-020") == []


def test_a_later_conclusion_replaces_an_earlier_one() -> None:
    later = concluded("fire", "positive", on_date=date(2027, 3, 10))
    earlier = concluded("fire", "negative", on_date=date(2027, 3, 1))
    assert severities(lawful(conclusions=[later, earlier]), "LAW-020") == []


def test_missing_conclusions() -> None:
    some = [concluded("fire", "positive"), concluded("medical", "positive")]
    (found,) = findings(lawful(conclusions=some), "LAW-021")
    assert found.severity == "info"
    assert found.message.in_english() == (
        "There is no conclusion on: sanitary conditions, security and communications."
    )
    assert severities(lawful(), "LAW-021") == []
    assert severities(lawful(COMPLETE), "LAW-021") == ["amber"]
    assert severities(lawful(COMPLETE, permit=paper("issued")), "LAW-021") == ["info"]


@pytest.mark.parametrize(
    ("event", "state", "expected"),
    [
        (ABROAD, "refused", ["amber"]),
        (ABROAD, "none", ["amber"]),
        (ABROAD, "issued", []),
        ({"kind": "rally"}, "refused", ["amber"]),
        (EXTRACT, "refused", []),
    ],
)
def test_no_permit_elsewhere(event: dict[str, Any], state: str, expected: list[str]) -> None:
    assert severities(lawful(event, permit=paper(state)), "LAW-030") == expected


@pytest.mark.parametrize(
    ("event", "papers", "expected"),
    [
        (ABROAD, {"permit": paper("issued", valid_until_date=date(2027, 3, 1))}, ["amber"]),
        (ABROAD, {"permit": paper("issued", valid_until_date=date(2027, 3, 20))}, []),
        (ABROAD, {"permit": paper("issued")}, []),
        (ABROAD, {"permit": paper("applied", valid_until_date=date(2027, 3, 1))}, []),
        (ABROAD, {"concert_licence": paper("withdrawn")}, ["amber"]),
        (ABROAD, {"concert_licence": paper("signed", valid_until_date=date(2027, 3, 1))}, ["amber"]),
        (ABROAD, {"concert_licence": paper("none")}, []),
        (ABROAD, {"insurance": paper("withdrawn")}, []),
        (EXTRACT, {"permit": paper("issued", valid_until_date=date(2027, 3, 1))}, []),
    ],
)
def test_papers_that_ran_out_elsewhere(
    event: dict[str, Any], papers: dict[str, Any], expected: list[str]
) -> None:
    assert severities(lawful(event, **papers), "LAW-030") == expected


def test_a_paper_that_ran_out_tells_its_day() -> None:
    checked = lawful({**ABROAD}, permit=paper("issued", valid_until_date=date(2027, 3, 1)))
    (found,) = findings(checked, "LAW-030")
    assert "There is no valid permit to hold the event for" in found.message.in_english()
    assert "it is valid only until 01.03.2027" in found.message.in_english()


def test_abroad_nothing_of_the_law_of_uzbekistan_is_said() -> None:
    papers = {"permit": paper("none", issued_date=date(2027, 3, 25), valid_until_date=date(2027, 3, 1))}
    elsewhere = lawful(
        {**ABROAD, **COMPLETE, "alcohol": "heavy"}, **papers, sales_started_date=date(2027, 1, 1)
    )
    assert not any(severities(elsewhere, rule_id) for rule_id in UZBEK_RULES)
    by_clock = {"time_zone": "Europe/Berlin", **COMPLETE, "alcohol": "heavy"}
    assert not any(severities(lawful(by_clock, **papers), rule_id) for rule_id in UZBEK_RULES)


def test_every_rule_of_the_family_is_tested_here() -> None:
    assert {item.id for item in list_rules() if item.family == "LAW"} == {*UZBEK_RULES, "LAW-020", "LAW-030"}

# SPDX-License-Identifier: Apache-2.0
"""Accepted findings: keys, and when an acceptance lapses by itself."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.approvals.rules.judging import (
    WHYS,
    Acceptance,
    Bounds,
    bounds_of,
    digest_of_words,
    find_lapse,
    is_worse,
    judge_findings,
    keyed,
)
from hamkor.approvals.tests.rounds import START
from hamkor.checks.queries import list_checked_rules
from hamkor.checks.rules.findings import Finding, Found, Subject
from hamkor.checks.rules.registry import to_finding
from hamkor.common.figures import Range

RULE = next(rule for rule in list_checked_rules() if rule.id == "ENT-001")
NUMBERS = st.one_of(st.floats(min_value=0, max_value=1e9), st.just(math.inf))
RANGES = st.tuples(NUMBERS, NUMBERS, NUMBERS).map(lambda three: Range(*sorted(three)))


def finding(ratio: Range | None = None, **others: Any) -> Finding:
    values: dict[str, Any] = {
        "subject": Subject("opening", "g1"),
        "severity": "amber",
        "ratio": ratio,
        **others,
    }
    return to_finding(RULE, Found(**values))


def accepted(given_at: Finding, **others: Any) -> Acceptance:
    values: dict[str, Any] = {
        "id": "ENT-001/opening/g1",
        "rule": given_at.rule,
        "subject_kind": given_at.subject.kind,
        "subject_id": given_at.subject.id,
        "severity": given_at.severity,
        "profile": "p",
        "reason": "Known.",
        "number": 5,
        "by": "person:a",
        "at": START,
        "head_number": 4,
        "measured": bounds_of(given_at.measured),
        "limit": bounds_of(given_at.limit),
        "ratio": bounds_of(given_at.ratio),
        "fails_under": given_at.fails_under,
        "words": digest_of_words(given_at) if given_at.ratio is None else None,
        **others,
    }
    return Acceptance(**values)


@given(RANGES)
def test_the_same_figures_are_not_worse(ratio: Range) -> None:
    assert find_lapse(accepted(finding(ratio)), finding(ratio)) is None


@given(RANGES, RANGES)
def test_worse_is_any_end_of_the_range_above_the_accepted_one(then: Range, now: Range) -> None:
    pairs = [(then.low, now.low), (then.nominal, now.nominal), (then.high, now.high)]
    expected = any(new > old and not math.isclose(new, old, rel_tol=1e-9) for old, new in pairs)
    assert is_worse(accepted(finding(then)), finding(now)) is expected


@given(RANGES)
def test_a_recorded_range_can_be_written_and_read(value: Range) -> None:
    bounds = bounds_of(value)
    assert msgspec.json.decode(msgspec.json.encode(bounds), type=Bounds) == bounds


def test_not_a_number_is_recorded_as_beyond_every_number() -> None:
    assert bounds_of(Range(math.nan, 1, math.inf)) == Bounds(None, 1.0, None)


def test_better_figures_keep_an_acceptance() -> None:
    then, now = finding(Range(1.2, 1.4, 1.6)), finding(Range(1.1, 1.4, 1.5))
    assert find_lapse(accepted(then), now) is None


def test_a_wider_range_is_worse() -> None:
    then, now = finding(Range(1.2, 1.3, 1.4)), finding(Range(1.1, 1.3, 1.5))
    assert find_lapse(accepted(then), now) == "figures"


def test_without_a_ratio_any_other_figure_is_worse() -> None:
    then = finding(measured=Range.exactly(5))
    assert find_lapse(accepted(then), finding(measured=Range.exactly(5))) is None
    assert find_lapse(accepted(then), finding(measured=Range.exactly(4))) == "figures"
    assert find_lapse(accepted(then), finding()) == "figures"
    assert find_lapse(accepted(then), finding(Range.exactly(1))) == "figures"


def test_heavier_lapses_and_lighter_does_not() -> None:
    amber, red = finding(), finding(severity="red")
    assert find_lapse(accepted(amber), red) == "severity"
    assert find_lapse(accepted(red), amber) is None


def test_one_more_profile_lapses() -> None:
    then = finding(Range.exactly(2), fails_under=("a",))
    assert find_lapse(accepted(then), finding(Range.exactly(2), fails_under=("a", "b"))) == "profiles"
    assert find_lapse(accepted(then), finding(Range.exactly(2))) is None


def test_other_words_lapse_where_there_is_no_ratio() -> None:
    then = finding(facts={"who": ["iib"]})
    assert find_lapse(accepted(then), finding(facts={"who": ["iib", "mg"]})) == "words"
    renamed = finding(facts={"who": ["iib"]}, subject=Subject("opening", "g1", "Gate"))
    assert find_lapse(accepted(then), renamed) is None


def test_twice_at_one_subject_gives_two_keys() -> None:
    assert list(keyed([finding(), finding()])) == ["ENT-001/opening/g1", "ENT-001/opening/g1#2"]


def test_findings_are_judged_in_their_order_and_gone_ones_last() -> None:
    here, gone = finding(), accepted(finding(), id="LAW-001/plan/x")
    judged = judge_findings([here], {gone.id: gone})
    assert [(item.key, item.state, item.why) for item in judged] == [
        ("ENT-001/opening/g1", "open", None),
        ("LAW-001/plan/x", "lapsed", "gone"),
    ]
    assert not judged[1].is_open_red


@pytest.mark.parametrize("why", WHYS)
def test_why_is_said_in_words(why: Any) -> None:
    judged = judge_findings([], {"x": accepted(finding(), id="x")})[0]
    shown = msgspec.structs.replace(judged, why=why).why_lapsed
    assert shown is not None
    assert shown.in_english() == WHYS[why]

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.common.figures import ZERO, Estimate, KnownFigure, Range, as_range, known, range_of, total

amounts = st.one_of(st.just(0.0), st.floats(1e-6, 1e6))


@st.composite
def ranges_with_a_member(draw: st.DrawFn) -> tuple[Range, float]:
    low, nominal, high = sorted(draw(st.tuples(amounts, amounts, amounts)))
    member = draw(st.floats(low, high))
    return Range(low, nominal, high), member


@st.composite
def nested_ranges(draw: st.DrawFn) -> tuple[Range, Range]:
    lowest, low, nominal, high, highest = sorted(draw(st.tuples(*[amounts] * 5)))
    return Range(low, nominal, high), Range(lowest, nominal, highest)


ranges = ranges_with_a_member().map(lambda pair: pair[0])


def contains(outer: Range, value: float) -> bool:
    return outer.low <= value <= outer.high


def is_within(inner: Range, outer: Range) -> bool:
    return outer.low <= inner.low and inner.high <= outer.high


OPERATIONS = {
    "sum": (lambda a, b: a + b, lambda x, y: x + y),
    "product": (lambda a, b: a * b, lambda x, y: x * y),
    "difference": (lambda a, b: a.less(b), lambda x, y: max(0.0, x - y)),
    "least": (lambda a, b: a.least_of(b), min),
}


@pytest.mark.parametrize("name", OPERATIONS)
@given(first=ranges_with_a_member(), second=ranges_with_a_member())
def test_result_holds_the_result_of_any_two_members(
    name: str, first: tuple[Range, float], second: tuple[Range, float]
) -> None:
    of_ranges, of_numbers = OPERATIONS[name]
    assert contains(of_ranges(first[0], second[0]), of_numbers(first[1], second[1]))


@given(first=ranges_with_a_member(), second=ranges_with_a_member())
def test_quotient_holds_the_quotient_of_any_two_members(
    first: tuple[Range, float], second: tuple[Range, float]
) -> None:
    if second[1] > 0:
        assert contains(first[0] / second[0], first[1] / second[1]) or second[0].high == 0


@pytest.mark.parametrize("name", [*OPERATIONS, "quotient"])
@given(first=nested_ranges(), second=nested_ranges())
def test_knowing_less_never_narrows_the_result(
    name: str, first: tuple[Range, Range], second: tuple[Range, Range]
) -> None:
    operation = OPERATIONS[name][0] if name in OPERATIONS else lambda a, b: a / b
    assert is_within(operation(first[0], second[0]), operation(first[1], second[1]))


@pytest.mark.parametrize("name", [*OPERATIONS, "quotient"])
@given(first=ranges, second=ranges)
def test_nominal_lies_between_low_and_high(name: str, first: Range, second: Range) -> None:
    operation = OPERATIONS[name][0] if name in OPERATIONS else lambda a, b: a / b
    result = operation(first, second)
    assert result.low <= result.nominal <= result.high


def test_dividing_by_what_may_be_zero_is_open_above() -> None:
    assert Range(10, 20, 30) / Range(0, 1, 2) == Range(5, 20, float("inf"))
    assert Range.exactly(0) / 0.0 == ZERO


def test_numbers_mix_with_ranges() -> None:
    assert Range(1, 2, 3) + 1.0 == Range(2, 3, 4)
    assert Range(1, 2, 3) * 2.0 == Range(2, 4, 6)
    assert Range(1, 2, 3).less(2.0) == Range(0, 0, 1)
    assert as_range(2) == Range.exactly(2)
    assert Range.exactly(2).is_exact
    assert not Range(1, 2, 3).is_exact


@given(st.lists(ranges, max_size=6))
def test_total_is_at_least_its_largest_part(parts: list[Range]) -> None:
    result = total(parts)
    assert all(result.low >= part.low and result.high >= part.high for part in parts)
    assert parts or result == ZERO


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (5.0, Range(5, 5, 5)),
        (KnownFigure(value=5), Range(5, 5, 5)),
        (KnownFigure(low=2, high=6), Range(2, 4, 6)),
        (KnownFigure(value=3, low=2, high=6), Range(2, 3, 6)),
        (KnownFigure(estimates=(Estimate(9), Estimate(1), Estimate(2))), Range(1, 2, 9)),
        (KnownFigure(value=4, estimates=(Estimate(1), Estimate(9))), Range(1, 4, 9)),
    ],
)
def test_range_of_a_figure(figure: float | KnownFigure, expected: Range) -> None:
    assert range_of(figure) == expected


def test_unknown_stays_unknown() -> None:
    assert known(None) is None
    assert known(0) == ZERO


@pytest.mark.parametrize(
    ("given_fields", "words"),
    [
        ({}, "give `value`"),
        ({"source": "a guess", "grade": "C"}, "give `value`"),
        ({"low": 1}, "both `low` and `high`"),
        ({"high": 1}, "both `low` and `high`"),
        ({"value": 1, "low": 1}, "both `low` and `high`"),
        ({"low": 2, "high": 1}, "`low` is above `high`"),
        ({"value": -1}, ">= 0"),
        ({"value": 1e10}, "<= 1000000000"),
        ({"value": 1, "grade": "E"}, "Invalid enum value 'E'"),
        ({"value": 1, "valeu": 2}, "unknown field `valeu`"),
    ],
)
def test_figures_that_say_nothing_or_contradict_themselves_are_refused(
    given_fields: dict[str, Any], words: str
) -> None:
    with pytest.raises(msgspec.ValidationError) as refusal:
        msgspec.convert(given_fields, KnownFigure)
    assert words in str(refusal.value)

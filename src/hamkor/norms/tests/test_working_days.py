# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.norms.rules import earliest_day_after, is_working_day, latest_day_before, working_days_between

DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
COUNTS = st.integers(0, 60)


@given(DAYS, COUNTS)
def test_the_latest_day_leaves_the_days_and_no_later_working_day_does(day: date, count: int) -> None:
    latest = latest_day_before(day, count)
    assert latest is not None
    assert is_working_day(latest)
    assert working_days_between(latest, day) == count
    later = [latest + timedelta(days=number) for number in range(1, (day - latest).days)]
    assert not any(is_working_day(other) and working_days_between(other, day) >= count for other in later)


@given(DAYS, st.integers(1, 60))
def test_the_earliest_day_ends_the_days(day: date, count: int) -> None:
    earliest = earliest_day_after(day, count)
    assert earliest is not None
    assert is_working_day(earliest)
    assert working_days_between(day, earliest) == count - 1


def test_a_decision_on_an_application_of_a_monday() -> None:
    assert earliest_day_after(date(2027, 1, 11), 15) == date(2027, 2, 1)
    assert latest_day_before(date(2027, 3, 21), 15) == date(2027, 2, 26)
    assert latest_day_before(date(2027, 3, 22), 0) == date(2027, 3, 19)


@pytest.mark.parametrize("count", [0, 1, 15, 1000])
def test_the_ends_of_the_calendar_give_no_day(count: int) -> None:
    assert latest_day_before(date.min, count) is None
    assert count == 0 or earliest_day_after(date.max, count) is None

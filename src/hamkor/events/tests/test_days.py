# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.events.rules import Event, days_to, first_day_of, last_day_of, local_day, phase_of

NAVRUZ = {
    "doors_open_at": "2027-03-21T15:30:00",
    "starts_at": "2027-03-21T18:00:00",
    "ends_at": "2027-03-21T22:30:00",
    "clear_by": "2027-03-21T23:30:00",
}


def event(**keys: Any) -> Event:
    base = {"format": "hamkor-event-1", "id": "e", "name": "Event", "kind": "fair"}
    return msgspec.convert({**base, **keys}, Event)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-22 00:00", "preparation"),
        ("2027-03-21 10:29", "preparation"),  # 15:29 in Tashkent, five hours ahead
        ("2027-03-21 10:30", "conduct"),
        ("2027-03-21 18:29", "conduct"),
        ("2027-03-21 18:30", "analysis"),
        ("2030-01-01 00:00", "analysis"),
    ],
)
def test_the_phase_follows_the_clock_at_the_event(moment: str, expected: str) -> None:
    assert phase_of(event(**NAVRUZ), utc(moment)) == expected


def test_conduct_lasts_until_the_last_end_that_is_known() -> None:
    later = event(**{**NAVRUZ, "clear_by": "2027-03-21T20:00:00"})
    assert phase_of(later, utc("2027-03-21 16:00")) == "conduct"


def test_an_event_without_an_end_is_not_over_on_its_night() -> None:
    open_end = event(starts_at="2027-03-21T18:00:00")
    assert phase_of(open_end, utc("2027-03-22 00:59")) == "conduct"
    assert phase_of(open_end, utc("2027-03-22 01:00")) == "analysis"


@pytest.mark.parametrize(
    "keys", [{}, {"ends_at": "2027-03-21T22:30:00"}, {**NAVRUZ, "time_zone": "Mars/Base"}]
)
def test_what_is_not_known_has_no_phase(keys: dict[str, Any]) -> None:
    assert phase_of(event(**keys), utc("2027-03-21 12:00")) is None


def test_days_are_counted_where_the_event_takes_place() -> None:
    evening = utc("2027-03-19 20:00")  # already the 20th in Tashkent
    day = local_day(event(**NAVRUZ), evening)
    assert day == date(2027, 3, 20)
    assert days_to(event(**NAVRUZ), day) == 1
    assert days_to(event(**NAVRUZ), date(2027, 3, 23)) == -2
    assert days_to(event(), day) is None
    assert local_day(event(time_zone="../../etc/passwd"), evening) is None


def test_an_end_after_midnight_belongs_to_the_evening() -> None:
    late = event(**{**NAVRUZ, "ends_at": "2027-03-22T02:00:00"})
    assert first_day_of(late) == last_day_of(late) == date(2027, 3, 21)


@given(
    st.datetimes(),
    st.one_of(st.none(), st.datetimes()),
    st.one_of(st.none(), st.datetimes()),
    st.datetimes(timezones=st.just(UTC)),
)
def test_any_dates_give_a_phase_and_never_go_back(
    starts_at: datetime, ends_at: datetime | None, clear_by: datetime | None, now: datetime
) -> None:
    any_event = msgspec.structs.replace(event(), starts_at=starts_at, ends_at=ends_at, clear_by=clear_by)
    order = ["preparation", "conduct", "analysis"]
    found = phase_of(any_event, now)
    later = phase_of(any_event, max(now, datetime(9990, 1, 1, tzinfo=UTC)))
    assert found in {*order, None}
    if found is not None and later is not None:
        assert order.index(found) <= order.index(later)
    last_day_of(any_event)

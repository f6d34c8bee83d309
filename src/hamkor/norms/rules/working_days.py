# SPDX-License-Identifier: Apache-2.0
"""Days as offices count them: Monday to Friday; public holidays are not known here."""

from __future__ import annotations

from datetime import date, timedelta

DAYS_A_WEEK = 7
WORKING_DAYS_A_WEEK = 5
DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Returns True from Monday to Friday."""
    return day.weekday() < WORKING_DAYS_A_WEEK


def working_days_between(first: date, last: date) -> int:
    """Returns the working days after the first day and before the last.

    Notes:
        Monday to Friday; public holidays are not known here, so there may be fewer.
    """
    day = first + DAY
    weeks, rest = divmod(max((last - day).days, 0), DAYS_A_WEEK)
    odd_days = ((day.weekday() + number) % DAYS_A_WEEK for number in range(rest))
    return weeks * WORKING_DAYS_A_WEEK + sum(weekday < WORKING_DAYS_A_WEEK for weekday in odd_days)


def latest_day_before(day: date, working_days: int) -> date | None:
    """Returns the last working day that leaves so many working days before `day`; None before the calendar begins.

    Args:
        day: The day by which something must have happened.
        working_days: Working days wanted between the two, not below 0.
    """
    try:
        # One more step back: that day itself is the one on which an office is open to take something in.
        return _step(day, working_days + 1, -DAY)
    except OverflowError:
        return None


def earliest_day_after(day: date, working_days: int) -> date | None:
    """Returns the day on which so many working days after `day` are over; None after the calendar ends.

    Args:
        day: The day from which is counted; it does not count itself.
        working_days: Working days that are allowed, not below 0.
    """
    try:
        return _step(day, working_days, DAY)
    except OverflowError:
        return None


def _step(day: date, working_days: int, step: timedelta) -> date:
    weeks, rest = divmod(working_days, WORKING_DAYS_A_WEEK)
    # Whole weeks at once from a working day; the rest one by one.
    if weeks and not is_working_day(day):
        weeks, rest = weeks - 1, rest + WORKING_DAYS_A_WEEK
    day += step * (weeks * DAYS_A_WEEK)
    while rest:
        day += step
        rest -= is_working_day(day)
    return day

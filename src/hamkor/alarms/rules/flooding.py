# SPDX-License-Identifier: Apache-2.0
"""Too many alarms at once: what a person cannot hear one by one is shown as a group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from hamkor.alarms.rules.alarms import CRITICAL, Alarm
from hamkor.alarms.rules.profiles import DEFAULT_PROFILE, alarm_profile


class Flood:
    """Counts the alarms each hearer got lately, and says which further ones go into a group.

    Args:
        alarms: Alarms so far.
        at: Now, aware.
        profile: Name of the profile with window and numbers.

    Notes:
        All alarms count, also those in a group: a flood ends when few come, not when few are shown. None is dropped;
        a group is a way to show them.

    Source: EEMUA 191: an operator cannot handle more than ten alarms in ten minutes.
    """

    def __init__(self, alarms: Iterable[Alarm], at: datetime, profile: str = DEFAULT_PROFILE) -> None:
        self._numbers = alarm_profile(profile)
        since = at - timedelta(seconds=self._numbers.flood_window_s)
        self._counts: Counter[str] = Counter()
        for alarm in alarms:
            if alarm.raised_at > since:
                self._counts.update(set(alarm.to))

    def take(self, priority: int, to: Iterable[str]) -> bool:
        """Counts a new alarm and returns True when it goes into a group.

        Args:
            priority: 1 is never grouped; 2 only in a flood twice as large.
            to: Its hearers; it is shown by itself when one of them can still handle it.
        """
        hearing = set(to)
        self._counts.update(hearing)
        if priority == CRITICAL or not hearing:
            return False
        most = self._numbers.flood_alarms_high if priority == 2 else self._numbers.flood_alarms
        return all(self._counts[hearer] > most for hearer in hearing)

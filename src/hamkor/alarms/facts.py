# SPDX-License-Identifier: Apache-2.0
"""What can happen to alarms: raised, come back, repeated, returned, acknowledged, shelved, unshelved, cleared."""

from hamkor.alarms.rules.happenings import (
    ALARM,
    ALARM_ACKNOWLEDGED,
    ALARM_CLEARED,
    ALARM_RAISED,
    ALARM_RECURRED,
    ALARM_REPEATED,
    ALARM_RETURNED,
    ALARM_RULE,
    ALARM_SHELVED,
    ALARM_UNSHELVED,
    AlarmAcknowledged,
    AlarmCleared,
    AlarmRaised,
    AlarmRecurred,
    AlarmRepeated,
    AlarmReturned,
    AlarmShelved,
    AlarmUnshelved,
)

__all__ = [
    "ALARM",
    "ALARM_ACKNOWLEDGED",
    "ALARM_CLEARED",
    "ALARM_RAISED",
    "ALARM_RECURRED",
    "ALARM_REPEATED",
    "ALARM_RETURNED",
    "ALARM_RULE",
    "ALARM_SHELVED",
    "ALARM_UNSHELVED",
    "AlarmAcknowledged",
    "AlarmCleared",
    "AlarmRaised",
    "AlarmRecurred",
    "AlarmRepeated",
    "AlarmReturned",
    "AlarmShelved",
    "AlarmUnshelved",
]

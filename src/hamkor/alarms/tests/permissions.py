# SPDX-License-Identifier: Apache-2.0
"""Who may send which command of alarms: rows of the table of all commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hamkor.alarms import commands as alarms
from hamkor.alarms.rules.alarms import AlarmRule

TABLE: dict[str, str] = {
    # Everybody who reports may raise one by hand; who works at the console answers, an agency what is for it.
    "alarms.raise_manual": "...x..x...xx xx",
    "alarms.acknowledge": ".x?x??x..xxx xx",
    "alarms.shelve": ".x?x??x..xxx xx",
    "alarms.unshelve": ".x?x??x..xxx xx",
    "alarms.clear_alarm": ".x?x??x..xxx xx",
    # Rules are the coordinator's.
    "alarms.install_rules": ".xxxxxxxxxxx xx",
    "alarms.set_rule": ".xxxxxxxxxxx xx",
    "alarms.remove_rule": "?xxxxxxxxxxx xx",
}

WITHOUT_A_VIEWER: dict[str, str] = {
    "alarms.raise_alarms": "the server itself, from readings and the clock",
    "alarms.clear_alarms": "as above",
    "alarms.repeat_alarms": "as above",
    "alarms.follow_signals": "as above",
}


def sending(desk: Any) -> dict[str, Callable[[], object]]:
    """Returns the commands of alarms about one event, each with something to say; another raised the alarm."""
    store, viewer = desk.store, desk.viewer
    alarm = desk.sent(desk.other)
    alarms.raise_manual(store, alarm, viewer=desk.other, title="Look", priority=2)
    one, many = {"alarm_id": str(alarm.command_id)}, {"alarm_ids": [str(alarm.command_id)]}
    rule = AlarmRule(
        id="own", title="T", sort="threshold", measure="density", limit=4.0, priority=2, action="A"
    )

    def send(command: Callable[..., object], **values: Any) -> Callable[[], object]:
        return lambda: command(store, desk.sent(), viewer=viewer, **values)

    return {
        "alarms.raise_manual": send(alarms.raise_manual, title="Look"),
        "alarms.acknowledge": send(alarms.acknowledge, **many),
        "alarms.shelve": send(alarms.shelve, minutes=5, reason="Known.", **many),
        "alarms.unshelve": send(alarms.unshelve, **many),
        "alarms.clear_alarm": send(alarms.clear_alarm, reason="Seen to.", **one),
        "alarms.install_rules": send(alarms.install_rules),
        "alarms.set_rule": send(alarms.set_rule, rule=rule),
        "alarms.remove_rule": send(alarms.remove_rule, rule_id="none"),
    }

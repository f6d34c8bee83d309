# SPDX-License-Identifier: Apache-2.0
"""The verbs of alarms: of the server, of people at the console, of the coordinator."""

from hamkor.alarms.commands.answers import acknowledge, clear_alarm, raise_manual, shelve, unshelve
from hamkor.alarms.commands.rules import install_rules, remove_rule, set_rule
from hamkor.alarms.commands.signals import clear_alarms, follow_signals, raise_alarms, repeat_alarms

__all__ = [
    "acknowledge",
    "clear_alarm",
    "clear_alarms",
    "follow_signals",
    "install_rules",
    "raise_alarms",
    "raise_manual",
    "remove_rule",
    "repeat_alarms",
    "set_rule",
    "shelve",
    "unshelve",
]

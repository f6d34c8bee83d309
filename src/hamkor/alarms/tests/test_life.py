# SPDX-License-Identifier: Apache-2.0
"""No alarm is lost: random conditions, restarts and people, against a model that only knows what holds."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hamkor.alarms.commands import (
    acknowledge,
    clear_alarm,
    clear_alarms,
    install_rules,
    raise_alarms,
    raise_manual,
    repeat_alarms,
    set_rule,
    shelve,
    unshelve,
)
from hamkor.alarms.queries import list_ended_shelves
from hamkor.alarms.rules.alarms import Alarm
from hamkor.alarms.rules.evaluating import Clear, Raise, Repeat
from hamkor.alarms.tests import builders
from hamkor.alarms.tests.builders import COORDINATOR, FIELD, INGEST, OPERATOR, STREAM, T0, WATCH
from hamkor.common.errors import HamkorError
from hamkor.journal.queries import get_documents, list_entries, verify_journal
from hamkor.journal.rules import fold

KEYS = [(rule_id, zone) for rule_id in ("density-critical", "density-high") for zone in ("pen", "square")]
NUMBERS = st.integers(0, 7)


class Life(RuleBasedStateMachine):
    """Conditions come and go, people answer, time passes; `holding` is what is true."""

    def __init__(self) -> None:
        super().__init__()
        self.store = builders.store_with_event()
        self.now = timedelta(0)
        self.holding: set[tuple[str, str]] = set()
        self.answered: set[str] = set()
        self.closed_by_hand: set[str] = set()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        return builders.alarms(self.store)

    def send(self, verb: Any, who: Any, **keys: Any) -> None:
        self.now += timedelta(seconds=1)
        with suppress(HamkorError):
            verb(self.store, builders.envelope(who, after=self.now), viewer=who, **keys)

    def chosen(self, numbers: list[int]) -> list[str]:
        alarms = self.alarms
        return [alarms[-1 - number % len(alarms)].id for number in numbers] if alarms else []

    @rule(key=st.sampled_from(KEYS))
    def begins(self, key: tuple[str, str]) -> None:
        signal = Raise(rule=key[0], subject_kind="zone", subject=key[1], feature=key[1], value=6.0, at=T0)
        self.send(raise_alarms, INGEST, alarms=[signal])
        self.holding.add(key)

    @rule(key=st.sampled_from(KEYS))
    def goes_on(self, key: tuple[str, str]) -> None:
        if key in self.holding:
            signal = Repeat(rule=key[0], subject_kind="zone", subject=key[1], value=6.5, at=T0, count=3)
            self.send(repeat_alarms, INGEST, alarms=[signal])

    @rule(key=st.sampled_from(KEYS))
    def ends(self, key: tuple[str, str]) -> None:
        signal = Clear(rule=key[0], subject_kind="zone", subject=key[1], value=1.0, at=T0)
        self.send(clear_alarms, INGEST, alarms=[signal])
        self.holding.discard(key)

    @rule()
    def by_hand(self) -> None:
        self.send(raise_manual, FIELD, title="Look")

    @precondition(lambda self: self.alarms)
    @rule(numbers=st.lists(NUMBERS, min_size=1, max_size=3))
    def is_acknowledged(self, numbers: list[int]) -> None:
        ids = self.chosen(numbers)
        self.send(acknowledge, OPERATOR, alarm_ids=ids)
        self.answered.update(ids)

    @precondition(lambda self: self.alarms)
    @rule(number=NUMBERS, minutes=st.sampled_from([1, 10, 30]))
    def is_shelved(self, number: int, minutes: int) -> None:
        ids = self.chosen([number])
        self.send(shelve, OPERATOR, alarm_ids=ids, minutes=minutes, reason="Known.")
        self.answered.update(alarm.id for alarm in self.alarms if alarm.shelved_times)

    @precondition(lambda self: self.alarms)
    @rule(number=NUMBERS)
    def is_cleared(self, number: int) -> None:
        (alarm_id,) = self.chosen([number])
        self.send(clear_alarm, OPERATOR, alarm_id=alarm_id, reason="Seen to.")
        found = next(alarm for alarm in self.alarms if alarm.id == alarm_id)
        if found.cleared_by is not None:
            self.closed_by_hand.add(alarm_id)
            # A condition that was cleared by hand is raised again by the next reading that shows it.
            self.holding.discard((found.rule, found.subject))

    @rule(number=NUMBERS)
    def is_unshelved(self, number: int) -> None:
        self.send(unshelve, OPERATOR, alarm_ids=self.chosen([number]))

    @rule(minutes=st.sampled_from([1, 5, 15]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        at = builders.NOW + self.now
        self.send(unshelve, WATCH, alarm_ids=list_ended_shelves(get_documents(self.store, STREAM), at))

    @rule(step=st.sampled_from([1.0, 0.5]))
    def rules_change(self, step: float) -> None:
        self.send(install_rules, COORDINATOR)
        mine = builders.rule(id="density-high", limit=4.0, clear_at=4.0 - step)
        self.send(set_rule, COORDINATOR, rule=mine)

    @invariant()
    def what_holds_has_exactly_one_open_alarm(self) -> None:
        shown = [(alarm.rule, alarm.subject) for alarm in self.alarms if alarm.is_open and alarm.is_active]
        measured = [key for key in shown if key in KEYS]
        assert sorted(measured) == sorted(self.holding)

    @invariant()
    def nothing_is_over_that_nobody_answered(self) -> None:
        over = {alarm.id for alarm in self.alarms if not alarm.is_open}
        assert over <= self.answered | self.closed_by_hand

    @invariant()
    def every_alarm_has_a_number_and_an_action(self) -> None:
        assert [alarm.number for alarm in self.alarms] == list(range(1, len(self.alarms) + 1))
        assert all(alarm.action for alarm in self.alarms)

    def teardown(self) -> None:
        assert fold(list_entries(self.store, STREAM)) == get_documents(self.store, STREAM)
        verify_journal(self.store, STREAM)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)

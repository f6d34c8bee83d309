# SPDX-License-Identifier: Apache-2.0
"""Brings readings and the rules of alarms together, for the process that takes readings in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from hamkor.alarms.commands import follow_signals
from hamkor.alarms.facts import ALARM
from hamkor.alarms.queries import rules_in_force
from hamkor.alarms.rules.alarms import Alarm
from hamkor.alarms.rules.evaluating import Context, Evaluator, Signal, context_of_plan
from hamkor.common.ids import new_id
from hamkor.journal.queries import Store
from hamkor.journal.rules import Documents, Envelope
from hamkor.plans.queries.plan import plan_of
from hamkor.telemetry.facts import DEVICE
from hamkor.telemetry.rules.devices import SYSTEM_INGEST
from hamkor.telemetry.rules.readings import COUNTERS, Sample
from hamkor.telemetry.rules.tracking import Value

# What makes rules speak; a change of anything else needs no second look.
_OF_RULES = ("alarm_rule", "device", "feature", "attendance")
TICK_S = 1.0


class AlarmJudge:
    """Looks at the readings of one event by its rules, and raises alarms.

    Args:
        store: The journals.
        stream: Id of the event.
    """

    def __init__(self, store: Store, stream: str) -> None:
        self._store, self._stream = store, stream
        self._evaluator: Evaluator | None = None
        self._seen: tuple[Any, ...] = ()
        self._alarms: tuple[Alarm, ...] = ()
        self._ticked_s = 0.0
        self._measures: frozenset[str] = COUNTERS

    def refresh(self, documents: Documents) -> None:
        """Takes the documents over: rules and venue where they have changed, and which alarms are open."""
        seen = tuple(documents.all(kind) for kind in _OF_RULES)
        alarms = documents.all(ALARM)
        if self._evaluator is None or seen != self._seen:
            self._seen = seen
            rules = rules_in_force(documents)
            self._measures = COUNTERS | {rule.measure for rule in rules if rule.measure is not None}
            context = _context_of(documents)
            if self._evaluator is None:
                since = datetime.now(UTC).timestamp()
                self._evaluator = Evaluator(rules, context, since=since, alarms=alarms)
            else:
                self._evaluator.replace(rules, context)
        elif alarms != self._alarms:
            self._evaluator.learn(alarms)
        self._alarms = alarms

    def feed(self, samples: Sequence[Sample], values: Sequence[Value], at: datetime) -> Sequence[Signal]:
        """Returns what follows from readings at a moment, and once a second what follows from silence."""
        del values
        evaluator, now = self._evaluator, at.timestamp()
        if evaluator is None:
            return ()
        # Rules look at few measures; of the rest it only matters that their devices are alive.
        wanted, heard = self._measures, {}
        told = []
        for sample in samples:
            if sample.measure in wanted:
                told.append(
                    (sample.device, sample.measure, sample.feature, sample.value, sample.at_ms / 1000)
                )
            else:
                heard[sample.device] = sample.at_ms
        told += [(device, "heartbeat", None, 1.0, at_ms / 1000) for device, at_ms in heard.items()]
        found = evaluator.feed(told, now) if told else []
        if now - self._ticked_s >= TICK_S:
            self._ticked_s = now
            found += evaluator.tick(now)
        return found

    def act(self, found: Sequence[Signal]) -> None:
        """Raises, repeats and returns alarms in one command; said again it changes nothing that is known."""
        at = datetime.now(UTC)
        envelope = Envelope(stream=self._stream, command_id=new_id(at), at=at, by=SYSTEM_INGEST.person)
        follow_signals(self._store, envelope, viewer=SYSTEM_INGEST, signals=found)


def judge_of(store: Store) -> Callable[[str], AlarmJudge]:
    """Returns what makes the rules of an event.

    Args:
        store: The journals.
    """
    return lambda stream: AlarmJudge(store, stream)


def _context_of(documents: Documents) -> Context:
    """Returns the venue as rules see it, with the devices that are registered."""
    devices = {device.id: device.feature for device in documents.all(DEVICE) if device.revoked_at is None}
    plan = plan_of(documents, {})
    return Context(devices=devices) if plan is None else context_of_plan(plan, devices=devices)

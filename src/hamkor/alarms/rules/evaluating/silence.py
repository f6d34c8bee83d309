# SPDX-License-Identifier: Apache-2.0
"""Devices that say nothing: a place nobody watches is not a place where nothing happens."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from hamkor.alarms.rules.alarms import AlarmRule, Key
from hamkor.alarms.rules.evaluating.signals import Clear, Raise, Signal


class Silence:
    """Remembers when each device was heard, and which were found silent."""

    def __init__(self) -> None:
        self._rules: list[AlarmRule] = []
        self._places: Mapping[str, str | None] = {}
        self._heard: dict[str, float] = {}
        self._lost: dict[str, set[str]] = {}
        self._shortest_s = math.inf

    def replace(self, rules: list[AlarmRule], devices: Mapping[str, str | None], *, since: float) -> None:
        """Puts other rules and devices in place.

        Args:
            rules: Rules about silence.
            devices: Registered devices with their features; others are watched from the moment they speak.
            since: Devices that never spoke are silent from here on.
        """
        for device in set(self._places) - set(devices):
            self._heard.pop(device, None)
        self._rules, self._places = rules, devices
        self._shortest_s = min((rule.window_s for rule in rules), default=math.inf)
        for device in devices:
            self._heard.setdefault(device, since)

    def learn(self, open_keys: Collection[Key]) -> None:
        """Takes over which devices were found silent."""
        known = {rule.id for rule in self._rules}
        self._lost = {}
        for rule_id, kind, device in open_keys:
            if kind == "device" and rule_id in known:
                self._lost.setdefault(device, set()).add(rule_id)

    def hear(self, device: str, at: float, out: list[Signal]) -> None:
        """Takes in that a device spoke."""
        if at > self._heard.get(device, -math.inf):
            self._heard[device] = at
            if device in self._lost:
                rule_ids = sorted(self._lost.pop(device))
                out.extend(
                    self._made(Clear, rule_id, device=device, silence_s=0.0, at=at) for rule_id in rule_ids
                )

    def tick(self, at: float, out: list[Signal]) -> None:
        """Takes in that time has passed, and appends what follows for devices that were silent too long."""
        for device, moment in self._heard.items():
            silence_s = at - moment
            if silence_s <= self._shortest_s:
                continue
            lost = self._lost.setdefault(device, set())
            for rule in self._rules_of(device):
                if silence_s > rule.window_s and rule.id not in lost:
                    lost.add(rule.id)
                    out.append(self._made(Raise, rule.id, device=device, silence_s=silence_s, at=at))

    def _rules_of(self, device: str) -> list[AlarmRule]:
        """Returns the rules about the silence of a device: those that name it before those for all."""
        names = {device, self._places.get(device)}
        named = [rule for rule in self._rules if names & set(rule.places)]
        return named or [rule for rule in self._rules if not rule.places]

    def _made(
        self, signal: type[Raise | Clear], rule_id: str, *, device: str, silence_s: float, at: float
    ) -> Signal:
        return signal(
            rule=rule_id,
            subject_kind="device",
            subject=device,
            feature=self._places.get(device),
            value=silence_s,
            at=at,
        )

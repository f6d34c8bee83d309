# SPDX-License-Identifier: Apache-2.0
"""One event as this process follows it: what is latest, which states changed, what the rules are to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, cast

import msgspec

from hamkor.events.rules import Attendance
from hamkor.journal.rules import Documents
from hamkor.telemetry.facts import DEVICE, DEVICE_STATE, ZONE_STATE
from hamkor.telemetry.receiving.batches import Batch
from hamkor.telemetry.receiving.counting import POSITIONS_DROPPED
from hamkor.telemetry.rules.devices import Device, DeviceState, State
from hamkor.telemetry.rules.layout import Layout, layout_of
from hamkor.telemetry.rules.minutes import Minutes
from hamkor.telemetry.rules.readings import DEFAULT_LIMITS, Limits, Sample
from hamkor.telemetry.rules.tracking import CounterMark, Tracker, Value, zone_state_of
from hamkor.telemetry.rules.zones import ZoneState, next_band

# A device is shown again after this, although nothing about it has changed.
DEVICE_SHOWN_MS = 10_000
REMEMBERED_PRESSES = 10_000


class Judge(Protocol):
    """Looks at readings by rules; made by the process, which knows the rooms of alarms."""

    def refresh(self, documents: Documents) -> None:
        """Takes the documents of the event over: its rules may have changed."""

    def feed(self, samples: Sequence[Sample], values: Sequence[Value], at: datetime) -> Sequence[Any]:
        """Returns what follows from readings, and from the silence of others, at a moment."""

    def act(self, found: Sequence[Any]) -> None:
        """Does what follows, in a thread; sending the same twice must do it once."""


class NoJudge:
    """No rules at all."""

    def refresh(self, documents: Documents) -> None:
        """Does nothing."""

    def feed(self, samples: Sequence[Sample], values: Sequence[Value], at: datetime) -> Sequence[Any]:
        """Returns nothing."""
        del samples, values, at
        return ()

    def act(self, found: Sequence[Any]) -> None:
        """Does nothing."""


class Heard:
    """When a device was heard, and how its clock is."""

    __slots__ = ("at_ms", "is_skewed", "shown", "shown_ms", "skew_ms")

    def __init__(self) -> None:
        self.at_ms = -1
        self.skew_ms = 0
        self.is_skewed = False
        self.shown: Mapping[str, Any] | None = None
        self.shown_ms = -1


class Lane:
    """Follows one event.

    Args:
        stream: Id of the event.
        judge: The rules.
        limits: From when a reading says nothing about now.
    """

    def __init__(self, stream: str, judge: Judge, limits: Limits = DEFAULT_LIMITS) -> None:
        self.stream, self.judge = stream, judge
        self.received_ms = 0
        self.minutes = Minutes()
        self.newest_wait_ms = -1
        self.is_urgent = False
        self._limits = limits
        self._tracker = Tracker(Layout())
        self._devices: dict[str, Device] = {}
        self._heard: dict[str, Heard] = {}
        self._pending: list[Sample] = []
        self._presses: dict[tuple[str, str | None, int], None] = {}
        self._bands: dict[str, tuple[int, int]] = {}
        self._states: dict[str, State] = {}
        self._sent: dict[tuple[str, str], Value] = {}
        self._drawn: tuple[Any, ...] = ()

    def refresh(self, documents: Documents) -> None:
        """Takes the documents of the event over: drawing, devices, states, rules."""
        self._devices = {device.id: device for device in documents.all(DEVICE) if device.revoked_at is None}
        self._redraw(documents)
        self._tracker.pace = _pace_of(documents)
        for state in documents.all(ZONE_STATE):
            self._bands.setdefault(state.id, (state.band, _ms(state.since)))
        for told in documents.all(DEVICE_STATE):
            # What was revoked and has a new key is heard anew.
            self._states.setdefault(told.id, told.state)
            if told.last_at is not None and told.id not in self._heard and told.state != "revoked":
                self._heard[told.id] = heard = Heard()
                heard.at_ms = _ms(told.last_at)
        self.judge.refresh(documents)

    def _redraw(self, documents: Documents) -> None:
        """Makes the tracker anew when the drawing or who carries what has changed; the counters go on."""
        units = {device.id: device.unit for device in self._devices.values() if device.unit}
        features = documents.all("feature")
        attendance = cast("Attendance | None", documents.get("attendance", "attendance"))
        drawn = (features, attendance, units)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        marks = self._tracker.marks()
        self._tracker = Tracker(layout_of(features, attendance), units=units)  # type: ignore[arg-type]  # of that kind
        self._tracker.restore(marks)

    def restore(self, marks: Iterable[CounterMark]) -> None:
        """Goes on counting where an earlier process has left off."""
        self._tracker.restore(marks)

    def marks(self) -> list[CounterMark]:
        """Returns where the counters stand."""
        return self._tracker.marks()

    def take(self, batch: Batch) -> None:
        """Takes a stored batch in."""
        heard = self._heard.get(batch.device)
        if heard is None:
            heard = self._heard[batch.device] = Heard()
        if batch.received_ms >= heard.at_ms:
            heard.at_ms, heard.skew_ms, heard.is_skewed = batch.received_ms, batch.skew_ms, batch.is_skewed
        self.received_ms = max(self.received_ms, batch.received_ms)
        self.newest_wait_ms = max(self.newest_wait_ms, batch.received_ms)
        self._tracker.take(batch.samples)
        self._pending += self._live(batch)

    def _live(self, batch: Batch) -> list[Sample]:
        """Returns what the rules look at: what is of now, and every press of a button, once."""
        oldest = batch.received_ms - int(self._limits.live_s * 1000)
        samples = batch.samples
        if any(sample.at_ms < oldest or sample.measure == "button" for sample in samples):
            return [sample for sample in samples if self._is_wanted(sample, oldest)]
        return samples

    def _is_wanted(self, sample: Sample, oldest: int) -> bool:
        if sample.measure != "button":
            return sample.at_ms >= oldest
        press = (sample.device, sample.feature, sample.at_ms)
        if press in self._presses:
            return False
        self._presses[press] = None
        self.is_urgent = True
        if len(self._presses) > REMEMBERED_PRESSES:
            del self._presses[next(iter(self._presses))]
        return True

    def pop_pending(self) -> list[Sample]:
        """Returns the readings the rules have not looked at, and forgets them."""
        pending, self._pending = self._pending, []
        self.newest_wait_ms, self.is_urgent = -1, False
        return pending

    def values(self, at_ms: int) -> list[Value]:
        """Returns what is known now, devices included."""
        return [*self._tracker.values(at_ms), *self._device_values(at_ms)]

    def _device_values(self, at_ms: int) -> Iterable[Value]:
        for device_id, heard in self._heard.items():
            device = self._devices.get(device_id)
            if device is None or heard.at_ms < 0:
                continue
            body: dict[str, Any] = {"sort": device.sort, "skew_s": round(heard.skew_ms / 1000, 1)}
            battery = self._tracker.battery_of(device_id)
            if battery is not None:
                body["battery"] = round(battery, 3)
            if not heard.is_skewed:
                del body["skew_s"]
            if body != heard.shown or at_ms - heard.shown_ms >= DEVICE_SHOWN_MS:
                heard.shown, heard.shown_ms = body, at_ms
                yield Value("device", device_id, heard.at_ms, body)

    def news(self, values: Sequence[Value]) -> list[Value]:
        """Returns the values that are not known outside yet, and remembers them as told."""
        found = []
        for value in values:
            key = (value.kind, value.id)
            before = self._sent.get(key)
            if before is None or before.at_ms != value.at_ms or before.body != value.body:
                if value.kind == "unit" and before is not None and before.at_ms == value.at_ms:
                    POSITIONS_DROPPED.inc()
                self._sent[key] = value
                found.append(value)
        return found

    def zone_changes(self, values: Sequence[Value], at_ms: int) -> list[ZoneState]:
        """Returns the zones whose band is another one now."""
        changed = []
        for value in values:
            if value.kind != "zone":
                continue
            band, since_ms = self._bands.get(value.id, (None, 0))
            body = value.body
            after = next_band(band, body.get("density"), body.get("fill"), stood_s=(at_ms - since_ms) / 1000)
            if after is not None and after != band:
                self._bands[value.id] = (after, at_ms)
                changed.append(zone_state_of(value, band=after, since=moment(at_ms)))
        return changed

    def device_changes(self, at_ms: int) -> list[DeviceState]:
        """Returns the devices that were lost, came back, or whose clock is wrong or right again."""
        changed = []
        for device_id, heard in self._heard.items():
            device = self._devices.get(device_id)
            if device is None or heard.at_ms < 0:
                continue
            state: State = "skewed" if heard.is_skewed else "live"
            if at_ms - heard.at_ms > device.silent_after_s * 1000:
                state = "lost"
            if self._states.get(device_id) != state:
                self._states[device_id] = state
                skew_s = round(heard.skew_ms / 1000, 1) if state == "skewed" else None
                told = {"last_at": moment(heard.at_ms), "skew_s": skew_s, "since": moment(at_ms)}
                changed.append(msgspec.convert({"id": device_id, "state": state, **told}, DeviceState))
        return changed


def _pace_of(documents: Documents) -> float:
    """Returns how fast the clock of the event runs; it belongs to a room above, and is read as what it says."""
    operation = documents.get("operation", "operation")
    clock = getattr(operation, "clock", ())
    return float(clock[-1].rate) if clock else 1.0


def moment(at_ms: int) -> datetime:
    """Returns a moment of the server's clock."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)

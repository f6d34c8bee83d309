# SPDX-License-Identifier: Apache-2.0
"""From readings to what people look at: areas, openings, the event, weather, units, devices. Incremental and pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from hamkor.telemetry.rules.cells import FLOW_MS, HOURLY_MS, Counter, Level, Passed
from hamkor.telemetry.rules.layout import Layout, Zone, is_perimeter
from hamkor.telemetry.rules.readings import COUNTERS, WEATHER, Sample
from hamkor.telemetry.rules.zones import DEFAULT_BANDS, Bands, ZoneState

# A sensor's word counts for so long; then the area is known by its counters, or not at all.
FRESH_MS = 60_000
FRESH_WEATHER_MS = 600_000
TREND_MS = 60_000
TREND_STEP_MS = 5_000
# Share of what a way can pass from which it is called full.
FULL_SHARE = 0.95
# Share of all who passed by which counters may be wrong together.
MISCOUNT = 0.05
EVENT_ID, WEATHER_ID = "event", "weather"
# Of several weather stations the worst value counts; of lightning the nearest.
_LEAST_COUNTS = frozenset({"lightning_km"})


class Value(msgspec.Struct, frozen=True, gc=False):
    """The latest of one thing.

    Args:
        kind: `zone`, `opening`, `device`, `unit`, `weather` or `event`.
        id: Its id.
        at_ms: When the newest reading in it was taken.
        body: What is known; what is not known is left out.
    """

    kind: str
    id: str
    at_ms: int
    body: Mapping[str, Any]


class CounterMark(msgspec.Struct, frozen=True, array_like=True):
    """Where a counter stood."""

    device: str
    feature: str
    measure: str
    at_ms: int
    last: float
    total: float


class _ZoneCells:
    __slots__ = ("density", "history", "occupancy")

    def __init__(self) -> None:
        self.density: list[Level] = []
        self.occupancy: list[Level] = []
        self.history: deque[tuple[int, float]] = deque()


class Tracker:
    """Follows the readings of one event.

    Args:
        layout: What is drawn.
        units: Unit that carries a tracker, by device.
        bands: Thresholds of the bands.

    Attributes:
        pace: Seconds of the event in one real second: more than one in a drill that is played fast. Flows are
            people in a minute of the event.
    """

    def __init__(
        self, layout: Layout, *, units: Mapping[str, str] | None = None, bands: Bands = DEFAULT_BANDS
    ) -> None:
        self.layout, self.bands = layout, bands
        self.pace = 1.0
        self._units = dict(units or {})
        self._cells: dict[tuple[str, str | None, str], Level | Counter] = {}
        self._passed: dict[str, Passed] = {}
        self._zones: dict[str, _ZoneCells] = {}
        self._weather: dict[str, list[Level]] = {}
        self._positions: dict[str, Level] = {}
        self._speeds: dict[str, Level] = {}
        self._batteries: dict[str, Level] = {}
        self._flows: dict[str, tuple[float, float]] = {}

    def take(self, samples: Iterable[Sample]) -> None:
        """Takes readings in, in any order."""
        cells = self._cells
        for sample in samples:
            key = (sample.device, sample.feature, sample.measure)
            cell = cells.get(key)
            if cell is None:
                cell = self._new_cell(*key)
            cell.take(sample.at_ms, sample.value, sample.north)

    def values(self, at_ms: int) -> list[Value]:
        """Returns what is known at a moment of areas, openings, the event, the weather and the units."""
        self._flows = {way: self._flow(passed, at_ms) for way, passed in self._passed.items()}
        return [
            *self._zone_values(at_ms),
            *self._way_values(),
            *self._event_values(at_ms),
            *self._weather_values(at_ms),
            *self._unit_values(),
        ]

    def battery_of(self, device: str) -> float | None:
        """Returns the charge a device told last, 0 to 1."""
        found = self._batteries.get(device)
        return None if found is None else found.value

    def marks(self) -> list[CounterMark]:
        """Returns where the counters stand, for the next process."""
        return [
            CounterMark(device, feature or "", measure, cell.at_ms, cell.last, cell.total)
            for (device, feature, measure), cell in self._cells.items()
            if isinstance(cell, Counter)
        ]

    def restore(self, marks: Iterable[CounterMark]) -> None:
        """Goes on counting where an earlier process has left off; before anything is taken."""
        for mark in marks:
            cell = self._new_cell(mark.device, mark.feature, mark.measure)
            if isinstance(cell, Counter):
                cell.restore(mark.at_ms, mark.last, mark.total)

    def _new_cell(self, device: str, feature: str | None, measure: str) -> Level | Counter:
        cell: Level | Counter
        if measure in COUNTERS and feature in self.layout.ways:
            passed = self._passed.setdefault(feature or "", Passed())
            cell = Counter(passed, is_forward=measure == "count_in")
        else:
            cell = Level(device, feature)
            self._remember(cell, measure)
        self._cells[device, feature, measure] = cell
        return cell

    def _remember(self, cell: Level, measure: str) -> None:
        if measure in {"density", "occupancy"}:
            for area in self.layout.zones_of(cell.feature):
                zone = self._zones.setdefault(area, _ZoneCells())
                (zone.density if measure == "density" else zone.occupancy).append(cell)
        elif measure in WEATHER:
            self._weather.setdefault(measure, []).append(cell)
        elif measure in {"position", "speed"} and (measure == "position" or cell.device in self._units):
            (self._positions if measure == "position" else self._speeds)[cell.device] = cell
        elif measure == "battery":
            self._batteries[cell.device] = cell

    def _zone_values(self, at_ms: int) -> Iterator[Value]:
        counts: dict[str, float | None] = {}
        for zone in self.layout.zones.values():
            value = self._zone_value(zone, at_ms, counts)
            if value is not None:
                yield value

    def _zone_value(self, zone: Zone, at_ms: int, counts: dict[str, float | None]) -> Value | None:
        counts[zone.id] = None  # while it is looked at: a drawing may say that an area is a part of itself
        cells = self._zones.get(zone.id)
        density = _worst(cells.density, at_ms) if cells else None
        occupancy = _worst(cells.occupancy, at_ms) if cells else None
        net, flow_in, flow_out, newest = self._through(zone.id)
        count: float | None
        source: str | None = "sensor" if density or occupancy else None
        if occupancy is not None:
            count, newest = occupancy.value, max(newest, occupancy.at_ms)
        elif net is not None:
            count, source = net, source or "counters"
        elif density is not None and zone.area_m2:
            count = density.value * zone.area_m2
        else:
            count = self._of_parts(zone.id, at_ms, counts)
            source = source or (None if count is None else "parts")
            newest = max(newest, at_ms if count is not None else -1)
        counts[zone.id] = count
        if source is None:
            return None
        newest = max(newest, density.at_ms if density else -1)
        per_m2 = density.value if density else _per_m2(zone, count)
        body = {
            "density": _rounded(per_m2, 3),
            "count": _rounded(count, 0),
            "fill": _rounded(count / zone.capacity, 4) if count is not None and zone.capacity else None,
            "trend_per_min": self._trend(zone.id, at_ms, count),
            "flow_in_per_min": _rounded(flow_in, 1),
            "flow_out_per_min": _rounded(flow_out, 1),
            "source": source,
            "device": density.device if density else None,
        }
        return Value("zone", zone.id, newest, _known(body))

    def _of_parts(self, area: str, at_ms: int, counts: dict[str, float | None]) -> float | None:
        """Returns the sum of the parts of an area; one part that nobody knows leaves the sum unknown."""
        parts = self.layout.parts.get(area, ())
        found: list[float] = []
        for part in parts:
            if part not in counts:
                self._zone_value(self.layout.zones[part], at_ms, counts)
            count = counts.get(part)
            if count is None:
                return None
            found.append(count)
        return sum(found) if found else None

    def _through(self, area: str) -> tuple[float | None, float | None, float | None, int]:
        """Returns who is in an area by its counters, who comes and goes per minute, and when that was told."""
        net = gross = flow_in = flow_out = 0.0
        newest = -1
        for crossing in self.layout.crossings.get(area, ()):
            passed = self._passed.get(crossing.way)
            if passed is None:
                continue
            forward, backward = self._flows[crossing.way]
            balance = passed.forward - passed.backward
            sign = 1 if crossing.is_forward_in else -1
            net += sign * balance
            flow_in += forward if crossing.is_forward_in else backward
            flow_out += backward if crossing.is_forward_in else forward
            gross += passed.forward + passed.backward
            newest = max(newest, passed.at_ms)
        if newest < 0:
            return None, None, None, -1
        # Counters miscount a little. More people gone than came means that some way is not counted: then nobody knows.
        return (max(0.0, net) if net >= -MISCOUNT * gross else None), flow_in, flow_out, newest

    def _trend(self, area: str, at_ms: int, count: float | None) -> float | None:
        """Returns people per minute by which an area fills, over the last minute; None while it is too early."""
        if count is None:
            return None
        history = self._zones.setdefault(area, _ZoneCells()).history
        if not history or at_ms - history[-1][0] >= TREND_STEP_MS:
            history.append((at_ms, count))
        while history and at_ms - history[0][0] > TREND_MS:
            history.popleft()
        then_ms, before = history[0] if history else (at_ms, count)
        passed_ms = at_ms - then_ms
        if passed_ms < TREND_STEP_MS:
            return None
        return _rounded((count - before) * 60_000 / passed_ms / self.pace, 1)

    def _flow(self, passed: Passed, at_ms: int, over_ms: int = FLOW_MS) -> tuple[float, float]:
        """Returns people in a minute of the event, forward and backward."""
        forward, backward = passed.flow_per_min(at_ms, over_ms)
        return forward / self.pace, backward / self.pace

    def _way_values(self) -> Iterator[Value]:
        for way_id, passed in self._passed.items():
            if passed.at_ms < 0:
                continue
            forward, backward = self._flows[way_id]
            most = self.layout.ways[way_id].capacity_per_min
            body = {
                "in_per_min": _rounded(forward, 1),
                "out_per_min": _rounded(backward, 1),
                "in_total": _rounded(passed.forward, 0),
                "out_total": _rounded(passed.backward, 0),
                "state": _state_of(forward + backward, most),
            }
            yield Value("opening", way_id, passed.at_ms, body)

    def _event_values(self, at_ms: int) -> Iterator[Value]:
        inside = into = out = 0.0
        newest = -1
        for way_id, passed in self._passed.items():
            way = self.layout.ways[way_id]
            if passed.at_ms < 0 or not is_perimeter(way):
                continue
            forward, backward = self._flow(passed, at_ms, HOURLY_MS)
            inside += passed.forward - passed.backward
            into += forward
            out += backward
            newest = max(newest, passed.at_ms)
        if newest >= 0:
            body = {
                "inside": _rounded(max(0.0, inside), 0),
                "in_per_h": _rounded(into * 60, 0),
                "out_per_h": _rounded(out * 60, 0),
                "capacity": self.layout.capacity,
            }
            yield Value("event", EVENT_ID, newest, _known(body))

    def _weather_values(self, at_ms: int) -> Iterator[Value]:
        body: dict[str, float] = {}
        newest = -1
        for measure, cells in self._weather.items():
            fresh = [cell for cell in cells if at_ms - cell.at_ms <= FRESH_WEATHER_MS]
            if fresh:
                pick = min if measure in _LEAST_COUNTS else max
                body[measure] = pick(cell.value for cell in fresh)
                newest = max(newest, *(cell.at_ms for cell in fresh))
        if body:
            yield Value("weather", WEATHER_ID, newest, body)

    def _unit_values(self) -> Iterator[Value]:
        for device, cell in self._positions.items():
            speed = self._speeds.get(device)
            body = {
                "point": [cell.value, cell.north],
                "speed": None if speed is None else speed.value,
                "battery": self.battery_of(device),
            }
            yield Value("unit", self._units.get(device, device), cell.at_ms, _known(body))


def zone_state_of(value: Value, *, band: int, since: Any) -> ZoneState:
    """Returns the state of a zone with what is known of it now.

    Args:
        value: The latest of the zone.
        band: Its band.
        since: When the band began, an aware moment.
    """
    kept = {key: value.body.get(key) for key in ("density", "count", "fill", "source", "device")}
    return ZoneState(id=value.id, band=band, since=since, **kept)


def _worst(cells: list[Level], at_ms: int) -> Level | None:
    """Returns the highest of the fresh values: of two sensors the one that sees more people."""
    fresh = [cell for cell in cells if at_ms - cell.at_ms <= FRESH_MS]
    return max(fresh, key=lambda cell: cell.value, default=None)


def _per_m2(zone: Zone, count: float | None) -> float | None:
    """Returns the mean density of an area without a sensor; people on seats stand as far apart as the seats do."""
    return count / zone.area_m2 if count is not None and zone.area_m2 and not zone.is_seated else None


def _state_of(per_min: float, most: float | None) -> str:
    if per_min <= 0:
        return "idle"
    return "full" if most and per_min >= FULL_SHARE * most else "flowing"


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _known(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if value is not None}

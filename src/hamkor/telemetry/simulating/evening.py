# SPDX-License-Identifier: Apache-2.0
"""An evening as its devices tell it: arrivals by the plan, a jam, weather, units that walk, a pressed button."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec

from hamkor.common.figures import known
from hamkor.events.rules import Attendance, Interval
from hamkor.telemetry.rules.devices import Wanted
from hamkor.telemetry.rules.layout import Layout, layout_of
from hamkor.telemetry.rules.suggesting import counter_of
from hamkor.telemetry.simulating.crowd import Crowd
from hamkor.venues.rules.features import OUTSIDE, Area, Device, Feature, Turnstiles
from hamkor.venues.rules.geometry import find_centre

STEP_S = 5.0
PEOPLE = 5_000.0
# Without a profile people come for two hours and go within one, around a show of three.
COMES_H, STAYS_H, GOES_H = 2.0, 3.0, 1.0
HOMES = frozenset({"seating", "standing", "stage_front", "hall", "dance_floor", "square", "camping"})
WALK_M_S = 1.2
DEGREE_M = 111_320.0
BATTERY_PER_H = 0.04
Readings = list[dict[str, Any]]


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """What goes wrong; minutes count from the beginning of the evening.

    Args:
        jam_way: Gate that hardly lets anybody through; the busiest turnstiles when empty, nothing when None.
        jam_from_min: From when.
        jam_min: For how long.
        jam_share: Share of its usual capacity that is left.
        jam_rush: How many times more people than usual choose it: they follow each other.
        press_min: When a panic button is pressed near the jam; None for never.
        storm_min: When the wind rises; None for never.
        gust_m_s: How strong it gets.
        silent: Ids of devices that fall silent with the jam.
    """

    jam_way: str | None = ""
    jam_from_min: float = 75.0
    jam_min: float = 25.0
    jam_share: float = 0.12
    jam_rush: float = 4.0
    press_min: float | None = 88.0
    storm_min: float | None = None
    gust_m_s: float = 17.0
    silent: tuple[str, ...] = ()


class Evening:
    """Plays an evening, step by step, as fast as it is asked to.

    Args:
        features: The drawing.
        attendance: Who comes, and when.
        begins_at: Beginning in the time of the event; that of the first arrivals when None.
        scenario: What goes wrong.
        units: Units that carry a tracker.
        seed: Of everything left to chance: the same seed is the same evening.
    """

    def __init__(
        self,
        features: Sequence[Feature],
        attendance: Attendance | None,
        *,
        begins_at: datetime | None = None,
        scenario: Scenario | None = None,
        units: Sequence[str] = (),
        seed: int = 1,
    ) -> None:
        self.scenario = Scenario() if scenario is None else scenario
        self._features = {feature.id: feature for feature in features}
        self._layout = layout_of(features, attendance)
        self._crowd = Crowd(features, self._layout, homes_of(features, self._layout, attendance))
        self._random = Random(seed)  # noqa: S311 - an evening, not a secret
        self._arrivals, self._departures = profile_of(attendance)
        self.begins_at = begins_at or self._arrivals[0][0]
        self._at = self.begins_at
        self.ends_at = self._departures[-1][1] + timedelta(minutes=30)
        self._jam = self._jammed()
        self._walkers = {unit: self._start() for unit in units}
        self._is_pressed = False
        self.devices = self._make_devices()

    @property
    def at(self) -> datetime:
        """The moment that has been reached, in the time of the event."""
        return self._at

    @property
    def minute(self) -> float:
        """Minutes since the beginning."""
        return (self._at - self.begins_at) / timedelta(minutes=1)

    @property
    def is_over(self) -> bool:
        """True when everybody has gone."""
        return self._at >= self.ends_at

    def advance(self, seconds: float) -> None:
        """Lets time of the event pass, in steps of a few seconds."""
        while seconds > 1e-9 and not self.is_over:
            step_s = min(STEP_S, seconds)
            seconds -= step_s
            until = self._at + timedelta(seconds=step_s)
            self._crowd.come(_people_between(self._arrivals, self._at, until))
            self._crowd.leave(_people_between(self._departures, self._at, until))
            jam = self.scenario
            is_jammed = jam.jam_from_min <= self.minute < jam.jam_from_min + jam.jam_min
            self._crowd.slowed = {self._jam: jam.jam_share} if self._jam and is_jammed else {}
            self._crowd.favoured = {self._jam: jam.jam_rush} if self._jam and is_jammed else {}
            self._crowd.step(step_s)
            self._walk(step_s)
            self._at = until

    def readings(self, at_ms: int) -> dict[str, Readings]:
        """Returns what each device tells at a moment of the real clock, in milliseconds."""
        told: dict[str, Readings] = {}
        for device in self.devices:
            if device.id in self.scenario.silent and self.minute >= self.scenario.jam_from_min:
                continue
            found = self._told_by(device)
            if found:
                told[device.id] = [{"m": measure, "v": value, "t": at_ms} for measure, value in found]
        return told

    def people_in(self, area: str) -> float:
        """Returns how many people are in an area."""
        return self._crowd.people_in(area)

    def _told_by(self, device: Wanted) -> list[tuple[str, Any]]:
        battery = ("battery", round(max(0.05, 1 - BATTERY_PER_H * self.minute / 60), 3))
        match device.sort:
            case "counter":
                forward, backward = self._crowd.passed[device.feature or ""]
                return [("count_in", int(forward)), ("count_out", int(backward))]
            case "density":
                return [("density", self._density(device.feature or "")), battery]
            case "weather":
                return [*self._weather(), battery]
            case "tracker":
                return [("position", self._walkers[device.unit or ""]), battery]
            case "button":
                return [*self._press(device), ("heartbeat", 1), battery]
            case _:
                return [("heartbeat", 1)]

    def _density(self, area: str) -> float:
        zone = self._layout.zones[area]
        mean = self._crowd.people_in(area) / zone.area_m2 if zone.area_m2 else 0.0
        before = [
            self._crowd.density_before(crossing.way, area)
            for crossing in self._layout.crossings.get(area, ())
        ]
        return round(max(mean, 0.0, *before) * self._random.uniform(0.95, 1.05), 2)

    def _weather(self) -> list[tuple[str, float]]:
        storm = 0.0
        if self.scenario.storm_min is not None:
            storm = min(1.0, max(0.0, (self.minute - self.scenario.storm_min) / 15))
        gust = 4 + math.sin(self.minute / 7) + storm * (self.scenario.gust_m_s - 4)
        gust = max(0.0, gust + self._random.uniform(-0.4, 0.4))
        temperature = 14 - self.minute / 90
        return [
            ("gust", round(gust, 1)),
            ("wind", round(gust * 0.6, 1)),
            ("temperature", round(temperature, 1)),
        ]

    def _press(self, device: Wanted) -> list[tuple[str, Any]]:
        is_due = self.scenario.press_min is not None and self.minute >= self.scenario.press_min
        if not is_due or self._is_pressed or device.id != self._button():
            return []
        self._is_pressed = True
        return [("button", 1)]

    def _button(self) -> str | None:
        """Returns the panic button nearest to the jam: one that covers an area beside it, else the first."""
        buttons = [device for device in self.devices if device.sort == "button"]
        way = self._layout.ways.get(self._jam or "")
        for device in buttons:
            if way is not None and {way.from_, way.to}.intersection(self._layout.covers.get(device.id, ())):
                return device.id
        return buttons[0].id if buttons else None

    def _jammed(self) -> str | None:
        if self.scenario.jam_way is None or self.scenario.jam_way in self._layout.ways:
            return self.scenario.jam_way
        banks = [
            # A queue before a bank inside the venue is seen by its sensors.
            (feature.properties.from_ != OUTSIDE, feature.properties.lanes, feature.id)
            for feature in self._features.values()
            if isinstance(feature.properties, Turnstiles)
        ]
        return max(banks)[2] if banks else next(iter(self._layout.ways), None)

    def _make_devices(self) -> tuple[Wanted, ...]:
        """Returns a counter for each way people use, a sensor for each area they stand in, and the rest."""
        counters = (counter_of(feature) for feature in self._features.values())
        made = [counter for counter in counters if counter is not None]
        made += [
            Wanted(id=f"sense-{area.id}"[:80], sort="density", feature=area.id)
            for area in self._layout.zones.values()
            if not area.is_seated and area.area_m2
        ]
        made += [
            Wanted(id=feature.id, sort="button", feature=feature.id)
            for feature in self._features.values()
            if isinstance(feature.properties, Device) and feature.properties.device == "panic_button"
        ]
        made.append(Wanted(id="weather", sort="weather"))
        made += [Wanted(id=f"track-{unit}"[:80], sort="tracker", unit=unit) for unit in self._walkers]
        return tuple(made)

    def _start(self) -> tuple[float, float]:
        centres = [
            find_centre([feature.geometry])
            for feature in self._features.values()
            if isinstance(feature.properties, Area) and feature.geometry is not None
        ]
        found = [centre for centre in centres if centre is not None]
        east, north = self._random.choice(found) if found else (0.0, 0.0)
        return round(east, 7), round(north, 7)

    def _walk(self, seconds: float) -> None:
        for unit, (east, north) in self._walkers.items():
            turn = self._random.uniform(0, 2 * math.pi)
            way_m = WALK_M_S * seconds
            east += way_m * math.cos(turn) / (DEGREE_M * max(0.1, math.cos(math.radians(north))))
            north += way_m * math.sin(turn) / DEGREE_M
            self._walkers[unit] = (round(east, 7), round(north, 7))


Profile = list[tuple[datetime, datetime, float]]


def profile_of(attendance: Attendance | None) -> tuple[Profile, Profile]:
    """Returns who comes and who goes when: periods with people.

    Args:
        attendance: The plan; a usual evening is made up where it says nothing.
    """
    expected = PEOPLE
    if attendance is not None and attendance.expected is not None:
        figure = known(attendance.expected)
        expected = PEOPLE if figure is None else figure.nominal
    arrivals = _periods(attendance.arrivals if attendance is not None else None, expected)
    if not arrivals:
        start = datetime(2027, 3, 21, 17, 0)  # noqa: DTZ001 - local time of an event that says nothing
        arrivals = [(start, start + timedelta(hours=COMES_H), expected)]
    departures = _periods(attendance.departures if attendance is not None else None, expected)
    if not departures:
        start = arrivals[-1][1] + timedelta(hours=STAYS_H)
        departures = [(start, start + timedelta(hours=GOES_H), expected)]
    return arrivals, departures


def homes_of(features: Sequence[Feature], layout: Layout, attendance: Attendance | None) -> dict[str, float]:
    """Returns the share of the crowd each area takes: as the plan says, else by what the areas hold."""
    people: dict[str, float] = {}
    for each in (attendance.by_area or ()) if attendance is not None else ():
        figure = known(each.people)
        if figure is not None and each.area in layout.zones:
            people[each.area] = figure.nominal
    if not people:
        for feature in features:
            if isinstance(feature.properties, Area) and feature.properties.use in HOMES:
                zone = layout.zones[feature.id]
                people[feature.id] = zone.capacity or zone.area_m2 or 0.0
    whole = sum(people.values())
    return {area: number / whole for area, number in people.items() if number} if whole else {}


def _periods(intervals: Sequence[Interval] | None, expected: float) -> Profile:
    found = []
    for each in intervals or ():
        figure = None if each.people is None else known(each.people)
        people = figure.nominal if figure is not None else (each.share or 0.0) * expected
        found.append((each.starts_at, each.ends_at, people))
    return found


def _people_between(profile: Profile, start: datetime, end: datetime) -> float:
    """Returns how many people of a profile fall into a period."""
    people = 0.0
    for begins, ends, number in profile:
        common = (min(end, ends) - max(start, begins)).total_seconds()
        whole = (ends - begins).total_seconds()
        if common > 0 and whole > 0:
            people += number * common / whole
    return people

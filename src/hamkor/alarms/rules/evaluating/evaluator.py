# SPDX-License-Identifier: Apache-2.0
"""The evaluator: readings in, signals out; no clock, no database, one dictionary look-up for most readings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hamkor.alarms.rules.alarms import (
    COUNTED_MEASURES,
    DEVICE_MEASURES,
    MEASURED,
    WEATHER_MEASURES,
    Alarm,
    AlarmRule,
    Key,
    SubjectKind,
)
from hamkor.alarms.rules.evaluating.context import EVENT, Context
from hamkor.alarms.rules.evaluating.signals import Sample, Signal
from hamkor.alarms.rules.evaluating.silence import Silence
from hamkor.alarms.rules.evaluating.tracks import Balance, Group, Rise, Track
from hamkor.alarms.rules.evaluating.zones import Counter, Overview, Zone
from hamkor.alarms.rules.profiles import DEFAULT_PROFILE, alarm_profile

EVALUATED = MEASURED | {"button"}
_VALUED = frozenset({"threshold", "weather", "button"})
# Larger numbers are faults of a device; NaN and infinity fail the comparison too.
_VALUE_MAX = 1e12
# Features and devices are known ones, but a device that invents them must not fill the memory.
_ROUTES_MAX = 50_000

_Fed = Group | Rise | Counter | Overview
_RouteKey = tuple[str, str, str | None]


class _Subject(NamedTuple):
    """What a track is about, and where that is on the drawing."""

    kind: SubjectKind
    id: str
    feature: str | None


class Evaluator:
    """Evaluates the rules about readings; the other sorts are left alone.

    Args:
        rules: Rules in force.
        context: The venue.
        since: Seconds since 1970 of now: devices that never spoke are silent from here on.
        alarms: Alarms so far: what is open stays open.
        profile: Name of the profile with the numbers that are not in rules.

    Notes:
        Feeding readings one by one or in batches is the same. After every change of alarms by people call `learn`;
        after a change of rules `replace`. What it says may be lost or said twice without harm: after `learn` it says
        an open condition again, and a command raises one alarm for it.
    """

    def __init__(
        self,
        rules: Iterable[AlarmRule],
        context: Context,
        *,
        since: float,
        alarms: Iterable[Alarm] = (),
        profile: str = DEFAULT_PROFILE,
    ) -> None:
        self._numbers = alarm_profile(profile)
        self._now = since
        self._open: set[Key] = set()
        self._zones: dict[str, Zone] = {}
        self._tracks: dict[Key, Track] = {}
        self._ticked: list[Group | Rise | Balance] = []
        self._counters: dict[_RouteKey, Counter] = {}
        self._counted: dict[str, float] = dict(context.counts)
        self._silence = Silence()
        self._set(rules, context)
        self.learn(alarms)

    def learn(self, alarms: Iterable[Alarm]) -> None:
        """Takes over which alarms are open and active; what is not among them may be raised again."""
        self._open = {alarm.key for alarm in alarms if alarm.is_open and alarm.is_active}
        self._silence.learn(self._open)
        self._resume()

    def replace(self, rules: Iterable[AlarmRule], context: Context) -> None:
        """Puts other rules or another venue in place; windows and holds of unchanged rules go on."""
        self._counted.update((zone, found.count) for zone, found in self._zones.items())
        self._set(rules, context)
        self._silence.learn(self._open)
        self._resume()

    def feed(self, samples: Iterable[Sample], now: float | None = None) -> list[Signal]:
        """Takes in readings and returns what follows, in their order.

        Args:
            samples: Device, measure, feature, value and seconds since 1970 of each; other values than numbers and
                impossible ones are passed over.
            now: Seconds since 1970 by the clock of the server: readings from the future are taken as of now, and
                devices were heard now. Their own moments count when None.
        """
        out: list[Signal] = []
        hear, routes = self._silence.hear, self._routes
        for device, measure, feature, value, at in samples:
            moment = at if now is None else min(at, now)
            hear(device, moment if now is None else now, out)
            if type(value) not in (float, int) or not -_VALUE_MAX < value < _VALUE_MAX:
                continue
            route = routes.get((device, measure, feature))
            if route is None:
                route = self._route((device, measure, feature))
            for fed in route:
                fed.feed(device, value, moment, out=out)
        return out

    def tick(self, at: float) -> list[Signal]:
        """Takes in that time has passed, about once a second: holds end, silent devices are noticed.

        Args:
            at: Seconds since 1970.
        """
        out: list[Signal] = []
        self._now = max(self._now, at)
        for ticked in self._ticked:
            ticked.tick(at, out)
        self._silence.tick(at, out)
        return out

    def count_of(self, zone: str) -> float | None:
        """Returns the number of people in a zone as counted, None when nobody counts there."""
        found = self._zones.get(zone)
        return None if found is None else found.count

    def _set(self, rules: Iterable[AlarmRule], context: Context) -> None:
        self._context = context
        self._rules = [rule for rule in rules if rule.enabled and rule.sort in EVALUATED]
        self._former = {ticked.track.key: ticked for ticked in self._ticked if not isinstance(ticked, Group)}
        self._former_tracks, self._tracks = self._tracks, {}
        self._routes: dict[_RouteKey, tuple[_Fed, ...]] = {}
        self._groups: dict[tuple[Key, ...], Group] = {}
        self._rises: dict[Key, Rise] = {}
        self._ticked, self._zones = [], {}
        for zone in context.capacities:
            self._zone(zone)
        self._silence.replace(
            [rule for rule in self._rules if rule.sort == "heartbeat"], context.devices, since=self._now
        )

    def _resume(self) -> None:
        # Weather may be over without another reading, so its tracks must be there to notice.
        open_rules = {key[0] for key in self._open}
        self._weather([rule for rule in self._rules if rule.sort == "weather" and rule.id in open_rules])
        for key, track in self._tracks.items():
            track.learn(is_open=key in self._open, at=self._now)
        for ticked in self._ticked:
            if isinstance(ticked, Group):
                ticked.settle()

    def _zone(self, name: str) -> Zone:
        if name in self._zones:
            return self._zones[name]
        capacity = self._context.capacities.get(name, math.inf)
        zone = self._zones[name] = Zone(self._counted.get(name, 0.0), capacity)
        kind: SubjectKind = "event" if name == EVENT else self._context.kinds.get(name, "zone")
        subject = _Subject(kind, name, name)
        about = [rule for rule in self._rules if not rule.places or name in rule.places]
        if math.isfinite(capacity):
            limits = [rule for rule in about if rule.sort == "zone_limit"]
            zone.fills = self._grouped([self._track(rule, subject) for rule in limits])
            zone.balances = [
                self._balance(rule, subject, capacity) for rule in about if rule.sort == "balance"
            ]
        zone.totals = self._fed_by([rule for rule in about if rule.measure == "occupancy"], subject)
        return zone

    # ---- where a reading goes

    def _route(self, key: _RouteKey) -> tuple[_Fed, ...]:
        if len(self._routes) >= _ROUTES_MAX:
            self._routes.clear()
        device, measure, feature = key
        found: list[_Fed] = []
        if measure in COUNTED_MEASURES:
            found = self._counter(key)
        elif measure == "occupancy":
            about = self._subjects(device, measure, feature)
            found = [Overview([self._zone(each.id) for each in about if each.kind in ("zone", "event")])]
        else:
            rules = [rule for rule in self._rules if rule.measure == measure and rule.sort != "heartbeat"]
            if measure in WEATHER_MEASURES:
                found.extend(self._weather(rules))
            else:
                for subject in self._subjects(device, measure, feature):
                    names = {subject.id, subject.feature}
                    about_it = [rule for rule in rules if not rule.places or names & set(rule.places)]
                    found.extend(self._fed_by(about_it, subject))
        route = self._routes[key] = tuple(found)
        return route

    def _place(self, device: str, feature: str | None) -> str | None:
        """Returns the feature a reading is about: as sent when the venue has it, else that of the device."""
        return feature if feature in self._context.kinds else self._context.devices.get(device)

    def _subjects(self, device: str, measure: str, feature: str | None) -> list[_Subject]:
        kinds, covers = self._context.kinds, self._context.covers
        place = self._place(device, feature)
        if measure in DEVICE_MEASURES or place is None or place not in kinds:
            return [_Subject("device", device, place)]
        if kinds[place] == "device" and covers.get(place):
            return [_Subject(kinds[zone], zone, zone) for zone in covers[place]]
        return [_Subject(kinds[place], place, place)]

    def _counter(self, key: _RouteKey) -> list[_Fed]:
        device, measure, feature = key
        way = self._context.ways.get(feature or "") or self._context.ways.get(
            self._context.devices.get(device) or ""
        )
        if way is None:
            return []
        gains, loses = ([self._zone(name) for name in names] for names in (way.gains, way.loses))
        if measure == "count_out":
            gains, loses = loses, gains
        counter = self._counters.setdefault(key, Counter(gains, loses))
        return [counter.move(gains, loses)]

    def _weather(self, rules: Sequence[AlarmRule]) -> list[Group | Rise]:
        """Weather is everywhere: each rule is one alarm, about the event or about the structures it names."""
        found: list[Group | Rise] = []
        for rule in rules:
            place = rule.places[0] if len(rule.places) == 1 else None
            found.extend(self._fed_by([rule], _Subject("weather", place or EVENT, place)))
        return found

    def _fed_by(self, rules: Sequence[AlarmRule], subject: _Subject) -> list[Group | Rise]:
        valued = [rule for rule in rules if rule.sort in _VALUED]
        tracks = [self._track(rule, subject) for rule in valued]
        rising = [rule for rule in rules if rule.sort == "rate"]
        return [*self._grouped(tracks), *(self._rise(rule, subject) for rule in rising)]

    def _grouped(self, tracks: Sequence[Track]) -> list[Group]:
        """Returns the tracks in groups that share a direction; the same tracks always share the same group."""
        found = []
        for sign in (1.0, -1.0):
            same = [track for track in tracks if track.sign == sign]
            keys = tuple(track.key for track in same)
            if same and keys not in self._groups:
                self._groups[keys] = Group(same, self._numbers)
                self._ticked.append(self._groups[keys])
            if same:
                found.append(self._groups[keys])
        return found

    def _track(self, rule: AlarmRule, subject: _Subject) -> Track:
        key = (rule.id, subject.kind, subject.id)
        track = self._tracks.get(key) or self._former_tracks.get(key)
        if track is None or track.rule != rule:
            track = Track(
                rule,
                subject_kind=subject.kind,
                subject=subject.id,
                feature=subject.feature,
                repeat_s=self._numbers.repeat_s,
            )
            track.learn(is_open=key in self._open, at=self._now)
        self._tracks[key] = track
        return track

    def _rise(self, rule: AlarmRule, subject: _Subject) -> Rise:
        track = self._track(rule, subject)
        if track.key not in self._rises:
            former = self._former.get(track.key)
            is_same = isinstance(former, Rise) and former.track is track
            made = former if isinstance(former, Rise) and is_same else Rise(track, self._numbers)
            self._rises[track.key] = made
            self._ticked.append(made)
        return self._rises[track.key]

    def _balance(self, rule: AlarmRule, subject: _Subject, capacity: float) -> Balance:
        track = self._track(rule, subject)
        former = self._former.get(track.key)
        made = Balance(track, capacity)
        if isinstance(former, Balance) and former.track is track and former.capacity == capacity:
            made = former
        self._ticked.append(made)
        return made

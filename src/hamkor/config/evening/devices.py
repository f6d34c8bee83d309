# SPDX-License-Identifier: Apache-2.0
"""The devices of the drill: counters, sensors and buttons play the evening; units walk to where they are sent."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event
from typing import Any, cast
from zoneinfo import ZoneInfo

from hamkor.common.errors import HamkorError
from hamkor.config.demo_event import COORDINATOR, Desk
from hamkor.config.environment import Environment, read_secret_key
from hamkor.config.evening.script import JAM
from hamkor.config.installation import find_running
from hamkor.events.rules import Attendance
from hamkor.incidents.facts import INCIDENT
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents
from hamkor.operation.rules.clock import event_time
from hamkor.operation.rules.places import Place, point_of
from hamkor.operation.rules.planned import event_of
from hamkor.operation.rules.running import operation_of
from hamkor.telemetry.commands import register_device
from hamkor.telemetry.facts import DEVICE
from hamkor.telemetry.rules.keys import device_key
from hamkor.telemetry.simulating.evening import Evening, Scenario
from hamkor.telemetry.simulating.sending import HttpSending
from hamkor.units.facts import UNIT
from hamkor.units.rules.units import Unit
from hamkor.venues.rules.features import Feature

REPORT_S = 2.0
TRACKED = 40
DEGREE_M = 111_320.0
WALK_M_S, DRIVE_M_S = 1.4, 6.0
# Crews do not stand still: so far they stray around where they wait.
STRAY_M = 6.0
ADDRESS_WAIT_S = 0.5

log = logging.getLogger("hamkor.evening")

Point = tuple[float, float]


def play_devices(desk: Desk, environment: Environment, stopping: Event) -> None:
    """Plays the devices of the drill until told to stop.

    Args:
        desk: Sends as the accounts of the demonstration.
        environment: The settings of the installation: its secret gives the keys.
        stopping: Set when the play is to end.
    """
    url = _find_address(environment, stopping)
    documents = get_documents(desk.store, desk.stream)
    evening = _evening_of(documents)
    _register(desk, evening)
    keys = _keys(desk, environment)
    walks = Walks(documents)
    try:
        asyncio.run(_send_all(desk, evening, HttpSending(url, str(desk.stream), keys), walks, stopping))
    except HamkorError as error:
        log.warning("the devices of the drill stopped", extra={"reason": str(error)})


class Walks:
    """Where the tracked units are: on their way to their incident, or around where they wait.

    Args:
        documents: Documents of the event at the beginning.
    """

    def __init__(self, documents: Documents) -> None:
        self._random = Random(1)  # noqa: S311 - an evening, not a secret
        self._points: dict[str, Point] = {}
        for unit in tracked_units(documents):
            point = None if unit.home is None else point_of(documents, unit.home)
            if point is not None:
                self._points[unit.id] = point

    def step(self, documents: Documents, seconds: float) -> dict[str, Point]:
        """Lets the units go on for so long, and returns where each is."""
        for unit_id, point in self._points.items():
            unit = documents.get(UNIT, unit_id)
            goal = None if unit is None else _goal_of(unit, documents)
            if unit is None or goal is None:
                continue
            speed = DRIVE_M_S if unit.travels == "vehicle" else WALK_M_S
            self._points[unit_id] = self._nearer(point, goal, most_m=speed * seconds)
        return dict(self._points)

    def _nearer(self, point: Point, goal: Point, *, most_m: float) -> Point:
        wide = DEGREE_M * max(0.1, math.cos(math.radians(point[1])))
        east_m, north_m = (goal[0] - point[0]) * wide, (goal[1] - point[1]) * DEGREE_M
        far_m = math.hypot(east_m, north_m)
        if far_m <= STRAY_M:
            turn = self._random.uniform(0, 2 * math.pi)
            east_m, north_m = math.cos(turn), math.sin(turn)
        elif far_m > most_m:
            east_m, north_m = east_m * most_m / far_m, north_m * most_m / far_m
        return round(point[0] + east_m / wide, 7), round(point[1] + north_m / DEGREE_M, 7)


def tracked_units(documents: Documents) -> tuple[Unit, ...]:
    """Returns the units that carry a tracker: the same number of each party, vehicles first."""
    places: dict[str, int] = {}
    ranked: list[tuple[int, int, Unit]] = []
    units = [unit for unit in documents.all(UNIT) if unit.retired_at is None]
    for order, unit in enumerate(sorted(units, key=lambda unit: unit.travels != "vehicle")):
        places[unit.agency] = places.get(unit.agency, 0) + 1
        ranked.append((places[unit.agency], order, unit))
    return tuple(unit for _, _, unit in sorted(ranked, key=lambda each: each[:2])[:TRACKED])


def _goal_of(unit: Unit, documents: Documents) -> Point | None:
    incident = None if unit.incident is None else documents.get(INCIDENT, unit.incident)
    is_sent = incident is not None and unit.state in {"en_route", "on_scene"}
    place: Place | None = incident.place if incident is not None and is_sent else unit.home
    return None if place is None else point_of(documents, place)


def _find_address(environment: Environment, stopping: Event) -> str:
    """Returns where readings are taken in, as soon as the server tells it."""
    while True:
        running = find_running(environment.data_dir)
        if running is not None and running.ingest_address:
            return running.ingest_address
        if stopping.wait(ADDRESS_WAIT_S):
            raise SystemExit(0)


def _evening_of(documents: Documents) -> Evening:
    """Returns the evening of the plan, played up to what the clock of the drill shows now."""
    operation, event = operation_of(documents), event_of(documents)
    assert event is not None  # noqa: S101 - the drill has an event
    attendance = cast("Attendance | None", documents.get("attendance", "attendance"))
    features = cast("tuple[Feature, ...]", documents.all("feature"))
    trackers = [unit.id for unit in tracked_units(documents)]
    shown = event_time(operation, datetime.now(UTC)).astimezone(ZoneInfo(event.time_zone))
    passed = Evening(features, attendance, units=trackers)
    minute = (shown.replace(tzinfo=None) - passed.begins_at) / timedelta(minutes=1)
    scenario = Scenario(
        jam_way=JAM,
        jam_from_min=minute + 2,
        jam_min=24,
        jam_share=0.22,
        jam_rush=2.5,
        press_min=minute + 11,
        silent=("sense-forecourt-s",),
    )
    evening = Evening(features, attendance, scenario=scenario, units=trackers)
    evening.advance(max(minute, 0.0) * 60)
    return evening


def _register(desk: Desk, evening: Evening) -> None:
    viewer = desk.viewer(*COORDINATOR)
    known = {device.id for device in get_documents(desk.store, desk.stream).all(DEVICE)}
    for device in evening.devices:
        if device.id not in known:
            register_device(**desk.sent(viewer), device=device)


def _keys(desk: Desk, environment: Environment) -> dict[str, str]:
    secret, stream = read_secret_key(environment.data_dir).encode(), str(desk.stream)
    devices = get_documents(desk.store, desk.stream).all(DEVICE)
    return {
        device.id: device_key(secret, stream, device.id, generation=device.generation) for device in devices
    }


async def _send_all(
    desk: Desk, evening: Evening, sending: HttpSending, walks: Walks, stopping: Event
) -> None:
    """Sends what all devices tell, every two seconds, until everybody has gone home."""
    trackers = {device.id: device.unit for device in evening.devices if device.sort == "tracker"}
    last_s = time.monotonic()
    try:
        while not stopping.is_set() and not evening.is_over:
            documents = await asyncio.to_thread(get_documents, desk.store, desk.stream)
            passed_s, last_s = time.monotonic() - last_s, time.monotonic()
            operation = operation_of(documents)
            if operation is None or operation.state != "open":
                return
            pace = operation.clock[-1].rate if operation.clock else 1.0
            evening.advance(passed_s * pace)
            told = evening.readings(time.time_ns() // 1_000_000)
            _put_positions(told, trackers, walks.step(documents, passed_s * pace))
            await asyncio.gather(*(sending.send(device, readings) for device, readings in told.items()))
            await asyncio.sleep(REPORT_S)
    finally:
        await sending.close()


def _put_positions(
    told: dict[str, list[dict[str, Any]]], trackers: dict[str, str | None], points: dict[str, Point]
) -> None:
    for device, unit in trackers.items():
        for reading in told.get(device, ()):
            if reading["m"] == "position" and unit in points:
                reading["v"] = points[unit]

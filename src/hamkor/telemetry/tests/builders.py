# SPDX-License-Identifier: Apache-2.0
"""A small invented venue, its devices and an intake for the tests of telemetry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from hamkor.agencies.rules import Grant, Viewer
from hamkor.common.ids import new_id
from hamkor.events.rules import Attendance, Event
from hamkor.journal.commands import Envelope
from hamkor.journal.live import Listener
from hamkor.journal.memory import MemoryStore
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.telemetry.commands import register_device
from hamkor.telemetry.receiving.intake import Intake
from hamkor.telemetry.rules import SYSTEM_INGEST, Sample
from hamkor.telemetry.rules.devices import Wanted
from hamkor.telemetry.rules.keys import device_key
from hamkor.telemetry.rules.readings import DEFAULT_LIMITS, Limits
from hamkor.venues.rules.features import Area, Device, Feature, Opening, Turnstiles, Venue

NOW = datetime(2027, 3, 21, 16, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
STREAM = "01957a3c-0000-7000-8000-000000000001"
SECRET = b"a secret of the tests"
COORDINATOR = Viewer(person="person:chief", agency="iib", grants=(Grant(role="coordinator", agency="iib"),))
AUDITOR = Viewer(person="person:auditor", agency="kom", grants=(Grant(role="auditor", agency="kom"),))

FEATURES = (
    Feature(id="yard", properties=Area(use="square", usable_area_m2=500)),
    Feature(id="field", properties=Area(use="standing", usable_area_m2=1000, stated_capacity=2000)),
    Feature(id="stand", properties=Area(use="seating", seats=100, stated_capacity=100)),
    Feature(id="gate", properties=Turnstiles(from_="outside", to="yard", lanes=4, capacity_per_h=1800)),
    # Drawn from inside out: whoever is counted in still comes in.
    Feature(id="exit", properties=Opening(from_="yard", to="outside")),
    Feature(id="door", properties=Opening(from_="yard", to="field", clear_width_m=3)),
    Feature(id="stair", properties=Opening(from_="yard", to="stand", clear_width_m=2)),
    Feature(id="camera", properties=Device(device="camera", covers=("field",))),
    Feature(id="button-1", properties=Device(device="panic_button", covers=("yard",))),
)
PLAN = Plan(
    event=Event(format="hamkor-event-1", id="fair", name="Fair", kind="fair"),
    attendance=Attendance(expected=2100, permitted=2100),
    venue=Venue(type="FeatureCollection", features=FEATURES),
)
DEVICES = (
    Wanted(id="count-gate", sort="counter", feature="gate"),
    Wanted(id="sense-field", sort="density", feature="field"),
    Wanted(id="button-1", sort="button", feature="button-1"),
    Wanted(id="track-1", sort="tracker", unit="unit-7"),
    Wanted(id="box", sort="gateway", feature="gate", features=("door", "field")),
)


def envelope(who: Viewer = COORDINATOR, *, after: timedelta = timedelta(0), stream: str = STREAM) -> Envelope:
    at = NOW + after
    return Envelope(stream=stream, command_id=new_id(at), at=at, by=who.person, agency=who.agency)


def fill(store: Any, stream: str = STREAM, devices: Sequence[Wanted] = DEVICES) -> None:
    """Records the venue and its devices."""
    record_plan(store, envelope(stream=stream), plan=PLAN)
    for device in devices:
        register_device(store, envelope(SYSTEM_INGEST, stream=stream), viewer=SYSTEM_INGEST, device=device)


def store_with_devices() -> MemoryStore:
    store = MemoryStore()
    fill(store)
    return store


def key_of(device: str, generation: int = 1, stream: str = STREAM) -> str:
    return device_key(SECRET, stream, device, generation=generation)


def sample(
    measure: Any, value: float, *, feature: str | None, after_s: float = 0, device: str = "d"
) -> Sample:
    return Sample(NOW_MS + int(after_s * 1000), device, feature, measure, value)


def limits(**changed: Any) -> Limits:
    return msgspec.structs.replace(DEFAULT_LIMITS, **changed)


class Noting:
    """A judge that notes what it is shown and what it is asked to do."""

    def __init__(self) -> None:
        self.seen: list[Sample] = []
        self.acted: list[Any] = []

    def refresh(self, documents: Any) -> None:
        del documents

    def feed(self, samples: Sequence[Sample], values: Any, at: datetime) -> Sequence[Any]:
        del values, at
        self.seen += samples
        return [each for each in samples if each.measure == "button"]

    def act(self, found: Sequence[Any]) -> None:
        self.acted += found


@asynccontextmanager
async def running(store: Any, url: str, judge: Any, **options: Any) -> AsyncIterator[Intake]:
    """Gives an intake that takes readings and follows the event."""
    async with Listener(url) as listener:
        intake = Intake(
            store, listener, {"conninfo": url}, secret=SECRET, judge=lambda _stream: judge, **options
        )
        await intake.start()
        try:
            await until(lambda: intake.is_ready and intake.follower.is_followed(STREAM))
            yield intake
        finally:
            await intake.stop()


async def until(holds: Any, patience_s: float = 30.0) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(patience_s):
        while not holds():
            await asyncio.sleep(0.02)

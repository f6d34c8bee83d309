# SPDX-License-Identifier: Apache-2.0
"""Writes what happens at a large event: facts at a steady rate, and where all units are. Run as a program.

Reads for how many seconds from standard input; answers each with how much was written.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import UTC, datetime
from typing import Any

import psycopg

from hamkor.common.ids import new_id

FACTS_PER_S = 20
PLACES_EVERY_S = 0.5
STEP_DEG = 0.00002
_LATEST = (
    "INSERT INTO telemetry_latest AS kept (stream, kind, id, at, received_at, body)"
    " SELECT %s, e->>0, e->>1, now(), now(), (e->2)::jsonb FROM json_array_elements(%s::json) AS e"
    " ON CONFLICT (stream, kind, id) DO UPDATE"
    " SET at = excluded.at, received_at = excluded.received_at, body = excluded.body"
)


class Writer:
    """Writes to one event.

    Args:
        options: Address of the database, the event, its zones, and the person in whose name is written.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        from psycopg_pool import ConnectionPool

        from hamkor.agencies.rules import Grant, Viewer
        from hamkor.config.kinds import declare_all_kinds
        from hamkor.incidents.facts import INCIDENT
        from hamkor.journal.live import Notifier
        from hamkor.journal.postgres import PostgresStore
        from hamkor.units.facts import UNIT

        declare_all_kinds()
        self._stream, self._person = options["stream"], options["person"]
        notifier = Notifier(options["url"])
        notifier.start()
        pool: Any = ConnectionPool(options["url"], min_size=1, max_size=4, open=True)
        self._store = PostgresStore(pool, on_commit=notifier.moved)
        self._viewer = Viewer(
            person=self._person, agency="iib", grants=(Grant(role="operator", agency="iib"),)
        )
        self._connection = psycopg.connect(options["url"], autocommit=True)
        documents = self._store.get_documents(self._stream)
        self._units = {
            unit.id: list(unit.home.point) for unit in documents.all(UNIT) if unit.home and unit.home.point
        }
        self._incidents = [incident.id for incident in documents.all(INCIDENT)]
        self._zones: list[str] = options["zones"]
        self._random = random.Random(1)
        self._turn = 0

    def write(self, seconds: float) -> dict[str, int]:
        """Writes for so long; returns how many facts and how often all places were written, and the last number."""
        begun = time.monotonic()
        facts = places = number = 0
        while (passed := time.monotonic() - begun) < seconds:
            if passed >= places * PLACES_EVERY_S:
                self._write_places()
                places += 1
            if passed * FACTS_PER_S >= facts:
                number = self._write_fact()
                facts += 1
            time.sleep(0.005)
        return {"facts": facts, "places": places, "number": number}

    def _write_places(self) -> None:
        """Lets every unit walk a step, and every zone change a little."""
        rows: list[Any] = []
        for unit_id, point in self._units.items():
            point[0] += self._random.uniform(-STEP_DEG, STEP_DEG)
            point[1] += self._random.uniform(-STEP_DEG, STEP_DEG)
            rows.append(("unit", unit_id, {"point": point, "speed": 1.2, "battery": 0.8}))
        for zone in self._zones:
            density = round(self._random.uniform(0, 5), 1)
            rows.append(
                ("zone", zone, {"density": density, "count": 100, "trend_per_min": 2, "source": "camera"})
            )
        self._connection.execute(_LATEST, [self._stream, json.dumps(rows)])
        self._connection.execute("SELECT pg_notify('hamkor_signals', %s)", [self._stream])

    def _write_fact(self) -> int:
        """Does one of the things that are done most, in turn; returns its number."""
        from hamkor.incidents.commands import add_note, change_incident
        from hamkor.orders.commands import log_message
        from hamkor.units.commands import set_unit_state

        self._turn += 1
        turn = self._turn
        units = list(self._units)
        incident = self._incidents[turn % len(self._incidents)]
        if turn % 4 == 0:
            done = log_message(*self._sent(), viewer=self._viewer, text=f"Radio call {turn}", via="radio")
        elif turn % 4 == 1:
            done = add_note(*self._sent(), viewer=self._viewer, incident_id=incident, text=f"Note {turn}")
        elif turn % 4 == 2:
            fields = {"text": f"Report {turn}, told again"}
            done = change_incident(*self._sent(), viewer=self._viewer, incident_id=incident, fields=fields)
        else:
            state: Any = "busy" if turn // 4 // len(units) % 2 == 0 else "free"
            unit_id = units[turn // 4 % len(units)]
            done = set_unit_state(*self._sent(), viewer=self._viewer, unit_id=unit_id, state=state)
        return int(done.number)

    def _sent(self) -> tuple[Any, Any]:
        from hamkor.journal.rules import Envelope

        now = datetime.now(UTC)
        envelope = Envelope(
            stream=self._stream, command_id=new_id(now), at=now, by=self._person, agency="iib"
        )
        return self._store, envelope


def main() -> None:
    """Writes what it is told until the input ends."""
    writer = Writer(json.loads(sys.argv[1]))
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(writer.write(float(line))), flush=True)


if __name__ == "__main__":
    main()

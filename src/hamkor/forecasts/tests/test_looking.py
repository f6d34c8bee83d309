# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F401, F811 - fixtures are imported, and asked for by name
"""The loop on a database: made once however many look, told to who listens, compared with what came, forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from hamkor.agencies.rules import NotAllowedError
from hamkor.common.errors import HamkorError
from hamkor.forecasts.looking import CHANNEL, forget_old, look
from hamkor.forecasts.making import Maker
from hamkor.forecasts.postgres import TABLES, prepare
from hamkor.forecasts.queries import find_newest, find_past, find_whole, try_factors
from hamkor.forecasts.tests import builders as b
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.tests.servers import Pool, pool, ready, server, url
from hamkor.operation.commands import set_clock
from hamkor.operation.rules.running import ClockSetting
from hamkor.telemetry.postgres import prepare as prepare_telemetry

LATEST = (
    "INSERT INTO telemetry_latest (stream, kind, id, at, received_at, body) VALUES (%s, %s, %s, %s, now(), %s::jsonb)"
    " ON CONFLICT (stream, kind, id) DO UPDATE SET at = excluded.at, body = excluded.body"
)


@pytest.fixture
def connection(url: str) -> Any:
    with psycopg.connect(url, autocommit=True) as opened:
        prepare_telemetry(opened)
        prepare(opened)
        yield opened


@pytest.fixture
def store(ready: PostgresStore) -> Any:
    b.fill(ready, phase="ingress")
    yield ready
    ready.close()


def tell(connection: Any, told: Any) -> None:
    """Writes values where telemetry writes them."""
    for value in told:
        at = datetime.fromtimestamp(value.at_ms / 1000, b.NOW.tzinfo)
        body = msgspec.json.encode(value.body).decode()
        connection.execute(LATEST, [b.STREAM, value.kind, value.id, at, body])


def look_at(connection: Any, store: Any, after: timedelta = timedelta(0), maker: Maker | None = None) -> Any:
    documents = b.documents(store)
    return look(connection, b.STREAM, documents, maker=maker or Maker(), at=b.NOW + after)


def test_tables_are_made_once_and_a_newer_version_is_refused(connection: Any) -> None:
    assert prepare(connection) == len(TABLES.steps)
    connection.execute("INSERT INTO forecast_schema (version) VALUES (99)")
    with pytest.raises(HamkorError) as refused:
        prepare(connection)
    assert refused.value.code == "schema-too-new"


def test_without_counts_it_is_said_why_there_is_no_forecast(connection: Any, store: Any) -> None:
    made = look_at(connection, store)
    assert made.trouble == "nothing-counted"
    told = find_newest(b.OPERATOR, connection, b.STREAM)
    assert told is not None
    assert told.body["trouble"] == "nothing-counted"
    # Nothing is kept of it: the next look need not wait, and nothing is compared with it.
    assert look_at(connection, store, timedelta(seconds=1)) is not None
    assert find_past(b.OPERATOR, connection, b.STREAM, at=b.NOW + timedelta(seconds=1)) is None


def test_nothing_is_made_for_an_event_that_does_not_run(connection: Any, ready: PostgresStore) -> None:
    b.record_plan(ready, b.envelope(), plan=b.PLAN)
    assert look_at(connection, ready) is None
    ready.close()


def test_one_of_two_processes_makes_it(connection: Any, store: Any, url: str) -> None:
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [72_162, b.STREAM])
        assert look_at(connection, store) is None
    assert look_at(connection, store) is not None


def test_old_forecasts_are_forgotten(connection: Any) -> None:
    for hours in (1, 50):
        connection.execute(
            "INSERT INTO forecast_kept (stream, made_at, body) VALUES (%s, %s, '{}')",
            [b.STREAM, b.NOW - timedelta(hours=hours)],
        )
    assert forget_old(connection, before=b.NOW - timedelta(days=2)) == 1


@pytest.mark.parametrize("query", [find_newest, find_whole])
def test_who_does_not_see_the_centre_sees_no_forecast(connection: Any, query: Any) -> None:
    with pytest.raises(NotAllowedError):
        query(b.FIELD, connection, b.STREAM)
    with pytest.raises(NotAllowedError):
        find_past(b.FIELD, connection, b.STREAM, at=b.NOW)


def test_only_who_operates_asks_what_if(connection: Any, store: Any) -> None:
    with pytest.raises(NotAllowedError):
        try_factors(
            b.FIELD, connection, b.STREAM, documents=b.documents(store), factors={"gate": 0}, at=b.NOW
        )


def test_a_way_nobody_goes_is_refused_in_words(connection: Any, store: Any) -> None:
    with pytest.raises(HamkorError) as refused:
        try_factors(
            b.OPERATOR, connection, b.STREAM, documents=b.documents(store), factors={"moat": 0}, at=b.NOW
        )
    assert refused.value.code == "way-unknown"


def test_what_if_without_counts_says_why_not(connection: Any, store: Any) -> None:
    with pytest.raises(HamkorError) as refused:
        try_factors(
            b.OPERATOR, connection, b.STREAM, documents=b.documents(store), factors={"gate": 0}, at=b.NOW
        )
    assert refused.value.code == "no-forecast"


# With counts --------------------------------------------------------------------------------------------------------


def counted(at: datetime, inside: float, **fields: Any) -> Any:
    zones = {"yard": inside * 0.1, "field": inside * 0.6, "stand": inside * 0.3}
    ways = {"gate": (25.0, 0.0), "gate-2": (13.0, 0.0), "exit": (0.0, 0.0)}
    return b.values(zones, at=at, inside=inside, ways=ways, in_per_h=2280, **fields)


def test_a_forecast_is_kept_told_and_compared_ten_minutes_later(
    connection: Any, store: Any, url: str
) -> None:
    tell(connection, counted(b.NOW, 1000))
    with psycopg.connect(url, autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}".encode())
        first = look_at(connection, store)
        (notice,) = list(listening.notifies(timeout=5, stop_after=1))
    assert notice.payload == b.STREAM
    assert (first.trouble, first.minutes, first.error) == ("", (0, 5, 10, 30), None)
    assert first.inside.middle[0] == 1000
    assert first.inside.low[10] < first.inside.middle[10] < first.inside.high[10]
    # About 38 come each minute; those still on their way to their places are inside, too.
    assert first.inside.middle[10] == pytest.approx(1380, rel=0.05)
    assert look_at(connection, store, timedelta(seconds=10)) is None  # not due

    later = timedelta(minutes=10)
    tell(connection, counted(b.NOW + later, 1400))
    second = look_at(connection, store, later)
    assert second.error is not None
    assert (second.error.said, second.error.was) == (first.inside.middle[10], 1400)
    assert second.error.mean_abs == pytest.approx(abs(first.inside.middle[10] - 1400) / 1400, abs=1e-3)
    told = find_newest(b.OPERATOR, connection, b.STREAM)
    assert told is not None
    assert told.body["error"]["was"] == 1400
    past = find_past(b.OPERATOR, connection, b.STREAM, at=b.NOW + timedelta(seconds=30))
    assert past is not None
    assert past.at == b.NOW
    whole = find_whole(b.OPERATOR, connection, b.STREAM)
    assert whole is not None
    assert whole.assumptions


def test_a_jump_of_the_clock_ends_the_comparisons(connection: Any, ready: PostgresStore) -> None:
    b.fill(ready, clock=ClockSetting(event_at=b.NOW, rate=1.0))
    tell(connection, counted(b.NOW, 1000))
    assert look_at(connection, ready) is not None
    later = timedelta(minutes=10)
    jumped = b.NOW + timedelta(minutes=40)
    set_clock(ready, b.envelope(b.NOW + timedelta(minutes=1)), viewer=b.COORDINATOR, event_at=jumped)
    tell(connection, counted(b.NOW + later, 1400))
    made = look_at(connection, ready, later)
    assert (made.trouble, made.error) == ("", None)
    ready.close()


def test_a_stale_count_is_guessed_and_said(connection: Any, store: Any) -> None:
    tell(connection, counted(b.NOW, 1000, old_s={"field": 120}))
    made = look_at(connection, store)
    assert made.places["field"].is_guessed
    assert not made.places["yard"].is_guessed
    assert [(gap.id, gap.why, gap.age_s) for gap in made.gaps] == [("field", "stale", 120.0)]


def test_an_evacuation_empties_the_venue(connection: Any, store: Any) -> None:
    b.order(store, "evacuate", at=b.NOW)
    tell(connection, counted(b.NOW, 1000))
    made = look_at(connection, store)
    assert (made.direction, made.because) == ("evacuate", "ordered")
    assert made.inside.middle[30] < 50


def test_what_if_a_gate_shuts_says_where_it_would_hurt_and_keeps_nothing(connection: Any, store: Any) -> None:
    tell(connection, counted(b.NOW, 1000))
    documents = b.documents(store)
    found = try_factors(
        b.OPERATOR, connection, b.STREAM, documents=documents, factors={"gate": 0.0}, at=b.NOW
    )
    assert found.inside is not None
    assert found.inside_changed is not None
    assert found.inside_changed < found.inside
    by_id = {each.id: each for each in found.gates}
    assert by_id["gate-2"].queue_changed > by_id["gate-2"].queue or by_id["gate"].queue_changed > 0
    assert find_newest(b.OPERATOR, connection, b.STREAM) is None
    assert b.documents(store).number == documents.number

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
from hamkor.forecasts.postgres import NEWEST, prepare
from hamkor.forecasts.queries import find_newest, find_past, find_whole, try_factors
from hamkor.forecasts.tests import builders as b
from hamkor.journal.postgres import PostgresStore
from hamkor.journal.tests.servers import Pool, pool, ready, server, url
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
    assert prepare(connection) == NEWEST
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
        try_factors(b.FIELD, connection, b.STREAM, b.documents(store), factors={"gate": 0}, at=b.NOW)


def test_a_way_nobody_goes_is_refused_in_words(connection: Any, store: Any) -> None:
    with pytest.raises(HamkorError) as refused:
        try_factors(b.OPERATOR, connection, b.STREAM, b.documents(store), factors={"moat": 0}, at=b.NOW)
    assert refused.value.code == "way-unknown"


def test_what_if_without_counts_says_why_not(connection: Any, store: Any) -> None:
    with pytest.raises(HamkorError) as refused:
        try_factors(b.OPERATOR, connection, b.STREAM, b.documents(store), factors={"gate": 0}, at=b.NOW)
    assert refused.value.code == "no-forecast"

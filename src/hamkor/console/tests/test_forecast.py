# SPDX-License-Identifier: Apache-2.0
"""Forecasts on their way to screens: with the values of sensors, in the replay, and what if a gate were shut."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from hamkor.agencies.rules import Grant, Viewer
from hamkor.console.opening import journals, pool
from hamkor.console.signals import SignalBoard, read_signals
from hamkor.forecasts.tests.builders import forecast

pytestmark = pytest.mark.django_db
OPERATOR = Viewer(person="person:op", agency="iib", grants=(Grant(role="operator", agency="iib"),))


@pytest.fixture
def operator(client_of, navruz):
    return client_of("operator", stream=navruz)


def keep(stream, made):
    body = msgspec.json.encode(made).decode()
    with pool().connection() as connection:
        connection.execute(
            "INSERT INTO forecast_latest (stream, at, received_at, body) VALUES (%s, %s, clock_timestamp(), %s::jsonb)"
            " ON CONFLICT (stream) DO UPDATE SET received_at = excluded.received_at, body = excluded.body",
            [str(stream), made.made_at, body],
        )
        connection.execute(
            "INSERT INTO forecast_kept (stream, made_at, body) VALUES (%s, %s, %s::jsonb)",
            [str(stream), made.made_at, body],
        )


def ask(client, stream, body):
    path = f"/events/{stream}/centre/forecast"
    return client.post(path, body, content_type="application/json", headers={"Accept": "application/json"})


def made_now(**fields):
    return msgspec.structs.replace(forecast(0), made_at=datetime.now(UTC), **fields)


def test_a_forecast_travels_with_the_values_of_sensors(navruz):
    keep(navruz, made_now())
    (found,) = read_signals(pool(), OPERATOR, navruz, None)
    assert (found.kind, found.id) == ("forecast", "event")
    assert tuple(found.body["places"]["field"]["people"]) == (1000, 1250, 1500, 2500)


def test_a_forecast_written_a_little_before_a_newer_value_is_not_missed(navruz):
    keep(navruz, made_now())
    since = datetime.now(UTC) + timedelta(seconds=1)
    board = SignalBoard()
    assert board.take(read_signals(pool(), OPERATOR, navruz, since))
    # Told again it is no news.
    assert not board.take(read_signals(pool(), OPERATOR, navruz, since))


def test_the_replay_shows_the_forecast_people_had_then(operator, navruz):
    keep(navruz, made_now(engine="of then"))
    at = datetime.now(UTC).isoformat()
    values = operator.get(f"/events/{navruz}/centre/replay", {"at": at}).json()["values"]
    assert [each["kind"] for each in values] == ["forecast"]
    later = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    assert operator.get(f"/events/{navruz}/centre/replay", {"at": later}).json()["values"] == []


def test_what_a_forecast_rests_on_is_said_in_the_language_of_the_reader(operator, navruz):
    assert operator.get(f"/events/{navruz}/centre/forecast").json() == {"forecast": None}
    keep(navruz, made_now(engine="network 1", profile_id="green-guide-2018"))
    found = operator.get(f"/events/{navruz}/centre/forecast").json()["forecast"]
    assert (found["engine"], found["profile"]) == ("network 1", "green-guide-2018")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"way": "g", "left": 0.3}', b'{"way": 1}', b'{"gate": "g"}', b"\xff"]
)
def test_a_question_that_cannot_be_read_is_refused_in_words(operator, navruz, body):
    answer = ask(operator, navruz, body)
    assert answer.status_code == 422
    assert answer.json()["title"] == "what-if-unreadable"


def test_a_question_without_an_operation_is_refused_and_nothing_is_written(operator, navruz):
    before = journals().get_head(str(navruz)).number
    body = json.dumps({"way": "gate-1", "left": 0})
    answer = ask(operator, navruz, body)
    assert answer.json()["title"] == "operation-not-open"
    assert journals().get_head(str(navruz)).number == before

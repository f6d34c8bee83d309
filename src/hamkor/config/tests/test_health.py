# SPDX-License-Identifier: Apache-2.0
"""What machines are told: alive is not ready, and counters are for those who may read them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client

from hamkor.config import health


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    away = {**connection.settings_dict, "HOST": "/nowhere", "OPTIONS": {"connect_timeout": 2}}
    monkeypatch.setattr(health, "connection", DatabaseWrapper(away, "away"))


def test_without_a_database_the_process_is_alive_but_not_ready(client: Client, no_database: None) -> None:
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json()["reasons"]) == {"database", "tables", "worker"}
    assert answer["Cache-Control"] == "no-store"


def test_without_a_worker_it_is_not_ready(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json()["reasons"]) == {"worker"}


def test_with_a_worker_that_gave_a_sign_of_life_it_is_ready(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert client.get("/readyz").json() == {"status": "ready", "reasons": {}}


@pytest.mark.parametrize(
    ("values", "headers", "status"),
    [
        ({}, {"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({}, {"REMOTE_ADDR": "::1"}, 200),
        ({}, {"REMOTE_ADDR": "203.0.113.5"}, 403),
        ({}, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.5"}, 403),
        ({"proxies": 1}, {"REMOTE_ADDR": "127.0.0.1"}, 403),
        (
            {"proxies": 1, "metrics_token": "t"},
            {"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer t"},
            200,
        ),
        ({"metrics_token": "t"}, {"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer ў"}, 403),
        ({"metrics_token": ""}, {"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer "}, 403),
    ],
)
def test_counters_are_for_this_machine_or_for_the_token(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    values: dict[str, Any],
    headers: dict[str, str],
    status: int,
) -> None:
    monkeypatch.setattr(settings, "ENVIRONMENT", msgspec.structs.replace(settings.ENVIRONMENT, **values))
    assert client.get("/metrics", **headers).status_code == status


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/readyz").status_code == 405

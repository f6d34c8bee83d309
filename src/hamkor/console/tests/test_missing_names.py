# SPDX-License-Identifier: Apache-2.0
"""Names of missing people: from the vault to the few who may see them, one asked-for answer at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamkor.console.tests.test_addresses import get, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client_of, navruz):
    return client_of("operator", stream=navruz)


def told(caplog):
    """Returns the lines that say who took restricted data."""
    return [line for line in caplog.records if line.name == "hamkor.access"]


def test_names_of_the_missing_are_told_on_demand_and_written_down(operator, navruz, client_of, caplog):
    caplog.set_level("INFO", logger="hamkor.access")
    made = send(operator, navruz, "report_incident", type="lost_child", text="A child alone").json()["id"]
    assert get(operator, navruz, "missing", incident=made).json() == {"details": None}
    kept = {"name": "An invented child", "phone": "+998 90 000 00 00"}
    described = send(operator, navruz, "describe_missing", incident_id=made, clothes="red coat", details=kept)
    assert described.status_code == 200, described.content
    assert not told(caplog)
    answer = get(operator, navruz, "missing", incident=made)
    assert answer.json() == {"details": {**kept, "guardian": None}}
    assert answer["Cache-Control"] == "no-store"
    (line,) = told(caplog)
    assert made in line.what
    assert not any(text in caplog.text + str(vars(line)) for text in kept.values())
    moment = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    for path in ("reference", f"replay?at={moment.replace('+', '%2B')}", "report"):
        assert kept["name"] not in operator.get(f"/events/{navruz}/centre/{path}").content.decode()
    assert get(client_of("auditor", agency="kom", stream=navruz), navruz, "missing").status_code == 403
    assert get(client_of(None), navruz, "missing", incident=made).status_code == 404
    for wrong in ("", "none", "x" * 5000, "\x00"):
        assert get(operator, navruz, "missing", incident=wrong).json() == {"details": None}

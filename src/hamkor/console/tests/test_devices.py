# SPDX-License-Identifier: Apache-2.0
"""The page of devices: registered, heard, given a key that is shown once and stands nowhere else."""

from __future__ import annotations

import html
import logging
import re
from datetime import UTC, datetime

import pytest

from hamkor.common.ids import new_id
from hamkor.console.opening import journals, pool
from hamkor.journal.queries import export_journal
from hamkor.telemetry.receiving.registry import Registry
from hamkor.telemetry.rules.keys import read_authorization, read_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client_of, navruz):
    client = client_of("coordinator", agency="hok", stream=navruz)
    client.cookies["hamkor_language"] = "en"
    return client


def post(client, stream, do: str, **typed):
    sent = {"command_id": str(new_id(datetime.now(UTC))), "do": do, **typed}
    return client.post(f"/events/{stream}/centre/devices", sent)


def shown(client, stream) -> str:
    answer = client.get(f"/events/{stream}/centre/devices")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return html.unescape(answer.content.decode())


def field(answer, name: str) -> str:
    found = re.search(rf'id="{name}"[^>]* value="([^"]*)"', answer.content.decode())
    assert found is not None
    return html.unescape(found[1])


def device(stream, key: str):
    return journals().get_documents(str(stream)).get("device", key)


def test_a_device_is_registered_shown_and_shut_out(chief, navruz):
    assert "No devices yet" in shown(chief, navruz)
    typed = {"id": "wind-1", "sort": "weather", "title": "Mast on the roof", "silence_s": "90,5"}
    assert post(chief, navruz, "register", **typed).status_code == 302
    assert device(navruz, "wind-1").silence_s == 90.5
    page = shown(chief, navruz)
    assert "Mast on the roof" in page
    assert "never heard" in page
    assert post(chief, navruz, "revoke", device="wind-1").status_code == 422
    assert post(chief, navruz, "revoke", device="wind-1", reason="stolen").status_code == 302
    page = shown(chief, navruz)
    assert "shut out" in page
    assert "stolen" in page


def test_the_devices_of_the_drawing_are_registered_with_one_button(chief, navruz):
    page = shown(chief, navruz)
    asked_for = int(re.search(r"Register (\d+) devices of the drawing", page)[1])
    assert asked_for > 10
    assert post(chief, navruz, "drawn").status_code == 302
    page = shown(chief, navruz)
    assert 'value="drawn"' not in page
    assert f"{asked_for} devices" in page
    before = journals().get_head(str(navruz)).number
    assert post(chief, navruz, "drawn").status_code == 302
    assert journals().get_head(str(navruz)).number == before


def test_the_age_is_that_of_what_was_heard_last(chief, navruz):
    post(chief, navruz, "register", id="wind-1", sort="weather")
    with pool().connection() as connection:
        connection.execute(
            "INSERT INTO telemetry_latest (stream, kind, id, at, received_at, body)"
            " VALUES (%s, 'device', 'wind-1', now() - interval '7 minutes', now(), '{\"battery\": 0.4}')",
            [str(navruz)],
        )
    page = shown(chief, navruz)
    assert "7 min ago" in page
    assert "battery 40 %" in page


def test_a_key_is_shown_once_and_works_and_stands_nowhere(chief, navruz, caplog, settings):
    caplog.set_level(logging.DEBUG)
    post(chief, navruz, "register", id="wind-1", sort="weather")
    command = str(new_id(datetime.now(UTC)))
    answer = post(chief, navruz, "issue", device="wind-1", command_id=command)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    key = field(answer, "k-key")
    claim = read_authorization(field(answer, "k-header").removeprefix("Authorization: "))
    assert claim is not None
    assert claim.key == key
    assert read_topic(field(answer, "k-topic"))[:2] == (str(navruz), "wind-1")
    registry = Registry(settings.SECRET_KEY.encode())
    registry.load(str(navruz), journals().get_documents(str(navruz)))
    assert registry.require(claim).device.id == "wind-1"
    # Loading the answer again sends the same form: nothing is shown, and nothing is issued.
    again = post(chief, navruz, "issue", device="wind-1", command_id=command)
    assert key not in again.content.decode()
    assert "only once" in again.content.decode()
    assert device(navruz, "wind-1").generation == 2
    other = post(chief, navruz, "issue", device="wind-1")
    assert field(other, "k-key") != key
    for place in (shown(chief, navruz), caplog.text, export_journal(journals(), navruz).decode()):
        assert key not in place
    assert key not in str(dict(chief.session))


@pytest.mark.parametrize(
    "typed",
    [
        {"id": "", "sort": "weather"},
        {"id": "../a", "sort": "weather"},
        {"id": "a", "sort": "bomb"},
        {"id": "a"},
        {"id": "a", "sort": "counter", "feature": "cellar"},
        {"id": "a", "sort": "counter", "silence_s": "nan"},
        {"id": "a", "sort": "counter", "silence_s": "1e999"},
        {"id": "a", "sort": "counter", "silence_s": "soon"},
        {"id": "a" * 500, "sort": "counter"},
        {"id": "a", "sort": "weather", "title": "x" * 300},
    ],
)
def test_what_cannot_be_registered_is_told_and_what_was_typed_is_kept(chief, navruz, typed):
    before = journals().get_head(str(navruz)).number
    answer = post(chief, navruz, "register", **typed)
    assert answer.status_code == 422
    assert b'role="alert"' in answer.content
    assert f'value="{typed["id"]}"'.encode() in answer.content
    assert journals().get_head(str(navruz)).number == before


def test_an_unknown_deed_and_an_absent_device_are_refused(chief, navruz):
    assert post(chief, navruz, "steal", device="x").status_code == 422
    for do in ("issue", "revoke"):
        assert post(chief, navruz, do, device="none", reason="x").status_code == 422
    assert post(chief, navruz, "issue", device="none", command_id="x").status_code == 422


def test_the_page_is_offered_to_who_may_manage_devices_alone(chief, navruz, client_of):
    operator = client_of("operator", stream=navruz)
    operator.cookies["hamkor_language"] = "en"
    for path in ("", "rules"):
        address = f"/events/{navruz}/centre/{path}"
        assert b">Devices</a>" in chief.get(address).content
        assert b">Devices</a>" not in operator.get(address).content
    assert operator.get(f"/events/{navruz}/centre/devices").status_code == 403

# SPDX-License-Identifier: Apache-2.0
"""The addresses of the console: what they take, what they refuse, what they show to whom."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from hamkor.common.ids import new_id
from hamkor.console.limits import BODY_MAX_BYTES
from hamkor.console.opening import journals

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client_of, navruz):
    return client_of("operator", stream=navruz)


@pytest.fixture
def liaison(client_of, navruz):
    return client_of("liaison", agency="tty", stream=navruz)


def send(client, stream, verb: str, **arguments):
    """Sends one command as the console does."""
    key = arguments.pop("command_id", None) or str(new_id(datetime.now(UTC)))
    sent = {"command_id": key, "verb": verb, **arguments}
    return client.post(f"/events/{stream}/centre/commands", json.dumps(sent), content_type="application/json")


def get(client, stream, path: str, **asked):
    return client.get(f"/events/{stream}/centre/{path}", asked, headers={"Accept-Language": "en"})


def report(client, stream, **more):
    return send(
        client, stream, "report_incident", **{"type": "medical", "text": "A person has fallen", **more}
    )


def test_a_command_gets_a_number_and_the_id_of_what_it_made(operator, navruz):
    before = journals().get_head(str(navruz)).number
    answer = report(operator, navruz)
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["number"] > before
    assert journals().get_documents(str(navruz)).get("incident", found["id"]) is not None


def test_a_command_sent_twice_is_done_once(operator, navruz):
    key = str(new_id(datetime.now(UTC)))
    first, second = (report(operator, navruz, command_id=key) for _ in range(2))
    assert first.json() == second.json()
    assert len(journals().get_documents(str(navruz)).all("incident")) == 1


def test_an_id_used_for_something_else_is_refused(operator, navruz):
    key = str(new_id(datetime.now(UTC)))
    report(operator, navruz, command_id=key)
    answer = report(operator, navruz, command_id=key, text="Something else")
    assert answer.status_code == 409


NONSENSE = [
    b"[]",
    b"null",
    b"{",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"verb": "report_incident"}',
    b'{"verb": "no_such", "command_id": "01957a3c-0000-7000-8000-000000000001"}',
    b'{"verb": "raise_alarms", "command_id": "01957a3c-0000-7000-8000-000000000001"}',
    b'{"command_id": "01957a3c-0000-7000-8000-000000000001"}',
    b'{"verb": "hear_post", "command_id": "x", "post_id": "p"}',
    b'{"verb": "hear_post", "command_id": "01957a3c-0000-7000-8000-000000000001", "post_id": 5}',
    b'{"verb": "hear_post", "command_id": "01957a3c-0000-7000-8000-000000000001", "post_id": "p", "viewer": {}}',
    b'{"verb": "hear_post", "command_id": "01957a3c-0000-4000-8000-000000000001", "post_id": "p"}',
    b'{"verb": "finish_job", "command_id": "01957a3c-0000-7000-8000-000000000001", "job_id": "\\ud800"}',
]


def test_nonsense_is_refused_and_changes_nothing(operator, navruz):
    before = journals().get_head(str(navruz)).number
    for body in NONSENSE:
        answer = operator.post(f"/events/{navruz}/centre/commands", body, content_type="application/json")
        assert answer.status_code == 422, (body[:100], answer.content)
        assert answer["Content-Type"] == "application/problem+json"
    assert journals().get_head(str(navruz)).number == before


def test_a_huge_body_is_refused(operator, navruz):
    for size in (BODY_MAX_BYTES, 3 * 1024 * 1024):
        assert report(operator, navruz, text="x" * size).status_code == 413


def test_a_command_is_sent_as_json(operator, navruz):
    answer = operator.post(f"/events/{navruz}/centre/commands", {"verb": "hear_post"})
    assert answer.status_code == 415


def test_a_command_from_another_site_is_refused(navruz, make_user):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("operator", stream=navruz))
    assert report(client, navruz).status_code == 403


def test_a_refusal_is_told_in_the_language_of_the_person(operator, navruz):
    operator.cookies["hamkor_language"] = "en"
    answer = send(operator, navruz, "open_operation", mode="real", title=None)
    assert answer.status_code == 403
    assert "You may not" in answer.json()["detail"]


def test_a_stranger_learns_nothing(client_of, navruz):
    stranger = client_of(None)
    for path in ("", "live", "reference", "history", "replay", "rules", "report", "orders", "sw.js"):
        assert get(stranger, navruz, path).status_code == 404
    assert report(stranger, navruz).status_code == 404


def test_the_reference_holds_what_the_console_needs(operator, navruz):
    found = get(operator, navruz, "reference").json()
    assert found["number"] == journals().get_head(str(navruz)).number
    assert found["viewer"]["rights"]
    assert found["center"] == pytest.approx([69.28, 41.31], abs=0.3)
    assert {each["properties"]["kind"] for each in found["features"]["features"]} >= {"area", "opening"}
    assert {"posts", "people", "stops", "contingencies", "channels", "links", "agencies"} <= found.keys()
    assert all(each["name"] and each["prompts"] is not None for each in found["incident_types"])
    assert found["event"]["starts_at"].endswith("Z")
    assert found["event"]["zone"] == "Asia/Tashkent"


def test_the_reference_is_not_sent_again_while_only_facts_were_added(operator, navruz):
    first = get(operator, navruz, "reference")
    report(operator, navruz)
    again = operator.get(
        f"/events/{navruz}/centre/reference",
        headers={"Accept-Language": "en", "If-None-Match": first["ETag"]},
    )
    assert again.status_code == 304


def test_names_are_only_in_the_reference_of_who_may_see_them(operator, navruz, client_of):
    sees = get(operator, navruz, "reference").json()
    does_not = get(client_of("auditor", agency="kom", stream=navruz), navruz, "reference").json()
    assert any(each["name"] for each in sees["accounts"])
    assert not any(each["name"] for each in does_not["accounts"] + does_not["people"])


def test_the_past_is_that_of_the_moment_and_of_the_person(operator, liaison, navruz):
    before = datetime.now(UTC)
    made = report(operator, navruz, reporter="gate 4", known={"conscious": "no"}).json()
    after = datetime.now(UTC) + timedelta(seconds=1)
    assert made["id"] not in str(get(operator, navruz, "replay", at=before.isoformat()).json()["documents"])
    shown = get(operator, navruz, "replay", at=after.isoformat()).json()
    (found,) = [each["body"] for each in shown["documents"] if each["id"] == made["id"]]
    assert found["reporter"] == "gate 4"
    other = get(liaison, navruz, "replay", at=after.isoformat())
    assert other.status_code == 200


def test_a_moment_that_is_none_is_refused(operator, navruz):
    for at in ("yesterday", "9" * 400, "2027-13-01T00:00:00Z", "-1", "0001-01-01T00:00:00+23:59"):
        assert get(operator, navruz, "replay", at=at).status_code == 422, at
        assert get(operator, navruz, "history", to=at).status_code == 422, at
        assert get(operator, navruz, "report", to=at).status_code == 422, at
    assert get(operator, navruz, "replay").status_code == 422
    assert get(operator, navruz, "report", **{"from": "2999-01-01T00:00:00Z"}).status_code == 422


def test_minutes_of_a_chart_are_bounded(operator, navruz):
    for minutes in ("", "0", "-5", "x", "99999999999999999999", "60"):
        asked = {"kind": "zone", "id": "x", "measure": "density", "minutes": minutes}
        assert get(operator, navruz, "history", **asked).json() == {"minutes": []}


def test_the_report_is_a_page_and_a_text(operator, navruz):
    report(operator, navruz)
    page = get(operator, navruz, "report")
    assert page.status_code == 200
    text = get(operator, navruz, "report", form="text")
    assert text["Content-Type"].startswith("text/plain")
    assert text.content.decode().strip()
    assert get(operator, navruz, "report", form="pdf").content.startswith(b"%PDF")


def test_a_rule_is_shown_tried_and_put_in_force(client_of, navruz):
    chief = client_of("coordinator", agency="hok", stream=navruz)
    address = f"/events/{navruz}/centre/rules"
    key = lambda: str(new_id(datetime.now(UTC)))  # noqa: E731 - a name for one line
    assert chief.post(address, {"do": "install", "command_id": key()}).status_code == 302
    rules = journals().get_documents(str(navruz)).all("alarm_rule")
    rule = next(each for each in rules if each.sort == "zone_limit")
    shown = chief.get(address, {"rule": rule.id})
    assert shown.status_code == 200
    typed = {
        "rule": rule.id,
        "title": "Too many",
        "action": "Close the gate",
        "priority": "2",
        "limit": "0,95",
        "clear_at": "0,9",
        "hold_s": "30",
        "enabled": "on",
        "measure": rule.measure or "",
        "command_id": key(),
    }
    chief.cookies["hamkor_language"] = "en"
    tried = chief.post(address, {**typed, "do": "try"})
    assert tried.status_code == 200, tried.content.decode()
    assert b"no readings" in tried.content
    assert chief.post(address, {**typed, "do": "keep", "command_id": key()}).status_code == 302
    kept = journals().get_documents(str(navruz)).get("alarm_rule", rule.id)
    assert (kept.title, kept.limit, kept.hold_s, kept.origin) == ("Too many", 0.95, 30.0, "person")
    wrong = chief.post(address, {**typed, "do": "keep", "limit": "much", "command_id": key()})
    assert wrong.status_code == 422
    refused = client_of("operator", stream=navruz).post(address, {**typed, "do": "keep"})
    assert refused.status_code == 403


def test_an_order_reaches_the_field_and_is_answered(operator, navruz, client_of, make_user):
    from hamkor.agencies.models import User

    field = client_of("field", agency="tty", stream=navruz)
    person = User.objects.get(pk=field.session["_auth_user_id"])
    message = {
        "to": [{"kind": "person", "id": f"person:{person.pk}"}],
        "text": "Come to gate 4",
        "urgency": "immediate",
    }
    made = send(operator, navruz, "send_message", message=message)
    assert made.status_code == 200, made.content
    page = get(field, navruz, "orders")
    assert b"Come to gate 4" in page.content
    key = lambda: str(new_id(datetime.now(UTC)))  # noqa: E731 - a name for one line
    address = f"/events/{navruz}/centre/orders"
    given = {"message": made.json()["id"]}
    assert field.post(address, {**given, "do": "delivered", "command_id": key()}).status_code == 204
    (receipt,) = journals().get_documents(str(navruz)).get("message", made.json()["id"]).receipts
    assert receipt.delivered_at is not None
    unsaid = field.post(address, {**given, "do": "refused", "command_id": key()})
    assert unsaid.status_code == 422
    assert b"Come to gate 4" in unsaid.content
    assert field.post(address, {**given, "do": "accepted", "command_id": key()}).status_code == 302
    (receipt,) = journals().get_documents(str(navruz)).get("message", made.json()["id"]).receipts
    assert receipt.answer == "accepted"
    assert b"Come to gate 4" not in get(field, navruz, "orders").content
    assert field.post(address, {**given, "do": "x", "command_id": key()}).status_code == 422
    assert field.post(address, {**given, "do": "seen", "command_id": "x"}).status_code == 422


def test_advice_names_units_with_their_way_and_why_others_stay(operator, navruz, client_of):
    unit = {"call_sign": "Medic 1", "agency": "tty", "capabilities": ["medic"], "travels": "foot"}
    assert send(operator, navruz, "register_unit", **unit).status_code == 200
    made = report(operator, navruz).json()["id"]
    found = get(operator, navruz, "advice", incident=made).json()
    (advice,) = found["incidents"]
    assert advice["incident"] == made
    assert {each["call_sign"] for each in advice["candidates"] + advice["left_out"]} == {"Medic 1"}
    assert get(operator, navruz, "advice", incident="none").json()["incidents"] == []
    assert get(client_of("auditor", agency="kom", stream=navruz), navruz, "advice").status_code == 403


def test_who_does_not_see_the_centre_does_not_open_it(navruz, client_of):
    field = client_of("field", agency="tty", stream=navruz)
    for path in ("", "live", "reference", "history", "replay", "rules", "report"):
        assert get(field, navruz, path).status_code == 403


def test_the_worker_of_the_browser_rules_what_is_below_it(operator, navruz):
    answer = get(operator, navruz, "sw.js")
    assert answer["Content-Type"] == "text/javascript"


def test_the_console_opens_with_its_words(operator, navruz):
    answer = get(operator, navruz, "")
    assert answer.status_code == 200
    assert b'id="words"' in answer.content
    assert str(UUID(str(navruz))).encode() in answer.content


def test_the_units_of_the_plan_are_counted_and_taken_by_one_verb(operator, liaison, navruz):
    counted = get(operator, navruz, "reference").json()["planned_units"]
    assert counted["tty"] > 0
    assert send(liaison, navruz, "register_planned_units").status_code == 200
    units = journals().get_documents(str(navruz)).all("unit")
    assert {unit.agency for unit in units} == {"tty"}
    assert len(units) == counted["tty"]
    assert send(operator, navruz, "register_planned_units", agency="iib").status_code == 422
    assert send(operator, navruz, "register_planned_units").status_code == 200
    assert len(journals().get_documents(str(navruz)).all("unit")) == sum(counted.values())

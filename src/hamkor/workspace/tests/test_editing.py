# SPDX-License-Identifier: Apache-2.0
"""Fields send what was typed; the answer says what stands, or what is wrong and how to mend it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from hamkor.common.ids import new_id
from hamkor.plans.facts import RECORDED_BY_KIND  # noqa: F401 - kinds of documents are declared
from hamkor.workspace.stores import journals


def send(client, stream, *edits, command_id=None, language="uz"):
    body = {
        "command_id": str(command_id or new_id(datetime.now(UTC))),
        "language": language,
        "edits": list(edits),
    }
    return client.post(f"/events/{stream}/edit", json.dumps(body), content_type="application/json")


def setting(item="post-command", part="posts", seen=None, **fields):
    return {"op": "set", "part": part, "id": item, "fields": fields, "seen": seen or {}}


def post(stream, item="post-command"):
    return journals().get_documents(str(stream)).get("post", item)


@pytest.fixture
def coordinator(navruz, client_of):
    return client_of("coordinator", stream=navruz)


def test_a_field_is_kept_and_shown_as_it_stands_now(navruz, coordinator):
    answer = send(coordinator, navruz, setting(needed="16", title="Shtab"))
    assert answer.status_code == 200, answer.content
    assert answer.json()["shown"]["needed"] == 16
    assert post(navruz).needed == 16
    assert post(navruz).title["uz"] == "Shtab"
    assert "ru" in post(navruz).title


def test_sending_twice_does_it_once(navruz, coordinator):
    command_id = new_id(datetime.now(UTC))
    first = send(coordinator, navruz, setting(needed="17"), command_id=command_id)
    second = send(coordinator, navruz, setting(needed="17"), command_id=command_id)
    assert first.json()["number"] == second.json()["number"]


def test_a_field_somebody_else_changed_is_told_and_the_later_one_stands(navruz, coordinator, client_of):
    other = client_of("planner", agency="fvv", stream=navruz)
    send(other, navruz, setting(needed="20", seen={"needed": 14}))
    answer = send(coordinator, navruz, setting(needed="21", seen={"needed": 14}))
    assert len(answer.json()["conflicts"]) == 1
    assert post(navruz).needed == 21


def test_what_cannot_be_is_refused_with_the_field_and_nothing_is_kept(navruz, coordinator):
    before = journals().get_head(str(navruz)).number
    answer = send(coordinator, navruz, setting(title="Yangi"), setting(needed="many"))
    assert answer.status_code == 422
    assert "needed" in answer.json()["detail"]
    assert journals().get_head(str(navruz)).number == before


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"edits": 5}', b'{"command_id": "x", "edits": []}', b"[" * 100_000, b"\xff\xfe"],
)
def test_nonsense_is_refused_as_nonsense(navruz, coordinator, body):
    answer = coordinator.post(
        f"/events/{navruz}/edit", body, content_type="application/json", HTTP_ACCEPT="application/json"
    )
    assert answer.status_code == 422
    assert answer.json()["title"] == "message-malformed"


def test_a_liaison_changes_what_is_theirs_and_nothing_else(navruz, client_of):
    liaison = client_of("liaison", agency="tty", stream=navruz)
    refused = send(liaison, navruz, setting(needed="1"))
    assert refused.status_code == 403
    assert refused.json()["title"] == "not-allowed"
    own = next(each.id for each in journals().get_documents(str(navruz)).all("post") if each.agency == "tty")
    assert send(liaison, navruz, setting(item=own, needed="3")).status_code == 200


def test_an_auditor_changes_nothing(navruz, client_of):
    assert send(client_of("auditor", stream=navruz), navruz, setting(needed="1")).status_code == 403


def test_two_agencies_in_one_row_both_stay(navruz, client_of):
    duty = journals().get_documents(str(navruz)).all("duty")[0]
    for agency in ("tty", "ses"):
        client = client_of("liaison", agency=agency, stream=navruz)
        edit = {"op": "members", "part": "duties", "id": duty.id, "path": "supporting", "add": [agency]}
        assert send(client, navruz, edit).status_code == 200
    after = journals().get_documents(str(navruz)).get("duty", duty.id)
    assert {"tty", "ses"} <= set(after.supporting)


def test_names_and_phones_never_enter_the_journal(navruz, coordinator):
    person = journals().get_documents(str(navruz)).all("person")[0]
    answer = send(
        coordinator, navruz, setting(item=person.id, part="people", name="Aziz", phone="+998 90 000")
    )
    assert answer.status_code == 200
    lines = [entry.body for entry in journals().list_entries(str(navruz), after=700)]
    assert not any(b"Aziz" in line for line in lines if line)
    page = coordinator.get(f"/events/{navruz}/people").content.decode()
    assert "Aziz" in page


def test_who_may_not_see_names_does_not(navruz, coordinator, client_of):
    person = journals().get_documents(str(navruz)).all("person")[0]
    send(coordinator, navruz, setting(item=person.id, part="people", name="Aziz Azizov"))
    page = client_of("auditor", stream=navruz).get(f"/events/{navruz}/people").content.decode()
    assert "Aziz Azizov" not in page


def test_an_edit_changes_the_findings_of_the_next_page(navruz, coordinator):
    duty = journals().get_documents(str(navruz)).all("duty")[0]
    edit = {
        "op": "members",
        "part": "duties",
        "id": duty.id,
        "path": "accountable",
        "remove": list(duty.accountable),
    }
    send(coordinator, navruz, edit)
    page = coordinator.get(f"/events/{navruz}/duties").content.decode()
    assert "DUTY-0" in page
    assert f'id="duty-{duty.id}" data-duty="{duty.id}" class=framed' in page


def test_a_page_of_another_event_is_not_reached_by_its_number(navruz, client_of):
    stranger = client_of("coordinator", stream=uuid4())
    assert send(stranger, navruz, setting(needed="1")).status_code == 404


def test_a_name_is_erased_for_good_with_a_reason(navruz, coordinator, client_of):
    person = journals().get_documents(str(navruz)).all("person")[0]
    send(coordinator, navruz, setting(item=person.id, part="people", name="Aziz Azizov"))
    address = f"/events/{navruz}/people/{person.id}/erase"
    form = {"command_id": str(new_id(datetime.now(UTC))), "reason": "asked for it"}
    planner = client_of("planner", agency="iib", stream=navruz)
    assert planner.post(address, form).status_code == 403
    assert coordinator.post(address, form | {"reason": " "}).status_code == 422
    assert coordinator.post(address, form).status_code == 302
    assert "Aziz Azizov" not in coordinator.get(f"/events/{navruz}/people").content.decode()
    again = send(coordinator, navruz, setting(item=person.id, part="people", name="Aziz Azizov"))
    assert again.status_code == 422

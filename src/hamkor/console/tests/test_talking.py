# SPDX-License-Identifier: Apache-2.0
"""What goes with messages: files, prepared words, announcements; and what may be the same incident."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hamkor.common.i18n import LANGUAGES
from hamkor.common.ids import new_id
from hamkor.console.opening import journals
from hamkor.discussions.rules.uploads import FIELD
from hamkor.operation.rules.announcing import WORDS_OF_ACTION

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json", "Accept-Language": "en"}


@pytest.fixture
def operator(client_of, navruz):
    return client_of("operator", stream=navruz)


@pytest.fixture
def medic(client_of, navruz):
    return client_of("liaison", agency="tty", stream=navruz)


@pytest.fixture
def firefighter(client_of, navruz):
    return client_of("liaison", agency="fvv", stream=navruz)


def key() -> str:
    return str(new_id(datetime.now(UTC)))


def send(client, stream, verb: str, **arguments):
    sent = {"command_id": key(), "verb": verb, **arguments}
    return client.post(f"/events/{stream}/centre/commands", json.dumps(sent), content_type="application/json")


def upload(client, stream, name="way.txt", content=b"Behind the stage", **more):
    file = SimpleUploadedFile(name, content, more.pop("kind", "text/plain"))
    sent = {"command_id": key(), "file": file, **more}
    return client.post(f"/events/{stream}/centre/files", sent, headers=JSON)


def get(client, stream, path: str, **asked):
    return client.get(f"/events/{stream}/centre/{path}", asked, headers=JSON)


def message_with(client, stream, *files, to="tty", **more):
    message = {"to": [{"kind": "agency", "id": to}], "text": "See the way.", "attachments": files, **more}
    return send(client, stream, "send_message", message=message)


def count(stream) -> int:
    return journals().get_head(str(stream)).number


# Files -------------------------------------------------------------------------------------------------------------


def test_a_file_goes_up_then_with_a_message_and_opens_to_who_may_read_it(
    operator, medic, firefighter, navruz
):
    told = upload(operator, navruz).json()
    assert (told["name"], told["size_bytes"]) == ("way.txt", 16)
    file = told["id"]
    assert get(medic, navruz, f"files/{file}").status_code == 404
    made = message_with(operator, navruz, file)
    assert made.status_code == 200, made.content
    message = journals().get_documents(str(navruz)).get("message", made.json()["id"])
    assert [each.name for each in message.files] == ["way.txt"]
    answer = get(medic, navruz, f"files/{file}")
    assert answer.content == b"Behind the stage"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert get(firefighter, navruz, f"files/{file}").status_code == 404


def test_a_file_of_a_message_is_not_among_those_of_the_plan(operator, client_of, navruz):
    file = upload(operator, navruz).json()["id"]
    message_with(operator, navruz, file)
    chief = client_of("coordinator", agency="hok", stream=navruz)
    page = chief.get(f"/events/{navruz}/attachments")
    assert page.status_code == 200
    assert b"way.txt" not in page.content
    assert chief.get(f"/events/{navruz}/attachments/{file}").status_code != 200


def test_a_stranger_sends_up_nothing_and_opens_nothing(operator, client_of, navruz):
    file = upload(operator, navruz).json()["id"]
    stranger = client_of(None)
    assert upload(stranger, navruz).status_code == 404
    assert get(stranger, navruz, f"files/{file}").status_code == 404
    assert upload(client_of("auditor", agency="kom", stream=navruz), navruz).status_code == 403


def test_the_same_file_sent_twice_is_attached_once(operator, navruz):
    same = key()
    first, second = (upload(operator, navruz, command_id=same).json() for _ in range(2))
    assert first["id"] == second["id"]
    assert first["number"] == second["number"]


def test_files_that_are_refused_change_nothing(operator, navruz):
    before = count(navruz)
    for name, content in (
        ("run.exe", b"MZ" + b"\0" * 100),
        ("picture.png", b"<script>alert(1)</script>"),
        ("empty.txt", b""),
        ("page.html", b"<html></html>"),
        ("large.txt", b"x" * (FIELD.most_text_bytes + 1)),
    ):
        answer = upload(operator, navruz, name, content, kind="application/octet-stream")
        assert answer.status_code in {413, 422}, name
        assert answer.json()["detail"], name
    assert upload(operator, navruz, "a.pdf", b"x" * (FIELD.most_bytes + 20_000)).status_code == 413
    assert upload(operator, navruz, command_id="x").status_code == 422
    nothing = operator.post(f"/events/{navruz}/centre/files", {"command_id": key()}, headers=JSON)
    assert nothing.status_code == 422
    assert count(navruz) == before


def test_an_id_of_a_file_is_not_enough(operator, firefighter, navruz):
    file = upload(operator, navruz).json()["id"]
    stolen = message_with(firefighter, navruz, file, to="fvv", sort="request")
    assert stolen.status_code == 422
    assert get(firefighter, navruz, f"files/{file}").status_code == 404


def test_the_field_reads_the_files_of_an_order(operator, client_of, navruz):
    field = client_of("field", agency="tty", stream=navruz)
    person = f"person:{field.session['_auth_user_id']}"
    file = upload(operator, navruz).json()["id"]
    message = {"to": [{"kind": "person", "id": person}], "text": "See the way.", "attachments": [file]}
    assert send(operator, navruz, "send_message", message=message).status_code == 200
    page = get(field, navruz, "orders")
    assert f"files/{file}".encode() in page.content
    assert b"way.txt" in page.content
    assert get(field, navruz, f"files/{file}").content == b"Behind the stage"


def test_the_contents_of_a_file_are_erased_from_the_console(operator, client_of, navruz):
    file = upload(operator, navruz).json()["id"]
    message_with(operator, navruz, file)
    erasing = {"attachment_id": file, "reason": "A child can be recognised."}
    assert send(operator, navruz, "erase_file", **erasing).status_code == 403
    chief = client_of("coordinator", agency="hok", stream=navruz)
    assert send(chief, navruz, "erase_file", **erasing).status_code == 200
    gone = get(operator, navruz, f"files/{file}")
    assert gone.status_code == 422
    assert gone.json()["title"] == "file-content-erased"


def test_limits_of_files_are_told_before(operator, navruz):
    limits = get(operator, navruz, "reference").json()["limits"]
    assert limits["file_bytes"] == FIELD.most_bytes
    assert limits["files"] > 1
    assert {"pdf", "jpg", "txt"} <= set(limits["file_endings"])
    assert set(limits["file_text_endings"]) < set(limits["file_endings"])


# Prepared words ----------------------------------------------------------------------------------------------------


def typed(**more):
    return {
        "command_id": key(),
        "do": "keep",
        "template": "new",
        "title_uz": "Kirishni toʻxtatish",
        "title_en": "Stop the entry",
        "text_uz": "Kirishni toʻxtating.",
        "text_en": "Stop the entry.",
        "sort": "order",
        "urgency": "flash",
        "to": ["agency tty", "all all"],
        "needs_read_back": "on",
        **more,
    }


def templates_of(stream):
    return journals().get_documents(str(stream)).all("message_template")


def test_words_are_prepared_changed_and_taken_away(operator, navruz):
    address = f"/events/{navruz}/centre/templates"
    made = typed()
    assert operator.post(address, made).status_code == 302
    assert operator.post(address, made).status_code == 302
    (found,) = templates_of(navruz)
    assert found.text == {"uz": "Kirishni toʻxtating.", "en": "Stop the entry."}
    assert (found.sort, found.urgency, found.needs_read_back) == ("order", "flash", True)
    assert [each.key for each in found.to] == [("agency", "tty"), ("all", "all")]
    shown = operator.get(address, {"template": found.id}, headers={"Accept-Language": "en"})
    assert b'value="agency tty" selected' in shown.content
    assert "Kirishni toʻxtating." in shown.content.decode()
    changed = typed(template=found.id, text_ru="Остановите вход.", to=[])
    assert operator.post(address, changed).status_code == 302
    (found,) = templates_of(navruz)
    assert set(found.text) == {"uz", "ru", "en"}
    assert found.to == ()
    gone = {"command_id": key(), "do": "remove", "template": found.id}
    assert operator.post(address, gone).status_code == 302
    assert templates_of(navruz) == ()
    assert operator.post(address, {**gone, "command_id": key()}).status_code == 404


def test_words_that_cannot_be_prepared_stay_in_the_form(operator, navruz):
    address = f"/events/{navruz}/centre/templates"
    for wrong in (
        {"text_uz": "", "text_en": " "},
        {"title_uz": "", "title_en": ""},
        {"sort": "log"},
        {"sort": "x"},
        {"urgency": ""},
        {"to": ["x"]},
        {"to": ["agency nobody"]},
        {"contingency": "none"},
        {"template": "none"},
        {"do": "x"},
        {"command_id": "x"},
        {"text_en": "x" * 100_000},
    ):
        answer = operator.post(address, typed(**wrong))
        assert answer.status_code in {404, 422}, wrong
    assert templates_of(navruz) == ()
    kept = operator.post(address, typed(to=["post gone"], text_en="Do not lose this."))
    assert b"Do not lose this." in kept.content
    assert b'value="post gone" selected' in kept.content


def test_who_may_not_prepare_words_reads_them_at_most(operator, medic, navruz):
    address = f"/events/{navruz}/centre/templates"
    operator.post(address, typed())
    page = medic.get(address)
    assert page.status_code == 200
    assert "Kirishni toʻxtatish" in page.content.decode()
    assert b'name="do"' not in page.content
    assert medic.post(address, typed()).status_code == 403
    assert len(templates_of(navruz)) == 1


def test_an_announcement_of_the_plan_becomes_words_to_change(operator, navruz):
    reference = get(operator, navruz, "reference").json()
    spoken = next(each for each in reference["contingencies"] if each["message"])
    page = get(operator, navruz, "templates", **{"from": spoken["id"]})
    assert page.status_code == 200
    assert next(iter(spoken["message"].values()))[:20] in page.content.decode().replace("&#x27;", "'")


def test_unchanged_words_are_sent_in_all_their_languages(operator, navruz):
    operator.post(f"/events/{navruz}/centre/templates", typed())
    (found,) = templates_of(navruz)
    for text, wanted in (("Stop the entry.", found.text), ("Stop it.", "Stop it.")):
        made = message_with(operator, navruz, text=text, template=found.id).json()["id"]
        assert journals().get_documents(str(navruz)).get("message", made).text == wanted


# What is said to the public ----------------------------------------------------------------------------------------


def test_standard_words_of_every_action_are_told_in_all_languages(operator, navruz):
    told = get(operator, navruz, "reference").json()["announcements"]
    assert told.keys() == WORDS_OF_ACTION.keys()
    assert all(set(words) == set(LANGUAGES) and all(words.values()) for words in told.values())


# What may be the same ----------------------------------------------------------------------------------------------


def report(client, stream, **more):
    given = {"type": "medical", "text": "A person has fallen", "place": {"point": [69.28, 41.31]}, **more}
    return send(client, stream, "report_incident", **given).json()["id"]


def test_what_may_be_the_same_is_told_with_reasons(operator, navruz):
    made = report(operator, navruz, card_112="112-4711")
    (near,) = get(operator, navruz, "duplicates", type="medical", point="69.2801,41.31").json()["incidents"]
    assert near["id"] == made
    assert set(near["reasons"]) == {"near", "type"}
    (card,) = get(operator, navruz, "duplicates", card="112 4711").json()["incidents"]
    assert card["reasons"] == ["card"]
    assert get(operator, navruz, "duplicates").json() == {"incidents": []}
    assert get(operator, navruz, "duplicates", type="weather", point="69.2,41.3").json()["incidents"] == []


def test_a_card_of_others_is_not_found_out_by_asking(operator, firefighter, navruz):
    report(operator, navruz, card_112="112-4711", agency="tty")
    assert get(firefighter, navruz, "duplicates", card="112-4711").json() == {"incidents": []}


def test_nonsense_finds_nothing(operator, navruz):
    report(operator, navruz)
    for point in ("x", "1", "1,2,3", "nan,nan", "1e999,0", "500,500", ",", "9" * 5000):
        answer = get(operator, navruz, "duplicates", point=point)
        assert answer.json() == {"incidents": []}, point
    assert get(operator, navruz, "duplicates", type="x" * 5000, feature="<x>").json() == {"incidents": []}

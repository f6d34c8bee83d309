# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import json
import logging
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from hamkor.agencies.queries.people import get_viewer
from hamkor.common.ids import new_id
from hamkor.folder.queries import read_folder
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import edit_plan
from hamkor.plans.rules.edits import SetFields
from hamkor.sheets.queries import find_origin
from hamkor.workspace.exports.kinds import EXPORTS
from hamkor.workspace.exports.prints import make_paper, path_of, sweep_prints
from hamkor.workspace.models import CalendarFeed, Print
from hamkor.workspace.stores import journals, vault

NAME, PHONE = "Aziza Sinovova", "+998 90 000-00-00"
ROLES_THAT_EXPORT = {
    "coordinator": True,
    "planner": True,
    "liaison": True,
    "commission": True,
    "organiser": True,
    "venue": True,
    "legal": True,
    "operator": False,
    "dispatcher": False,
    "field": False,
    "controller": True,
    "auditor": True,
}


@pytest.fixture
def named(navruz, make_user):
    """Navruz, with the name and phone of one person."""
    user = make_user("coordinator", stream=navruz)
    now = datetime.now(UTC)
    viewer = get_viewer(user, stream=navruz, at=now)
    person = journals().get_documents(str(navruz)).all("person")[0]
    edit = SetFields(part="people", id=person.id, fields={"name": NAME, "phone": PHONE})
    envelope = Envelope(stream=navruz, command_id=new_id(now), at=now, by=viewer.person, agency="iib")
    edit_plan(journals(), envelope, viewer=viewer, edits=[edit], vault=vault())
    return navruz


def export(client, stream, what, **query):
    return client.get(reverse("export", kwargs={"stream": stream, "what": what}), query)


def test_who_may_take_the_drawing_out(navruz, client_of):
    for role, may in ROLES_THAT_EXPORT.items():
        client = client_of(role, stream=navruz)
        assert export(client, navruz, "venue").status_code == (200 if may else 403), role
        page = client.get(reverse("print", kwargs={"stream": navruz}))
        assert page.status_code == 200
        assert ("/export/venue" in page.content.decode()) is may, role


def test_a_stranger_learns_nothing(navruz, client_of):
    assert export(client_of(None), navruz, "venue").status_code == 404
    assert client_of(None).get(reverse("print", kwargs={"stream": navruz})).status_code == 404


def test_every_file_comes_as_a_download_nothing_keeps(navruz, client_of):
    client = client_of("coordinator", stream=navruz)
    for kind in EXPORTS:
        answer = export(client, navruz, kind.name, language="ru")
        assert answer.status_code == 200, kind.name
        assert answer["Content-Type"] == kind.media_type
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert answer["Content-Disposition"].rstrip('"').endswith(kind.suffix)
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert len(answer.content) > 300


def test_an_unknown_file_is_refused(navruz, client_of):
    assert export(client_of("coordinator", stream=navruz), navruz, "everything").status_code == 404


def test_the_record_needs_the_right_to_audit(navruz, client_of):
    assert export(client_of("planner", stream=navruz), navruz, "journal").status_code == 403
    assert export(client_of("auditor", stream=navruz), navruz, "journal").status_code == 200


def test_the_folder_read_back_is_the_same_plan(named, client_of, tmp_path):
    content = export(client_of("planner", stream=named), named, "folder").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    plan = read_folder(folder)
    original = read_folder(Path(__file__).parents[4] / "examples" / "navruz-2027")
    assert plan.people[0].name == NAME
    assert (plan.duties, plan.venue, plan.event) == (original.duties, original.venue, original.event)


def test_names_leave_only_for_those_who_may_see_them_and_it_is_written_down(named, client_of, caplog):
    with caplog.at_level(logging.INFO, "hamkor.access"):
        without = export(client_of("auditor", stream=named), named, "folder").content
        assert NAME.encode() not in b"".join(read_all(without))
        assert [record for record in caplog.records if record.name == "hamkor.access"] == []
        assert NAME.encode() in b"".join(
            read_all(export(client_of("liaison", stream=named), named, "folder").content)
        )
        export(client_of("liaison", stream=named), named, "calendar")
    lines = [record for record in caplog.records if record.name == "hamkor.access"]
    assert [line.what for line in lines] == ["folder", "calendar"]
    assert lines[0].person.startswith("person:")
    assert NAME not in caplog.text


def read_all(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_a_workbook_says_what_it_was_made_from(navruz, client_of):
    content = export(client_of("planner", stream=navruz), navruz, "roster", language="uz-Cyrl").content
    origin = find_origin(content)
    assert (origin.event, origin.language) == ("navruz-2027", "uz-Cyrl")
    assert origin.number == journals().get_head(str(navruz)).number


def test_the_findings_are_those_of_the_page(navruz, client_of):
    found = json.loads(export(client_of("auditor", stream=navruz), navruz, "findings-data").content)
    assert any(finding["rule"] == "ENT-007" for finding in found["findings"])


def ask(client, stream, **values):
    posted = {"form": "pdf", "language": "uz", "version": "", **values}
    return client.post(reverse("ask-print", kwargs={"stream": stream}), posted)


def test_a_plan_is_asked_for_made_and_taken(named, client_of):
    client = client_of("coordinator", stream=named)
    assert ask(client, named).status_code == 302
    row = Print.objects.get(stream=named)
    assert row.state == "waiting"
    page = client.get(reverse("print", kwargs={"stream": named})).content.decode()
    assert 'hx-trigger="every 2s"' in page
    make_paper(row.pk, now=datetime.now(UTC))
    address = reverse("print-file", kwargs={"stream": named, "print_id": row.pk})
    assert address in client.get(reverse("print", kwargs={"stream": named})).content.decode()
    answer = client.get(address)
    assert answer.content.startswith(b"%PDF-")
    assert client_of("field", stream=named).get(address).status_code == 403
    assert client_of("auditor", stream=named).get(address).status_code == 403  # it holds names
    ask(client, named)
    assert Print.objects.filter(stream=named).count() == 1
    assert path_of(row).stat().st_mode & 0o777 == 0o600


def test_a_print_is_not_given_out_after_a_name_has_changed(named, client_of, make_user):
    client = client_of("coordinator", stream=named)
    ask(client, named, form="docx", language="en")
    row = Print.objects.get(stream=named)
    make_paper(row.pk, now=datetime.now(UTC))
    person = journals().get_documents(str(named)).all("person")[0].id
    vault().erase(str(named), person, by="person:x", at=datetime.now(UTC), reason="asked")
    answer = client.get(reverse("print-file", kwargs={"stream": named, "print_id": row.pk}))
    assert answer.status_code == 422
    assert not path_of(row).exists()


def test_what_cannot_be_set_says_so(navruz, client_of, monkeypatch):
    client = client_of("coordinator", stream=navruz)
    ask(client, navruz)
    row = Print.objects.get(stream=navruz)

    def fail(*_args, **_values):
        raise RuntimeError("no room")

    monkeypatch.setitem(
        __import__("hamkor.workspace.exports.prints").workspace.exports.prints.SET_BY, "pdf", fail
    )
    with pytest.raises(RuntimeError):
        make_paper(row.pk, now=datetime.now(UTC))
    row.refresh_from_db()
    assert row.state == "failed"
    ask(client, navruz)
    row.refresh_from_db()
    assert row.state == "waiting"


@pytest.mark.parametrize("wrong", [{"form": "exe"}, {"version": "7"}, {"version": "9999999999999999999"}])
def test_a_print_that_cannot_be_is_refused(wrong, navruz, client_of):
    answer = ask(client_of("coordinator", stream=navruz), navruz, **wrong)
    assert answer.status_code in {302, 422}
    assert Print.objects.filter(stream=navruz, version=7).count() == 0


def test_prints_go_after_a_day(navruz, client_of):
    ask(client_of("coordinator", stream=navruz), navruz)
    row = Print.objects.get(stream=navruz)
    make_paper(row.pk, now=datetime.now(UTC))
    path = path_of(row)
    assert sweep_prints(datetime.now(UTC)) == 0
    assert sweep_prints(datetime.now(UTC) + timedelta(days=2)) == 1
    assert not path.exists()


def test_a_calendar_address_shows_what_its_owner_may_see_and_ends_with_the_role(
    named, client_of, client, make_user
):
    user = make_user("liaison", agency="tty", stream=named)
    client.force_login(user)
    client.post(reverse("new-feed", kwargs={"stream": named}))
    address = client.session["workspace.feed"]
    assert address in client.get(reverse("print", kwargs={"stream": named})).content.decode()
    assert address not in client.get(reverse("print", kwargs={"stream": named})).content.decode()
    client.logout()
    answer = client.get(address)
    assert answer.content.startswith(b"BEGIN:VCALENDAR")
    assert CalendarFeed.objects.get(user=user).last_used_at is not None
    assert client.get(address[:-8] + "xxxx.ics").status_code == 404
    user.roles.all().delete()
    assert client.get(address).status_code == 404


def test_a_new_calendar_address_ends_the_old_one(navruz, client, make_user):
    client.force_login(make_user("planner", stream=navruz))
    client.post(reverse("new-feed", kwargs={"stream": navruz}))
    first = client.session["workspace.feed"]
    client.post(reverse("new-feed", kwargs={"stream": navruz}))
    second = client.session["workspace.feed"]
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    client.post(reverse("stop-feed", kwargs={"stream": navruz}))
    assert client.get(second).status_code == 404

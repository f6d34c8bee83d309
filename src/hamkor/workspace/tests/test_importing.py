# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import re
import stat
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from hamkor.agencies.queries.people import get_viewer
from hamkor.common.ids import new_id
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import edit_plan
from hamkor.plans.rules.edits import SetFields
from hamkor.workspace.imports.uploads import MOST_BYTES, sweep_uploads
from hamkor.workspace.stores import journals, vault

EXAMPLE = Path(__file__).parents[4] / "examples" / "navruz-2027"


def zipped(change=lambda name, text: text, *, folder="navruz-2027/", more=()):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(EXAMPLE.iterdir()):
            if path.suffix in {".yaml", ".geojson"}:
                archive.writestr(folder + path.name, change(path.name, path.read_text(encoding="utf-8")))
        for name, body in more:
            archive.writestr(name, body)
    return content.getvalue()


def send(client, stream, content, kind="folder", name="event.zip"):
    return client.post(
        reverse("import", kwargs={"stream": stream, "kind": kind}),
        {"file": SimpleUploadedFile(name, content)},
    )


def hidden(page):
    """What the form to confirm holds; nothing when the page has none."""
    form = re.search(
        r'name="command_id" value="([^"]+)"><input type="hidden" name="digest".*?</form>',
        page.content.decode(),
    )
    return dict(re.findall(r'name="(command_id|digest|seen)" value="([^"]+)"', form[0])) if form else {}


def confirm(client, stream, page, kind="folder"):
    return client.post(reverse("confirm-import", kwargs={"stream": stream, "kind": kind}), hidden(page))


def head(stream):
    return journals().get_head(str(stream)).number


def edited(name, text):
    return text.replace("Command post", "Command post one") if name == "posts.yaml" else text


def test_the_same_folder_changes_nothing(navruz, client_of):
    page = send(client_of("planner", stream=navruz), navruz, zipped())
    assert page.status_code == 200
    assert hidden(page) == {}


def test_what_would_change_is_shown_then_taken_once(navruz, client_of):
    client, before = client_of("planner", stream=navruz), head(navruz)
    title = journals().get_documents(str(navruz)).get("post", "post-command").title

    def change(name, text):
        return text.replace(title["en"], "Another command post") if name == "posts.yaml" else text

    page = send(client, navruz, zipped(change))
    assert "Another command post" in page.content.decode() or title["uz"] in page.content.decode()
    assert head(navruz) == before
    for _ in range(2):
        assert confirm(client, navruz, page).status_code == 302
        assert head(navruz) == before + 1
    post = journals().get_documents(str(navruz)).get("post", "post-command")
    assert post.title["en"] == "Another command post"


def without_means(name, text):
    return "means: []\n" if name == "means.yaml" else text


def test_a_plan_changed_meanwhile_is_shown_again(navruz, client_of, make_user):
    client = client_of("planner", stream=navruz)
    page = send(client, navruz, zipped(without_means))
    user, now = make_user("coordinator", stream=navruz), datetime.now(UTC)
    viewer = get_viewer(user, stream=navruz, at=now)
    edit = SetFields(part="posts", id="post-command", fields={"note": "changed meanwhile"})
    envelope = Envelope(stream=navruz, command_id=new_id(now), at=now, by=viewer.person, agency="iib")
    edit_plan(journals(), envelope, viewer=viewer, edits=[edit], vault=vault())
    before = head(navruz)
    again = confirm(client, navruz, page)
    assert again.status_code == 200
    assert "changed meanwhile" in again.content.decode()
    assert head(navruz) == before
    assert confirm(client, navruz, again).status_code == 302
    assert head(navruz) > before


def test_who_may_not_import_is_told_and_can_not_confirm(navruz, client_of):
    for role in ("liaison", "auditor", "field"):
        client = client_of(role, agency="tty", stream=navruz)
        before = head(navruz)
        page = send(client, navruz, zipped(without_means))
        assert 'role="alert"' in page.content.decode()
        assert hidden(page) == {}
    assert send(client_of(None), navruz, zipped()).status_code == 404
    assert head(navruz) == before


def test_a_file_can_be_confirmed_by_its_uploader_only(navruz, client_of):
    page = send(client_of("planner", stream=navruz), navruz, zipped(without_means))
    assert confirm(client_of("planner", stream=navruz), navruz, page).status_code == 422
    forged = {**hidden(page), "digest": "../../secret.key"}
    address = reverse("confirm-import", kwargs={"stream": navruz, "kind": "folder"})
    assert client_of("planner", stream=navruz).post(address, forged).status_code == 422


def test_every_fault_of_a_folder_is_shown_with_its_place(navruz, client_of):
    def broken(name, text):
        return text + "\nnonsense: 1\n" if name == "attendance.yaml" else text

    page = send(
        client_of("planner", stream=navruz), navruz, zipped(broken, more=[("navruz-2027/duty.yaml", "x: 1")])
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert re.search(r"attendance\.yaml:\d+", text)
    assert "duty.yaml" in text


def bomb():
    return zipped(more=[("navruz-2027/zeros.txt", b"0" * 30_000_000)])


def link():
    content = io.BytesIO(zipped())
    with zipfile.ZipFile(content, "a") as archive:
        entry = zipfile.ZipInfo("navruz-2027/people.yaml.link")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return content.getvalue()


def lying():
    """An archive whose directory says that a file is small."""
    content = bytearray(zipped(more=[("navruz-2027/zeros.txt", b"0" * 900_000)]))
    size = (900_000).to_bytes(4, "little")
    while (place := content.find(size)) >= 0:
        content[place : place + 4] = (10).to_bytes(4, "little")
    return bytes(content)


HARMFUL = [
    (lambda: b"no archive at all", "archive-broken"),
    (lambda: zipped()[:-400], "archive-broken"),
    (lambda: b"PK\x05\x06" + b"\0" * 18, "folder"),
    (bomb, "archive-too-large"),
    (lying, "archive-broken"),
    (link, "archive-link"),
    (lambda: zipped(more=[(f"x/{number}", "") for number in range(300)]), "archive-too-large"),
    (lambda: zipped(more=[("../../evil.yaml", "x")]), "archive-path"),
    (lambda: zipped(more=[("/etc/cron.d/evil", "x")]), "archive-path"),
    (lambda: zipped(more=[("C:\\evil.yaml", "x")]), "archive-path"),
    (lambda: zipped(more=[("a/b/c/d/e.yaml", "x")]), "archive-path"),
    (lambda: zipped(more=[("other/event.yaml", "x: 1")]), "archive-several"),
    (lambda: b"", "upload-missing"),
]


def test_an_archive_made_to_harm_is_refused_in_words(navruz, client_of):
    before, client = head(navruz), client_of("planner", stream=navruz)
    for make, code in HARMFUL:
        page = send(client, navruz, make())
        assert page.status_code == 422, code
        assert code in page.content.decode() or code == "folder"
        assert 'role="alert"' in page.content.decode()
    assert head(navruz) == before


def test_litter_of_file_managers_and_files_at_the_top_are_taken(navruz, client_of):
    content = zipped(folder="", more=[("__MACOSX/._event.yaml", b"\0\1"), (".DS_Store", b"\0")])
    assert send(client_of("planner", stream=navruz), navruz, content).status_code == 200


def test_what_is_too_large_is_refused_before_it_is_read(navruz, client_of):
    client = client_of("planner", stream=navruz)
    address = reverse("import", kwargs={"stream": navruz, "kind": "folder"})
    for length, status in ((str(MOST_BYTES + 1), 413), ("", 411), ("-1", 411)):
        answer = client.generic("POST", address, b"x", CONTENT_LENGTH=length)
        assert answer.status_code == status


def test_a_foreign_site_can_not_send_a_file(navruz, make_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("planner", stream=navruz))
    assert send(client, navruz, zipped()).status_code == 403


def workbook(client, stream, what):
    answer = client.get(reverse("export", kwargs={"stream": stream, "what": what}), {"language": "en"})
    return answer.content


def changed_workbook(content, change):
    book = load_workbook(io.BytesIO(content))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_a_roster_comes_back_with_its_changes_only(navruz, client_of):
    client, before = client_of("planner", stream=navruz), head(navruz)
    content = workbook(client, navruz, "roster")
    assert hidden(send(client, navruz, content, "roster", "r.xlsx")) == {}

    title = journals().get_documents(str(navruz)).get("post", "post-command").title["en"]

    def rename(book):
        (cell,) = [cell for row in book["Posts"].iter_rows() for cell in row if cell.value == title]
        cell.value = "Command post, moved"

    page = send(client, navruz, changed_workbook(content, rename), "roster", "r.xlsx")
    assert page.status_code == 200
    assert confirm(client, navruz, page, "roster").status_code == 302
    assert confirm(client, navruz, page, "roster").status_code == 302
    assert head(navruz) == before + 1
    title = journals().get_documents(str(navruz)).get("post", "post-command").title
    assert "Command post, moved" in str(title)


def test_faults_of_a_workbook_are_shown_cell_by_cell(navruz, client_of):
    client = client_of("planner", stream=navruz)

    def inject(book):
        book["Posts"]["B2"] = '=HYPERLINK("http://evil.example","x")'

    content = changed_workbook(workbook(client, navruz, "roster"), inject)
    before = head(navruz)
    page = send(client, navruz, content, "roster", "r.xlsx")
    assert page.status_code == 422
    assert "Posts!B2" in page.content.decode()
    for wrong in (b"no workbook", workbook(client, navruz, "duties"), zipped()):
        assert send(client, navruz, wrong, "roster", "r.xlsx").status_code == 422
    assert head(navruz) == before


def test_a_duty_matrix_comes_back_unchanged(navruz, client_of):
    client = client_of("coordinator", stream=navruz)
    page = send(client, navruz, workbook(client, navruz, "duties"), "duties", "d.xlsx")
    assert (page.status_code, hidden(page)) == (200, {})


def test_an_unknown_kind_of_file_is_refused(navruz, client_of):
    assert send(client_of("planner", stream=navruz), navruz, zipped(), "anything").status_code == 404


def test_a_new_event_is_begun_from_a_folder_once(client_of, db):
    client = client_of("coordinator")
    address = reverse("new-from-folder")
    page = client.get(address)
    (command_id,) = re.findall(r'name="command_id" value="([^"]+)"', page.content.decode())
    posted = {"command_id": command_id, "file": SimpleUploadedFile("event.zip", zipped())}
    shown = client.post(address, posted)
    assert shown.status_code == 200
    values = hidden(shown)
    for _ in range(2):
        answer = client.post(address, values)
        assert answer.status_code == 302
    stream = values["command_id"]
    documents = journals().get_documents(stream)
    assert len(documents.all("duty")) > 50
    assert client.get(f"/events/{stream}/").status_code == 200
    first = documents.number
    client.post(address, values)
    assert head(stream) == first


def test_who_may_not_begin_events_can_not_from_a_folder_either(client_of):
    client = client_of("field", agency="tty")
    assert client.get(reverse("new-from-folder")).status_code == 403
    faulty = client_of("coordinator").post(
        reverse("new-from-folder"),
        {"command_id": str(new_id(datetime.now(UTC))), "file": SimpleUploadedFile("event.zip", b"no")},
    )
    assert faulty.status_code == 422
    assert 'role="alert"' in faulty.content.decode()


def test_uploads_go_after_a_day(navruz, client_of):
    client = client_of("planner", stream=navruz)
    page = send(client, navruz, zipped(without_means))
    assert sweep_uploads(datetime.now(UTC) + timedelta(days=2)) >= 1
    assert confirm(client, navruz, page).status_code == 422

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hamkor.agencies.models import User
from hamkor.discussions.facts import ATTACHMENT, COMMENT, QUESTION
from hamkor.journal.queries import export_journal
from hamkor.workspace.stores import journals
from hamkor.workspace.tests.test_agreement_pages import PAGES, XSS, change, head_of, new_id, send, text_of
from hamkor.workspace.views import verification

BAD_FILES = {"plan.pdf": b"<html>no</html>", "run.exe": b"MZ\x90\x00", "a.png": b"\x89PNG\r\n", "x.txt": b""}


def documents(stream):
    return journals().get_documents(str(stream))


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def ask(client, stream, to, **values):
    return send(
        client, stream, "questions", do="ask", text="How many?", to=to, deadline_at=in_days(3), **values
    )


class TestQuestions:
    def test_one_is_asked_answered_and_closed(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        liaison = client_of("liaison", agency="tty", stream=navruz)
        assert ask(coordinator, navruz, "|tty").status_code == 302
        question = documents(navruz).all(QUESTION)[0]
        page = text_of(liaison.get(f"/events/{navruz}/questions"))
        assert "How many?" in page
        one = f"questions/{question.id}"
        assert send(liaison, navruz, one, do="answer", text=f"Six {XSS}").status_code == 302
        shown = coordinator.get(f"/events/{navruz}/{one}")
        assert XSS.encode() not in shown.content
        assert "Six" in text_of(shown)
        assert send(coordinator, navruz, one, do="close").status_code == 302
        assert documents(navruz).all(QUESTION)[0].closing is not None

    def test_refusals_keep_what_was_typed(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        late = send(
            coordinator,
            navruz,
            "questions",
            do="ask",
            text="Kept text",
            to="|tty",
            deadline_at="2001-01-01T10:00",
        )
        assert late.status_code == 422
        assert "Kept text" in text_of(late)
        assert ask(coordinator, navruz, "|nonsense").status_code == 422
        assert ask(coordinator, navruz, "").status_code == 422
        assert (
            send(coordinator, navruz, "questions", do="ask", text="x", to="|tty", deadline_at="?").status_code
            == 422
        )
        assert send(coordinator, navruz, "questions", do="comment", text=" ").status_code == 422
        assert (
            send(coordinator, navruz, "questions", do="comment", text="x", part="nonsense").status_code == 422
        )
        assert send(coordinator, navruz, "questions", do="else").status_code == 422
        broken = coordinator.post(
            f"/events/{navruz}/questions", {"do": "comment", "text": "x", "command_id": "?"}
        )
        assert broken.status_code == 422
        assert not documents(navruz).all(QUESTION)

    def test_only_who_is_asked_answers_and_only_who_may_speaks(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        ask(coordinator, navruz, "|tty")
        one = f"questions/{documents(navruz).all(QUESTION)[0].id}"
        other = client_of("liaison", agency="fvv", stream=navruz)
        assert send(other, navruz, one, do="answer", text="Mine").status_code == 422
        auditor = client_of("auditor", stream=navruz)
        assert send(auditor, navruz, one, do="answer", text="Mine").status_code == 403
        assert send(auditor, navruz, "questions", do="comment", text="Mine").status_code == 403
        assert "<textarea" not in text_of(auditor.get(f"/events/{navruz}/questions"))
        assert coordinator.get(f"/events/{navruz}/questions/nothing").status_code in {404, 422}

    def test_one_is_redirected(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        ask(coordinator, navruz, "|tty")
        one = f"questions/{documents(navruz).all(QUESTION)[0].id}"
        assert send(coordinator, navruz, one, do="redirect", to="|fvv", reason="Theirs").status_code == 302
        assert documents(navruz).all(QUESTION)[0].to.agency == "fvv"
        assert "Theirs" in text_of(coordinator.get(f"/events/{navruz}/{one}"))

    def test_sent_twice_is_asked_once(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        values = {"command_id": str(new_id(datetime.now(UTC))), "do": "comment", "text": "Once"}
        for _ in range(2):
            assert coordinator.post(f"/events/{navruz}/questions", values).status_code == 302
        assert len(documents(navruz).all(COMMENT)) == 1

    def test_it_stands_on_the_page_of_its_item_and_in_the_menu(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        post = documents(navruz).all("post")[0].id
        ask(coordinator, navruz, "|tty", part="posts", item=post)
        sent = send(
            coordinator,
            navruz,
            "questions",
            do="comment",
            text=f"Beside it {XSS}",
            part="posts",
            item=post,
            next=f"/events/{navruz}/part/posts/{post}",
        )
        assert sent["Location"] == f"/events/{navruz}/part/posts/{post}"
        page = coordinator.get(f"/events/{navruz}/part/posts/{post}")
        assert XSS.encode() not in page.content
        assert "Beside it" in text_of(page)
        assert "How many?" in text_of(page)

    def test_a_comment_is_corrected_and_struck(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        other = client_of("liaison", agency="tty", stream=navruz)
        send(coordinator, navruz, "questions", do="comment", text="First words")
        comment = documents(navruz).all(COMMENT)[0].id
        assert (
            send(other, navruz, "questions", do="correct", comment=comment, text="Not mine").status_code
            == 422
        )
        assert (
            send(coordinator, navruz, "questions", do="correct", comment=comment, text="Better").status_code
            == 302
        )
        assert send(coordinator, navruz, "questions", do="strike", comment=comment).status_code == 302
        page = text_of(coordinator.get(f"/events/{navruz}/questions"))
        assert "First words" in page
        assert "<del>Better</del>" in page


class TestAttachments:
    def attach(self, client, stream, content=b"Plain words\n", name="note.txt", **values):
        file = SimpleUploadedFile(name, content, content_type="text/plain")
        return send(client, stream, "attachments", do="attach", file=file, **values)

    def test_a_file_is_attached_sent_struck_and_erased(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        assert self.attach(coordinator, navruz).status_code == 302
        found = documents(navruz).all(ATTACHMENT)[0]
        sent = client_of("field", stream=navruz).get(f"/events/{navruz}/attachments/{found.id}")
        assert sent.content == b"Plain words\n"
        assert sent["Content-Disposition"].startswith("attachment")
        assert sent["X-Content-Type-Options"] == "nosniff"
        assert sent["Content-Type"].startswith("text/plain")
        assert client_of(None).get(f"/events/{navruz}/attachments/{found.id}").status_code == 404
        assert send(coordinator, navruz, "attachments", do="strike", attachment=found.id).status_code == 302
        planner = client_of("planner", stream=navruz)
        assert send(planner, navruz, "attachments", do="erase", attachment=found.id).status_code == 403
        assert send(coordinator, navruz, "attachments", do="erase", attachment=found.id).status_code == 302
        assert coordinator.get(f"/events/{navruz}/attachments/{found.id}").status_code == 422
        assert "note.txt" in text_of(coordinator.get(f"/events/{navruz}/attachments"))

    def test_a_bad_file_is_refused_beside_its_field(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        for name, content in BAD_FILES.items():
            refused = self.attach(coordinator, navruz, content, name)
            assert refused.status_code == 422, name
            assert 'id="file-fault"' in text_of(refused)
        assert not documents(navruz).all(ATTACHMENT)

    def test_no_file_and_no_right(self, navruz, client_of):
        assert (
            send(client_of("coordinator", stream=navruz), navruz, "attachments", do="attach").status_code
            == 422
        )
        assert self.attach(client_of("auditor", stream=navruz), navruz).status_code == 403


class TestVerification:
    @pytest.fixture
    def signed(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        send(coordinator, navruz, "approvals", do="put")
        version = documents(navruz).all("plan_version")[0]
        head = head_of(navruz)
        seen = {"version": "1", "number": str(head.number), "hash": head.hash}
        send(coordinator, navruz, "approvals", do="approve-whole", agency="iib", **seen)
        return version

    def name_of_signer(self):
        return User.objects.get(name__startswith="coordinator iib").name

    def test_paper_is_compared_by_anybody(self, navruz, signed, client, client_of):
        page = client.get(f"/verify/{navruz}/{signed.head_hash}")
        text = text_of(page)
        assert page.status_code == 200
        assert "konsert" in text
        assert self.name_of_signer() not in text
        inside = text_of(client_of("planner", stream=navruz).get(f"/verify/{navruz}/{signed.head_hash}"))
        assert self.name_of_signer() in inside
        outside = text_of(client_of(None).get(f"/verify/{navruz}/{signed.head_hash}"))
        assert self.name_of_signer() not in outside

    def test_a_guess_learns_nothing(self, navruz, signed, client):
        wrong = client.get(f"/verify/{navruz}/{'0' * 64}")
        nowhere = client.get(f"/verify/{new_id(datetime.now(UTC))}/{'0' * 64}")
        malformed = client.get(f"/verify/{navruz}/{'z' * 70}")
        for answer in (wrong, nowhere, malformed, client.get(f"/verify/{navruz}/")):
            assert "konsert" not in text_of(answer)
        assert (wrong.status_code, nowhere.status_code, malformed.status_code) == (404, 404, 404)

    def test_a_change_since_is_told(self, navruz, signed, client, make_user):
        change(make_user("coordinator", stream=navruz), navruz, title="Secret title of a post")
        text = text_of(client.get(f"/verify/{navruz}/{signed.head_hash}"))
        assert "triangle-alert" in text
        assert "Secret title" not in text

    def test_a_draft_is_called_a_draft(self, navruz, signed, client):
        first = journals().list_entries(str(navruz))[3].hash
        assert "file-text" in text_of(client.get(f"/verify/{navruz}/{first}"))

    def test_a_hash_is_typed(self, navruz, signed, client):
        spaced = " ".join(signed.head_hash[at : at + 8].upper() for at in range(0, 64, 8))
        answer = client.post(
            "/verify/", {"event": f"https://hamkor.example/verify/{navruz}/", "hash": spaced}
        )
        assert answer["Location"] == f"/verify/{navruz}/{signed.head_hash}"
        assert client.post(f"/verify/{navruz}/", {"hash": "12"}).status_code == 422
        assert client.post("/verify/", {"event": "?", "hash": spaced}).status_code == 422

    def test_an_exported_record_is_verified_and_a_changed_one_is_not(self, navruz, signed, client):
        lines = export_journal(journals(), navruz)
        file = SimpleUploadedFile("journal.jsonl", lines)
        whole = client.post("/verify/", {"journal": file, "hash": signed.head_hash})
        assert whole.status_code == 200
        assert "shield-check" in text_of(whole)
        changed = SimpleUploadedFile("journal.jsonl", lines.replace(b"konsert", b"kontsert", 1))
        assert client.post("/verify/", {"journal": changed}).status_code == 422
        assert client.post("/verify/", {"journal": SimpleUploadedFile("x", b"\x00\xff{")}).status_code == 422

    def test_too_many_attempts_are_refused(self, navruz, client, monkeypatch):
        monkeypatch.setitem(verification.RATES, "verify", "3/m/ip")
        answers = [client.get(f"/verify/{navruz}/{'0' * 64}").status_code for _ in range(4)]
        assert answers == [404, 404, 404, 429]


def test_what_was_just_done_can_be_taken_back(navruz, client_of):
    coordinator = client_of("coordinator", stream=navruz)
    post = documents(navruz).all("mean")[0].id
    removed = send(coordinator, navruz, f"part/means/{post}/remove", and_references="on")
    assert removed.status_code == 302
    page = text_of(coordinator.get(removed["Location"]))
    assert 'name="undone"' in page


def test_pages_ask_the_database_little(navruz, client_of, django_assert_max_num_queries):
    coordinator = client_of("coordinator", stream=navruz)
    for page in ("", *PAGES):
        coordinator.get(f"/events/{navruz}/{page}")
        with django_assert_max_num_queries(12):
            assert coordinator.get(f"/events/{navruz}/{page}").status_code == 200

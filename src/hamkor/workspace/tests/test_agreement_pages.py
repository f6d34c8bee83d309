# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

from hamkor.common.ids import new_id
from hamkor.journal.queries import get_head
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import edit_plan
from hamkor.plans.rules.edits import SetFields
from hamkor.workspace.stores import journals, vault

READERS = [
    "coordinator",
    "planner",
    "liaison",
    "commission",
    "organiser",
    "venue",
    "legal",
    "field",
    "auditor",
]
PAGES = ["findings", "approvals", "questions", "attachments", "history"]
XSS = "<script>alert(1)</script>"


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def send(client, stream, page, **values):
    return client.post(f"/events/{stream}/{page}", {"command_id": str(new_id(datetime.now(UTC))), **values})


def head_of(stream):
    return get_head(journals(), stream)


def seen(stream, version=1) -> dict[str, str]:
    head = head_of(stream)
    return {"version": str(version), "number": str(head.number), "hash": head.hash}


def change(user, stream, part="posts", **fields):
    """Changes the first item of a part as somebody else does it meanwhile."""
    from hamkor.agencies.queries.people import get_viewer

    now = datetime.now(UTC)
    viewer = get_viewer(user, stream=stream, at=now)
    documents = journals().get_documents(str(stream))
    item = documents.all("post")[0].id
    envelope = Envelope(stream=stream, command_id=new_id(now), at=now, by=viewer.person, agency=viewer.agency)
    edit_plan(
        journals(),
        envelope,
        viewer=viewer,
        edits=[SetFields(part=part, id=item, fields=fields)],
        vault=vault(),
    )
    return envelope.command_id


def test_every_role_reads_every_page(navruz, client_of):
    for role in READERS:
        reader = client_of(role, stream=navruz)
        found = {page: reader.get(f"/events/{navruz}/{page}").status_code for page in PAGES}
        assert set(found.values()) == {200}, (role, found)


def test_nobody_else_learns_of_them(navruz, client_of, client):
    stranger = client_of(None)
    for page in PAGES:
        assert stranger.get(f"/events/{navruz}/{page}").status_code == 404
        assert client.get(f"/events/{navruz}/{page}").status_code == 302


def test_a_rule_explains_itself(navruz, client_of):
    client = client_of("field", stream=navruz)
    answer = client.get("/rules/NECK-001")
    assert answer.status_code == 200
    assert "NECK-001" in text_of(answer)
    assert client.get("/rules/NONE-999").status_code == 404


class TestApprovals:
    def test_a_round_from_version_to_void(self, navruz, client_of, make_user):
        coordinator, liaison = (
            client_of("coordinator", stream=navruz),
            client_of("liaison", agency="tty", stream=navruz),
        )
        assert "sign-own-tty" not in text_of(liaison.get(f"/events/{navruz}/approvals"))
        assert send(coordinator, navruz, "approvals", do="put", note=XSS).status_code == 302
        page = liaison.get(f"/events/{navruz}/approvals")
        assert XSS.encode() not in page.content
        assert "sign-own-tty" in text_of(page)
        signed = send(liaison, navruz, "approvals", do="approve-own", agency="tty", **seen(navruz))
        assert signed.status_code == 302
        signed = send(liaison, navruz, "approvals", do="approve-whole", agency="tty", **seen(navruz))
        assert signed.status_code == 302
        change(make_user("coordinator", stream=navruz), navruz, title="Another title of the post")
        after = text_of(coordinator.get(f"/events/{navruz}/approvals"))
        assert "Another title of the post" in after
        assert 'id="since-version"' in after

    def test_a_stale_head_is_refused_with_the_changes(self, navruz, client_of, make_user):
        coordinator, organiser = (
            client_of("coordinator", stream=navruz),
            client_of("organiser", agency="org", stream=navruz),
        )
        send(coordinator, navruz, "approvals", do="put")
        stale = seen(navruz)
        change(make_user("coordinator", stream=navruz), navruz, title="Moved while reading")
        before = head_of(navruz)
        refused = send(organiser, navruz, "approvals", do="approve-whole", agency="org", **stale)
        assert refused.status_code == 409
        assert "Moved while reading" in text_of(refused)
        assert head_of(navruz) == before

    def test_nobody_signs_for_another_agency(self, navruz, client_of):
        coordinator, liaison = (
            client_of("coordinator", stream=navruz),
            client_of("liaison", agency="tty", stream=navruz),
        )
        send(coordinator, navruz, "approvals", do="put")
        before = head_of(navruz)
        refused = send(liaison, navruz, "approvals", do="approve-own", agency="fvv", **seen(navruz))
        assert refused.status_code == 422
        assert (
            send(
                client_of("auditor", stream=navruz),
                navruz,
                "approvals",
                do="approve-own",
                agency="iib",
                **seen(navruz),
            ).status_code
            == 403
        )
        assert send(liaison, navruz, "approvals", do="put").status_code == 403
        assert (
            send(
                liaison, navruz, "approvals", do="approve-own", agency="nonsense", **seen(navruz)
            ).status_code
            == 422
        )
        assert head_of(navruz) == before

    def test_sent_twice_is_signed_once(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        send(coordinator, navruz, "approvals", do="put")
        values = {
            "command_id": str(new_id(datetime.now(UTC))),
            "do": "approve-own",
            "agency": "iib",
            **seen(navruz),
        }
        first = coordinator.post(f"/events/{navruz}/approvals", values)
        number = head_of(navruz).number
        assert (first.status_code, coordinator.post(f"/events/{navruz}/approvals", values).status_code) == (
            302,
            302,
        )
        assert head_of(navruz).number == number

    def test_an_objection_is_raised_shown_and_settled(self, navruz, client_of):
        coordinator, liaison = (
            client_of("coordinator", stream=navruz),
            client_of("liaison", agency="fvv", stream=navruz),
        )
        send(coordinator, navruz, "approvals", do="put")
        assert send(liaison, navruz, "approvals", do="object", agency="fvv", reason="").status_code == 422
        assert (
            send(liaison, navruz, "approvals", do="object", agency="fvv", reason=f"Too few {XSS}").status_code
            == 302
        )
        page = coordinator.get(f"/events/{navruz}/")
        assert "✕" in text_of(page)
        shown = coordinator.get(f"/events/{navruz}/approvals")
        assert XSS.encode() not in shown.content
        assert "Too few" in text_of(shown)
        assert (
            send(liaison, navruz, "approvals", do="settle", agency="fvv", reason="Mended").status_code == 302
        )

    def test_the_final_approval_is_refused_with_what_is_missing(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        send(coordinator, navruz, "approvals", do="put")
        assert send(coordinator, navruz, "approvals", do="finalise", version="1").status_code == 422
        assert send(coordinator, navruz, "approvals", do="finalise", version="x").status_code == 422
        assert send(coordinator, navruz, "approvals", do="else").status_code == 422

    def test_versions_are_compared_in_words(self, navruz, client_of, make_user):
        user = make_user("coordinator", stream=navruz)
        coordinator = client_of("coordinator", stream=navruz)
        send(coordinator, navruz, "approvals", do="put")
        change(user, navruz, title="Renamed between versions")
        send(coordinator, navruz, "approvals", do="put")
        page = coordinator.get(f"/events/{navruz}/approvals/2")
        assert page.status_code == 200
        assert "Renamed between versions" in text_of(page)
        assert coordinator.get(f"/events/{navruz}/approvals/1").status_code == 200
        assert coordinator.get(f"/events/{navruz}/approvals/9").status_code == 404


class TestFindings:
    def key(self, client, stream, severity="info"):
        from hamkor.approvals.rules.judging import keyed
        from hamkor.checks.queries import check_plan
        from hamkor.plans.queries import get_plan

        report = check_plan(get_plan(journals(), stream=str(stream)))
        return next(key for key, finding in keyed(report.findings).items() if finding.severity == severity)

    def test_one_is_accepted_and_taken_back(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        key = self.key(coordinator, navruz)
        assert send(coordinator, navruz, "findings", do="accept", key=key, reason=" ").status_code == 422
        assert (
            send(coordinator, navruz, "findings", do="accept", key=key, reason=f"Known {XSS}").status_code
            == 302
        )
        page = coordinator.get(f"/events/{navruz}/findings")
        assert XSS.encode() not in page.content
        assert "Known" in text_of(page)
        assert (
            send(coordinator, navruz, "findings", do="withdraw", key=key, reason="Not so").status_code == 302
        )
        assert "Known" not in text_of(coordinator.get(f"/events/{navruz}/findings"))

    def test_only_who_may_accepts(self, navruz, client_of):
        key = self.key(None, navruz)
        auditor = client_of("auditor", stream=navruz)
        assert send(auditor, navruz, "findings", do="accept", key=key, reason="x").status_code == 403
        assert "data-judge=" not in text_of(auditor.get(f"/events/{navruz}/findings"))
        coordinator = client_of("coordinator", stream=navruz)
        assert (
            send(coordinator, navruz, "findings", do="accept", key="NO-1/x/y", reason="x").status_code == 422
        )

    def test_the_form_works_without_scripts(self, navruz, client_of):
        coordinator = client_of("coordinator", stream=navruz)
        key = self.key(coordinator, navruz)
        page = coordinator.get(f"/events/{navruz}/findings", {"accept": key})
        assert 'id="accept"' in text_of(page)


class TestHistory:
    def test_changes_are_told_filtered_and_taken_back(self, navruz, client_of, make_user):
        user = make_user("liaison", agency="iib", stream=navruz)
        coordinator = client_of("coordinator", stream=navruz)
        change(make_user("coordinator", stream=navruz), navruz, title=f"New {XSS}")
        page = coordinator.get(f"/events/{navruz}/history")
        assert XSS.encode() not in page.content
        assert XSS in text_of(page)
        assert "undone" in text_of(page)
        assert XSS not in text_of(coordinator.get(f"/events/{navruz}/history?part=duties"))
        assert XSS in text_of(coordinator.get(f"/events/{navruz}/history?part=posts&agency=iib"))
        assert XSS not in text_of(coordinator.get(f"/events/{navruz}/history?person={user.reference}"))
        assert coordinator.get(f"/events/{navruz}/history?part=%00&before=9e9&item=../").status_code == 200

    def test_names_are_for_those_who_may_see_them(self, navruz, client_of, make_user):
        user = make_user("coordinator", stream=navruz)
        change(user, navruz, title="Named or not")
        assert user.name in text_of(client_of("planner", stream=navruz).get(f"/events/{navruz}/history"))
        assert user.name not in text_of(client_of("auditor", stream=navruz).get(f"/events/{navruz}/history"))

    def test_one_takes_it_back(self, navruz, client_of, make_user):
        command = change(make_user("coordinator", stream=navruz), navruz, title="To be taken back")
        coordinator = client_of("coordinator", stream=navruz)
        answer = send(coordinator, navruz, "undo", undone=str(command), next=f"/events/{navruz}/history")
        assert (answer.status_code, answer["Location"]) in {
            (302, f"/events/{navruz}/history"),
            (303, f"/events/{navruz}/history"),
        }
        assert "To be taken back" not in str(journals().get_documents(str(navruz)).all("post")[0])
        page = text_of(coordinator.get(f"/events/{navruz}/history"))
        assert 'role="status"' in page
        broken = coordinator.post(f"/events/{navruz}/undo", {"command_id": "?", "undone": "x"})
        assert broken.status_code == 422
        stranger = client_of("liaison", agency="tty", stream=navruz)
        assert send(stranger, navruz, "undo", undone=str(command)).status_code == 403

    def test_a_beginning_is_offered_no_way_back(self, navruz, client_of):
        assert 'name="undone"' not in text_of(
            client_of("coordinator", stream=navruz).get(f"/events/{navruz}/history")
        )

    def test_an_item_tells_its_own_history(self, navruz, client_of, make_user):
        change(make_user("coordinator", stream=navruz), navruz, title="Shown at its item")
        post = journals().get_documents(str(navruz)).all("post")[0].id
        page = text_of(client_of("field", stream=navruz).get(f"/events/{navruz}/part/posts/{post}"))
        assert 'id="item-history"' in page
        assert "<ins>Shown at its item</ins>" in page

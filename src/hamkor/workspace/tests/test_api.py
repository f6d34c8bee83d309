# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from hamkor.agencies.models import EventRole
from hamkor.agencies.rules import ROLES
from hamkor.common.ids import new_id
from hamkor.journal.rules import verify_lines
from hamkor.workspace.api.limits import REQUESTS_AT_ONCE, Limits, TooOftenError, limits
from hamkor.workspace.models import ApiToken
from hamkor.workspace.stores import journals, listener
from hamkor.workspace.tokens import SCOPES, TokenWrongError, make_token, revoke_token

READS = (
    "",
    "/plan",
    "/plan/posts",
    "/plan/posts/post-command",
    "/findings",
    "/history",
    "/approvals",
    "/comments",
    "/questions",
)
EXPORTS = ("/venue.geojson", "/calendar.ics", "/exports/roster", "/exports/findings-data")
AUDITS = ("/journal", "/journal/verification")
OF_SCOPE = {"read": READS, "export": EXPORTS, "audit": AUDITS}
# Roles beside those that may do everything asked here.
WITHOUT_EXPORT = {"operator", "dispatcher", "field"}
# A post of the police, asked for by people of the police: `edit_own` is enough.
WITH_EDITS = {"coordinator", "planner", "liaison", "organiser", "venue"}
WITH_AUDIT = {"coordinator", "commission", "legal", "auditor"}


@pytest.fixture(autouse=True)
def full_buckets():
    limits.forget()


class Program:
    """A program with a token."""

    def __init__(self, client, key, stream):
        self.client, self.key, self.base = client, key, f"/api/v1/events/{stream}"

    def headers(self, **more):
        return {"Authorization": f"Bearer {self.key}", "Accept-Language": "en", **more}

    def get(self, path="", **more):
        return self.client.get(self.base + path, headers=self.headers(**more))

    def post(self, path, body):
        return self.client.post(
            self.base + path, json.dumps(body), content_type="application/json", headers=self.headers()
        )


@pytest.fixture
def program(navruz, make_user, client):
    def made(role="coordinator", *, scopes=SCOPES, agency="iib", stream=None):
        user = make_user(role, agency=agency, stream=navruz)
        _row, key = make_token(user, name="test", scopes=scopes, days=1, stream=stream, at=datetime.now(UTC))
        return Program(client, key, navruz)

    return made


def problem_of(answer, status, code):
    assert answer.status_code == status, answer.content[:400]
    assert answer["Content-Type"] == "application/problem+json"
    found = json.loads(answer.content)
    assert (found["status"], found["title"], found["type"]) == (status, code, f"urn:hamkor:{code}")
    assert found["detail"]
    return found


def command(**values):
    return {"command_id": str(new_id(datetime.now(UTC))), **values}


def note(text="Barrier moved", seen=None):
    edit = {
        "edit": "set",
        "part": "posts",
        "id": "post-command",
        "fields": {"note": text},
        "seen": {"note": seen},
    }
    return command(edits=[edit])


@pytest.mark.parametrize("scope", OF_SCOPE)
def test_each_scope_opens_its_own_operations_only(scope, program):
    narrow = program(scopes=[scope])
    for asked, paths in OF_SCOPE.items():
        for path in paths:
            answer = narrow.get(path)
            if asked == scope:
                assert answer.status_code == 200, (path, answer.content[:300])
            else:
                problem_of(answer, 403, "scope-missing")
    problem_of(narrow.post("/edits", note()), 403, "scope-missing")


def test_a_token_may_what_its_person_may(program):
    for role in ROLES:
        limits.forget()
        wide = program(role)
        assert [wide.get(path).status_code for path in ("", "/plan/posts", "/comments")] == [200] * 3, role
        assert wide.get("/venue.geojson").status_code == (403 if role in WITHOUT_EXPORT else 200), role
        assert wide.get("/journal/verification").status_code == (200 if role in WITH_AUDIT else 403), role
        status = wide.post("/edits", note(f"by {role}")).status_code
        assert status == (200 if role in WITH_EDITS else 403), role


def test_without_a_token_with_a_wrong_expired_or_revoked_one_nothing_opens(
    program, client, navruz, make_user
):
    made = program()
    row = ApiToken.objects.get()
    for key in ("", "hamkor_x", made.key + "x", "\u00e9"):
        answer = client.get(made.base, headers={"Authorization": f"Bearer {key}"} if key else {})
        problem_of(answer, 401, "token-unknown")
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert row.last_used_at is None
    assert made.get().status_code == 200
    row.refresh_from_db()
    assert row.last_used_at is not None
    assert made.key not in str(row.__dict__)
    ApiToken.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    problem_of(made.get(), 401, "token-unknown")
    ApiToken.objects.update(expires_at=datetime.now(UTC) + timedelta(days=1))
    revoke_token(row.user, row.pk, at=datetime.now(UTC))
    problem_of(made.get(), 401, "token-unknown")


def test_a_closed_account_closes_its_tokens(program):
    made = program()
    user = ApiToken.objects.get().user
    user.is_active = False
    user.save()
    problem_of(made.get(), 401, "token-unknown")


def test_a_session_of_a_browser_opens_nothing(navruz, client_of):
    problem_of(client_of("coordinator", stream=navruz).get(f"/api/v1/events/{navruz}"), 401, "token-unknown")


def test_an_event_one_has_no_role_at_looks_like_one_that_is_not(program, client):
    made = program()
    EventRole.objects.all().delete()
    known = problem_of(made.get(), 404, "event-unknown")
    made.base = f"/api/v1/events/{uuid4()}"
    assert problem_of(made.get(), 404, "event-unknown") == known


def test_a_token_for_one_event_opens_no_other(program, navruz, client):
    bound = program(stream=navruz)
    assert bound.get().status_code == 200
    user = ApiToken.objects.get().user
    other = uuid4()
    EventRole.objects.create(stream=other, user=user, role="coordinator", agency="iib")
    bound.base = f"/api/v1/events/{other}"
    problem_of(bound.get(), 404, "event-unknown")
    listed = json.loads(client.get("/api/v1/events", headers=bound.headers()).content)
    assert [row["id"] for row in listed["items"]] == [str(navruz)]


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "x" * 101}, {"scopes": []}, {"scopes": ["all"]}, {"days": 0}, {"days": 400},
     {"stream": uuid4()}],
)  # fmt: skip
def test_a_token_is_made_well_or_not_at_all(wrong, make_user, navruz):
    user = make_user("planner", stream=navruz)
    values = {"name": "map", "scopes": ["read"], "days": 1, "stream": None, "at": datetime.now(UTC), **wrong}
    with pytest.raises(TokenWrongError):
        make_token(user, **values)
    assert ApiToken.objects.count() == 0


def test_events_are_listed_page_by_page(program, client, navruz):
    made = program()
    first = json.loads(client.get("/api/v1/events?limit=1", headers=made.headers()).content)
    assert (len(first["items"]), first["next_cursor"]) == (1, None)
    problem_of(client.get("/api/v1/events?cursor=nonsense", headers=made.headers()), 422, "cursor-wrong")
    wrong = problem_of(client.get("/api/v1/events?limit=0", headers=made.headers()), 422, "parameter-wrong")
    assert wrong["errors"][0]["place"] == "limit"


def test_history_is_read_on_without_gaps_or_doubles(program):
    made = program()
    for number in range(5):
        assert made.post("/edits", note(f"note {number}", None)).status_code == 200
    seen, cursor = [], ""
    while cursor is not None:
        found = json.loads(made.get(f"/history?limit=2{cursor and '&cursor=' + cursor}").content)
        seen += [row["number"] for row in found["items"]]
        cursor = found["next_cursor"]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 6
    only = json.loads(made.get("/history?kind=post&item=post-command").content)
    assert len(only["items"]) == 6


def test_an_edit_sent_twice_is_made_once_and_an_id_is_not_used_for_two(program, navruz):
    made = program()
    sent = note()
    first, second = made.post("/edits", sent), made.post("/edits", sent)
    assert (first.status_code, second.status_code) == (200, 200)
    assert json.loads(first.content)["number"] == json.loads(second.content)["number"]
    other = {**note("Another"), "command_id": sent["command_id"]}
    problem_of(made.post("/edits", other), 409, "command-id-reused")


def test_a_conflict_is_told_and_bounces_nothing(program):
    made = program()
    made.post("/edits", note("theirs"))
    found = json.loads(made.post("/edits", note("mine", seen=None)).content)
    assert [(each["theirs"], each["yours"]) for each in found["conflicts"]] == [("theirs", "mine")]


def test_what_was_done_is_taken_back(program):
    made = program()
    sent = note()
    made.post("/edits", sent)
    undone = made.post("/undo", command(undone=sent["command_id"]))
    assert json.loads(undone.content)["changes"][0]["after"] is None
    problem_of(made.post("/undo", command(undone=str(uuid4()))), 404, "command-unknown")


def test_the_plan_is_told_as_it_was(program, navruz):
    made = program()
    before = journals().get_head(str(navruz)).number
    made.post("/edits", note("later"))
    then = json.loads(made.get(f"/plan/posts/post-command?at={before}").content)
    assert (then["number"], then["value"].get("note")) == (before, None)
    assert json.loads(made.get("/plan/posts/post-command").content)["value"]["note"] == "later"
    problem_of(made.get("/plan?at=99999999"), 404, "number-not-reached")


def test_what_has_not_changed_is_not_sent_again(program):
    made = program()
    for path in READS[:5]:
        tag = made.get(path)["ETag"]
        again = made.get(path, **{"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content) == (304, b"")
    tag = made.get("/plan")["ETag"]
    made.post("/edits", note())
    assert made.get("/plan", **{"If-None-Match": tag}).status_code == 200
    assert made.get("/findings")["ETag"] != made.get("/findings", **{"Accept-Language": "ru"})["ETag"]


def test_who_may_not_see_names_gets_another_tag_and_no_names(program):
    fields = {"name": "Aziza Sinovova"}
    sees = program("coordinator")
    person = json.loads(sees.get("/plan/people").content)["value"][0]["id"]
    edit = {"edit": "set", "part": "people", "id": person, "fields": fields}
    assert sees.post("/edits", command(edits=[edit])).status_code == 200
    blind = program("auditor")
    assert b"Sinovova" in sees.get("/plan").content
    assert b"Sinovova" not in blind.get("/plan").content
    assert sees.get("/plan")["ETag"] != blind.get("/plan")["ETag"]


UNREADABLE = [
    ("{", "application/json", 422, "body-malformed"),
    ("[" * 100_000, "application/json", 422, "body-malformed"),
    ('{"command_id": "x", "edits": []}', "application/json", 422, "body-malformed"),
    (json.dumps(command(edits=[])), "application/json", 422, "body-malformed"),
    (
        json.dumps(command(edits=[{"edit": "open", "part": "nothing"}])),
        "application/json",
        404,
        "part-unknown",
    ),
    (json.dumps({**note(), "extra": 1}), "application/json", 422, "body-malformed"),
    (json.dumps(note()), "text/plain", 415, "media-type-wrong"),
    ('{"command_id": "' + "x" * 3_000_000, "application/json", 413, "too-large"),
    ("\udcff".encode("utf-8", "surrogatepass"), "application/json", 422, "body-malformed"),
]


def test_what_cannot_be_read_is_refused_in_words(program, navruz):
    made = program()
    before = journals().get_head(str(navruz)).number
    for body, content_type, status, code in UNREADABLE:
        answer = made.client.post(
            f"{made.base}/edits", body, content_type=content_type, headers=made.headers()
        )
        problem_of(answer, status, code)
    assert journals().get_head(str(navruz)).number == before


def test_addresses_and_methods_that_are_not_there_are_explained(program, client):
    made = program()
    problem_of(made.get("/secrets"), 404, "not-found")
    problem_of(client.post("/api/v2/events", headers=made.headers()), 404, "not-found")
    refused = client.delete(made.base, headers=made.headers())
    problem_of(refused, 405, "method-not-allowed")
    assert refused["Allow"] == "GET"


def test_an_event_is_begun_once(program, client, make_user):
    made = program("organiser", agency="org")
    event = {
        "format": "hamkor-event-1",
        "id": "concert",
        "extent": "complete",
        "name": "Concert",
        "kind": "concert_pop",
        "agencies": [{"agency": "iib"}],
    }
    sent = json.dumps(command(event=event))
    for _ in range(2):
        answer = client.post("/api/v1/events", sent, content_type="application/json", headers=made.headers())
        assert answer.status_code == 201, answer.content
    made.base = f"/api/v1/events/{json.loads(answer.content)['id']}"
    assert json.loads(made.get().content)["roles"] == ["organiser"]
    stranger = program("field", agency="tty")
    refused = client.post(
        "/api/v1/events",
        json.dumps(command(event=event)),
        content_type="application/json",
        headers=stranger.headers(),
    )
    problem_of(refused, 403, "not-allowed")


def test_comments_and_questions_are_made_once_and_listed(program):
    made = program()
    sent = command(text="Who relieves them?", about={"part": "posts", "item": "post-command"})
    assert [made.post("/comments", sent).status_code for _ in range(2)] == [201, 201]
    made.post("/comments", command(text="About the whole"))
    listed = json.loads(made.get("/comments?limit=1").content)
    assert [each["id"] for each in listed["items"]] == [sent["command_id"]]
    following = json.loads(made.get(f"/comments?limit=1&cursor={listed['next_cursor']}").content)
    assert (following["items"][0]["text"], following["next_cursor"]) == ("About the whole", None)
    assert len(json.loads(made.get("/comments?part=posts").content)["items"]) == 1
    deadline = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    asked = command(text="When?", to={"agency": "fvv"}, deadline_at=deadline)
    assert made.post("/questions", asked).status_code == 201
    (question,) = json.loads(made.get("/questions").content)["items"]
    assert (question["state"], question["question"]["to"]) == ("open", {"agency": "fvv"})
    late = command(text="When?", to={"agency": "fvv"}, deadline_at="2020-01-01T00:00:00Z")
    problem_of(made.post("/questions", late), 422, "deadline-passed")
    problem_of(made.get("/comments?cursor=nonsense"), 422, "cursor-wrong")


def test_the_record_can_be_verified_by_whoever_reads_it(program, navruz):
    made = program("auditor")
    lines = made.get("/journal")
    assert verify_lines(lines.content).number == journals().get_head(str(navruz)).number
    assert json.loads(made.get("/journal/verification").content)["is_whole"] is True


def test_who_asks_too_often_is_told_how_long_to_wait(program, monkeypatch):
    monkeypatch.setattr(limits, "_clock", lambda: 1.0)
    made = program()
    for _ in range(REQUESTS_AT_ONCE):
        limits.spend(str(ApiToken.objects.get().pk))
    answer = made.get()
    problem_of(answer, 429, "too-many")
    assert int(answer["Retry-After"]) >= 1


def test_a_bucket_fills_up_again():
    now = [0.0]
    bucket = Limits(lambda: now[0])
    bucket.spend("a", REQUESTS_AT_ONCE)
    with pytest.raises(TooOftenError) as refused:
        bucket.spend("a", 10)
    assert refused.value.wait_s == 1
    bucket.spend("b")
    now[0] += refused.value.wait_s
    bucket.spend("a", 10)


def test_a_program_hears_of_changes_until_its_token_ends(program, navruz):
    made = program()
    head = journals().get_head(str(navruz))

    async def listen():
        answer = await sync_to_async(made.get)("/live")
        assert answer["Content-Type"] == "text/event-stream"
        messages = aiter(answer.streaming_content)
        first = await anext(messages)
        await sync_to_async(made.post)("/edits", note())
        second = await asyncio.wait_for(anext(messages), 10)
        await sync_to_async(ApiToken.objects.update)(revoked_at=datetime.now(UTC))
        rest = [message async for message in messages]
        await (await listener()).stop()
        return first, second, rest

    first, second, rest = async_to_sync(listen)()
    assert first.startswith(b"event: subscribed")
    assert head.hash.encode() in first
    assert f'"number":{head.number + 1}'.encode() in second
    assert len(rest) <= 1


def test_the_page_of_tokens_shows_a_token_once(navruz, client, make_user):
    client.force_login(make_user("planner", stream=navruz))
    made = client.post("/account/tokens", {"name": "map", "scopes": ["read"], "days": "30", "stream": ""})
    assert made.status_code == 302
    page = client.get("/account/tokens").content.decode()
    (key,) = {word for word in page.replace('"', " ").split() if word.startswith("hamkor_")}
    assert key not in client.get("/account/tokens").content.decode()
    assert (
        client.get(f"/api/v1/events/{navruz}", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    )
    row = ApiToken.objects.get()
    client.post(f"/account/tokens/{row.pk}/revoke")
    assert (
        client.get(f"/api/v1/events/{navruz}", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    )


def test_nobody_ends_the_token_of_another(navruz, program, client_of):
    made = program()
    client_of("coordinator", stream=navruz).post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke")
    assert made.get().status_code == 200


def test_a_wrong_form_of_a_token_is_explained(client_of, navruz):
    client = client_of("planner", stream=navruz)
    for wrong in ({}, {"name": "x", "scopes": "read", "days": "x"}, {"name": "x", "stream": "nonsense"}):
        answer = client.post("/account/tokens", wrong)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()


def test_the_list_of_operations_names_every_one_and_needs_no_foreign_server(client):
    page = client.get("/interface").content.decode()
    schema = json.loads(client.get("/api/v1/openapi.json").content)
    for path, methods in schema["paths"].items():
        assert path in page
        assert set(methods) <= {"get", "post"}
    assert "cdn" not in page
    assert schema["openapi"].startswith("3.1")

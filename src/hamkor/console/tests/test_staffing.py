# SPDX-License-Identifier: Apache-2.0
"""What follows from how posts are manned: found when somebody asks, gone when everybody is there."""

from __future__ import annotations

import pytest

from hamkor.checks.queries import check_plan
from hamkor.console import staffing
from hamkor.console.opening import journals
from hamkor.console.tests.test_addresses import get, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client_of, navruz):
    client = client_of("coordinator", agency="hok", stream=navruz)
    client.cookies["hamkor_language"] = "en"
    return client


@pytest.fixture
def evening(chief, navruz):
    """The event in a drill, in the middle of the evening."""
    for verb, given in (
        ("open_operation", {"mode": "drill", "title": "Staffing"}),
        ("set_clock", {"event_at": "2027-03-21T19:00:00+05:00", "rate": 1.0}),
    ):
        answer = send(chief, navruz, verb, **given)
        assert answer.status_code == 200, answer.content
    return navruz


def asked(client, stream):
    answer = get(client, stream, "staffing")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return answer.json()


def man(client, stream, *, but: frozenset[str] = frozenset()) -> None:
    for post in journals().get_documents(str(stream)).all("post"):
        if post.id not in but:
            send(client, stream, "check_in", post_id=post.id, present=int(post.confirmed or post.needed or 1))


def test_before_the_operation_nothing_follows(chief, navruz):
    found = asked(chief, navruz)
    assert (found["count"], found["findings"]) == (0, [])


def test_an_empty_post_is_found_and_gone_when_it_is_manned(chief, evening):
    stood = next(
        post for post in journals().get_documents(str(evening)).all("post") if post.role == "medical"
    )
    man(chief, evening)
    assert asked(chief, evening)["count"] == 0
    send(chief, evening, "leave_post", post_id=stood.id, reason="sent away")
    found = asked(chief, evening)
    assert found["count"] > 0
    assert found["findings"][0]["severity"] in {"red", "amber"}
    weights = ["red", "amber", "info"]
    order = [weights.index(each["severity"]) for each in found["findings"]]
    assert order == sorted(order)
    first = found["findings"][0]
    assert first["rule"]
    assert "{" not in first["message"] + first["title"] + first["action"]
    assert isinstance(first["subject"]["name"], str)
    assert ("post_left", stood.id) in {(each["sort"], each["subject"]) for each in found["deviations"]}
    send(chief, evening, "check_in", post_id=stood.id, present=int(stood.confirmed or stood.needed))
    assert asked(chief, evening)["count"] == 0


def test_what_is_found_is_told_in_the_language_of_the_person(chief, evening):
    english = asked(chief, evening)["findings"][0]["title"]
    chief.cookies["hamkor_language"] = "ru"
    assert asked(chief, evening)["findings"][0]["title"] != english


def test_entries_that_change_neither_plan_nor_staffing_cost_no_check(chief, evening, monkeypatch):
    checked = []
    monkeypatch.setattr(staffing, "check_plan", lambda plan: checked.append(plan) or check_plan(plan))
    first = asked(chief, evening)
    checked.clear()
    send(chief, evening, "report_incident", type="medical", text="A person has fallen")
    again = asked(chief, evening)
    assert again["number"] > first["number"]
    assert again["findings"] == first["findings"]
    assert checked == []


def test_who_does_not_see_the_centre_does_not_ask(evening, client_of):
    assert get(client_of("field", agency="tty", stream=evening), evening, "staffing").status_code == 403
    assert get(client_of(None), evening, "staffing").status_code == 404

# SPDX-License-Identifier: Apache-2.0
"""The page of what-if questions, as people without scripts get it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest
from django.urls import reverse

from hamkor.common.ids import new_id
from hamkor.journal.queries import get_documents, get_head
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import record_plan
from hamkor.scenarios.facts import SCENARIO
from hamkor.scenarios.models import ScenarioRun
from hamkor.scenarios.rules.answers import Answer, headline_of, pack
from hamkor.scenarios.tests.builders import answer, exactly, hall
from hamkor.simulation.rules.outcome import Curve
from hamkor.workspace.stores import journals

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(db):
    """A hall with two doors."""
    now = datetime.now(UTC)
    stream = new_id(now)
    envelope = Envelope(stream=stream, command_id=new_id(now), at=now, by="rule:test", agency="iib")
    record_plan(journals(), envelope, plan=hall())
    return stream


@pytest.fixture
def desk(fair, client_of):
    """The coordinator's browser, in English."""
    made = client_of("coordinator", stream=fair, agency="iib", language="en")
    made.cookies["hamkor_language"] = "en"
    return made


def address(stream, **query) -> str:
    from urllib.parse import urlencode

    asked = urlencode(query, doseq=True)
    return reverse("scenarios", kwargs={"stream": stream}) + (f"?{asked}" if asked else "")


def fields(**changed) -> dict:
    sent = {
        "do": "ask",
        "command_id": str(uuid4()),
        "direction": "evacuate",
        "method": "network",
        "routing": "plan",
        "people": "",
        "runs": "10",
        "seed": "1",
        "profile": "green-guide-2018",
        "shut": ["west-door"],
        "from-west-door": "5",
        "left-west-door": "",
    }
    return {**sent, **changed}


def put_answer(stream, found: Answer, *, state="done", **changed) -> ScenarioRun:
    """Asks nobody: writes a run as a worker leaves it."""
    now = datetime.now(UTC)
    return ScenarioRun.objects.create(
        stream=stream,
        number=get_head(journals(), stream).number,
        inputs_hash="ab" * 32,
        lane="quick",
        state=state,
        by=f"person:{uuid4()}",
        asked_at=now,
        **{
            "options": {"direction": "evacuate", "shut": [{"link": "west-door"}], "runs": 10},
            "headline": msgspec.to_builtins(headline_of(found)),
            "outcome": pack(found),
            **changed,
        },
    )


def text_of(answered) -> str:
    """Returns what a page says, without its marks."""
    body = re.sub(r"<(script|style).*?</\1>", " ", answered.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_page_asks_before_anybody_has(desk, fair):
    page = desk.get(address(fair))
    text = text_of(page)
    assert page.status_code == 200
    for words in ("What if", "Ask the first question", "East door", "West door", "Nobody has asked yet"):
        assert words in text
    html = page.content.decode()
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*src=)[^>]*>[^<]", html)


def test_a_question_goes_to_the_worker_with_what_was_chosen(desk, fair):
    sent = fields()
    answered = desk.post(address(fair), sent)
    row = ScenarioRun.objects.get()
    assert answered.headers["Location"] == address(fair, run=row.pk)
    assert str(row.pk) == sent["command_id"]
    assert row.options["shut"] == [{"link": "west-door", "after_min": 5, "factor": 0.0}]
    assert (row.options["runs"], row.options["direction"], row.language) == (10, "evacuate", "en")
    desk.post(address(fair), sent)
    assert ScenarioRun.objects.count() == 1
    page = desk.get(address(fair, run=row.pk))
    assert "West door shut after 5 min" in text_of(page)
    assert "data-works" in page.content.decode()
    assert "<progress" in page.content.decode()


@pytest.mark.parametrize(
    ("direction", "typed", "after_min"),
    [("evacuate", "18:25", 25), ("evacuate", " 18.25 ", 25), ("egress", "0:30", 150), ("egress", "22:00", 0)],
)
def test_a_time_of_day_is_minutes_after_people_begin_to_move(desk, fair, direction, typed, after_min):
    desk.post(address(fair), fields(direction=direction, **{"from-west-door": typed, "left-west-door": "50"}))
    row = ScenarioRun.objects.get()
    assert row.options["shut"] == [{"link": "west-door", "after_min": after_min, "factor": 0.5}]
    page = desk.get(address(fair, run=row.pk)).content.decode()
    shown = "00:30" if after_min == 150 else typed.strip().replace(".", ":")
    assert (
        f'name="from-west-door" autocomplete="off" maxlength="5" value="{shown if after_min else ""}"' in page
    )
    assert 'value="50"' in page
    assert "leaving 22:00" in text_of(desk.get(address(fair)))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"people": "many"}, "People in all: “many” is no whole number"),
        ({"people": "10000000"}, "cannot be simulated here"),
        ({"runs": "0"}, "0 runs are not possible"),
        ({"from-west-door": "-3"}, "Minutes after the beginning: “-3” is no whole number"),
        ({"from-west-door": "25:10"}, "“25:10” is no time of day"),
        ({"from-west-door": "17:59"}, "17:59 lies before people begin to move, at 18:00"),
        ({"left-west-door": "half"}, "Share that stays open: “half” is no whole number"),
        ({"left-west-door": "101"}, "At most 100 % of a way stays open, not 101"),
        ({"shut": ["moon"]}, "no gate or passage “moon”"),
        ({"direction": "up"}, "none of the choices"),
        ({"profile": "<script>"}, "no flow profile"),
        ({"command_id": "x"}, "not complete"),
    ],
)
def test_nonsense_comes_back_with_what_was_typed(desk, fair, changed, says):
    answered = desk.post(address(fair), fields(**changed))
    assert answered.status_code == 422
    assert says in text_of(answered).replace("&lt;", "<").replace("&gt;", ">")
    assert not ScenarioRun.objects.exists()
    assert "<script>”" not in answered.content.decode()


def test_an_answer_is_shown_beside_the_base_case(desk, fair):
    row = put_answer(fair, answer(seconds=290, before=120))
    text = text_of(desk.get(address(fair, run=row.pk)))
    assert "Leaving" in text or "leaving at once: West door shut" in text
    assert "4 min 50 s" in text
    assert "+2 min 50 s" in text
    assert "not reached" in text, "99 % was never reached"
    assert "Hall reaches 4.2 people per m²" in text.replace("4.20", "4.2")
    assert "missed" in text, "the hall has to be empty within three minutes"
    for words in (
        "A competent person decides",
        "may fail a plan but never clear it",
        "green-guide-2018",
        "seed 1",
    ):
        assert words in text


def test_guidance_is_said_in_plain_words(desk, fair):
    found = answer(seconds=90, before=120)
    assert found.outcome is not None
    outcome = msgspec.structs.replace(found.outcome, split={"hall": {"east-door": 0.62, "west-door": 0.38}})
    row = put_answer(
        fair,
        msgspec.structs.replace(found, outcome=outcome),
        options={"direction": "evacuate", "method": "guided"},
    )
    text = text_of(desk.get(address(fair, run=row.pk)))
    assert "Hall: East door 62 %, West door 38 %" in text.replace(" ,", ",")
    assert "what guidance is worth" in text
    assert "−30 s" in text


def test_a_refusal_and_faults_of_the_drawing_are_shown_with_their_places(desk, fair):
    from hamkor.common.messages import Message
    from hamkor.simulation.rules.layout import Fault

    fault = Fault(
        code="zero-width",
        is_fatal=True,
        feature="west-door",
        says=Message("The door has no width."),
        remedy=Message("Measure it."),
    )
    refusal = Message("Nothing can be simulated.")
    row = put_answer(
        fair,
        Answer(faults=(fault,), refusal=refusal),
        state="failed",
        headline=None,
        fault=msgspec.to_builtins(refusal),
    )
    page = desk.get(address(fair, run=row.pk))
    text = text_of(page)
    for words in ("Nothing can be simulated.", "The door has no width.", "Measure it.", "no answer"):
        assert words in text
    assert f"{reverse('venue', kwargs={'stream': fair})}?feature=west-door" in page.content.decode()


def test_an_answer_of_another_version_is_not_shown_but_asked_for_again(desk, fair):
    row = put_answer(fair, answer(), outcome=b"\x00")
    page = desk.get(address(fair, run=row.pk))
    assert page.status_code == 200
    assert "kept by another version" in text_of(page)


def test_an_answer_says_when_it_is_about_an_older_plan(desk, fair):
    desk.post(address(fair), fields())
    row = ScenarioRun.objects.get()
    found = answer()
    ScenarioRun.objects.update(
        state="done", outcome=pack(found), headline=msgspec.to_builtins(headline_of(found))
    )
    keep = {"do": "keep", "run": row.pk, "command_id": str(new_id(datetime.now(UTC)))}
    desk.post(address(fair), keep)
    assert "have changed since" not in text_of(desk.get(address(fair, run=row.pk))), "only the record grew"
    edit = {"op": "set", "part": "attendance", "fields": {"expected": 900}}
    sent = {"command_id": str(new_id(datetime.now(UTC))), "language": "en", "edits": [edit]}
    edited = desk.post(reverse("edit", kwargs={"stream": fair}), sent, content_type="application/json")
    assert edited.status_code == 200
    assert "have changed since" in text_of(desk.get(address(fair, run=row.pk)))


def test_a_place_of_crumbs_is_empty(desk, fair):
    found = answer(seconds=100, before=None)
    assert found.outcome is not None
    hall_found = found.outcome.places["hall"]
    people = Curve(
        times_s=(0.0, 100.0, 200.0), values=(600, 20, 0.001), low=(600, 0, 0), high=(600, 90, 0.01)
    )
    crumbs = msgspec.structs.replace(hall_found, people=people, clear_s=None)
    outcome = msgspec.structs.replace(found.outcome, places={"hall": crumbs})
    row = put_answer(fair, msgspec.structs.replace(found, outcome=outcome))
    text = text_of(desk.get(address(fair, run=row.pk)))
    assert "3 min 20 s 3 min missed" in text


def test_two_answers_stand_side_by_side(desk, fair):
    first, second = put_answer(fair, answer(seconds=120, before=None)), put_answer(fair, answer(seconds=290))
    page = desk.get(address(fair, **{"with": [first.pk, second.pk, uuid4()]}))
    text = text_of(page)
    assert "Side by side" in text
    assert "+2 min 50 s" in text
    alone = text_of(desk.get(address(fair, **{"with": [first.pk]})))
    assert "Side by side" not in alone


def test_cancelled_removed_and_adopted_from_the_page(desk, fair):
    desk.post(address(fair), fields())
    row = ScenarioRun.objects.get()
    desk.post(address(fair), {"do": "cancel", "run": row.pk})
    assert ScenarioRun.objects.get().state == "cancelled"
    desk.post(address(fair), {"do": "remove", "run": row.pk})
    assert not ScenarioRun.objects.exists()
    done = put_answer(fair, answer())
    kept = desk.post(
        address(fair),
        {"do": "keep", "run": done.pk, "command_id": str(new_id(datetime.now(UTC)))},
        follow=True,
    )
    assert "in the record" in text_of(kept)
    (found,) = get_documents(journals(), fair).all(SCENARIO)
    assert found.id == str(done.pk)
    again = desk.post(
        address(fair), {"do": "keep", "run": done.pk, "command_id": str(new_id(datetime.now(UTC)))}
    )
    assert again.status_code == 409
    assert "already" in text_of(again)


def test_who_may_not_ask_sees_every_answer_and_no_button(fair, client_of):
    row = put_answer(fair, answer(seconds=290, before=120))
    for role in ("auditor", "commission", "field"):
        client = client_of(role, stream=fair, language="en")
        client.cookies["hamkor_language"] = "en"
        page = client.get(address(fair, run=row.pk))
        assert "+2 min 50 s" in text_of(page)
        assert 'name="do"' not in page.content.decode()
        assert client.post(address(fair), fields()).status_code == 403


def test_downloads_hold_the_numbers_and_run_no_formula(desk, fair):
    row = put_answer(fair, answer(seconds=290, before=120))

    def file(what):
        return desk.get(reverse("scenario-file", kwargs={"stream": fair, "run": row.pk, "what": what}))

    told = json.loads(file("answer.json").content)
    assert told["answer"]["clearance_s"]["1.0"]["middle"] == 290.0
    assert told["inputs_hash"] == "ab" * 32
    table = file("answer.csv")
    assert table["Content-Disposition"].startswith("attachment;")
    assert "gate,west-door,West door,600" in table.content.decode("utf-8-sig")
    assert file("replay.html").status_code == 404
    assert file("..").status_code == 404


def test_a_plan_without_a_drawing_leads_to_it(client_of):
    now = datetime.now(UTC)
    stream = new_id(now)
    plan = msgspec.structs.replace(hall(), venue=None)
    envelope = Envelope(stream=stream, command_id=new_id(now), at=now, by="rule:test", agency="iib")
    record_plan(journals(), envelope, plan=plan)
    client = client_of("coordinator", stream=stream, language="en")
    client.cookies["hamkor_language"] = "en"
    text = text_of(client.get(address(stream)))
    assert "Nothing can be asked yet" in text
    assert "Draw where people stay" in text


def test_the_chart_has_a_band_where_there_is_one(desk, fair):
    found = answer(seconds=200, before=None)
    assert found.outcome is not None
    curve = Curve(times_s=(0.0, 100.0, 200.0), values=(0, 300, 600), low=(0, 250, 550), high=(0, 350, 600))
    outcome = msgspec.structs.replace(
        found.outcome,
        arrived=curve,
        clearance_s={"1.0": msgspec.structs.replace(exactly(200), low=150, high=260)},
    )
    row = put_answer(fair, msgspec.structs.replace(found, outcome=outcome))
    page = desk.get(address(fair, run=row.pk))
    assert 'class="band line-0"' in page.content.decode()
    assert "2 min 30 s to 4 min 20 s in 9 of 10 runs" in text_of(page)

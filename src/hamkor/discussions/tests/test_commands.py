# SPDX-License-Identifier: Apache-2.0
"""Comments and questions: who may, what is recorded, what is refused, what a second sending does."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.discussions import commands
from hamkor.discussions.commands import (
    answer_question,
    ask_question,
    close_question,
    correct_comment,
    redirect_question,
    strike_comment,
    write_comment,
)
from hamkor.discussions.facts import COMMENT, QUESTION
from hamkor.discussions.rules import THE_EVENT, About, Addressee, Comment, Question, make_about, state_of
from hamkor.discussions.tests.builders import (
    AUDITOR,
    COLLEAGUE,
    COORDINATOR,
    MEDIC,
    NOW,
    PLANNER,
    STRANGER,
    STREAM,
    envelope,
    store_with_event,
    viewer,
)
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents, list_entries, verify_journal
from hamkor.journal.rules import fold

DUTY = About(part="duties", item="count-people")
DAY = timedelta(days=1)
DUE = NOW + 7 * DAY
TO_MEDIC = Addressee(agency="tty")


@pytest.fixture
def store() -> MemoryStore:
    return store_with_event()


def refused(store: MemoryStore, code: str, verb: Any, who: Any, **keys: Any) -> None:
    """Asserts that a command is refused by a code, and that nothing has changed."""
    before = export_journal(store, STREAM)
    with pytest.raises(HamkorError) as caught:
        verb(store, envelope(who), viewer=who, **keys)
    assert caught.value.code == code
    assert caught.value.message.in_english()
    assert export_journal(store, STREAM) == before


def written(store: MemoryStore, who: Any = PLANNER, text: str = "Who counts at gate B?") -> str:
    sent = envelope(who)
    write_comment(store, sent, viewer=who, about=DUTY, text=text)
    return str(sent.command_id)


def comment(store: MemoryStore, comment_id: str) -> Comment:
    found = get_documents(store, STREAM).get(COMMENT, comment_id)
    assert found is not None
    return found


def asked(store: MemoryStore, who: Any = PLANNER, to: Addressee = TO_MEDIC) -> str:
    sent = envelope(who)
    ask_question(store, sent, viewer=who, about=DUTY, text="How many crews?", to=to, deadline_at=DUE)
    return str(sent.command_id)


def question(store: MemoryStore, question_id: str) -> Question:
    found = get_documents(store, STREAM).get(QUESTION, question_id)
    assert found is not None
    return found


def test_a_comment_stands_with_its_author_and_moment(store: MemoryStore) -> None:
    found = comment(store, written(store, text="  Who counts\r\nat gate \u202eB?\x07 "))
    assert found.text == "Who counts\nat gate B?"
    assert (found.by, found.agency, found.at, found.about) == ("person:planner", "iib", NOW, DUTY)


def test_a_correction_keeps_the_former_wording(store: MemoryStore) -> None:
    comment_id = written(store)
    later = envelope(PLANNER, after=DAY)
    correct_comment(store, later, viewer=PLANNER, comment_id=comment_id, text="Who counts at gate C?")
    correct_comment(
        store, envelope(PLANNER, after=2 * DAY), viewer=PLANNER, comment_id=comment_id, text="At gate D?"
    )
    found = comment(store, comment_id)
    assert found.text == "At gate D?"
    assert [wording.text for wording in found.former] == ["Who counts at gate B?", "Who counts at gate C?"]
    assert [wording.at for wording in found.former] == [NOW, NOW + DAY]
    assert (found.at, found.corrected_at) == (NOW, NOW + 2 * DAY)


def test_the_same_wording_is_no_correction(store: MemoryStore) -> None:
    comment_id = written(store)
    text = comment(store, comment_id).text
    result = correct_comment(store, envelope(PLANNER), viewer=PLANNER, comment_id=comment_id, text=text)
    assert result.entries == ()


def test_only_the_author_corrects_and_a_coordinator_may_strike(store: MemoryStore) -> None:
    comment_id = written(store)
    for who in (COLLEAGUE, COORDINATOR):
        refused(store, "not-author", correct_comment, who, comment_id=comment_id, text="other")
    refused(store, "not-yours", strike_comment, COLLEAGUE, comment_id=comment_id)
    strike_comment(
        store, envelope(COORDINATOR), viewer=COORDINATOR, comment_id=comment_id, reason="names a person"
    )
    found = comment(store, comment_id)
    assert found.text == "Who counts at gate B?"
    assert found.strike is not None
    assert (found.strike.by, found.strike.reason) == ("person:chief", "names a person")
    refused(store, "struck-already", strike_comment, PLANNER, comment_id=comment_id)
    refused(store, "struck-already", correct_comment, PLANNER, comment_id=comment_id, text="again")


@pytest.mark.parametrize("who", [AUDITOR, STRANGER, viewer("guard", "field")])
def test_rights_are_asked(store: MemoryStore, who: Any) -> None:
    comment_id, question_id = written(store), asked(store, to=Addressee(person=who.person))
    refused(store, "not-allowed", write_comment, who, about=THE_EVENT, text="a")
    refused(store, "not-allowed", strike_comment, who, comment_id=comment_id)
    refused(store, "not-allowed", answer_question, who, question_id=question_id, text="a")
    refused(store, "not-allowed", close_question, who, question_id=question_id)
    refused(store, "not-allowed", redirect_question, who, question_id=question_id, to=TO_MEDIC)


def test_nobody_writes_in_the_name_of_another(store: MemoryStore) -> None:
    with pytest.raises(ValueError, match="cannot send a command as"):
        write_comment(store, envelope(PLANNER), viewer=COLLEAGUE, about=THE_EVENT, text="a")


@pytest.mark.parametrize(
    ("text", "code"), [("", "text-empty"), (" \n\u202e\x00", "text-empty"), ("a" * 4001, "text-too-long")]
)
def test_texts_have_limits(store: MemoryStore, text: str, code: str) -> None:
    comment_id, question_id = written(store), asked(store)
    refused(store, code, write_comment, PLANNER, about=THE_EVENT, text=text)
    refused(store, code, correct_comment, PLANNER, comment_id=comment_id, text=text)
    refused(store, code, answer_question, MEDIC, question_id=question_id, text=text)


def test_a_comment_may_be_long_and_in_any_letters(store: MemoryStore) -> None:
    text = "ўқғҳ Oʻz 🚑\n" * 400
    assert comment(store, written(store, text=text[:4000])).text == text[:4000].strip()
    assert comment(store, written(store, text="lone \ud800 half")).text == "lone  half"


@pytest.mark.parametrize(
    ("about", "code"),
    [
        (About(part="duties", item="nothing"), "about-absent"),
        (About(part="kitchens"), "about-malformed"),
        (About(item="count-people"), "about-malformed"),
        (About(field="title"), "about-malformed"),
        (About(part="weather", item="a"), "about-malformed"),
        (About(part="duties", finding="LAW-001"), "about-malformed"),
        (About(finding="LAW-001\n"), "about-malformed"),
    ],
)
def test_what_is_not_there_cannot_be_talked_about(store: MemoryStore, about: About, code: str) -> None:
    refused(store, code, write_comment, PLANNER, about=about, text="a")
    refused(store, code, ask_question, PLANNER, about=about, text="a", to=TO_MEDIC, deadline_at=DUE)


@pytest.mark.parametrize(
    "about",
    [
        THE_EVENT,
        DUTY,
        make_about(part="duties", item="count-people", field="accountable"),
        make_about(part="communications", field="channels.main.number"),
        make_about(part="weather", item="", field=None),
        make_about(finding="LAW-001:paper/permit"),
    ],
)
def test_anything_in_a_plan_can_be_talked_about(store: MemoryStore, about: About) -> None:
    write_comment(store, envelope(PLANNER), viewer=PLANNER, about=about, text="a")
    assert get_documents(store, STREAM).all(COMMENT)[-1].about == about


@pytest.mark.parametrize(
    "keys",
    [
        {"part": "duties", "item": "../x"},
        {"part": "duties", "field": "a b"},
        {"part": "nothing"},
        {"item": "a"},
        {"finding": "x" * 301},
        {"finding": "x", "part": "duties"},
    ],
)
def test_addresses_that_name_nothing_are_refused(keys: dict[str, str]) -> None:
    with pytest.raises(HamkorError, match="about-malformed"):
        make_about(**keys)


def test_a_question_goes_its_way(store: MemoryStore) -> None:
    question_id = asked(store)
    assert state_of(question(store, question_id), DUE) == "open"
    assert state_of(question(store, question_id), DUE + timedelta(microseconds=1)) == "overdue"
    answer_question(store, envelope(MEDIC), viewer=MEDIC, question_id=question_id, text="Four crews.")
    found = question(store, question_id)
    assert [(answer.by, answer.agency, answer.text) for answer in found.answers] == [
        ("person:medic", "tty", "Four crews.")
    ]
    assert state_of(found, DUE + DAY) == "answered"
    answer_question(store, envelope(MEDIC), viewer=MEDIC, question_id=question_id, text="Five crews.")
    close_question(store, envelope(PLANNER), viewer=PLANNER, question_id=question_id)
    assert state_of(question(store, question_id), NOW) == "closed"
    refused(store, "question-closed", answer_question, MEDIC, question_id=question_id, text="Six.")
    refused(store, "question-closed", close_question, PLANNER, question_id=question_id)
    refused(store, "question-closed", redirect_question, PLANNER, question_id=question_id, to=TO_MEDIC)


def test_only_who_is_asked_answers_or_a_colleague(store: MemoryStore) -> None:
    to_agency = asked(store, to=Addressee(agency="iib"))
    in_person = asked(store, to=Addressee(person="person:medic"))
    both = asked(store, to=Addressee(person="person:planner", agency="iib"))
    answer_question(store, envelope(COLLEAGUE), viewer=COLLEAGUE, question_id=to_agency, text="a")
    answer_question(store, envelope(COLLEAGUE), viewer=COLLEAGUE, question_id=both, text="a")
    answer_question(store, envelope(MEDIC), viewer=MEDIC, question_id=in_person, text="a")
    other_medic = viewer("other", "liaison", "tty")
    refused(store, "not-asked", answer_question, other_medic, question_id=in_person, text="a")
    refused(store, "not-asked", answer_question, COORDINATOR, question_id=in_person, text="a")
    refused(store, "not-asked", answer_question, MEDIC, question_id=to_agency, text="a")


def test_a_redirected_question_awaits_another(store: MemoryStore) -> None:
    question_id = asked(store)
    answer_question(store, envelope(MEDIC), viewer=MEDIC, question_id=question_id, text="Ask the police.")
    to_police = Addressee(agency="iib")
    redirect_question(
        store, envelope(MEDIC), viewer=MEDIC, question_id=question_id, to=to_police, reason="not ours"
    )
    found = question(store, question_id)
    assert (found.to, found.deadline_at, len(found.answers)) == (to_police, DUE, 1)
    assert (found.redirections[0].was_to, found.redirections[0].reason) == (TO_MEDIC, "not ours")
    assert state_of(found, NOW) == "open"
    refused(store, "not-asked", answer_question, MEDIC, question_id=question_id, text="a")
    refused(store, "not-asked", redirect_question, MEDIC, question_id=question_id, to=TO_MEDIC)
    answer_question(store, envelope(COLLEAGUE), viewer=COLLEAGUE, question_id=question_id, text="Two.")
    later = NOW + 10 * DAY
    redirect_question(
        store, envelope(PLANNER), viewer=PLANNER, question_id=question_id, to=to_police, deadline_at=later
    )
    assert question(store, question_id).deadline_at == later


def test_redirections_that_are_refused(store: MemoryStore) -> None:
    question_id = asked(store)
    police = Addressee(agency="iib")
    refused(store, "addressee-same", redirect_question, PLANNER, question_id=question_id, to=TO_MEDIC)
    refused(store, "addressee-missing", redirect_question, PLANNER, question_id=question_id, to=Addressee())
    refused(store, "not-asked", redirect_question, COLLEAGUE, question_id=question_id, to=police)
    keys = {"question_id": question_id, "to": police, "deadline_at": NOW + DAY}
    refused(store, "deadline-not-yours", redirect_question, MEDIC, **keys)
    refused(store, "deadline-passed", redirect_question, PLANNER, **{**keys, "deadline_at": NOW})
    refused(store, "not-yours", close_question, MEDIC, question_id=question_id)


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"to": Addressee()}, "addressee-missing"),
        ({"to": Addressee(agency="all")}, "addressee-nobody"),
        ({"to": Addressee(agency="pub")}, "addressee-nobody"),
        ({"deadline_at": NOW}, "deadline-passed"),
        ({"deadline_at": NOW - DAY}, "deadline-passed"),
        ({"deadline_at": NOW + 1000 * DAY}, "deadline-far"),
        ({"deadline_at": datetime(2027, 3, 9)}, "deadline-naive"),  # noqa: DTZ001 - what is refused
        ({"text": " "}, "text-empty"),
    ],
)
def test_questions_that_are_refused(store: MemoryStore, keys: dict[str, Any], code: str) -> None:
    whole = {"about": THE_EVENT, "text": "a", "to": TO_MEDIC, "deadline_at": DUE, **keys}
    refused(store, code, ask_question, PLANNER, **whole)


def test_what_was_never_there_is_told(store: MemoryStore) -> None:
    refused(store, "discussion-absent", correct_comment, PLANNER, comment_id="x", text="a")
    refused(store, "discussion-absent", strike_comment, PLANNER, comment_id="x")
    refused(store, "discussion-absent", answer_question, PLANNER, question_id="x", text="a")
    refused(store, "discussion-absent", close_question, PLANNER, question_id="x")
    refused(store, "discussion-absent", redirect_question, PLANNER, question_id="x", to=TO_MEDIC)


def test_endless_corrections_answers_and_redirections_end(store: MemoryStore) -> None:
    comment_id, question_id = written(store), asked(store)
    for number in range(50):
        correct_comment(
            store, envelope(PLANNER), viewer=PLANNER, comment_id=comment_id, text=f"Wording {number}"
        )
        answer_question(store, envelope(MEDIC), viewer=MEDIC, question_id=question_id, text=str(number))
    refused(store, "too-many-wordings", correct_comment, PLANNER, comment_id=comment_id, text="one more")
    refused(store, "too-many-answers", answer_question, MEDIC, question_id=question_id, text="one more")
    for number in range(50):
        to = Addressee(person=f"person:{number}")
        redirect_question(store, envelope(PLANNER), viewer=PLANNER, question_id=question_id, to=to)
    refused(store, "too-many-redirections", redirect_question, PLANNER, question_id=question_id, to=TO_MEDIC)


def test_a_command_sent_twice_acts_once(store: MemoryStore) -> None:
    sent = envelope(PLANNER)
    first = write_comment(store, sent, viewer=PLANNER, about=THE_EVENT, text="a")
    again = write_comment(store, sent, viewer=PLANNER, about=THE_EVENT, text=" a ")
    assert again == first
    with pytest.raises(HamkorError, match="command-id-reused"):
        write_comment(store, sent, viewer=PLANNER, about=THE_EVENT, text="b")
    ask = envelope(PLANNER)
    keys: dict[str, Any] = {"about": DUTY, "text": "a", "to": TO_MEDIC, "deadline_at": DUE}
    assert ask_question(store, ask, viewer=PLANNER, **keys) == ask_question(
        store, ask, viewer=PLANNER, **keys
    )
    close, question_id = envelope(PLANNER), str(ask.command_id)
    closed = close_question(store, close, viewer=PLANNER, question_id=question_id)
    assert close_question(store, close, viewer=PLANNER, question_id=question_id) == closed


PEOPLE = (PLANNER, COLLEAGUE, MEDIC, COORDINATOR, AUDITOR)


def _random_command(store: MemoryStore, chance: random.Random) -> None:
    documents = get_documents(store, STREAM)
    who = chance.choice(PEOPLE)
    comments = [item.id for item in documents.all(COMMENT)] or ["x"]
    questions = [item.id for item in documents.all(QUESTION)] or ["x"]
    to = chance.choice([TO_MEDIC, Addressee(agency="iib"), Addressee(person="person:planner")])
    keys: dict[str, Any] = {
        "write_comment": {"about": chance.choice([THE_EVENT, DUTY]), "text": "text"},
        "correct_comment": {"comment_id": chance.choice(comments), "text": str(chance.random())},
        "strike_comment": {"comment_id": chance.choice(comments), "reason": None},
        "ask_question": {"about": DUTY, "text": "text", "to": to, "deadline_at": DUE},
        "answer_question": {"question_id": chance.choice(questions), "text": "text"},
        "close_question": {"question_id": chance.choice(questions)},
        "redirect_question": {"question_id": chance.choice(questions), "to": to},
    }
    verb = chance.choice(sorted(keys))
    getattr(commands, verb)(store, envelope(who), viewer=who, **keys[verb])


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_documents_are_the_fold_of_any_commands(chance: random.Random) -> None:
    store = store_with_event()
    for _ in range(25):
        before = get_documents(store, STREAM)
        try:
            _random_command(store, chance)
        except HamkorError:
            assert get_documents(store, STREAM) == before
    assert fold(list_entries(store, STREAM)) == get_documents(store, STREAM)
    assert verify_journal(store, STREAM)

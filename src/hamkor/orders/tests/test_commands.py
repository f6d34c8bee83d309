# SPDX-License-Identifier: Apache-2.0
"""Messages: who may, what is recorded, what is refused, what a second sending does."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.alarms.facts import ALARM
from hamkor.common.errors import HamkorError
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents, list_entries, verify_journal
from hamkor.journal.rules import fold
from hamkor.orders import commands
from hamkor.orders.commands import (
    answer_message,
    log_message,
    mark_delivered,
    mark_seen,
    mark_silent_messages,
    read_back,
    remove_template,
    reroute_message,
    send_message,
    set_template,
    strike_message,
)
from hamkor.orders.facts import MESSAGE, MESSAGE_TEMPLATE
from hamkor.orders.queries import (
    get_message,
    list_due_messages,
    list_messages,
    list_newly_silent,
    list_templates,
)
from hamkor.orders.rules import Addressee, MessageTemplate
from hamkor.orders.rules.writing import Draft
from hamkor.orders.tests.builders import (
    AID,
    AUDITOR,
    COORDINATOR,
    DISPATCHER,
    FIRE,
    GATE,
    GUARD,
    MEDIC,
    NOW,
    OPERATOR,
    PARAMEDIC,
    PLANNER,
    STRANGER,
    STREAM,
    TO_ALL,
    TO_TTY,
    WATCH,
    S,
    draft,
    envelope,
    message_of,
    sent,
    store_with_plan,
    viewer,
)

TEMPLATE = MessageTemplate(
    id="stop-entry", title="Stop the entry", sort="order", urgency="flash", text="Stop the entry.", to=(GATE,)
)


@pytest.fixture
def store() -> MemoryStore:
    return store_with_plan()


def refused(store: MemoryStore, code: str, verb: Any, who: Any, **keys: Any) -> None:
    """Asserts that a command is refused by a code, and that nothing has changed."""
    before = export_journal(store, STREAM)
    with pytest.raises(HamkorError) as caught:
        verb(store, envelope(who), viewer=who, **keys)
    assert caught.value.code == code
    assert caught.value.message.in_english()
    assert export_journal(store, STREAM) == before


def watch(store: MemoryStore, after: timedelta) -> int:
    """Lets the watch look, and returns how many entries it appended."""
    found = list_newly_silent(get_documents(store, STREAM), NOW + after)
    result = mark_silent_messages(store, envelope(WATCH, after=after), viewer=WATCH, message_ids=found)
    return len(result.entries)


def state(store: MemoryStore, message_id: str) -> str:
    return message_of(store, message_id).state


def test_an_order_goes_its_way(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft(text="  Stop\u202e the entry. "))
    found = message_of(store, message_id)
    assert (found.text, found.number, found.state, found.agency) == ("Stop the entry.", 1, "sent", "iib")
    assert found.receipts[0].addressee == Addressee(kind="post", id="gate-3", agency="iib")
    mark_delivered(store, envelope(GUARD, after=2 * S), viewer=GUARD, message_ids=[message_id, "x"])
    assert state(store, message_id) == "delivered"
    mark_seen(store, envelope(GUARD, after=4 * S), viewer=GUARD, message_id=message_id)
    assert state(store, message_id) == "seen"
    answer_message(
        store, envelope(GUARD, after=8 * S), viewer=GUARD, message_id=message_id, answer="accepted"
    )
    (receipt,) = message_of(store, message_id).receipts
    assert (receipt.answer, receipt.by, receipt.answered_at) == ("accepted", "person:guard", NOW + 8 * S)
    assert state(store, message_id) == "accepted"
    assert watch(store, timedelta(days=1)) == 0


def test_steps_made_again_change_nothing(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft())
    for _ in range(2):
        mark_delivered(store, envelope(GUARD), viewer=GUARD, message_ids=[message_id])
        mark_seen(store, envelope(GUARD), viewer=GUARD, message_id=message_id)
        answer_message(store, envelope(GUARD), viewer=GUARD, message_id=message_id, answer="accepted")
    stepped = [entry.type for entry in list_entries(store, STREAM) if entry.type.startswith("message.")]
    assert stepped == ["message.sent.v1", "message.delivered.v1", "message.seen.v1", "message.answered.v1"]


def test_a_refusal_says_why_and_may_be_taken_back(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft())
    refused(store, "refusal-without-reason", answer_message, GUARD, message_id=message_id, answer="refused")
    keys: dict[str, Any] = {"viewer": GUARD, "message_id": message_id}
    answer_message(store, envelope(GUARD), answer="refused", words="The gate is blocked.", **keys)
    assert state(store, message_id) == "refused"
    answer_message(store, envelope(GUARD), answer="accepted", words="It is free again.", **keys)
    assert state(store, message_id) == "accepted"


def test_a_question_is_answered_in_words(store: MemoryStore) -> None:
    message_id = sent(store, MEDIC, draft(sort="question", text="How many are inside?"))
    refused(store, "answer-without-words", answer_message, GUARD, message_id=message_id, answer="accepted")
    answer_message(
        store, envelope(GUARD), viewer=GUARD, message_id=message_id, answer="accepted", words="900"
    )
    assert message_of(store, message_id).receipts[0].words == "900"


def test_the_worst_addressee_says_where_a_message_stands(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft(GATE, AID))
    answer_message(store, envelope(GUARD), viewer=GUARD, message_id=message_id, answer="accepted")
    assert state(store, message_id) == "sent"
    mark_seen(store, envelope(PARAMEDIC), viewer=PARAMEDIC, message_id=message_id)
    assert state(store, message_id) == "seen"


def test_all_are_the_agencies_of_the_event_each_for_itself(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft(TO_ALL, sort="information"))
    assert [receipt.addressee.id for receipt in message_of(store, message_id).receipts] == ["tty", "fvv"]
    mark_seen(store, envelope(MEDIC), viewer=MEDIC, message_id=message_id)
    assert state(store, message_id) == "sent"
    assert list_messages(GUARD, get_documents(store, STREAM))[0].id == message_id
    refused(store, "not-addressed", mark_seen, PARAMEDIC, message_id=message_id)


@pytest.mark.parametrize(
    ("to", "answers", "silent_ones"),
    [
        (GATE, [GUARD, OPERATOR], [MEDIC, PARAMEDIC, COORDINATOR]),
        (TO_TTY, [MEDIC, DISPATCHER], [PARAMEDIC, OPERATOR, FIRE]),
        (Addressee(kind="person", id="person:guard"), [GUARD], [OPERATOR, MEDIC]),
        (Addressee(kind="person", id="gate-chief"), [GUARD, OPERATOR], [MEDIC]),
    ],
)
def test_who_answers_for_whom(
    store: MemoryStore, to: Addressee, answers: list[Any], silent_ones: list[Any]
) -> None:
    for who in answers:
        message_id = sent(store, COORDINATOR, draft(to))
        answer_message(store, envelope(who), viewer=who, message_id=message_id, answer="accepted")
    for who in silent_ones:
        refused(store, "not-addressed", answer_message, who, message_id=message_id, answer="accepted")
    for who in (AUDITOR, PLANNER, STRANGER):
        refused(store, "not-allowed", answer_message, who, message_id=message_id, answer="accepted")


def test_what_a_console_shows_has_not_reached_a_post(store: MemoryStore) -> None:
    message_id = sent(store, COORDINATOR, draft(GATE, Addressee(kind="agency", id="iib")))
    mark_delivered(store, envelope(OPERATOR), viewer=OPERATOR, message_ids=[message_id])
    mark_seen(store, envelope(OPERATOR), viewer=OPERATOR, message_id=message_id)
    gate, police = message_of(store, message_id).receipts
    assert (gate.delivered_at, gate.seen_at) == (None, None)
    assert police.seen_at is not None
    answer_message(store, envelope(OPERATOR), viewer=OPERATOR, message_id=message_id, answer="accepted")
    assert state(store, message_id) == "accepted", "an answer is a word, whoever of the party gives it"


def test_who_sends_has_not_received(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft(Addressee(kind="agency", id="iib")))
    mark_delivered(store, envelope(OPERATOR), viewer=OPERATOR, message_ids=[message_id])
    assert state(store, message_id) == "sent"
    assert list_due_messages(OPERATOR, get_documents(store, STREAM)) == ()
    refused(store, "own-message", mark_seen, OPERATOR, message_id=message_id)
    colleague = viewer("colleague")
    mark_seen(store, envelope(colleague), viewer=colleague, message_id=message_id)
    assert state(store, message_id) == "seen"


def test_who_may_order_whom(store: MemoryStore) -> None:
    sent(store, MEDIC, draft(AID))
    sent(store, MEDIC, draft(GATE, sort="request"))
    sent(store, GUARD, draft(TO_TTY, sort="request"))
    refused(store, "order-not-yours", send_message, MEDIC, message=draft(GATE))
    refused(store, "order-not-yours", send_message, MEDIC, message=draft(TO_ALL))
    refused(store, "not-allowed", send_message, GUARD, message=draft())
    refused(store, "not-allowed", send_message, AUDITOR, message=draft(sort="information"))
    refused(store, "not-allowed", send_message, STRANGER, message=draft(sort="information"))
    refused(store, "not-allowed", send_message, MEDIC, message=draft(AID, agency="iib"))
    refused(store, "not-allowed", send_message, MEDIC, message=draft(AID, from_post="hq"))
    with pytest.raises(ValueError, match="cannot send a command as"):
        send_message(store, envelope(OPERATOR), viewer=GUARD, message=draft())


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"to": ()}, "addressee-missing"),
        ({"to": (Addressee(kind="post", id="nowhere"),)}, "addressee-absent"),
        ({"to": (Addressee(kind="unit", id="none"),)}, "addressee-absent"),
        ({"to": (Addressee(kind="person", id="nobody"),)}, "addressee-absent"),
        ({"to": (Addressee(kind="agency", id="xyz"),)}, "addressee-absent"),
        ({"to": (Addressee(kind="agency", id="pub"),)}, "addressee-nobody"),
        (
            {"to": tuple(Addressee(kind="person", id=f"person:{number}") for number in range(201))},
            "too-many-addressees",
        ),
        ({"text": " \u202e"}, "text-empty"),
        ({"text": {}}, "text-empty"),
        ({"text": {"uz": "a", "en": " "}}, "text-empty"),
        ({"text": "a" * 4001}, "text-too-long"),
        ({"incident": "x"}, "about-absent"),
        ({"alarm": "x"}, "about-absent"),
        ({"stop": "x"}, "about-absent"),
        ({"template": "x"}, "about-absent"),
        ({"attachments": ("x",)}, "attachment-absent"),
        ({"attachments": tuple(map(str, range(21)))}, "too-many-attachments"),
        ({"from_post": "x"}, "post-absent"),
        ({"via": "x"}, "channel-absent"),
        ({"via": "dead"}, "channel-dead"),
        ({"profile": "x"}, "limits-unknown"),
        ({"sort": "log"}, "message-log"),
    ],
)
def test_messages_that_are_refused(store: MemoryStore, values: dict[str, Any], code: str) -> None:
    to = values.pop("to", (GATE,))
    refused(store, code, send_message, OPERATOR, message=_draft(to, values))


def _draft(to: tuple[Addressee, ...], values: dict[str, Any]) -> Any:
    return Draft(to=to, **{"text": "a", **values})


def test_a_text_in_languages_says_which(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft(text={"uz": " Toʻxtating ", "ru": "Стоп"}))
    found = message_of(store, message_id)
    assert (found.text, found.languages) == ({"uz": "Toʻxtating", "ru": "Стоп"}, ("uz", "ru"))


def test_a_message_may_go_to_somebody_else_too(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft())
    other = Addressee(kind="post", id="gate-4")
    reroute_message(store, envelope(OPERATOR), viewer=OPERATOR, message_id=message_id, addressee=other)
    assert [receipt.addressee.id for receipt in message_of(store, message_id).receipts] == [
        "gate-3",
        "gate-4",
    ]
    keys = {"message_id": message_id, "addressee": other}
    refused(store, "not-allowed", reroute_message, MEDIC, **keys)
    refused(store, "channel-dead", reroute_message, OPERATOR, channel="dead", **keys)
    refused(store, "channel-absent", reroute_message, OPERATOR, channel="x", **keys)


def test_an_answer_heard_elsewhere_needs_its_channel_and_its_sender(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft())
    keys: dict[str, Any] = {"message_id": message_id, "answer": "accepted"}
    refused(store, "not-allowed", answer_message, MEDIC, on_behalf=(GATE, "radio"), **keys)
    refused(store, "not-addressed", answer_message, MEDIC, **keys)
    refused(store, "own-message", answer_message, OPERATOR, **keys)
    refused(store, "not-addressee", answer_message, OPERATOR, on_behalf=(AID, "radio"), **keys)
    refused(store, "channel-absent", answer_message, OPERATOR, on_behalf=(GATE, "x"), **keys)
    answer_message(store, envelope(OPERATOR), viewer=OPERATOR, on_behalf=(GATE, "radio"), **keys)
    assert state(store, message_id) == "accepted"


def test_a_call_is_written_down(store: MemoryStore) -> None:
    keys: dict[str, Any] = {"text": "Gate 3 is full.", "from_words": "gate 3", "to_words": "all"}
    for via in ("net", "dead", "radio"):
        log_message(store, envelope(OPERATOR), viewer=OPERATOR, via=via, **keys)
    found = get_documents(store, STREAM).all(MESSAGE)
    assert [(item.number, item.sort, item.via, item.state) for item in found] == [
        (1, "log", "net", "seen"),
        (2, "log", "dead", "seen"),
        (3, "log", "radio", "seen"),
    ]
    assert watch(store, timedelta(days=1)) == 0
    refused(store, "channel-absent", log_message, OPERATOR, via="telegraph", **keys)
    refused(store, "about-absent", log_message, OPERATOR, via="net", incident="x", **keys)
    refused(store, "not-allowed", log_message, GUARD, via="net", **keys)
    refused(store, "message-log", answer_message, OPERATOR, message_id=found[0].id, answer="accepted")


def test_struck_stays_readable_and_awaits_nothing(store: MemoryStore) -> None:
    message_id = sent(store, OPERATOR, draft())
    watch(store, 10 * S)
    refused(store, "not-allowed", strike_message, MEDIC, message_id=message_id, reason="a")
    refused(store, "reason-missing", strike_message, OPERATOR, message_id=message_id, reason=" ")
    strike_message(
        store, envelope(OPERATOR), viewer=OPERATOR, message_id=message_id, reason="The wrong gate."
    )
    found = message_of(store, message_id)
    assert found.struck is not None
    assert (found.text, found.state) == ("Stop the entry.", "sent")
    assert watch(store, timedelta(days=1)) == 0
    assert not any(alarm.is_active for alarm in get_documents(store, STREAM).all(ALARM))
    refused(store, "message-struck", strike_message, OPERATOR, message_id=message_id, reason="again")
    refused(store, "message-struck", answer_message, GUARD, message_id=message_id, answer="accepted")


def test_templates_are_kept_and_taken_away(store: MemoryStore) -> None:
    for who in (OPERATOR, PLANNER):
        set_template(store, envelope(who), viewer=who, template=TEMPLATE)
    (found,) = list_templates(OPERATOR, get_documents(store, STREAM))
    assert found.to == (Addressee(kind="post", id="gate-3", agency="iib"),)
    sent(store, OPERATOR, draft(template="stop-entry"))
    remove_template(store, envelope(OPERATOR), viewer=OPERATOR, template_id="stop-entry")
    assert get_documents(store, STREAM).all(MESSAGE_TEMPLATE) == ()
    refused(store, "template-absent", remove_template, OPERATOR, template_id="stop-entry")
    refused(store, "not-allowed", set_template, GUARD, template=TEMPLATE)


def test_each_reads_what_concerns_them(store: MemoryStore) -> None:
    to_aid, to_gate = sent(store, OPERATOR, draft(AID)), sent(store, OPERATOR, draft(GATE))
    in_person = sent(store, OPERATOR, draft(Addressee(kind="person", id="person:paramedic")))
    documents = get_documents(store, STREAM)

    def read(who: Any) -> list[str]:
        return [message.id for message in list_messages(who, documents)]

    for who in (OPERATOR, COORDINATOR, AUDITOR):
        assert read(who) == [to_aid, to_gate, in_person]
    assert read(MEDIC) == [to_aid]
    assert read(PARAMEDIC) == [to_aid, in_person]
    assert read(GUARD) == [to_gate]
    assert read(FIRE) == read(viewer("p", "planner", "fvv")) == []
    with pytest.raises(HamkorError, match="message-absent"):
        get_message(FIRE, documents, to_aid)
    with pytest.raises(HamkorError, match="not-allowed"):
        list_messages(STRANGER, documents)


def test_what_i_must_answer_first_stands_first(store: MemoryStore) -> None:
    routine = sent(store, OPERATOR, draft(urgency="routine"))
    flash = sent(store, OPERATOR, draft(), after=5 * S)
    documents = get_documents(store, STREAM)
    assert [due.message.id for due in list_due_messages(GUARD, documents)] == [flash, routine]
    assert list_due_messages(GUARD, documents)[0].due_at == NOW + 15 * S
    answer_message(store, envelope(GUARD), viewer=GUARD, message_id=flash, answer="accepted")
    assert [due.message.id for due in list_due_messages(GUARD, get_documents(store, STREAM))] == [routine]


def test_a_command_sent_twice_acts_once(store: MemoryStore) -> None:
    order = envelope(OPERATOR)
    first = send_message(store, order, viewer=OPERATOR, message=draft())
    assert send_message(store, order, viewer=OPERATOR, message=draft(text=" Stop the entry. ")) == first
    with pytest.raises(HamkorError, match="command-id-reused"):
        send_message(store, order, viewer=OPERATOR, message=draft(text="Open the entry."))
    answer = envelope(GUARD)
    keys: dict[str, Any] = {"viewer": GUARD, "message_id": str(order.command_id), "answer": "accepted"}
    assert answer_message(store, answer, **keys) == answer_message(store, answer, **keys)


def test_what_was_never_there_is_told(store: MemoryStore) -> None:
    refused(store, "message-absent", mark_seen, GUARD, message_id="x")
    refused(store, "message-absent", answer_message, GUARD, message_id="x", answer="accepted")
    refused(store, "message-absent", read_back, GUARD, message_id="x", words="a")
    refused(store, "message-absent", strike_message, OPERATOR, message_id="x", reason="a")
    refused(store, "message-absent", reroute_message, OPERATOR, message_id="x", addressee=GATE)
    many = [str(number) for number in range(501)]
    refused(store, "too-many-messages", mark_delivered, GUARD, message_ids=many)


PEOPLE = (OPERATOR, MEDIC, GUARD, PARAMEDIC, COORDINATOR, AUDITOR, WATCH)


def _random_command(store: MemoryStore, chance: random.Random, after: timedelta) -> None:
    documents = get_documents(store, STREAM)
    who = chance.choice(PEOPLE)
    messages = [item.id for item in documents.all(MESSAGE)] or ["x"]
    message_id, to = chance.choice(messages), chance.choice([GATE, AID, TO_TTY, TO_ALL])
    about: dict[str, Any] = {"message_id": message_id}
    message = draft(to, sort=chance.choice(["order", "information"]), needs_read_back=chance.random() < 0.5)
    keys: dict[str, Any] = {
        "send_message": {"message": message},
        "log_message": {"text": "text", "via": "net"},
        "mark_delivered": {"message_ids": messages},
        "mark_seen": about,
        "answer_message": {**about, "answer": chance.choice(["accepted", "refused"]), "words": "text"},
        "read_back": {**about, "words": "text"},
        "confirm_read_back": {**about, "addressee": to, "is_right": chance.random() < 0.5},
        "reroute_message": {**about, "addressee": to, "channel": chance.choice([None, "net"])},
        "strike_message": {**about, "reason": "text"},
        "mark_silent_messages": {"message_ids": messages},
        "set_template": {"template": TEMPLATE},
        "remove_template": {"template_id": TEMPLATE.id},
    }
    verb = chance.choice(sorted(keys))
    getattr(commands, verb)(store, envelope(who, after=after), viewer=who, **keys[verb])


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_documents_are_the_fold_of_any_commands(chance: random.Random) -> None:
    store = store_with_plan()
    for turn in range(40):
        before = get_documents(store, STREAM)
        try:
            _random_command(store, chance, turn * 15 * S)
        except HamkorError:
            assert get_documents(store, STREAM) == before
    assert fold(list_entries(store, STREAM)) == get_documents(store, STREAM)
    assert verify_journal(store, STREAM)

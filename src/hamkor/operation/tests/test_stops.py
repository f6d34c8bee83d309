# SPDX-License-Identifier: Apache-2.0
"""Stopping the show: who may, the second gesture, chain, gates, words, limit, lifting."""

from __future__ import annotations

from typing import Any

import pytest

from hamkor.common.i18n import LANGUAGES
from hamkor.journal.memory import MemoryStore
from hamkor.operation.commands import (
    announce_stop,
    confirm_link,
    finish_job,
    lift_stop,
    order_stop,
    start_contingency,
    start_job,
    take_effect,
    tell_link,
)
from hamkor.operation.queries import list_stop_options, list_stops
from hamkor.operation.rules.deviations import deviations
from hamkor.operation.rules.stops import STOP_ACTIONS, ShowStop
from hamkor.operation.rules.system import SYSTEM_WATCH
from hamkor.operation.tests.builders import (
    AUDITOR,
    CONTROLLER,
    COORDINATOR,
    MEDIC,
    MINUTE,
    NOW,
    NURSE,
    OPERATOR,
    ORGANISER,
    POLICE,
    STRANGER,
    documents,
    done,
    envelope,
    job,
    refused,
    store_with_plan,
)


@pytest.fixture
def store() -> MemoryStore:
    """Returns an event whose operation was never opened: an emergency does not ask."""
    return store_with_plan()


def asked(action: str = "stop_show", **keys: Any) -> dict[str, Any]:
    return {
        "authority_id": "police",
        "action": action,
        "sign": "Waves in the crowd",
        "confirm": action,
        **keys,
    }


def stop_of(store: MemoryStore, stop_id: str) -> ShowStop:
    found = documents(store).get("show_stop", stop_id)
    assert isinstance(found, ShowStop)
    return found


def test_an_order_is_the_record_of_the_decision(store: MemoryStore) -> None:
    stop = stop_of(store, done(store, order_stop, POLICE, reason=" Seen on camera. ", **asked()))
    assert (stop.action, stop.authority, stop.holder, stop.standing) == (
        "stop_show",
        "police",
        "chief",
        "holder",
    )
    assert (stop.sign, stop.sign_is_agreed) == ({"uz": "Toʻlqin", "en": "Waves in the crowd"}, True)
    assert (stop.ordered_at, stop.ordered_by, stop.agency) == (NOW, "person:police", "iib")
    assert (stop.limit_min, stop.must_stand_at, stop.reason) == (2.0, NOW + 2 * MINUTE, "Seen on camera.")
    assert [(link.who, link.channel, link.told_at) for link in stop.chain] == [
        ("chief", "radio", None),
        ("gate", "radio", None),
    ]
    assert set(stop.announcement) == set(LANGUAGES)
    assert stop.gates_open == stop.gates_close == ()


@pytest.mark.parametrize(
    ("who", "standing"), [(COORDINATOR, "coordinator"), (POLICE, "holder"), (MEDIC, "deputy")]
)
def test_holder_deputy_and_coordinator_may(store: MemoryStore, who: Any, standing: str) -> None:
    assert stop_of(store, done(store, order_stop, who, **asked())).standing == standing


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (ORGANISER, "stop-not-yours"),
        (OPERATOR, "stop-not-yours"),
        (NURSE, "not-allowed"),
        (AUDITOR, "not-allowed"),
        (CONTROLLER, "not-allowed"),
        (STRANGER, "not-allowed"),
        (SYSTEM_WATCH, "not-allowed"),
    ],
)
def test_others_may_not_and_are_told_who_may(store: MemoryStore, who: Any, code: str) -> None:
    refused(store, code, order_stop, who, **asked())
    refused(store, "not-allowed", order_stop, who, **asked(authority_id=None))


def test_nothing_is_ordered_by_one_gesture_or_beyond_the_plan(store: MemoryStore) -> None:
    for confirm in ("", "yes", "evacuate", "STOP_SHOW"):
        refused(store, "stop-unconfirmed", order_stop, POLICE, **asked(confirm=confirm))
    refused(store, "stop-beyond-authority", order_stop, POLICE, **asked("cancel"))
    refused(store, "stop-beyond-authority", order_stop, COORDINATOR, **asked("party", authority_id=None))
    refused(store, "stop-beyond-authority", order_stop, ORGANISER, **asked(authority_id="asks"))
    refused(store, "authority-absent", order_stop, POLICE, **asked(authority_id="none"))
    refused(store, "text-empty", order_stop, POLICE, **asked(sign=" "))
    refused(store, "text-too-long", order_stop, POLICE, **asked(sign={"en": "x" * 1001}))


def test_a_sign_nobody_agreed_on_is_recorded_as_such(store: MemoryStore) -> None:
    stop = stop_of(store, done(store, order_stop, POLICE, **asked(sign="A tower leans")))
    assert (stop.sign, stop.sign_is_agreed) == ("A tower leans", False)


@pytest.mark.parametrize("action", STOP_ACTIONS)
def test_the_coordinator_may_do_everything_without_the_plan(store: MemoryStore, action: str) -> None:
    stop = stop_of(store, done(store, order_stop, COORDINATOR, **asked(action, authority_id=None)))
    assert (stop.chain, stop.limit_min, stop.holder) == ((), None, None)
    assert all(stop.announcement.values())


def test_the_same_is_not_ordered_twice_but_more_may_be(store: MemoryStore) -> None:
    done(store, order_stop, POLICE, **asked())
    refused(store, "stop-standing", order_stop, MEDIC, **asked())
    done(store, order_stop, MEDIC, **asked("evacuate"))
    done(store, order_stop, COORDINATOR, **asked(authority_id=None))


def test_gates_are_of_the_drawing_and_keep_their_sense(store: MemoryStore) -> None:
    stop = stop_of(store, done(store, order_stop, POLICE, **asked("evacuate")))
    assert (stop.gates_open, stop.gates_close) == (("gate-a", "gate-b"), ())
    stop = stop_of(store, done(store, order_stop, POLICE, **asked("stop_entry")))
    assert (stop.gates_open, stop.gates_close) == ((), ("lanes",))
    for code, keys in (
        ("gate-absent", {"gates_open": ["pen"]}),
        ("gate-absent", {"gates_close": ["none"]}),
        ("gate-both-ways", {"gates_open": ["gate-a"], "gates_close": ["gate-a"]}),
        ("gates-too-many", {"gates_open": [f"g{number}" for number in range(1001)]}),
    ):
        refused(store, code, order_stop, POLICE, **asked(**keys))
    done(store, lift_stop, POLICE, stop_id=list_stops(POLICE, documents(store))[0].id, reason="x")
    refused(
        store, "gate-lets-out", order_stop, POLICE, **asked("evacuate", gates_open=[], gates_close=["gate-b"])
    )
    keys = asked("evacuate", gates_open=["gate-a", "gate-a"], gates_close=["gate-locked", "lanes"])
    stop = stop_of(store, done(store, order_stop, POLICE, **keys))
    assert (stop.gates_open, stop.gates_close) == (("gate-a",), ("gate-locked", "lanes"))
    work = [job(store, each) for each in stop.jobs]
    assert [(found.agency, found.due_at) for found in work] == [
        ("mg", stop.must_stand_at),
        ("mg", stop.must_stand_at),
        ("iib", stop.must_stand_at),
    ]
    assert isinstance(work[1].title, dict)
    assert work[1].title["en"] == "Open Gate A"


def test_words_are_those_given_else_of_the_contingency_else_of_the_action(store: MemoryStore) -> None:
    given = stop_of(
        store, done(store, order_stop, POLICE, **asked(announcement={"uz": " Toʻxtang. ", "ru": " "}))
    )
    assert given.announcement == {"uz": "Toʻxtang."}
    done(store, start_contingency, OPERATOR, contingency_id="storm")
    done(store, start_contingency, OPERATOR, contingency_id="crush")
    stop = stop_of(store, done(store, order_stop, POLICE, **asked("evacuate")))
    assert stop.announcement["en"] == "One step back, please."
    refused(store, "language-unknown", order_stop, POLICE, **asked("stop_entry", announcement={"xx": "x"}))
    refused(
        store, "announcement-missing", order_stop, POLICE, **asked("stop_entry", announcement={"en": " "})
    )
    refused(
        store, "text-too-long", order_stop, POLICE, **asked("stop_entry", announcement={"en": "x" * 1001})
    )


def test_the_word_passes_down_the_chain_and_takes_effect(store: MemoryStore) -> None:
    stop_id = done(store, order_stop, POLICE, **asked())
    one = {"stop_id": stop_id}
    done(store, tell_link, OPERATOR, index=0, **one, after=MINUTE)
    done(store, tell_link, MEDIC, index=0, **one, after=2 * MINUTE)
    done(store, confirm_link, OPERATOR, index=1, **one, after=2 * MINUTE)
    first, second = stop_of(store, stop_id).chain
    assert (first.told_at, first.told_by, first.confirmed_at) == (NOW + MINUTE, "person:operator", None)
    assert (second.told_at, second.confirmed_at) == (NOW + 2 * MINUTE, NOW + 2 * MINUTE)
    assert deviations(documents(store), NOW + 3 * MINUTE)[0].sort == "stop_late"
    for _ in range(2):
        done(store, announce_stop, ORGANISER, **one, after=2 * MINUTE)
        done(store, take_effect, OPERATOR, **one, after=2 * MINUTE)
    stop = stop_of(store, stop_id)
    assert (stop.state, stop.in_force_at, stop.announced_by) == (
        "in_force",
        NOW + 2 * MINUTE,
        "person:organiser",
    )
    assert job(store, stop.jobs[0]).state == "done"
    assert "stop_late" not in {each.sort for each in deviations(documents(store), NOW + 9 * MINUTE)}
    for index in (-1, 2, 10**9):
        refused(store, "link-absent", tell_link, OPERATOR, index=index, **one)
        refused(store, "link-absent", confirm_link, OPERATOR, index=index, **one)
    for verb, keys in ((tell_link, {"index": 0}), (announce_stop, {}), (take_effect, {})):
        refused(store, "not-allowed", verb, AUDITOR, **one, **keys)
        refused(store, "stop-absent", verb, OPERATOR, stop_id="none", **keys)


def test_who_may_order_may_lift(store: MemoryStore) -> None:
    stop_id = done(store, order_stop, POLICE, **asked("evacuate"))
    work = stop_of(store, stop_id).jobs
    done(store, start_job, OPERATOR, job_id=work[0])
    done(store, finish_job, OPERATOR, job_id=work[1])
    refused(store, "stop-not-yours", lift_stop, ORGANISER, stop_id=stop_id, reason="x")
    refused(store, "reason-missing", lift_stop, POLICE, stop_id=stop_id, reason="")
    done(store, lift_stop, MEDIC, stop_id=stop_id, reason="All are out.", after=MINUTE)
    stop = stop_of(store, stop_id)
    assert (stop.state, stop.lifted_by, stop.lift_reason) == ("lifted", "person:medic", "All are out.")
    assert [job(store, each).state for each in work] == ["started", "done", "skipped"]
    refused(store, "stop-lifted", lift_stop, POLICE, stop_id=stop_id, reason="x")
    refused(store, "stop-lifted", tell_link, POLICE, stop_id=stop_id, index=0)
    done(store, order_stop, POLICE, **asked("evacuate"))


def test_options_say_what_each_may_and_why_not(store: MemoryStore) -> None:
    def shown(who: Any) -> list[tuple[Any, ...]]:
        options = list_stop_options(who, documents(store))
        return [(each.authority and each.authority.id, each.standing, each.actions) for each in options]

    may = ("stop_show", "evacuate", "stop_entry")
    assert shown(POLICE) == [("police", "holder", may), ("asks", None, ())]
    assert shown(COORDINATOR)[-1] == (None, "coordinator", STOP_ACTIONS)
    refusal = list_stop_options(POLICE, documents(store))[1].refusal
    assert refusal is not None
    assert "Somebody at the stage" in refusal.in_english()
    done(store, order_stop, POLICE, **asked())
    assert shown(POLICE)[0] == ("police", "holder", may[1:])


def test_the_same_order_sent_twice_is_one_order(store: MemoryStore) -> None:
    sent = envelope(POLICE)
    results = [order_stop(store, sent, viewer=POLICE, **asked()) for _ in range(2)]
    assert results[0] == results[1]
    assert len(documents(store).all("show_stop")) == 1

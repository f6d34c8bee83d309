# SPDX-License-Identifier: Apache-2.0
"""Whatever is done in whatever order: documents are the fold of the journal, and a command sent twice acts once."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import list_entries, verify_journal
from hamkor.journal.rules import Documents, fold, get_fact_type, list_fact_types
from hamkor.journal.rules.facts import Fact
from hamkor.operation import commands
from hamkor.operation.rules.planned import newly_due, newly_overdue
from hamkor.operation.rules.posts import newly_silent
from hamkor.operation.rules.running import ClockSetting
from hamkor.operation.rules.system import SYSTEM_WATCH
from hamkor.operation.tests.builders import (
    CONTROLLER,
    COORDINATOR,
    MEDIC,
    NOW,
    NURSE,
    OPERATOR,
    POLICE,
    SECOND,
    STREAM,
    documents,
    done,
    envelope,
    store_with_plan,
)

PEOPLE = (COORDINATOR, OPERATOR, SECOND, POLICE, MEDIC, NURSE, CONTROLLER)


def some(rng: random.Random, known: Documents, kind: str) -> str:
    ids = [document.id for document in known.all(kind)]
    return rng.choice([*ids, "task:sweep", "none"])


def asking(rng: random.Random, known: Documents) -> dict[str, dict[str, Any]]:
    """Returns arguments for every verb, many of which suit what is there."""
    job = {"job_id": some(rng, known, "job")}
    stop = {"stop_id": some(rng, known, "show_stop")}
    shift = {"handover_id": some(rng, known, "handover")}
    post = {"post_id": rng.choice(["aid", "gate", "none"])}
    why = {"reason": rng.choice(["Because.", ""])}
    action = rng.choice(["stop_show", "evacuate", "cancel"])
    return {
        "open_operation": {"mode": "drill", "clock": ClockSetting(event_at=NOW, rate=rng.choice([1, 60]))},
        "enter_phase": {"phase": rng.choice(["ingress", "show", "none"])},
        "set_clock": {"event_at": NOW + timedelta(hours=rng.randrange(-9, 9)), "rate": rng.choice([1, 9, 0])},
        "close_operation": {},
        "add_job": {"title": "Fence", "agency": rng.choice(["iib", "tty", None]), "due_at": NOW},
        "start_job": job,
        "finish_job": job,
        "skip_job": job | why,
        "reopen_job": job | why,
        "assign_job": job | {"agency": rng.choice(["iib", "all"])},
        "check_in": post | {"present": rng.randrange(-1, 5)},
        "leave_post": post | why,
        "hear_post": post,
        "start_contingency": {"contingency_id": rng.choice(["crush", "storm", "none"])},
        "end_contingency": why | {"run_id": some(rng, known, "contingency_run")},
        "order_stop": {
            "authority_id": rng.choice(["police", None]),
            "action": action,
            "sign": "Waves",
            "confirm": rng.choice([action, action, "x"]),
        },
        "tell_link": stop | {"index": rng.randrange(-1, 3)},
        "confirm_link": stop | {"index": rng.randrange(-1, 3)},
        "announce_stop": stop,
        "take_effect": stop,
        "lift_stop": stop | why,
        "prepare_handover": {"to": rng.choice([None, OPERATOR.person])},
        "confirm_handover": shift,
        "refuse_handover": shift | why,
    }


def attempt(store: MemoryStore, rng: random.Random, after: timedelta) -> None:
    known = documents(store)
    keys = asking(rng, known)
    verb = rng.choice(sorted(keys))
    who = rng.choice(PEOPLE)
    sent = envelope(who, after=after)
    for _ in range(2):
        try:
            getattr(commands, verb)(store, sent, viewer=who, **keys[verb])
        except HamkorError:
            continue
    assert documents(store).number - known.number <= 4


def watch(store: MemoryStore, after: timedelta) -> None:
    known, at = documents(store), NOW + after
    done(store, commands.plan_jobs, SYSTEM_WATCH, after=after)
    done(store, commands.mark_due, SYSTEM_WATCH, after=after, job_ids=newly_due(known, at))
    done(store, commands.mark_overdue, SYSTEM_WATCH, after=after, job_ids=newly_overdue(known, at))
    done(store, commands.mark_silent, SYSTEM_WATCH, after=after, post_ids=newly_silent(known, at))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_documents_are_the_fold_of_the_journal(seed: int) -> None:
    rng, store = random.Random(seed), store_with_plan()
    if rng.random() < 0.9:
        done(store, commands.open_operation, COORDINATOR, mode=rng.choice(["real", "drill"]))
    for step in range(30):
        attempt(store, rng, timedelta(minutes=10 * step))
        if step % 10 == 9:
            watch(store, timedelta(minutes=10 * step))
    entries = list_entries(store, STREAM)
    assert fold(entries) == documents(store)
    verify_journal(store, STREAM)


def test_every_verb_is_tried() -> None:
    watched = {"plan_jobs", "mark_due", "mark_overdue", "mark_silent"}
    assert set(asking(random.Random(1), documents(store_with_plan()))) | watched == set(commands.__all__)


OWN = ("operation.", "job.", "post_state.", "contingency_run.", "show_stop.", "handover.")


@pytest.mark.parametrize("name", [each.name for each in list_fact_types() if each.name.startswith(OWN)])
def test_a_fact_about_what_is_withheld_changes_nothing_that_is_not_there(name: str) -> None:
    from pathlib import Path

    kind = get_fact_type(name)
    body = kind.decode((Path(__file__).parent / "golden" / f"{name}.json").read_bytes())
    changes = kind.evolve(Documents(), Fact(kind, body))
    again = kind.evolve(Documents().after([changes]), Fact(kind, body))
    assert set(changes) <= set(again)


def test_nobody_sends_in_the_name_of_another() -> None:
    store = store_with_plan()
    keys = asking(random.Random(2), documents(store))
    for verb, arguments in keys.items():
        with pytest.raises((ValueError, HamkorError)):
            getattr(commands, verb)(store, envelope(POLICE), viewer=COORDINATOR, **arguments)

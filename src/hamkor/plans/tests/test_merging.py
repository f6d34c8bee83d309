# SPDX-License-Identifier: Apache-2.0
"""Random plans and random editors: edits of different fields merge in any order, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamkor.folder.queries import read_folder
from hamkor.folder.tests.strategies import plans
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents, fold
from hamkor.plans.commands import create_event, edit_plan, import_plan, list_details, record_plan
from hamkor.plans.queries import get_plan, history_of, plan_of
from hamkor.plans.rules.changes import list_changes
from hamkor.plans.rules.edits import AddItem, Edit, EditRefusedError, RemoveItem, SetFields
from hamkor.plans.rules.fields import plain, write_paths
from hamkor.plans.rules.personal import set_apart
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.plans.rules.wholeness import BODIES
from hamkor.plans.tests.desks import (
    COORDINATOR,
    EVENT,
    EXAMPLES,
    FOLDERS,
    ORGANISER,
    PLANNER,
    STREAM,
    Desk,
    contents,
    facts_of,
)

SLOW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WIDE = settings(SLOW, max_examples=10)  # whole plans take long to make up
ALL_FOLDERS = [EXAMPLES / "navruz-2027", *FOLDERS]

FIELDS: dict[tuple[str, str | None], dict[str, st.SearchStrategy[Any]]] = {
    ("duties", "watch"): {
        "person": st.sampled_from(["none", "ali", None]),
        "accountable": st.sampled_from([["iib"], [], ["tty", "iib"], None]),
        "note": st.sampled_from(["a", "b", None]),
        "place": st.sampled_from([["gate"], ["gate", "yard"], None]),
        "title": st.sampled_from(["Watch", {"uz": "Qoʻriqlash", "ru": "Охрана"}]),
    },
    ("communications", None): {
        "channels/radio/works": st.sampled_from([True, False, None]),
        "channels/radio/network": st.sampled_from(["net", None]),
        "channels/phone": st.sampled_from([{"sort": "phone"}, {"sort": "phone", "works": True}]),
        "joint_command_post": st.booleans(),
        "links": st.sampled_from([[], [{"id": "l", "between": ["iib", "tty"]}]]),
    },
    ("legal", None): {
        "permit": st.sampled_from([{"state": "applied"}, {"state": "issued", "number": "7"}]),
        "insurance": st.sampled_from([{"state": "none"}, None]),
        "note": st.sampled_from(["a", None]),
    },
    ("event", None): {
        "place/city": st.sampled_from(["Toshkent", None]),
        "place/country": st.sampled_from(["UZ", None]),
        "programme/start/title": st.sampled_from(["Start", "Opening"]),
        "category": st.sampled_from([1, 2, 3, None]),
        "starts_at": st.sampled_from(["2027-03-21 18:00", None]),
    },
}


def begun() -> Desk:
    desk = Desk()
    event = msgspec.convert(
        {
            **plain(EVENT),
            "place": {"name": "Yard"},
            "programme": [{"id": "start", "title": "Start", "starts_at": "2027-03-21T18:00:00"}],
        },
        type(EVENT),
    )
    create_event(desk.store, desk.envelope(ORGANISER), viewer=ORGANISER, event=event)
    desk.add("duties", id="watch", phase="conduct", title="Watch")
    desk.set("communications", channels=[{"id": "radio", "sort": "radio"}])
    return desk


@st.composite
def two_editors(draw: st.DrawFn) -> tuple[list[Edit], list[Edit]]:
    """Returns the edits of two people who never touch the same field."""
    first: list[Edit] = []
    second: list[Edit] = []
    for (part, item), fields in FIELDS.items():
        names = draw(st.permutations(sorted(fields)))
        middle = draw(st.integers(0, len(names)))
        for edits, own in ((first, names[:middle]), (second, names[middle:])):
            chosen = draw(st.lists(st.sampled_from(own), unique=True)) if own else []
            edits += [SetFields(part=part, id=item, fields={name: draw(fields[name])}) for name in chosen]
    return first, second


@given(edits=two_editors(), order=st.randoms(use_true_random=False))
@SLOW
def test_different_fields_merge_in_any_order(edits: tuple[list[Edit], list[Edit]], order: Any) -> None:
    ours, theirs = edits
    results = []
    for _ in range(2):
        desk, queue = begun(), [[*ours], [*theirs]]
        while any(queue):
            own = order.choice([each for each in queue if each])
            assert desk.edit(own.pop(0), viewer=order.choice([PLANNER, COORDINATOR])).conflicts == ()
        results.append(contents(desk.documents()))
    assert _as_sets(results[0]) == _as_sets(results[1])


def _as_sets(found: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """Returns documents as JSON shows them; of items added side by side, either may stand first."""
    trees = {key: plain(document) for key, document in found.items()}
    for tree in trees.values():
        tree["channels"] = sorted(tree.get("channels", []), key=lambda channel: channel["id"])
    return trees


EDITS = st.one_of(
    two_editors().map(lambda both: both[0] + both[1]),
    st.sampled_from(["p1", "p2"]).map(
        lambda item: [AddItem(part="people", body={"id": item, "agency": "iib"})]
    ),
    st.sampled_from(["p1", "p2"]).map(lambda item: [RemoveItem(part="people", id=item)]),
    st.sampled_from(["p1", "p2"]).map(
        lambda item: [SetFields(part="duties", id="watch", fields={"person": item})]
    ),
    st.just([RemoveItem(part="legal")]),
    st.just([RemoveItem(part="duties", id="watch", and_references=True)]),
)


@given(commands=st.lists(EDITS, max_size=8), undone=st.data())
@SLOW
def test_undone_and_redone_a_plan_is_what_it_was(commands: list[list[Edit]], undone: st.DataObject) -> None:
    desk, performed = begun(), []
    for edits in commands:
        before = desk.documents()
        try:
            done = desk.edit(*edits)
        except EditRefusedError:
            assert desk.documents() == before
            continue
        if done.result.entries:
            performed.append(done)
    if performed:
        before = contents(desk.documents())
        first = desk.undo(undone.draw(st.sampled_from(performed)))
        if first.result.entries:
            redone = desk.undo(first)
            # A person who does not exist may be named; once there is one again, the name holds it.
            is_held = any(conflict.kind == "person" for conflict in redone.conflicts)
            assert redone.conflicts == () or is_held
        else:
            is_held = False
        assert is_held or contents(desk.documents()) == before
    entries = desk.store.list_entries(STREAM)
    assert fold(entries) == desk.documents()
    _history_adds_up(desk.documents(), entries)


def _history_adds_up(documents: Documents, entries: Any) -> None:
    """Checks that all changes of the history, one after the other, make the documents."""
    trees: dict[tuple[str, str], dict[str, Any]] = {}
    for line in history_of(entries):
        for change in line.changes:
            key = (change.kind, change.id)
            if change.path:
                trees[key] = write_paths(trees[key], BODIES[change.kind], {change.path: change.after})
            elif change.after is None:
                del trees[key]
            else:
                trees[key] = change.after
    found = {
        key: tree if key[0] == "part" else plain(msgspec.convert(tree, BODIES[key[0]]))
        for key, tree in trees.items()
    }
    assert found == {key: plain(document) for key, document in documents.items()}


@given(old=plans(), new=plans())
@WIDE
def test_what_differs_makes_the_one_of_the_other(old: Plan, new: Plan) -> None:
    before, after = _recorded(old), _recorded(new)
    for change in list_changes(before, after):
        if change.path:
            body = BODIES[change.kind]
            document = before.get(change.kind, change.id)
            paths = {
                each.path: each.after
                for each in list_changes(before, after, kinds=[change.kind])
                if each.id == change.id
            }
            made = msgspec.convert(write_paths(plain(document), body, paths), body)
            assert made == after.get(change.kind, change.id)


@given(old=plans(), new=plans())
@WIDE
def test_a_plan_taken_over_is_the_plan(old: Plan, new: Plan) -> None:
    desk = Desk()
    record_plan(desk.store, desk.envelope(), plan=old)
    done = _import(desk, new)
    wanted = msgspec.structs.replace(new, event=msgspec.structs.replace(new.event, id=old.event.id))
    assert _in_order(_plan(desk)) == _in_order(wanted)
    assert facts_of(_import(desk, new)) == []
    assert fold(desk.store.list_entries(STREAM)) == desk.documents()
    if done.result.entries:
        before, undone = contents(desk.documents()), desk.undo(done)
        if undone.result.entries and not desk.undo(undone).conflicts:
            assert contents(desk.documents()) == before


@pytest.mark.parametrize("folder", ALL_FOLDERS, ids=lambda path: path.name)
def test_an_example_taken_over_into_a_new_event_is_the_example(folder: Path) -> None:
    plan, desk = read_folder(folder), Desk()
    create_event(desk.store, desk.envelope(ORGANISER), viewer=ORGANISER, event=plan.event)
    _import(desk, plan)
    assert _plan(desk) == plan
    other = Desk()
    record_plan(other.store, other.envelope(), plan=plan)
    assert contents(other.documents()) == contents(desk.documents())


def test_only_what_differs_is_taken_over() -> None:
    plan, desk = read_folder(ALL_FOLDERS[0]), Desk()
    record_plan(desk.store, desk.envelope(), plan=plan)
    assert plan.duties is not None
    duties = (msgspec.structs.replace(plan.duties[0], note="new"), *plan.duties[1:])
    done = _import(desk, msgspec.structs.replace(plan, duties=duties, tasks=None))
    assert set(facts_of(done)) == {"duty.changed.v1", "task.removed.v1", "part.closed.v1"}
    kept = Desk()
    record_plan(kept.store, kept.envelope(), plan=plan)
    other = msgspec.structs.replace(plan, duties=duties, tasks=None)
    done = import_plan(
        kept.store, kept.envelope(), viewer=PLANNER, plan=other, vault=kept.vault, parts=["duties"]
    )
    assert facts_of(done) == ["duty.changed.v1"]


def _import(desk: Desk, plan: Plan) -> Any:
    return import_plan(desk.store, desk.envelope(), viewer=PLANNER, plan=plan, vault=desk.vault)


def _plan(desk: Desk) -> Plan:
    plan = get_plan(desk.store, stream=STREAM, details=list_details(desk.vault, STREAM))
    assert plan is not None
    return plan


def _recorded(plan: Plan) -> Documents:
    store, desk = MemoryStore(), Desk()
    record_plan(store, desk.envelope(), plan=set_apart(plan)[0])
    return get_documents(store, STREAM)


def _in_order(plan: Plan) -> Plan:
    """Returns the plan with the items of each part in the order of their ids."""
    lists: dict[str, Any] = {}
    for part in PARTS:
        items = getattr(plan, part.name)
        if part.is_list and items is not None:
            lists[part.name] = tuple(sorted(items, key=lambda item: str(item.id)))
    if plan.venue is not None:
        features = tuple(sorted(plan.venue.features, key=lambda feature: feature.id))
        lists["venue"] = msgspec.structs.replace(plan.venue, features=features)
    return msgspec.structs.replace(plan, **lists)


def test_a_plan_without_an_event_is_none() -> None:
    assert plan_of(Documents(), {}) is None


def test_many_at_once_lose_nothing() -> None:
    desk, fields = begun(), ("note", "source", "title", "person")
    sent = {field: [desk.envelope() for _ in range(20)] for field in fields}

    def write(field: str) -> None:
        for number, envelope in enumerate(sent[field]):
            edits = [
                SetFields(part="duties", id="watch", fields={field: f"{field}-{number}"}),
                AddItem(part="posts", body={"title": "Gate", "role": "gate"}),
            ]
            assert edit_plan(desk.store, envelope, viewer=PLANNER, edits=edits).conflicts == ()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, fields))
    duty = desk.get("duty", "watch")
    assert [getattr(duty, field) for field in fields] == [f"{field}-19" for field in fields]
    assert len(desk.documents().all("post")) == 80
    assert fold(desk.store.list_entries(STREAM)) == desk.documents()

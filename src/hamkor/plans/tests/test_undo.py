# SPDX-License-Identifier: Apache-2.0
"""Taking commands back, history, and what differs between versions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamkor.common.errors import HamkorError
from hamkor.common.ids import new_id
from hamkor.journal.rules import fold, withhold
from hamkor.plans.commands import create_event, undo
from hamkor.plans.queries import compare_versions, get_history, get_plan_at, history_of
from hamkor.plans.rules.edits import AddItem, RemoveItem, SetFields
from hamkor.plans.tests.desks import (
    EVENT,
    LIAISON,
    NOW,
    ORGANISER,
    PLANNER,
    STREAM,
    Desk,
    contents,
    facts_of,
)


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    create_event(desk.store, desk.envelope(ORGANISER), viewer=ORGANISER, event=EVENT)
    desk.add("duties", id="watch", phase="conduct", title="Watch the gates")
    return desk


def test_a_change_is_taken_back_and_done_again(desk: Desk) -> None:
    before = desk.documents()
    done = desk.set("duties", "watch", person="none", title={"uz": "Darvoza", "ru": "Ворота"})
    after = desk.documents()
    undone = desk.undo(done)
    assert desk.documents() == before
    assert undone.result.entries[0].cause == done.result.entries[0].command_id
    assert desk.undo(undone).conflicts == ()
    assert desk.documents() == after


def test_what_was_added_and_removed_comes_back(desk: Desk) -> None:
    before = contents(desk.documents())
    done = desk.edit(
        AddItem(part="people", body={"id": "ali", "agency": "tty"}),
        SetFields(part="duties", id="watch", fields={"person": "ali"}),
        SetFields(part="medical", fields={"doctors": 3}),
        AddItem(part="venue", body={"id": "p", "properties": {"kind": "post_place", "post": "x"}}),
    )
    after = contents(desk.documents())
    undone = desk.undo(done)
    assert contents(desk.documents()) == before
    assert set(facts_of(undone)) == {
        "person.removed.v1",
        "duty.changed.v1",
        "medical.removed.v1",
        "feature.removed.v1",
        "drawing.removed.v1",
        "part.closed.v1",
    }
    desk.undo(undone)
    assert contents(desk.documents()) == after


def test_a_field_changed_since_is_left_and_told(desk: Desk) -> None:
    done = desk.set("duties", "watch", person="none", note="first")
    desk.set("duties", "watch", viewer=PLANNER, note="second")
    undone = desk.undo(done)
    (conflict,) = undone.conflicts
    assert (conflict.path, conflict.seen, conflict.theirs, conflict.yours) == (
        "note",
        "first",
        "second",
        None,
    )
    assert conflict.by == PLANNER.person
    assert (desk.get("duty", "watch").person, desk.get("duty", "watch").note) == (None, "second")


def test_an_item_changed_since_it_was_added_stays(desk: Desk) -> None:
    done = desk.add("posts", id="gate", title="Gate", role="gate")
    desk.set("posts", "gate", needed=3)
    undone = desk.undo(done)
    assert {(conflict.kind, conflict.path) for conflict in undone.conflicts} == {("post", ""), ("part", "")}
    assert facts_of(undone) == []


def test_an_item_needed_since_it_was_added_stays(desk: Desk) -> None:
    done = desk.add("people", id="ali", agency="tty")
    radio = desk.set("communications", channels=[])
    radio = desk.set("communications", **{"channels/radio": {"sort": "radio"}})
    desk.set("duties", "watch", person="ali")
    desk.set("communications", links=[{"id": "l", "between": ["iib", "tty"], "primary": "radio"}])
    assert {conflict.kind for conflict in desk.undo(done).conflicts} == {"person", "part"}
    assert [conflict.path for conflict in desk.undo(radio).conflicts] == ["channels/radio"]
    assert [channel.id for channel in desk.get("communications").channels] == ["radio"]


def test_what_is_so_already_is_no_conflict(desk: Desk) -> None:
    done = desk.set("duties", "watch", note="x")
    desk.set("duties", "watch", note=None)
    undone = desk.undo(done)
    assert (undone.conflicts, facts_of(undone)) == ((), [])


def test_what_would_not_be_whole_is_left(desk: Desk) -> None:
    done = desk.set("legal", **{"permit/state": "applied"})
    desk.set("legal", note="x")
    desk.set("legal", **{"permit/number": "7"})
    assert desk.undo(done).conflicts
    assert desk.get("legal").permit.number == "7"


def test_what_cannot_be_undone_is_refused(desk: Desk) -> None:
    with pytest.raises(HamkorError, match="command-unknown"):
        undo(desk.store, desk.envelope(), viewer=PLANNER, command_id=new_id(NOW))
    begun = desk.store.list_entries(STREAM)[0].command_id
    with pytest.raises(HamkorError, match="beginning-not-undone"):
        undo(desk.store, desk.envelope(ORGANISER), viewer=ORGANISER, command_id=begun)


def test_an_undo_sent_twice_is_done_once(desk: Desk) -> None:
    done, sent = desk.set("duties", "watch", note="x"), desk.envelope()
    command = done.result.entries[0].command_id
    first = undo(desk.store, sent, viewer=PLANNER, command_id=command)
    desk.set("duties", "watch", note="y")
    assert undo(desk.store, sent, viewer=PLANNER, command_id=command) == first
    assert desk.get("duty", "watch").note == "y"


def test_the_history_of_one_field(desk: Desk) -> None:
    desk.set("duties", "watch", viewer=LIAISON, supporting=["tty"])
    desk.set("duties", "watch", supporting=["tty", "mg"], note="x")
    desk.add("tasks", id="t", title="Do", phase="conduct")
    lines = get_history(desk.store, STREAM, viewer=PLANNER, kind="duty", id="watch")
    told = [
        (line.by, change.before, change.after)
        for line in lines
        for change in line.changes
        if change.path == "supporting"
    ]
    assert told == [
        (PLANNER.person, ["tty"], ["tty", "mg"]),
        (LIAISON.person, None, ["tty"]),
    ]
    assert lines[-1].changes[0].path == ""


def test_history_is_read_in_pages(desk: Desk) -> None:
    for number in range(7):
        desk.set("duties", "watch", note=f"n{number}")
    everything = get_history(desk.store, STREAM, viewer=PLANNER)
    first = get_history(desk.store, STREAM, viewer=PLANNER, limit=4)
    rest = get_history(desk.store, STREAM, viewer=PLANNER, before_number=first[-1].number)
    assert first + rest == everything
    assert get_history(desk.store, STREAM, viewer=PLANNER, before_number=0) == []
    assert [line.number for line in everything] == sorted((line.number for line in everything), reverse=True)


def test_a_withheld_entry_breaks_neither_history_nor_fold(desk: Desk) -> None:
    desk.set("duties", "watch", note="x")
    desk.set("legal", **{"permit/state": "applied"})
    desk.set("legal", **{"permit/number": "7"})
    desk.remove("duties", "watch")
    entries = desk.store.list_entries(STREAM)
    for hidden in range(len(entries)):
        shown = [withhold(entry) if index == hidden else entry for index, entry in enumerate(entries)]
        fold(shown)
        list(history_of(shown))


def test_the_plan_as_it_was(desk: Desk) -> None:
    desk.set("event", name="Spring fair")
    old = get_plan_at(desk.store, STREAM, viewer=PLANNER, until=1)
    new = get_plan_at(desk.store, STREAM, viewer=PLANNER, until=NOW + timedelta(days=1))
    assert old is not None
    assert new is not None
    assert (old.event.name, old.duties) == ("Fair", None)
    assert (new.event.name, len(new.duties or ())) == ("Spring fair", 1)


def test_versions_are_compared_by_part_and_item(desk: Desk) -> None:
    desk.edit(
        SetFields(part="event", fields={"name": "Spring fair"}),
        AddItem(part="duties", body={"id": "cat", "phase": "conduct", "catalogue": "U-01"}),
        RemoveItem(part="duties", id="watch"),
        AddItem(part="warnings", body={"id": "w", "text": {"en": "It is too narrow", "uz": "Juda tor"}}),
    )
    parts = compare_versions(desk.store, STREAM, viewer=PLANNER, before=3)
    told = [
        (part.part, item.id, item.title, item.state)
        for part in parts
        for item in part.items
        if item.id != "cat"
    ]
    assert told == [
        ("event", "fair", "Spring fair", "changed"),
        ("duties", "watch", "Watch the gates", "removed"),
        ("warnings", "w", {"en": "It is too narrow", "uz": "Juda tor"}, "added"),
    ]
    assert [part.opened for part in parts] == [None, None, True]
    assert compare_versions(desk.store, STREAM, viewer=PLANNER, before=99) == ()

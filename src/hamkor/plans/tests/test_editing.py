# SPDX-License-Identifier: Apache-2.0
"""Editing a plan: what one command does, what it refuses, and what it tells."""

from __future__ import annotations

from typing import Any

import pytest

from hamkor.common.errors import HamkorError
from hamkor.common.messages import Message
from hamkor.journal.queries import export_journal, get_head
from hamkor.journal.rules import fold
from hamkor.plans.commands import create_event, edit_plan, list_details
from hamkor.plans.rules.edits import (
    AddItem,
    ClosePart,
    Edit,
    EditRefusedError,
    OpenPart,
    RemoveItem,
    SetFields,
)
from hamkor.plans.rules.personal import PersonalDetails
from hamkor.plans.tests.desks import (
    EVENT,
    LIAISON,
    ORGANISER,
    PLANNER,
    STREAM,
    Desk,
    facts_of,
)

OPENING = {
    "id": "gate",
    "geometry": {"type": "Point", "coordinates": [69.2, 41.3]},
    "properties": {"kind": "opening", "from": "outside", "to": "yard", "clear_width_m": 4},
}


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    create_event(desk.store, desk.envelope(ORGANISER), viewer=ORGANISER, event=EVENT)
    desk.add("duties", id="watch", phase="conduct", title="Watch the gates")
    desk.add("people", id="chief", agency="tty")
    desk.edit(
        SetFields(
            part="communications",
            fields={
                "channels": [{"id": "radio", "sort": "radio"}, {"id": "phone", "sort": "phone"}],
                "links": [{"id": "gates", "between": ["tty", "iib"], "primary": "radio"}],
            },
        )
    )
    return desk


def test_only_the_fields_that_differ_are_recorded(desk: Desk) -> None:
    done = desk.set("duties", "watch", person="chief", title="Watch the gates", phase="conduct")
    assert facts_of(done) == ["duty.changed.v1"]
    assert done.result.entries[0].body == b'{"id":"watch","values":{"person":"chief"}}'
    assert [change.path for change in done.changes] == ["person"]


def test_an_edit_that_changes_nothing_records_nothing(desk: Desk) -> None:
    assert facts_of(desk.set("duties", "watch", title="Watch the gates")) == []


def test_the_first_item_opens_its_part(desk: Desk) -> None:
    assert facts_of(desk.add("posts", title="Gate 3", role="gate")) == ["part.opened.v1", "post.recorded.v1"]
    assert facts_of(desk.add("posts", title="Gate 3", role="gate")) == ["post.recorded.v1"]
    assert [post.id for post in desk.documents().all("post")] == ["gate-3", "gate-3-2"]


def test_a_part_is_known_to_be_empty_and_unknown_again(desk: Desk) -> None:
    assert facts_of(desk.edit(OpenPart(part="warnings"))) == ["part.opened.v1"]
    assert facts_of(desk.edit(OpenPart(part="warnings"))) == []
    assert facts_of(desk.edit(ClosePart(part="warnings"))) == ["part.closed.v1"]
    with pytest.raises(EditRefusedError, match="part-not-empty"):
        desk.edit(ClosePart(part="duties"))


def test_items_inside_a_document_are_addressed_by_id(desk: Desk) -> None:
    done = desk.set("communications", **{"channels/radio/works": False, "channels/siren": {"sort": "siren"}})
    assert [channel.id for channel in desk.get("communications").channels] == ["radio", "phone", "siren"]
    assert desk.get("communications").channels[0].works is False
    desk.set("communications", **{"channels/phone": None})
    assert [channel.id for channel in desk.get("communications").channels] == ["radio", "siren"]
    assert facts_of(done) == ["communications.changed.v1"]


def test_a_record_inside_a_document_begins_with_its_first_field(desk: Desk) -> None:
    assert facts_of(desk.set("legal", **{"permit/state": "applied"})) == ["legal.recorded.v1"]
    desk.set("legal", **{"permit/number": "17", "certificate": {"state": "issued", "capacity": 500}})
    assert desk.get("legal").permit.number == "17"
    with pytest.raises(EditRefusedError, match="missing-key"):
        desk.set("legal", **{"permit/state": None})
    desk.set("legal", permit=None)
    assert desk.get("legal").permit is None


def test_features_and_the_drawing(desk: Desk) -> None:
    done = desk.edit(AddItem(part="venue", body=OPENING))
    assert facts_of(done) == ["drawing.recorded.v1", "feature.recorded.v1"]
    desk.set("venue", name="Main square")
    desk.set("venue", "gate", **{"properties/clear_width_m": 3.5, "properties/use": {"ingress": "forward"}})
    assert desk.get("feature", "gate").properties.clear_width_m == 3.5
    assert desk.get("drawing").name == "Main square"
    with pytest.raises(EditRefusedError, match="part-not-empty"):
        desk.remove("venue")
    desk.remove("venue", "gate")
    assert facts_of(desk.remove("venue")) == ["drawing.removed.v1"]


def test_moments_are_taken_as_people_write_them(desk: Desk) -> None:
    desk.set("event", starts_at="2027-03-21 18:00", ends_at="2027-03-21T23:00")
    assert desk.get("event", "fair").starts_at.isoformat() == "2027-03-21T18:00:00"
    assert (
        desk.set("event", seen={"starts_at": "2027-03-21 18:00"}, starts_at="2027-03-21 19:00").conflicts
        == ()
    )


def test_the_later_of_two_values_stands_and_the_editor_is_told(desk: Desk) -> None:
    desk.set("duties", "watch", viewer=LIAISON, accountable=["tty"])
    done = desk.set("duties", "watch", seen={"accountable": None, "title": "x"}, accountable=["iib"])
    (conflict,) = done.conflicts
    assert (conflict.path, conflict.seen, conflict.theirs, conflict.yours) == (
        "accountable",
        None,
        ["tty"],
        ["iib"],
    )
    assert (conflict.by, conflict.agency) == (LIAISON.person, "tty")
    assert conflict.number == done.result.number - 1
    assert desk.get("duty", "watch").accountable == ("iib",)


def test_two_who_give_the_same_value_are_not_in_conflict(desk: Desk) -> None:
    desk.set("duties", "watch", accountable=["iib"])
    assert desk.set("duties", "watch", seen={"accountable": None}, accountable=["iib"]).conflicts == ()


def test_an_edit_of_an_item_removed_meanwhile_is_told_and_not_made(desk: Desk) -> None:
    desk.remove("duties", "watch")
    done = desk.set("duties", "watch", seen={"title": "Watch the gates"}, title="Watch")
    assert facts_of(done) == []
    assert [(conflict.path, conflict.theirs, conflict.by) for conflict in done.conflicts] == [
        ("", None, PLANNER.person)
    ]
    desk.set("communications", **{"channels/phone": None})
    done = desk.set("communications", seen={"channels/phone/works": None}, **{"channels/phone/works": True})
    assert [conflict.path for conflict in done.conflicts] == []
    assert facts_of(done) == []


REFUSED: list[tuple[str, Edit]] = [
    ("part-unknown", SetFields(part="dutys", id="watch", fields={})),
    ("part-unknown", AddItem(part="../people", body={})),
    ("item-absent", SetFields(part="duties", id="nobody", fields={"title": "x"})),
    ("item-absent", RemoveItem(part="duties", id="nobody")),
    ("item-absent", SetFields(part="communications", fields={"channels/ghost/works": True})),
    ("id-missing", SetFields(part="duties", fields={"title": "x"})),
    ("no-list", SetFields(part="medical", id="medical", fields={"note": "x"})),
    ("id-fixed", SetFields(part="duties", id="watch", fields={"id": "other"})),
    ("id-fixed", SetFields(part="communications", fields={"channels/radio/id": "other"})),
    ("field-unknown", SetFields(part="duties", id="watch", fields={"tittle": "x"})),
    ("field-unknown", SetFields(part="duties", id="watch", fields={"": "x"})),
    ("field-unknown", SetFields(part="duties", id="watch", fields={"a" * 100_000: "x"})),
    ("field-unknown", SetFields(part="duties", id="watch", fields={"title/" * 60_000: "x"})),
    ("field-unknown", SetFields(part="communications", fields={"channels//works": True})),
    ("bad-choice", SetFields(part="duties", id="watch", fields={"phase": "later"})),
    ("bad-choice", SetFields(part="duties", id="watch", fields={"accountable": ["nsa"]})),
    ("wrong-type", SetFields(part="duties", id="watch", fields={"accountable": "iib"})),
    ("wrong-type", SetFields(part="communications", fields={"channels": {"radio": 1}})),
    (
        "wrong-type",
        SetFields(part="communications", fields={"channels": [7], "channels/x": {"sort": "data"}}),
    ),
    ("too-long", SetFields(part="duties", id="watch", fields={"note": "x" * 5000})),
    ("empty-text", SetFields(part="duties", id="watch", fields={"note": ""})),
    ("missing-key", SetFields(part="duties", id="watch", fields={"phase": None})),
    ("value-strange", SetFields(part="duties", id="watch", fields={"note": float("nan")})),
    ("value-strange", SetFields(part="duties", id="watch", fields={"note": 10**400})),
    ("value-strange", SetFields(part="duties", id="watch", fields={"note": "\ud800"})),
    ("value-strange", SetFields(part="duties", id="watch", fields={"note": object()})),
    ("value-strange", SetFields(part="duties", id="watch", fields={"note": {1: 2}})),
    ("bad-id", AddItem(part="duties", body={"id": "../../etc", "phase": "conduct"})),
    ("bad-id", AddItem(part="duties", body={"id": "", "phase": "conduct"})),
    ("bad-id", AddItem(part="duties", body={"id": 7, "phase": "conduct"})),
    ("bad-id", SetFields(part="communications", fields={"channels/..": {"sort": "data"}})),
    ("id-taken", AddItem(part="duties", body={"id": "watch", "phase": "conduct"})),
    ("id-taken", AddItem(part="communications", body={})),
    ("id-twice", SetFields(part="communications", fields={"channels": [{"id": "a", "sort": "data"}] * 2})),
    ("event-needed", RemoveItem(part="event")),
    ("no-list", OpenPart(part="medical")),
    ("no-list", ClosePart(part="venue")),
    ("out-of-range", SetFields(part="medical", fields={"doctors": -1})),
    ("item-in-use", SetFields(part="communications", fields={"channels/radio": None})),
]


@pytest.mark.parametrize(("code", "edit"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_refusal_says_where_and_changes_nothing(code: str, edit: Edit, desk: Desk) -> None:
    head, documents = get_head(desk.store, STREAM), desk.documents()
    harmless = SetFields(part="duties", id="watch", fields={"note": "fine"})
    with pytest.raises(HamkorError, match=f"^{code}: ") as caught:
        desk.edit(harmless, edit)
    assert get_head(desk.store, STREAM) == head
    assert desk.documents() == documents
    assert isinstance(caught.value.message, Message)
    assert len(str(caught.value)) < 1500


def test_a_refusal_of_a_value_names_field_and_choice(desk: Desk) -> None:
    with pytest.raises(EditRefusedError) as caught:
        desk.set("communications", **{"channels/radio/sort": "wireless"})
    assert (caught.value.part, caught.value.path) == ("communications", "channels/radio/sort")
    assert "Allowed: data, face_to_face" in str(caught.value)


def test_deep_values_are_refused(desk: Desk) -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(EditRefusedError, match="value-strange"):
        desk.set("duties", "watch", note=deep)


def test_without_an_event_there_is_nothing_to_edit() -> None:
    with pytest.raises(HamkorError, match="event-missing"):
        Desk().add("duties", phase="conduct")


def test_the_same_command_is_done_once_and_answered_twice(desk: Desk) -> None:
    desk.set("duties", "watch", person="chief")
    edits = [
        SetFields(part="duties", id="watch", fields={"person": "none"}, seen={"person": None}),
        AddItem(part="people", body={"agency": "iib", "position": "Head"}),
    ]
    sent = desk.envelope()
    first = edit_plan(desk.store, sent, viewer=PLANNER, edits=edits)
    desk.set("duties", "watch", title="Later")
    assert edit_plan(desk.store, sent, viewer=PLANNER, edits=edits) == first
    assert len(first.conflicts) == 1
    with pytest.raises(HamkorError, match="command-id-reused"):
        edit_plan(desk.store, sent, viewer=PLANNER, edits=edits[:1])


def test_an_item_in_use_stays_until_its_references_go_with_it(desk: Desk) -> None:
    desk.set("duties", "watch", person="chief", shifts=[_shift("chief"), _shift("other")])
    desk.edit(SetFields(part="communications", fields={"links/chief": {"between": ["chief", "iib"]}}))
    with pytest.raises(EditRefusedError, match=r"duties › watch › person, duties › watch › shifts/0/person"):
        desk.remove("people", "chief")
    done = desk.edit(RemoveItem(part="people", id="chief", and_references=True))
    duty = desk.get("duty", "watch")
    assert duty.person is None
    assert [shift.person for shift in duty.shifts] == ["other"]
    assert [link.id for link in desk.get("communications").links] == ["gates"]
    assert {change.kind for change in done.changes} == {"person", "duty", "communications"}


def test_what_cannot_be_without_a_reference_holds_the_item(desk: Desk) -> None:
    place = {"id": "p", "properties": {"kind": "post_place", "post": "gate-3"}}
    desk.edit(AddItem(part="posts", body={"id": "gate-3", "title": "Gate", "role": "gate"}))
    desk.edit(AddItem(part="venue", body=place))
    with pytest.raises(EditRefusedError, match="item-in-use"):
        desk.edit(RemoveItem(part="posts", id="gate-3", and_references=True))
    desk.edit(RemoveItem(part="posts", id="gate-3"), RemoveItem(part="venue", id="p"))
    assert desk.get("post", "gate-3") is None


def test_names_and_phones_never_enter_the_journal(desk: Desk) -> None:
    desk.add("people", id="aide", agency="iib", name="Given Name", phone="+998 00")
    done = desk.set("people", "chief", name="Other Name", seen={"name": "Somebody"}, position="Head")
    desk.set("people", "aide", phone=None)
    assert [(conflict.path, conflict.seen) for conflict in done.conflicts] == [("name", "Somebody")]
    assert list_details(desk.vault, STREAM) == {
        "aide": PersonalDetails("Given Name", None),
        "chief": PersonalDetails("Other Name", None),
    }
    lines = export_journal(desk.store, STREAM)
    assert b"Name" not in lines
    assert b"+998" not in lines
    assert desk.get("person", "chief").position == "Head"
    with pytest.raises(ValueError, match="need a vault"):
        edit_plan(
            desk.store,
            desk.envelope(),
            viewer=PLANNER,
            edits=[SetFields(part="people", id="chief", fields={"name": "X"})],
        )


def test_a_command_sent_again_does_not_bring_an_old_phone_back(desk: Desk) -> None:
    sent, edits = desk.envelope(), [SetFields(part="people", id="chief", fields={"phone": "1"})]
    edit_plan(desk.store, sent, viewer=PLANNER, edits=edits, vault=desk.vault)
    desk.set("people", "chief", phone="2", note="new phone")
    edit_plan(desk.store, sent, viewer=PLANNER, edits=edits, vault=desk.vault)
    assert list_details(desk.vault, STREAM)["chief"].phone == "2"


def test_ten_thousand_items_in_one_command(desk: Desk) -> None:
    done = desk.edit(
        *(
            AddItem(part="tasks", body={"id": f"t{number}", "title": "Do", "phase": "conduct"})
            for number in range(10_000)
        )
    )
    assert len(done.result.entries) == 10_001
    desk.set("tasks", "t9999", duration_min=5)
    desk.remove("tasks", "t0")
    assert len(desk.documents().all("task")) == 9_999
    with pytest.raises(EditRefusedError, match="too-many-edits"):
        desk.edit(*(OpenPart(part="tasks") for _ in range(20_001)))


def test_a_document_that_fills_an_entry_is_refused(desk: Desk) -> None:
    line = [[69.2, 41.3]] * 120_000
    body = {**OPENING, "geometry": {"type": "LineString", "coordinates": line}}
    with pytest.raises(HamkorError, match="entry-too-large"):
        desk.edit(AddItem(part="venue", body=body))


def test_the_fold_is_the_documents(desk: Desk) -> None:
    desk.set("communications", **{"channels/radio/works": True})
    entries = desk.store.list_entries(STREAM)
    assert fold(entries) == desk.documents()
    without = fold([entry for entry in entries if not entry.type.startswith("duty.recorded")][:0])
    assert len(without) == 0


def _shift(person: str) -> dict[str, str]:
    return {"person": person, "starts_at": "2027-03-21T18:00:00", "ends_at": "2027-03-21T20:00:00"}

# SPDX-License-Identifier: Apache-2.0
"""Who may change what in a plan."""

from __future__ import annotations

import pytest

from hamkor.agencies.rules import NotAllowedError, Viewer
from hamkor.common.errors import HamkorError
from hamkor.journal.queries import get_head
from hamkor.plans.commands import create_event, edit_plan, erase_person, list_details, undo
from hamkor.plans.queries import compare_versions, get_history, get_plan_at
from hamkor.plans.rules.edits import AddItem, Edit, OpenPart, RemoveItem, SetFields
from hamkor.plans.rules.permission import EditNotAllowedError
from hamkor.plans.rules.personal import PersonalDetails
from hamkor.plans.tests.desks import (
    COORDINATOR,
    EVENT,
    LIAISON,
    ORGANISER,
    PLANNER,
    STREAM,
    Desk,
    person,
)

STRANGER = Viewer(person="person:stranger", agency="tty")
AUDITOR = person("auditor", "kom")


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    create_event(desk.store, desk.envelope(ORGANISER), viewer=ORGANISER, event=EVENT)
    desk.edit(
        AddItem(part="duties", body={"id": "ours", "phase": "conduct", "accountable": ["tty"]}),
        AddItem(part="duties", body={"id": "theirs", "phase": "conduct", "accountable": ["iib"]}),
        AddItem(part="posts", body={"id": "aid", "title": "Aid", "role": "medical", "agency": "tty"}),
        AddItem(part="posts", body={"id": "gate", "title": "Gate", "role": "gate", "agency": "iib"}),
        AddItem(part="people", body={"id": "medic", "agency": "tty"}),
        AddItem(
            part="hazards",
            body={"id": "heat", "owner": "ses", "controls": [{"title": "Water", "owner": "tty"}]},
        ),
        SetFields(
            part="communications",
            fields={
                "channels": [{"id": "radio", "sort": "radio"}],
                "links": [
                    {"id": "aid", "between": ["aid", "iib"]},
                    {"id": "gate", "between": ["gate", "mg"]},
                ],
            },
        ),
    )
    return desk


def _set(part: str, item: str | None, **fields: object) -> Edit:
    return SetFields(part=part, id=item, fields=dict(fields))


ALLOWED: list[Edit] = [
    _set("posts", "aid", needed=4),
    _set("duties", "ours", person="medic", deputy="none"),
    _set("duties", "theirs", supporting=["tty"]),
    _set("duties", "theirs", accountable=["iib", "tty"]),
    _set("duties", "theirs", accountable=["iib", "tty"], person="medic"),
    _set("hazards", "heat", likelihood=3),
    _set("people", "medic", phone="1"),
    _set("medical", None, doctors=2),
    _set("communications", None, **{"links/aid/primary": "radio"}),
    _set("communications", None, **{"links/new": {"between": ["tty", "iib"]}}),
    AddItem(part="duties", body={"id": "new", "phase": "conduct", "accountable": ["tty"]}),
    AddItem(part="tasks", body={"title": "Bring water", "phase": "preparation", "agency": "tty"}),
    RemoveItem(part="duties", id="ours"),
]
REFUSED: list[Edit] = [
    _set("posts", "gate", needed=4),
    _set("posts", "aid", agency="iib"),
    _set("duties", "ours", title="Something easier"),
    _set("duties", "theirs", accountable=[]),
    _set("duties", "theirs", accountable=["tty"]),
    _set("duties", "theirs", supporting=["mg"]),
    _set("duties", "theirs", person="medic"),
    _set("communications", None, **{"channels/radio/works": True}),
    _set("communications", None, **{"links/gate/critical": True}),
    _set("communications", None, **{"links/aid/between": ["mg", "iib"]}),
    _set("communications", None, links=[]),
    _set("event", None, name="Ours"),
    _set("legal", None, **{"permit/state": "issued"}),
    AddItem(part="duties", body={"id": "new", "phase": "conduct", "accountable": ["mg"]}),
    AddItem(part="duties", body={"id": "new", "phase": "conduct"}),
    AddItem(part="tasks", body={"title": "Bring water", "phase": "preparation"}),
    AddItem(part="people", body={"id": "x", "agency": "iib", "name": "N"}),
    AddItem(part="venue", body={"id": "x", "properties": {"kind": "post_place", "post": "aid"}}),
    RemoveItem(part="duties", id="theirs"),
    RemoveItem(part="posts", id="gate", and_references=True),
    OpenPart(part="warnings"),
]


@pytest.mark.parametrize("edit", ALLOWED, ids=str)
def test_a_liaison_may_change_what_is_the_business_of_the_agency(edit: Edit, desk: Desk) -> None:
    head = get_head(desk.store, STREAM)
    done = desk.edit(edit, viewer=LIAISON)
    assert done.result.number > head.number or list_details(desk.vault, STREAM)


@pytest.mark.parametrize("edit", REFUSED, ids=str)
def test_a_liaison_may_not_change_what_is_not(edit: Edit, desk: Desk) -> None:
    head = get_head(desk.store, STREAM)
    with pytest.raises(EditNotAllowedError, match="This can be done by: coordinator, planner"):
        desk.edit(edit, viewer=LIAISON)
    assert get_head(desk.store, STREAM) == head
    assert list_details(desk.vault, STREAM) == {}


@pytest.mark.parametrize("viewer", [STRANGER, AUDITOR], ids=["stranger", "auditor"])
@pytest.mark.parametrize("edit", ALLOWED, ids=str)
def test_who_has_no_part_in_planning_changes_nothing(viewer: Viewer, edit: Edit, desk: Desk) -> None:
    with pytest.raises(NotAllowedError):
        desk.edit(edit, viewer=viewer)


@pytest.mark.parametrize("edit", [*ALLOWED, *REFUSED[:-4]], ids=str)
def test_a_planner_may_change_everything(edit: Edit, desk: Desk) -> None:
    desk.edit(edit)


def test_an_organiser_keeps_the_application_and_the_drawing(desk: Desk) -> None:
    desk.set("event", viewer=ORGANISER, name="Spring fair")
    desk.edit(OpenPart(part="venue"), viewer=ORGANISER)
    with pytest.raises(EditNotAllowedError):
        desk.set("posts", "gate", viewer=ORGANISER, needed=1)


def test_a_refusal_names_the_item(desk: Desk) -> None:
    with pytest.raises(EditNotAllowedError) as caught:
        desk.set("posts", "gate", viewer=LIAISON, needed=1)
    assert (caught.value.part, caught.value.item) == ("posts", "gate")


def test_nobody_sends_a_command_in_the_name_of_another(desk: Desk) -> None:
    with pytest.raises(ValueError, match="cannot send a command as"):
        edit_plan(desk.store, desk.envelope(PLANNER), viewer=LIAISON, edits=[])


def test_an_event_is_begun_by_an_organiser_or_an_administrator() -> None:
    keeper = Viewer(person="person:keeper", is_administrator=True)
    for viewer in (ORGANISER, COORDINATOR, keeper):
        desk = Desk()
        create_event(desk.store, desk.envelope(viewer), viewer=viewer, event=EVENT)
        with pytest.raises(HamkorError, match="event-already-recorded"):
            create_event(desk.store, desk.envelope(viewer), viewer=viewer, event=EVENT)
    with pytest.raises(NotAllowedError):
        create_event(desk.store, desk.envelope(LIAISON), viewer=LIAISON, event=EVENT)


def test_reading_needs_the_right_to_read(desk: Desk) -> None:
    for ask in (
        lambda: get_history(desk.store, STREAM, viewer=STRANGER),
        lambda: compare_versions(desk.store, STREAM, viewer=STRANGER, before=1),
        lambda: get_plan_at(desk.store, STREAM, viewer=STRANGER, until=1),
    ):
        with pytest.raises(NotAllowedError):
            ask()


def test_names_are_shown_to_those_who_may_see_them(desk: Desk) -> None:
    number, details = get_head(desk.store, STREAM).number, {"medic": PersonalDetails("Given Name", None)}
    for viewer, name in ((PLANNER, "Given Name"), (AUDITOR, None)):
        plan = get_plan_at(desk.store, STREAM, viewer=viewer, until=number, details=details)
        assert plan is not None
        assert [each.name for each in plan.people or ()] == [name]


def test_erasing_a_person_takes_the_right_and_leaves_a_trace(desk: Desk) -> None:
    desk.set("people", "medic", name="Given Name")
    sent = desk.envelope(COORDINATOR)
    with pytest.raises(NotAllowedError):
        erase_person(
            desk.store, desk.envelope(), viewer=PLANNER, vault=desk.vault, person="medic", reason="asked"
        )
    for _ in range(2):
        done = erase_person(
            desk.store, sent, viewer=COORDINATOR, vault=desk.vault, person="medic", reason="asked"
        )
        assert [entry.type for entry in done.entries] == ["person.erased.v1"]
    assert list_details(desk.vault, STREAM) == {}
    with pytest.raises(HamkorError, match="detail-erased"):
        desk.set("people", "medic", phone="1")
    desk.set("people", "medic", phone=None, position="Medic")
    with pytest.raises(HamkorError, match="person-absent"):
        erase_person(
            desk.store,
            desk.envelope(COORDINATOR),
            viewer=COORDINATOR,
            vault=desk.vault,
            person="nobody",
            reason="x",
        )


def test_undoing_is_for_oneself_or_for_a_coordinator(desk: Desk) -> None:
    done = desk.set("posts", "aid", needed=4)
    command = done.result.entries[0].command_id
    with pytest.raises(NotAllowedError):
        undo(desk.store, desk.envelope(LIAISON), viewer=LIAISON, command_id=command)
    desk.undo(done, viewer=COORDINATOR)
    assert desk.get("post", "aid").needed is None


def test_whoever_lost_the_right_to_a_part_cannot_undo_in_it(desk: Desk) -> None:
    done = desk.set("posts", "gate", needed=4)
    demoted = Viewer(person=PLANNER.person, agency="tty", grants=LIAISON.grants)
    with pytest.raises(EditNotAllowedError):
        desk.undo(done, viewer=demoted)

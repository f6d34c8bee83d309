# SPDX-License-Identifier: Apache-2.0
"""Words put into a list and taken out of it, beside what others do to the same list."""

from __future__ import annotations

from typing import Any

import pytest

from hamkor.common.errors import HamkorError
from hamkor.plans.commands import create_event
from hamkor.plans.rules.edits import ChangeMembers, EditRefusedError
from hamkor.plans.tests.desks import EVENT, LIAISON, ORGANISER, Desk


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    create_event(desk.store, desk.envelope(ORGANISER), viewer=ORGANISER, event=EVENT)
    desk.add("duties", id="watch", phase="conduct", title="Watch the gates")
    return desk


def members(path: str = "supporting", **change: Any) -> ChangeMembers:
    return ChangeMembers(part="duties", id="watch", path=path, **change)


def watch(desk: Desk) -> Any:
    return desk.store.get_documents(desk.envelope(ORGANISER).stream).get("duty", "watch")


def test_what_two_people_put_into_a_list_both_stays(desk: Desk) -> None:
    desk.edit(members(add=("iib",)))
    desk.edit(members(add=("tty",)))
    desk.edit(members(add=("tty", "fvv"), remove=("iib",)))
    assert watch(desk).supporting == ("tty", "fvv")


def test_nothing_in_it_is_known_to_be_nothing(desk: Desk) -> None:
    assert watch(desk).accountable is None
    desk.edit(members("accountable", remove=("iib",)))
    assert watch(desk).accountable == ()


def test_a_liaison_puts_their_own_agency_in_and_no_other(desk: Desk) -> None:
    own = LIAISON.grants[0].agency
    desk.edit(members(add=(own,)), viewer=LIAISON)
    other = "ses" if own != "ses" else "fvv"
    with pytest.raises(HamkorError, match="not-allowed"):
        desk.edit(members(add=(other,)), viewer=LIAISON)
    assert watch(desk).supporting == (own,)


@pytest.mark.parametrize("path", ["nothing", "accountable/0", "../id", ""])
def test_a_path_that_is_no_field_is_refused(desk: Desk, path: str) -> None:
    with pytest.raises(EditRefusedError):
        desk.edit(members(path, add=("iib",)))


def test_a_word_that_may_not_stand_there_is_refused(desk: Desk) -> None:
    with pytest.raises(EditRefusedError):
        desk.edit(members(add=("nobody",)))

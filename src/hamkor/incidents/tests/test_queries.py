# SPDX-License-Identifier: Apache-2.0
"""Lists, families, counts, duplicates and contingencies of incidents."""

from __future__ import annotations

import pytest

from hamkor.common.errors import HamkorError
from hamkor.incidents.commands import advance_incident, change_incident, merge_incidents
from hamkor.incidents.queries import (
    count_incidents,
    find_standing,
    get_family,
    list_contingencies_of,
    list_incidents,
    possible_duplicates,
)
from hamkor.incidents.tests.builders import (
    GUARD,
    MINUTE,
    NOW,
    OPERATOR,
    STREAM,
    at_point,
    reported,
    send,
    store_with_event,
)
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.operation.rules.places import Place


@pytest.fixture
def store() -> MemoryStore:
    return store_with_event()


def test_the_most_urgent_stand_first_and_the_ended_last(store: MemoryStore) -> None:
    over = reported(store, type="crowd_pressure")
    send(store, advance_incident, OPERATOR, incident_id=over, state="closed", outcome="Over.")
    for code in ("complaint", "fire", "fall"):
        reported(store, type=code)
    documents = get_documents(store, STREAM)
    assert [item.number for item in list_incidents(OPERATOR, documents)] == [3, 4, 2, 1]
    assert [item.number for item in list_incidents(OPERATOR, documents, agency="tty")] == [4]
    assert [item.number for item in list_incidents(OPERATOR, documents, states={"closed"})] == [1]
    with pytest.raises(HamkorError, match="not-allowed"):
        list_incidents(GUARD, documents)


def test_a_family_and_what_stands(store: MemoryStore) -> None:
    large = reported(store)
    small, taken = reported(store, text="Part", parent=large), reported(store, text="Same")
    send(store, merge_incidents, OPERATOR, into_id=large, from_id=taken)
    documents = get_documents(store, STREAM)
    family = get_family(OPERATOR, documents, large)
    assert ([item.id for item in family.children], [item.id for item in family.merged]) == ([small], [taken])
    assert family.parent is None
    parent = get_family(OPERATOR, documents, small).parent
    assert parent is not None
    assert parent.id == large
    standing = find_standing(documents, taken)
    assert standing is not None
    assert standing.id == large
    assert find_standing(documents, "nothing") is None
    with pytest.raises(HamkorError, match="incident-absent"):
        get_family(OPERATOR, documents, "nothing")


def test_counts_say_what_is_open_and_unknown(store: MemoryStore) -> None:
    reported(store)
    closed = reported(store, type="complaint")
    send(store, advance_incident, OPERATOR, incident_id=closed, state="closed", outcome="Told.")
    counts = count_incidents(OPERATOR, get_documents(store, STREAM))
    assert (counts.open, counts.unassigned, counts.incomplete) == (1, 1, 1)
    assert counts.by_state == {"reported": 1, "closed": 1}


def test_duplicates_are_found_by_card_feature_and_nearness(store: MemoryStore) -> None:
    first = reported(store, type="fall", place=Place(feature="gate"), card_112="112-5")
    send(store, change_incident, OPERATOR, incident_id=first, fields={"priority": 1})
    documents = get_documents(store, STREAM)
    found = possible_duplicates(documents, type="fall", place=at_point(30), at=NOW + MINUTE, card="112 5")
    assert [(item.id, item.reasons) for item in found] == [(first, ("card", "near", "type"))]
    assert found[0].metres == pytest.approx(30, abs=2)
    assert possible_duplicates(documents, type="weather", place=at_point(30), at=NOW + MINUTE) == ()
    assert possible_duplicates(documents, at=NOW) == ()


def test_the_contingencies_of_a_type_are_those_of_its_hazards(store: MemoryStore) -> None:
    documents = get_documents(store, STREAM)
    assert list_contingencies_of(documents, "crowd_pressure") == ("c-push",)
    assert list_contingencies_of(documents, "weather") == ("c-storm",)
    assert list_contingencies_of(documents, "complaint") == ()
    assert list_contingencies_of(documents, None) == ()

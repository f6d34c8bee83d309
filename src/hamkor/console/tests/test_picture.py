# SPDX-License-Identifier: Apache-2.0
"""The picture of an event: what a client with a number has not seen, whoever it is and however long it was away."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.agencies.rules import ROLES
from hamkor.centre.rules import visibility
from hamkor.console import picture as pictures
from hamkor.console.messages import subscribed, update
from hamkor.console.picture import LIVE_KINDS, Picture, parse_after, reader_of
from hamkor.console.tests.builders import LIAISON, OPERATOR, OTHER_LIAISON, incident, message, viewer
from hamkor.journal.rules import Documents

READER = reader_of(OPERATOR, "en")


def data_of(told: bytes) -> dict:
    return json.loads(told.partition(b"\ndata: ")[2])


def take(known: dict, told: bytes) -> dict:
    """Does what a browser does with a message."""
    data = data_of(told)
    known = {} if data.get("snapshot") else dict(known)
    for each in data["documents"]:
        key = each["kind"], each["id"]
        if each["body"] is None:
            known.pop(key, None)
        else:
            known[key] = each["body"]
    return known


def fresh(picture: Picture, reader) -> dict:
    return take({}, subscribed(picture, reader, hash_="", after=None))


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d"]),
        st.one_of(st.none(), st.sampled_from(["iib", "tty"])),
        st.integers(1, 4),
        st.booleans(),
    ),
    max_size=40,
)


@given(CHANGES, st.sampled_from([OPERATOR, LIAISON, OTHER_LIAISON, viewer("auditor", "kom")]))
def test_whoever_reads_now_and_then_knows_what_whoever_joins_now_knows(changes, person):
    picture = Picture(Documents())
    reader = reader_of(person, "uz")
    known, seen = fresh(picture, reader), 0
    for number, (key, agency, priority, reads) in enumerate(changes, start=1):
        document = None if agency is None else message(key, to=agency, number=priority)
        picture.apply([(number, {("message", key): document})])
        if reads:
            known, seen = take(known, update(picture, reader, after=seen)), picture.number
    known = take(known, update(picture, reader, after=seen))
    assert known == fresh(picture, reader)


def test_a_document_that_is_hidden_now_is_taken_away_from_those_who_saw_it_and_not_named_to_others():
    picture = Picture(Documents([(("message", "m"), message("m", to="tty"))]))
    liaison, other = reader_of(LIAISON, "en"), reader_of(OTHER_LIAISON, "en")
    assert ("message", "m") in fresh(picture, liaison)
    assert fresh(picture, other) == {}
    picture.apply([(1, {("message", "m"): message("m", to="mg")}), (2, {})])
    picture.apply([(3, {("message", "m"): message("m", to="ses")})])
    assert data_of(update(picture, liaison, after=0))["documents"] == [
        {"kind": "message", "id": "m", "number": 3, "body": None}
    ]
    assert data_of(update(picture, other, after=0))["documents"] == []


def test_what_cannot_wait_goes_first_then_what_happened_first():
    picture = Picture(Documents())
    picture.apply([(1, {("incident", "i"): incident("i")}), (2, {("message", "n"): message("n")})])
    picture.apply([(3, {("message", "m"): message("m")})])
    found = [
        (each["kind"], each["number"]) for each in data_of(update(picture, READER, after=0))["documents"]
    ]
    assert found == [("message", 2), ("message", 3), ("incident", 1)]


def test_several_changes_of_one_document_are_sent_as_one():
    picture = Picture(Documents())
    picture.apply(
        [(number, {("incident", "i"): incident("i", priority=1 + number % 4)}) for number in range(1, 9)]
    )
    told = data_of(update(picture, READER, after=0))
    assert [(each["number"], each["body"]["priority"]) for each in told["documents"]] == [(8, 1)]
    assert told["number"] == 8


def test_an_entry_that_concerns_nobody_here_still_moves_the_number():
    picture = Picture(Documents())
    picture.apply([(1, {("comment", "c"): None})])
    told = data_of(update(picture, READER, after=0))
    assert told["number"] == 1
    assert told["documents"] == []
    assert "reference" not in told


def test_a_change_of_the_plan_says_that_the_reference_is_old():
    picture = Picture(Documents())
    picture.apply([(1, {("post", "p"): None}), (2, {})])
    assert data_of(update(picture, READER, after=0))["reference"] is True
    assert "reference" not in data_of(update(picture, READER, after=1))


def test_what_was_removed_is_forgotten_at_last_and_whoever_missed_it_starts_anew(monkeypatch):
    monkeypatch.setattr(pictures, "REMOVED_MAX", 3)
    picture = Picture(
        Documents([(("incident", str(key)), incident(str(key))) for key in range(6)], number=10)
    )
    picture.apply([(11 + key, {("incident", str(key)): None}) for key in range(6)])
    assert picture.number == 16
    assert picture.forgotten == 13
    assert not picture.can_resume(12)
    assert picture.can_resume(13)
    assert [each["id"] for each in data_of(update(picture, READER, after=13))["documents"]] == []


def test_nobody_resumes_from_a_picture_that_was_loaded_anew():
    picture = Picture(Documents(number=7))
    assert not picture.can_resume(7)
    picture.apply([(8, {})])
    assert picture.can_resume(8)
    assert not picture.can_resume(9)
    assert not picture.can_resume(7)


def test_a_document_seen_by_very_many_groups_keeps_little(monkeypatch):
    monkeypatch.setattr(pictures, "VARIANTS_MAX", 4)
    picture = Picture(Documents([(("message", "m"), message("m", to="tty"))]))
    for place in range(20):
        fresh(picture, reader_of(viewer("liaison", "tty", person=f"p{place}"), "en"))
    (item,) = picture.since(-1)
    assert item.shown_to is None
    assert len(item._variants) <= 4


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "9" * 17, "１２", " 3", "0x10", "1e3", "+1"])
def test_a_number_that_is_none_is_none(text):
    assert parse_after(text) is None


def test_every_live_kind_has_a_place_and_a_rule_of_who_sees_it():
    assert set(LIVE_KINDS) == set(visibility.LIVE_KINDS)


@pytest.mark.parametrize(
    "role", [role for role in ROLES if role in {"coordinator", "operator", "dispatcher"}]
)
def test_who_works_at_the_console_sees_the_same_as_their_colleague(role):
    one, other = (viewer(role, "iib", person=name) for name in ("a", "b"))
    assert reader_of(one, "en").group == reader_of(other, "en").group
    for kind, document in (
        ("message", message("m", to="fvv", sender="person:a")),
        ("incident", incident("i", reporter="gate 4", reported_by="person:a", type="medical")),
    ):
        assert (
            visibility.visible(one, kind, document) is visibility.visible(other, kind, document) is document
        )

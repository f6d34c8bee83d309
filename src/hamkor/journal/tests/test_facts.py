# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from uuid import UUID

import pytest
from msgspec import Struct

from hamkor.common.errors import HamkorError
from hamkor.journal.rules import (
    Documents,
    Envelope,
    WorkingDocuments,
    body_of,
    declare_document,
    declare_fact,
    declare_kind,
    evolve_entries,
    find_kind,
    fold,
    get_fact_type,
    list_fact_types,
    list_kinds,
)
from hamkor.journal.tests import lanterns
from hamkor.journal.tests.lanterns import LANTERN, LIT, Lantern, Lit, lantern


class Kite(Struct, frozen=True):
    id: str
    anything: object = None


class Changeable(Struct):
    id: str


class Nameless(Struct, frozen=True):
    name: str


class Row(Struct, frozen=True, array_like=True):
    id: str


KITE = declare_kind("kite", Kite)
FLOWN = declare_fact("kite.flown.v1", Kite, lambda _, fact: {("kite", "k"): fact.body})
STRAYED = declare_fact(
    "kite.strayed.v12", Kite, lambda _, fact: {("balloon", "k"): fact.body}, kind="balloon"
)
NUMBERED = declare_fact("kite.numbered.v1", Kite, lambda _, fact: {("kite", 7): fact.body})
SWALLOWED = declare_fact("kite.swallowed.v1", Kite, lambda _, fact: {("lantern", fact.body.id): fact.body})


@pytest.mark.parametrize(
    "name",
    [
        "kite",
        "kite.sewn",
        "kite.sewn.v0",
        "kite.sewn.v01",
        "kite.sewn.v12345",
        "kite.sewn.1",
        "kite.sewn2.v1",
        "kite..v1",
        "kite.Sewn.v1",
        "Kite.sewn.v1",
        "kite .sewn.v1",
        "1kite.sewn.v1",
        "kite.sewn.v1\n",
    ],
)
def test_a_malformed_fact_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not noun"):
        declare_fact(name, Kite, lambda *_: {})


def test_a_name_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared already"):
        declare_fact("lantern.lit.v1", Lit, lambda *_: {})
    with pytest.raises(ValueError, match="declared already"):
        declare_document("lantern", Lantern)
    with pytest.raises(ValueError, match="declared already"):
        declare_kind("kite", Kite)


@pytest.mark.parametrize("body", [Changeable, Row])
def test_a_body_is_frozen_and_an_object(body: type[Struct]) -> None:
    with pytest.raises(TypeError, match="frozen struct"):
        declare_fact("thing.made.v1", body, lambda *_: {})
    with pytest.raises(TypeError, match="frozen struct"):
        declare_document("thing", body)


def test_a_document_has_a_noun_and_an_id() -> None:
    with pytest.raises(TypeError, match="has no id"):
        declare_document("thing", Nameless)
    with pytest.raises(ValueError, match="not a noun"):
        declare_document("Thing", Kite)
    assert find_kind("thing") is None


def test_a_document_is_declared_with_its_two_facts() -> None:
    assert get_fact_type("lantern.recorded.v1") is LANTERN.recorded
    assert get_fact_type("lantern.removed.v1") is LANTERN.removed
    assert (LIT.kind, STRAYED.kind, LANTERN.removed.kind) == ("lantern", "balloon", "lantern")
    assert find_kind("lantern") is LANTERN
    assert LANTERN in list_kinds()
    assert LIT in list_fact_types()
    assert (repr(LIT), repr(KITE)) == ("<FactType lantern.lit.v1>", "<Kind kite>")


def test_a_fact_holds_a_body_of_its_type() -> None:
    assert LIT(Lit("a", 2.0)).body == Lit("a", 2.0)
    with pytest.raises(TypeError, match="holds Lit, not Lantern"):
        LIT(Lantern("a"))


@pytest.mark.parametrize(
    "body",
    [
        Lantern("a", light_lux=float("nan")),
        Lantern("a", light_lux=float("inf")),
        Lantern("a", name=7),
        Lantern("a", name="\ud800"),
        Lantern("a", marks=("x", None)),
        Lantern("a", marks=object()),
    ],
    ids=["nan", "infinity", "number for text", "half a letter", "nothing for text", "no JSON"],
)
def test_a_body_that_could_not_be_read_back_is_refused(body: Lantern) -> None:
    with pytest.raises(HamkorError, match="fact-not-recordable"):
        body_of(LANTERN.recorded(body))


def test_a_body_that_would_come_back_changed_is_refused() -> None:
    nested: list = []
    for _ in range(5000):
        nested = [nested]
    for anything in (("a", "tuple"), {1: "number for name"}, nested):
        with pytest.raises(HamkorError, match="fact-not-recordable"):
            body_of(FLOWN(Kite("k", anything)))


def test_a_body_is_written_with_sorted_names() -> None:
    body = LANTERN.recorded(Lantern("a", name="ў", light_lux=2.0, marks=("z",)))
    assert body_of(body) == '{"id":"a","light_lux":2.0,"marks":["z"],"name":"ў"}'.encode()


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (STRAYED(Kite("k")), "undeclared kind 'balloon'"),
        (NUMBERED(Kite("k")), "not a string: 7"),
        (SWALLOWED(Kite("k")), "as lantern k"),
        (FLOWN(Kite("other")), "as kite k"),
    ],
)
def test_a_change_that_is_not_a_declared_document_is_a_fault(fact: object, message: str) -> None:
    _, entries = lanterns.journal([[fact]])
    with pytest.raises(TypeError, match=message):
        evolve_entries(Documents(), entries)


def test_documents_are_looked_up_by_kind_and_id() -> None:
    documents = Documents([(("lantern", "b"), Lantern("b")), (("lantern", "a"), Lantern("a"))], number=2)
    assert documents.get("lantern", "a") == documents.get(LANTERN, "a") == Lantern("a")
    assert documents.get(LANTERN, "z") is documents.get("kite", "a") is None
    assert documents.all("lantern") == documents.all(LANTERN) == (Lantern("b"), Lantern("a"))
    assert documents.all(KITE) == ()
    assert (documents.kinds(), len(documents)) == (("lantern",), 2)
    assert ("lantern", "a") in documents
    assert ("kite", "a") not in documents
    assert repr(documents) == "<Documents at 2: lantern: 2>"
    assert repr(Documents()) == "<Documents at 0: none>"


def test_documents_are_equal_by_content_and_order() -> None:
    pairs = [(("lantern", "b"), Lantern("b")), (("lantern", "a"), Lantern("a"))]
    assert Documents(pairs) == Documents(pairs, number=9)
    assert Documents(pairs) != Documents(reversed(pairs))
    assert Documents(pairs) != "documents"
    assert Documents(pairs).after([{("lantern", "b"): None}]) == Documents(pairs[1:])
    with pytest.raises(TypeError, match="unhashable"):
        hash(Documents())


def test_changes_leave_the_documents_before_them_as_they_are() -> None:
    before = Documents([(("lantern", "a"), Lantern("a")), (("kite", "k"), Kite("k"))])
    after = before.after([{("lantern", "b"): Lantern("b")}, {("lantern", "a"): None, ("kite", "q"): None}])
    assert [key for key, _ in before.items()] == [("kite", "k"), ("lantern", "a")]
    assert [key for key, _ in after.items()] == [("kite", "k"), ("lantern", "b")]
    started = fold(lanterns.journal([[lantern("c")]])[1], start=Documents(before.items()))
    assert (len(started), len(before)) == (3, 2)


def test_a_finished_fold_is_cut_off_from_its_working_copy() -> None:
    working = WorkingDocuments()
    working.apply({("lantern", "a"): Lantern("a")})
    finished = working.finished()
    working.apply({("lantern", "a"): None, ("lantern", "b"): Lantern("b")})
    assert finished.all(LANTERN) == (Lantern("a"),)


def test_an_unknown_type_of_fact_is_refused() -> None:
    with pytest.raises(HamkorError, match="fact-type-unknown"):
        get_fact_type("lantern.eaten.v1")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("by", "Karimov Anvar"),
        ("by", "person:Anvar Karimov"),
        ("by", "person:"),
        ("by", ""),
        ("stream", ""),
        ("stream", "a b"),
        ("stream", "x" * 101),
        ("agency", ""),
        ("agency", "Ichki ishlar"),
        ("at", lanterns.START.replace(tzinfo=None)),
        ("command_id", UUID(int=1)),
    ],
)
def test_a_malformed_envelope_is_refused(field: str, value: object) -> None:
    with pytest.raises(HamkorError, match="envelope-malformed") as caught:
        lanterns.envelope(**{field: value})
    assert caught.value.message.facts["field"] == field
    assert isinstance(lanterns.envelope(), Envelope)

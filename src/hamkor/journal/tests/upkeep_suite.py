# SPDX-License-Identifier: Apache-2.0
"""What every store must pass beyond commands: reads across journals, rebuilding, restoring, erasing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.journal.commands import Erasure, erase_body, perform, rebuild_documents, restore_journal
from hamkor.journal.queries import (
    export_journal,
    get_documents,
    get_head,
    list_documents,
    list_entries,
    list_streams,
    verify_journal,
)
from hamkor.journal.rules import (
    Verified,
    chain,
    empty_head,
    export_lines,
    fold,
    head_of,
    verify_lines,
    withhold,
)
from hamkor.journal.store import Store
from hamkor.journal.tests import lanterns
from hamkor.journal.tests.lanterns import LANTERN, STREAM, Lantern, envelope, lantern
from hamkor.journal.tests.store_suite import assert_whole, send

ERASURE = Erasure("person:p-9", lanterns.START, "Order 12 of the data protection officer")


class UpkeepSuite:
    """The behaviour every store shares; `store` is a fixture that gives an empty one."""

    def test_documents_of_a_kind_are_listed_across_journals(self, store: Store) -> None:
        assert list(list_documents(store, LANTERN)) == []
        send(store, [lantern("b"), lantern("a")], envelope(1))
        send(store, [lantern("c"), lantern("gone")], envelope(1, stream="drill-1"))
        send(
            store, [LANTERN.removed(LANTERN.removed.body("gone"))], lanterns.fresh_envelope(stream="drill-1")
        )
        assert list(list_documents(store, LANTERN)) == [
            ("drill-1", Lantern("c")),
            (STREAM, Lantern("b")),
            (STREAM, Lantern("a")),
        ]

    def test_documents_are_asked_for_at_least_at_a_number(self, store: Store) -> None:
        assert get_documents(store, STREAM, at_least=0).number == 0
        send(store, [lantern("a"), lantern("b")])
        for number in (0, 1, 2):
            assert get_documents(store, STREAM, at_least=number).number == 2
        with pytest.raises(HamkorError, match="number-not-reached"):
            get_documents(store, STREAM, at_least=3)

    def test_entries_are_listed_in_pages_from_both_ends(self, store: Store) -> None:
        send(store, [lantern(name) for name in "abcde"])

        def numbers(**wanted: Any) -> list[int]:
            return [entry.number for entry in list_entries(store, STREAM, **wanted)]

        assert numbers(limit=2) == [1, 2]
        assert numbers(newest_first=True, limit=2) == [5, 4]
        assert numbers(newest_first=True, until=3, limit=9) == [3, 2, 1]
        assert numbers(newest_first=True, after=3) == [5, 4]
        assert numbers(limit=0) == []

    def test_a_command_is_decided_again_when_somebody_was_quicker(self, store: Store) -> None:
        send(store, [lantern("a")])
        seen: list[int] = []

        def count(documents: Any) -> list[Any]:
            seen.append(documents.number)
            return [lantern("counter", light_lux=float(documents.number))]

        perform(store, lanterns.fresh_envelope(), count, content="count")
        assert seen[-1] == 1
        assert_whole(store)

    def test_rebuilt_documents_are_the_live_ones(self, store: Store) -> None:
        @settings(max_examples=15, deadline=None)
        @given(commands=lanterns.COMMANDS)
        def holds(commands: Any) -> None:
            number = uuid4()
            for facts in commands:
                send(store, facts, lanterns.fresh_envelope(stream=number))
            live = get_documents(store, number)
            assert rebuild_documents(store, number) == live
            assert get_documents(store, number) == live
            send(store, [lantern("after")], lanterns.fresh_envelope(stream=number))
            assert_whole(store, str(number))

        holds()

    def test_a_restored_journal_is_the_same_byte_by_byte(self, store: Store) -> None:
        @settings(max_examples=15, deadline=None)
        @given(commands=lanterns.COMMANDS, withheld=st.sets(st.integers(1, 20)))
        def holds(commands: Any, withheld: set[int]) -> None:
            head, entries = lanterns.journal(commands, str(uuid4()))
            entries = [withhold(entry) if entry.number in withheld else entry for entry in entries]
            lines = export_lines(head, entries)
            assert restore_journal(store, lines) == head
            assert export_journal(store, head.stream) == lines
            documents = get_documents(store, head.stream)
            assert documents == fold(entries)
            assert documents.withheld == tuple(sorted(withheld & set(range(1, head.number + 1))))
            assert (head.stream in list_streams(store)) == bool(head.number)
            if head.number:
                send(store, [lantern("after")], lanterns.fresh_envelope(stream=head.stream))
                assert get_documents(store, head.stream) == fold(list_entries(store, head.stream))

        holds()

    def test_only_an_empty_journal_is_restored(self, store: Store) -> None:
        head, entries = lanterns.journal([[lantern("a")], [lantern("b")]])
        send(store, [lantern("z")])
        before = export_journal(store, STREAM)
        for lines in (export_lines(head, entries), export_lines(empty_head(STREAM), [])):
            with pytest.raises(HamkorError, match="journal-not-empty"):
                restore_journal(store, lines)
        assert export_journal(store, STREAM) == before
        assert_whole(store)

    @pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "garbage"])
    def test_a_damaged_export_restores_nothing(self, store: Store, damage: str) -> None:
        head, entries = lanterns.journal([[lantern("a")], [lantern("b")]])
        lines = export_lines(head, entries)
        damaged = {
            "cut": lines[:-40],
            "flipped": lines.replace(b'"name":""', b'"name":"x"', 1) + b" ",
            "empty": b"",
            "garbage": b"\xff" * 100,
        }
        with pytest.raises(HamkorError):
            restore_journal(store, damaged[damage])
        assert list(list_streams(store)) == []
        assert restore_journal(store, lines) == head

    def test_facts_that_cannot_be_read_restore_nothing(self, store: Store) -> None:
        _, entries = lanterns.journal([[lantern("a")]])
        unknown = msgspec.structs.replace(lantern("b"), type=_NamedOtherwise())
        good = chain(head_of(entries[0]), [lantern("c")], envelope=envelope(2), salts=[b"s" * 16])
        assert good
        bad = chain(empty_head(STREAM), [unknown], envelope=envelope(1), salts=[b"s" * 16])
        with pytest.raises(HamkorError, match="fact-type-unknown"):
            restore_journal(store, export_lines(head_of(bad[0]), bad))
        assert list(list_streams(store)) == []

    def test_a_command_whose_entries_stand_apart_is_not_restored(self, store: Store) -> None:
        head, entries = empty_head(STREAM), []
        for number in (1, 2, 1):
            entries += chain(head, [lantern("a")], envelope=envelope(number), salts=[b"s" * 16])
            head = head_of(entries[-1])
        with pytest.raises(HamkorError, match="command-repeated"):
            restore_journal(store, export_lines(head, entries))
        assert get_head(store, STREAM).number == 0

    def test_a_restored_command_sent_again_gets_its_first_result(self, store: Store) -> None:
        head, entries = lanterns.journal([[lantern("a"), lantern("b")]])
        restore_journal(store, export_lines(head, entries))
        again = send(store, [lantern("a"), lantern("b")], envelope(1, cause=None))
        assert (again.number, again.entries) == (2, tuple(entries))
        with pytest.raises(HamkorError, match="command-id-reused"):
            send(store, [lantern("a")], envelope(1, by="person:p-18"))
        assert get_head(store, STREAM) == head

    def test_an_erased_body_is_gone_and_the_chain_still_verifies(self, store: Store) -> None:
        send(store, [lantern("a", name="Secret-Name"), lantern("b")], envelope(1))
        send(store, [lanterns.LIT(lanterns.Lit("a", 5.0))], envelope(2))
        head, before = get_head(store, STREAM), list_entries(store, STREAM)
        assert erase_body(store, STREAM, 1, erasure=ERASURE)
        lines = export_journal(store, STREAM)
        assert b"Secret-Name" not in lines
        assert verify_lines(lines) == Verified(3, head.hash, (1,))
        assert verify_journal(store, STREAM) == Verified(3, head.hash, (1,))
        assert list(list_entries(store, STREAM)) == [withhold(before[0]), *before[1:]]
        documents = get_documents(store, STREAM)
        assert documents.all(LANTERN) == (Lantern("b"),)
        assert (documents.number, documents.withheld) == (3, (1,))
        assert get_head(store, STREAM) == head

    def test_what_was_erased_stays_erased(self, store: Store) -> None:
        send(store, [lantern("a", name="x"), lantern("b")], envelope(1))
        assert erase_body(store, STREAM, 1, erasure=ERASURE)
        for number in (1, 0, -1, 3, 2**62):
            assert not erase_body(store, STREAM, number, erasure=ERASURE)
        assert not erase_body(store, "nothing-here", 1, erasure=ERASURE)
        rebuild_documents(store, STREAM)
        assert get_documents(store, STREAM).all(LANTERN) == (Lantern("b"),)
        # The digest of what was asked for went too: it could be guessed. The command is still done only once.
        assert send(store, [lantern("a", name="guess")], envelope(1)).number == 2
        send(store, [lantern("c")], envelope(2))
        assert [found.id for found in get_documents(store, STREAM).all(LANTERN)] == ["b", "c"]
        assert erase_body(store, STREAM, 3, erasure=ERASURE)
        assert get_documents(store, STREAM).withheld == (1, 3)

    @pytest.mark.parametrize("changed", [{"by": " "}, {"reason": ""}, {"reason": "\n"}])
    def test_nothing_is_erased_without_saying_who_and_why(self, store: Store, changed: Any) -> None:
        send(store, [lantern("a")])
        with pytest.raises(HamkorError, match="erasure-unfounded"):
            erase_body(store, STREAM, 1, erasure=msgspec.structs.replace(ERASURE, **changed))
        naive = msgspec.structs.replace(ERASURE, at=(ERASURE.at + timedelta(0)).replace(tzinfo=None))
        with pytest.raises(HamkorError, match="moment-naive"):
            erase_body(store, STREAM, 1, erasure=naive)
        assert_whole(store)

    def test_documents_are_as_if_the_entry_had_been_withheld(self, store: Store) -> None:
        @settings(max_examples=15, deadline=None)
        @given(commands=lanterns.COMMANDS, erased=st.integers(1, 12))
        def holds(commands: Any, erased: int) -> None:
            number = uuid4()
            for facts in commands:
                send(store, facts, lanterns.fresh_envelope(stream=number))
            entries = list(list_entries(store, number))
            assert erase_body(store, number, erased, erasure=ERASURE) == (erased <= len(entries))
            left = [withhold(entry) if entry.number == erased else entry for entry in entries]
            assert list(list_entries(store, number)) == left
            assert get_documents(store, number) == fold(left)
            assert isinstance(verify_journal(store, number), Verified)

        holds()


class _NamedOtherwise:
    """A type of fact that this version does not know."""

    name = "lantern.painted.v1"
    decode = LANTERN.recorded.decode

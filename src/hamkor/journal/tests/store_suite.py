# SPDX-License-Identifier: Apache-2.0
"""What every store must pass: subclass `StoreSuite`, give it a `store` fixture, and let pytest collect it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.journal.commands import Result, perform
from hamkor.journal.queries import (
    export_journal,
    get_documents,
    get_head,
    list_entries,
    list_streams,
    verify_journal,
)
from hamkor.journal.rules import (
    Documents,
    Envelope,
    Fact,
    Verified,
    empty_head,
    fold,
    import_lines,
    verify,
)
from hamkor.journal.store import CommandRecord, Store
from hamkor.journal.tests import lanterns
from hamkor.journal.tests.lanterns import LANTERN, STREAM, Lantern, envelope, lantern


def send(store: Store, facts: Sequence[Fact[Any]], given_envelope: Envelope | None = None) -> Result:
    content = [(fact.type.name, fact.body) for fact in facts]
    return perform(store, given_envelope or lanterns.fresh_envelope(), lambda _: facts, content=content)


def assert_whole(store: Store, stream: str = STREAM) -> None:
    """The chain verifies up to the head, and the documents are the fold of the entries."""
    head, entries = get_head(store, stream), list_entries(store, stream)
    assert [entry.number for entry in entries] == list(range(1, head.number + 1))
    assert verify(entries, after=empty_head(stream), head=head) == Verified(head.number, head.hash)
    documents = get_documents(store, stream)
    assert documents == fold(entries)
    assert documents.number == head.number
    assert verify_journal(store, stream) == Verified(head.number, head.hash)


class StoreSuite:
    """The behaviour every store shares; `store` is a fixture that gives an empty one."""

    def test_a_journal_never_written_to_is_empty(self, store: Store) -> None:
        assert get_head(store, STREAM) == empty_head(STREAM)
        assert list(list_entries(store, STREAM)) == []
        assert len(get_documents(store, STREAM)) == 0
        assert list(list_streams(store)) == []
        assert import_lines(export_journal(store, STREAM)).head == empty_head(STREAM)
        assert_whole(store)

    def test_a_command_appends_entries_and_moves_the_head(self, store: Store) -> None:
        given_envelope = envelope(5, agency=None)
        result = send(store, [lantern("a"), lantern("b")], given_envelope)
        head = get_head(store, STREAM)
        assert (result.number, result.hash) == (2, head.hash)
        assert result.entries == tuple(list_entries(store, STREAM))
        entry = result.entries[1]
        assert (entry.number, entry.stream, entry.at) == (2, STREAM, given_envelope.at)
        assert (entry.by, entry.agency, entry.cause) == ("person:p-17", None, None)
        assert (entry.command_id, entry.type) == (given_envelope.command_id, "lantern.recorded.v1")
        assert head.at == given_envelope.at
        assert list(list_streams(store)) == [STREAM]
        assert_whole(store)

    def test_every_entry_has_a_salt_of_its_own(self, store: Store) -> None:
        result = send(store, [lantern("a")] * 20)
        assert len({entry.salt for entry in result.entries}) == 20
        assert len({entry.body_digest for entry in result.entries}) == 20

    def test_a_fact_sees_what_the_facts_above_it_changed(self, store: Store) -> None:
        facts = [lantern("a", name="x"), lantern("b", name="y"), lanterns.SWAPPED(lanterns.Mixed("a", "b"))]
        send(store, facts)
        assert get_documents(store, STREAM).all(LANTERN) == (Lantern("a", "y"), Lantern("b", "x"))
        assert_whole(store)

    def test_documents_keep_the_order_of_their_first_appearance(self, store: Store) -> None:
        removed = LANTERN.removed(LANTERN.removed.body("a"))
        send(store, [lantern("c"), lantern("a"), lantern("b"), lantern("c", name="again")])
        assert [found.id for found in get_documents(store, STREAM).all(LANTERN)] == ["c", "a", "b"]
        send(store, [removed, lantern("a")])
        assert [found.id for found in get_documents(store, STREAM).all(LANTERN)] == ["c", "b", "a"]
        send(store, [removed])
        assert get_documents(store, STREAM).get(LANTERN, "a") is None
        assert_whole(store)

    def test_decide_reads_the_documents_at_the_head(self, store: Store) -> None:
        send(store, [lantern("a")])
        seen: list[Documents] = []

        def decide(documents: Documents) -> Sequence[Fact[Any]]:
            seen.append(documents)
            return [lantern("b")]

        perform(store, envelope(2), decide, content="look")
        assert [len(documents) for documents in seen] == [1]

    def test_sending_a_command_again_answers_the_first_result(self, store: Store) -> None:
        first = send(store, [lantern("a"), lantern("b")], envelope(1))
        send(store, [lantern("c")], envelope(2))
        later = envelope(1, at=lanterns.START + timedelta(hours=1))
        assert send(store, [lantern("a"), lantern("b")], later) == first
        assert get_head(store, STREAM).number == 3
        assert_whole(store)

    def test_a_repeated_command_is_not_decided_again(self, store: Store) -> None:
        send(store, [lantern("a")], envelope(1))

        def refuse(_documents: Documents) -> Sequence[Fact[Any]]:
            raise HamkorError("must-not-be-called", "Decided twice.")

        content = [("lantern.recorded.v1", Lantern("a"))]
        assert perform(store, envelope(1), refuse, content=content).number == 1

    @pytest.mark.parametrize(
        "changed",
        [{"by": "person:p-18"}, {"agency": "fvv"}, {"cause": 1}],
        ids=lambda changed: next(iter(changed)),
    )
    def test_a_used_command_id_from_another_sender_is_refused(
        self, store: Store, changed: dict[str, Any]
    ) -> None:
        send(store, [lantern("a")], envelope(1))
        with pytest.raises(HamkorError, match="command-id-reused"):
            send(store, [lantern("a")], envelope(1, **changed))
        assert_whole(store)

    def test_a_used_command_id_with_another_content_is_refused(self, store: Store) -> None:
        send(store, [lantern("a")], envelope(1))
        with pytest.raises(HamkorError, match="command-id-reused"):
            send(store, [lantern("b")], envelope(1))
        assert get_head(store, STREAM).number == 1
        assert_whole(store)

    def test_a_command_with_nothing_to_do_is_remembered_too(self, store: Store) -> None:
        send(store, [lantern("a")])
        nothing = send(store, [], envelope(2))
        assert (nothing.entries, nothing.number) == ((), 1)
        send(store, [lantern("b")])
        assert send(store, [], envelope(2)) == nothing
        with pytest.raises(HamkorError, match="command-id-reused"):
            send(store, [lantern("c")], envelope(2))
        assert_whole(store)

    def test_a_first_command_with_nothing_to_do_gives_the_empty_head(self, store: Store) -> None:
        assert send(store, []).hash == empty_head(STREAM).hash
        assert_whole(store)

    def test_a_refusal_leaves_everything_as_it_was(self, store: Store) -> None:
        send(store, [lantern("a")])
        before = export_journal(store, STREAM), list(get_documents(store, STREAM).items())

        def refuse(_documents: Documents) -> Sequence[Fact[Any]]:
            raise HamkorError("lantern-forbidden", "No lanterns here.")

        with pytest.raises(HamkorError, match="lantern-forbidden"):
            perform(store, envelope(2), refuse, content="light")
        assert (export_journal(store, STREAM), list(get_documents(store, STREAM).items())) == before
        assert perform(store, envelope(2), lambda _: [lantern("b")], content="light").number == 2

    def test_an_unrecordable_fact_leaves_everything_as_it_was(self, store: Store) -> None:
        facts = [lantern("a"), lantern("b", light_lux=float("nan"))]
        with pytest.raises(HamkorError, match="fact-not-recordable"):
            send(store, facts, envelope(1))
        assert get_head(store, STREAM) == empty_head(STREAM)
        assert len(get_documents(store, STREAM)) == 0
        assert send(store, [lantern("a")], envelope(1)).number == 1

    def test_a_fault_in_decide_leaves_everything_as_it_was(self, store: Store) -> None:
        def fail(documents: Documents) -> Sequence[Fact[Any]]:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            perform(store, envelope(1), fail, content=None)
        assert send(store, [lantern("a")]).number == 1
        assert_whole(store)

    def test_a_turn_left_with_an_exception_after_appending_leaves_nothing(self, store: Store) -> None:
        _, entries = lanterns.journal([[lantern("a")]])
        record = CommandRecord(entries[0].command_id, "", 1, 1, entries[0].hash)

        def append_and_fail() -> None:
            with store.transaction(STREAM) as turn:
                turn.append(entries, [{("lantern", "a"): Lantern("a")}], record)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            append_and_fail()
        assert get_head(store, STREAM) == empty_head(STREAM)
        assert len(get_documents(store, STREAM)) == 0
        with store.transaction(STREAM) as turn:
            assert turn.find_command(record.command_id) is None

    def test_entries_that_do_not_follow_the_head_are_refused(self, store: Store) -> None:
        _, entries = lanterns.journal([[lantern("a"), lantern("b")]])
        record = CommandRecord(entries[1].command_id, "", 1, 2, entries[1].hash)
        for wrong in (entries[1:], [entries[0], entries[0]], lanterns.journal([[lantern("a")]], "other")[1]):
            changes = [{("lantern", "a"): Lantern("a")} for _ in wrong]
            with pytest.raises(HamkorError, match="entries-not-following"), store.transaction(STREAM) as turn:
                turn.append(wrong, changes, record)
        assert get_head(store, STREAM) == empty_head(STREAM)

    def test_moments_never_run_backwards(self, store: Store) -> None:
        send(store, [lantern("a")], envelope(10))
        result = send(store, [lantern("b")], envelope(3))
        assert result.entries[0].at == envelope(10).at
        assert_whole(store)

    def test_a_cause_must_be_an_entry_above(self, store: Store) -> None:
        send(store, [lantern("a")], envelope(1))
        with pytest.raises(HamkorError, match="cause-not-above"):
            send(store, [lantern("b")], envelope(2, cause=2))
        assert send(store, [lantern("b")], envelope(2, cause=1)).entries[0].cause == 1
        send(store, [lantern("c")], envelope(3, cause=envelope(1).command_id))
        assert list_entries(store, STREAM)[2].cause == envelope(1).command_id
        assert_whole(store)

    def test_journals_do_not_touch_each_other(self, store: Store) -> None:
        send(store, [lantern("a")], envelope(1))
        send(store, [lantern("b")], envelope(1, stream="drill-1"))
        assert list(list_streams(store)) == ["drill-1", STREAM]
        assert [found.id for found in get_documents(store, "drill-1").all(LANTERN)] == ["b"]
        assert get_head(store, "drill-1").number == 1
        assert_whole(store)
        assert_whole(store, "drill-1")

    def test_entries_are_listed_from_any_number(self, store: Store) -> None:
        send(store, [lantern(name) for name in "abcd"])
        numbers = [
            [entry.number for entry in list_entries(store, STREAM, after=after, until=until)]
            for after, until in [(0, None), (2, None), (4, None), (9, None), (1, 3), (0, 0), (3, 99)]
        ]
        assert numbers == [[1, 2, 3, 4], [3, 4], [], [], [2, 3], [], [4]]

    def test_documents_are_read_as_they_were(self, store: Store) -> None:
        for number, name in enumerate("abc", start=1):
            send(store, [lantern(name), lantern("last", name=name)], envelope(number))
        as_at_3 = get_documents(store, STREAM, until=3)
        assert [found.id for found in as_at_3.all(LANTERN)] == ["a", "last", "b"]
        assert (as_at_3.number, as_at_3.get(LANTERN, "last")) == (3, Lantern("last", "a"))
        second_at = envelope(2).at
        assert get_documents(store, STREAM, until=second_at) == get_documents(store, STREAM, until=4)
        just_before = get_documents(store, STREAM, until=second_at - timedelta(microseconds=1))
        assert just_before == get_documents(store, STREAM, until=2)
        assert len(get_documents(store, STREAM, until=0)) == 0
        assert get_documents(store, STREAM, until=99) == get_documents(store, STREAM)
        with pytest.raises(HamkorError, match="moment-naive"):
            get_documents(store, STREAM, until=second_at.replace(tzinfo=None))

    def test_documents_once_read_do_not_change(self, store: Store) -> None:
        send(store, [lantern("a")])
        read = get_documents(store, STREAM)
        send(store, [lantern("b"), lantern("a", name="new")])
        assert read.all(LANTERN) == (Lantern("a"),)
        assert read.number == 1

    def test_an_export_is_the_whole_journal(self, store: Store) -> None:
        send(store, [lantern("a"), lantern("b")])
        read = import_lines(export_journal(store, STREAM))
        assert read.head == get_head(store, STREAM)
        assert list(read.entries) == list(list_entries(store, STREAM))

    def test_commands_sent_at_once_give_one_chain_without_gaps(self, store: Store) -> None:
        def work(worker: int) -> list[int]:
            return [
                send(store, [lantern(f"{worker}-{turn}"), lantern("shared")]).number for turn in range(10)
            ]

        with ThreadPoolExecutor(8) as pool:
            numbers = [number for found in pool.map(work, range(8)) for number in found]
        assert sorted(numbers) == list(range(2, 161, 2))
        assert len(get_documents(store, STREAM)) == 81
        assert_whole(store)

    def test_commands_sent_at_once_decide_one_after_the_other(self, store: Store) -> None:
        def count(documents: Documents) -> Sequence[Fact[Any]]:
            return [lantern("counter", light_lux=_light_of(documents) + 1)]

        def work(_worker: int) -> None:
            for _ in range(10):
                perform(store, lanterns.fresh_envelope(), count, content="count")

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        assert _light_of(get_documents(store, STREAM)) == 80
        assert_whole(store)

    def test_one_command_sent_many_times_at_once_is_done_once(self, store: Store) -> None:
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda _: send(store, [lantern("a")], envelope(1)), range(32)))
        assert {result.hash for result in results} == {get_head(store, STREAM).hash}
        assert get_head(store, STREAM).number == 1

    def test_readers_see_whole_commands_while_others_write(self, store: Store) -> None:
        def write(worker: int) -> None:
            for turn in range(10):
                send(store, [lantern(f"{worker}-{turn}-{half}") for half in "xy"])

        def read(_reader: int) -> list[int]:
            return [len(get_documents(store, STREAM)) for _ in range(30)]

        with ThreadPoolExecutor(6) as pool:
            writers = [pool.submit(write, worker) for worker in range(3)]
            seen = [count for found in pool.map(read, range(3)) for count in found]
            for writer in writers:
                writer.result()
        assert all(count % 2 == 0 for count in seen)
        assert_whole(store)

    def test_documents_are_the_fold_of_any_commands(self, store: Store) -> None:
        # The store is one for all examples on purpose: each writes to a journal of its own. The property is made
        # here, because one that several stores inherit would be run by several classes, which hypothesis refuses.
        @settings(max_examples=40, deadline=None)
        @given(commands=lanterns.COMMANDS, number=st.uuids(version=4))
        def holds(commands: Any, number: Any) -> None:
            for facts in commands:
                send(store, facts, lanterns.fresh_envelope(stream=number))
            assert_whole(store, str(number))

        holds()


def _light_of(documents: Documents) -> float:
    counter = documents.get(LANTERN, "counter")
    return counter.light_lux or 0.0 if counter else 0.0

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from hamkor.journal.commands import perform
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_head, list_streams, verify_journal
from hamkor.journal.rules import Documents, Fault, withhold
from hamkor.journal.store import CommandRecord
from hamkor.journal.tests.lanterns import STREAM, envelope, lantern
from hamkor.journal.tests.store_suite import StoreSuite, send
from hamkor.journal.tests.upkeep_suite import UpkeepSuite


class TestMemoryStore(StoreSuite, UpkeepSuite):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()


def test_a_command_inside_a_command_on_the_same_journal_is_a_fault() -> None:
    store = MemoryStore()

    def decide(_documents: Documents) -> list:
        send(store, [lantern("a")], envelope(2))
        return []

    with pytest.raises(RuntimeError, match="called another command"):
        perform(store, envelope(1), decide, content="nested")
    assert get_head(store, STREAM).number == 0
    assert send(store, [lantern("a")], envelope(2)).number == 1


def test_a_turn_appends_once() -> None:
    store = MemoryStore()
    record = CommandRecord(envelope(1).command_id, "", 1, 0, get_head(store, STREAM).hash)
    with store.transaction(STREAM) as turn:
        turn.append([], [], record)
        with pytest.raises(RuntimeError, match="appends once"):
            turn.append([], [], record)
    assert list_streams(store) == []


def test_reading_a_journal_that_is_not_there_does_not_make_it() -> None:
    store = MemoryStore()
    get_head(store, "nothing-here")
    assert store._streams == {}


def test_a_stored_entry_that_was_changed_is_found() -> None:
    store = MemoryStore()
    send(store, [lantern("a"), lantern("b"), lantern("c")])
    memory = store._streams[STREAM]
    kept = list(memory.entries)
    memory.entries[:] = [kept[0], kept[2], kept[1]]
    assert verify_journal(store, STREAM) == Fault("number-gap", 2)
    memory.entries[:] = kept[:2]
    assert verify_journal(store, STREAM) == Fault("head-differs", 2)


def test_stored_documents_that_are_not_the_fold_are_found() -> None:
    store = MemoryStore()
    send(store, [lantern("a")])
    memory = store._streams[STREAM]
    memory.state = (memory.state[0], Documents(number=1))
    with pytest.raises(Exception, match="documents-differ"):
        verify_journal(store, STREAM)
    memory.entries[:] = [withhold(memory.entries[0])]
    assert verify_journal(store, STREAM).withheld == (1,)

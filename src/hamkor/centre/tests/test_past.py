# SPDX-License-Identifier: Apache-2.0
"""The past: any moment is what a fold up to it would say, found quickly, and never what was erased since."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.agencies.rules import NotAllowedError
from hamkor.centre.queries import forget_past, past, picture_at, replay
from hamkor.centre.tests.builders import (
    GUARD,
    MEDIC,
    NOW,
    OPERATOR,
    STREAM,
    S,
    draft,
    envelope,
    evening,
    sent,
)
from hamkor.common.errors import HamkorError
from hamkor.journal.commands import Erasure, erase_body, perform
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents, get_head, list_entries
from hamkor.journal.rules import Documents, Fact, Until, fold
from hamkor.orders.facts import MESSAGE, MESSAGE_DELIVERED, MESSAGE_SEEN, MessageStepped
from hamkor.orders.tests.builders import GATE


def steps(store: MemoryStore, message_id: str, count: int) -> None:
    """Appends many entries, a second apart."""
    for second in range(0, count, 10):
        order = envelope(OPERATOR, after=second * S)
        body = MessageStepped(id=message_id, addressees=(GATE,), by=OPERATOR.person, at=order.at)
        facts: list[Fact[Any]] = [MESSAGE_DELIVERED(body), MESSAGE_SEEN(body)] * 5
        perform(store, order, lambda _documents, found=facts: found, content=["steps", second])


@pytest.fixture(scope="module")
def long_store() -> MemoryStore:
    store = evening()
    steps(store, sent(store, OPERATOR, draft()), 200)
    return store


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "STEP", 7)
    monkeypatch.setattr(past, "KEPT_MAX", 8)


def truth(store: MemoryStore, until: Until) -> Documents:
    return fold(list_entries(store, STREAM), until)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.one_of(st.integers(0, 250), st.integers(-5, 220).map(lambda s: NOW + s * S)),
        min_size=1,
        max_size=4,
    )
)
def test_any_moment_is_the_fold_up_to_it(long_store: MemoryStore, moments: list[Until]) -> None:
    forget_past(long_store, STREAM)
    for until in moments:
        found = picture_at(long_store, STREAM, until=until)
        expected = truth(long_store, until)
        assert (found.number, found) == (expected.number, expected)


def test_what_is_kept_is_bounded_and_the_second_look_is_short(
    long_store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_past(long_store, STREAM)
    last = get_head(long_store, STREAM).number
    picture_at(long_store, STREAM, until=last - 1)
    kept = past._pasts_of(long_store).of(STREAM)
    assert 0 < len(kept.states) <= past.KEPT_MAX
    read = 0

    def counted(*arguments: Any, **keys: Any) -> Any:
        nonlocal read
        found = list_entries(*arguments, **keys)
        read += len(found)
        return found

    monkeypatch.setattr(past, "list_entries", counted)
    picture_at(long_store, STREAM, until=last - 3)
    assert read <= 2 * kept.step


def test_what_comes_after_is_seen(long_store: MemoryStore) -> None:
    store = evening()
    message_id = sent(store, OPERATOR, draft())
    before = get_head(store, STREAM).number
    assert picture_at(store, STREAM, until=NOW + timedelta(days=1)) == get_documents(store, STREAM)
    steps(store, message_id, 100)
    assert picture_at(store, STREAM, until=before).get(MESSAGE, message_id) is not None
    assert picture_at(store, STREAM, until=NOW + timedelta(days=1)) == get_documents(store, STREAM)


def test_what_was_erased_is_not_brought_back() -> None:
    store = evening()
    message_id = sent(store, OPERATOR, draft())
    number = get_head(store, STREAM).number
    steps(store, message_id, 100)
    assert picture_at(store, STREAM, until=number + 20).get(MESSAGE, message_id) is not None
    erase_body(store, STREAM, number, erasure=Erasure(by="person:x", at=NOW, reason="By order."))
    assert picture_at(store, STREAM, until=number + 20).get(MESSAGE, message_id) is None


def test_many_look_at_once(long_store: MemoryStore) -> None:
    forget_past(long_store, STREAM)
    numbers = list(range(0, 200, 13))
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda number: picture_at(long_store, STREAM, until=number), numbers))
    assert [documents.number for documents in found] == numbers


def test_the_events_kept_are_bounded() -> None:
    store = MemoryStore()
    pasts = past._pasts_of(store)
    for number in range(30):
        pasts.of(str(number))
    assert len(pasts._found) == past.STREAMS_MAX


def test_replay_shows_what_the_person_may_see() -> None:
    store = evening()
    message_id = sent(store, OPERATOR, draft())
    assert replay(OPERATOR, store, STREAM, until=NOW).get(MESSAGE, message_id) is not None
    assert replay(MEDIC, store, STREAM, until=NOW).get(MESSAGE, message_id) is None
    with pytest.raises(NotAllowedError):
        replay(GUARD, store, STREAM, until=NOW)


def test_moments_need_a_zone_and_may_be_before_everything() -> None:
    store = evening()
    assert len(picture_at(store, STREAM, until=datetime(1990, 1, 1, tzinfo=UTC))) == 0
    assert len(picture_at(store, STREAM, until=0)) == 0
    with pytest.raises(HamkorError, match="moment-naive"):
        picture_at(store, STREAM, until=datetime(2027, 3, 21))  # noqa: DTZ001 - what is refused

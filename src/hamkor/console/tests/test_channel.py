# SPDX-License-Identifier: Apache-2.0
"""One event in one process: whoever joins at any moment hears everything, in order, as long as they may."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from hamkor.common.ids import new_id
from hamkor.console import channel as channels
from hamkor.console import reading
from hamkor.console.channel import Channel, Client
from hamkor.console.presenting import as_json
from hamkor.console.tests.builders import LIAISON, OPERATOR, viewer
from hamkor.events.rules import Event
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Envelope
from hamkor.orders.commands import log_message, send_message
from hamkor.orders.rules import Addressee
from hamkor.orders.rules.writing import Draft
from hamkor.plans.commands import record_plan
from hamkor.plans.rules.plan import Plan
from hamkor.telemetry.queries import Latest

STREAM = UUID("01957a3c-0000-7000-8000-000000000001")
PLAN = Plan(event=Event(format="hamkor-event-1", id="e", name="Event", kind="fair"))


class Evening:
    """A journal in memory, a channel on it, and what wakes it."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        record_plan(self.store, self.sent(OPERATOR), plan=PLAN)
        self.moved = asyncio.Event()
        self.channel = Channel(
            STREAM, store=self.store, wait=self._wait, links=lambda: {"journal": True, "telemetry": False}
        )

    def sent(self, by: Any) -> Envelope:
        now = datetime.now(UTC)
        return Envelope(stream=STREAM, command_id=new_id(now), at=now, by=by.person, agency=by.agency)

    def say(self, text: str = "Gate 4 is open") -> str:
        envelope = self.sent(OPERATOR)
        log_message(self.store, envelope, viewer=OPERATOR, text=text, via="radio")
        self.moved.set()
        return str(envelope.command_id)

    def order(self, agency: Any, by: Any = OPERATOR) -> str:
        envelope = self.sent(by)
        draft = Draft(to=(Addressee(kind="agency", id=agency),), text="Come")
        send_message(self.store, envelope, viewer=by, message=draft)
        self.moved.set()
        return str(envelope.command_id)

    async def _wait(self, after: int) -> int | None:
        if self.store.get_head(str(STREAM)).number <= after:
            self.moved.clear()
            try:
                await asyncio.wait_for(self.moved.wait(), 0.05)
            except TimeoutError:
                return None
        return self.store.get_head(str(STREAM)).number


class Browser:
    """Takes messages until it has what it waits for."""

    def __init__(self, evening: Evening, who: Any = OPERATOR, *, after: int | None = None) -> None:
        self.evening, self.after = evening, after
        self.client = Client(who, language="en", session_key="s")
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.messages = evening.channel.listen(self.client, after=after)

    async def next(self, *kinds: str) -> dict[str, Any]:
        """Returns the next message of a kind."""
        async with asyncio.timeout(10):
            async for message in self.messages:
                head, _, data = message.partition(b"\ndata: ")
                self.told.append((head.removeprefix(b"event: ").decode(), json.loads(data)))
                if not kinds or self.told[-1][0] in kinds:
                    return self.told[-1][1]
        raise EOFError

    async def has_ended(self) -> bool:
        async with asyncio.timeout(10):
            async for message in self.messages:
                self.told.append((message.partition(b"\n")[0].removeprefix(b"event: ").decode(), {}))
        return True


def evening_of(test: Callable[[Evening], Awaitable[None]]) -> Callable[[], None]:
    """Gives a test an evening, in an event loop of its own."""

    def run() -> None:
        async def played() -> None:
            evening = Evening()
            await evening.channel.open()
            try:
                await test(evening)
            finally:
                await evening.channel.close()

        asyncio.run(played())

    run.__name__ = test.__name__
    return run


def ids(told: dict[str, Any]) -> list[str]:
    return [each["id"] for each in told["documents"]]


@evening_of
async def test_the_first_message_is_the_whole_picture(evening: Evening) -> None:
    said = evening.say()
    await asyncio.sleep(0.1)
    told = await Browser(evening).next()
    assert told["snapshot"] is True
    assert ids(told) == [said]
    assert told["number"] == evening.store.get_head(str(STREAM)).number
    assert told["hash"] == evening.store.get_head(str(STREAM)).hash


@evening_of
async def test_everybody_hears_everything_once_and_in_order(evening: Evening) -> None:
    browsers = [Browser(evening) for _ in range(5)]
    for browser in browsers:
        await browser.next("subscribed")
    said = []
    for place in range(30):
        said.append(evening.say(f"Call {place}"))
        await asyncio.sleep(0.003 * (place % 3))
    head = evening.store.get_head(str(STREAM)).number
    for browser in browsers:
        heard: list[str] = []
        while browser.client.number != head:
            heard += ids(await browser.next("update"))
        assert heard == said


@evening_of
async def test_whoever_comes_back_gets_what_they_missed_and_no_more(evening: Evening) -> None:
    first = Browser(evening)
    before = (await first.next("subscribed"))["number"]
    said = evening.say()
    seen = (await first.next("update"))["number"]
    assert seen == before + 1
    await first.messages.aclose()
    missed = [evening.say(), evening.say()]
    await asyncio.sleep(0.1)
    told = await Browser(evening, after=seen).next()
    assert told["snapshot"] is False
    assert ids(told) == missed
    assert said not in ids(told)


@evening_of
async def test_a_number_nobody_gave_out_begins_anew(evening: Evening) -> None:
    head = (await Browser(evening).next("subscribed"))["number"]
    for wrong in (0, 1, head - 1, head + 1, 10**15):
        told = await Browser(evening, after=wrong).next()
        assert told["snapshot"] is True


@evening_of
async def test_another_person_does_not_resume_on_a_number_of_somebody_else(evening: Evening) -> None:
    await Browser(evening).next("subscribed")
    evening.say()
    await asyncio.sleep(0.1)
    told = await Browser(evening, LIAISON, after=evening.channel.picture.number).next()
    assert told["snapshot"] is True


@evening_of
async def test_who_gets_other_rights_gets_another_picture(evening: Evening) -> None:
    order = evening.order("fvv", by=viewer("coordinator", "hok"))
    await asyncio.sleep(0.1)
    browser = Browser(evening)
    assert order in ids(await browser.next("subscribed"))
    liaison = viewer("liaison", "tty", person=OPERATOR.person.removeprefix("person:"))
    evening.channel.know([(browser.client, liaison)])
    told = await browser.next("subscribed")
    assert told["snapshot"] is True
    assert told["reference"] is True
    assert ids(told) == []
    seen = told["number"]
    await browser.messages.aclose()
    evening.channel.know([])
    # A second window of the same person that held the number under the former rights.
    again = Browser(evening, liaison, after=seen)
    assert (await again.next())["snapshot"] is True


@evening_of
async def test_who_may_not_listen_any_more_is_ended(evening: Evening) -> None:
    browser = Browser(evening)
    await browser.next("subscribed")
    evening.channel.know([(browser.client, None)])
    assert await browser.has_ended()
    assert browser.client not in evening.channel.clients


@evening_of
async def test_nobody_hears_what_is_for_others(evening: Evening) -> None:
    browser = Browser(evening, LIAISON)
    await browser.next("subscribed")
    evening.order("fvv")
    ours = evening.order("tty")
    heard: list[str] = []
    while browser.client.number != evening.store.get_head(str(STREAM)).number:
        heard += ids(await browser.next("update"))
    assert heard == [ours]


@evening_of
async def test_facts_go_before_values_and_values_are_the_newest(evening: Evening) -> None:
    browser = Browser(evening)
    await browser.next("subscribed")
    now = datetime.now(UTC)
    for density in (1, 2, 3):
        signal = Latest("zone", "z", now, now, {"density": density})
        evening.channel.signals.take([signal])
    evening.say()
    await asyncio.sleep(0.1)
    evening.channel.wake_all()
    await browser.next("signals")
    kinds = [kind for kind, _ in browser.told]
    assert kinds == ["subscribed", "update", "signals"]
    assert [each["body"] for each in browser.told[-1][1]["values"]] == [{"density": 3}]


@evening_of
async def test_the_place_of_a_unit_nobody_knows_of_is_not_told(evening: Evening) -> None:
    now = datetime.now(UTC)
    evening.channel.signals.take([Latest("unit", "u", now, now, {}), Latest("zone", "z", now, now, {})])
    browser = Browser(evening)
    told = await browser.next("signals")
    assert [each["id"] for each in told["values"]] == ["z"]


@evening_of
async def test_a_heartbeat_says_where_the_journal_is(evening: Evening) -> None:
    browser = Browser(evening)
    await browser.next("subscribed")
    told = await browser.next("heartbeat")
    assert told["number"] == evening.store.get_head(str(STREAM)).number
    assert told["links"] == {"journal": True, "telemetry": False}
    assert told["now"] > 0


@evening_of
async def test_something_erased_gives_everybody_a_new_picture(evening: Evening) -> None:
    browser = Browser(evening)
    seen = (await browser.next("subscribed"))["number"]
    evening.channel.rewrite()
    assert (await browser.next("subscribed"))["snapshot"] is True
    assert (await Browser(evening, after=seen).next())["snapshot"] is True


@evening_of
async def test_who_missed_removals_nobody_remembers_is_cut(evening: Evening) -> None:
    browser = Browser(evening)
    await browser.next("subscribed")
    evening.channel.picture.forgotten = evening.channel.picture.number + 1
    evening.say()
    await asyncio.sleep(0.1)
    assert await browser.has_ended()
    assert browser.told[-1][0] == "cut"


@evening_of
async def test_who_takes_nothing_is_ended(evening: Evening) -> None:
    sent: list[bytes] = []

    async def respond() -> None:
        browser = Browser(evening)
        async for told in browser.messages:
            sent.append(told)
            await asyncio.sleep(60)  # a socket that is full

    before, channels.SLOW_S = channels.SLOW_S, 0.2
    try:
        task = asyncio.create_task(respond())
        await asyncio.wait([task], timeout=5)
    finally:
        channels.SLOW_S = before
    assert len(sent) == 1
    assert task.cancelled()


@evening_of
async def test_many_entries_at_once_are_read_as_documents(evening: Evening) -> None:
    browser = Browser(evening)
    await browser.next("subscribed")
    before, reading.CATCH_UP_MAX = reading.CATCH_UP_MAX, 3
    try:
        for _ in range(8):
            evening.say()
        while browser.client.number != evening.store.get_head(str(STREAM)).number:
            told = await browser.next("update", "subscribed")
    finally:
        reading.CATCH_UP_MAX = before
    assert told["snapshot"] is True
    assert len(ids(told)) == 8


@evening_of
async def test_the_picture_is_that_of_the_documents(evening: Evening) -> None:
    for _ in range(5):
        evening.say(str(uuid4()))
        await asyncio.sleep(0.03)
    told = await Browser(evening).next("subscribed")
    while told["number"] != evening.store.get_head(str(STREAM)).number:
        await asyncio.sleep(0.03)
        told = await Browser(evening).next("subscribed")
    documents = get_documents(evening.store, STREAM)
    kept = {document.id: json.loads(as_json(document, "en")) for document in documents.all("message")}
    assert {each["id"]: each["body"] for each in told["documents"]} == kept

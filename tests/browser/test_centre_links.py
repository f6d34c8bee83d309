# SPDX-License-Identifier: Apache-2.0
"""The console without its link: it says so, shows what was known, keeps what is typed, and sends it once."""

from __future__ import annotations

import asyncio
import itertools
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.browser.conftest import child

from hamkor.config.tests.running import wait_until

# What a browser says of a network that does not work, and of drawing without a graphics card.
CUT = r"net::ERR_|Failed to fetch|GL Driver Message"
STALE = re.compile(r"(^|\s)stale(\s|$)")
# A dead link is noticed within ten seconds and made anew; on a machine with more to do than these tests, later.
LONG_MS = 60_000
# The shell and the picture are kept within seconds of the first visit.
IS_KEPT = """async (text) => {
  const names = performance.getEntriesByType("resource").map((each) => each.name);
  const used = names.filter((name) => name.includes("/static/"));
  const kept = await Promise.all([location.href, ...used].map((name) => caches.match(name)));
  const all = await indexedDB.databases();
  if (!kept.every(Boolean) || !all.some((each) => each.name === "hamkor-console")) return false;
  const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const database = await answer(indexedDB.open("hamkor-console", 1));
  const pictures = await answer(database.transaction("pictures").objectStore("pictures").getAll());
  database.close();
  return pictures.some((each) => JSON.stringify(each.documents).includes(text));
}"""


class Network(threading.Thread):
    """What lies between a browser and the server: it passes everything on until it is told not to.

    Args:
        target: Port of the server.
    """

    def __init__(self, target: int) -> None:
        super().__init__(daemon=True)
        self.target = target
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._is_ready = threading.Event()
        self._passes = asyncio.Event()
        self._refuses = False
        self._dead: set[int] = set()
        self._links: dict[int, list[asyncio.StreamWriter]] = {}
        self._keys = itertools.count()

    def __enter__(self) -> Network:
        self.start()
        self._is_ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self.join(30)

    @property
    def url(self) -> str:
        """Address by which a browser reaches the server through this network."""
        return f"http://127.0.0.1:{self.port}"

    def run(self) -> None:
        self._loop.run_until_complete(self._begin())
        self._loop.run_forever()
        for writers in self._links.values():
            for writer in writers:
                writer.transport.abort()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.1))
        self._server.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _begin(self) -> None:
        self._passes.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self._is_ready.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        there, onwards = await asyncio.open_connection("127.0.0.1", self.target)
        key = next(self._keys)
        self._links[key] = [writer, onwards]
        with suppress(asyncio.CancelledError):
            await asyncio.gather(self._pass(key, reader, onwards), self._pass(key, there, writer))
        self._links.pop(key, None)

    async def _pass(self, key: int, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            while piece := await source.read(65_536):
                await self._passes.wait()
                while key in self._dead:
                    await asyncio.sleep(3600)
                to.write(piece)
                await to.drain()
        to.close()

    def fall_silent(self) -> None:
        """Passes nothing on, and tells nobody."""
        self._loop.call_soon_threadsafe(self._passes.clear)

    def break_off(self) -> None:
        """Ends every connection and refuses new ones."""

        def act() -> None:
            self._refuses = True
            for writers in self._links.values():
                for writer in writers:
                    writer.transport.abort()

        self._loop.call_soon_threadsafe(act)

    def lose_links(self) -> None:
        """Passes nothing on ever again over connections that stand, and tells nobody; new ones work."""
        self._loop.call_soon_threadsafe(lambda: self._dead.update(self._links))

    def recover(self) -> None:
        """Passes everything on again."""

        def act() -> None:
            self._refuses = False
            self._passes.set()

        self._loop.call_soon_threadsafe(act)


@pytest.fixture
def network(live_url: str) -> Iterator[Network]:
    with Network(urlsplit(live_url).port or 0) as made:
        yield made


class Console:
    """One window of a console.

    Args:
        page: The window.
        address: Address of the console; None when it is there already.
    """

    def __init__(self, page: Page, address: str | None = None) -> None:
        self.page = page
        if address is not None:
            page.goto(address)
        self.is_live()

    def is_live(self) -> None:
        """Returns when the page calls itself live, and nothing waits to be sent."""
        expect(self.page.locator("body")).to_have_attribute("data-freshness", "live", timeout=LONG_MS)
        expect(self.page.locator("#truth p")).to_have_count(0)
        expect(self.page.locator("#unsent button")).to_be_hidden(timeout=LONG_MS)

    def is_stale(self) -> None:
        """Returns when nobody can overlook that the page is not live: by frame, by words, by the clock."""
        expect(self.page.locator("body")).to_have_class(STALE)
        expect(self.page.locator("#truth p")).to_contain_text(re.compile("not fresh|No connection"))
        expect(self.page.locator("#clock .fresh")).to_contain_text("No link for")
        frame = "element => getComputedStyle(element).boxShadow"
        assert "inset" in self.page.locator("#frame").evaluate(frame)
        clock = "element => getComputedStyle(element).textDecorationLine"
        assert self.page.locator("#clock .now").evaluate(clock) == "line-through"
        assert "grayscale" in self.page.locator("#desk").evaluate(
            "element => getComputedStyle(element).filter"
        )

    def report(self, text: str) -> None:
        """Reports an incident by the command line."""
        expect(self.page.get_by_role("combobox", name="Command line")).to_be_visible()
        self.page.keyboard.press("/")
        self.page.keyboard.type(f"h medical {text}")
        self.page.keyboard.press("Enter")

    def shows(self, text: str, count: int = 1) -> None:
        """Returns when the list of incidents holds a text so many times."""
        expect(self.page.locator(".incident", has_text=text)).to_have_count(count, timeout=LONG_MS)

    def counts_unsent(self, count: int) -> None:
        """Returns when the page says how many things wait to be sent."""
        expect(self.page.locator("#unsent")).to_contain_text(f"Not sent yet: {count}", timeout=LONG_MS)


def recorded(history_of: Callable[[UUID], list[Any]], event: UUID, text: str) -> int:
    """Returns how often an incident with a text was reported."""
    return sum(f'"text":"{text}"' in bytes(entry.raw_body).decode() for entry in history_of(event))


@pytest.fixture
def operator(browser_context: Callable[..., BrowserContext], event: UUID, watched: Any) -> BrowserContext:
    """The browser of an operator whose network does not always work."""
    watched.expect(CUT)
    return browser_context("operator", stream=event, size="wall")


def test_a_silent_network_is_told_and_what_is_typed_is_sent_once(network, operator, event, history_of):
    address = f"{network.url}/events/{event}/centre/"
    first, second = (Console(operator.new_page(), address) for _ in range(2))
    first.report("known before")
    for window in (first, second):
        window.shows("known before")
    network.fall_silent()
    for window in (first, second):
        window.is_stale()
        window.shows("known before")
    first.report("typed in silence")
    for window in (first, second):  # they are of one operator: what one keeps, the other counts
        window.counts_unsent(1)
    assert recorded(history_of, event, "typed in silence") == 0
    network.recover()
    for window in (first, second):
        window.is_live()
        window.shows("typed in silence")
    assert recorded(history_of, event, "typed in silence") == 1
    second.page.locator(".incident", has_text="known before").locator(".row-button").click()
    expect(first.page.locator(".incident.chosen")).to_contain_text("known before")


def test_a_link_that_died_without_a_word_is_made_anew(network, operator, event):
    window = Console(operator.new_page(), f"{network.url}/events/{event}/centre/")
    network.lose_links()
    window.is_stale()
    window.is_live()
    window.report("over the new link")
    window.shows("over the new link")


def test_a_page_whose_part_hangs_is_not_called_live_and_loads_itself_anew(network, operator, event):
    page = operator.new_page()
    hung = []
    page.route("**/console/js/incidents.js*", lambda route: route.continue_() if hung else hung.append(route))
    page.goto(f"{network.url}/events/{event}/centre/", wait_until="commit")
    expect(page.locator("#truth p")).to_contain_text("Parts of this page", timeout=LONG_MS)
    expect(page.locator("body")).to_have_attribute("data-freshness", "catching")
    with page.expect_navigation(timeout=LONG_MS):
        pass
    window = Console(page)
    window.report("after the second loading")
    window.shows("after the second loading")


def test_a_page_loaded_without_a_link_shows_the_last_picture(network, operator, event, history_of):
    window = Console(operator.new_page(), f"{network.url}/events/{event}/centre/")
    window.report("known before")
    window.shows("known before")
    wait_until(lambda: window.page.evaluate(IS_KEPT, "known before"), "the page and its picture are kept")
    network.break_off()
    window.is_stale()
    window.report("typed without a link")
    window.counts_unsent(1)
    window.page.reload()
    window.is_stale()
    expect(window.page.locator("#truth")).to_contain_text("this is the last picture that was kept")
    window.shows("known before")
    expect(window.page.locator("#map")).to_have_attribute("data-ready", "yes")
    window.counts_unsent(1)
    assert recorded(history_of, event, "typed without a link") == 0
    network.recover()
    window.is_live()
    window.shows("typed without a link")
    assert recorded(history_of, event, "typed without a link") == 1


def test_a_killed_server_is_told_and_another_takes_over(live_url, operator, event, history_of, tmp_path):
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        listening.set_inheritable(True)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"

        def web(name: str) -> Any:
            number = listening.fileno()
            log = tmp_path / f"{name}.log"
            return child("hamkor.config.serving.web", str(number), log=log, pass_fds=(number,))

        with web("first") as process:
            window = Console(operator.new_page(), f"{url}/events/{event}/centre/")
            window.report("known before")
            window.shows("known before")
            process.kill()
            process.wait()
        window.is_stale()
        window.shows("known before")
        window.report("typed before another came")
        window.counts_unsent(1)
        with web("second"):
            window.is_live()
            window.shows("typed before another came")
            window.shows("known before")
            operator.close()
    assert recorded(history_of, event, "typed before another came") == 1

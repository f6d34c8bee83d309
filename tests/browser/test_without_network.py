# SPDX-License-Identifier: Apache-2.0
"""Nothing typed is lost: without network it waits on the device, is counted, and is sent once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

CUT = r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK|ERR_FAILED|Failed to fetch"


@pytest.fixture
def post(page: Page, event) -> Page:
    """The page of one post, live."""
    page.goto(f"/events/{event}/part/posts/post-command")
    expect(page.locator("#freshness")).to_have_attribute("data-state", "live")
    return page


def type_note(page: Page, text: str) -> None:
    """Types a note and leaves the field."""
    page.locator('[data-path="note"]').fill(text)
    page.locator('[data-path="note"]').press("Tab")
    expect(page.locator(".field:has([data-path=note]) .state")).to_contain_text("Kept on this device")
    expect(page.locator("#unsent")).to_be_visible()
    expect(page.locator("#unsent")).to_contain_text("1")


def notes(history_of, event) -> list[str]:
    """Returns the notes the record holds, in order."""
    lines = [bytes(entry.raw_body).decode() for entry in history_of(event)]
    return [line for line in lines if "typed without network" in line]


def test_what_is_typed_offline_is_kept_counted_and_sent_once(post, watched, event, history_of):
    watched.expect(CUT)
    post.context.set_offline(True)
    type_note(post, "typed without network")
    assert notes(history_of, event) == []
    post.context.set_offline(False)
    expect(post.locator("#unsent")).to_be_hidden()
    expect(post.locator(".field:has([data-path=note]) .state")).to_have_text("Kept")
    expect(post.locator("#freshness")).to_have_attribute("data-state", "live")
    assert len(notes(history_of, event)) == 1


def test_what_waits_outlives_the_page_and_is_sent_once(post, watched, event, history_of):
    watched.expect(CUT)
    post.route("**/edit", lambda route: route.abort())
    type_note(post, "typed without network")
    post.on("dialog", lambda dialog: dialog.accept())  # "leave the page?"
    post.reload()
    expect(post.locator("#unsent")).to_contain_text("1")
    assert notes(history_of, event) == []
    post.unroute("**/edit")
    expect(post.locator("#unsent")).to_be_hidden(timeout=60_000)
    expect(post.locator('[data-path="note"]')).to_have_value("typed without network")
    assert len(notes(history_of, event)) == 1


def test_an_answer_that_is_lost_makes_nothing_twice(post, watched, event, history_of):
    watched.expect(CUT)
    lost = []

    def lose_the_first(route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)  # the server has done it; the page never hears of it
        route.abort()

    post.route("**/edit", lose_the_first)
    post.locator('[data-path="note"]').fill("typed without network")
    post.locator('[data-path="note"]').press("Tab")
    expect(post.locator(".field:has([data-path=note]) .state")).to_have_text("Kept")
    expect(post.locator("#unsent")).to_be_hidden()
    assert lost == [200]
    assert len(notes(history_of, event)) == 1

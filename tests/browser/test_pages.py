# SPDX-License-Identifier: Apache-2.0
"""Pages come up in a real browser without a fault, and people sign in by the form."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from hamkor.workspace.sections import SECTIONS


def test_a_person_signs_in_by_the_form_and_leaves(browser_context, make_person, event, live_url):
    person = make_person("liaison", agency="tty", stream=event, signs_in=True)
    page = browser_context().new_page()
    page.goto(f"/events/{event}/duties")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill("gilos daryo tepalik kitob")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_url}/events/{event}/duties")
    expect(page.locator("table.matrix")).to_be_visible()
    expect(page.locator(".person .who b")).to_have_text(person.name)


def test_every_section_opens_and_is_live(page, event):
    names = [link.get_attribute("href") for link in page.locator(".nav nav a").all()]
    assert len(names) >= len(SECTIONS) - 6
    for address in names:
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        # The situational centre is a screen of its own, with a sign of its own (test_centre_links.py).
        if "/centre/" not in address:
            expect(page.locator("#freshness")).to_have_attribute("data-state", "live")

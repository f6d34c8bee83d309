# SPDX-License-Identifier: Apache-2.0
"""Several people at one plan: everybody's work stays, is seen by the others at once, and conflicts are named."""

from __future__ import annotations

import sys
import time

from playwright.sync_api import Page, expect

SLOWEST_S = 5.0


def at(context, address: str) -> Page:
    """Opens a page in a new tab and waits until it hears of changes."""
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#freshness")).to_have_attribute("data-state", "live")
    return page


def fill(page: Page, path: str, text: str) -> None:
    """Types into a field that keeps itself, and leaves it."""
    field = page.locator(f'[data-path="{path}"]')
    field.fill(text)
    field.blur()  # a field with the cursor in it is left alone by changes of others


def test_two_liaisons_take_part_in_one_duty_at_the_same_moment(browser_context, event):
    pages = {
        code: at(browser_context("liaison", agency=code, stream=event), f"/events/{event}/duties")
        for code in ("tty", "fvv")
    }
    free = 'tr[data-duty]:has([data-agency="tty"][data-role=""]):has([data-agency="fvv"][data-role=""])'
    duty = pages["tty"].locator(free).first.get_attribute("data-duty")
    for code, page in pages.items():
        cell = page.locator(f'tr[data-duty="{duty}"] [data-agency="{code}"]')
        cell.focus()
        cell.press("2")
    for page in pages.values():
        for code in pages:
            cell = page.locator(f'tr[data-duty="{duty}"] [data-agency="{code}"]')
            expect(cell).to_have_attribute("data-role", "supporting")


def test_different_fields_of_one_item_both_stay_and_one_field_tells_the_conflict(browser_context, event):
    address = f"/events/{event}/part/posts/post-command"
    first, second = (at(browser_context(role, stream=event), address) for role in ("coordinator", "planner"))
    fill(first, "needed", "21")
    fill(second, "confirmed", "20")
    for page in (first, second):
        expect(page.locator('[data-path="needed"]')).to_have_value("21")
        expect(page.locator('[data-path="confirmed"]')).to_have_value("20")
        expect(page.locator("#toasts .toast")).to_have_count(0)

    first.locator('[data-path="note"]').focus()
    fill(second, "note", "Theirs")
    expect(second.locator(".field:has([data-path=note]) .state")).to_have_text("Kept")
    fill(first, "note", "Ours")
    expect(first.locator("#toasts .toast")).to_contain_text("Theirs")
    for page in (first, second):
        expect(page.locator('[data-path="note"]')).to_have_value("Ours")
    expect(second.locator("#toasts .toast")).to_have_count(0)


def test_an_edit_is_seen_by_another_within_a_moment_and_so_is_who_is_here(
    browser_context, make_person, event
):
    people = [make_person(role, stream=event) for role in ("coordinator", "planner")]
    first, second = (at(browser_context(user=user), f"/events/{event}/posts") for user in people)
    expect(second.locator("#people-here")).to_contain_text(people[0].name)

    first.goto(f"/events/{event}/part/posts/post-command")
    field = first.locator('[data-path="needed"]')
    field.fill("77")
    begun = time.monotonic()
    field.press("Tab")
    row = second.locator("tr", has=second.locator('a[href$="/part/posts/post-command"]'))
    expect(row).to_contain_text("77")
    seconds = time.monotonic() - begun
    sys.stdout.write(f"\nfrom key to the other browser: {seconds:.2f} s\n")
    assert seconds < SLOWEST_S


def test_who_looks_at_an_item_that_another_removes_is_told(browser_context, watched, event):
    watched.expect("404")
    item = f"/events/{event}/part/warnings/w-lane-fence"
    first, second = (at(browser_context(role, stream=event), item) for role in ("coordinator", "planner"))
    first.locator('[data-opens="remove"]').click()
    first.locator("#remove button.danger").click()
    expect(first.locator("#remove")).to_have_count(0)
    expect(second.locator("#remove")).to_have_count(0)

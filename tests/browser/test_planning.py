# SPDX-License-Identifier: Apache-2.0
"""One plan from the application to the signed paper, by the people who make it, in their browsers."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pypdf
from playwright.sync_api import Page, expect


def commands(history_of, event) -> list[UUID]:
    """Returns the commands the record holds, in order, each once."""
    return list(dict.fromkeys(entry.command_id for entry in history_of(event)))


def live(page: Page) -> None:
    """Waits until the page shows what the record holds."""
    expect(page.locator("#freshness")).to_have_attribute("data-state", "live")


def sign_whole(page: Page, event: UUID, agency: str) -> None:
    """Approves the whole plan for an agency."""
    page.goto(f"/events/{event}/approvals")
    page.locator(f'[data-opens="sign-whole-{agency}"]').click()
    page.locator(f"#sign-whole-{agency} button.primary").click()
    expect(page.locator(f"#agency-{agency} .chip").first).to_have_class(re.compile("good"))


def apply_for_an_event(page: Page) -> UUID:
    """Applies for an event, with a double click, and returns its id."""
    page.goto("/")
    page.keyboard.press("n")
    page.locator("[name=name]").fill("Spring fair")
    page.locator("[name=place]").fill("Old square")
    page.locator("[name=kind]").select_option(index=1)
    page.locator("[name=starts_at]").fill("2027-05-01T10:00")
    page.locator("[name=ends_at]").fill("2027-05-01T20:00")
    page.locator("form.card button.primary").dblclick()
    page.wait_for_url(re.compile("/application$"))
    return UUID(page.url.split("/")[-2])


def give_roles(desk: Page, event: UUID, people) -> None:
    """Gives people their roles at an event."""
    for person, role in people:
        desk.goto(f"/events/{event}/roles")
        desk.locator('[data-opens="give-role"]').click()
        desk.locator("#give_person").select_option(str(person.pk))
        form = desk.locator("form", has=desk.locator("#give_person"))
        form.locator("[name=role]").select_option(role)
        form.locator("button.primary").click()
        expect(desk.locator("main")).to_contain_text(person.name)


def build_the_matrix(police: Page, event: UUID) -> None:
    """Adds two duties and gives them an owner by keyboard; findings come and go with the edits."""
    police.goto(f"/events/{event}/duties")
    live(police)
    police.keyboard.press("n")
    boxes = police.locator("#add-duties [name=catalogue]")
    for index in range(2):
        boxes.nth(index).press("Space")
    boxes.first.press("Enter")
    rows = police.locator("tr[data-duty]")
    expect(rows).to_have_count(2)
    live(police)
    findings = police.locator(".nav a[aria-current=page] .count")
    expect(findings).to_have_class(re.compile("red"))
    police.locator('tr[data-duty] button.role[tabindex="0"]').focus()
    for step in ("1", "ArrowDown", "1"):
        police.keyboard.press(step)
    for row in rows.all():
        expect(row.locator("button.role.accountable")).to_have_count(1)
    red = findings.text_content()
    police.keyboard.press("ArrowUp")
    police.keyboard.press("0")
    expect(rows.first.locator("button.role.accountable")).to_have_count(0)
    expect(findings).not_to_have_text(red or "")
    police.keyboard.press("1")
    expect(findings).to_have_text(red or "")


def agree(police: Page, organiser: Page, board: Page, event: UUID) -> None:
    """Puts the plan to approval; the commission goes on in spite of what is red; everybody signs; it is final."""
    police.goto(f"/events/{event}/approvals")
    police.locator('[data-opens="put"]').click()
    police.locator("#put button.primary").click()
    expect(police.locator("#versions li")).to_have_count(1)
    board.goto(f"/events/{event}/approvals")
    for box in board.locator("form:has(#override-reason) [name=key]").all():
        box.check()
    board.locator("#override-reason").fill("An exercise: nobody comes.")
    board.locator("form:has(#override-reason) button.danger").click()
    expect(board.locator("#override-reason")).to_have_count(0)
    sign_whole(police, event, "iib")
    sign_whole(organiser, event, "org")
    police.goto(f"/events/{event}/approvals")
    police.locator('[data-opens="finalise"]').click()
    police.locator("#finalise button.primary").click()
    expect(police.locator("#versions .chip.good")).to_be_visible()


def printed_plan(police: Page, event: UUID) -> bytes:
    """Prints the plan and returns the paper."""
    police.goto(f"/events/{event}/print")
    police.locator('button[name=form][value="pdf"]').click()
    link = police.locator('#prints a[href*="/print/"]').first
    expect(link).to_be_visible(timeout=60_000)
    with police.expect_download() as downloading:
        link.click()
    return downloading.value.path().read_bytes()


def test_from_the_application_to_the_signed_paper(browser_context, make_person, worker, history_of):
    coordinator, member = make_person(), make_person(agency="kom")
    keeper = make_person(agency="hok", is_administrator=True)
    organiser = browser_context(user=make_person(agency="org")).new_page()
    event = apply_for_an_event(organiser)
    assert len(commands(history_of, event)) == 1
    desk = browser_context(user=keeper).new_page()
    give_roles(desk, event, ((coordinator, "coordinator"), (member, "commission")))
    police = browser_context(user=coordinator).new_page()
    build_the_matrix(police, event)
    agree(police, organiser, browser_context(user=member).new_page(), event)
    content = printed_plan(police, event)
    assert content.startswith(b"%PDF")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert signed_hash(history_of, event) in re.sub(r"[^0-9a-f]", "", text)


def signed_hash(history_of, event: UUID) -> str:
    """Returns the hash of the head that was put to approval."""
    entries = history_of(event)
    put = next(index for index, entry in enumerate(entries) if entry.type.startswith("plan_version.put"))
    return str(entries[put - 1].hash)


def test_a_double_click_makes_one_thing(page, event, history_of):
    forms = {
        "questions": ('form:has([name=do][value="comment"])', {"text": "Who opens the gate?"}),
        "part/posts/new": ("main form.card", {"title": "One post", "role": "gate"}),
    }
    for section, (form, values) in forms.items():
        page.goto(f"/events/{event}/{section}")
        before = len(commands(history_of, event))
        for name, value in values.items():
            field = page.locator(f"{form} >> [name={name}]").first
            if field.evaluate("(field) => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        page.locator(f"{form} >> button:not([type=button])").first.dblclick()
        page.wait_for_timeout(1500)
        assert len(commands(history_of, event)) == before + 1, section
    page.goto(f"/events/{event}/approvals")
    before = len(commands(history_of, event))
    page.locator('[data-opens="put"]').click()
    page.locator("#put button.primary").dblclick()
    expect(page.locator("#versions li")).to_have_count(1)
    assert len(commands(history_of, event)) == before + 1


def test_what_was_removed_is_brought_back(page, watched, event):
    watched.expect("404")  # the page of what is removed hears of it, and looks once more, before it is left
    page.goto(f"/events/{event}/part/hazards/stair-fall")
    page.locator('[data-opens="remove"]').click()
    page.locator("#remove [name=and_references]").check()
    page.locator("#remove button.danger").click()
    row = page.locator('a[href$="/part/hazards/stair-fall"]')
    expect(page.locator("main .notice.good")).to_be_visible()
    expect(row).to_have_count(0)
    page.goto(f"/events/{event}/history")
    page.locator(".history li button").first.click()
    expect(page.locator(".history li").first).to_contain_text("takes an earlier change back")
    page.goto(f"/events/{event}/hazards")
    expect(row.first).to_be_visible()

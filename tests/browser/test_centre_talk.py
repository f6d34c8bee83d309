# SPDX-License-Identifier: Apache-2.0
"""What is said from the console: with files, in prepared words, to the public; and what must not stay in a browser."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect
from tests.browser.centre_helpers import NO_GRAPHICS, Ground, open_console

TEXT = {"name": "way.txt", "mimeType": "text/plain", "buffer": b"Behind the stage"}
KEPT = """async () => {
  const database = await new Promise((done) => {
    const asked = indexedDB.open("hamkor-outbox", 1);
    asked.onsuccess = () => done(asked.result);
  });
  const asked = database.transaction("commands").objectStore("commands").getAll();
  const found = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  database.close();
  return JSON.stringify(found);
}"""


@pytest.fixture
def ground(committed, watched):
    """An event of this test alone, in operation for half an hour."""
    watched.expect(NO_GRAPHICS)
    return Ground(committed)


@pytest.fixture
def people(make_person, ground):
    """Accounts by role; the operation is open."""
    from hamkor.operation.commands import open_operation

    def make(role, agency="iib", **fields):
        return make_person(role, agency=agency, stream=ground.stream, **fields)

    ground.does(make("coordinator", "hok"), open_operation, ago_min=30, mode="real")
    return make


def until_kept(page, test):
    """Waits until what the outbox keeps in the browser passes a test."""
    for _ in range(200):
        if test(page.evaluate(KEPT)):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(KEPT))


def write_to_medics(page, words):
    page.keyboard.press("w")
    page.locator("#compose-to").fill("tty")
    page.locator("#compose-to").press("Enter")
    page.locator("#compose-text").fill(words)


def test_files_go_up_first_and_open_to_who_gets_the_message(browser_context, ground, people):
    operator = open_console(browser_context(user=people("operator")), ground)
    medic = open_console(browser_context(user=people("liaison", "tty")), ground)
    write_to_medics(operator, "See the way in the file.")
    operator.locator("#compose-files").set_input_files(
        [TEXT, {"name": "run.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}]
    )
    listed = operator.locator(".files li")
    expect(listed).to_have_count(2)
    expect(listed.nth(0).locator(".ok")).to_be_visible()
    expect(listed.nth(1).locator(".fault")).to_be_visible()
    operator.locator("#compose button.primary").click()
    # Nobody shall believe that a refused file went along.
    expect(operator.locator("#compose")).to_be_visible()
    listed.nth(1).locator("button").click()
    operator.locator("#compose button.primary").click()
    expect(operator.locator("#compose")).to_have_count(0)
    link = medic.locator("#journal .journal-list .file-links a", has_text="way.txt")
    expect(link).to_be_visible()
    with medic.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes() == b"Behind the stage"
    (message,) = ground.all("message")
    assert [each.name for each in message.files] == ["way.txt"]


def test_without_a_link_files_wait_and_the_text_is_kept(browser_context, ground, people, watched):
    watched.expect("Failed to load resource|net::ERR")
    context = browser_context(user=people("operator"))
    page = open_console(context, ground)
    write_to_medics(page, "This text must not be lost.")
    page.route("**/centre/files", lambda route: route.abort())
    page.locator("#compose-files").set_input_files([TEXT])
    expect(page.locator(".files [role=alert]")).to_be_visible()
    page.locator("#compose button.primary").click()
    expect(page.locator("#compose button.primary")).to_be_disabled()
    expect(page.locator("#compose-text")).to_have_value("This text must not be lost.")
    assert not ground.all("message")
    page.unroute("**/centre/files")
    page.locator(".files li button", has_text="Try again").click()
    expect(page.locator("#compose")).to_have_count(0)
    expect(page.locator("#journal .journal-list .file-links a", has_text="way.txt")).to_be_visible()
    (message,) = ground.all("message")
    assert message.text == "This text must not be lost."


def test_words_are_prepared_and_found_by_their_first_letters(browser_context, ground, people):
    context = browser_context(user=people("operator"))
    page = context.new_page()
    page.goto(f"{ground.address}templates?template=new")
    page.locator("#title_en").fill("Hold the entry")
    page.locator("#text_en").fill("Hold the entry now.")
    page.locator("#text_ru").fill("Остановите вход.")
    page.locator("#urgency").select_option("flash")
    page.locator("#to").select_option("agency tty")
    page.locator("button[value=keep]").click()
    expect(page.locator("tbody .item-title", has_text="Hold the entry")).to_be_visible()
    console = open_console(context, ground)
    console.keyboard.press("w")
    console.locator("#compose-template").fill("hold")
    console.locator("#compose-template").press("Enter")
    expect(console.locator("#compose-text")).to_have_value("Hold the entry now.")
    expect(console.locator("input[name=urgency]").first).to_be_checked()
    expect(console.locator("#compose .slot", has_text="Hold the entry")).to_be_visible()
    console.locator("#compose button.primary").click()
    expect(console.locator("#journal .journal-list li", has_text="Hold the entry now.")).to_be_visible()
    (message,) = ground.all("message")
    assert message.text == {"ru": "Остановите вход.", "en": "Hold the entry now."}


def test_an_announcement_of_the_plan_is_offered_and_said_in_its_languages(browser_context, ground, people):
    page = open_console(browser_context(user=people("operator")), ground)
    spoken = next(each for each in ground.all("contingency") if each.message)
    page.keyboard.press("w")
    page.locator("#compose-template").fill(spoken.title["en"])
    page.locator("#compose-template").press("Enter")
    expect(page.locator("#compose-text")).to_have_value(spoken.message["en"])
    page.locator("#compose-to").fill("tty")
    page.locator("#compose-to").press("Enter")
    page.locator("#compose button.primary").click()
    expect(page.locator("#compose")).to_have_count(0)
    expect(page.locator("#journal .journal-list li", has_text=spoken.message["en"][:30])).to_be_visible()
    (message,) = ground.all("message")
    assert message.text == spoken.message


def test_who_stops_the_show_sees_and_changes_what_will_be_said(browser_context, ground, people):
    page = open_console(browser_context(user=people("coordinator", "hok")), ground)
    page.locator("#show-stop button").first.click()
    dialog = page.locator("#show-stop-dialog")
    dialog.locator("label", has_text="Stop the entry").click()
    said = dialog.locator("#say-en")
    expect(said).to_be_visible()
    expect(said).to_have_value("Entry is paused for now. Please stop, keep your distance and wait. "
                               "We will tell you when it goes on.")  # fmt: skip
    for language in ("uz", "uz-Cyrl", "ru"):
        assert dialog.locator(f"#say-{language}").input_value()
    said.fill("Please wait here.")
    dialog.locator("#stop-words").fill("The square is full.")
    dialog.locator("#stop-typed").fill(
        dialog.locator("label[for=stop-typed]").inner_text().split("“")[1].split("”")[0]
    )
    dialog.locator("button.danger").first.click()
    expect(dialog).to_be_hidden()
    (stop,) = ground.all("show_stop")
    assert stop.announcement["en"] == "Please wait here."
    assert set(stop.announcement) == {"uz", "uz-Cyrl", "ru", "en"}


def test_what_may_be_the_same_is_told_while_somebody_types(browser_context, ground, people):
    from hamkor.incidents.commands import report_incident
    from hamkor.operation.rules.places import Place

    operator = people("operator")
    place = next(each for each in ground.all("feature") if each.properties.__struct_config__.tag == "opening")
    made = ground.does(
        operator, report_incident, type="medical", text="A fall", place=Place(feature=place.id)
    )
    page = open_console(browser_context(user=operator), ground)
    page.keyboard.press("n")
    page.locator("#new-type").fill("medical")
    page.locator("#new-type").press("Enter")
    page.locator("#new-place").fill(place.id.replace("-", " "))
    page.locator("#new-place").press("Enter")
    told = page.locator(".pane .suggestion")
    expect(told).to_contain_text("H-0001")
    page.locator("#new-text").fill("Somebody lies on the ground.")
    told.locator("button", has_text="Add this report").click()
    expect(page.locator("#new-incident")).to_have_count(0)
    expect(page.locator("#incident-list li.incident")).to_have_count(1)
    page.wait_for_timeout(500)
    (incident,) = ground.all("incident")
    assert incident.id == made
    assert [each.text for each in incident.reports] == ["Somebody lies on the ground."]


def test_a_name_leaves_the_browser_when_the_server_has_answered(browser_context, ground, people, watched):
    from hamkor.incidents.commands import report_incident

    watched.expect("Failed to load resource|net::ERR|4(04|22)")
    operator = people("operator")
    made = ground.does(operator, report_incident, type="lost_child", text="A child alone")
    page = open_console(browser_context(user=operator), ground)
    send = """(details) => import(document.querySelector("link[href*='outbox']").href)
      .then(({ send }) => { send("describe_missing", details).catch(() => {}); })"""
    page.route("**/centre/commands", lambda route: route.abort())
    page.evaluate(send, {"incident_id": made, "age": "6", "details": {"name": "Anora Testova"}})
    # Nobody else has it yet: it waits here.
    until_kept(page, lambda kept: "Anora" in kept)
    page.unroute("**/centre/commands")
    until_kept(page, lambda kept: kept == "[]")
    # Refused: what was typed stays to be mended, the name does not.
    gone = {"incident_id": "no such one", "clothes": "a red coat", "details": {"name": "Anora Testova"}}
    page.evaluate(send, gone)
    until_kept(page, lambda kept: "red coat" in kept and '"refused":null' not in kept)
    assert "Anora" not in page.evaluate(KEPT)
    page.locator("button.outbox").click()
    expect(page.locator("#outbox-list")).to_contain_text("a red coat")
    assert "Anora" not in page.content()
    assert "Anora" not in json.dumps(page.evaluate("() => ({ ...localStorage, ...sessionStorage })"))

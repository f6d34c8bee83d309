# SPDX-License-Identifier: Apache-2.0
"""The situational centre in several browsers: what one does the others see, silence is noticed, the past is shown."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.centre_helpers import NO_GRAPHICS, Ground, open_console, row

# Pressed in the line for one incident with its place, its priority and words.
KEYS_MAX = 45
# The smallest thing a finger hits without aiming: WCAG 2.2, target size (minimum), is 24; a button is larger.
THUMB_PX = 36


@pytest.fixture
def ground(committed, watched):
    """An event of this test alone, planned an hour ago; nothing of it runs yet."""
    watched.expect(NO_GRAPHICS)
    return Ground(committed)


@pytest.fixture
def people(make_person, ground):
    """Accounts by role, as a test asks for them: `people("operator")`, `people("liaison", "tty")`."""
    return lambda role, agency="iib", **fields: make_person(
        role, agency=agency, stream=ground.stream, **fields
    )


@pytest.fixture
def running(ground, people):
    """The same event in operation for half an hour, with the units of its plan."""
    from hamkor.operation.commands import open_operation
    from hamkor.units.commands import register_planned_units

    coordinator = people("coordinator")
    ground.does(coordinator, open_operation, ago_min=30, mode="real")
    ground.does(coordinator, register_planned_units, ago_min=30)
    return ground


@pytest.fixture
def thumb(browser, browser_context, live_url, watched):
    """Opens the context of a phone that is touched: nothing hovers, and there is no mouse."""
    opened = []

    def make(user):
        state = browser_context(user=user).storage_state()
        context = browser.new_context(
            base_url=live_url,
            storage_state=state,
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
            reduced_motion="reduce",
        )
        watched.watch(context)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


class Keys:
    """The keyboard of a page, which counts what was pressed and proves that nobody took the mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0
        page.evaluate(
            "() => { globalThis.clicks = 0; for (const name of ['pointerdown', 'mousedown'])"
            " addEventListener(name, () => { globalThis.clicks += 1; }, true); }"
        )

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def line(self, text: str) -> None:
        """Goes to the command line, types a command behind its slash, and does it."""
        self.press("/")
        self.type(text)
        self.press("Enter")

    @property
    def clicks(self) -> int:
        return int(self.page.evaluate("() => globalThis.clicks"))


def test_an_incident_goes_round_three_browsers_by_keyboard(browser_context, ground, people, history_of):
    from hamkor.units.commands import register_planned_units

    coordinator = people("coordinator")
    opening = open_console(browser_context(user=coordinator), ground)
    first, second, liaison = (
        open_console(browser_context(user=user), ground)
        for user in (people("operator"), people("operator"), people("liaison", "mg"))
    )
    opening.locator("#phases button").click()
    opening.locator("#ask-operation input[value=drill]").check()
    opening.locator("#operation-title").fill("A jam at the entrance")
    opening.locator("#ask-operation .primary").click()
    for page in (opening, first, second, liaison):
        expect(page.locator("#drill")).to_contain_text("A jam at the entrance")
        expect(page.locator("#phases [aria-current=step]")).to_have_text("Preparation")
    ground.does(coordinator, register_planned_units)

    keys = Keys(first)
    keys.line("h fight check 3 two men, one bleeding !1")
    assert keys.pressed <= KEYS_MAX
    for page in (first, second, liaison):
        expect(row(page, "H-0001")).to_contain_text("Checkpoint 3")
    expect(row(second, "H-0001").locator(".mark-1").first).to_be_visible()
    expect(row(second, "H-0001")).to_contain_text("Reported")

    keys.press("Escape", "d")  # out of the line, and who is nearest
    nearest = first.locator(".candidates li").first
    expect(nearest).to_contain_text(" m")
    expect(nearest.locator("input")).to_be_checked()
    keys.press("Enter", "Enter")  # in a hurry
    for page in (first, second, liaison):
        expect(row(page, "H-0001")).to_have_class(re.compile("dispatched"))
    assert keys.clicks == 0
    kinds = [entry.type for entry in history_of(ground.stream)]
    assert kinds.count("incident.reported.v1") == 1
    assert kinds.count("unit.sent.v1") == len(ground.all("incident")[0].units)


def test_silence_after_a_flash_order_raises_the_alarm_and_offers_another_way(
    browser_context, running, people
):
    chief = people("operator")
    sender = open_console(browser_context(user=chief), running)
    other = open_console(browser_context(user=people("operator")), running)
    liaison = open_console(browser_context(user=people("liaison", "tty")), running)
    Keys(sender).line("o tty All free crews to gate 3 !1")  # "all" is part of the words
    order = liaison.locator(".to-me li.flash")
    expect(order).to_contain_text("All free crews to gate 3")
    expect(order.locator("[data-until]")).to_be_visible()
    said = sender.locator(".journal-list li.entry", has_text="All free crews")
    expect(said.locator(".stage.full")).to_have_count(2)  # delivered and seen, and nothing answered

    assert running.look(in_s=61) > 0
    for page in (sender, other):
        expect(page.locator(".alarm-list li.unacknowledged")).to_have_count(1)
    expect(liaison.locator(".alarm-list li.alarm")).to_have_count(0)
    assert chief.reference in running.all("alarm")[0].to
    expect(said).to_have_class(re.compile("is-silent"))
    assert running.look(in_s=61) == 0  # said once

    Keys(sender).press("Escape", "a")
    expect(sender.locator(".alarm-list li.acknowledged")).to_have_count(1)
    assert running.look(in_s=122) > 0  # it lasts: now it is everybody's at the console, and sounds once more
    expect(other.locator(".alarm-list li.unacknowledged")).to_have_count(1)
    Keys(other).press("a")
    expect(sender.locator(".alarm-list li.acknowledged")).to_have_count(1)
    said.locator(".silence button").dblclick()
    expect(said.locator(".silence")).to_have_count(0)
    liaison.keyboard.press("y")
    expect(order).to_have_count(0)
    expect(said.locator(".stage.full")).to_have_count(3)
    expect(sender.locator(".alarm-list li.alarm")).to_have_count(0)


def test_an_alarm_is_acknowledged_its_card_opened_and_it_is_shelved_by_keyboard(
    browser_context, running, people
):
    from hamkor.alarms.commands import raise_manual, set_rule
    from hamkor.alarms.rules.alarms import AlarmRule

    rule = AlarmRule(
        id="jam", title="Gate jammed", sort="manual", priority=1, contingency="c-gates", agency="mg"
    )
    running.does(people("coordinator"), set_rule, rule=rule)
    first, second = (open_console(browser_context(user=people("operator")), running) for _ in range(2))
    running.does(people("liaison", "mg"), raise_manual, rule="jam")
    alarm = second.locator(".alarm-list li.alarm", has_text="Gate jammed")
    expect(alarm).to_have_class(re.compile("p1.*unacknowledged"))
    expect(first.locator(".alarm-list")).to_contain_text("Gates overloaded")  # the agreed action, at once

    keys = Keys(first)
    keys.press("c")
    expect(first.locator("#pane-title")).to_have_text("Gates overloaded")
    expect(first.locator("[data-start]")).to_be_focused()
    keys.press("Enter", "Enter")
    steps = first.locator(".card-steps li.job")
    expect(steps.first).to_be_visible()
    expect(steps.first).to_contain_text("Spare lanes are opened")
    second.locator("#tab-jobs").click()
    expect(second.locator("#jobs li", has_text="Spare lanes are opened")).to_have_count(1)
    assert len(running.all("contingency_run")) == 1

    keys.press("Escape", "s", "Enter", "z")
    expect(first.locator("#ask-reason")).to_be_visible()
    keys.press("Enter")  # without a reason nothing is shelved
    expect(first.locator("#ask-reason")).to_be_visible()
    keys.type("Known, the duty officer is there")
    keys.press("Enter")
    for page in (first, second):
        expect(page.locator(".alarm-list li.group")).to_contain_text("Shelved: 1")
    second.locator(".alarm-list li.group button").click()
    expect(second.locator(".alarm-list li.shelved")).to_contain_text("Known, the duty officer is there")
    assert keys.clicks == 0


def test_stopping_the_show_needs_a_second_gesture_and_leads_through_the_chain(
    browser_context, running, people
):
    chief, operator = (
        open_console(browser_context(user=user), running)
        for user in (people("coordinator"), people("operator", "mg"))  # to whom the plan gives no stop
    )
    operator.keyboard.press("x")
    expect(operator.locator("#show-stop-dialog")).to_contain_text("You may not order this")
    operator.keyboard.press("Escape")

    keys = Keys(chief)
    keys.press("x")
    dialog = chief.locator("#show-stop-dialog")
    order = dialog.locator(".second .row button")
    expect(dialog.locator("input[name=action]").first).to_be_focused()
    expect(dialog.locator("#stop-typed")).to_be_disabled()  # first the sign
    dialog.locator("input[name=sign]").first.check()
    dialog.locator("#stop-typed").fill("stop")
    expect(order).to_be_disabled()
    dialog.locator("#stop-typed").fill("stop the show")
    expect(order).to_be_enabled()
    keys.press("Enter", "Enter")
    expect(dialog).to_be_hidden()
    line = operator.locator(".stops .stop-line")
    expect(line).to_contain_text("ordered, not in force yet")
    assert len(running.all("show_stop")) == 1

    pane = chief.locator(".pane")
    links = pane.locator(".chain li")
    for number in range(links.count()):
        links.nth(number).locator("button").click()
        expect(links.nth(number)).to_contain_text("told, not confirmed")
        links.nth(number).locator("button").click()
        expect(links.nth(number)).to_contain_text("confirmed")
    for label in ("It was announced", "It is in force"):
        pane.get_by_role("button", name=label).click()
        expect(pane.get_by_role("button", name=label)).to_have_count(0)
    expect(line).to_contain_text("in force")
    expect(pane.locator("[lang=uz]")).not_to_be_empty()

    pane.get_by_role("button", name="Lift it").click()
    chief.locator("#reason-text").fill("The safety manager: the barrier holds")
    chief.keyboard.press("Enter")
    expect(line).to_have_count(0)


def test_a_shift_is_given_and_taken_over(browser_context, running, people):
    from hamkor.incidents.commands import report_incident

    giver = people("operator")
    running.does(giver, report_incident, ago_min=2, type="fight", text="Two groups")
    first, second = (
        open_console(browser_context(user=user), running) for user in (giver, people("operator"))
    )
    keys = Keys(first)
    keys.press("h")
    pane = first.locator(".pane")
    expect(pane.locator(".counts").first).to_contain_text("Open incidents")
    pane.locator("#handover-notes").fill("Watch the eastern gates")
    pane.get_by_role("button", name="Hand over").dblclick()
    expect(pane).to_contain_text("not confirmed yet")

    expect(second.locator("#handover")).to_contain_text("waits for you: 1")
    second.keyboard.press("h")
    expect(second.locator(".pane .framed")).to_contain_text("Watch the eastern gates")
    expect(second.locator(".pane .framed")).to_contain_text("H-0001")
    second.get_by_role("button", name="I take over").dblclick()
    expect(pane.locator(".block").last).to_contain_text("confirmed")
    assert [each.state for each in running.all("handover")] == ["confirmed"]


def test_the_past_is_shown_in_a_frame_of_its_own_and_left_again(browser_context, running, people):
    from hamkor.alarms.commands import raise_manual
    from hamkor.incidents.commands import advance_incident, report_incident

    user = people("operator")
    gone = running.does(user, report_incident, ago_min=20, type="fight", text="Two groups")
    running.does(
        user, advance_incident, ago_min=5, incident_id=gone, state="closed", outcome="Parted", reason="Calm"
    )
    page = open_console(browser_context(user=user), running)
    expect(row(page, "H-0001")).to_have_count(0)
    page.locator("#menu summary").click()
    page.get_by_role("button", name="Show the past").click()
    expect(page.locator("body")).to_have_attribute("data-freshness", "replay")
    page.keyboard.press("PageUp")
    expect(row(page, "H-0001")).to_contain_text("Reported")
    expect(page.locator("body")).to_have_class(re.compile("replaying"))
    expect(page.locator("#replay")).to_contain_text("№")
    expect(row(page, "H-0001").locator(".row-actions")).to_have_count(0)
    running.does(user, raise_manual, title="Smoke above the stand", priority=1)
    expect(page.locator("#replay [role=alert]")).to_contain_text("New alarms now: 1")
    expect(page.locator(".alarm-list")).not_to_contain_text("Smoke above the stand")
    page.keyboard.press("Escape")
    expect(page.locator("body")).to_have_attribute("data-freshness", "live")
    expect(row(page, "H-0001")).to_have_count(0)
    expect(page.locator(".alarm-list")).to_contain_text("Smoke above the stand")


def test_the_situation_report_opens_as_page_text_and_paper(browser_context, running, people):
    from hamkor.incidents.commands import report_incident

    user = people("operator")
    running.does(user, report_incident, type="fight", text="Two groups")
    page = browser_context(user=user).new_page()
    page.goto(f"{running.address}report")
    expect(page.locator("main")).to_contain_text("H-0001")
    links = {
        name: page.get_by_role("link", name=name).get_attribute("href") for name in ("As text", "As PDF")
    }
    text, paper = (page.request.get(f"{running.address}report{href}") for href in links.values())
    assert "H-0001" in text.text()
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF-")


RECORD = """globalThis.heard = []; const Plain = globalThis.EventSource;
globalThis.EventSource = class extends Plain { constructor(...given) { super(...given);
  for (const kind of ["subscribed", "update", "signals", "heartbeat", "cut"])
    this.addEventListener(kind, (event) => globalThis.heard.push(`${kind} ${event.data}`)); } };"""
HIDDEN = "zanjabil"


def test_a_liaison_of_another_agency_gets_no_restricted_field(browser_context, running, people):
    from hamkor.incidents.commands import report_incident, set_medical
    from hamkor.orders.commands import send_message
    from hamkor.orders.rules import Addressee
    from hamkor.orders.rules.writing import Draft

    dispatcher, liaison = people("dispatcher", "tty"), people("liaison", "fvv")
    pages = {}
    for user in (dispatcher, liaison):
        context = browser_context(user=user)
        context.add_init_script(RECORD)
        pages[user.pk] = open_console(context, running)
    made = running.does(
        dispatcher, report_incident, type="medical", text="A person has fallen", agency="tty",
        reporter=f"reporter {HIDDEN}", card_112=f"card {HIDDEN}", known={"conscious": f"answer {HIDDEN}"},
    )  # fmt: skip
    running.does(dispatcher, set_medical, incident_id=made, condition=f"condition {HIDDEN}")
    draft = Draft(to=(Addressee(kind="agency", id="tty"),), text=f"between two {HIDDEN}")
    running.does(people("operator"), send_message, message=draft)
    running.does(dispatcher, report_incident, type="fight", text="Two groups")  # the last that is waited for
    for page in pages.values():
        expect(row(page, "H-0002")).to_be_visible()
        row(page, "H-0001").locator(".row-button").dblclick()
        expect(page.locator(".pane")).to_contain_text("A person has fallen")
    shown, hidden = pages[dispatcher.pk], pages[liaison.pk]
    for said in ("reporter", "card", "answer", "between two"):
        expect(shown.locator("body")).to_contain_text(f"{said} {HIDDEN}")
    assert HIDDEN in json.dumps(shown.evaluate("() => globalThis.heard"))
    heard = hidden.evaluate("() => globalThis.heard")
    assert any(made in told for told in heard)
    assert HIDDEN not in json.dumps(heard)
    assert HIDDEN not in hidden.content()


def test_windows_of_one_operator_follow_each_other(browser_context, running, people):
    from hamkor.alarms.commands import raise_manual
    from hamkor.incidents.commands import report_incident

    user = people("operator")
    for text in ("Two groups", "One more"):
        running.does(user, report_incident, type="fight", text=text)
    context = browser_context(user=user)
    first, second = open_console(context, running), open_console(context, running, "?wall")
    row(first, "H-0002").locator(".row-button").click()
    expect(row(second, "H-0002")).to_have_class(re.compile("chosen"))
    row(second, "H-0001").locator(".row-button").click()
    expect(row(first, "H-0001")).to_have_class(re.compile("chosen"))
    expect(row(first, "H-0002")).not_to_have_class(re.compile("chosen"))
    running.does(user, raise_manual, title="Smoke above the stand", priority=2)
    for page in (first, second):
        expect(page.locator(".alarm-list li.unacknowledged")).to_have_count(1)
    first.locator(".alarm-list li.unacknowledged button.small").dblclick()
    for page in (first, second):
        expect(page.locator(".alarm-list li.acknowledged")).to_have_count(1)


def test_a_form_pressed_twice_makes_one_incident(browser_context, running, people):
    page = open_console(browser_context(user=people("operator")), running)
    page.keyboard.press("n")
    expect(page.locator("#new-type")).to_be_focused()
    page.keyboard.type("fight")
    page.keyboard.press("Enter")
    expect(page.locator("#new-place")).to_be_focused()
    page.locator("#new-text").fill("Two men at the water")
    page.locator("#new-incident button.primary").dblclick()
    expect(row(page, "H-0001")).to_be_visible()
    expect(row(page, "H-0001")).to_have_count(1)
    assert len(running.all("incident")) == 1


def test_an_order_is_accepted_by_thumb(thumb, running, people):
    from hamkor.orders.commands import send_message
    from hamkor.orders.rules import Addressee
    from hamkor.orders.rules.writing import Draft

    sender, field, liaison = people("operator"), people("field", "mg"), people("liaison", "tty")
    to = (Addressee(kind="person", id=field.reference), Addressee(kind="agency", id="tty"))
    running.does(sender, send_message, message=Draft(to=to, text="Open the spare lane", urgency="flash"))

    phone = thumb(field).new_page()
    phone.goto(f"{running.address}orders")
    card = phone.locator("article", has_text="Open the spare lane")
    card.get_by_role("button", name="Accept").tap()
    expect(card).to_have_count(0)

    console = open_console(thumb(liaison), running)
    console.locator("#tabs button", has_text="Talk").tap()
    order = console.locator(".to-me li", has_text="Open the spare lane")
    accept = order.get_by_role("button", name="Accept")
    box = accept.bounding_box()
    assert min(box["width"], box["height"]) >= THUMB_PX
    accept.tap()
    expect(order).to_have_count(0)
    assert [receipt.answer for receipt in running.all("message")[0].receipts] == ["accepted", "accepted"]

# SPDX-License-Identifier: Apache-2.0
"""What if, in a real browser: a gate shut on the map, the answer beside the base case, a long run cancelled."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import expect

from hamkor.common.ids import new_id
from hamkor.journal.rules import Envelope
from hamkor.plans.commands import record_plan
from hamkor.scenarios.tests.builders import hall
from hamkor.workspace.stores import journals

GATE = "gate-03"


@pytest.fixture
def panel(page, event, worker):
    """The page of what-if questions of the coordinator, with a worker at hand."""
    page.goto(f"/events/{event}/scenarios/")
    expect(page.locator(f'#sketch-ask [data-gate="{GATE}"]')).to_have_attribute("role", "checkbox")
    return page


def ask(page, direction="leaving at once"):
    page.get_by_role("radio", name=direction, exact=True).check()
    page.get_by_role("button", name="Simulate").click()


def test_a_gate_is_shut_on_the_map_and_costs_minutes(panel, event):
    gate = panel.locator(f'#sketch-ask [data-gate="{GATE}"]')
    gate.locator(".sign").click(force=True)  # signs of neighbours may lie over it
    expect(gate).to_have_attribute("aria-checked", "true")
    expect(panel.locator(f'#ask input[name="shut"][value="{GATE}"]')).to_be_checked()
    expect(panel.locator("#shut-count")).to_have_text("1 shut")
    gate.focus()
    panel.keyboard.press(" ")
    expect(panel.locator("#shut-count")).to_have_text("everything open")
    panel.keyboard.press("Enter")
    expect(panel.locator("#shut-count")).to_have_text("1 shut")

    ask(panel)
    expect(panel).to_have_url(re.compile(r"\?run="))
    change = panel.locator(".bigs > div").last.locator(".change")
    expect(change).to_have_text(re.compile(r"^\+\d"), timeout=60_000)
    expect(panel.locator("#result h2")).to_contain_text("Gate 3 shut")
    expect(panel.locator(".result .chip.red", has_text="shut")).to_have_count(1)
    expect(panel.locator(".sign-off")).to_contain_text("A competent person decides")
    # What was chosen stays in the form, so that the next question is one press away.
    expect(panel.locator(f'#ask input[name="shut"][value="{GATE}"]')).to_be_checked()

    panel.get_by_role("button", name="Simulate").click()
    expect(panel.locator(".notice")).to_contain_text("asked before")
    expect(panel.locator(".run")).to_have_count(1)

    panel.locator(f'#ask input[name="shut"][value="{GATE}"]').uncheck()
    ask(panel)
    expect(panel.locator(".run")).to_have_count(2)
    expect(panel.locator("#result")).to_contain_text("This is the base case itself", timeout=60_000)
    for box in panel.locator(".run-compare input").all():
        box.check()
    panel.get_by_role("button", name="Compare the chosen ones").click()
    expect(panel.locator("#side tbody tr").nth(3)).to_contain_text("All arrived after")
    expect(panel.locator("#side .curve .line")).to_have_count(4)  # two lines and their two keys

    with panel.expect_download() as download:
        panel.goto(f"/events/{event}/scenarios/")
        panel.get_by_role("link", name="replay.html").click()
    assert download.value.suggested_filename.endswith("replay.html")
    assert download.value.path().stat().st_size > 0  # whole, before its browser is closed


@pytest.fixture
def fair(committed) -> UUID:
    """An event in a hall so full that every person takes a while to get out."""
    now = datetime.now(UTC)
    envelope = Envelope(stream=new_id(now), command_id=new_id(now), at=now, by="rule:test", agency="iib")
    committed(record_plan, journals(), envelope, plan=hall(people=2400))
    return UUID(str(envelope.stream))


def test_every_person_is_cancelled_while_they_walk(browser_context, fair, worker):
    panel = browser_context("coordinator", stream=fair).new_page()
    panel.goto(f"/events/{fair}/scenarios/")
    panel.locator("#method").select_option("micro")
    panel.locator("#more-options summary").click()
    panel.locator("#runs").fill("1")
    ask(panel)
    waiting = panel.locator(".run", has_text="every person")
    expect(waiting.locator("progress")).to_be_visible()
    expect(waiting).to_contain_text("at work", timeout=60_000)
    # Quick questions pass the long one.
    panel.locator("#method").select_option("network")
    ask(panel)
    expect(panel.locator(".bigs")).to_be_visible(timeout=60_000)
    waiting.get_by_role("button", name=re.compile("Cancel")).click()
    expect(waiting).to_contain_text("cancelled")
    expect(waiting.locator("progress")).to_have_count(0)


def test_nonsense_keeps_what_was_typed(panel, watched):
    watched.expect(r"422|status of 422")
    panel.locator("#people").fill("many")
    ask(panel)
    expect(panel.get_by_role("alert")).to_contain_text("“many” is no whole number")
    expect(panel.locator("#people")).to_have_value("many")
    panel.locator("#people").fill("20 000")
    ask(panel, "leaving at once")
    expect(panel.locator("#result h2")).to_contain_text("20 000 people")


def test_who_only_reads_sees_the_answers_of_others(browser_context, event):
    page = browser_context("auditor", stream=event).new_page()
    page.goto(f"/events/{event}/scenarios/")
    expect(page.get_by_role("heading", name="What if")).to_be_visible()
    expect(page.get_by_role("button", name="Simulate")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("You see every answer")

# SPDX-License-Identifier: Apache-2.0
"""Every page can be used by everybody: axe finds nothing serious, nothing scrolls sideways, Tab reaches everything."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
BAD = {"serious", "critical"}

SECTIONS = (
    "",
    "passport",
    "attendance",
    "venue",
    "venue/import",
    "scenarios/",
    "duties",
    "tasks",
    "people",
    "posts",
    "shifts",
    "part/posts/post-command",
    "part/posts/new",
    "means",
    "services",
    "hazards",
    "contingencies",
    "communications",
    "communications/channels/tetra",
    "communications/links/new",
    "stop",
    "warnings",
    "application",
    "findings",
    "approvals",
    "questions",
    "attachments",
    "history",
    "print",
    "roles",
)
OTHERS = (
    "/",
    "/?view=calendar",
    "/events/new",
    "/events/import",
    "/account",
    "/account/tokens",
    "/agencies",
    "/agencies/history",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/password/change/",
    "/rules/ENT-007",
    "/interface",
    "/verify/",
)
ENTRANCES = ("/accounts/login/", "/accounts/password/reset/")

AXE = """async (options) => (await axe.run(document, options)).violations.map(
  (each) => [each.impact, each.id, each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])"""
SIDEWAYS = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
DOUBLE = """() => { const seen = new Set(); const double = new Set();
  for (const element of document.querySelectorAll("[id]")) (seen.has(element.id) ? double : seen).add(element.id);
  return [...double]; }"""


@pytest.fixture
def event(make_event):
    """The example with a few things of each sort: enough of every page, in a third of the time."""
    return make_event(at_most=6)


@pytest.fixture
def keeper(make_person, event):
    """A coordinator of the event who also keeps the installation: sees every page."""
    return make_person("coordinator", stream=event, is_administrator=True)


def addresses(event) -> list[str]:
    """Returns every page one meets signed in."""
    return [*(f"/events/{event}/{section}" for section in SECTIONS), *OTHERS]


def faults_of(page: Page, address: str) -> list[Any]:
    """Opens a page and returns what axe finds serious, and ids that stand twice."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    if width == 720:  # where the page before was looked at enlarged
        page.set_viewport_size({"width": 390, "height": 844})
    answer = page.goto(address)
    found: list[Any] = [] if answer is not None and answer.ok else [f"{address}: not shown"]
    page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    violations = page.evaluate(AXE, OPTIONS)
    found += [f"{address}: {impact} {rule} {nodes}" for impact, rule, nodes in violations if impact in BAD]
    return found + [f"{address}: id {double} twice" for double in page.evaluate(DOUBLE)]


@pytest.mark.parametrize(("size", "scheme", "language"), [("desk", "light", "uz"), ("phone", "dark", "ru")])
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(
    browser_context, keeper, event, size, scheme, language
):
    look = {"size": size, "scheme": scheme, "language": language}
    page = browser_context(user=keeper, **look).new_page()
    faults = []
    for address in addresses(event):
        faults += faults_of(page, address)
        faults += sideways(page, address) if size == "phone" else []
    stranger = browser_context(**look).new_page()
    for address in ENTRANCES:
        faults += faults_of(stranger, address) + sideways(stranger, address)
    assert faults == [], "\n".join(faults)


def sideways(page: Page, address: str) -> list[str]:
    """Returns where the page is wider than a phone, or than a desk where everything is shown twice as large."""
    faults = []
    for width, height in ((390, 844), (720, 450)):
        page.set_viewport_size({"width": width, "height": height})
        wider = page.evaluate(SIDEWAYS)
        faults += [f"{address}: {wider} px wider than {width}"] if wider > 0 else []
    return faults


REACHED = """() => { const element = document.activeElement; const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  // The button inside a field of a date has the mark itself, which no script can see.
  const mark = !element.matches(":focus") || isOutlined || style.boxShadow !== "none";
  return [element.tagName, mark, box.width * box.height > 0, element.outerHTML.slice(0, 120)]; }"""
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(
  (element) =>
  element.checkVisibility() && !element.disabled && element.tabIndex >= 0 && element.type !== "hidden" &&
  !element.closest("dialog:not([open])")).length"""


@pytest.mark.parametrize("section", ["duties", "part/posts/post-command", "approvals"])
def test_tab_reaches_everything_and_shows_where_it_is(browser_context, keeper, event, section):
    page = browser_context(user=keeper).new_page()
    page.goto(f"/events/{event}/{section}")
    count = page.evaluate(REACHABLE)
    reached = set()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    for _ in range(count + 5):
        tag, is_marked, is_seen, html = page.evaluate(REACHED)
        if tag == "BODY":
            break
        assert is_marked, f"no mark of the focus: {html}"
        assert is_seen, f"focus where nothing is seen: {html}"
        reached.add(html)
        page.keyboard.press("Tab")
    assert len(reached) >= min(count, 40) * 0.8

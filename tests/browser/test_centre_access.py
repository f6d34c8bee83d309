# SPDX-License-Identifier: Apache-2.0
"""Everybody can work at the centre: with a keyboard, a screen reader, a phone, and eyes that see fewer colours."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page, expect
from tests.browser.centre_helpers import NO_GRAPHICS, Ground, open_console, row

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
BAD = {"serious", "critical"}
AXE = """async ([where, options]) => (await axe.run(where || document, options)).violations.map(
  (each) => [each.impact, each.id, each.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))])"""
DOUBLE = """() => [...document.querySelectorAll("[id]")].map((one) => one.id)
  .filter((id, at, all) => all.indexOf(id) < at)"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Parts of the console that are opened one after another, by the key that opens each and what is then there.
PANES = {
    "new incident": ("n", "#new-incident"),
    "a message": ("w", "#compose-text"),
    "an alarm by hand": ("t", "#raise-title"),
    "contingencies": ("Shift+C", ".pane .lines"),
    "hand-over": ("h", "#handover-notes"),
    "roll call": ("r", ".pane h2"),
}
DIALOGS = {
    "keys": ("?", "#console-keys"),
    "show-stop": ("x", "#show-stop-dialog"),
    "shelve": ("z", "#ask-reason"),
}
TABS = ("Incidents", "Alarms", "Map", "Talk", "Tasks", "State")


@pytest.fixture
def ground(committed, watched):
    """An event in operation for half an hour, with a few things of each sort."""
    watched.expect(NO_GRAPHICS)
    return Ground(committed, at_most=8)


@pytest.fixture
def keeper(make_person, ground):
    """A coordinator, who sees every button of the console."""
    return make_person("coordinator", stream=ground.stream)


@pytest.fixture
def busy(ground, keeper, make_person):
    """The same event when much is going on: incidents and alarms of each priority, units, messages of each sort."""
    from hamkor.alarms.commands import raise_manual, set_rule, shelve
    from hamkor.alarms.rules.alarms import AlarmRule
    from hamkor.incidents.commands import add_note, report_incident
    from hamkor.operation.commands import check_in, open_operation
    from hamkor.operation.rules.places import Place
    from hamkor.orders.commands import log_message, send_message
    from hamkor.orders.rules import Addressee
    from hamkor.orders.rules.writing import Draft
    from hamkor.units.commands import dispatch_units, register_unit

    does = ground.does
    does(keeper, open_operation, ago_min=30, mode="drill", title="A jam at the entrance")
    place = Place(feature="check-3")
    made = [
        does(
            keeper,
            report_incident,
            ago_min=20,
            type="fight",
            text="Two groups",
            priority=priority,
            place=place,
        )
        for priority in (1, 2, 3, 4)
    ]
    does(keeper, add_note, ago_min=19, incident_id=made[0], text="Stewards are there", hand_over=True)
    units = [
        does(
            keeper, register_unit, ago_min=25, call_sign=f"IIB-{number}", capabilities=("patrol",), home=place
        )
        for number in (1, 2)
    ]
    does(keeper, dispatch_units, ago_min=18, incident_id=made[1], unit_ids=units[:1])
    rule = AlarmRule(
        id="jam", title="Gate jammed", sort="manual", priority=1, contingency="c-gates", agency="mg"
    )
    does(keeper, set_rule, ago_min=25, rule=rule)
    alarms = [
        does(keeper, raise_manual, ago_min=5, title=f"Alarm {priority}", priority=priority, place=place)
        for priority in (1, 2, 3, 4)
    ]
    does(keeper, raise_manual, ago_min=3, rule="jam")
    does(keeper, shelve, ago_min=2, alarm_ids=[alarms[3]], minutes=60, reason="Known")
    other = make_person("operator", agency="mg", stream=ground.stream)
    for sort, urgency in (("order", "flash"), ("question", "immediate"), ("information", "routine")):
        to = (Addressee(kind="person", id=keeper.reference), Addressee(kind="agency", id="tty"))
        does(other, send_message, message=Draft(to=to, text=f"One {sort}", sort=sort, urgency=urgency))
    does(keeper, log_message, text="All quiet", via="tetra")
    does(keeper, check_in, post_id="post-command", present=3)
    ground.look(in_s=70)
    return ground


def faults_of(page: Page, where: str = "") -> list[str]:
    """Returns what axe finds serious on a page, or in a part of it, and ids that stand twice."""
    page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8") + "; null")
    found = page.evaluate(AXE, [where, OPTIONS])
    double = page.evaluate(DOUBLE)
    return [f"{impact} {rule} {nodes}" for impact, rule, nodes in found if impact in BAD] + [
        f"id {id_} twice" for id_ in double
    ]


def told(faults: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}: {fault}" for name, found in faults.items() for fault in found)


def sideways(page: Page) -> list[str]:
    """Returns by how much the page is wider than its window, when it is."""
    wider = page.evaluate(SIDEWAYS)
    return [f"{wider} px too wide"] if wider > 0 else []


def test_axe_finds_nothing_serious_on_the_desk_in_panes_and_dialogs(browser_context, busy, keeper):
    page = open_console(browser_context(user=keeper), busy)
    expect(page.locator(".alarm-list li.alarm").first).to_be_visible()
    faults = {"desk": faults_of(page)}
    for sheet in ("units", "posts"):
        page.locator(f"#tab-{sheet}").click()
        expect(page.locator(f"#{sheet}")).to_be_visible()
        faults[sheet] = faults_of(page, "#incidents")
    page.locator("#tab-incidents").click()
    row(page, "H-0001").locator(".row-button").dblclick()
    expect(page.locator(".pane .steps")).to_be_visible()
    faults["an incident"] = faults_of(page, ".pane")
    page.keyboard.press("d")
    expect(page.locator(".candidates")).to_be_visible()
    faults["who is sent"] = faults_of(page, ".pane")
    for name, (key, shown) in PANES.items():
        page.locator("h2#pane-title").focus()
        page.keyboard.press(key)
        expect(page.locator(shown).first).to_be_visible()
        faults[name] = faults_of(page, ".pane")
    while page.locator(".pane").is_visible():
        page.keyboard.press("Escape")
    for name, (key, shown) in DIALOGS.items():
        page.keyboard.press(key)
        expect(page.locator(shown)).to_be_visible()
        faults[name] = faults_of(page, shown)
        page.keyboard.press("Escape")
        expect(page.locator(shown)).to_be_hidden()
    page.locator("#menu summary").click()
    faults["menu"] = faults_of(page, "#menu")
    page.get_by_role("button", name="Show the past").click()
    expect(page.locator("body")).to_have_attribute("data-freshness", "replay")
    faults["replay"] = faults_of(page)
    assert not any(faults.values()), told(faults)


def test_axe_finds_nothing_serious_on_the_wall_and_before_an_operation(browser_context, ground, keeper):
    page = open_console(browser_context(user=keeper, size="wall", scheme="dark"), ground)
    page.locator("#phases button").click()
    expect(page.locator("#ask-operation")).to_be_visible()
    faults = faults_of(page)  # nothing runs yet: every list is empty
    page.keyboard.press("Escape")
    page.goto(f"{ground.address}?wall")
    expect(page.locator("body")).to_have_attribute("data-freshness", "live")
    faults += faults_of(page)
    assert faults == [], told({"wall": faults})


@pytest.mark.parametrize("language", ["en", "uz", "ru"])
def test_nothing_scrolls_sideways_on_a_phone_and_axe_is_content(browser_context, busy, keeper, language):
    page = open_console(browser_context(user=keeper, size="phone", language=language), busy)
    faults = {}
    for number, tab in enumerate(TABS):
        page.locator("#tabs button").nth(number).click()
        faults[tab] = sideways(page) + (faults_of(page) if language == "en" else [])
    for name in ("report", "rules", "rules?rule=density-critical", "orders"):
        page.goto(f"{busy.address}{name}")
        faults[name] = sideways(page) + (faults_of(page) if language == "en" else [])
    assert not any(faults.values()), told(faults)


def test_a_screen_reader_is_told_what_it_is_how_grave_and_where(browser_context, busy, keeper):
    from hamkor.alarms.commands import raise_manual

    page = open_console(browser_context(user=keeper), busy)
    names = [
        page.locator("#incident-list").get_by_role(
            "button", name=re.compile(rf"{number}.*{word}.*H-000{number}.*Checkpoint 3.*", re.IGNORECASE)
        )
        for number, word in enumerate(("critical", "high", "medium", "low"), 1)
    ]
    for name in names:
        expect(name).to_have_count(1)
    alarms = page.locator("#alarms")
    expect(
        alarms.get_by_role("button", name=re.compile("critical.*Alarm 1.*Checkpoint 3", re.DOTALL))
    ).to_have_count(1)
    expect(alarms.get_by_role("button", name="Acknowledge: Alarm 2")).to_have_count(1)
    for region in ("Alarms", "Communications", "Map of the venue"):
        expect(page.get_by_role("region", name=region).first).to_be_attached()
    urgent, calm = page.locator("#said-now[role=alert]"), page.locator("#said-soon[aria-live=polite]")
    busy.does(keeper, raise_manual, title="Smoke above the stand", priority=1)
    expect(urgent).to_contain_text("Smoke above the stand")
    busy.does(keeper, raise_manual, title="A lamp is out", priority=4)
    expect(calm).to_contain_text("A lamp is out")
    for place in ("#truth[role=status]", "#toasts[role=status]"):
        expect(page.locator(place)).to_be_attached()


# Seen by people who lack one sort of cones: matrices for linear RGB at full severity.
# Source: Machado, Oliveira, Fernandes (2009), A Physiologically-based Model for Simulation of Color Vision Deficiency,
# IEEE TVCG 15(6), table 1, severity 1.0.
LACKING = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# Linear sRGB to CIE XYZ at the white of D65 (IEC 61966-2-1), and that white.
TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)
# About ten times a just noticeable difference: told apart at a glance, in small marks.
DISTANCE_MIN = 22.0
SHOWN = """async () => { const style = getComputedStyle(document.documentElement);
  const { ALARM_COLOURS } = await import(document.querySelector('link[href*="map_style"]').href);
  const marks = [1, 2, 3, 4].map((priority) => document.querySelector(`#incident-list .mark-${priority}`));
  return { page: [1, 2, 3, 4].map((priority) => style.getPropertyValue(`--p${priority}`).trim()),
    map: [1, 2, 3, 4].map((priority) => ALARM_COLOURS[priority]),
    shapes: marks.map((mark) => mark.querySelector("path").getAttribute("d")),
    numbers: marks.map((mark) => mark.querySelector("text").textContent.trim()),
    names: marks.map((mark) => mark.getAttribute("aria-label")) }; }"""


def linear(colour: str) -> tuple[float, ...]:
    """Returns a colour such as #ff5c5c as linear RGB, 0 to 1 (IEC 61966-2-1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def times(matrix, values) -> tuple[float, ...]:
    return tuple(sum(factor * value for factor, value in zip(line, values, strict=True)) for line in matrix)


def lab(rgb) -> tuple[float, float, float]:
    """Returns linear RGB as CIE 1976 L*a*b*, at the white of D65."""

    def f(ratio: float) -> float:
        return ratio ** (1 / 3) if ratio > 216 / 24389 else (24389 / 27 * ratio + 16) / 116

    inside = [min(1.0, max(0.0, value)) for value in rgb]
    x, y, z = (f(value / white) for value, white in zip(times(TO_XYZ, inside), WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def nearest(colours: list[str], lack: str) -> float:
    """Returns the CIE 1976 distance of the two colours most alike to somebody with a colour vision deficiency."""
    seen = [lab(times(LACKING[lack], linear(colour))) for colour in colours]
    pairs = combinations(seen, 2)
    return min(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 for one, other in pairs)


def test_four_priorities_are_told_apart_without_colour_and_with_fewer_colours(browser_context, busy, keeper):
    page = open_console(browser_context(user=keeper), busy)
    expect(row(page, "H-0004")).to_be_visible()
    shown = page.evaluate(SHOWN)
    assert len(set(shown["shapes"])) == len(set(shown["names"])) == 4
    assert shown["numbers"] == ["1", "2", "3", "4"]
    assert shown["page"] == shown["map"]
    distances = {lack: nearest(shown["page"], lack) for lack in LACKING}
    assert min(distances.values()) >= DISTANCE_MIN, distances


NUMBERED = """() => { const sorts = "a[href], button, input, select, textarea, summary, [tabindex]";
  const isReachable = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0
    && one.type !== "radio" && !one.closest("dialog:not([open])") && one.getBoundingClientRect().width > 0;
  const all = [...document.querySelectorAll(sorts)].filter(isReachable);
  all.forEach((one, at) => { one.tabNumber = at; });
  return all.map((one) => one.outerHTML.slice(0, 160)); }"""
REACHED = """() => { const one = document.activeElement; const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const isMarked = !one.matches(":focus") || isOutlined || style.boxShadow !== "none";
  const isSeen = box.width * box.height > 0;
  return [one === document.body, one.tabNumber ?? -1, isMarked, isSeen, one.outerHTML.slice(0, 160)]; }"""


def test_the_keyboard_reaches_everything_and_shows_where_it_is(browser_context, busy, keeper):
    page = open_console(browser_context(user=keeper), busy)
    expect(page.locator("#map canvas").first).to_be_visible()
    expect(page.locator(".alarm-list li.alarm").first).to_be_visible()
    page.locator("#menu summary").click()
    page.evaluate("() => document.activeElement.blur()")
    wanted = page.evaluate(NUMBERED)
    reached = set()
    page.locator(".skip").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")  # a focus that comes from the keyboard is shown
    for _ in range(len(wanted) + 40):
        is_out, number, is_marked, is_seen, html = page.evaluate(REACHED)
        if is_out:
            break
        assert is_marked, f"no mark of the focus: {html}"
        assert is_seen, f"focus where nothing is seen: {html}"
        reached.add(number)
        page.keyboard.press("Tab")
    missed = [html for number, html in enumerate(wanted) if number not in reached]
    assert missed == []

# SPDX-License-Identifier: Apache-2.0
"""The layer of the next ten minutes: switched on and off, never taken for what is measured, old ones struck."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.centre_helpers import NO_GRAPHICS, Ground, open_console

SECTOR = "sector-01"
GATE = "check-1"


@pytest.fixture
def ground(committed, watched, make_person):
    """An event in operation for half an hour."""
    from hamkor.operation.commands import open_operation

    watched.expect(NO_GRAPHICS)
    made = Ground(committed)
    coordinator = make_person("coordinator", stream=made.stream)
    made.does(coordinator, open_operation, ago_min=30, mode="real")
    return made


@pytest.fixture
def operator(make_person, ground):
    return make_person("operator", stream=ground.stream)


@pytest.fixture
def tells(committed, ground):
    """Has a forecast told as the watch tells it: `tells(ago_s=5)`, `tells(trouble="nothing-counted")`."""
    return lambda **fields: committed(_tell, ground.stream, fields)


def _tell(stream, fields):
    import msgspec

    from hamkor.forecasts.rules.forecast import Forecast, GateAhead, Line, PastError, PlaceAhead, Reach
    from hamkor.workspace.stores import pool

    at = datetime.now(UTC) - timedelta(seconds=fields.pop("ago_s", 0))
    inside = Line(
        middle=tuple(4000.0 + 100 * minute for minute in range(31)),
        low=tuple(4000.0 + 80 * minute for minute in range(31)),
        high=tuple(4000.0 + 120 * minute for minute in range(31)),
    )
    place = PlaceAhead(
        people=(900, 1400, 2500, 3200),
        low=(900, 1300, 2100, 2600),
        high=(900, 1500, 2900, 3500),
        area_m2=800,
        holds=3000,
        reaches=(Reach(limit="density", value=3, in_min=9.4, soonest_min=7.5, latest_min=12.2),),
    )
    gate = GateAhead(
        flow_per_min=(20, 20, 20, 20),
        queue=(0, 60, 120, 10),
        queue_low=(0, 40, 90, 0),
        queue_high=(0, 80, 170, 30),
        wait_s=(0, 90, 240, 20),
    )
    error = PastError(said=4200, was=4350, before_min=10, mean_abs=0.06, bias=-0.02, in_band=0.9, count=9)
    given = {"minutes": (0, 5, 10, 30), "inside": inside, "places": {SECTOR: place}, "gates": {GATE: gate}}
    if fields.get("trouble"):
        given = {}
    made = Forecast(made_at=at, event_at=at, direction="ingress", error=error, **(given | fields))
    body = msgspec.json.encode(made).decode()
    with pool().connection() as connection:
        connection.execute(
            "INSERT INTO forecast_latest (stream, at, received_at, body) VALUES (%s, %s, clock_timestamp(), %s::jsonb)"
            " ON CONFLICT (stream) DO UPDATE SET at = excluded.at, received_at = excluded.received_at,"
            " body = excluded.body",
            [str(stream), at, body],
        )
        connection.execute("SELECT pg_notify('hamkor_signals', %s)", [str(stream)])


def choose(page, feature):
    page.evaluate(
        "async (id) => { const { src } = document.querySelector('script[src*=console]');"
        " const { store } = await import(src.replace('console.js', 'store.js'));"
        " store.select({ kind: 'feature', id }); }",
        feature,
    )


def test_the_layer_says_loudly_that_it_is_a_forecast_and_goes_with_escape(
    ground, operator, tells, browser_context
):
    tells()
    page = open_console(browser_context(user=operator), ground)
    bar, chip = page.locator("#forecast"), page.get_by_role("button", name="In 10 minutes")
    expect(bar).to_be_hidden()
    chip.click()
    expect(bar).to_contain_text("FORECAST +10 min")
    expect(bar).to_contain_text("5 000 (4 800–5 200)")
    expect(bar).to_contain_text("10 min ago we said 4 200, it is 4 350: 3.4 % low; average error 6.0 %")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(page.locator("body")).to_have_class(re.compile("forecasting"))
    expect(page.locator("#map")).to_have_attribute("aria-label", re.compile("forecast for 10 minutes ahead"))
    expect(page.locator(".map-legend")).to_contain_text("Forecast: people per m²")
    bar.get_by_role("slider").fill("3")
    expect(bar).to_contain_text("FORECAST +30 min")
    page.locator("body").press("Escape")
    expect(bar).to_be_hidden()
    expect(page.locator("body")).not_to_have_class(re.compile("forecasting"))
    expect(page.locator("#map")).to_have_attribute("aria-label", "Map of the venue")


def test_the_command_line_and_the_key_lead_there_and_back(ground, operator, tells, browser_context):
    tells()
    page = open_console(browser_context(user=operator), ground)
    expect(page.get_by_role("button", name="In 10 minutes")).to_be_visible()
    line = page.locator("#command-line")
    line.fill("/forecast 30")
    line.press("Enter")
    expect(page.locator("#forecast")).to_contain_text("FORECAST +30 min")
    line.fill("/forecast 0")
    line.press("Enter")
    expect(page.locator("#forecast")).to_be_hidden()
    line.press("Escape")
    page.locator("body").press("Shift+F")
    expect(page.locator("#forecast")).to_contain_text("FORECAST +10 min")
    page.locator("body").press("Shift+F")
    expect(page.locator("#forecast")).to_be_hidden()
    page.locator("body").press("?")
    expect(page.locator("#console-keys")).to_contain_text("Map in 10 minutes, and back")


def test_cards_say_what_comes_and_when_a_limit_is_reached(ground, operator, tells, browser_context):
    tells()
    page = open_console(browser_context(user=operator), ground)
    card = page.locator(".map-card")
    choose(page, SECTOR)
    expect(card).to_contain_text("900 → 2 500 (2 100–2 900)")
    expect(card).to_contain_text("reaches 3 people/m² in about 9 min (8–12)")
    choose(page, GATE)
    expect(card).to_contain_text("120 wait (90–170), wait 4.0 min")
    page.get_by_role("button", name="List").click()
    page.locator(".map-list select").select_option("forecast")
    expect(page.locator(".map-list tbody")).to_contain_text("2 500 (2 100–2 900)")


def test_an_old_forecast_is_struck_and_a_missing_one_says_why(ground, operator, tells, browser_context):
    tells(ago_s=400)
    page = open_console(browser_context(user=operator), ground)
    page.locator("body").press("Shift+F")
    bar = page.locator("#forecast")
    expect(bar).to_contain_text("This forecast is old and shown in grey.")
    expect(bar).to_have_attribute("data-state", "stale")
    tells(trouble="nothing-counted")
    expect(bar.get_by_role("alert")).to_contain_text("without a count there is no forecast")


def test_who_only_looks_asks_no_what_if(ground, tells, browser_context):
    tells()
    page = open_console(browser_context("auditor", agency="hok", stream=ground.stream), ground)
    choose(page, GATE)
    expect(page.locator(".map-card")).to_contain_text("120 wait")
    expect(page.get_by_role("button", name="What if it shuts?")).to_have_count(0)


def test_a_phone_shows_the_layer_without_scrolling_sideways(ground, operator, tells, browser_context):
    tells()
    page = open_console(browser_context(user=operator, size="phone"), ground)
    page.locator("#tabs button", has_text="Map").click()
    page.get_by_role("button", name="In 10 minutes").click()
    expect(page.locator("#forecast .sign")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    page.locator("#forecast").get_by_role("button", name="Back to what is measured").click()
    expect(page.locator("#forecast")).to_be_hidden()

# SPDX-License-Identifier: Apache-2.0
"""The map of a venue in a real browser: choosing, changing, drawing, placing, and what others see of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

AREA = "sector-06"


def open_map(page, event, query=""):
    page.goto(f"/events/{event}/venue{query}")
    expect(page.locator("#venue[data-ready]")).to_be_attached()
    return page.locator("#map")


def middle_of(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, start, by):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2)
    page.mouse.move(start[0] + by[0], start[1] + by[1])
    page.mouse.up()


def feature_of(page, event, id_):
    answer = page.request.get(f"/events/{event}/venue/drawing")
    return next((each for each in answer.json()["features"] if each["id"] == id_), None)


def test_what_is_chosen_in_the_list_is_chosen_on_the_map_and_back(page, event):
    open_map(page, event)
    page.locator(f"#map-table button[data-id={AREA}]").click()
    expect(page.locator(f"#map [data-id={AREA}].chosen").first).to_be_attached()
    expect(page.locator("#panel-title")).to_have_text("Sector 6")
    expect(page).to_have_url(re.compile(f"feature={AREA}"))
    page.locator("#map").focus()
    page.keyboard.press("0")
    page.reload()
    expect(page.locator("#venue[data-ready]")).to_be_attached()
    expect(page.locator(f"#map-table tr[data-id={AREA}]")).to_have_attribute("aria-selected", "true")
    page.locator("[data-map=close]").click()
    expect(page.locator("#panel-title")).to_have_count(0)


def test_a_corner_is_dragged_seen_by_others_and_taken_back(page, event, browser_context):
    open_map(page, event, f"?feature={AREA}")
    other = browser_context("liaison", agency="tty", stream=event).new_page()
    open_map(other, event, f"?feature={AREA}")
    expect(other.locator("#map .handle")).to_have_count(0)
    before, seen = (
        feature_of(page, event, AREA),
        other.locator(f"#map path.area[data-id={AREA}]").get_attribute("d"),
    )
    drag(page, middle_of(page.locator("#map .handle.corner").first), (8, -6))
    expect(other.locator(f"#map path.area[data-id={AREA}]")).not_to_have_attribute("d", seen)
    after = feature_of(page, event, AREA)
    assert after["paths"] != before["paths"]
    assert len(after["paths"][0][0]) == len(before["paths"][0][0])
    page.keyboard.press("Control+z")
    expect(other.locator(f"#map path.area[data-id={AREA}]")).to_have_attribute("d", seen)


def test_an_area_is_drawn_by_clicks_with_its_measures_and_removed(page, event):
    chart = open_map(page, event)
    page.locator("#map-draw > summary").click()
    page.locator("#new-area").select_option("queue")
    page.locator("#new-name").fill("Waiting place")
    page.locator("#map-new .primary").click()
    box = chart.bounding_box()
    for x, y in ((60, 120), (160, 120), (160, 220), (60, 220)):
        page.mouse.click(box["x"] + x, box["y"] + y)
    page.mouse.move(box["x"] + 58, box["y"] + 180)
    expect(page.locator("#map-tip")).to_contain_text("m²")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_have_text("Waiting place")
    assert len(feature_of(page, event, "waiting-place")["paths"][0][0]) == 3
    page.locator("#panel-remove > summary").click()
    page.locator("[data-map=remove]").click()
    expect(page.locator("#panel-title")).to_have_count(0)
    assert feature_of(page, event, "waiting-place") is None


def test_drawing_is_given_up_without_a_trace(page, event, history_of):
    chart = open_map(page, event)
    entries = len(history_of(event))
    page.locator("#map-draw > summary").click()
    page.locator("#map-new .primary").click()
    box = chart.bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + 120)
    page.keyboard.press("Escape")
    expect(page.locator("#map-hint")).to_be_hidden()
    assert len(history_of(event)) == entries


def test_a_field_of_the_chosen_feature_keeps_itself(page, event):
    open_map(page, event, "?feature=gate-01")
    field = page.locator("[data-path='properties/clear_width_m']")
    field.fill("4.2")
    field.blur()
    expect(page.locator(".read-outs")).to_contain_text("4.2")
    page.locator("[data-phase=emergency]").select_option("forward")
    expect(page.locator("[data-uses]")).to_have_attribute("data-seen", re.compile("emergency"))


def test_layers_stay_hidden_in_this_browser(page, event):
    open_map(page, event)
    for _ in range(2):
        page.locator("#map-layers > summary").click()
        box = page.get_by_role("checkbox", name=re.compile("^Areas"))
        if box.is_checked():
            box.uncheck()
        expect(page.locator(f"#map path.area[data-id={AREA}]")).to_be_hidden()
        page.reload()
        expect(page.locator("#venue[data-ready]")).to_be_attached()


def test_a_drawing_is_taken_over_after_a_look(page, event, tmp_path):
    ring = [[69.33, 41.371], [69.331, 41.371], [69.331, 41.372], [69.33, 41.371]]
    yard = {"type": "Feature", "id": "yard", "geometry": {"type": "Polygon", "coordinates": [ring]}}
    yard["properties"] = {"kind": "area", "use": "square", "name": "Yard"}
    file = tmp_path / "yard.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [yard]}), encoding="utf-8")
    page.goto(f"/events/{event}/venue")
    page.get_by_role("link", name="Import a drawing").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("#map path.area[data-id=yard]")).to_be_attached()
    page.get_by_role("button", name="Take the drawing over").click()
    expect(page.locator("#map path.area[data-id=yard]")).to_be_attached()
    expect(page.locator(f"#map path.area[data-id={AREA}]")).to_be_attached()


def test_on_a_phone_the_panel_lies_over_the_page(browser_context, event):
    page = browser_context("coordinator", stream=event, size="phone").new_page()
    open_map(page, event, f"?feature={AREA}")
    panel = page.locator("#venue-panel").bounding_box()
    assert panel["y"] + panel["height"] == pytest.approx(844, abs=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_five_thousand_things_are_drawn_and_moved(page, event, committed):
    committed(_add_many, event, 5000)
    page.goto(f"/events/{event}/venue")
    expect(page.locator("#venue[data-ready]")).to_be_attached(timeout=60_000)
    view = page.locator("#map")
    before = view.evaluate("(svg) => svg.innerHTML.length")
    assert before > 5000
    view.press("ArrowLeft")
    view.press("+")
    expect(view).to_be_visible()


def _add_many(event, count):
    from hamkor.agencies.rules import Grant, Viewer
    from hamkor.common.ids import new_id
    from hamkor.journal.rules import Envelope
    from hamkor.plans.commands import edit_plan
    from hamkor.plans.rules.edits import AddItem
    from hamkor.workspace.stores import journals

    def block(number):
        west, south = 69.32 + (number % 100) * 0.0002, 41.36 + (number // 100) * 0.0002
        ring = [
            [west, south],
            [west + 0.00015, south],
            [west + 0.00015, south + 0.00015],
            [west, south + 0.00015],
        ]
        geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        properties = {"kind": "area", "use": "other", "name": f"Block {number}"}
        return {"type": "Feature", "id": f"block-{number}", "geometry": geometry, "properties": properties}

    now = datetime.now(UTC)
    viewer = Viewer(person="person:many", agency="iib", grants=(Grant(role="planner", agency="iib"),))
    envelope = Envelope(stream=event, command_id=new_id(now), at=now, by="person:many", agency="iib")
    edits = [AddItem(part="venue", body=block(number)) for number in range(count)]
    edit_plan(journals(), envelope, viewer=viewer, edits=edits)

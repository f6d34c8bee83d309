# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
import struct
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.checks.rules.findings import Subject
from hamkor.common.i18n import LANGUAGES
from hamkor.plans.rules.plan import Plan
from hamkor.printing.map_svg import venue_map_png, venue_map_svg, venue_picture
from hamkor.printing.maps.markers import place_findings
from hamkor.printing.maps.projection import project
from hamkor.printing.maps.sheet import Places
from hamkor.printing.maps.svg import text_width, wrapped
from hamkor.printing.tests.plans import (
    bare_plan,
    finding,
    hostile_plan,
    plan_of,
    rich_plan,
    rich_report,
    venue_of,
    without_coordinates,
)
from hamkor.printing.tests.stadium import box, feature, line, point, stadium_features

EVENT = {"format": "hamkor-event-1", "id": "e", "name": "Event", "kind": "fair"}


def _texts(svg: str) -> str:
    root = ET.fromstring(svg)  # noqa: S314 - our own picture
    texts = ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("text")]
    return " ".join(texts).replace("\u00a0", " ")


def _drawn(features: list[dict[str, object]]) -> Plan:
    return plan_of(venue_of(features), event=EVENT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width_px", [320, 760, 1200])
def test_map_to_scale_is_well_formed(language: str, width_px: int) -> None:
    plan = rich_plan()
    root = ET.fromstring(venue_map_svg(plan, rich_report(plan).findings, language, width_px))  # noqa: S314
    assert root.attrib["width"] == str(width_px)
    assert root.attrib["role"] == "img"


def test_map_names_measures_and_findings() -> None:
    plan = rich_plan()
    words = _texts(venue_map_svg(plan, rich_report(plan).findings, "en", 1200))
    for needed in ("North assembly area", "Standing field", "3.6 m", "10 lanes", "50 m", "Gate 7 · 2.4 m"):
        assert needed in words, needed
    assert "Findings without a place on the drawing: 2." in words


def test_without_coordinates_it_is_a_diagram_that_says_so() -> None:
    plan = _drawn(without_coordinates(stadium_features()))
    words = _texts(venue_map_svg(plan, rich_report().findings, "en"))
    assert "not to scale" in words
    assert "Outside" in words
    assert "Bridge" in words
    assert "no opening or passage" in words


def test_an_empty_plan_gives_words_not_a_blank() -> None:
    assert "There is no venue drawing" in _texts(venue_map_svg(bare_plan(), (), "en"))
    assert "There is no venue drawing" in _texts(venue_map_svg(_drawn([]), (), "en"))


def test_what_has_no_coordinates_is_named_under_the_map() -> None:
    plan = _drawn(
        [
            feature("a", "area", box(0, 0, 50, 40), use="square"),
            feature("b", "area", None, use="hall", name="Inner hall"),
        ]
    )
    assert "not drawn: Inner hall" in _texts(venue_map_svg(plan, (), "en"))


@pytest.mark.parametrize(
    "features",
    [
        [feature("p", "device", point(0, 0), device="camera")],
        [feature("r", "route", line((0, 0), (900, 5)), purpose="approach")],
        [feature("r", "route", None, purpose="evacuation")],
        [feature("a", "area", None, use="street")],
        [feature("o", "opening", None, from_="outside", to="outside")],
        [feature("o", "opening", line((0, 0), (3, 0)), from_="outside", to="outside", clear_width_m=3)],
        [
            feature("a", "area", box(0, 0, 0.5, 0.5), use="hall"),
            feature("r", "route", line((0, 0), (4000, 0)), purpose="dispersal"),
        ],
        [feature("r", "route", box(0, 0, 40, 4), purpose="circulation", use={"egress": "both"})],
        [feature("t", "passage", box(0, 0, 4, 40), from_="outside", to="outside", form="alley")],
        [feature("s", "structure", line((0, 0), (30, 10)), structure="barrier")],
        [feature("x", "attractor", point(1, 1)), feature("y", "shelter", point(5, 5))],
    ],
    ids=lambda features: f"{features[0]['properties']['kind']}-{len(str(features[0]['geometry']))}",
)  # fmt: skip
def test_odd_venues_are_drawn(features: list[dict[str, object]]) -> None:
    plan = _drawn(features)
    found = (finding("CAP-001", "red", Subject("area", str(features[0]["id"]))),)
    ET.fromstring(venue_map_svg(plan, found, "en", 640))  # noqa: S314 - our own picture


def test_hostile_names_stay_text() -> None:
    plan = hostile_plan()
    svg = venue_map_svg(plan, rich_report(plan).findings, "en")
    tags = {node.tag.rpartition("}")[2] for node in ET.fromstring(svg).iter()}  # noqa: S314 - our own picture
    assert tags <= {"svg", "title", "desc", "rect", "path", "circle", "g", "text", "tspan"}
    assert "<script" not in svg


def test_bars_of_openings_are_to_scale() -> None:
    plan = _drawn(
        [
            feature("a", "area", box(0, 0, 60, 60), use="hall"),
            feature("g", "opening", point(30, 0), from_="outside", to="a", clear_width_m=5),
        ]
    )
    (drawing,) = project(plan.venue, 1000)
    svg = venue_map_svg(plan, (), "en", 1000)
    bar = re.search(r'd="M([\d.]+) ([\d.]+) L([\d.]+) ([\d.]+)" fill="none" stroke="#16222d"', svg)
    assert bar is not None
    x1, y1, x2, y2 = map(float, bar.groups())
    assert abs(y1 - y2) < 1.0
    assert abs(x2 - x1) == pytest.approx(5 * drawing.px_per_m, rel=0.01)


def test_crowded_venues_get_a_close_up() -> None:
    core = [feature(f"d{i}", "device", point(i % 12 * 8, i // 12 * 8), device="camera") for i in range(120)]
    far = [feature("far", "assembly_area", box(600, 400, 80, 60), name="Far field")]
    plan = _drawn([*core, *far, feature("a", "area", box(-5, -5, 100, 90), use="hall", name="Hall")])
    overview, close_up = project(plan.venue, 1000)
    assert overview.own == {"far"}
    assert close_up.px_per_m > 2 * overview.px_per_m
    assert len(venue_picture(plan, (), "en", 800).svgs) == 2
    words = _texts(venue_map_svg(plan, (), "en", 1000))
    assert "close-up below" in words
    assert "Far field" in words


def test_findings_are_marked_at_sections_posts_and_places() -> None:
    plan = rich_plan()
    subjects = [("section", "bridge"), ("post", "post-4"), ("hazard", "crush"), ("duty", "transport")]
    findings = tuple(finding("CAP-001", "red", Subject(*subject)) for subject in subjects)
    at_place, nowhere = place_findings(plan, findings, [item.id for item in plan.venue.features])
    assert set(at_place) == {"approach", "p4", "pit"}
    assert nowhere == [4]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), min_size=1, max_size=40))
def test_labels_never_cover_each_other(points: list[tuple[float, float]]) -> None:
    places = Places(300, 200)
    boxes = [found for xy in points if (found := places.find([xy], 40, 16)) is not None]
    for index, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert top >= 0
        assert right <= 300
        assert bottom <= 200
        for other in boxes[index + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(categories=["L", "N", "Zs"]), max_size=80), st.floats(30, 300))
def test_wrapping_keeps_every_letter_and_the_width(text: str, width: float) -> None:
    lines = wrapped(text, width, 12)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(item, 12) <= width or len(item) <= 1 for item in lines)


def test_png_has_the_width_asked_for() -> None:
    png = venue_map_png(bare_plan(), (), "en", 500)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", png[16:20]) == (500,)

# SPDX-License-Identifier: Apache-2.0
"""The picture of the venue with the findings on it."""

from __future__ import annotations

from hamkor.checks.rules.findings import Finding
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.printing.maps import schematic
from hamkor.printing.maps.frame import framed, north_arrow, notice, scale_bar
from hamkor.printing.maps.grounds import draw_grounds, draw_small_grounds, ground_name
from hamkor.printing.maps.markers import Point, draw_markers
from hamkor.printing.maps.projection import Drawing, is_drawn, middle_of, project
from hamkor.printing.maps.sheet import Sheet
from hamkor.printing.maps.signs import draw_devices, draw_posts
from hamkor.printing.maps.ways import draw_connections, draw_routes
from hamkor.printing.shown import listed, say, words_of
from hamkor.printing.typesetting import compile_png
from hamkor.venues.rules.features import PostPlace, Venue

WIDTH_MIN_PX = 320
UNDRAWN_NAMED_MAX = 12
TITLE = N_("Venue: {event}")
TO_SCALE = N_("Drawn to scale from the coordinates in the plan. Numbers are explained below.")
NO_DRAWING = N_(
    "There is no venue drawing in the plan. Add venue.geojson: areas and the openings between them, "
    "with or without coordinates."
)


def venue_map_svg(plan: Plan, findings: tuple[Finding, ...], language: str, width_px: int = 1200) -> str:
    """Returns a picture of the venue as SVG: to scale, as a diagram without coordinates, never blank.

    Args:
        plan: The plan.
        findings: Findings in the order of their report; red and amber are marked at their places.
        language: One of the four languages.
        width_px: Width in pixels, at least 320; the height follows.
    """
    width = float(max(WIDTH_MIN_PX, width_px))
    title = words_of(TITLE, language, event=say(plan.event.name, language))
    venue = plan.venue
    if venue is None or not venue.features:
        return notice(width, title, "", translate(NO_DRAWING, language))
    if not is_drawn(venue):
        sheet = schematic.draw(plan, venue, findings, width, language)
        return framed(sheet, title, translate(schematic.NOT_TO_SCALE, language))
    return framed(
        _drawn_to_scale(plan, venue, findings, width, language), title, translate(TO_SCALE, language)
    )


def map_png(svg: str, width_px: int = 1600) -> bytes:
    """Returns a picture made by `venue_map_svg` as PNG of the width.

    Args:
        svg: The picture.
        width_px: Width in pixels.
    """
    return compile_png(svg, width_px)


def _drawn_to_scale(
    plan: Plan, venue: Venue, findings: tuple[Finding, ...], width: float, language: str
) -> Sheet:
    drawing = project(venue, width)
    sheet = Sheet(width, drawing.height, language)
    sheet.add("texts", scale_bar(sheet, drawing.px_per_m) + north_arrow(sheet))
    anchors = _reserve(sheet, drawing)
    draw_grounds(sheet, drawing)
    draw_markers(sheet, plan, findings, anchors)
    draw_small_grounds(sheet, drawing)
    draw_connections(sheet, drawing)
    draw_routes(sheet, drawing)
    draw_posts(sheet, drawing, plan)
    draw_devices(sheet, drawing)
    _note_undrawn(sheet, drawing)
    return sheet


def _reserve(sheet: Sheet, drawing: Drawing) -> dict[str, Point]:
    """Takes the place of every small sign before any label is set, and returns where features are."""
    anchors = {}
    for item in drawing.placed:
        shape = item.shape
        x, y = middle_of(shape)
        anchors[item.feature.id] = (x, y)
        if shape.geom_type == "LineString":
            sheet.places.take_line(shape.coords)
        if shape.geom_type == "Point":
            half = 11 if isinstance(item.feature.properties, PostPlace) else 8
            sheet.places.take((x - half, y - half, x + half, y + half))
    return anchors


def _note_undrawn(sheet: Sheet, drawing: Drawing) -> None:
    if not drawing.missing:
        return
    named = [ground_name(feature, sheet.language) for feature in drawing.missing[:UNDRAWN_NAMED_MAX]]
    rest = len(drawing.missing) - len(named)
    names = listed(named, sheet.language) + (f", +{rest}" if rest else "")
    sheet.notes.append(
        words_of(N_("In the plan without coordinates, not drawn: {names}."), sheet.language, names=names)
    )

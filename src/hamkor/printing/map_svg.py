# SPDX-License-Identifier: Apache-2.0
"""The picture of the venue with the findings on it."""

from __future__ import annotations

from copy import copy

import msgspec

from hamkor.checks.rules.findings import Finding
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.printing.maps import schematic
from hamkor.printing.maps.frame import framed, north_arrow, notice, scale_bar
from hamkor.printing.maps.grounds import draw_grounds, draw_small_grounds, ground_name
from hamkor.printing.maps.markers import Marks, Point, draw_markers, note_nowhere, place_findings
from hamkor.printing.maps.projection import CROWDED_FROM, Bounds, Drawing, is_drawn, middle_of, project
from hamkor.printing.maps.sheet import Legend, Sheet
from hamkor.printing.maps.signs import draw_devices, draw_posts
from hamkor.printing.maps.svg import INK, PAPER, QUIET, element, text, text_width
from hamkor.printing.maps.ways import draw_connections, draw_routes
from hamkor.printing.shown import listed, say, words_of
from hamkor.printing.typesetting import compile_png
from hamkor.venues.rules.features import Feature, PostPlace, Venue

WIDTH_MIN_PX = 320
UNDRAWN_NAMED_MAX = 12
CLOSE_UP = N_("Close-up")
CLOSE_UP_BELOW = N_("close-up below")
TITLE = N_("Venue: {event}")
TO_SCALE = N_("Drawn to scale from the coordinates in the plan. Numbers are explained below.")
NO_DRAWING = N_(
    "There is no venue drawing in the plan. Add venue.geojson: areas and the openings between them, "
    "with or without coordinates."
)


class Picture(msgspec.Struct, frozen=True):
    """The picture of a venue with its numbered places apart, for paper where a long list flows on.

    Args:
        svgs: Overview and close-up, or one drawing; the first bears the legend of the signs.
        entries: Number and words of every numbered place.
        remarks: Sentences about what the drawing does not show.
    """

    svgs: tuple[str, ...]
    entries: tuple[tuple[int, str], ...]
    remarks: tuple[str, ...]


def venue_map_svg(plan: Plan, findings: tuple[Finding, ...], language: str, width_px: int = 1200) -> str:
    """Returns a picture of the venue as SVG: to scale, as a diagram without coordinates, never blank.

    Args:
        plan: The plan.
        findings: Findings in the order of their report; red and amber are marked at their places.
        language: One of the four languages.
        width_px: Width in pixels, at least 320; the height follows.
    """
    title = _title(plan, language)
    sheets, subtitle = _sheets_of(plan, findings, language, width_px)
    return framed(sheets, title, subtitle) if sheets else _no_drawing(title, language, width_px)


def venue_map_png(plan: Plan, findings: tuple[Finding, ...], language: str, width_px: int = 1600) -> bytes:
    """Returns the same picture as PNG of the width in pixels."""
    return map_png(venue_map_svg(plan, findings, language), width_px)


def is_crowded(plan: Plan) -> bool:
    """True when the drawing holds so much that it needs the whole width of a page."""
    venue = plan.venue
    return venue is not None and sum(f.geometry is not None for f in venue.features) >= CROWDED_FROM


def map_png(svg: str, width_px: int = 1600) -> bytes:
    """Returns a picture made by `venue_map_svg` as PNG of the width in pixels."""
    return compile_png(svg, width_px)


def venue_picture(plan: Plan, findings: tuple[Finding, ...], language: str, width_px: int) -> Picture:
    """Returns the same picture in pieces: its drawings, its numbered places and its remarks."""
    title = _title(plan, language)
    sheets, subtitle = _sheets_of(plan, findings, language, width_px)
    if not sheets:
        return Picture((_no_drawing(title, language, width_px),), (), ())
    legend = sheets[0].legend
    first = framed(sheets[:1], title, subtitle, has_entries=False)
    closer = [
        framed([_without_legend(sheet)], translate(CLOSE_UP, language), subtitle, has_entries=False)
        for sheet in sheets[1:]
    ]
    return Picture((first, *closer), tuple(legend.entries), tuple(legend.remarks(language)))


def _title(plan: Plan, language: str) -> str:
    return words_of(TITLE, language, event=say(plan.event.name, language))


def _without_legend(sheet: Sheet) -> Sheet:
    bare = copy(sheet)
    bare.legend = Legend()
    return bare


def _sheets_of(
    plan: Plan, findings: tuple[Finding, ...], language: str, width_px: int
) -> tuple[list[Sheet], str]:
    """Returns the drawings and the line under their heading; none when the plan has nothing to draw."""
    venue, width = plan.venue, float(max(WIDTH_MIN_PX, width_px))
    if venue is None or not venue.features:
        return [], ""
    if is_drawn(venue):
        return _drawn_to_scale(plan, venue, findings, width, language), translate(TO_SCALE, language)
    sheet = schematic.draw(plan, venue, findings, width, language)
    return [sheet], translate(schematic.NOT_TO_SCALE, language)


def _no_drawing(title: str, language: str, width_px: int) -> str:
    return notice(float(max(WIDTH_MIN_PX, width_px)), title, "", translate(NO_DRAWING, language))


def _drawn_to_scale(
    plan: Plan, venue: Venue, findings: tuple[Finding, ...], width: float, language: str
) -> list[Sheet]:
    legend = Legend()
    drawn = [feature.id for feature in venue.features if feature.geometry is not None]
    marks, nowhere = place_findings(plan, findings, drawn)
    sheets = [_draw(plan, drawing, marks, language, legend) for drawing in project(venue, width)]
    note_nowhere(sheets[0], nowhere)
    _note_undrawn(sheets[0], [feature for feature in venue.features if feature.geometry is None])
    return sheets


def _draw(plan: Plan, drawing: Drawing, marks: Marks, language: str, legend: Legend) -> Sheet:
    sheet = Sheet(drawing.width, drawing.height, language, legend)
    sheet.add("texts", scale_bar(sheet, drawing.px_per_m) + north_arrow(sheet))
    anchors = _reserve(sheet, drawing)
    if drawing.frame is not None:
        _draw_frame(sheet, drawing.frame)
    draw_grounds(sheet, drawing)
    draw_markers(sheet, marks, anchors)
    draw_small_grounds(sheet, drawing)
    draw_connections(sheet, drawing)
    draw_routes(sheet, drawing)
    draw_posts(sheet, drawing, plan)
    draw_devices(sheet, drawing)
    return sheet


def _reserve(sheet: Sheet, drawing: Drawing) -> dict[str, Point]:
    """Takes the place of every small sign before any label is set, and returns where features are."""
    anchors = {}
    for item in drawing.placed:
        shape = item.shape
        if shape.geom_type == "LineString":
            sheet.places.take_line(shape.coords)
        if item.feature.id not in drawing.own:
            continue
        x, y = middle_of(shape)
        anchors[item.feature.id] = (x, y)
        if shape.geom_type == "Point":
            half = 11 if isinstance(item.feature.properties, PostPlace) else 8
            sheet.places.take((x - half, y - half, x + half, y + half))
    return anchors


def _draw_frame(sheet: Sheet, frame: Bounds) -> None:
    """Draws the box that the close-up shows, with a word to say so."""
    left, top, right, bottom = frame
    box = {"fill": "none", "stroke": INK, "stroke_width": 1.2, "stroke_dasharray": "2 3"}
    sheet.add("signs", element("rect", x=left, y=top, width=right - left, height=bottom - top, rx=3, **box))
    words = translate(CLOSE_UP_BELOW, sheet.language)
    plate = {"x": left, "y": top - 18, "width": text_width(words, 11.5) + 4, "height": 16, "fill": PAPER}
    sheet.add("texts", element("rect", **plate) + text(left + 2, top - 5, words, size=11.5, fill=QUIET))
    sheet.places.take((left, top - 18, left + text_width(words, 11.5) + 4, top))
    sheet.places.take(frame)


def _note_undrawn(sheet: Sheet, missing: list[Feature]) -> None:
    if not missing:
        return
    named = [ground_name(feature, sheet.language) for feature in missing[:UNDRAWN_NAMED_MAX]]
    rest = len(missing) - len(named)
    names = listed(named, sheet.language) + (f", +{rest}" if rest else "")
    sheet.legend.notes.append(
        words_of(N_("In the plan without coordinates, not drawn: {names}."), sheet.language, names=names)
    )

# SPDX-License-Identifier: Apache-2.0
"""A diagram of a venue without coordinates: areas as boxes, connections as lines, routes as chains."""

from __future__ import annotations

from typing import Any

from hamkor.checks.rules.findings import Finding
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.printing.maps.chains import CHAIN_PX, draw_chain, routes_of
from hamkor.printing.maps.grounds import capacity_text, ground_name, style_of
from hamkor.printing.maps.layers import Layout, Link, Node, lay_out, point_on, width_needed
from hamkor.printing.maps.markers import Point, draw_markers, note_nowhere, place_findings
from hamkor.printing.maps.sheet import Sheet
from hamkor.printing.maps.svg import INK, PAPER, QUIET, element, text, text_width
from hamkor.printing.maps.ways import connection_style, figure_nominal, measure_of
from hamkor.printing.shown import listed, words_of
from hamkor.printing.words import kind_word, word
from hamkor.venues.rules.features import Area, Connection, Device, Feature, PostPlace, Route, Venue

NOT_TO_SCALE = N_(
    "Schematic, not to scale: the plan gives no coordinates. Columns show how many areas lie between a place "
    "and the outside; thicker lines are wider ways."
)
OUTSIDE_WORD = N_("Outside")
LINE_PX_PER_M = 1.5
LINE_MIN_PX, LINE_MAX_PX = 2.0, 14.0
NAMED_MAX = 24


def draw(plan: Plan, venue: Venue, findings: tuple[Finding, ...], width: float, language: str) -> Sheet:
    """Returns the diagram with the findings marked on it.

    Args:
        plan: The plan.
        venue: Its venue, none of whose features has coordinates.
        findings: Findings in the order of their report.
        width: Least width in pixels; many columns make it wider.
        language: One of the four languages.
    """
    width = width_needed(venue, width)
    layout = lay_out(venue, width, language, translate(OUTSIDE_WORD, language))
    routes = routes_of(venue)
    boxes_px = layout.height
    sheet = Sheet(width, max(80.0, boxes_px + CHAIN_PX * len(routes)), language)
    anchors: dict[str, Point] = {}
    for node in layout.nodes.values():
        _draw_node(sheet, node)
        anchors[node.id] = (node.x + node.width - 6, node.y + 2)
    for link in layout.links:
        _draw_link(sheet, link)
        anchors[link.feature.id] = point_on(link.points, 0.82)
    _label_links(sheet, layout)
    if layout.alone_y is not None:
        caption = translate(N_("Areas for which the plan gives no opening or passage:"), language)
        sheet.add("texts", text(16, layout.alone_y + 20, caption, size=12, fill=QUIET))
        sheet.places.take((12, layout.alone_y + 6, 20 + text_width(caption, 12), layout.alone_y + 26))
    for index, route in enumerate(routes):
        anchors[route.id] = draw_chain(sheet, venue, route, boxes_px + CHAIN_PX * index)
    marks, nowhere = place_findings(plan, findings, anchors)
    draw_markers(sheet, marks, anchors)
    note_nowhere(sheet, nowhere)
    _note_others(sheet, venue)
    return sheet


def _draw_node(sheet: Sheet, node: Node) -> None:
    fill, stroke, dash = ("#f7f9fa", INK, "5 4") if node.feature is None else style_of(node.feature)
    box = {"fill": fill, "stroke": stroke, "stroke_width": 1.6, "stroke_dasharray": dash}
    sheet.add(
        "ground",
        element("rect", x=node.x, y=node.y, width=node.width, height=node.height, rx=6, **box),
    )
    if node.feature is not None and isinstance(node.feature.properties, Area):
        sign = element("rect", x=3, y=2, width=24, height=14, rx=2, **box)
        sheet.explain(word(node.feature.properties.use, sheet.language), sign)
    middle = node.x + node.width / 2
    text_px = len(node.lines) * 16.25 + (15 if node.small else 0)
    y = node.y + (node.height - text_px) / 2 + 12.5
    sheet.add("texts", text(middle, y, node.lines, size=13, bold=True, text_anchor="middle"))
    if node.small:
        below = y + len(node.lines) * 16.25 - 1
        sheet.add("texts", text(middle, below, node.small, size=11, fill=QUIET, text_anchor="middle"))
    sheet.places.take((node.x - 2, node.y + 14, node.x + node.width + 2, node.y + node.height))


def _draw_link(sheet: Sheet, link: Link) -> None:
    connection: Any = link.feature.properties
    (x, y), *controls = link.points
    path = f"M{x:.1f} {y:.1f} C" + " ".join(f"{px:.1f} {py:.1f}" for px, py in controls)
    width_m = figure_nominal(connection.clear_width_m)
    thick = LINE_MIN_PX if width_m is None else min(LINE_MAX_PX, max(LINE_MIN_PX, width_m * LINE_PX_PER_M))
    words, strokes = connection_style(connection, sheet.language)
    stroke = {**strokes[1], "stroke_width": thick}
    if width_m is None and "stroke_dasharray" not in stroke:
        stroke["stroke_dasharray"] = "6 4"
        words = words_of(N_("{kind}, width not known"), sheet.language, kind=words)
    sheet.add("ways", element("path", d=path, fill="none", stroke=PAPER, stroke_width=thick + 4))
    sheet.add("ways", element("path", d=path, fill="none", opacity=0.85, **stroke))
    sheet.explain(words, element("path", d="M3 9 L27 9", fill="none", **{**stroke, "stroke_width": 4}))


def _label_links(sheet: Sheet, layout: Layout) -> None:
    for link in layout.links:
        connection: Connection = link.feature.properties  # type: ignore[assignment] # links are connections
        measure = measure_of(connection, sheet.language)
        entry = sheet.number(f"{ground_name(link.feature, sheet.language)} · {measure}")
        label = measure if entry is None else f"{entry} · {measure}"
        width = text_width(label, 11.5, bold=True) + 8
        centres = [point_on(link.points, share) for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26)]
        box = sheet.places.find(centres, width, 16)
        x, y = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) if box else centres[0]
        plate = {"width": width, "height": 16, "rx": 3, "fill": PAPER}
        sheet.add("texts", element("rect", x=x - width / 2, y=y - 8, **plate))
        sheet.add("texts", text(x, y + 4, label, size=11.5, bold=True, text_anchor="middle"))


def _note_others(sheet: Sheet, venue: Venue) -> None:
    """Names what has no place in the diagram: assembly areas, shelters, structures, posts, devices."""
    others = [
        feature
        for feature in venue.features
        if not isinstance(feature.properties, (Area, Route, Connection, PostPlace, Device))
    ]
    named = [_described(feature, sheet.language) for feature in others[:NAMED_MAX]]
    named += _counted(venue, sheet.language)
    rest = f", +{len(others) - NAMED_MAX}" if len(others) > NAMED_MAX else ""
    if not named:
        return
    sheet.legend.notes.append(
        words_of(
            N_("Also in the plan, without a place in this diagram: {names}."),
            sheet.language,
            names=listed(named, sheet.language) + rest,
        )
    )


def _counted(venue: Venue, language: str) -> list[str]:
    """Returns posts and devices as counts: nobody reads a list of forty cameras."""
    counts: dict[str, int] = {}
    for feature in venue.features:
        properties = feature.properties
        if isinstance(properties, PostPlace):
            words = kind_word("post_place", language)
        elif isinstance(properties, Device):
            words = word(properties.device, language)
        else:
            continue
        counts[words] = counts.get(words, 0) + 1
    return [f"{words}\u00a0×\u00a0{count}" for words, count in counts.items()]


def _described(feature: Feature, language: str) -> str:
    kind = kind_word(str(feature.properties.__struct_config__.tag), language)
    name = ground_name(feature, language)
    details = [kind if not name.startswith(kind) else "", capacity_text(feature, language)]
    detail = ", ".join(filter(None, details))
    return f"{name} ({detail})" if detail else name

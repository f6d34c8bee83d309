# SPDX-License-Identifier: Apache-2.0
"""Everything that covers ground: areas by use, assembly areas, shelters, structures."""

from __future__ import annotations

from typing import Any

import numpy as np

from hamkor.common.figures import known
from hamkor.common.messages import N_
from hamkor.printing.maps.projection import Drawing, Placed, middle_of
from hamkor.printing.maps.sheet import Sheet
from hamkor.printing.maps.svg import QUIET, element, halo, polyline, text_width, wrapped
from hamkor.printing.shown import range_text, say, words_of
from hamkor.printing.words import kind_word, word
from hamkor.venues.rules.features import Area, AssemblyArea, Attractor, Feature, Shelter, Structure

FILLS = {
    "seating": "#c5d4df",
    "standing": "#d9e4ec",
    "stage_front": "#d3cbe4",
    "pitch": "#e6f1e4",
    "hall": "#dbe3ea",
    "dance_floor": "#e2d8ea",
    "square": "#e9edf0",
    "street": "#eef0f2",
    "concourse": "#e3eaee",
    "queue": "#f3ead6",
    "camping": "#e2edd6",
    "backstage": "#e4dfd9",
    "other": "#ebebeb",
}
_KINDS = {
    AssemblyArea: ("#dff0e4", "#2c7a55"),
    Shelter: ("#eaf3df", "#5b7f2e"),
    Structure: ("#e6d9c6", "#86683a"),
    Attractor: ("#ece4f3", "#6b4fa0"),
}
OUTLINE = "#93a3b1"
_SIZES = (13.5, 12.0)
LABEL_MIN_PX = 24.0
GRID_SHARES = (np.arange(9) + 0.5) / 9
_LABEL_WIDTHS_PX = (190, 130, 90)


def draw_grounds(sheet: Sheet, drawing: Drawing) -> None:
    """Draws everything with an outline, large first, and names it inside or by a number."""
    import shapely

    grounds = [
        item
        for item in drawing.placed
        if item.shape.geom_type.endswith("Polygon") and isinstance(item.feature.properties, (Area, *_KINDS))
    ]
    grounds.sort(key=lambda item: -item.shape.area)
    for item in grounds:
        _fill(sheet, item)
    tree = shapely.STRtree([item.shape for item in grounds])
    for index, item in reversed(list(enumerate(grounds))):
        if item.feature.id in drawing.own:
            near = [int(at) for at in tree.query(item.shape) if at > index]
            _name(sheet, item, [grounds[at].shape for at in near])


def ground_name(feature: Feature, language: str) -> str:
    """Returns the name of a feature, or the word of its kind with its id."""
    name = getattr(feature.properties, "name", None)
    if name is not None:
        return say(name, language)
    return f"{kind_word(str(feature.properties.__struct_config__.tag), language)} {say(feature.id, language)}"


def capacity_text(feature: Feature, language: str) -> str:
    """Returns the number of people the plan lets in, empty when it does not tell."""
    properties: Any = feature.properties
    for field in ("stated_capacity", "seats", "capacity"):
        figure = getattr(properties, field, None)
        if figure is not None:
            people = range_text(known(figure), language)
            template = N_("{people} seats") if field == "seats" else N_("{people} people")
            return words_of(template, language, people=people)
    return ""


def outline(shape: Any) -> str:
    """Returns the path data of a polygon with its holes, or of several."""
    polygons = getattr(shape, "geoms", [shape])
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return " ".join(polyline(ring.coords, closed=True) for ring in rings)


def style_of(feature: Feature) -> tuple[str, str, str | None]:
    """Returns fill, stroke and dash pattern."""
    properties = feature.properties
    if isinstance(properties, Area):
        return FILLS[properties.use], OUTLINE, None
    fill, stroke = _KINDS[type(properties)]
    return fill, stroke, "6 4" if isinstance(properties, (AssemblyArea, Shelter)) else None


def _fill(sheet: Sheet, item: Placed) -> None:
    fill, stroke, dash = style_of(item.feature)
    common = {"fill": fill, "stroke": stroke, "stroke_width": 1.4, "stroke_dasharray": dash}
    sheet.add("ground", element("path", d=outline(item.shape), fill_rule="evenodd", **common))
    properties = item.feature.properties
    if isinstance(properties, Area):
        words = word(properties.use, sheet.language)
    elif isinstance(properties, Structure):
        words = word(properties.structure, sheet.language)
    else:
        words = kind_word(str(properties.__struct_config__.tag), sheet.language)
    sheet.explain(words, element("rect", x=3, y=2, width=24, height=14, rx=2, **common))


def _name(sheet: Sheet, item: Placed, above: list[Any]) -> None:
    """Writes the name where the outline is widest and not covered; else a number and a legend entry."""
    import shapely

    visible = item.shape.difference(shapely.union_all(above)) if above else item.shape
    if visible.is_empty or not visible.is_valid:
        visible = item.shape
    name = ground_name(item.feature, sheet.language)
    capacity = capacity_text(item.feature, sheet.language)
    centres = _centres(visible)
    left, top, right, bottom = visible.bounds
    for size in _SIZES if right - left > LABEL_MIN_PX and bottom - top > _SIZES[-1] else ():
        for width in _LABEL_WIDTHS_PX:
            lines = wrapped(name, width, size, bold=True)
            if len(lines) <= 3 and _written(sheet, visible, centres, lines, capacity, size):
                return
    entry = sheet.number(" · ".join(filter(None, (name, capacity))))
    if entry is not None and not _written(sheet, None, centres, [str(entry)], "", 12):
        sheet.label(*centres[0], str(entry))


def _written(
    sheet: Sheet,
    within: Any,
    centres: list[tuple[float, float]],
    lines: list[str],
    small: str,
    size: float,
) -> bool:
    """Writes lines at the first centre where they fit; False when they fit nowhere."""
    width = max([text_width(line, size, bold=True) for line in lines] + [text_width(small, 11)]) + 6
    height = len(lines) * size * 1.25 + (15 if small else 0) + 4
    fitting = centres if within is None else _fitting(within, centres, width, height)
    box = sheet.places.find(fitting, width, height)
    if box is None:
        return False
    x, first = (box[0] + box[2]) / 2, box[1] + size + 1
    sheet.add("texts", halo(x, first, lines, size=size, bold=True, text_anchor="middle"))
    if small:
        below = first + len(lines) * size * 1.25 - (size - 11) * 0.4
        sheet.add("texts", halo(x, below, small, size=11, fill=QUIET, text_anchor="middle"))
    return True


def _fitting(
    shape: Any, centres: list[tuple[float, float]], width: float, height: float
) -> list[tuple[float, float]]:
    """Returns the centres around which a box of the size lies inside the outline."""
    import shapely

    left, top, right, bottom = shape.bounds
    if width > right - left or height > bottom - top:
        return []
    xs, ys = np.array(centres).T
    boxes = shapely.box(xs - width / 2, ys - height / 2, xs + width / 2, ys + height / 2)
    inside = shapely.contains(shape, boxes)
    return [centre for centre, is_inside in zip(centres, inside, strict=True) if is_inside]


def _centres(shape: Any) -> list[tuple[float, float]]:
    """Returns points inside an outline: the middle of its widest part first, then a grid."""
    import shapely

    shapely.prepare(shape)
    widest = shapely.maximum_inscribed_circle(shape).coords[0]
    left, top, right, bottom = shape.bounds
    across = left + (right - left) * GRID_SHARES
    down = top + (bottom - top) * GRID_SHARES
    xs, ys = (axis.ravel() for axis in np.meshgrid(across, down))
    is_inside = shapely.contains_xy(shape, xs, ys)
    inside = [(float(x), float(y)) for x, y in zip(xs[is_inside], ys[is_inside], strict=True)]
    inside.sort(key=lambda point: (point[0] - widest[0]) ** 2 + (point[1] - widest[1]) ** 2)
    return [(float(widest[0]), float(widest[1])), *inside]


def draw_small_grounds(sheet: Sheet, drawing: Drawing) -> None:
    """Draws assembly areas, shelters, structures, areas and attractions given as a point or a line."""
    for item in drawing.named():
        properties = item.feature.properties
        if item.shape.geom_type.endswith("Polygon") or not isinstance(properties, (Area, *_KINDS)):
            continue
        fill, stroke, _ = style_of(item.feature)
        words = kind_word(str(properties.__struct_config__.tag), sheet.language)
        if item.shape.geom_type == "LineString":
            sheet.add(
                "ways",
                element("path", d=polyline(item.shape.coords), fill="none", stroke=stroke, stroke_width=4),
            )
            sheet.explain(words, element("path", d="M3 9 L27 9", stroke=stroke, stroke_width=4))
        else:
            x, y = item.shape.x, item.shape.y
            sheet.add("signs", _pin(x, y, fill, stroke))
            sheet.explain(words, _pin(15, 9, fill, stroke))
        _number_beside(sheet, item)


def _number_beside(sheet: Sheet, item: Placed) -> None:
    x, y = middle_of(item.shape)
    name = ground_name(item.feature, sheet.language)
    capacity = capacity_text(item.feature, sheet.language)
    if not sheet.label(x, y, name, size=12):
        entry = sheet.number(" · ".join(filter(None, (name, capacity))))
        if entry is not None:
            sheet.label(x, y, str(entry))


def _pin(x: float, y: float, fill: str, stroke: str) -> str:
    points = [(x, y - 8), (x + 7.6, y - 2.5), (x + 4.7, y + 6.5), (x - 4.7, y + 6.5), (x - 7.6, y - 2.5)]
    return element("path", d=polyline(points, closed=True), fill=fill, stroke=stroke, stroke_width=1.8)

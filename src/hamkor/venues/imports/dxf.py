# SPDX-License-Identifier: Apache-2.0
"""DXF: layers tell what is drawn, closed lines are areas, lines are ways or walls, blocks are doors and devices."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hamkor.common.messages import N_
from hamkor.venues.imports.collecting import Collector
from hamkor.venues.imports.dxf_reading import Drawn, DxfWalk, find_misreading, metres_per_unit, open_document
from hamkor.venues.imports.finishing import finish
from hamkor.venues.imports.placing import METRES_PER_UNIT, Placing, find_placing
from hamkor.venues.imports.values import clean_text, parse_count, parse_metres
from hamkor.venues.imports.words import IGNORE, guess_meaning, meaning_of_layer, properties_of
from hamkor.venues.rules.drawings import DrawingOptions, DrawingRefusedError, Imported, Limits

MARK_KINDS = frozenset({"opening", "turnstiles", "device", "attractor", "assembly_area", "shelter"})
NAME_TAGS = ("NAME", "NOMI", "NOM", "НАЗВАНИЕ", "ИМЯ", "NUMBER", "NO", "RAQAM", "НОМЕР")
WIDTH_TAGS = ("WIDTH", "CLEAR_WIDTH", "KENGLIK", "ENI", "ШИРИНА")
LANE_TAGS = ("LANES", "YOLAKLAR", "КОЛИЧЕСТВО")
LAYERS_SHOWN = 12
BINARY = b"AutoCAD Binary DXF"


def import_dxf(content: bytes, *, name: str, options: DrawingOptions, limits: Limits) -> Imported:
    """Returns a DXF drawing as a venue.

    Raises:
        DrawingRefusedError: With what is wrong, at which handle, and how to mend it.
    """
    if content.startswith(BINARY):
        raise DrawingRefusedError(
            "dxf-binary",
            N_("{name} is a binary DXF drawing. Save it as DXF in text form (ASCII)."),
            name=name,
        )
    document = open_document(content, name)
    collector = Collector(name, limits)
    unit = METRES_PER_UNIT[options.unit] if options.unit else metres_per_unit(document)
    walk = DxfWalk(
        document,
        limits,
        collector.remarks,
        metres_per_unit=unit or 1.0,
        misread=find_misreading(document, content),
        is_mark=lambda layer, block: _mark_meaning(layer, block, options) is not None,
    )
    things = list(walk.things())
    shown = [thing for thing in things if thing.form != "text"]
    known = [
        (thing, meaning) for thing in shown if (meaning := _meaning(thing, options)) and meaning != IGNORE
    ]
    _tell_unknown_layers(collector, shown, options)
    if not known:
        raise _nothing_known(shown, name)
    placing = find_placing(options, collector.remarks, metres_per_unit=unit, middle=_middle(known))
    names = _names(known, things)
    for thing, meaning in known:
        _add(collector, thing, meaning, placing=placing, name=names.get(thing.handle), level=options.level)
    return finish(collector, form="dxf", is_placed=placing.is_placed)


def _mark_meaning(layer: str, block: str, options: DrawingOptions) -> str | None:
    """Returns what a block stands for when it is one thing at one point, else None."""
    for meaning in (meaning_of_layer(layer, options.layers), guess_meaning(block)):
        if meaning is not None and meaning.partition(":")[0] in MARK_KINDS:
            return meaning
    return None


def _meaning(thing: Drawn, options: DrawingOptions) -> str | None:
    if thing.block:
        return _mark_meaning(thing.layer, thing.block, options)
    return meaning_of_layer(thing.layer, options.layers)


def _tell_unknown_layers(collector: Collector, things: list[Drawn], options: DrawingOptions) -> None:
    for thing in things:
        if _meaning(thing, options) is None:
            collector.remarks.add(
                "left_out",
                "layer-unknown",
                N_(
                    "Left out, because the names of their layers are not understood: {names} ({count} things). "
                    "Say what they are with a table of layers."
                ),
                label=clean_text(thing.layer) or "?",
            )


def _nothing_known(things: list[Drawn], name: str) -> DrawingRefusedError:
    layers = Counter(clean_text(thing.layer) or "?" for thing in things)
    return DrawingRefusedError(
        "no-layer-known",
        N_(
            "No layer of {name} has a name that tells what is drawn. Layers: {layers}. Give a table of layers."
        ),
        name=name,
        layers=[f"{layer} ({count})" for layer, count in layers.most_common(LAYERS_SHOWN)] or ["–"],
    )


def _middle(known: list[tuple[Drawn, str]]) -> tuple[float, float]:
    xs = [x for thing, _ in known for x, _ in thing.points]
    ys = [y for thing, _ in known for _, y in thing.points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _names(known: list[tuple[Drawn, str]], things: list[Drawn]) -> dict[str, str]:
    """Returns the text with the largest letters in each area, by the area's handle."""
    import shapely

    outlines = [
        (thing.handle, shape)
        for thing, meaning in known
        if thing.form == "outline" and meaning.startswith("area")
        if (shape := shapely.Polygon(thing.points)).is_valid
    ]
    tree = shapely.STRtree([shape for _, shape in outlines])
    best: dict[str, Drawn] = {}
    for text in (thing for thing in things if thing.form == "text"):
        around = [outlines[index] for index in tree.query(shapely.Point(text.points[0]), predicate="within")]
        if not around:
            continue
        handle = min(around, key=lambda item: float(item[1].area))[0]
        if handle not in best or best[handle].height < text.height:
            best[handle] = text
    return {handle: text.told["TEXT"] for handle, text in best.items()}


def _add(
    collector: Collector, thing: Drawn, meaning: str, *, placing: Placing, name: str | None, level: float
) -> None:
    kind = meaning.partition(":")[0]
    if kind == "opening" and thing.sort == "ARC":
        collector.remarks.add(
            "left_out",
            "swing-left-out",
            N_("Arcs on layers of doors show how leaves swing and were left out ({count})."),
        )
        return
    properties = properties_of(meaning) | ({"level": level} if level else {})
    told = dict(thing.told)
    name = name or next((told.pop(tag) for tag in NAME_TAGS if tag in told), None)
    if name:
        properties["name"] = name
    _read_told(properties, told, kind, metres=placing.metres_per_unit)
    collector.add(
        f"dxf-{thing.handle}",
        properties,
        geometry=_geometry(thing, placing),
        place=f"{clean_text(thing.layer)} (handle {thing.handle})",
        unknown=told,
        is_line_width=kind == "opening" and thing.form == "line",
    )


def _read_told(properties: dict[str, Any], told: dict[str, str], kind: str, *, metres: float) -> None:
    """Reads a width and lanes from the attributes of a block; a bare number of a width is in the drawing's unit."""
    for tag in WIDTH_TAGS:
        width_m = _width_m(told.get(tag, ""), metres)
        if width_m is None or kind not in {"opening", "turnstiles"}:
            continue
        properties["clear_width_m"] = width_m
        del told[tag]
        break
    for tag in LANE_TAGS:
        lanes = parse_count(told.get(tag, ""))
        if lanes is not None and kind == "turnstiles" and lanes <= 5000:
            properties["lanes"] = int(lanes)
            del told[tag]
            break


def _width_m(text: str, metres: float) -> float | None:
    if text.replace(",", "").replace(".", "").isdecimal():
        return (
            parse_metres(float(text.replace(",", ".")) * metres)
            if text.count(".") + text.count(",") < 2
            else None
        )
    return parse_metres(text)


def _geometry(thing: Drawn, placing: Placing) -> dict[str, Any]:
    positions = placing.to_degrees(thing.points)
    if thing.form == "outline":
        return {"type": "Polygon", "coordinates": [positions]}
    if thing.form == "line":
        return {"type": "LineString", "coordinates": positions}
    return {"type": "Point", "coordinates": positions[0]}

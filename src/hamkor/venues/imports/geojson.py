# SPDX-License-Identifier: Apache-2.0
"""GeoJSON (RFC 7946): features of ours as they are, those of others by the usual names of properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from hamkor.common.messages import N_
from hamkor.common.records import Id, Language
from hamkor.common.validation import explain
from hamkor.venues.imports.collecting import Collector
from hamkor.venues.imports.finishing import finish
from hamkor.venues.imports.json_reading import read_collection
from hamkor.venues.imports.shapes import shape_of
from hamkor.venues.imports.values import (
    as_id,
    clean_text,
    digest_id,
    names_of,
    parse_count,
    parse_levels,
    parse_metres,
)
from hamkor.venues.imports.words import IGNORE, guess_meaning, meaning_of_layer, properties_of
from hamkor.venues.rules.drawings import DrawingOptions, DrawingRefusedError, Imported, Limits
from hamkor.venues.rules.features import Properties
from hamkor.venues.rules.geometry import Geometry

OUR_KINDS = frozenset(
    str(struct.__struct_config__.tag) for struct in getattr(Properties, "__args__", ()) if struct
)
NAME_KEYS = ("name", "Name", "NAME", "title", "label", "nomi", "nom", "название", "наименование")
REF_KEYS = ("ref", "id", "code", "number", "raqam", "номер")
LEVEL_KEYS = ("level", "floor", "storey", "ordinal", "qavat", "этаж")
WIDTH_KEYS = ("clear_width_m", "clear_width", "width_m", "width", "door:width", "kenglik", "eni", "ширина")
CAPACITY_KEYS = ("stated_capacity", "capacity", "sigʻim", "sigim", "вместимость")
SEAT_KEYS = ("seats", "capacity:seats", "oʻrindiqlar", "orindiqlar", "места")
LANE_KEYS = ("lanes", "turnstiles", "yoʻlaklar", "количество турникетов")
KIND_KEYS = ("kind", "layer", "Layer", "type", "class", "category", "feature_type", "turi", "тип", "слой")
KEYS_READ = frozenset(
    (*NAME_KEYS, *REF_KEYS, *LEVEL_KEYS, *WIDTH_KEYS, *CAPACITY_KEYS, *SEAT_KEYS, *LANE_KEYS)
)
CAPACITY_KEY = {"area": "stated_capacity", "shelter": "capacity", "assembly_area": "capacity"}


def import_geojson(content: bytes, *, name: str, options: DrawingOptions, limits: Limits) -> Imported:
    """Returns a GeoJSON file as a venue.

    Raises:
        DrawingRefusedError: With what is wrong, in which feature, and how to mend it.
    """
    raw = read_collection(content, name)
    collector = Collector(name, limits)
    are_ours = True
    for index, feature in enumerate(raw["features"]):
        place = place_of(feature, index)
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if isinstance(properties, dict) and properties.get("kind") in OUR_KINDS:
            _add_ours(collector, feature, place)
        elif isinstance(feature, dict):
            are_ours = False
            _add_foreign(collector, feature, place, options)
    title = clean_text(raw.get("name"))
    return finish(collector, form="hamkor" if are_ours else "geojson", title=title)


def place_of(feature: Any, index: int) -> str:
    """Returns what a feature is called in refusals: its name or id, and its number in the file."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = names_of(properties, NAME_KEYS) if isinstance(properties, dict) else None
    text = next(iter(name.values())) if isinstance(name, dict) else name
    text = text or clean_text(feature.get("id") if isinstance(feature, dict) else None, 80)
    return f"features[{index}] ({text})" if text else f"features[{index}]"


def _add_ours(collector: Collector, feature: Mapping[str, Any], place: str) -> None:
    """Takes up a feature of ours as it is.

    Raises:
        DrawingRefusedError: ``feature-unusable``, ``duplicate-id``.
    """
    try:
        id_ = msgspec.convert(feature.get("id"), Id)
        properties = dict(feature["properties"])
        msgspec.convert(properties, Properties)
    except msgspec.ValidationError as error:
        raise DrawingRefusedError(
            "feature-unusable",
            N_("{place} cannot be used: {detail} Correct it in the drawing, or remove it there."),
            place=place,
            detail=explain(error, Properties).message,
        ) from None
    if collector.has(id_):
        raise DrawingRefusedError(
            "duplicate-id",
            N_("{place}: the id {id} stands twice. Give each feature its own."),
            place=place,
            id=id_,
        )
    geometry = feature.get("geometry")
    added = collector.add(id_, properties, geometry=geometry, place=place, is_own=True)
    for thing in added:
        thing.geometry = _exact(geometry) or thing.geometry
    if (
        geometry is not None and not added
    ):  # nothing can be measured there, but its numbers are as good as ever
        collector.add(id_, properties, geometry=None, place=place, is_own=True)


def _exact(geometry: Any) -> Geometry | None:
    """Returns the geometry with every digit of the file where it needs no mending."""
    try:
        exact = msgspec.convert(geometry, Geometry)
    except msgspec.ValidationError:
        return None
    return exact if shape_of(exact).is_valid else None


def _add_foreign(
    collector: Collector, feature: Mapping[str, Any], place: str, options: DrawingOptions
) -> None:
    raw = feature.get("properties")
    properties = raw if isinstance(raw, dict) else {}
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") == "GeometryCollection":
        collector.remarks.add(
            "left_out",
            "no-geometry",
            N_("Left out, because nothing is drawn of them: {names} ({count})."),
            label=place,
        )
        return
    meaning, key = _meaning(properties, options)
    if meaning is None and str(geometry.get("type")).endswith("Polygon"):
        meaning = "area:other"
        collector.remarks.add(
            "assumed",
            "use-assumed",
            N_(
                "Outlines without a known word were taken for areas of other use: {names} ({count}). Say what they are."
            ),
            label=place,
        )
    if meaning is None or meaning == IGNORE:
        collector.remarks.add(
            "left_out",
            "kind-unknown",
            N_(
                "Left out, because nothing says what they are: {names} ({count}). Name them, or map their layer."
            ),
            label=place,
        )
        return
    read = properties_of(meaning) | read_properties(properties, kind=meaning.partition(":")[0])
    languages = {f"{name}{mark}{tag}" for name in NAME_KEYS for mark in ":_" for tag in get_args(Language)}
    done = KEYS_READ | languages | {key}
    unknown = {name: value for name, value in properties.items() if name not in done}
    collector.add(
        _id_of(feature, properties, geometry),
        read,
        geometry=geometry,
        place=place,
        unknown=unknown | _unread(properties, read),
        is_line_width=True,
    )


def _meaning(properties: Mapping[str, Any], options: DrawingOptions) -> tuple[str | None, str | None]:
    """Returns the meaning and the property that told it: a word in it, else in the name."""
    for key in (*KIND_KEYS, *properties, *NAME_KEYS):
        value = clean_text(properties.get(key), 80)
        if value is None or (key not in KIND_KEYS and key not in NAME_KEYS):
            continue
        meaning = meaning_of_layer(value, options.layers) if key in KIND_KEYS else guess_meaning(value)
        if meaning is not None:
            return meaning, key
    return None, None


def read_properties(properties: Mapping[str, Any], *, kind: str) -> dict[str, Any]:
    """Returns the properties a feature of that kind can have, read from those of another program."""
    read: dict[str, Any] = {}
    name = names_of(properties, NAME_KEYS) or clean_text(_first(properties, REF_KEYS))
    if name:
        read["name"] = name
    levels = parse_levels(_first(properties, LEVEL_KEYS))
    if levels and levels[0]:
        read["level"] = levels[0]
    width_m = parse_metres(_first(properties, WIDTH_KEYS))
    if width_m and kind in {"opening", "passage", "turnstiles"}:
        read["clear_width_m"] = width_m
    capacity = parse_count(_first(properties, CAPACITY_KEYS))
    if capacity and kind in CAPACITY_KEY:
        read[CAPACITY_KEY[kind]] = capacity
    seats = parse_count(_first(properties, SEAT_KEYS))
    if seats and kind == "area":
        read["seats"] = seats
    lanes = parse_count(_first(properties, LANE_KEYS))
    if lanes and kind == "turnstiles" and lanes <= 5000:
        read["lanes"] = int(lanes)
    return read


def _unread(properties: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, Any]:
    """Returns values under known keys that could not be read or do not belong to the kind."""
    keys = (
        (WIDTH_KEYS, "clear_width_m"),
        (CAPACITY_KEYS, "stated_capacity" if "stated_capacity" in read else "capacity"),
        (SEAT_KEYS, "seats"),
        (LANE_KEYS, "lanes"),
    )
    return {
        key: properties[key]
        for group, target in keys
        if target not in read
        for key in group
        if properties.get(key) is not None
    }


def _first(properties: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((properties[key] for key in keys if properties.get(key) is not None), None)


def _id_of(feature: Mapping[str, Any], properties: Mapping[str, Any], geometry: Mapping[str, Any]) -> str:
    """Returns an id that is the same at every import: the feature's own, else what it is called, else what it is."""
    for value in (feature.get("id"), _first(properties, REF_KEYS), clean_text(_first(properties, NAME_KEYS))):
        id_ = as_id(value)
        if id_ is not None and not isinstance(value, float):
            return id_ if not id_.isdigit() else f"n-{id_}"
    return digest_id(geometry.get("type"), geometry.get("coordinates"))

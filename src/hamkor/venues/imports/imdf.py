# SPDX-License-Identifier: Apache-2.0
"""Indoor Mapping Data Format: an archive of GeoJSON files, one per type of feature.

Source: OGC 20-094, Indoor Mapping Data Format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hamkor.common.messages import N_
from hamkor.venues.imports.archives import unpack
from hamkor.venues.imports.collecting import Collector
from hamkor.venues.imports.finishing import finish
from hamkor.venues.imports.json_reading import read_collection
from hamkor.venues.imports.values import as_id, clean_text, digest_id, names_of, parse_levels
from hamkor.venues.imports.words import IGNORE, properties_of
from hamkor.venues.rules.drawings import DrawingOptions, DrawingRefusedError, Imported, Limits

READ = ("venue", "level", "unit", "footprint", "section", "opening", "amenity", "relationship")
KNOWN_FILES = frozenset(f"{stem}.geojson" for stem in READ)
ENOUGH = ("unit.geojson", "level.geojson", "venue.geojson", "footprint.geojson", "section.geojson")
UNITS = {
    "auditorium": "area:hall",
    "theater": "area:seating",
    "movietheater": "area:seating",
    "fieldofplay": "area:pitch",
    "recreation": "area:other",
    "lobby": "area:concourse",
    "walkway": "area:concourse",
    "walkway.island": "area:concourse",
    "waitingroom": "area:queue",
    "platform": "area:concourse",
    "unenclosedarea": "area:square",
    "road": "area:street",
    "nonpublic": "area:backstage",
}
"""Categories of units; every other one is an area of other use, but those below are none at all."""
NO_GROUND = frozenset(
    {
        "brick",
        "column",
        "concrete",
        "drywall",
        "glass",
        "wood",
        "structure",
        "opentobelow",
        "elevator",
        "vegetation",
        "storage",
        "serverroom",
    }
)
STEPS = frozenset({"stairs", "steps", "escalator", "ramp", "movingwalkway", "footbridge"})
OUTDOORS = frozenset({"unenclosedarea", "road", "terrace", "platform"})
AMENITIES = {
    "defibrillator": "device:defibrillator",
    "aed": "device:defibrillator",
    "fireextinguisher": "device:extinguisher",
    "emergencyshelter": "shelter",
    "emergencyexit": IGNORE,
}
EMERGENCY_DOORS = frozenset({"emergencyexit", "emergency"})
VEHICLE_DOORS = frozenset({"automobile", "bicycle"})

Features = list[dict[str, Any]]


def import_imdf(content: bytes, *, name: str, options: DrawingOptions, limits: Limits) -> Imported:
    """Returns an IMDF archive as a venue.

    Raises:
        DrawingRefusedError: With what is wrong, in which file and feature, and how to mend it.
    """
    del options  # the format says of itself what a DXF drawing must be told
    files = unpack(content, name=name, limits=limits)
    if not any(file in files for file in ENOUGH):
        raise DrawingRefusedError(
            "not-imdf",
            N_(
                "{name} is an archive, but not an IMDF one: it has no `unit.geojson`. Give the drawing itself."
            ),
            name=name,
        )
    archive = {
        file: _features(files[file], f"{name}/{file}") for file in sorted(files) if file in KNOWN_FILES
    }
    collector = Collector(name, limits)
    levels = _levels(archive.get("level.geojson", []))
    grounds = "unit.geojson" if archive.get("unit.geojson") else "footprint.geojson"
    for file in (grounds, "section.geojson"):
        for place, feature in _placed(archive, file):
            _add_ground(collector, feature, place, levels)
    for place, feature in _placed(archive, "opening.geojson"):
        _add_opening(collector, feature, place, levels=levels)
    for place, feature in _placed(archive, "amenity.geojson"):
        _add_amenity(collector, feature, place, levels)
    _join_as_related(collector, archive.get("relationship.geojson", []))
    return finish(collector, form="imdf", title=_title(archive.get("venue.geojson", [])))


def _features(content: bytes, name: str) -> Features:
    return [feature for feature in read_collection(content, name)["features"] if isinstance(feature, dict)]


def _placed(archive: Mapping[str, Features], file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for index, feature in enumerate(archive.get(file, [])):
        name = names_of(_properties(feature))
        text = next(iter(name.values())) if isinstance(name, dict) else name
        yield f"{file}[{index}] ({text or clean_text(feature.get('id'), 80) or '?'})", feature


def _properties(feature: Mapping[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _levels(features: Features) -> dict[str, float]:
    """Returns the storey of each level by its id: its ordinal, 0 for the ground."""
    found = ((feature.get("id"), parse_levels(_properties(feature).get("ordinal"))) for feature in features)
    return {str(id_): levels[0] for id_, levels in found if levels}


def _title(venues: Features) -> str | None:
    name = names_of(_properties(venues[0])) if venues else None
    return next(iter(name.values())) if isinstance(name, dict) else name


def _common(feature: Mapping[str, Any], levels: Mapping[str, float]) -> dict[str, Any]:
    properties = _properties(feature)
    read: dict[str, Any] = {}
    name = names_of(properties) or names_of(properties, ("alt_name",))
    if name:
        read["name"] = name
    level = levels.get(str(properties.get("level_id")), 0)
    return read | ({"level": level} if level else {})


def _id(feature: Mapping[str, Any]) -> str:
    return as_id(feature.get("id")) or digest_id(
        feature.get("geometry"), _properties(feature).get("category")
    )


def _add_ground(
    collector: Collector, feature: Mapping[str, Any], place: str, levels: Mapping[str, float]
) -> None:
    category = str(_properties(feature).get("category", ""))
    if category in NO_GROUND:
        collector.remarks.add(
            "left_out",
            "no-ground",
            N_(
                "Walls, columns, lifts and stores are no ground for people and were left out ({count}): {names}."
            ),
            label=category,
        )
        return
    is_unit = place.startswith("unit.")
    properties = properties_of(UNITS.get(category, "area:other")) | _common(feature, levels)
    if is_unit:
        properties["indoors"] = category not in OUTDOORS
    if category in STEPS:
        collector.remarks.add(
            "assumed",
            "steps-as-areas",
            N_(
                "Stairs, ramps and escalators are drawn as outlines and were taken for areas: {names} ({count}). "
                "Draw a passage over each, with its clear width."
            ),
            label=place,
        )
    known = is_unit and (category in UNITS)
    kept = {} if known else {"category": category}
    collector.add(_id(feature), properties, geometry=_geometry(feature), place=place, unknown=kept)


def _add_opening(
    collector: Collector, feature: Mapping[str, Any], place: str, *, levels: Mapping[str, float]
) -> None:
    raw = _properties(feature)
    category = str(raw.get("category", ""))
    if category.partition(".")[0] in VEHICLE_DOORS:
        collector.remarks.add(
            "left_out",
            "for-vehicles",
            N_("Openings for vehicles were left out: {names} ({count})."),
            label=place,
        )
        return
    properties = properties_of("opening") | _common(feature, levels)
    if category.partition(".")[0] in EMERGENCY_DOORS:
        properties["emergency_only"] = True
    kept = {key: raw[key] for key in ("access_control", "accessibility") if isinstance(raw.get(key), str)}
    door = raw.get("door")
    if isinstance(door, dict):
        kept |= {f"door {key}": value for key, value in door.items()}
    if not category.startswith("pedestrian"):
        kept["category"] = category
    collector.add(
        _id(feature), properties, geometry=_geometry(feature), place=place, unknown=kept, is_line_width=True
    )


def _add_amenity(
    collector: Collector, feature: Mapping[str, Any], place: str, levels: Mapping[str, float]
) -> None:
    category = str(_properties(feature).get("category", ""))
    meaning = AMENITIES.get(category, "attractor")
    if meaning == IGNORE:
        return
    properties = properties_of(meaning) | _common(feature, levels)
    properties.setdefault("name", clean_text(category) or "?")
    kept = {"category": category} if meaning == "attractor" else {}
    collector.add(_id(feature), properties, geometry=_geometry(feature), place=place, unknown=kept)


def _geometry(feature: Mapping[str, Any]) -> dict[str, Any]:
    geometry = feature.get("geometry")
    return geometry if isinstance(geometry, dict) else {"type": "?"}


def _join_as_related(collector: Collector, relationships: Features) -> None:
    """Gives openings the two units a relationship leads between through them."""
    openings = {thing.id: thing for thing in collector.found if thing.kind == "opening"}
    for relationship in relationships:
        properties = _properties(relationship)
        ends = [_related(properties.get(key)) for key in ("origin", "destination")]
        through = properties.get("intermediary")
        for item in through if isinstance(through, list) else []:
            opening = openings.get(_related(item) or "")
            if opening is not None and ends[0] and ends[1] and ends[0] != ends[1]:
                opening.sides = (ends[0], ends[1])


def _related(item: Any) -> str | None:
    return as_id(item.get("id")) if isinstance(item, dict) else None

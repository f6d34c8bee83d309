# SPDX-License-Identifier: Apache-2.0
"""What tags of OpenStreetMap mean here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hamkor.venues.imports.values import names_of, parse_count, parse_levels, parse_metres
from hamkor.venues.imports.words import properties_of

Tags = Mapping[str, str]
AREAS: tuple[tuple[str, str, str], ...] = (
    ("leisure", "stadium", "area:other"),
    ("leisure", "pitch", "area:pitch"),
    ("leisure", "track", "area:pitch"),
    ("leisure", "bleachers", "area:seating"),
    ("leisure", "bandstand", "area:backstage"),
    ("leisure", "sports_hall", "area:hall"),
    ("leisure", "sports_centre", "area:other"),
    ("leisure", "park", "area:other"),
    ("leisure", "garden", "area:other"),
    ("leisure", "common", "area:other"),
    ("building", "grandstand", "area:seating"),
    ("building:part", "grandstand", "area:seating"),
    ("indoor", "corridor", "area:concourse"),
    ("indoor", "area", "area:hall"),
    ("indoor", "room", "area:hall"),
    ("room", "stairs", "area:other"),
    ("place", "square", "area:square"),
    ("highway", "pedestrian", "area:square"),
    ("highway", "footway", "area:street"),
    ("area:highway", "*", "area:street"),
    ("tourism", "camp_site", "area:camping"),
    ("amenity", "parking", "area:other"),
    ("amenity", "marketplace", "area:square"),
    ("landuse", "recreation_ground", "area:other"),
    ("building", "stadium", "area:other"),
    ("building", "*", "area:hall"),
)
"""Outlines: first match wins; ``*`` stands for every value but ``no``."""
LINES: tuple[tuple[str, str, str], ...] = (
    ("barrier", "fence", "structure:barrier"),
    ("barrier", "wall", "structure:barrier"),
    ("barrier", "city_wall", "structure:barrier"),
    ("barrier", "retaining_wall", "structure:barrier"),
    ("barrier", "handrail", "structure:barrier"),
    ("barrier", "guard_rail", "structure:barrier"),
    ("barrier", "hedge", "structure:barrier"),
    ("barrier", "gate", "opening"),
    ("barrier", "turnstile", "turnstiles"),
    ("tunnel", "yes", "passage:tunnel"),
    ("bridge", "yes", "passage:bridge"),
    ("highway", "steps", "passage:stairs"),
    ("highway", "footway", "passage:corridor"),
    ("highway", "path", "passage:corridor"),
    ("highway", "corridor", "passage:corridor"),
    ("highway", "pedestrian", "passage:alley"),
)
WALKED = frozenset({"steps", "footway", "path", "corridor", "pedestrian"})
NODES: tuple[tuple[str, str, str], ...] = (
    ("barrier", "turnstile", "turnstiles"),
    ("barrier", "full-height_turnstile", "turnstiles"),
    ("barrier", "gate", "opening"),
    ("barrier", "entrance", "opening"),
    ("barrier", "kissing_gate", "opening"),
    ("barrier", "swing_gate", "opening"),
    ("barrier", "sliding_gate", "opening"),
    ("entrance", "*", "opening"),
    ("door", "*", "opening"),
    ("emergency", "defibrillator", "device:defibrillator"),
    ("emergency", "fire_hydrant", "device:hydrant"),
    ("emergency", "fire_extinguisher", "device:extinguisher"),
    ("emergency", "siren", "device:siren"),
    ("emergency", "assembly_point", "assembly_area"),
    ("man_made", "surveillance", "device:camera"),
    ("amenity", "shelter", "shelter"),
    ("amenity", "toilets", "attractor"),
    ("amenity", "fast_food", "attractor"),
    ("amenity", "cafe", "attractor"),
    ("amenity", "bar", "attractor"),
    ("amenity", "drinking_water", "attractor"),
    ("railway", "station", "attractor"),
    ("railway", "subway_entrance", "attractor"),
    ("station", "subway", "attractor"),
    ("highway", "bus_stop", "attractor"),
)
OUTDOORS = frozenset({"grandstand", "roof", "stadium"})
CAPACITY_KEY = {"area": "stated_capacity", "shelter": "capacity", "assembly_area": "capacity"}
WIDTH_KEYS = ("door:width", "entrance:width", "width", "est_width")
UNREAD = frozenset(
    {
        "source",
        "created_by",
        "building",
        "entrance",
        "indoor",
        "highway",
        "leisure",
        "barrier",
        "area",
        "type",
        "level",
        "ref",
        "wheelchair",
        "landuse",
        "addr:city",
        "addr:street",
        "addr:housenumber",
        "addr:postcode",
        "addr:country",
        "wikidata",
        "wikipedia",
    }
)
"""Tags that say nothing more once the feature is made; every other one is kept as a note."""


def find_meaning(tags: Tags, table: tuple[tuple[str, str, str], ...]) -> str | None:
    """Returns the meaning of tags by the first row that matches, or None."""
    for key, value, meaning in table:
        told = tags.get(key)
        if told is not None and told != "no" and value in (told, "*"):
            return "opening:emergency" if meaning == "opening" and _is_emergency(tags) else meaning
    return None


def _is_emergency(tags: Tags) -> bool:
    return tags.get("entrance") in {"emergency", "emergency_ward_entrance"} or (
        tags.get("exit") == "emergency" or tags.get("emergency") == "exit"
    )


def is_outline(tags: Tags) -> bool:
    """True when a closed way with these tags means what lies inside of it, not the line."""
    if tags.get("area") in {"yes", "no"}:
        return tags["area"] == "yes"
    if "highway" in tags and "area:highway" not in tags:
        return False
    only_barrier = "barrier" in tags and not any(key in tags for key, _, _ in AREAS)
    return not only_barrier


def read_tags(tags: Tags, meaning: str) -> tuple[dict[str, Any], dict[str, str], list[float]]:
    """Returns the properties of a feature, the tags left for its note, and every storey it stands on."""
    kind = meaning.partition(":")[0]
    read = properties_of(meaning)
    used = {"name", *(key for key in tags if key.startswith("name:"))}
    name = names_of(tags) or names_of(tags, ("ref",))
    if name:
        read["name"] = name
    levels = parse_levels(tags.get("level", ""))
    if levels and levels[0]:
        read["level"] = levels[0]
    if kind in {"opening", "passage", "turnstiles"}:
        used |= _read_width(tags, read)
    used |= _read_people(tags, read, kind)
    if kind == "area" and ("building" in tags or "indoor" in tags):
        read["indoors"] = tags.get("building") not in OUTDOORS
    return read, {key: value for key, value in tags.items() if key not in used | UNREAD}, levels


def _read_width(tags: Tags, read: dict[str, Any]) -> set[str]:
    """Reads a clear width; estimates are no widths and stay in the note."""
    for key in WIDTH_KEYS[:-1]:
        width_m = parse_metres(tags.get(key, ""))
        if width_m is not None:
            read["clear_width_m"] = width_m
            return {key}
    return set()


def _read_people(tags: Tags, read: dict[str, Any], kind: str) -> set[str]:
    used: set[str] = set()
    capacity = parse_count(tags.get("capacity", ""))
    if capacity is not None and kind in CAPACITY_KEY:
        read[CAPACITY_KEY[kind]] = capacity
        used.add("capacity")
    seats = parse_count(tags.get("capacity:seats", tags.get("seats", "")))
    if seats is not None and kind == "area":
        read["seats"] = seats
        used |= {"capacity:seats", "seats"}
    lanes = parse_count(tags.get("lanes", ""))
    if lanes is not None and kind == "turnstiles" and lanes <= 5000:
        read["lanes"] = int(lanes)
        used.add("lanes")
    return used

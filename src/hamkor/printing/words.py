# SPDX-License-Identifier: Apache-2.0
"""Words for people: values of the event folder, kinds, parts and units by their names in the language."""

from __future__ import annotations

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.printing.shown import NOT_KNOWN
from hamkor.printing.vocabulary import WORDS

UNITS = {
    "": "",
    "people": N_("people"),
    "people/h": N_("people/h"),
    "people/m²": N_("people/m²"),
    "m": N_("m"),
    "m²": N_("m²"),
    "min": N_("min"),
    "h": N_("h"),
    "days": N_("days"),
    "m/s": N_("m/s"),
    "km": N_("km"),
    "°C": "°C",
    "%": "%",
    "people per steward": N_("people per steward"),
    "people/lane": N_("people/lane"),
    "lanes": N_("lanes"),
    "times": N_("times"),
    "working days": N_("working days"),
    "years": N_("years"),
    "ambulances": N_("ambulances"),
    "basins": N_("wash basins"),
    "devices": N_("devices"),
    "outlets": N_("outlets"),
    "stations": N_("stations"),
    "toilets": N_("toilets"),
    "units": N_("units"),
    "vehicles": N_("vehicles"),
}
KINDS = {
    "area": N_("area"),
    "opening": N_("opening"),
    "passage": N_("passage"),
    "turnstiles": N_("turnstiles"),
    "route": N_("route"),
    "post_place": N_("post"),
    "device": N_("device"),
    "assembly_area": N_("assembly area"),
    "shelter": N_("shelter"),
    "structure": N_("structure"),
    "attractor": N_("what draws people"),
}
PARTS = {
    "event": N_("The event"),
    "attendance": N_("Attendance"),
    "legal": N_("Papers"),
    "venue": N_("Venue drawing"),
    "people": N_("People"),
    "duties": N_("Duties"),
    "tasks": N_("Order of work"),
    "posts": N_("Posts"),
    "staffing": N_("Forces"),
    "means": N_("Means"),
    "communications": N_("Communications"),
    "hazards": N_("Hazards"),
    "contingencies": N_("Contingency algorithms"),
    "stop": N_("Authority to stop"),
    "warnings": N_("Warnings and answers"),
    "force": N_("Use of force"),
    "segregation": N_("Separation of groups"),
    "inspections": N_("Inspections"),
    "history": N_("Earlier events"),
    "medical": N_("Medical cover"),
    "sanitation": N_("Sanitation"),
    "weather": N_("Weather"),
    "effects": N_("Special effects"),
}


def word(value: str | None, language: str) -> str:
    """Returns the word for a value of the event folder; "not known" for None."""
    if value is None:
        return translate(NOT_KNOWN, language)
    return translate(WORDS.get(value, value.replace("_", " ")), language)


def kind_word(kind: str, language: str) -> str:
    """Returns the word for a kind of feature."""
    return translate(KINDS.get(kind, kind.replace("_", " ")), language)


def part_word(name: str, language: str) -> str:
    """Returns the heading of a part of the plan."""
    return translate(PARTS.get(name, name), language)


def unit_word(unit: str, language: str) -> str:
    """Returns the unit as readers of the language write it; an unknown unit stays as it is."""
    return translate(UNITS.get(unit, unit), language)

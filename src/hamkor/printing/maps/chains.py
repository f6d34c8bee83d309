# SPDX-License-Identifier: Apache-2.0
"""Routes without coordinates: a chain of their narrow parts, each as thick as it is wide."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.printing.maps.grounds import ground_name
from hamkor.printing.maps.sheet import Sheet
from hamkor.printing.maps.svg import PAPER, QUIET, element, polyline, text, wrapped
from hamkor.printing.maps.ways import ROUTE_COLOURS, figure_nominal, measure_of
from hamkor.printing.shown import NOT_KNOWN, figure, say, words_of
from hamkor.printing.words import unit_word, word
from hamkor.venues.rules.features import Connection, Feature, Route, Section, Venue

CHAIN_PX = 92.0
NAME_PX = 190.0
THICK_MIN_PX, THICK_MAX_PX, PX_PER_M = 2.5, 16.0, 1.8


class Piece(msgspec.Struct, frozen=True):
    """One narrow part of a route: name, width as read, width in metres or None."""

    name: str
    measure: str
    width_m: float | None


def routes_of(venue: Venue) -> list[Feature]:
    """Returns the routes of a venue in the order of the file."""
    return [feature for feature in venue.features if isinstance(feature.properties, Route)]


def draw_chain(sheet: Sheet, venue: Venue, feature: Feature, top: float) -> tuple[float, float]:
    """Draws a route as a chain at a height and returns where findings about it are marked."""
    route: Route = feature.properties  # type: ignore[assignment] # the caller chose routes
    pieces = _pieces(venue, route, sheet.language)
    colour = ROUTE_COLOURS[route.purpose]
    left, right, y = NAME_PX + 20, sheet.width - 40, top + CHAIN_PX / 2 + 4
    name = wrapped(ground_name(feature, sheet.language), NAME_PX - 24, 13, bold=True)[:3]
    sheet.add("texts", text(16, y - 6 - (len(name) - 1) * 8, name, size=13, bold=True))
    purpose = word(route.purpose, sheet.language)
    sheet.add("texts", text(16, y + 12 + (len(name) - 1) * 8, purpose, size=11, fill=QUIET))
    step = (right - left) / len(pieces)
    for index, piece in enumerate(pieces):
        _draw_piece(sheet, piece, (left + step * index, y), step, colour)
    tip = [(right, y - 9), (right + 16, y), (right, y + 9)]
    sheet.add("ways", element("path", d=polyline(tip, closed=True), fill=colour))
    _draw_ends(sheet, route, (left, right), y)
    return left - 22, y - 2


def _pieces(venue: Venue, route: Route, language: str) -> list[Piece]:
    features = {feature.id: feature for feature in venue.features}
    pieces = []
    for section in route.sections or ():
        if isinstance(section, Section):
            name = say(section.name or section.id, language)
            measure = figure(section.clear_width_m, language, unit_word("m", language))
            pieces.append(Piece(name, measure, figure_nominal(section.clear_width_m)))
            continue
        found = features.get(section)
        properties: Any = None if found is None else found.properties
        if found is not None and isinstance(properties, Connection):
            name, measure = ground_name(found, language), measure_of(properties, language)
            pieces.append(Piece(name, measure, figure_nominal(properties.clear_width_m)))
    unknown = translate(NOT_KNOWN, language)
    nothing = words_of(N_("narrow parts: {state}"), language, state=unknown)
    return pieces or [Piece(nothing, "", None)]


def _draw_piece(sheet: Sheet, piece: Piece, at: tuple[float, float], step: float, colour: str) -> None:
    x, y = at
    thick = THICK_MIN_PX
    if piece.width_m is not None:
        thick = min(THICK_MAX_PX, max(THICK_MIN_PX, piece.width_m * PX_PER_M))
    dash = "7 5" if piece.width_m is None else None
    line = f"M{x + 2:.1f} {y:.1f} L{x + step - 2:.1f} {y:.1f}"
    sheet.add(
        "ways",
        element("path", d=line, stroke=colour, stroke_width=thick, stroke_dasharray=dash, opacity=0.85),
    )
    sheet.add(
        "ways",
        element("path", d=f"M{x:.1f} {y - 11:.1f} L{x:.1f} {y + 11:.1f}", stroke=PAPER, stroke_width=3),
    )
    names = wrapped(piece.name, step - 12, 11.5)[:2]
    sheet.add(
        "texts", text(x + step / 2, y - 14 - (len(names) - 1) * 14, names, size=11.5, text_anchor="middle")
    )
    sheet.add("texts", text(x + step / 2, y + 24, piece.measure, size=11.5, bold=True, text_anchor="middle"))


def _draw_ends(sheet: Sheet, route: Route, ends: tuple[float, float], y: float) -> None:
    for words, x, anchor in ((route.from_, ends[0], "start"), (route.to, ends[1] + 16, "end")):
        if words is not None:
            shown = wrapped(say(words, sheet.language), 220, 11)[:1]
            sheet.add("texts", text(x, y + 40, shown, size=11, fill=QUIET, text_anchor=anchor))

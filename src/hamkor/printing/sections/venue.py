# SPDX-License-Identifier: Apache-2.0
"""The venue: picture, areas and capacities, ways in and out, routes."""

from __future__ import annotations

from typing import Any

from hamkor.common.i18n import format_number, translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.printing.map_svg import Picture
from hamkor.printing.maps.grounds import ground_name
from hamkor.printing.maps.ways import measure_of
from hamkor.printing.sections.blocks import (
    Block,
    Row,
    Section,
    cell,
    heading,
    note,
    section,
    table,
)
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import figure, listed, say, words_of
from hamkor.printing.words import kind_word, unit_word, word
from hamkor.venues.rules.features import (
    Area,
    AssemblyArea,
    Connection,
    Feature,
    Route,
    Shelter,
    Structure,
    Turnstiles,
)
from hamkor.venues.rules.features import (
    Section as RouteSection,
)
from hamkor.venues.rules.geometry import find_centre, plane_around


def venue_sections(plan: Plan, names: Names, picture: Picture) -> list[Section]:
    """Returns the page of the picture, and the tables of areas, connections and routes."""
    drawn: Block = {
        "type": "map",
        "drawings": [f"map{index}" for index in range(len(picture.svgs))],
        "entries": [[str(number), words] for number, words in picture.entries],
        "remarks": list(picture.remarks),
    }
    title = translate(N_("Venue and routes"), names.language)
    pages = [section("map", title, [drawn], starts_page=True)]
    if plan.venue is None or not plan.venue.features:
        return [section("map", title, [drawn])]
    blocks = [
        *_group(plan, Area, N_("Areas and capacities"), _areas, names),
        *_group(plan, Connection, N_("Openings, passages and turnstiles"), _connections, names),
        *_group(plan, Route, N_("Routes"), _routes, names),
        *_group(plan, (AssemblyArea, Shelter), N_("Assembly areas and shelters"), _havens, names),
        *_group(plan, Structure, N_("Structures"), _structures, names),
    ]
    return [*pages, section("venue", translate(N_("Areas, ways and capacities"), names.language), blocks)]


def _group(plan: Plan, kinds: Any, title: str, build: Any, names: Names) -> list[Block]:
    features = [f for f in plan.venue.features if isinstance(f.properties, kinds)] if plan.venue else []
    if not features:
        nothing = words_of(
            N_("{what}: none in the plan."), names.language, what=translate(title, names.language)
        )
        return [note(nothing)]
    return [heading(translate(title, names.language)), build(features, names)]


def _areas(features: list[Feature], names: Names) -> Block:
    language = names.language
    columns = [
        (N_("Area"), 2.8),
        (N_("Area people can use, m²"), 1.5, "right"),
        (N_("Seats"), 1.1, "right"),
        (N_("People let in"), 1.3, "right"),
        (N_("Found safe"), 1.3, "right"),
        (N_("Counted by"), 1.4),
    ]
    return table(columns, [_area_row(feature, language) for feature in features], language)


def _area_row(feature: Feature, language: str) -> Row:
    area: Area = feature.properties  # type: ignore[assignment] # the caller chose areas
    return (
        cell(ground_name(feature, language), bold=True, small=word(area.use, language)),
        _usable_area(feature, language),
        figure(area.seats, language),
        figure(area.stated_capacity, language),
        figure(area.assessed_capacity, language),
        word(area.counting, language),
    )


def _usable_area(feature: Feature, language: str) -> str:
    """Returns the area people can use, or that of the outline, marked as such, when only that is known."""
    area: Area = feature.properties  # type: ignore[assignment] # the caller chose areas
    if area.usable_area_m2 is not None or feature.geometry is None:
        return figure(area.usable_area_m2, language)
    centre = find_centre([feature.geometry])
    outline_m2 = plane_around(centre).to_shape(feature.geometry).area if centre is not None else 0.0
    rounded = float(f"{outline_m2:.3g}")
    return f"≈ {format_number(rounded, language)}" if outline_m2 else figure(None, language)


def _connections(features: list[Feature], names: Names) -> Block:
    language = names.language
    columns = [
        (N_("Opening or way"), 2.2),
        (N_("From – to"), 2.6),
        (N_("Width or lanes"), 1.3, "right"),
        (N_("Opens"), 1.4),
        (N_("Kept by"), 1.6),
    ]
    return table(columns, [_connection_row(feature, names) for feature in features], language)


def _connection_row(feature: Feature, names: Names) -> Row:
    language = names.language
    item: Any = feature.properties
    kind = kind_word(str(item.__struct_config__.tag), language)
    obstructed = translate(N_("obstructed"), language)
    remark = f"{kind} · {obstructed}" if item.obstructed else kind
    if isinstance(item, Turnstiles):
        remark = f"{kind} · {word(item.screening, language)}"
    return (
        cell(ground_name(feature, language), bold=True, small=remark),
        f"{names.place(item.from_)} – {names.place(item.to)}",
        measure_of(item, language),
        word(item.release, language),
        names.posts(item.staffed_by),
    )


def _routes(features: list[Feature], names: Names) -> Block:
    language = names.language
    columns = [
        (N_("Route"), 2.2),
        (N_("From – to"), 2.4),
        (N_("Narrow parts"), 3.0),
        (N_("Kept clear by"), 1.6),
    ]
    rows = []
    for feature in features:
        route: Route = feature.properties  # type: ignore[assignment] # the caller chose routes
        rows.append(
            (
                cell(ground_name(feature, language), bold=True, small=word(route.purpose, language)),
                f"{say(route.from_, language)} – {say(route.to, language)}",
                listed(_narrow_parts(route, names), language),
                names.posts(route.kept_clear_by),
            )
        )
    return table(columns, rows, language)


def _narrow_parts(route: Route, names: Names) -> list[str] | None:
    if route.sections is None:
        return None
    metre = unit_word("m", names.language)
    return [
        f"{say(part.name or part.id, names.language)}: {figure(part.clear_width_m, names.language, metre)}"
        if isinstance(part, RouteSection)
        else names.place(part)
        for part in route.sections
    ]


def _havens(features: list[Feature], names: Names) -> Block:
    language = names.language
    columns = [
        (N_("Place"), 3.0),
        (N_("People it takes"), 1.4, "right"),
        (N_("Protects from"), 3.0),
    ]
    rows = []
    for feature in features:
        item: Any = feature.properties
        against = [word(danger, language) for danger in getattr(item, "against", ())]
        kind = kind_word(str(item.__struct_config__.tag), language)
        rows.append(
            (
                cell(ground_name(feature, language), bold=True, small=kind),
                figure(item.capacity, language),
                ", ".join(against) or "–",
            )
        )
    return table(columns, rows, language)


def _structures(features: list[Feature], names: Names) -> Block:
    language = names.language
    columns = [
        (N_("Structure"), 2.6),
        (N_("Cleared at a gust of, m/s"), 1.6, "right"),
        (N_("What is done then"), 3.4),
    ]
    rows = []
    for feature in features:
        item: Structure = feature.properties  # type: ignore[assignment] # the caller chose structures
        rows.append(
            (
                cell(ground_name(feature, language), bold=True, small=word(item.structure, language)),
                figure(item.wind_limit_m_s, language),
                say(item.wind_action, language),
            )
        )
    return table(columns, rows, language)

# SPDX-License-Identifier: Apache-2.0
"""Plans of every shape, made from the structs of the format themselves."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from hypothesis import strategies as st
from msgspec import Meta

from hamkor.common.figures import Estimate, Figure, KnownFigure
from hamkor.common.records import Id, ShortText
from hamkor.events.rules import Event
from hamkor.plans.rules.plan import PARTS, Part, Plan
from hamkor.venues.rules.features import (
    OUTSIDE,
    Area,
    Feature,
    Opening,
    Passage,
    Properties,
    Turnstiles,
    Venue,
)
from hamkor.venues.rules.geometry import LineString, Point, Polygon

# What a file can hold: every character but half pairs; each text at least one letter long.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12) | st.sampled_from(
    [
        "yes",
        "no",
        "null",
        "~",
        "18:30",
        "2027-03-21",
        "2027-03-21 18:00",
        "007",
        "1e5",
        "Navroʻz\nbayrami\n",
        " a ",
        "# x",
        "- b",
    ]
)
IDS = st.sampled_from(["a", "b-2", "gate.1", "x:y", "7"]) | st.from_regex(
    r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,8}", fullmatch=True
).filter(lambda text: text != OUTSIDE)
FIRST, LAST = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2100-01-01")
FINE_MOMENTS = st.datetimes(min_value=FIRST, max_value=LAST)
MOMENTS = FINE_MOMENTS | FINE_MOMENTS.map(lambda moment: moment.replace(second=0, microsecond=0))
NUMBERS = st.floats(0, 1e9, allow_subnormal=False) | st.integers(0, 10**9).map(float)


def plans(*names: str) -> st.SearchStrategy[Plan]:
    """Returns plans that hold an event and, sometimes, the named parts; all parts when none is named."""
    wanted = [part for part in PARTS if part.name != "event" and (not names or part.name in names)]
    parts = {part.name: _part(part) for part in wanted}
    if not names or "venue" in names:
        parts["venue"] = venues()
    return st.builds(
        lambda event, rest: Plan(event=event, **rest),
        structs(Event),
        st.fixed_dictionaries({}, optional=parts),
    )


def _part(part: Part) -> st.SearchStrategy[Any]:
    return _unique(structs(part.body)) if part.is_list else structs(part.body)


def _unique(items: st.SearchStrategy[Any], max_size: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=max_size, unique_by=lambda item: getattr(item, "id", id(item))).map(tuple)


@cache
def structs(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Returns structs of a kind with any of their optional keys."""
    believable = {
        "time_zone": st.sampled_from(["Asia/Tashkent", "Europe/London"]),
        "clear_width_m": figures(st.floats(0, 500)),
        "rate_per_h": figures(st.floats(1, 3600)),
    }
    fields = [field for field in msgspec.structs.fields(kind) if field.name not in {"type", "part_of"}]
    wanted = {
        field.name: believable[field.name] if field.name in believable else values(field.type)
        for field in fields
    }
    required = {field.name: wanted.pop(field.name) for field in fields if field.required}
    optional = wanted
    return st.fixed_dictionaries(required, optional=optional).map(lambda keys: kind(**keys))


@cache
def values(hint: Any) -> st.SearchStrategy[Any]:
    """Returns values of a type of the format, within its bounds."""
    if hint in (Figure, KnownFigure):
        return figures()
    plain = {Id: IDS, ShortText: TEXTS, bool: st.booleans(), datetime: MOMENTS, date: st.dates(), str: TEXTS}
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type):
        return structs(hint)
    return _composed(hint, get_origin(hint), get_args(hint))


def _composed(hint: Any, origin: Any, arguments: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if origin is Annotated:
        return _bounded(arguments[0], arguments[1:])
    if origin in {Union, UnionType}:
        return st.one_of([values(arm) for arm in arguments if arm is not type(None)])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return _unique(values(arguments[0]), max_size=2)
    assert origin is dict, hint
    return st.dictionaries(values(arguments[0]), values(arguments[1]), min_size=1, max_size=2)


def _bounded(hint: Any, marks: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    bounds = next((mark for mark in marks if isinstance(mark, Meta) and mark.le is not None), None)
    if bounds is not None:
        low = bounds.ge if bounds.ge is not None else 1
        return st.integers(int(low), int(bounds.le)) if hint is int else st.floats(low, bounds.le)
    pattern = next((mark.pattern for mark in marks if isinstance(mark, Meta) and mark.pattern), None)
    return st.from_regex(pattern.rstrip("$"), fullmatch=True) if pattern else values(hint)


def figures(numbers: st.SearchStrategy[float] = NUMBERS) -> st.SearchStrategy[Any]:
    """Returns figures of every form: a number, a range, estimates, with source and grade or without."""
    about = {"source": TEXTS, "grade": st.sampled_from("ABCD")}
    ranges = st.tuples(numbers, numbers).map(sorted).map(lambda ends: {"low": ends[0], "high": ends[1]})
    estimates = st.lists(st.builds(Estimate, value=numbers), min_size=1, max_size=2).map(
        lambda items: {"estimates": tuple(items)}
    )
    forms = st.fixed_dictionaries({"value": numbers}) | ranges | estimates
    told = st.builds(
        lambda form, more: KnownFigure(**form, **more), forms, st.fixed_dictionaries({}, optional=about)
    )
    return numbers | told


@st.composite
def venues(draw: st.DrawFn) -> Venue:
    """Returns drawings around one place: areas, and other features that lead between them."""
    names = draw(st.lists(IDS, min_size=1, max_size=6, unique=True))
    area_ids = names[: draw(st.integers(1, len(names)))]
    features = [
        Feature(id=name, geometry=draw(geometries()), properties=draw(structs(Area))) for name in area_ids
    ]
    for name in names[len(area_ids) :]:
        kind = draw(st.sampled_from(get_args(Properties)))
        properties = draw(structs(kind))
        if isinstance(properties, (Opening, Passage, Turnstiles)):
            ends = draw(st.permutations([*area_ids, OUTSIDE]))
            properties = msgspec.structs.replace(properties, from_=ends[0], to=ends[1])
        features.append(Feature(id=name, geometry=draw(geometries()), properties=properties))
    return Venue(type="FeatureCollection", name=draw(st.none() | TEXTS), features=tuple(features))


def geometries() -> st.SearchStrategy[Any]:
    """Returns geometries that can be measured, within one city, or None."""
    positions = st.tuples(st.floats(69.0, 69.2), st.floats(41.0, 41.2))
    lines = st.lists(positions, min_size=2, max_size=4).map(
        lambda points: LineString(coordinates=tuple(points))
    )
    sizes = st.floats(1e-4, 1e-2)
    squares = st.builds(_square, positions, sizes)
    return st.none() | positions.map(lambda position: Point(coordinates=position)) | lines | squares


def _square(corner: tuple[float, float], size: float) -> Polygon:
    west, south = corner
    east, north = west + size, south + size
    return Polygon(coordinates=(((west, south), (east, south), (east, north), (west, north), (west, south)),))

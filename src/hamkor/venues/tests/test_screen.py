# SPDX-License-Identifier: Apache-2.0
"""A drawing as a browser gets it: metres that lead back, layers, storeys, read-outs."""

from __future__ import annotations

import json
import math
from pathlib import Path

import msgspec
import pytest

from hamkor.venues.rules.features import Venue
from hamkor.venues.rules.geometry import Point
from hamkor.venues.rules.screen import LAYERS, drawing_for_screen, to_position, to_xy

EXAMPLES = Path(__file__).parents[4] / "examples"


def load(name: str) -> Venue:
    return msgspec.json.decode((EXAMPLES / name / "venue.geojson").read_bytes(), type=Venue)


def test_a_drawing_is_shown_in_metres_with_layers_and_storeys() -> None:
    venue = load("navruz-2027")
    shown = json.loads(json.dumps(drawing_for_screen(venue, language="en")))
    assert shown["show_as"] == "drawing"
    assert [layer["id"] for layer in shown["layers"]] == [id_ for id_ in LAYERS if id_ in LAYERS]
    assert sum(layer["count"] for layer in shown["layers"]) == len(venue.features)
    assert {level["level"] for level in shown["levels"]} == {-1, 0, 1}
    origin = tuple(shown["origin"])
    for feature, item in zip(venue.features, shown["features"], strict=True):
        if isinstance(feature.geometry, Point):
            x, y = item["paths"][0][0][0]
            assert math.dist(to_position(origin, x, y), feature.geometry.coordinates) < 1e-7
            assert to_xy(origin, feature.geometry.coordinates) == pytest.approx((x, y), abs=0.006)
    gate = next(item for item in shown["features"] if item["id"] == "gate-01")
    assert (gate["layer"], gate["label"], gate["measures"]["width_m"]) == ("openings", "Gate 1", 3.75)
    assert gate["between"] == ["concourse-n", "forecourt-n"]


def test_a_venue_without_coordinates_says_how_to_show_it() -> None:
    shown = drawing_for_screen(load("cases/loveparade-2010"))
    assert shown["show_as"] == "schematic"
    assert (shown["origin"], shown["bounds_m"]) == (None, None)
    boxes = {box["id"]: box["column"] for box in shown["schematic"]["boxes"]}
    assert boxes["outside"] == 0
    assert boxes["festival-ground"] == 1
    assert all({link["from"], link["to"]} <= set(boxes) for link in shown["schematic"]["links"])


def test_nothing_at_all_can_be_shown() -> None:
    shown = drawing_for_screen(Venue(type="FeatureCollection", features=()))
    assert (shown["show_as"], shown["features"], shown["layers"]) == ("schematic", [], [])

# SPDX-License-Identifier: Apache-2.0
"""Drawings that cannot be used, and those that only look so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hamkor.folder.queries import read_folder
from hamkor.folder.rules import MAX_FAULTS_SHOWN
from hamkor.folder.tests.builders import EVENT, UZBEK, area, faults_of, only, square, venue


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('{"type": "FeatureCollection",\n "features": [}', "json-broken", 2),
        ('{"type": "FeatureCollection"', "json-broken", 1),
        ("not json", "json-broken", 1),
        ("\x00", "json-broken", 1),
        ('{"type": "FeatureCollection", "features": [NaN]}', "json-not-finite", None),
        ('{"type": "FeatureCollection", "features": [-Infinity]}', "json-not-finite", None),
        ('{"features": [' + "9" * 6000 + "]}", "json-not-finite", None),
        ('{"type": "x", "type": "FeatureCollection", "features": []}', "json-duplicate-key", None),
        ('{"features": ["\\ud800"]}', "json-broken", None),
        ("[" * 100_000, "json-too-deep", None),
        ('{"a":' * 100_000, "json-too-deep", None),
        ("[]", "wrong-top", None),
        ('{"type": "FeatureCollection"}', "wrong-top", None),
        ('{"type": "FeatureCollection", "features": {}}', "wrong-top", None),
        ("5", "wrong-top", None),
    ],
)
def test_texts_that_are_not_our_json(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    fault = only(faults_of(tmp_path, venue__geojson=text), code, "venue.geojson")
    assert fault.line == line


@pytest.mark.parametrize(
    ("feature", "code", "place"),
    [
        (area("hall", capacity=5), "unknown-key", "features[0].properties.capacity"),
        (area("hall", use="hal"), "bad-choice", "features[0].properties.use"),
        (area("hall", kind="arae"), "bad-choice", "features[0].properties.kind"),
        (area("the hall"), "bad-id", "features[0].id"),
        ({"type": "Feature", "id": "a", "properties": {}}, "missing-key", "features[0].properties"),
        ({"type": "Feature", "id": "a"}, "missing-key", "features[0]"),
        (
            {"type": "Feature", "id": 7, "properties": {"kind": "area", "use": "hall"}},
            "wrong-type",
            "features[0].id",
        ),
        (5, "wrong-type", "features[0]"),
        (None, "wrong-type", "features[0]"),
        (area("hall", []), "too-few", "features[0].geometry.coordinates"),
        (area("hall", [[]]), "too-few", "features[0].geometry.coordinates[0]"),
        (area("hall", [[[69, 41], [69, 42], [69, 41]]]), "too-few", "features[0].geometry.coordinates[0]"),
        (area("hall", [[[69, 41, 400]] * 4]), "bad-position", "features[0].geometry.coordinates[0][0]"),
        (area("hall", [[[69]] * 4]), "bad-position", "features[0].geometry.coordinates[0][0]"),
        (area("hall", [[[1e300, 41]] * 4]), "out-of-range", "features[0].geometry.coordinates[0][0][0]"),
        (area("hall", [[[41, 127]] * 4]), "out-of-range", "features[0].geometry.coordinates[0][0][1]"),
        (area("hall", [[["69", 41]] * 4]), "wrong-type", "features[0].geometry.coordinates[0][0][0]"),
        (area("hall", [[[None, 41]] * 4]), "wrong-type", "features[0].geometry.coordinates[0][0][0]"),
        (
            area("hall", [[[69, 41], [69.1, 41], [69.1, 41.1], [69, 41.1]]]),
            "bad-outline",
            "features[0].geometry",
        ),
        (area("hall", [[[69, 41]] * 4]), "bad-outline", "features[0].geometry"),
        (
            area("hall", [[[69, 41], [69.1, 41.1], [69.1, 41], [69, 41.1], [69, 41]]]),
            "bad-outline",
            "features[0].geometry",
        ),
        (area("outside"), "reserved-id", "features[0]"),
    ],
)
def test_features_that_cannot_be_used(tmp_path: Path, feature: Any, code: str, place: str) -> None:
    fault = only(faults_of(tmp_path, venue__geojson=venue(feature)), code, "venue.geojson")
    assert fault.place == place
    assert fault.line is not None
    assert fault.line >= 3


def test_misspelt_ends_of_openings(tmp_path: Path) -> None:
    door = area("door", kind="opening", to="outside", **{"from": "hal"})
    del door["properties"]["use"]
    fault = only(
        faults_of(tmp_path, venue__geojson=venue(area("hall"), door)), "unknown-area", "venue.geojson"
    )
    assert fault.place == "features[1].properties.from"
    assert "`hall`" in fault.message.in_english()
    assert '"hal"' in (tmp_path / "venue.geojson").read_text().splitlines()[(fault.line or 0) - 1]


@pytest.mark.parametrize("key", ["use", "from"])
def test_words_inside_features_are_suggested(tmp_path: Path, key: str) -> None:
    door = area("door", kind="opening", to="outside", **{"from": "hall"})
    door["properties"]["use"] = {"egres": "forward"} if key == "use" else {"egress": "foward"}
    fault = only(faults_of(tmp_path, venue__geojson=venue(area("hall"), door)), "bad-choice", "venue.geojson")
    assert ("`egress`" if key == "use" else "`forward`") in fault.message.in_english()


def test_drawings_wider_than_a_city(tmp_path: Path) -> None:
    far = venue(area("a", square(69.2, 41.3)), area("b", square(41.3, 69.2)))
    only(faults_of(tmp_path, venue__geojson=far), "drawing-too-wide", "venue.geojson")


def test_swapped_coordinates(tmp_path: Path) -> None:
    swapped = venue(area("a", square(41.3, 69.2)))
    fault = only(
        faults_of(tmp_path, event__yaml=UZBEK, venue__geojson=swapped), "swapped-coordinates", "venue.geojson"
    )
    assert "longitude first" in fault.message.in_english()


@pytest.mark.parametrize(("west", "south"), [(69.2, 41.3), (2.3, 48.8)])
def test_right_or_foreign_coordinates_pass(tmp_path: Path, west: float, south: float) -> None:
    (tmp_path / "event.yaml").write_text(UZBEK)
    (tmp_path / "venue.geojson").write_text(venue(area("a", square(west, south))))
    assert read_folder(tmp_path).venue is not None


def test_unknown_country_says_nothing_about_order(tmp_path: Path) -> None:
    (tmp_path / "event.yaml").write_text(EVENT)
    (tmp_path / "venue.geojson").write_text(venue(area("a", square(41.3, 69.2))))
    assert read_folder(tmp_path).venue is not None


def test_moments_in_quotes_and_in_json(tmp_path: Path) -> None:
    (tmp_path / "event.yaml").write_text(EVENT + "starts_at: '2027-03-21 18:00'\nnote: '2027-03-21 18:00'\n")
    flow = {"starts_at": "2027-03-21 17:00", "ends_at": "2027-03-21T18:00:00", "forward_per_h": 100}
    door = area("door", kind="opening", to="outside", flows=[flow], **{"from": "hall"})
    del door["properties"]["use"]
    (tmp_path / "venue.geojson").write_text(venue(area("hall"), door))
    plan = read_folder(tmp_path)
    assert plan.event.starts_at is not None
    assert plan.event.starts_at.hour == 18
    assert plan.event.note == "2027-03-21 18:00"


def test_large_drawing_with_faults_is_named_quickly_enough_to_use(tmp_path: Path) -> None:
    features = [area(f"a{n}", square(69 + n * 1e-6, 41.3), seats=-1) for n in range(300)]
    assert len(faults_of(tmp_path, venue__geojson=venue(*features))) == MAX_FAULTS_SHOWN

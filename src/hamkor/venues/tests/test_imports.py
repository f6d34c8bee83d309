# SPDX-License-Identifier: Apache-2.0
"""Drawings of other programs become features; what is not known stays unknown and is told."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from hamkor.common.errors import HamkorError
from hamkor.venues.queries import import_drawing
from hamkor.venues.rules.drawings import DrawingOptions, Tie
from hamkor.venues.rules.features import Area, AssemblyArea, Device, Opening, Passage, Route, Structure, Venue
from hamkor.venues.rules.geometry import LineString, MultiPolygon, Polygon, plane_around
from hamkor.venues.rules.measuring import measure_feature
from hamkor.venues.tests.drawing_files import (
    TASHKENT,
    by_id,
    codes,
    collection,
    dxf,
    imdf,
    line,
    outline,
    polyline,
    read,
)

EXAMPLE = Path(__file__).parents[4] / "examples" / "navruz-2027" / "venue.geojson"
PLACED = DrawingOptions(origin=TASHKENT)


def test_a_drawing_of_ours_stays_as_it_is() -> None:
    content = EXAMPLE.read_bytes()
    imported = import_drawing(content, name="venue.geojson")
    assert imported.form == "hamkor"
    assert imported.venue == msgspec.json.decode(content, type=Venue)
    assert not {remark.kind for remark in imported.remarks} & {"mended", "kept"}


@pytest.mark.parametrize("name", ["hall.geojson", "fairground.osm", "imdf", "hall.dxf"])
def test_importing_twice_gives_the_same_and_every_reference_leads_somewhere(name: str) -> None:
    first, second = read(name, PLACED), read(name, PLACED)
    assert first == second
    ids = [feature.id for feature in first.venue.features]
    assert len(ids) == len(set(ids))
    for feature in first.venue.features:
        properties = feature.properties
        assert properties.source is not None
        assert properties.source.startswith(name)
        if isinstance(properties, (Opening, Passage)):
            assert {properties.from_, properties.to} <= {*ids, "outside"}
            assert properties.from_ != properties.to
    assert msgspec.json.decode(msgspec.json.encode(first.venue), type=Venue) == first.venue
    for remark in first.remarks:
        assert "{" not in remark.message.in_english()


def test_foreign_geojson_is_read_by_the_usual_names() -> None:
    imported = read("hall.geojson")
    found = by_id(imported.venue)
    hall, foyer, door, exit_ = (found[id_].properties for id_ in ("n-1", "n-2", "n-3", "n-4"))
    assert isinstance(hall, Area)
    assert (hall.name, hall.use, hall.stated_capacity, hall.note) == ("Katta zal", "hall", 1200, "colour=red")
    assert isinstance(foyer, Area)
    assert (foyer.name, foyer.use) == ({"ru": "Фойе", "en": "Foyer"}, "concourse")
    assert isinstance(door, Opening)
    assert (door.name, door.clear_width_m, {door.from_, door.to}) == ("D-1", 2.4, {"n-1", "n-2"})
    assert isinstance(exit_, Opening)
    assert (exit_.emergency_only, exit_.to, exit_.note) == (True, "outside", "width=wide")
    assert isinstance(imported.venue.features[-1].geometry, MultiPolygon)
    assert {"outline-mended", "heights-dropped", "kind-unknown", "no-geometry", "use-assumed"} <= codes(
        imported
    )


def test_ids_follow_the_thing_not_its_place_in_the_file() -> None:
    first = outline((69.28, 41.31), (69.281, 41.31), (69.281, 41.311), type="hall")
    second = outline((69.29, 41.31), (69.291, 41.31), (69.291, 41.311), type="hall")
    one = import_drawing(collection(first, second), name="a.json").venue
    other = import_drawing(collection(second, first), name="a.json").venue
    assert {f.id: f.geometry for f in one.features} == {f.id: f.geometry for f in other.features}


def test_ids_that_stand_twice_in_foreign_drawings_get_a_number() -> None:
    hall = outline((69.28, 41.31), (69.281, 41.31), (69.281, 41.311), type="hall", ref="H")
    imported = import_drawing(collection(hall, hall), name="a.json")
    assert [feature.id for feature in imported.venue.features] == ["H", "H-2"]
    assert "id-taken" in codes(imported)


def test_openstreetmap_is_read_by_its_tags() -> None:
    imported = read("fairground.osm")
    found = by_id(imported.venue)
    ground, stand, pitch = (found[id_].properties for id_ in ("osm-w100", "osm-w101", "osm-r200"))
    assert isinstance(ground, Area)
    assert ground.name == {"uz": "Maysa maydoni", "ru": "Луговая площадка"}
    assert (ground.stated_capacity, ground.note) == (12000, "operator=Invented City")
    assert isinstance(stand, Area)
    assert (stand.use, stand.seats, stand.part_of) == ("seating", 800, "osm-w100")
    assert isinstance(pitch, Area)
    assert pitch.use == "pitch"
    shape = found["osm-r200"].geometry
    assert isinstance(shape, Polygon)
    assert len(shape.coordinates) == 2, "the hole of the relation"
    gate, exit_, turnstile = (found[id_].properties for id_ in ("osm-n5", "osm-n6", "osm-n7"))
    assert isinstance(gate, Opening)
    assert (gate.clear_width_m, gate.from_, gate.to) == (4.5, "osm-w100", "outside")
    assert isinstance(exit_, Opening)
    assert (exit_.emergency_only, exit_.clear_width_m) == (True, None)
    assert isinstance(turnstile, Opening), "lanes are not invented"
    assert turnstile.clear_width_m is None
    steps, meeting = found["osm-w106"].properties, found["osm-n10"].properties
    assert isinstance(steps, Passage)
    assert (steps.form, steps.surface, steps.clear_width_m) == ("stairs", "stairs", 3)
    assert isinstance(meeting, AssemblyArea)
    assert meeting.capacity == 2500
    assert isinstance(found["osm-w105"].properties, Structure)
    assert isinstance(found["osm-n8"].properties, Device), (
        "a gate on no border is kept, but counts for nothing"
    )
    assert {
        "lanes-unknown",
        "opening-joins-nothing",
        "width-unknown",
        "tags-unknown",
        "part-of-assumed",
    } <= codes(imported)


def test_steps_between_no_areas_become_a_route_with_a_section() -> None:
    content = b"""<osm><node id="1" lat="41.31" lon="69.28"/><node id="2" lat="41.3101" lon="69.28"/>
    <way id="-7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="steps"/><tag k="width" v="2"/></way></osm>"""
    (feature,) = import_drawing(content, name="a.osm").venue.features
    assert feature.id == "osm-w-7"
    assert isinstance(feature.properties, Route)
    (section,) = feature.properties.sections or ()
    assert not isinstance(section, str)
    assert (section.clear_width_m, section.surface) == (2, "stairs")


def test_imdf_gives_storeys_names_and_widths_of_openings_in_metres() -> None:
    imported = read("imdf")
    assert imported.venue.name == "Oʻylab topilgan teatr"
    found = by_id(imported.venue)
    hall = found["22222222-0000-4000-8000-000000000001"].properties
    balcony = found["22222222-0000-4000-8000-000000000003"].properties
    assert isinstance(hall, Area)
    assert (hall.name, hall.level, hall.indoors) == ({"uz": "Zal", "en": "Hall"}, 0, True)
    assert (balcony.name, balcony.level) == ("Balcon", 1)
    assert "22222222-0000-4000-8000-000000000004" not in found, "a lift is no ground"
    inner = found["33333333-0000-4000-8000-000000000001"]
    assert isinstance(inner.properties, Opening)
    assert {inner.properties.from_, inner.properties.to} == {
        "22222222-0000-4000-8000-000000000001",
        "22222222-0000-4000-8000-000000000002",
    }
    assert inner.properties.clear_width_m == pytest.approx(3.33, abs=0.01)
    assert measure_feature(inner).drawn_width_m == pytest.approx(3.33, abs=0.01)
    exit_ = found["33333333-0000-4000-8000-000000000003"].properties
    assert isinstance(exit_, Opening)
    assert exit_.emergency_only
    assert {"width-from-line", "no-ground"} <= codes(imported)


def test_imdf_relationships_say_what_an_opening_joins() -> None:
    hall, lobby = "22222222-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
    relationship = {
        "type": "Feature",
        "id": "66666666-0000-4000-8000-000000000001",
        "geometry": None,
        "properties": {
            "category": "traversal",
            "origin": {"id": lobby, "feature_type": "unit"},
            "destination": {"id": hall, "feature_type": "unit"},
            "intermediary": [{"id": "33333333-0000-4000-8000-000000000001", "feature_type": "opening"}],
        },
    }
    content = imdf(relationship=collection(relationship))
    opening = by_id(import_drawing(content, name="x").venue)[
        "33333333-0000-4000-8000-000000000001"
    ].properties
    assert isinstance(opening, Opening)
    assert (opening.from_, opening.to) == (lobby, hall)


def test_dxf_layers_blocks_and_texts_become_a_venue() -> None:
    imported = read("hall.dxf", PLACED)
    found = by_id(imported.venue)
    hall, lobby = found["dxf-A1"], found["dxf-A2"]
    assert isinstance(hall.properties, Area)
    assert (hall.properties.name, hall.properties.use) == ("Katta zal", "hall")
    assert measure_feature(hall).area_m2 == pytest.approx(1000, rel=1e-4)
    assert measure_feature(lobby).area_m2 == pytest.approx(245, rel=1e-4)
    gate, door = found["dxf-B1"].properties, found["dxf-B2"].properties
    assert isinstance(gate, Opening)
    assert (gate.clear_width_m, {gate.from_, gate.to}) == (3.5, {"dxf-A1", "dxf-A2"})
    assert isinstance(door, Opening)
    assert (door.clear_width_m, door.to) == (None, "outside")
    assert {"layer-unknown", "swing-left-out", "width-unknown", "placed-by-middle"} <= codes(imported)
    unknown = next(remark for remark in imported.remarks if remark.code == "layer-unknown")
    assert "Мебель" in unknown.message.in_english(), "UTF-8 in a drawing that does not name it"


def test_a_dxf_drawing_without_a_place_keeps_its_sizes() -> None:
    imported = read("hall.dxf")
    found = by_id(imported.venue)
    assert {feature.geometry for feature in imported.venue.features} == {None}
    assert isinstance(found["dxf-A1"].properties, Area)
    assert found["dxf-A1"].properties.usable_area_m2 == pytest.approx(1000, abs=0.2)
    assert isinstance(found["dxf-B1"].properties, Opening)
    assert found["dxf-B1"].properties.to == "dxf-A1" or found["dxf-B1"].properties.from_ == "dxf-A1"
    assert "no-place" in codes(imported)


def test_two_points_place_and_turn_a_dxf_drawing() -> None:
    plane = plane_around(TASHKENT)
    east = plane.to_positions([(0.0, 40.0)])[0]  # what points right in the drawing points north on the Earth
    ties = (Tie(0, 0, *TASHKENT), Tie(40, 0, *east))
    imported = read("hall.dxf", DrawingOptions(ties=ties))
    shape = by_id(imported.venue)["dxf-A1"].geometry
    assert shape is not None
    left, bottom, right, top = plane.to_shape(shape).bounds
    assert (left, bottom, right, top) == pytest.approx((-25, 0, 0, 40), abs=0.01)
    with pytest.raises(HamkorError, match="ties-do-not-fit"):
        read("hall.dxf", DrawingOptions(ties=ties, unit="mm"))
    with pytest.raises(HamkorError, match="ties-too-near"):
        read("hall.dxf", DrawingOptions(ties=(ties[0], ties[0])))


def test_a_table_of_layers_says_what_a_drawing_does_not() -> None:
    content = dxf(polyline("X1", (0, 0), (10, 0), (10, 10), (0, 10)), line("X2", (10, 4), (10, 6)))
    layers = {"x1": "area:standing", "X*": "opening:emergency"}
    venue = import_drawing(
        content, name="a.dxf", options=DrawingOptions(layers=layers, origin=TASHKENT)
    ).venue
    area, opening = (feature.properties for feature in venue.features)
    assert isinstance(area, Area)
    assert area.use == "standing"
    assert isinstance(opening, Opening)
    assert (opening.clear_width_m, opening.emergency_only) == (2, True)
    with pytest.raises(HamkorError, match=r"layer-meaning-unknown.*X1.*area:seating"):
        import_drawing(content, name="a.dxf", options=DrawingOptions(layers={"X1": "area:sofa"}))


@pytest.mark.parametrize(("code", "area_m2"), [(4, 100e-6), (5, 0.01), (6, 100.0), (2, 9.2903)])
def test_the_unit_of_a_dxf_drawing_is_kept(code: int, area_m2: float) -> None:
    size = 10 if area_m2 > 1 else 10_000
    grown = area_m2 * (size / 10) ** 2
    content = dxf(polyline("HALL", (0, 0), (size, 0), (size, size), (0, size)), unit=code)
    (feature,) = import_drawing(content, name="a.dxf", options=PLACED).venue.features
    assert measure_feature(feature).area_m2 == pytest.approx(grown, rel=1e-3)


def test_blocks_are_taken_apart_and_their_layers_kept() -> None:
    block = f"0 BLOCK 8 0 2 FLOOR 70 0 10 0 20 0 {polyline('0', (0, 0), (10, 0), (10, 10))} 0 ENDBLK 8 0"
    insert = "0 INSERT 5 C1 8 HALL 2 FLOOR 10 5 20 5 41 2 42 2"
    venue = import_drawing(dxf(insert, blocks=block), name="a.dxf", options=PLACED).venue
    (feature,) = venue.features
    assert feature.id == "dxf-C1.0"
    assert measure_feature(feature).area_m2 == pytest.approx(200, rel=1e-3)


def test_an_opening_inside_of_an_area_joins_nothing_and_says_so() -> None:
    content = dxf(polyline("HALL", (0, 0), (40, 0), (40, 40), (0, 40)), line("DOOR", (20, 20), (22, 20)))
    imported = import_drawing(content, name="a.dxf", options=PLACED)
    assert isinstance(by_id(imported.venue)["dxf-B1"].properties, Device)
    assert "opening-joins-nothing" in codes(imported)


def test_areas_on_another_storey_are_no_neighbours() -> None:
    def hall(level: int, west: float) -> dict[str, object]:
        return outline(
            (west, 41.31),
            (west + 0.001, 41.31),
            (west + 0.001, 41.311),
            (west, 41.311),
            type="hall",
            level=level,
        )

    door = {
        "type": "Feature",
        "id": "d",
        "properties": {"type": "door"},
        "geometry": {"type": "LineString", "coordinates": [[69.281, 41.3105], [69.281, 41.31052]]},
    }
    imported = import_drawing(collection(hall(0, 69.28), hall(1, 69.281), door), name="a")
    opening = by_id(imported.venue)["d"].properties
    assert isinstance(opening, Opening)
    assert opening.to == "outside"
    assert isinstance(by_id(imported.venue)["d"].geometry, LineString)

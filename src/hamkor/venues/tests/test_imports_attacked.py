# SPDX-License-Identifier: Apache-2.0
"""Hostile and broken drawings are refused in words, quickly, and never with a fault of ours."""

from __future__ import annotations

import contextlib
import json
import zipfile
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.common.i18n import LANGUAGES
from hamkor.venues.queries import import_drawing
from hamkor.venues.rules.drawings import ONE_VENUE, DrawingOptions, DrawingRefusedError
from hamkor.venues.tests.drawing_files import (
    SAMPLES,
    TASHKENT,
    collection,
    dxf,
    imdf,
    line,
    outline,
    packed,
    polyline,
)

PLACED = DrawingOptions(origin=TASHKENT)
SMALL = msgspec.structs.replace(
    ONE_VENUE, file_bytes=100_000, unpacked_bytes=200_000, packed_files=12, features=20, vertices=100
)
SQUARE = ((69.28, 41.31), (69.281, 41.31), (69.281, 41.311), (69.28, 41.311))
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><osm><node id="&c;"/></osm>'
OUTSIDE_ENTITY = b'<!DOCTYPE osm [<!ENTITY x SYSTEM "file:///etc/passwd">]><osm>&x;</osm>'
OURS = {"kind": "area", "use": "hall"}


def nested_blocks(depth: int) -> bytes:
    blocks = " ".join(
        f"0 BLOCK 8 0 2 N{n} 70 0 10 0 20 0 0 INSERT 8 0 2 N{n + 1} 10 0 20 0 0 INSERT 8 0 2 N{n + 1} 10 1 20 0 "
        "0 ENDBLK 8 0"
        for n in range(depth)
    )
    last = f"0 BLOCK 8 0 2 N{depth} 70 0 10 0 20 0 {line('0', (0, 0), (1, 1))} 0 ENDBLK 8 0"
    return dxf("0 INSERT 5 F0 8 FURNITURE 2 N0 10 0 20 0", blocks=f"{blocks} {last}")


def a_way(*refs: int, tags: str = "") -> bytes:
    nds = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<osm><node id="1" lat="41" lon="69"/><way id="5">{nds}{tags}</way></osm>'.encode()


REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "drawing-empty"),
    "spaces": (b" \n\t ", "drawing-empty"),
    "picture": (b"\x89PNG\r\n\x1a\n", "drawing-unknown"),
    "dwg": (b"AC1032\x00\x00", "drawing-is-dwg"),
    "gzip": (b"\x1f\x8b\x08\x00", "drawing-packed"),
    "utf16": ('{"type":"FeatureCollection"}'.encode("utf-16"), "not-utf8"),
    "kml": (b'<?xml version="1.0"?><kml xmlns="x"></kml>', "xml-unknown"),
    "entities": (BOMB, "xml-entities"),
    "outside-entity": (OUTSIDE_ENTITY, "xml-entities"),
    "xml-cut": (b'<osm><node id="1" lat="1" lon="2">', "xml-broken"),
    "xml-encoding": (b'<?xml version="1.0" encoding="klingon"?><osm/>', "not-utf8|xml-broken"),
    "osm-empty": (b"<osm/>", "nothing-to-import"),
    "osm-nan": (b'<osm><node id="1" lat="nan" lon="inf"/></osm>', "bad-position"),
    "osm-no-position": (b'<osm><node id="1"/></osm>', "bad-position"),
    "osm-id": (b'<osm><node id="one" lat="1" lon="1"/></osm>', "bad-reference"),
    "osm-twice": (b'<osm><node id="1" lat="1" lon="1"/><node id="1" lat="1" lon="1"/></osm>', "duplicate-id"),
    "osm-far": (
        b'<osm><node id="1" lat="1" lon="999"><tag k="barrier" v="gate"/></node></osm>',
        "not-degrees",
    ),
    "osm-lost-nodes": (a_way(7, 8, 9), "nothing-to-import"),
    "json-cut": (b'{"type": "FeatureCollection",\n"features": [', r"json-broken.*line 2"),
    "json-nan": (b'{"type":"FeatureCollection","features":[NaN]}', "json-broken"),
    "json-huge": (b'{"type":"FeatureCollection","features":[1e999]}', "json-broken|nothing"),
    "json-deep": (b"[" * 100_000, "json-too-deep|json-broken"),
    "json-list": (b"[]", "not-geojson"),
    "json-other": (b'{"a": 1}', "not-geojson"),
    "metres": (
        collection(outline((500_000, 4_500_000), (500_010, 4_500_000), (500_010, 4_500_010), name="Zal")),
        r"not-degrees.*Zal.*metres.*4326",
    ),
    "crs": (collection(outline(*SQUARE), crs={"properties": {"name": "EPSG:32642"}}), r"wrong-crs.*32642"),
    "crs-odd": (collection(outline(*SQUARE), crs={"properties": 7}), "wrong-crs"),
    "no-features": (collection(), "nothing-to-import"),
    "odd-features": (b'{"type":"FeatureCollection","features":[1,null,"x",[],{}]}', "nothing-to-import"),
    "text-positions": (collection(outline(("69", "41"), ("70", "41"), ("70", "42"))), "bad-position"),
    "too-wide": (
        collection(outline(*SQUARE), outline((41, 69), (41.1, 69), (41.1, 69.1))),
        "drawing-too-wide",
    ),
    "ours-without-id": (collection(outline(*SQUARE, **OURS)), "feature-unusable"),
    "ours-twice": (
        collection({**outline(*SQUARE, **OURS), "id": "a"}, {**outline(*SQUARE, **OURS), "id": "a"}),
        "duplicate-id",
    ),
    "ours-odd": (
        collection({**outline(*SQUARE, kind="area", use="sofa"), "id": "a"}),
        "feature-unusable.*sofa",
    ),
    "zip-cut": (imdf()[:300], "archive-broken"),
    "zip-other": (packed({"a.txt": "x"}), "not-imdf"),
    "zip-in-zip": (
        packed({"unit.geojson": collection(), "a.zip": packed({"b": "c"})}),
        r"archive-nested.*a\.zip",
    ),
    "zip-bad-json": (imdf(unit="{"), r"json-broken.*unit\.geojson"),
    "dxf-cut": (b"0\nSECTION\n2\nENTITIES\n0\nLINE\n8", "no-layer-known|dxf-broken"),
    "dxf-words": (b"0\nSECTION\nnot a code\nat all", "dxf-broken|no-layer-known"),
    "dxf-binary": (b"AutoCAD Binary DXF\r\n\x1a\x00", "dxf-binary"),
    "dxf-no-layers": (dxf(line("X", (0, 0), (1, 1))), r"no-layer-known.*X \(1\)"),
    "dxf-unit": (dxf(line("FENCE", (0, 0), (9, 1)), unit=0), "unit-unknown"),
    "dxf-far": (dxf(line("FENCE", (0, 0), (1e300, 1))), r"out-of-reach.*B1"),
    "dxf-nan": (
        dxf("0 LINE 5 B1 8 FENCE 10 nan 20 0 11 1 21 1"),
        r"bad-position.*B1|nothing|no-layer|dxf-broken",
    ),
    "dxf-huge-arc": (dxf("0 CIRCLE 5 B1 8 HALL 10 0 20 0 40 1e250"), r"(bad-position|out-of-reach).*B1"),
    "dxf-blocks": (nested_blocks(12), "blocks-too-deep|too-many-features"),
    "dxf-array": (
        dxf(
            "0 INSERT 5 F0 8 HALL 2 N 10 0 20 0 70 32000 71 32000 44 1 45 1",
            blocks=f"0 BLOCK 8 0 2 N 70 0 10 0 20 0 {line('0', (0, 0), (1, 1))} 0 ENDBLK 8 0",
        ),
        "too-many-features",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_in_words(name: str) -> None:
    content, code = REFUSED[name]
    with pytest.raises(HamkorError, match=f"(?s){code}") as refused:
        import_drawing(content, name="odd.file", options=DrawingOptions())
    for language in LANGUAGES:
        shown = refused.value.message.render(language)
        assert shown.strip()
        assert "{" not in shown.replace("{ }", "")


def test_a_block_that_holds_itself_ends() -> None:
    block = "0 BLOCK 8 0 2 LOOP 70 0 10 0 20 0 0 INSERT 8 0 2 LOOP 10 1 20 0 0 ENDBLK 8 0"
    with pytest.raises(DrawingRefusedError):
        import_drawing(
            dxf("0 INSERT 5 F0 8 HALL 2 LOOP 10 0 20 0", blocks=block), name="a.dxf", options=PLACED
        )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{" + b" " * 100_000, "file-too-large"),
        (imdf(fixture=" " * 150_000, detail=" " * 150_000), "archive-too-large"),
        (packed({f"{n}.geojson": "{}" for n in range(13)}), "archive-too-large"),
        (collection(*[outline(*SQUARE, type="hall")] * 21), "too-many"),
        (
            collection(outline(*[(69 + n / 1e4, 41 + n * n / 1e8) for n in range(120)], type="hall")),
            "too-many-vertices",
        ),
    ],
)
def test_limits_hold(content: bytes, code: str) -> None:
    with pytest.raises(DrawingRefusedError, match=code):
        import_drawing(content, name="large", limits=SMALL)


def test_an_archive_that_lies_of_its_size_is_stopped_where_it_grows() -> None:
    content = bytearray(packed({"unit.geojson": b" " * 5_000_000}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(DrawingRefusedError, match="archive"):
        import_drawing(bytes(content), name="bomb.zip", limits=SMALL)


def test_a_locked_archive_is_named() -> None:
    content = bytearray(packed({"unit.geojson": b"{}"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    with pytest.raises(DrawingRefusedError, match="archive-locked"):
        import_drawing(bytes(content), name="locked.zip")


def test_paths_in_an_archive_go_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for path in (SAMPLES / "imdf").iterdir():
            file.write(path, f"../../{path.name}")
    assert import_drawing(archive.getvalue(), name="up.zip").form == "imdf"
    assert list(tmp_path.iterdir()) == []


def test_an_outline_that_encloses_nothing_is_left_out_by_name() -> None:
    flat = outline((69.28, 41.31), (69.281, 41.31), (69.282, 41.31), type="hall", name="Flat hall")
    imported = import_drawing(collection(flat, outline(*SQUARE, type="hall")), name="a")
    assert len(imported.venue.features) == 1
    (remark,) = (remark for remark in imported.remarks if remark.code == "nothing-drawn")
    assert "Flat hall" in remark.message.in_english()


def test_a_crossing_outline_is_mended_and_named() -> None:
    content = dxf(polyline("HALL", (0, 0), (10, 10), (10, 0), (0, 10)))
    imported = import_drawing(content, name="a.dxf", options=PLACED)
    (remark,) = (remark for remark in imported.remarks if remark.code == "outline-mended")
    assert "HALL (handle A1)" in remark.message.in_english()


def test_a_scribble_is_left_out_instead_of_mended_for_minutes() -> None:
    points = [(69.28 + (n * 7919 % 997) / 1e6, 41.31 + (n * 104729 % 991) / 1e6) for n in range(900)]
    content = collection(outline(*points, type="hall", name="Scribble"), outline(*SQUARE, type="hall"))
    imported = import_drawing(content, name="a")
    assert len(imported.venue.features) == 1
    (remark,) = (remark for remark in imported.remarks if remark.code == "nothing-drawn")
    assert "Scribble" in remark.message.in_english()


def test_names_are_cut_and_cleaned() -> None:
    hall = outline(*SQUARE, type="hall", name="A\u0000\u202e\ud800" + "x" * 9000, other="y" * 9000)
    content = json.dumps({"type": "FeatureCollection", "features": [hall]}).replace("\\ud800", "").encode()
    (feature,) = import_drawing(content, name="n\ud800\n" + "n" * 5000).venue.features
    assert isinstance(feature.properties.name, str)
    assert len(feature.properties.name) <= 200
    assert feature.properties.name.isprintable()
    assert msgspec.json.encode(feature)


samples = st.sampled_from([path.read_bytes() for path in SAMPLES.glob("*.*")] + [imdf()])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(samples, st.data())
def test_damaged_drawings_are_read_or_refused(content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    with contextlib.suppress(HamkorError):
        imported = import_drawing(bytes(damaged), name="damaged", options=PLACED)
        assert msgspec.json.encode(imported.venue)
        assert all(remark.message.in_english() for remark in imported.remarks)

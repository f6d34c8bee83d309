# SPDX-License-Identifier: Apache-2.0
"""Drawings for the tests: the samples, and small ones made on the spot."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from hamkor.venues.queries import import_drawing
from hamkor.venues.rules.drawings import DrawingOptions, Imported
from hamkor.venues.rules.features import Feature, Venue

SAMPLES = Path(__file__).parent / "samples"
TASHKENT = (69.28, 41.31)


def read(name: str, options: DrawingOptions | None = None) -> Imported:
    content = imdf() if name == "imdf" else (SAMPLES / name).read_bytes()
    return import_drawing(content, name=name, options=options)


def imdf(**files: str | bytes) -> bytes:
    """Returns the sample archive, some of its files replaced or added."""
    contents: dict[str, str | bytes] = {path.name: path.read_bytes() for path in (SAMPLES / "imdf").iterdir()}
    return packed(contents | {f"{stem}.geojson": content for stem, content in files.items()})


def packed(contents: dict[str, str | bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in sorted(contents.items()):
            file.writestr(name, content)
    return archive.getvalue()


def collection(*features: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)}).encode()


def outline(*points: tuple[float, ...], **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [[*points, points[0]]]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def dxf(*entities: str, unit: int = 6, blocks: str = "") -> bytes:
    """Returns a DXF drawing of entities written as words separated by spaces: codes and values in turn."""
    lines = f"0 SECTION 2 HEADER 9 $ACADVER 1 AC1009 9 $INSUNITS 70 {unit} 0 ENDSEC"
    body = f"{lines} 0 SECTION 2 BLOCKS {blocks} 0 ENDSEC 0 SECTION 2 ENTITIES {' '.join(entities)} 0 ENDSEC 0 EOF"
    return "\n".join(body.split()).encode()


def polyline(layer: str, *points: tuple[float, float], handle: str = "A1", is_closed: bool = True) -> str:
    vertices = " ".join(f"0 VERTEX 8 {layer} 10 {x} 20 {y}" for x, y in points)
    return f"0 POLYLINE 5 {handle} 8 {layer} 66 1 70 {int(is_closed)} {vertices} 0 SEQEND"


def line(layer: str, start: tuple[float, float], end: tuple[float, float], *, handle: str = "B1") -> str:
    return f"0 LINE 5 {handle} 8 {layer} 10 {start[0]} 20 {start[1]} 11 {end[0]} 21 {end[1]}"


def by_id(venue: Venue) -> dict[str, Feature]:
    return {feature.id: feature for feature in venue.features}


def codes(imported: Imported) -> set[str]:
    return {remark.code for remark in imported.remarks}

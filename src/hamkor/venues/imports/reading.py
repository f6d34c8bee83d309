# SPDX-License-Identifier: Apache-2.0
"""Finds out what a drawing is by its content and has it read."""

from __future__ import annotations

import re

from hamkor.common.messages import N_
from hamkor.venues.imports.geojson import import_geojson
from hamkor.venues.imports.imdf import import_imdf
from hamkor.venues.imports.values import clean_text
from hamkor.venues.imports.words import refuse_unknown_meanings
from hamkor.venues.rules.drawings import DrawingOptions, DrawingRefusedError, Imported, Limits

_SPACE = b" \t\r\n"
_DXF = re.compile(rb"\s*(?:999\r?\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION\b")
_BINARY_DXF = b"AutoCAD Binary DXF"
_DWG = re.compile(rb"AC10\d\d")
_COMPRESSED = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff")
_ROOT = re.compile(rb"<(?![?!])\s*([A-Za-z_][\w.:-]*)")
FIRST_BYTES = 65_536


def read_drawing(content: bytes, *, name: str, options: DrawingOptions, limits: Limits) -> Imported:
    """Returns a drawing as a venue, whatever of the known forms it has.

    Raises:
        DrawingRefusedError: It is too large, of no known form, or cannot be used.
    """
    name = clean_text(name) or "drawing"
    if len(content) > limits.file_bytes:
        raise DrawingRefusedError(
            "file-too-large",
            N_("{name} has {size_mb} MB; at most {limit_mb} MB are read. Export only the venue."),
            name=name,
            size_mb=round(len(content) / 1e6, 1),
            limit_mb=limits.file_bytes / 1e6,
        )
    refuse_unknown_meanings(options.layers)
    start = content[:FIRST_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(_SPACE)
    if start.startswith(b"PK\x03\x04"):
        return import_imdf(content, name=name, options=options, limits=limits)
    if start[:1] in {b"{", b"["}:
        return import_geojson(content, name=name, options=options, limits=limits)
    if _DXF.match(start) or start.startswith(_BINARY_DXF):
        from hamkor.venues.imports.dxf import import_dxf  # ezdxf is slow to import

        return import_dxf(content, name=name, options=options, limits=limits)
    root = _ROOT.search(start) if start.startswith(b"<") else None
    if root is not None and root[1] == b"osm":
        from hamkor.venues.imports.osm import (
            import_osm,
        )  # defusedxml: only the server and who asks for it has it

        return import_osm(content, name=name, options=options, limits=limits)
    raise _unknown(start, name, root=root[1].decode() if root else "")


def _unknown(start: bytes, name: str, *, root: str) -> DrawingRefusedError:
    """Returns the refusal that says what the file seems to be and which form to export it in."""
    if not start:
        return DrawingRefusedError(
            "drawing-empty", N_("{name} is empty. Export the drawing again."), name=name
        )
    if _DWG.match(start):
        return DrawingRefusedError(
            "drawing-is-dwg",
            N_("{name} is a DWG drawing, which only its makers can read. Save it as DXF (R2000 or later)."),
            name=name,
        )
    if start.startswith(_COMPRESSED):
        return DrawingRefusedError(
            "drawing-packed", N_("{name} is packed. Unpack it, then give the drawing itself."), name=name
        )
    if content_is_wide(start):
        return DrawingRefusedError(
            "not-utf8", N_("{name} is text in UTF-16. Save or export it as UTF-8."), name=name
        )
    if root:
        return DrawingRefusedError(
            "xml-unknown",
            N_(
                "{name} is XML with the root <{root}>, not OpenStreetMap data. Export it as GeoJSON, OSM XML or DXF."
            ),
            name=name,
            root=clean_text(root, 40) or "?",
        )
    return DrawingRefusedError(
        "drawing-unknown",
        N_(
            "{name} is none of the forms that are read: GeoJSON, IMDF, OSM XML, DXF. Export the drawing as one of them."
        ),
        name=name,
    )


def content_is_wide(start: bytes) -> bool:
    """True for text of two bytes a letter."""
    return start.startswith(_WIDE_TEXT)

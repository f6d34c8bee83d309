# SPDX-License-Identifier: Apache-2.0
"""GeoJSON text read strictly, and what RFC 7946 asks of it."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from hamkor.common.messages import N_
from hamkor.venues.imports.values import clean_text
from hamkor.venues.rules.drawings import DrawingRefusedError

_BYTE = re.compile(r"\(byte (\d+)\)")
_DEGREES_CRS = re.compile(r"(CRS84|EPSG:{1,2}(?:[\d.]*:)?4326)\b", re.IGNORECASE)


def read_collection(content: bytes, name: str) -> dict[str, Any]:
    """Returns a GeoJSON FeatureCollection; a single Feature or geometry is wrapped into one.

    Args:
        content: The text, UTF-8 with or without a byte order mark.
        name: Name of the file, for refusals.

    Raises:
        DrawingRefusedError: ``json-broken``, ``json-too-deep``, ``not-geojson``, ``wrong-crs``.
    """
    raw = _decode(content.removeprefix(b"\xef\xbb\xbf"), name)
    if isinstance(raw, dict) and raw.get("type") == "Feature":
        raw = {"type": "FeatureCollection", "features": [raw]}
    if not isinstance(raw, dict) or not isinstance(raw.get("features"), list):
        raise DrawingRefusedError(
            "not-geojson",
            N_("{name} is JSON but no GeoJSON FeatureCollection. Export the drawing as GeoJSON."),
            name=name,
        )
    _refuse_other_crs(raw.get("crs"), name)
    return raw


def _decode(content: bytes, name: str) -> Any:
    try:
        return msgspec.json.decode(content)
    except RecursionError:
        raise DrawingRefusedError(
            "json-too-deep", N_("{name}: values are nested too deep. Export the drawing again."), name=name
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        at = _BYTE.search(str(error))
        line = (
            content.count(b"\n", 0, int(at[1]) if at else len(content)) + 1
        )  # without a byte it was cut off
        raise DrawingRefusedError(
            "json-broken",
            N_(
                "{name}, line {line}: this is not valid JSON ({detail}). Export the drawing again, or mend it there."
            ),
            name=name,
            line=line,
            detail=clean_text(error) or "?",
        ) from None


def _refuse_other_crs(crs: Any, name: str) -> None:
    """Refuses what is drawn in other coordinates than longitude and latitude, as older files may be."""
    if not isinstance(crs, dict):
        return
    properties = crs.get("properties")
    told = str(properties.get("name", "?")) if isinstance(properties, dict) else "?"
    if not _DEGREES_CRS.search(told):
        raise DrawingRefusedError(
            "wrong-crs",
            N_(
                "{name} is drawn in the coordinates {crs}, not in degrees. "
                "Export it again with coordinates in degrees (WGS 84, EPSG:4326)."
            ),
            name=name,
            crs=clean_text(told, 80) or "?",
        )

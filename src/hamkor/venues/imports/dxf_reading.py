# SPDX-License-Identifier: Apache-2.0
"""What a DXF drawing shows, in its own unit: lines, outlines, points and texts, blocks taken apart."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from hamkor.common.messages import N_
from hamkor.venues.imports.collecting import Remarks
from hamkor.venues.imports.values import clean_text
from hamkor.venues.rules.drawings import DrawingRefusedError, Limits

if TYPE_CHECKING:
    from ezdxf.document import Drawing as Document
    from ezdxf.entities.insert import Insert

CURVES = frozenset({"LINE", "LWPOLYLINE", "POLYLINE", "CIRCLE", "ELLIPSE", "SPLINE", "ARC"})
TEXTS = frozenset({"TEXT", "MTEXT"})
CURVE_EXACTNESS_M = 0.02
CLOSED_GAP_M = 0.05
ENTITIES_PER_FEATURE = 5
METRES_PER_INSUNITS = {
    1: 0.0254,
    2: 0.3048,
    3: 1609.344,
    4: 0.001,
    5: 0.01,
    6: 1.0,
    7: 1000.0,
    10: 0.9144,
    14: 0.1,
    15: 10.0,
    16: 100.0,
    21: 1200 / 3937,
}
"""Length of the units of ``$INSUNITS`` in metres. Source: AutoCAD DXF reference, header variables."""


class Drawn(msgspec.Struct):
    """One thing of a drawing.

    Args:
        handle: Its handle in the file; that of its block with a number for a part of a block.
        layer: Its layer.
        form: ``outline``, ``line``, ``point`` or ``text``.
        points: In the drawing's unit.
        sort: Type of the entity, such as ``ARC``.
        block: Name of the block, for a point.
        told: Attributes of the block by their tags in capitals, or the text under ``TEXT``.
        height: Height of the letters of a text.
    """

    handle: str
    layer: str
    form: str
    points: list[tuple[float, float]]
    sort: str
    block: str = ""
    told: dict[str, str] = {}
    height: float = 0.0


def open_document(content: bytes, name: str) -> Document:
    """Returns a DXF file read with what can be recovered of it.

    Raises:
        DrawingRefusedError: ``reader-missing``, ``dxf-broken``.
    """
    try:
        from ezdxf import recover
    except ImportError:
        raise DrawingRefusedError(
            "reader-missing",
            N_("Reading {name} needs the package {package}. Install Hamkor with its part `server`."),
            name=name,
            package="ezdxf",
        ) from None
    try:
        document, _auditor = recover.read(io.BytesIO(content))
    except Exception as error:  # noqa: BLE001 - a reader of damaged files fails in every way there is
        raise DrawingRefusedError(
            "dxf-broken",
            N_(
                "{name} is a damaged DXF drawing ({detail}). Save it again as DXF, best after AUDIT and PURGE."
            ),
            name=name,
            detail=clean_text(error) or type(error).__name__,
        ) from None
    return document


def find_misreading(document: Document, content: bytes) -> str | None:
    """Returns the encoding a UTF-8 drawing was read in, or None when its letters are right.

    Notes:
        Drawings before R2007 are in the code page they name; converters write UTF-8 into them all the same.
    """
    if content.isascii() or document.encoding.lower().replace("-", "") == "utf8":
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return str(document.encoding)


def metres_per_unit(document: Document) -> float | None:
    """Returns the length of the drawing's unit in metres, or None when it does not say."""
    return METRES_PER_INSUNITS.get(int(document.header.get("$INSUNITS", 0)))


class DxfWalk:
    """Goes through the model of a drawing and takes blocks apart.

    Args:
        document: The drawing.
        limits: How much is accepted.
        remarks: Where what is left out is noted.
        metres_per_unit: Length of the unit; 1 when unknown.
        misread: Encoding in which UTF-8 was read by mistake; None when the letters are right.
        is_mark: Whether a block of that layer and name is one thing at its insertion point.
    """

    def __init__(
        self,
        document: Document,
        limits: Limits,
        remarks: Remarks,
        *,
        metres_per_unit: float,
        misread: str | None,
        is_mark: Callable[[str, str], bool],
    ) -> None:
        self._document = document
        self._limits = limits
        self._remarks = remarks
        self._scale = metres_per_unit
        self._is_mark = is_mark
        self._misread = misread
        self._left = limits.features * ENTITIES_PER_FEATURE
        self._hidden = {
            self._letters(layer.dxf.name).lower()
            for layer in document.layers
            if layer.is_off() or layer.is_frozen()
        }

    def things(self) -> Iterator[Drawn]:
        """Yields what is drawn.

        Raises:
            DrawingRefusedError: ``too-many-features``, ``blocks-too-deep``, ``bad-position``, ``out-of-reach``.
        """
        for entity in self._document.modelspace():
            yield from self._visit(entity, handle=str(entity.dxf.handle), layer=None, depth=0)

    def _visit(self, entity: Any, *, handle: str, layer: str | None, depth: int) -> Iterator[Drawn]:
        self._count(1)
        own = self._letters(entity.dxf.get("layer", "0"))
        shown = layer if own == "0" and layer is not None else own
        if shown.lower() in self._hidden or entity.dxf.get("invisible", 0):
            self._remarks.add(
                "left_out",
                "layer-hidden",
                N_(
                    "Layers that are switched off were left out: {names}. Switch them on if they belong to it."
                ),
                label=clean_text(shown) or "?",
            )
            return
        sort = entity.dxftype()
        if sort == "INSERT":
            yield from self._insert(entity, handle=handle, layer=shown, depth=depth)
        elif sort in CURVES:
            drawn = self._curve(entity, handle, shown)
            if drawn is not None:
                yield drawn
        elif sort in TEXTS:
            text = clean_text(self._letters(entity.plain_text()))
            at = self._points([entity.dxf.insert], handle)
            height = float(entity.dxf.get("char_height" if sort == "MTEXT" else "height", 0.0))
            if text:
                yield Drawn(handle, shown, "text", at, sort, told={"TEXT": text}, height=height)
        elif sort == "POINT":
            yield Drawn(handle, shown, "point", self._points([entity.dxf.location], handle), sort)

    def _insert(self, insert: Insert, *, handle: str, layer: str, depth: int) -> Iterator[Drawn]:
        block = self._letters(insert.dxf.get("name", ""))
        if depth >= self._limits.block_depth:
            raise DrawingRefusedError(
                "blocks-too-deep",
                N_(
                    "Block {block} (handle {handle}) holds blocks in blocks more than {limit} deep. Explode it."
                ),
                block=clean_text(block) or "?",
                handle=handle,
                limit=self._limits.block_depth,
            )
        self._count(insert.mcount)
        for number, single in enumerate(insert.multi_insert() if insert.mcount > 1 else [insert]):
            each = handle if insert.mcount == 1 else f"{handle}.{number}"
            if self._is_mark(layer, block):
                told = {
                    self._letters(attribute.dxf.tag).upper(): text
                    for attribute in single.attribs
                    if (text := clean_text(self._letters(attribute.dxf.text))) is not None
                }
                at = self._points([single.dxf.insert], each)
                yield Drawn(each, layer, "point", at, "INSERT", block=block, told=told)
                continue
            for index, part in enumerate(single.virtual_entities()):
                yield from self._visit(part, handle=f"{each}.{index}", layer=layer, depth=depth + 1)

    def _curve(self, entity: Any, handle: str, layer: str) -> Drawn | None:
        from ezdxf import path

        try:
            curve = path.make_path(entity)
            controls = list(curve.control_vertices())
        except (ValueError, ZeroDivisionError, TypeError, IndexError):  # a spline or arc that is none
            controls = []
        self._points(controls, handle)
        if len(controls) < 2:
            return None
        points = self._points(curve.flattening(CURVE_EXACTNESS_M / self._scale), handle)
        gap = math.dist(points[0], points[-1]) * self._scale
        is_closed = len(points) > 3 and (bool(curve.is_closed) or gap <= CLOSED_GAP_M)
        if is_closed and points[0] != points[-1]:
            points[-1] = points[0]
        return Drawn(handle, layer, "outline" if is_closed else "line", points, str(entity.dxftype()))

    def _points(self, vertices: Any, handle: str) -> list[tuple[float, float]]:
        """Returns the points of a plan, and refuses those nobody can have meant."""
        points = []
        for vertex in vertices:
            x, y = float(vertex[0]), float(vertex[1])
            if not (math.isfinite(x) and math.isfinite(y)):
                raise DrawingRefusedError(
                    "bad-position",
                    N_(
                        "{place}: a position is not two ordinary numbers. Export the drawing again, or correct it "
                        "there."
                    ),
                    place=f"handle {handle}",
                )
            if max(abs(x), abs(y)) * self._scale > self._limits.reach_m:
                raise DrawingRefusedError(
                    "out-of-reach",
                    N_(
                        "Handle {handle} lies {distance_km} km from the drawing's zero. Remove it, or check the unit."
                    ),
                    handle=handle,
                    distance_km=round(max(abs(x), abs(y)) * self._scale / 1000),
                )
            points.append((x, y))
        return points

    def _letters(self, text: Any) -> str:
        """Returns a text with its letters right, where UTF-8 was read as something else."""
        if self._misread is None:
            return str(text)
        try:
            return str(text).encode(self._misread, "surrogateescape").decode("utf-8")
        except UnicodeError:
            return str(text)

    def _count(self, number: int) -> None:
        self._left -= number
        if self._left < 0:
            raise DrawingRefusedError(
                "too-many-features",
                N_(
                    "The drawing has more than {limit} things. Export only the venue, or import it part by part."
                ),
                limit=self._limits.features,
            )

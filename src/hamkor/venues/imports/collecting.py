# SPDX-License-Identifier: Apache-2.0
"""Gathers what a drawing shows and turns it into features: ids, shapes, notes, and remarks on what was assumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.venues.imports.shapes import Shaper
from hamkor.venues.imports.values import clean_text, note_of
from hamkor.venues.rules.drawings import DrawingRefusedError, Limits, Remark, RemarkKind
from hamkor.venues.rules.geometry import Geometry, MultiPolygon, Polygon

NAMES_SHOWN = 8
OUTLINE_KINDS = {"area"}
WAY_KINDS = {"opening", "passage", "turnstiles"}
CONNECTING = frozenset(WAY_KINDS)


class Found(msgspec.Struct):
    """One thing of a drawing on its way to a feature.

    Args:
        id: Its id.
        geometry: Its geometry in degrees, or None.
        properties: Properties of a feature, as written in GeoJSON.
        sides: The areas a way joins, where the drawing says so itself.
        is_line_width: The length of its line is its clear width.
        is_own: It was a feature of ours before; nothing is added to it.
    """

    id: str
    geometry: Geometry | None
    properties: dict[str, Any]
    sides: tuple[str, str] | None = None
    is_line_width: bool = False
    is_own: bool = False

    @property
    def kind(self) -> str:
        """What it is."""
        return str(self.properties["kind"])

    @property
    def level(self) -> float:
        """Its storey."""
        return float(self.properties.get("level", 0))

    @property
    def label(self) -> str:
        """Its name, or its id where it has none."""
        name = self.properties.get("name")
        return name if isinstance(name, str) else next(iter(name.values())) if name else self.id


class Remarks:
    """Remarks gathered by kind: one sentence for many things of the same sort."""

    def __init__(self) -> None:
        self._gathered: dict[tuple[str, RemarkKind, str], tuple[list[str], list[str], dict[str, Any]]] = {}

    def add(
        self,
        kind: RemarkKind,
        code: str,
        template: str,
        *,
        label: str = "",
        feature: str | None = None,
        **facts: Any,
    ) -> None:
        """Notes one more thing; the template may use ``{count}`` and ``{names}``.

        Args:
            kind: Kind of remark.
            code: Stable identifier.
            template: Sentence marked with ``N_``.
            label: What the thing is called.
            feature: Id of the thing, when it is in the drawing.
            facts: Values that are the same for all of them.
        """
        labels, ids, _ = self._gathered.setdefault((code, kind, template), ([], [], facts))
        labels.append(label)
        if feature is not None:
            ids.append(feature)

    def collected(self) -> tuple[Remark, ...]:
        """Returns the remarks, one per sort, in the order of their first thing."""
        return tuple(
            Remark(
                code,
                kind,
                Message(template, {**facts, "count": len(labels), "names": _shown(labels)}),
                tuple(ids),
            )
            for (code, kind, template), (labels, ids, facts) in self._gathered.items()
        )


class Collector:
    """Gathers the things of one drawing.

    Args:
        name: Name of the file; with its place there the source of every feature.
        limits: How much is accepted.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = clean_text(name) or "drawing"
        self.limits = limits
        self.remarks = Remarks()
        self.found: list[Found] = []
        self._taken: set[str] = set()
        self._numbers: Counter[str] = Counter()
        self._shaper = Shaper(limits.vertices)

    def add(
        self,
        id_: str,
        properties: dict[str, Any],
        *,
        geometry: Mapping[str, Any] | None,
        place: str,
        unknown: Mapping[str, Any] | None = None,
        is_line_width: bool = False,
        is_own: bool = False,
    ) -> list[Found]:
        """Takes one thing up; several for a geometry of several points or lines, none when it is left out.

        Args:
            id_: Id of ours; a number is added when it is taken.
            properties: Properties of a feature; must hold ``kind``.
            geometry: GeoJSON geometry in degrees, as read, or None.
            place: What it is and where in the file, for refusals and remarks.
            unknown: Properties nobody here understands; kept as the feature's note.
            is_line_width: The length of its line is its clear width.
            is_own: It is a feature of ours: neither note nor source is added.

        Raises:
            DrawingRefusedError: Impossible positions, or more than the limits allow.
        """
        if not is_own:
            properties = self._with_note(properties, unknown or {}, place)
        geometries: list[Geometry | None] = [None]
        if geometry is not None:
            shaped = self._shaper.shape(str(geometry.get("type")), geometry.get("coordinates"), place)
            geometries = [*shaped.geometries]
            self._remark_on_shape(shaped.is_mended, shaped.had_heights, bool(geometries), place)
        added = []
        for each in geometries:
            if not is_own and not _fits(properties["kind"], each):
                self.remarks.add(
                    "left_out",
                    "shape-does-not-fit",
                    N_("Left out, because an area needs an outline: {names} ({count}). Draw its outline."),
                    label=place,
                )
                continue
            thing = Found(self._free_id(id_), each, dict(properties))
            thing.is_line_width, thing.is_own = is_line_width, is_own
            self.found.append(thing)
            added.append(thing)
        if len(self.found) > self.limits.features:
            raise DrawingRefusedError(
                "too-many-features",
                N_(
                    "The drawing has more than {limit} things. Export only the venue, or import it part by part."
                ),
                limit=self.limits.features,
            )
        return added

    def has(self, id_: str) -> bool:
        """True when the id is taken."""
        return id_ in self._taken

    def _remark_on_shape(self, is_mended: bool, had_heights: bool, has_shape: bool, place: str) -> None:  # noqa: FBT001 - three facts of one shape
        if is_mended and has_shape:
            self.remarks.add(
                "mended",
                "outline-mended",
                N_(
                    "Outlines that crossed themselves or were open were mended: {names} ({count}). Look at them."
                ),
                label=place,
            )
        if not has_shape:
            self.remarks.add(
                "left_out",
                "nothing-drawn",
                N_(
                    "Left out, because nothing can be measured there: {names} ({count}). Draw it anew if it matters."
                ),
                label=place,
            )
        if had_heights:
            self.remarks.add(
                "left_out",
                "heights-dropped",
                N_("Heights of positions were left out ({count} things)."),
                label=place,
            )

    def _with_note(
        self, properties: dict[str, Any], unknown: Mapping[str, Any], place: str
    ) -> dict[str, Any]:
        note = note_of(unknown)
        if note:
            for key in (key for key, value in unknown.items() if clean_text(value)):
                self.remarks.add(
                    "kept",
                    "properties-kept",
                    N_("Not understood and kept in the notes of the features: {names}."),
                    label=clean_text(key, 60) or "?",
                )
            properties = {**properties, "note": note}
        return {**properties, "source": f"{self.name}: {place}"}

    def _free_id(self, wanted: str) -> str:
        id_ = wanted
        while id_ in self._taken:
            self._numbers[wanted] += 1  # goes on from the last: thousands of one id would else take minutes
            id_ = f"{wanted[:70]}-{self._numbers[wanted] + 1}"
        if id_ != wanted:
            self.remarks.add(
                "mended",
                "id-taken",
                N_("An id stood twice; a number was added: {names} ({count})."),
                label=id_,
                feature=id_,
            )
        self._taken.add(id_)
        return id_


def _fits(kind: str, geometry: Geometry | None) -> bool:
    return geometry is None or kind not in OUTLINE_KINDS or isinstance(geometry, (Polygon, MultiPolygon))


def _shown(labels: list[str]) -> str:
    different = list(dict.fromkeys(label for label in labels if label))
    return ", ".join(different[:NAMES_SHOWN]) + (", …" if len(different) > NAMES_SHOWN else "")

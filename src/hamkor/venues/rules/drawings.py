# SPDX-License-Identifier: Apache-2.0
"""Drawings from other programs: how they are placed, how large they may be, and what is told about them."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Any, Literal

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import Message
from hamkor.venues.rules.features import Venue
from hamkor.venues.rules.geometry import Position

Unit = Literal["mm", "cm", "dm", "m", "km", "in", "ft"]
RemarkKind = Literal["assumed", "mended", "left_out", "unknown", "kept"]


class Limits(msgspec.Struct, frozen=True):
    """How large a drawing may be before it is refused.

    Args:
        id: Name of these limits.
        reason: Why they are what they are.
        file_bytes: Size of the file.
        unpacked_bytes: Size of everything in an archive together.
        packed_files: Number of files in an archive.
        features: Number of things drawn.
        vertices: Number of positions of all things together.
        reach_m: Largest coordinate of a drawing in metres, from its own zero.
        block_depth: How deep blocks of a DXF drawing may lie in each other.
    """

    id: str
    reason: str
    file_bytes: int
    unpacked_bytes: int
    packed_files: int
    features: int
    vertices: int
    reach_m: float
    block_depth: int


ONE_VENUE = Limits(
    id="one-venue",
    reason=(
        "A stadium drawn seat block by seat block has a few hundred features of some ten positions. A hundred "
        "times that is still read in seconds; more is a city or an attack. File size: as for `venue.geojson`."
    ),
    file_bytes=20_000_000,
    unpacked_bytes=100_000_000,
    packed_files=200,
    features=20_000,
    vertices=500_000,
    reach_m=1e7,
    block_depth=8,
)


class Tie(msgspec.Struct, frozen=True):
    """A point of a metric drawing whose place on Earth is known.

    Args:
        x: Along the drawing's first axis, in the drawing's unit.
        y: Along its second axis.
        longitude_deg: Where it is, degrees.
        latitude_deg: Where it is, degrees.
    """

    x: float
    y: float
    longitude_deg: float
    latitude_deg: float


class DrawingOptions(msgspec.Struct, frozen=True):
    """What a person can tell about a drawing that does not say it itself.

    Args:
        layers: What is drawn on a layer, by its name or a pattern with ``*``, such as ``{"A-DOOR*": "opening"}``.
        unit: Unit of a metric drawing; replaces the one in the file.
        origin: Where the middle of a metric drawing lies, degrees; its second axis then points north.
        ties: Two points whose places are known; they replace ``origin`` and turn the drawing.
        level: Storey of everything in a drawing that knows no storeys.
    """

    layers: dict[str, str] = {}
    unit: Unit | None = None
    origin: Position | None = None
    ties: tuple[Tie, Tie] | None = None
    level: float = 0


class Remark(msgspec.Struct, frozen=True):
    """Something to know about an imported drawing.

    Args:
        code: Stable identifier in kebab case.
        kind: ``assumed``, ``mended``, ``left_out``, ``unknown`` (a number that is missing) or ``kept``.
        message: What it is, how many, and what to do.
        features: Ids of the features meant; empty when they are not in the drawing.
    """

    code: str
    kind: RemarkKind
    message: Message
    features: tuple[str, ...] = ()


class Imported(msgspec.Struct, frozen=True):
    """A drawing as features, with everything that was taken for granted on the way.

    Args:
        form: What was read.
        venue: The features.
        remarks: What was taken for granted, mended, left out, is unknown, or was kept as a note.
    """

    form: Literal["hamkor", "geojson", "imdf", "osm", "dxf"]
    venue: Venue
    remarks: tuple[Remark, ...]


class DrawingRefusedError(HamkorError):
    """A drawing cannot be read: says what is wrong, where, and how to mend it."""

    def __init__(self, code: str, template: str, **facts: Any) -> None:
        super().__init__(code, template, **facts)

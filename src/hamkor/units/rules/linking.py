# SPDX-License-Identifier: Apache-2.0
"""The network of a venue drawing for people on foot: regions, and the openings, stairs and borders between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from hamkor.common.figures import known
from hamkor.units.rules.travel import OUTSIDE_REGION, Floats
from hamkor.venues.rules.features import OUTSIDE, Area, Connection, Feature, Passage
from hamkor.venues.rules.geometry import LineString, MetricPlane, iter_positions

# Uses of areas from which people can spread to all sides unless the drawing says that they are enclosed.
OPEN_USES = frozenset({"street", "square", "camping", "other"})
# Open areas that touch, as far as drawings are exact.
TOUCH_M = 1.5
SLOW_FORMS = frozenset({"stairs", "escalator"})

XY = tuple[float, float]


class Region(msgspec.Struct):
    """A place one walks through freely: an area, the world outside, or the inside of a passage.

    Args:
        id: Id of the area or passage; `outside` for the world.
        nodes: Indices of the nodes at its border.
        legs_m: Ways between them in metres, straight; not a number where they are not drawn.
        is_slow: True for stairs.
        is_way: True for the inside of a passage, whose length is that of its line.
    """

    id: str
    nodes: list[int] = []
    legs_m: Any = None
    is_slow: bool = False
    is_way: bool = False


class Links(msgspec.Struct):
    """Nodes between regions while a network is drawn up.

    Args:
        regions: The regions; the world outside is the first.
        xy_m: Place of each node; not a number where it is not drawn.
        sides: Regions of each node.
    """

    regions: list[Region]
    xy_m: list[XY]
    sides: list[tuple[int, int]]

    def add_node(self, xy_m: XY | None, first: int, second: int) -> int:
        """Adds a node between two regions and returns its index."""
        self.xy_m.append(xy_m or (float("nan"), float("nan")))
        self.sides.append((first, second))
        index = len(self.xy_m) - 1
        for region in dict.fromkeys((first, second)):
            self.regions[region].nodes.append(index)
        return index


class Ground(msgspec.Struct):
    """An area with its shape in metres, None when it is not drawn."""

    id: str
    region: int
    shape: Any
    is_open: bool


def link_features(
    features: Sequence[Feature], plane: MetricPlane
) -> tuple[list[Region], Floats, list[Ground], dict[str, int]]:
    """Returns regions, places of nodes, areas with shapes, and the region of every area by its id.

    Args:
        features: Features of the drawing.
        plane: Metric plane around it.
    """
    areas = [(item, item.properties) for item in features if isinstance(item.properties, Area)]
    connections = [
        item for item in features if isinstance(item.properties, Connection) and _is_passable(item)
    ]
    joined = {side for item in connections for side in _sides(item)}
    owner = _owners([(item.id, area.part_of) for item, area in areas], joined)
    links = Links([Region(OUTSIDE)], [], [])
    index = {OUTSIDE: OUTSIDE_REGION}
    for area_id in dict.fromkeys(owner.values()):
        index[area_id] = len(links.regions)
        links.regions.append(Region(area_id))
    where = {**{area_id: index[own] for area_id, own in owner.items()}, OUTSIDE: OUTSIDE_REGION}
    grounds = [
        Ground(
            item.id,
            where[item.id],
            plane.to_shape(item.geometry) if item.geometry is not None else None,
            _is_open(area),
        )
        for item, area in areas
    ]
    shapes = {ground.id: ground.shape for ground in grounds if ground.shape is not None}
    for item in connections:
        _link(links, item, where=where, shapes=shapes, plane=plane)
    _link_borders(links, grounds)
    xy_m = np.array(links.xy_m, dtype=np.float64).reshape(-1, 2)
    for region in links.regions:
        _measure(region, xy_m)
    return links.regions, xy_m, grounds, where


def middle_of(feature: Feature, plane: MetricPlane) -> XY | None:
    """Returns the middle of a feature in metres, None when it is not drawn."""
    if feature.geometry is None:
        return None
    if isinstance(feature.geometry, LineString):
        line = plane.to_shape(feature.geometry)
        middle = line.interpolate(0.5, normalized=True)
        return float(middle.x), float(middle.y)
    points = plane.to_xy_m(iter_positions(feature.geometry))
    east, north = zip(*points, strict=True)
    return (min(east) + max(east)) / 2, (min(north) + max(north)) / 2


def _is_passable(feature: Feature) -> bool:
    """True for what staff can pass: a closed gate has somebody with a key, a locked or obstructed one does not."""
    connection = feature.properties
    assert isinstance(connection, Connection)  # noqa: S101 - chosen by its only caller
    return connection.release != "locked" and not connection.obstructed


def _is_open(area: Area) -> bool:
    return area.use in OPEN_USES if area.enclosed is None else not area.enclosed


def _sides(feature: Feature) -> tuple[str, str]:
    connection: Any = feature.properties
    return connection.from_, connection.to


def _owners(parts: Iterable[tuple[str, str | None]], joined: set[str]) -> dict[str, str]:
    """Returns for each area the one it is walked as: the larger one, when nothing leads into it alone."""
    larger = dict(parts)
    owners = {}
    for area_id in larger:
        own, seen = area_id, {area_id}
        while own not in joined:
            above = larger.get(own)
            if above is None or above not in larger or above in seen:
                own = area_id
                break
            own = above
            seen.add(own)
        owners[area_id] = own
    return owners


def _link(
    links: Links, feature: Feature, *, where: dict[str, int], shapes: dict[str, Any], plane: MetricPlane
) -> None:
    """Adds an opening as a node, a passage as two nodes with its inside between them."""
    first, second = (where.get(side) for side in _sides(feature))
    if first is None or second is None:
        return
    if not isinstance(feature.properties, Passage):
        links.add_node(middle_of(feature, plane), first, second)
        return
    inside = len(links.regions)
    slow = feature.properties.form in SLOW_FORMS or feature.properties.surface == "stairs"
    links.regions.append(Region(feature.id, is_slow=slow, is_way=True))
    start, end = _ends(feature, shapes, plane)
    links.add_node(start, first, inside)
    links.add_node(end, inside, second)
    links.regions[inside].legs_m = _length_m(feature, plane)


def _ends(feature: Feature, shapes: dict[str, Any], plane: MetricPlane) -> tuple[XY | None, XY | None]:
    """Returns the ends of a passage, that at the area it leads from first, however the line was drawn."""
    if not isinstance(feature.geometry, LineString):
        middle = middle_of(feature, plane)
        return middle, middle
    import shapely

    line = plane.to_shape(feature.geometry)
    start, end = line.coords[0], line.coords[-1]
    area = shapes.get(_sides(feature)[0])
    if area is not None and area.distance(shapely.Point(end)) < area.distance(shapely.Point(start)):
        start, end = end, start
    return (float(start[0]), float(start[1])), (float(end[0]), float(end[1]))


def _length_m(feature: Feature, plane: MetricPlane) -> float:
    """Returns the length of a passage: as stated, else as drawn, else not a number."""
    stated = known(feature.properties.length_m) if isinstance(feature.properties, Passage) else None
    if stated is not None:
        return stated.nominal
    if isinstance(feature.geometry, LineString):
        return float(plane.to_shape(feature.geometry).length)
    return 0.0 if feature.geometry is not None else float("nan")


def _link_borders(links: Links, grounds: list[Ground]) -> None:
    """Joins open areas where they touch, and those that no opening joins to the world outside with it."""
    import shapely

    drawn = [ground for ground in grounds if ground.shape is not None and ground.is_open]
    joined = {frozenset(sides) for sides in links.sides}
    tree = shapely.STRtree([ground.shape for ground in drawn])
    for ground in drawn:
        near = tree.query(ground.shape.buffer(TOUCH_M))
        for other in (drawn[index] for index in sorted(near)):
            pair = frozenset((ground.region, other.region))
            if len(pair) == 2 and pair not in joined and ground.shape.distance(other.shape) <= TOUCH_M:
                joined.add(pair)
                border = ground.shape.buffer(TOUCH_M).intersection(other.shape.buffer(TOUCH_M)).centroid
                links.add_node((border.x, border.y), ground.region, other.region)
    for ground in drawn:
        if frozenset((ground.region, OUTSIDE_REGION)) not in joined:
            joined.add(frozenset((ground.region, OUTSIDE_REGION)))
            for xy_m in _corners(ground.shape):
                links.add_node(xy_m, ground.region, OUTSIDE_REGION)


def _corners(shape: Any) -> list[XY]:
    """Returns the outermost points of a shape to the four sides."""
    points = np.asarray(shape.convex_hull.exterior.coords)
    picks = (points[:, 0].argmin(), points[:, 0].argmax(), points[:, 1].argmin(), points[:, 1].argmax())
    return [(float(points[pick, 0]), float(points[pick, 1])) for pick in dict.fromkeys(map(int, picks))]


def _measure(region: Region, xy_m: Floats) -> None:
    """Writes the ways between the nodes of a region, straight; through a passage its length."""
    if region.is_way:
        length_m = region.legs_m
        region.legs_m = np.array([[0.0, length_m], [length_m, 0.0]])
        return
    points = xy_m[region.nodes]
    region.legs_m = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))

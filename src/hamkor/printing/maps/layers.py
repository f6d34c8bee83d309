# SPDX-License-Identifier: Apache-2.0
"""Places a venue without coordinates: areas in columns by their distance from the world outside."""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec

from hamkor.printing.maps.grounds import capacity_text, ground_name
from hamkor.printing.maps.svg import text_width, wrapped
from hamkor.venues.rules.features import OUTSIDE, Area, Connection, Feature, Venue

PORT_PX = 27.0
GAP_PX = 20.0
TOP_PX = 22.0
NODE_WIDTH_PX = (96.0, 176.0)
COLUMN_MIN_PX = 250.0
NODE_SIZE = 13.0
CAPTION_PX = 34.0


class Node(msgspec.Struct):
    """An area, or the world outside, as a box; position and size in pixels."""

    id: str
    feature: Feature | None
    lines: list[str]
    small: str
    layer: int
    left_ends: list[tuple[str, str]] = []
    right_ends: list[tuple[str, str]] = []
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0


class Link(msgspec.Struct):
    """A connection as a curve between two ports."""

    feature: Feature
    from_: str
    to: str
    points: list[tuple[float, float]] = []


class Layout(msgspec.Struct):
    """Boxes and curves, and the height they need; `alone_y` is where areas without a connection begin."""

    nodes: dict[str, Node]
    links: list[Link]
    height: float
    alone_y: float | None = None


def lay_out(venue: Venue, width: float, language: str, outside: str) -> Layout:
    """Returns boxes and curves for the areas and connections of a venue.

    Args:
        venue: The venue.
        width: Width of the picture in pixels.
        language: One of the four languages.
        outside: Word for the world outside.
    """
    links = [
        Link(feature, properties.from_, properties.to)
        for feature in venue.features
        if isinstance(properties := feature.properties, Connection)
    ]
    areas = {feature.id: feature for feature in venue.features if isinstance(feature.properties, Area)}
    ids = list(dict.fromkeys(end for link in links for end in (link.from_, link.to)))
    layers = _layers(ids, links)
    columns = max(layers.values(), default=0) + 1
    step = width / columns
    node_width = min(NODE_WIDTH_PX[1], max(NODE_WIDTH_PX[0], step * 0.52))
    nodes = {
        id_: _node(id_, areas.get(id_), layer, node_width, language, outside) for id_, layer in layers.items()
    }
    _count_ports(nodes, links)
    height = _place(nodes, columns, width, node_width)
    _draw_curves(nodes, links)
    layout = Layout(nodes, links, height if links else 0.0)
    _place_alone(
        layout,
        [
            _node(id_, feature, 0, node_width, language, outside)
            for id_, feature in areas.items()
            if id_ not in nodes
        ],
        width,
    )
    return layout


def width_needed(venue: Venue, width: float) -> float:
    """Returns the width at which every column has room for its labels."""
    links = [
        Link(feature, properties.from_, properties.to)
        for feature in venue.features
        if isinstance(properties := feature.properties, Connection)
    ]
    ids = [end for link in links for end in (link.from_, link.to)]
    columns = max(_layers(list(dict.fromkeys(ids)), links).values(), default=0) + 1
    return max(width, columns * COLUMN_MIN_PX)


def _layers(ids: list[str], links: list[Link]) -> dict[str, int]:
    """Returns the column of each area: steps from outside; parts that are cut off begin in the first."""
    neighbours: dict[str, list[str]] = {id_: [] for id_ in ids}
    for link in links:
        neighbours[link.from_].append(link.to)
        neighbours[link.to].append(link.from_)
    roots = sorted(ids, key=lambda id_: (id_ != OUTSIDE, -len(neighbours[id_])))
    layers: dict[str, int] = {}
    for root in roots:
        if root in layers:
            continue
        layers[root] = 0 if root in (OUTSIDE, roots[0]) or roots[0] != OUTSIDE else 1
        waiting = deque([root])
        while waiting:
            id_ = waiting.popleft()
            for other in neighbours[id_]:
                if other not in layers:
                    layers[other] = layers[id_] + 1
                    waiting.append(other)
    return layers


def _node(id_: str, feature: Feature | None, layer: int, width: float, language: str, outside: str) -> Node:
    name = outside if feature is None and id_ == OUTSIDE else id_
    small = ""
    if feature is not None:
        name, small = ground_name(feature, language), capacity_text(feature, language)
    lines = wrapped(name, width - 16, NODE_SIZE, bold=True)
    if text_width(small, 11) > width - 12:
        lines, small = [*lines, *wrapped(small, width - 16, NODE_SIZE)], ""
    return Node(id_, feature, lines, small, layer, [], [], width=width)


def _count_ports(nodes: dict[str, Node], links: list[Link]) -> None:
    """Tells every box which connections leave it on which side."""
    for link in links:
        first, second = nodes[link.from_], nodes[link.to]
        if first.layer > second.layer:
            first, second = second, first
        first.right_ends.append((link.feature.id, second.id))
        if first.layer == second.layer:
            second.right_ends.append((link.feature.id, first.id))
        else:
            second.left_ends.append((link.feature.id, first.id))


def _place(nodes: dict[str, Node], columns: int, width: float, node_width: float) -> float:
    by_layer = [[node for node in nodes.values() if node.layer == layer] for layer in range(columns)]
    for node in nodes.values():
        ports = max(len(node.left_ends), len(node.right_ends))
        text_px = len(node.lines) * NODE_SIZE * 1.25 + (16 if node.small else 0) + 18
        node.height = max(46.0, text_px, ports * PORT_PX + 8)
    heights = [sum(n.height for n in layer) + GAP_PX * (len(layer) - 1) for layer in by_layer]
    tallest = max(heights, default=0.0)
    has_loops = any(nodes[end].layer == node.layer for node in nodes.values() for _, end in node.right_ends)
    right_px = 96.0 if has_loops else 16.0
    step = (width - 16 - right_px - node_width) / max(1, columns - 1)
    for layer, layer_nodes in enumerate(by_layer):
        layer_nodes.sort(key=lambda node: _pull(node, nodes))
        y = TOP_PX + (tallest - heights[layer]) / 2
        for node in layer_nodes:
            node.x, node.y = 16 + layer * step, y
            y += node.height + GAP_PX
    return tallest + 2 * TOP_PX


def _place_alone(layout: Layout, alone: list[Node], width: float) -> None:
    """Places areas without a connection in rows below the others."""
    if not alone:
        return
    layout.alone_y = layout.height
    x, y, row_px = 16.0, layout.height + CAPTION_PX, 0.0
    for node in alone:
        node.height = max(46.0, len(node.lines) * NODE_SIZE * 1.25 + (16 if node.small else 0) + 18)
        if x + node.width > width - 16 and x > 16:
            x, y, row_px = 16.0, y + row_px + GAP_PX, 0.0
        node.x, node.y = x, y
        x += node.width + GAP_PX
        row_px = max(row_px, node.height)
        layout.nodes[node.id] = node
    layout.height = y + row_px + TOP_PX


def _pull(node: Node, nodes: dict[str, Node]) -> float:
    """Returns the mean height of the neighbours already placed, so that curves cross less."""
    placed = [nodes[end] for _, end in node.left_ends]
    return sum(other.y + other.height / 2 for other in placed) / len(placed) if placed else 0.0


def _draw_curves(nodes: dict[str, Node], links: list[Link]) -> None:
    ports: dict[tuple[str, str, int], tuple[float, float]] = {}
    for node in nodes.values():
        for side, ends in ((0, node.left_ends), (1, node.right_ends)):
            ordered = sorted(ends, key=lambda end: (nodes[end[1]].y, end[0]))
            seen: dict[str, int] = {}
            for index, (link_id, _) in enumerate(ordered):
                y = node.y + node.height * (index + 0.5) / len(ordered)
                turn = seen.get(link_id, 0)
                ports[node.id, link_id, side * 2 + turn] = (node.x + node.width * side, y)
                seen[link_id] = 1
    for link in links:
        link.points = _curve(nodes, link, ports)


def _curve(
    nodes: dict[str, Node], link: Link, ports: dict[tuple[str, str, int], tuple[float, float]]
) -> list[tuple[float, float]]:
    first, second = nodes[link.from_], nodes[link.to]
    if first.layer > second.layer:
        first, second = second, first
    start = ports[first.id, link.feature.id, 2]
    if first.layer == second.layer:
        end = ports[second.id, link.feature.id, 3 if first.id == second.id else 2]
        bulge = max(start[0], end[0]) + 70
        return [start, (bulge, start[1]), (bulge, end[1]), end]
    end = ports[second.id, link.feature.id, 0]
    middle = (start[0] + end[0]) / 2
    return [start, (middle, start[1]), (middle, end[1]), end]


def point_on(points: list[tuple[float, float]], share: float) -> tuple[float, float]:
    """Returns the point of a cubic curve at a share of its parameter, 0 to 1."""
    weights = ((1 - share) ** 3, 3 * (1 - share) ** 2 * share, 3 * (1 - share) * share**2, share**3)
    x: Any = sum(weight * point[0] for weight, point in zip(weights, points, strict=True))
    y: Any = sum(weight * point[1] for weight, point in zip(weights, points, strict=True))
    return float(x), float(y)

# SPDX-License-Identifier: Apache-2.0
"""The greatest flow and the narrowest cut, against every cut counted by hand."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.venues.rules.maxflow import Network

Edges = list[tuple[str, str, float, str]]
NODES = ["s", "a", "b", "c", "t"]


def solve(edges: Edges) -> tuple[float, list[object]]:
    network = Network()
    for tail, head, capacity, name in edges:
        network.add(tail, head, capacity, name=name)
    flow = network.solve("s", "t")
    return flow, list(network.cut("s"))


def narrowest_cut(edges: Edges) -> float:
    """Tries every set of nodes on the side of the source."""
    inner = NODES[1:-1]
    sides = chain.from_iterable(combinations(inner, size) for size in range(len(inner) + 1))
    return min(
        sum(
            capacity for tail, head, capacity, _ in edges if tail in {"s", *side} and head not in {"s", *side}
        )
        for side in sides
    )


def test_three_doors_behind_one_tunnel() -> None:
    edges: Edges = [("s", "a", 5, "1"), ("s", "a", 4, "2"), ("s", "a", 3, "3"), ("a", "t", 7, "tunnel")]
    assert solve(edges) == (7, ["tunnel"])


def test_flow_may_have_to_give_way() -> None:
    # The classic diamond: the middle edge must be given back.
    edges: Edges = [
        ("s", "a", 1, "sa"), ("s", "b", 1, "sb"), ("a", "b", 1, "ab"), ("a", "t", 1, "at"), ("b", "t", 1, "bt"),
    ]  # fmt: skip
    assert solve(edges)[0] == 2


def test_nothing_flows_without_a_way() -> None:
    assert solve([("s", "a", 5, "1"), ("b", "t", 5, "2")])[0] == 0


@given(
    st.lists(
        st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.integers(0, 20)).filter(
            lambda edge: edge[0] != edge[1]
        ),
        max_size=14,
    )
)
def test_the_flow_is_the_narrowest_cut(raw: list[tuple[str, str, int]]) -> None:
    edges: Edges = [(tail, head, float(capacity), str(n)) for n, (tail, head, capacity) in enumerate(raw)]
    flow, cut = solve(edges)
    assert flow == pytest.approx(narrowest_cut(edges))
    capacities = {name: capacity for _, _, capacity, name in edges}
    assert sum(capacities[str(name)] for name in cut) == pytest.approx(flow)


def test_a_long_chain_does_not_recurse() -> None:
    edges: Edges = [(f"n{n}", f"n{n + 1}", 3.0, str(n)) for n in range(20000)]
    edges += [("s", "n0", 9.0, "first"), ("n20000", "t", 2.0, "last")]
    assert solve(edges) == (2, ["last"])

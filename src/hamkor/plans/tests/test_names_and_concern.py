# SPDX-License-Identifier: Apache-2.0
"""Readable ids, whose business an item is, and the table of references."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hamkor.journal.rules import Documents
from hamkor.plans.rules.concern import PLAN_KINDS, agencies_concerned, kind_of_part, part_of_kind
from hamkor.plans.rules.fields import is_path
from hamkor.plans.rules.naming import next_id
from hamkor.plans.rules.plan import PARTS
from hamkor.plans.rules.references import PLACES
from hamkor.plans.rules.wholeness import BODIES


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Gate 3, north", "gate-3-north"),
        ({"uz": "Shimoliy darvoza", "ru": "Северные ворота"}, "shimoliy-darvoza"),
        ("Ўқув маркази", "oquv-markazi"),
        ("Oʻquv markazi", "oquv-markazi"),
        ("../../etc/passwd", "etc-passwd"),
        ("東京", "post"),
        ("none", "none-2"),
        ("IIB", "iib-2"),
        ("", "post"),
        (None, "post"),
        ("x" * 500, "x" * 40),
        ("Aid", "aid-2"),
    ],
)
def test_an_id_is_readable_and_unused(title: Any, wanted: str) -> None:
    taken = msgspec.convert({"id": "aid", "title": "Aid", "role": "medical"}, BODIES["post"])
    found = next_id(Documents([(("post", "aid"), taken)]), "posts", title)
    assert found == wanted
    assert msgspec.convert({"id": found, "title": "x", "role": "gate"}, BODIES["post"])


CONCERN: list[tuple[str, dict[str, Any], set[str]]] = [
    ("duty", {"id": "d", "phase": "conduct", "accountable": ["iib"], "supporting": ["tty"]}, {"iib", "tty"}),
    ("duty", {"id": "d", "phase": "conduct"}, set()),
    ("post", {"id": "p", "title": "P", "role": "gate", "agency": "mg"}, {"mg"}),
    ("hazard", {"id": "h", "owner": "none", "controls": [{"title": "x", "owner": "ses"}]}, {"ses"}),
    (
        "contingency",
        {"id": "c", "title": "C", "decides": "fvv", "steps": [{"action": "x", "owner": "tty"}]},
        {"fvv", "tty"},
    ),
    ("contingency", {"id": "c", "title": "C", "decides": "gate"}, {"mg"}),
    ("stop_authority", {"id": "s", "holder": "gate", "may": []}, {"mg"}),
    ("communications", {"links": [{"id": "l", "between": ["gate", "public"]}]}, {"mg"}),
    ("legal", {"conclusions": [{"heading": "fire", "result": "positive", "by": "fvv"}]}, {"org", "fvv"}),
    ("sanitation", {}, {"ses"}),
    ("drawing", {}, {"obj"}),
]


@pytest.mark.parametrize(("kind", "tree", "wanted"), CONCERN)
def test_an_item_is_the_business_of_those_it_names(kind: str, tree: dict[str, Any], wanted: set[str]) -> None:
    gate = msgspec.convert({"id": "gate", "title": "G", "role": "gate", "agency": "mg"}, BODIES["post"])
    documents = Documents([(("post", "gate"), gate)])
    document = msgspec.convert(tree, BODIES[kind])
    assert agencies_concerned(kind, document, documents=documents) == wanted


def test_parts_and_kinds_lead_to_each_other() -> None:
    for part in PARTS:
        assert part_of_kind(kind_of_part(part.name)) == part.name
    assert part_of_kind(kind_of_part("venue")) == part_of_kind("drawing") == "venue"
    assert {*BODIES, "part"} == set(PLAN_KINDS)


@pytest.mark.parametrize(
    ("kind", "pattern"), sorted({place for places in PLACES.values() for place in places})
)
def test_every_place_of_a_reference_exists(kind: str, pattern: str) -> None:
    """Down to the first list without ids, which is one value for a path."""
    path = pattern.split("/*")[0]
    assert is_path(BODIES[kind], path)
    if kind == "communications":
        assert is_path(BODIES[kind], pattern.replace("/*!", "/*").removesuffix("/*"))

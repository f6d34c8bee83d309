# SPDX-License-Identifier: Apache-2.0
"""What an office document refers to, read from its `.rels` files without trusting them."""

from __future__ import annotations

from typing import NamedTuple
from xml.parsers import expat


class Relation(NamedTuple):
    """One reference: its type, where it leads, and whether that is outside of the document."""

    type: str
    target: str
    is_external: bool


def list_relations(content: bytes) -> list[Relation]:
    """Returns the references in one file of relations.

    Raises:
        ValueError: It is not markup, or declares a document type.
    """
    found: list[Relation] = []

    def start(_name: str, attributes: dict[str, str]) -> None:
        if "Target" in attributes:
            is_external = attributes.get("TargetMode", "").strip().lower() == "external"
            found.append(Relation(attributes.get("Type", ""), attributes["Target"], is_external))

    def refuse(*_declared: object) -> None:
        raise ValueError("a document type is declared")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 - the parser takes it by position only
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return found

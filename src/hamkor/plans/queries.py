# SPDX-License-Identifier: Apache-2.0
"""Reading the plan from the documents of an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from hamkor.journal.queries import Store, get_documents
from hamkor.journal.rules import Documents
from hamkor.plans.rules.personal import PersonalDetails, bring_together
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.venues.facts import Drawing
from hamkor.venues.rules.features import Feature, Venue


def get_plan(
    store: Store, *, stream: str, details: Mapping[str, PersonalDetails] | None = None
) -> Plan | None:
    """Returns the plan recorded in a journal, None when there is no event in it.

    Args:
        store: Where the journal is kept.
        stream: Which journal.
        details: Names and phones of people, by id.
    """
    return plan_of(get_documents(store, stream), details or {})


def plan_of(documents: Documents, details: Mapping[str, PersonalDetails]) -> Plan | None:
    """Returns the plan the documents make up, None when there is no event among them."""
    values: dict[str, Any] = {}
    opened = {part.id for part in cast("tuple[Any, ...]", documents.all("part"))}
    for part in PARTS:
        found = documents.all(part.document)
        if part.is_list and part.name in opened:
            values[part.name] = found
        elif not part.is_list and found:
            values[part.name] = found[0]
    drawing = documents.get("drawing", "drawing")
    if isinstance(drawing, Drawing):
        features = cast("tuple[Feature, ...]", documents.all("feature"))
        values["venue"] = Venue(type="FeatureCollection", name=drawing.name, features=features)
    return bring_together(Plan(**values), details) if "event" in values else None

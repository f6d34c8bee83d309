# SPDX-License-Identifier: Apache-2.0
"""Reading the plan from the documents of an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from hamkor.agencies.rules import Viewer, may, require
from hamkor.journal.queries import Store, get_documents
from hamkor.journal.rules import Documents, Stream, Until
from hamkor.plans.rules.fields import plain
from hamkor.plans.rules.personal import PersonalDetails, bring_together
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.plans.rules.references import Reference, find_references
from hamkor.plans.rules.wholeness import BODIES
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


def get_plan_at(
    store: Store,
    stream: Stream,
    *,
    viewer: Viewer,
    until: Until,
    details: Mapping[str, PersonalDetails] | None = None,
) -> Plan | None:
    """Returns the plan as it was, None when there was no event yet.

    Args:
        store: Where the journal is kept.
        stream: Id of the journal.
        viewer: Who asks.
        until: Last number or last moment (aware) to take into account.
        details: Names and phones of people, by id, as they are kept today; used when the viewer may see them.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_plan")
    shown = details if details is not None and may(viewer, "see_personal") else {}
    return plan_of(get_documents(store, stream, until=until), shown)


def list_uses(documents: Documents, *, kind: str, id: str) -> tuple[Reference, ...]:
    """Returns the places of a plan that refer to an item: while there are any it cannot be removed alone.

    Args:
        documents: The plan.
        kind: Kind of the item; `channel` for a channel inside `communications`.
        id: Its id.
    """
    trees = {key: plain(document) for key, document in documents.items() if key[0] in BODIES}
    return tuple(find_references(trees, target_kind=kind, target_ids={id}))


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

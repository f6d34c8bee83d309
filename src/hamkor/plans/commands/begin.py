# SPDX-License-Identifier: Apache-2.0
"""Beginning an event from its application, and taking over a plan that was written elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from hamkor.agencies.rules import AgencyCode, NotAllowedError, Viewer, may_edit_part, require, require_same
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.events.rules import Event
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, Key
from hamkor.plans.commands.changing import decide_targets
from hamkor.plans.commands.conflicts import EditResult, Seen, changes_made
from hamkor.plans.commands.details import Vault, facts_of_details, keep_details, list_details
from hamkor.plans.commands.record import EventAlreadyRecordedError
from hamkor.plans.facts import RECORDED
from hamkor.plans.rules.changes import by_id
from hamkor.plans.rules.concern import VENUE
from hamkor.plans.rules.personal import set_apart
from hamkor.plans.rules.plan import PARTS, Part, Plan
from hamkor.venues.facts import Drawing

# Organisers apply; police and hokimlik also begin events that nobody applies for.
APPLICANTS: frozenset[AgencyCode | None] = frozenset({"org", "iib", "hok"})


def create_event(store: Store, envelope: Envelope, *, viewer: Viewer, event: Event) -> Result:
    """Begins an event's journal with its application.

    Args:
        store: Where the journal is kept.
        envelope: Who applies, when; its stream is the new event's.
        viewer: The same person. An administrator, someone of `APPLICANTS`, or whoever may edit the application.
        event: What is planned.

    Raises:
        NotAllowedError: ``not-allowed``.
        EventAlreadyRecordedError: ``event-already-recorded``.
    """
    require_same(envelope, viewer)
    if not (viewer.is_administrator or viewer.agency in APPLICANTS or may_edit_part(viewer, "event")):
        raise NotAllowedError(viewer, "edit_plan")

    def decide(documents: Documents) -> list[Fact[Any]]:
        for old in documents.all("event"):
            raise EventAlreadyRecordedError(
                "event-already-recorded",
                N_("This journal already holds the event {event}. Record the plan in a new one."),
                event=getattr(old, "name", ""),
            )
        return [RECORDED["event"](event)]

    return perform(store, envelope, decide, content=["create_event", msgspec.to_builtins(event)])


def import_plan(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    plan: Plan,
    vault: Vault | None = None,
    parts: Collection[str] | None = None,
) -> EditResult:
    """Makes a plan what another one says; only what differs is changed.

    Args:
        store: Where the journal is kept.
        envelope: Who imports, when and why.
        viewer: The same person, with rights.
        plan: The other plan. A part it does not have becomes unknown. The id of the event stays as it is.
        vault: Where names and phones are kept; needed when the plan has any.
        parts: Parts to take over, `venue` among them; all when None.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``event-missing``.
        ValueError: The plan has names or phones and there is no vault.

    Notes:
        Items stay in the order of their first appearance; new ones follow. Names and phones that were erased do not
        come back.
    """
    require_same(envelope, viewer)
    require(viewer, "import_plan")
    nameless, details = set_apart(plan)
    if parts is not None and "people" not in parts:
        details = {}
    if details and vault is None:
        raise ValueError("names and phones need a vault")
    chosen = {*(part.name for part in PARTS), VENUE} if parts is None else set(parts)
    seen, stream = Seen(), str(envelope.stream)
    kept = list_details(vault, stream) if vault is not None and details else {}
    erased = vault.get_erased(stream) if vault is not None and details else {}
    given = {
        person: {"name": each.name, "phone": each.phone}
        for person, each in details.items()
        if person not in erased
    }

    def decide(documents: Documents) -> list[Fact[Any]]:
        seen.keep(documents)
        targets = _targets(documents, nameless, chosen)
        marks = _marks(documents, nameless, chosen)
        facts = decide_targets(documents, targets, marks, viewer=viewer)
        return [*facts, *facts_of_details(kept, given)]

    content = ["import_plan", msgspec.to_builtins(nameless), sorted(chosen)]
    result = perform(store, envelope, decide, content=content)
    keep_details(vault, stream, given, is_repeated=seen.is_repeated(result))
    return EditResult(result, (), changes_made(seen.before(store, stream, result), result))


def _targets(documents: Documents, plan: Plan, chosen: Collection[str]) -> dict[Key, Struct | None]:
    """Returns the documents the plan asks for, and None for those it does not have."""
    events = documents.all("event")
    if not events:
        raise HamkorError("event-missing", N_("This journal holds no event yet. Create it first."))
    event = msgspec.structs.replace(plan.event, id=events[0].id)  # type: ignore[attr-defined]  # every event has one
    targets: dict[Key, Struct | None] = {}
    for part in PARTS:
        if part.name in chosen:
            value = event if part.name == "event" else getattr(plan, part.name)
            targets |= _part_targets(documents, part, value)
    if VENUE in chosen:
        targets |= _venue_targets(documents, plan)
    return targets


def _part_targets(documents: Documents, part: Part, value: Any) -> dict[Key, Struct | None]:
    kind = part.document
    if not part.is_list:
        key = getattr(value, "id", kind)
        return {(kind, key): value}
    wanted = {item.id: item for item in value or ()}
    gone: dict[Key, Struct | None] = {
        (kind, key): None for key in by_id(documents, kind) if key not in wanted
    }
    return gone | {(kind, key): item for key, item in wanted.items()}


def _venue_targets(documents: Documents, plan: Plan) -> dict[Key, Struct | None]:
    features = {} if plan.venue is None else {feature.id: feature for feature in plan.venue.features}
    targets: dict[Key, Struct | None] = {
        ("drawing", "drawing"): None if plan.venue is None else Drawing(plan.venue.name)
    }
    targets |= {("feature", key): None for key in by_id(documents, "feature") if key not in features}
    return targets | {("feature", key): feature for key, feature in features.items()}


def _marks(documents: Documents, plan: Plan, chosen: Collection[str]) -> dict[str, bool]:
    """Returns which list parts are to be opened or closed."""
    return dict(_iter_marks(documents, plan, chosen))


def _iter_marks(documents: Documents, plan: Plan, chosen: Collection[str]) -> Iterator[tuple[str, bool]]:
    for part in PARTS:
        if part.is_list and part.name in chosen:
            is_open = getattr(plan, part.name) is not None
            if is_open != (("part", part.name) in documents):
                yield part.name, is_open

# SPDX-License-Identifier: Apache-2.0
"""Editing a plan: all edits of a command or none, fields of different people side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hamkor.agencies.rules import Viewer, require_same
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.journal.commands import Envelope, Store, perform
from hamkor.journal.rules import Documents, Fact
from hamkor.plans.commands.changing import decide_targets
from hamkor.plans.commands.conflicts import EditResult, Seen, changes_made, name_conflicts
from hamkor.plans.commands.details import Vault, facts_of_details, keep_details, list_details
from hamkor.plans.rules.changes import Change
from hamkor.plans.rules.drafting import Doubt, Draft
from hamkor.plans.rules.edits import Edit, EditRefusedError, SetFields, as_sent
from hamkor.plans.rules.personal import PERSONAL_FIELDS, PersonalDetails


def edit_plan(
    store: Store, envelope: Envelope, *, viewer: Viewer, edits: Sequence[Edit], vault: Vault | None = None
) -> EditResult:
    """Makes edits of a plan, all or nothing.

    Args:
        store: Where the journal is kept.
        envelope: Who edits, when and why.
        viewer: The same person, with rights.
        edits: The edits, made one after the other; the plan is judged after the last.
        vault: Where names and phones of people are kept; needed when one is given.

    Returns:
        What was done, and which of the fields somebody else had changed since the editor saw them. Of two values the
        later one stands; an edit of an item that was removed meanwhile is told as a conflict and not made.

    Raises:
        HamkorError: ``event-missing``.
        EditRefusedError: An edit names what does not exist, a document would not be whole, or an item to be removed
            is still in use.
        EditNotAllowedError: ``not-allowed``, for the first item that is not the person's to change.
        ValueError: A name or phone was given and no vault, or the envelope is another person's.
    """
    require_same(envelope, viewer)
    seen, stream = Seen(), str(envelope.stream)
    is_personal = vault is not None and _is_about_people(edits)
    erased = vault.get_erased(stream) if vault is not None and is_personal else {}
    kept = list_details(vault, stream) if vault is not None and is_personal else {}

    def decide(documents: Documents) -> list[Fact[Any]]:
        seen.keep(documents)
        if not documents.all("event"):
            raise HamkorError("event-missing", N_("This journal holds no event yet. Create it first."))
        draft = Draft(documents)
        draft.apply(edits)
        facts = decide_draft(draft, documents, viewer=viewer)
        _require_place(draft.details, vault, erased)
        return [*facts, *facts_of_details(kept, draft.details)]

    result = perform(store, envelope, decide, content=["edit_plan", [_sent(edit) for edit in edits]])
    before = seen.before(store, stream, result)
    draft = Draft(before)
    draft.apply(edits)
    draft.finished()
    doubts = [*draft.doubts, *_personal_doubts(edits, draft, vault, stream)]
    keep_details(vault, stream, draft.details, is_repeated=seen.is_repeated(result))
    conflicts = name_conflicts(store, stream, doubts, before=before)
    return EditResult(result, conflicts, changes_made(before, result))


def decide_draft(draft: Draft, documents: Documents, *, viewer: Viewer) -> list[Fact[Any]]:
    """Returns the facts that make a plan what the draft says.

    Args:
        draft: The draft.
        documents: The plan before.
        viewer: Who asks.

    Raises:
        EditRefusedError: A document would not be whole.
        EditNotAllowedError: ``not-allowed``.
    """
    targets = draft.finished()
    besides = [
        Change("person", person, field, None, None)
        for person, given in draft.details.items()
        for field in given
    ]
    return decide_targets(documents, targets, draft.parts, viewer=viewer, besides=besides)


def _is_about_people(edits: Sequence[Edit]) -> bool:
    return any(edit.part == "people" for edit in edits)


def _require_place(
    details: Mapping[str, Mapping[str, str | None]], vault: Vault | None, erased: Collection[str]
) -> None:
    """Returns when there is a place for names and phones that were given."""
    for person, given in details.items():
        if given and vault is None:
            raise ValueError("names and phones need a vault")
        if person in erased and any(value is not None for value in given.values()):
            text = N_("Name and phone were erased for good. Add the person again under a new id.")
            raise EditRefusedError("detail-erased", Message(text), part="people", id=person)


def _sent(edit: Edit) -> Any:
    return as_sent(edit, without=PERSONAL_FIELDS if edit.part == "people" else ())


def _personal_doubts(edits: Sequence[Edit], draft: Draft, vault: Vault | None, stream: str) -> list[Doubt]:
    """Returns the names and phones that were not as the editor saw them."""
    if vault is None or not any(draft.details.values()):
        return []
    kept, doubts = list_details(vault, stream), []
    for edit in edits:
        if not isinstance(edit, SetFields) or edit.part != "people" or edit.id is None:
            continue
        old, given = kept.get(edit.id, PersonalDetails()), draft.details.get(edit.id, {})
        doubts += [
            Doubt("person", edit.id, field, seen=edit.seen[field], theirs=theirs, yours=given[field])
            for field, theirs in _details(old).items()
            if field in edit.seen and field in given and theirs not in (edit.seen[field], given[field])
        ]
    return doubts


def _details(details: PersonalDetails) -> Mapping[str, str | None]:
    return {field: getattr(details, field) for field in PERSONAL_FIELDS}

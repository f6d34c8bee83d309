# SPDX-License-Identifier: Apache-2.0
"""The trail: the fold of a journal that remembers every change of the plan since it was first put to approval."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from hamkor.approvals.rules.judging import Acceptance
from hamkor.common.records import Text
from hamkor.journal.rules import (
    Documents,
    Entry,
    Head,
    Key,
    WorkingDocuments,
    empty_head,
    get_fact_type,
    head_of,
    read_fact,
)
from hamkor.plans.rules.changes import Change, list_changes
from hamkor.plans.rules.concern import PLAN_KINDS, agencies_concerned

VERSION_KIND = "plan_version"
ACCEPTANCE_KIND = "acceptance"
LAPSED_FACT = "acceptance.lapsed.v1"
EVERY_STATE_BODY = "all"

_PLAN = frozenset(PLAN_KINDS)


class Touch(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can void an approval: a change of one document of the plan, or a judged red finding.

    Args:
        number: Number of the entry.
        at: Its moment.
        by: Reference of the person or rule that acted.
        agency: Agency acted for.
        kind: Kind of the document; `acceptance` for a judged finding.
        id: Its id; empty when the body of the entry is withheld.
        before: The document before, None when there was none.
        after: The document after, None when it was removed.
        concerned: Agencies whose business it was before or is after.
        is_withheld: True when the body is withheld: what it changed is unknown, so it concerns everybody.
    """

    number: int
    at: datetime
    by: str
    agency: str | None
    kind: str
    id: str
    before: msgspec.Struct | None = None
    after: msgspec.Struct | None = None
    concerned: frozenset[str] = frozenset()
    is_withheld: bool = False

    @property
    def is_judgement(self) -> bool:
        """True when a red finding was accepted, or its acceptance taken back; the plan is as it was."""
        return self.kind == ACCEPTANCE_KIND

    @property
    def changes(self) -> tuple[Change, ...]:
        """What differs, field by field; empty for a judged finding and a withheld body."""
        return () if self.is_judgement else list_differences((self,))

    @property
    def thing(self) -> Text:
        """What it is about, as people call it: the title of the document, or its id."""
        document = self.after or self.before
        found = getattr(document, "title", None) or getattr(document, "name", None)
        return found or self.id or self.kind

    def does_concern(self, agency: str) -> bool:
        """Returns True when it touches what an agency approves as its own."""
        return self.is_withheld or agency in self.concerned or EVERY_STATE_BODY in self.concerned


class Trail(msgspec.Struct, frozen=True):
    """A journal as approvals see it.

    Args:
        head: Up to where it is folded.
        documents: The documents there.
        touches: What happened since the first version was put to approval, in order.
    """

    head: Head
    documents: Documents
    touches: tuple[Touch, ...] = ()

    def after(self, number: int) -> tuple[Touch, ...]:
        """Returns what happened above an entry."""
        return self.touches[bisect_right(self.touches, number, key=_number_of) :]


def empty_trail(stream: str) -> Trail:
    """Returns the trail of a journal of which nothing was read yet."""
    return Trail(empty_head(stream), Documents())


def extend(trail: Trail, entries: Sequence[Entry]) -> Trail:
    """Returns the trail after further entries; the cost follows their number, and once that of the documents.

    Args:
        trail: The trail so far; not changed.
        entries: The entries that follow its head.

    Raises:
        HamkorError: A code of `fold`.
    """
    if not entries:
        return trail
    working = WorkingDocuments(number=entries[-1].number)
    working.borrow(trail.documents)
    withheld = [*trail.documents.withheld, *(entry.number for entry in entries if entry.salt is None)]
    is_open = bool(working.all(VERSION_KIND))
    touches = list(trail.touches)
    for entry in entries:
        found = list(_applied(working, entry))
        is_open = is_open or entry.type.startswith(f"{VERSION_KIND}.")
        if is_open:
            touches += found
    working.withheld = tuple(withheld)
    return Trail(head_of(entries[-1]), working.finished(), tuple(touches))


def list_differences(touches: Sequence[Touch]) -> tuple[Change, ...]:
    """Returns what all these changes together made different; what was changed and changed back is not among it."""
    before: dict[Key, msgspec.Struct | None] = {}
    after: dict[Key, msgspec.Struct | None] = {}
    for touch in touches:
        if touch.kind in _PLAN and not touch.is_withheld:
            key = (touch.kind, touch.id)
            before.setdefault(key, touch.before)
            after[key] = touch.after
    kinds = {kind for kind, _ in before}
    return list_changes(
        _present(before), _present(after), kinds=[kind for kind in PLAN_KINDS if kind in kinds]
    )


def _present(documents: Mapping[Key, msgspec.Struct | None]) -> Documents:
    return Documents((key, document) for key, document in documents.items() if document is not None)


def _applied(working: WorkingDocuments, entry: Entry) -> Iterator[Touch]:
    """Applies an entry and yields what it touched."""
    if entry.salt is None:
        kind = get_fact_type(entry.type).kind
        if kind in _PLAN:
            yield _touch(entry, (kind, ""), is_withheld=True)
        return
    fact = read_fact(entry)
    changes = fact.type.evolve(working, fact)
    olds = {key: working.get(*key) for key in changes if key[0] in _PLAN or key[0] == ACCEPTANCE_KIND}
    concerned = {key: _concerned(key, old, working) for key, old in olds.items()}
    working.apply(changes)
    for key, old in olds.items():
        new = changes[key]
        if old == new or (key[0] == ACCEPTANCE_KIND and not _is_judged_red(entry, old, new)):
            continue
        both = concerned[key] | _concerned(key, new, working)
        yield _touch(entry, key, before=old, after=new, concerned=both)


def _touch(
    entry: Entry,
    key: Key,
    *,
    before: msgspec.Struct | None = None,
    after: msgspec.Struct | None = None,
    concerned: frozenset[str] = frozenset(),
    is_withheld: bool = False,
) -> Touch:
    return Touch(
        number=entry.number,
        at=entry.at,
        by=entry.by,
        agency=entry.agency,
        kind=key[0],
        id=key[1],
        before=before,
        after=after,
        concerned=concerned,
        is_withheld=is_withheld,
    )


def _concerned(key: Key, document: msgspec.Struct | None, documents: Documents) -> frozenset[str]:
    if document is None or key[0] == ACCEPTANCE_KIND:
        return frozenset()
    return frozenset(agencies_concerned(key[0], document, documents=documents))


def _is_judged_red(entry: Entry, old: msgspec.Struct | None, new: msgspec.Struct | None) -> bool:
    """True when people judged a red finding; a lapse follows from a change of the plan, which voids by itself."""
    reds = [item for item in (old, new) if isinstance(item, Acceptance) and item.severity == "red"]
    return bool(reds) and entry.type != LAPSED_FACT


def _number_of(touch: Touch) -> int:
    return touch.number

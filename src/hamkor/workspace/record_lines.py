# SPDX-License-Identifier: Apache-2.0
"""The history of a plan in words: what each command changed, filtered and in pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from hamkor.agencies.rules import agencies_edited_by, may
from hamkor.discussions.rules import is_coordinator
from hamkor.plans.queries import HistoryLine, get_history
from hamkor.plans.rules.changes import Change
from hamkor.plans.rules.concern import kind_of_part, part_of_kind
from hamkor.workspace.changes_shown import ChangeReader, ItemChange
from hamkor.workspace.people_shown import names_of
from hamkor.workspace.stores import journals

if TYPE_CHECKING:
    from hamkor.workspace.event_page import EventPage

PAGE_LENGTH = 100
ITEM_LENGTH = 20
EVERYTHING = 1_000_000_000
MOST_ITEMS = 40


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What a page of history is narrowed to; empty for everything.

    Args:
        person: Reference to who changed it.
        agency: Agency acted for.
        part: Part of the plan.
        item: Id of an item of that part.
        before: Only commands that ended before this entry.
    """

    person: str = ""
    agency: str = ""
    part: str = ""
    item: str = ""
    before: int | None = None

    def covers(self, line: HistoryLine) -> bool:
        """Returns True for what a person or an agency did, when one is chosen."""
        return self.person in {"", line.by} and self.agency in {"", line.agency}


class LineShown(msgspec.Struct, frozen=True):
    """What one command changed.

    Args:
        line: The command.
        by: Who sent it.
        items: What it changed, the first ones.
        more: How many items more.
        may_undo: The viewer may take it back.
    """

    line: HistoryLine
    by: str
    items: tuple[ItemChange, ...]
    more: int
    may_undo: bool


class HistoryShown(msgspec.Struct, frozen=True):
    """One page of history.

    Args:
        lines: What was changed, newest first.
        older: Number to read on before, None at the beginning.
        people: References and names of everybody who changed something.
        agencies: Agencies that changed something.
    """

    lines: tuple[LineShown, ...]
    older: int | None
    people: tuple[tuple[str, str], ...]
    agencies: tuple[str, ...]


def history_shown(page: EventPage, chosen: Chosen) -> HistoryShown:
    """Returns a page of the history of a plan.

    Args:
        page: The event.
        chosen: What it is narrowed to.
    """
    found = page.keep(
        ("history", chosen.before),
        lambda: get_history(
            journals(), page.stream, viewer=page.viewer, limit=EVERYTHING, before_number=chosen.before
        ),
    )
    reader = ChangeReader(page.stream, page.plan, page.documents)
    for line in found:
        reader.learn(line.changes)
    lines = [each for line in found if chosen.covers(line) and (each := _narrowed(line, chosen)) is not None]
    names = names_of(page.viewer, [line.by for line in found])
    shown = tuple(_shown(page, line, reader, names) for line in lines[:PAGE_LENGTH])
    older = lines[PAGE_LENGTH - 1].first if len(lines) > PAGE_LENGTH else None
    people = tuple(sorted(names.items(), key=lambda item: item[1]))
    agencies = tuple(sorted({line.agency for line in found if line.agency}))
    return HistoryShown(shown, older, people, agencies)


def lines_of_item(page: EventPage, kind: str, item: str) -> list[LineShown]:
    """Returns the newest changes of one item."""
    found = get_history(journals(), page.stream, viewer=page.viewer, kind=kind, id=item, limit=ITEM_LENGTH)
    reader = ChangeReader(page.stream, page.plan, page.documents)
    names = names_of(page.viewer, [line.by for line in found])
    return [_shown(page, line, reader, names) for line in found]


def _narrowed(line: HistoryLine, chosen: Chosen) -> HistoryLine | None:
    """Returns the line with the changes of the chosen part and item only; None when there are none."""
    if not chosen.part:
        return line
    changes = tuple(change for change in line.changes if _is_in(change, chosen))
    return msgspec.structs.replace(line, changes=changes) if changes else None


def _is_in(change: Change, chosen: Chosen) -> bool:
    part = change.id if change.kind == "part" else part_of_kind(change.kind)
    return part == chosen.part and chosen.item in {"", change.id}


def _shown(page: EventPage, line: HistoryLine, reader: ChangeReader, names: dict[str, str]) -> LineShown:
    keys = list(dict.fromkeys((change.kind, change.id) for change in line.changes))
    wanted = set(keys[:MOST_ITEMS])
    items = reader.read(change for change in line.changes if (change.kind, change.id) in wanted)
    may_undo = _may_undo(page, line)
    return LineShown(line, names.get(line.by, ""), items, len(keys) - len(wanted), may_undo)


def _may_undo(page: EventPage, line: HistoryLine) -> bool:
    """Returns True when a button to take it back makes sense; the command itself judges item by item."""
    if any(change.kind == "event" and not change.path for change in line.changes):
        return False
    viewer = page.viewer
    is_editor = may(viewer, "edit_plan") or bool(agencies_edited_by(viewer))
    return is_editor and (is_coordinator(viewer) or line.by == viewer.person)


def is_known_part(part: str) -> bool:
    """Returns True for the name of a part of a plan."""
    try:
        kind_of_part(part)
    except KeyError:
        return False
    return True


def items_of(page: EventPage, part: str) -> Iterable[tuple[str, str]]:
    """Returns ids and titles of the items a part has now, to choose from."""
    if not part or not is_known_part(part):
        return ()
    kind = kind_of_part(part)
    reader = ChangeReader(page.stream, page.plan, page.documents)
    ids = [getattr(document, "id", kind) for document in page.documents.all(kind)]
    return [(item, reader.title(kind, item)) for item in ids if item != kind]

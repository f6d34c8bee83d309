# SPDX-License-Identifier: Apache-2.0
"""Changes of a plan for people to read: which item, which field, what it was and what it became."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from hamkor.common.figures import KnownFigure
from hamkor.common.i18n import LANGUAGES, translate
from hamkor.common.messages import N_, show
from hamkor.journal.rules import Documents
from hamkor.pages.languages import current_language
from hamkor.plans.queries import find_title
from hamkor.plans.rules.changes import Change
from hamkor.plans.rules.concern import part_of_kind
from hamkor.plans.rules.fields import fields_of
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.wholeness import BODIES
from hamkor.printing.shown import NOBODY, clean, figure
from hamkor.printing.vocabulary import WORDS
from hamkor.printing.words import part_word
from hamkor.workspace.forms.labels import field_label
from hamkor.workspace.forms.references import options_of
from hamkor.workspace.places import document_url, part_url

MOST_LETTERS = 300
HIDDEN = frozenset({"id", "format", "grade", "source"})
FIGURE = frozenset(KnownFigure.__struct_fields__)
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
EMPTY = N_("nothing")
YES, NO = N_("yes"), N_("no")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class FieldChange(msgspec.Struct, frozen=True):
    """One field that differs.

    Args:
        label: What it is called.
        before: What it was.
        after: What it became.
    """

    label: str
    before: str
    after: str


class ItemChange(msgspec.Struct, frozen=True):
    """What became different about one item.

    Args:
        part: Name of its part.
        part_title: What the part is called.
        title: What people call the item.
        url: Its page, or that of its section.
        state: ``added``, ``removed`` or ``changed``.
        fields: Its fields that differ; what it holds when it was added or removed.
    """

    part: str
    part_title: str
    title: str
    url: str
    state: str
    fields: tuple[FieldChange, ...]


class ChangeReader:
    """Makes changes readable in the language of the page; remembers titles, so that one reads many.

    Args:
        stream: The event.
        plan: The plan as it is, for the names of what fields refer to.
        documents: Its documents, for titles.
    """

    def __init__(self, stream: UUID, plan: Plan, documents: Documents) -> None:
        self.stream, self.plan, self.documents = stream, plan, documents
        self.language = current_language()
        self._titles: dict[tuple[str, str], str] = {}
        self._options: dict[tuple[str, str], dict[str, str]] = {}

    def read(self, changes: Iterable[Change]) -> tuple[ItemChange, ...]:
        """Returns changes by item, in their order."""
        items: dict[tuple[str, str], list[Change]] = {}
        for change in changes:
            items.setdefault((change.kind, change.id), []).append(change)
        return tuple(self._item(kind, item, found) for (kind, item), found in items.items())

    def learn(self, changes: Iterable[Change]) -> None:
        """Remembers the titles of what is not in the plan any more."""
        for change in changes:
            body = change.before if isinstance(change.before, dict) else change.after
            if change.path == "" and isinstance(body, dict):
                self._titles.setdefault(
                    (change.kind, change.id), self._title_of(change.kind, change.id, body)
                )

    def title(self, kind: str, item: str) -> str:
        """Returns what people call a document."""
        key = (kind, item)
        document = self.documents.get(kind, item)
        if document is not None:
            return clean(show(find_title(kind, document, id=item), self.language))
        return self._titles.get(key) or (
            item if item != kind else part_word(part_of_kind(kind), self.language)
        )

    def _item(self, kind: str, item: str, changes: list[Change]) -> ItemChange:
        if kind == "part":
            state = ADDED if changes[0].after is not None else REMOVED
            title = part_word(item, self.language)
            return ItemChange(item, title, title, part_url(self.stream, item), state, ())
        self.learn(changes)
        part = part_of_kind(kind)
        state, fields = CHANGED, [self._field(kind, change) for change in changes]
        if changes[0].path == "":
            state = ADDED if changes[0].before is None else REMOVED
            fields = self._whole(kind, changes[0])
        is_there = self.documents.get(kind, item) is not None
        url = document_url(self.stream, kind, item) if is_there else part_url(self.stream, part)
        title = self._one_title(kind, item, part)
        return ItemChange(part, part_word(part, self.language), title, url, state, tuple(fields))

    def _one_title(self, kind: str, item: str, part: str) -> str:
        return part_word(part, self.language) if kind == item else self.title(kind, item)

    def _field(self, kind: str, change: Change) -> FieldChange:
        label, owner, name = self._label(kind, change.path)
        return FieldChange(
            label, self._value(owner, name, change.before), self._value(owner, name, change.after)
        )

    def _whole(self, kind: str, change: Change) -> list[FieldChange]:
        body = change.after if change.before is None else change.before
        if not isinstance(body, dict):
            return []
        found = []
        for name, value in body.items():
            if name in HIDDEN or value is None or value in ((), [], {}):
                continue
            label, owner, field = self._label(kind, name)
            text = self._value(owner, field, value)
            empty = "" if change.before is None else text
            found.append(FieldChange(label, empty, text if change.before is None else ""))
        return found

    def _label(self, kind: str, path: str) -> tuple[str, str, str]:
        """Returns what a path is called, and the struct and field at its end."""
        words, owner, name = [], "", path
        for owner_name, step, is_item in _steps(kind, path):
            if is_item:
                words.append(step)
            else:
                owner, name = owner_name, step
                words.append(translate(field_label(owner_name, step), self.language))
        return ": ".join(words), owner, name

    def _value(self, owner: str, name: str, value: Any) -> str:
        text = self._text(owner, name, value)
        return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS].rstrip()} …"

    def _text(self, owner: str, name: str, value: Any) -> str:
        if value is None or value in ([], {}, ""):
            return translate(EMPTY, self.language)
        if isinstance(value, bool):
            return translate(YES if value else NO, self.language)
        if isinstance(value, list):
            return ", ".join(self._text(owner, name, item) for item in value)
        if isinstance(value, dict):
            return self._mapping(value)
        if isinstance(value, str):
            return self._string(owner, name, value)
        return show(value, self.language)

    def _mapping(self, value: dict[str, Any]) -> str:
        if set(value) <= set(LANGUAGES):
            return clean(show(value, self.language))
        if set(value) <= FIGURE:
            return self._figure(value)
        pairs = [
            f"{translate(field_label('', key), self.language)}: {self._text('', key, item)}"
            for key, item in value.items()
            if key not in HIDDEN and item is not None
        ]
        return "; ".join(pairs)

    def _figure(self, value: dict[str, Any]) -> str:
        return figure(msgspec.convert(value, KnownFigure), self.language)

    def _string(self, owner: str, name: str, value: str) -> str:
        if _MOMENT.match(value):
            return _moment(value)
        if _DAY.fullmatch(value):
            return ".".join(reversed(value.split("-")))
        if value == "none":
            return translate(NOBODY, self.language)
        found = self._named(owner, name).get(value)
        if found is not None:
            return clean(found)
        return translate(WORDS[value], self.language) if value in WORDS else clean(value)

    def _named(self, owner: str, name: str) -> dict[str, str]:
        key = (owner, name)
        if key not in self._options:
            options = options_of(owner, name, plan=self.plan, language=self.language) if owner else ()
            self._options[key] = dict(options or ())
        return self._options[key]

    def _title_of(self, kind: str, item: str, body: dict[str, Any]) -> str:
        try:
            document = msgspec.convert(body, BODIES[kind])
        except (msgspec.ValidationError, KeyError):
            return item
        return clean(show(find_title(kind, document, id=item), self.language))


def by_part(items: Iterable[ItemChange]) -> list[tuple[str, list[ItemChange]]]:
    """Returns items grouped under the titles of their parts."""
    parts: dict[str, list[ItemChange]] = {}
    for item in items:
        parts.setdefault(item.part_title, []).append(item)
    return list(parts.items())


def _moment(value: str) -> str:
    try:
        return datetime.fromisoformat(value).strftime("%d.%m.%Y %H:%M")
    except ValueError:
        return value


@lru_cache(maxsize=4096)
def _steps(kind: str, path: str) -> tuple[tuple[str, str, bool], ...]:
    """Returns the steps of a path: struct, step, and whether it is the id of an item in a list."""
    bodies: tuple[type[msgspec.Struct], ...] = (BODIES[kind],) if kind in BODIES else ()
    steps, found = path.split("/") if path else [], []
    while steps:
        step = steps.pop(0)
        owner = next((body for body in bodies if step in fields_of(body)), None)
        found.append((owner.__name__ if owner is not None else "", step, False))
        field = fields_of(owner)[step] if owner is not None else None
        if field is not None and field.item is not None and steps:
            found.append((owner.__name__ if owner else "", steps.pop(0), True))
            bodies = (field.item,)
        else:
            bodies = field.records if field is not None else ()
    return tuple(found)

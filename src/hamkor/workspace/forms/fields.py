# SPDX-License-Identifier: Apache-2.0
"""The fields of one item, ready to be shown on a page and edited there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hamkor.common.i18n import translate
from hamkor.plans.rules.fields import plain, read_path
from hamkor.plans.rules.plan import Plan
from hamkor.printing.words import word
from hamkor.workspace.forms.labels import field_label
from hamkor.workspace.forms.references import Option, options_of
from hamkor.workspace.forms.typing_in import FieldKind, kind_of, shown_text

LONG_FIELDS = frozenset(
    {"note", "text", "what", "message", "answer", "trigger", "compensation", "action", "rule"}
)
HIDDEN = frozenset({"id", "format", "extent", "grade", "source"})
LAST = ("note",)


class FieldView(msgspec.Struct, frozen=True, kw_only=True):
    """One field on a page.

    Args:
        path: Its path in the item.
        name: Last step of the path, for ids of elements.
        label: What it is called, in the language.
        widget: ``text``, ``long``, ``number``, ``date``, ``moment``, ``boolean``, ``choice``, ``choices``, ``rows``
            or ``shown`` (not edited here).
        type: How the browser reads it: ``text``, ``boolean``, ``list`` or ``rows``.
        value: Text as it stands in the field, or chosen words.
        seen: Value as the plan holds it, to notice that somebody else changed it.
        options: What may be chosen.
        rows: Fields of every row.
        blank: Fields of a new row.
        is_wide: It needs the whole width.
        is_required: It must be given.
    """

    path: str
    name: str
    label: str
    widget: str
    type: str = "text"
    value: Any = ""
    seen: Any = None
    options: tuple[Option, ...] = ()
    rows: tuple[tuple[FieldView, ...], ...] = ()
    raws: tuple[Any, ...] = ()
    blank: tuple[FieldView, ...] = ()
    is_wide: bool = False
    is_required: bool = False

    @property
    def keyed_rows(self) -> Iterable[tuple[tuple[FieldView, ...], Any]]:
        """Rows with the value each stands for."""
        return zip(self.rows, self.raws, strict=True)


def fields_to_edit(
    document: msgspec.Struct | None,
    *,
    plan: Plan | None,
    language: str,
    only: Iterable[str] | None = None,
    without: Iterable[str] = (),
    body: type[msgspec.Struct] | None = None,
    base: str = "",
) -> tuple[FieldView, ...]:
    """Returns the fields of an item in the order of its struct, remarks last.

    Args:
        document: The item; None for one that is not there yet.
        plan: Where references lead; None when there is none yet.
        language: Language of the page.
        only: Names of fields to show; all but the technical ones when None.
        without: Names of fields to leave out.
        body: Its struct, needed when there is no item.
        base: Path of the item inside its document, such as `channels/radio-1`; empty for a document itself.
    """
    values = {} if document is None else plain(document)
    owner = body if document is None else type(document)
    if owner is None:
        raise TypeError("a form needs an item or its struct")
    infos = {info.encode_name: info for info in msgspec.structs.fields(owner)}
    names = list(only) if only is not None else [name for name in infos if name not in HIDDEN]
    names = [name for name in names if name not in set(without)]
    names.sort(key=lambda name: name in LAST)
    views = []
    for name in names:
        info = infos[name]
        field = _Field(owner.__name__, name, kind_of(info.type), plan, language)
        views += field.views(values.get(name), base=base, required=info.required)
    return tuple(views)


class _Field:
    """One field of a struct while its view is made."""

    def __init__(self, owner: str, name: str, kind: FieldKind, plan: Plan | None, language: str) -> None:
        self.owner, self.name, self.kind = owner, name, kind
        self.plan, self.language = plan, language
        self.label = translate(field_label(owner, name), language)

    def views(self, value: Any, *, base: str, required: bool) -> list[FieldView]:
        path = f"{base}/{self.name}" if base else self.name
        if self.kind.sort == "record":
            return self._record(value, path)
        common = {"path": path, "name": path.replace("/", "-"), "label": self.label, "seen": value}
        return [self._simple(value, {**common, "is_required": required})]

    def _simple(self, value: Any, common: dict[str, Any]) -> FieldView:
        kind = self.kind
        options = options_of(self.owner, self.name, plan=self.plan, language=self.language)
        if kind.sort in {"choices", "words"} and (options is not None or kind.choices):
            chosen = tuple(value or ())
            return FieldView(
                **common, widget="choices", type="list", value=chosen, options=self._options(options, chosen)
            )
        if kind.sort == "boolean":
            return FieldView(**common, widget="boolean", type="boolean", value=_three(value))
        if kind.sort == "choice" or (kind.sort == "text" and options is not None) or kind.choices:
            chosen = () if value is None else (str(value),)
            return FieldView(
                **common,
                widget="choice",
                value=chosen[0] if chosen else "",
                options=self._options(options, chosen),
            )
        if kind.sort == "rows" and kind.body is not None:
            return self._rows(value or [], kind.body, common)
        if kind.sort in {"items", "other"}:
            return FieldView(**common, widget="shown", value=value)
        widget = {"date": "date", "moment": "moment", "number": "number", "figure": "number"}.get(
            kind.sort, "text"
        )
        if self.name in LONG_FIELDS or kind.sort == "words":
            widget = "long"
        text = shown_text(kind, value, language=self.language)
        return FieldView(**common, widget=widget, value=text, is_wide=widget == "long")

    def _options(self, options: tuple[Option, ...] | None, chosen: tuple[str, ...]) -> tuple[Option, ...]:
        allowed = set(self.kind.choices)
        listed = list(options or ())
        if options is not None and self.kind.sort in {"choice", "choices"}:
            listed = [option for option in listed if option[0] in allowed]
        known = {key for key, _ in listed}
        listed += [(key, word(key, self.language)) for key in self.kind.choices if key not in known]
        known |= allowed
        return (*listed, *((key, key) for key in chosen if key not in known))

    def _rows(self, value: list[Any], body: type[msgspec.Struct], common: dict[str, Any]) -> FieldView:
        rows = tuple(self._row(row, body) for row in value)
        blank = self._row({}, body)
        return FieldView(
            **common, widget="rows", type="rows", rows=rows, raws=tuple(value), blank=blank, is_wide=True
        )

    def _row(self, row: Mapping[str, Any], body: type[msgspec.Struct]) -> tuple[FieldView, ...]:
        views: list[FieldView] = []
        for info in msgspec.structs.fields(body):
            name = info.encode_name
            if name in HIDDEN or name == "note":
                continue
            field = _Field(body.__name__, name, kind_of(info.type), self.plan, self.language)
            views += field.views(row.get(name), base="", required=info.required)
        return tuple(views)

    def _record(self, value: Any, path: str) -> list[FieldView]:
        if self.kind.body is None:
            return []
        value = value if isinstance(value, dict) else {}
        views: list[FieldView] = []
        for info in msgspec.structs.fields(self.kind.body):
            name = info.encode_name
            if name in HIDDEN or name == "note":
                continue
            field = _Field(self.kind.body.__name__, name, kind_of(info.type), self.plan, self.language)
            field.label = f"{self.label}: {field.label}"
            views += field.views(value.get(name), base=path, required=info.required)
        return views


def _three(value: Any) -> str:
    return "" if value is None else "true" if value else "false"


def value_at(document: msgspec.Struct, path: str) -> Any:
    """Returns what a document holds at a path, as JSON shows it."""
    return read_path(document, path)

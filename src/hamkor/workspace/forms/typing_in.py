# SPDX-License-Identifier: Apache-2.0
"""From what a person typed into a field to the value the plan holds, by the type of the field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from hamkor.common.figures import KnownFigure
from hamkor.common.records import Language, Record
from hamkor.plans.rules.fields import fields_of

FIGURE_DECIMALS = 6
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_RANGE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:-|–|—|\.\.)\s*(\d+(?:\.\d+)?)\s*")
_SPACES = re.compile(r"[\s\u00a0\u202f]")


class FieldKind(msgspec.Struct, frozen=True):
    """What a field takes.

    Args:
        sort: ``text``, ``texts`` (in several languages), ``number``, ``figure``, ``boolean``, ``choice``, ``date``,
            ``moment``, ``words`` (list of texts), ``choices`` (list of words), ``rows`` (list of records without
            ids), ``items`` (list of records with ids), ``record``, or ``other``.
        choices: Words it may be.
        body: Struct of rows, items or record.
        is_optional: It may be left out.
        is_whole: Numbers without a fraction only.
    """

    sort: str
    choices: tuple[str, ...] = ()
    body: type[msgspec.Struct] | None = None
    is_optional: bool = True
    is_whole: bool = False


# As browsers send a moment.
_WITHOUT_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def kind_of(hint: Any) -> FieldKind:
    """Returns what a field of this type takes."""
    options = tuple(_options(hint))
    is_optional = type(None) in options
    options = tuple(option for option in options if option is not type(None))
    return msgspec.structs.replace(_kind_of_options(options), is_optional=is_optional)


def parse(kind: FieldKind, raw: Any, *, language: str, before: Any) -> Any:
    """Returns the value as JSON shows it; what cannot be read is handed on, for the strict judge to explain.

    Args:
        kind: What the field takes.
        raw: What came from the page: text, list, true or false, rows, or None for nothing.
        language: Language of the page: texts in several languages keep the others.
        before: Value the plan holds now, as JSON shows it.
    """
    if raw is None or raw == "":
        return None if kind.sort != "texts" else _without_language(before, language)
    if kind.sort == "texts" and isinstance(raw, str):
        return {**before, language: raw} if isinstance(before, dict) else raw
    if kind.sort in {"number", "figure"} and isinstance(raw, str):
        return _figure(raw, before) if kind.sort == "figure" else _number(raw)
    if kind.sort == "moment" and isinstance(raw, str):
        text = raw.replace(" ", "T")
        return f"{text}:00" if _WITHOUT_SECONDS.fullmatch(text) else text
    if kind.sort == "words" and isinstance(raw, str):
        return [line.strip() for line in raw.splitlines() if line.strip()]
    if kind.sort == "rows" and isinstance(raw, list) and kind.body is not None:
        return [_row(kind.body, row, language) for row in raw]
    return raw


def _row(body: type[msgspec.Struct], row: Any, language: str) -> Any:
    if not isinstance(row, dict):
        return row
    hints = {info.encode_name: info.type for info in msgspec.structs.fields(body)}
    known = row.pop("", {}) if isinstance(row.get(""), dict) else {}
    values = dict(known)
    for name, raw in row.items():
        kind = kind_of(hints[name]) if name in hints else FieldKind("other")
        value = parse(kind, raw, language=language, before=known.get(name))
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return values


def _options(hint: Any) -> Iterator[Any]:
    origin = get_origin(hint)
    if origin is Annotated:
        yield from _options(get_args(hint)[0])
    elif origin in {Union, UnionType}:
        for option in get_args(hint):
            yield from _options(option)
    else:
        yield hint


def _kind_of_options(options: tuple[Any, ...]) -> FieldKind:
    words = tuple(word for option in options if get_origin(option) is Literal for word in get_args(option))
    plain = [option for option in options if get_origin(option) is not Literal]
    if words and not plain:
        numbers = all(isinstance(word, int) for word in words)
        return FieldKind("number" if numbers else "choice", tuple(map(str, words)), is_whole=numbers)
    if words and plain == [str]:
        return FieldKind("text", words)
    if KnownFigure in plain:
        return FieldKind("figure")
    if str in plain and any(get_origin(option) is dict for option in plain):
        return FieldKind("texts")
    return _kind_of_one(plain[0], words) if len(plain) == 1 else _kind_of_several(plain, words)


def _kind_of_several(plain: list[Any], words: tuple[str, ...]) -> FieldKind:
    if set(plain) <= {int, float}:
        return FieldKind("number")
    records = [option for option in plain if isinstance(option, type) and issubclass(option, Record)]
    return FieldKind("record", words, records[0]) if len(records) == 1 else FieldKind("other")


def _kind_of_one(option: Any, words: tuple[str, ...]) -> FieldKind:
    simple = {str: "text", bool: "boolean", int: "number", float: "number", date: "date", datetime: "moment"}
    if option in simple:
        return FieldKind(simple[option], is_whole=option is int)
    if get_origin(option) is tuple:
        return _kind_of_list(get_args(option)[0])
    if isinstance(option, type) and issubclass(option, Record):
        return FieldKind("record", words, option)
    return FieldKind("other")


def _kind_of_list(item: Any) -> FieldKind:
    inner = kind_of(item)
    if inner.sort == "choice":
        return FieldKind("choices", inner.choices)
    if inner.sort == "record" and inner.body is not None:
        return FieldKind("items" if "id" in fields_of(inner.body) else "rows", body=inner.body)
    return FieldKind("words" if inner.sort in {"text", "texts"} else "other")


def _without_language(before: Any, language: str) -> Any:
    if not isinstance(before, dict):
        return None
    kept = {code: text for code, text in before.items() if code != language}
    return kept or None


def _number(raw: str) -> Any:
    text = _SPACES.sub("", raw).replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return raw
    value = float(text)
    return int(value) if value.is_integer() else round(value, FIGURE_DECIMALS)


def _figure(raw: str, before: Any) -> Any:
    """Returns a number, or a range written as 40–50; source and grade of a known figure stay."""
    kept = {key: before[key] for key in ("source", "grade") if isinstance(before, dict) and key in before}
    text = raw.replace(",", ".")
    match = _RANGE.fullmatch(_SPACES.sub("", text))
    if match is not None:
        return {**kept, "low": _number(match[1]), "high": _number(match[2])}
    value = _number(raw)
    return {**kept, "value": value} if kept and not isinstance(value, str) else value


def shown_text(kind: FieldKind, value: Any, *, language: str) -> str:
    """Returns a value as it stands in a text field.

    Args:
        kind: What the field takes.
        value: Value as JSON shows it.
        language: Language of the page.
    """
    if value is None:
        return ""
    if kind.sort == "texts" and isinstance(value, dict):
        return str(value.get(language, ""))
    if kind.sort == "figure" and isinstance(value, dict):
        return _shown_figure(value)
    if kind.sort == "words":
        return "\n".join(str(item) for item in value)
    if kind.sort == "moment":
        return str(value)[:16]
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _shown_figure(value: dict[str, Any]) -> str:
    if value.get("value") is not None:
        return shown_text(FieldKind("number"), value["value"], language="")
    estimates = [each["value"] for each in value.get("estimates", ())]
    low, high = value.get("low", min(estimates, default="")), value.get("high", max(estimates, default=""))
    return f"{low}–{high}"


LANGUAGE_CODES: tuple[str, ...] = get_args(Language)

# SPDX-License-Identifier: Apache-2.0
"""The keys of the format in plain words: what a person may write where."""

from __future__ import annotations

from datetime import date, datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta

from hamkor.common.figures import Figure, KnownFigure
from hamkor.common.records import Id, ShortText, Text
from hamkor.folder.words import explain_words

FIRST_KEYS = ("format", "id", "type")
LAST_KEYS = ("note", "source", "grade")
_NAMED: tuple[tuple[Any, str], ...] = ((Figure, "figure"), (Text, "text"), (ShortText, "words"), (Id, "id"))
_PLAIN: dict[Any, str] = {str: "words", bool: "true or false", datetime: "moment", date: "day"}


class Key(msgspec.Struct, frozen=True):
    """One key of a struct.

    Args:
        name: As written in the file.
        required: True when it must be given.
        sort: Its type in plain words, such as ``figure`` or ``list of ids``.
        description: What it means.
        words: The words a choice allows, with meanings; ``none`` alone is told in the description.
        structs: Structs its value is made of.
        default: What it counts as when left out; None when that is unknown.
        hint: Its type.
    """

    name: str
    required: bool
    sort: str
    description: str
    words: dict[str, str]
    structs: tuple[type[msgspec.Struct], ...]
    default: Any
    hint: Any


def list_keys(struct: type[msgspec.Struct]) -> tuple[Key, ...]:
    """Returns the keys of a struct in the order of the file: tag and id first, remarks and sources last."""
    keys = [_key(field) for field in msgspec.structs.fields(struct)]
    keys.sort(key=lambda key: (key.name in LAST_KEYS, key.name not in FIRST_KEYS))
    tag = struct.__struct_config__.tag
    if isinstance(tag, str):
        name = str(struct.__struct_config__.tag_field)
        told = Key(name, True, f"the word `{tag}`", "What the feature is.", {}, (), None, Literal[tag])  # noqa: FBT003 - a plain value
        return told, *keys
    return tuple(keys)


def _key(field: msgspec.structs.FieldInfo) -> Key:
    structs = _structs_in(field.type)
    description = _description(field.type)
    if not description and structs:
        description = (structs[0].__doc__ or "").strip().splitlines()[0]
    return Key(
        name=field.encode_name,
        required=field.required,
        sort=sort_in_words(field.type),
        description=description,
        words=_words_of(field.type),
        structs=tuple(structs),
        default=_default(field),
        hint=field.type,
    )


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return None if field.default is msgspec.NODEFAULT else field.default


def _description(hint: Any) -> str:
    """Returns the outermost description of a type, looking into unions with None."""
    if get_origin(hint) is Annotated:
        marks = [mark for mark in get_args(hint)[1:] if isinstance(mark, Meta) and mark.description]
        told = str(marks[-1].description) if marks else ""  # the outermost stands last
        return told or _description(get_args(hint)[0])
    if get_origin(hint) in {Union, UnionType}:
        return next((told for arm in get_args(hint) if (told := _description(arm))), "")
    return ""


def sort_in_words(hint: Any) -> str:
    """Returns a type as a person says it, without None."""
    named = next((word for known, word in _NAMED if hint == known), None)
    if named is not None:
        return named
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(hint, arguments)
    if origin in {Union, UnionType}:
        sorts = [sort_in_words(arm) for arm in arguments if arm is not type(None)]
        return " or ".join(dict.fromkeys(sorts))
    if origin is Literal:
        return f"`{arguments[0]}`" if len(arguments) == 1 else "choice"
    if origin is tuple:
        return f"list of: {sort_in_words(arguments[0])}"
    if origin is dict:
        return f"mapping of {sort_in_words(arguments[0])} to {sort_in_words(arguments[1])}"
    return _plain(hint)


def _annotated(hint: Any, arguments: tuple[Any, ...]) -> str:
    """Returns the words of a type with marks; a further description makes a figure or an id no other type."""
    if arguments[0] == get_args(Figure)[0]:
        return "figure"
    if any(isinstance(mark, Meta) and mark.pattern == get_args(Id)[1].pattern for mark in arguments[1:]):
        return "id"
    return sort_in_words(arguments[0]) + _bounds(hint)


def _plain(hint: Any) -> str:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint.__name__
    return _PLAIN.get(hint, "whole number" if hint is int else "number")


def _bounds(hint: Any) -> str:
    meta = next(item for item in get_args(hint)[1:] if isinstance(item, Meta))
    low = meta.ge if meta.ge is not None else meta.gt
    if low is None and meta.le is None:
        return ""
    above = "above " if meta.gt is not None else ""
    return f" {above}{_shown(low)} to {_shown(meta.le)}"


def _shown(number: float | None) -> str:
    return "any" if number is None else f"{number:g}"


def _words_of(hint: Any) -> dict[str, str]:
    """Returns the words of every choice in a type, each with its meaning; `none` alone is left out."""
    if hint in (Text, Figure):
        return {}
    if get_origin(hint) is Literal:
        words = get_args(hint)
        return explain_words(words) if len(words) > 1 else {}
    if isinstance(hint, type):
        return {}
    found: dict[str, str] = {}
    for argument in get_args(hint):
        found |= _words_of(argument)
    return found


def _structs_in(hint: Any) -> list[type[msgspec.Struct]]:
    if hint in (Text, Figure):
        return []
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return [] if hint is KnownFigure else [hint]
    if get_origin(hint) is Literal:
        return []
    return list(dict.fromkeys(found for argument in get_args(hint) for found in _structs_in(argument)))

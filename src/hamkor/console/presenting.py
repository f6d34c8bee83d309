# SPDX-License-Identifier: Apache-2.0
"""A document as the browser gets it: every field said, every text in the language of the person."""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache
from typing import Any, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from hamkor.common.i18n import LANGUAGES, pick_name

Shown = Callable[[Any, str], Any]
encode = msgspec.json.Encoder().encode


def present(document: Struct, language: str) -> dict[str, Any]:
    """Returns a document as plain values, ready to be written as JSON.

    Args:
        document: A struct; fields that have their default are said too, so that a script need not know defaults.
        language: Language of the texts that are given in several.

    Notes:
        Only fields declared as a text of the plan are turned into one language. A mapping that must stay one, such
        as an announcement read out in every language, is declared as a mapping.
    """
    shown: dict[str, Any] = {}
    for name, attribute, convert in _fields(type(document)):
        value = getattr(document, attribute)
        shown[name] = value if convert is None or value is None else convert(value, language)
    tag = type(document).__struct_config__.tag
    if tag is not None:
        shown[type(document).__struct_config__.tag_field or "type"] = tag
    return shown


def as_json(document: Struct, language: str) -> bytes:
    """Returns a document as JSON in a language."""
    return encode(present(document, language))


@cache
def _fields(struct: type[Struct]) -> tuple[tuple[str, str, Shown | None], ...]:
    """Returns name in JSON, name of the attribute, and how its values are shown; None for as they are."""
    return tuple(
        (each.encode_name, each.name, _shown_as(each.type)) for each in msgspec.structs.fields(struct)
    )


def _shown_as(annotation: Any) -> Shown | None:
    """Returns how values of a type are shown, None when they can be written as they are."""
    annotation = _bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return present
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _union_shown(arguments)
    if origin in (tuple, list, frozenset, set) and arguments:
        return _each(_shown_as(arguments[0]))
    if origin is dict and arguments:
        return _values(_shown_as(arguments[1]))
    return None


def _union_shown(members: tuple[Any, ...]) -> Shown | None:
    bare = [_bare(member) for member in members]
    if str in bare and any(_is_by_language(member) for member in bare):
        return _text
    if any(isinstance(member, type) and issubclass(member, Struct) for member in bare):
        return _struct_or_value
    return next((shown for member in bare if (shown := _shown_as(member)) is not None), None)


def _bare(annotation: Any) -> Any:
    """Returns a type without what is annotated about it."""
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    return annotation


def _is_by_language(annotation: Any) -> bool:
    if get_origin(annotation) is not dict:
        return False
    keys = _bare(get_args(annotation)[0])
    return set(get_args(keys)) == set(LANGUAGES)


def _text(value: Any, language: str) -> Any:
    return pick_name(value, language) if isinstance(value, dict) else value


def _struct_or_value(value: Any, language: str) -> Any:
    return present(value, language) if isinstance(value, Struct) else value


def _each(shown: Shown | None) -> Shown | None:
    if shown is None:
        return None
    return lambda values, language: [shown(value, language) for value in values]


def _values(shown: Shown | None) -> Shown | None:
    if shown is None:
        return None
    return lambda values, language: {key: shown(value, language) for key, value in values.items()}

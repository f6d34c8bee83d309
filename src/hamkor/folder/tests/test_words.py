# SPDX-License-Identifier: Apache-2.0
"""Every word of every choice of the format is explained, and no word that does not exist is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest

from hamkor.common.errors import HamkorError
from hamkor.folder.keys import list_keys
from hamkor.folder.queries import part_schema
from hamkor.folder.schemas import MOMENT_PATTERN
from hamkor.folder.words import explain_words, list_described
from hamkor.plans.rules.plan import PARTS
from hamkor.venues.rules.features import Venue


def choices(hint: Any, seen: set[Any]) -> Iterator[tuple[str, ...]]:
    if get_origin(hint) is Literal:
        yield tuple(str(word) for word in get_args(hint))
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        if hint not in seen:
            seen.add(hint)
            for field in msgspec.structs.fields(hint):
                yield from choices(field.type, seen)
    else:
        for argument in get_args(hint):
            yield from choices(argument, seen)


def all_choices() -> set[tuple[str, ...]]:
    seen: set[Any] = set()
    return {words for body in [*(part.body for part in PARTS), Venue] for words in choices(body, seen)}


def test_every_word_is_explained() -> None:
    for words in all_choices():
        meanings = explain_words(words)
        assert list(meanings) == list(words)
        assert all(meanings.values())


def test_no_stranger_is_explained() -> None:
    assert set(list_described()) == {frozenset(words) for words in all_choices()}


def test_every_key_is_described() -> None:
    waiting: list[Any] = [*(part.body for part in PARTS), Venue]
    seen = set()
    while waiting:
        struct = waiting.pop()
        if struct in seen:
            continue
        seen.add(struct)
        for key in list_keys(struct):
            waiting += key.structs
            told = key.description or key.words or key.name in {"type", "coordinates"}
            assert told, f"{struct.__name__}.{key.name}"


def test_unknown_part() -> None:
    with pytest.raises(HamkorError) as raised:
        part_schema("dutys")
    assert raised.value.code == "unknown-part"


def test_moments_have_a_pattern_and_words_their_meaning() -> None:
    schema = part_schema("event")
    moment = schema["properties"]["starts_at"]["anyOf"][0]
    assert moment["pattern"] == MOMENT_PATTERN
    assert "`football`: football match" in schema["properties"]["kind"]["description"]
    assert schema["properties"]["name"]["anyOf"][1]["propertyNames"] == {
        "enum": ["uz", "uz-Cyrl", "ru", "en"]
    }

# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with one translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

from babel.messages.catalog import Message

_PERCENT_NAME = re.compile(r"(?<!%)(%(?:\(\w+\))?[sd])(?!\w)")
_TAG = re.compile(r"</?\w+|&\w+;")


def placeholders(text: str) -> set[str] | None:
    """Returns the names between braces and after percent signs, None when the braces do not match up."""
    try:
        braces = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return None
    return braces | set(_PERCENT_NAME.findall(text))


def forms_of(text: object) -> tuple[str, ...]:
    """Returns a text as its forms: one, or one for each number of things."""
    return (text,) if isinstance(text, str) else tuple(text) if isinstance(text, (tuple, list)) else ()


def faults_of(message: Message, *, forms: int = 1) -> Iterator[str]:
    """Yields what is wrong with one translation: empty, fuzzy, other placeholders, too few forms.

    Args:
        message: A text with its translation.
        forms: How many forms the language has; counts only for texts with a plural.
    """
    wanted = _wanted(message)
    if wanted is None:
        yield "the English text needs named placeholders and paired braces"
    translations = forms_of(message.string)
    if not translations or not all(translations):
        yield "empty"
        return
    if message.pluralizable and len(translations) != forms:
        yield f"{len(translations)} forms instead of {forms}"
    if message.fuzzy:
        yield "fuzzy"
    optional = _may_be_left_out(message)
    for translation in translations:
        yield from _faults_of_form(message, translation, wanted or set(), optional)


def _faults_of_form(
    message: Message, translation: str, wanted: set[str], optional: set[str]
) -> Iterator[str]:
    found = placeholders(translation)
    if found is None or not wanted - optional <= found <= wanted:
        yield f"other placeholders than {sorted(wanted)}"
    english = forms_of(message.id)[-1]
    if _is_formatted(message) and "%" in _PERCENT_NAME.sub("", translation.replace("%%", "")):
        yield "a percent sign that is not doubled"
    if sorted(_TAG.findall(english)) != sorted(_TAG.findall(translation)):
        yield "other tags than the English text"


def _wanted(message: Message) -> set[str] | None:
    names = [placeholders(form) for form in forms_of(message.id)]
    if any(found is None for found in names):
        return None
    wanted = set[str]().union(*(found for found in names if found))
    return wanted if all(name.isidentifier() or name.startswith("%") for name in wanted) else None


def _may_be_left_out(message: Message) -> set[str]:
    """Returns what the English singular leaves out: "one entry" beside "%(count)s entries"."""
    forms = forms_of(message.id)
    return (placeholders(forms[-1]) or set()) - (placeholders(forms[0]) or set())


def _is_formatted(message: Message) -> bool:
    return any(_PERCENT_NAME.search(form) or "%%" in form for form in forms_of(message.id))

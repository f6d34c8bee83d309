# SPDX-License-Identifier: Apache-2.0
"""Why a value cannot be used, in words for the person who gave it."""

from __future__ import annotations

import difflib
import re
from typing import Any

import msgspec

from hamkor.common.i18n import format_number
from hamkor.common.messages import N_, Message

LONGEST_QUOTE = 80


class Explained(msgspec.Struct, frozen=True):
    """Why a value cannot be used.

    Args:
        code: Stable identifier in kebab case.
        place: Path below the value such as ``.shifts[0].person``, empty for the value itself.
        message: What is wrong and how to mend it.
    """

    code: str
    place: str
    message: Message


# What msgspec says, in its own words, turned into ours. First match wins.
_SAID: tuple[tuple[str, str, str], ...] = (
    (
        "missing-key",
        r"Object missing required field `(?P<key>.*)`",
        N_("The key `{key}` is missing. Add it."),
    ),
    (
        "bad-choice",
        r"Invalid (?:enum )?value (?P<value>.*)",
        N_("{value} is not one of the words allowed here. {suggestion}"),
    ),
    (
        "bad-id",
        r"Expected `str` matching regex '\^\[A-Za-z0-9\].*",
        N_("This must be a short name of letters, digits, `-`, `_`, `:` or `.`, without spaces."),
    ),
    (
        "bad-code",
        r"Expected `str` matching regex .*",
        N_("This must be two capital letters, such as `UZ`."),
    ),
    (
        "bad-position",
        r"Expected `array` of length 2, got .*",
        N_("A position is two numbers, longitude first, then latitude. Leave heights out."),
    ),
    (
        "too-few",
        r"Expected `array` of length >= (?P<least>\d+)",
        N_("The list needs at least {least} items here."),
    ),
    ("empty-text", r"Expected `str` of length >= 1", N_("The text is empty. Write it or leave the key out.")),
    (
        "too-long",
        r"Expected `str` of length <= (?P<most>\d+)",
        N_("The text is longer than {most} letters. Shorten it."),
    ),
    (
        "out-of-range",
        r"Expected `(?:float|int)` (?P<rule>(?:>=|<=|>|<).*)",
        N_("The number must be {rule}. Check it and its unit."),
    ),
    ("out-of-range", r"Number out of range", N_("The number is too large. Check it and its unit.")),
    (
        "moment-with-zone",
        r"Expected `datetime` with no timezone component",
        N_("Write local time without a zone, like `2027-03-21 18:00`."),
    ),
    (
        "bad-moment",
        r"Invalid RFC3339 encoded datetime",
        N_("This is no moment of time. Write it like `2027-03-21 18:00`."),
    ),
    ("bad-date", r"Invalid RFC3339 encoded date", N_("This is no day. Write it like `2027-03-21`.")),
    (
        "wrong-type",
        r"Expected `(?P<expected>.*)`, got `(?P<got>.*)`",
        N_("Here {expected} is expected, not {got}."),
    ),
    (
        "bad-value",
        r"(?P<detail>.*)",
        N_("This value cannot be used: {detail}. Correct it or leave the key out."),
    ),
)

_TYPE_WORDS = {
    "str": N_("text (put it in quotes)"),
    "float": N_("a number"),
    "int": N_("a whole number"),
    "bool": N_("true or false"),
    "object": N_("a group of keys"),
    "array": N_("a list (`[]` when there are none)"),
    "null": N_("nothing"),
    "datetime": N_("a moment like `2027-03-21 18:00`"),
    "date": N_("a day like `2027-03-21`"),
}


def explain(error: msgspec.ValidationError, wanted: Any) -> Explained:
    """Returns what msgspec found, in our words, with the place and a suggestion.

    Args:
        error: What msgspec raised.
        wanted: Type the value was to become.
    """
    said, _, at = str(error).partition(" - at ")
    inner = re.sub(r"^`key` in ", "", at).strip("`").removeprefix("$")
    for code, pattern, template in _SAID:
        match = re.fullmatch(pattern, said, flags=re.DOTALL)
        if match:
            return Explained(code, inner, Message(template, _facts_of(match, code, wanted, inner)))
    raise AssertionError("the last pattern matches everything")


def _facts_of(match: re.Match[str], code: str, wanted: Any, inner: str) -> dict[str, Any]:
    facts: dict[str, Any] = {name: shorten(value) for name, value in match.groupdict().items()}
    if code == "bad-choice":
        facts["suggestion"] = suggest(facts["value"].strip("'"), allowed_words(wanted, inner))
    if "got" in facts:
        facts["expected"] = _in_words(facts["expected"])
        facts["got"] = Message(N_("text")) if facts["got"] == "str" else _in_words(facts["got"])
    if "rule" in facts:
        sign, number = facts["rule"].split()
        facts["rule"] = f"{_SIGNS[sign]} {format_number(float(number))}"
    return facts


_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


def shorten(text: str) -> str:
    """Returns a text as it is quoted in a fault: its beginning when it is long."""
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"


def _in_words(types: str) -> list[Message]:
    words = [_TYPE_WORDS.get(name.strip(), name.strip()) for name in types.split("|")]
    return [Message(word) for word in words if word != _TYPE_WORDS["null"]] or [Message(_TYPE_WORDS["null"])]


def suggest(word: str, allowed: list[str]) -> Message:
    """Returns the nearest allowed word, or all of them when none is near."""
    near = difflib.get_close_matches(word, allowed, n=1, cutoff=0.6)
    if near:
        return Message(N_("Did you mean `{word}`?"), {"word": near[0]})
    if not allowed:
        return Message(N_("See the description of the file."))
    return Message(N_("Allowed: {words}."), {"words": allowed})


def allowed_words(wanted: Any, inner: str) -> list[str]:
    """Returns the words of the choice allowed at a place inside a value.

    Args:
        wanted: Type of the value.
        inner: Path below it as msgspec writes it, such as ``.shifts[0].person``.
    """
    nodes = [msgspec.inspect.type_info(wanted)]
    for step in re.findall(r"\.([^.\[\]]+)|(\[[^\]]*\])", inner):
        nodes = [child for node in _flatten(nodes) for child in _children(node, step[0])]
    words: list[str] = []
    for node in _flatten(nodes):
        if isinstance(node, msgspec.inspect.LiteralType):
            words += [str(value) for value in node.values]
        if isinstance(node, msgspec.inspect.StructType) and node.tag is not None:
            words.append(str(node.tag))
    return list(dict.fromkeys(words))


def _flatten(nodes: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for node in nodes:
        if isinstance(node, msgspec.inspect.Metadata):
            flat += _flatten([node.type])
        elif isinstance(node, msgspec.inspect.UnionType):
            flat += _flatten(list(node.types))
        else:
            flat.append(node)
    return flat


def _children(node: Any, key: str) -> list[Any]:
    if isinstance(node, msgspec.inspect.StructType):
        if node.tag_field is not None and key == node.tag_field:
            return [node]
        return [field.type for field in node.fields if field.encode_name == key]
    if isinstance(node, msgspec.inspect.DictType):
        return [node.value_type]
    item = getattr(node, "item_type", None)
    return [item] if item is not None and not key else []

# SPDX-License-Identifier: Apache-2.0
"""Texts and numbers as other programs write them."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, get_args

from hamkor.common.records import Language

LONGEST_NAME = 200
LONGEST_NOTE = 3000
LONGEST_WIDTH_M = 1000.0
LARGEST_COUNT = 1e6
LEVEL_RANGE = (-20.0, 200.0)
_METRES = {"m": 1.0, "м": 1.0, "metr": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0}
_PER_UNIT = {
    **_METRES,
    "cm": 0.01,
    "см": 0.01,
    "sm": 0.01,
    "mm": 0.001,
    "мм": 0.001,
    "ft": 0.3048,
    "in": 0.0254,
}
_LENGTH = re.compile(r"(\d{1,9}(?:[.,]\d{1,9})?)\s*([^\W\d_]*)")
_FEET = re.compile(r"(\d{1,6})\s*'\s*(?:(\d{1,6}(?:\.\d{1,6})?)\s*\")?")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_.:-]+")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")


def clean_text(value: Any, longest: int = LONGEST_NAME) -> str | None:
    """Returns a value as one line of text without control characters and half letters, or None when empty."""
    if value is None or isinstance(value, (dict, list, bool)):
        return None
    text = str(value)[: longest * 4].encode("utf-8", "ignore").decode("utf-8")
    kept = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text)
    return " ".join(kept.split())[:longest].strip() or None


def parse_metres(value: Any) -> float | None:
    """Returns a length such as ``2.5``, ``2,5 m``, ``250 cm`` or ``8'2"`` in metres, or None when it is not one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _within(float(value), LONGEST_WIDTH_M)
    text = str(value).strip().lower()[:40]
    feet = _FEET.fullmatch(text)
    if feet:
        return _within(int(feet[1]) * 0.3048 + float(feet[2] or 0) * 0.0254, LONGEST_WIDTH_M)
    plain = _LENGTH.fullmatch(text)
    if not plain or (plain[2] and plain[2] not in _PER_UNIT):
        return None
    return _within(float(plain[1].replace(",", ".")) * _PER_UNIT.get(plain[2], 1.0), LONGEST_WIDTH_M)


def parse_count(value: Any) -> float | None:
    """Returns a number of people, seats or lanes, or None when it is not one."""
    if isinstance(value, str):
        text = re.sub(r"[\s\u00a0]", "", value)[:20]
        if not re.fullmatch(r"\d{1,9}", text):
            return None
        value = int(text)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return _within(float(value), LARGEST_COUNT)


def parse_levels(value: Any) -> list[float]:
    """Returns the storeys in a value such as ``1``, ``0;1`` or ``-1``; none when there are none."""
    parts = value.replace(",", ".").split(";")[:50] if isinstance(value, str) else [value]
    levels = []
    for part in parts:
        if isinstance(part, bool) or part is None:
            continue
        try:
            number = float(part)
        except (TypeError, ValueError):
            continue
        if LEVEL_RANGE[0] <= number <= LEVEL_RANGE[1]:
            levels.append(number)
    return levels


def names_of(properties: Mapping[str, Any], keys: tuple[str, ...] = ("name",)) -> str | dict[str, str] | None:
    """Returns the name among properties: in several languages when they say so, else as it is written."""
    for key in keys:
        value = properties.get(key)
        given = _by_language(value) if isinstance(value, dict) else _suffixed(properties, key)
        if given:
            return given
        if isinstance(value, dict):
            value = next(iter(value.values()), None)
        text = clean_text(value)
        if text:
            return text
    return None


def _by_language(value: Mapping[str, Any]) -> dict[str, str]:
    """Returns the languages of ours, a region such as ``en-US`` taken for its language."""
    found: dict[str, str] = {}
    for tag, name in value.items():
        language = tag if tag in get_args(Language) else str(tag).replace("_", "-").split("-")[0].lower()
        text = clean_text(name)
        if text and language in get_args(Language):
            found.setdefault(language, text)
    return found


def _suffixed(properties: Mapping[str, Any], key: str) -> dict[str, str]:
    pairs = {language: properties.get(f"{key}:{language}") for language in get_args(Language)}
    pairs |= {
        language: properties[f"{key}_{language}"]
        for language in get_args(Language)
        if f"{key}_{language}" in properties
    }
    return _by_language(pairs)


def as_id(value: Any) -> str | None:
    """Returns a value as an id of ours: itself where possible, else its letters joined by hyphens; None for none."""
    text = clean_text(value, 80)
    if text is None:
        return None
    if _ID.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    joined = _NOT_IN_ID.sub("-", plain).strip("-._:").lower()[:60]
    return joined if _ID.fullmatch(joined) else None


def digest_id(*parts: Any) -> str:
    """Returns an id that follows from what a thing is, for things without one: the same at every import."""
    return "f-" + hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:10]


def note_of(unknown: Mapping[str, Any]) -> str | None:
    """Returns properties nobody here understands as one text, or None for none."""
    pairs = [(clean_text(key, 60), clean_text(value)) for key, value in unknown.items()]
    return "; ".join(f"{key}={text}" for key, text in pairs if key and text)[:LONGEST_NOTE] or None


def _within(number: float, most: float) -> float | None:
    return round(number, 4) if math.isfinite(number) and 0 < number <= most else None

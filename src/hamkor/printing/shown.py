# SPDX-License-Identifier: Apache-2.0
"""Values as people read them: numbers, moments, names; what is unknown says so."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from hamkor.agencies.queries import AgencyUnknownError, get_agency
from hamkor.common.figures import KnownFigure, Range, range_of
from hamkor.common.i18n import format_number, translate
from hamkor.common.messages import N_, Message, show
from hamkor.common.records import Text

NOT_KNOWN = N_("not known")
NOBODY = N_("nobody")
NONE = N_("none")
YES = N_("yes")
NO = N_("no")
HTML_LANGUAGES = {"uz": "uz-Latn", "uz-Cyrl": "uz-Cyrl", "ru": "ru", "en": "en"}

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})
_DIRECTION_MARKS = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def clean(text: str) -> str:
    """Returns the text without control characters, direction overrides and runs of white space.

    Notes:
        An escape character in a name would drive a terminal; in XML it would break the file; a direction
        override would let a name rewrite the sentence around it.
    """
    if (
        text.isprintable()
    ):  # no control, format, private or unassigned character, and no space but the plain one
        return " ".join(text.split())
    kept = (
        " " if letter.isspace() and letter != "\u00a0" else letter
        for letter in text
        if letter.isspace()
        or not (unicodedata.category(letter) in _UNSAFE_CATEGORIES or letter in _DIRECTION_MARKS)
    )
    return " ".join(part for part in "".join(kept).split(" ") if part)


def say(text: Text | dict[str, str] | Message | None, language: str) -> str:
    """Returns a text of the plan or a message in the language; "not known" for None."""
    return translate(NOT_KNOWN, language) if text is None else clean(show(text, language))


def words_of(template: str, language: str, **facts: Any) -> str:
    """Returns a marked text in the language with its values."""
    return clean(Message(template, facts).render(language))


def number(value: float | None, language: str) -> str:
    """Returns a number with groups of three; "not known" for None."""
    return translate(NOT_KNOWN, language) if value is None else format_number(value, language)


def range_text(value: Range | None, language: str) -> str:
    """Returns a range as one number or as ``low–high``."""
    if value is None:
        return translate(NOT_KNOWN, language)
    if value.is_exact:
        return format_number(value.nominal, language)
    return f"{format_number(value.low, language)}–{format_number(value.high, language)}"


def figure(value: float | KnownFigure | None, language: str, unit: str = "") -> str:
    """Returns a figure with its range and unit; "not known" for None."""
    if value is None:
        return translate(NOT_KNOWN, language)
    text = range_text(range_of(value), language)
    return f"{text}\u00a0{unit}" if unit else text


def moment(at: datetime | None, language: str) -> str:
    """Returns a moment as ``21.03.2027 18:00``; "not known" for None."""
    return translate(NOT_KNOWN, language) if at is None else at.strftime("%d.%m.%Y %H:%M")


def day(on_date: date | None, language: str) -> str:
    """Returns a day as ``21.03.2027``; "not known" for None."""
    return translate(NOT_KNOWN, language) if on_date is None else on_date.strftime("%d.%m.%Y")


def period(starts_at: datetime | None, ends_at: datetime | None, language: str) -> str:
    """Returns ``21.03.2027 18:00–22:30``; the second date is left out when it is the same day."""
    if starts_at is None and ends_at is None:
        return translate(NOT_KNOWN, language)
    if ends_at is None:
        return moment(starts_at, language)
    if starts_at is None:
        return words_of(N_("until {moment}"), language, moment=moment(ends_at, language))
    if starts_at.date() == ends_at.date():
        return f"{moment(starts_at, language)}–{ends_at:%H:%M}"
    return f"{moment(starts_at, language)} – {moment(ends_at, language)}"


def yes_no(value: bool | None, language: str) -> str:  # noqa: FBT001 - the value itself is shown
    """Returns yes, no, or "not known"."""
    return translate(NOT_KNOWN if value is None else YES if value else NO, language)


def agency_name(code: str | None, language: str, *, full: bool = False) -> str:
    """Returns the short or full name of an agency; "nobody" for ``none``, "not known" for None."""
    if code is None or code == "none":
        return translate(NOT_KNOWN if code is None else NOBODY, language)
    try:
        agency = get_agency(code)
    except AgencyUnknownError:
        return clean(code)
    return say(agency.names if full else agency.short_names, language)


def agency_names(codes: Iterable[str] | None, language: str) -> str:
    """Returns short names separated by commas; "nobody" for none of them, "not known" for None."""
    if codes is None:
        return translate(NOT_KNOWN, language)
    return ", ".join(agency_name(code, language) for code in codes) or translate(NOBODY, language)


def listed(items: Iterable[str] | None, language: str, empty: str = NONE) -> str:
    """Returns items separated by commas; the word for none when there are none, "not known" for None."""
    if items is None:
        return translate(NOT_KNOWN, language)
    return ", ".join(items) or translate(empty, language)

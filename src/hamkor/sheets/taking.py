# SPDX-License-Identifier: Apache-2.0
"""Cells as values of the plan: forgiving in form (a number as text, a day by full stops), strict in meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from hamkor.agencies.queries import list_agencies
from hamkor.common.figures import NON_NEGATIVE_MAX, KnownFigure, range_of
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.common.records import Period
from hamkor.sheets.grids import Value
from hamkor.sheets.rules import NotTakenError, label_id, plain, quote
from hamkor.sheets.words import NO, NOBODY, YES, Words, find_agency, find_choice

LONGEST_TEXT = 4000
FIRST_DAY = datetime(1901, 1, 1)  # noqa: DTZ001 - local times of the event carry no zone
"""Spreadsheets count days from 1900 and count the first two months wrongly: what is older is written as text."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]+(\d\d?):(\d\d)(?::(\d\d))?)?")
_DOTTED = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})(?:,? +(\d\d?):(\d\d)(?::(\d\d))?)?")
_RANGE = re.compile(r"(.+?)\s*[–—-]\s*(.+)")

NEEDED = N_("The cell is empty. Fill it in, or delete the whole row.")
NOT_TEXT = N_("A text is expected, not “{said}”. Format the cell as text and write it again.")
TOO_LONG = N_("The text is longer than {limit} letters. Shorten it.")
NOT_ID = N_("“{said}” is no short name: up to 80 letters a–z, digits, “-”, “_”, “:” or “.”, without spaces.")
NOT_NUMBER = N_(
    "“{said}” is no number. Write a number from 0, or a range such as 80–120, or leave the cell empty."
)
NOT_MOMENT = N_("“{said}” is no day with time. Write it as 21.03.2027 18:00 or 2027-03-21 18:00, local time.")
NOT_PERIOD = N_("“{said}” is no period. Write 21.03.2027 18:00 – 21.03.2027 20:00; several with “;” between.")
NOT_YES_NO = N_("“{said}” is neither yes nor no. Write “{yes}” or “{no}”, or leave the cell empty.")
NO_AGENCY = N_("There is no agency “{said}”. Allowed: {words}.")
NO_CHOICE = N_("“{said}” is not one of the words allowed here: {words}.")
NO_SUCH = N_("“{said}” is not in the list. Choose from the list, or add it to its sheet first.")


def take_text(value: Value, _words: Words) -> str | None:
    """Returns a text; a number is taken as written, such as a phone that a program made a number of."""
    if isinstance(value, (bool, datetime, date, time, timedelta)):
        raise NotTakenError("not-text", NOT_TEXT, said=quote(value))
    if isinstance(value, (int, float)):
        value = str(int(value)) if value == int(value) else str(value)
    text = plain(value) if value is not None else ""
    if len(text) > LONGEST_TEXT:
        raise NotTakenError("too-long", TOO_LONG, limit=LONGEST_TEXT)
    return text or None


def take_id(value: Value, words: Words) -> str | None:
    """Returns the id at the beginning of a label."""
    text = take_text(value, words)
    if text is None:
        return None
    id_ = label_id(text)
    if _ID.fullmatch(id_) is None:
        raise NotTakenError("bad-id", NOT_ID, said=quote(text))
    return id_


def take_ids(value: Value, words: Words) -> tuple[str, ...]:
    """Returns ids separated by commas."""
    text = take_text(value, words) or ""
    parts = [part.strip() for part in re.split(r"[,;\n]", text)]
    return tuple(dict.fromkeys(id_ for part in parts if part and (id_ := take_id(part, words))))


def take_person(value: Value, words: Words) -> str | None:
    """Returns the id of a person, or ``none`` for the word nobody."""
    text = take_text(value, words)
    if text is not None and find_choice({"none": NOBODY}, text):
        return "none"
    return take_id(text, words)


def take_yes_no(value: Value, words: Words) -> bool | None:
    """Returns yes or no."""
    if value is None or isinstance(value, bool):
        return value
    text = take_text(value, words) or ""
    found = find_choice({"true": YES, "false": NO}, text)
    if found is None:
        yes, no = translate(YES, words.language), translate(NO, words.language)
        raise NotTakenError("bad-choice", NOT_YES_NO, said=quote(value), yes=yes, no=no)
    return found == "true"


def take_agency(value: Value, words: Words) -> str | None:
    """Returns the code of an agency."""
    text = take_text(value, words)
    if text is None:
        return None
    code = find_agency(text)
    if code is None:
        names = [words.agency(agency.code) for agency in list_agencies()]
        raise NotTakenError("unknown-agency", NO_AGENCY, said=quote(text), words=names)
    return code


def take_choice(value: Value, words: Words, table: Mapping[str, str]) -> str | None:
    """Returns the value meant by a word of a table."""
    text = take_text(value, words)
    if text is None:
        return None
    found = find_choice(table, text)
    if found is None:
        allowed = [translate(word, words.language) for word in table.values()]
        raise NotTakenError("bad-choice", NO_CHOICE, said=quote(text), words=allowed)
    return found


def take_figure(value: Value, _words: Words) -> float | KnownFigure | None:
    """Returns a number, or a range written as ``80–120``."""
    if value is None:
        return None
    found = _number(value)
    if found is None and isinstance(value, str) and (bounds := _RANGE.fullmatch(plain(value))):
        low, high = _number(bounds[1]), _number(bounds[2])
        if low is not None and high is not None and low <= high:
            return KnownFigure(low=low, high=high)
    if found is None:
        raise NotTakenError("bad-number", NOT_NUMBER, said=quote(value))
    return found


def show_figure(figure: float | KnownFigure | None, _words: Words) -> Value:
    """Returns a figure as a cell: a number where there is one, else its range as text."""
    if figure is None or isinstance(figure, (int, float)):
        return figure
    if figure.value is not None:
        return figure.value
    span = range_of(figure)
    return span.nominal if span.is_exact else f"{span.low:.15g}–{span.high:.15g}"


def _number(value: Value) -> float | None:
    if isinstance(value, str):
        text = re.sub(r"[\s\u00a0\u202f]", "", value).replace(",", ".")
        if not re.fullmatch(r"\d{1,12}(\.\d{1,12})?", text):
            return None
        value = float(text)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 <= value <= NON_NEGATIVE_MAX else None


def take_moment(value: Value, _words: Words) -> datetime | None:
    """Returns a moment of local time to the second."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return to_second(value)
    moment = datetime(value.year, value.month, value.day) if isinstance(value, date) else _moment_of(value)  # noqa: DTZ001 - local
    if moment is None:
        raise NotTakenError("bad-moment", NOT_MOMENT, said=quote(value))
    return moment


def show_moment(moment: datetime | None, _words: Words) -> Value:
    """Returns a moment as a cell: a real date, or text where spreadsheets have no dates."""
    if moment is None:
        return None
    return to_second(moment) if moment >= FIRST_DAY else to_second(moment).isoformat(" ")


def to_second(moment: datetime) -> datetime:
    """Returns a moment to the nearest second: cells hold fractions of a day, not more."""
    if moment > datetime.max - timedelta(seconds=1):  # noqa: DTZ901 - local times of the event carry no zone
        return moment.replace(microsecond=0)
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


def _moment_of(value: Any) -> datetime | None:
    text = plain(value) if isinstance(value, str) else ""
    if found := _ISO.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif found := _DOTTED.fullmatch(text):
        year, month, day = found[3], found[2], found[1]
    else:
        return None
    hour, minute, second = (int(step or 0) for step in found.groups()[3:])
    try:
        return datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001 - local times carry no zone
    except ValueError:
        return None


def take_periods(value: Value, words: Words) -> tuple[Period, ...]:
    """Returns periods separated by semicolons."""
    text = take_text(value, words) or ""
    parts = [part.strip() for part in re.split(r"[;\n]", text)]
    return tuple(_period(part) for part in parts if part)


def _period(text: str) -> Period:
    ends = re.split(r"\s+[–—-]\s+|\s*[–—]\s*", text)
    starts_at, ends_at = _moment_of(ends[0]), _moment_of(ends[-1])
    if len(ends) != 2 or starts_at is None or ends_at is None or ends_at <= starts_at:
        raise NotTakenError("bad-period", NOT_PERIOD, said=quote(text))
    return Period(starts_at=starts_at, ends_at=ends_at)


def show_periods(periods: tuple[Period, ...], _words: Words) -> Value:
    """Returns periods as a cell."""
    return "; ".join(f"{_clock(p.starts_at)} – {_clock(p.ends_at)}" for p in periods) or None


def _clock(moment: datetime) -> str:
    return f"{to_second(moment):%d.%m.%Y %H:%M}" if moment.year >= 1000 else moment.isoformat(" ", "minutes")

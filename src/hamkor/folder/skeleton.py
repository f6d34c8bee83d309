# SPDX-License-Identifier: Apache-2.0
"""A new event folder: every file with friendly comments, ready to be filled in."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta

from hamkor.common.errors import HamkorError
from hamkor.common.figures import Figure
from hamkor.common.i18n import DEFAULT_LANGUAGE, translate
from hamkor.common.messages import N_, Message
from hamkor.common.records import Id, Text
from hamkor.events.rules import Event
from hamkor.folder.keys import LAST_KEYS, Key, list_keys
from hamkor.folder.queries import KNOWN_FILES
from hamkor.folder.rendering import as_geojson, as_yaml
from hamkor.folder.skeleton_texts import (
    CHECK_IT,
    DRAWING_NAME,
    EVENT_NAME,
    HINTS,
    HOW_TO,
    ONE_OF,
    PURPOSES,
    VALUES,
)
from hamkor.plans.rules.plan import PARTS, Part
from hamkor.venues.rules.features import Area, Feature, Opening, Venue

COMMENT_WIDTH = 100
DEFAULT_KIND = "concert_pop"
EXAMPLE_SHARE = 0.2
EXAMPLE_ID = "id-1"
_EXAMPLES: tuple[tuple[Any, Any], ...] = ((Figure, 100), (Text, "..."), (Id, EXAMPLE_ID))
_PLAIN: dict[Any, Any] = {str: "...", bool: True, date: "2027-03-01", datetime: "2027-03-21 18:00"}


def write_skeleton(
    path: Path, *, name: str | None = None, language: str = DEFAULT_LANGUAGE, kind: str | None = None
) -> list[Path]:
    """Makes an event folder in which everything optional stands behind a `#`; it can be read as it is.

    Args:
        path: The folder; made if there is none.
        name: Name of the event in the language.
        language: Language of the comments: ``uz``, ``uz-Cyrl``, ``ru`` or ``en``.
        kind: Kind of event such as ``football``.

    Returns:
        The files written, in the order of the format.

    Raises:
        HamkorError: ``folder-not-empty`` when a file of an event folder is there already, ``unknown-kind``,
            ``folder-not-made`` when the place is taken or forbidden.
    """
    kinds = [str(word) for key in list_keys(Event) if key.name == "kind" for word in key.words]
    if kind is not None and kind not in kinds:
        raise HamkorError(
            "unknown-kind",
            N_("There is no kind of event `{kind}`. Choose one of: {kinds}."),
            kind=kind,
            kinds=kinds,
        )
    texts = {"event.yaml": _event_text(name, language, kind or DEFAULT_KIND)}
    texts |= {f"{part.name}.yaml": _part_text(part, language) for part in PARTS if part.name != "event"}
    texts["venue.geojson"] = as_geojson(_drawing(language))
    return _write_new(path, texts)


def _write_new(path: Path, texts: dict[str, str]) -> list[Path]:
    try:
        path.mkdir(parents=True, exist_ok=True)
        taken = sorted({entry.name for entry in path.iterdir()} & set(KNOWN_FILES))
        if taken:
            raise HamkorError(
                "folder-not-empty",
                N_("{path} already holds {files}. Nothing was written; choose another folder."),
                path=str(path),
                files=taken,
            )
        for name, text in texts.items():
            (path / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise HamkorError(
            "folder-not-made",
            N_("{path} cannot be made: {reason}. Choose another place."),
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from None
    return [path / name for name in texts]


def _event_text(name: str | None, language: str, kind: str) -> str:
    shown = name or translate(EVENT_NAME, language)
    given: dict[str, Any] = {"id": short_name(shown), "name": {language: shown}, "kind": kind}
    given = {
        key: given.get(key, VALUES.get(f"Event.{key}")) for key in ("format", "id", "name", "kind", "extent")
    }
    lines = _head("event", language)
    for text in HOW_TO:
        lines += _prose(translate(text, language))
    lines += [*_prose(translate(CHECK_IT, language)), ""]
    for key in list_keys(Event):
        if key.name in given:
            lines += [*_hints("Event", key, language), *as_yaml({key.name: given[key.name]}).splitlines()]
    lines.append("")
    lines += _commented(Event, language, without=tuple(given))
    return "\n".join(lines) + "\n"


def _part_text(part: Part, language: str) -> str:
    lines = [*_head(part.name, language), ""]
    if part.is_list:
        lines.append(f"{part.name}:")
    body = _commented(part.body, language)
    if part.is_list:
        body = _as_item(body)
    return "\n".join(lines + body) + "\n"


def _as_item(lines: list[str]) -> list[str]:
    """Returns the lines of a group as the first item of a list; prose stays as it is."""
    keys = [index for index, line in enumerate(lines) if not is_prose(line)]
    for index in keys:
        lead = "#- " if index == keys[0] else "#  "
        lines[index] = lead + lines[index][1:]
    return lines


def is_prose(line: str) -> bool:
    """True for a comment for people; a line of YAML behind `#` begins at once or two spaces further in."""
    return bool(re.match(r"# \S", line)) or line in {"", "#"}


def _commented(struct: type[msgspec.Struct], language: str, without: tuple[str, ...] = ()) -> list[str]:
    lines: list[str] = []
    for key in list_keys(struct):
        if key.name in without or key.name in LAST_KEYS:
            continue
        lines += _hints(struct.__name__, key, language)
        lines += [f"#{line}" for line in as_yaml({key.name: _example(struct.__name__, key)}).splitlines()]
    return lines


def _head(part: str, language: str) -> list[str]:
    return _prose(f"{part}.yaml: {translate(PURPOSES[part], language)}")


def _hints(owner: str, key: Key, language: str) -> list[str]:
    hint = HINTS.get(f"{owner}.{key.name}")
    lines = _prose(translate(hint, language)) if hint else []
    if key.words:
        lines += _prose(Message(ONE_OF, {"words": list(key.words)}).render(language))
    for struct in key.structs:
        for inner in list_keys(struct):
            told = HINTS.get(f"{struct.__name__}.{inner.name}")
            if told:
                lines += _prose(f"{inner.name}: {translate(told, language)}")
    return lines


def _prose(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, COMMENT_WIDTH, break_long_words=False)]


def _example(owner: str, key: Key) -> Any:
    """Returns an example value of a key in plain values."""
    given = VALUES.get(f"{owner}.{key.name}")
    return _plain(given) if given is not None else _example_of(key.hint)


def _example_of(hint: Any) -> Any:
    for named, value in _EXAMPLES:
        if hint == named:
            return value
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _within(_example_of(arguments[0]), arguments[1:])
    if origin in {Union, UnionType}:
        return _example_of(next(arm for arm in arguments if arm is not type(None)))
    if origin is Literal:
        return arguments[0]
    if origin is tuple:
        return [_example_of(arguments[0])]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        keys = [key for key in list_keys(hint) if key.name not in LAST_KEYS]
        return {key.name: _example(hint.__name__, key) for key in keys}
    return _plain(_PLAIN.get(hint, 1))


def _within(value: Any, marks: tuple[Any, ...]) -> Any:
    metas = [mark for mark in marks if isinstance(mark, Meta)]
    if any(mark.pattern for mark in metas):
        return EXAMPLE_ID
    return EXAMPLE_SHARE if any(mark.le == 1 for mark in metas) else value


def _plain(value: Any) -> Any:
    """Returns moments and days as such, so that they are written without quotes."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", value):
        return datetime.fromisoformat(value)
    return value


def short_name(name: str) -> str:
    """Returns an id made of the letters and digits of a name."""
    words: Iterator[str] = (
        found.group() for found in re.finditer(r"[A-Za-z0-9]+", re.sub(r"[ʻʼ‘’'`]", "", name))
    )
    return "-".join(words).lower()[:60].strip("-") or "event-1"


def _drawing(language: str) -> Venue:
    hall = Area(use="hall", name={"uz": "Zal", "ru": "Зал", "en": "Hall"}, seats=None)
    gate = Opening(from_="hall", to="outside", name={"uz": "Darvoza", "ru": "Ворота", "en": "Gate"})
    return Venue(
        type="FeatureCollection",
        name=translate(DRAWING_NAME, language),
        features=(Feature(id="hall", properties=hall), Feature(id="gate", properties=gate)),
    )

# SPDX-License-Identifier: Apache-2.0
"""A strict, safe subset of YAML, read with the place of everything.

The common loader builds nested nodes by recursion in C and crashes the process on deep nesting; it also turns
`18:30` into 1110 and `no` into false. Here the parser's events are read in a loop: no aliases, no tags, no
duplicate keys, a bounded depth, and only the scalars of the JSON schema (null, true, false, numbers) plus times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import yaml

MAX_DEPTH = 24
Path = tuple[str | int, ...]

_WHOLE = re.compile(r"[-+]?\d+(?:_\d+)*\Z", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\Z", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{6})?)?\Z", re.ASCII)
_WORDS: dict[str, Any] = {"": None, "null": None, "~": None, "true": True, "false": False}
_WORDS |= {word.capitalize(): value for word, value in _WORDS.items()}
_MAY_BE_MORE = frozenset("0123456789+-.~nNtTfFiI")
_NOT_FINITE = {".inf", "-.inf", "+.inf", ".nan", "nan", "inf", "-inf", "infinity"}


class YamlFaultError(Exception):
    """A text that cannot be read: a code, a line (from 1) and the words at fault."""

    def __init__(self, code: str, line: int, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.detail = detail


class _Open(msgspec.Struct):
    """A mapping or sequence being built."""

    value: Any
    path: Path
    key: str | None = None

    def step(self) -> str | int:
        """Returns the next step of the path: the key, or the index."""
        return len(self.value) if isinstance(self.value, list) else str(self.key)


def read(text: str) -> Any:
    """Returns the value a text stands for: dicts, lists, strings, numbers, booleans, datetimes, None.

    Raises:
        YamlFaultError: With the line of the first fault.
    """
    root: list[Any] = []
    stack = [_Open(root, ())]
    for event in _events(text):
        _take(event, stack)
    return root[0] if root else None


def as_moment(text: str) -> datetime | None:
    """Returns the moment a text such as ``2027-03-21 18:00`` stands for, or None when it stands for none."""
    try:
        return datetime.fromisoformat(text) if _MOMENT.match(text) else None
    except ValueError:
        return None


def is_only_text(text: str) -> bool:
    """True when a plain scalar of these characters is read as itself: no number, moment, word or nothing."""
    return not (text in _WORDS or text.lower() in _NOT_FINITE or _NUMBER.match(text) or _MOMENT.match(text))


def locate(text: str, path: Path) -> int | None:
    """Returns the line (from 1) where the value at the path begins, or of its nearest parent that exists."""
    return line_of(find_lines(text), path)


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """Returns the line of the value at the path, or of its nearest parent that exists."""
    wanted: Path = (0, *path)
    while wanted and wanted not in lines:
        wanted = wanted[:-1]
    return lines.get(wanted)


def find_lines(text: str) -> dict[Path, int]:
    """Returns the line (from 1) of every value, by its path below the document, which is 0."""
    lines: dict[Path, int] = {}
    stack = [_Open([], ())]
    try:
        for event in _events(text):
            _note_line(event, stack, lines)
            _take(event, stack)
    except YamlFaultError:
        pass  # what was read before the fault still has its lines
    return lines


def _note_line(event: yaml.Event, stack: list[_Open], lines: dict[Path, int]) -> None:
    top = stack[-1]
    is_key = isinstance(top.value, dict) and top.key is None
    if is_key and isinstance(event, yaml.ScalarEvent):
        lines[(*top.path, event.value)] = _line(event)
    elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and not is_key:
        lines.setdefault((*top.path, top.step()), _line(event))


def _events(text: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlFaultError("yaml-broken", mark.line + 1 if mark else 1, error.problem or "") from None
    except yaml.YAMLError as error:
        raise YamlFaultError("yaml-broken", 1, str(error).splitlines()[0]) from None


def _line(event: yaml.Event) -> int:
    """Returns the line an event begins on, from 1."""
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _take(event: yaml.Event, stack: list[_Open]) -> None:
    top = stack[-1]
    if isinstance(event, yaml.ScalarEvent):
        if isinstance(top.value, dict) and top.key is None:
            _take_key(event, top)
        else:
            _put(top, _scalar(event))
    elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
        _open(event, stack)
    elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
        stack.pop()
    elif isinstance(event, yaml.AliasEvent):
        raise YamlFaultError("yaml-alias", _line(event))
    elif isinstance(event, yaml.DocumentStartEvent) and top.value:
        raise YamlFaultError("yaml-several-documents", _line(event))


def _open(event: yaml.CollectionStartEvent, stack: list[_Open]) -> None:
    top = stack[-1]
    line = _line(event)
    if len(stack) > MAX_DEPTH:
        raise YamlFaultError("yaml-too-deep", line, str(MAX_DEPTH))
    if event.anchor or event.tag:
        raise YamlFaultError("yaml-alias", line)
    if isinstance(top.value, dict) and top.key is None:
        raise YamlFaultError("yaml-key", line)
    value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
    path = (*top.path, top.step())
    _put(top, value)
    stack.append(_Open(value, path))


def _take_key(event: yaml.ScalarEvent, top: _Open) -> None:
    if event.value in top.value:
        raise YamlFaultError("yaml-duplicate-key", _line(event), event.value)
    top.key = event.value


def _put(top: _Open, value: Any) -> None:
    if isinstance(top.value, list):
        top.value.append(value)
    else:
        top.value[top.key] = value
        top.key = None


def _scalar(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    if event.anchor or event.tag:
        raise YamlFaultError("yaml-alias", _line(event))
    if not event.implicit[0] or (text and text[0] not in _MAY_BE_MORE):
        return text  # quoted, or plainly words
    line = _line(event)
    if _MOMENT.match(text):
        return _moment(text, line)
    if text in _WORDS:
        return _WORDS[text]
    if text.lower() in _NOT_FINITE:
        raise YamlFaultError("yaml-not-finite", line, text)
    if _NUMBER.match(text):
        return _number(text, line)
    return text


def _number(text: str, line: int) -> int | float:
    if len(text) > 40:
        raise YamlFaultError("yaml-not-finite", line, text[:40])
    if _WHOLE.match(text):
        return int(text)
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise YamlFaultError("yaml-not-finite", line, text)
    return number


def _moment(text: str, line: int) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise YamlFaultError("yaml-moment", line, text) from None

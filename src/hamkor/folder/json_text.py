# SPDX-License-Identifier: Apache-2.0
"""JSON read strictly, and the line of any value in it without reading the whole text again for each."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import msgspec

Path = tuple[str | int, ...]
_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class JsonFaultError(Exception):
    """A text that is not JSON: a code, a line (from 1, None when unknown) and the words at fault."""

    def __init__(self, code: str, line: int | None, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.detail = detail


def read(text: str) -> Any:
    """Returns the value of a JSON text.

    Raises:
        JsonFaultError: ``json-broken``, ``json-too-deep``, ``json-not-finite`` or ``json-duplicate-key``.
    """
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
        if _SURROGATE.search(text):
            msgspec.json.decode(text)  # refuses half characters, which the standard library lets through
    except json.JSONDecodeError as error:
        raise JsonFaultError("json-broken", error.lineno, error.msg) from None
    except RecursionError:
        raise JsonFaultError("json-too-deep", None) from None
    except msgspec.DecodeError:
        raise JsonFaultError("json-broken", None, "half of a character pair") from None
    except ValueError:  # more digits than Python turns into a number
        raise JsonFaultError("json-not-finite", None, "a number of thousands of digits") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        raise JsonFaultError("json-duplicate-key", None, next(key for key in keys if keys.count(key) > 1))
    return value


def _refuse_constant(word: str) -> NoReturn:
    raise JsonFaultError("json-not-finite", None, word)


class Lines:
    """The lines of the values in a JSON text that :func:`read` accepts.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._decoder = json.JSONDecoder()
        self._children: dict[Path, dict[str | int, int]] = {}

    def line_of(self, path: Path) -> int:
        """Returns the line (from 1) of the value at the path, or of its nearest parent that exists."""
        offset = self._skip(0)
        for depth, step in enumerate(path):
            children = self._children_at(path[:depth], offset)
            if step not in children:
                break
            offset = children[step]
        return self._text.count("\n", 0, offset) + 1

    def _children_at(self, path: Path, offset: int) -> dict[str | int, int]:
        if path not in self._children:
            self._children[path] = self._scan(offset)
        return self._children[path]

    def _scan(self, offset: int) -> dict[str | int, int]:
        """Returns where each member of the object or array at the offset begins."""
        opening = self._text[offset]
        members: dict[str | int, int] = {}
        if opening not in "{[":
            return members
        offset = self._skip(offset + 1)
        while self._text[offset] not in "}]":
            step: str | int = len(members)
            if opening == "{":
                step, offset = self._decoder.raw_decode(self._text, offset)
                offset = self._skip(self._skip(offset) + 1)
            members[step] = offset
            _, offset = self._decoder.raw_decode(self._text, offset)
            offset = self._skip(offset)
            if self._text[offset] == ",":
                offset = self._skip(offset + 1)
        return members

    def _skip(self, offset: int) -> int:
        found = _SPACE.match(self._text, offset)
        return found.end() if found else offset

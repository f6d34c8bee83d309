# SPDX-License-Identifier: Apache-2.0
"""What was made from one entry of a journal is the same for ever: it is kept for everybody who looks at that entry."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

KEPT_MAX = 512

T = TypeVar("T")

_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


def keep(key: Hashable, make: Callable[[], T]) -> T:
    """Returns what was made for a key before, or makes it now.

    Args:
        key: Everything the result depends on: what it is, event, number of the entry, language, rights.
        make: Makes it; two threads that ask at the same moment may both do so.

    Notes:
        The result must never be changed by who gets it. Those least asked for lately are dropped above a limit.
    """
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return cast("T", _kept[key])
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    return made


def forget_all_but(what: str = "") -> None:
    """Drops everything whose key does not begin with a word."""
    with _lock:
        for key in [key for key in _kept if not (isinstance(key, tuple) and key[0] == what)]:
            del _kept[key]

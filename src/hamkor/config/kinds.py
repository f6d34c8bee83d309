# SPDX-License-Identifier: Apache-2.0
"""Every process that reads journals knows every kind of fact, whichever rooms its own code needs."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

import hamkor


def declare_all_kinds() -> None:
    """Imports the facts of all rooms, which declares them."""
    for room in iter_modules(hamkor.__path__, "hamkor."):
        if room.ispkg and find_spec(f"{room.name}.facts") is not None:
            import_module(f"{room.name}.facts")

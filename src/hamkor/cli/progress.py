# SPDX-License-Identifier: Apache-2.0
"""Showing that something takes a while."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from hamkor.cli.language import say


@contextmanager
def working(text: str, language: str) -> Iterator[None]:
    """Shows a moving sign with the text while the block runs, on a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(say(text, language)):
        yield

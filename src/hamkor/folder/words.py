# SPDX-License-Identifier: Apache-2.0
"""What the words of choices mean, for descriptions of the format."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

WORDS_FILE = Path(__file__).with_name("words.yaml")


def explain_words(words: Iterable[object]) -> dict[str, str]:
    """Returns the meaning of each word of a choice, empty when the set of words is not described."""
    listed = [str(word) for word in words]
    meanings = _by_words().get(frozenset(listed), {})
    return {word: meanings[word] for word in listed if word in meanings}


def list_described() -> tuple[frozenset[str], ...]:
    """Returns every set of words that is described."""
    return tuple(_by_words())


@cache
def _by_words() -> dict[frozenset[str], dict[str, str]]:
    content = yaml.load(WORDS_FILE.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - texts only
    return {frozenset(meanings): meanings for meanings in content.values()}

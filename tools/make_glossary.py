# SPDX-License-Identifier: Apache-2.0
"""Writes docs/glossary.md from the words kept in hamkor/common.

Usage: python tools/make_glossary.py [--check]
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
COMMON_DIR = ROOT / "src" / "hamkor" / "common"
TARGET = ROOT / "docs" / "glossary.md"
TITLES = {
    "agency": "Agencies and services",
    "role": "Roles",
    "plan": "The event and its plan",
    "place": "Places and devices",
    "incident": "Incidents",
    "status": "States of plans and tasks",
    "risk": "Risk and measures of a crowd",
    "openness": "Openness and accountability",
}
LANGUAGES = {"uz_latn": "Uzbek (Latin)", "uz_cyrl": "Uzbek (Cyrillic)", "ru": "Russian", "en": "English"}
NOT_SEEN_MARK = " °"
_OPENING = """# Glossary

<!-- Written by tools/make_glossary.py; edit src/hamkor/common/words.yaml and glossary.yaml instead. -->

## Words of the code

One word, one meaning: in type names, file names, texts and talk.

"""
_BEFORE_TERMS = """
## Words of the field

°: a term of our own making, not yet met in an official text; a reviewer may replace it.
"""


def glossary_text() -> str:
    """Returns the whole page as Markdown."""
    words = _read("words.yaml")
    terms = sorted(_read("glossary.yaml"), key=lambda term: list(TITLES).index(term["group"]))
    parts = [_OPENING, _table(("word", "meaning", "for example"), [list(word.values()) for word in words])]
    parts.append(_BEFORE_TERMS)
    for group, members in groupby(terms, key=lambda term: term["group"]):
        parts.append(f"\n### {TITLES[group]}\n\n")
        parts.append(_table(tuple(LANGUAGES.values()), [_row(term) for term in members]))
    return "".join(parts)


def main(arguments: list[str]) -> int:
    """Writes the page, or with `--check` only says whether it is stale; returns the exit code."""
    text = glossary_text()
    if "--check" in arguments:
        is_stale = not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text
        if is_stale:
            print("stale: docs/glossary.md", file=sys.stderr)
        return int(is_stale)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


def _read(name: str) -> list[dict[str, str]]:
    content: list[dict[str, str]] = yaml.safe_load((COMMON_DIR / name).read_text(encoding="utf-8"))
    return content


def _row(term: dict[str, str]) -> list[str]:
    cells = [term[language] for language in LANGUAGES]
    if not term["seen_in_sources"]:
        cells[0] += NOT_SEEN_MARK
    return cells


def _table(heads: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

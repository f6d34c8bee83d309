# SPDX-License-Identifier: Apache-2.0
"""Decision records: short, numbered without gaps, named by a sentence, listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions"
RECORDS = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
MOST_LINES = 60
LEAST_WORDS = 4
PARTS = ("## Forces", "## Decision", "## Consequences", "## Measurement", "## What would change our mind")


def test_numbers_have_no_gaps() -> None:
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_a_record_is_one_page_and_its_name_is_its_title_is_a_sentence(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    number, _, slug = path.stem.partition("-")
    title = lines[0].removeprefix(f"# {number} ")
    assert title != lines[0], "the first line is `# NNNN Title`"
    assert slug == "-".join(re.findall(r"[a-z0-9]+", title.lower()))
    assert len(slug.split("-")) >= LEAST_WORDS
    assert [line for line in lines if line.startswith("## ")] == list(PARTS)


def test_the_list_names_every_record_and_nothing_else() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"\[(?P<title>[^\]]+)\]\((?P<file>[^)]+\.md)\)", index))
    titles = {
        path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# "): path.name for path in RECORDS
    }
    assert listed == titles

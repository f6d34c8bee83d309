# SPDX-License-Identifier: Apache-2.0
"""The administrator's guide tells every setting and command of the server, and nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from hamkor.config import environment
from hamkor.config.environment import Environment

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "administrator.md").read_text(encoding="utf-8")
SOURCE = Path(environment.__file__).read_text(encoding="utf-8")
NAME = re.compile(r"\b(?:HAMKOR|DATABASE)_[A-Z_]+\b")
OF_THE_COMMAND_LINE = {"HAMKOR_LANG", "HAMKOR_DEBUG"}


def told() -> set[str]:
    """Returns the variables with a row of their own in the guide."""
    return set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE))


def test_every_setting_has_a_row_in_the_guide() -> None:
    assert told() == set(NAME.findall(SOURCE))


def test_every_field_names_its_variable() -> None:
    text = Environment.__doc__ or ""
    for field in msgspec.structs.fields(Environment):
        assert re.search(rf"^\s+{field.name}: ``[A-Z_]+``: ", text, re.MULTILINE), field.name


def test_the_guide_names_no_setting_that_does_not_exist() -> None:
    assert set(NAME.findall(GUIDE)) - OF_THE_COMMAND_LINE == told()

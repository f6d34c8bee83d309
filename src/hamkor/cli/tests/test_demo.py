# SPDX-License-Identifier: Apache-2.0
"""A first look: the examples are checked, their papers written, and red examples are no failure."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from hamkor.cli import demo
from hamkor.cli.app import app
from hamkor.common.errors import HamkorError

EXAMPLES = Path(__file__).parents[4] / "examples"


def test_a_red_example_is_told_in_short_with_its_papers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = EXAMPLES / "cases" / "loveparade-2010"
    shutil.copytree(case, tmp_path / "examples" / "cases" / case.name)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        app, ["demo", "--papers", "--lang", "en", "-o", "papers"], standalone_mode=False
    )
    assert done.exception is None
    assert done.return_value == 0
    assert "NECK-001" in done.output
    assert "more" in done.output
    written = {path.name for path in (tmp_path / "papers" / case.name).iterdir()}
    assert written == {"findings.html", "map.svg"}


def test_examples_are_found_from_below_and_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES / "cases")
    assert demo._find_examples() == EXAMPLES
    monkeypatch.chdir(tmp_path)
    assert demo._find_examples() == EXAMPLES


def test_without_examples_the_demo_says_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo, "__file__", str(tmp_path / "a" / "b" / "c" / "demo.py"))
    with pytest.raises(HamkorError) as refused:
        demo._find_examples()
    assert refused.value.code == "examples-missing"


def test_the_main_example_comes_first() -> None:
    folders = demo._example_folders(EXAMPLES)
    assert folders[0].name == demo.MAIN_EXAMPLE
    assert len(folders) > 1

# SPDX-License-Identifier: Apache-2.0
"""Files and functions stay small; what is too large today may only shrink."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RATCHET = tomllib.loads((Path(__file__).parent / "ratchet.toml").read_text(encoding="utf-8"))
_specification = importlib.util.spec_from_file_location("measure_code", ROOT / "tools" / "measure_code.py")
assert _specification is not None
assert _specification.loader is not None
tool = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(tool)


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    return tool.measure()


@pytest.mark.parametrize("name", RATCHET)
def test_a_size_keeps_its_target_or_at_least_does_not_grow(name: str, figures: dict[str, float]) -> None:
    limit = RATCHET[name].get("today", RATCHET[name]["target"])
    assert figures[name] <= limit, f"{name}: {figures[name]:g}\n" + "\n".join(tool.largest())


def test_what_has_shrunk_is_written_down(figures: dict[str, float]) -> None:
    for name, entry in RATCHET.items():
        if "today" in entry:
            message = (
                f"{name} is {figures[name]:g}: lower `today` in ratchet.toml, or take it out at the target"
            )
            assert figures[name] == entry["today"] > entry["target"], message


def test_every_figure_has_a_target(figures: dict[str, float]) -> None:
    assert set(figures) == set(RATCHET)


def test_percentiles_and_positional_arguments_are_counted_as_people_do(tmp_path: Path) -> None:
    assert tool.percentile([*range(1, 11)], 90) == 9
    assert tool.percentile([7], 90) == 7
    code = tmp_path / "code.py"
    code.write_text("class A:\n    def f(self, a, b, *, c):\n        pass\n", encoding="utf-8")
    ((name, function),) = tool.functions_in(code)
    assert name == "A.f"
    assert tool._positional_count(function) == 2

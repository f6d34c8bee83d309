# SPDX-License-Identifier: Apache-2.0
"""`hamkor venue`: a drawing becomes `venue.geojson`, with what is unknown told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hamkor.cli.app import app
from hamkor.common.errors import HamkorError

ROOM = Path(__file__).parents[2]
HALL = ROOM / "venues" / "tests" / "samples" / "hall.dxf"


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [*map(str, arguments), "--lang", "en"], standalone_mode=False)


def test_a_drawing_is_imported_once_and_can_be_measured(tmp_path: Path) -> None:
    output = tmp_path / "event" / "venue.geojson"
    done = run("venue", "import", HALL, "-o", output, "--origin", "69.28,41.31", "--level", "1")
    assert done.exception is None
    assert "2 areas, 2 openings" in done.output
    assert "width is unknown of 1 openings" in done.output
    features = json.loads(output.read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["level"] for feature in features} == {1}
    measured = run("venue", "measure", output)
    assert measured.exception is None
    assert "Katta zal" in measured.output
    again = run("venue", "import", HALL, "-o", output)
    assert isinstance(again.exception, HamkorError)
    assert again.exception.code == "output-exists"


def test_layers_and_ties_are_taken_from_the_command_line(tmp_path: Path) -> None:
    layers = tmp_path / "layers.yaml"
    layers.write_text("layers:\n  ZAL: area:dance_floor\n  PANJARA: ignore\n", encoding="utf-8")
    output = tmp_path / "venue.geojson"
    ties = ["--tie", "0,0=69.28,41.31", "--tie", "50,0=69.2805975,41.31"]
    assert run("venue", "import", HALL, "-o", output, "--layers", layers, *ties).exception is None
    features = json.loads(output.read_text(encoding="utf-8"))["features"]
    assert [feature["properties"].get("use") for feature in features][:1] == ["dance_floor"]
    assert "structure" not in {feature["properties"]["kind"] for feature in features}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--origin", "here"], "bad-origin"),
        (["--origin", "nan,1"], "bad-origin"),
        (["--tie", "0,0=1,1"], "bad-tie"),
        (["--level", "1e9"], "bad-level"),
        (["--layers", str(HALL)], "layers-unusable"),
    ],
)
def test_wrong_arguments_are_told_with_how_to_mend_them(
    tmp_path: Path, arguments: list[str], code: str
) -> None:
    refused = run("venue", "import", HALL, "-o", tmp_path / "v.geojson", *arguments).exception
    assert isinstance(refused, HamkorError)
    assert refused.code == code
    assert not (tmp_path / "v.geojson").exists()

# SPDX-License-Identifier: Apache-2.0
"""`hamkor simulate`: what people see, which files they get, what is refused before anything is computed."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hamkor.cli.app import app
from hamkor.cli.edge import STATUS_OK, STATUS_RED
from hamkor.common.errors import HamkorError

EXAMPLES = Path(__file__).parents[4] / "examples"
NAVRUZ = EXAMPLES / "navruz-2027"
FILES = {
    "result.json",
    "arrived.csv",
    "places.csv",
    "links.csv",
    "clearance.png",
    "queues.png",
    "occupancy.png",
    "density.png",
    "replay.html",
}


def run(*arguments: str | Path, language: str = "en") -> Any:
    return CliRunner().invoke(
        app, ["simulate", *map(str, arguments), "--lang", language], standalone_mode=False
    )


def test_a_shut_gate_stands_beside_the_plan_as_it_is(tmp_path: Path) -> None:
    done = run(NAVRUZ, "--evacuate", "--close", "gate:3", "--runs", "3", "-o", tmp_path)
    assert done.exception is None
    assert done.return_value == STATUS_OK
    assert "as planned" in done.output
    assert "close gate:3" in done.output
    assert "never clear it" in " ".join(done.output.split())
    assert "competent" in done.output
    assert {file.name for file in tmp_path.iterdir()} == FILES | {"comparison.png"}
    scenarios = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))["scenarios"]
    planned, shut = (scenario["clearance_s"]["1.0"]["middle"] for scenario in scenarios)
    assert shut > planned
    assert scenarios[1]["scenario"]["changes"] == [{"link": "gate-03", "at_s": 0.0, "factor": 0.0}]
    with (tmp_path / "links.csv").open(encoding="utf-8") as file:
        passed = {row["id"]: float(row["passed"]) for row in csv.DictReader(file)}
    assert passed.get("gate-03", 0.0) == 0
    assert passed["gate-02"] > 0


def test_every_change_may_be_a_case_of_its_own() -> None:
    done = run(
        NAVRUZ,
        "--evacuate",
        "--runs",
        "1",
        "--compare",
        "--close",
        "gate:3",
        "--narrow",
        "gate:2=0.5@+1min",
        "--scenario",
        "Both: close gate:3, narrow gate:2=0.5",
    )
    assert done.exception is None
    for name in ("as planned", "close gate:3", "narrow", "Both"):
        assert name in done.output


def test_a_plan_that_fails_says_why_and_leaves_with_one() -> None:
    done = run(EXAMPLES / "cases" / "loveparade-2010", "--ingress", "--runs", "1")
    assert done.exception is None
    assert done.return_value == STATUS_RED
    assert "The plan fails" in done.output
    assert "had not arrived" in done.output
    assert "Nobody knows how large" in done.stderr


def test_the_words_are_those_of_the_language() -> None:
    done = run(NAVRUZ, "--egress", "--runs", "1", "--people", "5000", language="ru")
    assert done.exception is None
    assert "Навруз" in done.output
    assert "5\u00a0000" in done.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "no-direction"),
        (["--egress", "--close", "gate:33"], "unknown-connection"),
        (["--egress", "--close", "gate:3@19:40"], "moment-outside"),
        (["--egress", "--narrow", "gate:3=7"], "bad-factor"),
        (["--egress", "--scenario", "shut it all"], "bad-scenario"),
        (["--egress", "--runs", "0"], "bad-runs"),
        (["--egress", "--runs", "1000000000"], "bad-runs"),
        (["--egress", "--people", "10000000"], "too-many-people"),
        (["--egress", "--profile", "nobody"], "unknown-profile"),
        (["--ingress", "--close", "gate:3"], "connection-not-used"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_code(arguments: list[str], code: str) -> None:
    refused = run(NAVRUZ, *arguments).exception
    assert isinstance(refused, HamkorError)
    assert refused.code == code


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_computed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = run(NAVRUZ, "--egress", "-o", tmp_path / "file" / "out").exception
    assert isinstance(refused, OSError)


def test_a_drawing_with_a_fatal_fault_is_refused_with_its_fault() -> None:
    refused = run(EXAMPLES / "cases" / "hillsborough-1989-leppings-lane", "--egress").exception
    assert isinstance(refused, HamkorError)
    assert refused.code == "drawing-unusable"
    assert [fault.code for fault in getattr(refused, "faults", ())] == ["no-exit"]

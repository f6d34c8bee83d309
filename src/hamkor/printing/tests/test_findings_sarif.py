# SPDX-License-Identifier: Apache-2.0
"""The structural must-haves of SARIF 2.1.0 (OASIS standard, 2020), section by section."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hamkor.checks.queries import Report, list_checked_rules
from hamkor.checks.rules.findings import Subject
from hamkor.common.i18n import LANGUAGES
from hamkor.plans.rules.plan import PARTS
from hamkor.printing.findings_sarif import file_of, report_as_sarif
from hamkor.printing.tests.plans import bare_plan, finding, rich_report


def _run(language: str = "en", **options: Any) -> dict[str, Any]:
    log = report_as_sarif(rich_report(), language, **options)
    json.dumps(log, allow_nan=False)
    assert log["version"] == "2.1.0"  # 3.13.2
    assert log["$schema"].startswith("https://")
    assert len(log["runs"]) == 1  # 3.13.4
    run: dict[str, Any] = log["runs"][0]
    return run


@pytest.mark.parametrize("language", LANGUAGES)
def test_driver_and_rules(language: str) -> None:
    run = _run(language)
    driver = run["tool"]["driver"]  # 3.18.2
    assert driver["name"]  # 3.19.8
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))  # 3.19.23
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]  # 3.49.9
        assert rule["help"]["text"]  # 3.49.13


def test_results() -> None:
    run = _run()
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    levels = []
    for result in run["results"]:  # 3.27
        assert result["message"]["text"]  # 3.27.11
        assert ids[result["ruleIndex"]] == result["ruleId"]  # 3.27.5, 3.27.6
        assert result["kind"] == "fail"  # 3.27.9
        levels.append(result["level"])  # 3.27.10
        (location,) = result["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert "://" not in artifact["uri"]
        assert artifact["uriBaseId"] in run["originalUriBaseIds"]  # 3.4.4
        assert location["logicalLocations"][0]["fullyQualifiedName"]  # 3.33.5
    assert levels == ["error", "error", "warning", "warning", "note"]


def test_places_are_files_of_the_folder() -> None:
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in _run()["results"]
    ]
    assert uris == ["venue.geojson", "duties.yaml", "venue.geojson", "venue.geojson", "sanitation.yaml"]


@pytest.mark.parametrize("part", [part for part in PARTS if part.is_list], ids=lambda part: part.name)
def test_items_of_every_part_are_found_in_its_file(part: Any) -> None:
    assert file_of(Subject(part.document, "x")) == f"{part.name}.yaml"
    assert file_of(Subject("part", part.name)) == f"{part.name}.yaml"


def test_lines_are_given_when_the_folder_is_there(tmp_path: Path) -> None:
    (tmp_path / "duties.yaml").write_text("duties:\n- id: evac\n- id: transport # late\n", "utf-8")
    (tmp_path / "sanitation.yaml").write_text("toilets_women: 3\n", "utf-8")
    results = _run(folder=tmp_path)["results"]
    regions = [result["locations"][0]["physicalLocation"].get("region") for result in results]
    assert regions == [None, {"startLine": 3}, None, None, {"startLine": 1}]


def test_every_registered_rule_has_help() -> None:
    found = tuple(finding(rule.id, "info", Subject("event", "e")) for rule in list_checked_rules())
    log = report_as_sarif(Report(bare_plan(), "green-guide-2018", found), "en")
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert len(rules) == len(found)
    assert all(rule["fullDescription"]["text"] and rule["help"]["markdown"] for rule in rules)

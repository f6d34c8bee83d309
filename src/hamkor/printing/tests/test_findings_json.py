# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import math

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.checks.queries import Report
from hamkor.checks.rules.findings import Subject
from hamkor.common.figures import Range
from hamkor.common.i18n import LANGUAGES
from hamkor.printing.findings_json import findings_schema, report_as_json
from hamkor.printing.tests.plans import bare_plan, finding, hostile_plan, rich_report


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_fits_its_schema_in_every_language(language: str) -> None:
    jsonschema.Draft202012Validator.check_schema(findings_schema())
    jsonschema.validate(report_as_json(rich_report(), language), findings_schema())


def test_report_of_nothing_fits_too() -> None:
    document = report_as_json(Report(bare_plan(), "green-guide-2018", ()), "en")
    jsonschema.validate(document, findings_schema())
    assert document["findings"] == []
    assert document["summary"]["total"] == 0
    assert document["summary"]["families"] == {}


def test_numbers_limits_sources_and_counts_are_there() -> None:
    document = report_as_json(rich_report(), "en")
    first, duty, crowd, stuck, _ = document["findings"]
    assert (first["measured"], first["limit"], first["ratio"]) == (20400, 19200, 1.0625)
    assert first["measured_range"] is None
    assert duty["source"].startswith("Cabinet of Ministers resolution 205")
    assert duty["source_ids"] == ["uz-cm-205-2014-p2-coord"]
    assert crowd["measured_range"] == [2600, 3400]
    assert stuck["measured"] is None
    assert "∞" in stuck["measured_text"]
    summary = document["summary"]
    assert (summary["red"], summary["amber"], summary["info"], summary["total"]) == (2, 2, 1, 5)
    assert summary["families"]["ENT"] == {"red": 1, "amber": 0, "info": 0}
    assert summary["event"] == {"id": "navruz-2027", "name": "Navruz 2027 concert"}


def test_a_finding_without_source_says_so() -> None:
    lonely = finding("CAP-001", "info", Subject("area", "a"), sources=())
    row = report_as_json(Report(bare_plan(), "green-guide-2018", (lonely,)), "en")["findings"][0]
    assert row["source"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(min_value=0, allow_nan=False), min_size=3, max_size=3).map(sorted))
def test_infinity_never_reaches_json(bounds: list[float]) -> None:
    value = Range(*bounds)
    found = finding("EGR-001", "amber", Subject("area", "a"), measured=value, limit=value, ratio=value)
    document = report_as_json(Report(bare_plan(), "green-guide-2018", (found,)), "en")
    json.dumps(document, allow_nan=False)
    row = document["findings"][0]
    assert (row["measured"] is None) == math.isinf(bounds[1])


def test_hostile_names_stay_text() -> None:
    text = json.dumps(report_as_json(rich_report(hostile_plan()), "en"))
    assert "\\u001b" not in text
    assert "\\u202e" not in text

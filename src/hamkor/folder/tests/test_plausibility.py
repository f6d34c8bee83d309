# SPDX-License-Identifier: Apache-2.0
"""Numbers and names nobody can have meant are named with their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hamkor.folder.queries import read_folder
from hamkor.folder.rules import Fault, FolderUnusableError

EVENT = "format: hamkor-event-1\nid: e\nname: E\nkind: fair\n"


def faults(folder: Path, features: dict[str, dict[str, Any]] | None = None, event: str = "") -> list[Fault]:
    (folder / "event.yaml").write_text(EVENT + event, encoding="utf-8")
    if features is not None:
        listed = [
            {"type": "Feature", "id": key, "geometry": None, "properties": properties}
            for key, properties in features.items()
        ]
        drawing = {"type": "FeatureCollection", "features": listed}
        (folder / "venue.geojson").write_text(json.dumps(drawing), encoding="utf-8")
    try:
        read_folder(folder)
    except FolderUnusableError as error:
        return error.faults
    return []


HALL = {"kind": "area", "use": "hall"}
GATE = {"kind": "opening", "from": "hall", "to": "outside"}


@pytest.mark.parametrize(
    "width", [1200, {"low": 2, "high": 900}, {"estimates": [{"value": 3}, {"value": 3000}]}]
)
def test_millimetres_are_not_metres(tmp_path: Path, width: Any) -> None:
    (fault,) = faults(tmp_path, {"hall": HALL, "gate": GATE | {"clear_width_m": width}})
    assert (fault.code, fault.place) == ("beyond-belief", "features[1].properties.clear_width_m")
    assert fault.line is not None


def test_rates_and_sections_are_believable_too(tmp_path: Path) -> None:
    bank = {"kind": "turnstiles", "from": "outside", "to": "hall", "lanes": 3, "rate_per_h": 100000}
    route = {"kind": "route", "purpose": "approach", "sections": [{"id": "s", "clear_width_m": 4000}]}
    found = faults(tmp_path, {"hall": HALL, "bank": bank, "route": route})
    assert [fault.code for fault in found] == ["beyond-belief", "beyond-belief"]


def test_a_part_has_a_whole(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, {"pen": HALL | {"part_of": "terace"}, "terrace": HALL})
    assert fault.code == "unknown-area"
    assert "terrace" in fault.message.in_english()


@pytest.mark.parametrize("whole", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "a"}])
def test_no_area_is_part_of_itself(tmp_path: Path, whole: dict[str, str]) -> None:
    found = faults(tmp_path, {key: HALL | {"part_of": value} for key, value in whole.items()})
    assert {fault.code for fault in found} == {"part-of-itself"}


def test_zones_exist(tmp_path: Path) -> None:
    assert faults(tmp_path, event="time_zone: Asia/Samarkand\n") == []
    (fault,) = faults(tmp_path, event="time_zone: Asia/Tashkend\n")
    assert (fault.code, fault.file, fault.line) == ("unknown-zone", "event.yaml", 5)
    assert "Asia/Tashkent" in fault.message.in_english()

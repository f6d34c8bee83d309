# SPDX-License-Identifier: Apache-2.0
"""Small folders for tests, and what is asked of every refusal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hamkor.common.i18n import LANGUAGES
from hamkor.folder.queries import read_folder
from hamkor.folder.rules import MAX_FAULTS_SHOWN, Fault, FolderUnusableError

EVENT = "format: hamkor-event-1\nid: navruz\nname: {uz: Navroʻz, en: Navruz}\nkind: concert_pop\n"
UZBEK = EVENT + "place: {name: Stadion, country: UZ}\n"


def area(feature_id: str, rings: Any = None, **properties: Any) -> dict[str, Any]:
    geometry = None if rings is None else {"type": "Polygon", "coordinates": rings}
    body = {"kind": "area", "use": "hall", **properties}
    return {"type": "Feature", "id": feature_id, "geometry": geometry, "properties": body}


def venue(*features: Any, **top: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **top}, indent=1)


def square(west: float, south: float, size_deg: float = 0.001) -> list[list[list[float]]]:
    east, north = west + size_deg, south + size_deg
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def faults_of(folder: Path, **files: str | bytes) -> list[Fault]:
    """Returns the faults of a folder with these files; a name's double underscore is its dot."""
    files.setdefault("event__yaml", EVENT)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name.replace("__", ".")).write_bytes(data)
    return refused(folder)


def refused(folder: Path) -> list[Fault]:
    with pytest.raises(FolderUnusableError) as raised:
        read_folder(folder)
    faults = raised.value.faults
    assert 0 < len(faults) <= MAX_FAULTS_SHOWN
    for fault in faults:
        assert fault.code, fault
        assert fault.file, fault
        assert fault.line is None or fault.line >= 1
        for language in LANGUAGES:
            text = fault.message.render(language)
            assert 5 < len(text) < 1500, text
            assert not text.startswith("{"), text
    return faults


def only(faults: list[Fault], code: str, file: str) -> Fault:
    assert [(fault.code, fault.file) for fault in faults] == [(code, file)], faults
    return faults[0]

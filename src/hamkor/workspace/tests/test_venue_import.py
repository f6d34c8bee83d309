# SPDX-License-Identifier: Apache-2.0
"""Drawings of other programs: looked at first, then taken over whole or not at all."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hamkor.common.ids import new_id
from hamkor.venues.rules.features import Venue
from hamkor.workspace.drawing_import import compare
from hamkor.workspace.stores import journals
from hamkor.workspace.venue_map import venue_of

SAMPLES = Path(__file__).parents[2] / "venues" / "tests" / "samples"


def ids(stream: Any) -> set[str]:
    return {feature.id for feature in venue_of(journals().get_documents(str(stream))).features}


def send(client: Any, stream: Any, content: bytes, *, name: str = "hall.geojson", **told: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(
        f"/events/{stream}/venue/import", {"file": file, **told}, headers={"accept-language": "en"}
    )


def confirm(client: Any, stream: Any, page: str, **told: Any) -> Any:
    hidden = dict(re.findall(r'<input type="hidden" name="(command_id|ticket|seen)" value="([^"]+)"', page))
    return client.post(f"/events/{stream}/venue/import/confirm", {**hidden, **told})


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def area(id_: str, east_deg: float = 0.0, **properties: Any) -> dict[str, Any]:
    west = 69.40 + east_deg
    ring = [[west, 41.30], [west + 0.001, 41.30], [west + 0.001, 41.301], [west, 41.30]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {
        "type": "Feature",
        "id": id_,
        "geometry": geometry,
        "properties": {"kind": "area", "use": "square", **properties},
    }


@pytest.fixture
def planner(navruz: Any, client_of: Any) -> Any:
    client = client_of("planner", stream=navruz)
    client.cookies["hamkor_language"] = "en"
    return client


@pytest.mark.parametrize(
    ("sample", "told"),
    [("hall.geojson", {}), ("fairground.osm", {}), ("hall.dxf", {"place": "41.31, 69.24"})],
)
def test_a_file_is_shown_before_anything_changes(planner: Any, navruz: Any, sample: str, told: Any) -> None:
    before = journals().get_head(str(navruz)).number
    page = send(planner, navruz, (SAMPLES / sample).read_bytes(), name=sample, **told)
    assert page.status_code == 200, page.content
    text = page.content.decode()
    assert "Nothing has changed yet" in text
    address = re.search(r'data-drawing="([^"]+)"', text)
    assert address is not None
    drawn = planner.get(address[1].replace("&amp;", "&")).json()
    assert drawn["features"]
    assert drawn["posts"] == drawn["findings"] == []
    assert journals().get_head(str(navruz)).number == before


def test_a_drawing_is_added_without_loss(planner: Any, navruz: Any) -> None:
    before = ids(navruz)
    page = send(
        planner, navruz, collection(area("yard"), area("sector-06", 0.01, part_of="yard"))
    ).content.decode()
    answer = confirm(planner, navruz, page, mode="add")
    assert answer.status_code == 302
    assert ids(navruz) == before | {"yard", "sector-06-2"}


def test_a_drawing_that_replaces_asks_for_what_refers_to_the_old_one(planner: Any, navruz: Any) -> None:
    before = ids(navruz)
    page = send(planner, navruz, collection(area("yard"))).content.decode()
    assert "What would be removed" in page
    held = confirm(planner, navruz, page, mode="replace")
    assert held.status_code == 422
    assert ids(navruz) == before
    assert confirm(planner, navruz, page, mode="replace", and_references="on").status_code == 302
    assert ids(navruz) == {"yard"}


def test_the_export_of_a_drawing_changes_nothing_when_it_comes_back(planner: Any, navruz: Any) -> None:
    exported = planner.get(f"/events/{navruz}/venue/export").content
    number = journals().get_head(str(navruz)).number
    page = send(planner, navruz, exported, name="venue.geojson").content.decode()
    assert confirm(planner, navruz, page, mode="replace").status_code == 302
    assert journals().get_head(str(navruz)).number == number


def test_a_drawing_changed_meanwhile_is_shown_again(planner: Any, navruz: Any) -> None:
    page = send(planner, navruz, collection(area("yard"))).content.decode()
    other = send(planner, navruz, collection(area("court"))).content.decode()
    assert confirm(planner, navruz, other, mode="add").status_code == 302
    again = confirm(planner, navruz, page, mode="replace", and_references="on")
    assert again.status_code == 409
    assert "court" in ids(navruz)
    assert (
        confirm(planner, navruz, again.content.decode(), mode="replace", and_references="on").status_code
        == 302
    )
    assert ids(navruz) == {"yard"}


def test_confirming_twice_takes_it_over_once(planner: Any, navruz: Any) -> None:
    page = send(planner, navruz, collection(area("yard"))).content.decode()
    assert {confirm(planner, navruz, page, mode="add").status_code for _ in range(2)} == {302}
    assert "yard-2" not in ids(navruz)


@pytest.mark.parametrize(
    ("content", "told", "said"),
    [
        (b"", {}, "empty"),
        (b"AC1027 and so on", {}, "DWG"),
        (b"{broken", {}, "GeoJSON"),
        (b"MZ\x90\x00", {}, "none of the forms"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><osm>&a;</osm>', {}, ""),
        (collection(area("yard")), {"place": "somewhere"}, "is no place"),
        (collection(area("yard")), {"level": "cellar"}, "is no storey"),
    ],
)
def test_a_refused_file_says_why_and_leaves_nothing(
    planner: Any, navruz: Any, content: bytes, told: Any, said: str
) -> None:
    number = journals().get_head(str(navruz)).number
    answer = send(planner, navruz, content, name="plan.bin", **told)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Nothing has changed" in answer.content.decode()
    assert journals().get_head(str(navruz)).number == number


def test_a_request_longer_than_any_drawing_is_not_read(planner: Any, navruz: Any) -> None:
    answer = planner.post(f"/events/{navruz}/venue/import", {}, headers={"content-length": str(10**9)})
    assert answer.status_code in {413, 422}


def test_nobody_else_takes_over_a_file(planner: Any, navruz: Any, client_of: Any) -> None:
    page = send(planner, navruz, collection(area("yard"))).content.decode()
    other = client_of("coordinator", stream=navruz)
    assert confirm(other, navruz, page, mode="add").status_code == 422
    forged = planner.post(
        f"/events/{navruz}/venue/import/confirm",
        {"ticket": "x:y:z", "mode": "add", "command_id": str(new_id(datetime.now(UTC)))},
    )
    assert forged.status_code == 422
    assert "yard" not in ids(navruz)


def test_ids_taken_by_something_else_are_renamed_with_their_references() -> None:
    from msgspec import convert

    before = convert(json.loads(collection(area("yard"))), Venue)
    gate = {
        "type": "Feature",
        "id": "gate",
        "geometry": None,
        "properties": {"kind": "opening", "from": "yard", "to": "outside"},
    }
    imported = convert(json.loads(collection(area("yard", 0.02), gate)), Venue)
    added = {feature.id: feature for feature in compare(before, imported, "add").added}
    assert set(added) == {"yard-2", "gate"}
    assert added["gate"].properties.from_ == "yard-2"
    assert compare(before, before, "add").added == ()
    assert compare(None, imported, "replace").removed == ()

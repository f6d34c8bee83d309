# SPDX-License-Identifier: Apache-2.0
"""The venue drawing: pages for each role, the drawing as JSON, and what is done on the map."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hamkor.common.ids import new_id
from hamkor.venues.rules.measuring import find_origin, measure_feature
from hamkor.workspace.stores import journals
from hamkor.workspace.venue_map import may_draw, venue_of
from hamkor.workspace.views.venue import read_centre

AREA, LINE_OF_NOBODY = "sector-06", "no-such-thing"
NEW_YARD = {"do": "draw", "properties": {"kind": "assembly_area"}, "points": [[0, 0], [9, 0], [9, 9]]}


def fresh() -> Any:
    return new_id(datetime.now(UTC))


class Map:
    """A map in the hands of one person."""

    def __init__(self, client: Any, stream: Any) -> None:
        self.client, self.stream = client, stream
        client.cookies["hamkor_language"] = "en"
        self.number = self.documents.number
        self.origin = find_origin(venue_of(self.documents))

    @property
    def documents(self) -> Any:
        return journals().get_documents(str(self.stream))

    def feature(self, id_: str) -> Any:
        return self.documents.get("feature", id_)

    def change(self, *, command: Any = None, **change: Any) -> Any:
        body = {
            "command_id": str(command or fresh()),
            "language": "en",
            "edits": [{"number": self.number, "origin": self.origin} | change],
        }
        return self.client.post(
            f"/events/{self.stream}/venue/change",
            json.dumps(body),
            content_type="application/json",
            headers={"accept": "application/json"},
        )

    def edit(self, id_: str, fields: dict[str, str]) -> Any:
        edits = [{"op": "set", "part": "venue", "id": id_, "fields": fields}]
        body = json.dumps({"command_id": str(fresh()), "language": "en", "edits": edits})
        return self.client.post(f"/events/{self.stream}/edit", body, content_type="application/json")

    def corner(self, id_: str, index: int, *, by: tuple[float, float]) -> list[float]:
        drawing = self.client.get(f"/events/{self.stream}/venue/drawing").json()
        (item,) = [each for each in drawing["features"] if each["id"] == id_]
        x, y = item["paths"][0][0][index]
        return [x + by[0], y + by[1]]


@pytest.fixture
def planner(navruz: Any, client_of: Any) -> Map:
    return Map(client_of("planner", stream=navruz), navruz)


@pytest.mark.parametrize(
    ("role", "agency", "draws"),
    [
        ("coordinator", "iib", True),
        ("planner", "iib", True),
        ("organiser", "org", True),
        ("venue", "obj", True),
        ("liaison", "tty", False),
        ("legal", "hok", False),
        ("auditor", "iib", False),
        ("field", "iib", False),
    ],
)
def test_everyone_sees_the_map_and_some_draw(
    navruz: Any, client_of: Any, role: str, agency: str, draws: bool
) -> None:
    client = client_of(role, agency=agency, stream=navruz)
    page = client.get(f"/events/{navruz}/venue?feature={AREA}")
    assert page.status_code == 200
    assert ("data-change=" in page.content.decode()) is draws
    assert (
        b'data-map="remove"'
        in client.get(f"/events/{navruz}/venue/feature/{AREA}", headers={"accept-language": "en"}).content
    ) is draws
    refused = Map(client, navruz).change(do="delete_vertex", id=AREA, vertex={"index": 0})
    assert refused.status_code == (200 if draws else 403)
    assert client.get(f"/events/{navruz}/venue/import").status_code == (200 if draws else 403)


def test_who_has_no_role_sees_nothing(navruz: Any, client_of: Any) -> None:
    client = client_of(None)
    for address in ("", "/drawing", "/export", "/import", f"/feature/{AREA}"):
        assert client.get(f"/events/{navruz}/venue{address}").status_code == 404


def test_the_drawing_is_sent_once_while_nothing_differs(planner: Map) -> None:
    address = f"/events/{planner.stream}/venue/drawing"
    first = planner.client.get(address)
    drawing = first.json()
    assert drawing["show_as"] == "drawing"
    assert len(drawing["features"]) == len(venue_of(planner.documents).features)
    assert int(first["X-Number"]) == planner.number
    again = planner.client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    planner.change(do="move", id=AREA, by=[1, 0])
    assert planner.client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_posts_stand_where_they_are_placed_and_findings_where_they_are_found(planner: Map) -> None:
    drawing = planner.client.get(f"/events/{planner.stream}/venue/drawing").json()
    posts = {post["id"]: post for post in drawing["posts"]}
    assert posts["post-command"]["features"][0] == "at-command"
    assert (posts["post-command"]["needed"], posts["post-command"]["confirmed"]) == (14, 14)
    planner.edit(AREA, {"properties/seats": "100", "properties/stated_capacity": "9000"})
    found = planner.client.get(f"/events/{planner.stream}/venue/drawing").json()["findings"]
    assert AREA in {place for finding in found for place in finding["at"]}


def test_a_corner_is_moved_and_measured_anew(planner: Map) -> None:
    before = planner.feature(AREA)
    answer = planner.change(
        do="move_vertex", id=AREA, vertex={"index": 0}, at=planner.corner(AREA, 0, by=(0.5, -0.5))
    )
    assert answer.status_code == 200, answer.content
    after = planner.feature(AREA)
    assert after.properties == before.properties
    assert measure_feature(after).area_m2 != measure_feature(before).area_m2


def test_the_same_change_sent_twice_is_made_once(planner: Map) -> None:
    command = fresh()
    first = planner.change(command=command, do="move", id=AREA, by=[5, 5])
    once = planner.feature(AREA)
    second = planner.change(command=command, do="move", id=AREA, by=[5, 5])
    assert first.json()["number"] == second.json()["number"]
    assert planner.feature(AREA) == once


def test_something_new_sent_twice_is_drawn_once(planner: Map) -> None:
    command = fresh()
    new = {
        "do": "draw",
        "properties": {"kind": "area", "use": "queue", "name": "Waiting"},
        "points": [[300, 0], [320, 0], [320, 20]],
    }
    first, second = (planner.change(command=command, **new) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200), second.content
    assert first.json()["feature"] == second.json()["feature"] == "waiting"
    assert measure_feature(planner.feature("waiting")).area_m2 == pytest.approx(200, rel=0.01)


def test_two_who_draw_under_one_name_both_keep_their_feature(planner: Map) -> None:
    for shift in (0, 100):
        points = [[300, shift], [320, shift], [320, shift + 20]]
        made = planner.change(do="draw", properties={"kind": "assembly_area", "name": "Yard"}, points=points)
        assert made.status_code == 200, made.content
    assert planner.feature("yard") is not None
    assert planner.feature("yard-2") is not None


def test_a_shape_somebody_else_changed_meanwhile_is_told_not_refused(planner: Map, client_of: Any) -> None:
    other = Map(client_of("coordinator", stream=planner.stream), planner.stream)
    assert other.change(do="move_vertex", id=AREA, vertex={"index": 2}, at=[150, -70]).status_code == 200
    mine = planner.change(do="insert_vertex", id=AREA, vertex={"index": 0}, at=[210, -90])
    assert mine.status_code == 200
    (told,) = mine.json()["conflicts"]
    assert "the shape on the map" in told
    assert "coordinates" not in told


def test_what_others_changed_elsewhere_is_no_conflict(planner: Map, client_of: Any) -> None:
    other = Map(client_of("coordinator", stream=planner.stream), planner.stream)
    assert other.change(do="move", id="sector-07", by=[1, 1]).status_code == 200
    assert planner.change(do="move", id=AREA, by=[1, 1]).json()["conflicts"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"do": "move_vertex", "id": AREA, "vertex": {"index": 999}, "at": [0, 0]}, "no-such-vertex"),
        ({"do": "move_vertex", "id": LINE_OF_NOBODY, "vertex": {"index": 0}, "at": [0, 0]}, "item-unknown"),
        ({"do": "width", "id": AREA, "width_m": 3}, "no-width"),
        ({"do": "width", "id": "gate-01", "width_m": -3}, "width-out-of-range"),
        ({"do": "move", "id": AREA, "by": [59_000, 59_000]}, "moved-too-far"),
        ({"do": "move", "id": AREA, "by": [1e12, 0]}, "message-malformed"),
        ({"do": "move", "id": AREA, "by": [59_000, 0]}, "drawing-too-wide"),
        ({**NEW_YARD, "origin": [0, 0]}, "drawing-too-wide"),
        ({"do": "explode", "id": AREA}, "message-malformed"),
        (
            {"do": "draw", "properties": {"kind": "area", "use": "queue"}, "points": [[0, 0]]},
            "too-few-points",
        ),
        ({"do": "draw", "properties": {"kind": "dragon"}, "points": [[0, 0]]}, "bad-properties"),
        ({"do": "draw", "properties": {"kind": "area", "use": "queue"}, "points": []}, "message-malformed"),
        ({"do": "outline", "id": AREA, "points": [[0, 0], [9, 0], [9, 9]]}, "drawn-already"),
        ({"do": "remove", "id": "concourse-n"}, "area-in-use"),
        ({"do": "place_post", "post": "nobody", "at": [0, 0]}, "item-unknown"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(planner: Map, change: Any, code: str) -> None:
    answer = planner.change(**change)
    assert answer.status_code in {404, 422}
    assert answer.json()["title"] == code
    assert planner.documents.number == planner.number


def test_an_outline_that_crosses_itself_is_refused(planner: Map) -> None:
    points = [[300, 0], [320, 20], [320, 0], [300, 20]]
    answer = planner.change(do="draw", properties={"kind": "area", "use": "queue"}, points=points)
    assert answer.json()["title"] == "crosses-itself"


def test_a_post_is_placed_by_a_click_and_names_its_place(planner: Map) -> None:
    answer = planner.change(do="place_post", post="post-weather", at=[10, 20], level=0)
    place = answer.json()["feature"]
    assert planner.feature(place).properties.post == "post-weather"
    assert place in planner.documents.get("post", "post-weather").place


def test_the_venue_places_a_post_it_may_not_change(navruz: Any, client_of: Any) -> None:
    venue = Map(client_of("venue", agency="obj", stream=navruz), navruz)
    before = venue.documents.get("post", "post-weather")
    place = venue.change(do="place_post", post="post-weather", at=[10, 20]).json()["feature"]
    assert venue.feature(place).properties.post == "post-weather"
    assert venue.documents.get("post", "post-weather") == before


def test_a_feature_in_use_goes_only_with_its_references(planner: Map) -> None:
    held = planner.change(do="remove", id="at-command")
    assert held.json()["title"] == "item-in-use"
    assert planner.change(do="remove", id="at-command", and_references=True).status_code == 200
    assert planner.feature("at-command") is None
    assert "at-command" not in planner.documents.get("post", "post-command").place


def test_a_change_is_taken_back(planner: Map) -> None:
    before, command = planner.feature(AREA), fresh()
    planner.change(command=command, do="move", id=AREA, by=[5, 5])
    undo = {"command_id": str(fresh()), "undone": str(command)}
    answer = planner.client.post(
        f"/events/{planner.stream}/undo", undo, headers={"accept": "application/json"}
    )
    assert answer.status_code == 200
    assert planner.feature(AREA) == before


def test_fields_of_a_feature_save_themselves(planner: Map) -> None:
    answer = planner.edit("gate-01", {"properties/clear_width_m": "4,5"})
    assert answer.status_code == 200
    assert planner.feature("gate-01").properties.clear_width_m == 4.5


def test_the_panel_has_every_field_with_its_choices(planner: Map) -> None:
    page = planner.client.get(f"/events/{planner.stream}/venue/feature/gate-01").content.decode()
    for path in ("name", "level", "from", "to", "clear_width_m", "release", "staffed_by", "obstructed"):
        assert f'data-path="properties/{path}"' in page
    assert '<option value="outside"' in page
    assert 'data-phase="emergency"' in page
    assert planner.client.get(f"/events/{planner.stream}/venue/feature/{LINE_OF_NOBODY}").status_code == 404


def test_the_drawing_is_exported_as_it_is_imported(planner: Map) -> None:
    answer = planner.client.get(f"/events/{planner.stream}/venue/export")
    assert answer["Content-Disposition"] == 'attachment; filename="venue.geojson"'
    assert len(answer.json()["features"]) == len(venue_of(planner.documents).features)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("41.31, 69.24", (69.24, 41.31)),
        ("41.31 69.24", (69.24, 41.31)),
        ("-8;115.2", (115.2, -8.0)),
        ("91, 10", None),
        ("41.31", None),
        ("Toshkent", None),
        ("", None),
    ],
)
def test_a_place_is_read_as_people_write_it(text: str, place: Any) -> None:
    assert read_centre(text) == place


def test_only_roles_with_the_drawing_draw() -> None:
    from hamkor.agencies.rules import Grant, Viewer

    def viewer(role: Any, agency: Any) -> Viewer:
        return Viewer(person="person:x", grants=(Grant(role=role, agency=agency),))

    assert may_draw(viewer("liaison", "obj"))
    assert not may_draw(viewer("liaison", "mg"))

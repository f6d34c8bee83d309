# SPDX-License-Identifier: Apache-2.0
"""Folders that cannot be used: every one is refused with file, place, line and remedy, and with nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamkor.common.i18n import LANGUAGES
from hamkor.folder.queries import KNOWN_FILES, read_folder
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


def test_missing_folder(tmp_path: Path) -> None:
    only(refused(tmp_path / "nowhere"), "no-folder", "nowhere")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("x")
    only(refused(tmp_path / "plan.txt"), "no-folder", "plan.txt")


def test_empty_folder_lacks_the_event(tmp_path: Path) -> None:
    fault = only(refused(tmp_path), "no-event", "event.yaml")
    assert "hamkor new" in fault.message.in_english()


def test_missing_event_is_named_beside_other_faults(tmp_path: Path) -> None:
    (tmp_path / "duties.yaml").write_text("duties: 5\n")
    assert [fault.code for fault in refused(tmp_path)] == ["no-event", "wrong-top"]


def test_event_yaml_itself_may_be_given(tmp_path: Path) -> None:
    (tmp_path / "event.yaml").write_text(EVENT)
    assert read_folder(tmp_path / "event.yaml").event.id == "navruz"


@pytest.mark.parametrize(
    ("file", "nearest"),
    [
        ("dutys.yaml", "duties.yaml"),
        ("event.yml", "event.yaml"),
        ("venue.json", "venue.geojson"),
        ("Weather.yaml", "weather.yaml"),
        ("medical.YAML", "medical.yaml"),
    ],
)
def test_unknown_files_are_suggested_their_names(tmp_path: Path, file: str, nearest: str) -> None:
    fault = only(faults_of(tmp_path, **{file.replace(".", "__"): "x: 1"}), "unknown-file", file)
    assert f"`{nearest}`" in fault.message.in_english()


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "event.yaml").write_text(EVENT)
    for name in ("README.md", "photo.jpg", "findings.json", ".hidden.yaml", "out.sarif"):
        (tmp_path / name).write_text("anything")
    (tmp_path / "attachments").mkdir()
    assert read_folder(tmp_path).event.id == "navruz"


@pytest.mark.parametrize("file", KNOWN_FILES)
@pytest.mark.parametrize("content", [b"", b"   \n\n", "﻿".encode()])
def test_empty_files(tmp_path: Path, file: str, content: bytes) -> None:
    only(faults_of(tmp_path, **{file.replace(".", "__"): content}), "empty-file", file)


def test_comments_only_leave_a_part_unknown(tmp_path: Path) -> None:
    (tmp_path / "event.yaml").write_text(EVENT)
    (tmp_path / "duties.yaml").write_text("# nothing known yet\n")
    (tmp_path / "posts.yaml").write_text("posts:\n  # - id: gate\n")
    (tmp_path / "stop.yaml").write_text("stop: []\n")
    plan = read_folder(tmp_path)
    assert (plan.duties, plan.posts, plan.stop) == (None, None, ())


@pytest.mark.parametrize("file", KNOWN_FILES)
def test_a_directory_in_place_of_a_file(tmp_path: Path, file: str) -> None:
    (tmp_path / "event.yaml").write_text(EVENT)
    (tmp_path / file).unlink(missing_ok=True)
    (tmp_path / file).mkdir()
    only(refused(tmp_path), "outside-folder", file)


@pytest.mark.parametrize("target", ["/etc/hostname", "../outside.yaml", "duties.yaml", "/nowhere/at/all"])
def test_links_that_leave_the_folder_or_lead_nowhere(tmp_path: Path, target: str) -> None:
    (tmp_path / "outside.yaml").write_text("duties: []\n")
    folder = tmp_path / "event"
    folder.mkdir()
    (folder / "event.yaml").write_text(EVENT)
    (folder / "duties.yaml").symlink_to(target)
    only(refused(folder), "outside-folder", "duties.yaml")


def test_links_inside_the_folder_are_followed(tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "event.yaml").write_text(EVENT)
    (tmp_path / "event.yaml").symlink_to("drafts/event.yaml")
    assert read_folder(tmp_path).event.id == "navruz"


def test_files_nobody_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "event.yaml").write_text(EVENT)

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    fault = only(refused(tmp_path), "unreadable", "event.yaml")
    assert "Permission denied" in fault.message.in_english()


def test_folder_nobody_may_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    only(refused(tmp_path), "unreadable", tmp_path.name)


@pytest.mark.parametrize("file", ["event.yaml", "venue.geojson"])
def test_fifty_megabytes(tmp_path: Path, file: str) -> None:
    (tmp_path / "event.yaml").write_text(EVENT)
    with (tmp_path / file).open("wb") as large:
        large.truncate(50_000_000)
    fault = only(refused(tmp_path), "file-too-large", file)
    assert "50 MB" in fault.message.in_english()


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp1251", "utf-32"])
def test_wrong_encodings(tmp_path: Path, encoding: str) -> None:
    text = EVENT.replace("Navroʻz", "Фестиваль" if encoding == "cp1251" else "é")
    text = text.encode(encoding, errors="replace").decode(encoding) if encoding == "cp1251" else text
    fault = only(faults_of(tmp_path, event__yaml=text.encode(encoding)), "not-utf8", "event.yaml")
    assert fault.line is not None


def test_a_byte_order_mark_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "event.yaml").write_text(EVENT, encoding="utf-8-sig")
    assert read_folder(tmp_path).event.id == "navruz"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("id: a\nname: [1, 2\n", "yaml-broken", 3),
        ("id: 'a\n", "yaml-broken", 2),
        ("id: a\n\tname: b\n", "yaml-broken", 2),
        ("id: \x07\n", "yaml-broken", 1),
        ("a: &x [1]\nb: *x\n", "yaml-alias", 1),
        ("a: &x 1\nb: 2\n", "yaml-alias", 1),
        ("a: !!python/object:os.system ls\n", "yaml-alias", 1),
        ("a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", 3),
        ("a: 1\n---\nb: 2\n", "yaml-several-documents", 2),
        ("a: " + "[" * 1000 + "\n", "yaml-too-deep", 1),
        ("a: " + "[" * 200_000, "yaml-too-deep", 1),
        ("".join(f"{' ' * depth}a:\n" for depth in range(60)), "yaml-too-deep", None),
        ("? [a, b]\n: 1\n", "yaml-key", 1),
        ("a: .inf\n", "yaml-not-finite", 1),
        ("a: .NaN\n", "yaml-not-finite", 1),
        ("a: 1e999\n", "yaml-not-finite", 1),
        ("a: " + "9" * 100 + "\n", "yaml-not-finite", 1),
        ("a: 2027-02-30 18:00\n", "yaml-moment", 1),
        ("a: 2027-03-21 25:00\n", "yaml-moment", 1),
    ],
)
def test_texts_that_are_not_our_yaml(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    fault = only(faults_of(tmp_path, event__yaml=text), code, "event.yaml")
    assert line is None or fault.line == line


def test_billion_laughs(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*a, *a]\n" for n in "bcdefgh")
    only(faults_of(tmp_path, duties__yaml=bomb), "yaml-alias", "duties.yaml")


@pytest.mark.parametrize(
    ("addition", "code", "place", "said"),
    [
        ("organizer: none", "unknown-key", "organizer", "`organiser`"),
        ("place: {nmae: Stadion}", "unknown-key", "place.nmae", "`name`"),
        ("place: {city: Toshkent}", "missing-key", "place", "`name`"),
        ("setting: outdoor", "bad-choice", "setting", "`outdoors`"),
        ("organiser: nobody", "bad-choice", "organiser", "none"),
        ("category: 7", "bad-choice", "category", "1, 2, 3"),
        ("paid: yes", "wrong-type", "paid", "true or false"),
        ("place: Stadion", "wrong-type", "place", "a group of keys"),
        ("agencies: none", "wrong-type", "agencies", "[]"),
        ("agencies: [{agency: police}]", "bad-choice", "agencies[0].agency", "iib"),
        ("time_zone: 5", "wrong-type", "time_zone", "quotes"),
        ("starts_at: tomorrow", "bad-moment", "starts_at", "2027-03-21 18:00"),
        ("starts_at: 2027-03-21", "bad-moment", "starts_at", "2027-03-21 18:00"),
        ("starts_at: 2027-03-21T18:00:00Z", "moment-with-zone", "starts_at", "local time"),
        ("starts_at: 1830", "wrong-type", "starts_at", "2027-03-21 18:00"),
        ("place: {name: a, country: Uzbekistan}", "bad-code", "place.country", "UZ"),
        ("place: {name: ''}", "empty-text", "place.name", "empty"),
        ("place: {name: {uzb: a}}", "bad-choice", "place.name.uzb", "`uz`"),
        (
            "programme: [{id: a b, title: x, starts_at: 2027-03-21 18:00}]",
            "bad-id",
            "programme[0].id",
            "spaces",
        ),
        ("note: " + "x" * 5000, "too-long", "note", "4"),
    ],
)
def test_values_that_do_not_fit(tmp_path: Path, addition: str, code: str, place: str, said: str) -> None:
    fault = only(faults_of(tmp_path, event__yaml=EVENT + "\n\n" + addition), code, "event.yaml")
    assert (fault.place, fault.line) == (place, 7)
    assert said in fault.message.in_english()


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        ("-5", "out-of-range"),
        ("2000000000", "out-of-range"),
        ("1e30", "out-of-range"),
        ("'40000'", "wrong-type"),
        ("[1, 2]", "wrong-type"),
        ("true", "wrong-type"),
        ("{low: 5}", "bad-value"),
        ("{low: 9, high: 5}", "bad-value"),
        ("{}", "bad-value"),
        ("{value: 5, hihg: 6}", "unknown-key"),
        ("{value: 5, grade: E}", "bad-choice"),
        ("{estimates: [{source: x}]}", "missing-key"),
    ],
)
def test_figures_that_say_nothing(tmp_path: Path, figure: str, code: str) -> None:
    faults = faults_of(tmp_path, attendance__yaml=f"# people\nexpected: {figure}\n")
    fault = only(faults, code, "attendance.yaml")
    assert fault.place.startswith("expected")
    assert fault.line == 2


def test_every_fault_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    duties = "duties:\n  - id: a\n    phase: befor\n    persn: x\n  - phase: conduct\n  - 5\n"
    faults = faults_of(tmp_path, duties__yaml=duties)
    found = {(fault.code, fault.place, fault.line) for fault in faults}
    assert found == {
        ("bad-choice", "duties[0].phase", 3),
        ("unknown-key", "duties[0].persn", 4),
        ("missing-key", "duties[1]", 5),
        ("wrong-type", "duties[2]", 6),
    }


@pytest.mark.parametrize(
    "text", ["duties: 5", "- id: a", "duty: []", "duties: {a: 1}", "5", "duties: []\nx: 1"]
)
def test_lists_stand_below_one_key(tmp_path: Path, text: str) -> None:
    fault = only(faults_of(tmp_path, duties__yaml=text), "wrong-top", "duties.yaml")
    assert "`duties:`" in fault.message.in_english()


def test_duplicate_ids(tmp_path: Path) -> None:
    twice = "duties:\n  - {id: a, phase: conduct}\n  - {id: b, phase: conduct}\n  - {id: a, phase: conduct}\n"
    fault = only(faults_of(tmp_path, duties__yaml=twice), "duplicate-id", "duties.yaml")
    assert (fault.place, fault.line) == ("duties[2]", 4)


def test_duplicate_ids_of_channels(tmp_path: Path) -> None:
    twice = "channels:\n  - {id: a, sort: radio}\n  - {id: a, sort: phone}\n"
    only(faults_of(tmp_path, communications__yaml=twice), "duplicate-id", "communications.yaml")


def test_at_most_forty_faults_are_shown(tmp_path: Path) -> None:
    duties = "duties:\n" + "  - {id: a}\n" * 100
    assert len(faults_of(tmp_path, duties__yaml=duties)) == MAX_FAULTS_SHOWN


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('{"type": "FeatureCollection",\n "features": [}', "json-broken", 2),
        ('{"type": "FeatureCollection"', "json-broken", 1),
        ("not json", "json-broken", 1),
        ("\x00", "json-broken", 1),
        ('{"type": "FeatureCollection", "features": [NaN]}', "json-not-finite", None),
        ('{"type": "FeatureCollection", "features": [-Infinity]}', "json-not-finite", None),
        ('{"features": [' + "9" * 6000 + "]}", "json-not-finite", None),
        ('{"type": "x", "type": "FeatureCollection", "features": []}', "json-duplicate-key", None),
        ('{"features": ["\\ud800"]}', "json-broken", None),
        ("[" * 100_000, "json-too-deep", None),
        ('{"a":' * 100_000, "json-too-deep", None),
        ("[]", "wrong-top", None),
        ('{"type": "FeatureCollection"}', "wrong-top", None),
        ('{"type": "FeatureCollection", "features": {}}', "wrong-top", None),
        ("5", "wrong-top", None),
    ],
)
def test_texts_that_are_not_our_json(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    fault = only(faults_of(tmp_path, venue__geojson=text), code, "venue.geojson")
    assert fault.line == line


@pytest.mark.parametrize(
    ("feature", "code", "place"),
    [
        (area("hall", capacity=5), "unknown-key", "features[0].properties.capacity"),
        (area("hall", use="hal"), "bad-choice", "features[0].properties.use"),
        (area("hall", kind="arae"), "bad-choice", "features[0].properties.kind"),
        (area("the hall"), "bad-id", "features[0].id"),
        ({"type": "Feature", "id": "a", "properties": {}}, "missing-key", "features[0].properties"),
        ({"type": "Feature", "id": "a"}, "missing-key", "features[0]"),
        (
            {"type": "Feature", "id": 7, "properties": {"kind": "area", "use": "hall"}},
            "wrong-type",
            "features[0].id",
        ),
        (5, "wrong-type", "features[0]"),
        (None, "wrong-type", "features[0]"),
        (area("hall", []), "too-few", "features[0].geometry.coordinates"),
        (area("hall", [[]]), "too-few", "features[0].geometry.coordinates[0]"),
        (area("hall", [[[69, 41], [69, 42], [69, 41]]]), "too-few", "features[0].geometry.coordinates[0]"),
        (area("hall", [[[69, 41, 400]] * 4]), "bad-position", "features[0].geometry.coordinates[0][0]"),
        (area("hall", [[[69]] * 4]), "bad-position", "features[0].geometry.coordinates[0][0]"),
        (area("hall", [[[1e300, 41]] * 4]), "out-of-range", "features[0].geometry.coordinates[0][0][0]"),
        (area("hall", [[[41, 127]] * 4]), "out-of-range", "features[0].geometry.coordinates[0][0][1]"),
        (area("hall", [[["69", 41]] * 4]), "wrong-type", "features[0].geometry.coordinates[0][0][0]"),
        (area("hall", [[[None, 41]] * 4]), "wrong-type", "features[0].geometry.coordinates[0][0][0]"),
        (
            area("hall", [[[69, 41], [69.1, 41], [69.1, 41.1], [69, 41.1]]]),
            "bad-outline",
            "features[0].geometry",
        ),
        (area("hall", [[[69, 41]] * 4]), "bad-outline", "features[0].geometry"),
        (
            area("hall", [[[69, 41], [69.1, 41.1], [69.1, 41], [69, 41.1], [69, 41]]]),
            "bad-outline",
            "features[0].geometry",
        ),
        (area("outside"), "reserved-id", "features[0]"),
    ],
)
def test_features_that_cannot_be_used(tmp_path: Path, feature: Any, code: str, place: str) -> None:
    fault = only(faults_of(tmp_path, venue__geojson=venue(feature)), code, "venue.geojson")
    assert fault.place == place
    assert fault.line is not None
    assert fault.line >= 3


def test_misspelt_ends_of_openings(tmp_path: Path) -> None:
    door = area("door", kind="opening", to="outside", **{"from": "hal"})
    del door["properties"]["use"]
    fault = only(
        faults_of(tmp_path, venue__geojson=venue(area("hall"), door)), "unknown-area", "venue.geojson"
    )
    assert fault.place == "features[1].properties.from"
    assert "`hall`" in fault.message.in_english()
    assert '"hal"' in (tmp_path / "venue.geojson").read_text().splitlines()[(fault.line or 0) - 1]


@pytest.mark.parametrize("key", ["use", "from"])
def test_words_inside_features_are_suggested(tmp_path: Path, key: str) -> None:
    door = area("door", kind="opening", to="outside", **{"from": "hall"})
    door["properties"]["use"] = {"egres": "forward"} if key == "use" else {"egress": "foward"}
    fault = only(faults_of(tmp_path, venue__geojson=venue(area("hall"), door)), "bad-choice", "venue.geojson")
    assert ("`egress`" if key == "use" else "`forward`") in fault.message.in_english()


def test_drawings_wider_than_a_city(tmp_path: Path) -> None:
    far = venue(area("a", square(69.2, 41.3)), area("b", square(41.3, 69.2)))
    only(faults_of(tmp_path, venue__geojson=far), "drawing-too-wide", "venue.geojson")


def test_swapped_coordinates(tmp_path: Path) -> None:
    swapped = venue(area("a", square(41.3, 69.2)))
    fault = only(
        faults_of(tmp_path, event__yaml=UZBEK, venue__geojson=swapped), "swapped-coordinates", "venue.geojson"
    )
    assert "longitude first" in fault.message.in_english()


@pytest.mark.parametrize(("west", "south"), [(69.2, 41.3), (2.3, 48.8)])
def test_right_or_foreign_coordinates_pass(tmp_path: Path, west: float, south: float) -> None:
    (tmp_path / "event.yaml").write_text(UZBEK)
    (tmp_path / "venue.geojson").write_text(venue(area("a", square(west, south))))
    assert read_folder(tmp_path).venue is not None


def test_unknown_country_says_nothing_about_order(tmp_path: Path) -> None:
    (tmp_path / "event.yaml").write_text(EVENT)
    (tmp_path / "venue.geojson").write_text(venue(area("a", square(41.3, 69.2))))
    assert read_folder(tmp_path).venue is not None


def test_moments_in_quotes_and_in_json(tmp_path: Path) -> None:
    (tmp_path / "event.yaml").write_text(EVENT + "starts_at: '2027-03-21 18:00'\nnote: '2027-03-21 18:00'\n")
    flow = {"starts_at": "2027-03-21 17:00", "ends_at": "2027-03-21T18:00:00", "forward_per_h": 100}
    door = area("door", kind="opening", to="outside", flows=[flow], **{"from": "hall"})
    del door["properties"]["use"]
    (tmp_path / "venue.geojson").write_text(venue(area("hall"), door))
    plan = read_folder(tmp_path)
    assert plan.event.starts_at is not None
    assert plan.event.starts_at.hour == 18
    assert plan.event.note == "2027-03-21 18:00"


SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FULL = (
    EVENT
    + "organiser: {name: A, person: p}\nprogramme:\n  - {id: a, title: x, starts_at: 2027-03-21 18:00}\n"
)
DRAWING = venue(area("hall", square(69.2, 41.3)), name="x").encode()


def read_or_refuse(folder: Path) -> None:
    try:
        read_folder(folder)
    except FolderUnusableError:
        refused(folder)


@SLOW
@given(cut=st.integers(0, len(DRAWING)), where=st.sampled_from(["event.yaml", "venue.geojson"]))
def test_truncated_files(tmp_path: Path, cut: int, where: str) -> None:
    contents = {"event.yaml": FULL.encode(), "venue.geojson": DRAWING}
    contents[where] = contents[where][:cut]
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    read_or_refuse(tmp_path)


@SLOW
@given(
    position=st.integers(0, len(DRAWING) - 1),
    byte=st.binary(min_size=1, max_size=3),
    where=st.sampled_from(["event.yaml", "venue.geojson"]),
)
def test_flipped_bytes(tmp_path: Path, position: int, byte: bytes, where: str) -> None:
    contents = {"event.yaml": FULL.encode(), "venue.geojson": DRAWING}
    content = contents[where]
    at = position % len(content)
    contents[where] = content[:at] + byte + content[at + 1 :]
    for name, changed in contents.items():
        (tmp_path / name).write_bytes(changed)
    read_or_refuse(tmp_path)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.sampled_from(["none", "hall", "area", "2027-03-21 18:00", "egress"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "kind", "use", "name", "geometry", "type", "value", "x"]), inner
        )
    ),
    max_leaves=12,
)


@SLOW
@given(
    key=st.sampled_from(["name", "place", "organiser", "agencies", "programme", "starts_at", "x"]),
    value=ANYTHING,
)
def test_anything_under_any_key(tmp_path: Path, key: str, value: Any) -> None:
    raw = {"format": "hamkor-event-1", "id": "a", "name": "b", "kind": "fair", key: value}
    (tmp_path / "event.yaml").write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    read_or_refuse(tmp_path)


@SLOW
@given(file=st.sampled_from(KNOWN_FILES), value=ANYTHING)
def test_anything_in_any_file(tmp_path: Path, file: str, value: Any) -> None:
    folder = tmp_path / file
    folder.mkdir(exist_ok=True)
    (folder / "event.yaml").write_text(EVENT)
    key = Path(file).stem if file.endswith("yaml") else "features"
    wrapped = {"type": "FeatureCollection", key: [value]} if key == "features" else {key: [value]}
    (folder / file).write_text(json.dumps(wrapped, ensure_ascii=False), encoding="utf-8")
    read_or_refuse(folder)


@SLOW
@given(text=st.text(max_size=200))
def test_any_text_as_yaml(tmp_path: Path, text: str) -> None:
    (tmp_path / "event.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    read_or_refuse(tmp_path)


def test_large_drawing_with_faults_is_named_quickly_enough_to_use(tmp_path: Path) -> None:
    features = [area(f"a{n}", square(69 + n * 1e-6, 41.3), seats=-1) for n in range(300)]
    assert len(faults_of(tmp_path, venue__geojson=venue(*features))) == MAX_FAULTS_SHOWN

# SPDX-License-Identifier: Apache-2.0
"""What is saved is what is read: the same plan, whole or not at all."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.common.figures import KnownFigure
from hamkor.common.records import Period
from hamkor.events.rules import Attendance, Event, Interval
from hamkor.folder.commands import FolderNotWrittenError, write_folder
from hamkor.folder.queries import read_folder
from hamkor.folder.rendering import as_yaml
from hamkor.folder.rules import FolderUnusableError
from hamkor.folder.tests import strategies
from hamkor.folder.yaml_text import read
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.plans.rules.roster import Duty, Person
from hamkor.venues.rules.features import Area, Feature, Venue
from hamkor.venues.rules.geometry import Polygon

NAMES = [part.name for part in PARTS if part.name != "event"] + ["venue"]
PATIENT = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
EVENT = Event(
    format="hamkor-event-1", id="navruz", name={"uz": "Navroʻz", "en": "Navruz"}, kind="concert_pop"
)


at = datetime.fromisoformat


def saved_and_read(plan: Plan) -> Plan:
    with tempfile.TemporaryDirectory() as folder:
        write_folder(plan, Path(folder) / "event")
        return read_folder(Path(folder) / "event")


@pytest.mark.parametrize("name", NAMES)
@PATIENT
@given(data=st.data())
def test_each_part_comes_back_the_same(name: str, data: st.DataObject) -> None:
    plan = data.draw(strategies.plans(name))
    assert saved_and_read(plan) == plan


@PATIENT
@given(data=st.data())
def test_load_save_load_is_load(data: st.DataObject) -> None:
    once = saved_and_read(data.draw(strategies.plans()))
    assert saved_and_read(once) == once


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | strategies.TEXTS | strategies.MOMENTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strategies.TEXTS, inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_every_yaml_we_write_we_read(tree: Any) -> None:
    assert read(as_yaml(tree)) == tree


def test_the_files_are_as_a_careful_person_would_write_them(tmp_path: Path) -> None:
    attendance = Attendance(
        expected=KnownFigure(low=8000.0, high=10000.0, grade="A"),
        peak=9000.0,
        arrivals=(
            Interval(starts_at=at("2027-03-21 16:00"), ends_at=at("2027-03-21 17:00"), share=0.25, note="x"),
        ),
    )
    person = Person(
        id="p",
        agency="iib",
        phone="103",
        unavailable=(Period(starts_at=at("2027-03-21 00:00"), ends_at=at("2027-03-22 00:00")),),
    )
    write_folder(Plan(event=EVENT, attendance=attendance, people=(person,), duties=()), tmp_path / "e")
    assert (tmp_path / "e" / "event.yaml").read_text(encoding="utf-8") == (
        "format: hamkor-event-1\nid: navruz\nname:\n  uz: Navroʻz\n  en: Navruz\nkind: concert_pop\n"
    )
    assert (tmp_path / "e" / "attendance.yaml").read_text() == (
        "expected:\n  low: 8000\n  high: 10000\n  grade: A\npeak: 9000\narrivals:\n"
        "- starts_at: 2027-03-21 16:00\n  ends_at: 2027-03-21 17:00\n  share: 0.25\n  note: x\n"
    )
    assert "phone: '103'" in (tmp_path / "e" / "people.yaml").read_text()
    assert (tmp_path / "e" / "duties.yaml").read_text() == "duties: []\n"


def test_the_drawing_is_indented_geojson(tmp_path: Path) -> None:
    ring = ((69.2, 41.3), (69.3, 41.3), (69.3, 41.4), (69.2, 41.3))
    hall = Feature(id="hall", geometry=Polygon(coordinates=(ring,)), properties=Area(use="hall", seats=5.0))
    write_folder(Plan(event=EVENT, venue=Venue(type="FeatureCollection", features=(hall,))), tmp_path / "e")
    text = (tmp_path / "e" / "venue.geojson").read_text()
    assert "            [69.2, 41.3],\n" in text
    feature = json.loads(text)["features"][0]
    assert list(feature) == ["type", "id", "geometry", "properties"]
    assert feature["properties"] == {"kind": "area", "use": "hall", "seats": 5}


def test_saving_again_removes_what_is_now_unknown_and_keeps_strangers(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    write_folder(Plan(event=EVENT, duties=(), attendance=Attendance(peak=5.0)), folder)
    (folder / "notes.txt").write_text("mine")
    written = write_folder(Plan(event=EVENT, duties=None, people=()), folder)
    assert sorted(path.name for path in folder.iterdir()) == ["event.yaml", "notes.txt", "people.yaml"]
    assert [path.name for path in written] == ["event.yaml", "people.yaml"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e"]


def test_a_plan_that_contradicts_itself_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    write_folder(Plan(event=EVENT), folder)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    twice = (Duty(id="a", phase="conduct"), Duty(id="a", phase="conduct"))
    with pytest.raises(FolderUnusableError) as raised:
        write_folder(Plan(event=msgspec.structs.replace(EVENT, id="b"), duties=twice), folder)
    assert [fault.code for fault in raised.value.faults] == ["duplicate-id"]
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e"]


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "e"
    write_folder(Plan(event=EVENT), folder)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hamkor.folder.commands.os.fsync", fail)
    with pytest.raises(FolderNotWrittenError) as raised:
        write_folder(Plan(event=msgspec.structs.replace(EVENT, id="b"), duties=()), folder)
    assert raised.value.code == "folder-not-written"
    assert [path.name for path in folder.iterdir()] == ["event.yaml"]
    assert read_folder(folder).event.id == "navruz"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e"]


def test_a_file_in_the_place_of_the_folder_is_kept(tmp_path: Path) -> None:
    (tmp_path / "e").write_text("mine")
    with pytest.raises(HamkorError):
        write_folder(Plan(event=EVENT), tmp_path / "e")
    assert (tmp_path / "e").read_text() == "mine"

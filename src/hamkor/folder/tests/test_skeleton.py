# SPDX-License-Identifier: Apache-2.0
"""A new folder can be read as it is, and with every comment taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamkor.common.errors import HamkorError
from hamkor.common.i18n import LANGUAGES
from hamkor.events.rules import Event
from hamkor.folder.commands import write_skeleton
from hamkor.folder.keys import LAST_KEYS, list_keys
from hamkor.folder.queries import KNOWN_FILES, read_folder
from hamkor.folder.skeleton import is_prose, short_name
from hamkor.folder.skeleton_texts import HINTS, PURPOSES, VALUES
from hamkor.plans.rules.plan import PARTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_folder_is_read_without_faults(tmp_path: Path, language: str) -> None:
    written = write_skeleton(tmp_path / "e", language=language)
    assert [path.name for path in written] == KNOWN_FILES
    plan = read_folder(tmp_path / "e")
    assert plan.event.extent == "extract"
    assert list(plan.event.name) == [language]
    assert plan.duties is None
    assert plan.event.organiser is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_comment_may_be_taken_away(tmp_path: Path, language: str) -> None:
    for path in write_skeleton(tmp_path / "e", language=language):
        if path.suffix == ".yaml":
            lines = path.read_text(encoding="utf-8").splitlines()
            bare = [line if is_prose(line) or not line.startswith("#") else line[1:] for line in lines]
            path.write_text("\n".join(bare), encoding="utf-8")
    plan = read_folder(tmp_path / "e")
    for part in PARTS:
        value = getattr(plan, part.name)
        body = value[0] if part.is_list else value
        for key in list_keys(part.body):
            name = {"from": "from_"}.get(key.name, key.name)
            assert key.name in LAST_KEYS or getattr(body, name) is not None, key


def test_name_and_kind_are_taken(tmp_path: Path) -> None:
    write_skeleton(tmp_path / "e", name="Navroʻz sayli: 2027", language="uz", kind="street_festival")
    event = read_folder(tmp_path / "e").event
    assert (event.id, event.name, event.kind) == (
        "navroz-sayli-2027",
        {"uz": "Navroʻz sayli: 2027"},
        "street_festival",
    )


@pytest.mark.parametrize("name", ["Фестиваль", "!!!", "a" * 300])
def test_any_name_gives_an_id(tmp_path: Path, name: str) -> None:
    write_skeleton(tmp_path / "e", name=name)
    assert read_folder(tmp_path / "e").event.id == short_name(name)


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HamkorError) as raised:
        write_skeleton(tmp_path / "e", kind="wedding")
    assert raised.value.code == "unknown-kind"
    assert not (tmp_path / "e").exists()


@pytest.mark.parametrize("file", ["event.yaml", "venue.geojson"])
def test_nothing_is_overwritten(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("mine")
    with pytest.raises(HamkorError) as raised:
        write_skeleton(tmp_path)
    assert raised.value.code == "folder-not-empty"
    assert [path.name for path in tmp_path.iterdir()] == [file]
    assert (tmp_path / file).read_text() == "mine"


def test_an_empty_folder_or_strangers_are_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    write_skeleton(tmp_path)
    assert read_folder(tmp_path).event.kind == "concert_pop"


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "e").write_text("mine")
    with pytest.raises(HamkorError) as raised:
        write_skeleton(tmp_path / "e")
    assert raised.value.code == "folder-not-made"


def test_texts_speak_of_parts_and_keys_that_exist() -> None:
    assert set(PURPOSES) == {part.name for part in PARTS}
    known = set()
    waiting = [part.body for part in PARTS]
    while waiting:
        struct = waiting.pop()
        for key in list_keys(struct):
            known.add(f"{struct.__name__}.{key.name}")
            waiting += key.structs
    assert set(HINTS) <= known
    assert set(VALUES) <= known
    assert Event in {part.body for part in PARTS}

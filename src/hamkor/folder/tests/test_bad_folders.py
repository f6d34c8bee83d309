# SPDX-License-Identifier: Apache-2.0
"""Folders that cannot be used: every one is refused with file, place, line and remedy, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hamkor.folder.queries import KNOWN_FILES, read_folder
from hamkor.folder.tests.builders import EVENT, faults_of, only, refused


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

# SPDX-License-Identifier: Apache-2.0
"""Whatever is written, cut off or flipped: a folder is read, or refused with faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamkor.folder.queries import KNOWN_FILES, read_folder
from hamkor.folder.rules import FolderUnusableError
from hamkor.folder.tests.builders import EVENT, area, refused, square, venue

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

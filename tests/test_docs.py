# SPDX-License-Identifier: Apache-2.0
"""The published description of event folders: true, complete, up to date, and its examples work."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from hamkor.checks.queries import check_plan, list_checked_rules
from hamkor.checks.rules.registry import FAMILIES
from hamkor.folder.queries import list_schemas, part_schema, read_folder
from hamkor.folder.rendering import moment_text
from hamkor.folder.yaml_text import read

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
FORMAT = DOCS / "format" / "README.md"
BLOCK = re.compile(
    r"\*\*`(?P<file>[a-z]+\.(?:yaml|geojson))`\*\*\n```(?:yaml|json)\n(?P<text>.*?)```", re.DOTALL
)
EVENT = "format: hamkor-event-1\nid: a\nname: b\nkind: fair\n"


@pytest.fixture
def make_docs(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    monkeypatch.delitem(sys.modules, "make_docs", raising=False)
    import make_docs

    return make_docs


def chapter(title: str) -> str:
    """Returns the text of one chapter of the introduction."""
    found = re.search(
        rf"^## {title}.*?(?=^## |\Z)", FORMAT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None, title
    return found.group()


def unpack(text: str, folder: Path) -> Path:
    """Writes the files shown in a text into a folder."""
    for block in BLOCK.finditer(text):
        (folder / block["file"]).write_text(block["text"], encoding="utf-8")
    return folder


def folders() -> list[Path]:
    return [
        DOCS / "format" / "example",
        *sorted(path.parent for path in (ROOT / "examples").rglob("event.yaml")),
    ]


def as_json(value: Any) -> Any:
    """Returns what a YAML file holds with moments written as in the file, as JSON Schema sees it."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return moment_text(value) if isinstance(value, datetime) else value


def validate(file: Path) -> None:
    schema = json.loads((DOCS / "schemas" / f"{file.stem}.schema.json").read_text(encoding="utf-8"))
    text = file.read_text(encoding="utf-8")
    value = json.loads(text) if file.suffix == ".geojson" else as_json(read(text))
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(value)


def test_every_generated_page_is_up_to_date(make_docs: ModuleType) -> None:
    assert make_docs.stale_paths(make_docs.pages()) == [], "run: make docs"


def test_check_names_what_is_stale(
    make_docs: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example = tmp_path / "format" / "example"
    example.mkdir(parents=True)
    for path in (DOCS / "format" / "example").iterdir():
        (example / path.name).write_bytes(path.read_bytes())
    assert make_docs.main(["--check"], tmp_path) == 1
    assert make_docs.main([], tmp_path) == 0
    assert make_docs.main(["--check"], tmp_path) == 0
    (tmp_path / "rules" / "OLD-001.md").write_text("gone")
    (tmp_path / "format" / "event.md").write_text("changed")
    assert make_docs.main(["--check"], tmp_path) == 1
    assert "OLD-001.md" in capsys.readouterr().err
    assert make_docs.main([], tmp_path) == 0
    assert not (tmp_path / "rules" / "OLD-001.md").exists()


@pytest.mark.parametrize("name", list_schemas())
def test_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(part_schema(name))


@pytest.mark.parametrize("folder", folders(), ids=lambda path: path.name)
def test_example_folders_are_read_and_fit_the_schemas(folder: Path) -> None:
    read_folder(folder)
    files = [path for path in folder.iterdir() if path.suffix in {".yaml", ".geojson"}]
    assert files
    for file in files:
        validate(file)


def test_the_example_holds_every_file_and_nothing_red() -> None:
    plan = read_folder(DOCS / "format" / "example")
    assert all(getattr(plan, name) is not None for name in list_schemas())
    assert [finding.rule for finding in check_plan(plan).findings if finding.severity == "red"] == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("event", EVENT.replace("fair", "fare")),
        ("event", EVENT + "starts_at: 2027-03-21\n"),
        ("event", EVENT + "nmae: x\n"),
        ("event", EVENT + "place: {name: {fr: x}}\n"),
        ("attendance", "expected: -1\n"),
        ("attendance", "expected: {low: five}\n"),
        ("duties", "duties: {}\n"),
        ("duties", "tasks: []\n"),
        ("segregation", "segregation: [{id: a, groups: {x: y}}]\n"),
    ],
)
def test_schemas_refuse_what_reading_refuses(tmp_path: Path, file: str, text: str) -> None:
    value = as_json(read(text))
    assert not Draft202012Validator(part_schema(file)).is_valid(value)


def test_the_smallest_folder_is_read(tmp_path: Path) -> None:
    text = FORMAT.read_text(encoding="utf-8").partition("## The files")[0]
    assert read_folder(unpack(text, tmp_path)).event.id == "market-day"


def test_the_disaster_like_extract_is_read_and_red(tmp_path: Path) -> None:
    plan = read_folder(unpack(chapter("Example 1"), tmp_path))
    red = {finding.rule for finding in check_plan(plan).findings if finding.severity == "red"}
    assert {"NOORG-001", "STOP-001", "WARN-001", "EGR-005", "NECK-002"} <= red
    for file in tmp_path.iterdir():
        validate(file)


def test_the_well_run_extract_is_read_and_has_nothing_red(tmp_path: Path) -> None:
    plan = read_folder(unpack(chapter("Example 2"), tmp_path))
    assert [finding.rule for finding in check_plan(plan).findings if finding.severity == "red"] == []
    for file in tmp_path.iterdir():
        validate(file)


def test_small_pieces_of_yaml_and_json_are_valid() -> None:
    text = FORMAT.read_text(encoding="utf-8")
    for piece in re.findall(r"```json\n(.*?)```", text, re.DOTALL):
        json.loads(piece)
    for piece in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        groups = (
            re.split(r"\n(?=expected:|name:)", piece) if "grade: A}" in piece or "Bozor" in piece else [piece]
        )
        for group in groups:
            read(group)


def test_every_family_is_in_the_table_of_data() -> None:
    listed = re.findall(r"^\| \[([A-Z]+)\]", chapter("What makes which check speak"), re.MULTILINE)
    assert listed == list(FAMILIES)


def test_every_rule_has_a_page() -> None:
    pages = {path.stem for path in (DOCS / "rules").glob("*-*.md")}
    assert pages == {rule.id for rule in list_checked_rules()}


def generated() -> list[Path]:
    return [*(DOCS / "format").glob("*.md"), *(DOCS / "rules").glob("*.md"), DOCS / "how-to-add-a-rule.md"]


def anchors(path: Path) -> set[str]:
    """Returns the anchors of a page as code hosts make them from its headings."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", generated(), ids=lambda path: path.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith("http"):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), target


def test_pages_hold_no_unfilled_places() -> None:
    for page in generated():
        assert "{{" not in page.read_text(encoding="utf-8"), page

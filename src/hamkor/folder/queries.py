# SPDX-License-Identifier: Apache-2.0
"""Reading an event folder: files become a plan, or every fault is named."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.common.validation import suggest
from hamkor.folder import json_text, yaml_text
from hamkor.folder.conversion import convert
from hamkor.folder.rendering import as_geojson
from hamkor.folder.rules import (
    MAX_FAULTS_SHOWN,
    MAX_FILE_BYTES,
    MAX_YAML_BYTES,
    Fault,
    FolderUnusableError,
    json_fault,
    yaml_fault,
)
from hamkor.folder.schemas import describe_structs, list_schemas, part_schema
from hamkor.folder.validation import find_faults
from hamkor.plans.rules.plan import PARTS, Part, Plan
from hamkor.venues.rules.features import Venue

__all__ = [
    "KNOWN_FILES",
    "VENUE_FILE",
    "as_geojson",
    "describe_structs",
    "list_schemas",
    "part_schema",
    "read_folder",
]

EVENT_FILE = "event.yaml"
VENUE_FILE = "venue.geojson"
KNOWN_FILES = [f"{part.name}.yaml" for part in PARTS] + [VENUE_FILE]
DATA_SUFFIXES = {".yaml", ".yml", ".geojson"}
NEARLY_A_FILE = 0.8
Steps = tuple[str | int, ...]


class _Reading:
    """One reading of a folder: the texts, the values and the faults so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.texts: dict[str, str] = {}
        self.faults: list[Fault] = []

    def add(self, code: str, file: str, template: str, **facts: Any) -> None:
        self.faults.append(Fault(code, file, "", None, Message(template, facts)))


def read_folder(path: Path) -> Plan:
    """Returns the plan written in a folder.

    Args:
        path: The folder, or its ``event.yaml``.

    Raises:
        FolderUnusableError: With every fault found (at most 40), each with file, place, line and remedy.
    """
    reading = _Reading(path.parent if path.name == EVENT_FILE else path)
    _refuse_strangers(reading, _names_in(reading))
    values: dict[str, Any] = {}
    for part in PARTS:
        _read_part(reading, part, values)
    _read_venue(reading, values)
    if not reading.faults:
        plan = Plan(**values)
        reading.faults += find_faults(plan)
    if reading.faults:
        raise FolderUnusableError(str(path), _placed(reading))
    return plan


def _names_in(reading: _Reading) -> list[str]:
    """Returns the names of what lies in the folder, without hidden files."""
    root = reading.root
    try:
        names = sorted(path.name for path in root.iterdir() if not path.name.startswith("."))
    except (OSError, ValueError) as error:
        missing = isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError))
        reading.add(
            "no-folder" if missing else "unreadable",
            root.name or str(root),
            N_("There is no such folder. Give the folder that holds `event.yaml`.")
            if missing
            else N_("The folder cannot be opened. Ask its owner for the right to read it."),
        )
        raise FolderUnusableError(str(root), reading.faults) from None
    if EVENT_FILE not in names:
        reading.add(
            "no-event",
            EVENT_FILE,
            N_("The folder has no `event.yaml`. Make one with `hamkor new FOLDER`."),
        )
    return names


def _refuse_strangers(reading: _Reading, names: list[str]) -> None:
    """Names files that look like data but are not part of the format: probably misspelt."""
    for name in names:
        is_data = Path(name).suffix.lower() in DATA_SUFFIXES
        is_near = name not in KNOWN_FILES and difflib.get_close_matches(name, KNOWN_FILES, 1, NEARLY_A_FILE)
        if name not in KNOWN_FILES and (is_data or is_near):
            reading.add(
                "unknown-file",
                name,
                N_("This file is not part of an event folder. {suggestion}"),
                suggestion=suggest(name, KNOWN_FILES),
            )


def _read_text(reading: _Reading, file: str) -> str | None:
    path = reading.root / file
    if not path.is_symlink() and not path.exists():
        return None
    if not _is_inside(reading.root, path):
        reading.add(
            "outside-folder",
            file,
            N_("This points outside the event folder or is no ordinary file. Put the file itself here."),
        )
        return None
    try:
        return _decoded(reading, file, path)
    except OSError as error:
        reading.add(
            "unreadable",
            file,
            N_("It cannot be read: {reason}. Ask its owner for the right to read it."),
            reason=error.strerror or type(error).__name__,
        )
        return None


def _is_inside(root: Path, path: Path) -> bool:
    try:
        return path.is_file() and path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a link that leads back to itself
        return False


def _decoded(reading: _Reading, file: str, path: Path) -> str | None:
    limit_bytes = MAX_FILE_BYTES if file == VENUE_FILE else MAX_YAML_BYTES
    size_bytes = path.stat().st_size
    if size_bytes > limit_bytes:
        reading.add(
            "file-too-large",
            file,
            N_("The file has {size_mb} MB; at most {limit_mb} MB are read. Split or simplify it."),
            size_mb=round(size_bytes / 1e6, 1),
            limit_mb=limit_bytes / 1e6,
        )
        return None
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = Message(
            N_("Byte {position} is not UTF-8. Save the file as UTF-8."), {"position": error.start}
        )
        reading.faults.append(Fault("not-utf8", file, "", line, message))
        return None
    if not text.strip():
        reading.add(
            "empty-file", file, N_("The file is empty. Fill it in, or remove it if nothing is known.")
        )
        return None
    reading.texts[file] = text
    return text


def _read_part(reading: _Reading, part: Part, values: dict[str, Any]) -> None:
    file = f"{part.name}.yaml"
    text = _read_text(reading, file)
    if text is None:
        return
    try:
        raw = yaml_text.read(text)
    except yaml_text.YamlFaultError as fault:
        reading.faults.append(yaml_fault(file, fault))
        return
    if part.is_list:
        _convert_list(reading, part, raw, values)
        return
    value, faults = convert({} if raw is None else raw, part.body, file=file, base="")
    reading.faults += faults
    values[part.name] = value


def _convert_list(reading: _Reading, part: Part, raw: Any, values: dict[str, Any]) -> None:
    """Reads a list; a file of comments only, or a key with nothing behind it, leaves the part unknown."""
    file = f"{part.name}.yaml"
    if raw is None or raw == {part.name: None}:
        return
    if not isinstance(raw, dict) or set(raw) != {part.name} or not isinstance(raw[part.name], list):
        reading.add(
            "wrong-top",
            file,
            N_("The file must hold one key, `{key}:`, with a list below it (or `{key}: []` for none)."),
            key=part.name,
        )
        return
    items = []
    for index, item in enumerate(raw[part.name]):
        value, faults = convert(item, part.body, file=file, base=f"{part.name}[{index}]")
        items.append(value)
        reading.faults += faults
    values[part.name] = tuple(items)


def _read_venue(reading: _Reading, values: dict[str, Any]) -> None:
    text = _read_text(reading, VENUE_FILE)
    if text is None:
        return
    try:
        raw = json_text.read(text)
    except json_text.JsonFaultError as fault:
        reading.faults.append(json_fault(VENUE_FILE, fault))
        return
    if not isinstance(raw, dict) or not isinstance(raw.get("features"), list):
        reading.add(
            "wrong-top",
            VENUE_FILE,
            N_("The file must be a GeoJSON FeatureCollection with a list `features`. Add both."),
        )
        return
    values["venue"], faults = convert(raw, Venue, file=VENUE_FILE, base="")
    reading.faults += faults


def _placed(reading: _Reading) -> list[Fault]:
    """Returns the faults shown, with the line of each where the text has one."""
    finders: dict[str, Callable[[Steps], int | None]] = {}
    placed = []
    for fault in reading.faults[:MAX_FAULTS_SHOWN]:
        if fault.line is not None or not fault.place or fault.file not in reading.texts:
            placed.append(fault)
            continue
        if fault.file not in finders:
            finders[fault.file] = _line_finder(fault.file, reading.texts[fault.file])
        line = finders[fault.file](_path_of(fault.place))
        placed.append(msgspec.structs.replace(fault, line=line))
    return placed


def _line_finder(file: str, text: str) -> Callable[[Steps], int | None]:
    if file == VENUE_FILE:
        return json_text.Lines(text).line_of
    return partial(yaml_text.line_of, yaml_text.find_lines(text))


def _path_of(place: str) -> Steps:
    """Returns the steps of a place such as ``duties[3].person``."""
    steps = re.findall(r"\[(\d+)\]|([^.\[\]]+)", place)
    return tuple(int(index) if index else key for index, key in steps)

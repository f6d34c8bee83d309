# SPDX-License-Identifier: Apache-2.0
"""Reading an event folder: files become a plan, or every fault is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.folder import yaml_text
from hamkor.folder.rules import (
    MAX_FAULTS_SHOWN,
    MAX_FILE_BYTES,
    Fault,
    FolderUnusableError,
    suggest,
    validation_fault,
    yaml_fault,
)
from hamkor.folder.validation import find_faults
from hamkor.plans.rules.plan import PARTS, Part, Plan
from hamkor.venues.rules.features import Feature, Venue

VENUE_FILE = "venue.geojson"
KNOWN_FILES = [f"{part.name}.yaml" for part in PARTS] + [VENUE_FILE]
DATA_SUFFIXES = {".yaml", ".yml", ".geojson", ".json"}


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
    root = path.parent if path.name == "event.yaml" else path
    reading = _Reading(root)
    _require_folder(reading)
    _refuse_strangers(reading)
    values: dict[str, Any] = {}
    for part in PARTS:
        _read_part(reading, part, values)
    _read_venue(reading, values)
    if "event" not in values and not reading.faults:
        reading.add(
            "no-event",
            "event.yaml",
            N_("The folder has no `event.yaml`. Make one with `hamkor new FOLDER`."),
        )
    if not reading.faults:
        plan = Plan(**values)
        reading.faults += find_faults(plan)
    if reading.faults:
        raise FolderUnusableError(str(path), _placed(reading))
    return plan


def _require_folder(reading: _Reading) -> None:
    if not reading.root.is_dir():
        reading.add(
            "no-folder",
            reading.root.name or str(reading.root),
            N_("There is no such folder. Give the folder that holds `event.yaml`."),
        )
        raise FolderUnusableError(str(reading.root), reading.faults)


def _refuse_strangers(reading: _Reading) -> None:
    """Names files that look like data but are not part of the format: probably misspelt."""
    for path in sorted(reading.root.iterdir()):
        if path.suffix.lower() in DATA_SUFFIXES and path.name not in KNOWN_FILES:
            reading.add(
                "unknown-file",
                path.name,
                N_("This file is not part of an event folder. {suggestion}"),
                suggestion=suggest(path.name, KNOWN_FILES),
            )


def _read_text(reading: _Reading, file: str) -> str | None:
    path = reading.root / file
    if not path.exists() and not path.is_symlink():
        return None
    if not path.resolve().is_relative_to(reading.root.resolve()) or not path.is_file():
        reading.add(
            "outside-folder",
            file,
            N_("This points outside the event folder or is no ordinary file. Put the file itself here."),
        )
        return None
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        reading.add(
            "file-too-large",
            file,
            N_("The file has {size_mb} MB; at most {limit_mb} MB are read. Split or simplify it."),
            size_mb=round(size / 1e6, 1),
            limit_mb=MAX_FILE_BYTES / 1e6,
        )
        return None
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reading.add(
            "not-utf8",
            file,
            N_("Byte {position} is not UTF-8. Save the file as UTF-8."),
            position=error.start,
        )
        return None
    except OSError as error:
        reading.add("unreadable", file, N_("It cannot be read: {reason}."), reason=error.strerror or "")
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
    try:
        values[part.name] = msgspec.convert({} if raw is None else raw, part.body)
    except msgspec.ValidationError as error:
        reading.faults.append(validation_fault(file, error, part.body, ""))


def _convert_list(reading: _Reading, part: Part, raw: Any, values: dict[str, Any]) -> None:
    file = f"{part.name}.yaml"
    if not isinstance(raw, dict) or set(raw) != {part.name} or not isinstance(raw[part.name] or [], list):
        reading.add(
            "wrong-top",
            file,
            N_("The file must hold one key, `{key}:`, with a list below it (or `{key}: []` for none)."),
            key=part.name,
        )
        return
    items = []
    for index, item in enumerate(raw[part.name] or []):
        try:
            items.append(msgspec.convert(item, part.body))
        except msgspec.ValidationError as error:
            base = f"{part.name}[{index}]"
            reading.faults.append(validation_fault(file, error, part.body, base))
    values[part.name] = tuple(items)


def _read_venue(reading: _Reading, values: dict[str, Any]) -> None:
    text = _read_text(reading, VENUE_FILE)
    if text is None:
        return
    try:
        raw = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        reading.add(
            "json-broken",
            VENUE_FILE,
            N_("This is not valid JSON: {detail}. Check brackets, commas and quotes."),
            detail=str(error).removeprefix("JSON is malformed: "),
        )
        return
    if not isinstance(raw, dict) or not isinstance(raw.get("features"), list):
        reading.add(
            "wrong-top",
            VENUE_FILE,
            N_("The file must be a GeoJSON FeatureCollection with a list `features`."),
        )
        return
    features = _convert_features(reading, raw["features"])
    try:
        venue = msgspec.convert({**raw, "features": []}, Venue)
    except msgspec.ValidationError as error:
        reading.faults.append(validation_fault(VENUE_FILE, error, Venue, ""))
        return
    values["venue"] = msgspec.structs.replace(venue, features=tuple(features))


def _convert_features(reading: _Reading, raw_features: list[Any]) -> list[Feature]:
    features = []
    for index, raw in enumerate(raw_features):
        try:
            features.append(msgspec.convert(raw, Feature))
        except msgspec.ValidationError as error:
            base = f"features[{index}]"
            reading.faults.append(validation_fault(VENUE_FILE, error, Feature, base))
    return features


def _placed(reading: _Reading) -> list[Fault]:
    """Returns the faults shown, with the line of each where the text has one."""
    placed = []
    for fault in reading.faults[:MAX_FAULTS_SHOWN]:
        text = reading.texts.get(fault.file)
        if fault.line is None and fault.place and text is not None:
            line = yaml_text.locate(text, _path_of(fault.place))
            placed.append(msgspec.structs.replace(fault, line=line))
        else:
            placed.append(fault)
    return placed


def _path_of(place: str) -> tuple[str | int, ...]:
    """Returns the steps of a place such as ``duties[3].person``."""
    steps: list[str | int] = []
    for piece in place.replace("[", ".[").split("."):
        if piece.startswith("["):
            inner = piece.strip("[]")
            if inner.isdigit():
                steps.append(int(inner))
        elif piece:
            steps.append(piece)
    return tuple(steps)

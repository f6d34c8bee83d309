# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with an event folder, and how to say it."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.common.validation import explain, shorten, suggest
from hamkor.folder import json_text, yaml_text

MAX_FILE_BYTES = 20_000_000
MAX_YAML_BYTES = 4_000_000
MAX_FAULTS_SHOWN = 40


class Fault(msgspec.Struct, frozen=True):
    """One thing that makes a folder unusable.

    Args:
        code: Stable identifier in kebab case.
        file: Name of the file in the folder, or of the folder itself.
        place: Path inside the file such as ``duties[3].person``, empty for the whole file.
        line: Line from 1, or None when it cannot be told.
        message: What is wrong and how to mend it.
    """

    code: str
    file: str
    place: str
    line: int | None
    message: Message


class FolderUnusableError(HamkorError):
    """The folder cannot be read: every fault found, in order of files."""

    def __init__(self, path: str, faults: list[Fault]) -> None:
        super().__init__(
            "folder-unusable",
            N_("{path} cannot be used; nothing was checked. Faults found: {count}."),
            path=path,
            count=len(faults),
        )
        self.faults = faults


YAML_FAULTS = {
    "yaml-broken": N_("This is not valid YAML: {detail}. Check indentation, quotes and brackets here."),
    "yaml-alias": N_("Anchors, aliases and tags (`&`, `*`, `!`) are not allowed. Write the value out."),
    "yaml-duplicate-key": N_("The key `{detail}` stands twice. Keep one of them."),
    "yaml-several-documents": N_("The file holds several documents. Remove the `---` line."),
    "yaml-too-deep": N_("Values are nested more than {detail} deep. Write the file flatter."),
    "yaml-key": N_("A key must be a plain word. Write `name: value`."),
    "yaml-not-finite": N_(
        "`{detail}` is not a usable number. Write an ordinary number or leave the key out."
    ),
    "yaml-moment": N_("`{detail}` is no moment of any calendar. Write it like `2027-03-21 18:00`."),
}


def yaml_fault(file: str, fault: yaml_text.YamlFaultError) -> Fault:
    """Returns the fault of a text that is not our YAML."""
    return Fault(fault.code, file, "", fault.line, Message(YAML_FAULTS[fault.code], {"detail": fault.detail}))


JSON_FAULTS = {
    "json-broken": N_("This is not valid JSON: {detail}. Check brackets, commas and quotes here."),
    "json-duplicate-key": N_("The key `{detail}` stands twice in one object. Keep one of them."),
    "json-not-finite": N_("JSON has no {detail}. Write an ordinary number or leave the key out."),
    "json-too-deep": N_("Values are nested too deep. Write the file flatter."),
}


def json_fault(file: str, fault: json_text.JsonFaultError) -> Fault:
    """Returns the fault of a text that is not our JSON."""
    return Fault(fault.code, file, "", fault.line, Message(JSON_FAULTS[fault.code], {"detail": fault.detail}))


def unknown_key(file: str, base: str, key: str, *, known: list[str]) -> Fault:
    """Returns the fault of a key nobody knows, with the nearest known one."""
    place = f"{base}.{key}" if base else key
    facts = {"key": shorten(key), "suggestion": suggest(key, known)}
    return Fault(
        "unknown-key",
        file,
        place,
        None,
        Message(N_("The key `{key}` is not known here. {suggestion}"), facts),
    )


def missing_key(file: str, base: str, key: str) -> Fault:
    """Returns the fault of a key that must be there."""
    return Fault(
        "missing-key", file, base, None, Message(N_("The key `{key}` is missing. Add it."), {"key": key})
    )


def validation_fault(file: str, error: msgspec.ValidationError, wanted: Any, *, base: str) -> Fault:
    """Returns the fault msgspec found, in our words, with the place and a suggestion.

    Args:
        file: Name of the file.
        error: What msgspec raised.
        wanted: Type the value was to become.
        base: Place of the value inside the file, such as ``duties[3]``.
    """
    found = explain(error, wanted)
    return Fault(found.code, file, (base + found.place).lstrip("."), None, found.message)

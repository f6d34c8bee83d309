# SPDX-License-Identifier: Apache-2.0
"""Turning plain values into structs, with every fault found and not only the first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from hamkor.folder.rules import Fault, missing_key, unknown_key, validation_fault
from hamkor.folder.yaml_text import as_moment

_BAD_MOMENT = re.compile(r"Invalid RFC3339 encoded datetime - at `\$(?P<at>[^`]*)`")
_STEP = re.compile(r"\.(?P<key>[^.\[\]]+)|\[(?P<index>\d+)\]")


def convert(raw: Any, wanted: Any, *, file: str, base: str) -> tuple[Any, list[Fault]]:
    """Returns the value as the wanted type with no faults, or None with all faults found in it.

    Args:
        raw: Dicts, lists, texts, numbers, booleans, moments, None; quoted moments in it become moments.
        wanted: A struct or any other type msgspec knows.
        file: Name of the file, for the faults.
        base: Place of the value in the file, such as ``duties[3]``.
    """
    value, error = _try(raw, wanted)
    if error is None:
        return value, []
    faults = list(_faults_within(raw, wanted, file, base))
    return None, faults or [validation_fault(file, error, wanted, base=base)]


def _try(raw: Any, wanted: Any) -> tuple[Any, msgspec.ValidationError | None]:
    """Returns the converted value; a moment written in quotes, or in JSON, is taken where one is wanted."""
    try:
        while True:
            try:
                return msgspec.convert(raw, wanted), None
            except msgspec.ValidationError as error:
                said = _BAD_MOMENT.fullmatch(str(error))
                if said is None or not _revive(raw, said["at"]):
                    return None, error
    except RecursionError:
        return None, msgspec.ValidationError("nested too deep")


def _revive(raw: Any, at: str) -> bool:
    """Puts a moment in the place of the text that stands for one; False when it stands for none."""
    steps = [int(step["index"]) if step["index"] else step["key"] for step in _STEP.finditer(at)]
    if not steps:
        return False
    try:
        for step in steps[:-1]:
            raw = raw[step]
        moment = as_moment(raw[steps[-1]])
    except (KeyError, IndexError, TypeError):
        return False
    if moment is not None:
        raw[steps[-1]] = moment
    return moment is not None


def _faults_within(raw: Any, wanted: Any, file: str, base: str) -> Iterator[Fault]:
    """Yields the faults of each key of a struct, or of each item of a list."""
    struct = _struct_of(raw, wanted)
    if struct is not None and isinstance(raw, dict):
        yield from _faults_of_keys(raw, struct, file, base)
    items = _arguments_of(wanted, tuple)
    if items and isinstance(raw, list) and _has_struct(items[0]):
        for index, value in enumerate(raw):
            yield from convert(value, items[0], file=file, base=f"{base}[{index}]")[1]
    entries = _arguments_of(wanted, dict)
    if entries and isinstance(raw, dict):
        for key, value in raw.items():
            for part, kind in ((key, entries[0]), (value, entries[1])):
                yield from convert(part, kind, file=file, base=_join(base, key))[1]


def _faults_of_keys(
    raw: dict[str, Any], struct: type[msgspec.Struct], file: str, base: str
) -> Iterator[Fault]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    tag_field = struct.__struct_config__.tag_field
    for key, value in raw.items():
        if key in fields:
            yield from convert(value, fields[key].type, file=file, base=_join(base, key))[1]
        elif key != tag_field:
            yield unknown_key(file, base, key, known=list(fields))
    strangers = [key for key in raw if key not in fields]
    for key, field in fields.items():
        is_misspelt = bool(difflib.get_close_matches(key, strangers, 1))  # told above, with this suggestion
        if field.required and key not in raw and not is_misspelt:
            yield missing_key(file, base, key)


def _join(base: str, key: str) -> str:
    return f"{base}.{key}" if base else key


def _struct_of(raw: Any, wanted: Any) -> type[msgspec.Struct] | None:
    """Returns the struct meant: the only one of the type, or the one with the value's tag."""
    structs = [arm for arm in _arms(wanted) if isinstance(arm, type) and issubclass(arm, msgspec.Struct)]
    if len(structs) == 1 and structs[0].__struct_config__.tag_field is None:
        return structs[0]
    for struct in structs:
        config = struct.__struct_config__
        if isinstance(raw, dict) and raw.get(str(config.tag_field)) == config.tag:
            return struct
    return None


def _has_struct(wanted: Any) -> bool:
    """True when a list of such items is worth looking into: of a list of numbers one fault is enough."""
    return any(isinstance(arm, type) and issubclass(arm, msgspec.Struct) for arm in _arms(wanted))


def _arguments_of(wanted: Any, origin: type) -> tuple[Any, ...]:
    """Returns the arguments of the alternative that is such a generic type, none if there is no such."""
    return next((get_args(arm) for arm in _arms(wanted) if get_origin(arm) is origin), ())


def _arms(wanted: Any) -> list[Any]:
    """Returns the alternatives of a type, without annotations."""
    if get_origin(wanted) is Annotated:
        return _arms(get_args(wanted)[0])
    if get_origin(wanted) not in {Union, UnionType}:
        return [wanted]
    return [arm for alternative in get_args(wanted) for arm in _arms(alternative)]

# SPDX-License-Identifier: Apache-2.0
"""JSON Schemas of the files of an event folder, for editors and for programs that write folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, get_args, get_origin

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Moment
from hamkor.folder.words import explain_words
from hamkor.plans.rules.plan import PARTS, Part
from hamkor.venues.rules.features import Venue

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID_PREFIX = "urn:hamkor:event-folder:1:"
VENUE = Part("venue", Venue, "venue")
MOMENT_PATTERN = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?$"
_MOMENT_DESCRIPTION = get_args(Moment)[1].description


def list_schemas() -> tuple[str, ...]:
    """Returns the names of the files' schemas: every part in the order of the format, and the venue."""
    return tuple(part.name for part in (*PARTS, VENUE))


def part_schema(name: str) -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of one file.

    Args:
        name: Part such as ``duties``, or ``venue`` for ``venue.geojson``.

    Returns:
        A schema of what the file holds; moments are texts such as ``2027-03-21 18:00``.

    Raises:
        HamkorError: ``unknown-part``.
    """
    part = next((part for part in (*PARTS, VENUE) if part.name == name), None)
    if part is None:
        raise HamkorError(
            "unknown-part",
            N_("An event folder has no part `{name}`. Choose one of: {names}."),
            name=name,
            names=list(list_schemas()),
        )
    (top,), definitions = describe_structs([part.body], ref_template="#/$defs/{name}")
    for struct in _structs_of(part.body):
        _limit_keys(struct, definitions[struct.__name__])
    root = part.body.__name__
    body = _list_of(part, top) if part.is_list else definitions.pop(root)
    return {
        "$schema": DIALECT,
        "$id": ID_PREFIX + name,
        "title": f"{file_of(part)}: {(definitions[root] if part.is_list else body)['title']}",
        **{key: value for key, value in body.items() if key != "title"},
        "$defs": definitions,
    }


def describe_structs(
    bodies: Sequence[Any], *, ref_template: str
) -> tuple[tuple[dict[str, Any], ...], dict[str, dict[str, Any]]]:
    """Returns JSON Schemas of structs, with the form of moments and the meaning of words in them.

    Args:
        bodies: Structs, or other types msgspec knows.
        ref_template: How one schema refers to another by its `{name}`.

    Returns:
        A schema for each body, and the schemas they refer to by their names.
    """
    tops, components = msgspec.json.schema_components(bodies, ref_template=ref_template)
    return tuple(_finished(top) for top in tops), {
        key: _finished(schema) for key, schema in components.items()
    }


def file_of(part: Part) -> str:
    """Returns the name of a part's file."""
    return "venue.geojson" if part.name == VENUE.name else f"{part.name}.yaml"


def _list_of(part: Part, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": f"A list under the key `{part.name}`. Each item: {first_line(part.body)}",
        "type": "object",
        "properties": {part.name: {"anyOf": [{"type": "array", "items": item}, {"type": "null"}]}},
        "required": [part.name],
        "additionalProperties": False,
    }


def first_line(struct: type[Any]) -> str:
    """Returns the first line of a struct's description."""
    return (struct.__doc__ or "").strip().splitlines()[0]


def _finished(schema: Any) -> Any:
    """Returns a schema with the form of moments and the meaning of words in it."""
    if isinstance(schema, list):
        return [_finished(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: _finished(value) for key, value in schema.items()}
    if result.get("description") == _MOMENT_DESCRIPTION:
        result["pattern"] = MOMENT_PATTERN
    meanings = explain_words(result["enum"]) if isinstance(result.get("enum"), list) else {}
    said = result.get("description", "")
    if len(meanings) > 1 and not all(word in said for word in meanings):
        told = "; ".join(f"`{word}`: {meaning}" for word, meaning in meanings.items())
        result["description"] = f"{said} {told}.".strip()
    return result


def _structs_of(body: type[Any]) -> list[type[msgspec.Struct]]:
    """Returns every struct reachable from one, itself first."""
    found: list[type[msgspec.Struct]] = []
    waiting: list[Any] = [body]
    while waiting:
        hint = waiting.pop()
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            if hint not in found:
                found.append(hint)
                waiting += [field.type for field in msgspec.structs.fields(hint)]
        else:
            waiting += [argument for argument in get_args(hint) if get_origin(hint) is not Literal]
    return found


def _limit_keys(struct: type[msgspec.Struct], schema: dict[str, Any]) -> None:
    """Adds which keys a mapping may have; msgspec's schema tells the values only."""
    for field in msgspec.structs.fields(struct):
        words = [_words(get_args(hint)[0]) for hint in _hints(field.type) if get_origin(hint) is dict]
        mappings = _mappings(schema["properties"][field.encode_name])
        for allowed, mapping in zip(words, mappings, strict=True):
            mapping["propertyNames"] = {"enum": allowed} if allowed else {"minLength": 1}


def _hints(hint: Any) -> Iterator[Any]:
    """Yields a type and every type inside it that is not a struct's own."""
    yield hint
    if get_origin(hint) is not Literal:
        for argument in get_args(hint):
            yield from _hints(argument)


def _words(hint: Any) -> list[str]:
    return [str(word) for inner in _hints(hint) if get_origin(inner) is Literal for word in get_args(inner)]


def _mappings(schema: Any) -> list[dict[str, Any]]:
    """Returns the schemas of mappings inside a schema, not those of structs it refers to."""
    if isinstance(schema, list):
        return [found for item in schema for found in _mappings(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if isinstance(schema.get("additionalProperties"), dict) else []
    return own + [found for value in schema.values() for found in _mappings(value)]

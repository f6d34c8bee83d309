# SPDX-License-Identifier: Apache-2.0
"""The description of the interface: paths from the operations, schemas from the structs that are read and written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from hamkor.folder.queries import describe_structs
from hamkor.workspace.api.shapes import Problem, Tag
from hamkor.workspace.tokens import Scope

JSON = "application/json"
REFERENCE = "#/components/schemas/{name}"
_MARK = "x-struct"
_structs: dict[str, type[msgspec.Struct]] = {}


class Parameter(msgspec.Struct, frozen=True):
    """A parameter as the page of operations shows it."""

    name: str
    where: str
    about: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An operation as the page of operations shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: tuple[Parameter, ...]
    body: str
    answer: str


def described(
    summary: str,
    *,
    tag: Tag,
    scope: Scope,
    answer: type[msgspec.Struct] | None = None,
    body: type[msgspec.Struct] | None = None,
    status: int = 200,
    media_type: str = JSON,
) -> dict[str, Any]:
    """Returns what the router is told about an operation beside its address.

    Args:
        summary: What it does.
        tag: Group it is listed in.
        scope: Scope a token needs.
        answer: Struct of the answer, None for a file.
        body: Struct of what is sent, None when nothing is.
        status: Status when it is done.
        media_type: Media type of the answer.
    """
    content = {"schema": _marked(answer) if answer is not None else {}}
    extra: dict[str, Any] = {
        "x-scope": scope,
        "responses": {
            status: {"description": "Done.", "content": {media_type: content}},
            "default": {
                "description": "Not done; the problem says why (RFC 9457).",
                "content": {"application/problem+json": {"schema": _marked(Problem)}},
            },
        },
    }
    if status == 200:
        extra["responses"][304] = {"description": "Not changed since the `ETag` that was given."}
    if body is not None:
        extra["requestBody"] = {"required": True, "content": {JSON: {"schema": _marked(body)}}}
    return {"summary": summary, "tags": [tag], "response": {status: None}, "openapi_extra": extra}


def complete(schema: dict[str, Any]) -> None:
    """Puts the schemas of all structs into a description and leads every mark to its schema."""
    names = list(_structs)
    tops, components = describe_structs([_structs[name] for name in names], ref_template=REFERENCE)
    schema["components"]["schemas"] = components
    schema["components"]["securitySchemes"] = {"Token": {"type": "http", "scheme": "bearer"}}
    schema["security"] = [{"Token": []}]
    schema["paths"] = _resolved(schema["paths"], dict(zip(names, tops, strict=True)))
    for operation in _operations(schema):
        operation[2].pop("security", None)


def list_operations(schema: Mapping[str, Any]) -> list[tuple[str, list[Shown]]]:
    """Returns the operations of a description by group, for a page."""
    groups: dict[str, list[Shown]] = {}
    for path, method, operation in _operations(schema):
        groups.setdefault(operation["tags"][0], []).append(_shown(path, method, operation))
    return list(groups.items())


def _shown(path: str, method: str, operation: Mapping[str, Any]) -> Shown:
    parameters = tuple(
        Parameter(each["name"], each["in"], each.get("description", "")) for each in operation["parameters"]
    )
    contents = [
        content
        for code, response in operation["responses"].items()
        if str(code).startswith("2")
        for content in response.get("content", {}).items()
    ]
    media_type, content = contents[0]
    body = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema", {})
    return Shown(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        scope=operation.get("x-scope", ""),
        parameters=parameters,
        body=_name_of(body),
        answer=_name_of(content["schema"]) or media_type,
    )


def _operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _name_of(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _marked(struct: type[msgspec.Struct]) -> dict[str, str]:
    name = f"{struct.__module__}.{struct.__qualname__}"
    _structs[name] = struct
    return {_MARK: name}


def _resolved(value: Any, tops: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, tops) for item in value]
    if not isinstance(value, dict):
        return value
    if _MARK in value:
        return tops[value[_MARK]]
    return {str(key): _resolved(item, tops) for key, item in value.items()}

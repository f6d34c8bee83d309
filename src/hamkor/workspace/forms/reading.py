# SPDX-License-Identifier: Apache-2.0
"""Values of a form that was sent as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.http import QueryDict

from hamkor.workspace.forms.fields import FieldView
from hamkor.workspace.forms.typing_in import kind_of, parse


def values_posted(
    body: type[msgspec.Struct], fields: Iterable[FieldView], posted: QueryDict, *, language: str
) -> dict[str, Any]:
    """Returns what was typed, by field, as JSON shows it; what was left empty is absent.

    Args:
        body: Struct the fields belong to.
        fields: The fields of the form.
        posted: What was sent.
        language: Language of the page.
    """
    types = {info.encode_name: info.type for info in msgspec.structs.fields(body)}
    found = {field.path: _value(types[field.path], field, posted, language) for field in fields}
    return {path: value for path, value in found.items() if value is not None}


def _value(hint: Any, field: FieldView, posted: QueryDict, language: str) -> Any:
    if field.type == "list":
        return list(posted.getlist(field.path)) or None
    raw = posted.get(field.path, "").strip()
    if field.type == "boolean":
        return {"true": True, "false": False}.get(raw)
    return parse(kind_of(hint), raw or None, language=language, before=None)

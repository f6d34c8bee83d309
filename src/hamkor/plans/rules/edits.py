# SPDX-License-Identifier: Apache-2.0
"""What people ask for when they change a plan, and why it may be refused."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.common.validation import shorten
from hamkor.journal.rules import NUMBER_MAX

MAX_EDITS = 20_000
MAX_DEPTH = 12


class _Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit"):
    pass


class SetFields(_Edit, frozen=True, kw_only=True, tag="set"):
    """Sets or unsets fields of one document; others are left as they are.

    Args:
        part: Part of the plan, such as `duties`; `venue` for the drawing.
        id: Id of the item or feature; None for a part that is one document, and for the drawing itself.
        fields: Value as JSON shows it, or None to unset, by path (`hamkor.plans.rules.fields`): `permit/state`,
            `channels/radio-1/works`; `channels/radio-2` adds or replaces an item inside a document.
        seen: Value the editor saw, by path; None for one that was not given. A field without one is never in conflict.
    """

    part: str
    id: str | None = None
    fields: dict[str, Any]
    seen: dict[str, Any] = {}


class ChangeMembers(_Edit, frozen=True, kw_only=True, tag="members"):
    """Puts words into a list, or takes them out; what others put there at the same moment stays.

    Args:
        part: Part of the plan, such as `duties`.
        id: Id of the item; None for a part that is one document.
        path: The list, such as `supporting`.
        add: Words that must be in it, at its end when they are new.
        remove: Words that must not be in it.
    """

    part: str
    id: str | None = None
    path: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class AddItem(_Edit, frozen=True, kw_only=True, tag="add"):
    """Adds an item to a list part, a feature to `venue`, or a part that is one document.

    Args:
        part: Part of the plan.
        body: The whole item as JSON shows it. Without an `id` it gets a readable one.
    """

    part: str
    body: dict[str, Any]


class RemoveItem(_Edit, frozen=True, kw_only=True, tag="remove"):
    """Removes an item, a feature, or a part that is one document.

    Args:
        part: Part of the plan.
        id: Id of the item; None for a part that is one document, and for the empty drawing.
        and_references: Takes away what refers to it in the same command; otherwise an item in use stays.
    """

    part: str
    id: str | None = None
    and_references: bool = False


class OpenPart(_Edit, frozen=True, kw_only=True, tag="open"):
    """Says that a list part, or the drawing, is known to be empty so far.

    Args:
        part: Part of the plan.
    """

    part: str


class ClosePart(_Edit, frozen=True, kw_only=True, tag="close"):
    """Says that nothing is known about a list part; it must be empty.

    Args:
        part: Part of the plan.
    """

    part: str


Edit = SetFields | ChangeMembers | AddItem | RemoveItem | OpenPart | ClosePart


class EditRefusedError(HamkorError):
    """An edit cannot be made; nothing of the command was done.

    Args:
        code: Stable identifier in kebab case.
        reason: What is wrong and how to mend it.
        part: Part of the plan.
        id: Id of the item, or None.
        path: Field inside it, or empty.
    """

    def __init__(
        self, code: str, reason: Message, *, part: str, id: str | None = None, path: str = ""
    ) -> None:
        self.part, self.id, self.path = part, id, path
        place = " › ".join(shorten(step) for step in (part, id or "", path) if step)
        super().__init__(code, N_("{place}: {reason}"), place=place, reason=reason)


def as_sent(edit: Edit, *, without: Collection[str] = ()) -> Any:
    """Returns an edit as JSON shows it, to know it again when it is sent twice.

    Args:
        edit: The edit.
        without: Fields that are left out, because they must not be kept even as a digest.

    Raises:
        EditRefusedError: ``value-strange``.
    """
    told: dict[str, Any] = {"edit": type(edit).__name__}
    for name in edit.__struct_fields__:
        value = getattr(edit, name)
        if isinstance(value, dict):
            value = {key: each for key, each in value.items() if key not in without}
        told[name] = as_json(value, edit=edit)
    return told


def as_json(value: Any, *, edit: Edit, path: str = "", depth: int = 0) -> Any:
    """Returns a value as JSON would bring it.

    Args:
        value: What was given.
        edit: The edit it belongs to, for the refusal.
        path: Field it is for.
        depth: How deep inside the field it stands.

    Raises:
        EditRefusedError: ``value-strange``, when JSON has no such value or nobody could have meant it.
    """
    if depth <= MAX_DEPTH:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and not _has_lone_surrogate(value):
            return value
        # Not true of a number that is none (NaN) either.
        if isinstance(value, (int, float)) and abs(value) <= NUMBER_MAX:
            return value
        if isinstance(value, (list, tuple)):
            return [as_json(item, edit=edit, path=path, depth=depth + 1) for item in value]
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {key: as_json(each, edit=edit, path=path, depth=depth + 1) for key, each in value.items()}
    reason = Message(
        N_("This is no value a plan can hold: text, number, true or false, list or group of keys.")
    )
    raise EditRefusedError("value-strange", reason, part=edit.part, id=getattr(edit, "id", None), path=path)


def _has_lone_surrogate(text: str) -> bool:
    """True when a text cannot be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False

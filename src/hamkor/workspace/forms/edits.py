# SPDX-License-Identifier: Apache-2.0
"""From the message of a page to edits of the plan: every typed value is read by the type of its field."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Language
from hamkor.journal.rules import Documents, find_kind
from hamkor.plans.rules.concern import find_part, kind_of_part
from hamkor.plans.rules.edits import AddItem, ChangeMembers, Edit, OpenPart, RemoveItem, SetFields
from hamkor.plans.rules.fields import read_path
from hamkor.workspace.forms.typing_in import FieldKind, kind_of, parse


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One edit as a page asks for it.

    Args:
        op: ``set`` fields, ``add`` or ``remove`` an item, ``open`` a part, or change the ``members`` of a list.
        part: Part of the plan.
        id: Id of the item, None for a part that is one document.
        fields: What was typed, by path.
        seen: What the page showed, by path.
        typed: True when values are texts as typed, False when they are values already.
        and_references: With ``remove``: take away what refers to it, too.
        path: With ``members``: the list.
        add: With ``members``: what must be in it.
        remove: With ``members``: what must not.
    """

    op: Literal["set", "add", "remove", "open", "members"]
    part: str
    id: str | None = None
    fields: dict[str, Any] = {}
    seen: dict[str, Any] = {}
    typed: bool = True
    and_references: bool = False
    path: str = ""
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page sends.

    Args:
        command_id: Id made by the page, so that sending twice does it once.
        language: Language of the page.
        edits: The edits, all or none.
    """

    command_id: UUID
    edits: tuple[Asked, ...]
    language: Language = "uz"


class MessageMalformedError(HamkorError):
    """The page sent something that is no list of edits."""

    def __init__(self, reason: str) -> None:
        super().__init__("message-malformed", N_("What was sent cannot be read: {reason}"), reason=reason)


def read_message(body: bytes) -> Message:
    """Returns what a page sent.

    Raises:
        MessageMalformedError: ``message-malformed``.
    """
    try:
        return msgspec.json.decode(body, type=Message)
    except (msgspec.DecodeError, RecursionError) as error:
        raise MessageMalformedError(str(error)) from error


def edits_of(message: Message, documents: Documents) -> tuple[Edit, ...]:
    """Returns the edits with every typed value read by the type of its field.

    Args:
        message: What the page sent.
        documents: The plan as it is now: texts in other languages and grades of figures are kept from it.
    """
    return tuple(_edit(asked, documents, message.language) for asked in message.edits)


def _edit(asked: Asked, documents: Documents, language: str) -> Edit:
    if asked.op == "remove":
        return RemoveItem(part=asked.part, id=asked.id, and_references=asked.and_references)
    if asked.op == "open":
        return OpenPart(part=asked.part)
    if asked.op == "members":
        return ChangeMembers(
            part=asked.part, id=asked.id, path=asked.path, add=asked.add, remove=asked.remove
        )
    document = find_document(documents, asked.part, asked.id)
    fields = dict(asked.fields)
    if asked.typed:
        body = _body_of(asked.part)
        for path, raw in asked.fields.items():
            kind = kind_at(document, body, path)
            fields[path] = parse(kind, raw, language=language, before=read_path(document, path))
    if asked.op == "add":
        given = {name: value for name, value in fields.items() if value is not None}
        return AddItem(part=asked.part, body={**given, **({"id": asked.id} if asked.id else {})})
    return SetFields(part=asked.part, id=asked.id, fields=fields, seen=asked.seen)


def find_document(documents: Documents, part: str, item_id: str | None) -> msgspec.Struct | None:
    """Returns an item of a part, or the part itself when it is one document; None when there is none."""
    try:
        kind = kind_of_part(part)
    except KeyError:
        return None
    if item_id is None and kind == "event":
        found = documents.all(kind)
        return found[0] if found else None
    return documents.get(kind, item_id or kind)


def _body_of(part: str) -> type[msgspec.Struct] | None:
    known = find_part(part)
    if known is not None:
        return known.body
    feature = find_kind("feature")
    return feature.body if feature is not None and part == "venue" else None


def kind_at(document: msgspec.Struct | None, body: type[msgspec.Struct] | None, path: str) -> FieldKind:
    """Returns what a field takes.

    Args:
        document: The item as it is; its own types decide where several are possible.
        body: Struct of the item when there is none yet.
        path: Path of the field.
    """
    value: Any = document
    owner: Any = type(document) if document is not None else body
    steps = path.split("/")
    kind = FieldKind("other")
    while steps and owner is not None:
        info = next((each for each in msgspec.structs.fields(owner) if each.encode_name == steps[0]), None)
        if info is None:
            return FieldKind("other")
        kind = kind_of(info.type)
        value = getattr(value, info.name, None)
        steps.pop(0)
        if kind.sort == "items" and steps:
            sought = steps.pop(0)
            value = next((item for item in value or () if item.id == sought), None)
        owner = type(value) if isinstance(value, msgspec.Struct) else kind.body
    return FieldKind("other") if steps else kind

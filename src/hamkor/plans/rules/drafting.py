# SPDX-License-Identifier: Apache-2.0
"""Edits applied to a plan, and the documents that would result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from hamkor.common.messages import N_, Message
from hamkor.common.validation import shorten, suggest
from hamkor.journal.rules import Documents, Key
from hamkor.plans.rules.concern import VENUE, find_part
from hamkor.plans.rules.edits import (
    MAX_EDITS,
    AddItem,
    ChangeMembers,
    ClosePart,
    Edit,
    EditRefusedError,
    OpenPart,
    RemoveItem,
    SetFields,
    as_json,
)
from hamkor.plans.rules.fields import (
    SEPARATOR,
    find_missing_item,
    is_path,
    list_names,
    plain,
    read_path,
    write_paths,
)
from hamkor.plans.rules.naming import free_id
from hamkor.plans.rules.personal import PERSONAL_FIELDS
from hamkor.plans.rules.plan import PARTS
from hamkor.plans.rules.removing import settle_references
from hamkor.plans.rules.roster import Person
from hamkor.plans.rules.wholeness import BODIES, Tree, as_written, whole

_LIST_PARTS = frozenset(part.name for part in PARTS if part.is_list)
_DRAWING: Key = ("drawing", "drawing")
_CHANNELS: Key = ("communications", "communications")


class Doubt(Struct, frozen=True):
    """A field an editor set without having seen what stands there now, or whose item is gone.

    Args:
        kind: Kind of the document.
        id: Its id.
        path: Field inside it; empty when the document itself is gone.
        seen: Value the editor saw.
        theirs: Value that stood there.
        yours: Value the editor gave.
    """

    kind: str
    id: str
    path: str
    seen: Any
    theirs: Any
    yours: Any


class Draft:
    """A plan being edited: nothing but what was touched is copied, and the documents stay as they are.

    Args:
        documents: The plan before.

    Notes:
        `parts` says which list parts are opened or closed, `doubts` which fields somebody else changed meanwhile;
        `details` holds the names and phones that were given, by person, once the draft is finished.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._trees: dict[Key, Tree | None] = {}
        self._personal: dict[str, dict[str, None]] = {}
        self.parts: dict[str, bool] = {}
        self.doubts: list[Doubt] = []
        self.details: dict[str, dict[str, str | None]] = {}

    def apply(self, edits: Sequence[Edit]) -> None:
        """Applies edits one after the other.

        Raises:
            EditRefusedError: An edit cannot be made; the draft must not be used any more.
        """
        if len(edits) > MAX_EDITS:
            text = N_("More than {most} changes at once. Send them in several steps.")
            raise EditRefusedError("too-many-edits", Message(text, {"most": MAX_EDITS}), part=edits[0].part)
        for edit in edits:
            _known_part(edit)
            self._apply_one(edit)
        self._settle_removed([edit for edit in edits if isinstance(edit, RemoveItem)])

    def _apply_one(self, edit: Edit) -> None:
        match edit:
            case SetFields():
                self._set(edit)
            case ChangeMembers():
                self._set(self._membered(edit))
            case AddItem():
                self._add(edit)
            case RemoveItem():
                self._remove(edit)
            case OpenPart():
                self._open(edit)
            case ClosePart():
                self._close(edit)

    def write(self, key: Key, tree: Tree | None) -> None:
        """Puts a document in its place, or takes it away when None."""
        self._trees[key] = tree

    def tree(self, key: Key) -> Tree | None:
        """Returns a document of the draft as JSON shows it; None when there is none."""
        if key in self._trees:
            return self._trees[key]
        document = self._documents.get(*key)
        return None if document is None else plain(document)

    def touched(self) -> tuple[Key, ...]:
        """Returns kind and id of every document that may have changed, in the order of the edits."""
        return tuple(self._trees)

    def finished(self) -> dict[Key, Struct | None]:
        """Returns every touched document as it would be, None for a removed one; people without names and phones.

        Raises:
            EditRefusedError: A document would not be one of its kind; says which field and what is allowed there.
        """
        found = {key: self._document(key) for key in self._trees}
        for key, document in found.items():
            if isinstance(document, Person):
                given = self._personal.get(document.id, ())
                self.details[document.id] = {field: getattr(document, field) for field in given}
                found[key] = msgspec.structs.replace(document, name=None, phone=None)
        return found

    def _document(self, key: Key) -> Struct | None:
        tree = self._trees[key]
        return None if tree is None else whole(key, tree)

    def _set(self, edit: SetFields) -> None:
        key = self._locate(edit)
        tree = self.tree(key)
        gone = tree is None and find_part(edit.part) is not None and edit.part in _LIST_PARTS
        if tree is None and (gone or key[0] in {"feature", "event"}):
            self._set_in_absent(edit, key)
            return
        body = BODIES[key[0]]
        fields = {path: self._checked(edit, body, path) for path in edit.fields}
        result = write_paths(tree or {}, body, fields)
        self._note_doubts(edit, key, fields=fields)
        for path, value in fields.items():
            missing = find_missing_item(result, body, path) if value is not None else None
            if missing is not None and path not in edit.seen:
                text = N_("There is no item `{item}`. Somebody may have removed it: look at the history.")
                raise _refused("item-absent", text, edit=edit, path=path, item=shorten(missing))
        self.write(key, result)
        self._note_personal(key, edit.fields)

    def _membered(self, edit: ChangeMembers) -> SetFields:
        """Returns the edit that gives a list the members it should have, as the list is now."""
        setting = SetFields(part=edit.part, id=edit.id, fields={edit.path: None})
        key = self._locate(setting)
        self._checked(setting, BODIES[key[0]], edit.path)
        tree = self.tree(key)
        listed: Any = tree
        for step in edit.path.split(SEPARATOR):
            if isinstance(listed, list):
                listed = next(
                    (item for item in listed if isinstance(item, dict) and item.get("id") == step), None
                )
            else:
                listed = listed.get(step) if isinstance(listed, dict) else None
        known = listed if isinstance(listed, list) else []
        wanted = [word for word in known if word not in edit.remove]
        wanted += [word for word in dict.fromkeys(edit.add) if word not in wanted]
        return SetFields(part=edit.part, id=edit.id, fields={edit.path: wanted})

    def _note_personal(self, key: Key, given: Mapping[str, Any]) -> None:
        if key[0] == "person":
            fields = self._personal.setdefault(key[1], {})
            fields |= dict.fromkeys(field for field in PERSONAL_FIELDS if field in given)

    def _set_in_absent(self, edit: SetFields, key: Key) -> None:
        if not edit.seen:
            text = N_("There is no item `{item}`. Somebody may have removed it: look at the history.")
            raise _refused("item-absent", text, edit=edit, item=shorten(key[1]))
        values = {path: as_json(value, edit=edit, path=path) for path, value in edit.fields.items()}
        seen = {path: as_json(value, edit=edit, path=path) for path, value in edit.seen.items()}
        self.doubts.append(Doubt(*key, "", seen=seen, theirs=None, yours=values))

    def _checked(self, edit: SetFields, body: type[Struct], path: str) -> Any:
        if not is_path(body, path):
            last = path.rsplit(SEPARATOR, 1)[-1]
            text = N_("There is no field `{field}` here. {suggestion}")
            known = list(list_names(body, path[:400]))
            facts = {"field": shorten(path), "suggestion": suggest(shorten(last), known)}
            raise _refused("field-unknown", text, edit=edit, path=shorten(path), **facts)
        if path == "id" or path.endswith(SEPARATOR + "id"):
            text = N_("An id never changes. Add a new item and remove this one.")
            raise _refused("id-fixed", text, edit=edit, path=path)
        return as_json(edit.fields[path], edit=edit, path=path)

    def _note_doubts(self, edit: SetFields, key: Key, *, fields: Mapping[str, Any]) -> None:
        """Notes every field whose value is neither what the editor saw nor what the editor gives."""
        document, body = self._documents.get(*key), BODIES[key[0]]
        told = {path: as_json(value, edit=edit, path=path) for path, value in edit.seen.items()}
        seen, yours = as_written(document, body, told), as_written(document, body, fields)
        for path in fields:
            if path not in seen or (key[0] == "person" and path in PERSONAL_FIELDS):
                continue
            theirs = None if document is None else read_path(document, path)
            if theirs not in (seen[path], yours[path]):
                self.doubts.append(Doubt(*key, path, seen=seen[path], theirs=theirs, yours=yours[path]))

    def _add(self, edit: AddItem) -> None:
        body = as_json(edit.body, edit=edit)
        is_item = edit.part in _LIST_PARTS or (edit.part == VENUE and "properties" in body)
        if is_item:
            body = self._with_id(edit, body)
            self._begin(edit.part)
        key = self._locate(edit, body.get("id") if is_item else None)
        if self.tree(key) is not None:
            text = N_("There is `{item}` already. Choose another id, or change that one.")
            raise _refused("id-taken", text, edit=edit, item=shorten(str(key[1])))
        self.write(key, body)
        self._note_personal(key, body)

    def _with_id(self, edit: AddItem, body: Tree) -> Tree:
        kind = "feature" if edit.part == VENUE else _kind(edit.part)
        given = body.get("id")
        if given is None:
            holder = body.get("properties", body)
            title = next(
                (holder[name] for name in ("title", "name", "subject") if _is_title(holder, name)), None
            )
            taken = _Taken(self, kind)
            return {
                "id": free_id(title, fallback=kind, taken=taken),
                **{k: v for k, v in body.items() if k != "id"},
            }
        if not isinstance(given, str):
            raise _refused("bad-id", N_("An id is a short name in letters and digits."), edit=edit, path="id")
        return body

    def _remove(self, edit: RemoveItem) -> None:
        key = self._locate(edit)
        if self.tree(key) is None:
            text = N_("There is no item `{item}`. Somebody may have removed it: look at the history.")
            raise _refused("item-absent", text, edit=edit, item=shorten(key[1]))
        if key[0] == "event":
            raise _refused(
                "event-needed", N_("A plan without its event is none. Change it instead."), edit=edit
            )
        if key == _DRAWING and self._count("feature"):
            raise _refused("part-not-empty", N_("Remove what is on the drawing first."), edit=edit)
        self.write(key, None)

    def _open(self, edit: OpenPart) -> None:
        if edit.part not in _LIST_PARTS and edit.part != VENUE:
            raise _refused("no-list", N_("This part is no list. Set its fields."), edit=edit)
        self._begin(edit.part)

    def _close(self, edit: ClosePart) -> None:
        if edit.part not in _LIST_PARTS:
            raise _refused("no-list", N_("This part is no list. Remove it."), edit=edit)
        if self._count(_kind(edit.part)):
            raise _refused("part-not-empty", N_("Remove what stands in this part first."), edit=edit)
        self.parts[edit.part] = False

    def _begin(self, part: str) -> None:
        if part == VENUE:
            if self.tree(_DRAWING) is None:
                self.write(_DRAWING, {})
        else:
            self.parts[part] = True

    def _locate(self, edit: Edit, given: str | None = None) -> Key:
        item_id = given if given is not None else getattr(edit, "id", None)
        if edit.part == VENUE:
            return _DRAWING if item_id is None else ("feature", item_id)
        kind = _kind(edit.part)
        if edit.part in _LIST_PARTS:
            if item_id is None:
                raise _refused("id-missing", N_("Say which item of this part: its id is missing."), edit=edit)
            return kind, item_id
        if item_id is not None and kind != "event":
            raise _refused("no-list", N_("This part is no list: leave the id out."), edit=edit)
        if kind != "event":
            return kind, kind
        events = self._documents.all("event")
        if not events:
            raise _refused("event-missing", N_("This journal holds no event yet."), edit=edit)
        return kind, events[0].id  # type: ignore[attr-defined]  # every event has one

    def _count(self, kind: str) -> int:
        kept = sum((kind, document.id) not in self._trees for document in self._documents.all(kind))  # type: ignore[attr-defined]  # asked for items only
        return kept + sum(key[0] == kind and tree is not None for key, tree in self._trees.items())

    def all_trees(self) -> dict[Key, Tree]:
        """Returns every document of the draft as JSON shows it."""
        found: dict[Key, Tree] = {}
        for key, document in self._documents.items():
            if key[0] in BODIES and key not in self._trees:
                found[key] = plain(document)
        return found | {key: tree for key, tree in self._trees.items() if tree is not None}

    def _settle_removed(self, removals: list[RemoveItem]) -> None:
        """Takes away references to removed items where that was asked for, and refuses the rest."""
        gone: dict[Key, RemoveItem] = {self._locate(edit): edit for edit in removals}
        gone = {key: edit for key, edit in gone.items() if self.tree(key) is None}
        gone |= self._removed_channels()
        if gone:
            for key in self._trees:  # what is not whole yet is told first, and can then be searched
                self._document(key)
            self._trees |= settle_references(self.all_trees(), gone)

    def _removed_channels(self) -> dict[Key, RemoveItem]:
        """Returns the channels that are no longer in `communications`: links and orders refer to them."""
        if _CHANNELS not in self._trees:
            return {}
        before = self._documents.get(*_CHANNELS)
        olds = [] if before is None else plain(before).get("channels", [])
        listed = (self._trees[_CHANNELS] or {}).get("channels")
        kept = (
            [item.get("id") for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
        )
        edit = RemoveItem(part="communications")
        return {("channel", item["id"]): edit for item in olds if item["id"] not in kept}


class _Taken:
    """The ids of a kind that are in use in a draft."""

    def __init__(self, draft: Draft, kind: str) -> None:
        self._draft = draft
        self._kind = kind

    def __contains__(self, item_id: str) -> bool:
        return self._draft.tree((self._kind, item_id)) is not None


def _is_title(holder: Any, name: str) -> bool:
    value = holder.get(name) if isinstance(holder, dict) else None
    if isinstance(value, dict):
        return bool(value) and all(isinstance(each, str) for each in value.values())
    return isinstance(value, str) and bool(value)


def _kind(part: str) -> str:
    found = find_part(part)
    assert found is not None  # noqa: S101 - asked before: `_known_part` refuses unknown ones
    return found.document


def _known_part(edit: Edit) -> None:
    if edit.part != VENUE and find_part(edit.part) is None:
        text = N_("There is no part `{part}` of a plan. {suggestion}")
        names = [*(part.name for part in PARTS), VENUE]
        facts = {"part": shorten(edit.part), "suggestion": suggest(shorten(edit.part), names)}
        raise EditRefusedError("part-unknown", Message(text, facts), part=shorten(edit.part))


def _refused(code: str, text: str, *, edit: Edit, path: str = "", **facts: Any) -> EditRefusedError:
    item = getattr(edit, "id", None)
    return EditRefusedError(code, Message(text, facts), part=edit.part, id=item, path=path)

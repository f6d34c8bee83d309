# SPDX-License-Identifier: Apache-2.0
"""Fields of a document by path: `permit/state`, `channels/radio-1/works`.

A path goes down from record to record by the names of the files. In a list whose items have an id the next step is the
id: `channels/radio-1`. Everything else is one value that is replaced as a whole: figures, texts in several languages,
outlines, lists of words, lists of items without an id. The empty path is the document itself.
"""

# Without `annotations` from `__future__`: the types of fields are read here.

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct

from hamkor.common.records import Record

SEPARATOR = "/"
MAX_PATH_LETTERS = 400

Builtins = Any

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Field(Struct, frozen=True):
    """A field of a record.

    Args:
        name: Its name in files and paths.
        attribute: Its name in Python.
        default: Its value when it is not given; `NODEFAULT` when it must be given.
        item: Struct of its items, when they are addressed by id; otherwise None.
        records: Structs it may hold itself, when paths go on into it.
    """

    name: str
    attribute: str
    default: Any
    item: type[Struct] | None
    records: tuple[type[Struct], ...]


@cache
def fields_of(body: type[Struct]) -> Mapping[str, Field]:
    """Returns the fields of a struct by their names in paths, in order."""
    fields = {}
    for info in msgspec.structs.fields(body):
        kinds = tuple(_alternatives(info.type))
        records = tuple(kind for kind in kinds if is_record(kind))
        default = () if info.default_factory is tuple else info.default
        if info.default_factory is not NODEFAULT and default is NODEFAULT:
            default = info.default_factory()
        fields[info.encode_name] = Field(info.encode_name, info.name, default, _item_of(kinds), records)
    return fields


def _fields_of(document: Struct) -> Mapping[str, Field]:
    body: type[Struct] = type(document)
    return fields_of(body)


def is_record(kind: object) -> bool:
    """True for a struct whose fields are told apart; a figure or an outline is one value."""
    return isinstance(kind, type) and issubclass(kind, Record)


def plain(value: Any) -> Builtins:
    """Returns a value as JSON shows it: texts, numbers, lists and mappings."""
    return _decode(_encode(value))


def diff(before: Struct, after: Struct, *, base: str = "") -> Iterator[tuple[str, Builtins, Builtins]]:
    """Yields path, value before and value after for every field that differs; None for one not given."""
    if type(before) is not type(after):
        yield base, plain(before), plain(after)
        return
    for field in _fields_of(before).values():
        old, new = getattr(before, field.attribute), getattr(after, field.attribute)
        if old is not new and old != new:
            yield from _diff_field(field, _join(base, field.name), old=old, new=new)


def read_path(document: Struct | None, path: str) -> Builtins:
    """Returns the value at a path as JSON shows it; None when it is not given or the path leads nowhere."""
    value: Any = document
    steps = path.split(SEPARATOR) if path else []
    while steps and value is not None:
        if value is not document and not is_record(type(value)):
            return None
        field = _fields_of(value).get(steps.pop(0))
        if field is None:
            return None
        value = getattr(value, field.attribute)
        if not steps:
            return _given(field, value)
        if field.item is not None:
            sought = steps.pop(0)
            value = next((item for item in value or () if item.id == sought), None)
    return None if value is None else plain(value)


def is_path(body: type[Struct], path: str) -> bool:
    """True when a document of this struct can have something at the path, whatever the ids in it."""
    if not path or len(path) > MAX_PATH_LETTERS:
        return False
    bodies: tuple[type[Struct], ...] = (body,)
    steps = path.split(SEPARATOR)
    while steps:
        name = steps.pop(0)
        if not any(name in fields_of(each) for each in bodies):
            return False
        items, records = _below(bodies, name)
        if items and steps and not steps.pop(0):
            return False
        bodies = items or records
    return True


def list_names(body: type[Struct], path: str) -> tuple[str, ...]:
    """Returns the names of fields known where a path goes astray, for a suggestion."""
    bodies: tuple[type[Struct], ...] = (body,)
    steps = path.split(SEPARATOR)
    while steps:
        known = {name: field for each in bodies for name, field in fields_of(each).items()}
        field = known.get(steps.pop(0))
        if field is None or not steps:
            return tuple(known)
        if field.item is not None:
            steps.pop(0)
        bodies = (field.item,) if field.item is not None else field.records
    return ()


def write_paths(
    tree: dict[str, Builtins], body: type[Struct], changes: Mapping[str, Builtins]
) -> dict[str, Builtins]:
    """Returns a document as JSON shows it after values were written at paths; None takes one away.

    Args:
        tree: The document as JSON shows it; not changed.
        body: Struct of the document.
        changes: Value by path. Shorter paths are written first, so that a field may refine a whole; those of one
            length by the alphabet, because a journal keeps no other order of names.

    Notes:
        A path through an item that is not there, or through a value that is not a record, writes nothing.
    """
    result = dict(tree)
    for path in sorted(changes, key=lambda path: (path.count(SEPARATOR), path)):
        _write(result, (body,), path.split(SEPARATOR), value=changes[path])
    return result


def find_missing_item(tree: dict[str, Builtins], body: type[Struct], path: str) -> str | None:
    """Returns the path of the item a path leads through and that is not there; None when nothing is in its way.

    Args:
        tree: The document as JSON shows it.
        body: Struct of the document.
        path: A path that `is_path` accepts.
    """
    bodies: tuple[type[Struct], ...] = (body,)
    steps, walked = path.split(SEPARATOR), ""
    value: Builtins = tree
    while len(steps) > 1:
        name = steps.pop(0)
        walked = _join(walked, name)
        items, records = _below(bodies, name)
        value = value.get(name) if isinstance(value, dict) else None
        if items and len(steps) > 1:
            walked = _join(walked, steps[0])
            value = _find_item(value, steps.pop(0))
            if value is None:
                return walked
        bodies = items or records
    return None


def _diff_field(field: Field, path: str, *, old: Any, new: Any) -> Iterator[tuple[str, Builtins, Builtins]]:
    if is_record(type(old)) and is_record(type(new)):
        yield from diff(old, new, base=path)
    elif field.item is not None and old is not None and new is not None and _is_same_order(old, new):
        olds, news = {item.id: item for item in old}, {item.id: item for item in new}
        for item_id in dict.fromkeys((*olds, *news)):
            before, after = olds.get(item_id), news.get(item_id)
            if before is None or after is None:
                yield _join(path, item_id), plain(before), plain(after)
            else:
                yield from diff(before, after, base=_join(path, item_id))
    else:
        yield path, _given(field, old), _given(field, new)


def _is_same_order(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    """True when the new list follows from the old one by single items: all ids different, new ones last and sorted."""
    olds, news = [item.id for item in old], [item.id for item in new]
    kept = set(olds) & set(news)
    wanted = [item_id for item_id in olds if item_id in kept] + sorted(set(news) - kept)
    return len(set(olds)) == len(olds) and news == wanted


def _given(field: Field, value: Any) -> Builtins:
    """Returns a value as JSON shows it, None when it is the one that stands for nothing given."""
    return None if value is None or value == field.default else plain(value)


def _write(
    tree: dict[str, Builtins], bodies: tuple[type[Struct], ...], steps: list[str], *, value: Builtins
) -> None:
    name, rest = steps[0], steps[1:]
    if not rest:
        _put(tree, name, value)
        return
    items, records = _below(bodies, name)
    if items:
        _write_item(tree, name, rest, bodies=items, value=value)
        return
    inner = tree.get(name)
    if not records or (inner is None and value is None):
        return
    if inner is None:
        inner = {}
    if isinstance(inner, dict):
        tree[name] = dict(inner)
        _write(tree[name], records, rest, value=value)


def _write_item(
    tree: dict[str, Builtins],
    name: str,
    steps: list[str],
    *,
    bodies: tuple[type[Struct], ...],
    value: Builtins,
) -> None:
    found, sought, rest = tree.get(name), steps[0], steps[1:]
    items = list(found) if isinstance(found, list) else []
    at = next((index for index, item in enumerate(items) if _id_of(item) == sought), None)
    if rest:
        if at is not None:
            items[at] = dict(items[at])
            _write(items[at], bodies, rest, value=value)
    elif value is None:
        items = [item for item in items if _id_of(item) != sought]
    elif at is None:
        items.append({**value, "id": sought} if isinstance(value, dict) else value)
    else:
        items[at] = {**value, "id": sought} if isinstance(value, dict) else value
    if items or isinstance(found, list):
        tree[name] = items


def _below(
    bodies: tuple[type[Struct], ...], name: str
) -> tuple[tuple[type[Struct], ...], tuple[type[Struct], ...]]:
    """Returns the structs of the items and of the records a field of one of the structs may hold."""
    found = [fields_of(body)[name] for body in bodies if name in fields_of(body)]
    items = tuple(field.item for field in found if field.item is not None)
    return items, tuple(record for field in found for record in field.records)


def _find_item(items: Builtins, sought: str) -> Builtins:
    listed = items if isinstance(items, list) else []
    return next((item for item in listed if _id_of(item) == sought), None)


def _id_of(item: Builtins) -> Builtins:
    return item.get("id") if isinstance(item, dict) else None


def _put(tree: dict[str, Builtins], name: str, value: Builtins) -> None:
    if value is None:
        tree.pop(name, None)
    else:
        tree[name] = value


def _join(base: str, step: str) -> str:
    return f"{base}{SEPARATOR}{step}" if base else step


def _alternatives(kind: Any) -> Iterator[Any]:
    """Yields the types a hint allows, without what is written around them."""
    if get_origin(kind) is Annotated:
        yield from _alternatives(get_args(kind)[0])
    elif isinstance(kind, type) or get_origin(kind) in (None, tuple, dict, list):
        yield kind
    else:
        for each in get_args(kind):
            yield from _alternatives(each)


def _item_of(kinds: tuple[Any, ...]) -> type[Struct] | None:
    """Returns the struct of items that are told apart by id: a list of one kind of record with an id."""
    for kind in kinds:
        if get_origin(kind) is not tuple:
            continue
        items = tuple(_alternatives(get_args(kind)[0]))
        if len(items) == 1 and is_record(items[0]) and "id" in items[0].__struct_fields__:
            found: type[Struct] = items[0]
            return found
    return None

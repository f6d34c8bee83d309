# SPDX-License-Identifier: Apache-2.0
"""What is written into a live stream: server-sent events with JSON in one line each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from hamkor.console.picture import Item, Picture, Reader

encode = msgspec.json.Encoder().encode


def now_ms() -> int:
    """Returns the clock of the server in milliseconds since 1970."""
    return int(datetime.now(UTC).timestamp() * 1000)


def message(kind: str, **values: object) -> bytes:
    """Returns one event of a stream."""
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), encode(values))


def subscribed(
    picture: Picture, reader: Reader, *, hash_: str, after: int | None, again: bool = False
) -> bytes:
    """Returns the first message: everything, or what changed since the client was here.

    Args:
        picture: The picture.
        reader: Who reads.
        hash_: Hash of the entry the picture stands at.
        after: What the client saw last, when it can go on from there; None for a picture from the beginning.
        again: The picture begins anew in an open stream: what stands beside it may be other, too.
    """
    items = picture.present() if after is None else picture.since(after)
    values = {
        "number": picture.number,
        "hash": hash_,
        "now": now_ms(),
        "snapshot": after is None,
        "reference": again or (after is not None and picture.reference_number > after),
    }
    return _with_documents("subscribed", values, _pieces(items, reader, is_change=after is not None))


def update(picture: Picture, reader: Reader, *, after: int) -> bytes:
    """Returns what changed after an entry; also when nothing of it concerns the reader, who has to know the number."""
    values: dict[str, object] = {"number": picture.number, "now": now_ms()}
    if picture.reference_number > after:
        values["reference"] = True
    return _with_documents("update", values, _pieces(picture.since(after), reader, is_change=True))


def _pieces(items: Iterable[Item], reader: Reader, *, is_change: bool) -> list[bytes]:
    return [piece for item in items if (piece := item.piece_for(reader, is_change=is_change)) is not None]


def _with_documents(kind: str, values: dict[str, object], pieces: list[bytes]) -> bytes:
    head = encode(values)[:-1]
    return b'event: %s\ndata: %s,"documents":[%s]}\n\n' % (kind.encode(), head, b",".join(pieces))

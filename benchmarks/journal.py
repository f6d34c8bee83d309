# SPDX-License-Identifier: Apache-2.0
"""How fast a journal is folded and verified, as ratios to the least that must be done to the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from benchmarks.measuring import Measure, best_of
from hamkor.common.ids import new_id
from hamkor.journal.rules import (
    Changes,
    Documents,
    Entry,
    Envelope,
    Fact,
    chain,
    declare_document,
    declare_fact,
    empty_head,
    export_lines,
    fold,
    head_of,
    read_lines,
    verify_lines,
)

FOLD_LIMIT = 0.1
VERIFY_LIMIT = 0.3
ENTRY_COUNT = 20_000
ROUND_COUNT = 7


class BenchPoint(Struct, frozen=True):
    """Where something stands."""

    x_m: float
    y_m: float


class BenchPost(Struct, frozen=True, omit_defaults=True):
    """A document of an ordinary size."""

    id: str
    name: str
    agency: str
    place: BenchPoint
    people: int
    state: str = "planned"


class BenchStaffed(Struct, frozen=True):
    """A fact that changes one field of a document."""

    id: str
    people: int


POST = declare_document("bench_post", BenchPost)


def _staff(documents: Documents, fact: Fact[BenchStaffed]) -> Changes:
    post = documents.get(POST, fact.body.id)
    if post is None:
        return {}
    changed = msgspec.structs.replace(post, people=fact.body.people, state="staffed")
    return {("bench_post", post.id): changed}


STAFFED = declare_fact("bench_post.staffed.v1", BenchStaffed, _staff)


def run() -> list[Measure]:
    """Returns the ratios: name, ratio, limit, which way is better, conditions."""
    content = _journal(ENTRY_COUNT)
    lines = content.splitlines()[1:]
    decode = msgspec.json.Decoder(Entry).decode
    works: list[Callable[[], object]] = [
        lambda: _drain(decode(line) for line in lines),
        lambda: fold(read_lines(content)),
        lambda: _drain((decode(line), sha256(line).digest()) for line in lines),
        lambda: verify_lines(content),
    ]
    decode_s, fold_s, bare_s, verify_s = best_of(works, ROUND_COUNT)
    conditions = (
        f"{len(lines)} entries of {sum(map(len, lines)) // len(lines)} bytes on average, one process, "
        f"both sides in turn, best of {ROUND_COUNT}"
    )
    return [
        (
            "journal: fold",
            decode_s / fold_s,
            FOLD_LIMIT,
            "higher",
            f"rate of export bytes to documents / rate of decoding the entries with msgspec; {conditions}",
        ),
        (
            "journal: verify",
            bare_s / verify_s,
            VERIFY_LIMIT,
            "higher",
            f"rate of verifying every byte / rate of decoding and hashing the lines with SHA-256; {conditions}",
        ),
    ]


def _drain(items: Iterable[object]) -> None:
    for _ in items:
        pass


def _journal(entry_count: int) -> bytes:
    """Returns an export in which 2 000 posts are recorded and staffed in turn, over and over."""
    started_at = datetime(2027, 3, 21, 6, 0, tzinfo=UTC)
    head, entries = empty_head(new_id(started_at)), list[Entry]()
    for number in range(1, entry_count + 1):
        at = started_at + timedelta(milliseconds=137 * number)
        envelope = Envelope(
            stream=head.stream,
            command_id=new_id(at),
            at=at,
            by=f"person:{new_id(started_at)}",
            agency="iib",
            cause=head.number or None,
        )
        salt = sha256(str(number).encode()).digest()[:16]
        entries += chain(head, [_fact(number)], envelope=envelope, salts=[salt])
        head = head_of(entries[-1])
    return export_lines(head, entries)


def _fact(number: int) -> Fact[Any]:
    post_id = f"post-{number // 2 % 2000}"
    if number % 2:
        return STAFFED(BenchStaffed(post_id, number % 9))
    place = BenchPoint(number * 0.37, number * 0.73)
    return POST.recorded(BenchPost(post_id, f"Post at gate {number}", "iib", place, 4))

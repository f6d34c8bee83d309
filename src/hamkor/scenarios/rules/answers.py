# SPDX-License-Identifier: Apache-2.0
"""What a run ends with: the answer, the case it is compared with, files, or why there is none."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import zlib
from typing import Any, Final, Literal

import msgspec

from hamkor.common.messages import Message
from hamkor.simulation.rules.layout import Fault
from hamkor.simulation.rules.outcome import Band, Outcome

RunState = Literal["queued", "running", "done", "failed", "cancelled"]
STATES: Final[tuple[RunState, ...]] = ("queued", "running", "done", "failed", "cancelled")
OPEN_STATES: Final[tuple[RunState, ...]] = ("queued", "running")
LEVEL = 6


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the child process hands back.

    Args:
        outcome: The answer, None when there is none.
        base: The answer to the case it is compared with; None when that is the case itself, or could not be computed.
        faults: What is wrong with the drawing, fatal ones first.
        refusal: Why there is no answer.
    """

    outcome: Outcome | None = None
    base: Outcome | None = None
    faults: tuple[Fault, ...] = ()
    refusal: Message | None = None


class Headline(msgspec.Struct, frozen=True, kw_only=True):
    """The few numbers a list of runs shows.

    Args:
        clearance_s: Seconds until 90, 99 and 100 % arrived, by the share as text; never reached: missing.
        base_s: The same of the case it is compared with.
        people: People who took part.
        left: People who had not arrived at the end.
        fails: How many sentences say that the plan fails.
        worst_density_per_m2: Highest density anywhere; None when no area is known.
    """

    clearance_s: dict[str, Band] = {}
    base_s: dict[str, Band] = {}
    people: float = 0.0
    left: float = 0.0
    fails: int = 0
    worst_density_per_m2: float | None = None


def headline_of(answer: Answer) -> Headline:
    """Returns the few numbers of an answer; empty when there is none."""
    outcome = answer.outcome
    if outcome is None:
        return Headline()
    return Headline(
        clearance_s=outcome.clearance_s,
        base_s=answer.base.clearance_s if answer.base is not None else {},
        people=outcome.people,
        left=outcome.left,
        fails=len(outcome.fails),
        worst_density_per_m2=worst_density(outcome),
    )


def worst_density(outcome: Outcome) -> float | None:
    """Returns the highest density of any place, people per m²; None when no area is known."""
    bands = (place.worst_density_per_m2 for place in outcome.places.values())
    return max((band.high for band in bands if band is not None), default=None)


def gained_s(outcome: Outcome, base: Outcome | None, share: str) -> float | None:
    """Returns by how many seconds a share of the people arrives later than in the other case; None: not comparable."""
    after = outcome.clearance_s.get(share)
    before = base.clearance_s.get(share) if base is not None else None
    return after.middle - before.middle if after is not None and before is not None else None


def pack(answer: Answer) -> bytes:
    """Returns an answer as it is kept: JSON, compressed."""
    return zlib.compress(msgspec.json.encode(answer), LEVEL)


def unpack(content: bytes, *, most_bytes: int = 256 << 20) -> Answer:
    """Returns the answer of `pack`.

    Args:
        content: What was kept.
        most_bytes: Largest size it may unfold to.

    Raises:
        msgspec.MsgspecError: These bytes are no answer.
        zlib.error: They are damaged.
    """
    opened = zlib.decompressobj()
    content = opened.decompress(content, most_bytes)
    if not opened.eof:
        raise zlib.error("the answer is cut short, or larger than anything we keep")
    answer = msgspec.json.decode(content, type=Answer)
    return msgspec.structs.replace(
        answer,
        outcome=_whole(answer.outcome),
        base=_whole(answer.base),
        faults=tuple(_said(fault) for fault in answer.faults),
        refusal=None if answer.refusal is None else revived(answer.refusal),
    )


def revived(message: Message) -> Message:
    """Returns a message read from JSON with the messages inside it as messages again."""
    return Message(message.template, {name: _fact(value) for name, value in message.facts.items()})


def _fact(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_fact(each) for each in value)
    if isinstance(value, dict) and value.keys() == {"template", "facts"}:
        return revived(msgspec.convert(value, Message))
    return value


def _whole(outcome: Outcome | None) -> Outcome | None:
    if outcome is None:
        return None
    fails, assumptions = (tuple(map(revived, each)) for each in (outcome.fails, outcome.assumptions))
    return msgspec.structs.replace(outcome, fails=fails, assumptions=assumptions)


def _said(fault: Fault) -> Fault:
    return msgspec.structs.replace(fault, says=revived(fault.says), remedy=revived(fault.remedy))

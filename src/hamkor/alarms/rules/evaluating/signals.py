# SPDX-License-Identifier: Apache-2.0
"""What goes into an evaluator and what comes out."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import msgspec

from hamkor.alarms.rules.alarms import SubjectKind

# Device, measure, feature or None, value, seconds since 1970 (UTC): a plain tuple, since thousands come every second.
Sample = tuple[str, str, str | None, float, float]


class _About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a signal is about.

    Args:
        rule: Id of the rule.
        subject_kind: Kind of thing.
        subject: Its id.
        feature: Where it is on the drawing, or None.
        value: What was measured: in the unit of the rule.
        at: Seconds since 1970 of the reading that decided.
    """

    rule: str
    subject_kind: SubjectKind
    subject: str
    feature: str | None = None
    value: float | None = None
    at: float


class Raise(_About, frozen=True, kw_only=True, tag="raise"):
    """A condition began to hold, for long enough."""


class Repeat(_About, frozen=True, kw_only=True, tag="repeat"):
    """A condition still holds; `count` readings said so since the last signal."""

    count: int = 1


class Clear(_About, frozen=True, kw_only=True, tag="clear"):
    """A condition is gone, for long enough."""


Signal = Raise | Repeat | Clear

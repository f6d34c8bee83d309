# SPDX-License-Identifier: Apache-2.0
"""The shape shared by everything a person writes into a plan."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hamkor.common.figures import Grade

Id = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$",
        description="Short name used to refer to this, unique in its file: letters, digits, `-`, `_`, `.`.",
    ),
]
ShortText = Annotated[str, Meta(min_length=1, max_length=4000)]
Language = Literal["uz", "uz-Cyrl", "ru", "en"]
Text = Annotated[
    ShortText | dict[Language, ShortText],
    Meta(description="A text, or the same text in several languages: `{uz: ..., ru: ..., en: ...}`."),
]
Moment = Annotated[
    datetime,
    Meta(tz=False, description="Local time of the event: `2027-03-21 18:00`."),
]
Phase = Annotated[
    Literal["preparation", "conduct", "analysis"],
    Meta(description="Phase of the work: before, during, after the event."),
]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Anything written into a plan: unknown keys are refused, what is not given is unknown."""


class Sourced(Record, frozen=True, kw_only=True):
    """A record that can say where it comes from."""

    note: Annotated[ShortText | None, Meta(description="Free remark.")] = None
    source: Annotated[ShortText | None, Meta(description="Document or person this was taken from.")] = None
    grade: Grade | None = None


class Period(Record, frozen=True, kw_only=True):
    """A half-open period of local time."""

    starts_at: Moment
    ends_at: Moment

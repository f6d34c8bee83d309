# SPDX-License-Identifier: Apache-2.0
"""Rules of alarms and alarms as they stand."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.errors import HamkorError
from hamkor.common.records import Id, Text
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import At, PersonRef

Sort = Literal[
    "threshold",
    "rate",
    "balance",
    "heartbeat",
    "button",
    "cluster",
    "words",
    "zone_limit",
    "weather",
    "overdue",
    "silent_post",
    "silent_order",
    "manual",
]
Measure = Literal[
    "count_in",
    "count_out",
    "density",
    "occupancy",
    "speed",
    "button",
    "wind",
    "gust",
    "temperature",
    "lightning_km",
    "rain_mm_h",
    "smoke",
    "battery",
    "heartbeat",
]
SubjectKind = Literal[
    "zone", "opening", "device", "post", "job", "message", "incident", "weather", "event", "unit"
]
State = Literal["unacknowledged", "acknowledged", "shelved", "returned", "cleared"]
Origin = Literal["plan", "profile", "person"]
Priority = Annotated[int, Meta(ge=1, le=4)]
# `operators` are all who work at the console; the others are named as their room names them.
Hearer = Annotated[
    str, Meta(pattern=r"^(operators|all|(agency|person|post|unit):[A-Za-z0-9][A-Za-z0-9._:-]{0,99})$")
]
SORTS: tuple[Sort, ...] = get_args(Sort)
MEASURES: tuple[Measure, ...] = get_args(Measure)
OPERATORS = "operators"
CRITICAL = 1
# Sorts whose condition readings prove and disprove; the others last until somebody says that they are over.
MEASURED: frozenset[Sort] = frozenset({"threshold", "rate", "balance", "heartbeat", "zone_limit", "weather"})
# Sorts the server watches by the clock: it says when they are over.
WATCHED: frozenset[Sort] = frozenset({"overdue", "silent_post", "silent_order"})
COUNTED_MEASURES: frozenset[Measure] = frozenset({"count_in", "count_out"})
WEATHER_MEASURES: frozenset[Measure] = frozenset({"wind", "gust", "temperature", "lightning_km", "rain_mm_h"})
# What is said of the device itself, not of the place it watches.
DEVICE_MEASURES: frozenset[Measure] = frozenset({"battery", "button", "smoke", "heartbeat"})
WORDS_MAX = 1000
REASON_MAX = 1000
HEARERS_MAX = 100

Key = tuple[str, str, str]


class AlarmError(HamkorError):
    """An alarm is not there, belongs to others, or is not in a state for this."""


class AlarmRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """When an alarm is raised, how loud, and what is done then.

    Args:
        id: Its name, such as ``density-high``.
        title: What people read.
        sort: How it is evaluated.
        measure: Measure it looks at; None where the sort says it.
        places: Features it is about; all of them when empty. A rule of the sort ``weather`` is one alarm for all.
        limit: On the limit and beyond, the condition holds. Its meaning follows the sort: a value (``threshold``,
            ``weather``), a rise over `window_s` (``rate``), minutes until full (``balance``), a share of the capacity
            (``zone_limit``), a number of reports (``cluster``), otherwise None.
        is_below: True when small values are the dangerous ones, such as the distance of lightning.
        clear_at: The condition is gone only on the safe side of this value; of the limit when None (hysteresis).
        from_value: Below this value of the measure the rule keeps quiet; for ``balance`` a share of the capacity.
        hold_s: The condition must last so long before the alarm is raised, in seconds.
        clear_hold_s: It must be gone so long before the alarm returns, in seconds.
        window_s: Time looked back on, in seconds; for ``heartbeat`` the longest silence.
        radius_m: How near to each other reports must be (``cluster``), in metres.
        unit: Unit of value and limit, such as ``people/m²``.
        priority: 1 critical, 2 high, 3 medium, 4 low.
        contingency: Contingency of the plan that opens with the alarm, or None.
        action: What is done; an alarm without an action or a contingency is none.
        agency: Party that acts, or None.
        enabled: False for a rule that is kept and not used.
        origin: Derived from the plan, taken from the profile, or written by a person.
        source: Where its numbers come from, or None.
    """

    id: Id
    title: Text
    sort: Sort
    measure: Measure | None = None
    places: tuple[Id, ...] = ()
    limit: float | None = None
    is_below: bool = False
    clear_at: float | None = None
    from_value: float | None = None
    hold_s: float = 0.0
    clear_hold_s: float = 0.0
    window_s: float = 0.0
    radius_m: float | None = None
    unit: str = ""
    priority: Priority
    contingency: Id | None = None
    action: Text | None = None
    agency: AgencyCode | None = None
    enabled: bool = True
    origin: Origin = "person"
    source: str | None = None


class Alarm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An alarm, from raised to cleared; it is never deleted.

    Args:
        id: Made from rule, subject, moment and number; for one raised by hand the id of the command.
        number: 1, 2, 3 … as people say it: "alarm 12".
        rule: Id of the rule; ``manual`` for one raised by hand without a rule.
        title: What people read.
        sort: Sort of the rule.
        subject_kind: Kind of thing it is about.
        subject: Id of that thing; one rule has at most one open alarm for it.
        place: Where, or None.
        priority: 1 critical, 2 high, 3 medium, 4 low.
        state: Where it stands. ``returned``: the condition is gone and nobody has acknowledged it yet.
        is_active: True while the condition holds, also while it is shelved.
        value: What was measured last, or None.
        limit: Limit of the rule, or None.
        unit: Unit of both.
        words: What a person said who raised it, or words found in a report.
        raised_at: When it was raised.
        repeats: How often the condition was seen again since.
        last_at: When it was last seen.
        returned_at: When the condition went, None while it holds.
        acknowledged_at: When somebody acknowledged it, and by whom in `acknowledged_by`.
        acknowledged_by: Who.
        shelved_until: Until when it is out of sight, None when it is not.
        shelved_by: Who shelved it last.
        shelf_reason: Why.
        shelved_times: How often it was shelved.
        cleared_at: When it was over.
        cleared_by: Who cleared it, None when its condition went after it was acknowledged.
        clear_reason: Why, or None.
        contingency: Contingency of the plan that opens with it, or None.
        action: What is to be done.
        agency: Party that acts, or None.
        to: Who must hear it.
        flooded: True when it is shown in a group, because too many came at once.
        cause: Id or number of what led to it, or None.
    """

    id: str
    number: int = 0
    rule: str
    title: Text
    sort: Sort
    subject_kind: SubjectKind
    subject: str
    place: Place | None = None
    priority: Priority
    state: State = "unacknowledged"
    is_active: bool = True
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    words: str | None = None
    raised_at: At
    repeats: int = 0
    last_at: At
    returned_at: At | None = None
    acknowledged_at: At | None = None
    acknowledged_by: PersonRef | None = None
    shelved_until: At | None = None
    shelved_by: PersonRef | None = None
    shelf_reason: str | None = None
    shelved_times: int = 0
    cleared_at: At | None = None
    cleared_by: PersonRef | None = None
    clear_reason: str | None = None
    contingency: Id | None = None
    action: Text | None = None
    agency: AgencyCode | None = None
    to: tuple[Hearer, ...] = ()
    flooded: bool = False
    cause: str | None = None

    @property
    def key(self) -> Key:
        """Rule, kind of subject and subject: of these one alarm is open at most."""
        return self.rule, self.subject_kind, self.subject

    @property
    def is_open(self) -> bool:
        """True until it is cleared."""
        return self.state != "cleared"

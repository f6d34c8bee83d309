# SPDX-License-Identifier: Apache-2.0
"""What can happen to alarms and their rules, with what it changes.

Declared here and not in `facts`, because rooms above raise alarms inside their own commands through `rules.raising`;
`facts` gives them out.
"""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.alarms.rules.alarms import Alarm, AlarmRule, Hearer, Priority, Sort, SubjectKind
from hamkor.common.records import Id, Text
from hamkor.journal.rules import Changes, Documents, Fact, declare_document, declare_fact, declare_kind
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.system import At, PersonRef


class AlarmRaised(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An alarm was raised; the fields are those of `Alarm`."""

    id: str
    number: Annotated[int, Meta(ge=1)]
    rule: str
    title: Text
    sort: Sort
    subject_kind: SubjectKind
    subject: str
    place: Place | None = None
    priority: Priority
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    words: str | None = None
    at: At
    contingency: Id | None = None
    action: Text | None = None
    agency: AgencyCode | None = None
    to: tuple[Hearer, ...] = ()
    flooded: bool = False
    cause: str | None = None


class AlarmRecurred(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The condition of an open alarm came back, or more people must hear it: it is new again.

    Args:
        id: Which alarm.
        at: When.
        value: What was measured, or None.
        to: Who must hear it besides those who had to before; they end a time on the shelf.
    """

    id: str
    at: At
    value: float | None = None
    to: tuple[Hearer, ...] = ()


class AlarmRepeated(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The condition of an open alarm was seen again, so many times since this was last written down."""

    id: str
    at: At
    count: Annotated[int, Meta(ge=1)] = 1
    value: float | None = None


class AlarmReturned(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The condition of an alarm is gone; who had acknowledged it need do nothing more."""

    id: str
    at: At
    value: float | None = None
    reason: Literal["measured", "rule_ended"] = "measured"


class AlarmAcknowledged(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody has heard an alarm and takes it on."""

    id: str
    at: At
    by: PersonRef


class AlarmShelved(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody put an alarm out of sight until a moment, for a reason."""

    id: str
    at: At
    by: PersonRef
    until: At
    reason: str


class AlarmUnshelved(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm came back from the shelf: new while its condition holds, else over."""

    id: str
    at: At
    by: PersonRef


class AlarmCleared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody said that an alarm is over."""

    id: str
    at: At
    by: PersonRef
    reason: str | None = None


ALARM_RULE = declare_document("alarm_rule", AlarmRule)
ALARM = declare_kind("alarm", Alarm)
_replace = msgspec.structs.replace


def as_raised(body: AlarmRaised) -> Alarm:
    """Returns the alarm that was raised."""
    values = msgspec.structs.asdict(body)
    at = values.pop("at")
    return Alarm(**values, raised_at=at, last_at=at)


def as_recurred(alarm: Alarm, body: AlarmRecurred) -> Alarm:
    """Returns the alarm as new again; on the shelf it stays there, unless more people must hear it."""
    to = tuple(dict.fromkeys((*alarm.to, *body.to)))
    seen = _replace(
        alarm,
        is_active=True,
        returned_at=None,
        last_at=body.at,
        repeats=alarm.repeats + 1,
        to=to,
        value=alarm.value if body.value is None else body.value,
    )
    if alarm.state == "shelved" and not body.to:
        return seen
    return _replace(
        seen, state="unacknowledged", acknowledged_at=None, acknowledged_by=None, shelved_until=None
    )


def as_repeated(alarm: Alarm, body: AlarmRepeated) -> Alarm:
    """Returns the alarm with what was seen again counted."""
    value = alarm.value if body.value is None else body.value
    return _replace(alarm, repeats=alarm.repeats + body.count, last_at=body.at, value=value)


def as_returned(alarm: Alarm, body: AlarmReturned) -> Alarm:
    """Returns the alarm without its condition: over when it was acknowledged, else kept until it is."""
    value = alarm.value if body.value is None else body.value
    gone = _replace(alarm, is_active=False, returned_at=body.at, value=value)
    if alarm.state == "unacknowledged":
        return _replace(gone, state="returned")
    return _replace(gone, state="cleared", cleared_at=body.at) if alarm.state == "acknowledged" else gone


def as_acknowledged(alarm: Alarm, body: AlarmAcknowledged) -> Alarm:
    """Returns the alarm acknowledged: over when its condition is gone."""
    known = _replace(alarm, acknowledged_at=body.at, acknowledged_by=body.by)
    if alarm.state == "returned":
        return _replace(known, state="cleared", cleared_at=body.at)
    return _replace(known, state="acknowledged")


def as_shelved(alarm: Alarm, body: AlarmShelved) -> Alarm:
    """Returns the alarm on the shelf."""
    return _replace(
        alarm,
        state="shelved",
        shelved_until=body.until,
        shelved_by=body.by,
        shelf_reason=body.reason,
        shelved_times=alarm.shelved_times + 1,
    )


def as_unshelved(alarm: Alarm, body: AlarmUnshelved) -> Alarm:
    """Returns the alarm back from the shelf: new while its condition holds, else over."""
    back = _replace(alarm, shelved_until=None)
    if alarm.is_active:
        return _replace(back, state="unacknowledged", acknowledged_at=None, acknowledged_by=None)
    return _replace(back, state="cleared", cleared_at=body.at)


def as_cleared(alarm: Alarm, body: AlarmCleared) -> Alarm:
    """Returns the alarm as over."""
    return _replace(
        alarm,
        state="cleared",
        shelved_until=None,
        cleared_at=body.at,
        cleared_by=body.by,
        clear_reason=body.reason,
    )


def _raise(_documents: Documents, fact: Fact[AlarmRaised]) -> Changes:
    return {("alarm", fact.body.id): as_raised(fact.body)}


def _changing(change: Callable[[Alarm, Any], Alarm]) -> Callable[[Documents, Fact[Any]], Changes]:
    """Returns the function of a fact that changes an open alarm; one that is absent or over stays so."""

    def evolve(documents: Documents, fact: Fact[Any]) -> Changes:
        alarm = documents.get(ALARM, fact.body.id)
        if alarm is None or not alarm.is_open:
            return {}
        return {("alarm", alarm.id): change(alarm, fact.body)}

    return evolve


ALARM_RAISED = declare_fact("alarm.raised.v1", AlarmRaised, _raise)
ALARM_RECURRED = declare_fact("alarm.recurred.v1", AlarmRecurred, _changing(as_recurred))
ALARM_REPEATED = declare_fact("alarm.repeated.v1", AlarmRepeated, _changing(as_repeated))
ALARM_RETURNED = declare_fact("alarm.returned.v1", AlarmReturned, _changing(as_returned))
ALARM_ACKNOWLEDGED = declare_fact("alarm.acknowledged.v1", AlarmAcknowledged, _changing(as_acknowledged))
ALARM_SHELVED = declare_fact("alarm.shelved.v1", AlarmShelved, _changing(as_shelved))
ALARM_UNSHELVED = declare_fact("alarm.unshelved.v1", AlarmUnshelved, _changing(as_unshelved))
ALARM_CLEARED = declare_fact("alarm.cleared.v1", AlarmCleared, _changing(as_cleared))

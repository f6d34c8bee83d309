# SPDX-License-Identifier: Apache-2.0
"""Two incidents that are one: what the one that stands takes over."""

from __future__ import annotations

import msgspec

from hamkor.incidents.rules.incidents import STATES, Affected, Incident, LinkedReport


def merged(into: Incident, taken: Incident) -> Incident:
    """Returns an incident after it took up another one.

    Args:
        into: The one that stands; what it says itself stays.
        taken: The other one; both numbers stay readable.

    Notes:
        The more urgent priority stands. People affected are not added up: two callers tell of the same ones.
    """
    first = LinkedReport(
        id=taken.id,
        at=taken.reported_at,
        by=taken.reported_by,
        source=taken.source,
        text=taken.text or taken.title,
        place=taken.place,
        number=taken.number,
    )
    reports = sorted((*into.reports, first, *taken.reports), key=lambda report: (report.at, report.id))
    notes = sorted((*into.notes, *taken.notes), key=lambda note: (note.at, note.id))
    helping = [agency for agency in (taken.agency, *taken.supporting) if agency != into.agency]
    result = msgspec.structs.replace(
        into,
        type=into.type or taken.type,
        place=into.place or taken.place,
        card_112=into.card_112 or taken.card_112,
        priority=min(into.priority, taken.priority),
        affected=_most(into.affected, taken.affected),
        known={**taken.known, **into.known},
        supporting=_once(into.supporting, tuple(helping)),
        reports=tuple(reports),
        notes=tuple(notes),
        merged=_once(into.merged, (taken.id, *taken.merged)),
        merged_numbers=tuple(sorted({*into.merged_numbers, taken.number, *taken.merged_numbers})),
        units=_once(into.units, taken.units),
        alarms=_once(into.alarms, taken.alarms),
        parent=into.parent if into.parent != taken.id else taken.parent,
    )
    return _further(result, taken)


def _further(into: Incident, taken: Incident) -> Incident:
    """Returns the incident in the state of the other one, when its units are further on."""
    if not into.is_open or not taken.is_open or STATES.index(taken.state) <= STATES.index(into.state):
        return into
    moments = {**taken.moments, **into.moments}
    return msgspec.structs.replace(into, state=taken.state, moments=moments)


def _most(one: Affected, other: Affected) -> Affected:
    names = Affected.__struct_fields__
    return Affected(**{name: max(getattr(one, name), getattr(other, name)) for name in names})


def _once(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*one, *other]))

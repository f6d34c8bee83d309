# SPDX-License-Identifier: Apache-2.0
"""DUTY: the people who hold duties and posts can be there, at one place at a time, without holes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hamkor.checks.rules.arrivals import Span, arrivals_of, departures_of
from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity, Subject
from hamkor.checks.rules.naming import listed, moment_shown, person_subject
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.rota import (
    Engagement,
    Held,
    Window,
    all_held,
    engagements,
    event_window,
    handovers,
    holes,
    hull,
    overlap,
    period,
)
from hamkor.common.messages import N_, Message
from hamkor.plans.rules.roster import Person

ISO_22320 = "ISO 22320:2018, roles and responsibilities"
LOVE_PARADE = "Helbing and Mukerji 2012 on the Love Parade disaster"


@rule(
    "DUTY-010",
    title=N_("The person cannot serve"),
    says=N_("{person} is to hold “{subject}” but cannot serve then."),
    do=N_("Give “{subject}” to somebody who can be there."),
    why=N_(
        "A plan is made once and people change daily. A duty whose holder has dropped out looks owned on paper "
        "and is empty on the day."
    ),
    severity=N_("Red for the holder or a shift, amber for the deputy."),
    sources=(ISO_22320,),
)
def absent_holder(context: Context) -> Iterator[Found]:
    """Yields a finding for every duty, post or shift whose person is known to be unavailable."""
    for held in all_held(context):
        absent = dict.fromkeys(
            engaged.person for engaged in engagements(held) if _is_absent(context, held, engaged)
        )
        for person_id in absent:
            yield _absence(context, held, person_id, "red")
        if held.deputy is not None and held.deputy not in absent:
            yield from _absent_deputy(context, held, held.deputy)


def _absent_deputy(context: Context, held: Held, deputy: str) -> Iterator[Found]:
    if _is_absent(context, held, Engagement(deputy, held, held.window)):
        yield _absence(context, held, deputy, "amber")


def _is_absent(context: Context, held: Held, engaged: Engagement) -> bool:
    person = context.people.get(engaged.person)
    if person is None:
        return False
    window = engaged.window or (event_window(context) if held.is_conduct else None)
    return person.available is False or (window is not None and _is_away(person, window))


def _is_away(person: Person, window: Window) -> bool:
    return any(overlap((away.starts_at, away.ends_at), window) for away in person.unavailable)


def _absence(context: Context, held: Held, person_id: str, severity: Severity) -> Found:
    person = person_subject(context, person_id).shown()
    return Found(subject=held.subject, severity=severity, facts={"person": person})


@rule(
    "DUTY-011",
    title=N_("One person at two places at once"),
    says=N_("{subject} is to be at {places} at the same time, from {moment}."),
    do=N_("Leave {subject} one of {places} and give the others to somebody else."),
    why=N_(
        "On paper one person fills many lines. On the day all but one of the places stand empty, and nobody "
        "notices until they are called."
    ),
    severity=N_(
        "Red when both are posts, or both duties at named places, and lives depend on one of them; amber "
        "otherwise; info when two duties at the same hours do not say where they are held."
    ),
    sources=(ISO_22320,),
)
def double_booking(context: Context) -> Iterator[Found]:
    """Yields one finding for every person who is engaged twice at the same time."""
    by_person: dict[str, list[tuple[Window, Held]]] = {}
    for held in all_held(context):
        for engaged in engagements(held):
            if engaged.window is not None:
                by_person.setdefault(engaged.person, []).append((engaged.window, held))
    for person_id, rows in by_person.items():
        clashes = _clashes(sorted(rows, key=lambda row: row[0]))
        if clashes:
            yield _booking(context, person_id, clashes)


_Clash = tuple[Severity, Window, Held, Held]
_WEIGHT: dict[Severity, int] = {"red": 0, "amber": 1, "info": 2}


def _clashes(rows: list[tuple[Window, Held]]) -> list[_Clash]:
    """Returns for each row its clash with an earlier one that still lasts; rows must be in order of time.

    Notes:
        Of the earlier rows only the longest of each kind and place is kept, so the work stays linear when one
        person has many lines at one place, and the first clash is enough for a line.
    """
    lasting: dict[tuple[str, frozenset[str], str], tuple[Window, Held]] = {}
    found: list[_Clash] = []
    for window, held in rows:
        for key in [key for key, (earlier, _) in lasting.items() if earlier[1] <= window[0]]:
            del lasting[key]
        for earlier, other in lasting.values():
            severity = _clash(other, held)
            if severity is not None:
                found.append((severity, (window[0], min(window[1], earlier[1])), other, held))
                break
        key = (held.subject.kind, held.place, held.subject.id if not held.place else "")
        if key not in lasting or lasting[key][0][1] < window[1]:
            lasting[key] = (window, held)
    return found


def _clash(one: Held, other: Held) -> Severity | None:
    """Returns how grave it is that one person holds both, None when that is one place or one thing."""
    if one.subject == other.subject or one.place & other.place:
        return None
    kinds = {one.subject.kind, other.subject.kind}
    is_vital = one.is_vital or other.is_vital
    are_placed = bool(one.place and other.place)
    if kinds == {"post"} or (kinds == {"duty"} and are_placed):
        return "red" if is_vital else "amber"
    if kinds == {"duty"}:
        return "info"  # two duties may well be held from one chair
    return "amber" if are_placed and is_vital else None


def _booking(context: Context, person_id: str, clashes: list[_Clash]) -> Found:
    severity, window, *_ = min(clashes, key=lambda clash: (_WEIGHT[clash[0]], clash[1]))
    held = dict.fromkeys(
        item.subject for clash in clashes if clash[0] == severity for item in (clash[2], clash[3])
    )
    return Found(
        subject=person_subject(context, person_id),
        severity=severity,
        facts={"places": _shown(held), "moment": moment_shown(window[0])},
    )


def _shown(subjects: dict[Subject, None]) -> list[object]:
    return listed(subject.shown() for subject in subjects)


@rule(
    "DUTY-012",
    title=N_("Hours nobody covers"),
    says=N_("Nobody is on duty at “{subject}” in: {holes}."),
    do=N_("Put somebody on “{subject}” for {holes}."),
    why=N_(
        "A post that is empty for ten minutes is empty for whatever happens in them. Holes lie where one shift "
        "ends and the next is late, which is often when the crowd moves."
    ),
    severity=N_(
        "Red when lives depend on it and the plan itself says from when until when it must be held; amber otherwise."
    ),
    sources=(ISO_22320,),
)
def uncovered_hours(context: Context) -> Iterator[Found]:
    """Yields a finding for every duty and post whose shifts leave a part of its period uncovered."""
    for held in all_held(context):
        window = held.window or _expected_window(context, held)
        if window is None or not held.shifts:
            continue
        found = holes(held.shifts, window)
        if found:
            yield Found(
                subject=held.subject,
                severity="red" if held.is_vital and held.window is not None else "amber",
                facts={"holes": listed(_period_shown(hole) for hole in found)},
            )


def _expected_window(context: Context, held: Held) -> Window | None:
    """Returns the programme for what is vital during it, else the time from the first shift to the last."""
    programme = period(context.event.starts_at, context.event.ends_at)
    return (programme if held.is_vital and held.is_conduct else None) or hull(held.shifts)


def _period_shown(window: Window) -> Message:
    return Message(N_("{low}–{high}"), {"low": moment_shown(window[0]), "high": moment_shown(window[1])})


@rule(
    "DUTY-013",
    title=N_("Change of shift at the worst moment"),
    says=N_("Everyone at “{subject}” changes at {moment}, during {occasion}."),
    do=N_("Move the change at “{subject}” out of {occasion}, or let the old shift stay beside the new one."),
    why=N_(
        "Whoever comes new does not know what has been building up. At the Love Parade in 2010 the police "
        "changed shift between 15:12 and 15:34, while the ramp filled."
    ),
    severity=N_(
        "Red when lives depend on it and the programme calls the item critical; amber for other duties and "
        "posts, and for the peak of arrivals or departures."
    ),
    sources=(LOVE_PARADE, "uz-cm-205-2014-p2-coord"),
)
def handover_in_the_peak(context: Context) -> Iterator[Found]:
    """Yields a finding for every complete change of people inside a critical time."""
    items, peaks = _critical_items(context), _peaks(context)
    for held in all_held(context):
        for moment in handovers(held.shifts):
            occasion = _inside(moment, items)
            severity: Severity = "red" if occasion is not None and held.is_vital else "amber"
            occasion = occasion or _inside(moment, peaks)
            if occasion is not None:
                facts = {"moment": moment_shown(moment), "occasion": occasion}
                yield Found(subject=held.subject, severity=severity, facts=facts)


_Occasion = tuple[Window, object]


def _critical_items(context: Context) -> list[_Occasion]:
    """Returns the critical items of the programme; one without an end lasts until the next, or the last end."""
    items = sorted(context.event.programme or (), key=lambda item: item.starts_at)
    ends = [item.starts_at for item in items[1:]] + [context.event.ends_at]
    return [
        ((item.starts_at, end), item.title)
        for item, next_start in zip(items, ends, strict=False)
        if item.critical and (end := item.ends_at or next_start) is not None
    ]


def _peaks(context: Context) -> list[_Occasion]:
    """Returns the busiest interval of arrivals and of departures, where a profile shows one."""
    names = (Message(N_("the peak of arrivals")), Message(N_("the peak of departures")))
    profiles = (arrivals_of(context), departures_of(context))
    return [
        ((peak.starts_at, peak.ends_at), name)
        for name, spans in zip(names, profiles, strict=True)
        if (peak := _peak(spans)) is not None
    ]


def _peak(spans: list[Span]) -> Span | None:
    return max(spans, key=lambda span: span.per_h.nominal) if len(spans) > 1 else None


def _inside(moment: datetime, occasions: list[_Occasion]) -> object | None:
    return next((name for (start, end), name in occasions if start < moment < end), None)

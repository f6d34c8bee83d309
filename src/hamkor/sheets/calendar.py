# SPDX-License-Identifier: Apache-2.0
"""The programme, tasks and shifts of a plan as an iCalendar stream (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.events.rules import ProgrammeItem
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Duty, Post, Shift, Task
from hamkor.sheets.rules import plain
from hamkor.sheets.words import PHASES, Words

LONGEST_LINE = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""

Property = tuple[str, str]


class CalendarZoneError(HamkorError):
    """The event names a time zone nobody knows, so its local times are no moments."""

    def __init__(self, zone: str) -> None:
        super().__init__(
            "calendar-zone",
            N_("There is no time zone “{zone}”. Write one such as Asia/Tashkent into the event."),
            zone=plain(zone),
        )


def write_calendar(plan: Plan, language: str, *, stamped_at: datetime) -> bytes:
    """Returns the event, its programme, tasks and shifts as a calendar.

    Args:
        plan: The plan.
        language: One of the four languages.
        stamped_at: Moment the calendar is made, aware: the same plan and moment give the same bytes.

    Raises:
        CalendarZoneError: The event's time zone is not known.

    Source:
        RFC 5545; names of calendars RFC 7986. Times are written as UTC, so that no time zone has to be described.
    """
    entries = _Entries(plan, language, stamped_at)
    name = entries.words.say(plan.event.name)
    head = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Hamkor//Plan//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", _text(name)),
        ("X-WR-CALNAME", _text(name)),
    ]
    body = [*entries.event(), *entries.programme(), *entries.tasks(), *entries.shifts()]
    lines = [_folded(f"{key}:{value}") for key, value in (*head, *body, ("END", "VCALENDAR"))]
    return b"".join(lines)


class _Entries:
    """The entries of one calendar."""

    def __init__(self, plan: Plan, language: str, stamped_at: datetime) -> None:
        self.plan = plan
        self.words = Words(plan, language)
        self._stamp = f"{stamped_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        self._features = {feature.id: feature for feature in plan.venue.features} if plan.venue else {}
        try:
            self._zone = ZoneInfo(plan.event.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise CalendarZoneError(plan.event.time_zone) from None

    def event(self) -> Iterator[Property]:
        """Yields the event itself, when its start is known."""
        event = self.plan.event
        if event.starts_at is None:
            return
        times = self._times(event.starts_at, event.ends_at)
        place = [] if event.place is None else [self.words.say(event.place.name)]
        yield from self._entry("VEVENT", "event", self.words.say(event.name), [*times, *_location(place)])

    def programme(self) -> Iterator[Property]:
        """Yields the items of the programme."""
        for item in self.plan.event.programme or ():
            yield from self._entry(
                "VEVENT", f"programme-{item.id}", self.words.say(item.title), self._item(item)
            )

    def tasks(self) -> Iterator[Property]:
        """Yields the tasks, with or without times."""
        for task in self.plan.tasks or ():
            yield from self._entry("VTODO", f"task-{task.id}", self.words.say(task.title), self._task(task))

    def shifts(self) -> Iterator[Property]:
        """Yields one entry for each person at each post or duty in each period."""
        holders: Sequence[Post | Duty] = (*(self.plan.posts or ()), *(self.plan.duties or ()))
        for holder in holders:
            is_post = isinstance(holder, Post)
            title = self.words.say(holder.title) if is_post else self.words.duty_title(holder) or holder.id  # type: ignore[arg-type] # a duty
            turns: dict[str, int] = {}
            for shift in holder.shifts:
                turns[shift.person] = turns.get(shift.person, 0) + 1
                uid = f"{'post' if is_post else 'duty'}-{holder.id}-{shift.person}-{turns[shift.person]}"
                yield from self._entry(
                    "VEVENT",
                    uid,
                    f"{title}: {self.words.person_name(shift.person)}",
                    self._shift(shift, holder),
                )

    def _entry(self, kind: str, uid: str, summary: str, properties: Sequence[Property]) -> Iterator[Property]:
        yield "BEGIN", kind
        yield "UID", f"{uid}@{self.plan.event.id}.hamkor"
        yield "DTSTAMP", self._stamp
        yield "SUMMARY", _text(summary)
        yield from properties
        yield "END", kind

    def _item(self, item: ProgrammeItem) -> list[Property]:
        places = [] if item.place is None else [item.place]
        return [*self._times(item.starts_at, item.ends_at), *_location(self._places(places))]

    def _task(self, task: Task) -> list[Property]:
        starts_at, due_at = task.starts_at, task.ends_at
        if due_at is None and starts_at is not None and task.duration_min is not None:
            due_at = starts_at + timedelta(minutes=task.duration_min)
        if starts_at is not None and due_at is not None and due_at <= starts_at:
            starts_at = None  # the standard wants work due after its start
        times = [("DTSTART", self._utc(starts_at))] if starts_at is not None else []
        times += [("DUE", self._utc(due_at))] if due_at is not None else []
        who = [self.words.agency(task.agency), self.words.person_name(task.person)]
        phase = translate(PHASES[task.phase], self.words.language)
        return [
            *times,
            ("CATEGORIES", _text(phase)),
            *_described([name for name in who if name]),
            *_location(self._places(task.place)),
        ]

    def _shift(self, shift: Shift, holder: Post | Duty) -> list[Property]:
        return [*self._times(shift.starts_at, shift.ends_at), *_location(self._places(holder.place))]

    def _places(self, ids: Sequence[str]) -> list[str]:
        names = []
        for id_ in ids:
            name = getattr(self._features[id_].properties, "name", None) if id_ in self._features else None
            names.append(id_ if name is None else self.words.say(name))
        return names

    def _times(self, starts_at: datetime, ends_at: datetime | None) -> list[Property]:
        times = [("DTSTART", self._utc(starts_at))]
        if ends_at is not None and ends_at > starts_at:
            times.append(("DTEND", self._utc(ends_at)))
        return times

    def _utc(self, moment: datetime) -> str:
        try:
            at = moment.replace(tzinfo=self._zone).astimezone(UTC)
        except OverflowError:  # at the very ends of the calendar
            at = moment.replace(tzinfo=UTC)
        return f"{at.year:04d}{at:%m%dT%H%M%SZ}"


def _location(places: Sequence[str]) -> list[Property]:
    return [("LOCATION", _text(", ".join(places)))] if places else []


def _described(lines: Sequence[str]) -> list[Property]:
    return [("DESCRIPTION", _text("\n".join(lines)))] if lines else []


def _text(text: str) -> str:
    """Returns a text with what would end or split it escaped (RFC 5545, 3.3.11)."""
    escaped = plain(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n").replace("\u2028", " ").replace("\u2029", " ")


def _folded(line: str) -> bytes:
    """Returns a line in pieces of at most 75 octets, no letter cut in two."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"

# SPDX-License-Identifier: Apache-2.0
"""From words of people to a question: which gate, which moment, how many, with refusals that name the way out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.figures import range_of
from hamkor.common.messages import N_, Message
from hamkor.events.rules import Attendance, Event
from hamkor.simulation.measures.limits import limits
from hamkor.simulation.rules.demand import Points, curve_of
from hamkor.simulation.rules.layout import Direction, Layout
from hamkor.simulation.rules.scenario import Change, Method, Scenario
from hamkor.venues.rules.features import Connection

HOUR_S = 3600.0
LONGEST_HORIZON_S = 24 * HOUR_S
NEAR_MATCHES = 5
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_LATER = re.compile(r"\+(\d+(?:\.\d+)?)\s*(s|min|h)")
_UNIT_S = {"s": 1.0, "min": 60.0, "h": HOUR_S}


class AskingError(HamkorError):
    """A question that cannot be meant."""


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What a simulation takes of a plan.

    Args:
        features: Everything drawn.
        event: The event itself.
        attendance: How many come and when; None when unknown.
        unattended: Connections that need staff who are not planned.
    """

    features: tuple[Any, ...]
    event: Event
    attendance: Attendance | None = None
    unattended: frozenset[str] = frozenset()


def names_of(features: Iterable[Any]) -> dict[str, Any]:
    """Returns what people call features, by id; the id itself where there is no name.

    Args:
        features: Everything drawn.
    """
    return {feature.id: feature.properties.name or feature.id for feature in features}


def names_in(layout: Layout, features: Iterable[Any]) -> dict[str, Any]:
    """Returns what people call features and links, by id; links nobody drew are called by what they belong to.

    Args:
        layout: Places and links.
        features: Everything drawn.
    """
    names = names_of(features)
    for link in layout.links.values():
        if link.id in names:
            continue
        owner = link.id.partition("/")[0]
        called = names.get(owner, link.id)
        is_open = link.kind == "open_side" and owner in layout.places
        names[link.id] = Message(N_("open side of {place}"), {"place": called}) if is_open else called
    return names


def ask(parts: Parts, *, direction: Direction, at: str | None = None, **said: Any) -> Scenario:
    """Returns the question with the clock and the arrivals of the plan.

    Args:
        parts: What is known of the event.
        direction: Coming in, leaving, or leaving at once.
        at: Local time of second 0 such as `19:40`; None: when the plan has people begin to move.
        said: Fields of `Scenario` as people gave them, checked here.

    Raises:
        AskingError: ``bad-runs``, ``bad-clock``, ``bad-time-zone``, ``unknown-method``.
    """
    scenario = Scenario(direction=direction, **said)
    _check_runs(scenario)
    periods = _periods(parts.attendance, direction)
    starts_at = _start(parts.event, direction, periods, at)
    # Who is asked how long a full venue takes to empty from a moment on has everybody still in it.
    is_planned = direction == "ingress" or at is None
    arrivals = _arrivals(parts.attendance, direction, starts_at) if is_planned else ()
    horizon_s = max(scenario.horizon_s, (arrivals[-1][0] if arrivals else 0.0) + 2 * HOUR_S)
    return msgspec.structs.replace(
        scenario,
        starts_at=_with_zone(starts_at, parts.event),
        arrivals=scenario.arrivals or arrivals,
        horizon_s=min(horizon_s, LONGEST_HORIZON_S),
    )


def _check_runs(scenario: Scenario) -> None:
    if scenario.method not in get_args(Method):
        raise AskingError("unknown-method", N_("The method is one of: {choices}."), choices=get_args(Method))
    is_micro = scenario.method == "micro"
    most = limits().most_micro_runs if is_micro else limits().most_runs
    if not 1 <= scenario.runs <= most:
        raise AskingError(
            "bad-runs",
            N_(
                "{runs} runs cannot be computed; give 1 to {most}. A hundred runs of the network make a good band."
            ),
            runs=scenario.runs,
            most=most,
        )


def _periods(attendance: Attendance | None, direction: Direction) -> tuple[Any, ...]:
    if attendance is None or direction == "evacuate":
        return ()
    return (attendance.arrivals if direction == "ingress" else attendance.departures) or ()


def _start(event: Event, direction: Direction, periods: tuple[Any, ...], at: str | None) -> datetime | None:
    planned = {
        "ingress": event.doors_open_at or event.starts_at,
        "egress": event.ends_at or event.starts_at,
        "evacuate": event.starts_at,
    }[direction]
    if periods:
        planned = periods[0].starts_at
    if at is None:
        return planned
    if planned is None:
        raise _no_clock(at)
    hour, minute = _clock(at)
    moment = planned.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return _nearest_day(moment, planned)


def _arrivals(attendance: Attendance | None, direction: Direction, starts_at: datetime | None) -> Points:
    """Returns how many came, or left, until each moment by the plan; nothing when it does not say."""
    periods = _periods(attendance, direction)
    if attendance is None or starts_at is None or not periods:
        return ()
    figure = attendance.expected if attendance.expected is not None else attendance.peak
    expected = None if figure is None else range_of(figure).nominal
    points = curve_of(periods, starts_at, expected=expected)
    return points if points and points[-1][0] > 0 else ()


def _with_zone(moment: datetime | None, event: Event) -> datetime | None:
    if moment is None:
        return None
    try:
        return moment.replace(tzinfo=ZoneInfo(event.time_zone)).astimezone(UTC)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise AskingError(
            "bad-time-zone",
            N_("“{zone}” is no time zone. Write one such as `Asia/Tashkent` into `time_zone` of event.yaml."),
            zone=event.time_zone,
        ) from None


def read_change(text: str, *, parts: Parts, scenario: Scenario, factor: float = 0.0) -> Change:
    """Returns a connection that opens, closes or narrows, as people write it: `gate:3@19:40`, `exit-n1@+10min`.

    Args:
        text: Gate, and after `@` the moment it happens; without one from the start.
        parts: What is known of the event.
        scenario: The question so far, with its clock.
        factor: Share of its capacity from then on; `ID=0.5` in the text says it too.

    Raises:
        AskingError: ``unknown-connection``, ``bad-clock``, ``moment-outside``, ``bad-factor``.
    """
    gate, _, when = text.partition("@")
    gate, has_share, share = gate.partition("=")
    link = find_link(gate, parts.features)
    if has_share:
        factor = _factor(share)
    return Change(link=link, at_s=_moment_s(when.strip(), parts.event, scenario), factor=factor)


def _factor(text: str) -> float:
    try:
        factor = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        factor = -1.0
    if not 0 <= factor <= 1:
        raise AskingError(
            "bad-factor",
            N_("`{text}` is no share. Write a number from 0 (shut) to 1 (open), such as `gate-03=0.5`."),
            text=text,
        )
    return factor


def find_link(text: str, features: Iterable[Any]) -> str:
    """Returns the id of the connection people mean by its id, its name on the sign, or kind and number (`gate:3`).

    Args:
        text: What was written.
        features: Everything drawn.

    Raises:
        AskingError: ``unknown-connection`` with near matches, ``ambiguous-connection``.
    """
    links: dict[str, Any] = {
        feature.id: feature.properties for feature in features if isinstance(feature.properties, Connection)
    }
    wanted = text.strip()
    if wanted in links:
        return wanted
    found = [link for link, properties in links.items() if wanted.casefold() in _called(link, properties)]
    if len(found) == 1:
        return found[0]
    if found:
        raise AskingError(
            "ambiguous-connection",
            N_("“{text}” may be {choices}. Write one of these ids."),
            text=wanted,
            choices=tuple(found),
        )
    raise AskingError(
        "unknown-connection",
        N_("The drawing has no opening, passage or turnstiles “{text}”. Near it: {choices}."),
        text=wanted,
        choices=_near(wanted, links) or tuple(list(links)[:NEAR_MATCHES]) or ("–",),
    )


def require_used(changes: Iterable[Change], layout: Layout, features: Iterable[Any]) -> None:
    """Passes when people use every connection that is changed in this direction of movement.

    Args:
        changes: What opens, closes or narrows.
        layout: Places and links in that direction.
        features: Everything drawn.

    Raises:
        AskingError: ``connection-not-used`` with those near it that are used.
    """
    links = {feature.id: feature.properties for feature in features}
    used = {link: links[link] for link in layout.links if link in links}
    for change in changes:
        # What is open to nobody may still be opened: that is the question then.
        if change.link in layout.links or change.factor > 0:
            continue
        number = re.search(r"\d+[a-z]*$", change.link)
        twins = tuple(link for link in used if number and link.endswith(number[0]))
        raise AskingError(
            "connection-not-used",
            N_(
                "Nobody uses {gate} in this direction by the plan, so shutting it changes nothing. Used are: {choices}."
            ),
            gate=change.link,
            choices=(twins or tuple(used))[:NEAR_MATCHES] or ("–",),
        )


def _called(link: str, properties: Any) -> set[str]:
    """Returns everything a connection may be called, in small letters."""
    name = properties.name
    names = {name} if isinstance(name, str) else set((name or {}).values())
    numbered = re.fullmatch(r"(.*?)[-_]?0*(\d+)([a-z]*)", link)
    if numbered:
        word, number, letter = numbered.groups()
        names |= {f"{word}:{number}{letter}", f"{word}-{number}{letter}", f"{word} {number}{letter}"}
    return {called.casefold() for called in names}


def _near(wanted: str, links: Mapping[str, Any]) -> tuple[str, ...]:
    called = {name: link for link, properties in links.items() for name in (link, *_called(link, properties))}
    close = get_close_matches(wanted.casefold(), called, n=3 * NEAR_MATCHES, cutoff=0.5)
    return tuple(dict.fromkeys(called[name] for name in close))[:NEAR_MATCHES]


def _moment_s(text: str, event: Event, scenario: Scenario) -> float:
    if not text:
        return 0.0
    later = _LATER.fullmatch(text)
    seconds = float(later[1]) * _UNIT_S[later[2]] if later else _clock_s(text, event, scenario)
    if not 0 <= seconds < scenario.horizon_s:
        raise AskingError(
            "moment-outside",
            N_(
                "{text} lies outside the movement, which is simulated from {first} to {last}. Leave the time out for "
                "what holds from the start."
            ),
            text=text,
            first=local_clock(scenario, event, 0.0),
            last=local_clock(scenario, event, scenario.horizon_s),
        )
    return seconds


def _clock_s(text: str, event: Event, scenario: Scenario) -> float:
    hour, minute = _clock(text)
    if scenario.starts_at is None:
        raise _no_clock(text)
    begins = scenario.starts_at.astimezone(ZoneInfo(event.time_zone))
    moment = begins.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (_nearest_day(moment, begins) - begins).total_seconds()


def _nearest_day(moment: datetime, around: datetime) -> datetime:
    """Returns the same time of day, less than half a day before or up to half a day after another moment."""
    if moment - around < timedelta(hours=-12):
        return moment + timedelta(days=1)
    return moment - timedelta(days=1) if moment - around > timedelta(hours=12) else moment


def _clock(text: str) -> tuple[int, int]:
    read = _CLOCK.fullmatch(text)
    if read is None or int(read[1]) > 23 or int(read[2]) > 59:
        raise AskingError(
            "bad-clock",
            N_("`{text}` is no moment. Write a local time such as `19:40`, or `+10min` after the start."),
            text=text,
        )
    return int(read[1]), int(read[2])


def _no_clock(text: str) -> AskingError:
    return AskingError(
        "no-clock",
        N_(
            "The event has no times, so {text} cannot be placed. Write `+10min` after the start, or fill in event.yaml."
        ),
        text=text,
    )


def local_clock(scenario: Scenario, event: Event, seconds: float) -> str:
    """Returns the local time of a second of the simulation, or minutes from the start when there is no clock.

    Args:
        scenario: The question with its clock.
        event: The event with its time zone.
        seconds: Seconds from the start.
    """
    if scenario.starts_at is None:
        return f"+{seconds / 60:.0f} min"
    moment = scenario.starts_at + timedelta(seconds=seconds)
    return moment.astimezone(ZoneInfo(event.time_zone)).strftime("%H:%M")

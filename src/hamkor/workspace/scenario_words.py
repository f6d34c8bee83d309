# SPDX-License-Identifier: Apache-2.0
"""What-if runs in words: times people say aloud, differences with a sign, questions in one line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hamkor.common.messages import N_, Message
from hamkor.scenarios.rules.options import DIRECTION_NAMES, METHOD_NAMES, ROUTING_NAMES, Options
from hamkor.simulation.rules.outcome import Band

MINUTE_S, HOUR_S = 60, 3600
WITHOUT_MINUTES_S = 90
SAME_S = 1.0
"""Answers that differ by less are called the same: nobody can act on a second."""
NOT_REACHED = N_("not reached")
STATES: dict[str, tuple[str, str, str]] = {
    "queued": ("clock", "", N_("waits")),
    "running": ("clock", "amber", N_("at work")),
    "done": ("check", "good", N_("done")),
    "failed": ("octagon-x", "red", N_("no answer")),
    "cancelled": ("x", "", N_("cancelled")),
}
"""Sign, tone and word of each state of a run."""


def duration(seconds: float) -> Message:
    """Returns a length of time as people say it: 48 s, 12 min 50 s, 1 h 5 min."""
    whole = round(abs(seconds))
    if whole < WITHOUT_MINUTES_S:
        return Message(N_("{seconds} s"), {"seconds": whole})
    if whole < HOUR_S:
        minutes, rest = divmod(whole, MINUTE_S)
        if not rest:
            return Message(N_("{minutes} min"), {"minutes": minutes})
        return Message(N_("{minutes} min {seconds} s"), {"minutes": minutes, "seconds": rest})
    hours, rest = divmod(round(whole / MINUTE_S), MINUTE_S)
    return Message(N_("{hours} h {minutes} min"), {"hours": hours, "minutes": rest})


def difference(seconds: float) -> Message:
    """Returns by how much later or earlier, with its sign."""
    if abs(seconds) < SAME_S:
        return Message(N_("no difference"))
    sign = "+" if seconds > 0 else "−"
    return Message("{sign}{duration}", {"sign": sign, "duration": duration(seconds)})


def tone_of(seconds: float) -> str:
    """Returns the tone of a difference: later is amber, earlier good, the same quiet."""
    if abs(seconds) < SAME_S:
        return "soft"
    return "tone-amber" if seconds > 0 else "ok"


def band_of(band: Band) -> Message | None:
    """Returns the range of an ensemble, None for a single run."""
    if math.isclose(band.low, band.high, abs_tol=SAME_S):
        return None
    facts = {"low": duration(band.low), "high": duration(band.high)}
    return Message(N_("{low} to {high} in 9 of 10 runs"), facts)


def moment_of(starts_at: datetime | None, seconds: float, zone: Any) -> str:
    """Returns the time of day of a second of the simulation; empty when it has no clock."""
    if starts_at is None:
        return ""
    moment = starts_at + timedelta(seconds=seconds)
    return (moment.astimezone(zone) if moment.tzinfo else moment).strftime("%H:%M")


def question_in_words(options: Options, names: Mapping[str, Any]) -> Message:
    """Returns a question in one line: what moves, what is shut, how many people.

    Args:
        options: The question.
        names: What features are called, by id.
    """
    return Message(
        "{direction}: {rest}",
        {"direction": Message(DIRECTION_NAMES[options.direction]), "rest": _rest(options, names)},
    )


def how_in_words(options: Options) -> Message:
    """Returns how a question is answered: method, runs, how people choose their way."""
    parts: list[Message] = [Message(METHOD_NAMES[options.method])]
    if options.method != "guided":
        parts.append(Message(ROUTING_NAMES[options.routing]))
    if options.runs > 1:
        parts.append(Message(N_("{runs} runs"), {"runs": options.runs}))
    return Message("{parts}", {"parts": parts})


def _rest(options: Options, names: Mapping[str, Any]) -> list[Message]:
    parts = [_shut_in_words(each.link, each.after_min, each.factor, names) for each in options.shut]
    if not parts:
        parts.append(Message(N_("everything as planned")))
    if options.people is not None:
        parts.append(Message(N_("{people} people"), {"people": options.people}))
    return parts


def _shut_in_words(link: str, after_min: int, factor: float, names: Mapping[str, Any]) -> Message:
    name = names.get(link, link)
    if factor:
        template = N_("{name} at {share} % after {minutes} min") if after_min else N_("{name} at {share} %")
        return Message(template, {"name": name, "share": round(100 * factor), "minutes": after_min})
    if after_min:
        return Message(N_("{name} shut after {minutes} min"), {"name": name, "minutes": after_min})
    return Message(N_("{name} shut"), {"name": name})


def label_of(id_: str, names: Mapping[str, Any]) -> str:
    """Returns what a place or link is called; the open side of an area by the area.

    Args:
        id_: Id of the feature, or `<area>/open`.
        names: What features are called in the language of the page, by id.
    """
    area, slash, rest = id_.partition("/")
    if slash and rest == "open":
        return f"{names.get(area, area)} ⇢"
    return str(names.get(id_, id_))

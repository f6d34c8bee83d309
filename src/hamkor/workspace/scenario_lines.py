# SPDX-License-Identifier: Apache-2.0
"""Lists of what-if runs: earlier ones with their state, those in the record, some of them side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest

from hamkor.common.messages import N_, Message
from hamkor.pages.languages import current_language
from hamkor.scenarios.facts import Scenario
from hamkor.scenarios.queries import Run, get_run, list_adopted, may_stop
from hamkor.workspace.event_page import EventPage
from hamkor.workspace.people_shown import names_of
from hamkor.workspace.scenario_chart import chart_of
from hamkor.workspace.scenario_words import (
    STATES,
    difference,
    duration,
    how_in_words,
    question_in_words,
    tone_of,
)

MOST_COMPARED = 4
HASH_SHOWN = 16


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One run in the list.

    Args:
        run: The run.
        question: What was asked, in one line.
        how: By which method.
        by: Who asked.
        sign: Sign of its state.
        tone: Tone of its state.
        state: Word of its state.
        result: Its time in words, None without one.
        change: Difference from the other case.
        change_tone: Tone of the difference.
        may_stop: The viewer may cancel or remove it.
        is_adopted: It is in the record.
        is_compared: It is shown side by side.
    """

    run: Run
    question: Message
    how: Message
    by: str
    sign: str
    tone: str
    state: str
    result: Message | None
    change: Message | None
    change_tone: str
    may_stop: bool
    is_adopted: bool
    is_compared: bool


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A result in the record, as the page tells it."""

    id: str
    question: Message
    about: int
    by: str
    at: datetime
    hash: str
    result: Message | None
    fails: int


def lines_of(
    page: EventPage, runs: tuple[Run, ...], names: dict[str, str], *, compared: list[UUID]
) -> list[Line]:
    """Returns the runs of an event for the list.

    Args:
        page: The event.
        runs: The runs, the newest first.
        names: What features are called, by id.
        compared: Runs that are shown side by side.
    """
    people = names_of(page.viewer, [run.by for run in runs])
    adopted = {each.id for each in list_adopted(page.viewer, page.documents)}
    return [_line(page, run, names, people=people, adopted=adopted, compared=compared) for run in runs]


def kept_of(page: EventPage, names: dict[str, str]) -> list[Kept]:
    """Returns the results in the record of the event, the newest first.

    Args:
        page: The event.
        names: What features are called, by id.
    """
    found = list_adopted(page.viewer, page.documents)
    people = names_of(page.viewer, [each.by for each in found])
    return [_kept(each, names, people) for each in reversed(found)]


def _kept(found: Scenario, names: dict[str, str], people: dict[str, str]) -> Kept:
    last = found.cleared[-1] if found.cleared else None
    return Kept(
        id=found.id,
        question=question_in_words(found.question, names),
        about=found.about,
        by=people.get(found.by, ""),
        at=found.at,
        hash=found.inputs_hash[:HASH_SHOWN],
        result=None if last is None else duration(last.middle_s),
        fails=len(found.fails),
    )


def _line(page: EventPage, run: Run, names: dict[str, str], **marks: Any) -> Line:
    sign, tone, word = STATES[run.state]
    share = next((each for each in ("1.0", "0.99", "0.9") if each in run.headline.clearance_s), None)
    found = run.headline.clearance_s[share] if share is not None else None
    before = run.headline.base_s.get(share or "")
    gained = None if found is None or before is None else found.middle - before.middle
    return Line(
        run=run,
        question=question_in_words(run.options, names),
        how=how_in_words(run.options),
        by=marks["people"].get(run.by, ""),
        sign=sign,
        tone=tone,
        state=word,
        result=None if found is None else duration(found.middle),
        change=None if gained is None else difference(gained),
        change_tone="soft" if gained is None else tone_of(gained),
        may_stop=may_stop(page.viewer, run.by),
        is_adopted=str(run.id) in marks["adopted"],
        is_compared=run.id in marks["compared"],
    )


def compared_ids(request: HttpRequest, runs: tuple[Run, ...]) -> list[UUID]:
    """Returns the answered runs an address asks to see side by side, at most four."""
    asked = set(request.GET.getlist("with"))
    return [run.id for run in runs if str(run.id) in asked and run.state == "done"][:MOST_COMPARED]


def side_by_side(page: EventPage, runs: list[Run], names: dict[str, str]) -> dict[str, Any] | None:
    """Returns two or more answers side by side, the oldest first; None when there are fewer.

    Args:
        page: The event.
        runs: The runs, the newest first.
        names: What features are called, by id.
    """
    if len(runs) < 2:
        return None
    # Late: it brings the engine with it, which other pages do not need.
    from hamkor.simulation.queries import compare

    found = []
    for run in reversed(runs):
        _, answer = get_run(page.viewer, stream=page.stream, run_id=run.id, now=page.now)
        if answer is not None and answer.outcome is not None:
            found.append((run, answer.outcome))
    if len(found) < 2:
        return None
    language = current_language()
    titles = [question_in_words(run.options, names).render(language) for run, _ in found]
    outcomes = [outcome for _, outcome in found]
    return {
        "titles": [(title, how_in_words(run.options)) for title, (run, _) in zip(titles, found, strict=True)],
        "rows": [_compared_row(row) for row in compare(outcomes, link_names=dict(names)).rows],
        "chart": chart_of(list(zip(titles, outcomes, strict=True))),
    }


def _compared_row(row: Any) -> tuple[Message, list[tuple[Message | None, Message | None, str]]]:
    cells = []
    for value, gained in zip(row.values, row.differences, strict=True):
        is_time = row.unit == "duration"
        text = None if value is None else (duration(value.middle) if is_time else _plain(value.middle))
        change = None if gained is None else (difference(gained) if is_time else _signed(gained))
        cells.append((text, change, "soft" if gained is None else tone_of(gained * (1 if is_time else 1e6))))
    return row.says, cells


def _plain(value: float) -> Message:
    return Message("{value}", {"value": round(value, 2)})


def _signed(value: float) -> Message:
    rounded = round(abs(value), 2)
    if not rounded:
        return Message(N_("no difference"))
    return Message("{sign}{value}", {"sign": "+" if value > 0 else "−", "value": rounded})

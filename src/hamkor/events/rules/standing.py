# SPDX-License-Identifier: Apache-2.0
"""Where each step of an application stands, and until when it has to be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.events.rules.attendance import Attendance
from hamkor.events.rules.days import first_day_of, last_day_of
from hamkor.events.rules.event import Event
from hamkor.events.rules.jurisdiction import (
    OUTSIDE_THE_RULES,
    is_held_in_uzbekistan,
    is_under_the_rules,
    visitors_of,
)
from hamkor.events.rules.legal import Conclusion, Legal, Paper
from hamkor.events.rules.papers import (
    CONCERT_KINDS,
    GIVEN_STATES,
    NEEDED_HEADINGS,
    PENDING_STATES,
    PERHAPS_CONCERT_KINDS,
    STATE_NAMES,
    latest_conclusions_of,
)
from hamkor.norms.queries import get_parameter
from hamkor.norms.rules import earliest_day_after, latest_day_before

StepState = Literal["done", "in_progress", "not_begun", "overdue", "not_needed", "unknown"]
# By what the steps are decided: the Rules of holding mass events; perhaps the Rules, the number of people does not
# tell; nothing, since too few people come; another law, abroad or for a rally.
Law = Literal["rules", "perhaps", "small", "elsewhere"]
OPEN_STATES: frozenset[StepState] = frozenset({"in_progress", "not_begun"})


class Standing(msgspec.Struct, frozen=True):
    """Where a step stands, not looking at the calendar."""

    state: StepState
    remark: Message | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the steps look at it."""

    event: Event
    legal: Legal
    law: Law
    today: date

    @property
    def silence(self) -> Standing:
        """What it means when the plan does not speak of a paper."""
        if self.law == "small":
            return Standing("not_needed", Message(N_("Fewer people come than the Rules ask for.")))
        if self.law == "elsewhere":
            return Standing("unknown", Message(N_("Another law decides: ask the authority of the place.")))
        if self.law == "perhaps":
            return Standing("unknown", Message(N_("Needed if as many people come as the Rules ask for.")))
        return Standing("not_begun" if self.event.extent == "complete" else "unknown")


def law_of(event: Event, attendance: Attendance | None) -> Law:
    """Returns by what the steps of the event are decided."""
    if not is_held_in_uzbekistan(event) or event.kind in OUTSIDE_THE_RULES:
        return "elsewhere"
    applies = is_under_the_rules(event, visitors_of(attendance))
    if applies is None:
        return "perhaps"
    return "rules" if applies else "small"


def assess_programme(case: Case) -> Standing:
    """Returns where the programme stands: there, empty or unknown."""
    if case.law in {"small", "elsewhere"}:
        return Standing("done") if case.event.programme else case.silence
    if case.event.programme is None:
        return case.silence
    return Standing("done" if case.event.programme else "not_begun")


def assess_category(case: Case) -> Standing:
    """Returns where the category stands; abroad there is none."""
    if case.event.category is not None:
        return Standing("done")
    if case.law == "elsewhere":
        return Standing("not_needed")
    return case.silence


def assess_application(case: Case) -> Standing:
    """Returns where the application stands: one that led to a refusal has to be made again."""
    permit = case.legal.permit
    if permit is None:
        return case.silence
    if permit.state == "applied" or permit.state in GIVEN_STATES:
        return Standing("done")
    return _standing_of(permit, case)


def assess_paper(kind: str) -> Callable[[Case], Standing]:
    """Returns what tells where a paper stands, by its key in `legal.yaml`."""

    def assess(case: Case) -> Standing:
        paper: Paper | None = getattr(case.legal, kind)
        return case.silence if paper is None else _standing_of(paper, case)

    return assess


def assess_licence(case: Case) -> Standing:
    """Returns where the concert licence stands; other events need none."""
    if case.legal.concert_licence is not None:
        return _standing_of(case.legal.concert_licence, case)
    if case.event.kind in CONCERT_KINDS:
        return case.silence
    if case.event.kind in PERHAPS_CONCERT_KINDS:
        return Standing("unknown", Message(N_("Whether it counts as a concert depends on the programme.")))
    return Standing("not_needed")


def _standing_of(paper: Paper, case: Case) -> Standing:
    """Returns where a known paper stands; one that does not cover all days of the event has to be renewed."""
    if paper.state == "not_needed":
        return Standing("not_needed")
    if paper.state not in GIVEN_STATES:
        state: StepState = "in_progress" if paper.state in PENDING_STATES else "not_begun"
        return Standing(state, Message(STATE_NAMES[paper.state]))
    last = last_day_of(case.event)
    if paper.valid_until_date is not None and last is not None and paper.valid_until_date < last:
        shown = paper.valid_until_date.strftime("%d.%m.%Y")
        return Standing("not_begun", Message(N_("it is valid only until {day}"), {"day": shown}))
    return Standing("done")


def assess_conclusion(heading: str) -> Callable[[Case], Standing]:
    """Returns what tells where the conclusion under a heading stands."""

    def assess(case: Case) -> Standing:
        found = latest_conclusions_of(case.legal).get(heading)
        if found is not None:
            return _standing_of_conclusion(found)
        if case.law == "elsewhere":
            return Standing("not_needed")
        if case.law == "rules" and heading not in NEEDED_HEADINGS:
            return Standing("unknown", Message(N_("No norm that was read names it: ask the commission.")))
        # A list of conclusions that leaves a heading out says that there is none.
        is_listed = case.law == "rules" and case.legal.conclusions is not None
        return Standing("not_begun") if is_listed else case.silence

    return assess


def _standing_of_conclusion(found: Conclusion) -> Standing:
    if found.result == "positive":
        return Standing("done")
    if found.result == "pending":
        return Standing("in_progress")
    return Standing("not_begun", Message(N_("The last conclusion is negative: mend what it names.")))


def day_before(case: Case) -> date | None:
    """Returns the last working day before the event."""
    first = first_day_of(case.event)
    return None if first is None else latest_day_before(first, 0)


def application_day(case: Case) -> date | None:
    """Returns the last day that leaves the time a decision may take."""
    first = first_day_of(case.event)
    days = int(get_parameter("permit_review_working_days").value)
    return None if first is None else latest_day_before(first, days)


def decision_day(case: Case) -> date | None:
    """Returns the day by which a decision is due: so many working days after the application, before the event."""
    permit, eve = case.legal.permit, day_before(case)
    if permit is None or permit.state != "applied" or permit.applied_date is None:
        return eve
    days = int(get_parameter("permit_review_working_days").value)
    due = earliest_day_after(permit.applied_date, days)
    return min((day for day in (due, eve) if day is not None), default=None)


def contract_day(case: Case) -> date | None:
    """Returns the last day that leaves the time the written commitment takes."""
    first = first_day_of(case.event)
    days = int(get_parameter("written_commitment_working_days").value)
    return None if first is None else latest_day_before(first, days)

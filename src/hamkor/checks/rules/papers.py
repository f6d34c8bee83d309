# SPDX-License-Identifier: Apache-2.0
"""The papers of an event, and days as offices count them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Subject
from hamkor.common.messages import N_
from hamkor.events.rules import Legal, Paper

DAYS_A_WEEK = 7
WORKING_DAYS_A_WEEK = 5
MISSING_STATES = frozenset({"none", "refused", "withdrawn"})
PENDING_STATES = frozenset({"applied", "drafted"})
GIVEN_STATES = frozenset({"issued", "signed"})
STATE_NAMES = {
    "none": N_("there is none"),
    "refused": N_("it was refused"),
    "withdrawn": N_("it was withdrawn"),
    "applied": N_("it was only applied for"),
    "drafted": N_("it is only a draft"),
}
PAPER_NAMES = {
    "permit": N_("permit to hold the event"),
    "security_contract": N_("security contract"),
    "concert_licence": N_("concert licence"),
    "insurance": N_("liability insurance"),
}
# A concert that ends in the small hours still belongs to the evening before.
NIGHT = timedelta(hours=6)


class HeldPaper(msgspec.Struct, frozen=True):
    """A paper of the event that is known.

    Args:
        kind: Key in ``legal.yaml``.
        paper: The paper.
    """

    kind: str
    paper: Paper


def legal_of(context: Context) -> Legal:
    """Returns the legal part of the plan; one in which everything is unknown when there is none."""
    return context.plan.legal or Legal()


def papers_of(context: Context) -> Iterator[HeldPaper]:
    """Yields the papers that are known, the permit first."""
    legal = legal_of(context)
    for kind in PAPER_NAMES:
        paper = getattr(legal, kind)
        if paper is not None:
            yield HeldPaper(kind, paper)


def paper_subject(kind: str) -> Subject:
    """Returns a paper as a subject."""
    return Subject("paper", kind)


def first_day(context: Context) -> date | None:
    """Returns the day on which visitors first come, None when not known."""
    first = context.event.doors_open_at or context.event.starts_at
    return first.date() if first is not None else None


def last_day(context: Context) -> date | None:
    """Returns the last day of the event, an evening that ends after midnight counting as one day."""
    first, end = first_day(context), context.event.ends_at
    if first is None or end is None:
        return first
    return max(first, (end - NIGHT).date())


def working_days_between(first: date, last: date) -> int:
    """Returns the working days after the first day and before the last.

    Notes:
        Monday to Friday; public holidays are not known here, so there may be fewer.
    """
    day = first + timedelta(days=1)
    weeks, rest = divmod(max((last - day).days, 0), DAYS_A_WEEK)
    odd_days = ((day.weekday() + number) % DAYS_A_WEEK for number in range(rest))
    return weeks * WORKING_DAYS_A_WEEK + sum(weekday < WORKING_DAYS_A_WEEK for weekday in odd_days)

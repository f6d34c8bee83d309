# SPDX-License-Identifier: Apache-2.0
"""The papers of an event, as the rules on law look at them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Subject
from hamkor.events.rules import (
    GIVEN_STATES,
    MISSING_STATES,
    PAPER_NAMES,
    PENDING_STATES,
    STATE_NAMES,
    Legal,
    Paper,
    first_day_of,
    last_day_of,
)
from hamkor.norms.rules import working_days_between

__all__ = [
    "GIVEN_STATES",
    "MISSING_STATES",
    "PAPER_NAMES",
    "PENDING_STATES",
    "STATE_NAMES",
    "HeldPaper",
    "first_day",
    "last_day",
    "legal_of",
    "paper_subject",
    "papers_of",
    "working_days_between",
]


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
    return first_day_of(context.event)


def last_day(context: Context) -> date | None:
    """Returns the last day of the event, an evening that ends after midnight counting as one day."""
    return last_day_of(context.event)

# SPDX-License-Identifier: Apache-2.0
"""Entrances: which banks of turnstiles serve which people."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Subject
from hamkor.checks.rules.flows import entry_lines
from hamkor.common.figures import Range, known, total
from hamkor.crowd.rules.connections import lane_rate_of, lanes_of
from hamkor.venues.rules.features import Turnstiles


class Entrance(msgspec.Struct, frozen=True):
    """Banks of turnstiles that serve the same people.

    Args:
        subject: The bank, or the whole event.
        banks: The banks.
        people: Who come through them.
        share: Their share of all arrivals, None when unknown.
    """

    subject: Subject
    banks: tuple[Turnstiles, ...]
    people: Range
    share: float | None

    @property
    def lanes(self) -> int:
        """Lanes that have people to work them."""
        return sum(lanes_of(bank) for bank in self.banks)

    @property
    def per_h(self) -> Range:
        """People they let in per hour."""
        return total(lane_rate_of(bank) * lanes_of(bank) for bank in self.banks)


def entrances(context: Context) -> Iterator[Entrance]:
    """Yields every bank whose people are known, then all banks together when the crowd is known.

    Notes:
        A bank's people are those its tickets send there, else its share of arrivals, else the people of the area
        it alone leads to.
    """
    banks = [(bank_id, bank) for bank_id, bank in context.features_of(Turnstiles)]
    visitors = context.visitors
    for bank_id, bank in banks:
        people = _people_at(context, bank, banks)
        if people is not None:
            share = people.nominal / visitors.nominal if visitors is not None and visitors.nominal else None
            yield Entrance(context.subject("turnstiles", bank_id), (bank,), people, share)
    for line in entry_lines([bank for _, bank in banks]):
        everyone = _people_of_line(context, line, banks)
        is_told = len(line) == 1 and _people_at(context, line[0], banks) is not None
        if everyone is not None and not is_told:
            yield Entrance(context.event_subject, tuple(line), everyone, 1.0)


def _people_of_line(
    context: Context, line: list[Turnstiles], banks: list[tuple[str, Turnstiles]]
) -> Range | None:
    """Returns the people who come through all banks of a line, None when some banks are told and some not.

    Notes:
        An extract may show a few banks of many: the crowd is theirs only when no bank tells its own people.
    """
    told = [people for bank in line if (people := _people_at(context, bank, banks)) is not None]
    if len(told) == len(line):
        return total(told)
    return context.visitors if context.is_complete or not told else None


def _people_at(context: Context, bank: Turnstiles, banks: list[tuple[str, Turnstiles]]) -> Range | None:
    if bank.assigned_people is not None:
        return known(bank.assigned_people)
    if bank.arrival_share is not None and context.visitors is not None:
        return context.visitors * bank.arrival_share
    is_only = sum(other.to == bank.to for _, other in banks) == 1
    people = context.people_in(bank.to) if is_only and bank.to in context.areas else None
    return context.visitors if people is None and len(banks) == 1 else people

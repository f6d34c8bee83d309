# SPDX-License-Identifier: Apache-2.0
"""Scenarios side by side, each with its difference from the first one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.simulation.measures.judging import MOVING_LIMIT_PER_M2, worst_queues
from hamkor.simulation.rules.outcome import Band, Outcome

Unit = Literal["duration", "people", "density", "count"]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One thing compared.

    Args:
        says: What it is.
        unit: How to write it.
        values: One per outcome; None where it was never reached or is unknown.
        differences: From the first outcome; None for the first itself and where one of both is unknown.
        link: Id of the link it is about, empty for the whole venue.
    """

    says: Message
    unit: Unit
    values: tuple[Band | None, ...]
    differences: tuple[float | None, ...]
    link: str = ""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Outcomes side by side.

    Args:
        names: Of the scenarios, the first is what others are compared with.
        rows: What is compared.
    """

    names: tuple[str, ...]
    rows: tuple[Row, ...]


MOST_LINKS = 6
LEAST_CHANGE_S = 30.0
_SHARES = {
    0.5: N_("Half arrived after"),
    0.9: N_("90 % arrived after"),
    0.99: N_("99 % arrived after"),
    1.0: N_("All arrived after"),
}


def compare(outcomes: Sequence[Outcome], *, link_names: dict[str, object] | None = None) -> Comparison:
    """Returns outcomes side by side, with the differences from the first one.

    Args:
        outcomes: One or more; the first is the base.
        link_names: What people call links, by id.
    """
    rows = [
        _row(Message(text), "duration", [outcome.clearance_s.get(str(share)) for outcome in outcomes])
        for share, text in _SHARES.items()
    ]
    rows += [
        _row(Message(N_("People not arrived")), "people", [_exact(outcome.left) for outcome in outcomes]),
        _row(Message(N_("Highest density, people per m²")), "density", _each(outcomes, _worst_density)),
        _row(Message(N_("Longest above 4 people per m²")), "duration", _each(outcomes, _longest_above)),
        _row(Message(N_("Longest wait")), "duration", _each(outcomes, _longest_wait)),
        _row(Message(N_("Longest queue")), "people", _each(outcomes, _longest_queue)),
        _row(
            Message(N_("Reasons to fail the plan")),
            "count",
            [_exact(len(outcome.fails)) for outcome in outcomes],
        ),
    ]
    called = link_names or {}
    for link in _telling_links(outcomes):
        waits = [
            outcome.links[link].longest_wait_s if link in outcome.links else None for outcome in outcomes
        ]
        text = Message(N_("Wait at {gate}"), {"gate": called.get(link, link)})
        rows.append(_row(text, "duration", waits, link=link))
    names = tuple(outcome.scenario.name or f"#{at}" for at, outcome in enumerate(outcomes, start=1))
    return Comparison(names=names, rows=tuple(rows))


def _row(says: Message, unit: Unit, values: Sequence[Band | None], *, link: str = "") -> Row:
    base = values[0]
    differences = [
        None if base is None or value is None or at == 0 else value.middle - base.middle
        for at, value in enumerate(values)
    ]
    return Row(says=says, unit=unit, values=tuple(values), differences=tuple(differences), link=link)


def _each(outcomes: Sequence[Outcome], find: Callable[[Outcome], Band | None]) -> list[Band | None]:
    return [find(outcome) for outcome in outcomes]


def _exact(value: float) -> Band:
    return Band(value, value, value)


def _highest(bands: Sequence[Band | None]) -> Band | None:
    known = [band for band in bands if band is not None]
    return max(known, key=lambda band: band.middle, default=None)


def _worst_density(outcome: Outcome) -> Band | None:
    return _highest([place.worst_density_per_m2 for place in outcome.places.values()])


def _longest_above(outcome: Outcome) -> Band | None:
    known = [place for place in outcome.places.values() if place.worst_density_per_m2 is not None]
    above = [place.seconds_above.get(MOVING_LIMIT_PER_M2, 0.0) for place in known]
    return _exact(max(above)) if above else None


def _longest_wait(outcome: Outcome) -> Band | None:
    return _highest([link.longest_wait_s for link in outcome.links.values()])


def _longest_queue(outcome: Outcome) -> Band | None:
    return _highest([link.longest_queue for link in outcome.links.values()])


def _telling_links(outcomes: Sequence[Outcome]) -> list[str]:
    """Returns links whose wait changes most between the outcomes, largest change first."""
    changes: dict[str, float] = {}
    for link in {link for outcome in outcomes for link, _ in worst_queues(outcome.links)}:
        if all(link in outcome.links for outcome in outcomes):
            waits = [outcome.links[link].longest_wait_s.middle for outcome in outcomes]
            changes[link] = max(waits) - min(waits)
    told = [link for link in changes if changes[link] >= LEAST_CHANGE_S]
    return sorted(told, key=lambda link: (-changes[link], link))[:MOST_LINKS]

# SPDX-License-Identifier: Apache-2.0
"""An answer of the crowd engine as the page of what-if questions shows it: numbers in words, worst first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.density import density_table
from hamkor.crowd.rules.fruin import fruin_level_by_space
from hamkor.plans.rules.plan import Plan
from hamkor.scenarios.queries import Run
from hamkor.scenarios.rules.answers import Answer, gained_s
from hamkor.simulation.rules.outcome import LinkOutcome, Outcome
from hamkor.workspace.scenario_limits import LimitRow, limits_of, zone_of
from hamkor.workspace.scenario_words import (
    NOT_REACHED,
    band_of,
    difference,
    duration,
    label_of,
    moment_of,
    tone_of,
)

BIG_SHARES = ("0.9", "0.99", "1.0")
SHARE_WORDS = {"0.5": "50 %", "0.9": "90 %", "0.99": "99 %", "1.0": "100 %"}
MOST_ROWS = 10
FEW_LIMITS = 4
LEAST_CHANGE_S = 1.0
CLEARED = {
    "ingress": N_("of the people are in"),
    "egress": N_("of the people are out"),
    "evacuate": N_("of the people are out"),
}


class Big(msgspec.Struct, frozen=True, kw_only=True):
    """One big number.

    Args:
        share: Of how many people it speaks, such as 99 %.
        text: How long it took, or that it was never reached.
        band: Range of the ensemble, None for one run.
        moment: Time of day, empty without a clock.
        change: Difference from the other case, None when there is none.
        tone: Tone of the difference.
    """

    share: str
    text: Message
    band: Message | None
    moment: str
    change: Message | None
    tone: str


class GateRow(msgspec.Struct, frozen=True, kw_only=True):
    """A gate or passage with what happened there; `open_share`: per cent the question leaves open, None: all of it."""

    id: str
    label: str
    open_share: float | None
    share: float
    passed: float
    queue: float
    wait: Message
    queue_before: float | None
    wait_change: Message | None
    tone: str


class PlaceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A place with its worst density.

    Args:
        id: Its id.
        label: What it is called.
        density: People per m² at its worst.
        level: Fruin's level of service at that density.
        above: Seconds above the density up to which a simulation may clear a plan.
        people: Most people at once.
        is_over: True above that density.
    """

    id: str
    label: str
    density: float
    level: str
    above: Message | None
    people: float
    is_over: bool


class SplitRow(msgspec.Struct, frozen=True, kw_only=True):
    """Where stewards should send the people of a place, in words."""

    label: str
    ways: tuple[tuple[str, int], ...]


class ResultShown(msgspec.Struct, frozen=True, kw_only=True):
    """A whole answer; see the parts."""

    bigs: tuple[Big, ...]
    cleared: str
    limits: tuple[LimitRow, ...]
    gates: tuple[GateRow, ...]
    more_gates: int
    places: tuple[PlaceRow, ...]
    more_places: int
    split: tuple[SplitRow, ...]
    left: float
    stuck: int
    most_clearable_per_m2: float

    @property
    def missed(self) -> int:
        """How many limits of the plan are missed."""
        return sum(row.state == "missed" for row in self.limits)

    @property
    def told_limits(self) -> tuple[LimitRow, ...]:
        """The limits worth a line: those missed, or all when they are few."""
        if len(self.limits) <= FEW_LIMITS:
            return self.limits
        return tuple(row for row in self.limits if row.state != "kept")[:MOST_ROWS]

    @property
    def kept(self) -> int:
        """How many limits of the plan are kept in all runs."""
        return sum(row.state == "kept" for row in self.limits)


def result_shown(run: Run, answer: Answer, *, plan: Plan, names: Mapping[str, Any]) -> ResultShown | None:
    """Returns what a page shows of an answer, None when there is none.

    Args:
        run: The run.
        answer: Its answer.
        plan: The plan it is about.
        names: What features are called in the language of the page, by id.
    """
    outcome = answer.outcome
    if outcome is None:
        return None
    zone = zone_of(plan)
    gates = _gates(outcome, answer.base, names)
    places = _places(outcome, names)
    return ResultShown(
        bigs=tuple(_big(share, outcome, answer.base, zone) for share in BIG_SHARES),
        cleared=CLEARED[run.options.direction],
        limits=limits_of(outcome, plan, names),
        gates=tuple(gates[:MOST_ROWS]),
        more_gates=max(0, len(gates) - MOST_ROWS),
        places=tuple(places[:MOST_ROWS]),
        more_places=max(0, len(places) - MOST_ROWS),
        split=_split(outcome, names),
        left=outcome.left,
        stuck=outcome.stuck,
        most_clearable_per_m2=density_table().max_clearable_density_per_m2,
    )


def _big(share: str, outcome: Outcome, base: Outcome | None, zone: Any) -> Big:
    band = outcome.clearance_s.get(share)
    gained = gained_s(outcome, base, share)
    return Big(
        share=SHARE_WORDS[share],
        text=Message(NOT_REACHED) if band is None else duration(band.middle),
        band=None if band is None else band_of(band),
        moment="" if band is None else moment_of(outcome.scenario.starts_at, band.middle, zone),
        change=None if gained is None else difference(gained),
        tone="soft" if gained is None else tone_of(gained),
    )


def _gates(outcome: Outcome, base: Outcome | None, names: Mapping[str, Any]) -> list[GateRow]:
    """Returns gates people went through, or would have: those that are shut first, then by their longest wait."""
    shut = {change.link: 100 * change.factor for change in outcome.scenario.changes}
    before = base.links if base is not None else {}
    used = [link for link, found in outcome.links.items() if found.passed.high >= 1]
    rows = [
        _gate(
            link,
            outcome.links.get(link),
            before.get(link),
            label=label_of(link, names),
            open_share=shut.get(link),
        )
        for link in dict.fromkeys((*sorted(shut), *used))
    ]
    waits = {link: found.longest_wait_s.middle for link, found in outcome.links.items()}
    return sorted(
        rows,
        key=lambda row: (row.open_share is None, -waits.get(row.id, 0.0), -row.queue, -row.passed, row.id),
    )


def _gate(
    link: str, found: LinkOutcome | None, before: LinkOutcome | None, *, label: str, open_share: float | None
) -> GateRow:
    change = None
    if found is not None and before is not None:
        change = found.longest_wait_s.middle - before.longest_wait_s.middle
    is_told = change is not None and abs(change) >= LEAST_CHANGE_S
    return GateRow(
        id=link,
        label=label,
        open_share=open_share,
        share=0.0 if found is None else 100 * found.share,
        passed=0.0 if found is None else found.passed.middle,
        queue=0.0 if found is None else found.longest_queue.middle,
        wait=duration(0.0 if found is None else found.longest_wait_s.middle),
        queue_before=None if before is None else before.longest_queue.middle,
        wait_change=difference(change) if change is not None and is_told else None,
        tone="soft" if change is None else tone_of(change),
    )


def _places(outcome: Outcome, names: Mapping[str, Any]) -> list[PlaceRow]:
    most = density_table().max_clearable_density_per_m2
    rows = []
    for place, found in outcome.places.items():
        band = found.worst_density_per_m2
        if band is None or band.middle <= 0:
            continue
        above_s = found.seconds_above.get(f"{most:g}")
        rows.append(
            PlaceRow(
                id=place,
                label=label_of(place, names),
                density=round(band.middle, 2),
                level=_fruin(band.middle),
                above=None if not above_s else duration(above_s),
                people=found.most_people.middle,
                is_over=band.middle > most,
            )
        )
    return sorted(rows, key=lambda row: (-row.density, row.id))


def _fruin(density_per_m2: float) -> str:
    # The table knows spaces from 0.067 to 1 000 m² per person.
    return fruin_level_by_space(min(1000.0, max(0.067, 1.0 / density_per_m2)))


def _split(outcome: Outcome, names: Mapping[str, Any]) -> tuple[SplitRow, ...]:
    rows = []
    for place, shares in outcome.split.items():
        ways = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
        told = tuple((label_of(link, names), round(100 * share)) for link, share in ways if share >= 0.01)
        rows.append(SplitRow(label=label_of(place, names), ways=told))
    return tuple(rows)

# SPDX-License-Identifier: Apache-2.0
"""The best a steered crowd could do, what stewards should tell it, and what that is worth."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
import numpy as np

from hamkor.common.messages import N_, Message
from hamkor.simulation.guidance.quickest import (
    GuidanceError,
    Quickest,
    ground_inwards,
    ground_of,
    quickest_flow,
)
from hamkor.simulation.guidance.splitting import Splits, advice_of, best_split, rounded
from hamkor.simulation.network.asking import question_of
from hamkor.simulation.network.running import run_network
from hamkor.simulation.rules.arcs import Arcs, Floats, arcs_of
from hamkor.simulation.rules.demand import Points
from hamkor.simulation.rules.hashing import hash_of
from hamkor.simulation.rules.layout import Layout, Link
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.outcome import SHARES, Band, Curve, Outcome
from hamkor.simulation.rules.scenario import Change, Scenario
from hamkor.simulation.rules.ways import times_left_s

ENGINE = "hamkor-guidance 1"
STEPS_S = (1.0, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 60.0)


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """What steering a crowd is worth.

    Args:
        unguided_s: Clearance when nobody steers; None when not everybody gets out.
        guided_s: Clearance at the best.
        saved_s: Seconds between the two.
        says: The same as a sentence.
    """

    unguided_s: float | None
    guided_s: float
    saved_s: float | None
    says: Message


def run_guided(
    layout: Layout, scenario: Scenario, *, on_progress: Callable[[float], None] | None = None
) -> Outcome:
    """Returns the least time in which everybody can be out (or in), and the shares that lead there.

    Clearance and arrivals are those of the quickest flow, a bound nobody beats with the same rates; places and links
    show the network when people follow the rounded shares.

    Args:
        layout: Places and links.
        scenario: The question; its routing is ignored.
        on_progress: Is told the share of the work done; may raise to cancel.

    Raises:
        GuidanceError: ``never-out`` when somebody has no open way.
        NetworkError: As `run_network`.

    Source: quickest flow; minimum-cost flow for the shares.
    """
    begun = time.process_time()
    is_coming = scenario.direction == "ingress"
    turned = _turned(layout) if is_coming else layout
    leaving = msgspec.structs.replace(scenario, direction="egress", routing="nearest", arrivals=())
    arcs = arcs_of(turned, scenario.speed_m_per_s)
    factors = _factors(arcs, scenario.changes)
    people, starts = _crowd(layout, scenario)
    held = [layout.places[name].holds for name in arcs.places]
    holds = np.array([np.inf if each is None else each for each in held])
    ever = np.max([factor for _, factor in factors], axis=0)
    guess = _guess_s(arcs, people, ever)
    ground = ground_of(arcs, people, holds, factors=factors, starts=() if is_coming else starts)
    begins_s = starts[-1][0] if starts and not is_coming else 0.0
    best = quickest_flow(ground, step_s=_step_s(guess + begins_s), guess_s=guess + begins_s)
    _tell(on_progress, 0.4)
    mean = _mean_factor(factors, best.clearance_s)
    splits = rounded(best_split(arcs, ground.people, best.clearance_s, capacity=arcs.rate_per_s * mean))
    if is_coming:
        best = _quickest_in(
            layout, leaving, people, holds=holds, starts=starts, changes=scenario.changes, guess_s=guess
        )
    _tell(on_progress, 0.8)
    led = run_network(layout, msgspec.structs.replace(scenario, runs=1), splits=splits)
    _tell(on_progress, 1.0)
    return _outcome(layout, scenario, best, led=led, splits=splits, begun=begun)


def _crowd(layout: Layout, scenario: Scenario) -> tuple[Floats, Points]:
    """People per place who start there or want to get there, and when they start or come."""
    arcs = arcs_of(layout, scenario.speed_m_per_s)
    asked = msgspec.structs.replace(scenario, routing="nearest")
    question = question_of(layout, arcs, asked, people=None, demand=None)
    people = np.zeros(len(arcs.places))
    number = {name: index for index, name in enumerate(arcs.places)}
    for source in question.sources:
        is_coming = source.place == arcs.outside
        people[number[question.goals[source.goals[0]].name] if is_coming else source.place] += source.people
    return people, question.curves[0]


def _quickest_in(
    layout: Layout,
    scenario: Scenario,
    people: Floats,
    *,
    holds: Floats,
    starts: Points,
    changes: tuple[Change, ...],
    guess_s: float,
) -> Quickest:
    """The soonest everybody can be in, coming as they do."""
    arcs = arcs_of(layout, scenario.speed_m_per_s)
    ground = ground_inwards(arcs, people, holds, factors=_factors(arcs, changes), starts=starts)
    guess = max(guess_s, starts[-1][0] if starts else 0.0) * 1.05
    return quickest_flow(ground, step_s=_step_s(guess), guess_s=guess)


def gap(unguided: Outcome, guided: Outcome) -> Gap:
    """Returns what steering the crowd is worth.

    Args:
        unguided: The network's answer.
        guided: The answer of `run_guided` to the same question.

    Source: difference of the clearances.
    """
    best = guided.clearance_s["1.0"].middle
    free = unguided.clearance_s.get("1.0")
    if free is None:
        says = Message(
            N_("Unguided, not everyone gets out; guided, everyone can be out in {best} s."),
            {"best": round(best)},
        )
        return Gap(unguided_s=None, guided_s=best, saved_s=None, says=says)
    says = Message(
        N_("Unguided {free} s, at the best {best} s: steering the crowd is worth up to {saved} s."),
        {"free": round(free.middle), "best": round(best), "saved": max(0, round(free.middle - best))},
    )
    return Gap(unguided_s=free.middle, guided_s=best, saved_s=free.middle - best, says=says)


def _outcome(
    layout: Layout, scenario: Scenario, best: Quickest, *, led: Outcome, splits: Splits, begun: float
) -> Outcome:
    times, counts = np.array(best.envelope).T
    everyone = counts[-1]
    clearance = {str(share): _band(float(np.interp(share * everyone, counts, times))) for share in SHARES}
    clearance["1.0"] = _band(best.clearance_s)
    followed = led.clearance_s.get("1.0")
    said = [
        Message(N_("Clearance is the least there is: every person goes the best way at the best moment.")),
        Message(N_("Time step of the optimum {step} s; walking times rounded down."), {"step": best.step_s}),
    ]
    if followed is not None:
        said.append(
            Message(
                N_(
                    "Places and links: as when people follow the shares; they are then all there after {seconds} s."
                ),
                {"seconds": round(followed.middle)},
            )
        )
    return msgspec.structs.replace(
        led,
        scenario=scenario,
        left=0.0,
        clearance_s=clearance,
        arrived=Curve(times_s=tuple(times.tolist()), values=tuple(counts.tolist())),
        split=splits,
        advice=advice_of(splits, is_coming=scenario.direction == "ingress"),
        assumptions=(*said, *led.assumptions),
        inputs_hash=hash_of(layout, scenario, "guided"),
        engine=ENGINE,
        cpu_s=time.process_time() - begun,
    )


def _band(value: float) -> Band:
    return Band(value, value, value)


def _tell(on_progress: Callable[[float], None] | None, share: float) -> None:
    if on_progress is not None:
        on_progress(share)


def _turned(layout: Layout) -> Layout:
    """The layout with every link the other way round: the quickest way in is the quickest way out, run backwards."""
    links = {name: _turned_link(link) for name, link in layout.links.items()}
    return msgspec.structs.replace(layout, direction="egress", links=links)


def _turned_link(link: Link) -> Link:
    return msgspec.structs.replace(
        link,
        tail=link.head,
        head=link.tail,
        line=None if link.line is None else link.line.reverse(),
    )


def _factors(arcs: Arcs, changes: tuple[Change, ...]) -> tuple[tuple[float, Floats], ...]:
    """Per moment of change, share of the capacity of each arc from then on."""
    number = {name: index for index, name in enumerate(arcs.links)}
    current = np.ones(len(arcs.links))
    rows: dict[float, Floats] = {0.0: current[arcs.link]}
    for change in sorted(changes, key=lambda each: each.at_s):
        if change.link in number:
            current[number[change.link]] = change.factor
            rows[max(0.0, change.at_s)] = current[arcs.link]
    return tuple(sorted(rows.items(), key=lambda row: row[0]))


def _mean_factor(factors: tuple[tuple[float, Floats], ...], until_s: float) -> Floats:
    ends = [*(from_s for from_s, _ in factors[1:]), np.inf]
    total = np.zeros_like(factors[0][1])
    for (from_s, factor), end_s in zip(factors, ends, strict=True):
        total += factor * max(0.0, min(end_s, until_s) - min(from_s, until_s))
    mean: Floats = total / max(until_s, 1e-9)
    return mean


def _guess_s(arcs: Arcs, people: Floats, factor: Floats) -> float:
    """About how long it takes; refuses people who have no way."""
    out = arcs.head == arcs.outside
    rate = float(np.minimum(arcs.rate_per_s * factor, 1e3)[out].sum())
    left = times_left_s(arcs, out[None, :], (factor > 0) & (arcs.rate_per_s > 0))[0]
    reached = np.zeros(len(arcs.places), dtype=np.bool_)
    reached[arcs.start_place[np.isfinite(left[arcs.start_to])]] = True
    lost = [name for name, is_lost in zip(arcs.places, (people >= 1) & ~reached, strict=True) if is_lost]
    if lost:
        raise GuidanceError(
            "never-out",
            N_("{people} people of {places} have no open way. Open one, or keep them from going there."),
            people=round(float(people[(people >= 1) & ~reached].sum())),
            places=lost,
        )
    walk = float(np.max(left, where=np.isfinite(left), initial=0.0))
    return float(people.sum()) / max(rate, 1e-3) + walk


def _step_s(guess_s: float) -> float:
    profile = network_profile()
    low, high = profile.guided_step_range_s
    wanted = min(max(guess_s / profile.guided_steps_aimed, low), high)
    return max(step for step in STEPS_S if step <= wanted + 1e-9)

# SPDX-License-Identifier: Apache-2.0
"""Entry: rates of lanes, queues over time, lanes needed, and vendors' claims."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cache

import msgspec

from hamkor.common.messages import N_
from hamkor.crowd.rules.inputs import InputError, require, require_choice, whole_up
from hamkor.crowd.rules.tables import Profile, read_table

MINUTES_PER_HOUR = 60
CLAIM_TOLERANCE = 0.01  # rounding in prose stays below this


class EntryMethod(StrEnum):
    """How people are let in."""

    TURNSTILE = "turnstile"
    MAGNETOMETER = "magnetometer"
    HAND_SEARCH_NO_BAGS = "hand_search_no_bags"
    HAND_SEARCH_MIXED = "hand_search_mixed"
    HAND_SEARCH_BAGS = "hand_search_bags"


class EntryRates(Profile, frozen=True, kw_only=True):
    """Rates per lane and hour, and what surrounds them; see ``profiles/ingress.yaml``."""

    turnstile_rate_per_h: float
    rate_per_h: dict[str, float]
    wand_loss_per_h: float
    scanner_loss_per_h: float
    screening_rate_max_per_h: float
    vendor_claim_range_per_h: tuple[float, float]
    peak_share_range: tuple[float, float]
    queue_density_per_m2: float


class QueueStep(msgspec.Struct, frozen=True):
    """The queue at the end of one interval.

    Args:
        at_min: End of the interval, from the beginning.
        queue: People waiting.
        wait_min: Wait of the last one; infinite while nobody is served, zero without a queue.
        area_m2: Area they need at two people per square metre.
    """

    at_min: float
    queue: float
    wait_min: float
    area_m2: float


@cache
def entry_rates() -> EntryRates:
    """Returns the rates.

    Source: ``profiles/ingress.yaml``.
    """
    return read_table("ingress.yaml", EntryRates)


def lane_rate_per_h(method: EntryMethod, *, has_wand: bool = False, has_scanner: bool = False) -> float:
    """Returns how many people one lane lets in per hour.

    Args:
        method: How people are let in.
        has_wand: True when a hand-held detector is used on top: 120 fewer.
        has_scanner: True when a baggage scanner is used on top: 180 fewer.

    Returns:
        People per hour, never below 1.

    Raises:
        InputError: An unknown method.

    Source: eventknowhow for searches; measured magnetometer lanes of 5 to 7 s; Green Guide for turnstiles.
    """
    require_choice("method", method, EntryMethod)
    rates = entry_rates()
    base = (
        rates.turnstile_rate_per_h
        if method == EntryMethod.TURNSTILE
        else rates.rate_per_h[EntryMethod(method)]
    )
    loss = rates.wand_loss_per_h * has_wand + rates.scanner_loss_per_h * has_scanner
    return max(1.0, base - loss)


def believable_rate_per_h(rate_per_h: float, *, is_measured: bool, is_screening: bool = True) -> float:
    """Returns the rate to plan with: a measured one as it is, a vendor's claim only up to 400 or the turnstile cap.

    Args:
        rate_per_h: People per hour and lane, 1 to 3 600.
        is_measured: True when it was measured at a comparable event and the measurement is attached.
        is_screening: False for a bare turnstile without search.

    Raises:
        InputError: A rate that cannot be meant.

    Source: a vendor claims 600 to 1 200; measured magnetometer lanes gave about 400.
    """
    require(rate_per_h=rate_per_h)
    if is_measured:
        return rate_per_h
    rates = entry_rates()
    return min(rate_per_h, rates.screening_rate_max_per_h if is_screening else rates.turnstile_rate_per_h)


def check_claimed_share(persons: float, share: float, claimed_persons: float) -> float:
    """Returns the share of the people, refusing a claim that does not multiply out.

    Args:
        persons: All, 0 to 10 000 000.
        share: 0 to 1.
        claimed_persons: What the paper says the share comes to.

    Raises:
        InputError: ``claim-does-not-multiply`` when it is more than 1 % off.

    Source: a screening vendor's own example makes 56 000 of 70 % of 60 000.
    """
    require(persons=persons, share=share, claimed_persons=claimed_persons)
    product = persons * share
    if abs(product - claimed_persons) > CLAIM_TOLERANCE * max(product, 1.0):
        raise InputError(
            "claim-does-not-multiply",
            N_("{share} of {persons} people is {product}, not {claimed}: correct the calculation."),
            share=share,
            persons=persons,
            product=product,
            claimed=claimed_persons,
        )
    return product


def peak_arrivals_per_min(persons: float, share: float, window_min: float) -> float:
    """Returns people per minute in the busiest stretch.

    Args:
        persons: Who come in all, 0 to 10 000 000.
        share: Share of them in the stretch; 0.6 to 0.7 in the last 45 to 60 minutes when nothing was measured.
        window_min: Length of the stretch, above 0.

    Raises:
        InputError: A number that cannot be meant.

    Source: arrival curves of events; a measured curve comes first.
    """
    require(persons=persons, share=share, window_min=window_min)
    return persons * share / window_min


def lanes_needed(peak_per_min: float, rate_per_h: float) -> int:
    """Returns how many lanes carry the peak without a growing queue.

    Args:
        peak_per_min: Arrivals per minute at the peak, 0 to 1 000 000; an average over the day is no peak.
        rate_per_h: People per hour and lane, 1 to 3 600.

    Raises:
        InputError: A number that cannot be meant.

    Source: fluid queue; averages of waiting-line theory hide the peak.
    """
    require(peak_per_min=peak_per_min, rate_per_h=rate_per_h)
    return whole_up(peak_per_min * MINUTES_PER_HOUR / rate_per_h)


def entry_hours(persons: float, lanes: float, rate_per_h: float) -> float:
    """Returns how many hours the lanes need for the people; infinite without a lane.

    Args:
        persons: 0 to 10 000 000.
        lanes: Open lanes or turnstiles, 0 to 10 000.
        rate_per_h: People per hour and lane, 1 to 3 600.

    Raises:
        InputError: A number that cannot be meant.

    Source: 10 100 people over 7 turnstiles of 750 per hour need 1.92 h (Taylor, interim report).
    """
    require(persons=persons, lanes=lanes, rate_per_h=rate_per_h)
    if lanes == 0:
        return 0.0 if persons == 0 else float("inf")
    return persons / (lanes * rate_per_h)


def queue_over_time(
    arrivals_per_min: Sequence[float],
    service_per_min: Sequence[float] | float,
    *,
    step_min: float,
    initial_queue: float = 0.0,
) -> tuple[QueueStep, ...]:
    """Returns the queue at the end of each interval, with the wait and the area it needs.

    Args:
        arrivals_per_min: Arrivals per minute in each interval, in order of time.
        service_per_min: People served per minute, one number or one per interval.
        step_min: Length of an interval, above 0.
        initial_queue: People waiting at the beginning.

    Returns:
        One step per interval.

    Raises:
        InputError: ``lengths-differ`` when there is not one service rate per interval; a number that cannot be meant.

    Source: fluid queue, Q(t) = max(0, Q(t-1) + (arrivals - service) dt); wait = Q / service; 2 people per m2.
    """
    require(step_min=step_min, initial_queue=initial_queue)
    steps: list[QueueStep] = []
    queue = initial_queue
    for number, (arriving, served) in enumerate(_paired(arrivals_per_min, service_per_min), start=1):
        require(arrivals_per_min=arriving, service_per_min=served)
        queue = max(0.0, queue + (arriving - served) * step_min)
        steps.append(_queue_step(number * step_min, queue, served))
    return tuple(steps)


def longest_queue(steps: Sequence[QueueStep]) -> QueueStep | None:
    """Returns the step with the longest queue, the first of several; None without steps.

    Args:
        steps: From ``queue_over_time``.

    Source: fluid queue.
    """
    return max(steps, key=lambda step: step.queue, default=None)


def _paired(arrivals: Sequence[float], service: Sequence[float] | float) -> list[tuple[float, float]]:
    rates = [float(service)] * len(arrivals) if isinstance(service, (int, float)) else list(service)
    if len(rates) != len(arrivals):
        raise InputError(
            "lengths-differ",
            N_(
                "{arrivals} intervals of arrivals and {service} of service: give one service rate per interval."
            ),
            arrivals=len(arrivals),
            service=len(rates),
        )
    return list(zip(arrivals, rates, strict=True))


def _queue_step(at_min: float, queue: float, served_per_min: float) -> QueueStep:
    wait_min = 0.0 if queue == 0 else queue / served_per_min if served_per_min > 0 else float("inf")
    return QueueStep(at_min, queue, wait_min, queue / entry_rates().queue_density_per_m2)

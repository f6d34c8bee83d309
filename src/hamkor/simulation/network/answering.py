# SPDX-License-Identifier: Apache-2.0
"""What a run of the network says: curves, bands, waits, sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.ingress import entry_rates
from hamkor.simulation.network.stepping import Job, Track
from hamkor.simulation.rules.arcs import Arcs, Floats, Ints
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.outcome import SHARES, Band, Curve, Hot, LinkOutcome, PlaceOutcome
from hamkor.venues.rules.features import OUTSIDE

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
ALL_BUT = 1e-6
HALF_A_PERSON = 0.5
LITTLE = 1e-3
"""Of a few people a thousandth, where half a person would be many of them."""
"""Less than this share of the most is nobody."""
ROUNDING = 0.5
"""Everyone has arrived when less than half a person, or a thousandth of all, is on the way."""
THRESHOLDS = (2, 3, 4, 5)
SECONDS_PER_MIN = 60.0
WAIT_MEMBERS = 25
"""Waits are worked out for so many members of an ensemble, spread evenly over it."""


def band_of(values: Floats) -> Band:
    """Returns the 5th, 50th and 95th percentile of one number per member.

    Args:
        values: (members,).

    Source: linear between the members.
    """
    if len(values) == 1:
        return Band(*(float(values[0]),) * 3)
    return Band(*(float(each) for each in np.quantile(values, (LOW, MIDDLE, HIGH))))


def bands(values: Floats) -> Floats:
    """Returns (…, 3) percentiles over the last axis of (…, members).

    Args:
        values: Any shape; the last axis is the ensemble.

    Source: linear between the members.
    """
    ordered = np.sort(values, axis=-1)
    last = ordered.shape[-1] - 1
    picked = []
    for share in (LOW, MIDDLE, HIGH):
        below = int(np.floor(share * last))
        part = share * last - below
        upper = ordered[..., min(below + 1, last)]
        picked.append(ordered[..., below] * (1 - part) + upper * part)
    return np.stack(picked, axis=-1)


def median_of(values: Floats) -> Floats:
    """Returns the median over the members, the last of two axes.

    Args:
        values: (things, members).

    Source: definition; one member is its own median.
    """
    if values.shape[1] == 1:
        return values[:, 0]
    middle: Floats = np.median(values, axis=1)
    return middle


def curve_of(times_s: tuple[float, ...], values: Floats) -> Curve:
    """Returns the curve of (points, members); with a band when there are several members.

    Args:
        times_s: Per point.
        values: (points, members).

    Source: definition.
    """
    if values.shape[1] == 1:
        return Curve(times_s=times_s, values=tuple(values[:, 0].tolist()))
    low, middle, high = bands(values).T.tolist()
    return Curve(times_s=times_s, values=tuple(middle), low=tuple(low), high=tuple(high))


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A run as arrays of points × things × members.

    Args:
        times_s: Per point.
        inside: (points, places, members).
        passed: (points, links, members).
        queue: (points, links, members).
        on_links: (points, members), people walking along links.
        longest: (links, members).
        busy: (links,), share of the time.
    """

    times_s: tuple[float, ...]
    inside: Floats
    passed: Floats
    queue: Floats
    on_links: Floats
    longest: Floats
    busy: Floats


def picture_of(job: Job, track: Track) -> Picture:
    """Returns what happened per place and link.

    Args:
        job: What was run.
        track: What was written down.

    Source: conservation of people: who passed in, less who passed out.
    """
    arcs, used = job.arcs, job.cells.used
    members = job.rate_per_s.shape[1]
    times = np.array(track.times_s)
    passed = np.stack(track.passed).reshape(len(times), len(used), members)
    queue = np.stack(track.queue).reshape(passed.shape)
    entered = _entered(arcs, used, times=times, passed=passed)
    count = len(arcs.places)
    inside = (
        job.start[None, :, :]
        + _summed(entered, arcs.head[used], count + 1)[:, :count]
        - _summed(passed, arcs.tail[used], count + 1)[:, :count]
    )
    links = len(arcs.links)
    of_link = arcs.link[used]
    busy = np.zeros(links)
    np.maximum.at(busy, of_link, track.busy.reshape(len(used), members).mean(axis=1) / max(track.steps, 1))
    return Picture(
        times_s=tuple(times.tolist()),
        inside=np.maximum(inside, 0.0),
        passed=_summed(passed, of_link, links),
        queue=_summed(queue, of_link, links),
        on_links=(passed - entered).sum(axis=1),
        longest=_summed(track.longest.reshape(1, len(used), members), of_link, links)[0],
        busy=busy,
    )


def _entered(arcs: Arcs, used: Ints, *, times: Floats, passed: Floats) -> Floats:
    """People who came out at the other end of each arc: those who passed its beginning a walk earlier."""
    entered = passed.copy()
    along = arcs.along_s[used]
    for number in np.flatnonzero(along > 0):
        earlier = times - along[number]
        index = np.clip(np.searchsorted(times, earlier, side="right") - 1, 0, max(len(times) - 2, 0))
        gap = times[np.minimum(index + 1, len(times) - 1)] - times[index]
        part = np.clip(
            np.divide(earlier - times[index], gap, out=np.zeros_like(gap), where=gap > 0), 0.0, 1.0
        )
        below, above = passed[index, number], passed[np.minimum(index + 1, len(times) - 1), number]
        entered[:, number] = below + (above - below) * part[:, None]
    return entered


def _summed(values: Floats, keys: Ints, count: int) -> Floats:
    """Sums (points, arcs, members) over arcs of the same key."""
    total = np.zeros((values.shape[0], count, values.shape[2]))
    if not len(keys):
        return total
    order = np.argsort(keys, kind="stable")
    begins = np.flatnonzero(np.append(True, np.diff(keys[order]) > 0))
    total[:, keys[order][begins]] = np.add.reduceat(values[:, order], begins, axis=1)
    return total


def clearance_of(track: Track, people: Floats, step_s: float) -> dict[str, Band]:
    """Returns when 50, 90, 99 and 100 % of the people had arrived, by the share as text.

    Args:
        track: What was written down.
        people: (members,), who took part.
        step_s: Width of a step.

    Returns:
        Shares that half of the members never reach are missing; a member that never does counts as infinite.

    Source: definition; 100 % means that less than half a person (of few people: a thousandth) is on the way.
    """
    arrived = np.stack(track.arrived).reshape(len(track.arrived), -1)
    times: dict[str, Band] = {}
    for share in SHARES:
        goal = people * share - (np.minimum(ROUNDING, people / 1000) if share == 1 else 0.0)
        reached = arrived >= goal
        step = reached.argmax(axis=0)
        before = arrived[np.maximum(step - 1, 0), np.arange(len(step))]
        now = arrived[step, np.arange(len(step))]
        part = np.divide(goal - before, now - before, out=np.ones_like(goal), where=now > before)
        seconds = np.where(reached.any(axis=0), (step - 1 + np.clip(part, 0.0, 1.0)) * step_s, np.inf)
        seconds = np.maximum(seconds, 0.0)
        if np.isfinite(seconds).mean() > HIGH - 1e-9:
            times[str(share)] = band_of(np.minimum(seconds, seconds[np.isfinite(seconds)].max()))
    return times


def places_of(layout: Layout, job: Job, picture: Picture) -> dict[str, PlaceOutcome]:
    """Returns what happened in each place.

    Args:
        layout: Places and links.
        job: What was run.
        picture: What happened.

    Source: density is people over the area people can use.
    """
    interval = np.diff(np.array(picture.times_s), prepend=0.0)
    found: dict[str, PlaceOutcome] = {}
    for number, name in enumerate(job.arcs.places):
        inside = picture.inside[:, number]
        people = curve_of(picture.times_s, inside)
        area = layout.places[name].area_m2
        density = None if not area else inside / area
        last = np.where(
            (inside > ALL_BUT * max(inside.max(), 1.0)).any(axis=0),
            _last_inside(inside, picture.times_s),
            0.0,
        )
        found[name] = PlaceOutcome(
            people=people,
            density_per_m2=None if density is None else curve_of(picture.times_s, density),
            most_people=band_of(inside.max(axis=0)),
            worst_density_per_m2=None if density is None else band_of(density.max(axis=0)),
            seconds_above={} if density is None else _seconds_above(density, interval),
            clear_s=band_of(last) if np.isfinite(last).all() else None,
        )
    return found


def _last_inside(inside: Floats, times_s: tuple[float, ...]) -> Floats:
    """Per member, the first point from which less than half a person is left there; infinite when more stay."""
    is_there = inside > np.minimum(HALF_A_PERSON, LITTLE * inside.max(axis=0))
    last = len(times_s) - 1 - is_there[::-1].argmax(axis=0)
    empty = np.minimum(last + 1, len(times_s) - 1)
    return np.where(is_there[-1], np.inf, np.array(times_s)[empty])


def _seconds_above(density: Floats, interval: Floats) -> dict[str, float]:
    above = interval @ (median_of(density)[:, None] > np.array(THRESHOLDS))
    return {
        str(limit): float(seconds) for limit, seconds in zip(THRESHOLDS, above, strict=True) if seconds > 0
    }


def links_of(job: Job, picture: Picture, people: float) -> dict[str, LinkOutcome]:
    """Returns what happened at each link people used.

    Args:
        job: What was run.
        picture: What happened.
        people: Everyone who took part.

    Source: first come, first served: who joins a queue has passed when as many have passed as had joined.
    """
    times = np.array(picture.times_s)
    gaps = np.maximum(np.diff(times), 1e-9)
    members = picture.queue.shape[2]
    chosen = np.unique(np.linspace(0, members - 1, min(members, WAIT_MEMBERS)).astype(int))
    found: dict[str, LinkOutcome] = {}
    for number in np.flatnonzero(np.bincount(job.arcs.link[job.cells.used], minlength=len(job.arcs.links))):
        passed, queue = picture.passed[:, number], picture.queue[:, number]
        flow = np.zeros_like(passed)
        flow[1:] = np.diff(passed, axis=0) / gaps[:, None] * SECONDS_PER_MIN
        through = band_of(passed[-1])
        longest = band_of(picture.longest[number])
        # Of each member by itself: medians of two curves are no queue anybody stood in.
        waits = np.array([longest_wait_s(times, passed[:, each], queue[:, each]) for each in chosen])
        found[job.arcs.links[number]] = LinkOutcome(
            flow_per_min=curve_of(picture.times_s, flow),
            queue=curve_of(picture.times_s, queue),
            passed=through,
            longest_queue=longest,
            longest_wait_s=band_of(waits),
            busy_share=float(picture.busy[number]),
            share=through.middle / people if people > 0 else 0.0,
        )
    return found


def longest_wait_s(times: Floats, passed: Floats, queue: Floats) -> float:
    """Returns the longest wait in a queue, seconds; those never served wait until the end.

    Args:
        times: Per point, seconds.
        passed: Per point, people through.
        queue: Per point, people waiting.

    Source: first come, first served.
    """
    if not queue.any():
        return 0.0
    rising = passed + np.arange(len(passed)) * 1e-12
    joined = passed + queue
    served = np.interp(joined - np.minimum(ROUNDING, joined / 1000), rising, times, right=times[-1])
    return float(np.where(queue > ALL_BUT, served - times, 0.0).max(initial=0.0))


def hottest_of(places: dict[str, PlaceOutcome], links: dict[str, LinkOutcome]) -> tuple[Hot, ...]:
    """Returns where people waited longest or stood densest, worst first.

    Args:
        places: What happened in places.
        links: What happened at links.

    Source: waits in minutes and densities per m² weigh alike.
    """
    hot = [
        Hot(
            kind="place",
            id=name,
            density_per_m2=each.worst_density_per_m2.middle,
            at_s=_moment(each.density_per_m2),
        )
        for name, each in places.items()
        if each.worst_density_per_m2 is not None and each.density_per_m2 is not None
        if each.worst_density_per_m2.middle > 1
    ]
    hot += [
        Hot(
            kind="link",
            id=name,
            queue=each.longest_queue.middle,
            wait_s=each.longest_wait_s.middle,
            at_s=_moment(each.queue),
        )
        for name, each in links.items()
        if each.longest_wait_s.middle >= 1
    ]
    hot.sort(
        key=lambda each: (-max(each.density_per_m2 or 0.0, each.wait_s / SECONDS_PER_MIN), each.kind, each.id)
    )
    return tuple(hot[: network_profile().hottest])


def _moment(curve: Curve) -> float:
    return curve.times_s[max(range(len(curve.values)), key=curve.values.__getitem__)]


def queue_ground(layout: Layout, job: Job, picture: Picture) -> tuple[Message, ...]:
    """Returns a sentence for every queue that needs more ground than there is for it.

    Args:
        layout: Places and links.
        job: What was run.
        picture: What happened.

    Source: two people per m² of queue (profiles/ingress.yaml).
    """
    per_m2 = entry_rates().queue_density_per_m2
    said = []
    arcs = job.arcs
    median = median_of(picture.longest)
    for number in np.flatnonzero(median > per_m2):
        link = layout.links[arcs.links[number]]
        tail = link.tail if link.forward else link.head
        place = None if tail == OUTSIDE else layout.places[tail].area_m2
        room = link.queue_area_m2 if link.queue_area_m2 is not None else place
        need = float(median[number]) / per_m2
        if room is not None and need > room:
            said.append(
                Message(
                    N_(
                        "{link}: up to {people} people wait in front; they need {need} m², there are {room} m²."
                    ),
                    {
                        "link": link.id,
                        "people": round(float(median[number])),
                        "need": round(need),
                        "room": round(room),
                    },
                )
            )
    return tuple(said)

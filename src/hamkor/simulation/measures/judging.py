# SPDX-License-Identifier: Apache-2.0
"""What an outcome says against a plan. It may fail a plan; nothing here ever clears one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.simulation.measures.limits import limits
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.outcome import SHARES, Curve, Hot, LinkOutcome, Outcome, PlaceOutcome

MOVING_LIMIT_PER_M2 = "4"
OPEN_SIDE_SHARE = 0.25
"""Open sides are told of when more of all people than this cross them."""
NEVER_CLEARS = Message(
    N_(
        "A simulation may fail a plan, never clear it. Above 4 people per m² nobody can compute what happens; no crush "
        "force is computed."
    )
)
Names = Mapping[str, Any]


def judge(outcome: Outcome, *, layout: Layout, names: Names) -> Outcome:
    """Returns the outcome with what fails the plan, with the hottest places and with the sentence of caution.

    Args:
        outcome: What an engine found.
        layout: Places and links it was asked about.
        names: What people call features, by id; texts or texts by language.
    """
    found = (*_dense(outcome, names), *_overfull(outcome, layout, names), *_left_behind(outcome))
    return msgspec.structs.replace(
        outcome,
        fails=_joined(found, outcome.fails),
        warnings=_joined(
            outcome.warnings,
            (*_stuck(outcome), *_seldom_reached(outcome), *_unlimited(outcome, layout, names)),
        ),
        hottest=outcome.hottest or hottest_of(outcome),
        assumptions=(
            *(said_before for said_before in outcome.assumptions if said_before != NEVER_CLEARS),
            NEVER_CLEARS,
        ),
    )


def _dense(outcome: Outcome, names: Names) -> Iterable[Message]:
    for place, found in _densest_first(outcome.places):
        above_s = found.seconds_above.get(MOVING_LIMIT_PER_M2, 0.0)
        if found.worst_density_per_m2 is not None and above_s > limits().fail_seconds:
            yield Message(
                N_("{place}: up to {density} people per m², above 4 for {duration}."),
                {
                    "place": names.get(place, place),
                    "density": round(found.worst_density_per_m2.middle, 1),
                    "duration": duration_text(above_s),
                },
            )


def _overfull(outcome: Outcome, layout: Layout, names: Names) -> Iterable[Message]:
    for place, found in _densest_first(outcome.places):
        holds = layout.places[place].holds if place in layout.places else None
        # Nearly every run must say so: an ensemble also draws how many come, which is not the plan's doing.
        if holds is not None and found.most_people.low > holds * 1.005 + 1:
            yield Message(
                N_("{place}: {people} people at once, it may hold {holds}."),
                {
                    "place": names.get(place, place),
                    "people": round(found.most_people.middle),
                    "holds": round(holds),
                },
            )


def _left_behind(outcome: Outcome) -> Iterable[Message]:
    if outcome.left >= 1:
        yield Message(
            N_("{people} of {all} people had not arrived after {duration}."),
            {
                "people": round(outcome.left),
                "all": round(outcome.people),
                "duration": duration_text(_end_s(outcome)),
            },
        )


def _seldom_reached(outcome: Outcome) -> Iterable[Message]:
    missing = [share for share in SHARES if str(share) not in outcome.clearance_s]
    if missing and outcome.left < 1:
        yield Message(
            N_("In some of the runs fewer than {share} % of the people arrived within {duration}."),
            {"share": round(100 * missing[0]), "duration": duration_text(_end_s(outcome))},
        )


def _stuck(outcome: Outcome) -> Iterable[Message]:
    if outcome.stuck:
        yield Message(
            N_(
                "{people} people stood still although their way was free; the drawing is too tight for them somewhere."
            ),
            {"people": outcome.stuck},
        )


def _unlimited(outcome: Outcome, layout: Layout, names: Names) -> Iterable[Message]:
    """Yields which open sides many people cross: nothing limits them there, so times say little."""
    for link in layout.links.values():
        found = outcome.links.get(link.id)
        if link.kind == "open_side" and found is not None and found.share > OPEN_SIDE_SHARE:
            place = link.tail if link.tail in layout.places else link.head
            yield Message(
                N_(
                    "{share} % of the people cross the open side of {place}, where nothing limits them. Draw what "
                    "does, else these times say little."
                ),
                {"share": round(100 * found.share), "place": names.get(place, place)},
            )


def _joined(said: tuple[Message, ...], more: tuple[Message, ...]) -> tuple[Message, ...]:
    known = {message.in_english() for message in said}
    return (*said, *(message for message in more if message.in_english() not in known))


def _end_s(outcome: Outcome) -> float:
    times = outcome.arrived.times_s
    return max(times[-1] if times else 0.0, 0.0)


def _densest_first(places: Mapping[str, PlaceOutcome]) -> list[tuple[str, PlaceOutcome]]:
    def weight(item: tuple[str, PlaceOutcome]) -> float:
        worst = item[1].worst_density_per_m2
        return -worst.middle if worst is not None else 0.0

    return sorted(places.items(), key=weight)


def hottest_of(outcome: Outcome, *, densest_s: Mapping[str, float] | None = None) -> tuple[Hot, ...]:
    """Returns where it was densest and where people waited longest, in turn, worst first.

    Args:
        outcome: What an engine found.
        densest_s: When each place was densest; None: when most people were in it.
    """
    known = densest_s or {}
    dense = [
        Hot(
            kind="place",
            id=place,
            density_per_m2=found.worst_density_per_m2.middle,
            at_s=known[place] if place in known else _moment_of_most(found.density_per_m2),
        )
        for place, found in _densest_first(outcome.places)
        if found.worst_density_per_m2 is not None and found.worst_density_per_m2.middle > 1
    ]
    queued = [
        Hot(
            kind="link",
            id=link,
            queue=found.longest_queue.middle,
            wait_s=found.longest_wait_s.middle,
            at_s=_moment_of_most(found.queue),
        )
        for link, found in worst_queues(outcome.links)
    ]
    merged = [hot for pair in zip(queued, dense, strict=False) for hot in pair]
    rest = (queued if len(queued) > len(dense) else dense)[min(len(queued), len(dense)) :]
    return tuple((*merged, *rest)[: limits().hottest])


def worst_queues(links: Mapping[str, LinkOutcome]) -> list[tuple[str, LinkOutcome]]:
    """Returns the links in front of which people waited, longest wait first.

    Args:
        links: What happened at links, by id.
    """
    waited = [item for item in links.items() if item[1].longest_wait_s.middle >= 1]
    return sorted(waited, key=lambda item: (-item[1].longest_wait_s.middle, -item[1].longest_queue.middle))


def _moment_of_most(curve: Curve | None) -> float:
    if curve is None or not curve.values:
        return 0.0
    return curve.times_s[max(range(len(curve.values)), key=curve.values.__getitem__)]


def duration_text(seconds: float) -> Message:
    """Returns a time people say: seconds below two minutes, else minutes and seconds, hours from two on.

    Args:
        seconds: How long, 0 or more.
    """
    whole = round(seconds)
    if whole < 120:
        return Message(N_("{seconds} s"), {"seconds": whole})
    if whole < 7200:
        return Message(N_("{minutes} min {seconds} s"), {"minutes": whole // 60, "seconds": whole % 60})
    minutes = round(seconds / 60)
    return Message(N_("{hours} h {minutes} min"), {"hours": minutes // 60, "minutes": minutes % 60})

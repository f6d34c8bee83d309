# SPDX-License-Identifier: Apache-2.0
"""People who cannot use stairs, where no other way leads on: they are taken to be carried, and it is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hamkor.common.messages import N_, Message
from hamkor.simulation.rules.flooring_goals import goal_place
from hamkor.simulation.rules.layout import Layout
from hamkor.venues.rules.features import OUTSIDE

if TYPE_CHECKING:
    from hamkor.simulation.micro.crowd import Crowd


def carry(crowd: Crowd, layout: Layout, names: Mapping[str, Any]) -> tuple[Message, ...]:
    """Lets people who cannot use stairs be carried where no other way leads on, and says where.

    Args:
        crowd: Changed: who has to be carried may use stairs.
        layout: Places and links.
        names: What people call features, by id.
    """
    needs = np.flatnonzero(~crowd.uses_stairs)
    ways = np.stack([crowd.place[needs], crowd.destination[needs]], axis=1)
    carried = np.zeros(len(crowd), bool)
    places: dict[str, None] = {}
    is_inwards = False
    for place, destination in np.unique(ways, axis=0):
        goal = _goal(crowd, int(destination))
        origin = _inside(layout, crowd.places[int(place)])
        if goal in _without_stairs(layout, origin):
            continue
        carried[needs[(ways == (place, destination)).all(axis=1)]] = True
        is_inwards = goal != OUTSIDE
        places[goal if is_inwards else origin] = None
    if not places:
        return ()
    crowd.uses_stairs[carried] = True
    told = (
        N_("No way without stairs leads to {places}: {people} people who need one were taken to be carried.")
        if is_inwards
        else N_(
            "No way without stairs leads out of {places}: {people} people who need one were taken to be carried."
        )
    )
    facts = {"places": [names.get(place, place) for place in places], "people": int(carried.sum())}
    return (Message(told, facts),)


def _goal(crowd: Crowd, destination: int) -> str:
    """Returns the place people want to get to; the outside for who leaves."""
    ids = crowd.destinations[destination]
    return goal_place(ids[0]) or OUTSIDE if ids else OUTSIDE


def _inside(layout: Layout, start: str) -> str:
    """Returns the place people start in, or which lies behind the gate they come in by."""
    link = layout.links.get(start)
    if link is None:
        return start
    return link.head if link.tail == OUTSIDE else link.tail


def _without_stairs(layout: Layout, place: str) -> set[str]:
    """Returns everything a way without stairs leads to from a place, with the place."""
    ways = [link for link in layout.links.values() if link.surface != "stairs"]
    reached, before = {place}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {link.head for link in ways if link.forward and link.tail in before}
        reached |= {link.tail for link in ways if link.backward and link.head in before}
    return reached

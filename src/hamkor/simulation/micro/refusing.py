# SPDX-License-Identifier: Apache-2.0
"""What is refused before a run begins, in words: faults, unknown doors, people outside, people without a way."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely

from hamkor.common.messages import N_
from hamkor.simulation.micro.crowd import Crowd, Redirect
from hamkor.simulation.micro.errors import CrowdError, GroundError
from hamkor.simulation.rules.floors import Floors
from hamkor.simulation.rules.scenario import Change


def refuse_faults(
    floors: Floors, crowd: Crowd, changes: Sequence[Change], redirects: Sequence[Redirect]
) -> None:
    """Refuses fatal faults of the drawing, and doors and destinations nobody has drawn.

    Args:
        floors: The ground.
        crowd: With its destinations.
        changes: What changes.
        redirects: Who is sent elsewhere.

    Raises:
        GroundError: In words.
    """
    for fault in floors.faults:
        if fault.is_fatal:
            raise GroundError(
                fault.code, N_("{says} {remedy}"), says=fault.says, remedy=fault.remedy, feature=fault.feature
            )
    if not any(door.leads_out or door.is_goal for door in floors.doors):
        raise GroundError("no-exit", N_("No door leads out, so nobody could ever arrive. Draw an exit."))
    doors = {door.id for door in floors.doors}
    known = doors | {strip.id for strip in floors.strips}
    asked = {change.link for change in changes} - known
    asked |= {name for ids in crowd.destinations for name in ids} - doors
    if asked:
        raise GroundError(
            "door-unknown",
            N_("There is no door “{door}” on this ground. Known are: {known}."),
            door=sorted(asked)[0],
            known=", ".join(sorted(known)[:12]),
        )
    highest = max([int(crowd.destination.max())] if len(crowd) else [0])
    highest = max([highest, *(redirect.to for redirect in redirects)])
    if highest >= len(crowd.destinations):
        raise GroundError(
            "destination-unknown",
            N_("Destination {number} is asked for, but only {count} are named. Name its exits."),
            number=highest,
            count=len(crowd.destinations),
        )
    for door in floors.doors:
        if math.dist(*door.line) < 0.05:
            raise GroundError(
                "door-without-width",
                N_("Door “{door}” has no width. Draw it as wide as people can use."),
                door=door.id,
            )


def refuse_outside(floors: Floors, crowd: Crowd) -> None:
    """Refuses people who stand outside the ground.

    Args:
        floors: The ground.
        crowd: Who walks.

    Raises:
        CrowdError: In words.
    """
    for index, sheet in enumerate(floors.sheets):
        rows = np.flatnonzero(crowd.sheet == index)
        ground = sheet.walkable.buffer(0.03)
        shapely.prepare(ground)
        outside = rows[~shapely.intersects_xy(ground, crowd.x[rows], crowd.y[rows])]
        if len(outside):
            raise CrowdError(
                "people-outside",
                N_(
                    "{count} people stand outside the ground, the first at {x_m}, {y_m} m. "
                    "Put them onto walkable ground."
                ),
                count=len(outside),
                x_m=round(float(crowd.x[outside[0]]), 1),
                y_m=round(float(crowd.y[outside[0]]), 1),
            )

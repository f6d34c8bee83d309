# SPDX-License-Identifier: Apache-2.0
"""Units the plan already speaks of: people of posts and vehicles, as they can be sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, cast

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.common.figures import known
from hamkor.journal.rules import Documents
from hamkor.operation.rules.places import Place
from hamkor.plans.rules.roster import Mean, Post
from hamkor.units.rules.units import Capability, Travels, Unit

# What the people of a post can be sent for; who commands, watches or informs stays where they are.
OF_POSTS: Final[Mapping[str, tuple[Capability, ...]]] = {
    "gate": ("crowd",),
    "steward": ("crowd", "search"),
    "police": ("patrol", "crowd"),
    "guard": ("crowd", "patrol", "evacuation"),
    "medical": ("medic",),
    "fire": ("fire", "rescue"),
    "traffic": ("traffic",),
    "patrol": ("patrol", "search"),
    "technical": ("technical",),
}
OF_MEANS: Final[Mapping[str, tuple[Capability, ...]]] = {
    "ambulance": ("ambulance", "medic", "transport"),
    "fire_engine": ("fire", "rescue"),
    "rescue_vehicle": ("rescue",),
    "police_vehicle": ("patrol", "transport"),
    "drone": ("drone", "search"),
}
# Ours: a sergeant leads about ten people; a post that keeps nobody back cannot send more than this.
TEAM_SIZE: Final = 10
TEAMS_MAX: Final = 3
VEHICLES_MAX: Final = 50
CREW_SIZE: Final = 2


class PlannedUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as it would be registered.

    Args:
        call_sign: Party in capitals and a number, free at the event.
        agency: Party it belongs to.
        capabilities: What it can be sent for.
        travels: On foot or by vehicle.
        size: People.
        post: Post it stands at, None for a vehicle.
        home: Where it waits, None when the plan does not say.
    """

    call_sign: str
    agency: AgencyCode
    capabilities: tuple[Capability, ...]
    travels: Travels
    size: int
    post: str | None = None
    home: Place | None = None


def planned_units(documents: Documents) -> tuple[PlannedUnit, ...]:
    """Returns the units the plan speaks of and nobody has registered yet: teams of posts, then vehicles.

    Args:
        documents: Documents of the event.

    Notes:
        A post is left out when one of its teams is registered, and vehicles of a party as many as are registered.
    """
    known_units = cast("tuple[Unit, ...]", documents.all("unit"))
    units = [unit for unit in known_units if unit.retired_at is None]
    names = _Names({unit.call_sign for unit in known_units})
    manned = {unit.post for unit in units}
    posts = cast("tuple[Post, ...]", documents.all("post"))
    found = [unit for post in posts if post.id not in manned for unit in _teams(post, names)]
    left = Counter((unit.agency, unit.capabilities) for unit in units if unit.travels == "vehicle")
    for mean in cast("tuple[Mean, ...]", documents.all("mean")):
        for unit in _vehicles(mean, names):
            if left[unit.agency, unit.capabilities] > 0:
                left[unit.agency, unit.capabilities] -= 1
            else:
                found.append(unit)
    return tuple(found)


def count_planned_units(documents: Documents) -> dict[AgencyCode, int]:
    """Returns how many units the plan speaks of by party, registered or not."""
    names = _Names(set())
    posts = cast("tuple[Post, ...]", documents.all("post"))
    means = cast("tuple[Mean, ...]", documents.all("mean"))
    found = Counter(unit.agency for post in posts for unit in _teams(post, names))
    found.update(unit.agency for mean in means for unit in _vehicles(mean, names))
    return dict(sorted(found.items()))


class _Names:
    """Gives call signs nobody has."""

    def __init__(self, taken: set[str]) -> None:
        self._taken, self._last = taken, Counter[str]()

    def next(self, agency: str) -> str:
        while True:
            self._last[agency] += 1
            name = f"{agency.upper()}-{self._last[agency]}"
            if name not in self._taken:
                self._taken.add(name)
                return name


def _teams(post: Post, names: _Names) -> Iterator[PlannedUnit]:
    capabilities = OF_POSTS.get(post.role)
    if capabilities is None or post.agency is None:
        return
    needed = known(post.confirmed if post.confirmed is not None else post.needed)
    people = int(needed.low) if needed is not None else TEAM_SIZE
    count = min(TEAMS_MAX, max(1, people // TEAM_SIZE)) if people > 0 else 0
    for place in range(count):
        yield PlannedUnit(
            call_sign=names.next(post.agency),
            agency=post.agency,
            capabilities=capabilities,
            travels="foot",
            size=max(1, people // count + (place < people % count)),
            post=post.id,
            home=_home(post.place),
        )


def _vehicles(mean: Mean, names: _Names) -> Iterator[PlannedUnit]:
    capabilities = OF_MEANS.get(mean.sort)
    if capabilities is None or mean.agency is None:
        return
    ready = known(mean.ready if mean.ready is not None else mean.number)
    for _ in range(min(VEHICLES_MAX, int(ready.low)) if ready is not None else 0):
        yield PlannedUnit(
            call_sign=names.next(mean.agency),
            agency=mean.agency,
            capabilities=capabilities,
            travels="vehicle",
            size=CREW_SIZE,
            home=_home(mean.place),
        )


def _home(features: tuple[str, ...]) -> Place | None:
    return Place(feature=features[0]) if features else None

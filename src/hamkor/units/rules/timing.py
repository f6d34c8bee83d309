# SPDX-License-Identifier: Apache-2.0
"""How long it takes: from report to sent, to setting out, to arrival; and how long it may take."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from hamkor.common.messages import N_
from hamkor.incidents.rules import Incident
from hamkor.units.rules.units import Late, Sortie, UnitError

Step = Literal["assign", "turnout", "arrival"]
Seconds = Mapping[int, float]


class ResponseProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of response, by priority, in seconds.

    Args:
        id: Name of the profile.
        assign_s: From the report until a unit is sent.
        turnout_s: From being sent until it sets out.
        arrival_s: From being sent until it arrives.
        response_s: From the report until the first unit arrives.
        source: Where the numbers come from.
    """

    id: str
    assign_s: dict[int, float]
    turnout_s: dict[int, float]
    arrival_s: dict[int, float]
    response_s: dict[int, float]
    source: str


# Help within four minutes is what the Munich guide for events asks of medical cover on the ground; the two minutes in
# which a unit is to be sent, and what may wait longer, are ours.
ON_SITE = ResponseProfile(
    id="on-site",
    assign_s={1: 60.0, 2: 120.0, 3: 600.0, 4: 1800.0},
    turnout_s={1: 60.0, 2: 90.0, 3: 300.0, 4: 900.0},
    arrival_s={1: 180.0, 2: 300.0, 3: 900.0, 4: 2700.0},
    response_s={1: 240.0, 2: 420.0, 3: 1500.0, 4: 4500.0},
    source="Munich guide for events 2015: help on the ground within 4 minutes (priority 1); the rest is ours "
    "(decision 0007)",
)
PROFILES: dict[str, ResponseProfile] = {profile.id: profile for profile in (ON_SITE,)}
DEFAULT_PROFILE = ON_SITE.id


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """How long a sortie took; None where the step has not been reached.

    Args:
        assign_s: From the report until the unit was sent.
        turnout_s: From being sent until it set out.
        travel_s: From setting out until it arrived.
        arrival_s: From being sent until it arrived.
        response_s: From the report until it arrived.
        on_scene_s: From arrival until it was released.
    """

    assign_s: float
    turnout_s: float | None = None
    travel_s: float | None = None
    arrival_s: float | None = None
    response_s: float | None = None
    on_scene_s: float | None = None


class Timer(msgspec.Struct, frozen=True, kw_only=True):
    """A step that is running.

    Args:
        step: Which step.
        unit: Id of the unit, None while nobody is sent.
        incident: Id of the incident.
        since: When it began.
        elapsed_s: Seconds since then.
        limit_s: Seconds it may take.
    """

    step: Step
    unit: str | None
    incident: str
    since: datetime
    elapsed_s: float
    limit_s: float

    @property
    def is_late(self) -> bool:
        """True when it has taken longer than it may."""
        return self.elapsed_s > self.limit_s


class ResponseReport(msgspec.Struct, frozen=True, kw_only=True):
    """Response to the incidents of a period.

    Args:
        incidents: Incidents to which a unit came.
        median_s: Middle value from the report until the first unit arrived, None without any.
        p90_s: Nine of ten were quicker.
        in_time: How many first arrivals were within the limit of their priority.
    """

    incidents: int
    median_s: float | None
    p90_s: float | None
    in_time: int


def response_profile(profile: str = DEFAULT_PROFILE) -> ResponseProfile:
    """Returns a profile by its name.

    Raises:
        UnitError: ``response-profile-unknown``.

    Source: the profile's own.
    """
    if profile not in PROFILES:
        template = N_("There is no profile of response by the name “{profile}”. Choose one of: {known}.")
        raise UnitError("response-profile-unknown", template, profile=profile, known=sorted(PROFILES))
    return PROFILES[profile]


def times_of(sortie: Sortie) -> Times:
    """Returns how long each step of a sortie took."""
    return Times(
        assign_s=_between(sortie.reported_at, sortie.sent_at) or 0.0,
        turnout_s=_between(sortie.sent_at, sortie.en_route_at),
        travel_s=_between(sortie.en_route_at, sortie.on_scene_at),
        arrival_s=_between(sortie.sent_at, sortie.on_scene_at),
        response_s=_between(sortie.reported_at, sortie.on_scene_at),
        on_scene_s=_between(sortie.on_scene_at, sortie.ended_at),
    )


def timer_of(sortie: Sortie, at: datetime, profile: ResponseProfile = ON_SITE) -> Timer | None:
    """Returns the step of a sortie that is running, None after arrival or its end.

    Args:
        sortie: The sortie.
        at: Now, aware.
        profile: Limits.
    """
    if sortie.ended_at is not None or sortie.on_scene_at is not None:
        return None
    step: Late = "turnout" if sortie.en_route_at is None else "arrival"
    limits = profile.turnout_s if step == "turnout" else profile.arrival_s
    return Timer(
        step=step,
        unit=sortie.unit,
        incident=sortie.incident,
        since=sortie.sent_at,
        elapsed_s=max(0.0, (at - sortie.sent_at).total_seconds()),
        limit_s=limits[sortie.priority],
    )


def unsent_timer(incident: Incident, at: datetime, profile: ResponseProfile = ON_SITE) -> Timer | None:
    """Returns how long an incident has waited for a unit, None when one was sent or it goes without.

    Args:
        incident: The incident.
        at: Now, aware.
        profile: Limits.
    """
    if incident.units or incident.state not in ("reported", "assessed"):
        return None
    since = incident.waits_since
    return Timer(
        step="assign",
        unit=None,
        incident=incident.id,
        since=since,
        elapsed_s=max(0.0, (at - since).total_seconds()),
        limit_s=profile.assign_s[incident.priority],
    )


def late_sorties(
    sorties: Iterable[Sortie], at: datetime, profile: ResponseProfile = ON_SITE
) -> tuple[tuple[Sortie, Timer], ...]:
    """Returns the sorties whose running step has taken longer than it may, and was not told yet."""
    found = []
    for sortie in sorties:
        timer = timer_of(sortie, at, profile)
        if timer is not None and timer.is_late and timer.step not in sortie.late:
            found.append((sortie, timer))
    return tuple(found)


def report_responses(sorties: Iterable[Sortie], profile: ResponseProfile = ON_SITE) -> ResponseReport:
    """Returns how quickly the first unit came to each incident.

    Args:
        sorties: Sorties of the period.
        profile: Limits.
    """
    first: dict[str, tuple[float, int]] = {}
    for sortie in sorties:
        response_s = times_of(sortie).response_s
        if response_s is not None:
            known = first.get(sortie.incident)
            if known is None or response_s < known[0]:
                first[sortie.incident] = (response_s, sortie.priority)
    ordered = sorted(response_s for response_s, _ in first.values())
    return ResponseReport(
        incidents=len(ordered),
        median_s=_quantile(ordered, 0.5),
        p90_s=_quantile(ordered, 0.9),
        in_time=sum(response_s <= profile.response_s[priority] for response_s, priority in first.values()),
    )


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else max(0.0, (end - start).total_seconds())


def _quantile(ordered: list[float], share: float) -> float | None:
    """Returns the smallest value that at least this share of values does not exceed."""
    if not ordered:
        return None
    rank = max(1, -(-len(ordered) * share // 1))
    return ordered[int(rank) - 1]

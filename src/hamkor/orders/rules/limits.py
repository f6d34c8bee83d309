# SPDX-License-Identifier: Apache-2.0
"""How long a message may wait: named profiles of limits by class."""

from __future__ import annotations

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.orders.rules.messages import ANSWERED_SORTS, Limits, Sort, Urgency


class UnknownLimitsError(HamkorError):
    """A profile of limits nobody has defined."""


class ClassLimits(msgspec.Struct, frozen=True):
    """Limits of one urgency, in seconds: on a screen, opened, answered, and from one alarm to the next."""

    deliver_s: float
    see_s: float
    answer_s: float
    escalate_s: float


class LimitsProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of all urgencies.

    Args:
        id: Its name.
        classes: Limits by urgency.
        source: Where the numbers come from.
    """

    id: str
    classes: dict[Urgency, ClassLimits]
    source: str


# No guide publishes limits for messages between agencies at an event (decision 0023). The three classes and their
# names follow the precedence of ACP 121; its handling times (10 minutes for flash) are those of relayed telegrams.
# A crush develops in one or two minutes, and the plan must stop a show within two: so an order that saves lives must
# be answered within one, and its silence must have reached three people by the third minute.
CONTROL_ROOM = LimitsProfile(
    id="control-room",
    classes={
        "flash": ClassLimits(deliver_s=10, see_s=30, answer_s=60, escalate_s=60),
        "immediate": ClassLimits(deliver_s=30, see_s=120, answer_s=300, escalate_s=180),
        "routine": ClassLimits(deliver_s=120, see_s=900, answer_s=1800, escalate_s=900),
    },
    source="Hamkor planning value, decision 0023; names of the classes: ACP 121",
)
# People on foot over a wide area, who look at a phone between other work; lives at stake allow no longer wait.
SCATTERED = LimitsProfile(
    id="scattered",
    classes={
        "flash": ClassLimits(deliver_s=20, see_s=45, answer_s=90, escalate_s=60),
        "immediate": ClassLimits(deliver_s=60, see_s=240, answer_s=480, escalate_s=240),
        "routine": ClassLimits(deliver_s=300, see_s=1800, answer_s=3600, escalate_s=1800),
    },
    source="Hamkor planning value, decision 0023; names of the classes: ACP 121",
)
PROFILES: dict[str, LimitsProfile] = {profile.id: profile for profile in (CONTROL_ROOM, SCATTERED)}
DEFAULT_PROFILE = CONTROL_ROOM.id


def limits_of(sort: Sort, urgency: Urgency, profile: str = DEFAULT_PROFILE) -> Limits | None:
    """Returns the limits of a message, None for a log, which awaits nothing.

    Args:
        sort: What is wanted of the addressees.
        urgency: How soon.
        profile: Name of the profile.

    Raises:
        UnknownLimitsError: ``limits-unknown``.

    Source: the profile's own.
    """
    if profile not in PROFILES:
        template = N_("There are no time limits by the name “{profile}”. Choose one of: {known}.")
        raise UnknownLimitsError("limits-unknown", template, profile=profile, known=sorted(PROFILES))
    if sort == "log":
        return None
    found = PROFILES[profile].classes[urgency]
    return Limits(
        profile=profile,
        deliver_s=found.deliver_s,
        see_s=found.see_s,
        answer_s=found.answer_s if sort in ANSWERED_SORTS else None,
        escalate_s=found.escalate_s,
    )

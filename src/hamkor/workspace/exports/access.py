# SPDX-License-Identifier: Apache-2.0
"""Who took restricted data out of the installation: one line in the log for each time."""

from __future__ import annotations

import logging
from uuid import UUID

from hamkor.agencies.rules import Viewer
from hamkor.plans.rules.plan import Plan

log = logging.getLogger("hamkor.access")


def has_personal(plan: Plan) -> bool:
    """True when a plan holds a name or a phone."""
    return any(person.name is not None or person.phone is not None for person in plan.people or ())


def log_access(viewer: Viewer, stream: UUID, what: str, *, number: int) -> None:
    """Writes down that restricted data went out.

    Args:
        viewer: Who took it; the line holds their reference, never a name.
        stream: The event.
        what: Which export.
        number: Number of the last entry it shows.
    """
    log.info(
        "restricted data given out",
        extra={"person": viewer.person, "what": what, "event": str(stream), "number": number},
    )

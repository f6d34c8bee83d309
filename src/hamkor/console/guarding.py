# SPDX-License-Identifier: Apache-2.0
"""Who listens is looked at again and again: sessions end, accounts are closed, roles are given and taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session

from hamkor.agencies.queries.people import get_viewers
from hamkor.agencies.rules import Viewer, may

Asked = tuple[str, str]
"""Reference of a person, and the key of the session they are signed in with."""


def look_again(stream: UUID, asked: Iterable[Asked], *, at: datetime) -> Mapping[Asked, Viewer | None]:
    """Returns what each person may do at an event now; None for whose session or role has ended.

    Args:
        stream: The event.
        asked: Who listens: three queries for all of them.
        at: The moment, aware.
    """
    wanted = set(asked)
    sessions = Session.objects.filter(session_key__in={key for _, key in wanted}, expire_date__gt=at)
    open_sessions = set(sessions.values_list("session_key", flat=True))
    viewers = get_viewers({person for person, _ in wanted}, stream=stream, at=at)
    found: dict[Asked, Viewer | None] = {}
    for person, key in wanted:
        viewer = viewers.get(person)
        is_open = key in open_sessions and viewer is not None and may(viewer, "see_centre")
        found[person, key] = viewer if is_open else None
    return found

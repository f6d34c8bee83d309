# SPDX-License-Identifier: Apache-2.0
"""Who else has a page of the event open now. Nothing of it is kept: it is no record of what people do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hamkor.agencies.models import User
from hamkor.common.i18n import translate
from hamkor.printing.shown import agency_name
from hamkor.workspace.models import Presence
from hamkor.workspace.sections import SECTIONS

HERE_FOR = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(minutes=5)
SHOWN_MAX = 6


def people_here(stream: UUID, user: User, *, place: str, language: str) -> list[dict[str, str]]:
    """Notes that a person is here, and returns the others who are.

    Args:
        stream: The event.
        user: The person.
        place: Path of the page they look at.
        language: Language of the answer.

    Returns:
        For each of the others ``text``: name, agency and section, those in the same section first.
    """
    now = datetime.now(UTC)
    section = _section_of(place)
    Presence.objects.update_or_create(stream=stream, user=user, defaults={"place": section, "seen_at": now})
    Presence.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
    rows = Presence.objects.filter(stream=stream, seen_at__gte=now - HERE_FOR).exclude(user=user)
    others = sorted(rows.select_related("user__body")[:SHOWN_MAX], key=lambda row: row.place != section)
    return [{"text": _text(row, language)} for row in others]


def _section_of(path: str) -> str:
    parts = [part for part in path.split("/") if part]
    return parts[2] if len(parts) > 2 else "event"


def _text(row: Presence, language: str) -> str:
    labels = {kind.name: kind.label for kind in SECTIONS}
    agency = agency_name(row.user.body.agency, language) if row.user.body is not None else ""
    where = translate(labels[row.place], language) if row.place in labels else ""
    who = f"{row.user.name} ({agency})" if agency else row.user.name
    return f"{who}: {where}" if where else who

# SPDX-License-Identifier: Apache-2.0
"""Reads of people and their roles; for the server, because they stand in its tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast
from uuid import UUID

import msgspec

from hamkor.agencies.models import EventRole, User
from hamkor.agencies.rules import AgencyCode, Grant, Role, Viewer


class PersonShown(msgspec.Struct, frozen=True):
    """A person as others see them on a page.

    Args:
        reference: What stands for the person in a journal.
        name: Name.
        position: Rank and position.
        agency: Party, or None.
    """

    reference: str
    name: str
    position: str
    agency: str | None


def get_viewer(user: User, *, stream: UUID, at: datetime) -> Viewer:
    """Returns a signed-in person as an event sees them at a moment: two rows of tables at most."""
    given = [_grant(row) for row in EventRole.objects.filter(stream=stream, user=user).order_by("pk")]
    grants = [
        grant for grant in given if grant.is_in_force(at)
    ]  # what is over gives neither right nor agency
    return Viewer(
        person=user.reference,
        agency=_acting_agency(user, grants),
        grants=tuple(grants),
        is_administrator=user.is_administrator,
    )


def get_viewers(references: Iterable[str], *, stream: UUID, at: datetime) -> dict[str, Viewer]:
    """Returns people by reference as an event sees them at a moment, in two queries; who has no role is absent."""
    ids = [reference.removeprefix("person:") for reference in references if reference.startswith("person:")]
    known = [key for key in ids if _is_uuid(key)]
    users = User.objects.filter(pk__in=known, is_active=True).select_related("body")
    grants: dict[object, list[Grant]] = {}
    for row in EventRole.objects.filter(stream=stream, user_id__in=known).order_by("pk"):
        grant = _grant(row)
        if grant.is_in_force(at):
            grants.setdefault(row.user_id, []).append(grant)
    return {
        user.reference: Viewer(
            person=user.reference,
            agency=_acting_agency(user, grants[user.pk]),
            grants=tuple(grants[user.pk]),
            is_administrator=user.is_administrator,
        )
        for user in users
        if user.pk in grants
    }


def viewer_of(user: User) -> Viewer:
    """Returns a signed-in person outside of events: their agency and whether they keep the installation."""
    return Viewer(
        person=user.reference, agency=_acting_agency(user, []), is_administrator=user.is_administrator
    )


def list_streams_of(user: User, *, at: datetime) -> list[UUID]:
    """Returns the events at which a person holds a role now; an administrator sees them by their office."""
    rows = EventRole.objects.filter(user=user)
    return [row.stream for row in rows if _grant(row).is_in_force(at)]


def find_people(references: Iterable[str]) -> dict[str, PersonShown]:
    """Returns the people behind references of a journal, in one query; erased ones are absent."""
    ids = [reference.removeprefix("person:") for reference in references if reference.startswith("person:")]
    found = User.objects.filter(pk__in=[key for key in ids if _is_uuid(key)]).select_related("body")
    return {user.reference: _shown(user) for user in found}


def list_people_at(stream: UUID) -> list[tuple[EventRole, PersonShown]]:
    """Returns the roles given at an event with the people who hold them."""
    rows = (
        EventRole.objects.filter(stream=stream)
        .select_related("user__body", "given_by")
        .order_by("agency", "role")
    )
    return [(row, _shown(row.user)) for row in rows]


def _grant(row: EventRole) -> Grant:
    return Grant(
        role=cast("Role", row.role),  # the table holds no others
        agency=cast("AgencyCode", row.agency),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _acting_agency(user: User, grants: list[Grant]) -> AgencyCode | None:
    if grants:
        return grants[0].agency
    return cast("AgencyCode", user.body.agency) if user.body is not None else None


def _shown(user: User) -> PersonShown:
    position = " ".join(part for part in (user.rank, user.position) if part)
    return PersonShown(user.reference, user.name, position, user.body.agency if user.body else None)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

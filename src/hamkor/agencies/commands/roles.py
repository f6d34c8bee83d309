# SPDX-License-Identifier: Apache-2.0
"""Roles at an event: given with a beginning and an end, ended, and never more than the giver may give.

Who coordinates an event gives the roles of work. The roles that judge that work (the commission, which may approve in
spite of red findings, and the auditor) are given and ended by administrators only: nobody chooses their own judges.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hamkor.agencies.commands.recording import AdministratorOnlyError, recorded
from hamkor.agencies.models import EventRole, User
from hamkor.agencies.queries import get_agency
from hamkor.agencies.rules import RIGHTS_OF_ROLE, ROLES, Viewer, may, require
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

JUDGES = frozenset(role for role in ROLES if "override" in RIGHTS_OF_ROLE[role]) | {"auditor"}


class RoleWrongError(HamkorError):
    """The role cannot be given or ended like this."""


def may_give(viewer: Viewer, role: str) -> bool:
    """True when the person may give and end this role at the event."""
    return viewer.is_administrator or (role not in JUDGES and may(viewer, "manage_people"))


def check_grant(
    viewer: Viewer,
    *,
    role: str,
    agency: str | None,
    starts_at: datetime | None,
    ends_at: datetime | None,
    at: datetime,
) -> None:
    """Returns when the person may give this role, for this agency, over this time.

    Raises:
        NotAllowedError: Neither coordinator nor administrator.
        AdministratorOnlyError: The role is one that judges.
        RoleWrongError: ``role-wrong``: unknown, of no agency, or over before it begins.
    """
    if not viewer.is_administrator:
        require(viewer, "manage_people")
        if role in JUDGES:
            raise AdministratorOnlyError
    if role not in ROLES:
        raise RoleWrongError("role-wrong", N_("There is no role “{role}”."), role=role)
    if not agency or agency == "all":
        raise RoleWrongError(
            "role-wrong", N_("The person belongs to no organisation yet; an administrator can set it.")
        )
    get_agency(agency)
    if role == "commission" and agency != "kom":
        raise RoleWrongError("role-wrong", N_("Only people of the commission can be its members."))
    if ends_at is not None and ends_at <= max(at, starts_at or at):
        raise RoleWrongError("role-wrong", N_("The role would end before it begins or is over already."))


def give_role(
    viewer: Viewer,
    *,
    stream: UUID,
    user_id: UUID,
    role: str,
    at: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> UUID:
    """Gives a person a role at an event, for their own agency, and returns its id; given again, the time is changed.

    A person acts for the agency of the organisation they belong to, which administrators set: so nobody can sign for
    an agency that is not theirs.

    Args:
        viewer: A coordinator of the event, or an administrator.
        stream: The event.
        user_id: Who gets the role.
        role: The role.
        at: Now.
        starts_at: From when; at once when None.
        ends_at: Until when; without an end when None.

    Raises:
        NotAllowedError, AdministratorOnlyError, RoleWrongError: See `check_grant`; nobody but an administrator gives
            a role to themselves.
    """
    user = User.objects.select_related("body").filter(pk=user_id, is_active=True).first()
    agency = user.body.agency if user is not None and user.body is not None else None
    check_grant(
        viewer, role=role, agency=agency if user else "org", starts_at=starts_at, ends_at=ends_at, at=at
    )
    if user is None or agency is None:
        raise RoleWrongError("role-wrong", N_("There is no such person, or their account is closed."))
    if user.reference == viewer.person and not viewer.is_administrator:
        raise RoleWrongError("role-wrong", N_("Nobody gives a role to themselves; ask another coordinator."))
    with recorded(viewer, "give_role"):
        _lock(stream)
        row, is_new = EventRole.objects.get_or_create(
            stream=stream,
            user=user,
            role=role,
            agency=agency,
            defaults={"starts_at": starts_at, "ends_at": ends_at, "given_by_id": _person_id(viewer)},
        )
        if not is_new:
            row.starts_at, row.ends_at, row.given_by_id = starts_at, ends_at, _person_id(viewer)
            row.save()
    return row.pk


def end_role(viewer: Viewer, *, stream: UUID, role_id: UUID, at: datetime) -> None:
    """Ends a role now; one that has not begun is taken away. Ending it again changes nothing.

    Raises:
        NotAllowedError: Neither coordinator nor administrator.
        AdministratorOnlyError: The role is one that judges.
        RoleWrongError: ``item-unknown``; ``last-coordinator`` when a coordinator would leave nobody in their place.
    """
    if not viewer.is_administrator:
        require(viewer, "manage_people")
    with recorded(viewer, "end_role"):
        _lock(stream)
        row = EventRole.objects.filter(stream=stream, pk=role_id).first()
        if row is None:
            raise RoleWrongError("item-unknown", N_("There is no such role at this event."))
        if not may_give(viewer, row.role):
            raise AdministratorOnlyError
        if row.ends_at is not None and row.ends_at <= at:
            return
        if row.role == "coordinator" and not viewer.is_administrator and not _others_coordinate(row, at):
            raise RoleWrongError(
                "last-coordinator", N_("This is the last coordinator. Give the role to somebody else first.")
            )
        if row.starts_at is not None and row.starts_at >= at:
            row.delete()
        else:
            row.ends_at = at
            row.save(update_fields=["ends_at"])


def open_event(viewer: Viewer, *, stream: UUID, at: datetime) -> UUID:
    """Makes who opens a new event its first coordinator, and returns the id of the role.

    Raises:
        RoleWrongError: ``role-wrong``: somebody holds a role there already, or the person has no organisation.
    """
    person_id = _person_id(viewer)
    people = User.objects.select_related("body").filter(is_active=True)
    user = people.filter(pk=person_id).first() if person_id is not None else None
    if user is None or user.body is None:
        raise RoleWrongError(
            "role-wrong", N_("The person belongs to no organisation yet; an administrator can set it.")
        )
    with recorded(viewer, "open_event"):
        _lock(stream)
        if EventRole.objects.filter(stream=stream).exists():
            raise RoleWrongError("role-wrong", N_("This event has people already."))
        row = EventRole.objects.create(
            stream=stream, user=user, role="coordinator", agency=user.body.agency, given_by=user
        )
    return row.pk


def _others_coordinate(row: EventRole, at: datetime) -> bool:
    others = EventRole.objects.filter(stream=row.stream, role="coordinator", user__is_active=True).exclude(
        pk=row.pk
    )
    begun = Q(starts_at__isnull=True) | Q(starts_at__lte=at)
    lasting = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    return others.filter(begun & lasting).exclude(user=row.user).exists()


def _lock(stream: UUID) -> None:
    """Makes changes of one event's roles wait for each other: two coordinators cannot end each other at once."""
    list(
        EventRole.objects.select_for_update()
        .filter(stream=stream)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _person_id(viewer: Viewer) -> UUID | None:
    text = viewer.person.removeprefix("person:")
    return UUID(text) if viewer.person.startswith("person:") else None

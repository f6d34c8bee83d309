# SPDX-License-Identifier: Apache-2.0
"""People with a role at an event: who they are, what each may do, giving and ending roles, inviting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

import msgspec
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from hamkor.agencies.commands import end_role, give_role, invite, revoke_invitation
from hamkor.agencies.commands.invitations import RoleOffer
from hamkor.agencies.commands.roles import may_give
from hamkor.agencies.forms import GiveForm, RoleInviteForm
from hamkor.agencies.models import EventRole, User
from hamkor.agencies.queries import get_agency
from hamkor.agencies.queries.directory import (
    explain_rights,
    list_bodies,
    list_changes,
    list_open_invitations,
    list_people_to_choose,
)
from hamkor.agencies.queries.people import PersonShown, get_viewer, list_people_at
from hamkor.agencies.rules import ROLES, may, require
from hamkor.agencies.rules.rights import ROLE_NAMES
from hamkor.agencies.views.access import hand_over, take_link
from hamkor.common.messages import Message
from hamkor.journal.queries import get_head
from hamkor.workspace.event_page import EventPage, EventUnknownError
from hamkor.workspace.stores import journals


class RoleShown(msgspec.Struct, frozen=True):
    """One role in the list.

    Args:
        id: Its id.
        person: Who holds it.
        user_id: Their account.
        role: What it is called.
        starts_at: From when, or None.
        ends_at: Until when, or None.
        state: ``now``, ``later``, ``over`` or ``closed`` when the account is closed.
        given_by: Name of who gave it.
        may_end: The viewer may end it.
    """

    id: UUID
    person: PersonShown
    user_id: UUID
    role: Message
    starts_at: datetime | None
    ends_at: datetime | None
    state: str
    given_by: str
    may_end: bool


def _people_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Opens the event also for an administrator without a role there, who gives the roles coordinators cannot."""

    @wraps(view)
    @login_required
    def opened(request: HttpRequest, stream: UUID, **values: Any) -> HttpResponse:
        user, now = request.user, datetime.now(UTC)
        if not isinstance(user, User):
            raise EventUnknownError
        viewer = get_viewer(user, stream=stream, at=now)
        is_known = bool(viewer.grants) or viewer.is_administrator
        if not is_known or get_head(journals(), stream).number == 0:
            raise EventUnknownError
        page = EventPage(request, stream, viewer, now)
        if not viewer.is_administrator:
            require(viewer, "see_plan")
        return view(page, **values)

    opened.right = "see_plan"  # type: ignore[attr-defined]  # read by the table of permissions
    return opened


@_people_view
def roles_page(page: EventPage) -> HttpResponse:
    """Everybody with a role here, by agency, and what the viewer may do."""
    return _render(page, GiveForm(), RoleInviteForm())


@require_POST
@_people_view
def give(page: EventPage) -> HttpResponse:
    """Gives a role to a person with an account."""
    form = GiveForm(page.request.POST)
    if not form.is_valid():
        return _render(page, form, RoleInviteForm(), status=422)
    values = form.cleaned_data
    give_role(
        page.viewer,
        stream=page.stream,
        user_id=values["person"],
        role=values["role"],
        starts_at=values["starts_at"],
        ends_at=values["ends_at"],
        at=page.now,
    )
    return redirect("roles", stream=page.stream)


@require_POST
@_people_view
def end(page: EventPage, role: UUID) -> HttpResponse:
    """Ends a role now."""
    end_role(page.viewer, stream=page.stream, role_id=role, at=page.now)
    return redirect("roles", stream=page.stream)


@require_POST
@_people_view
def invite_to_role(page: EventPage) -> HttpResponse:
    """Invites a person without an account, with a role here."""
    form = RoleInviteForm(page.request.POST)
    if not form.is_valid():
        return _render(page, GiveForm(), form, status=422)
    values = form.cleaned_data
    offer = RoleOffer(page.stream, values["role"], values["starts_at"], values["ends_at"])
    link = invite(
        page.viewer,
        email=values["email"],
        body_id=values["body"].pk,
        name=values["name"],
        rank=values["rank"],
        position=values["position"],
        offer=offer,
        at=page.now,
    )
    hand_over(page.request, link)
    return redirect("roles", stream=page.stream)


@require_POST
@_people_view
def revoke(page: EventPage, invitation: UUID) -> HttpResponse:
    """Withdraws an invitation to this event."""
    revoke_invitation(page.viewer, invitation_id=invitation, at=page.now, stream=page.stream)
    return redirect("roles", stream=page.stream)


def _render(
    page: EventPage, give_form: GiveForm, invite_form: RoleInviteForm, *, status: int = 200
) -> HttpResponse:
    viewer = page.viewer
    may_manage = viewer.is_administrator or may(viewer, "manage_people")
    context = {
        "current_section": "roles",
        "groups": _groups(page),
        "rights": explain_rights(viewer),
        "my_roles": [Message(ROLE_NAMES[role]) for role in viewer.roles],
        "may_manage": may_manage,
        "offered": [(role, ROLE_NAMES[role]) for role in ROLES if may_give(viewer, role)],
        "candidates": _candidates(page) if may_manage else [],
        "bodies": list_bodies() if may_manage else [],
        "invitations": list_open_invitations(at=page.now, stream=page.stream) if may_manage else [],
        "changes": list_changes(stream=page.stream)
        if viewer.is_administrator or may(viewer, "audit")
        else None,
        "give_form": give_form,
        "invite_form": invite_form,
        "link": take_link(page.request),
    }
    answer = page.render(
        "workspace/roles.html" if viewer.grants else "workspace/roles_outside.html", **context
    )
    answer.status_code = status
    return answer


def _groups(page: EventPage) -> list[tuple[dict[str, str], list[RoleShown]]]:
    groups: dict[str, list[RoleShown]] = {}
    for row, person in list_people_at(page.stream):
        groups.setdefault(row.agency, []).append(_role_shown(page, row, person))
    return [(dict(get_agency(code).names), roles) for code, roles in groups.items()]


def _role_shown(page: EventPage, row: EventRole, person: PersonShown) -> RoleShown:
    state = _state(row, page.now)
    return RoleShown(
        id=row.pk,
        person=person,
        user_id=row.user_id,
        role=Message(ROLE_NAMES[row.role]),  # type: ignore[index]  # the database holds roles only
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=state,
        given_by=row.given_by.name if row.given_by is not None else "",
        may_end=state in {"now", "later", "closed"} and may_give(page.viewer, row.role),
    )


def _state(row: EventRole, now: datetime) -> str:
    if row.ends_at is not None and row.ends_at <= now:
        return "over"
    if not row.user.is_active:
        return "closed"
    return "later" if row.starts_at is not None and row.starts_at > now else "now"


def _candidates(page: EventPage) -> list[tuple[dict[str, str], list[User]]]:
    """Returns the people who can be given a role, by agency; not the viewer unless they keep the installation."""
    groups: dict[str, list[User]] = {}
    for user in list_people_to_choose():
        if user.body is not None and (page.viewer.is_administrator or user.reference != page.viewer.person):
            groups.setdefault(user.body.agency, []).append(user)
    return [(dict(get_agency(code).names), people) for code, people in groups.items()]

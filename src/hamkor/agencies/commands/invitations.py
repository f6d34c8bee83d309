# SPDX-License-Identifier: Apache-2.0
"""Invitations: a link that works once, for a limited time, until it is withdrawn; kept as a digest only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hamkor.agencies.commands.people import end_sessions
from hamkor.agencies.commands.recording import AdministratorOnlyError, recorded, require_administrator
from hamkor.agencies.commands.roles import check_grant, may_give
from hamkor.agencies.models import Body, EventRole, Invitation, User
from hamkor.agencies.queries.people import get_viewer
from hamkor.agencies.rules import Viewer, may, require
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

KEY_BYTES = 32
ACCOUNT_LINK_LASTS = timedelta(days=7)
PASSWORD_LINK_LASTS = timedelta(hours=24)
TEXT_MAX = 200


class InvitationWrongError(HamkorError):
    """The invitation cannot be made."""


class InvitationOverError(HamkorError):
    """The link opens nothing; why not is not told, because who holds it may be a stranger."""

    def __init__(self) -> None:
        super().__init__(
            "invitation-over",
            N_(
                "This link is not valid. It may have been used, withdrawn or be too old. "
                "Ask who invited you for a new one."
            ),
        )


class NewLink(msgspec.Struct, frozen=True):
    """What is known of a link only once, when it is made.

    Args:
        invitation_id: Id of the invitation.
        key: Secret part of the link.
    """

    invitation_id: UUID
    key: str


class RoleOffer(msgspec.Struct, frozen=True):
    """A role that comes with an invitation.

    Args:
        stream: The event.
        role: The role.
        starts_at: From when; at once when None.
        ends_at: Until when; without an end when None.
    """

    stream: UUID
    role: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def digest_of(key: str) -> str:
    """Returns what is kept of the secret part of a link."""
    return hashlib.sha256(key.encode()).hexdigest()


def invite(  # noqa: PLR0913 - what an invitation says of a person, each by name
    viewer: Viewer,
    *,
    email: str,
    body_id: UUID,
    at: datetime,
    name: str = "",
    rank: str = "",
    position: str = "",
    offer: RoleOffer | None = None,
    makes_administrator: bool = False,
) -> NewLink:
    """Invites a person to an account, with a role at an event if wanted; an older invitation of theirs ends.

    Args:
        viewer: An administrator; or a coordinator, who invites to a role at their event.
        email: Address of the person, the name of the account.
        body_id: Organisation they belong to.
        at: Now.
        name: Name, which the person can correct.
        rank: Rank.
        position: Position.
        offer: Role at an event.
        makes_administrator: They will keep the installation.

    Raises:
        NotAllowedError, AdministratorOnlyError: The person may not invite, or not to this role.
        InvitationWrongError: ``invitation-wrong``: no such address or organisation, or there is an account already.
    """
    body = Body.objects.filter(pk=body_id).first()
    _check_right(viewer, offer, makes_administrator=makes_administrator)
    if body is None:
        raise InvitationWrongError("invitation-wrong", N_("Choose the organisation of the person."))
    if offer is not None:
        check_grant(
            viewer,
            role=offer.role,
            agency=body.agency,
            starts_at=offer.starts_at,
            ends_at=offer.ends_at,
            at=at,
        )
    address = _clean_address(email)
    with recorded(viewer, "invite"):
        if User.objects.filter(email=address).exists():
            raise InvitationWrongError(
                "invitation-wrong",
                N_("This person has an account already. Choose them in the list of people."),
            )
        _replace_older(viewer, address, offer, at)
        values = {
            "name": name.strip()[:TEXT_MAX],
            "rank": rank.strip()[:100],
            "position": position.strip()[:TEXT_MAX],
            "makes_administrator": makes_administrator,
            **_offered(offer),
        }
        return _make(viewer, "account", email=address, body=body, at=at, **values)


def _offered(offer: RoleOffer | None) -> dict[str, Any]:
    """Returns what an invitation keeps of the role it offers."""
    if offer is None:
        return {}
    return {
        "stream": offer.stream,
        "role": offer.role,
        "role_starts_at": offer.starts_at,
        "role_ends_at": offer.ends_at,
    }


def make_password_link(viewer: Viewer, *, user_id: UUID, at: datetime) -> NewLink:
    """Makes a link with which a person who cannot sign in sets a new password.

    Raises:
        AdministratorOnlyError: Not an administrator.
        InvitationWrongError: ``item-unknown``.
    """
    require_administrator(viewer)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise InvitationWrongError("item-unknown", N_("There is no such person, or their account is closed."))
    with recorded(viewer, "make_password_link"):
        Invitation.objects.filter(user=user, kind="password", accepted_at=None, revoked_at=None).update(
            revoked_at=at
        )
        return _make(viewer, "password", email=user.email, body=user.body, at=at, user=user, name=user.name)


def revoke_invitation(
    viewer: Viewer, *, invitation_id: UUID, at: datetime, stream: UUID | None = None
) -> None:
    """Withdraws an invitation; its link opens nothing any more.

    Args:
        viewer: An administrator; or a coordinator, as the event sees them.
        invitation_id: The invitation.
        at: Now.
        stream: The event the viewer was read at; None outside events.

    Raises:
        AdministratorOnlyError, NotAllowedError: Neither administrator nor coordinator of the event it belongs to.
        InvitationWrongError: ``item-unknown``.
    """
    with recorded(viewer, "revoke_invitation"):
        found = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
        if found is None:
            raise InvitationWrongError("item-unknown", N_("There is no such invitation."))
        is_theirs = stream is not None and found.stream == stream and may(viewer, "manage_people")
        if not viewer.is_administrator and not is_theirs:
            raise AdministratorOnlyError
        if found.is_open(at):
            found.revoked_at = at
            found.save(update_fields=["revoked_at"])


def accept_invitation(key: str, *, name: str, password: str | None, at: datetime) -> User:
    """Makes the account, or sets the new password, and gives the role that was offered; the link is used up.

    Args:
        key: Secret part of the link.
        name: Name as the person writes it.
        password: Judged by the caller; None when the person will add a passkey instead.
        at: Now.

    Raises:
        InvitationOverError: ``invitation-over``.
        InvitationWrongError: ``invitation-wrong``: no name.
    """
    with recorded(None, "accept_invitation"):
        found = Invitation.objects.select_for_update(of=("self",)).filter(digest=digest_of(key)).first()
        if found is None or not found.is_open(at):
            raise InvitationOverError
        if found.kind == "password":
            return _set_password(found, password, at)
        if not name.strip():
            raise InvitationWrongError("invitation-wrong", N_("Give your name."))
        return _make_account(found, name, password, at)


def accept_by_provider(email: str, *, name: str, at: datetime) -> User | None:
    """Makes the account of an invited person whose address a provider of identity has verified; None if not invited."""
    with recorded(None, "accept_by_provider"):
        open_now = Invitation.objects.select_for_update(of=("self",)).filter(
            email=email.lower(), kind="account", accepted_at=None, revoked_at=None, expires_at__gt=at
        )
        found = open_now.first()
        return _make_account(found, found.name or name or email, None, at) if found is not None else None


def _check_right(viewer: Viewer, offer: RoleOffer | None, *, makes_administrator: bool) -> None:
    if offer is None or makes_administrator:
        require_administrator(viewer)
    elif not viewer.is_administrator:
        require(viewer, "manage_people")


def _clean_address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise InvitationWrongError(
            "invitation-wrong", N_("“{email}” is not an e-mail address."), email=address[:TEXT_MAX]
        ) from None
    return address


def _replace_older(viewer: Viewer, address: str, offer: RoleOffer | None, at: datetime) -> None:
    """Ends an open invitation to the same address; a coordinator may end only those to their own event."""
    older = Invitation.objects.filter(email=address, kind="account", accepted_at=None, revoked_at=None)
    elsewhere = older.filter(expires_at__gt=at).exclude(stream=offer.stream if offer is not None else None)
    if not viewer.is_administrator and elsewhere.exists():
        raise InvitationWrongError(
            "invitation-wrong", N_("This person is invited already, not by you. Ask an administrator.")
        )
    older.update(revoked_at=at)


def _make(viewer: Viewer, kind: str, *, at: datetime, **values: object) -> NewLink:
    key = secrets.token_urlsafe(KEY_BYTES)
    lasts = ACCOUNT_LINK_LASTS if kind == "account" else PASSWORD_LINK_LASTS
    made_by = (
        User.objects.filter(pk=viewer.person.removeprefix("person:")).first()
        if ":" in viewer.person
        else None
    )
    invitation = Invitation.objects.create(
        kind=kind, digest=digest_of(key), made_by=made_by, made_at=at, expires_at=at + lasts, **values
    )
    return NewLink(invitation.pk, key)


def _set_password(found: Invitation, password: str | None, at: datetime) -> User:
    user = found.user
    if user is None or not user.is_active or password is None:
        raise InvitationOverError
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user)
    _close(found, user, at)
    return user


def _make_account(found: Invitation, name: str, password: str | None, at: datetime) -> User:
    if User.objects.filter(email=found.email).exists():
        raise InvitationOverError
    user = User.objects.create_user(
        found.email,
        password,
        name=name.strip()[:TEXT_MAX],
        body=found.body,
        rank=found.rank,
        position=found.position,
        is_administrator=found.makes_administrator,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if found.stream is not None and found.body is not None and _is_still_offered(found, at):
        EventRole.objects.create(
            stream=found.stream,
            user=user,
            role=found.role,
            agency=found.body.agency,
            starts_at=found.role_starts_at,
            ends_at=found.role_ends_at,
            given_by=found.made_by,
        )
    _close(found, user, at)
    return user


def _is_still_offered(found: Invitation, at: datetime) -> bool:
    """True when the role is not over, and who offered it could still give it."""
    giver = found.made_by
    if giver is None or not giver.is_active or (found.role_ends_at is not None and found.role_ends_at <= at):
        return False
    viewer = get_viewer(giver, stream=found.stream, at=at) if found.stream is not None else None
    return viewer is not None and may_give(viewer, found.role)


def _close(found: Invitation, user: User, at: datetime) -> None:
    found.user, found.accepted_at = user, at
    found.save(update_fields=["user", "accepted_at"])

# SPDX-License-Identifier: Apache-2.0
"""Reads of the tree of organisations, the people in them, invitations, sessions, and the history the database wrote."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import Count, Q
from pghistory.models import Events

from hamkor.agencies.models import Body, EventRole, Invitation, User
from hamkor.agencies.queries import list_agencies
from hamkor.agencies.rules import RIGHTS, RIGHTS_OF_ROLE, Viewer
from hamkor.agencies.rules.rights import RIGHT_NAMES, ROLE_NAMES
from hamkor.common.messages import N_, Message

HISTORY_LENGTH = 300
KIND_NAMES = {
    "agencies.EventRole": N_("role"),
    "agencies.Body": N_("organisation"),
    "agencies.User": N_("person"),
}
VERB_NAMES = {"insert": N_("added"), "update": N_("changed"), "delete": N_("taken away")}
FIELD_NAMES = {
    "role": N_("Role"), "agency": N_("Agency"), "starts_at": N_("From"), "ends_at": N_("Until"),
    "rank": N_("Rank"), "position": N_("Position"), "body_id": N_("Organisation"), "is_active": N_("Account open"),
    "is_administrator": N_("Administrator"), "names": N_("Called"), "region": N_("Region"), "level": N_("Level"),
    "parent_id": N_("Organisation above"),
}  # fmt: skip


class BodyNode(msgspec.Struct):
    """An organisation in the tree.

    Args:
        id: Its id.
        names: Its name by language.
        agency: Party it belongs to.
        level: Its level.
        region: What it serves.
        people: Number of open accounts.
        depth: How deep it stands, 0 at the top.
    """

    id: UUID
    names: dict[str, str]
    agency: str
    level: str
    region: str
    people: int
    depth: int


class AgencyBranch(msgspec.Struct):
    """A party with its organisations.

    Args:
        code: Code of the party.
        names: Its name by language.
        bodies: Its organisations, each below the one above it.
    """

    code: str
    names: dict[str, str]
    bodies: list[BodyNode]


class Security(msgspec.Struct, frozen=True):
    """How well an account is protected.

    Args:
        has_password: A password is set.
        has_app: An authenticator app is set up.
        passkeys: Number of passkeys and security keys.
        codes_left: Unused recovery codes.
        providers: Connected identities elsewhere.
        is_mail_sent: The installation sends mail.
    """

    has_password: bool
    has_app: bool
    passkeys: int
    codes_left: int
    providers: int
    is_mail_sent: bool

    @property
    def can_return(self) -> bool:
        """True when the person can sign in again after signing out."""
        return self.has_password or self.passkeys > 0 or self.providers > 0


class Change(msgspec.Struct, frozen=True):
    """One line of the history the database wrote.

    Args:
        at: When.
        by: Reference of who did it, ``system`` for the installation, empty when unknown.
        verb: What happened, as a text marked for translation.
        kind: What it happened to, as a text marked for translation.
        subject: Of whom or what it tells: name, or names by language.
        fields: Name of each field with its old and new value.
    """

    at: datetime
    by: str
    verb: str
    kind: str
    subject: Any
    fields: list[tuple[str, Any, Any]]


def has_mail() -> bool:
    """True when the installation sends mail; otherwise messages stay on the server and links are handed over."""
    return not settings.EMAIL_BACKEND.endswith((".KeptAsFiles", ".dummy.EmailBackend"))


def list_tree() -> list[AgencyBranch]:
    """Returns every party with its organisations, in two queries."""
    open_accounts = Count("people", filter=Q(people__is_active=True))
    rows = list(Body.objects.annotate(open_accounts=open_accounts))
    branches = []
    for agency in list_agencies():
        if agency.code == "all":
            continue
        own = [row for row in rows if row.agency == agency.code]
        branches.append(AgencyBranch(agency.code, dict(agency.names), list(_walk(own, None, 0))))
    return branches


def list_bodies() -> list[Body]:
    """Returns every organisation, to choose from."""
    return list(Body.objects.all())


def list_people_of(body: Body, *, viewer: Viewer) -> list[User]:
    """Returns the people of an organisation; closed accounts only for administrators."""
    people = User.objects.filter(body=body).prefetch_related("roles")
    return list(people if viewer.is_administrator else people.filter(is_active=True))


def list_open_invitations(
    *, at: datetime, body: Body | None = None, stream: UUID | None = None
) -> list[Invitation]:
    """Returns invitations whose link still works, of an organisation or of an event."""
    rows = Invitation.objects.filter(kind="account", accepted_at=None, revoked_at=None, expires_at__gt=at)
    if body is not None:
        rows = rows.filter(body=body)
    if stream is not None:
        rows = rows.filter(stream=stream)
    return list(rows.select_related("body", "made_by"))


def list_people_to_choose() -> list[User]:
    """Returns everybody with an open account and an organisation, to be given a role."""
    people = User.objects.filter(is_active=True, body__isnull=False).select_related("body")
    return list(people.order_by("body__agency", "name"))


def get_security(user: User) -> Security:
    """Returns how well an account is protected."""
    factors = list(Authenticator.objects.filter(user=user))
    codes = [factor for factor in factors if factor.type == Authenticator.Type.RECOVERY_CODES]
    return Security(
        has_password=user.has_usable_password(),
        has_app=any(factor.type == Authenticator.Type.TOTP for factor in factors),
        passkeys=sum(factor.type == Authenticator.Type.WEBAUTHN for factor in factors),
        codes_left=len(codes[0].wrap().get_unused_codes()) if codes else 0,
        providers=SocialAccount.objects.filter(user=user).count(),
        is_mail_sent=has_mail(),
    )


def explain_rights(viewer: Viewer) -> list[tuple[Message, bool, list[Message]]]:
    """Returns every right with whether the person has it here, and the roles that give it."""
    held = {right for role in viewer.roles for right in RIGHTS_OF_ROLE[role]}
    return [
        (
            Message(RIGHT_NAMES[right]),
            right in held,
            [Message(ROLE_NAMES[role]) for role, rights in RIGHTS_OF_ROLE.items() if right in rights],
        )
        for right in RIGHTS
    ]


def list_changes(*, stream: UUID | None = None) -> list[Change]:
    """Returns the newest changes of roles, people and organisations, or those of one event's roles."""
    if stream is None:
        rows = Events.objects.across(*_event_models())  # type: ignore[no-untyped-call]  # the library has few types
    else:
        roles = Events.objects.across("agencies.EventRoleEvent")  # type: ignore[no-untyped-call]  # as above
        rows = roles.filter(pgh_data__stream=str(stream))
    found = list(rows.order_by("-pgh_created_at", "-pgh_slug")[:HISTORY_LENGTH])
    names = _names_of(found)
    return [_change(row, names) for row in found]


def _event_models() -> tuple[str, ...]:
    return ("agencies.EventRoleEvent", "agencies.UserEvent", "agencies.BodyEvent")


def _change(row: Any, names: dict[str, Any]) -> Change:
    data = row.pgh_data
    if row.pgh_obj_model == "agencies.EventRole":
        subject: Any = [names.get(str(data.get("user_id"))), Message(ROLE_NAMES.get(data.get("role"), ""))]
    else:
        subject = names.get(str(row.pgh_obj_id)) or data.get("names") or ""
    diff = row.pgh_diff or {}
    fields = [
        (FIELD_NAMES[name], _shown(name, old, names), _shown(name, new, names))
        for name, (old, new) in diff.items()
        if name in FIELD_NAMES
    ]
    by = (row.pgh_context or {}).get("by", "")
    return Change(
        at=row.pgh_created_at,
        by=names.get(by.removeprefix("person:"), by),
        verb=VERB_NAMES.get(row.pgh_label, row.pgh_label),
        kind=KIND_NAMES[row.pgh_obj_model],
        subject=[part for part in subject if part] if isinstance(subject, list) else subject,
        fields=fields,
    )


def _shown(name: str, value: Any, names: dict[str, Any]) -> Any:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return Message(N_("yes")) if value else Message(N_("no"))
    if name == "role":
        return Message(ROLE_NAMES.get(value, value))
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return names.get(str(value), value)


def _names_of(rows: Iterable[Any]) -> dict[str, Any]:
    """Returns the names of the people and organisations that lines of the history speak of, by id."""
    rows = list(rows)
    people = {str(row.pgh_data.get("user_id")) for row in rows} | {str(row.pgh_obj_id) for row in rows}
    people |= {(row.pgh_context or {}).get("by", "").removeprefix("person:") for row in rows}
    ids = [text for text in people if len(text) == 36]
    names: dict[str, Any] = {str(user.pk): user.name for user in User.objects.filter(pk__in=ids)}
    names |= {str(body.pk): body.names for body in Body.objects.all()}
    return names


def _walk(rows: list[Any], parent_id: UUID | None, depth: int) -> Iterable[BodyNode]:
    for row in rows:
        if row.parent_id == parent_id:
            yield BodyNode(row.pk, row.names, row.agency, row.level, row.region, row.open_accounts, depth)
            yield from _walk(rows, row.pk, depth + 1)


def list_roles_of(user: User) -> list[EventRole]:
    """Returns every role a person holds or held."""
    return list(EventRole.objects.filter(user=user).order_by("-given_at"))

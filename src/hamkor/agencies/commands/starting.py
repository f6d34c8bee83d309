# SPDX-License-Identifier: Apache-2.0
"""The first people of an installation: one administrator by a link, and accounts for a demonstration."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings

from hamkor.agencies.commands.bodies import ensure_bodies
from hamkor.agencies.commands.invitations import ACCOUNT_LINK_LASTS, KEY_BYTES, digest_of
from hamkor.agencies.commands.recording import recorded
from hamkor.agencies.models import Body, EventRole, Invitation, User
from hamkor.agencies.queries import get_agency, list_agencies
from hamkor.agencies.rules import ROLES, Role
from hamkor.agencies.rules.rights import ROLE_NAMES
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import DEFAULT_LANGUAGE, translate
from hamkor.common.messages import N_

DEMO_PASSWORD_BYTES = 12
AGENCY_OF_ROLE: dict[Role, str] = {
    "coordinator": "iib", "planner": "iib", "commission": "kom", "organiser": "org", "venue": "obj", "legal": "hok",
    "operator": "iib", "dispatcher": "tty", "field": "mg", "controller": "fvv", "auditor": "hok",
}  # fmt: skip
POSITIONS = {
    "coordinator": N_("deputy head of the public order department"),
    "planner": N_("senior officer for planning"),
    "liaison": N_("officer for cooperation"),
    "commission": N_("secretary of the commission"),
    "organiser": N_("director of events"),
    "venue": N_("head of safety of the venue"),
    "legal": N_("legal adviser"),
    "operator": N_("operator on duty"),
    "dispatcher": N_("senior dispatcher"),
    "field": N_("commander of a post"),
    "controller": N_("head of exercises"),
    "auditor": N_("inspector"),
}


class StartRefusedError(HamkorError):
    """The first people of an installation cannot be made now."""


def create_first_administrator(email: str, name: str) -> str:
    """Returns the path of a link, good for seven days and one use, with which the first administrator sets a password.

    Called again before the link was used, the older link ends.

    Args:
        email: Address, the name of the account.
        name: Name of the person, which they can correct.

    Raises:
        StartRefusedError: ``administrator-exists``: administrators invite others themselves; ``email-wrong``.
    """
    at = datetime.now(UTC)
    address = email.strip().lower()
    if "@" not in address or User.objects.filter(email=address).exists():
        raise StartRefusedError(
            "email-wrong", N_("“{email}” is no e-mail address, or has an account already."), email=address
        )
    key = secrets.token_urlsafe(KEY_BYTES)
    with recorded(None, "create_first_administrator"):
        if User.objects.select_for_update().filter(is_administrator=True, is_active=True).exists():
            raise StartRefusedError(
                "administrator-exists",
                N_("There is an administrator already; they can invite others on the page."),
            )
        ensure_bodies()
        Invitation.objects.filter(makes_administrator=True, accepted_at=None, revoked_at=None).update(
            revoked_at=at
        )
        Invitation.objects.create(
            digest=digest_of(key),
            email=address,
            name=name.strip()[:200],
            makes_administrator=True,
            made_at=at,
            expires_at=at + ACCOUNT_LINK_LASTS,
        )
    return f"/invitation?key={key}"


def make_demo_accounts(*streams: UUID) -> list[tuple[str, str, str]]:
    """Makes one account for every role at events, and a liaison officer of every state agency.

    Called again, the accounts get new passwords. Their names are names of roles: no person is meant.

    Args:
        streams: The events.

    Returns:
        Role, e-mail address and password of each.

    Raises:
        StartRefusedError: ``not-a-demo``: the installation was not started as a demonstration.
    """
    if not settings.ENVIRONMENT.demo:
        raise StartRefusedError("not-a-demo", N_("Demonstration accounts exist only in a demonstration."))
    pairs: list[tuple[Role, str]] = [
        ("liaison", agency.code) for agency in list_agencies() if agency.kind == "state"
    ]
    pairs += [(role, AGENCY_OF_ROLE[role]) for role in ROLES if role in AGENCY_OF_ROLE]
    pairs.sort(key=lambda pair: ROLES.index(pair[0]))
    ensure_bodies()
    with recorded(None, "make_demo_accounts"):
        made = [_demo_account(streams, role, agency) for role, agency in pairs]
        made.append(_demo_administrator())
    return made


def _demo_account(streams: Sequence[UUID], role: Role, agency: str) -> tuple[str, str, str]:
    named = get_agency(agency)
    body = Body.objects.filter(agency=agency, parent=None).first()
    if body is None:
        body = Body.objects.create(agency=agency, level="organisation", names=dict(named.names))
    short = named.short_names[DEFAULT_LANGUAGE]
    title = translate(ROLE_NAMES[role], DEFAULT_LANGUAGE)
    email, password = f"{role}.{agency}@demo.local", secrets.token_urlsafe(DEMO_PASSWORD_BYTES)
    user = _fresh_user(email, password, name=f"{title[:1].upper()}{title[1:]} ({short})", body=body)
    user.position = translate(POSITIONS[role], DEFAULT_LANGUAGE)
    user.save()
    for stream in streams:
        EventRole.objects.get_or_create(stream=stream, user=user, role=role, agency=agency)
    return role, email, password


def _demo_administrator() -> tuple[str, str, str]:
    email, password = "administrator@demo.local", secrets.token_urlsafe(DEMO_PASSWORD_BYTES)
    user = _fresh_user(email, password, name=translate(N_("Administrator"), DEFAULT_LANGUAGE), body=None)
    user.is_administrator = True
    user.save()
    return "administrator", email, password


def _fresh_user(email: str, password: str, *, name: str, body: Body | None) -> User:
    user, _ = User.objects.get_or_create(email=email, defaults={"name": name, "body": body})
    user.name, user.body, user.is_active = name, body, True
    user.set_password(password)
    return user

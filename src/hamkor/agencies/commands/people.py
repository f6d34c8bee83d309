# SPDX-License-Identifier: Apache-2.0
"""People: what they say of themselves, and what administrators decide about their accounts."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from hamkor.agencies.commands.recording import recorded, require_administrator
from hamkor.agencies.models import Body, User
from hamkor.agencies.rules import Viewer
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import LANGUAGES
from hamkor.common.messages import N_


class PersonWrongError(HamkorError):
    """The account cannot be changed like this."""


def change_own_details(user: User, *, name: str, rank: str, position: str, phone: str, language: str) -> None:
    """Keeps what a person says of themselves; their organisation is set by administrators.

    Raises:
        PersonWrongError: ``person-wrong``: no name, or a language there is not.
    """
    if not name.strip():
        raise PersonWrongError("person-wrong", N_("Give your name."))
    if language not in LANGUAGES:
        raise PersonWrongError(
            "person-wrong", N_("There is no language “{language}” here."), language=language
        )
    user.name, user.rank, user.position = name.strip()[:200], rank.strip()[:100], position.strip()[:200]
    user.phone, user.language = phone.strip()[:40], language
    with recorded(Viewer(person=user.reference), "change_own_details"):
        user.save(update_fields=["name", "rank", "position", "phone", "language"])


def change_person(viewer: Viewer, *, user_id: UUID, body_id: UUID, rank: str, position: str) -> None:
    """Sets organisation, rank and position of a person; roles they hold already keep their agency.

    Raises:
        AdministratorOnlyError: Not an administrator.
        PersonWrongError: ``item-unknown``.
    """
    require_administrator(viewer)
    with recorded(viewer, "change_person"):
        user = _get_person(user_id)
        body = Body.objects.filter(pk=body_id).first()
        if body is None:
            raise PersonWrongError("item-unknown", N_("There is no such organisation."))
        user.body, user.rank, user.position = body, rank.strip()[:100], position.strip()[:200]
        user.save(update_fields=["body", "rank", "position"])


def close_account(viewer: Viewer, *, user_id: UUID) -> None:
    """Closes an account: signed out everywhere at once, and cannot sign in. Nothing of what they did is lost.

    Raises:
        AdministratorOnlyError: Not an administrator.
        PersonWrongError: ``item-unknown``; ``last-administrator``; ``person-wrong`` for one's own account.
    """
    require_administrator(viewer)
    with recorded(viewer, "close_account"):
        user = _get_person(user_id)
        if user.reference == viewer.person:
            raise PersonWrongError(
                "person-wrong", N_("Nobody closes their own account; ask another administrator.")
            )
        _keep_one_administrator(user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_sessions(user)


def open_account(viewer: Viewer, *, user_id: UUID) -> None:
    """Opens a closed account again.

    Raises:
        AdministratorOnlyError: Not an administrator.
        PersonWrongError: ``item-unknown``.
    """
    require_administrator(viewer)
    with recorded(viewer, "open_account"):
        user = _get_person(user_id)
        user.is_active = True
        user.save(update_fields=["is_active"])


def set_administrator(viewer: Viewer, *, user_id: UUID, value: bool) -> None:
    """Makes a person an administrator of the installation, or ends that.

    Raises:
        AdministratorOnlyError: Not an administrator.
        PersonWrongError: ``item-unknown``; ``last-administrator``.
    """
    require_administrator(viewer)
    with recorded(viewer, "set_administrator"):
        user = _get_person(user_id)
        if not value:
            _keep_one_administrator(user)
        user.is_administrator = value
        user.save(update_fields=["is_administrator"])


def remove_factors(viewer: Viewer, *, user_id: UUID) -> None:
    """Removes passkeys, authenticator app and recovery codes of a person who has lost them, and ends their sessions.

    Raises:
        AdministratorOnlyError: Not an administrator.
        PersonWrongError: ``item-unknown``.
    """
    require_administrator(viewer)
    with recorded(viewer, "remove_factors"):
        user = _get_person(user_id)
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user)


def end_sessions(user: User, *, except_key: str | None = None) -> int:
    """Ends the sessions of a person; returns how many.

    Args:
        user: Whose.
        except_key: Key of a session that stays.
    """
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=except_key or ""))
    for session in sessions:
        session.end()
    return len(sessions)


def end_session(user: User, *, session_id: int) -> None:
    """Ends one session of a person; nothing happens when it is not theirs."""
    for session in UserSession.objects.filter(user=user, pk=session_id):
        session.end()


def _get_person(user_id: UUID) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise PersonWrongError("item-unknown", N_("There is no such person."))
    return user


def _keep_one_administrator(user: User) -> None:
    others = User.objects.select_for_update().filter(is_administrator=True, is_active=True).order_by("pk")
    if user.is_administrator and not [other for other in others if other.pk != user.pk]:
        raise PersonWrongError("last-administrator", N_("This is the last administrator."))

# SPDX-License-Identifier: Apache-2.0
"""Verbs about organisations, people, invitations and roles; every one checks the right first and is recorded."""

from hamkor.agencies.commands.bodies import add_body, change_body, ensure_bodies
from hamkor.agencies.commands.invitations import (
    accept_by_provider,
    accept_invitation,
    invite,
    make_password_link,
    revoke_invitation,
)
from hamkor.agencies.commands.people import (
    change_own_details,
    change_person,
    close_account,
    open_account,
    set_administrator,
)
from hamkor.agencies.commands.roles import end_role, give_role, open_event
from hamkor.agencies.commands.starting import create_first_administrator, make_demo_accounts

__all__ = [
    "accept_by_provider",
    "accept_invitation",
    "add_body",
    "change_body",
    "change_own_details",
    "change_person",
    "close_account",
    "create_first_administrator",
    "end_role",
    "ensure_bodies",
    "give_role",
    "invite",
    "make_demo_accounts",
    "make_password_link",
    "open_account",
    "open_event",
    "revoke_invitation",
    "set_administrator",
]

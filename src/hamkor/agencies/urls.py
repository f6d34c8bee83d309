# SPDX-License-Identifier: Apache-2.0
"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from hamkor.agencies.views import account, invitations, people

urlpatterns = [
    path("accounts/logout/", account.sign_out, name="account_logout"),
    path("accounts/email/", account.closed, name="account_email_closed"),
    path("account", account.account_page, name="account"),
    path("account/sessions/<int:pk>/end", account.end_session_of_own, name="session_end"),
    path("invitation", invitations.accept_page, name="invitation"),
    path("invitations/<uuid:pk>/revoke", invitations.revoke, name="invitation_revoke"),
    path("agencies", people.bodies_page, name="bodies"),
    path("agencies/add", people.add_body, name="body_add"),
    path("agencies/history", people.history_page, name="people_history"),
    path("agencies/<uuid:pk>", people.body_page, name="body"),
    path("agencies/<uuid:pk>/change", people.change_body, name="body_change"),
    path("agencies/<uuid:pk>/invite", people.invite, name="body_invite"),
    path("people/<uuid:pk>", people.person_page, name="person"),
    path("people/<uuid:pk>/<slug:act>", people.act_on_person, name="person_act"),
]

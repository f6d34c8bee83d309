# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from django.test import Client

from hamkor.agencies.models import EventRole, Invitation
from hamkor.agencies.rules import ROLES


@pytest.mark.parametrize("role", ROLES)
def test_everybody_with_a_role_sees_who_is_who_and_only_coordinators_may_act(
    navruz, client_of, make_user, role
):
    client, other = client_of(role, stream=navruz), make_user()
    page = client.get(f"/events/{navruz}/roles")
    assert page.status_code == 200
    assert ("give-role" in page.content.decode()) == (role == "coordinator")
    answer = client.post(f"/events/{navruz}/roles/give", {"person": other.pk, "role": "field"})
    assert answer.status_code == (302 if role == "coordinator" else 403)
    assert EventRole.objects.filter(user=other).exists() == (role == "coordinator")


def test_a_coordinator_invites_and_withdraws(navruz, client_of, make_user):
    client = client_of("coordinator", stream=navruz)
    body = make_user(agency="fvv").body
    values = {"email": "a@example.org", "body": body.pk, "role": "liaison"}
    assert client.post(f"/events/{navruz}/roles/invite", values).status_code == 302
    found = Invitation.objects.get()
    assert "a@example.org" in client.get(f"/events/{navruz}/roles").content.decode()
    client.post(f"/events/{navruz}/invitations/{found.pk}/revoke")
    found.refresh_from_db()
    assert found.revoked_at is not None
    assert client.post(f"/events/{navruz}/roles/invite", {**values, "email": "no"}).status_code == 422


def test_a_coordinator_is_offered_no_judges(navruz, client_of, make_user):
    client, other = client_of("coordinator", stream=navruz), make_user(agency="kom")
    assert 'value="commission"' not in client.get(f"/events/{navruz}/roles").content.decode()
    answer = client.post(f"/events/{navruz}/roles/give", {"person": other.pk, "role": "commission"})
    assert answer.status_code == 403


def test_an_administrator_without_a_role_gives_roles_and_sees_no_plan(navruz, make_user):
    administrator, other = make_user(is_administrator=True), make_user(agency="kom")
    client = Client()
    client.force_login(administrator)
    page = client.get(f"/events/{navruz}/roles").content.decode()
    assert "ENT-007" not in page
    client.post(f"/events/{navruz}/roles/give", {"person": other.pk, "role": "commission"})
    assert EventRole.objects.get(user=other).agency == "kom"
    assert client.get(f"/events/{navruz}/").status_code == 404


def test_a_role_is_ended_on_the_page(navruz, client_of, make_user):
    client = client_of("coordinator", stream=navruz)
    make_user("field", stream=navruz)
    row = EventRole.objects.get(role="field")
    client.post(f"/events/{navruz}/roles/{row.pk}/end")
    row.refresh_from_db()
    assert row.ends_at is not None


def test_strangers_learn_nothing(navruz, client_of):
    assert client_of(None).get(f"/events/{navruz}/roles").status_code == 404

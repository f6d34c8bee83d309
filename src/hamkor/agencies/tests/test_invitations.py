# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from hamkor.agencies.commands import (
    accept_invitation,
    create_first_administrator,
    ensure_bodies,
    invite,
    make_demo_accounts,
    make_password_link,
    revoke_invitation,
)
from hamkor.agencies.commands.invitations import RoleOffer, digest_of
from hamkor.agencies.models import Body, EventRole, Invitation, User
from hamkor.agencies.queries.people import get_viewer, viewer_of
from hamkor.common.errors import HamkorError

GOOD = "lemon orbit velvet pencil"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def administrator(make_user):
    return make_user(is_administrator=True)


@pytest.fixture
def body(db):
    ensure_bodies()
    return Body.objects.get(agency="fvv", parent=None)


def invited(administrator, body, **values):
    return invite(viewer_of(administrator), email="New@Example.org", body_id=body.pk, at=now(), **values)


def test_bodies_are_added_once(db):
    assert ensure_bodies() >= 8
    assert ensure_bodies() == 0


def test_only_a_digest_is_kept(administrator, body):
    link = invited(administrator, body)
    row = Invitation.objects.get()
    assert row.digest == digest_of(link.key)
    assert link.key not in str(row.__dict__)


def test_an_invitation_opens_one_account_once(administrator, body):
    link = invited(administrator, body, position="officer")
    user = accept_invitation(link.key, name="A Person", password=GOOD, at=now())
    assert (user.email, user.body, user.position) == ("new@example.org", body, "officer")
    with pytest.raises(HamkorError, match="invitation-over"):
        accept_invitation(link.key, name="Another", password=GOOD, at=now())
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.parametrize("key", ["", "x", "\0", "a" * 5000])
def test_a_wrong_key_opens_nothing(db, key):
    with pytest.raises(HamkorError, match="invitation-over"):
        accept_invitation(key, name="A", password=GOOD, at=now())


def test_an_invitation_ends_by_time_by_withdrawal_and_by_a_newer_one(administrator, body):
    old = invited(administrator, body)
    new = invited(administrator, body)
    for key, at in ((old.key, now()), (new.key, now() + timedelta(days=8))):
        with pytest.raises(HamkorError, match="invitation-over"):
            accept_invitation(key, name="A", password=GOOD, at=at)
    revoke_invitation(viewer_of(administrator), invitation_id=new.invitation_id, at=now())
    with pytest.raises(HamkorError, match="invitation-over"):
        accept_invitation(new.key, name="A", password=GOOD, at=now())


def test_a_coordinator_invites_to_their_event_only_and_to_no_judge(make_user, navruz, body):
    viewer = get_viewer(make_user("coordinator", stream=navruz), stream=navruz, at=now())
    for values in (
        {},
        {"offer": RoleOffer(navruz, "auditor")},
        {"offer": RoleOffer(navruz, "commission")},
        {"offer": RoleOffer(navruz, "liaison"), "makes_administrator": True},
    ):
        with pytest.raises(HamkorError, match="not-allowed"):
            invite(viewer, email="a@example.org", body_id=body.pk, at=now(), **values)
    link = invite(
        viewer, email="a@example.org", body_id=body.pk, at=now(), offer=RoleOffer(navruz, "liaison")
    )
    user = accept_invitation(link.key, name="A", password=GOOD, at=now())
    role = EventRole.objects.get(user=user)
    assert (role.role, role.agency, role.stream) == ("liaison", "fvv", navruz)


def test_a_liaison_invites_nobody(make_user, navruz, body):
    viewer = get_viewer(make_user("liaison", stream=navruz), stream=navruz, at=now())
    with pytest.raises(HamkorError, match="not-allowed"):
        invite(viewer, email="a@example.org", body_id=body.pk, at=now(), offer=RoleOffer(navruz, "field"))


def test_a_role_offered_by_somebody_who_lost_the_right_is_not_given(make_user, navruz, body):
    coordinator = make_user("coordinator", stream=navruz)
    viewer = get_viewer(coordinator, stream=navruz, at=now())
    link = invite(
        viewer, email="a@example.org", body_id=body.pk, at=now(), offer=RoleOffer(navruz, "coordinator")
    )
    EventRole.objects.filter(user=coordinator).update(ends_at=now())
    user = accept_invitation(link.key, name="A", password=GOOD, at=now() + timedelta(seconds=1))
    assert not EventRole.objects.filter(user=user).exists()


def test_a_coordinator_cannot_replace_the_invitation_of_another(administrator, make_user, navruz, body):
    invited(administrator, body)
    viewer = get_viewer(make_user("coordinator", stream=navruz), stream=navruz, at=now())
    with pytest.raises(HamkorError, match="invitation-wrong"):
        invite(viewer, email="new@example.org", body_id=body.pk, at=now(), offer=RoleOffer(navruz, "field"))


def test_who_has_an_account_is_not_invited_again(administrator, body):
    with pytest.raises(HamkorError, match="invitation-wrong"):
        invite(viewer_of(administrator), email=administrator.email.upper(), body_id=body.pk, at=now())


def test_a_password_link_ends_sessions_and_leaves_the_second_factor(administrator, make_user):
    user = make_user()
    link = make_password_link(viewer_of(administrator), user_id=user.pk, at=now())
    accept_invitation(link.key, name="", password=GOOD, at=now())
    user.refresh_from_db()
    assert user.check_password(GOOD)
    with pytest.raises(HamkorError, match="invitation-over"):
        accept_invitation(link.key, name="", password=GOOD, at=now())
    with pytest.raises(HamkorError, match="not-allowed"):
        make_password_link(viewer_of(user), user_id=administrator.pk, at=now())


def test_opening_the_link_uses_nothing_up_and_hides_the_key(administrator, body, client):
    link = invited(administrator, body)
    for _ in range(2):
        answer = client.get(f"/invitation?key={link.key}")
        assert answer["Location"] == "/invitation"
    assert link.key not in client.get("/invitation").content.decode()
    answer = client.post(
        "/invitation", {"name": "A Person", "password1": "short", "password2": "short", "way": "password"}
    )
    assert answer.status_code == 422
    answer = client.post(
        "/invitation", {"name": "A Person", "password1": GOOD, "password2": GOOD, "way": "password"}
    )
    assert answer["Location"] == "/account"
    assert client.get("/account").status_code == 200
    assert Client().get(f"/invitation?key={link.key}", follow=True).status_code == 410


def test_with_a_passkey_no_password_is_asked(administrator, body, client):
    link = invited(administrator, body)
    client.get(f"/invitation?key={link.key}")
    answer = client.post("/invitation", {"name": "A Person", "way": "passkey"})
    assert answer["Location"] == "/accounts/2fa/webauthn/add/"
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert 'data-passkey="add"' in page.content.decode()
    assert not User.objects.get(email="new@example.org").has_usable_password()


def test_the_link_is_shown_once_when_no_mail_is_set_up(administrator, body, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    client = Client()
    client.force_login(administrator)
    client.post(f"/agencies/{body.pk}/invite", {"email": "a@example.org"})
    assert "/invitation?key=" in client.get(f"/agencies/{body.pk}").content.decode()
    assert "/invitation?key=" not in client.get(f"/agencies/{body.pk}").content.decode()


def test_with_mail_the_link_goes_to_whom_it_is_for(administrator, body, mailoutbox):
    client = Client()
    client.force_login(administrator)
    client.post(f"/agencies/{body.pk}/invite", {"email": "a@example.org"})
    assert mailoutbox[0].to == ["a@example.org"]
    assert "/invitation?key=" in mailoutbox[0].body
    assert "/invitation?key=" not in client.get(f"/agencies/{body.pk}").content.decode()


def test_the_first_administrator_comes_by_a_link_and_only_the_first(db):
    old = create_first_administrator("first@example.org", "First")
    path = create_first_administrator("first@example.org", "First")
    with pytest.raises(HamkorError, match="invitation-over"):
        accept_invitation(old.split("=")[1], name="First", password=GOOD, at=now())
    user = accept_invitation(path.split("=")[1], name="First", password=GOOD, at=now())
    assert user.is_administrator
    with pytest.raises(HamkorError, match="administrator-exists"):
        create_first_administrator("second@example.org", "Second")


def test_demo_accounts_exist_only_in_a_demonstration(db, navruz, settings):
    with pytest.raises(HamkorError, match="not-a-demo"):
        make_demo_accounts(navruz)


def test_demo_accounts_hold_every_role(db, navruz, settings):
    from msgspec.structs import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, demo=True)
    first, second = make_demo_accounts(navruz), make_demo_accounts(navruz)
    assert [row[:2] for row in first] == [row[:2] for row in second]
    assert len({row[2] for row in first + second}) == 2 * len(first)
    held = set(EventRole.objects.filter(stream=navruz).values_list("role", flat=True))
    assert held == {role for role, _, _ in first} - {"administrator"}
    _, email, password = second[0]
    assert User.objects.get(email=email).check_password(password)

# SPDX-License-Identifier: Apache-2.0
"""Signing in with a provider of identity: a whole OpenID Connect provider runs beside the tests, on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from hamkor.agencies.commands import close_account, ensure_bodies, invite
from hamkor.agencies.models import Body, Invitation, User
from hamkor.agencies.queries.people import viewer_of
from hamkor.agencies.signing_in import provider_origins, provider_settings

BEGIN = "/accounts/oidc/oidc/login/?process=login"
PEOPLE = {
    "known": {"email": "known@example.org", "email_verified": True, "name": "Known"},
    "unverified": {"email": "known@example.org", "email_verified": False},
    "unsaid": {"email": "known@example.org"},
    "text": {"email": "known@example.org", "email_verified": "true"},
    "stranger": {"email": "stranger@example.org", "email_verified": True},
    "invited": {"email": "Invited@example.org", "email_verified": True, "name": "Invited Person"},
    "nameless": {"name": "No Address"},
}

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def provider(request):
    from pytest_socket import enable_socket

    enable_socket()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    claims = [
        part
        for sub, values in PEOPLE.items()
        for part in ("--user-claims", json.dumps({"sub": sub, **values}))
    ]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *claims]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address):
    for _ in range(100):
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=1).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the provider did not start")


@pytest.fixture
def come_as(provider, settings, db):
    settings.SOCIALACCOUNT_PROVIDERS = provider_settings(
        provider, name="Test ID", client="hamkor", secret="s" * 32
    )

    def come(sub, client):
        begun = client.post(BEGIN)
        assert begun.status_code == 302
        assert "code_challenge=" in begun["Location"]
        agreed = requests.post(begun["Location"], data={"sub": sub}, allow_redirects=False, timeout=5)
        assert agreed.status_code == 302, agreed.text
        return client.get(agreed.headers["Location"])

    return come


@pytest.fixture
def known(db):
    return User.objects.create_user("known@example.org", "correct-horse-battery-staple", name="Known")


def is_inside(client):
    return client.get("/account").status_code == 200


def test_the_button_names_the_provider(come_as, client):
    page = client.get("/accounts/login/").content.decode()
    assert "Test ID" in page


def test_a_known_person_comes_in_and_keeps_the_password(come_as, known, client):
    come_as("known", client)
    assert is_inside(client)
    known.refresh_from_db()
    assert known.has_usable_password()
    again = Client()
    come_as("known", again)
    assert is_inside(again)
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("sub", ["unverified", "unsaid", "text", "stranger", "nameless"])
def test_nobody_else_gets_in(come_as, known, client, sub):
    answer = come_as(sub, client)
    assert answer.status_code == 403
    assert not is_inside(client)
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_an_invited_person_gets_their_account_once(come_as, make_user, client):
    ensure_bodies()
    administrator = make_user(is_administrator=True)
    body = Body.objects.get(agency="fvv", parent=None)
    invite(viewer_of(administrator), email="invited@example.org", body_id=body.pk, at=datetime.now(UTC))
    come_as("invited", client)
    assert is_inside(client)
    user = User.objects.get(email="invited@example.org")
    assert (user.name, user.body, user.has_usable_password()) == ("Invited Person", body, False)
    assert Invitation.objects.get().accepted_at is not None


def test_a_closed_account_stays_closed(come_as, known, make_user, client):
    come_as("known", Client())
    close_account(viewer_of(make_user(is_administrator=True)), user_id=known.pk)
    come_as("known", client)
    assert not is_inside(client)


def test_an_answer_nobody_asked_for_is_refused(come_as, known, client):
    answer = client.get("/accounts/oidc/oidc/login/callback/?code=x&state=y")
    assert not is_inside(client)
    assert answer.status_code in (200, 401, 403)


def test_without_an_address_there_is_no_provider(db, client):
    assert provider_settings("", name="", client="", secret="") == {}
    assert client.post(BEGIN).status_code == 404
    assert provider_origins("https://sso.example/path") == ["https://sso.example"]

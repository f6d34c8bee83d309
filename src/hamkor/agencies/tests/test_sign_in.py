# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from conftest import PASSWORD
from django.core.cache import cache
from django.test import Client

from hamkor.agencies.passwords import is_guessable

LOGIN = "/accounts/login/"
PAGES_OF_OWN = (
    "/account",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/3rdparty/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
)


def sign_in(client, email, password=PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def confirm(client):
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def user(make_user):
    return make_user()


@pytest.fixture
def signed_in(user, client):
    sign_in(client, user.email)
    return client


def test_password_opens_the_account_in_whatever_case(user, client):
    assert sign_in(client, user.email.upper())["Location"] == "/"
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("language", ["uz", "uz-Cyrl", "ru", "en"])
def test_pages_are_ours_and_hold_no_inline_script(signed_in, language):
    signed_in.cookies["hamkor_language"] = language
    for page in PAGES_OF_OWN:
        answer = signed_in.get(page)
        assert answer.status_code == 200
        assert_clean(answer.content.decode())


def assert_clean(text):
    assert 'class="shell' in text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert " style=" not in text
    assert "onclick" not in text


@pytest.mark.parametrize(
    "page", [LOGIN, "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/signup/"]
)
def test_pages_for_strangers_are_ours(db, client, page):
    answer = client.get(page)
    assert answer.status_code == 200
    assert 'class="entrance"' in answer.content.decode()


def test_nobody_makes_an_account_by_themselves(db, client):
    client.post("/accounts/signup/", {"email": "me@example.org", "password1": PASSWORD})
    assert sign_in(client, "me@example.org").status_code == 200


def test_an_unknown_address_and_a_wrong_password_look_the_same(user, client, mailoutbox):
    texts = []
    for email in (user.email, "nobody@example.org"):
        text = sign_in(Client(), email, "wrong").content.decode()
        texts.append(re.sub(r'(value|data-csrf)="[^"]*"', "", text))
    assert texts[0] == texts[1]
    for email in (user.email, "nobody@example.org"):
        answer = client.post("/accounts/password/reset/", {"email": email})
        assert answer["Location"] == "/accounts/password/reset/done/"
    assert len(mailoutbox) == 2


def test_five_wrong_passwords_lock_the_address_out_for_all_processes(user, client):
    for _ in range(5):
        sign_in(Client(REMOTE_ADDR="10.0.0.1"), user.email, "wrong")
    assert "Location" not in sign_in(Client(REMOTE_ADDR="10.0.0.2"), user.email)
    assert type(cache._connections[cache._alias]).__name__ == "DatabaseCache"


def test_a_locked_address_does_not_lock_another(make_user, client):
    first, second = make_user(), make_user()
    for _ in range(6):
        sign_in(Client(REMOTE_ADDR="10.0.0.1"), first.email, "wrong")
    assert "Location" in sign_in(Client(REMOTE_ADDR="10.0.0.2"), second.email)


def test_a_closed_account_is_signed_out_at_once(user, signed_in):
    user.is_active = False
    user.save()
    assert signed_in.get("/account").status_code == 302
    assert sign_in(Client(), user.email)["Location"] == "/accounts/inactive/"


def test_forms_without_a_token_are_refused(user):
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, user.email).status_code == 403
    strict.force_login(user)
    for page in ("/account", "/accounts/logout/", "/accounts/password/change/", "/invitation"):
        assert strict.post(page, {}).status_code == 403


def test_an_address_elsewhere_is_not_followed_after_signing_in(user, client):
    answer = client.post(f"{LOGIN}?next=https://evil.example/", {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/"


def test_the_address_is_not_changed_by_the_person(signed_in):
    assert signed_in.get("/accounts/email/").status_code == 404
    assert signed_in.post("/accounts/email/", {"email": "x@example.org", "action_add": ""}).status_code == 404


def test_dangerous_steps_ask_who_it_is(signed_in):
    for page in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/password/change/"):
        answer = signed_in.get(page)
        assert answer.status_code in (200, 302)
    assert "/accounts/reauthenticate/" in signed_in.get("/accounts/2fa/totp/activate/")["Location"]


def set_up_app(client, user):
    confirm(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def test_after_the_password_the_code_is_asked_and_works_once(signed_in, user):
    secret = set_up_app(signed_in, user)
    kept = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in kept
    cache.clear()
    client = Client()
    assert sign_in(client, user.email)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/account").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    code = code_of(secret)
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
    again = Client()
    sign_in(again, user.email)
    assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200


def test_recovery_codes_are_shown_once_and_work_once(signed_in, user):
    set_up_app(signed_in, user)
    codes = re.findall(r"<li>(\d{8})</li>", signed_in.get("/accounts/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10
    for expected in (302, 200):
        client = Client()
        sign_in(client, user.email)
        assert client.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == expected


def test_codes_cannot_be_tried_for_ever(signed_in, user):
    secret = set_up_app(signed_in, user)
    cache.clear()
    client = Client()
    sign_in(client, user.email)
    for number in range(6):
        client.post("/accounts/2fa/authenticate/", {"code": f"00000{number}"})
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 200


def test_a_session_is_ended_from_another(signed_in, user):
    stolen = Client()
    sign_in(stolen, user.email)
    session = UserSession.objects.get(session_key=stolen.session.session_key)
    stranger = Client()
    stranger.post(f"/account/sessions/{session.pk}/end")
    assert stolen.get("/account").status_code == 200
    signed_in.post(f"/account/sessions/{session.pk}/end")
    assert stolen.get("/account").status_code == 302
    assert signed_in.get("/account").status_code == 200


def test_nobody_ends_the_session_of_another_person(make_user, signed_in, user):
    other = Client()
    sign_in(other, make_user().email)
    session = UserSession.objects.exclude(user=user).get()
    signed_in.post(f"/account/sessions/{session.pk}/end")
    assert other.get("/account").status_code == 200


def test_all_other_sessions_end_together_and_with_the_password(signed_in, user):
    others = [Client() for _ in range(2)]
    for other in others:
        sign_in(other, user.email)
    signed_in.post("/accounts/sessions/")
    assert {other.get("/account").status_code for other in others} == {302}
    sign_in(others[0], user.email)
    new = "lemon orbit velvet pencil"
    signed_in.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert others[0].get("/account").status_code == 302
    assert signed_in.get("/account").status_code == 200


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "abcabcabcabcabc",
        "qwertyuiop123",
        "123456789012",
        "Parolparol123!",
        "Toshkent2027!!",
        "P@ssw0rd2027!",
        "hamkorhamkor1",
        "Administrator1",
        "zaqwsxzaqwsx",
    ],
)
def test_long_passwords_that_are_tried_first_are_refused(password):
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password", ["lemon orbit velvet pencil", "uyim oldida tok bor", "кот на крыше поёт", PASSWORD]
)
def test_a_row_of_words_is_good(password):
    assert not is_guessable(password)


def test_a_person_keeps_their_details_and_nothing_else(signed_in, user):
    values = {
        "name": "New Name",
        "rank": "r",
        "position": "p",
        "phone": "+998 71 000-00-00",
        "language": "ru",
    }
    signed_in.post("/account", {**values, "is_administrator": "on", "email": "x@example.org", "body": ""})
    before = user.email
    user.refresh_from_db()
    assert (user.name, user.phone, user.language) == ("New Name", "+998 71 000-00-00", "ru")
    assert (user.is_administrator, user.email) == (False, before)
    assert signed_in.post("/account", {**values, "phone": "<b>"}).status_code == 422


@pytest.mark.parametrize("page", ["/agencies/history", "/people/{user}", "/agencies/{elsewhere}"])
def test_pages_of_administrators_are_closed_to_others(make_user, signed_in, user, page):
    other = make_user(agency="fvv")
    address = page.format(user=other.pk, elsewhere=other.body_id)
    assert signed_in.get(address).status_code in (403, 404)
    keeper = Client()
    keeper.force_login(make_user(is_administrator=True))
    assert keeper.get(address).status_code == 200


@pytest.mark.parametrize("act", ["close", "make-administrator", "password-link", "remove-factors"])
def test_acts_on_people_need_an_administrator_who_confirmed(make_user, signed_in, act):
    other = make_user()
    assert signed_in.post(f"/people/{other.pk}/{act}").status_code == 403
    keeper = Client()
    administrator = make_user(is_administrator=True)
    sign_in(keeper, administrator.email)
    assert "reauthenticate" in keeper.post(f"/people/{other.pk}/{act}")["Location"]
    confirm(keeper)
    assert keeper.post(f"/people/{other.pk}/{act}")["Location"] == f"/people/{other.pk}"


def test_signing_out_empties_the_browser(signed_in):
    assert b"data-leaving" in signed_in.get("/accounts/logout/").content
    answer = signed_in.post("/accounts/logout/")
    assert answer.status_code == 302
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in signed_in.session


def test_who_gives_up_between_two_steps_loses_nothing_that_waits_in_the_browser(signed_in, user):
    set_up_app(signed_in, user)
    signed_in.post("/accounts/logout/")
    sign_in(signed_in, user.email)
    assert not signed_in.post("/accounts/logout/").has_header("Clear-Site-Data")

# SPDX-License-Identifier: Apache-2.0
"""Passkeys in a real browser with a virtual device, under the content security policy of service."""

from __future__ import annotations

import shutil

import pytest
from allauth.mfa.models import Authenticator
from conftest import PASSWORD
from django.core.cache import cache
from django.db import connections

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def page(live_server, monkeypatch):
    monkeypatch.setenv(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
    )  # the driver of the browser runs a loop in this thread
    from playwright.sync_api import sync_playwright

    cache.clear()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(base_url=live_server.url, locale="en")
        page = context.new_page()
        page.set_default_timeout(15000)
        page.faults = []
        page.home = f"{live_server.url}/"
        page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        devices = context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        page.device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
        page.devices = devices
        yield page
        browser.close()
        cache.clear()
        connections.close_all()  # the loop of the driver has connections of its own


def enter(page, user):
    page.goto("/accounts/login/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(page.home)


def add_passkey(page):
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.primary")
    page.wait_for_url("**/webauthn/add/")
    page.click("form[data-passkey=add] button")
    page.wait_for_url("**/recovery-codes/")


def sign_out(page):
    page.goto("/accounts/logout/")
    page.click("main button.primary")
    page.wait_for_url("**/login/**")


def test_a_passkey_signs_in_alone_and_is_a_second_factor_after_the_password(page, make_user):
    user = make_user()
    enter(page, user)
    add_passkey(page)
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    sign_out(page)
    page.click("form[data-passkey=login] button")
    page.wait_for_url(page.home)
    page.goto("/account")
    assert user.name in page.inner_text("h1")
    sign_out(page)
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("form:not([data-passkey]) button.primary")
    page.wait_for_url("**/authenticate/")
    page.click("form[data-passkey=use] button")
    page.wait_for_url(page.home)
    assert page.faults == []


def test_a_device_that_does_not_confirm_opens_nothing_and_is_explained(page, make_user):
    make_user()
    page.goto("/accounts/login/")
    page.devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": page.device})
    page.devices.send("WebAuthn.disable")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('cancelled')); }")
    page.click("form[data-passkey=login] button")
    page.wait_for_selector("form[data-passkey=login] [role=alert]:not([hidden])", timeout=10000)
    assert "/accounts/login/" in page.url

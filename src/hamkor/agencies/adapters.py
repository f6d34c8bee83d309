# SPDX-License-Identifier: Apache-2.0
"""Where the library of sign-in asks us: who may come in, what is said, how secrets are kept."""

from __future__ import annotations

import base64
import hashlib
import io
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from hamkor.agencies.commands.invitations import accept_by_provider
from hamkor.agencies.models import User
from hamkor.agencies.queries.directory import has_mail
from hamkor.agencies.wording import said
from hamkor.common.messages import N_

NOTICES = {
    "account/email/password_changed": said(N_("Your password was changed.")),
    "account/email/password_reset": said(N_("Your password was set anew.")),
    "account/email/password_set": said(N_("A password was set for your account.")),
    "mfa/email/totp_activated": said(N_("An authenticator app was added to your account.")),
    "mfa/email/totp_deactivated": said(N_("The authenticator app was removed from your account.")),
    "mfa/email/webauthn_added": said(N_("A passkey was added to your account.")),
    "mfa/email/webauthn_removed": said(N_("A passkey was removed from your account.")),
    "mfa/email/recovery_codes_generated": said(N_("New recovery codes were made for your account.")),
    "socialaccount/email/account_connected": said(
        N_("Another way to sign in was connected to your account.")
    ),
    "socialaccount/email/account_disconnected": said(
        N_("A way to sign in was disconnected from your account.")
    ),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Accounts: by invitation only."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": said(N_("This account is closed. Ask an administrator.")),
        "email_password_mismatch": said(N_("The e-mail address or the password is wrong.")),
        "enter_current_password": said(N_("This is not your present password.")),
        "incorrect_code": said(N_("This code is wrong or too old.")),
        "incorrect_password": said(N_("This password is wrong.")),
        "invalid_login": said(N_("Signing in did not work. Try again.")),
        "invalid_password_reset": said(N_("This link is not valid any more.")),
        "rate_limited": said(N_("Too many attempts. Wait a few minutes.")),
        "too_many_login_attempts": said(
            N_("Too many wrong attempts. Wait five minutes, or ask an administrator.")
        ),
        "unknown_email": said(N_("The e-mail address or the password is wrong.")),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """False: nobody comes in without an invitation."""
        return False

    def can_delete_email(self, email_address: object) -> bool:
        """False: the address is the name of the account; an administrator changes it."""
        return False

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Tells the person what was changed in the security of their account, when the installation sends mail."""
        if has_mail() and template_prefix in NOTICES:
            context = {
                "what": NOTICES[template_prefix],
                "at": timezone.now(),
                "ip": self.get_client_ip(self.request),
            }
            self.send_mail("agencies/email/security", user.email, context)


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Identities from elsewhere: they open the account of a known or invited address, and nothing else."""

    error_messages: ClassVar = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": said(
            N_("Set a password or add a passkey first; without this you could not sign in any more.")
        ),
        "connected_other": said(N_("This identity is connected to the account of another person.")),
        "disconnect_last": said(
            N_("Set a password or add a passkey first; without this you could not sign in any more.")
        ),
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """False: an invited person has been given an account before this is asked."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Finds the account of a new identity by an address the provider has verified.

        Raises:
            ImmediateHttpResponse: A page for those who are neither known nor invited; it names no reason.
        """
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        user = self._person(sociallogin)
        if user is None:
            raise ImmediateHttpResponse(render(request, "account/signup_closed.html", status=403))
        sociallogin.connect(request, user)

    def _person(self, sociallogin: SocialLogin) -> User | None:
        emails = [
            address.email.lower() for address in sociallogin.email_addresses if address.verified is True
        ]
        for email in emails:
            user = User.objects.filter(email=email, is_active=True).first()
            if user is None:
                name = (sociallogin.account.extra_data.get("userinfo") or {}).get("name")
                user = accept_by_provider(email, name=str(name or ""), at=timezone.now())
            if user is not None:
                return user
        return None


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    """Second factors: their secrets are kept encrypted, so that a copy of the database is not enough."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": said(N_("This code is wrong or too old.")),
        "cannot_delete_authenticator": said(N_("This cannot be removed.")),
    }

    def encrypt(self, text: str) -> str:
        """Returns the secret encrypted with a key made from the secret key of the installation."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Returns the secret."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Returns the code to be photographed, as a picture without style or script."""
        picture = io.BytesIO()
        segno.make(url, micro=False).save(picture, kind="svg", scale=5, light="#ffffff")
        return picture.getvalue().decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        """Returns a name to begin with, in the language of the page."""
        return str(said(N_("My device")))


def _box() -> Fernet:
    digest = hashlib.sha256(b"hamkor second factor\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))

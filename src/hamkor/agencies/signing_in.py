# SPDX-License-Identifier: Apache-2.0
"""Settings of the libraries of sign-in; taken over by the settings of the installation.

People come in by invitation only. Limits on attempts are counted in the database, so that several web processes on
several machines count together and a restart forgets nothing (decision 0017).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

HOUR_S = 3600
SHIFT_S = 16 * HOUR_S  # a shift with its hand-over; then one signs in again
CACHE_ROWS = 50_000  # many, so that nobody can push another's count out by causing new ones

# Who may come in, and how.
ACCOUNT_ADAPTER = "hamkor.agencies.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # a mail in both cases, so that the time taken tells nothing either
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is confirmed by the mailed invitation itself
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Hamkor: "
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
SESSION_COOKIE_AGE = SHIFT_S

# Attempts. A wrong password or code counts for the address and for where it came from.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "reset_password": "20/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "invitation": "20/m/ip",
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "hamkor_cache",
        "OPTIONS": {"MAX_ENTRIES": CACHE_ROWS},
    }
}

# Passwords, second factors, passkeys.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name", "phone", "position")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "hamkor.agencies.passwords.GuessablePasswordValidator"},
]
ACCOUNT_PASSWORD_MIN_LENGTH = 12
MFA_ADAPTER = "hamkor.agencies.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Hamkor"
MFA_TOTP_TOLERANCE = 1

# Other providers of identity, such as OneID.
SOCIALACCOUNT_ADAPTER = "hamkor.agencies.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = (
    False  # done in the adapter: only for verified addresses, passwords are kept
)
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = True


def provider_settings(url: str, *, name: str, client: str, secret: str) -> dict[str, Any]:
    """Returns the providers of identity; none without an address.

    Args:
        url: Address of an OpenID Connect provider.
        name: What people call it.
        client: Our client id there.
        secret: Our client secret there.
    """
    if not url:
        return {}
    app = {
        "provider_id": "oidc",
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": url.rstrip("/")},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def provider_origins(url: str) -> list[str]:
    """Returns where the form that begins a sign-in elsewhere may lead, for the content security policy."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []

# SPDX-License-Identifier: Apache-2.0
"""Settings of the libraries of sign-in; taken over by the settings of the installation."""

from __future__ import annotations

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True

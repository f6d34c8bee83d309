# SPDX-License-Identifier: Apache-2.0
"""Messages to people: sent through the mail server that was named, otherwise kept as private files."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

from hamkor.common.messages import N_
from hamkor.config.environment import Environment, SettingWrongError

SECURE, PLAIN = "smtps", "smtp"
PORTS = {PLAIN: 587, SECURE: 465}
TIMEOUT_S = 10

log = logging.getLogger("hamkor.mail")


class KeptAsFiles(EmailBackend):
    """Keeps messages as files only the owner of the installation can read, and says so in the log without names."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Writes the messages; returns how many."""
        count = int(super().send_messages(email_messages) or 0)
        log.warning("HAMKOR_MAIL_URL is empty: %d message(s) kept in %s", count, self.file_path)
        return count


def mail_settings(environment: Environment) -> dict[str, Any]:
    """Returns Django's settings for messages.

    Raises:
        SettingWrongError: ``setting-wrong``, when ``HAMKOR_MAIL_URL`` is no address of a mail server.
    """
    common: dict[str, Any] = {
        "DEFAULT_FROM_EMAIL": environment.mail_from,
        "SERVER_EMAIL": environment.mail_from,
        "EMAIL_TIMEOUT": TIMEOUT_S,
    }
    if not environment.mail_url:
        backend = "hamkor.config.mail.KeptAsFiles"
        return {**common, "EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(environment.mail_dir)}
    parts = urlsplit(environment.mail_url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in PORTS or not parts.hostname or port == 0:
        template = N_("The setting {name} is not usable; write smtp://user:password@host:587 or smtps://….")
        raise SettingWrongError("setting-wrong", template, name="HAMKOR_MAIL_URL")
    return {
        **common,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == SECURE,
        # A password never travels in the clear; a mail server of this machine may do without either.
        "EMAIL_USE_TLS": parts.scheme == PLAIN and bool(parts.username),
    }

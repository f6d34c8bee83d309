# SPDX-License-Identifier: Apache-2.0
"""Settings are judged strictly, and behind TLS nothing of Django's own list is left open."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from hamkor.common.errors import HamkorError
from hamkor.config.environment import read_environment, read_secret_key
from hamkor.config.logs import JsonLines, RequestId
from hamkor.config.mail import mail_settings
from hamkor.config.tests.running import variables


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HAMKOR_HTTPS", "perhaps"),
        ("HAMKOR_DEMO", "2"),
        ("HAMKOR_PROXIES", "-1"),
        ("HAMKOR_PROXIES", "²"),
        ("DATABASE_URL", "mysql://localhost/hamkor"),
        ("DATABASE_URL", "postgresql://user:secret@host:99999999/x"),
        ("DATABASE_OWNER_URL", "hamkor"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(HamkorError) as refused:
        read_environment({name: value, "HAMKOR_DATA_DIR": "/nowhere"})
    assert refused.value.code == "setting-wrong"
    assert name in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://mail", "smtp://", "smtp://host:x", "smtp://host:0", "mail.example.org"]
)
def test_an_address_of_a_mail_server_is_judged(url: str) -> None:
    given = read_environment({"HAMKOR_MAIL_URL": url, "HAMKOR_DATA_DIR": "/nowhere"})
    with pytest.raises(HamkorError) as refused:
        mail_settings(given)
    assert refused.value.code == "setting-wrong"


def test_a_password_of_the_mail_server_never_travels_in_the_clear() -> None:
    url = "smtp://us%40er:p%2Fw@mail.example.org"
    found = mail_settings(read_environment({"HAMKOR_MAIL_URL": url, "HAMKOR_DATA_DIR": "/nowhere"}))
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("us@er", "p/w")
    assert found["EMAIL_PORT"] == 587
    assert found["EMAIL_USE_TLS"]
    assert not found["EMAIL_USE_SSL"]


def test_without_a_mail_server_messages_are_private_files(tmp_path: Path) -> None:
    found = mail_settings(read_environment({"HAMKOR_DATA_DIR": str(tmp_path)}))
    assert found["EMAIL_FILE_PATH"] == str(tmp_path / "mail")


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = read_secret_key(tmp_path / "data")
    assert read_secret_key(tmp_path / "data") == first
    assert len(first) >= 43
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o077 == 0


def test_behind_tls_djangos_own_list_is_clean(tmp_path: Path) -> None:
    environment = variables(
        HAMKOR_DATA_DIR=str(tmp_path),
        HAMKOR_HOSTS="plan.example.org",
        HAMKOR_PROXIES="1",
        DJANGO_SETTINGS_MODULE="hamkor.config.settings",
    )
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_a_line_of_the_log_holds_the_id_and_never_the_request() -> None:
    class Request:
        META = {"hamkor.request_id": "abc", "HTTP_COOKIE": "secret"}

    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "fault at %s", ("/x",), None)
    record.request = Request()
    assert RequestId().filter(record)
    line = json.loads(JsonLines().format(record))
    assert line["request_id"] == "abc"
    assert line["message"] == "fault at /x"
    assert "request" not in line
    assert "secret" not in json.dumps(line)

# SPDX-License-Identifier: Apache-2.0
"""What an installation is told through its environment; read once, judged strictly, documented here."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

SECRET_BYTES = 48
READINGS_DAYS = 30
READINGS_DAYS_MIN, READINGS_DAYS_MAX = 2, 3_660
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"", "0", "false", "no", "off"})


class SettingWrongError(HamkorError):
    """A variable of the environment holds something that cannot be used."""


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one installation.

    Args:
        data_dir: ``HAMKOR_DATA_DIR``: folder of the embedded database, files, keys and backups.
        database_url: ``DATABASE_URL``: a PostgreSQL of one's own, version 15 or later; embedded when empty.
        database_owner_url: ``DATABASE_OWNER_URL``: the role that makes tables; the same as above when empty.
        hosts: ``HAMKOR_HOSTS``: names the server answers to, separated by commas.
        https: ``HAMKOR_HTTPS``: ``yes`` behind TLS (the default unless every host is this machine).
        proxies: ``HAMKOR_PROXIES``: number of proxies in front that set ``X-Forwarded-For``.
        demo: ``HAMKOR_DEMO``: ``yes`` only by ``hamkor demo``: invented event and accounts.
        mail_url: ``HAMKOR_MAIL_URL``: ``smtp://user:password@host:587``; messages go to the log when empty.
        mail_from: ``HAMKOR_MAIL_FROM``: sender of messages.
        oidc_url: ``HAMKOR_OIDC_URL``: address of an OpenID Connect provider, such as OneID.
        oidc_name: ``HAMKOR_OIDC_NAME``: its name on the sign-in page.
        oidc_client: ``HAMKOR_OIDC_CLIENT``: our client id there.
        oidc_secret: ``HAMKOR_OIDC_SECRET``: our client secret there.
        time_zone: ``HAMKOR_TIME_ZONE``: zone of moments that belong to no event.
        metrics_token: ``HAMKOR_METRICS_TOKEN``: lets a collector read ``/metrics`` from another machine.
        mqtt_url: ``HAMKOR_MQTT_URL``: ``mqtts://user:password@broker:8883``; no MQTT when empty.
        readings_days: ``HAMKOR_READINGS_DAYS``: for how many days readings of devices are kept, 2 to 3660.
    """

    data_dir: Path
    database_url: str = ""
    database_owner_url: str = ""
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    https: bool = False
    proxies: int = 0
    demo: bool = False
    mail_url: str = ""
    mail_from: str = "hamkor@localhost"
    oidc_url: str = ""
    oidc_name: str = "OpenID"
    oidc_client: str = ""
    oidc_secret: str = ""
    time_zone: str = "Asia/Tashkent"
    metrics_token: str = ""
    mqtt_url: str = ""
    readings_days: int = READINGS_DAYS

    @property
    def database_dir(self) -> Path:
        """Folder of the embedded database."""
        return self.data_dir / "postgres"

    @property
    def files_dir(self) -> Path:
        """Folder of attachments, by digest."""
        return self.data_dir / "files"

    @property
    def mail_dir(self) -> Path:
        """Folder of messages nobody sends."""
        return self.data_dir / "mail"


LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Returns the settings the variables give.

    Raises:
        SettingWrongError: ``setting-wrong``, naming the variable and what it may hold.
    """
    hosts = tuple(host.strip() for host in variables.get("HAMKOR_HOSTS", "").split(",") if host.strip())
    hosts = hosts or ("localhost", "127.0.0.1", "[::1]")
    values: dict[str, Any] = {
        "data_dir": Path(variables.get("HAMKOR_DATA_DIR") or _default_dir(variables)).absolute(),
        "hosts": hosts,
        "https": _yes(variables, "HAMKOR_HTTPS", default=not LOCAL_HOSTS.issuperset(hosts)),
        "demo": _yes(variables, "HAMKOR_DEMO", default=False),
        "proxies": _number(variables, "HAMKOR_PROXIES"),
        "readings_days": _days(variables, "HAMKOR_READINGS_DAYS"),
    }
    texts = {
        "database_url": "DATABASE_URL",
        "database_owner_url": "DATABASE_OWNER_URL",
        "mail_url": "HAMKOR_MAIL_URL",
        "mail_from": "HAMKOR_MAIL_FROM",
        "oidc_url": "HAMKOR_OIDC_URL",
        "oidc_name": "HAMKOR_OIDC_NAME",
        "oidc_client": "HAMKOR_OIDC_CLIENT",
        "oidc_secret": "HAMKOR_OIDC_SECRET",
        "time_zone": "HAMKOR_TIME_ZONE",
        "metrics_token": "HAMKOR_METRICS_TOKEN",
        "mqtt_url": "HAMKOR_MQTT_URL",
    }
    given: dict[str, Any] = {field: variables[name] for field, name in texts.items() if variables.get(name)}
    for name in ("database_url", "database_owner_url"):
        _require_database(texts[name], given.get(name))
    return Environment(**values, **given)


def _require_database(name: str, url: str | None) -> None:
    """Refuses what is no address of a PostgreSQL; the value is not shown, it may hold a password."""
    if url is None:
        return
    try:
        parts = urlsplit(url)
        is_wrong = parts.scheme not in {"postgresql", "postgres"} or parts.port == 0
    except ValueError:
        is_wrong = True
    if is_wrong:
        template = N_(
            "The setting {name} is not usable; write postgresql://role:password@host:5432/database."
        )
        raise SettingWrongError("setting-wrong", template, name=name)


def make_data_dir(data_dir: Path) -> None:
    """Makes the folder of the installation, closed to everybody else."""
    # The database of an installation run by root belongs to another user, who has to pass through.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    if not data_dir.exists():
        data_dir.mkdir(parents=True, mode=mode, exist_ok=True)
        data_dir.chmod(mode)  # whatever the mask of this process takes away


def read_secret_key(data_dir: Path) -> str:
    """Returns the key that signs sessions; made at random the first time and kept for its owner's eyes only."""
    path = data_dir / "secret.key"
    if not path.exists():
        make_data_dir(data_dir)
        fresh = data_dir / f"secret.key.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(SECRET_BYTES), encoding="ascii")
        try:
            os.link(fresh, path)  # of two processes that start together, one gives the key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def _default_dir(variables: Mapping[str, str]) -> Path:
    """Returns the folder of an installation nobody gave one; root's own home is closed to the database's user."""
    if os.geteuid() == 0:
        return Path("/var/lib/hamkor")
    return Path(variables.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "hamkor"


def _yes(variables: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = variables.get(name)
    if text is None:
        return default
    if text.lower() not in YES | NO:
        template = N_("The setting {name} is “{value}”; it may be `yes` or `no`.")
        raise SettingWrongError("setting-wrong", template, name=name, value=text)
    return text.lower() in YES


def _number(variables: Mapping[str, str], name: str) -> int:
    text = variables.get(name) or "0"
    if not text.isascii() or not text.isdigit():
        template = N_("The setting {name} is “{value}”; it must be a whole number from 0.")
        raise SettingWrongError("setting-wrong", template, name=name, value=text)
    return int(text)


def _days(variables: Mapping[str, str], name: str) -> int:
    days = _number(variables, name) if variables.get(name) else READINGS_DAYS
    if not READINGS_DAYS_MIN <= days <= READINGS_DAYS_MAX:
        template = N_("The setting {name} is “{value}”; it must be a number of days from {low} to {high}.")
        facts = {"value": str(days), "low": READINGS_DAYS_MIN, "high": READINGS_DAYS_MAX}
        raise SettingWrongError("setting-wrong", template, name=name, **facts)
    return days

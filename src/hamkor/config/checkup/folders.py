# SPDX-License-Identifier: Apache-2.0
"""Checks of the settings and of the folder of the installation; nothing has to run for them."""

from __future__ import annotations

import os
import shutil
import stat

from hamkor.common.messages import N_
from hamkor.config.checkup.results import Site, Verdict, bad, warning
from hamkor.config.environment import LOCAL_HOSTS, read_secret_key

LEAST_FREE_BYTES = 1024**3
LEAST_KEY_LENGTH = 43
OTHERS_MAY_READ_OR_WRITE = 0o066


def check_folder(site: Site) -> Verdict | None:
    """Looks whether others may read the folder of the installation, or we may not write to it."""
    folder = site.environment.data_dir
    if not folder.is_dir():
        return warning(
            N_("{path} does not exist yet."),
            N_("`hamkor serve` or `hamkor migrate` makes it."),
            path=str(folder),
        )
    if folder.stat().st_mode & OTHERS_MAY_READ_OR_WRITE:
        mend = N_("chmod go-rw {path}")
        return bad(N_("Others on this machine may read or write {path}."), mend, path=str(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        mend = N_("Give the folder to the user Hamkor runs as.")
        return bad(N_("Hamkor may not write to {path}."), mend, path=str(folder))
    return None


def check_key(site: Site) -> Verdict | None:
    """Looks whether the key that signs sessions is long and private."""
    path = site.environment.data_dir / "secret.key"
    if not path.exists():
        mend = N_("`hamkor serve` or `hamkor migrate` makes it.")
        return warning(N_("{path} does not exist yet."), mend, path=str(path))
    facts = {"path": str(path)}
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return bad(N_("Others on this machine may read {path}."), N_("chmod 600 {path}"), **facts)
    if len(read_secret_key(site.environment.data_dir)) < LEAST_KEY_LENGTH:
        mend = N_("Remove {path}; a new key is made at the next start, and everybody signs in again.")
        return bad(N_("The key in {path} is too short to be safe."), mend, **facts)
    return None


def check_space(site: Site) -> Verdict | None:
    """Looks whether there is room to write."""
    folder = site.environment.data_dir
    if folder.is_dir() and shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        mend = N_("Make room on this disk, or move the folder to a larger one.")
        return warning(N_("Less than 1 GB is free at {path}."), mend, path=str(folder))
    return None


def check_user(_site: Site) -> Verdict | None:
    """Looks whether the server runs as root."""
    if os.geteuid() == 0:
        mend = N_("Run it as a user of its own; the administrator's guide has the lines for systemd.")
        return warning(N_("This runs as root."), mend)
    return None


def check_transport(site: Site) -> Verdict | None:
    """Looks whether passwords and sessions travel encrypted."""
    environment = site.environment
    is_local = LOCAL_HOSTS.issuperset(environment.hosts)
    if not environment.https and not is_local:
        mend = N_("Put a proxy with a certificate in front, and set HAMKOR_HTTPS=yes and HAMKOR_PROXIES=1.")
        return bad(N_("People reach this server from other machines without encryption."), mend)
    if environment.https and not environment.proxies:
        mend = N_("Set HAMKOR_PROXIES=1, and let the proxy set X-Forwarded-Proto and X-Forwarded-For.")
        found = N_("HAMKOR_HTTPS is on, but no proxy is named that could say a request came encrypted.")
        return bad(found, mend)
    if environment.demo and not is_local:
        mend = N_("Take HAMKOR_DEMO away; `hamkor demo` sets it for itself.")
        return bad(N_("This server calls itself a demonstration and is open to other machines."), mend)
    return None


def check_mail(site: Site) -> Verdict | None:
    """Looks whether messages reach people."""
    if not site.environment.mail_url:
        mend = N_("Set HAMKOR_MAIL_URL, such as smtp://user:password@mail.example.org:587.")
        found = N_("Messages are not sent; they are kept as files in {path}.")
        return warning(found, mend, path=str(site.environment.mail_dir))
    return None

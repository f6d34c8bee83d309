# SPDX-License-Identifier: Apache-2.0
"""Checks of the program as it is installed: pages, files for the browser, languages, hardening."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from pathlib import Path

from hamkor.common.errors import HamkorError
from hamkor.common.i18n import LANGUAGES, LOCALE_DIR, translate
from hamkor.common.messages import N_
from hamkor.config.checkup.results import Site, Verdict, bad

_INSTALL = N_("Install this version of Hamkor again.")


def check_templates(_site: Site) -> Verdict | None:
    """Compiles every page."""
    from django.apps import apps
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    broken = []
    for app in apps.get_app_configs():
        folder = Path(app.path) / "templates"
        if not app.name.startswith("hamkor."):
            continue
        for path in sorted(folder.rglob("*.html")):
            try:
                get_template(path.relative_to(folder).as_posix())
            except (TemplateSyntaxError, UnicodeDecodeError) as error:
                broken.append(f"{path.name} ({error})")
    if broken:
        return bad(N_("Pages cannot be shown: {names}."), _INSTALL, names=broken)
    return None


def check_static(_site: Site) -> Verdict | None:
    """Compares the files for the browser with the list they came with."""
    from django.contrib.staticfiles import finders

    manifest = finders.find("hamkor/vendor/MANIFEST.json")
    if manifest is None:
        return bad(
            N_("Files for the browser are missing or changed: {names}."), _INSTALL, names=["MANIFEST.json"]
        )
    root = Path(manifest).parent.parent
    wrong = [
        name
        for package in json.loads(Path(manifest).read_bytes())
        for name, digest in package["files"].items()
        if not (root / name).is_file() or sha256((root / name).read_bytes()).hexdigest() != digest
    ]
    if wrong:
        return bad(N_("Files for the browser are missing or changed: {names}."), _INSTALL, names=wrong)
    return None


def check_languages(_site: Site) -> Verdict | None:
    """Looks whether every language has its texts."""
    absent = []
    for language in LANGUAGES:
        try:
            translate("red", language)
        except OSError:
            absent.append(language)
    if absent:
        facts = {"names": absent, "path": str(LOCALE_DIR)}
        return bad(N_("Texts of these languages are missing in {path}: {names}."), _INSTALL, **facts)
    return None


def check_hardening(_site: Site) -> Verdict | None:
    """Asks Django what it thinks of the settings of a server open to the world."""
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    told = io.StringIO()
    try:
        call_command("check", deploy=True, fail_level="ERROR", stdout=told, stderr=told, verbosity=0)
    except SystemCheckError as error:
        mend = N_("Tell the makers of Hamkor; meanwhile use the version before.")
        return bad(
            N_("The settings contradict each other: {reason}"),
            mend,
            reason=" ".join(str(error).split())[:600],
        )
    return None


def check_installed() -> HamkorError | None:
    """Returns the refusal when the programs of the server are not installed, else None."""
    from importlib.util import find_spec

    from hamkor.config.installation import server_missing

    needed = ("django", "psycopg", "uvicorn", "procrastinate", "allauth")
    return None if all(find_spec(name) for name in needed) else server_missing()

# SPDX-License-Identifier: Apache-2.0
"""A server to look at: an invented event, accounts for every role, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.config.environment import make_data_dir, read_environment
from hamkor.config.serving.supervisor import Plan, Supervisor

MARK = "demonstration"
# What would connect a demonstration with the world, or with an installation in service.
_TAKEN_AWAY = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "HAMKOR_MAIL_URL",
    "HAMKOR_MQTT_URL",
    "HAMKOR_OIDC_URL",
    "HAMKOR_HOSTS",
    "HAMKOR_HTTPS",
)


def run_demonstration(example: Path, *, keep: Path | None, port: int, language: str) -> None:
    """Serves a demonstration until it is told to stop.

    Args:
        example: Event folder to begin with.
        keep: Folder to keep everything in; a temporary one when None.
        port: Port, or the next free one.
        language: Language of what is shown.

    Raises:
        HamkorError: ``not-a-demonstration``, when the folder holds something else; or as the supervisor.
    """
    with ExitStack() as stack:
        if keep is None:
            folder = Path(tempfile.mkdtemp(prefix="hamkor-demo-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            if os.geteuid() == 0:
                folder.chmod(0o711)  # the database runs as another user, who has to pass through
        else:
            folder = keep.absolute()
            _require_ours(folder)
        make_data_dir(folder)
        (folder / MARK).touch()
        for name in (*_TAKEN_AWAY, "HAMKOR_PROXIES"):
            os.environ.pop(name, None)
        os.environ.update(HAMKOR_DEMO="yes", HAMKOR_DATA_DIR=str(folder))
        plan = Plan(
            port=port,
            language=language,
            first=("hamkor.config.serving.demonstrating", str(example)),
            beside=("hamkor.config.serving.rehearsing",),
            next_free_port=True,
        )
        Supervisor(read_environment(), plan).run()


def _require_ours(folder: Path) -> None:
    """Never makes accounts with printed passwords in an installation in service."""
    if folder.exists() and not (folder / MARK).exists() and any(folder.iterdir()):
        template = N_("{path} holds something else than a demonstration. Give an empty folder.")
        raise HamkorError("not-a-demonstration", template, path=str(folder))

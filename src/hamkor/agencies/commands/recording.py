# SPDX-License-Identifier: Apache-2.0
"""What every command on the tables shares: one transaction, and the name of who did it in the history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.db import transaction

from hamkor.agencies.rules import Viewer
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_


class AdministratorOnlyError(HamkorError):
    """Only who keeps the installation may do this."""

    def __init__(self) -> None:
        super().__init__("not-allowed", N_("Only an administrator of this installation may do this."))


@contextmanager
def recorded(viewer: Viewer | None, verb: str) -> Iterator[None]:
    """Makes the block one transaction whose changes the history shows as done by the person.

    Args:
        viewer: Who does it; None for the installation itself.
        verb: Name of the command.
    """
    who = viewer.person if viewer is not None else "system"
    with transaction.atomic(), pghistory.context(by=who, verb=verb):
        yield


def require_administrator(viewer: Viewer) -> None:
    """Returns when the person keeps the installation.

    Raises:
        AdministratorOnlyError: ``not-allowed``.
    """
    if not viewer.is_administrator:
        raise AdministratorOnlyError

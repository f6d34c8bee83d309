# SPDX-License-Identifier: Apache-2.0
"""Who acts while an event runs: a person, or the server itself, which watches clocks and counters."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

from hamkor.agencies.rules import Viewer
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

SYSTEM: Final = "system:"
At = Annotated[datetime, Meta(tz=True)]
# A person, or a part of the server such as `system:watch`; never a name.
PersonRef = Annotated[str, Meta(pattern=r"^(person|system):[A-Za-z0-9._-]{1,100}$")]

# The part of the server that looks at the clock: what is due, overdue or silent. It has no role and no rights.
SYSTEM_WATCH: Final = Viewer(person="system:watch")


class SystemOnlyError(HamkorError):
    """Only the server itself does this."""


def is_system(viewer: Viewer) -> bool:
    """True for a part of the server itself. Nobody signs in as one: people are always ``person:…``."""
    return viewer.person.startswith(SYSTEM)


def require_system(viewer: Viewer) -> None:
    """Returns when the viewer is a part of the server.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    if not is_system(viewer):
        template = N_("The server itself notices this and writes it down. Nobody can do it in its place.")
        raise SystemOnlyError("not-allowed", template)

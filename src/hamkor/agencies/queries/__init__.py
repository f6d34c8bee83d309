# SPDX-License-Identifier: Apache-2.0
"""Reads of the list of parties, loaded once, when first asked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from hamkor.agencies.rules import Agency, is_core
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Phase

ROOM_DIR = Path(__file__).parent.parent


class AgencyUnknownError(HamkorError):
    """The code belongs to no party."""

    def __init__(self, code: str) -> None:
        super().__init__("agency-unknown", N_("There is no agency “{agency}”."), agency=code)


def get_agency(code: str) -> Agency:
    """Returns the party.

    Raises:
        AgencyUnknownError: No party has the code.
    """
    try:
        return _agencies()[code]
    except KeyError:
        raise AgencyUnknownError(code) from None


def list_agencies(*, core_in: Phase | None = None) -> tuple[Agency, ...]:
    """Returns the parties in the usual order.

    Args:
        core_in: Only those without which an event is incomplete in this phase.
    """
    return tuple(agency for agency in _agencies().values() if core_in is None or is_core(agency, core_in))


@cache
def _agencies() -> dict[str, Agency]:
    agencies = msgspec.json.decode((ROOM_DIR / "agencies.json").read_bytes(), type=tuple[Agency, ...])
    return {agency.code: agency for agency in agencies}

# SPDX-License-Identifier: Apache-2.0
"""Reads of the hazard catalogue, loaded once, when first asked."""

from __future__ import annotations

from collections.abc import Set
from functools import cache
from pathlib import Path

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.hazards.rules import CataloguedHazard, HazardGroup, expected_hazards

ROOM_DIR = Path(__file__).parent


class HazardUnknownError(HamkorError):
    """The id is not in the hazard catalogue."""

    def __init__(self, hazard_id: str) -> None:
        super().__init__(
            "hazard-unknown", N_("There is no hazard “{hazard}” in the catalogue."), hazard=hazard_id
        )


def get_hazard(hazard_id: str) -> CataloguedHazard:
    """Returns the hazard.

    Raises:
        HazardUnknownError: No hazard has the id.
    """
    try:
        return _hazards()[hazard_id]
    except KeyError:
        raise HazardUnknownError(hazard_id) from None


def list_hazards(*, group: HazardGroup | None = None) -> tuple[CataloguedHazard, ...]:
    """Returns the hazards in the order of the catalogue, of all groups or of one."""
    return tuple(hazard for hazard in _hazards().values() if group is None or hazard.group == group)


def list_expected_hazards(kind: str, tags: Set[str]) -> tuple[CataloguedHazard, ...]:
    """Returns the hazards an event of this kind with these tags should reckon with, the gravest first."""
    return expected_hazards(list_hazards(), kind=kind, tags=tags)


@cache
def _hazards() -> dict[str, CataloguedHazard]:
    hazards = msgspec.json.decode((ROOM_DIR / "hazards.json").read_bytes(), type=tuple[CataloguedHazard, ...])
    return {hazard.id: hazard for hazard in hazards}

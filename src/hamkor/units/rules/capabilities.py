# SPDX-License-Identifier: Apache-2.0
"""Which units can do what an incident needs, and which could stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from hamkor.incidents.rules import type_of
from hamkor.units.rules.units import Capability, Unit

# Who can do it too, though made for something else. Ours (decision 0022).
STAND_INS: Mapping[Capability, frozenset[Capability]] = {
    "patrol": frozenset({"crowd", "traffic"}),
    "crowd": frozenset({"patrol", "evacuation"}),
    "medic": frozenset({"ambulance"}),
    "fire": frozenset({"rescue"}),
    "rescue": frozenset({"fire"}),
    "traffic": frozenset({"patrol"}),
    "search": frozenset({"patrol", "dog", "drone"}),
    "transport": frozenset({"evacuation"}),
    "evacuation": frozenset({"transport", "crowd"}),
}


def suits(unit: Unit, need: Capability | None) -> int | None:
    """Returns how well a unit suits a need: 0 made for it, 1 can stand in, None when it cannot.

    Args:
        unit: The unit.
        need: What is needed; None for anybody who can look.
    """
    if need is None or need in unit.capabilities:
        return 0
    return 1 if not STAND_INS.get(need, frozenset()).isdisjoint(unit.capabilities) else None


def needs_of(code: str | None, present: Iterable[Unit]) -> tuple[Capability | None, ...]:
    """Returns what an incident of a type still needs.

    Args:
        code: Code of the type; None, or one that needs nothing by itself, needs anybody who can look.
        present: Units sent to it already.
    """
    found = type_of(code)
    wanted = () if found is None else cast("tuple[Capability, ...]", found.capabilities)
    return still_needed(wanted or (None,), present)


def still_needed(
    wanted: Sequence[Capability | None], present: Iterable[Unit]
) -> tuple[Capability | None, ...]:
    """Returns the needs no unit that is sent already covers; each unit covers one, those made for it first."""
    left, units = list(wanted), list(present)
    for rank in (0, 1):
        for need in list(left):
            unit = next((unit for unit in units if suits(unit, need) == rank), None)
            if unit is not None:
                units.remove(unit)
                left.remove(need)
    return tuple(left)

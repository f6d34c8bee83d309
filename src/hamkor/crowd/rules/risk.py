# SPDX-License-Identifier: Apache-2.0
"""Likelihood bands and the cells of the DIM-ICE frame; the risk matrix itself is in the hazards room."""

from __future__ import annotations

from functools import cache
from itertools import product

from hamkor.crowd.rules.inputs import require
from hamkor.crowd.rules.tables import Profile, read_table

Cell = tuple[str, str, str]


class RiskTable(Profile, frozen=True, kw_only=True):
    """Bands and frames; see ``profiles/risk.yaml``."""

    likelihood_percent: tuple[float, ...]
    dim: tuple[str, ...]
    ice: tuple[str, ...]
    phases: tuple[str, ...]
    ramp: tuple[str, ...]


@cache
def risk_table() -> RiskTable:
    """Returns bands and frames.

    Source: ``profiles/risk.yaml``.
    """
    return read_table("risk.yaml", RiskTable)


def likelihood_of_percent(chance_percent: float) -> int:
    """Returns the likelihood, 1 to 5, of a chance in percent; exactly on a limit the higher one.

    Args:
        chance_percent: Chance within the period assessed, 0 to 100.

    Raises:
        InputError: A number that cannot be meant.

    Source: UK National Risk Register 2023: under 0.2, to 1, to 5, to 25, above (from memory).
    """
    require(chance_percent=chance_percent)
    return 1 + sum(chance_percent >= limit for limit in risk_table().likelihood_percent[:-1])


def dim_ice_cells() -> tuple[Cell, ...]:
    """Returns the 18 cells of the planning frame: what, when, and normal or emergency.

    Source: Still: design, information, management by ingress, circulation, egress.
    """
    table = risk_table()
    return tuple(product(table.dim, table.ice, table.phases))


def cells_without_owner(owners: dict[Cell, str | None]) -> tuple[Cell, ...]:
    """Returns the cells of the planning frame that nobody owns.

    Args:
        owners: Owner by cell; a missing or empty one counts as none.

    Source: Still; every cell must have an owner.
    """
    return tuple(cell for cell in dim_ice_cells() if not owners.get(cell))

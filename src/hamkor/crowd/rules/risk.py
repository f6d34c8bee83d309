# SPDX-License-Identifier: Apache-2.0
"""Risk matrix of five by five, likelihood bands, and the cells of the DIM-ICE frame."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import product
from typing import Literal

import msgspec

from hamkor.crowd.rules.inputs import require, require_choice
from hamkor.crowd.rules.tables import Profile, read_table

RiskBand = Literal["low", "medium", "high", "extreme"]
Cell = tuple[str, str, str]


class RiskTable(Profile, frozen=True, kw_only=True):
    """Bands and frames; see ``profiles/risk.yaml``."""

    bands: tuple[tuple[int, RiskBand], ...]
    owner_impact: int
    likelihood_percent: tuple[float, ...]
    dim: tuple[str, ...]
    ice: tuple[str, ...]
    phases: tuple[str, ...]
    ramp: tuple[str, ...]


class Risk(msgspec.Struct, frozen=True):
    """A place in the matrix.

    Args:
        likelihood: 1 to 5.
        impact: 1 to 5.
        product: Likelihood times impact; an order, not a quantity.
        band: What the product means.
        needs_owner: True at the highest impact, however unlikely.
    """

    likelihood: int
    impact: int
    product: int
    band: RiskBand
    needs_owner: bool


@cache
def risk_table() -> RiskTable:
    """Returns bands and frames.

    Source: ``profiles/risk.yaml``.
    """
    return read_table("risk.yaml", RiskTable)


def assess_risk(likelihood: int, impact: int) -> Risk:
    """Returns the place of a risk in the matrix.

    Args:
        likelihood: 1 to 5.
        impact: 1 to 5.

    Raises:
        InputError: A number outside 1 to 5, or not a whole one.

    Source: ISO 31000:2018 practice (from memory): 1-4 low, 5-9 medium, 10-16 high, 20-25 extreme.
    """
    require(likelihood=likelihood, impact=impact)
    for field, value in (("likelihood", likelihood), ("impact", impact)):
        require_choice(field, f"{value:g}", ("1", "2", "3", "4", "5"))
    table = risk_table()
    score = likelihood * impact
    band = max((row for row in table.bands if row[0] <= score), key=lambda row: row[0])[1]
    return Risk(likelihood, impact, score, band, impact >= table.owner_impact)


def rank_risks(risks: Iterable[Risk]) -> tuple[Risk, ...]:
    """Returns the risks with the worst first: by product, then by impact.

    Args:
        risks: In any order.

    Source: ISO 31000:2018 practice: the product is ordinal, so impact breaks ties.
    """
    return tuple(sorted(risks, key=lambda risk: (risk.product, risk.impact), reverse=True))


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

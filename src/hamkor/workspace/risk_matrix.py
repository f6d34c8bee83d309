# SPDX-License-Identifier: Apache-2.0
"""The risk matrix of an event: which hazards stand at which likelihood and impact."""

from __future__ import annotations

import msgspec

from hamkor.hazards.rules import MATRIX_5X5, risk_band
from hamkor.plans.rules.plan import Plan
from hamkor.printing.sections.names import Names


class RiskCell(msgspec.Struct, frozen=True):
    """One square of the matrix.

    Args:
        likelihood: Step 1 to 5.
        impact: Step 1 to 5.
        band: ``low``, ``medium``, ``high`` or ``extreme``.
        hazards: Number, id and name of each hazard there.
    """

    likelihood: int
    impact: int
    band: str
    hazards: tuple[tuple[int, str, str], ...]


def risk_rows(plan: Plan, names: Names) -> tuple[tuple[int, tuple[RiskCell, ...]], ...]:
    """Returns the rows of the matrix, almost certain at the top, and in each the squares by impact."""
    steps = range(1, MATRIX_5X5.steps + 1)
    numbered = [(number, hazard) for number, hazard in enumerate(plan.hazards or (), start=1)]

    def cell(likelihood: int, impact: int) -> RiskCell:
        here = tuple(
            (number, hazard.id, names.hazard(hazard))
            for number, hazard in numbered
            if (hazard.likelihood, hazard.impact) == (likelihood, impact)
        )
        return RiskCell(likelihood, impact, risk_band(likelihood, impact), here)

    return tuple(
        (likelihood, tuple(cell(likelihood, impact) for impact in steps)) for likelihood in reversed(steps)
    )

# SPDX-License-Identifier: Apache-2.0
"""Hazards of mass events: which ones to expect, and how likelihood and impact make a risk."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hamkor.agencies.rules import AgencyCode
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.events.rules import EventKind
from hamkor.norms.rules import EventTag

HazardGroup = Literal[
    "ecological", "epidemiological", "technical", "social", "natural", "security", "fire", "crowd"
]
RiskBand = Literal["low", "medium", "high", "extreme"]
Impact = Annotated[int, Meta(ge=1, le=5)]


class ExpectedWhen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A condition: the event is of one of the kinds (if any are given) and has all the tags.

    Args:
        kinds: Kinds of event; none given means every kind.
        tags: Tags, all of which are needed.
    """

    kinds: tuple[EventKind, ...] = ()
    tags: tuple[EventTag, ...] = ()


class CataloguedHazard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hazard of the catalogue.

    Args:
        id: Stable identifier in kebab case.
        group: Family of hazards it belongs to.
        names: Name in ``uz``, ``ru`` and ``en``.
        owner: Agency that answers for it unless the plan says otherwise.
        controls: Typical measures, each in the same languages.
        expected_when: Conditions, one of which is enough; none means never expected by itself.
        severity_floor: Lowest impact it may be given, 1 to 5.
        norms: Ids of the norms that support it.
        documents: Guides, standards and inquiries that support it.
    """

    id: str
    group: HazardGroup
    names: dict[str, str]
    owner: AgencyCode
    controls: tuple[dict[str, str], ...]
    expected_when: tuple[ExpectedWhen, ...]
    severity_floor: Impact
    norms: tuple[str, ...]
    documents: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Norm ids first, then names of documents."""
        return self.norms + self.documents


class RiskMatrix(msgspec.Struct, frozen=True):
    """How likelihood times impact is banded.

    Args:
        name: Name of the scheme and where it comes from.
        steps: Number of steps of likelihood and of impact.
        upper_bounds: Highest product of each band but the last.
        owner_impact: Impact from which a person must be named, whatever the band.
    """

    name: str
    steps: int
    upper_bounds: tuple[tuple[RiskBand, int], ...]
    owner_impact: int


MATRIX_5X5 = RiskMatrix(
    name="ISO 31000:2018 process with a 5 x 5 matrix (ISO/IEC 31010:2019, consequence/likelihood matrix)",
    steps=5,
    upper_bounds=(("low", 4), ("medium", 9), ("high", 16)),
    owner_impact=5,
)


class RiskStepError(HamkorError):
    """Likelihood or impact is not a step of the matrix."""

    def __init__(self, likelihood: int, impact: int, steps: int) -> None:
        super().__init__(
            "risk-step-unknown",
            N_("Likelihood {likelihood} and impact {impact} must be whole numbers from 1 to {steps}."),
            likelihood=likelihood,
            impact=impact,
            steps=steps,
        )


def risk_band(likelihood: int, impact: int, matrix: RiskMatrix = MATRIX_5X5) -> RiskBand:
    """Returns the band of the product: 1-4 low, 5-9 medium, 10-16 high, 20-25 extreme.

    Args:
        likelihood: Step 1 (rare) to 5 (almost certain).
        impact: Step 1 (minor) to 5 (catastrophic).
        matrix: The scheme of bands.

    Raises:
        RiskStepError: A step lies outside the matrix.

    Source: ISO 31000:2018; ISO/IEC 31010:2019. The product is ordinal: sort by impact as well.
    """
    if not (1 <= likelihood <= matrix.steps and 1 <= impact <= matrix.steps):
        raise RiskStepError(likelihood, impact, matrix.steps)
    product = likelihood * impact
    for band, upper_bound in matrix.upper_bounds:
        if product <= upper_bound:
            return band
    return "extreme"


def needs_named_owner(impact: int, matrix: RiskMatrix = MATRIX_5X5) -> bool:
    """True when a named person must answer for the risk, however unlikely it is."""
    return impact >= matrix.owner_impact


def worst_first(risk: tuple[int, int]) -> tuple[int, int]:
    """Returns the key that sorts (likelihood, impact) with the worst first: by product, then by impact.

    Source: ISO/IEC 31010:2019: the product is an order, not a quantity, so the impact breaks ties.
    """
    likelihood, impact = risk
    return -likelihood * impact, -impact


def is_expected(hazard: CataloguedHazard, *, kind: str, tags: Set[str]) -> bool:
    """True when an event of this kind with these tags should reckon with the hazard."""
    return any(
        (not condition.kinds or kind in condition.kinds) and tags >= set(condition.tags)
        for condition in hazard.expected_when
    )


def expected_hazards(
    catalogue: Iterable[CataloguedHazard], *, kind: str, tags: Set[str]
) -> tuple[CataloguedHazard, ...]:
    """Returns the hazards such an event should reckon with, the gravest first."""
    expected = [hazard for hazard in catalogue if is_expected(hazard, kind=kind, tags=tags)]
    return tuple(sorted(expected, key=lambda hazard: -hazard.severity_floor))

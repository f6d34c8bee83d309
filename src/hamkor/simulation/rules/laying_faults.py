# SPDX-License-Identifier: Apache-2.0
"""Collecting what is wrong with a drawing: each fault with its place, what is wrong, and how to mend it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from hamkor.common.messages import Message
from hamkor.simulation.rules.layout import Fault
from hamkor.venues.rules.features import Feature
from hamkor.venues.rules.geometry import Geometry, iter_positions


class Faults:
    """Faults found so far, each with its place.

    Args:
        features: The features of the drawing by id.
    """

    def __init__(self, features: Mapping[str, Feature]) -> None:
        self._features = features
        self._found: list[Fault] = []

    def add(
        self, code: str, feature: str, says: str, *, remedy: str, is_fatal: bool = False, **facts: Any
    ) -> None:
        """Notes a fault; `{name}` in its texts is the name of the feature.

        Args:
            code: Stable identifier in kebab case.
            feature: Id of the feature, empty for the whole drawing.
            says: What is wrong, marked with `N_`.
            remedy: How to mend it or what was assumed, marked with `N_`.
            is_fatal: Nothing can be computed until it is mended.
            facts: Values of the placeholders.
        """
        named = {"name": self.name_of(feature), **{key: _plain(value) for key, value in facts.items()}}
        self._found.append(
            Fault(
                code=code,
                is_fatal=is_fatal,
                feature=feature,
                at=self.place_of(feature),
                says=Message(says, named),
                remedy=Message(remedy, named),
            )
        )

    def extend(self, faults: Iterable[Fault]) -> None:
        """Notes faults found elsewhere."""
        self._found.extend(faults)

    def name_of(self, feature: str) -> Any:
        """Returns the name of a feature as on the signs, or its id."""
        found = self._features.get(feature)
        return getattr(found.properties, "name", None) or feature if found is not None else feature

    def place_of(self, feature: str) -> tuple[float, float] | None:
        """Returns longitude and latitude of a feature, degrees; None when it is not drawn or cannot be."""
        found = self._features.get(feature)
        return None if found is None or found.geometry is None else middle_of(found.geometry)

    @property
    def codes(self) -> set[str]:
        """Codes of what was found."""
        return {fault.code for fault in self._found}

    def listed(self) -> tuple[Fault, ...]:
        """Returns what was found, fatal faults first, otherwise in the order found."""
        return tuple(sorted(self._found, key=lambda fault: not fault.is_fatal))


def middle_of(geometry: Geometry) -> tuple[float, float] | None:
    """Returns the mean of the positions of a geometry, degrees; None when it has none that can be meant."""
    positions = [p for p in iter_positions(geometry) if is_on_earth(p)]
    if not positions:
        return None
    longitude, latitude = (math.fsum(p[axis] for p in positions) / len(positions) for axis in (0, 1))
    return longitude, latitude


def is_on_earth(position: tuple[float, float]) -> bool:
    """Returns True for a longitude and latitude in degrees that exist; not for NaN."""
    return -180 <= position[0] <= 180 and -90 <= position[1] <= 90


def _plain(value: Any) -> Any:
    """Returns a number that can be shown: what is not finite is shown as text."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value

# SPDX-License-Identifier: Apache-2.0
"""Numbers as they are known: exact, as a range, or as several estimates that disagree."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

NON_NEGATIVE_MAX = 1e9
Number = Annotated[float, Meta(ge=0, le=NON_NEGATIVE_MAX)]
Grade = Annotated[
    Literal["A", "B", "C", "D"],
    Meta(
        description="How sure the figure is: A inquiry, court, measurement or certificate; "
        "B press or encyclopaedia; C memory or judgement; D disputed."
    ),
]


class Estimate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of several figures given for the same thing by different people."""

    value: Annotated[Number, Meta(description="The figure.")]
    source: Annotated[str | None, Meta(description="Who gave it, and where.")] = None
    grade: Grade | None = None


class KnownFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A figure with its uncertainty and origin: give `value`, or `low` and `high`, or `estimates`."""

    value: Annotated[Number | None, Meta(description="The figure, when one is known.")] = None
    low: Annotated[Number | None, Meta(description="Lowest value it may have.")] = None
    high: Annotated[Number | None, Meta(description="Highest value it may have.")] = None
    estimates: Annotated[
        tuple[Estimate, ...], Meta(description="Figures that disagree; all of them are tried.")
    ] = ()
    source: Annotated[str | None, Meta(description="Document, page, or who measured it and when.")] = None
    grade: Grade | None = None

    def __post_init__(self) -> None:
        """Refuses a figure that says nothing or contradicts itself."""
        if (self.low is None) != (self.high is None):
            raise ValueError("a range needs both `low` and `high`")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("`low` is above `high`")
        low, high = self.low or 0.0, NON_NEGATIVE_MAX if self.high is None else self.high
        if self.value is not None and not low <= self.value <= high:
            raise ValueError("`value` lies outside `low` and `high`")
        if self.value is None and self.low is None and not self.estimates:
            raise ValueError("give `value`, or `low` and `high`, or `estimates`")


Figure = Annotated[
    Number | KnownFigure,
    Meta(description="A number, or `{low, high}`, or `{estimates: [...]}`, with optional `grade`, `source`."),
]


class Range(msgspec.Struct, frozen=True):
    """An interval of non-negative numbers with the value used when one must be named.

    Args:
        low: Lowest value.
        nominal: The value as stated, the middle of a range, or the median of estimates.
        high: Highest value.
    """

    low: float
    nominal: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> Range:
        """Returns a range of one value."""
        return cls(value, value, value)

    @property
    def is_exact(self) -> bool:
        """True when there is nothing uncertain about it."""
        return self.low == self.high

    def __add__(self, other: Range | float) -> Range:
        """Sum of two independent quantities."""
        term = as_range(other)
        return Range(self.low + term.low, self.nominal + term.nominal, self.high + term.high)

    def __mul__(self, other: Range | float) -> Range:
        """Product of two independent non-negative quantities."""
        term = as_range(other)
        return Range(self.low * term.low, self.nominal * term.nominal, self.high * term.high)

    def __truediv__(self, other: Range | float) -> Range:
        """Quotient of two independent non-negative quantities; infinite where the divisor may be zero."""
        term = as_range(other)
        return Range(
            _divide(self.low, term.high), _divide(self.nominal, term.nominal), _divide(self.high, term.low)
        )

    def least_of(self, other: Range) -> Range:
        """Returns the smaller of two quantities."""
        return Range(min(self.low, other.low), min(self.nominal, other.nominal), min(self.high, other.high))

    def less(self, other: Range | float) -> Range:
        """Difference of two independent quantities, never below zero."""
        term = as_range(other)
        return Range(
            max(0.0, self.low - term.high),
            max(0.0, self.nominal - term.nominal),
            max(0.0, self.high - term.low),
        )


ZERO = Range(0.0, 0.0, 0.0)


def as_range(value: Range | float) -> Range:
    """Returns the value as a range."""
    return value if isinstance(value, Range) else Range.exactly(float(value))


def total(values: Iterable[Range]) -> Range:
    """Returns the sum; zero for none."""
    result = ZERO
    for value in values:
        result = result + value
    return result


def range_of(figure: float | KnownFigure) -> Range:
    """Returns the interval a figure stands for.

    Notes:
        Estimates that disagree give the interval from the lowest to the highest with the median as nominal.
    """
    if not isinstance(figure, KnownFigure):
        return Range.exactly(float(figure))
    values = [estimate.value for estimate in figure.estimates]
    values += [bound for bound in (figure.low, figure.high, figure.value) if bound is not None]
    if figure.value is not None:
        nominal = figure.value
    elif figure.estimates:
        nominal = median(estimate.value for estimate in figure.estimates)
    else:
        nominal = (values[0] + values[-1]) / 2
    return Range(min(values), nominal, max(values))


def known(figure: float | KnownFigure | None) -> Range | None:
    """Returns the interval, or None when the figure is unknown."""
    return None if figure is None else range_of(figure)


def _divide(dividend: float, divisor: float) -> float:
    if divisor == 0:
        return 0.0 if dividend == 0 else float("inf")
    return dividend / divisor

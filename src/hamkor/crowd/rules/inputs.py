# SPDX-License-Identifier: Apache-2.0
"""Refusal of numbers that cannot be meant: negative, endless, not a number, or in the wrong unit."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import Literal

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.tables import read_table

Mend = Literal[
    "length", "area", "area_each", "density", "flow", "count", "time", "share", "temperature", "other"
]

_MEND = {
    "length": N_("Measure again and give metres where the name ends in _m, not millimetres or feet."),
    "area": N_("Give square metres where the name ends in _m2, not square feet or hectares."),
    "area_each": N_(
        "Give the area of one person, not people per area, and mind square metres against square feet."
    ),
    "density": N_("Give people per square metre, not per square foot and not the area of one person."),
    "flow": N_("Give people in the time named, and mind hours against minutes and seconds."),
    "count": N_("Count again and give a whole number that is not negative."),
    "time": N_("Give the time in the unit of the name, and mind hours against minutes and seconds."),
    "share": N_("Give a share between 0 and 1, not a percentage."),
    "temperature": N_("Give degrees Celsius where the name ends in _c, not Fahrenheit."),
    "other": N_("Check the number and its unit."),
}

SIGN_OFF = N_("This calculation does not replace the judgement and signature of a competent person.")


class InputError(HamkorError):
    """A number or choice that cannot be meant."""


class Bound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The range in which a field may be believed, and how to mend a value outside it.

    Args:
        low: Lowest value, allowed.
        high: Highest value, allowed.
        mend: Which advice goes with a refusal.
    """

    low: float
    high: float
    mend: Mend


@cache
def list_bounds() -> dict[str, Bound]:
    """Returns the believable range of every field name used by the rules.

    Source: chosen by us from the largest gatherings and the highest measured densities; see the file's head.
    """
    return read_table("sanity.yaml", dict[str, Bound])


def require(**values: float) -> None:
    """Passes when every named number lies in the believable range of its field.

    Args:
        values: Numbers by field name; the name says the unit, for example ``width_m``.

    Raises:
        InputError: ``number-out-of-range`` for a number that is not finite or lies outside the range.

    Source: ``profiles/sanity.yaml``.
    """
    bounds = list_bounds()
    for field, value in values.items():
        bound = bounds[field]
        if not bound.low <= value <= bound.high:
            raise out_of_range(field, value, bound)


def out_of_range(field: str, value: float, bound: Bound) -> InputError:
    """Returns the refusal of a number: the value, the allowed range, and how to mend it.

    Args:
        field: Name of the input.
        value: The number.
        bound: Range and advice of the field.

    Source: house rule on errors.
    """
    return InputError(
        "number-out-of-range",
        N_("{field} is {value}; it must lie between {low} and {high}. {mend}"),
        field=field,
        value=value if math.isfinite(value) else str(value),
        low=bound.low,
        high=bound.high,
        mend=Message(_MEND[bound.mend]),
    )


def require_choice(field: str, value: str, choices: Iterable[str]) -> None:
    """Passes when the value is one of the choices.

    Args:
        field: Name of the input.
        value: What was given.
        choices: What may be given.

    Raises:
        InputError: ``unknown-choice``, with the list of choices.

    Source: house rule on errors.
    """
    known = tuple(choices)
    if value not in known:
        raise InputError(
            "unknown-choice",
            N_("{field} is “{value}”; choose one of: {choices}."),
            field=field,
            value=value,
            choices=known,
        )


def whole(value: float) -> int:
    """Returns the number rounded down, forgiving the last bits of floating point.

    Args:
        value: The number.

    Source: a capacity of 9 719.999 999 999 8 is 9 720 people; a capacity of 9 719.6 is 9 719.
    """
    return math.floor(value + 1e-6)


def whole_up(value: float) -> int:
    """Returns the number rounded up, forgiving the last bits of floating point.

    Args:
        value: The number.

    Source: a need of 40.000 000 000 1 toilets is 40; a need of 40.1 is 41.
    """
    return math.ceil(value - 1e-6)

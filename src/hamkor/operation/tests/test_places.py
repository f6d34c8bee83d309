# SPDX-License-Identifier: Apache-2.0
"""Places: on the drawing, at a point, or in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.operation.rules.places import Place, clean_place, distance_m, point_of, require_place
from hamkor.operation.tests.builders import documents, store_with_plan

DOCUMENTS = documents(store_with_plan())
points = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (Place(), "place-missing"),
        (Place(words=" \u202e "), "text-empty"),
        (Place(words="  "), "place-missing"),
        (Place(feature="nowhere"), "place-absent"),
        (Place(point=(181.0, 0.0)), "place-impossible"),
        (Place(point=(0.0, 91.0)), "place-impossible"),
        (Place(point=(math.nan, 0.0)), "place-impossible"),
        (Place(point=(math.inf, 0.0)), "place-impossible"),
        (Place(words="x" * 501), "text-too-long"),
    ],
)
def test_a_place_that_cannot_be_is_refused(place: Place, code: str) -> None:
    with pytest.raises(HamkorError) as caught:
        require_place(DOCUMENTS, place)
    assert caught.value.code == code
    assert caught.value.message.in_english()


def test_a_place_is_kept_as_said() -> None:
    kept = require_place(DOCUMENTS, Place(feature="pen", words=" by the\x07 fence "))
    assert kept == Place(feature="pen", words="by the fence")
    assert clean_place(DOCUMENTS, None) is None
    assert clean_place(DOCUMENTS, Place()) is None


def test_the_point_of_a_place_is_its_own_or_the_middle_of_its_feature() -> None:
    assert point_of(DOCUMENTS, Place(feature="pen", point=(1.0, 2.0))) == (1.0, 2.0)
    assert point_of(DOCUMENTS, Place(feature="pen")) == (69.25, 41.3)
    assert point_of(DOCUMENTS, Place(feature="gate-a")) is None
    assert point_of(DOCUMENTS, Place(words="there")) is None
    assert point_of(DOCUMENTS, None) is None


@given(points, points)
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_the_globe(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    there = distance_m(one, other)
    assert there == pytest.approx(distance_m(other, one), abs=1e-6)
    assert 0 <= there <= math.pi * 6_371_010
    assert distance_m(one, one) == 0


def test_a_known_distance() -> None:
    # A degree of latitude on a sphere of the mean radius.
    assert distance_m((69.25, 41.0), (69.25, 42.0)) == pytest.approx(111_195, abs=1)

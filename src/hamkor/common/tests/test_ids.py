# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st

from hamkor.common.ids import new_id

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


@given(moments)
def test_version_and_variant(at: datetime) -> None:
    identifier = new_id(at)
    assert identifier.version == 7
    assert identifier.variant == RFC_4122


@given(moments, st.timedeltas(timedelta(milliseconds=2), timedelta(days=365)))
def test_a_later_id_sorts_later(at: datetime, delay: timedelta) -> None:
    assert new_id(at) < new_id(at + delay)
    assert str(new_id(at)) < str(new_id(at + delay))


def test_two_ids_of_one_moment_differ() -> None:
    at = datetime(2027, 3, 21, 18, tzinfo=UTC)
    assert len({new_id(at) for _ in range(1000)}) == 1000


def test_published_example() -> None:
    """RFC 9562, appendix A.6: 2022-02-22 19:22:22 UTC is 017F22E2-79B0."""
    assert str(new_id(datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC))).startswith("017f22e2-79b0-7")

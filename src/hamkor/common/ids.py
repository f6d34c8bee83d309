# SPDX-License-Identifier: Apache-2.0
"""Identifiers made by the caller, so that sending a command twice does it once."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(at: datetime) -> UUID:
    """Returns a UUID of version 7 for the moment: time-ordered, the rest random.

    Args:
        at: An aware moment.

    Source: RFC 9562, section 5.7.
    """
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1) & ((1 << 48) - 1)
    random_a = secrets.randbits(12)
    random_b = secrets.randbits(62)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (random_a << 64) | (2 << 62) | random_b)

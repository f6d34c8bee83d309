# SPDX-License-Identifier: Apache-2.0
"""A forecast as it travels to screens: no sentences, which each reader has in another language, and nothing twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from hamkor.forecasts.rules.forecast import Forecast
from hamkor.forecasts.rules.profiles import forecast_profile

# What a screen asks for by itself when somebody wants to know what a forecast rests on.
_LEFT_OUT = ("assumptions", "compared", "cpu_s", "engine", "profile_id")
# Of gaps that many are named; of the others the number is said.
_GAPS_MOST = 12


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast for screens.

    Args:
        at: Real moment it starts from.
        received_at: When it was written; None in the past.
        body: What is said, as plain values.
    """

    at: datetime
    received_at: datetime | None
    body: dict[str, Any]


def told(forecast: Forecast, *, received_at: datetime | None) -> Told:
    """Returns a forecast for screens.

    Args:
        forecast: As it is kept.
        received_at: When it was written.

    Source: none; a way of writing.
    """
    body: dict[str, Any] = msgspec.to_builtins(forecast, builtin_types=(datetime,))
    for name in _LEFT_OUT:
        body.pop(name, None)
    body["gaps"] = body.get("gaps", [])[:_GAPS_MOST]
    body["gaps_count"] = len(forecast.gaps)
    body["stale_after_s"] = forecast_profile().shown_stale_s
    body["main_min"] = forecast_profile().main_min
    return Told(at=forecast.made_at, received_at=received_at, body=body)

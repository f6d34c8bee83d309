# SPDX-License-Identifier: Apache-2.0
"""How well earlier forecasts held: each is compared with what was then measured; the means are told with the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from hamkor.forecasts.rules.forecast import Compared, Forecast, PastError, at_minute
from hamkor.forecasts.rules.measured import MINUTE_S, Measured
from hamkor.forecasts.rules.profiles import ForecastProfile, forecast_profile


def compare(
    earlier: Sequence[Forecast],
    measured: Measured,
    *,
    event_at: datetime,
    profile: ForecastProfile | None = None,
) -> Compared | None:
    """Returns the forecast of ten minutes ago against what is measured now; None while nothing can be compared.

    Args:
        earlier: Earlier forecasts made by the same clock, in any order; those of before a jump of the clock are not.
        measured: What is measured now.
        event_at: What the clock of the event shows now.
        profile: How long before, and how far from that.

    Source: crowd-engine measurements: show the error of the past ten minutes next to the forecast.
    """
    rules = profile or forecast_profile()
    was = measured.inside
    if was is None or was < rules.worth_comparing_people:
        return None
    ages = [(each, (event_at - each.event_at).total_seconds() / MINUTE_S) for each in earlier]
    fitting = [
        (abs(age - rules.known_before_min), age, each)
        for each, age in ages
        if each.inside is not None and abs(age - rules.known_before_min) <= rules.tolerance_min
    ]
    if not fitting:
        return None
    _, age, chosen = min(fitting, key=lambda each: each[:2])
    assert chosen.inside is not None  # noqa: S101 - asked for above
    return Compared(
        at=measured.at,
        before_min=round(age, 2),
        said=round(at_minute(chosen.inside.middle, age)),
        low=round(at_minute(chosen.inside.low, age)),
        high=round(at_minute(chosen.inside.high, age)),
        was=was,
        places_error=_places_error(chosen, measured.people, age),
    )


def past_error(comparisons: Sequence[Compared], profile: ForecastProfile | None = None) -> PastError | None:
    """Returns the means of comparisons, the newest of which is told by itself; None while there is none.

    Args:
        comparisons: The newest last.
        profile: Over how many the mean goes.

    Source: mean absolute percentage error and mean percentage error.
    """
    rules = profile or forecast_profile()
    told = list(comparisons)[-rules.compared_most :]
    if not told:
        return None
    newest = told[-1]
    places = [each.places_error for each in told if each.places_error is not None]
    return PastError(
        said=newest.said,
        was=newest.was,
        before_min=newest.before_min,
        mean_abs=_mean([abs(each.share) for each in told]),
        bias=_mean([each.share for each in told]),
        in_band=_mean([float(each.low <= each.was <= each.high) for each in told]),
        places_mean_abs=_mean(places) if places else None,
        count=len(told),
    )


def with_error(made: Forecast, compared: Compared | None, earlier: Sequence[Compared]) -> Forecast:
    """Returns a forecast with the comparison made beside it and the means of that and of earlier ones.

    Args:
        made: The forecast.
        compared: The comparison of now, None when nothing could be compared.
        earlier: Comparisons before, the newest last.

    Source: as `past_error`.
    """
    told = [*earlier, *([] if compared is None else [compared])]
    return msgspec.structs.replace(made, compared=compared, error=past_error(told))


def _places_error(chosen: Forecast, people: Mapping[str, float], age_min: float) -> float | None:
    """Returns the mean absolute error over the places counted both then and now, weighted by the people in them."""
    off = total = 0.0
    for place_id, was in people.items():
        place = chosen.places.get(place_id)
        if place is None or place.is_guessed:
            continue
        off += abs(_between(chosen.minutes, place.people, age_min) - was)
        total += was
    return round(off / total, 4) if total > 0 else None


def _between(minutes: Sequence[int], values: Sequence[float], minute: float) -> float:
    for index in range(1, len(minutes)):
        if minute <= minutes[index]:
            share = (minute - minutes[index - 1]) / (minutes[index] - minutes[index - 1])
            return values[index - 1] * (1 - share) + values[index] * share
    return values[-1]


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)

# SPDX-License-Identifier: Apache-2.0
"""MET, heat: what it will feel like, against the limit for events and the plan's own."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.families.met import PURPLE_GUIDE, in_the_open, setting_assumption, weather_of
from hamkor.checks.rules.findings import Found, Severity, judge
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range, range_of
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.units import f_to_c
from hamkor.crowd.rules.weather import heat_index_c, weather_limits
from hamkor.plans.rules.services import Weather

HEAT_SOURCE = "Rothfusz, NWS Technical Attachment SR 90-23 (1990)"
HEAT_INDEX_DANGER_F = 103.0  # "danger" begins here: National Weather Service, heat index chart
DRIEST_AIR_PERCENT = 5.0  # chosen by us: drier air is rare, so the heat index is at least this


@rule(
    "MET-021",
    title=N_("Dangerous heat is forecast"),
    says=N_("It will feel like {measured} °C; above {limit} °C events are cancelled."),
    do=N_(
        "Move the event to a cooler hour, or cancel it; shade and water alone do not make up for this heat."
    ),
    why=N_(
        "Above this heat index a standing crowd overheats faster than first aid can follow, most of all the old and "
        "those who have waited long. At the Hajj of 2024 more than 1 300 people died in heat."
    ),
    severity=N_(
        "Red above the limit; amber from the limit of danger, 39.4 °C (103 °F), when no heat limit is set."
    ),
    unit="°C",
    sources=(HEAT_SOURCE, "event guidance of a public authority, 108 °F"),
)
def dangerous_heat(context: Context) -> Iterator[Found]:
    """Yields a finding when the heat index of the forecast is above the limit for events."""
    weather = weather_of(context)
    felt_c = None if weather is None else felt_temperature_c(weather)
    if weather is None or felt_c is None:
        return
    limit_c = f_to_c(weather_limits().heat_index_cancel_f)
    severity = _heat_severity(weather, felt_c, limit_c)
    if severity is not None:
        yield Found(
            subject=context.event_subject,
            severity=in_the_open(context, severity),
            measured=Range.exactly(round(felt_c, 1)),
            limit=Range.exactly(round(limit_c, 1)),
            ratio=Range.exactly(felt_c / limit_c),
            assumptions=(*_humidity_assumption(weather), *setting_assumption(context)),
        )


def _heat_severity(weather: Weather, felt_c: float, limit_c: float) -> Severity | None:
    if felt_c > limit_c:
        return "red"
    is_danger = felt_c >= f_to_c(HEAT_INDEX_DANGER_F)
    return "amber" if is_danger and weather.heat_limit_c is None else None


def felt_temperature_c(weather: Weather) -> float | None:
    """Returns the heat index of the forecast; with unknown humidity that of the driest air."""
    if weather.forecast_temperature_c is None:
        return None
    humidity = weather.forecast_humidity_percent
    return heat_index_c(weather.forecast_temperature_c, DRIEST_AIR_PERCENT if humidity is None else humidity)


def _humidity_assumption(weather: Weather) -> tuple[Message, ...]:
    if weather.forecast_humidity_percent is not None:
        return ()
    return (
        Message(
            N_("Humidity is not forecast; the driest air ({humidity} %) was assumed."),
            {"humidity": DRIEST_AIR_PERCENT},
        ),
    )


@rule(
    "MET-022",
    title=N_("Heat above the event's own limit"),
    says=N_("{measured} °C is forecast; the plan stops {subject} at {limit} °C."),
    do=N_("Move, shorten or cancel the event now, while people are still at home."),
    why=N_(
        "A limit that the forecast already breaks will be argued away on the day; it is cheapest to keep it now."
    ),
    severity=N_("Red when the limit is exceeded over its whole range, amber when it may be."),
    unit="°C",
    sources=(PURPLE_GUIDE,),
)
def heat_above_event_limit(context: Context) -> Iterator[Found]:
    """Yields a finding when the forecast temperature exceeds the limit the plan sets."""
    weather = weather_of(context)
    if weather is None or weather.heat_limit_c is None or (weather.forecast_temperature_c or 0) <= 0:
        return
    measured = Range.exactly(weather.forecast_temperature_c or 0)
    limit = range_of(weather.heat_limit_c)
    severity = judge(measured / limit)
    if severity is not None:
        yield Found(
            subject=context.event_subject,
            severity=in_the_open(context, severity),
            measured=measured,
            limit=limit,
            ratio=measured / limit,
            assumptions=setting_assumption(context),
        )

# SPDX-License-Identifier: Apache-2.0
"""MET, wind: what is forecast stays below the limits of the event and of what stands over people."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context, name_of
from hamkor.checks.rules.families.met import (
    PURPLE_GUIDE,
    in_the_open,
    is_storm_forecast,
    setting_assumption,
    weather_of,
)
from hamkor.checks.rules.findings import Found, Severity, judge
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import SMALL_CROWD, is_crowd_below, is_outdoors
from hamkor.common.figures import Range, known, range_of
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.weather import weather_limits
from hamkor.plans.rules.services import Weather
from hamkor.venues.rules.features import Structure

EN_13782 = "EN 13782 temporary structures: tents"
INDIANA = "Witt Associates, assessment of the Indiana State Fair collapse incident, 2012"
WIND_SOURCE = "event guidance, 20 and 35 miles per hour"
SCOPE = "MVStättVO s. 1: above 1 000 visitors in the open"
TENTS = frozenset({"tent", "inflatable"})
RISES_INTO_WIND = TENTS | {"stage", "stage_roof", "temporary_stand", "tower", "screen_wall", "ride"}


def wind_structures(context: Context) -> list[tuple[str, Structure]]:
    """Returns the structures put up for the event that rise into the wind."""
    return [
        (structure_id, item)
        for structure_id, item in context.features_of(Structure)
        if item.structure in RISES_INTO_WIND and (item.temporary or item.structure in TENTS)
    ]


def usual_limit_m_s(structure: Structure) -> float:
    """Returns the gust at which such a structure is usually cleared when its engineer gave no limit."""
    limits = weather_limits()
    return limits.wind_tents_m_per_s if structure.structure in TENTS else limits.wind_event_m_per_s


def gust_of(weather: Weather | None) -> Range | None:
    """Returns the forecast gust in metres per second."""
    return None if weather is None else known(weather.forecast_gust_m_s)


@rule(
    "MET-011",
    title=N_("Gusts above the event's own limit"),
    says=N_("Gusts of {measured} m/s are forecast; the plan stops {subject} at {limit} m/s."),
    do=N_("Move, shorten or cancel the event now, while people are still at home."),
    why=N_(
        "A limit that the forecast already breaks will be argued away on the day; it is cheapest to keep it now."
    ),
    severity=N_("Red when the limit is exceeded over the whole range of the forecast, amber when it may be."),
    unit="m/s",
    sources=(PURPLE_GUIDE,),
)
def gust_above_event_limit(context: Context) -> Iterator[Found]:
    """Yields a finding when the forecast gust exceeds the limit the plan sets for the event."""
    weather = weather_of(context)
    gust = gust_of(weather)
    if weather is None or gust is None or weather.wind_limit_m_s is None:
        return
    limit = range_of(weather.wind_limit_m_s)
    severity = judge(gust / limit)
    if severity is not None:
        yield Found(
            subject=context.event_subject,
            severity=in_the_open(context, severity),
            measured=gust,
            limit=limit,
            ratio=gust / limit,
            assumptions=setting_assumption(context),
        )


@rule(
    "MET-012",
    title=N_("Gusts above what a structure bears"),
    says=N_("Gusts of {measured} m/s are forecast; {subject} must be cleared at {limit} m/s."),
    do=N_("Take {subject} down or close everything under and beside it before the wind comes."),
    why=N_(
        "Roofs and tents fall on the densest part of the crowd. The stage roof in Indiana in 2011 fell in a gust of "
        "about 26 m/s; 7 people died."
    ),
    severity=N_("Red when the limit is exceeded over the whole range of the forecast, amber when it may be."),
    unit="m/s",
    sources=(EN_13782, INDIANA),
)
def gust_above_structure_limit(context: Context) -> Iterator[Found]:
    """Yields each structure whose wind limit the forecast gust exceeds."""
    gust = gust_of(weather_of(context))
    if gust is None:
        return
    for structure_id, structure in context.features_of(Structure):
        if structure.wind_limit_m_s is None:
            continue
        limit = range_of(structure.wind_limit_m_s)
        severity = judge(gust / limit)
        if severity is not None:
            yield Found(
                subject=context.subject("structure", structure_id),
                severity=in_the_open(context, severity),
                measured=gust,
                limit=limit,
                ratio=gust / limit,
                assumptions=setting_assumption(context),
            )


@rule(
    "MET-013",
    title=N_("Temporary structures without a wind limit"),
    says=N_("Nobody has stated the gust at which these must be cleared: {structures}.{forecast}"),
    do=N_("Get the limit from the engineer's certificate of each, and write who clears it."),
    why=N_(
        "A structure without a stated limit is cleared after it begins to move. In Indiana in 2011 the crowd stood "
        "under the stage roof until it fell."
    ),
    severity=N_(
        "Red in a complete plan when the forecast gust is above the usual limit of such structures; else amber. Info "
        "below 1 000 people at once unless a storm or such a gust is forecast."
    ),
    unit="m/s",
    sources=(EN_13782, WIND_SOURCE, INDIANA, SCOPE),
)
def structure_without_wind_limit(context: Context) -> Iterator[Found]:
    """Yields one finding for all temporary structures in the open that have no wind limit."""
    if not is_outdoors(context):
        return
    without = [(name, item) for name, item in wind_structures(context) if item.wind_limit_m_s is None]
    if not without:
        return
    gust = gust_of(context.plan.weather)
    usual = Range.exactly(min(usual_limit_m_s(item) for _, item in without))
    is_exceeded = gust is not None and judge(gust / usual) == "red"
    yield Found(
        subject=context.part_subject("venue"),
        severity=_unlimited_severity(context, is_exceeded=is_exceeded),
        measured=gust if is_exceeded else None,
        limit=usual if is_exceeded else None,
        ratio=gust / usual if gust is not None and is_exceeded else None,
        facts={
            "structures": [name_of(item, structure_id) for structure_id, item in without],
            "forecast": _forecast(gust, usual) if is_exceeded else "",
        },
    )


def _unlimited_severity(context: Context, *, is_exceeded: bool) -> Severity:
    if is_exceeded:
        return "red" if context.is_complete else "amber"
    weather = context.plan.weather
    is_calm = weather is None or not is_storm_forecast(weather)
    return "info" if is_calm and is_crowd_below(context, SMALL_CROWD) else "amber"


def _forecast(gust: Range | None, usual: Range) -> Message:
    return Message(
        N_(" Gusts of {gust} m/s are forecast; such structures are usually cleared at {usual} m/s."),
        {"gust": gust.nominal if gust is not None else 0.0, "usual": usual.nominal},
    )


@rule(
    "MET-014",
    title=N_("A wind limit without an action"),
    says=N_(
        "{structures} have a wind limit, and the plan does not say what is done at that limit, and by whom."
    ),
    do=N_("Write for each what is closed at the limit, who orders it and how long it takes."),
    why=N_("A number on a certificate moves nobody; people are moved by a person who has been told to."),
    severity=N_("Amber in a complete plan, or when a storm is forecast."),
    sources=(EN_13782, PURPLE_GUIDE),
)
def wind_limit_without_action(context: Context) -> Iterator[Found]:
    """Yields one finding for the structures whose wind limit has no action."""
    weather = weather_of(context)
    if is_outdoors(context) is False:
        return
    if not context.is_complete and (weather is None or not is_storm_forecast(weather)):
        return
    idle = [
        name_of(item, structure_id)
        for structure_id, item in context.features_of(Structure)
        if item.wind_limit_m_s is not None and item.wind_action is None
    ]
    if idle:
        yield Found(subject=context.part_subject("venue"), severity="amber", facts={"structures": idle})


@rule(
    "MET-015",
    title=N_("Strong gusts and no limit for the event"),
    says=N_(
        "Gusts of {measured} m/s are forecast and the plan has no wind limit; above {limit} m/s events usually stop."
    ),
    do=N_("Set a wind limit for the event now and decide who stops it."),
    why=N_("Above this wind people are struck by what flies, and screens, banners and fences fall."),
    severity=N_("Red in a complete plan; amber when the limit may exist and is only not known."),
    unit="m/s",
    sources=(WIND_SOURCE,),
)
def gust_without_event_limit(context: Context) -> Iterator[Found]:
    """Yields a finding when strong gusts are forecast and no wind limit is stated for the event."""
    weather = weather_of(context)
    gust = gust_of(weather)
    if weather is None or gust is None or weather.wind_limit_m_s is not None:
        return
    limit = Range.exactly(weather_limits().wind_event_m_per_s)
    severity = judge(gust / limit)
    if severity is not None:
        yield Found(
            subject=context.event_subject,
            severity=in_the_open(context, severity if context.is_complete else "amber"),
            measured=gust,
            limit=limit,
            ratio=gust / limit,
            assumptions=setting_assumption(context),
        )

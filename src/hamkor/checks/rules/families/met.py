# SPDX-License-Identifier: Apache-2.0
"""MET: a crowd under the sky has somewhere to go, somebody watches, and limits are set before the wind comes."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity, judge
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import LARGE_CROWD, is_crowd_at_least, is_outdoors
from hamkor.common.figures import Range, known, range_of, total
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.weather import weather_limits
from hamkor.plans.rules.services import Weather
from hamkor.venues.rules.features import Shelter

PURPLE_GUIDE = "Purple Guide, adverse weather"
LIGHTNING_RULE = "30-30 rule for lightning"
STORM_SHELTER = frozenset({"lightning", "wind", "hail"})


def weather_of(context: Context) -> Weather | None:
    """Returns the weather part when people may stand under the sky; None indoors or when there is none."""
    return None if is_outdoors(context) is False else context.plan.weather


def is_storm_forecast(weather: Weather) -> bool:
    """Returns True when a storm warning, thunderstorms or a gust that stops events is forecast."""
    gust = known(weather.forecast_gust_m_s)
    strong = gust is not None and gust.low > weather_limits().wind_event_m_per_s
    return bool(weather.storm_warning) or bool(weather.forecast_lightning) or strong


def in_the_open(context: Context, severity: Severity) -> Severity:
    """Returns the severity, at most amber while it is only assumed that people stand under the sky."""
    return severity if is_outdoors(context) else "amber"


def setting_assumption(context: Context) -> tuple[Message, ...]:
    """Returns the assumption made on the setting, none when it is known."""
    if is_outdoors(context) is not None:
        return ()
    return (Message(N_("The plan does not say whether people are under a roof; the open was assumed.")),)


def people_outdoors(context: Context) -> Range | None:
    """Returns the crowd less the people in areas that are known to be indoors."""
    if context.crowd is None:
        return None
    inside = (context.people_in(area_id) for area_id, area in context.areas.items() if area.indoors)
    return context.crowd.less(total(people for people in inside if people is not None))


def storm_shelters(context: Context) -> list[Shelter]:
    """Returns the shelters of the drawing that help in a storm, and those that do not say against what they help."""
    return [
        shelter
        for _, shelter in context.features_of(Shelter)
        if not shelter.against or STORM_SHELTER & set(shelter.against)
    ]


@rule(
    "MET-001",
    title=N_("A storm is forecast and nobody knows where to go"),
    says=N_("A storm is forecast for {subject}, and {people} people in the open have {plan}."),
    do=N_(
        "Decide before the doors open where everyone goes in a storm and who sends them, or move the event."
    ),
    why=N_(
        "Lightning, hail and gusts leave minutes. A crowd without a place to go runs for the nearest cover, however "
        "narrow: in Minsk in 1999 people fled a thunderstorm into an underpass, and 53 died on its stairs."
    ),
    severity=N_(
        "Red when a storm is forecast and it is known that nothing is planned; amber when the plan is unknown."
    ),
    sources=(PURPLE_GUIDE, LIGHTNING_RULE),
)
def no_shelter_in_storm(context: Context) -> Iterator[Found]:
    """Yields a finding when a storm is forecast for a crowd in the open without a shelter plan."""
    weather = weather_of(context)
    if weather is None or not is_storm_forecast(weather) or weather.shelter_plan not in (None, "none"):
        return
    is_known = weather.shelter_plan == "none" or (context.is_complete and not storm_shelters(context))
    if not is_known and storm_shelters(context):
        return
    people = people_outdoors(context)
    yield Found(
        subject=context.event_subject,
        severity=in_the_open(context, "red" if is_known else "amber"),
        facts={
            "people": people.nominal if people is not None else "?",
            "plan": Message(N_("no shelter plan") if is_known else N_("no shelter plan that is known")),
        },
        assumptions=setting_assumption(context),
    )


@rule(
    "MET-002",
    title=N_("Shelters are too small"),
    says=N_("{measured} people stand in the open; the shelters take {limit}."),
    do=N_("Find shelter for all, or let in no more people than can be sheltered."),
    why=N_(
        "Those who find the shelter full turn back into those who still come: two crowds meet in one door."
    ),
    severity=N_("Red when a storm is forecast and the number is exceeded beyond doubt, else amber."),
    unit="people",
    sources=(PURPLE_GUIDE,),
)
def shelters_too_small(context: Context) -> Iterator[Found]:
    """Yields a finding when all shelters together take fewer people than stand in the open."""
    weather, people = weather_of(context), people_outdoors(context)
    shelters = storm_shelters(context)
    if (
        weather is None
        or people is None
        or not shelters
        or weather.shelter_plan not in ("shelters", "indoors", None)
    ):
        return
    capacities = [known(shelter.capacity) for shelter in shelters]
    if any(capacity is None for capacity in capacities):
        return
    capacity = total(item for item in capacities if item is not None)
    severity = judge(people / capacity)
    if severity is not None:
        yield Found(
            subject=context.event_subject,
            severity=in_the_open(context, severity if is_storm_forecast(weather) else "amber"),
            measured=people,
            limit=capacity,
            ratio=people / capacity,
            assumptions=setting_assumption(context),
        )


@rule(
    "MET-003",
    title=N_("Shelter takes longer than the warning"),
    says=N_(
        "Bringing everyone to shelter takes {measured} min; the warning comes {limit} min before the danger."
    ),
    do=N_("Begin to move people earlier: set a limit that leaves {measured} min, or bring shelter nearer."),
    why=N_(
        "A warning helps only if it is longer than the way. Those still walking when the storm comes are in the open, "
        "and crowded."
    ),
    severity=N_("Red when the time is too short over the whole range of the numbers, amber when it may be."),
    unit="min",
    sources=(PURPLE_GUIDE, LIGHTNING_RULE),
)
def shelter_takes_too_long(context: Context) -> Iterator[Found]:
    """Yields a finding when the time to shelter is longer than the time between warning and danger."""
    weather = weather_of(context)
    if weather is None or weather.warning_time_min is None:
        return
    needed_min = _time_to_shelter_min(context, weather)
    if needed_min is None:
        return
    ratio = needed_min / range_of(weather.warning_time_min)
    severity = judge(ratio)
    if severity is not None:
        yield Found(
            subject=context.event_subject,
            severity=in_the_open(context, severity),
            measured=needed_min,
            limit=range_of(weather.warning_time_min),
            ratio=ratio,
            assumptions=setting_assumption(context),
        )


def _time_to_shelter_min(context: Context, weather: Weather) -> Range | None:
    if weather.shelter_time_min is not None:
        return range_of(weather.shelter_time_min)
    walks = [range_of(item.walking_time_min) for item in storm_shelters(context) if item.walking_time_min]
    return max(walks, key=lambda walk: walk.nominal) if walks else None


@rule(
    "MET-004",
    title=N_("Nobody watches the weather"),
    says=N_("{state}: nobody will see the storm come."),
    do=N_("Name the body that watches radar and warnings during the event and calls the stop authority."),
    why=N_(
        "Every limit needs an eye on it. Before the mountain race in Gansu in 2021 wind and cold were forecast, and "
        "nobody acted on it; 21 runners died."
    ),
    severity=N_("Red when it is known that nobody watches a crowd of 5 000 or more; else amber."),
    sources=(PURPLE_GUIDE,),
)
def nobody_watches(context: Context) -> Iterator[Found]:
    """Yields a finding when nobody, or nobody known, watches the weather over a crowd in the open."""
    weather = weather_of(context)
    if weather is None or weather.watched_by not in (None, "none"):
        return
    if weather.watched_by == "none":
        severity: Severity = "red" if is_crowd_at_least(context, LARGE_CROWD) else "amber"
        state = N_("Nobody watches the weather")
    elif context.is_complete or is_storm_forecast(weather):
        severity, state = "amber", N_("It is not said who watches the weather")
    else:
        return
    yield Found(
        subject=context.part_subject("weather"),
        severity=in_the_open(context, severity),
        facts={"state": Message(state)},
        assumptions=setting_assumption(context),
    )


@rule(
    "MET-005",
    title=N_("No limits for the weather"),
    says=N_("The plan sets no limit for wind, lightning or heat: nobody knows when {subject} must stop."),
    do=N_("Set the gust, the distance of lightning and the heat at which the event stops, and who decides."),
    why=N_(
        "Without a number agreed beforehand, stopping is an argument held in the rain while the crowd stands. In "
        "Indiana in 2011 it was not settled who stops the show at which wind; the stage roof fell and 7 people died."
    ),
    severity=N_("Amber in a complete plan, or when a storm is forecast."),
    sources=(PURPLE_GUIDE, LIGHTNING_RULE),
)
def no_weather_limits(context: Context) -> Iterator[Found]:
    """Yields a finding when an event in the open has no weather limit at all."""
    weather = weather_of(context)
    if weather is None:
        is_missing = context.is_complete and is_outdoors(context) is True
    else:
        limits = (weather.wind_limit_m_s, weather.lightning_limit_km, weather.heat_limit_c)
        is_missing = all(limit is None for limit in limits) and (
            context.is_complete or is_storm_forecast(weather)
        )
    if is_missing:
        yield Found(subject=context.event_subject, severity="amber", assumptions=setting_assumption(context))

# SPDX-License-Identifier: Apache-2.0
"""The rules every event begins with, before its plan says more."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from hamkor.alarms.rules.alarms import AlarmRule, Sort
from hamkor.alarms.rules.profiles import DEFAULT_PROFILE, AlarmProfile, alarm_profile
from hamkor.common.i18n import LANGUAGES
from hamkor.common.messages import N_, Message
from hamkor.common.records import Text
from hamkor.crowd.rules.density import density_table
from hamkor.crowd.rules.weather import lightning_distance_m, weather_limits

# A rule of this id need not be recorded: alarms raised by hand without a rule have it.
MANUAL = "manual"
PEOPLE_PER_M2 = "people/m²"


@cache
def default_rules(profile: str = DEFAULT_PROFILE) -> tuple[AlarmRule, ...]:
    """Returns the rules that hold without a plan, the most urgent kind of thing first.

    Args:
        profile: Name of the profile their numbers come from.

    Raises:
        UnknownAlarmProfileError: ``alarm-profile-unknown``.

    Source: the profile; limits of density, calls and weather are those of `crowd`.
    """
    numbers = alarm_profile(profile)
    return (
        *_density(numbers),
        *_filling(numbers),
        *_calls(),
        *_devices(numbers),
        *_weather(numbers),
        *_silence(),
    )


def default_rule(sort: Sort) -> AlarmRule:
    """Returns the first rule of a sort that holds without a plan.

    Args:
        sort: Any sort; each has one.
    """
    return next(rule for rule in default_rules() if rule.sort == sort)


def in_all_languages(template: str, **facts: Any) -> Text:
    """Returns a sentence in all languages, as a document keeps it.

    Args:
        template: English text, marked with ``N_``.
        facts: Values of its placeholders.
    """
    sentence = Message(template, facts)
    return cast("Text", {language: sentence.render(language) for language in LANGUAGES})


def _rule(rule_id: str, title: str, action: str, **values: Any) -> AlarmRule:
    return AlarmRule(
        id=rule_id,
        title=in_all_languages(title),
        action=in_all_languages(action),
        origin="profile",
        **values,
    )


def _density(numbers: AlarmProfile) -> tuple[AlarmRule, ...]:
    table = density_table()
    shared: dict[str, Any] = {"measure": "density", "unit": PEOPLE_PER_M2, "source": table.source}
    critical, high = numbers.density_critical_per_m2, numbers.density_high_per_m2
    return (
        _rule(
            "density-critical",
            N_("Danger of crushing"),
            N_("Stop the inflow, open ways out, look at the place. Decide whether the show stops."),
            sort="threshold",
            limit=critical,
            clear_at=critical - numbers.density_step_per_m2,
            hold_s=numbers.density_hold_s,
            priority=1,
            **shared,
        ),
        _rule(
            "density-high",
            N_("Too dense for a moving crowd"),
            N_("Meter the inflow, open relief, look at the place by camera or post."),
            sort="threshold",
            limit=high,
            clear_at=high - numbers.density_step_per_m2,
            hold_s=numbers.density_hold_s,
            priority=2,
            **shared,
        ),
        _rule(
            "density-rise",
            N_("Density rises fast"),
            N_("Find out why people come together there, and hold the inflow."),
            sort="rate",
            limit=table.rise_per_m2,
            clear_at=table.rise_per_m2 / 2,
            from_value=numbers.rise_from_per_m2,
            window_s=table.rise_window_min * 60,
            priority=2,
            **shared,
        ),
    )


def _filling(numbers: AlarmProfile) -> tuple[AlarmRule, ...]:
    shared: dict[str, Any] = {"measure": "occupancy", "source": numbers.source}
    return (
        _rule(
            "fill-full",
            N_("The number of the plan is reached"),
            N_("Close the ways in and send people elsewhere until some have left."),
            sort="zone_limit",
            limit=1.0,
            clear_at=1.0 - numbers.fill_step_share,
            unit="share",
            priority=2,
            **shared,
        ),
        _rule(
            "fill-near",
            N_("The number of the plan is near"),
            N_("Prepare to close the ways in; say where there is room."),
            sort="zone_limit",
            limit=numbers.fill_approach_share,
            clear_at=numbers.fill_approach_share - numbers.fill_step_share,
            unit="share",
            priority=3,
            **shared,
        ),
        _rule(
            "balance",
            N_("Full soon at the present inflow"),
            N_("Slow the inflow or open a way out before the place is full."),
            sort="balance",
            limit=numbers.balance_minutes,
            clear_at=numbers.balance_clear_minutes,
            from_value=numbers.balance_from_share,
            window_s=numbers.balance_window_s,
            unit="min",
            is_below=True,
            priority=2,
            **shared,
        ),
    )


def _calls() -> tuple[AlarmRule, ...]:
    table = density_table()
    return (
        _rule(
            "cluster",
            N_("Several reports from one place"),
            N_("Send the nearest unit, look by camera, hold the inflow to the place."),
            sort="cluster",
            limit=float(table.red_calls),
            window_s=table.red_calls_window_min * 60,
            radius_m=table.red_calls_radius_m,
            unit="reports",
            priority=1,
            source=table.source,
        ),
        _rule(
            "words",
            N_("Somebody reports crushing"),
            N_("Look at the place at once by camera or post, and call back."),
            sort="words",
            priority=2,
            source=table.source,
        ),
        _rule(
            MANUAL,
            N_("Alarm raised by hand"),
            N_("Go or look there at once, and say what you see."),
            sort="manual",
            priority=2,
        ),
    )


def _devices(numbers: AlarmProfile) -> tuple[AlarmRule, ...]:
    return (
        _rule(
            "button",
            N_("Panic button pressed"),
            N_("Send the nearest unit, look by camera, call the post."),
            sort="button",
            measure="button",
            limit=1.0,
            priority=1,
        ),
        _rule(
            "smoke",
            N_("Smoke detected"),
            N_("Send the fire post to look; prepare to clear the nearest areas."),
            sort="threshold",
            measure="smoke",
            limit=1.0,
            priority=1,
        ),
        _rule(
            "heartbeat",
            N_("A sensor is silent"),
            N_("Take its place as not watched: send somebody to look, then mend it."),
            sort="heartbeat",
            measure="heartbeat",
            window_s=numbers.silence_s,
            unit="s",
            priority=2,
            source=numbers.source,
        ),
        _rule(
            "battery",
            N_("A battery is nearly empty"),
            N_("Change the battery before the next phase."),
            sort="threshold",
            measure="battery",
            limit=0.15,
            clear_at=0.3,
            is_below=True,
            unit="share",
            priority=4,
            source=numbers.source,
        ),
    )


def _weather(numbers: AlarmProfile) -> tuple[AlarmRule, ...]:
    limits = weather_limits()
    return (
        wind_rule("wind-stop", round(limits.wind_event_m_per_s, 1), numbers, source=limits.source),
        wind_near_rule("wind-near", round(limits.wind_event_m_per_s, 1), numbers, source=limits.source),
        lightning_rule(
            round(lightning_distance_m(limits.lightning_stop_s) / 1000, 1), numbers, source=limits.source
        ),
    )


def wind_rule(
    rule_id: str, limit_m_per_s: float, numbers: AlarmProfile, *, source: str | None = None
) -> AlarmRule:
    """Returns the rule for gusts at a limit.

    Args:
        rule_id: Its id.
        limit_m_per_s: The limit.
        numbers: Profile.
        source: Where the limit comes from.
    """
    return _rule(
        rule_id,
        N_("Wind at the limit"),
        N_("Clear what the wind can bring down, and do what the plan says for this limit."),
        sort="weather",
        measure="gust",
        limit=limit_m_per_s,
        clear_at=limit_m_per_s * numbers.wind_clear_share,
        clear_hold_s=numbers.wind_calm_s,
        unit="m/s",
        priority=1,
        source=source,
    )


def wind_near_rule(
    rule_id: str, limit_m_per_s: float, numbers: AlarmProfile, *, source: str | None = None
) -> AlarmRule:
    """Returns the rule for gusts that come near a limit; arguments as of `wind_rule`."""
    near = limit_m_per_s * numbers.wind_approach_share
    return _rule(
        rule_id,
        N_("Wind near the limit"),
        N_("Prepare what the plan says for the limit, and watch the wind."),
        sort="weather",
        measure="gust",
        limit=near,
        clear_at=near * numbers.wind_clear_share,
        clear_hold_s=numbers.wind_calm_s,
        unit="m/s",
        priority=3,
        source=source,
    )


def lightning_rule(limit_km: float, numbers: AlarmProfile, *, source: str | None = None) -> AlarmRule:
    """Returns the rule for lightning that is nearer than a distance.

    Args:
        limit_km: The distance.
        numbers: Profile.
        source: Where the limit comes from.
    """
    return _rule(
        "lightning",
        N_("Lightning within the limit"),
        N_("Bring people to shelter as the plan says; go on 30 minutes after the last thunder."),
        sort="weather",
        measure="lightning_km",
        limit=limit_km,
        is_below=True,
        clear_hold_s=numbers.lightning_calm_s,
        unit="km",
        priority=1,
        source=source,
    )


def heat_rule(limit_c: float, *, source: str | None = None) -> AlarmRule:
    """Returns the rule for air that is too hot.

    Args:
        limit_c: The limit, in degrees Celsius.
        source: Where it comes from.
    """
    return _rule(
        "heat",
        N_("Heat at the limit"),
        N_("Give water and shade, and do what the plan says for heat."),
        sort="weather",
        measure="temperature",
        limit=limit_c,
        clear_at=limit_c - 1,
        unit="°C",
        priority=3,
        source=source,
    )


def _silence() -> tuple[AlarmRule, ...]:
    return (
        _rule(
            "silent-post",
            N_("A post is silent"),
            N_("Call the post by its second route; send the nearest unit to look."),
            sort="silent_post",
            priority=2,
        ),
        _rule(
            "silent-order",
            N_("An order is not answered"),
            N_("Say it again by the second route, and ask for a yes or no."),
            sort="silent_order",
            priority=2,
        ),
        _rule(
            "overdue",
            N_("Work is overdue"),
            N_("Ask who has it, help or give it to somebody else."),
            sort="overdue",
            priority=3,
        ),
    )

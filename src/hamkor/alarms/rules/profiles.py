# SPDX-License-Identifier: Apache-2.0
"""Numbers of alarms in a named profile: limits, time on the shelf, what an operator can handle."""

from __future__ import annotations

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_


class UnknownAlarmProfileError(HamkorError):
    """A profile of alarms nobody has defined."""


class AlarmProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers all default rules and the life of an alarm rest on; limits of density and calls are those of `crowd`.

    Args:
        id: Its name.
        density_high_per_m2: Density at which inflow is metered; the limit of a moving crowd.
        density_critical_per_m2: Density at which inflow stops and relief is opened.
        density_step_per_m2: An alarm of density returns this much below its limit.
        density_hold_s: A density must last so long before it is believed.
        rise_from_per_m2: A rise is watched from this density on; below it people only arrive.
        fill_approach_share: Share of a zone's number at which its limit is near.
        fill_step_share: An alarm of fill returns this share below its limit.
        balance_minutes: A zone that will be full in so many minutes at the present flow is an alarm.
        balance_clear_minutes: Such an alarm returns when there is more time than this.
        balance_window_s: Time over which the present flow is measured.
        balance_from_share: Below this share of the number the balance is not watched.
        silence_s: A device that sends nothing for so long is lost.
        fresh_s: A reading older than this says nothing about now.
        wind_approach_share: Share of a wind limit at which preparation begins.
        wind_clear_share: An alarm of wind returns below this share of its limit.
        wind_calm_s: The wind must be below it for so long.
        lightning_calm_s: Time without lightning inside the limit until it is over.
        repeat_s: An alarm that comes again is written down at most once in this time.
        shelf_minutes: Longest time on the shelf, by priority.
        flood_window_s: Time over which alarms of one hearer are counted.
        flood_alarms: From more than this number on, medium and low ones are shown as a group.
        flood_alarms_high: From more than this number on, high ones too; critical ones never.
        handled_per_h: Alarms an operator can handle for long.
        critical_share_max: Largest sensible share of critical ones.
        source: Where the numbers come from.
    """

    id: str
    density_high_per_m2: float
    density_critical_per_m2: float
    density_step_per_m2: float
    density_hold_s: float
    rise_from_per_m2: float
    fill_approach_share: float
    fill_step_share: float
    balance_minutes: float
    balance_clear_minutes: float
    balance_window_s: float
    balance_from_share: float
    silence_s: float
    fresh_s: float
    wind_approach_share: float
    wind_clear_share: float
    wind_calm_s: float
    lightning_calm_s: float
    repeat_s: float
    shelf_minutes: dict[int, float]
    flood_window_s: float
    flood_alarms: int
    flood_alarms_high: int
    handled_per_h: float
    critical_share_max: float
    source: str


# From Still (4 people/m² for a crowd that moves, 5 for any) and the 30-30 rule for lightning; rates and the share of
# critical alarms are those of EEMUA 191 (one in ten minutes for long, a flood above ten in ten minutes, about 5 %).
# Time on the shelf, hysteresis, holds and the balance are ours (decision 0024): a crush develops in a minute or two, so
# nothing critical may be out of sight for longer than ten, and a density is believed after five seconds.
EVENING = AlarmProfile(
    id="evening",
    density_high_per_m2=4.0,
    density_critical_per_m2=5.0,
    density_step_per_m2=0.5,
    density_hold_s=5.0,
    rise_from_per_m2=2.0,
    fill_approach_share=0.9,
    fill_step_share=0.05,
    balance_minutes=10.0,
    balance_clear_minutes=15.0,
    balance_window_s=300.0,
    balance_from_share=0.5,
    silence_s=60.0,
    fresh_s=120.0,
    wind_approach_share=0.8,
    wind_clear_share=0.9,
    wind_calm_s=600.0,
    lightning_calm_s=1800.0,
    repeat_s=60.0,
    shelf_minutes={1: 10.0, 2: 30.0, 3: 60.0, 4: 240.0},
    flood_window_s=600.0,
    flood_alarms=10,
    flood_alarms_high=20,
    handled_per_h=6.0,
    critical_share_max=0.05,
    source="Still (density); 30-30 rule (lightning); EEMUA 191 and ISA-18.2 (rates, shares, life cycle); the rest is "
    "Hamkor's planning value, decision 0024",
)
PROFILES: dict[str, AlarmProfile] = {profile.id: profile for profile in (EVENING,)}
DEFAULT_PROFILE = EVENING.id


def alarm_profile(profile: str = DEFAULT_PROFILE) -> AlarmProfile:
    """Returns a profile by its name.

    Raises:
        UnknownAlarmProfileError: ``alarm-profile-unknown``.

    Source: the profile's own.
    """
    if profile not in PROFILES:
        template = N_("There is no profile of alarms by the name “{profile}”. Choose one of: {known}.")
        raise UnknownAlarmProfileError(
            "alarm-profile-unknown", template, profile=profile, known=sorted(PROFILES)
        )
    return PROFILES[profile]

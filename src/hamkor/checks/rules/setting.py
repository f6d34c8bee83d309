# SPDX-License-Identifier: Apache-2.0
"""What a plan tells of its setting: under the sky or not, rivals or not, and the tags catalogues ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hamkor.checks.rules.context import SEATED_USES, Context
from hamkor.common.figures import Range, known
from hamkor.venues.rules.features import Structure

OPEN_AIR_KINDS = frozenset(
    {
        "air_show",
        "carnival",
        "cycling_race",
        "fireworks_display",
        "motor_sport",
        "parade",
        "running_race",
        "street_festival",
    }
)
CLOSED_KINDS = frozenset({"nightclub", "theatre"})
OPEN_AIR_USES = frozenset({"camping", "pitch", "square", "street"})
CONCERT_KINDS = frozenset(
    {"concert_rock", "concert_pop", "concert_classical", "music_festival", "dance_party"}
)
STANDING_USES = frozenset({"dance_floor", "queue", "square", "stage_front", "standing", "street"})
# Above this number the security concept of MVStättVO s. 43(2) is compulsory; the same size counts as large here.
LARGE_CROWD = 5000
# From this number in the open MVStättVO applies (s. 1(1) no. 2: above 1 000 visitors); below it a plan may be short.
SMALL_CROWD = 1000
# From this number under a roof MVStättVO applies (s. 1(1) no. 1: above 200 visitors); below it lists are only a help.
TINY_CROWD = 200
HEAT_MONTHS = range(5, 10)  # chosen by us for Central Asia: May to September
COLD_MONTHS = frozenset({12, 1, 2})  # chosen by us for Central Asia
NIGHT_FROM_HOUR, NIGHT_TO_HOUR = 20, 6  # chosen by us


def is_outdoors(context: Context) -> bool | None:
    """Returns True when people stand under the sky, False when all are under a roof, None when not known.

    Notes:
        The stated setting counts first, then what the areas say of themselves, then the kind of event.
    """
    event = context.event
    if event.setting is not None:
        return event.setting != "indoors"
    areas = context.areas.values()
    if any(area.indoors is False or (area.use in OPEN_AIR_USES and not area.indoors) for area in areas):
        return True
    if context.areas and all(area.indoors for area in areas):
        return False
    if event.kind in OPEN_AIR_KINDS:
        return True
    return False if event.kind in CLOSED_KINDS else None


def is_indoors(context: Context, area_id: str | None) -> bool | None:
    """Returns whether an area, or without one the event, is under a roof; None when not known."""
    area = context.areas.get(area_id) if area_id is not None else None
    if area is not None and area.indoors is not None:
        return area.indoors
    if context.event.setting == "mixed":
        return None
    outdoors = is_outdoors(context)
    return None if outdoors is None else not outdoors


def expects_rivals(context: Context) -> bool:
    """Returns True when the plan speaks of groups that must not meet."""
    attendance = context.plan.attendance
    composition = attendance.composition if attendance is not None else None
    if composition is not None and composition.audience == "rival_factions":
        return True
    return any(len(item.groups) > 1 for item in context.plan.segregation or ())


def expects_violence(context: Context) -> bool:
    """Returns True when the police expect violence."""
    attendance = context.plan.attendance
    return attendance is not None and attendance.violence_expected is True


def is_crowd_at_least(context: Context, people: float) -> bool:
    """Returns True when the crowd is known to reach the number, whatever the uncertainty."""
    return context.crowd is not None and context.crowd.low >= people


def is_crowd_below(context: Context, people: float) -> bool:
    """Returns True when the crowd is known and does not surely reach the number."""
    return context.crowd is not None and context.crowd.low < people


def stay_h(context: Context) -> Range | None:
    """Returns how long visitors stay: as stated, else from the doors, or the start, to the end."""
    attendance, event = context.plan.attendance, context.event
    if attendance is not None and attendance.hours is not None:
        return Range.exactly(attendance.hours)
    first, last = event.doors_open_at or event.starts_at, event.ends_at
    if first is None or last is None or last <= first:
        return None
    return Range.exactly((last - first).total_seconds() / 3600)


def event_tags(context: Context) -> frozenset[str]:
    """Returns the tags of an event, by which catalogues tell which hazards and duties it needs.

    Notes:
        A tag is given only for what the plan states or plainly implies, never for what is unknown.
    """
    return frozenset(tag for tag, holds in _TAGS.items() if holds(context))


def _is_seated(context: Context) -> bool:
    return any(area.use in SEATED_USES for area in context.areas.values())


def _is_standing(context: Context) -> bool:
    return any(area.use in STANDING_USES for area in context.areas.values())


def _is_night(context: Context) -> bool:
    return any(
        moment.hour >= NIGHT_FROM_HOUR or moment.hour < NIGHT_TO_HOUR
        for moment in (context.event.starts_at, context.event.ends_at)
        if moment is not None
    )


def _month_of(moment: datetime | None) -> int:
    return 0 if moment is None else moment.month


def _has_effects(context: Context) -> bool:
    return any(item.sort in {"pyrotechnics", "flame"} for item in context.plan.effects or ())


def _has_temporary_structures(context: Context) -> bool:
    return any(item.temporary for _, item in context.features_of(Structure))


def _admission(context: Context) -> str | None:
    return None if context.plan.attendance is None else context.plan.attendance.admission


def _has_protected_persons(context: Context) -> bool:
    return bool(context.plan.attendance is not None and context.plan.attendance.protected_persons)


def _has_children(context: Context) -> bool:
    composition = context.plan.attendance.composition if context.plan.attendance is not None else None
    return composition is not None and (
        composition.audience in {"children", "family"} or bool(composition.children_share)
    )


def _has_drones(context: Context) -> bool:
    return any(
        item.sort == "drone" and known(item.number) != Range.exactly(0) for item in context.plan.means or ()
    )


_TAGS: dict[str, Callable[[Context], bool]] = {
    "outdoors": lambda context: is_outdoors(context) is True,
    "indoors": lambda context: is_outdoors(context) is False or context.event.setting == "mixed",
    "seated": _is_seated,
    "standing": _is_standing,
    "large": lambda context: is_crowd_at_least(context, LARGE_CROWD),
    "night": _is_night,
    "heat-season": lambda context: _month_of(context.event.starts_at) in HEAT_MONTHS,
    "cold-season": lambda context: _month_of(context.event.starts_at) in COLD_MONTHS,
    "alcohol": lambda context: context.event.alcohol in {"some", "heavy"},
    "pyrotechnics": _has_effects,
    "rivals": expects_rivals,
    "temporary-structures": _has_temporary_structures,
    "open-access": lambda context: _admission(context) in {"free", "open_street"},
    "vip": _has_protected_persons,
    "drones": _has_drones,
    "children": _has_children,
    "paid": lambda context: context.event.paid is True,
    "concert": lambda context: context.event.kind in CONCERT_KINDS,
}

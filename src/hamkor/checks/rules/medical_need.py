# SPDX-License-Identifier: Apache-2.0
"""What the tables of medical cover ask for an event, each read at its most favourable end.

A plan that stays below every table even so is short of cover beyond doubt; below one of them it needs an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from hamkor.checks.rules.context import SEATED_USES, Context
from hamkor.checks.rules.setting import expects_rivals, expects_violence, is_outdoors
from hamkor.common.figures import Range, known
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.hsg195 import Hsg195Event, hsg195_cover
from hamkor.crowd.rules.maurer import MaurerTableName, maurer_cover, maurer_factor
from hamkor.crowd.rules.munich import munich_cover, munich_factor

Resource = Literal["helpers", "ambulances", "patient_vans", "doctors", "stations", "defibrillators"]
Needs = dict[Resource, int]

# Above this the tables are silent; the number of people is cut here.
MOST_PEOPLE = 1e7
# Maurer is not meant for events spread over a wide area.
WIDE_KINDS = frozenset({"cycling_race", "parade", "pilgrimage", "running_race"})
# Activities of the Maurer algorithm an event may count as; the lowest factor is taken.
MAURER_ACTIVITIES: dict[str, tuple[str, ...]] = {
    "concert_rock": ("rock_concert",),
    "concert_pop": ("pop_concert",),
    "concert_classical": ("spa_concert", "opera"),
    "music_festival": ("pop_concert", "rock_concert"),
    "dance_party": ("dance", "music_megaparty"),
    "football": ("football",),
    "sport": ("sport",),
    "motor_sport": ("motor_sport",),
    "air_show": ("air_show",),
    "street_festival": ("street_fest",),
    "carnival": ("carnival",),
    "religious_gathering": ("congress", "rally"),
    "ceremony": ("congress", "show"),
    "rally": ("rally", "demonstration"),
    "fair": ("fair", "funfair"),
    "exhibition": ("exhibition",),
    "theatre": ("theatre",),
    "circus": ("show",),
    "fireworks_display": ("fireworks",),
    "nightclub": ("dance", "music_megaparty"),
    "holiday_gathering": ("street_fest", "music_megaparty"),
}
# Types of the Munich table an event may count as; anything else is `general`.
MUNICH_KINDS: dict[str, tuple[str, ...]] = {
    "concert_rock": ("concert_seated", "concert_standing"),
    "concert_pop": ("concert_seated", "concert_standing"),
    "concert_classical": ("classical",),
    "music_festival": ("concert_standing",),
    "dance_party": ("concert_standing",),
    "nightclub": ("concert_standing",),
    "football": ("football",),
    "motor_sport": ("motor_cycle_skate",),
    "air_show": ("air",),
    "carnival": ("carnival",),
    "fair": ("fair",),
    "exhibition": ("exhibition",),
    "theatre": ("theatre",),
    "circus": ("circus",),
}
# Natures of HSG195; kinds it does not name are not scored.
HSG_NATURES = {
    "concert_rock": "pop_rock",
    "concert_pop": "pop_rock",
    "concert_classical": "classical",
    "music_festival": "music_festival",
    "dance_party": "dance",
    "nightclub": "dance",
    "motor_sport": "motor_sport",
    "air_show": "aviation",
    "rally": "demonstration_low",
    "exhibition": "exhibition",
    "fireworks_display": "pyrotechnic",
    "ceremony": "state",
}


class TableNeeds(msgspec.Struct, frozen=True):
    """What one table asks for.

    Args:
        table: Name and version of the table.
        needs: Number by resource, with the low, the nominal and the high crowd.
    """

    table: Message
    needs: dict[Resource, Range]


def list_needs(context: Context) -> list[TableNeeds]:
    """Returns what every table that applies asks for; none when the crowd is unknown."""
    crowd = context.crowd
    if crowd is None:
        return []
    return [TableNeeds(table, _over_crowd(need_at, crowd)) for table, need_at in _tables(context)]


def limit_of(tables: list[TableNeeds], resource: Resource) -> Range | None:
    """Returns the least and the most any table asks for; None when no table speaks of the resource."""
    needs = sorted((item.needs[resource] for item in tables if resource in item.needs), key=_by_nominal)
    if not needs:
        return None
    low, high = min(need.low for need in needs), max(need.high for need in needs)
    return Range(low, needs[len(needs) // 2].nominal, high)


def shown_needs(tables: list[TableNeeds], resource: Resource) -> list[Message]:
    """Returns one phrase per table: its name and the number it asks for."""
    return [
        Message(
            N_("{table}: {need}"),
            {"table": item.table, "need": _shown_range(item.needs[resource])},
        )
        for item in tables
        if resource in item.needs
    ]


def _shown_range(need: Range) -> float | Message:
    if need.is_exact:
        return need.nominal
    return Message(N_("{low}–{high}"), {"low": need.low, "high": need.high})


def _by_nominal(need: Range) -> float:
    return need.nominal


def _over_crowd(need_at: Callable[[float], Needs], crowd: Range) -> dict[Resource, Range]:
    low, nominal, high = (
        need_at(min(people, MOST_PEOPLE)) for people in (crowd.low, crowd.nominal, crowd.high)
    )
    return {name: Range(low[name], nominal[name], high[name]) for name in nominal}


def _tables(context: Context) -> Iterator[tuple[Message, Callable[[float], Needs]]]:
    activities = MAURER_ACTIVITIES.get(context.event.kind)
    if activities is not None and context.event.kind not in WIDE_KINDS:
        factor = min(maurer_factor(activity)[0] for activity in activities)
        yield (
            _maurer_name(N_("Maurer, common table, factor {factor}"), factor),
            _maurer(context, factor, "common"),
        )
        yield (
            _maurer_name(N_("Maurer, Bavarian Red Cross table of 2010, factor {factor}"), factor),
            _maurer(context, factor, "brk-2010"),
        )
    kind = min(MUNICH_KINDS.get(context.event.kind, ("general",)), key=lambda name: munich_factor(name)[0])
    yield (
        Message(N_("Munich 2015, factor {factor}"), {"factor": munich_factor(kind)[0]}),
        _munich(context, kind),
    )
    if context.event.kind in HSG_NATURES:
        yield Message(N_("HSG195, at its least")), _hsg195(context)


def _maurer_name(template: str, factor: float) -> Message:
    return Message(template, {"factor": factor})


def _maurer(context: Context, factor: float, table: MaurerTableName) -> Callable[[float], Needs]:
    attendance = context.plan.attendance
    permitted = known(attendance.permitted) if attendance is not None else None
    vips = (attendance.protected_persons if attendance is not None else None) or 0

    def need_at(people: float) -> Needs:
        cover = maurer_cover(
            permitted_persons=people if permitted is None else min(permitted.low, MOST_PEOPLE),
            expected_persons=people,
            factor=factor,
            is_enclosed=is_outdoors(context) is False,
            vip_persons=vips,
            has_violence_risk=expects_violence(context),
            table=table,
        )
        return {
            "helpers": cover.helpers,
            "ambulances": cover.ambulances,
            "patient_vans": cover.patient_vans,
            "doctors": cover.doctors,
            "stations": cover.aid_stations,
        }

    return need_at


def _munich(context: Context, kind: str) -> Callable[[float], Needs]:
    factor = munich_factor(kind)[0]
    surcharges = munich_surcharges(context)

    def need_at(people: float) -> Needs:
        cover = munich_cover(people, kind, surcharges=surcharges, factor=factor)
        return {
            "helpers": cover.helpers,
            "doctors": cover.doctors,
            "stations": cover.stations,
            "defibrillators": cover.defibrillators,
        }

    return need_at


def munich_surcharges(context: Context) -> int:
    """Returns the special circumstances of the Munich table that the plan states."""
    plan = context.plan
    circumstances = (
        expects_violence(context) or expects_rivals(context),
        bool(plan.attendance is not None and plan.attendance.protected_persons),
        any(item.outcome in {"injuries", "deaths"} for item in plan.history or ()),
        bool(plan.weather is not None and plan.weather.storm_warning),
        context.event.alcohol == "heavy",
        any(item.sort in {"pyrotechnics", "flame"} for item in plan.effects or ()),
    )
    return sum(circumstances)


def needs_command(context: Context) -> bool:
    """Returns True when Munich asks for a medical command post, whatever the uncertainty of the crowd."""
    if context.crowd is None:
        return False
    kind = min(MUNICH_KINDS.get(context.event.kind, ("general",)), key=lambda name: munich_factor(name)[0])
    people, factor = min(context.crowd.low, MOST_PEOPLE), munich_factor(kind)[0]
    return munich_cover(people, kind, surcharges=munich_surcharges(context), factor=factor).needs_concept


def _hsg195(context: Context) -> Callable[[float], Needs]:
    attendance, medical = context.plan.attendance, context.plan.medical
    composition = attendance.composition if attendance is not None else None
    hospital = known(medical.hospital_min) if medical is not None else None

    def need_at(people: float) -> Needs:
        cover = hsg195_cover(
            Hsg195Event(
                nature=HSG_NATURES[context.event.kind],
                venue=_hsg_venue(context),
                standing=_hsg_standing(context),
                audience=(composition.audience if composition is not None else None) or "family",
                history="low",
                persons=people,
                queue_h=0,
                season=_season(context),
                hospital_min=0 if hospital is None else min(hospital.low, 1440),
                hospital_choice="choice",
            )
        )
        return {
            "helpers": cover.first_aiders,
            "ambulances": cover.ambulances,
            "doctors": cover.doctors,
        }

    return need_at


def _hsg_venue(context: Context) -> str:
    if is_outdoors(context) is False:
        return "indoor"
    uses = {area.use for area in context.areas.values()}
    if "camping" in uses:
        return "camping"
    if context.event.kind == "music_festival":
        return "festival_site"
    return "streets" if uses == {"street"} else "stadium"


def _hsg_standing(context: Context) -> str:
    uses = {area.use for area in context.areas.values()}
    if not uses or uses <= SEATED_USES:
        return "seated"
    return "mixed" if uses & SEATED_USES else "standing"


def _season(context: Context) -> str:
    month = context.event.starts_at.month if context.event.starts_at is not None else 4
    return ("winter", "spring", "summer", "autumn")[month % 12 // 3]

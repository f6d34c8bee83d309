# SPDX-License-Identifier: Apache-2.0
"""SAN: toilets, washing and water for as long as people stay. Nothing is said while sanitation is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.families.met_heat import HEAT_INDEX_DANGER_F, felt_temperature_c
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import is_crowd_at_least, is_outdoors, stay_h
from hamkor.common.figures import ZERO, KnownFigure, Range, known, total
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.sanitation import ToiletNeed, hand_wash_needed, toilets_needed, water_outlets_needed
from hamkor.crowd.rules.units import f_to_c
from hamkor.plans.rules.services import Sanitation

PURPLE_GUIDE = "Purple Guide, sanitary facilities"
SES_OPINION = "uz-inf-commission-ses"
EVEN_SHARE = 0.5  # women among visitors when the plan does not tell
LEAST_CROWD = 1000.0  # MVStättVO s. 1: above it an outdoor event with structures is a place of assembly
LEAST_STAY_H, LONGEST_STAY_H = 0.01, 2400.0


def people_present(context: Context) -> float | None:
    """Returns the fewest people that may be present at once, so that a shortage holds beyond doubt."""
    return None if context.crowd is None else min(context.crowd.low, 1e7)


def women_share(context: Context) -> float | None:
    """Returns the share of women the plan states."""
    attendance = context.plan.attendance
    composition = attendance.composition if attendance is not None else None
    return None if composition is None else composition.women_share


def toilet_need(context: Context, sanitation: Sanitation) -> ToiletNeed | None:
    """Returns the toilets the guide asks for; None when the crowd is unknown."""
    people = people_present(context)
    if people is None:
        return None
    hours, share = stay_h(context), women_share(context)
    stay = LEAST_STAY_H if hours is None else min(max(hours.nominal, LEAST_STAY_H), LONGEST_STAY_H)
    return toilets_needed(
        people,
        stay,
        female_share=EVEN_SHARE if share is None else share,
        has_much_alcohol=context.event.alcohol == "heavy",
        is_campsite=sanitation.camping is True,
    )


def provided(context: Context, *figures: float | KnownFigure | None) -> Range | None:
    """Returns the sum of figures; None when one is unknown in an extract, zero for it in a complete plan."""
    ranges = [known(figure) for figure in figures]
    if any(item is None for item in ranges) and not context.is_complete:
        return None
    return total(item for item in ranges if item is not None)


def is_told_apart(sanitation: Sanitation) -> bool:
    """Returns True when the plan gives toilets for women or for men."""
    return sanitation.toilets_women is not None or sanitation.toilets_men is not None


def assumptions(context: Context) -> tuple[Message, ...]:
    """Returns what was taken for granted about the stay and the share of women."""
    assumed = []
    if stay_h(context) is None:
        assumed.append(
            Message(N_("The length of the stay is unknown; a short one, which needs least, was taken."))
        )
    if women_share(context) is None:
        assumed.append(Message(N_("Half of the visitors were taken to be women.")))
    return tuple(assumed)


def _shortage(
    context: Context, measured: Range, needed: float, *, severity: Severity = "amber", **facts: Any
) -> Iterator[Found]:
    if measured.high < needed:
        limit = Range.exactly(needed)
        yield Found(
            subject=context.part_subject("sanitation"),
            severity=severity,
            measured=measured,
            limit=limit,
            ratio=limit / measured,
            facts=facts,
            assumptions=assumptions(context),
        )


@rule(
    "SAN-001",
    title=N_("Too few toilets for women"),
    says=N_("Toilets for women: {measured}; needed for the crowd and its stay: {limit}."),
    do=N_("Bring the toilets women may use to {limit}."),
    why=N_(
        "Queues at toilets become standing crowds in passages, people leave and come back through the gates, and some "
        "give up drinking in the heat."
    ),
    severity=N_("Amber."),
    unit="toilets",
    sources=(SES_OPINION, PURPLE_GUIDE),
)
def too_few_for_women(context: Context) -> Iterator[Found]:
    """Yields a finding when women have fewer toilets than the guide asks for; unisex ones all count."""
    sanitation = context.plan.sanitation
    need = None if sanitation is None else toilet_need(context, sanitation)
    if sanitation is None or need is None or not is_told_apart(sanitation):
        return
    women = provided(context, sanitation.toilets_women)
    if women is None:
        return
    unisex = known(sanitation.toilets_unisex) or ZERO
    yield from _shortage(context, women + unisex, need.female)


@rule(
    "SAN-002",
    title=N_("Too few toilets for men"),
    says=N_("Toilets and urinals for men: {measured}; needed for the crowd and its stay: {limit}."),
    do=N_("Bring the toilets and urinals for men to {limit}."),
    why=N_("Men without toilets use fences, walls and the dark ends of emergency ways."),
    severity=N_("Amber."),
    unit="units",
    sources=(SES_OPINION, PURPLE_GUIDE),
)
def too_few_for_men(context: Context) -> Iterator[Found]:
    """Yields a finding when men have fewer toilets and urinals than the guide asks for."""
    sanitation = context.plan.sanitation
    need = None if sanitation is None else toilet_need(context, sanitation)
    if sanitation is None or need is None or not is_told_apart(sanitation):
        return
    counted = provided(context, sanitation.toilets_men, sanitation.urinals)
    if counted is None:
        return
    unisex = known(sanitation.toilets_unisex) or ZERO
    yield from _shortage(context, counted + unisex, (need.male or 0) + (need.urinals or 0))


@rule(
    "SAN-003",
    title=N_("Too few toilets"),
    says=N_("Toilets for everyone: {measured}; needed for the crowd and its stay: {limit}."),
    do=N_("Bring the toilets to {limit}."),
    why=N_("Queues at toilets become standing crowds in passages and send people through the gates twice."),
    severity=N_("Amber, for 1 000 people or more."),
    unit="toilets",
    sources=(SES_OPINION, PURPLE_GUIDE),
)
def too_few_for_everyone(context: Context) -> Iterator[Found]:
    """Yields a finding when toilets are not told apart by sex and are fewer than the guide asks for in all."""
    sanitation = context.plan.sanitation or (Sanitation() if context.is_complete else None)
    if sanitation is None or is_told_apart(sanitation):
        return
    need = toilet_need(context, sanitation)
    counted = provided(context, sanitation.toilets_unisex)
    if need is None or counted is None or not is_crowd_at_least(context, LEAST_CROWD):
        return
    yield from _shortage(context, counted, need.female + (need.male or 0) + (need.urinals or 0))


@rule(
    "SAN-004",
    title=N_("Too few places to wash hands"),
    says=N_("Wash basins: {measured}; the least for the toilets there are: {limit}."),
    do=N_("Bring the wash basins or hand-cleaning points to {limit}."),
    why=N_("Stomach illness spreads from toilets without water to everyone who eats at the stalls."),
    severity=N_("Amber."),
    unit="basins",
    sources=(SES_OPINION, PURPLE_GUIDE),
)
def too_few_basins(context: Context) -> Iterator[Found]:
    """Yields a finding when basins are fewer than one for ten units."""
    sanitation = context.plan.sanitation
    if sanitation is None or sanitation.wash_basins is None:
        return
    kinds = (
        sanitation.toilets_women,
        sanitation.toilets_men,
        sanitation.toilets_unisex,
        sanitation.urinals,
    )
    units = total(item for item in map(known, kinds) if item is not None)
    needed = hand_wash_needed(units.low)
    basins = known(sanitation.wash_basins)
    if needed is not None and basins is not None:
        yield from _shortage(context, basins, needed[0])


def is_heat_forecast(context: Context) -> bool:
    """Returns True when the heat index outdoors is forecast to reach the range of danger."""
    weather = context.plan.weather
    felt_c = None if weather is None or is_outdoors(context) is False else felt_temperature_c(weather)
    return felt_c is not None and felt_c >= f_to_c(HEAT_INDEX_DANGER_F)


@rule(
    "SAN-005",
    title=N_("Too little drinking water"),
    says=N_("Outlets of free drinking water: {measured}; needed for the crowd: {limit}.{heat}"),
    do=N_("Bring the outlets of free drinking water to {limit}, spread over the places where people wait."),
    why=N_(
        "People who queue and stand for hours lose a litre and more; those who faint in a dense crowd fall under it. "
        "One outlet serves about 3 000."
    ),
    severity=N_("Red when there is none and dangerous heat is forecast; else amber."),
    unit="outlets",
    sources=(SES_OPINION, "Purple Guide, drinking water"),
)
def too_little_water(context: Context) -> Iterator[Found]:
    """Yields a finding when outlets of water are fewer than the guide asks for."""
    sanitation, people = context.plan.sanitation, people_present(context)
    if people is None or (sanitation is None and not context.is_complete):
        return
    outlets = provided(context, None if sanitation is None else sanitation.water_points)
    if outlets is None or (outlets.high == 0 and people < LEAST_CROWD and not is_heat_forecast(context)):
        return
    severity: Severity = "red" if outlets.high == 0 and is_heat_forecast(context) else "amber"
    heat = Message(N_(" Dangerous heat is forecast.")) if is_heat_forecast(context) else ""
    yield from _shortage(context, outlets, water_outlets_needed(people), severity=severity, heat=heat)


@rule(
    "SAN-006",
    title=N_("No toilet for wheelchair users"),
    says=N_("There is no toilet wheelchair users can use{people}."),
    do=N_("Set up toilets wheelchair users can reach, beside their places."),
    why=N_("Visitors who cannot use any toilet cannot come, or leave early against the stream."),
    severity=N_("Amber when it is known that there is none."),
    sources=(SES_OPINION, PURPLE_GUIDE),
)
def no_accessible_toilet(context: Context) -> Iterator[Found]:
    """Yields a finding when it is known that no toilet is accessible and the event is large or users are expected."""
    sanitation, attendance = context.plan.sanitation, context.plan.attendance
    if sanitation is None:
        return
    toilets = provided(context, sanitation.toilets_accessible)
    composition = attendance.composition if attendance is not None else None
    users = known(composition.wheelchair_users) if composition is not None else None
    is_needed = is_crowd_at_least(context, LEAST_CROWD) or (users is not None and users.low > 0)
    if toilets is not None and toilets.high == 0 and is_needed:
        people = "" if users is None else Message(N_("; {users} are expected"), {"users": users.nominal})
        yield Found(subject=context.part_subject("sanitation"), severity="amber", facts={"people": people})

# SPDX-License-Identifier: Apache-2.0
"""Communications, medical cover, sanitation, weather, special effects, force, separation of groups."""

from __future__ import annotations

from typing import Any

from hamkor.common.i18n import format_number, translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.readiness import Channel, Link
from hamkor.printing.sections.blocks import (
    Block,
    Row,
    Section,
    cell,
    facts,
    heading,
    note,
    part_section,
    table,
)
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import agency_name, clean, day, figure, say, yes_no
from hamkor.printing.words import unit_word, word


def communications_section(plan: Plan, names: Names) -> Section:
    """Returns channels and, for every link, the four channels in turn."""
    language, communications = names.language, plan.communications
    if communications is None:
        return part_section(plan, "communications", language, None)
    joint = translate(N_("All agencies in one command post or one call"), language)
    blocks = [
        facts([(joint, yes_no(communications.joint_command_post, language))]),
        heading(translate(N_("Links: first, second, third and last channel"), language)),
        _links(communications.links, names),
        heading(translate(N_("Channels"), language)),
        _channels(communications.channels, names),
    ]
    return part_section(plan, "communications", language, blocks)


def _nothing(items: object, names: Names) -> Block:
    return note(names.unknown() if items is None else translate(N_("None."), names.language))


def _links(links: tuple[Link, ...] | None, names: Names) -> Block:
    if not links:
        return _nothing(links, names)
    language = names.language
    columns = [
        (N_("Link"), 2.8),
        (N_("Primary"), 1.6),
        (N_("Alternate"), 1.6),
        (N_("Contingency"), 1.6),
        (N_("Emergency"), 1.6),
    ]
    return table(columns, [_link_row(link, names) for link in links], language)


def _link_row(link: Link, names: Names) -> Row:
    ends = " – ".join(names.who(end) for end in link.between)
    title = say(link.title, names.language) if link.title else ends or clean(link.id)
    critical = translate(N_("critical"), names.language) if link.critical else ""
    small = " · ".join(filter(None, (ends if link.title else "", critical)))
    channels = (link.primary, link.alternate, link.contingency, link.emergency)
    return [
        cell(title, bold=True, small=small),
        *(cell(names.channel(c), tone="red" if c == "none" and link.critical else "") for c in channels),
    ]


def _channels(channels: tuple[Channel, ...] | None, names: Names) -> Block:
    if not channels:
        return _nothing(channels, names)
    language = names.language
    columns = [
        (N_("Channel"), 2.6),
        (N_("Depends on"), 1.6),
        (N_("Works"), 1.0),
        (N_("Tested"), 1.3),
        (N_("Languages"), 1.5),
    ]
    rows = [
        (
            cell(names.channel(channel.id), bold=True),
            clean(channel.network) if channel.network else names.unknown(),
            cell(yes_no(channel.works, language), tone="red" if channel.works is False else ""),
            day(channel.tested_date, language),
            ", ".join(map(clean, channel.languages)) or names.unknown(),
        )
        for channel in channels
    ]
    return table(columns, rows, language)


def medical_section(plan: Plan, names: Names) -> Section:
    """Returns the medical cover."""
    medical, language = plan.medical, names.language
    if medical is None:
        return part_section(plan, "medical", language, None)
    minute = unit_word("min", language)
    rows = [
        (N_("First-aiders"), figure(medical.first_aiders, language)),
        (N_("Paramedics"), figure(medical.paramedics, language)),
        (N_("Nurses"), figure(medical.nurses, language)),
        (N_("Doctors"), figure(medical.doctors, language)),
        (N_("Ambulances"), figure(medical.ambulances, language)),
        (N_("Vehicles for seated patients"), figure(medical.patient_vans, language)),
        (N_("First-aid stations"), figure(medical.aid_stations, language)),
        (N_("Defibrillators"), figure(medical.defibrillators, language)),
        (N_("Help arrives within"), figure(medical.response_min, language, minute)),
        (N_("Drive to the hospital"), figure(medical.hospital_min, language, minute)),
        (N_("In command"), names.who(medical.commander)),
        (N_("Hospitals informed"), yes_no(medical.hospitals_informed, language)),
        (N_("Plan for many injured"), yes_no(medical.mass_casualty_plan, language)),
        (N_("Way kept free for ambulances"), names.place(medical.access_route)),
    ]
    return part_section(plan, "medical", language, [_facts(rows, language)])


def sanitation_section(plan: Plan, names: Names) -> Section:
    """Returns toilets and water."""
    sanitation, language = plan.sanitation, names.language
    if sanitation is None:
        return part_section(plan, "sanitation", language, None)
    rows = [
        (N_("Toilets for women"), figure(sanitation.toilets_women, language)),
        (N_("Toilets for men"), figure(sanitation.toilets_men, language)),
        (N_("Toilets for everyone"), figure(sanitation.toilets_unisex, language)),
        (N_("Urinals"), figure(sanitation.urinals, language)),
        (N_("Toilets for wheelchair users"), figure(sanitation.toilets_accessible, language)),
        (N_("Wash basins"), figure(sanitation.wash_basins, language)),
        (N_("Free drinking water, outlets"), figure(sanitation.water_points, language)),
        (N_("People stay overnight"), yes_no(sanitation.camping, language)),
    ]
    return part_section(plan, "sanitation", language, [_facts(rows, language)])


def weather_section(plan: Plan, names: Names) -> Section:
    """Returns limits, watch, shelter and forecast."""
    weather, language = plan.weather, names.language
    if weather is None:
        return part_section(plan, "weather", language, None)
    speed, minute = unit_word("m/s", language), unit_word("min", language)
    temperature = weather.forecast_temperature_c
    humidity = weather.forecast_humidity_percent
    rows = [
        (N_("Who watches"), agency_name(weather.watched_by, language)),
        (N_("Stopped at a gust of"), figure(weather.wind_limit_m_s, language, speed)),
        (
            N_("Stopped at lightning within"),
            figure(weather.lightning_limit_km, language, unit_word("km", language)),
        ),
        (N_("Stopped at a temperature of"), figure(weather.heat_limit_c, language, "°C")),
        (N_("Where people go"), word(weather.shelter_plan, language)),
        (N_("Minutes to bring everyone there"), figure(weather.shelter_time_min, language, minute)),
        (N_("Minutes from warning to danger"), figure(weather.warning_time_min, language, minute)),
        (N_("Storm warning in force"), yes_no(weather.storm_warning, language)),
        (N_("Forecast gust"), figure(weather.forecast_gust_m_s, language, speed)),
        (N_("Forecast temperature"), _measured(temperature, "°C", names)),
        (N_("Forecast humidity"), _measured(humidity, "%", names)),
        (N_("Thunderstorms forecast"), yes_no(weather.forecast_lightning, language)),
    ]
    return part_section(plan, "weather", language, [_facts(rows, language)])


def _measured(value: float | None, unit: str, names: Names) -> str:
    return names.unknown() if value is None else f"{format_number(value, names.language)}\u00a0{unit}"


def _facts(rows: list[tuple[str, str]], language: str) -> Block:
    return facts([(translate(label, language), value) for label, value in rows])


def effects_section(plan: Plan, names: Names) -> Section:
    """Returns pyrotechnics and other effects with their distances."""
    language = names.language
    if not plan.effects:
        return part_section(plan, "effects", language, None)
    columns = [
        (N_("Effect"), 2.4),
        (N_("Where"), 1.8),
        (N_("Distance to the public, m"), 1.5, "right"),
        (N_("Distance demanded, m"), 1.5, "right"),
        (N_("Permit"), 1.0),
        (N_("Extinguishers ready"), 1.2),
    ]
    rows = [
        (
            cell(
                say(effect.title, language) if effect.title else word(effect.sort, language),
                bold=True,
                small=word(effect.sort, language) if effect.title else "",
            ),
            names.place(effect.area),
            figure(effect.distance_to_public_m, language),
            figure(effect.required_distance_m, language),
            cell(yes_no(effect.permitted, language), tone="red" if effect.permitted is False else ""),
            yes_no(effect.extinguishers, language),
        )
        for effect in plan.effects
    ]
    return part_section(plan, "effects", language, [table(columns, rows, language)])


def force_section(plan: Plan, names: Names) -> Section:
    """Returns the means of force the plan allows or forbids."""
    language = names.language
    if not plan.force:
        return part_section(plan, "force", language, None)
    columns = [
        (N_("Means"), 2.0),
        (N_("Allowed"), 1.2),
        (N_("Where"), 2.4),
        (N_("Who may order it"), 2.4),
    ]
    rows = [
        (
            cell(word(item.measure, language), bold=True),
            yes_no(item.allowed, language),
            names.places(item.place, N_("everywhere")),
            names.who(item.authorised_by),
        )
        for item in plan.force
    ]
    return part_section(plan, "force", language, [table(columns, rows, language)])


def segregation_section(plan: Plan, names: Names) -> Section:
    """Returns the groups that must not meet and what keeps them apart."""
    language = names.language
    if not plan.segregation:
        return part_section(plan, "segregation", language, None)
    columns = [
        (N_("Groups and their places"), 4.0),
        (N_("Kept apart by"), 1.8),
        (N_("Empty strip, m"), 1.2, "right"),
        (N_("Answers for it"), 1.8),
    ]
    return part_section(
        plan,
        "segregation",
        language,
        [table(columns, [_groups_row(item, names) for item in plan.segregation], language)],
    )


def _groups_row(item: Any, names: Names) -> Row:
    language = names.language
    groups = [f"{clean(group)}: {names.places(ids)}" for group, ids in item.groups.items()]
    return (
        "; ".join(groups) or names.unknown(),
        word(item.barrier, language),
        figure(item.sterile_width_m, language),
        agency_name(item.owner, language),
    )

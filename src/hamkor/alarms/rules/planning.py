# SPDX-License-Identifier: Apache-2.0
"""The rules a plan brings: its numbers of people, its certified densities, its limits of weather, its agreed signs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import msgspec

from hamkor.alarms.rules.alarms import WATCHED, AlarmRule
from hamkor.alarms.rules.defaults import (
    PEOPLE_PER_M2,
    default_rules,
    heat_rule,
    in_all_languages,
    lightning_rule,
    wind_near_rule,
    wind_rule,
)
from hamkor.alarms.rules.evaluating.context import capacities_of
from hamkor.alarms.rules.profiles import DEFAULT_PROFILE, AlarmProfile, alarm_profile
from hamkor.common.figures import known
from hamkor.common.messages import N_
from hamkor.crowd.rules.density import density_table
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.readiness import Contingency
from hamkor.venues.rules.features import Area, Feature, Structure

ID_MAX = 80
NAMES_MAX = 5
# Areas people can leave to all sides unless the drawing says that they are enclosed.
OPEN_USES = frozenset({"street", "square", "camping", "other"})
# Hazards of the catalogue whose contingency answers a rule, the nearest first.
_HAZARDS: dict[str, tuple[str, ...]] = {
    "density-critical": ("crowd-crush", "stage-front-pressure"),
    "density-high": ("crowd-crush", "stage-front-pressure"),
    "density-rise": ("crowd-crush", "stage-front-pressure"),
    "fill-full": ("entry-surge", "crowd-at-approaches", "crowd-crush"),
    "fill-near": ("entry-surge", "crowd-at-approaches", "crowd-crush"),
    "balance": ("entry-surge", "crowd-at-approaches", "crowd-crush"),
    "cluster": ("crowd-crush", "panic-rush"),
    "words": ("crowd-crush", "panic-rush"),
    "smoke": ("building-fire", "pyrotechnics-fire", "kitchen-fire", "vegetation-fire"),
    "wind-stop": ("strong-wind", "structure-collapse", "thunderstorm"),
    "wind-near": ("strong-wind", "structure-collapse", "thunderstorm"),
    "lightning": ("thunderstorm",),
    "heat": ("heat",),
    "silent-post": ("communications-loss",),
    "silent-order": ("communications-loss",),
}


def rules_of_plan(plan: Plan, profile: str = DEFAULT_PROFILE) -> tuple[AlarmRule, ...]:
    """Returns the rules of an event: the defaults with the numbers of its plan, and those only this plan has.

    Args:
        plan: The plan; what it does not say, the profile says.
        profile: Name of the profile.

    Raises:
        UnknownAlarmProfileError: ``alarm-profile-unknown``.

    Notes:
        Zones with reserved places fill to their number by design, so only more than the number is an alarm there.
    """
    numbers = alarm_profile(profile)
    rules = {rule.id: rule for rule in default_rules(profile)}
    for rule in (*_fill_rules(plan, rules, numbers), *_weather_rules(plan, numbers)):
        rules[rule.id] = rule
    cards = _Cards(plan)
    answered = [_with_card(rule, cards) for rule in (*rules.values(), *_density_rules(plan, numbers))]
    return (*answered, *_signs(plan), *_triggers(plan))


class _Cards:
    """Contingencies by hazard of the catalogue."""

    def __init__(self, plan: Plan) -> None:
        catalogue = {entry.id: entry.catalogue or entry.id for entry in plan.hazards or ()}
        self._of_hazard: dict[str, Contingency] = {}
        known_cards = {card.id: card for card in plan.contingencies or ()}
        for card in known_cards.values():
            for hazard in card.hazards:
                self._of_hazard.setdefault(catalogue.get(hazard, hazard), card)
        for entry in plan.hazards or ():
            for card_id in entry.contingencies or ():
                if card_id in known_cards:
                    self._of_hazard.setdefault(catalogue[entry.id], known_cards[card_id])

    def find(self, hazards: Iterable[str]) -> Contingency | None:
        """Returns the contingency of the first hazard that has one."""
        return next((self._of_hazard[hazard] for hazard in hazards if hazard in self._of_hazard), None)


def _with_card(rule: AlarmRule, cards: _Cards) -> AlarmRule:
    card = cards.find(_HAZARDS.get(rule.id.partition(":")[0], ()))
    if card is None:
        return rule
    owners = [step.owner for step in card.steps or () if step.owner is not None]
    # Silence is a matter of who was spoken to, not of who leads when communications fail.
    is_acted_on = bool(owners) and rule.sort not in WATCHED
    return msgspec.structs.replace(rule, contingency=card.id, agency=owners[0] if is_acted_on else None)


def _of_plan(rule: AlarmRule, **values: Any) -> AlarmRule:
    return msgspec.structs.replace(rule, origin="plan", **values)


def _areas(plan: Plan) -> dict[str, Area]:
    features = plan.venue.features if plan.venue is not None else ()
    return {each.id: each.properties for each in features if isinstance(each.properties, Area)}


def _is_open(area: Area) -> bool:
    return not area.enclosed if area.enclosed is not None else area.use in OPEN_USES


def _fill_rules(plan: Plan, defaults: dict[str, AlarmRule], numbers: AlarmProfile) -> list[AlarmRule]:
    capacities, areas = capacities_of(plan), _areas(plan)
    if not capacities:
        return []
    free = [zone for zone in capacities if zone not in areas or not areas[zone].reserved_places]
    stopped = [zone for zone in free if zone in areas and _is_open(areas[zone])]
    near = tuple(zone for zone in free if zone not in stopped)
    rules = [
        _of_plan(defaults["fill-near"], places=near, enabled=bool(near)),
        _of_plan(defaults["balance"], places=tuple(free), enabled=bool(free)),
        _of_plan(defaults["fill-full"], places=tuple(capacities)),
    ]
    if stopped:
        share = density_table().admission_stop_share
        rules.append(
            _of_plan(
                defaults["fill-near"],
                id="fill-open",
                title=in_all_languages(N_("Admission to an open place must stop")),
                action=in_all_languages(
                    N_("Stop the admission to this place; send people where there is room.")
                ),
                places=tuple(stopped),
                limit=share,
                clear_at=share - numbers.fill_step_share,
                priority=2,
                source=density_table().source,
            )
        )
    return rules


def _density_rules(plan: Plan, numbers: AlarmProfile) -> list[AlarmRule]:
    """Returns a rule for each area whose certificate allows less than the limit of a moving crowd."""
    rules = []
    for area_id, area in _areas(plan).items():
        certified = known(area.standing_density_per_m2)
        if certified is None or not 0 < certified.low < numbers.density_high_per_m2:
            continue
        rules.append(
            AlarmRule(
                id=f"density-high:{area_id}"[:ID_MAX],
                title=in_all_languages(N_("Denser than certified")),
                sort="threshold",
                measure="density",
                places=(area_id,),
                limit=certified.low,
                clear_at=max(0.0, certified.low - numbers.density_step_per_m2),
                hold_s=numbers.density_hold_s,
                unit=PEOPLE_PER_M2,
                priority=3,
                action=in_all_languages(
                    N_("Hold the inflow to this place until it is within its certificate.")
                ),
                origin="plan",
                source=area.source,
            )
        )
    return rules


def _weather_rules(plan: Plan, numbers: AlarmProfile) -> list[AlarmRule]:
    rules, gusts = [], []
    weather = plan.weather
    wind = known(weather.wind_limit_m_s) if weather is not None else None
    if weather is not None and wind is not None and wind.low > 0:
        gusts.append(wind.low)
        rules.append(_of_plan(wind_rule("wind-stop", wind.low, numbers, source=weather.source)))
    for (limit, _), found in _structures_by_limit(plan).items():
        gusts.append(limit)
        rules.append(_structures_rule(found, limit, numbers))
    if gusts:
        rules.append(_of_plan(wind_near_rule("wind-near", min(gusts), numbers)))
    lightning = known(weather.lightning_limit_km) if weather is not None else None
    if lightning is not None and lightning.high > 0:
        rules.append(_of_plan(lightning_rule(lightning.high, numbers)))
    heat = known(weather.heat_limit_c) if weather is not None else None
    if heat is not None:
        rules.append(_of_plan(heat_rule(heat.low)))
    return rules


def _structures_by_limit(plan: Plan) -> dict[tuple[float, str], list[Feature]]:
    """Returns the structures with a limit; those for which the same is done at the same gust are one alarm."""
    found: dict[tuple[float, str], list[Feature]] = {}
    for feature in plan.venue.features if plan.venue is not None else ():
        structure = feature.properties
        limit = known(structure.wind_limit_m_s) if isinstance(structure, Structure) else None
        if isinstance(structure, Structure) and limit is not None and limit.low > 0:
            found.setdefault((limit.low, str(structure.wind_action)), []).append(feature)
    return found


def _structures_rule(features: list[Feature], limit_m_per_s: float, numbers: AlarmProfile) -> AlarmRule:
    first = cast("Structure", features[0].properties)
    rule = wind_rule(f"wind-stop:{features[0].id}"[:ID_MAX], limit_m_per_s, numbers, source=first.source)
    names = [each.properties.name or each.id for each in features[:NAMES_MAX]]
    more = ["…"] if len(features) > NAMES_MAX else []
    return _of_plan(
        rule,
        title=in_all_languages(N_("Wind at the limit of: {structures}"), structures=[*names, *more]),
        action=rule.action if first.wind_action is None else first.wind_action,
        places=tuple(each.id for each in features),
    )


def _signs(plan: Plan) -> list[AlarmRule]:
    """Returns a rule to be raised by hand for each sign on which somebody must stop."""
    action = in_all_languages(N_("This is an agreed sign: open the show-stop, and order what was agreed."))
    return [
        AlarmRule(
            id=f"sign-{number}:{authority.id}"[:ID_MAX],
            title=sign,
            sort="manual",
            priority=1,
            action=action,
            agency=authority.agency,
            origin="plan",
            source=authority.source,
        )
        for authority in plan.stop or ()
        for number, sign in enumerate(authority.signs or (), start=1)
    ]


def _triggers(plan: Plan) -> list[AlarmRule]:
    """Returns a rule to be raised by hand for each contingency, which opens it."""
    return [
        AlarmRule(
            id=f"trigger:{card.id}"[:ID_MAX],
            title=card.title,
            sort="manual",
            priority=2,
            contingency=card.id,
            action=card.trigger,
            origin="plan",
            source=card.source,
        )
        for card in plan.contingencies or ()
    ]

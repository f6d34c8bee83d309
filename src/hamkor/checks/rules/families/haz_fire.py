# SPDX-License-Identifier: Apache-2.0
"""HAZ, fire: flame, pyrotechnics and gas against what surrounds them, and linings that burn."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity, Subject, judge
from hamkor.checks.rules.flows import locked_exits
from hamkor.checks.rules.naming import listed
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import is_indoors
from hamkor.common.figures import known
from hamkor.common.messages import N_, Message
from hamkor.plans.rules.services import Effect

STATION = "NIST investigation of The Station nightclub fire, 2005"
PYRO_NORM = "uz-cm-2021-pyro-event"
FIRE_RULES = "uz-cm-649-2020"
BURNING = frozenset({"pyrotechnics", "flame"})
NEEDING_PERMIT = BURNING | {"gas"}
SORTS = {
    "pyrotechnics": N_("pyrotechnics"),
    "flame": N_("open flame"),
    "smoke": N_("smoke"),
    "gas": N_("gas"),
    "laser": N_("laser"),
    "confetti": N_("confetti"),
    "balloons": N_("balloons"),
}


def effect_subject(effect: Effect) -> Subject:
    """Returns an effect as a subject."""
    return Subject("effect", effect.id, effect.title)


def effects_of(context: Context, sorts: frozenset[str]) -> list[Effect]:
    """Returns the effects of some sorts."""
    return [effect for effect in context.plan.effects or () if effect.sort in sorts]


def lining_of(context: Context, effect: Effect) -> str | None:
    """Returns the worst lining of the effect and its area; None when unknown.

    Notes:
        An effect without an area is in one of those under a roof: their lining counts when they all share it.
    """
    area = context.areas.get(effect.area or "")
    linings = {effect.lining, area.lining if area is not None else None}
    if effect.area is None:
        roofed = {item.lining for item in context.areas.values() if item.indoors is not False}
        linings |= roofed if len(roofed) == 1 else set()
    return next((lining for lining in ("unrated", "rated", "noncombustible") if lining in linings), None)


def _is_inside(context: Context, effect: Effect) -> bool:
    return effect.indoors if effect.indoors is not None else is_indoors(context, effect.area) is True


def blocked_exits(context: Context, area_id: str) -> list[str]:
    """Returns the exits of an area nobody could open in time, and those in which something stands."""
    locked = locked_exits(context, area_id)
    obstructed = [name for name, item in context.connections_at.get(area_id, ()) if item.obstructed]
    return list(dict.fromkeys(locked + obstructed))


@rule(
    "HAZ-021",
    title=N_("Fire beside a lining that burns"),
    says=N_("Indoors ({subject}), {sort} will burn beside a lining that {state}."),
    do=N_("Take {sort} out of the programme, or prove the lining fit with a certificate."),
    why=N_(
        "Foam and cloth carry a spark over a ceiling in a minute, and the smoke kills at the exits: The Station in "
        "2003 (100 dead), Kiss in 2013 (242) and Colectiv in 2015 (64) all began with fireworks under such a lining."
    ),
    severity=N_(
        "Red when the lining is known to be unrated, or unknown in a complete plan; amber when unknown."
    ),
    sources=(STATION, FIRE_RULES, PYRO_NORM),
)
def fire_beside_lining(context: Context) -> Iterator[Found]:
    """Yields each burning effect indoors whose lining is unrated or unknown."""
    for effect in effects_of(context, BURNING):
        lining = lining_of(context, effect)
        if lining in {"rated", "noncombustible"} or not _is_inside(context, effect):
            continue
        is_known = lining == "unrated" or context.is_complete
        state = N_("has no fire rating") if lining == "unrated" else N_("is of unknown fire rating")
        yield Found(
            subject=effect_subject(effect),
            severity="red" if is_known else "amber",
            facts={"sort": Message(SORTS[effect.sort]), "state": Message(state)},
        )


@rule(
    "HAZ-022",
    title=N_("An effect without a permit"),
    says=N_("{state} for {sort} ({subject})."),
    do=N_("Get the permit, or take {sort} out of the programme."),
    why=N_(
        "The permit is the only moment at which somebody who knows fire looks at distance, lining and firing."
    ),
    severity=N_(
        "Red for pyrotechnics, flame and gas known to have none; amber for other effects, "
        "or when a complete plan is silent."
    ),
    sources=(PYRO_NORM, FIRE_RULES),
)
def effect_without_permit(context: Context) -> Iterator[Found]:
    """Yields each effect without a permit, and in a complete plan those whose permit is not mentioned."""
    for effect in context.plan.effects or ():
        is_dangerous = effect.sort in NEEDING_PERMIT
        if effect.permitted is False:
            severity: Severity = "red" if is_dangerous else "amber"
            state = N_("There is no permit")
        elif effect.permitted is None and context.is_complete and is_dangerous:
            severity, state = "amber", N_("No permit is mentioned")
        else:
            continue
        facts = {"sort": Message(SORTS[effect.sort]), "state": Message(state)}
        yield Found(subject=effect_subject(effect), severity=severity, facts=facts)


@rule(
    "HAZ-023",
    title=N_("An effect too near to people"),
    says=N_("{subject} is {measured} m from the nearest visitor; {limit} m are required."),
    do=N_("Move the effect or the public until {limit} m lie between them."),
    why=N_("The distance is where hot parts fall when everything goes as it should."),
    severity=N_("Red when too near over the whole range of the numbers, amber when it may be."),
    unit="m",
    sources=(PYRO_NORM,),
)
def effect_too_near(context: Context) -> Iterator[Found]:
    """Yields each effect nearer to the public than its maker or permit demands."""
    for effect in context.plan.effects or ():
        distance_m, required_m = known(effect.distance_to_public_m), known(effect.required_distance_m)
        if distance_m is None or required_m is None:
            continue
        ratio = required_m / distance_m
        severity = judge(ratio)
        if severity is not None:
            yield Found(
                subject=effect_subject(effect),
                severity=severity,
                measured=distance_m,
                limit=required_m,
                ratio=ratio,
            )


@rule(
    "HAZ-024",
    title=N_("No extinguishing means beside fire"),
    says=N_("No extinguishing means stand ready at {subject}{place}."),
    do=N_("Place extinguishers and somebody trained beside {subject}."),
    why=N_("A fire is put out in its first half minute or not by those present at all."),
    severity=N_("Red indoors, amber outdoors; amber when a complete plan is silent."),
    sources=(FIRE_RULES, STATION),
)
def fire_without_extinguishers(context: Context) -> Iterator[Found]:
    """Yields each burning effect without extinguishing means."""
    for effect in effects_of(context, NEEDING_PERMIT):
        if effect.extinguishers or (effect.extinguishers is None and not context.is_complete):
            continue
        is_inside = _is_inside(context, effect)
        yield Found(
            subject=effect_subject(effect),
            severity="red" if is_inside and effect.extinguishers is False else "amber",
            facts={"place": Message(N_(", indoors")) if is_inside else ""},
        )


@rule(
    "HAZ-025",
    title=N_("Gas or balloons over a crowd"),
    says=N_("{sort} are used above people ({subject}), and nothing says that the gas cannot burn."),
    do=N_("State in writing that only gas that cannot burn is used."),
    why=N_(
        "In Yerevan in 2012 balloons filled with gas that burns went off in a crowd; more than 140 people were burned."
    ),
    severity=N_("Amber without a permit; info for balloons whose permit is unknown."),
    sources=(FIRE_RULES,),
)
def gas_over_crowd(context: Context) -> Iterator[Found]:
    """Yields each release of gas or balloons that no permit covers."""
    for effect in effects_of(context, frozenset({"gas", "balloons"})):
        if not effect.permitted:
            is_open = effect.sort == "gas" or effect.permitted is False
            yield Found(
                subject=effect_subject(effect),
                severity="amber" if is_open else "info",
                facts={"sort": Message(SORTS[effect.sort])},
            )


@rule(
    "HAZ-026",
    title=N_("A hall with a lining that burns"),
    says=N_("The walls, ceiling or sound proofing of {subject} have no fire rating{exits}."),
    do=N_(
        "Remove or replace the lining, or keep the public out of {subject}; allow no flame and no heat near it."
    ),
    why=N_(
        "Such a lining turns a small fire into one that fills the hall with poison in about ninety seconds; "
        "The Station in 2003 and Kiss in 2013 were lined with foam."
    ),
    severity=N_("Red when an exit of the area is locked or obstructed as well; else amber."),
    sources=(STATION, FIRE_RULES),
)
def hall_with_unrated_lining(context: Context) -> Iterator[Found]:
    """Yields each area under a roof whose lining is known to be unrated."""
    for area_id, area in context.areas.items():
        if area.lining == "unrated" and is_indoors(context, area_id) is not False:
            blocked = [context.subject("opening", name).shown() for name in blocked_exits(context, area_id)]
            exits = Message(N_(", and these exits are blocked: {names}"), {"names": listed(blocked)})
            yield Found(
                subject=context.subject("area", area_id),
                severity="red" if blocked else "amber",
                facts={"exits": exits if blocked else ""},
            )

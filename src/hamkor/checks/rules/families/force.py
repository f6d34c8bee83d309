# SPDX-License-Identifier: Apache-2.0
"""FORCE: irritants and other force against people who cannot leave quickly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from hamkor.checks.rules.context import Context, profile_assumption
from hamkor.checks.rules.findings import Found, Severity, judge
from hamkor.checks.rules.flows import egress_time_min, emergency_limit_min, locked_exits
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.robustness import across_profiles
from hamkor.checks.rules.setting import expects_rivals, expects_violence
from hamkor.common.figures import Range
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.connections import is_bounded
from hamkor.crowd.rules.profiles import FlowProfile
from hamkor.plans.rules.readiness import ForceMeasure

# What drives everyone in an area away at once. Batons and dogs act on single people; alone they do not empty a stand.
DISPERSING = frozenset({"irritant", "water_cannon", "horses", "rubber_bullets", "stun_grenades"})
# Where it is only assumed that an area is closed, horses say nothing: mounted police ride beside queues and approaches.
ONLY_WHERE_SURELY_CLOSED = frozenset({"horses"})
WITHOUT_PUBLIC = frozenset({"backstage"})
# Spectators do not stay there; when the plan is silent on force, such areas count only if stated to be enclosed.
WITHOUT_SPECTATORS = frozenset({"backstage", "concourse", "pitch", "queue"})
MEASURES = {
    "irritant": N_("tear gas or another irritant"),
    "water_cannon": N_("water cannon"),
    "batons": N_("batons"),
    "dogs": N_("dogs"),
    "horses": N_("horses"),
    "rubber_bullets": N_("rubber bullets"),
    "stun_grenades": N_("stun grenades"),
}
KANJURUHAN = "Joint fact-finding team on the Kanjuruhan stadium disaster, 2022"
FIFA = "FIFA Stadium Safety and Security Regulations, art. 19 (no firearms or crowd control gas)"
GREEN_GUIDE = "Green Guide, 6th ed. (SGSA, 2018), ch. 10"


def may_be_used(context: Context) -> list[ForceMeasure]:
    """Returns the measures the plan allows."""
    return [item for item in context.plan.force or () if item.allowed]


def areas_of(context: Context, measure: ForceMeasure) -> list[str]:
    """Returns the areas with public where a measure may be used: those named, or all when none is named."""
    wanted = measure.place or tuple(context.areas)
    return [
        area_id
        for area_id in wanted
        if area_id in context.areas and context.areas[area_id].use not in WITHOUT_PUBLIC
    ]


def shown(measures: Iterable[ForceMeasure]) -> list[Message]:
    """Returns the names of measures for a sentence, each once."""
    return [Message(MEASURES[sort]) for sort in dict.fromkeys(item.measure for item in measures)]


def measures_by_area(context: Context) -> dict[str, list[ForceMeasure]]:
    """Returns the measures allowed in each area, areas in the order of the plan."""
    by_area: dict[str, list[ForceMeasure]] = {}
    for measure in may_be_used(context):
        for area_id in areas_of(context, measure):
            by_area.setdefault(area_id, []).append(measure)
    return by_area


def time_and_limit_min(context: Context, area_id: str, profile: FlowProfile) -> tuple[Range, float] | None:
    """Returns the time to leave in an emergency, in minutes, and its limit; None when the time is unknown."""
    time_min = egress_time_min(context, area_id, emergency=True, profile=profile)
    return None if time_min is None else (time_min, emergency_limit_min(context, area_id, profile))


def is_too_slow(context: Context, area_id: str) -> Severity | None:
    """Returns how surely an area cannot be left within the limit, None when it can or nothing is known."""
    ratio = _ratio(context, area_id, context.profile)
    return None if ratio is None else judge(ratio)


def _ratio(context: Context, area_id: str, profile: FlowProfile) -> Range | None:
    result = time_and_limit_min(context, area_id, profile)
    return None if result is None else result[0] / result[1]


def is_shut_in(context: Context, area_id: str) -> bool:
    """Returns True when people in an area cannot spread sideways: as stated, else by its use."""
    area = context.areas[area_id]
    return is_bounded(area) or bool(area.indoors)


def is_dispersing(context: Context, area_id: str, measure: ForceMeasure) -> bool:
    """Returns True when a measure drives everyone in an area away at once and they cannot spread sideways."""
    area = context.areas[area_id]
    is_sure = bool(area.enclosed) or bool(area.indoors)
    return (
        measure.measure in DISPERSING
        and is_shut_in(context, area_id)
        and (is_sure or measure.measure not in ONLY_WHERE_SURELY_CLOSED)
    )


@rule(
    "FORCE-001",
    title=N_("Force where the way out is too slow"),
    says=N_(
        "In {subject} the plan allows {measures}, yet its people need {measured} min to leave ({limit} min allowed)."
    ),
    do=N_("Forbid {measures} in {subject} in writing, and give the order to open every exit first."),
    why=N_(
        "Gas or a charge makes everyone leave at once, by exits that pass only so many; those behind push on those who "
        "cannot move. In Kanjuruhan stadium in 2022 tear gas was fired into stands with few gates open; 135 died."
    ),
    severity=N_("Red when the limit is exceeded over the whole range of the numbers; amber when it may be."),
    unit="min",
    sources=(KANJURUHAN, FIFA, GREEN_GUIDE),
)
def force_beside_slow_egress(context: Context) -> Iterator[Found]:
    """Yields each area where force is allowed and the emergency egress time exceeds its limit."""
    for area_id, measures in measures_by_area(context).items():
        result = time_and_limit_min(context, area_id, context.profile)
        if result is None or locked_exits(context, area_id):
            continue
        time_min, limit_min = result
        ratio = time_min / limit_min
        severity = judge(ratio)
        if severity is None:
            continue
        fails, passes = across_profiles(context, partial(_ratio, context, area_id))
        yield Found(
            subject=context.subject("area", area_id),
            severity=severity,
            measured=time_min,
            limit=Range.exactly(limit_min),
            ratio=ratio,
            facts={"measures": shown(measures)},
            assumptions=(
                profile_assumption(context.profile),
                Message(N_("The largest exit is lost in an emergency, if there are several.")),
            ),
            fails_under=fails,
            passes_under=passes,
        )


@rule(
    "FORCE-002",
    title=N_("Force where exits are locked"),
    says=N_("In {subject} the plan allows {measures}, yet nobody could open {exits} in time."),
    do=N_("Forbid {measures} in {subject} in writing, and unlock or staff {exits} for the whole event."),
    why=N_(
        "People who flee gas or a charge run to the exits they know. If these are shut, the first are crushed against "
        "them: Lima 1964, Accra 2001 and Kanjuruhan 2022 all joined tear gas with shut gates."
    ),
    severity=N_("Red."),
    sources=(KANJURUHAN, FIFA),
)
def force_beside_locked_exits(context: Context) -> Iterator[Found]:
    """Yields each area where force is allowed and an exit is locked, or needs a key nobody is posted to turn."""
    for area_id, measures in measures_by_area(context).items():
        locked = locked_exits(context, area_id)
        if locked:
            yield Found(
                subject=context.subject("area", area_id),
                severity="red",
                facts={
                    "measures": shown(measures),
                    "exits": [context.subject("opening", exit_id).shown() for exit_id in locked],
                },
            )


@rule(
    "FORCE-003",
    title=N_("Force against people who are shut in"),
    says=N_(
        "In {subject}, which is enclosed, the plan allows {measures}: people there cannot get out of its way."
    ),
    do=N_("Forbid {measures} in enclosed areas in writing."),
    why=N_(
        "In the open people step aside; in a stand, pen or hall the only way is through the exits, all at once and "
        "half blind. FIFA forbids gas in stadiums for this reason."
    ),
    severity=N_("Red."),
    sources=(FIFA, KANJURUHAN),
)
def force_in_enclosed_area(context: Context) -> Iterator[Found]:
    """Yields each enclosed area where a dispersing measure is allowed and no graver finding speaks of it."""
    for area_id, measures in measures_by_area(context).items():
        dispersing = [item for item in measures if is_dispersing(context, area_id, item)]
        if not dispersing or locked_exits(context, area_id):
            continue
        if is_too_slow(context, area_id) != "red":
            yield Found(
                subject=context.subject("area", area_id),
                severity="red",
                facts={"measures": shown(dispersing)},
            )


@rule(
    "FORCE-004",
    title=N_("Force is allowed among spectators"),
    says=N_("The plan allows {measures} among spectators."),
    do=N_("Write down where {measures} may not be used, and who alone may order it with which exits open."),
    why=N_(
        "What is carried is used when nerves fail. Police at Kanjuruhan carried tear gas although the rules of the "
        "game forbid it; nobody had asked before the match."
    ),
    severity=N_("Amber."),
    sources=(FIFA, KANJURUHAN),
)
def force_elsewhere(context: Context) -> Iterator[Found]:
    """Yields one finding for the measures that no graver finding of an area speaks of."""
    areas = measures_by_area(context)
    grave = {name for name in areas if locked_exits(context, name) or is_too_slow(context, name)}
    remaining = [
        measure
        for measure in may_be_used(context)
        if not any(
            name in grave or is_dispersing(context, name, measure) for name in areas_of(context, measure)
        )
    ]
    if remaining:
        yield Found(
            subject=context.part_subject("force"), severity="amber", facts={"measures": shown(remaining)}
        )


@rule(
    "FORCE-005",
    title=N_("Nothing is said about force in closed stands"),
    says=N_(
        "Rival groups or violence are expected in enclosed areas ({areas}), and the plan does not forbid {measures}."
    ),
    do=N_("State in writing which force is forbidden in closed stands, and have every commander sign it."),
    why=N_(
        "Silence is read as permission under stress. The deadliest stadium disasters began with gas or a charge "
        "against people in stands: Lima 1964, Accra 2001, Kanjuruhan 2022."
    ),
    severity=N_("Amber."),
    sources=(KANJURUHAN, FIFA),
)
def force_not_settled(context: Context) -> Iterator[Found]:
    """Yields a finding when violence is expected in enclosed areas and force is neither allowed nor forbidden."""
    if not (expects_rivals(context) or expects_violence(context)):
        return
    enclosed = [
        area_id
        for area_id, area in context.areas.items()
        if area.enclosed or (is_shut_in(context, area_id) and area.use not in WITHOUT_SPECTATORS)
    ]
    open_questions = [item for item in context.plan.force or () if item.allowed is None]
    if not enclosed or (context.plan.force and not open_questions):
        return
    yield Found(
        subject=context.part_subject("force"),
        severity="amber",
        facts={
            "areas": [context.subject("area", area_id).shown() for area_id in enclosed],
            "measures": shown(open_questions) or [Message(MEASURES["irritant"])],
        },
    )


@rule(
    "FORCE-006",
    title=N_("Nobody is named who may order force"),
    says=N_("The plan allows {measures}, and nobody is named who alone may order it."),
    do=N_("Name the one commander who may order {measures}."),
    why=N_(
        "When every squad decides for itself, force begins at several places at once and nobody knows which exits are "
        "open. One person must hold the order and the picture."
    ),
    severity=N_("Amber."),
    sources=(KANJURUHAN,),
)
def force_without_authority(context: Context) -> Iterator[Found]:
    """Yields one finding when a complete plan allows force and names nobody who may order it."""
    if not context.is_complete:
        return
    without = [item for item in may_be_used(context) if item.authorised_by is None]
    if without:
        yield Found(
            subject=context.part_subject("force"), severity="amber", facts={"measures": shown(without)}
        )

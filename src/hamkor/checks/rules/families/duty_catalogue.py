# SPDX-License-Identifier: Apache-2.0
"""DUTY: the plan against the catalogue of duties and the agencies that take part."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hamkor.agencies.queries import get_agency, list_agencies
from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity, Subject
from hamkor.checks.rules.jurisdiction import is_uzbek
from hamkor.checks.rules.naming import agency_name, agency_names, catalogued, duty_subject, listed
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import SMALL_CROWD, TINY_CROWD, event_tags, is_crowd_below
from hamkor.common.messages import N_, Message
from hamkor.common.records import Phase
from hamkor.norms.queries import list_duties
from hamkor.norms.rules import Duty as CatalogueDuty
from hamkor.norms.rules import applies

ISO_22320 = "ISO 22320:2018, roles and responsibilities"
COORDINATION = "uz-cm-205-2014-p2-coord"
SCOPE = "MVStättVO s. 1: above 1 000 visitors in the open, above 200 under a roof"
PHASES: tuple[Phase, ...] = ("preparation", "conduct", "analysis")
PHASE_NAMES = {
    "preparation": N_("before the event"),
    "conduct": N_("during the event"),
    "analysis": N_("after the event"),
}
NOT_BODIES = frozenset({"all", "pub"})


def _may(context: Context, power: str) -> bool:
    return any(power in authority.may for authority in context.plan.stop or ())


def _counts_people(context: Context) -> bool:
    return any(area.counting not in (None, "none", "estimate") for area in context.areas.values())


def _addresses_public(context: Context) -> bool:
    communications = context.plan.communications
    links = (communications.links if communications is not None else None) or ()
    return any("public" in link.between for link in links)


def _has_medical_posts(context: Context) -> bool:
    medical = context.plan.medical
    return medical is not None and medical.commander not in (None, "none")


def _watches_weather(context: Context) -> bool:
    weather = context.plan.weather
    return weather is not None and weather.watched_by not in (None, "none")


def _has_fire_watch(context: Context) -> bool:
    manned = any(post.role == "fire" for post in context.plan.posts or ())
    return manned or any(force.role == "fire" for force in context.plan.staffing or ())


def _posts_crowd_watch(context: Context) -> bool:
    return any(post.role == "crowd_monitoring" for post in context.plan.posts or ())


def _separates_rivals(context: Context) -> bool:
    return any(item.owner not in (None, "none") for item in context.plan.segregation or ())


# Where another part of the plan shows that somebody does it, only the accountable body is still missing.
SHOWN_ELSEWHERE: dict[str, Callable[[Context], bool]] = {
    "decide-to-stop": lambda context: _may(context, "stop_show"),
    "decide-evacuation": lambda context: _may(context, "evacuate"),
    "stop-entry-when-full": lambda context: _may(context, "stop_entry"),
    "count-people-inside": _counts_people,
    "warn-public": _addresses_public,
    "run-medical-posts": _has_medical_posts,
    "watch-weather": _watches_weather,
    "fire-watch": _has_fire_watch,
    "monitor-crowd": _posts_crowd_watch,
    "separate-rival-groups": _separates_rivals,
}


class _Missing:
    """The duties of the catalogue an event of this sort needs and a complete plan does not hold."""

    def __init__(self, context: Context) -> None:
        self.essential: list[CatalogueDuty] = []
        self.shown_elsewhere: list[CatalogueDuty] = []
        self.other: list[CatalogueDuty] = []
        self.is_unlinked = False
        self.is_small = is_crowd_below(context, SMALL_CROWD)
        if not context.is_complete or not context.plan.duties:
            return
        tags, held, titles = event_tags(context), _held_ids(context), _titles(context)
        self.is_unlinked = not held
        for duty in list_duties():
            if applies(duty, tags) and duty.id not in held and not titles & _titles_of(duty):
                self._sort(context, duty)

    def _sort(self, context: Context, duty: CatalogueDuty) -> None:
        if not duty.essential:
            self.other.append(duty)
        elif self.is_small or duty.phase != "conduct" or SHOWN_ELSEWHERE.get(duty.id, _nowhere)(context):
            self.shown_elsewhere.append(duty)
        else:
            self.essential.append(duty)


def _nowhere(context: Context) -> bool:
    return False


def _held_ids(context: Context) -> set[str]:
    return {entry.id for duty in context.plan.duties or () if (entry := catalogued(duty)) is not None}


def _titles(context: Context) -> set[str]:
    titles: set[str] = set()
    for duty in context.plan.duties or ():
        if duty.title is not None:
            words = (duty.title,) if isinstance(duty.title, str) else duty.title.values()
            titles |= {word.casefold() for word in words}
    return titles


def _titles_of(duty: CatalogueDuty) -> set[str]:
    return {title.casefold() for title in duty.title.values()}


@rule(
    "DUTY-020",
    title=N_("An essential duty is missing"),
    says=N_("Nobody is charged with “{subject}”; lives depend on it."),
    do=N_("Add “{subject}” to the duties and name who answers for it; usually: {agencies}."),
    why=N_(
        "The same few duties are missing in one disaster after another: counting people sector by sector, "
        "stopping entry, watching the approaches, keeping every exit open. Each was somebody's task in "
        "nobody's plan."
    ),
    severity=N_(
        "Red, in a complete plan, for what must be done during the event and nothing in the plan shows; not for "
        "fewer than 1 000 people at once."
    ),
    sources=(ISO_22320, COORDINATION, SCOPE),
)
def essential_duty_missing(context: Context) -> Iterator[Found]:
    """Yields a finding for every essential duty of the event itself that a complete plan does not hold."""
    missing = _Missing(context)
    if missing.is_unlinked:
        return
    for duty in missing.essential:
        title = {**duty.title}
        yield Found(
            subject=Subject("duty", duty.id, title),  # type: ignore[arg-type]  # languages of the catalogue
            severity="red",
            facts={"agencies": agency_names(duty.usual_owners)},
            sources=duty.sources,
        )


@rule(
    "DUTY-021",
    title=N_("Essential duties without an accountable body"),
    says=N_("No accountable body is written for: {duties}."),
    do=N_("Add these duties with the agency that answers for each: {duties}."),
    why=N_(
        "Work of the preparation, or shown elsewhere in the plan, may well have been done. Without an owner "
        "nobody repeats it when something changes."
    ),
    severity=N_(
        "Amber, in a complete plan, for duties of the preparation and those another part shows; for all of them "
        "below 1 000 people at once, and info below 200."
    ),
    sources=(ISO_22320, COORDINATION, SCOPE),
)
def essential_duties_without_owner(context: Context) -> Iterator[Found]:
    """Yields one finding for essential duties of the preparation, those other parts show, and all of a small event."""
    missing = _Missing(context)
    if missing.shown_elsewhere and not missing.is_unlinked:
        titles = listed(duty.title for duty in missing.shown_elsewhere)
        yield Found(subject=context.part_subject("duties"), severity=_mild(context), facts={"duties": titles})


def _mild(context: Context) -> Severity:
    return "info" if is_crowd_below(context, TINY_CROWD) else "amber"


@rule(
    "DUTY-022",
    title=N_("Duties not linked to the catalogue"),
    says=N_(
        "None of the duties names a duty of the catalogue, so it cannot be seen whether essential ones are missing."
    ),
    do=N_("Give each duty its `catalogue` id (`hamkor duties` lists them)."),
    why=N_("A list in free words looks complete to whoever wrote it. A checklist shows what was forgotten."),
    severity=N_("Amber, in a complete plan; info below 200 people at once."),
    sources=(ISO_22320, SCOPE),
)
def unlinked_duties(context: Context) -> Iterator[Found]:
    """Yields a finding when a complete plan has duties and none of them is linked to the catalogue."""
    if _Missing(context).is_unlinked:
        yield Found(subject=context.part_subject("duties"), severity=_mild(context))


@rule(
    "DUTY-023",
    title=N_("Other duties of the catalogue are missing"),
    says=N_("Other duties of the catalogue that are not in the plan ({count}): {duties}."),
    do=N_("Add those that concern this event, or note why they do not: {duties}."),
    why=N_("They do not save lives by themselves, but somebody will ask for them before or after the event."),
    severity=N_("Info, in a complete plan."),
    sources=(COORDINATION,),
)
def other_duties_missing(context: Context) -> Iterator[Found]:
    """Yields one finding for the duties of the catalogue on which no life depends."""
    missing = _Missing(context)
    if missing.other and not missing.is_unlinked:
        facts = {"duties": listed(duty.title for duty in missing.other), "count": len(missing.other)}
        yield Found(subject=context.part_subject("duties"), severity="info", facts=facts)


@rule(
    "DUTY-024",
    title=N_("An unusual owner"),
    says=N_("Another agency than usual answers for: {duties}."),
    do=N_("Make sure that the agency has agreed and has the means."),
    why=N_("A duty given to a body that never had it is easily accepted on paper and forgotten on the day."),
    severity=N_("Info."),
    sources=(ISO_22320,),
)
def unusual_owner(context: Context) -> Iterator[Found]:
    """Yields one finding for the duties whose owner is neither usual nor supporting in the catalogue."""
    unusual = []
    for duty in context.plan.duties or ():
        entry, owners = catalogued(duty), set(duty.accountable or ()) - NOT_BODIES
        if entry is not None and owners and not owners & {*entry.usual_owners, *entry.supporting}:
            unusual.append(
                Message(
                    N_("“{duty}” ({agencies})"),
                    {"duty": duty_subject(duty).shown(), "agencies": agency_names(sorted(owners))},
                )
            )
    if unusual:
        facts = {"duties": listed(unusual)}
        yield Found(subject=context.part_subject("duties"), severity="info", facts=facts)


@rule(
    "DUTY-025",
    title=N_("An agency without a duty"),
    says=N_("{subject} has no duty {phases}."),
    do=N_("Give {subject} its duties {phases}, or write that it takes no part then."),
    why=N_(
        "An agency that is listed and has nothing to do is an agency nobody talked to. It learns of its part "
        "when it is called."
    ),
    severity=N_("Amber, in a complete plan."),
    sources=(ISO_22320, COORDINATION),
)
def idle_agency(context: Context) -> Iterator[Found]:
    """Yields a finding for every agency that takes part in a phase and has no duty in it."""
    if not context.is_complete or not context.plan.duties:
        return
    busy = {
        (agency, duty.phase)
        for duty in context.plan.duties
        for agency in (*(duty.accountable or ()), *duty.supporting)
    }
    for agency, phases in _phases_by_agency(context).items():
        idle = [phase for phase in PHASES if phase in phases and (agency, phase) not in busy]
        if idle:
            yield Found(
                subject=Subject("agency", agency, agency_name(agency)),
                severity="amber",
                facts={"phases": [Message(PHASE_NAMES[phase]) for phase in idle]},
            )


def _phases_by_agency(context: Context) -> dict[str, set[Phase]]:
    """Returns in which phases each agency takes part: as the plan says, else those the agency is core in."""
    phases: dict[str, set[Phase]] = {}
    for row in context.event.agencies or ():
        if row.agency not in NOT_BODIES:
            phases.setdefault(row.agency, set()).update(row.phases or get_agency(row.agency).core_in)
    is_small = is_crowd_below(context, SMALL_CROWD)  # few agencies come to a small event
    if is_uzbek(context) and not context.event.agencies and not is_small:
        for agency in list_agencies():
            phases[agency.code] = set(agency.core_in)
    return phases

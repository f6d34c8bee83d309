# SPDX-License-Identifier: Apache-2.0
"""PLAN: tasks can be done in their order, by somebody, in time; algorithms can be followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Subject
from hamkor.checks.rules.naming import listed, moment_shown, task_subject
from hamkor.checks.rules.registry import rule
from hamkor.common.messages import N_, Message
from hamkor.hazards.queries import list_hazards
from hamkor.hazards.rules import needs_named_owner, risk_band
from hamkor.plans.rules.readiness import Contingency, HazardEntry
from hamkor.plans.rules.roster import Task

GRAVE_BANDS = frozenset({"high", "extreme"})
ISO_22320 = "ISO 22320:2018, planning"


def starts_of(task: Task) -> datetime | None:
    """Returns when a task begins: as written, else its end less its duration."""
    if task.starts_at is None and task.ends_at is not None and task.duration_min is not None:
        return task.ends_at - timedelta(minutes=task.duration_min)
    return task.starts_at


def ends_of(task: Task) -> datetime | None:
    """Returns when a task is done: as written, else its start and its duration."""
    if task.ends_at is None and task.starts_at is not None and task.duration_min is not None:
        return task.starts_at + timedelta(minutes=task.duration_min)
    return task.ends_at


def find_cycles(after: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """Returns one round of tasks for each knot of tasks that wait for each other, in the order of waiting.

    Args:
        after: For each task the tasks it waits for; those not among the keys are passed over.

    Notes:
        One walk in depth, without recursion: fast whatever the length of a chain.
    """
    done: set[str] = set()
    knotted: set[str] = set()
    cycles: list[list[str]] = []
    for root in after:
        if root in done:
            continue
        path, place, waits = [root], {root: 0}, [iter(after[root])]
        while path:
            following = next((item for item in waits[-1] if item in after and item not in done), None)
            if following is None:
                finished = path.pop()
                waits.pop()
                del place[finished]
                done.add(finished)
            elif following in place:
                if not {following, path[-1]} & knotted:
                    cycles.append(path[place[following] :])
                    knotted.update(cycles[-1])
            else:
                place[following] = len(path)
                path.append(following)
                waits.append(iter(after[following]))
    return cycles


@rule(
    "PLAN-030",
    title=N_("Tasks that wait for each other in a circle"),
    says=N_("None of these tasks can begin, because each waits for the next: {cycle}."),
    do=N_("Take one of the waits out of {cycle}."),
    why=N_("In a circle everybody waits politely, and the work is found undone when the doors open."),
    severity=N_("Red."),
    sources=(ISO_22320,),
)
def circular_tasks(context: Context) -> Iterator[Found]:
    """Yields a finding for every circle of tasks."""
    tasks = {task.id: task for task in context.plan.tasks or ()}
    for cycle in find_cycles({task.id: task.after for task in tasks.values()}):
        titles = listed(tasks[task_id].title for task_id in [*cycle, cycle[0]])
        yield Found(subject=task_subject(tasks[cycle[0]]), severity="red", facts={"cycle": titles})


@rule(
    "PLAN-031",
    title=N_("A task begins before what it waits for is done"),
    says=N_("“{subject}” begins {starts} and waits for “{earlier}”, which is done {ends}."),
    do=N_("Move “{subject}” behind “{earlier}”, or drop the wait."),
    why=N_(
        "Either the order is wrong or the times are. On the day the crew decides, and the inspection is left out."
    ),
    severity=N_("Amber."),
    sources=(ISO_22320,),
)
def task_too_early(context: Context) -> Iterator[Found]:
    """Yields a finding for every task that begins before a task it waits for has ended."""
    tasks = {task.id: task for task in context.plan.tasks or ()}
    for task in tasks.values():
        starts_at = starts_of(task) or ends_of(task)
        for earlier in (tasks[item] for item in dict.fromkeys(task.after) if item in tasks):
            ends_at = ends_of(earlier) or starts_of(earlier)
            if starts_at is not None and ends_at is not None and ends_at > starts_at:
                yield Found(
                    subject=task_subject(task),
                    severity="amber",
                    facts={
                        "starts": moment_shown(starts_at),
                        "ends": moment_shown(ends_at),
                        "earlier": earlier.title,
                    },
                )


@rule(
    "PLAN-032",
    title=N_("Preparation that ends after the doors open"),
    says=N_("Still to be done when visitors come in at {opening}: {tasks}."),
    do=N_("Finish before {opening}, or open later: {tasks}."),
    why=N_(
        "Fences, signs and barriers that are not ready are put up between people, or not at all. Late building "
        "work has narrowed many an entrance."
    ),
    severity=N_("Amber."),
    sources=(ISO_22320, "HSG154 Managing crowds safely (HSE)"),
)
def late_preparation(context: Context) -> Iterator[Found]:
    """Yields one finding for the tasks of the preparation that end after the doors open."""
    opening = context.event.doors_open_at or context.event.starts_at
    if opening is None:
        return
    late = [
        task.title
        for task in context.plan.tasks or ()
        if task.phase == "preparation" and (ends_at := ends_of(task)) is not None and ends_at > opening
    ]
    if late:
        yield Found(
            subject=context.part_subject("tasks"),
            severity="amber",
            facts={"opening": moment_shown(opening), "tasks": listed(late)},
        )


@rule(
    "PLAN-033",
    title=N_("Tasks nobody does"),
    says=N_("Neither an agency nor a person is named for: {tasks}."),
    do=N_("Name who does each of: {tasks}."),
    why=N_("A task without a name is a wish."),
    severity=N_("Amber, in a complete plan."),
    sources=(ISO_22320,),
)
def task_without_owner(context: Context) -> Iterator[Found]:
    """Yields one finding for the tasks of a complete plan without agency and person."""
    if not context.is_complete:
        return
    duties = {duty.id for duty in context.plan.duties or () if duty.accountable}
    unowned = [
        task.title
        for task in context.plan.tasks or ()
        if task.agency is None and task.person is None and task.duty not in duties
    ]
    if unowned:
        facts = {"tasks": listed(unowned)}
        yield Found(subject=context.part_subject("tasks"), severity="amber", facts=facts)


@rule(
    "PLAN-040",
    title=N_("An algorithm nobody may start"),
    says=N_("Nobody may decide that “{subject}” begins."),
    do=N_("Name who decides on “{subject}”, and who in their place."),
    why=N_(
        "Steps that nobody may order stay on paper while those who hold it look for somebody with authority."
    ),
    severity=N_("Red when it is known that nobody may; amber when a complete plan does not say."),
    sources=(ISO_22320, "HSG154 Managing crowds safely (HSE)"),
)
def undecided_contingency(context: Context) -> Iterator[Found]:
    """Yields a finding for every contingency algorithm nobody decides on."""
    for item in context.plan.contingencies or ():
        if item.decides == "none":
            yield Found(subject=_contingency_subject(item), severity="red")
        elif item.decides is None and context.is_complete:
            yield Found(subject=_contingency_subject(item), severity="amber")


@rule(
    "PLAN-041",
    title=N_("An algorithm with gaps"),
    says=N_("“{subject}” lacks: {gaps}."),
    do=N_("Add to “{subject}”: {gaps}."),
    why=N_(
        "An algorithm is read for the first time by a tired person under stress; whatever it leaves open is guessed."
    ),
    severity=N_("Amber when steps are known to be none, or a complete plan leaves something out."),
    sources=(ISO_22320,),
)
def incomplete_contingency(context: Context) -> Iterator[Found]:
    """Yields a finding for every contingency algorithm without sign or steps."""
    for item in context.plan.contingencies or ():
        gaps = [Message(gap) for gap in _gaps(context, item)]
        if gaps:
            yield Found(subject=_contingency_subject(item), severity="amber", facts={"gaps": gaps})


def _gaps(context: Context, item: Contingency) -> Iterator[str]:
    if item.trigger is None and context.is_complete:
        yield N_("the sign on which it starts")
    if item.steps == () or (item.steps is None and context.is_complete):
        yield N_("the steps")


@rule(
    "PLAN-042",
    title=N_("Grave hazards no algorithm speaks of"),
    says=N_("The plan has no algorithm for: {hazards}."),
    do=N_("Write an algorithm with sign, decision, steps and message for: {hazards}."),
    why=N_(
        "In the first minutes people do what is written and rehearsed, or what the person beside them does."
    ),
    severity=N_("Amber, in a complete plan, for high and extreme risks and the highest impact."),
    sources=("ISO 31000:2018, risk treatment", ISO_22320),
)
def hazard_without_contingency(context: Context) -> Iterator[Found]:
    """Yields one finding for the grave hazards of a complete plan that nothing in it answers."""
    if not context.is_complete:
        return
    answered = {hazard for item in context.plan.contingencies or () for hazard in item.hazards}
    bare = [
        _hazard_name(entry)
        for entry in context.plan.hazards or ()
        if entry.contingencies is None and entry.id not in answered and _is_grave(entry)
    ]
    if bare:
        facts = {"hazards": listed(bare)}
        yield Found(subject=context.part_subject("contingencies"), severity="amber", facts=facts)


def _is_grave(entry: HazardEntry) -> bool:
    if entry.impact is None:
        return False
    is_high = entry.likelihood is not None and risk_band(entry.likelihood, entry.impact) in GRAVE_BANDS
    return is_high or needs_named_owner(entry.impact)


def _hazard_name(entry: HazardEntry) -> object:
    if entry.title is not None or entry.catalogue is None:
        return entry.title or entry.id
    return next((item.names for item in list_hazards() if item.id == entry.catalogue), entry.id)


def _contingency_subject(item: Contingency) -> Subject:
    return Subject("contingency", item.id, item.title)

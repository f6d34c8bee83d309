# SPDX-License-Identifier: Apache-2.0
"""STOP: somebody present may stop the show and the entry, knows when, and is obeyed in minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity, Subject
from hamkor.checks.rules.naming import catalogued
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import known
from hamkor.common.messages import N_
from hamkor.plans.rules.readiness import StopAuthority

STOPPING = frozenset({"stop_show", "delay_start", "evacuate", "cancel"})
HSG154 = "HSG154 Managing crowds safely (HSE)"
ASTROWORLD = "Houston Police Department report on the Astroworld festival, 2023"
TAYLOR = "Taylor interim report on Hillsborough, 1989"


def holder_subject(context: Context, authority: StopAuthority) -> Subject:
    """Returns an authority as a subject, by the post or office that holds it."""
    post, person = context.posts.get(authority.holder), context.people.get(authority.holder)
    if post is not None:
        return Subject("stop_authority", authority.id, post.title)
    position = person.position if person is not None else None
    return Subject("stop_authority", authority.id, position or authority.holder)


def authorities(context: Context) -> list[StopAuthority]:
    """Returns those who may do something; who must ask for everything is no authority."""
    return [item for item in context.plan.stop or () if item.may]


def stop_holders(context: Context) -> list[StopAuthority]:
    """Returns those who may stop, delay, cancel or clear the show."""
    return [item for item in context.plan.stop or () if STOPPING & set(item.may)]


def is_there(context: Context, authority: StopAuthority) -> bool:
    """Returns False when it is known that the holder is not at the venue, cannot come, or is an empty post."""
    person, post = context.people.get(authority.holder), context.posts.get(authority.holder)
    manned = known(post.confirmed) if post is not None else None
    return (
        authority.present is not False
        and (person is None or person.available is not False)
        and (manned is None or manned.high > 0)
    )


def holders_shown(context: Context, holders: Iterable[StopAuthority]) -> list[object]:
    """Returns authorities for a sentence."""
    return [holder_subject(context, item).shown() for item in holders]


@rule(
    "STOP-001",
    title=N_("Nobody may stop the event"),
    says=N_("Nobody is named who may stop {subject} or its entry."),
    do=N_("Name one person at the venue who may stop the show and the entry without asking, and a deputy."),
    why=N_(
        "When everyone must ask, the crowd does not wait for the answer. At Astroworld in 2021 the music went "
        "on for more than half an hour after people had begun to die; at Hillsborough in 1989 the kick-off was "
        "not delayed."
    ),
    severity=N_(
        "Red when it is known that nobody may, or a complete plan names nobody; amber when an extract does not "
        "tell, or a complete plan only says which agency decides."
    ),
    sources=(HSG154, ASTROWORLD, TAYLOR),
)
def nobody_may_stop(context: Context) -> Iterator[Found]:
    """Yields a finding when no authority is listed, or when those listed may do nothing."""
    stop = context.plan.stop
    if stop is None:
        severity = _silence(context)
        if severity is not None:
            yield Found(subject=context.event_subject, severity=severity)
    elif not authorities(context):
        yield Found(subject=context.event_subject, severity="red")


def _silence(context: Context) -> Severity | None:
    """Returns how grave it is that the plan does not speak of stopping; a duty to decide it softens it."""
    owned = any(
        entry.id == "decide-to-stop" and duty.accountable
        for duty in context.plan.duties or ()
        if (entry := catalogued(duty)) is not None
    )
    if owned:
        return "amber" if context.is_complete else None
    return "red" if context.is_complete else "amber"


@rule(
    "STOP-002",
    title=N_("Nobody may stop the show itself"),
    says=N_("{holders} may act, but may not stop or delay the show of {subject}."),
    do=N_(
        "Give somebody at the venue, such as {holders}, the right to stop and to delay the show without asking."
    ),
    why=N_(
        "A crowd presses forward as long as something draws it. Only ending or delaying that takes the "
        "pressure off: at Hillsborough a delayed kick-off would have been enough."
    ),
    severity=N_("Red in a complete plan; amber in an extract, which may not list everybody."),
    sources=(HSG154, TAYLOR),
)
def nobody_may_stop_the_show(context: Context) -> Iterator[Found]:
    """Yields a finding when authorities are listed and none may stop, delay, cancel or clear the show."""
    able = authorities(context)
    if able and not stop_holders(context):
        yield Found(
            subject=context.event_subject,
            severity="red" if context.is_complete else "amber",
            facts={"holders": holders_shown(context, able)},
        )


@rule(
    "STOP-003",
    title=N_("Nobody may stop the entry"),
    says=N_("{holders} may act, but may not stop people from entering {subject}."),
    do=N_("Give somebody at the gates the right to stop the entry at an agreed number or sign."),
    why=N_(
        "Inside, nothing helps while more people keep coming. At Hillsborough an exit gate was opened and the "
        "tunnel to the full pens was not closed, because nobody had that task."
    ),
    severity=N_("Amber."),
    sources=(HSG154, TAYLOR),
)
def nobody_may_stop_entry(context: Context) -> Iterator[Found]:
    """Yields a finding when authorities are listed and none may stop the entry."""
    able = authorities(context)
    if able and not any("stop_entry" in item.may for item in able):
        facts = {"holders": holders_shown(context, able)}
        yield Found(subject=context.event_subject, severity="amber", facts=facts)


@rule(
    "STOP-004",
    title=N_("No agreed signs for stopping"),
    says=N_("It is not agreed at which signs {holders} must stop."),
    do=N_(
        "Write three or four signs on which the show or the entry is stopped, such as a density or people falling."
    ),
    why=N_(
        "Without agreed signs every minute is spent on asking whether it is bad enough. Those in charge at "
        "Hillsborough and Astroworld saw the crowd and did not read it as danger."
    ),
    severity=N_(
        "Red when it is known that no holder has any; amber when some have none or a complete plan is silent."
    ),
    sources=(HSG154, TAYLOR, ASTROWORLD),
)
def no_agreed_signs(context: Context) -> Iterator[Found]:
    """Yields one finding for the holders who have no agreed signs."""
    holders = authorities(context)
    without = [item for item in holders if item.signs == () or (item.signs is None and context.is_complete)]
    if without:
        is_known_of_all = all(item.signs == () for item in holders)
        yield Found(
            subject=context.part_subject("stop"),
            severity="red" if is_known_of_all else "amber",
            facts={"holders": holders_shown(context, without)},
        )


@rule(
    "STOP-007",
    title=N_("Whoever may stop is not there"),
    says=N_("{subject} may stop the show but is not at the venue for the whole event."),
    do=N_("Give the authority of {subject} to somebody who is at the venue for the whole event."),
    why=N_(
        "Who is not there does not see it, and is found only when it is late. Decisions made from far away "
        "rest on what somebody else managed to say."
    ),
    severity=N_("Red when nobody else who may stop the show is there, else amber."),
    sources=(HSG154,),
)
def absent_authority(context: Context) -> Iterator[Found]:
    """Yields a finding for every holder known not to be there."""
    holders = stop_holders(context)
    is_covered = any(is_there(context, item) for item in holders)
    for item in holders:
        if not is_there(context, item):
            yield Found(subject=holder_subject(context, item), severity="amber" if is_covered else "red")


@rule(
    "STOP-008",
    title=N_("No deputy for the authority to stop"),
    says=N_("Nobody may stop in place of {subject}."),
    do=N_("Name who may stop when {subject} is absent or cannot be reached."),
    why=N_(
        "The one person who may stop is wanted everywhere at the very moment. Without a deputy the right to "
        "stop is out of reach with them."
    ),
    severity=N_(
        "Red when it is known that there is no deputy and nobody else may stop the show; amber otherwise, and "
        "when a complete plan with one holder is silent."
    ),
    sources=(HSG154, "ISO 22320:2018, roles and responsibilities"),
)
def authority_without_deputy(context: Context) -> Iterator[Found]:
    """Yields a finding for every holder without a deputy."""
    holders = stop_holders(context)
    is_alone = len(holders) == 1
    for item in authorities(context):
        if item.deputy == "none":
            is_red = is_alone and item is holders[0]
            yield Found(subject=holder_subject(context, item), severity="red" if is_red else "amber")
        elif item.deputy is None and context.is_complete and is_alone and item is holders[0]:
            yield Found(subject=holder_subject(context, item), severity="amber")

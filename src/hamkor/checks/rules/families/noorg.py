# SPDX-License-Identifier: Apache-2.0
"""NOORG: somebody organises the event and answers for it."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import LARGE_CROWD, is_crowd_at_least
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.connections import is_bounded
from hamkor.events.rules import Organiser
from hamkor.venues.rules.features import Turnstiles


@rule(
    "NOORG-001",
    title=N_("No organiser"),
    says=N_("{subject}: {state}."),
    do=N_(
        "Name a responsible body before the day. Until there is one, the hokimlik or the police must take the role."
    ),
    why=N_(
        "A crowd that everyone expects and nobody organises has no plan, no counted capacity and no one who "
        "may stop it. In Itaewon in 2022 more than 100 000 people came to an event with no organiser; 159 died "
        "in an alley."
    ),
    severity=N_("Red when it is known that nobody organises; amber when the organiser is unknown."),
    sources=("uz-cm-205-2014-annex1-def-organiser", "Itaewon special investigation, 2023"),
)
def no_organiser(context: Context) -> Iterator[Found]:
    """Yields a finding when nobody organises, or when it is not known who does."""
    organiser = context.event.organiser
    if organiser == "none":
        state = Message(N_("nobody organises it, nobody plans it, nobody answers for the crowd"))
        yield Found(subject=context.event_subject, severity="red", facts={"state": state})
    elif organiser is None:
        yield Found(
            subject=context.event_subject,
            severity="red" if context.is_complete else "amber",
            facts={"state": Message(N_("it is not known who organises it"))},
        )


@rule(
    "NOORG-002",
    title=N_("Nobody alone answers for safety"),
    says=N_("{subject} has an organiser, but no one person who answers for safety and nothing else."),
    do=N_("Name one person who answers for safety, is free of every other task, and may stop the event."),
    why=N_(
        "Who must also sell, host and please the artist weighs safety against all of that. One free head that "
        "looks at nothing but the crowd is what inquiries ask for again and again."
    ),
    severity=N_(
        "Red when it is known that nobody does and more than 5 000 people are expected; amber for fewer, or "
        "when a complete plan names nobody."
    ),
    sources=("Green Guide, 6th ed. (SGSA, 2018), safety officer", "HSG154 Managing crowds safely (HSE)"),
)
def nobody_for_safety(context: Context) -> Iterator[Found]:
    """Yields a finding when organiser and venue name nobody who alone answers for safety."""
    bodies = [
        body
        for body in (context.event.organiser, context.event.venue_operator)
        if isinstance(body, Organiser)
    ]
    named = {body.event_safety_manager for body in bodies}
    if not isinstance(context.event.organiser, Organiser) or named - {None, "none"}:
        return
    if context.event.organiser.event_safety_manager == "none":
        is_large = is_crowd_at_least(context, LARGE_CROWD)
        yield Found(subject=context.event_subject, severity="red" if is_large else "amber")
    elif context.is_complete:
        yield Found(subject=context.event_subject, severity="amber")


@rule(
    "NOORG-003",
    title=N_("Nobody answers for the venue"),
    says=N_("{subject} takes place at a venue with closed areas, and nobody answers for the venue."),
    do=N_("Settle in writing who answers for doors, structures, power and lighting of the venue."),
    why=N_(
        "Exits are locked, lights switched and stands repaired by whoever holds the keys. When a venue is "
        "nobody's, a locked exit is found by the crowd."
    ),
    severity=N_("Amber; streets and squares need no such body."),
    sources=("uz-cm-205-2014-annex1-def-facility-admin", "uz-cm-205-2014-annex1-venue-equipment"),
)
def nobody_for_venue(context: Context) -> Iterator[Found]:
    """Yields a finding when no one administers a venue with closed areas, seats or turnstiles."""
    if context.event.venue_operator != "none":
        return
    is_closed = any(is_bounded(area) or area.indoors or area.seats for area in context.areas.values())
    if is_closed or context.event.setting == "indoors" or context.features_of(Turnstiles):
        yield Found(subject=context.event_subject, severity="amber")


@rule(
    "NOORG-004",
    title=N_("The organiser has nobody to speak to"),
    says=N_("{organiser} organises {subject}, and no person is named who answers for it."),
    do=N_("Write down the responsible person of {organiser} and how to reach them at any hour."),
    why=N_(
        "A firm cannot be called at night. The Rules ask for a responsible person for every stage of the event."
    ),
    severity=N_("Amber, in a complete plan."),
    sources=("uz-cm-205-2014-annex1-def-programme",),
)
def organiser_without_person(context: Context) -> Iterator[Found]:
    """Yields a finding when a complete plan names an organiser and no person of it."""
    organiser = context.event.organiser
    if context.is_complete and isinstance(organiser, Organiser) and organiser.person is None:
        yield Found(subject=context.event_subject, severity="amber", facts={"organiser": organiser.name})

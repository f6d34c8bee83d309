# SPDX-License-Identifier: Apache-2.0
"""COMMS: the crowd itself can be spoken to."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.families.comms import backups_of, channels_of, links_of, primary_of
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.naming import listed
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import LARGE_CROWD, SMALL_CROWD, is_crowd_at_least, is_crowd_below
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.connections import is_bounded
from hamkor.plans.rules.readiness import Channel
from hamkor.venues.rules.features import Area, Device

PUBLIC = "public"
WITHOUT_PUBLIC = frozenset({"backstage"})
# What carries words to many people at once; a phone or a radio does not.
HEARD_BY_MANY = frozenset({"public_address", "screen", "siren", "loudhailer"})
SPOKEN = frozenset({"public_address", "screen", "loudhailer"})
LOVE_PARADE = "Helbing and Mukerji 2012 on the Love Parade disaster"
GREEN_GUIDE = "Green Guide, 6th ed. (SGSA, 2018), communications"
WARNING_SYSTEM = "uz-cm-361-2023"


def public_channels(context: Context) -> list[Channel]:
    """Returns the channels of links to the public that are not known to be dead."""
    channels = channels_of(context)
    used = {
        item: channels[item]
        for link in links_of(context)
        if PUBLIC in link.between
        for item in (primary_of(link), *backups_of(link))
        if item is not None and item in channels
    }
    return [item for item in used.values() if item.works is not False]


def is_public_addressed(context: Context) -> bool:
    """Returns True when something in the plan carries words to the crowd."""
    loudspeakers = any(
        item.device in {"loudspeaker", "screen"} and item.works is not False
        for _, item in context.features_of(Device)
    )
    covered = any(area.public_address in {"covered", "partly"} for area in context.areas.values())
    spoken = any(PUBLIC in link.between for link in links_of(context))
    by_sort = any(
        item.sort in HEARD_BY_MANY and item.works is not False for item in channels_of(context).values()
    )
    return loudspeakers or covered or spoken or by_sort


@rule(
    "COMMS-010",
    title=N_("People in an area hear no loudspeaker"),
    says=N_("Nobody can speak to the people in {subject}: loudspeakers there: {coverage}."),
    do=N_("Put loudspeakers, screens or stewards with loudhailers where all of {subject} hears them."),
    why=N_(
        "People at the back do not know what happens at the front and keep pushing; a few words would stop "
        "them. At the Love Parade in 2010 there were no loudspeakers on the ramp where 21 people died."
    ),
    severity=N_(
        "Red when an enclosed area or one with more than 5 000 people has none and nothing else speaks to the "
        "public; amber for other areas without, for those assumed to be closed below 1 000 people, and for "
        "partial cover in an enclosed one."
    ),
    sources=(LOVE_PARADE, GREEN_GUIDE, WARNING_SYSTEM),
)
def area_not_addressed(context: Context) -> Iterator[Found]:
    """Yields a finding for every area with public known to have no, or only partial, public address."""
    has_other_means = any(item.sort in HEARD_BY_MANY for item in public_channels(context))
    for area_id, area in context.areas.items():
        severity = _area_severity(context, area_id, area)
        if severity is None or area.use in WITHOUT_PUBLIC:
            continue
        if severity == "red" and has_other_means:
            severity = "amber"
        coverage = N_("none") if area.public_address == "none" else N_("in a part only")
        yield Found(
            subject=context.subject("area", area_id),
            severity=severity,
            facts={"coverage": Message(coverage)},
        )


def _area_severity(context: Context, area_id: str, area: Area) -> Severity | None:
    if area.public_address == "none":
        people = context.people_in(area_id)
        is_large = people is not None and people.low >= LARGE_CROWD
        return "red" if _is_shut_in(context, area) or is_large else "amber"
    return "amber" if area.public_address == "partly" and is_bounded(area) else None


def _is_shut_in(context: Context, area: Area) -> bool:
    """Returns True for a closed area; where that is only assumed from its use, not below 1 000 people."""
    return bool(area.enclosed) or (is_bounded(area) and not is_crowd_below(context, SMALL_CROWD))


@rule(
    "COMMS-011",
    title=N_("Nobody can speak to the crowd"),
    says=N_(
        "Nothing in the plan of {subject} lets anybody speak to the public: no link, no loudspeakers, no screens."
    ),
    do=N_(
        "Write down how the crowd is spoken to, by whom, in which languages, and by what if the power fails."
    ),
    why=N_(
        "A crowd that is told nothing makes its own guesses. Stopping, opening gates or sheltering works only "
        "when people hear what to do."
    ),
    severity=N_(
        "In a complete plan: red for an enclosed area or a crowd of more than 5 000 people, else amber; an "
        "extract says nothing of it."
    ),
    sources=(GREEN_GUIDE, LOVE_PARADE, WARNING_SYSTEM),
)
def public_not_addressed(context: Context) -> Iterator[Found]:
    """Yields a finding when a complete plan has no means at all to speak to the public."""
    if not context.is_complete or is_public_addressed(context):
        return
    is_grave = is_crowd_at_least(context, LARGE_CROWD) or any(
        _is_shut_in(context, area) for area in context.areas.values()
    )
    yield Found(subject=context.event_subject, severity="red" if is_grave else "amber")


@rule(
    "COMMS-012",
    title=N_("No ready messages in the languages of the crowd"),
    says=N_("No languages of ready messages are written for {channels}."),
    do=N_("Prepare the few messages that matter in every language of the crowd, and write which they are."),
    why=N_("Words found under stress are too long, and half of the crowd may not understand them."),
    severity=N_("Info, in a complete plan."),
    sources=(GREEN_GUIDE, WARNING_SYSTEM),
)
def messages_without_language(context: Context) -> Iterator[Found]:
    """Yields one finding for the channels to the public without languages of ready messages."""
    if not context.is_complete:
        return
    silent = [item for item in public_channels(context) if item.sort in SPOKEN and not item.languages]
    if silent:
        names = listed(item.title or item.id for item in silent)
        yield Found(
            subject=context.part_subject("communications"), severity="info", facts={"channels": names}
        )

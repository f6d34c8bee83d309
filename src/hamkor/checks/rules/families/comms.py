# SPDX-License-Identifier: Apache-2.0
"""COMMS: every link that matters has two channels that do not fail together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from hamkor.agencies.queries import list_agencies
from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity, Subject
from hamkor.checks.rules.naming import agency_name, post_subject
from hamkor.checks.rules.registry import rule
from hamkor.common.i18n import LANGUAGES, pick_name
from hamkor.common.messages import N_, Message
from hamkor.common.records import Text
from hamkor.plans.rules.readiness import Channel, Link
from hamkor.plans.rules.roster import Post

AGENCIES = frozenset(agency.code for agency in list_agencies())
ICS_205 = "ICS 205 Incident Radio Communications Plan"
# What people carry hangs on the mobile network unless the plan says otherwise; landlines and radio nets do not.
CARRIED_BY_MOBILE = frozenset({"phone", "messenger", "data"})
MOBILE = "mobile"
LOVE_PARADE = "Helbing and Mukerji 2012 on the Love Parade disaster"
MANCHESTER = "Manchester Arena Inquiry, volume 2, 2022"
COORDINATION = "uz-cm-205-2014-p2-coord"


def links_of(context: Context) -> tuple[Link, ...]:
    """Returns every link of the plan."""
    communications = context.plan.communications
    return (communications.links if communications is not None else None) or ()


def channels_of(context: Context) -> dict[str, Channel]:
    """Returns every channel of the plan by id."""
    communications = context.plan.communications
    channels = (communications.channels if communications is not None else None) or ()
    return {channel.id: channel for channel in channels}


def link_subject(context: Context, link: Link) -> Subject:
    """Returns a link as a subject: by its title, else by its ends."""
    return Subject("link", link.id, link.title or _ends_shown(context, link))


def _ends_shown(context: Context, link: Link) -> Text | None:
    """Returns the ends of a link by the names of agencies and posts and the offices of people."""
    ends = [cast(str | dict[str, str], _end_shown(context, end)) for end in link.between]
    names = {language: " – ".join(pick_name(end, language) for end in ends) for language in LANGUAGES}
    return cast(Text, names) if ends else None


def _end_shown(context: Context, end: str) -> Text:
    if end in AGENCIES:
        return agency_name(end)
    post, person = context.posts.get(end), context.people.get(end)
    if post is not None:
        return post.title
    return (person.position if person is not None else None) or end


def is_critical(context: Context, link: Link) -> bool:
    """Returns True when the link is critical itself or ends at a critical post."""
    return link.critical or any(
        (post := context.posts.get(end)) is not None and post.critical for end in link.between
    )


def backups_of(link: Link) -> list[str]:
    """Returns the further channels of a link, in the order in which they are tried."""
    return [
        channel
        for channel in (link.alternate, link.contingency, link.emergency)
        if channel is not None and channel != "none"
    ]


def primary_of(link: Link) -> str | None:
    """Returns the first channel of a link, None when there is none or it is unknown."""
    return None if link.primary == "none" else link.primary


@rule(
    "COMMS-001",
    title=N_("No second channel on a critical link"),
    says=N_("“{subject}” has one channel; when that fails, nobody is reached."),
    do=N_("Give “{subject}” a second channel that does not depend on the first, and try it at the venue."),
    why=N_(
        "Phones fail first where crowds are largest, and a radio breaks when it is dropped. At the Love Parade "
        "in 2010 the police liaison officer had neither radio nor working phone while the ramp filled; 21 "
        "people died."
    ),
    severity=N_(
        "Red when it is known that there is no second channel, or a complete plan names none; amber when an "
        "extract does not tell."
    ),
    sources=(LOVE_PARADE, ICS_205, COORDINATION),
)
def single_channel(context: Context) -> Iterator[Found]:
    """Yields a finding for every critical link without a channel beside the first."""
    for link in links_of(context):
        if link.primary != "none" and is_critical(context, link) and not backups_of(link):
            is_known = link.alternate == "none" or context.is_complete
            yield Found(subject=link_subject(context, link), severity="red" if is_known else "amber")


@rule(
    "COMMS-002",
    title=N_("A link without a channel"),
    says=N_("“{subject}” has no first channel: its ends cannot reach each other."),
    do=N_("Give “{subject}” a first channel and a second one."),
    why=N_("Who must reach whom was understood, and how was left to chance."),
    severity=N_(
        "Red for a critical link known to have none, else amber; amber when a complete plan names none."
    ),
    sources=(ICS_205, COORDINATION),
)
def missing_channel(context: Context) -> Iterator[Found]:
    """Yields a finding for every link known to have no first channel."""
    for link in links_of(context):
        if link.primary == "none":
            severity: Severity = "red" if is_critical(context, link) and not backups_of(link) else "amber"
            yield Found(subject=link_subject(context, link), severity=severity)
        elif link.primary is None and context.is_complete:
            yield Found(subject=link_subject(context, link), severity="amber")


@rule(
    "COMMS-003",
    title=N_("All channels of a link fail together"),
    says=N_("All channels of “{subject}” depend on the same network: {network}."),
    do=N_("Put the second channel of “{subject}” on something else: another net, a landline, a runner."),
    why=N_(
        "Two phones on one overloaded network are one channel. Mobile networks are full exactly when tens of "
        "thousands of people stand in one place and something happens."
    ),
    severity=N_(
        "Red for a critical link, else amber; amber when it is only assumed that phone, messenger or data use the "
        "mobile network, because none is stated."
    ),
    sources=(LOVE_PARADE, ICS_205),
)
def shared_network(context: Context) -> Iterator[Found]:
    """Yields a finding for every link whose first and further channels all depend on one network."""
    channels = channels_of(context)
    for link in links_of(context):
        primary, backups = primary_of(link), backups_of(link)
        network = _network(channels, primary)
        if network and backups and all(_network(channels, item) == network for item in backups):
            is_assumed = any(item != primary for item in backups) and any(
                _is_mobile_assumed(channels, item) for item in (primary, *backups)
            )
            is_red = is_critical(context, link) and not is_assumed
            yield Found(
                subject=link_subject(context, link),
                severity="red" if is_red else "amber",
                facts={"network": _network_shown(channels, primary, is_assumed=is_assumed)},
            )


def _is_mobile_assumed(channels: dict[str, Channel], channel_id: str | None) -> bool:
    channel = channels.get(channel_id or "")
    return channel is not None and channel.network is None and channel.sort in CARRIED_BY_MOBILE


def _network(channels: dict[str, Channel], channel_id: str | None) -> str | None:
    """Returns what a channel depends on: its network if stated, else the usual one or itself, None for no channel."""
    channel = channels.get(channel_id or "")
    if _is_mobile_assumed(channels, channel_id):
        return f"network {MOBILE}"
    if channel is None or channel.network is None:
        return channel_id
    return f"network {channel.network.strip().casefold()}"


def _network_shown(channels: dict[str, Channel], channel_id: str | None, *, is_assumed: bool) -> object:
    if is_assumed:
        return Message(N_("the mobile network (assumed for phone, messenger and data without a stated one)"))
    channel = channels.get(channel_id or "")
    return (channel.network or channel.title or channel.id) if channel is not None else channel_id


@rule(
    "COMMS-005",
    title=N_("No communications plan"),
    says=N_("Nothing in the plan of {subject} says who reaches whom, and by what."),
    do=N_("Write down the links that matter and give each a first and a second channel."),
    why=N_(
        "Agencies that have never agreed on a channel find out on the day that their radios cannot speak to "
        "each other. At the Manchester Arena in 2017 the fire service came more than two hours late."
    ),
    severity=N_("Red when channels or links are known to be none, or a complete plan has no such part."),
    sources=(ICS_205, MANCHESTER, COORDINATION),
)
def no_communications(context: Context) -> Iterator[Found]:
    """Yields a finding when there are no channels or links, or a complete plan does not speak of them."""
    communications = context.plan.communications
    if communications is None:
        is_absent = context.is_complete
    else:
        is_absent = communications.channels == () or communications.links == ()
        is_absent |= context.is_complete and communications.links is None
    if is_absent:
        yield Found(subject=context.event_subject, severity="red")


@rule(
    "COMMS-006",
    title=N_("No joint command post"),
    says=N_("The agencies at {subject} are not in one place or one call."),
    do=N_("Bring one officer of each agency into one room or one open call for the whole event."),
    why=N_(
        "Side by side, a question takes seconds; between three control rooms it takes the time of three phone "
        "calls. Inquiries into Manchester and Duisburg found each service with its own picture."
    ),
    severity=N_("Amber."),
    sources=(MANCHESTER, LOVE_PARADE, COORDINATION),
)
def no_joint_command(context: Context) -> Iterator[Found]:
    """Yields a finding when it is known that the agencies do not sit together."""
    communications = context.plan.communications
    if communications is not None and communications.joint_command_post is False:
        yield Found(subject=context.event_subject, severity="amber")


@rule(
    "COMMS-007",
    title=N_("A critical post no link reaches"),
    says=N_("“{subject}” is critical, and no link of the plan reaches it."),
    do=N_("Add a link to “{subject}” with two channels."),
    why=N_("A post that sees the danger and cannot tell anybody is a witness, not a safeguard."),
    severity=N_("Amber, in a complete plan."),
    sources=(ICS_205, MANCHESTER),
)
def unreached_post(context: Context) -> Iterator[Found]:
    """Yields a finding for every critical post that is no end of any link, nor its agency, nor its people."""
    if not context.is_complete or not links_of(context):
        return
    reached = {end for link in links_of(context) for end in link.between}
    for post in context.plan.posts or ():
        if post.critical and not reached & _names_of(post):
            yield Found(subject=post_subject(post), severity="amber")


def _names_of(post: Post) -> set[str]:
    agency = {post.agency} if post.agency is not None else set()
    return {post.id, *agency, *(shift.person for shift in post.shifts)}

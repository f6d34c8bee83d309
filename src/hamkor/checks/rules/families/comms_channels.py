# SPDX-License-Identifier: Apache-2.0
"""COMMS: the channels themselves: those known to be dead, and those nobody tried."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.families.comms import (
    ICS_205,
    LOVE_PARADE,
    MANCHESTER,
    backups_of,
    channels_of,
    is_critical,
    link_subject,
    links_of,
    primary_of,
)
from hamkor.checks.rules.findings import Found, Subject
from hamkor.checks.rules.naming import listed
from hamkor.checks.rules.registry import rule
from hamkor.common.messages import N_


@rule(
    "COMMS-004",
    title=N_("A channel known to be dead"),
    says=N_("“{subject}” relies on {channels}, which did not work at the last test."),
    do=N_("Repair {channels} or give “{subject}” another channel before the event."),
    why=N_(
        "A channel that failed in the test fails on the day. Requests sent into a dead channel are the worst "
        "kind: the sender believes that help is coming."
    ),
    severity=N_(
        "Red when it is the first channel of a critical link, or no channel of that link works; amber otherwise."
    ),
    sources=(LOVE_PARADE, MANCHESTER),
)
def dead_channel(context: Context) -> Iterator[Found]:
    """Yields a finding for every link that relies on a channel that did not work."""
    channels = channels_of(context)
    for link in links_of(context):
        primary = primary_of(link)
        used = list(dict.fromkeys([*([primary] if primary is not None else []), *backups_of(link)]))
        dead = [item for item in used if item in channels and channels[item].works is False]
        if dead:
            is_red = is_critical(context, link) and (primary in dead or len(dead) == len(used))
            yield Found(
                subject=link_subject(context, link),
                severity="red" if is_red else "amber",
                facts={"channels": listed(channels[item].title or item for item in dead)},
            )


@rule(
    "COMMS-008",
    title=N_("Channels not tested"),
    says=N_("No test at the venue is known for {channels}."),
    do=N_("Try {channels} from every end at the venue, and write down the day."),
    why=N_("Radios that work in the office are silent behind concrete and under a stage roof."),
    severity=N_("Info, in a complete plan, for the channels of critical links."),
    sources=(ICS_205,),
)
def untested_channels(context: Context) -> Iterator[Found]:
    """Yields one finding for the channels of critical links that were not tested."""
    if not context.is_complete:
        return
    channels = channels_of(context)
    used = {
        item: channels[item]
        for link in links_of(context)
        if is_critical(context, link)
        for item in (primary_of(link), *backups_of(link))
        if item is not None and item in channels
    }
    untested = [item for item in used.values() if item.tested_date is None and item.works is None]
    if untested:
        names = listed(item.title or item.id for item in untested)
        yield Found(
            subject=context.part_subject("communications"), severity="info", facts={"channels": names}
        )


@rule(
    "COMMS-009",
    title=N_("A dead channel that no link uses"),
    says=N_("{subject} did not work at the last test, and no link of the plan uses it."),
    do=N_("Repair {subject}, or take it out of the plan and name what is used instead."),
    why=N_(
        "A channel on the list is tried when others fail; a dead one costs the minutes it was meant to save."
    ),
    severity=N_("Amber when no other radio, or no other public address, is known to the plan; else info."),
    sources=(ICS_205, LOVE_PARADE),
)
def unused_dead_channel(context: Context) -> Iterator[Found]:
    """Yields a finding for every channel known to be dead that neither a link nor an authority to stop uses."""
    channels = channels_of(context)
    used = {item for link in links_of(context) for item in (primary_of(link), *backups_of(link))}
    used |= {authority.channel for authority in context.plan.stop or ()}
    alive = {item.sort for item in channels.values() if item.works is not False}
    for channel in channels.values():
        if channel.works is False and channel.id not in used:
            is_last = channel.sort in {"radio", "public_address"} and channel.sort not in alive
            yield Found(
                subject=Subject("channel", channel.id, channel.title),
                severity="amber" if is_last else "info",
            )

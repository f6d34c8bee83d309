# SPDX-License-Identifier: Apache-2.0
"""The other ways from a sender to an addressee, as the plan of communications lays them down."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

import msgspec

from hamkor.common.messages import N_
from hamkor.journal.rules import Documents
from hamkor.orders.rules.messages import RANKS, Addressee, Message, MessageError, Rank, Receipt
from hamkor.plans.rules.readiness import Channel, Communications, Link

NO_CHANNEL = "none"
# A channel of the plan that is Hamkor itself, or the network it runs on, is no other way.
_OURS = "data"


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A way from one to another.

    Args:
        channel: Id of the channel.
        link: Id of the link of the plan.
        rank: Its place in that link.
    """

    channel: str
    link: str
    rank: Rank


def communications_of(documents: Documents) -> Communications | None:
    """Returns the plan of communications, None when there is none."""
    return cast("Communications | None", documents.get("communications", "communications"))


def list_channels(documents: Documents) -> tuple[Channel, ...]:
    """Returns the channels of the plan."""
    found = communications_of(documents)
    return () if found is None else found.channels or ()


def require_channel(documents: Documents, channel_id: str, *, is_working: bool) -> Channel:
    """Returns a channel of the plan.

    Args:
        documents: Documents of the event.
        channel_id: Which channel.
        is_working: True when something is to be said over it: one known to be dead is refused.

    Raises:
        MessageError: ``channel-absent`` or ``channel-dead``.
    """
    channel = next((item for item in list_channels(documents) if item.id == channel_id), None)
    if channel is None:
        template = N_("The plan has no channel “{channel}”. Choose one of its channels.")
        raise MessageError("channel-absent", template, channel=channel_id)
    if is_working and channel.works is False:
        template = N_("The channel “{channel}” is known not to work. Choose another one.")
        raise MessageError("channel-dead", template, channel=channel.title or channel.id)
    return channel


def list_routes(documents: Documents, message: Message, receipt: Receipt) -> tuple[Route, ...]:
    """Returns the ways to an addressee that were not tried, those of the plan's order first.

    Notes:
        Only channels known to work. A link between the two posts themselves comes before one of their agencies;
        within a link the order is primary, alternate, contingency, emergency. What shares its network with a way that
        was tried, or is Hamkor's own, comes last: it fails together with it.
    """
    communications = communications_of(documents)
    if communications is None:
        return ()
    channels = {item.id: item for item in communications.channels or () if item.works is True}
    tried = {channel for channel in (message.via, receipt.via) if channel is not None}
    networks = {channels[name].network for name in tried if name in channels} - {None}
    found: dict[str, tuple[tuple[bool, int, int], Route]] = {}
    for link in communications.links or ():
        near = _nearness(link, ends_of_sender(message), ends_of(receipt.addressee))
        if near is None:
            continue
        for rank, channel_id in _ranked(link):
            channel = channels.get(channel_id)
            if channel is None or channel_id in tried:
                continue
            is_shared = channel.network in networks or channel.sort == _OURS
            order = (is_shared, near, RANKS.index(rank))
            route = Route(channel=channel_id, link=link.id, rank=rank)
            if channel_id not in found or order < found[channel_id][0]:
                found[channel_id] = (order, route)
    return tuple(route for _, route in sorted(found.values(), key=lambda pair: (pair[0], pair[1].channel)))


def ends_of_sender(message: Message) -> tuple[str, ...]:
    """Returns the names by which the plan knows the sender, the nearest first."""
    return tuple(name for name in (message.from_post, message.agency) if name is not None)


def ends_of(addressee: Addressee) -> tuple[str, ...]:
    """Returns the names by which the plan knows an addressee, the nearest first."""
    own = () if addressee.kind in {"unit", "all"} else (addressee.id,)
    return own if addressee.agency in {None, addressee.id} else (*own, str(addressee.agency))


def _nearness(link: Link, senders: Collection[str], receivers: Collection[str]) -> int | None:
    """Returns how near a link is to the two, 0 the nearest; None when it does not join them."""
    here, there = list(senders), list(receivers)
    found = [
        here.index(one) + there.index(other)
        for one, other in _both_ways(link.between)
        if one in here and other in there
    ]
    return min(found, default=None)


def _both_ways(ends: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Returns the two ends of a link both ways round; nothing when it does not have two."""
    match ends:
        case (one, other):
            return (one, other), (other, one)
    return ()


def _ranked(link: Link) -> list[tuple[Rank, str]]:
    named = [(rank, getattr(link, rank)) for rank in RANKS]
    return [(rank, channel) for rank, channel in named if channel not in {None, NO_CHANNEL}]

# SPDX-License-Identifier: Apache-2.0
"""Who speaks to whom: who answers for an addressee, who may order, and who is next in line when nobody answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, cast

import msgspec

from hamkor.agencies.rules import AgencyCode, Viewer, agencies_operated_by, may, require
from hamkor.agencies.rules.rights import RIGHTS_OF_ROLE
from hamkor.alarms.rules.alarms import OPERATORS
from hamkor.common.messages import N_
from hamkor.events.rules import Event
from hamkor.journal.rules import Documents
from hamkor.orders.rules.messages import (
    ADDRESSEES_MAX,
    TO_ALL,
    Addressee,
    Message,
    MessageError,
    Receipt,
    Sort,
)
from hamkor.orders.rules.receipts import Silence, is_settled, level_due, overdue_stage
from hamkor.orders.rules.routes import list_routes
from hamkor.plans.rules.readiness import StopAuthority
from hamkor.plans.rules.roster import Duty, Person, Post

# All who work at the console, the coordinator of the event among them.
COORDINATOR: Final = OPERATORS
PERSON: Final = "person:"
NOBODY: Final = "none"
# All agencies together, and the public, which has no sign-in: nobody would answer for them.
NOT_ADDRESSED: frozenset[str] = frozenset({"all", "pub"})


def agencies_answered_for(viewer: Viewer, *, as_a_whole: bool = False) -> frozenset[AgencyCode]:
    """Returns the parties for which a person may answer orders.

    Args:
        viewer: Who.
        as_a_whole: True for what is said to the party itself: its liaison officers and operators answer, not everybody
            of it in the field.
    """
    wanted = {"operate", "operate_own"} if as_a_whole else {"answer_order"}
    found = (grant for grant in viewer.grants if "answer_order" in RIGHTS_OF_ROLE[grant.role])
    return frozenset(grant.agency for grant in found if wanted & RIGHTS_OF_ROLE[grant.role])


def answers_for(viewer: Viewer, addressee: Addressee) -> bool:
    """True when the person is the addressee, or answers for the party the addressee belongs to.

    Notes:
        A signed-in person is addressed in person: colleagues do not answer in their place.
    """
    if is_account(addressee):
        return addressee.id == viewer.person and may(viewer, "answer_order")
    agencies = agencies_answered_for(viewer, as_a_whole=addressee.kind in {"agency", "all"})
    return bool(agencies) if addressee.kind == "all" else addressee.agency in agencies


def is_reached(viewer: Viewer, addressee: Addressee) -> bool:
    """True when an addressee has what is on the screen of a person who answers for them.

    Notes:
        Who sits at a console of the party may answer for its posts and crews, but is not there.
    """
    if not answers_for(viewer, addressee):
        return False
    if is_account(addressee) or addressee.kind in {"agency", "all"}:
        return True
    return addressee.agency not in agencies_answered_for(viewer, as_a_whole=True)


def is_account(addressee: Addressee) -> bool:
    """True for a signed-in person, as told from a person of the plan."""
    return addressee.kind == "person" and addressee.id.startswith(PERSON)


def is_sender(viewer: Viewer, message: Message) -> bool:
    """True for who sent a message, and for those who act at the console for the same party."""
    return viewer.person == message.sender or message.agency in agencies_operated_by(viewer)


def may_read(viewer: Viewer, message: Message) -> bool:
    """True when a message concerns the person: sent, addressed, to all, or read by duty.

    Notes:
        Who works at the console and who may read the whole record read everything.
    """
    if may(viewer, "operate") or may(viewer, "audit") or viewer.person == message.sender:
        return True
    if any(answers_for(viewer, receipt.addressee) for receipt in message.receipts):
        return True
    is_to_all = any(item.kind == "all" for item in message.to)
    if not may(viewer, "see_centre"):
        return is_to_all and may(viewer, "answer_order")
    agencies = {grant.agency for grant in viewer.grants}
    named = {message.agency} | {item.agency for item in _spoken_to(message) if not is_account(item)}
    return is_to_all or not agencies.isdisjoint(named)


def resolve(documents: Documents, to: Iterable[Addressee]) -> tuple[Addressee, ...]:
    """Returns the addressees, each once, with the party that answers for them.

    Raises:
        MessageError: ``addressee-missing``, ``addressee-nobody``, ``addressee-absent`` or ``too-many-addressees``.

    Notes:
        Units belong to a room above: of a unit nothing is known here but the party it names.
    """
    found = {item.key: item for item in (_resolved(documents, addressee) for addressee in to)}
    if not found:
        template = N_("Say who is to get the message: a person, a post, a unit, an agency or all.")
        raise MessageError("addressee-missing", template)
    if len(found) > ADDRESSEES_MAX:
        template = N_("A message can have at most {most} addressees. Send it to agencies, or to all.")
        raise MessageError("too-many-addressees", template, most=ADDRESSEES_MAX)
    return tuple(found.values())


def awaited_of(documents: Documents, to: Iterable[Addressee], *, agency: str | None) -> tuple[Addressee, ...]:
    """Returns those whose receipts are awaited: for all, every agency of the event but the sender's own.

    Args:
        documents: Documents of the event.
        to: Addressees, resolved.
        agency: Party of the sender.
    """
    found: dict[tuple[str, str], Addressee] = {}
    for addressee in to:
        others = [addressee]
        if addressee.kind == "all":
            codes = [code for code in agencies_of_event(documents) if code != agency]
            others = [Addressee(kind="agency", id=code, agency=code) for code in codes] or others
        found.update({item.key: item for item in others})
    return tuple(found.values())


def agencies_of_event(documents: Documents) -> tuple[AgencyCode, ...]:
    """Returns the parties that take part in the event, without those nobody answers for."""
    found = next(iter(documents.all("event")), None)
    taking_part = () if found is None else cast("Event", found).agencies or ()
    return tuple(dict.fromkeys(item.agency for item in taking_part if item.agency not in NOT_ADDRESSED))


def require_may_send(viewer: Viewer, sort: Sort, to: Iterable[Addressee]) -> None:
    """Returns when a person may say something of this sort to these addressees.

    Raises:
        NotAllowedError: ``not-allowed``.
        MessageError: ``order-not-yours``, for an order to another party.

    Notes:
        Who works at the console orders anybody. Who acts for one party orders its own people and asks others. Who may
        report may ask and inform.
    """
    if may(viewer, "operate"):
        return
    own = agencies_operated_by(viewer)
    if not own:
        require(viewer, "operate" if sort in {"order", "log"} else "report_incident")
        return
    if sort == "order" and any(addressee.agency not in own for addressee in to):
        template = N_("You may order only your own people. Send others a request, or ask the control room.")
        raise MessageError("order-not-yours", template)


def line_of(addressee: Addressee) -> tuple[str, ...]:
    """Returns who hears of the silence of an addressee after the sender, in order.

    Notes:
        A person, post or unit stands under the liaison officers of its party, and these under the console.
    """
    stands_under = () if addressee.kind in {"agency", "all"} else (addressee.agency,)
    return (*(f"agency:{code}" for code in stands_under if code is not None), COORDINATOR)


def deputy_of(documents: Documents, addressee: Addressee) -> str | None:
    """Returns the id of the person or post of the plan that stands in for an addressee, None when none is named."""
    authorities = cast("tuple[StopAuthority, ...]", documents.all("stop_authority"))
    duties = cast("tuple[Duty, ...]", documents.all("duty"))
    named = [item.deputy for item in authorities if item.holder == addressee.id]
    named += [item.deputy for item in duties if addressee.kind == "person" and item.person == addressee.id]
    known = (name for name in named if name is not None and name != NOBODY)
    is_there = (name for name in known if documents.get("person", name) or documents.get("post", name))
    return next(is_there, None)


def find_silences(documents: Documents, message: Message, at: datetime) -> tuple[Silence, ...]:
    """Returns the silences of a message that are to be raised at a moment, or raised further up."""
    if message.struck is not None or message.limits is None:
        return ()
    found = (_silence(documents, message, receipt, at=at) for receipt in message.receipts)
    return tuple(silence for silence in found if silence is not None)


def _silence(documents: Documents, message: Message, receipt: Receipt, *, at: datetime) -> Silence | None:
    if is_settled(message, receipt):
        return None
    level, stage = level_due(message, receipt, at), overdue_stage(message, receipt, at)
    if level is None or stage is None:
        return None
    line = (message.sender, *line_of(receipt.addressee))
    if level > len(line):
        return None
    route = next(iter(list_routes(documents, message, receipt)), None)
    return Silence(
        addressee=receipt.addressee,
        stage=stage,
        level=level,
        to=line[level - 1],
        deputy=deputy_of(documents, receipt.addressee),
        route=None if route is None else route.channel,
        route_rank=None if route is None else route.rank,
    )


def _resolved(documents: Documents, addressee: Addressee) -> Addressee:
    match addressee.kind:
        case "all":
            return Addressee(kind="all", id=TO_ALL)
        case "agency":
            return _agency(addressee)
        case "person" if is_account(addressee):
            return addressee
        case kind:
            found = cast("Post | Person | Any", documents.get(kind, addressee.id))
    if found is None:
        template = N_("“{id}” is not there any more. Load the page again and choose who is.")
        raise MessageError("addressee-absent", template, id=addressee.id, kind=addressee.kind)
    return msgspec.structs.replace(addressee, agency=getattr(found, "agency", None))


def _agency(addressee: Addressee) -> Addressee:
    if addressee.id in NOT_ADDRESSED:
        template = N_("Nobody answers for “{id}”. Send the message to all, or choose one agency.")
        raise MessageError("addressee-nobody", template, id=addressee.id)
    try:
        code = msgspec.convert(addressee.id, AgencyCode)
    except msgspec.ValidationError:
        template = N_("“{id}” is not there any more. Load the page again and choose who is.")
        raise MessageError("addressee-absent", template, id=addressee.id, kind="agency") from None
    return Addressee(kind="agency", id=code, agency=code)


def _spoken_to(message: Message) -> tuple[Addressee, ...]:
    return (*message.to, *(receipt.addressee for receipt in message.receipts))

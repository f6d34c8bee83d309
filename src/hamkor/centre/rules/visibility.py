# SPDX-License-Identifier: Apache-2.0
"""Who sees what of the live picture: one rule for each kind of document, and nothing where there is no rule.

Every way out of the centre asks here: the live stream, pages, programs, replay and reports. A kind that is not in the
table is hidden from everybody, so that a new kind is shown only after somebody has thought about who may see it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from hamkor.agencies.rules import Viewer, agencies_operated_by, may, may_see_medical
from hamkor.alarms.rules.alarms import Alarm
from hamkor.incidents.rules.incidents import Incident, MedicalDetail, MissingPerson
from hamkor.operation.rules.handovers import Handover
from hamkor.operation.rules.jobs import Job
from hamkor.orders.rules import Message, Receipt, answers_for, may_read
from hamkor.plans.rules.plan import PARTS

S = TypeVar("S", bound=msgspec.Struct)
Rule = Callable[[Viewer, Any], msgspec.Struct | None]

# Types of incidents whose answers describe one person, and fields that may lead to one.
PRIVATE_TYPES: Final[frozenset[str]] = frozenset({"medical", "lost_child", "missing_person"})
PRIVATE_FIELDS: Final[frozenset[str]] = frozenset({"reporter", "card_112"})
# An alarm about an order tells that two did not hear each other: it is for these and for the console.
BETWEEN_TWO: Final = "silent_order"


def visible(viewer: Viewer, kind: str, document: S) -> S | None:
    """Returns a document as a person may see it: whole, without its restricted fields, or None.

    Args:
        viewer: Who looks.
        kind: Kind of the document, such as ``incident``.
        document: The document. It is returned itself when nothing is taken out.

    Notes:
        The answer depends on the roles of the person, the parties they act for in them, and, for who does not work at
        the console, on who they are.
    """
    rule = _RULES.get(kind)
    return None if rule is None else rule(viewer, document)  # type: ignore[return-value]  # a rule keeps the type


def is_visible_kind(kind: str) -> bool:
    """True for a kind of document somebody may see in the centre."""
    return kind in _RULES


def agencies_of(viewer: Viewer) -> frozenset[str]:
    """Returns the parties a person acts for at the event, by their roles."""
    return frozenset(grant.agency for grant in viewer.grants)


def sees_everything(viewer: Viewer) -> bool:
    """True for who works at the console for all, and for who may read the whole record."""
    return may(viewer, "operate") or may(viewer, "audit")


def _in_plan(viewer: Viewer, document: S) -> S | None:
    return document if may(viewer, "see_plan") else None


def _in_centre(viewer: Viewer, document: S) -> S | None:
    return document if may(viewer, "see_centre") else None


def _to_all_on_duty(viewer: Viewer, document: S) -> S | None:
    """Of a phase and of a stop everybody on duty must know."""
    return document if may(viewer, "see_centre") or may(viewer, "answer_order") else None


def _job(viewer: Viewer, job: Job) -> Job | None:
    is_own = may(viewer, "answer_order") and job.agency in agencies_of(viewer)
    return job if is_own or may(viewer, "see_centre") else None


def _by_self(viewer: Viewer, document: Any) -> Any:
    """What a person has said about a post: in the field they see their own word, in the centre all do."""
    is_own = may(viewer, "answer_order") and document.by == viewer.person
    return document if is_own or may(viewer, "see_centre") else None


def _of_own_agency(viewer: Viewer, document: Any) -> Any:
    is_own = may(viewer, "answer_order") and document.agency in agencies_of(viewer)
    return document if is_own or may(viewer, "see_centre") else None


def _handover(viewer: Viewer, handover: Handover) -> Handover | None:
    is_party = viewer.person in (handover.by, handover.to, handover.confirmed_by)
    is_own = handover.agency is not None and handover.agency in agencies_operated_by(viewer)
    is_seen = sees_everything(viewer) or is_party or is_own
    return handover if is_seen and may(viewer, "see_centre") else None


def _alarm(viewer: Viewer, alarm: Alarm) -> Alarm | None:
    is_called = not _called(viewer).isdisjoint(alarm.to)
    if not may(viewer, "see_centre"):
        is_in_person = not {viewer.person, "all"}.isdisjoint(alarm.to)
        return alarm if may(viewer, "answer_order") and is_in_person else None
    if alarm.sort == BETWEEN_TWO and not (is_called or sees_everything(viewer)):
        return None
    return alarm


def _called(viewer: Viewer) -> frozenset[str]:
    agencies = {f"agency:{agency}" for agency in agencies_of(viewer)}
    return frozenset({viewer.person, "all", *agencies})


def _incident(viewer: Viewer, incident: Incident) -> Incident | None:
    if incident.reported_by == viewer.person and may(viewer, "report_incident"):
        return incident
    if not may(viewer, "see_centre"):
        return None
    takes_part = not agencies_of(viewer).isdisjoint((incident.agency, *incident.supporting))
    return incident if takes_part or sees_everything(viewer) else _without_private(incident)


def _without_private(incident: Incident) -> Incident:
    """Returns the incident as those see it who neither work on it nor at the console."""
    is_private = incident.type in PRIVATE_TYPES
    hidden = PRIVATE_FIELDS | ({"known"} if is_private else set())
    former = tuple(item for item in incident.former if item.field.partition(".")[0] not in hidden)
    is_clean = incident.reporter is None and incident.card_112 is None
    if is_clean and len(former) == len(incident.former) and not (is_private and incident.known):
        return incident
    return msgspec.structs.replace(
        incident,
        reporter=None,
        card_112=None,
        known={} if is_private else incident.known,
        former=former,
    )


def _medical(viewer: Viewer, detail: MedicalDetail) -> MedicalDetail | None:
    is_near = may(viewer, "see_centre") or detail.by == viewer.person
    return detail if may_see_medical(viewer) and is_near else None


def _missing(viewer: Viewer, missing: MissingPerson) -> MissingPerson | None:
    return missing if may(viewer, "see_centre") and may(viewer, "see_personal") else None


def _message(viewer: Viewer, message: Message) -> Message | None:
    if not may_read(viewer, message):
        return None
    is_own = viewer.person == message.sender or message.agency in agencies_operated_by(viewer)
    if is_own or sees_everything(viewer):
        return message
    receipts = tuple(_receipt(viewer, receipt) for receipt in message.receipts)
    is_same = all(one is other for one, other in zip(receipts, message.receipts, strict=True))
    return message if is_same else msgspec.structs.replace(message, receipts=receipts)


def _receipt(viewer: Viewer, receipt: Receipt) -> Receipt:
    """Returns what an addressee may know of another one: how far they are, not what they said or who was told."""
    is_own = receipt.addressee.agency in agencies_operated_by(viewer)
    if is_own or answers_for(viewer, receipt.addressee):
        return receipt
    return Receipt(
        addressee=receipt.addressee,
        awaited_from=receipt.awaited_from,
        delivered_at=receipt.delivered_at,
        seen_at=receipt.seen_at,
        answered_at=receipt.answered_at,
        answer=receipt.answer,
    )


def _template(viewer: Viewer, template: S) -> S | None:
    uses = may(viewer, "operate") or may(viewer, "operate_own") or may(viewer, "edit_plan")
    return template if uses or (may(viewer, "audit") and may(viewer, "see_centre")) else None


def _device(viewer: Viewer, device: S) -> S | None:
    return device if may(viewer, "manage_devices") else None


_LIVE: Final[Mapping[str, Rule]] = {
    "operation": _to_all_on_duty,
    "job": _job,
    "post_state": _by_self,
    "contingency_run": _in_centre,
    "show_stop": _to_all_on_duty,
    "handover": _handover,
    "alarm_rule": _in_centre,
    "alarm": _alarm,
    "zone_state": _in_centre,
    "device_state": _in_centre,
    "incident": _incident,
    "medical_detail": _medical,
    "missing_person": _missing,
    "unit": _of_own_agency,
    "sortie": _of_own_agency,
    "roll_call": _in_centre,
    "message": _message,
    "message_template": _template,
}
LIVE_KINDS: Final[tuple[str, ...]] = tuple(_LIVE)
# The plan as its pages show it: names and phones of people stand in a vault and never in a document.
PLAN_KINDS: Final[tuple[str, ...]] = (*(part.document for part in PARTS), "part", "drawing", "feature")
_RULES: Final[Mapping[str, Rule]] = {**dict.fromkeys(PLAN_KINDS, _in_plan), **_LIVE, "device": _device}

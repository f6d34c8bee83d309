# SPDX-License-Identifier: Apache-2.0
"""Gates of a stop: which are opened and closed, and the work that makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid5

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.common.messages import N_
from hamkor.common.records import Text
from hamkor.journal.rules import Documents
from hamkor.operation.rules.acting import OperationError
from hamkor.operation.rules.announcing import in_all_languages
from hamkor.operation.rules.jobs import Job
from hamkor.operation.rules.parties import agency_of_word
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.stops import ACTION_NAMES, GATES_MOST, LETTING_OUT, ShowStop, StopAction
from hamkor.plans.rules.naming import title_of
from hamkor.plans.rules.roster import Post
from hamkor.venues.rules.features import OUTSIDE, Feature, Opening, Turnstiles

Gate = Opening | Turnstiles
# A title is read at a glance; who opens more has the list on the map.
NAMES_MOST = 6
# Ours: how long the work of a stop may take when the plan names no limit.
UNPLANNED_LIMIT = timedelta(minutes=5)


class GateOrder(msgspec.Struct, frozen=True):
    """Which gates are opened and which are closed.

    Args:
        open: Ids of openings and turnstiles to open.
        close: Ids of those to close.
    """

    open: tuple[str, ...] = ()
    close: tuple[str, ...] = ()


def suggested_gates(documents: Documents, action: StopAction) -> GateOrder:
    """Returns the gates an action concerns when nobody chooses: what lets out, or what lets in from outside.

    Args:
        documents: Documents of the event.
        action: What is ordered.
    """
    gates = [(feature.id, cast("Gate", feature.properties)) for feature in _gates(documents)]
    if action in LETTING_OUT:
        return GateOrder(open=tuple(id for id, gate in gates if _lets_out(gate)))
    if action == "stop_entry":
        return GateOrder(close=tuple(id for id, gate in gates if _lets_in(gate)))
    return GateOrder()


def require_gates(documents: Documents, order: GateOrder, action: StopAction) -> GateOrder:
    """Returns the gates to open and close, each once, when they can be.

    Raises:
        OperationError: ``gates-too-many``, ``gate-both-ways``, ``gate-absent`` or ``gate-lets-out``.
    """
    cleaned = GateOrder(tuple(dict.fromkeys(order.open)), tuple(dict.fromkeys(order.close)))
    if len(cleaned.open) + len(cleaned.close) > GATES_MOST:
        template = N_(
            "One order opens and closes at most {most} gates. Leave out those that stay as they are."
        )
        raise OperationError("gates-too-many", template, most=GATES_MOST)
    both = set(cleaned.open) & set(cleaned.close)
    if both:
        template = N_(
            "{gates} cannot be opened and closed by the same order. Take them out of one of the two."
        )
        raise OperationError("gate-both-ways", template, gates=sorted(both))
    for gate in cleaned.open:
        _get_gate(documents, gate)
    for gate in cleaned.close:
        found = _get_gate(documents, gate)
        if action in LETTING_OUT and _lets_out(found):
            template = N_("“{gate}” lets people out. It stays open while they must {action}.")
            raise OperationError(
                "gate-lets-out",
                template,
                gate=_name(documents, gate),
                action=in_all_languages(ACTION_NAMES[action]),
            )
    return cleaned


def jobs_of_stop(documents: Documents, stop: ShowStop, *, command: UUID) -> tuple[Job, ...]:
    """Returns the work of a stop: the announcement first, then the gates, by the agency that keeps them.

    Args:
        documents: Documents of the event.
        stop: What is ordered.
        command: Id of the command; the ids of the jobs follow from it.
    """
    due_at = stop.must_stand_at
    jobs = [
        _job(
            stop,
            uuid5(command, "announce"),
            title=in_all_languages(N_("Announce to the public: {action}"), action=_shown(stop.action)),
            due_at=due_at,
            agency=agency_of_word(documents, stop.chain[-1].who if stop.chain else None),
        )
    ]
    for verb, template, many, ids in (
        ("open", N_("Open {gates}"), N_("Open {count} gates: {gates} and others"), stop.gates_open),
        ("close", N_("Close {gates}"), N_("Close {count} gates: {gates} and others"), stop.gates_close),
    ):
        for agency, gates in _by_agency(documents, ids):
            names = [_name(documents, gate) for gate in gates[:NAMES_MOST]]
            wording = template if len(gates) <= NAMES_MOST else many
            jobs.append(
                _job(
                    stop,
                    uuid5(command, f"{verb}-{agency}"),
                    title=in_all_languages(wording, gates=names, count=len(gates)),
                    due_at=due_at,
                    agency=agency,
                    place=Place(feature=gates[0]),
                )
            )
    return tuple(msgspec.structs.replace(job, number_in_order=number) for number, job in enumerate(jobs))


def announcement_job(stop: ShowStop) -> str | None:
    """Returns the id of the job to announce a stop, which is done when it is announced."""
    return stop.jobs[0] if stop.jobs else None


def _job(
    stop: ShowStop,
    job_id: UUID,
    *,
    title: Text,
    due_at: datetime | None,
    agency: AgencyCode | None = None,
    place: Place | None = None,
) -> Job:
    return Job(
        id=str(job_id),
        source="show_stop",
        source_id=stop.id,
        title=title,
        agency=agency or stop.agency,
        place=place,
        due_at=due_at or stop.ordered_at + UNPLANNED_LIMIT,
        critical=True,
        state="due",
    )


def _shown(action: StopAction) -> Text:
    return in_all_languages(ACTION_NAMES[action])


def _gates(documents: Documents) -> Iterable[Feature]:
    for feature in cast("tuple[Feature, ...]", documents.all("feature")):
        if isinstance(feature.properties, (Opening, Turnstiles)):
            yield feature


def _get_gate(documents: Documents, gate_id: str) -> Gate:
    found = cast("Feature | None", documents.get("feature", gate_id))
    if found is None or not isinstance(found.properties, (Opening, Turnstiles)):
        template = N_(
            "“{gate}” is no gate, door, exit or bank of turnstiles of the drawing. Choose one that is."
        )
        raise OperationError("gate-absent", template, gate=gate_id)
    return found.properties


def _lets_out(gate: Gate) -> bool:
    """True for an opening people can leave by: not locked, not blocked, not closed in an emergency."""
    if isinstance(gate, Turnstiles) or gate.obstructed or gate.release == "locked":
        return False
    return gate.use.get("emergency") != "closed"


def _lets_in(gate: Gate) -> bool:
    """True for a bank of turnstiles, or an opening from the world outside that is used while people come."""
    if isinstance(gate, Turnstiles):
        return True
    return gate.from_ == OUTSIDE and not gate.emergency_only and gate.use.get("ingress") != "closed"


def _by_agency(documents: Documents, ids: Sequence[str]) -> list[tuple[AgencyCode | None, list[str]]]:
    """Returns gates by the agency of the first post that keeps them."""
    found: dict[AgencyCode | None, list[str]] = {}
    for gate in ids:
        posts = _get_gate(documents, gate).staffed_by or ()
        post = cast("Post | None", documents.get("post", posts[0])) if posts else None
        found.setdefault(None if post is None else post.agency, []).append(gate)
    return list(found.items())


def _name(documents: Documents, gate_id: str) -> Text:
    return title_of(documents.get("feature", gate_id), fallback=gate_id)

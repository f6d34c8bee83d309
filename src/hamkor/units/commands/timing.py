# SPDX-License-Identifier: Apache-2.0
"""What the server notices by the clock: nobody is sent, a unit does not set out or does not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hamkor.agencies.rules import Viewer
from hamkor.alarms.rules.defaults import in_all_languages
from hamkor.alarms.rules.raising import Raising, Seen
from hamkor.common.messages import N_
from hamkor.incidents.facts import INCIDENT, INCIDENT_MARKED_LATE, IncidentMarkedLate
from hamkor.incidents.rules import Incident, shown_number
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.rules.system import require_system
from hamkor.units.commands.sending import get_unit, require_sender
from hamkor.units.facts import SORTIE, UNIT_MARKED_LATE, UnitMarkedLate
from hamkor.units.rules import Sortie, Timer
from hamkor.units.rules.timing import ON_SITE, late_sorties, unsent_timer
from hamkor.units.rules.units import Late

SECONDS_PER_MINUTE = 60.0


def mark_late(
    store: Store,
    envelope: Envelope,
    *,
    viewer: Viewer,
    unit_ids: Sequence[str] = (),
    incident_ids: Sequence[str] = (),
) -> Result:
    """Notices that units or incidents are late, once for each step, and raises an alarm for each.

    Args:
        store: Where the journal is kept.
        envelope: When; by the part of the server that looks at the clock.
        viewer: That part of the server.
        unit_ids: Units that may be late; those that are not by then are left out.
        incident_ids: Incidents to which nobody may have been sent in time; as above.

    Raises:
        SystemOnlyError: ``not-allowed``.
    """
    require_sender(envelope, viewer, require_system)

    def decide(documents: Documents) -> list[Fact[Any]]:
        at = in_utc(envelope.at)
        turn = Raising(documents, at)
        facts: list[Fact[Any]] = []
        sorties = [each for each in documents.all(SORTIE) if each.unit in set(unit_ids)]
        for sortie, timer in late_sorties(sorties, at):
            step: Late = "turnout" if timer.step == "turnout" else "arrival"
            body = UnitMarkedLate(id=sortie.unit, at=at, late=step, limit_s=timer.limit_s)
            facts.append(UNIT_MARKED_LATE(body))
            turn.see(_unit_late(documents, sortie, timer))
        for incident in documents.all(INCIDENT):
            waiting = unsent_timer(incident, at, ON_SITE) if incident.id in set(incident_ids) else None
            if waiting is not None and waiting.is_late and incident.late_at is None:
                late = IncidentMarkedLate(id=incident.id, at=at, limit_s=waiting.limit_s)
                facts.append(INCIDENT_MARKED_LATE(late))
                turn.see(_incident_late(incident, waiting))
        return [*facts, *turn.facts]

    return perform(store, envelope, decide, content=["mark_late", list(unit_ids), list(incident_ids)])


def _unit_late(documents: Documents, sortie: Sortie, timer: Timer) -> Seen:
    unit, incident = get_unit(documents, sortie.unit), documents.get(INCIDENT, sortie.incident)
    return Seen(
        rule="overdue",
        subject_kind="unit",
        subject=unit.id,
        place=None if incident is None else incident.place,
        value=round(timer.elapsed_s / SECONDS_PER_MINUTE, 1),
        cause=sortie.id,
        values={
            # Without the step: an open alarm keeps its title when the next step is late too.
            "title": in_all_languages(N_("{unit} is late"), unit=unit.call_sign),
            "priority": max(2, sortie.priority),
            "action": in_all_languages(N_("Call the unit; send another one if it cannot come in time.")),
            "agency": unit.agency,
        },
    )


def _incident_late(incident: Incident, timer: Timer) -> Seen:
    number = shown_number(incident.number)
    return Seen(
        rule="overdue",
        subject_kind="incident",
        subject=incident.id,
        place=incident.place,
        value=round(timer.elapsed_s / SECONDS_PER_MINUTE, 1),
        cause=incident.id,
        values={
            "title": in_all_languages(N_("Nobody has been sent to {number}"), number=number),
            "priority": incident.priority,
            "action": in_all_languages(N_("Send a unit, or bring the incident on to where it stands.")),
            "agency": incident.agency,
        },
    )

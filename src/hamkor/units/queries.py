# SPDX-License-Identifier: Apache-2.0
"""Reads of units: lists, dispatch advice, timers, roll calls, response times."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from hamkor.agencies.rules import AgencyCode, Viewer, require
from hamkor.common.messages import N_
from hamkor.incidents.facts import INCIDENT
from hamkor.incidents.queries import find_standing
from hamkor.journal.rules import Documents
from hamkor.telemetry.facts import ZONE_STATE
from hamkor.units.facts import ROLL_CALL, SORTIE, UNIT
from hamkor.units.rules import Accounted, RollCall, Timer, Unit, UnitError, UnitState, accounted_of
from hamkor.units.rules.advice import Advice, MeasuredPosition
from hamkor.units.rules.advising import Advisor, Question
from hamkor.units.rules.rollcalls import is_overdue
from hamkor.units.rules.timing import DEFAULT_PROFILE as RESPONSE_PROFILE
from hamkor.units.rules.timing import (
    ResponseProfile,
    ResponseReport,
    late_sorties,
    report_responses,
    response_profile,
    timer_of,
    unsent_timer,
)
from hamkor.units.rules.travel import ON_SITE_TRAVEL, travel_profile
from hamkor.units.rules.units import Capability


class RollCallShown(msgspec.Struct, frozen=True, kw_only=True):
    """A roll call with what it found.

    Args:
        roll_call: The roll call.
        accounted: How many people it found.
        left_s: Seconds until its deadline, below zero after it; None when it was ended.
    """

    roll_call: RollCall
    accounted: Accounted
    left_s: float | None


class DueMarks(msgspec.Struct, frozen=True, kw_only=True):
    """What the server has to write down because time has passed.

    Args:
        units: Ids of units of which a step takes too long.
        incidents: Ids of incidents to which nobody was sent in time.
        roll_calls: Ids of roll calls units did not answer in time.
    """

    units: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    roll_calls: tuple[str, ...] = ()


def list_units(
    viewer: Viewer,
    documents: Documents,
    *,
    states: Collection[UnitState] | None = None,
    agency: AgencyCode | None = None,
) -> tuple[Unit, ...]:
    """Returns the units in service by call sign.

    Args:
        viewer: Who reads: to see the live picture.
        documents: Documents of the event.
        states: Only those in these states; all when None.
        agency: Only those of this party.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    found = [
        unit
        for unit in documents.all(UNIT)
        if unit.retired_at is None
        and (states is None or unit.state in states)
        and (agency is None or unit.agency == agency)
    ]
    return tuple(sorted(found, key=lambda unit: (unit.call_sign, unit.id)))


def advise(
    documents: Documents,
    *,
    positions: Mapping[str, MeasuredPosition],
    incident_ids: Sequence[str],
    at: datetime,
    needs: Mapping[str, Sequence[Capability]] | None = None,
    profile: str = ON_SITE_TRAVEL.id,
) -> Advice:
    """Returns who could go to incidents, several at once without sending a unit twice; the operator decides.

    Args:
        documents: Documents of the event.
        positions: Measured positions by the id of the unit.
        incident_ids: Which incidents; merged ones stand for those that took them up, those that are over are left
            out.
        at: Now, aware: it decides how old a position is.
        needs: What is needed, by the id of the incident, where it is not what its type needs.
        profile: Name of the profile of travel.

    Raises:
        UnitError: ``travel-profile-unknown``; ``solver-missing``, when OR-tools is not installed.
    """
    found = {
        incident.id: incident
        for each in incident_ids
        if (incident := find_standing(documents, each)) is not None and incident.is_open
    }
    densities = {zone.id: zone.density for zone in documents.all(ZONE_STATE) if zone.density is not None}
    question = Question(
        incidents=tuple(found.values()),
        units=documents.all(UNIT),
        positions=positions,
        densities=densities,
        needs=needs or {},
        at=at,
    )
    numbers = travel_profile(profile)
    return Advice(at=at, profile=numbers.id, incidents=Advisor(documents, question, numbers).advise())


def list_timers(documents: Documents, at: datetime, *, profile: str = RESPONSE_PROFILE) -> tuple[Timer, ...]:
    """Returns the steps of response that are running, the most overdue first.

    Args:
        documents: Documents of the event.
        at: Now, aware.
        profile: Name of the profile of response.

    Raises:
        UnitError: ``response-profile-unknown``.
    """
    limits = response_profile(profile)
    running = [timer_of(sortie, at, limits) for sortie in documents.all(SORTIE)]
    running += [unsent_timer(incident, at, limits) for incident in documents.all(INCIDENT)]
    timers = [timer for timer in running if timer is not None]
    return tuple(
        sorted(timers, key=lambda timer: (timer.limit_s - timer.elapsed_s, timer.incident, timer.unit or ""))
    )


def due_marks(documents: Documents, at: datetime, *, profile: str = RESPONSE_PROFILE) -> DueMarks:
    """Returns what is late by now and was not written down: arguments of `mark_late` and `mark_unanswered`.

    Args:
        documents: Documents of the event.
        at: Now, aware.
        profile: Name of the profile of response.
    """
    limits: ResponseProfile = response_profile(profile)
    waiting = [
        unsent_timer(incident, at, limits) for incident in documents.all(INCIDENT) if incident.late_at is None
    ]
    return DueMarks(
        units=tuple(sortie.unit for sortie, _ in late_sorties(documents.all(SORTIE), at, limits)),
        incidents=tuple(timer.incident for timer in waiting if timer is not None and timer.is_late),
        roll_calls=tuple(each.id for each in documents.all(ROLL_CALL) if is_overdue(each, at)),
    )


def get_roll_call(viewer: Viewer, documents: Documents, roll_call_id: str, *, at: datetime) -> RollCallShown:
    """Returns a roll call with what it found.

    Raises:
        NotAllowedError: ``not-allowed``.
        UnitError: ``roll-call-absent``.
    """
    require(viewer, "see_centre")
    found = documents.get(ROLL_CALL, roll_call_id)
    if found is None:
        template = N_("There is no such roll call. Load the page again.")
        raise UnitError("roll-call-absent", template, id=roll_call_id)
    left_s = None if found.ended_at is not None else (found.deadline_at - at).total_seconds()
    return RollCallShown(roll_call=found, accounted=accounted_of(found, documents.all(UNIT)), left_s=left_s)


def get_responses(
    viewer: Viewer,
    documents: Documents,
    *,
    after: datetime | None = None,
    until: datetime | None = None,
    profile: str = RESPONSE_PROFILE,
) -> ResponseReport:
    """Returns how quickly units came to incidents.

    Args:
        viewer: Who reads: to see the live picture.
        documents: Documents of the event.
        after: Only sorties sent from then on.
        until: Only sorties sent before.
        profile: Name of the profile of response.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    require(viewer, "see_centre")
    sorties = [
        sortie
        for sortie in documents.all(SORTIE)
        if (after is None or after <= sortie.sent_at) and (until is None or sortie.sent_at < until)
    ]
    return report_responses(sorties, response_profile(profile))

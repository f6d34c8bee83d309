# SPDX-License-Identifier: Apache-2.0
"""The papers an organiser must have and the steps to them: who does each, until when, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.common.messages import N_, Message
from hamkor.events.rules.attendance import Attendance
from hamkor.events.rules.event import Event
from hamkor.events.rules.legal import Legal
from hamkor.events.rules.papers import HEADINGS, latest_conclusions_of
from hamkor.events.rules.standing import (
    OPEN_STATES,
    Case,
    Standing,
    StepState,
    application_day,
    assess_application,
    assess_category,
    assess_conclusion,
    assess_licence,
    assess_paper,
    assess_programme,
    contract_day,
    day_before,
    decision_day,
    law_of,
)

REFUSAL = "uz-svc-permit-refusal-commission"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of an application.

    Args:
        id: Stable name, such as ``permit`` or ``conclusion-fire``.
        title: What it is.
        required: What has to be there for it to be done.
        agency: Party that does it.
        state: Where it stands; `overdue` when it is open and its day has passed.
        deadline_date: Last day for it; None when it is not known, or no longer matters.
        days_left: Days from today to that day, below 0 when it has passed; None when there is no deadline.
        norms: Ids of the norms that demand it; empty when none was read.
        is_demanded: True when a norm that was read demands it, False when it is advice.
        remark: Why it stands so, or what is doubtful, or None.
    """

    id: str
    title: Message
    required: Message
    agency: AgencyCode
    state: StepState
    deadline_date: date | None = None
    days_left: int | None = None
    norms: tuple[str, ...] = ()
    is_demanded: bool = True
    remark: Message | None = None


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """How far an application has come: how many steps are in each state.

    Args:
        done: Steps that are done.
        in_progress: Steps that are under way and in time.
        not_begun: Steps nobody has begun, in time.
        overdue: Open steps whose day has passed.
        not_needed: Steps this event does not need.
        unknown: Steps of which nothing is known.
        next_step: The open step that is due first, the overdue before all; None when none has a day.
    """

    done: int = 0
    in_progress: int = 0
    not_begun: int = 0
    overdue: int = 0
    not_needed: int = 0
    unknown: int = 0
    next_step: Step | None = None

    @property
    def needed(self) -> int:
        """Steps this event needs, those included of which nothing is known."""
        return self.done + self.in_progress + self.not_begun + self.overdue + self.unknown


class _Spec(msgspec.Struct, frozen=True, kw_only=True):
    """A step before it is applied to an event."""

    id: str
    title: str
    required: str
    agency: AgencyCode
    assess: Callable[[Case], Standing]
    deadline: Callable[[Case], date | None]
    norms: tuple[str, ...] = ()


def list_application_steps(
    event: Event, legal: Legal | None, attendance: Attendance | None, *, today: date
) -> tuple[Step, ...]:
    """Returns every step of an application in the order in which they are usually taken.

    Args:
        event: The event.
        legal: Its papers, None when nothing is known of them.
        attendance: Its crowd, None when unknown; decides whether the Rules of holding mass events apply.
        today: The day it is where the event takes place.

    Notes:
        Working days are Monday to Friday; public holidays are not known, so days may come earlier in truth. The
        time by which an application must be filed was not read in any norm: the day given leaves the time the
        decision may take.

    Source: uz-svc-permit-review, uz-cm-205-2014-annex1-three-conditions, uz-contract-3-4.
    """
    case = Case(event=event, legal=legal or Legal(), law=law_of(event, attendance), today=today)
    return tuple(_step(spec, case) for spec in _SPECS)


def readiness_of_application(steps: Sequence[Step]) -> Readiness:
    """Returns how many steps are in each state, and which is due first."""
    counts = dict.fromkeys(("done", "in_progress", "not_begun", "overdue", "not_needed", "unknown"), 0)
    for step in steps:
        counts[step.state] += 1
    due = [
        step for step in steps if step.deadline_date is not None and step.state in {*OPEN_STATES, "overdue"}
    ]
    first = min(due, key=lambda step: step.deadline_date or date.max, default=None)
    return Readiness(**counts, next_step=first)


def _step(spec: _Spec, case: Case) -> Step:
    is_ruled = case.law in {"rules", "perhaps"}
    standing = spec.assess(case)
    is_open = standing.state in {*OPEN_STATES, "unknown"}
    deadline = spec.deadline(case) if is_ruled and is_open else None
    is_late = deadline is not None and deadline < case.today and standing.state in OPEN_STATES
    return Step(
        id=spec.id,
        title=Message(spec.title),
        required=Message(spec.required),
        agency=_agency_of(spec, case),
        state="overdue" if is_late else standing.state,
        deadline_date=deadline,
        days_left=None if deadline is None else (deadline - case.today).days,
        norms=spec.norms if is_ruled else (),
        is_demanded=is_ruled and bool(spec.norms),
        remark=standing.remark,
    )


def _agency_of(spec: _Spec, case: Case) -> AgencyCode:
    """Returns who does a step: for a conclusion that is there, who gave it."""
    found = latest_conclusions_of(case.legal).get(spec.id.removeprefix("conclusion-"))
    return spec.agency if found is None or found.by is None else found.by


_CONCLUSION_TITLES = {
    "fire": N_("Conclusion on fire safety and evacuation"),
    "sanitary": N_("Conclusion on sanitary conditions"),
    "medical": N_("Conclusion on medical help"),
    "security": N_("Conclusion on security and communications"),
    "structure": N_("Conclusion on structures"),
    "electrical": N_("Conclusion on electricity"),
    "traffic": N_("Conclusion on traffic"),
}
# Who concludes, as far as the tasks of the agencies tell; no norm names the members of a commission by heading.
_CONCLUSION_AGENCIES: dict[str, AgencyCode] = {
    "fire": "fvv",
    "sanitary": "ses",
    "medical": "tty",
    "security": "iib",
    "structure": "kom",
    "electrical": "kom",
    "traffic": "yhx",
}
_CONCLUSION_NORMS = {
    "fire": (REFUSAL, "uz-inf-commission-fvv"),
    "sanitary": (REFUSAL, "uz-inf-commission-ses"),
    "medical": (REFUSAL, "uz-inf-commission-tty"),
    "security": (REFUSAL, "uz-inf-commission-iib"),
}

_SPECS: tuple[_Spec, ...] = (
    _Spec(
        id="programme",
        title=N_("Programme of the event"),
        required=N_("A programme with times and places, to go with the application."),
        agency="org",
        assess=assess_programme,
        deadline=application_day,
        norms=("uz-svc-permit-documents", "uz-cm-205-2014-annex1-def-programme"),
    ),
    _Spec(
        id="permit-application",
        title=N_("Application for the permit"),
        required=N_(
            "The application is filed early enough for the decision, which may take 15 working days."
        ),
        agency="org",
        assess=assess_application,
        deadline=application_day,
        norms=("uz-svc-permit-review", "uz-svc-permit-documents"),
    ),
    _Spec(
        id="category",
        title=N_("Category of the event"),
        required=N_("The commission says which category the event has; who keeps order depends on it."),
        agency="kom",
        assess=assess_category,
        deadline=day_before,
        norms=("uz-cm-am-categories", "uz-cm-89-2024-executor"),
    ),
    *(
        _Spec(
            id=f"conclusion-{heading}",
            title=_CONCLUSION_TITLES[heading],
            required=N_("A positive conclusion under this heading for the control commission."),
            agency=_CONCLUSION_AGENCIES[heading],
            assess=assess_conclusion(heading),
            deadline=decision_day,
            norms=_CONCLUSION_NORMS.get(heading, ()),
        )
        for heading in HEADINGS
    ),
    _Spec(
        id="permit",
        title=N_("Permit to hold the event"),
        required=N_("The permit is issued before the event and valid on all its days."),
        agency="hok",
        assess=assess_paper("permit"),
        deadline=decision_day,
        norms=("uz-cm-205-2014-annex1-three-conditions", "uz-svc-permit-review"),
    ),
    _Spec(
        id="security-contract",
        title=N_("Contract on public order"),
        required=N_(
            "A contract signed with the National Guard or the police, a working day before the event or earlier."
        ),
        agency="org",
        assess=assess_paper("security_contract"),
        deadline=contract_day,
        norms=("uz-cm-205-2014-annex1-three-conditions", "uz-cm-89-2024-paid", "uz-contract-3-4"),
    ),
    _Spec(
        id="concert-licence",
        title=N_("Concert licence"),
        required=N_("The organiser of a concert holds a licence valid on all days of the event."),
        agency="org",
        assess=assess_licence,
        deadline=day_before,
        norms=("uz-zru-668-a21-licence",),
    ),
    _Spec(
        id="insurance",
        title=N_("Liability insurance"),
        required=N_(
            "Insurance that covers all days of the event. No norm that was read demands it; it is advised."
        ),
        agency="org",
        assess=assess_paper("insurance"),
        deadline=day_before,
    ),
    _Spec(
        id="certificate",
        title=N_("Safety certificate of the venue"),
        required=N_(
            "A paper that says how many people the venue may hold. No norm that was read demands it; it is advised."
        ),
        agency="obj",
        assess=assess_paper("certificate"),
        deadline=day_before,
    ),
)

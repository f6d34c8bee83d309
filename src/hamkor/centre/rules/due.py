# SPDX-License-Identifier: Apache-2.0
"""What the clock alone has changed: alarms of work and posts, ended shelves, late units, unanswered roll calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, cast

from hamkor.alarms.rules.alarms import Alarm, Sort, SubjectKind
from hamkor.alarms.rules.defaults import in_all_languages
from hamkor.alarms.rules.evaluating import Clear
from hamkor.alarms.rules.happenings import ALARM
from hamkor.alarms.rules.raising import Seen, find_rule
from hamkor.common.messages import N_
from hamkor.incidents.rules import Incident
from hamkor.journal.rules import Documents
from hamkor.operation.rules.jobs import Job, recorded_jobs
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.posts import PostState
from hamkor.plans.rules.roster import Post
from hamkor.units.rules import RollCall, Sortie
from hamkor.units.rules.rollcalls import is_overdue
from hamkor.units.rules.timing import late_sorties, unsent_timer

OVERDUE: Final[Sort] = "overdue"
SILENT_POST: Final[Sort] = "silent_post"
# What lives depend on is high, the rest medium: critical is kept for what measures and people say.
_PRIORITY: Final[Mapping[bool, int]] = {True: 2, False: 3}


def alarms_due(documents: Documents) -> tuple[Seen, ...]:
    """Returns the alarms that overdue work and silent posts still lack.

    Notes:
        One alarm for each time something becomes overdue or silent: one a person has cleared meanwhile stays cleared.
    """
    latest = _latest(documents)
    wanted = [*_jobs(documents), *_posts(documents)]
    return tuple(
        seen
        for seen in wanted
        if _is_lacking(latest.get((seen.subject_kind, seen.subject)))
        and find_rule(documents, seen.rule, seen.place) is not None
    )


def alarms_over(documents: Documents, at: datetime) -> tuple[Clear, ...]:
    """Returns the alarms whose work is done or whose post has been heard.

    Args:
        documents: Documents of the event.
        at: An aware moment.
    """
    overdue = {("job", job.id) for job in recorded_jobs(documents) if _is_overdue(job)}
    silent = {("post", state.id) for state in _post_states(documents) if state.silent_since is not None}
    return tuple(
        Clear(rule=alarm.rule, subject_kind=alarm.subject_kind, subject=alarm.subject, at=at.timestamp())
        for alarm in documents.all(ALARM)
        if alarm.is_open
        and alarm.is_active
        and (alarm.sort, alarm.subject_kind) in ((OVERDUE, "job"), (SILENT_POST, "post"))
        and (alarm.subject_kind, alarm.subject) not in overdue | silent
    )


def shelves_over(documents: Documents, at: datetime) -> tuple[str, ...]:
    """Returns the ids of alarms whose time on the shelf is over."""
    return tuple(
        alarm.id
        for alarm in documents.all(ALARM)
        if alarm.is_open and alarm.shelved_until is not None and alarm.shelved_until <= at
    )


def late_units(documents: Documents, at: datetime) -> tuple[str, ...]:
    """Returns the ids of units that have not set out or arrived in time."""
    sorties = cast("tuple[Sortie, ...]", documents.all("sortie"))
    return tuple(dict.fromkeys(sortie.unit for sortie, _ in late_sorties(sorties, at)))


def late_incidents(documents: Documents, at: datetime) -> tuple[str, ...]:
    """Returns the ids of incidents to which nobody was sent in time."""
    waiting = (
        (incident, unsent_timer(incident, at))
        for incident in cast("tuple[Incident, ...]", documents.all("incident"))
        if incident.late_at is None
    )
    return tuple(incident.id for incident, timer in waiting if timer is not None and timer.is_late)


def late_roll_calls(documents: Documents, at: datetime) -> tuple[str, ...]:
    """Returns the ids of roll calls that somebody has not answered in time."""
    roll_calls = cast("tuple[RollCall, ...]", documents.all("roll_call"))
    return tuple(roll_call.id for roll_call in roll_calls if is_overdue(roll_call, at))


def _jobs(documents: Documents) -> Iterator[Seen]:
    for job in recorded_jobs(documents):
        if _is_overdue(job):
            yield Seen(
                rule=OVERDUE,
                subject_kind="job",
                subject=job.id,
                place=job.place,
                to=() if job.post is None else (f"post:{job.post}",),
                cause=job.id,
                values=_values(
                    N_("Overdue: {work}"), is_critical=job.critical, agency=job.agency, work=job.title
                ),
            )


def _posts(documents: Documents) -> Iterator[Seen]:
    for state in _post_states(documents):
        post = cast("Post | None", documents.get("post", state.id))
        if state.silent_since is None or post is None:
            continue
        yield Seen(
            rule=SILENT_POST,
            subject_kind="post",
            subject=post.id,
            place=Place(feature=post.place[0]) if post.place else None,
            to=(f"post:{post.id}",),
            cause=post.id,
            values=_values(
                N_("Silent post: {post}"), is_critical=post.critical, agency=post.agency, post=post.title
            ),
        )


def _values(template: str, *, is_critical: bool, agency: str | None, **names: Any) -> dict[str, Any]:
    title = in_all_languages(template, **names)
    return {"title": title, "priority": _PRIORITY[is_critical], "agency": agency}


def _is_overdue(job: Job) -> bool:
    return job.is_open and job.overdue_since is not None


def _post_states(documents: Documents) -> Iterable[PostState]:
    return cast("tuple[PostState, ...]", documents.all("post_state"))


def _latest(documents: Documents) -> dict[tuple[SubjectKind, str], Alarm]:
    """Returns the latest alarm about each piece of work and each post."""
    sorts = (OVERDUE, SILENT_POST)
    return {
        (alarm.subject_kind, alarm.subject): alarm for alarm in documents.all(ALARM) if alarm.sort in sorts
    }


def _is_lacking(alarm: Alarm | None) -> bool:
    """True when a condition that holds has no alarm; one cleared by a person while it held is not raised again."""
    if alarm is None:
        return True
    return not alarm.is_active if alarm.is_open else alarm.returned_at is not None

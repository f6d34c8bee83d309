# SPDX-License-Identifier: Apache-2.0
"""Alarms of reports, raised in the command that writes them down: words of crushing, and reports near each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from hamkor.alarms.rules.happenings import ALARM_RAISED, ALARM_RECURRED, ALARM_REPEATED
from hamkor.alarms.rules.raising import Raising, Seen, find_rule
from hamkor.alarms.rules.words import crush_words
from hamkor.incidents.facts import INCIDENT
from hamkor.incidents.rules.nearness import HARMLESS, Nearness, list_near, three_calls
from hamkor.journal.rules import Documents, Fact
from hamkor.operation.rules.places import Place


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What has just been reported, or written anew.

    Args:
        id: Id of the incident.
        text: What was said.
        place: Where, or None.
        at: When.
        type: Type of the incident, or None.
        is_new: False for better words about a report that was counted already.
    """

    id: str
    text: str
    place: Place | None
    at: datetime
    type: str | None = None
    is_new: bool = True


def raised_by(
    documents: Documents, report: Report, *, more: tuple[str, ...] = ()
) -> tuple[list[Fact[Any]], tuple[str, ...]]:
    """Returns the facts of the alarms a report raises, and the ids of these alarms.

    Args:
        documents: The documents the command decides on, without the report.
        report: The report.
        more: Further words of it: title and answers.
    """
    turn = Raising(documents, report.at)
    words = crush_words(report.text, *more)
    if words:
        turn.see(
            Seen(
                rule="words",
                subject_kind="incident",
                subject=report.id,
                place=report.place,
                words=", ".join(words),
                cause=report.id,
            )
        )
    if report.is_new and report.type not in HARMLESS:
        _see_cluster(turn, documents, report)
    known = {ALARM_RAISED, ALARM_RECURRED, ALARM_REPEATED}
    return turn.facts, tuple(dict.fromkeys(fact.body.id for fact in turn.facts if fact.type in known))


def _see_cluster(turn: Raising, documents: Documents, report: Report) -> None:
    """Takes in that a report is one of several near each other; the alarm is about the earliest of them."""
    rule = find_rule(documents, "cluster", report.place)
    if rule is None:
        return
    usual = three_calls()
    near = Nearness(
        id=rule.id,
        window=timedelta(seconds=rule.window_s) if rule.window_s else usual.window,
        radius_m=rule.radius_m or usual.radius_m,
        cluster=int(rule.limit or usual.cluster),
        source=rule.source or usual.source,
    )
    others = list_near(documents, documents.all(INCIDENT), place=report.place, at=report.at, profile=near)
    if len(others) + 1 < near.cluster:
        return
    turn.see(
        Seen(
            rule=rule.id,
            subject_kind="incident",
            subject=others[0].id if others else report.id,
            place=report.place,
            value=float(len(others) + 1),
            cause=report.id,
        )
    )

# SPDX-License-Identifier: Apache-2.0
"""What all verbs of alarms share: who sends, what is found, what is refused."""

from __future__ import annotations

from collections.abc import Iterable

from hamkor.agencies.rules import Right, Viewer, agencies_operated_by, may, require, require_same
from hamkor.alarms.facts import ALARM
from hamkor.alarms.rules.alarms import REASON_MAX, Alarm, AlarmError
from hamkor.common.messages import N_
from hamkor.discussions.rules import clean_text
from hamkor.journal.commands import Envelope
from hamkor.journal.rules import Documents

ALARMS_MAX = 1000


def require_sender(envelope: Envelope, viewer: Viewer, right: Right) -> None:
    """Returns when the sender is the person looked at, and has the right.

    Raises:
        NotAllowedError: ``not-allowed``.
        ValueError: The envelope was filled for somebody else: a fault of the program.
    """
    require_same(envelope, viewer)
    require(viewer, right)


def require_operator(envelope: Envelope, viewer: Viewer) -> None:
    """Returns when the sender works at the console, for all or for their own agency.

    Raises:
        NotAllowedError: ``not-allowed``.
        ValueError: As `require_sender`.
    """
    require_same(envelope, viewer)
    if not may(viewer, "operate_own"):
        require(viewer, "operate")


def get_alarms(documents: Documents, alarm_ids: Iterable[str], *, viewer: Viewer | None) -> list[Alarm]:
    """Returns the alarms a verb is about, each once.

    Args:
        documents: The documents.
        alarm_ids: Their ids.
        viewer: Whose to answer they must be; None for the server itself.

    Raises:
        AlarmError: ``alarms-too-many``, ``alarm-absent`` or ``alarm-not-yours``.
    """
    ids = list(dict.fromkeys(alarm_ids))
    if len(ids) > ALARMS_MAX:
        template = N_("These are {number} alarms at once; at most {most} can be answered. Choose fewer.")
        raise AlarmError("alarms-too-many", template, number=len(ids), most=ALARMS_MAX)
    found = []
    for alarm_id in ids:
        alarm = documents.get(ALARM, alarm_id)
        if alarm is None:
            raise AlarmError("alarm-absent", N_("There is no such alarm. Load the page again."), id=alarm_id)
        if viewer is not None:
            _require_own(viewer, alarm)
        found.append(alarm)
    return found


def require_reason(reason: str | None) -> str:
    """Returns a reason as it is kept.

    Raises:
        AlarmError: ``reason-missing``.
        TextUnusableError: ``text-too-long``.
    """
    if reason is None or not reason.strip():
        raise AlarmError("reason-missing", N_("Say why: whoever comes after you must understand it."))
    return clean_text(reason, most=REASON_MAX)


def _require_own(viewer: Viewer, alarm: Alarm) -> None:
    if may(viewer, "operate"):
        return
    agencies = agencies_operated_by(viewer)
    is_told = any(f"agency:{agency}" in alarm.to for agency in agencies) or viewer.person in alarm.to
    if alarm.agency not in agencies and not is_told:
        template = N_("Alarm {number} is for others to answer. Operators can, or the agency that acts on it.")
        raise AlarmError("alarm-not-yours", template, number=alarm.number)

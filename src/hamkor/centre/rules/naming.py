# SPDX-License-Identifier: Apache-2.0
"""Words for what stands in live documents, and names of things of the plan."""

from __future__ import annotations

from typing import Any, Final

from hamkor.alarms.rules.alarms import State
from hamkor.common.messages import N_, Message
from hamkor.incidents.rules import type_of
from hamkor.journal.rules import Documents
from hamkor.operation.rules.acting import agency_shown as known_agency
from hamkor.operation.rules.places import Place
from hamkor.orders.rules import MessageState, Sort
from hamkor.plans.rules.naming import title_of as name_of

NONE: Final = "–"
PRIORITY_NAMES: Final[dict[int, str]] = {
    1: N_("1 critical"),
    2: N_("2 high"),
    3: N_("3 medium"),
    4: N_("4 low"),
}
ALARM_STATE_NAMES: Final[dict[State, str]] = {
    "unacknowledged": N_("not acknowledged"),
    "acknowledged": N_("acknowledged"),
    "shelved": N_("shelved"),
    "returned": N_("gone, not acknowledged"),
    "cleared": N_("cleared"),
}
SORT_NAMES: Final[dict[Sort, str]] = {
    "order": N_("order"),
    "request": N_("request"),
    "question": N_("question"),
    "information": N_("information"),
    "log": N_("call written down"),
}
MESSAGE_STATE_NAMES: Final[dict[MessageState, str]] = {
    "sent": N_("sent"),
    "delivered": N_("delivered"),
    "seen": N_("seen"),
    "accepted": N_("accepted"),
    "refused": N_("refused"),
    "silent": N_("silent"),
}
STANDING_NAMES: Final[dict[str, str]] = {
    "not_yet": N_("not yet due"),
    "manned": N_("manned"),
    "short": N_("short"),
    "unmanned": N_("unmanned"),
    "left": N_("left"),
    "over": N_("no longer needed"),
    "silent": N_("silent"),
}
STOP_STATE_NAMES: Final[dict[str, str]] = {
    "ordered": N_("ordered"),
    "in_force": N_("in force"),
    "lifted": N_("lifted"),
}


def agency_shown(code: str | None) -> Any:
    """Returns the short name of an agency in its languages, a dash for none."""
    return NONE if code is None else known_agency(code)  # type: ignore[arg-type]  # a code of a document


def type_shown(code: str | None) -> Message:
    """Returns the name of a type of incident."""
    found = type_of(code)
    return Message(N_("not yet known what") if found is None else found.name)


def title_of(documents: Documents, kind: str, document_id: str) -> Any:
    """Returns the title or name of something of the plan, its id when it has none or is gone."""
    return name_of(documents.get(kind, document_id), fallback=document_id)


def place_shown(documents: Documents, place: Place | None) -> Any:
    """Returns where something is, as people say it: words, a name of the drawing, or a point."""
    if place is None or not place.is_known:
        return NONE
    if place.feature is not None:
        return title_of(documents, "feature", place.feature)
    if place.words is not None:
        return place.words
    east, north = place.point or (0.0, 0.0)
    return f"{north:.5f}, {east:.5f}"

# SPDX-License-Identifier: Apache-2.0
"""Documents of a small evening for the tests of the console; everything is invented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hamkor.agencies.rules import Grant, Viewer
from hamkor.incidents.rules.incidents import Incident
from hamkor.operation.rules.running import Operation
from hamkor.orders.rules import Addressee, Message, Receipt

NOW = datetime(2027, 3, 21, 14, 0, tzinfo=UTC)


def viewer(role: Any = "operator", agency: Any = "iib", person: str = "") -> Viewer:
    return Viewer(person=f"person:{person or role}", agency=agency, grants=(Grant(role=role, agency=agency),))


OPERATOR = viewer()
LIAISON = viewer("liaison", "tty")
OTHER_LIAISON = viewer("liaison", "fvv")


def incident(key: str, **fields: Any) -> Incident:
    given: dict[str, Any] = {
        "number": 1,
        "state": "reported",
        "priority": 2,
        "source": "radio",
        "reported_at": NOW,
        "reported_by": "person:operator",
        "agency": "iib",
    }
    return Incident(id=key, **(given | fields))


def message(key: str, *, to: Any = "tty", **fields: Any) -> Message:
    whom = Addressee(kind="agency", id=to, agency=to)
    given: dict[str, Any] = {
        "number": 1,
        "sort": "order",
        "urgency": "routine",
        "sender": "person:operator",
        "agency": "iib",
        "state": "sent",
        "to": (whom,),
        "receipts": (Receipt(addressee=whom, awaited_from=NOW),),
        "text": {"uz": "Toʻrtinchi darvozani oching", "en": "Open gate four"},
        "sent_at": NOW,
    }
    return Message(id=key, **(given | fields))


def operation(**fields: Any) -> Operation:
    given: dict[str, Any] = {
        "mode": "real",
        "phase_since": NOW,
        "opened_at": NOW,
        "opened_by": "person:chief",
    }
    return Operation(**(given | fields))

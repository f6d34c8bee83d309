# SPDX-License-Identifier: Apache-2.0
"""A small invented event on its way to an agreement, with the people who agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from hamkor.agencies.rules import Grant, Viewer
from hamkor.approvals.commands import approve, put_to_approval
from hamkor.approvals.queries import get_approval_page, get_trail, list_approval_states
from hamkor.approvals.rules.signing import SeenHead, signing_agencies
from hamkor.common.ids import new_id
from hamkor.events.rules import Event, Organiser, Participation
from hamkor.folder.queries import read_folder
from hamkor.journal.commands import perform
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents, get_head
from hamkor.journal.rules import Envelope, find_kind
from hamkor.journal.tests.lanterns import LANTERN, Lantern
from hamkor.plans.commands import record_plan
from hamkor.plans.facts import RECORDED
from hamkor.plans.queries import plan_of
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Duty, Post
from hamkor.plans.rules.roster import Person as PlanPerson

NAVRUZ = Path(__file__).parents[4] / "examples" / "navruz-2027"
START = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)


def viewer(role: str, agency: str, name: str | None = None) -> Viewer:
    grant = Grant(role=role, agency=agency)
    return Viewer(person=f"person:{name or f'{role}-{agency}'}", agency=agency, grants=(grant,))


COORDINATOR = viewer("coordinator", "iib")
COMMISSION = viewer("commission", "kom")
AUDITOR = viewer("auditor", "hok")


def signer(agency: str) -> Viewer:
    return COORDINATOR if agency == "iib" else viewer("liaison", agency)


@cache
def navruz() -> Plan:
    return read_folder(NAVRUZ)


def small() -> Plan:
    """Three agencies and a few posts; complete, so that the check finds much, some of it red."""
    event = Event(
        format="hamkor-event-1",
        id="small",
        name="Small fair",
        kind="fair",
        extent="complete",
        setting="outdoors",
        organiser=Organiser(name="Fair office"),
        agencies=(Participation(agency="iib"), Participation(agency="tty")),
    )
    posts = (
        Post(id="gate", title="Gate", role="gate", agency="org", needed=4, confirmed=4),
        Post(id="watch", title="Watch", role="police", agency="iib", needed=6, confirmed=6),
        Post(id="aid", title="First aid", role="medical", agency="tty", needed=2, confirmed=2),
    )
    duties = (Duty(id="order", phase="conduct", title="Public order", accountable=("iib",)),)
    people = (PlanPerson(id="medic", agency="tty"),)
    return Plan(event=event, posts=posts, duties=duties, people=people)


class Round:
    """A journal and what people do to it; a tick of the clock for everything sent."""

    def __init__(self, plan: Plan) -> None:
        self.store, self.now, self.stream = MemoryStore(), START, str(new_id(START))
        record_plan(self.store, self.sent(COORDINATOR), plan=plan)

    def sent(self, by: Viewer, **others: Any) -> Envelope:
        self.now += timedelta(seconds=1)
        values = {"stream": self.stream, "command_id": new_id(self.now), "at": self.now, "by": by.person}
        return Envelope(**values, agency=by.agency, **others)

    @property
    def documents(self) -> Any:
        return get_documents(self.store, self.stream)

    @property
    def plan(self) -> Plan:
        plan = plan_of(self.documents, {})
        assert plan is not None
        return plan

    @property
    def agencies(self) -> tuple[Any, ...]:
        return signing_agencies(self.plan.event)

    def record(self, kind: str, document: Any, by: Viewer = COORDINATOR) -> int:
        declared: Any = find_kind(kind)
        recorded = RECORDED[kind] if declared.is_single else declared.recorded
        sent = self.sent(by)
        result = perform(self.store, sent, lambda _: [recorded(document)], content=[str(sent.command_id)])
        return result.number

    def edit(self, kind: str, document_id: str, /, **fields: Any) -> int:
        return self.record(kind, msgspec.structs.replace(self.documents.get(kind, document_id), **fields))

    def remove(self, kind: str, document_id: str) -> int:
        removed: Any = find_kind(kind)
        body = removed.removed.body(document_id)
        sent = self.sent(COORDINATOR)
        return perform(
            self.store, sent, lambda _: [removed.removed(body)], content=[str(sent.command_id)]
        ).number

    def chat(self) -> int:
        """Something happens that is not the plan."""
        sent = self.sent(COORDINATOR)
        fact = LANTERN.recorded(Lantern(f"l{self.now.timestamp()}"))
        return perform(self.store, sent, lambda _: [fact], content=[str(sent.command_id)]).number

    def seen(self, version: int | None = None) -> SeenHead:
        head = get_head(self.store, self.stream)
        newest = len(self.documents.all("plan_version")) if version is None else version
        return SeenHead(version=newest, number=head.number, hash=head.hash)

    def put(self) -> int:
        return put_to_approval(self.store, self.sent(COORDINATOR), viewer=COORDINATOR).number

    def approve(self, agency: Any, scope: Any = "whole", seen: SeenHead | None = None) -> int:
        by = signer(agency)
        sent, head = self.sent(by), seen or self.seen()
        return approve(self.store, sent, viewer=by, agency=agency, scope=scope, seen=head).number

    def states(self) -> dict[str, tuple[str, str]]:
        """Returns state of own part and of the whole by agency."""
        found = list_approval_states(self.store, stream=self.stream, viewer=AUDITOR)
        return {item.agency: (item.own.state, item.whole.state) for item in found}

    def page(self, by: Viewer = COORDINATOR) -> Any:
        return get_approval_page(self.store, stream=self.stream, viewer=by)

    @property
    def trail(self) -> Any:
        return get_trail(self.store, self.stream)

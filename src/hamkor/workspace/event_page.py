# SPDX-License-Identifier: Apache-2.0
"""What every page of one event needs: who looks, the documents at one entry, the plan, its findings, the sections."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, wraps
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hamkor.agencies.models import User
from hamkor.agencies.queries.people import get_viewer
from hamkor.agencies.rules import Right, Viewer, may, require
from hamkor.agencies.rules.rights import ROLE_NAMES
from hamkor.checks.queries import Report
from hamkor.checks.rules.findings import Finding
from hamkor.common.errors import HamkorError
from hamkor.common.ids import new_id
from hamkor.common.messages import N_, Message
from hamkor.discussions.queries import list_questions
from hamkor.journal.queries import get_documents, get_head
from hamkor.journal.rules import Documents, Envelope
from hamkor.pages.languages import current_language
from hamkor.plans.commands import list_details
from hamkor.plans.queries import plan_of
from hamkor.plans.rules.personal import PersonalDetails, set_apart
from hamkor.plans.rules.plan import Plan
from hamkor.workspace.agency_chips import Chip, chips_of
from hamkor.workspace.checking import findings_of
from hamkor.workspace.findings_shown import Cards, FindingShown, Judged, findings_shown, panel_of
from hamkor.workspace.kept import keep
from hamkor.workspace.sections import Section, list_sections
from hamkor.workspace.stores import journals, vault

PANEL_MAX = 30

T = TypeVar("T")


class EventUnknownError(HamkorError):
    """There is no such event, or none this person may know of: the two are not told apart."""

    def __init__(self) -> None:
        super().__init__(
            "event-unknown",
            N_("There is no such event here, or you hold no role at it. Ask its coordinator to invite you."),
        )


@dataclass
class EventPage:
    """One event as one person sees it at one entry of its journal.

    Args:
        request: The request.
        stream: Id of the event.
        viewer: Who looks.
        now: Moment of the request, aware.
    """

    request: HttpRequest
    stream: UUID
    viewer: Viewer
    now: datetime
    context: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def documents(self) -> Documents:
        """The documents at the head."""
        return get_documents(journals(), self.stream)

    @property
    def number(self) -> int:
        """Number of the last entry the page shows."""
        return self.documents.number

    @cached_property
    def plan(self) -> Plan:
        """The plan; names and phones only for those who may see them.

        Raises:
            EventUnknownError: The journal holds no event.
        """
        plan = keep(
            ("plan", self.stream, self.number, self._details_mark),
            lambda: plan_of(self.documents, self.details),
        )
        if plan is None:
            raise EventUnknownError
        return plan

    @cached_property
    def details(self) -> Mapping[str, PersonalDetails]:
        """Names and phones by the id of the person; none for those who may not see them."""
        return list_details(vault(), str(self.stream)) if may(self.viewer, "see_personal") else {}

    @cached_property
    def _details_mark(self) -> int:
        return hash(frozenset(self.details.items()))

    def keep(self, what: Hashable, make: Callable[[], T]) -> T:
        """Returns something made for everybody who sees this entry in this language with these rights and names.

        Args:
            what: What it is, and whatever else it depends on.
            make: Makes it when nobody did before.
        """
        seen = (self.stream, self.number, self._details_mark, self.viewer.grants, current_language())
        return keep((what, seen), make)

    @cached_property
    def nameless_plan(self) -> Plan:
        """The plan without names and phones, the same for everybody: what checks and approvals are about."""
        return msgspec.structs.replace(self.plan, people=set_apart(self.plan)[0].people)

    @cached_property
    def report(self) -> Report:
        """What the checker says."""
        return findings_of(str(self.stream), self.number, self.nameless_plan)

    @cached_property
    def cards(self) -> Cards:
        """The findings in the language of the page."""
        return self.keep("cards", lambda: Cards(self.report, current_language()))

    @cached_property
    def findings(self) -> tuple[FindingShown, ...]:
        """The findings with what people decided about them, then acceptances whose findings are gone."""
        return self.keep("findings", lambda: findings_shown(self._judged()))

    @cached_property
    def panel(self) -> SafeString:
        """The findings beside every page, worst first: as many as a person reads, the rest on the page of all."""
        panel = self.keep("panel", lambda: panel_of(self._judged(), most=PANEL_MAX))
        return self.piece("workspace/findings_list.html", panel=panel)

    def _judged(self) -> Judged:
        return Judged(
            viewer=self.viewer,
            stream=self.stream,
            plan=self.plan,
            report=self.report,
            cards=self.cards,
            documents=self.documents,
        )

    @cached_property
    def agency_chips(self) -> tuple[Chip, ...]:
        """Where every agency stands, for the top bar."""
        return chips_of(self.viewer, stream=self.stream, documents=self.documents)

    @property
    def may_judge(self) -> bool:
        """The viewer may accept findings, or override red ones."""
        return may(self.viewer, "accept_finding") or may(self.viewer, "override")

    @property
    def sees_centre(self) -> bool:
        """The viewer may see the live picture."""
        return may(self.viewer, "see_centre")

    @property
    def answers_orders(self) -> bool:
        """The viewer may be given orders."""
        return may(self.viewer, "answer_order")

    @property
    def signed(self) -> int:
        """How many agencies have approved the whole plan."""
        return sum(chip.state == "whole" for chip in self.agency_chips)

    @cached_property
    def open_questions(self) -> int:
        """How many questions await an answer."""
        return len(list_questions(self.viewer, self.documents, self.now).open)

    @cached_property
    def findings_by_subject(self) -> dict[str, tuple[Finding, ...]]:
        """Findings by the id of what they are about, worst first."""
        found: dict[str, tuple[Finding, ...]] = {}
        for finding in self.report.findings:
            found[finding.subject.id] = (*found.get(finding.subject.id, ()), finding)
        return found

    def piece(self, template: str, **context: Any) -> SafeString:
        """Returns a piece of a page, made once for everybody who sees this entry with these rights.

        Args:
            template: Its template; it must hold nothing of the person, the request or the clock.
            context: What it needs beside the event.
        """
        values = {"event_page": self, "event": self.plan.event, **context}
        return self.keep(template, lambda: render_to_string(template, values))

    def tell(self, text: str, *, undo: str = "") -> None:
        """Says something on the next page.

        Args:
            text: What, in the language of the page.
            undo: Id of the command that can be taken back by a button beside it.
        """
        messages.success(self.request, text, extra_tags=f"good undo:{undo}" if undo else "good")

    @property
    def red(self) -> int:
        """Number of red findings."""
        return self.report.count("red")

    @property
    def amber(self) -> int:
        """Number of amber findings."""
        return self.report.count("amber")

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the workspace with their counts."""
        return list_sections(self.stream, plan=self.plan, report=self.report)

    def envelope(self, command_id: UUID | None = None, *, cause: UUID | int | None = None) -> Envelope:
        """Returns the envelope of a command this person sends now.

        Args:
            command_id: Id made by the sender, so that sending twice does it once; a new one when None.
            cause: What led to it.
        """
        return Envelope(
            stream=self.stream,
            command_id=command_id or new_id(self.now),
            at=self.now,
            by=self.viewer.person,
            agency=self.viewer.agency,
            cause=cause,
        )

    def render(self, template: str, **context: Any) -> HttpResponse:
        """Returns the page, with the shell of the event around it."""
        roles = self.viewer.roles
        values = {
            "event_page": self,
            "event": self.plan.event,
            "plan": self.plan,
            "viewer": self.viewer,
            "viewer_role": Message(ROLE_NAMES[roles[0]]) if roles else None,
            "new_command_id": new_id(self.now),
            **context,
        }
        return render(self.request, template, values)


View = Callable[..., HttpResponse]


def event_view(right: Right = "see_plan") -> Callable[[View], View]:
    """Returns a decorator: the view gets an EventPage, after sign-in, role and right were checked.

    Args:
        right: What the person must be allowed to do to open the page at all.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def opened(request: HttpRequest, stream: UUID, **values: Any) -> HttpResponse:
            page = open_event(request, stream)
            require(page.viewer, right)
            return view(page, **values)

        opened.right = right  # type: ignore[attr-defined]  # read by the table of permissions
        return opened

    return decorate


def open_event(request: HttpRequest, stream: UUID) -> EventPage:
    """Returns an event for the signed-in person.

    Raises:
        EventUnknownError: There is none, or the person has no role at it.
    """
    now = datetime.now(UTC)
    user = request.user
    if not isinstance(user, User):
        raise EventUnknownError
    viewer = get_viewer(user, stream=stream, at=now)
    if not viewer.grants or get_head(journals(), stream).number == 0:
        raise EventUnknownError
    return EventPage(request, stream, viewer, now)


def is_still_open(request: HttpRequest, stream: UUID) -> bool:
    """True while the person of a long answer is still signed in and still holds a role at the event."""
    session = request.session
    if session.session_key is None or not session.exists(session.session_key):
        return False
    person = request.user
    if not isinstance(person, User):
        return False
    user = User.objects.filter(pk=person.pk, is_active=True).first()
    return user is not None and bool(get_viewer(user, stream=stream, at=datetime.now(UTC)).grants)

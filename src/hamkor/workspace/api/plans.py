# SPDX-License-Identifier: Apache-2.0
"""The plan: whole, by part, by item, as it was; edits and taking them back; findings; history; agreement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Path, Query

from hamkor.agencies.rules import may
from hamkor.approvals.queries import get_approval_page
from hamkor.approvals.queries.pages import ApprovalPage
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.queries import get_documents
from hamkor.pages.languages import current_language
from hamkor.plans.commands import EditResult, edit_plan, list_details, undo
from hamkor.plans.queries import get_history, plan_of
from hamkor.plans.rules.concern import VENUE
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.printing.findings_json import FindingsDocument, report_as_json
from hamkor.workspace.api.access import note_names, open_page
from hamkor.workspace.api.answers import answer, read_body, tag_of, unchanged
from hamkor.workspace.api.events import CURSOR, LIMIT, CursorWrongError
from hamkor.workspace.api.openapi import described
from hamkor.workspace.api.shapes import (
    ApprovalsShown,
    BlockerRow,
    CommandToUndo,
    Edited,
    EditsToMake,
    HistoryRow,
    HistoryRows,
    ItemShown,
    JudgedRow,
    PartShown,
    PlanShown,
    StandingRow,
)
from hamkor.workspace.event_page import EventPage, EventUnknownError
from hamkor.workspace.stores import journals, vault

router = Router()
AT = Query(None, ge=1, le=2**53 - 1, description="The plan as it was after this entry; now when absent.")
PART = Path(..., max_length=40, description="Part of the plan, such as `duties`, or `venue`.")
ITEM = Path(..., max_length=80, description="Id of an item in that part.")
PART_NAMES = (*(part.name for part in PARTS), VENUE)


class PartUnknownError(HamkorError):
    """There is no such part, no such item in it, or no such entry."""


@router.get(
    "/events/{uuid:stream}/plan", **described("Get the plan", tag="Plan", scope="read", answer=PlanShown)
)
def get_plan(request: HttpRequest, stream: UUID, at: int | None = AT) -> HttpResponse:
    """Names and phones are there for those who may see them; each time is written down."""
    page = open_page(request, stream, "read")
    tag = tag_of(page, "plan", at)
    known = unchanged(request, tag)
    if known is not None:
        return known
    number, plan = _plan_at(page, at)
    note_names(page, "api-plan")
    return answer(PlanShown(number=number, plan=plan), tag=tag)


@router.get(
    "/events/{uuid:stream}/plan/{part}",
    **described("Get a part of the plan", tag="Plan", scope="read", answer=PartShown),
)
def get_part(request: HttpRequest, stream: UUID, part: str = PART, at: int | None = AT) -> HttpResponse:
    """A part that is a list holds items with ids; one that is null is unknown."""
    page = open_page(request, stream, "read")
    tag = tag_of(page, "part", part, at)
    known = unchanged(request, tag)
    if known is not None:
        return known
    number, plan = _plan_at(page, at)
    value = _part_of(plan, part)
    if part == "people":
        note_names(page, "api-people")
    return answer(PartShown(number=number, part=part, value=value), tag=tag)


@router.get(
    "/events/{uuid:stream}/plan/{part}/{item}",
    **described("Get an item of the plan", tag="Plan", scope="read", answer=ItemShown),
)
def get_item(
    request: HttpRequest, stream: UUID, part: str = PART, item: str = ITEM, at: int | None = AT
) -> HttpResponse:
    """One item of a part that is a list, or one feature of the drawing."""
    page = open_page(request, stream, "read")
    tag = tag_of(page, "item", part, item, at)
    known = unchanged(request, tag)
    if known is not None:
        return known
    number, plan = _plan_at(page, at)
    value = _part_of(plan, part)
    items = plan.venue.features if part == VENUE and plan.venue is not None else value
    found = next((each for each in items if each.id == item), None) if isinstance(items, tuple) else None
    if found is None:
        template = N_("There is no “{item}” in {part}.")
        raise PartUnknownError("item-unknown", template, item=item, part=part)
    if part == "people":
        note_names(page, "api-people")
    return answer(ItemShown(number=number, part=part, id=item, value=found), tag=tag)


@router.post(
    "/events/{uuid:stream}/edits",
    **described("Edit the plan", tag="Plan", scope="edit", body=EditsToMake, answer=Edited),
)
def make_edits(request: HttpRequest, stream: UUID) -> HttpResponse:
    """All edits or none. What others changed since `seen` is told as conflicts and never bounces the edit."""
    page = open_page(request, stream, "edit")
    sent = read_body(request, EditsToMake)
    done = edit_plan(
        journals(), page.envelope(sent.command_id), viewer=page.viewer, edits=sent.edits, vault=vault()
    )
    return answer(_edited(done))


@router.post(
    "/events/{uuid:stream}/undo",
    **described("Take a command back", tag="Plan", scope="edit", body=CommandToUndo, answer=Edited),
)
def take_back(request: HttpRequest, stream: UUID) -> HttpResponse:
    """One's own command; a coordinator may take back anybody's."""
    page = open_page(request, stream, "edit")
    sent = read_body(request, CommandToUndo)
    done = undo(journals(), page.envelope(sent.command_id), viewer=page.viewer, command_id=sent.undone)
    return answer(_edited(done))


@router.get(
    "/events/{uuid:stream}/findings",
    **described("Get the findings", tag="Plan", scope="read", answer=FindingsDocument),
)
def get_findings(request: HttpRequest, stream: UUID) -> HttpResponse:
    """What the check says of the plan as it is: the same as `hamkor check --format json`."""
    page = open_page(request, stream, "read", cost=2)
    tag = tag_of(page, "findings")
    known = unchanged(request, tag)
    return known or answer(report_as_json(page.report, current_language()), tag=tag)


@router.get(
    "/events/{uuid:stream}/history",
    **described("List changes of the plan", tag="Plan", scope="read", answer=HistoryRows),
)
def list_history(
    request: HttpRequest,
    stream: UUID,
    cursor: str | None = CURSOR,
    limit: int = LIMIT,
    kind: str | None = Query(None, max_length=40, description="Only documents of this kind, such as `duty`."),
    item: str | None = Query(None, max_length=80, description="Only the document with this id."),
) -> HttpResponse:
    """The newest change first."""
    page = open_page(request, stream, "read", cost=2)
    lines = get_history(
        journals(),
        stream,
        viewer=page.viewer,
        kind=kind,
        id=item,
        limit=limit + 1,
        before_number=None if cursor is None else _number_of(cursor),
    )
    rows = tuple(
        HistoryRow(
            number=line.number,
            at=line.at,
            by=line.by,
            agency=line.agency,
            command_id=line.command_id,
            cause=line.cause,
            changes=line.changes,
        )
        for line in lines[:limit]
    )
    more = len(lines) > limit
    return answer(HistoryRows(items=rows, next_cursor=str(lines[limit - 1].first) if more else None))


@router.get(
    "/events/{uuid:stream}/approvals",
    **described("Get the state of agreement", tag="Agreement", scope="read", answer=ApprovalsShown),
)
def get_approvals(request: HttpRequest, stream: UUID) -> HttpResponse:
    """Versions, where each agency stands, findings that were accepted, and what is in the way."""
    page = open_page(request, stream, "read", cost=2)
    tag = tag_of(page, "approvals")
    known = unchanged(request, tag)
    if known is not None:
        return known
    found = get_approval_page(journals(), stream=stream, viewer=page.viewer, report=page.report)
    return answer(_approvals(found), tag=tag)


def _approvals(found: ApprovalPage) -> ApprovalsShown:
    language = current_language()
    return ApprovalsShown(
        number=found.head_number,
        hash=found.head_hash,
        is_final=found.is_final,
        versions=found.versions,
        standings=tuple(
            StandingRow(agency=each.agency, own=each.own.state, whole=each.whole.state)
            for each in found.standings
        ),
        judged=tuple(
            JudgedRow(
                key=each.key,
                state=each.state,
                severity=None if each.finding is None else each.finding.severity,
                reason=None if each.acceptance is None else each.acceptance.reason,
            )
            for each in found.judged
        ),
        blockers=tuple(
            BlockerRow(code=each.code, message=each.message.render(language), agency=each.agency)
            for each in found.blockers
        ),
    )


def _plan_at(page: EventPage, at: int | None) -> tuple[int, Plan]:
    """Returns the plan as the person may see it, now or after an entry."""
    if at is None or at == page.number:
        return page.number, page.plan
    if at > page.number:
        template = N_("The record ends with entry {number}; there is no entry {at} yet.")
        raise PartUnknownError("number-not-reached", template, number=page.number, at=at)
    documents = get_documents(journals(), page.stream, until=at)
    details = list_details(vault(), str(page.stream)) if may(page.viewer, "see_personal") else {}
    plan = plan_of(documents, details)
    if plan is None:
        raise EventUnknownError
    return documents.number, plan


def _part_of(plan: Plan, part: str) -> Any:
    if part not in PART_NAMES:
        template = N_("A plan has no part “{part}”. Its parts are: {known}.")
        raise PartUnknownError("part-unknown", template, part=part, known=", ".join(PART_NAMES))
    return getattr(plan, part)


def _edited(done: EditResult) -> Edited:
    return Edited(number=done.result.number, changes=done.changes, conflicts=done.conflicts)


def _number_of(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
        raise CursorWrongError
    return int(cursor)

# SPDX-License-Identifier: Apache-2.0
"""Agreement on a plan: versions, signatures, objections, what voids them, the final approval."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse, HttpResponseRedirect

from hamkor.agencies.queries import get_agency
from hamkor.agencies.rules import AgencyCode, may
from hamkor.approvals.commands import (
    approve,
    finalise,
    object_to,
    override_reds,
    put_to_approval,
    withdraw_approval,
    withdraw_objection,
)
from hamkor.approvals.commands.signing import PlanChangedError
from hamkor.approvals.queries import get_approval_page
from hamkor.approvals.rules.signing import Scope, SeenHead
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.journal.rules import Envelope
from hamkor.pages.languages import current_language
from hamkor.plans.rules.plan import PARTS
from hamkor.printing.words import part_word
from hamkor.workspace.agreement import Teller, TouchShown, agreement_shown, names_in
from hamkor.workspace.changes_shown import ChangeReader, by_part
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.forms.sent import FormMalformedError, answer_refused, command_id_of
from hamkor.workspace.people_shown import names_of
from hamkor.workspace.stores import journals

MOST_DIGITS = 12
SAID = {
    "put": N_("A new version is put to approval. The agencies sign it now."),
    "approve-own": N_("Signed: what concerns your agency."),
    "approve-whole": N_("Signed: the whole plan."),
    "withdraw": N_("Your approval is taken back."),
    "object": N_("Your objection is recorded."),
    "settle": N_("Your objection is taken back."),
    "finalise": N_("The plan is approved finally."),
    "override": N_("The commission goes on in spite of these findings. Every agency signs the whole again."),
}


@event_view()
def approvals_page(page: EventPage) -> HttpResponse:
    """Where every agency stands; signs, objects, takes back, puts to approval and approves finally."""
    if page.request.method != "POST":
        return _shown(page)
    action = page.request.POST.get("do", "")
    try:
        if action not in ACTIONS:
            raise FormMalformedError
        ACTIONS[action](page)
    except HamkorError as error:
        return answer_refused(error, lambda refused: _shown(page, refused))
    page.tell(translate(SAID[action], current_language()))
    return HttpResponseRedirect(page.request.path)


@event_view()
def version_page(page: EventPage, *, version: int) -> HttpResponse:
    """What makes a version different from the one before, part by part and field by field."""
    found = get_approval_page(journals(), stream=page.stream, viewer=page.viewer, report=page.report)
    shown = next((each for each in found.versions if each.version.version == version), None)
    if shown is None:
        raise Http404
    reader = ChangeReader(page.stream, page.plan, page.documents)
    return page.render(
        "workspace/approvals_version.html",
        current_section="approvals",
        shown=shown,
        parts=by_part(reader.read(shown.changes)),
        versions=found.versions,
        by=names_of(page.viewer, [shown.version.by])[shown.version.by],
    )


def _shown(page: EventPage, error: HamkorError | None = None) -> HttpResponse:
    agreement = agreement_shown(page)
    versions = agreement.page.versions
    since: tuple[TouchShown, ...] = ()
    if isinstance(error, PlanChangedError):
        since = Teller(page, names_in(page, error.touches)).touches(error.touches)
    return page.render(
        "workspace/approvals.html",
        current_section="approvals",
        agreement=agreement,
        approval=agreement.page,
        newest=versions[-1] if versions else None,
        versions=versions[::-1],
        since_final=by_part(agreement.since_final),
        open_reds=[item for item in page.findings if item.judged.is_open_red],
        may_finalise=may(page.viewer, "finalise"),
        may_override=may(page.viewer, "override"),
        parts=[(part.name, part_word(part.name, current_language())) for part in PARTS],
        fault=error.message if error is not None else None,
        fault_changes=since,
        typed=page.request.POST if error is not None else {},
    )


def _put(page: EventPage) -> None:
    note = page.request.POST.get("note") or None
    put_to_approval(journals(), _envelope(page), viewer=page.viewer, note=note)


def _approve_own(page: EventPage) -> None:
    approve(
        journals(), _envelope(page), viewer=page.viewer, agency=_agency(page), scope="own", seen=_seen(page)
    )


def _approve_whole(page: EventPage) -> None:
    approve(
        journals(), _envelope(page), viewer=page.viewer, agency=_agency(page), scope="whole", seen=_seen(page)
    )


def _withdraw(page: EventPage) -> None:
    posted = page.request.POST
    scope: Scope = "own" if posted.get("scope") == "own" else "whole"
    reason = posted.get("reason", "")
    withdraw_approval(
        journals(), _envelope(page), viewer=page.viewer, agency=_agency(page), scope=scope, reason=reason
    )


def _object(page: EventPage) -> None:
    posted = page.request.POST
    object_to(
        journals(),
        _envelope(page),
        viewer=page.viewer,
        agency=_agency(page),
        reason=posted.get("reason", ""),
        part=posted.get("part") or None,
    )


def _settle(page: EventPage) -> None:
    reason = page.request.POST.get("reason", "")
    withdraw_objection(journals(), _envelope(page), viewer=page.viewer, agency=_agency(page), reason=reason)


def _finalise(page: EventPage) -> None:
    version = _number(page.request.POST.get("version"))
    finalise(journals(), _envelope(page), viewer=page.viewer, version=version)


def _override(page: EventPage) -> None:
    posted = page.request.POST
    reason, keys = posted.get("reason", ""), posted.getlist("key")
    override_reds(journals(), _envelope(page), viewer=page.viewer, reason=reason, keys=keys)


ACTIONS: dict[str, Callable[[EventPage], None]] = {
    "put": _put,
    "approve-own": _approve_own,
    "approve-whole": _approve_whole,
    "withdraw": _withdraw,
    "object": _object,
    "settle": _settle,
    "finalise": _finalise,
    "override": _override,
}


def _envelope(page: EventPage) -> Envelope:
    return page.envelope(command_id_of(page.request.POST))


def _agency(page: EventPage) -> AgencyCode:
    """Returns the agency a form speaks for; one that does not exist is refused by the command as not the viewer's."""
    return get_agency(page.request.POST.get("agency", "")).code


def _seen(page: EventPage) -> SeenHead:
    posted = page.request.POST
    return SeenHead(
        version=_number(posted.get("version")),
        number=_number(posted.get("number")),
        hash=posted.get("hash", ""),
    )


def _number(text: str | None) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS:
        raise FormMalformedError
    return int(text)

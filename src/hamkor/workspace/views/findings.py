# SPDX-License-Identifier: Apache-2.0
"""All findings of an event: mended where they belong, or accepted with a reason; and the page of one rule."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from hamkor.approvals.commands import accept_finding, withdraw_acceptance
from hamkor.checks.rules.registry import find_rule
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message
from hamkor.pages.languages import current_language
from hamkor.printing.rules_explained import explain
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.forms.sent import answer_refused, command_id_of
from hamkor.workspace.stores import journals
from hamkor.workspace.views.editing import back

ACCEPTED = N_("The finding is accepted with your reason.")
WITHDRAWN = N_("The acceptance is taken back. The finding is open again.")


@event_view()
def findings_page(page: EventPage) -> HttpResponse:
    """Every finding with its numbers; accepts one, or takes an acceptance back."""
    if page.request.method != "POST":
        return _shown(page)
    try:
        _judge(page)
    except HamkorError as error:
        return answer_refused(error, lambda refused: _shown(page, refused.message))
    return HttpResponseRedirect(back(page.request, page.request.path))


@login_required
def rule_page(request: HttpRequest, rule: str) -> HttpResponse:
    """Why a rule exists and what it looks at."""
    found = find_rule(rule)
    if found is None:
        raise Http404
    language = current_language()
    return render(
        request,
        "workspace/finding_rule.html",
        {"rule": found, "title": translate(found.title, language), "parts": explain(found, language)},
    )


def _judge(page: EventPage) -> None:
    posted = page.request.POST
    envelope = page.envelope(command_id_of(posted))
    key, reason = posted.get("key", ""), posted.get("reason", "")
    if posted.get("do") == "withdraw":
        withdraw_acceptance(journals(), envelope, viewer=page.viewer, key=key, reason=reason)
        page.tell(translate(WITHDRAWN, current_language()))
        return
    person = posted.get("person") or None
    accept_finding(journals(), envelope, viewer=page.viewer, key=key, reason=reason, person=person)
    page.tell(translate(ACCEPTED, current_language()))


def _shown(page: EventPage, fault: Message | None = None) -> HttpResponse:
    chosen = page.request.GET.get("show", "")
    posted = page.request.POST
    wanted = page.request.GET.get("accept") or page.request.GET.get("withdraw") or posted.get("key")
    is_withdrawing = "withdraw" in page.request.GET or posted.get("do") == "withdraw"
    judging = next((item for item in page.findings if item.key == wanted), None)
    if judging is not None and not (judging.may_withdraw if is_withdrawing else judging.may_accept):
        judging = None
    found = [item for item in page.findings if item.card is not None and not item.is_accepted]
    return page.render(
        "workspace/findings_all.html",
        current_section="findings",
        open=[item for item in found if not chosen or item.severity == chosen],
        gone=[item for item in page.findings if item.card is None],
        accepted=sum(item.is_accepted for item in page.findings),
        chosen=chosen,
        judging=judging,
        is_withdrawing=is_withdrawing,
        typed=posted,
        fault=fault,
    )

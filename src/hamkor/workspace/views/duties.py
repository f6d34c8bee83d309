# SPDX-License-Identifier: Apache-2.0
"""The duty matrix."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from hamkor.agencies.rules import may_edit_part
from hamkor.norms.queries import get_duty
from hamkor.pages.languages import current_language
from hamkor.plans.commands import edit_plan
from hamkor.plans.rules.edits import AddItem
from hamkor.plans.rules.naming import next_id
from hamkor.workspace.duty_matrix import duties_to_add, matrix_of, people_by_agency
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.fast_rows import matrix_body
from hamkor.workspace.forms.sent import command_id_of
from hamkor.workspace.stores import journals, vault


@event_view()
def duties_page(page: EventPage) -> HttpResponse:
    """Who answers for what: holes and overlaps at a glance, changed by keyboard."""
    language = current_language()
    faulty_only = page.request.GET.get("show") == "faulty"
    matrix = page.keep(("matrix", faulty_only), lambda: matrix_of(page, language, faulty_only=faulty_only))
    stream = page.stream
    return page.render(
        "workspace/duties.html",
        current_section="duties",
        matrix=matrix,
        body=page.keep(("rows", faulty_only), lambda: matrix_body(matrix, stream=stream, language=language)),
        people=page.keep("choices", lambda: people_by_agency(page, language)),
        to_add=page.keep("catalogue", lambda: duties_to_add(page, language)),
        faulty_only=faulty_only,
        may_add=may_edit_part(page.viewer, "duties"),
    )


@require_POST
@event_view()
def add_from_catalogue(page: EventPage) -> HttpResponse:
    """Adds duties of the catalogue, each with its phase; who answers for them is still open."""
    chosen = page.request.POST.getlist("catalogue")
    edits, taken = [], page.documents
    ids: set[str] = set()
    for duty_id in dict.fromkeys(chosen):
        duty = get_duty(duty_id)
        fresh = next_id(taken, "duties", duty.id)
        while fresh in ids:
            fresh += "-2"
        ids.add(fresh)
        body = {
            "id": fresh,
            "catalogue": duty.id,
            "phase": duty.phase,
            "accountable": [],
            "norms": list(duty.norms),
        }
        edits.append(AddItem(part="duties", body=body))
    if edits:
        envelope = page.envelope(command_id_of(page.request.POST))
        edit_plan(journals(), envelope, viewer=page.viewer, edits=edits, vault=vault())
    return HttpResponseRedirect(reverse("duties", kwargs={"stream": page.stream}))

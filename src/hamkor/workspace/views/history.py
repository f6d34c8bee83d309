# SPDX-License-Identifier: Apache-2.0
"""The history of changes: who changed what, when, and how it was before."""

from __future__ import annotations

from django.http import HttpResponse

from hamkor.pages.languages import current_language
from hamkor.plans.rules.concern import VENUE
from hamkor.plans.rules.plan import PARTS
from hamkor.printing.words import part_word
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.record_lines import Chosen, history_shown, is_known_part, items_of

MOST_DIGITS = 12


@event_view()
def history_page(page: EventPage) -> HttpResponse:
    """All changes of the plan, newest first, a hundred to a page."""
    chosen = _chosen(page)
    language = current_language()
    asked = page.request.GET.copy()
    asked.pop("before", None)
    return page.render(
        "workspace/history.html",
        current_section="history",
        history=history_shown(page, chosen),
        chosen=chosen,
        parts=[(name, part_word(name, language)) for name in (*(part.name for part in PARTS), VENUE)],
        items=items_of(page, chosen.part),
        asked=asked.urlencode(),
    )


def _chosen(page: EventPage) -> Chosen:
    asked = page.request.GET
    part, before = asked.get("part", ""), asked.get("before", "")
    is_number = before.isascii() and before.isdigit() and len(before) <= MOST_DIGITS
    return Chosen(
        person=asked.get("person", ""),
        agency=asked.get("agency", ""),
        part=part if is_known_part(part) else "",
        item=asked.get("item", ""),
        before=int(before) if is_number else None,
    )

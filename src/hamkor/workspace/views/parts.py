# SPDX-License-Identifier: Apache-2.0
"""Pages of the list parts of a plan: tables of items, one item with all its fields, and the parts that are one."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from hamkor.agencies.rules import NotAllowedError, agencies_edited_by, may, may_edit_part
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, show
from hamkor.pages.languages import current_language
from hamkor.plans.commands import edit_plan, erase_person
from hamkor.plans.rules.concern import agencies_concerned, find_part, kind_of_part
from hamkor.plans.rules.edits import AddItem, RemoveItem
from hamkor.plans.rules.naming import next_id, title_of
from hamkor.plans.rules.plan import Part
from hamkor.printing.sections.names import Names
from hamkor.printing.words import part_word
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.fast_rows import table_body
from hamkor.workspace.forms.fields import FieldView, fields_to_edit
from hamkor.workspace.forms.reading import values_posted
from hamkor.workspace.forms.sent import command_id_of
from hamkor.workspace.risk_matrix import risk_rows
from hamkor.workspace.sections import section_of_part
from hamkor.workspace.shift_table import shift_table
from hamkor.workspace.stores import journals, vault
from hamkor.workspace.tables import TABLES, Table, rows_of

REASON_MAX = 1000
ERASED = N_("Name and phone were erased.")
REMOVED = N_("“{title}” was removed.")


def section_page(
    page: EventPage, name: str, *, parts: tuple[str, ...], single: tuple[str, ...] = (), **extra: Any
) -> HttpResponse:
    """Returns a section of tables and of parts that are one document each.

    Args:
        page: The event.
        name: Name of the section.
        parts: List parts, each a table.
        single: Parts that are one document.
        extra: What the template needs besides.
    """
    names = Names(page.plan, current_language())
    tables = [_shown_table(page, TABLES[part], names) for part in parts]
    forms = [shown_single(page, part) for part in single]
    return page.render("workspace/section.html", current_section=name, tables=tables, forms=forms, **extra)


def _shown_table(page: EventPage, table: Table, names: Names) -> dict[str, Any]:
    rows = page.keep(
        ("rows", table.part),
        lambda: rows_of(table, page.plan, names=names, findings=page.findings_by_subject),
    )
    return {
        "table": table,
        "rows": rows,
        "body": page.keep(
            ("body", table.part),
            lambda: table_body(rows, stream=page.stream, part=table.part, language=names.language),
        ),
        "is_known": getattr(page.plan, table.part) is not None,
        "may_add": may_edit_part(page.viewer, table.part) or bool(agencies_edited_by(page.viewer)),
    }


def shown_single(page: EventPage, part: str) -> dict[str, Any]:
    """Returns a part that is one document, ready to be shown and edited."""
    known = find_part(part)
    if known is None:
        raise Http404
    document = getattr(page.plan, part)
    return {
        "part": part,
        "title": part_word(part, current_language()),
        "fields": fields_to_edit(document, plan=page.plan, language=current_language(), body=known.body),
        "editable": may_edit_part(page.viewer, part)
        or (document is not None and _is_own(page, part, document)),
        "is_known": document is not None,
    }


def _is_own(page: EventPage, part: str, document: msgspec.Struct) -> bool:
    own = agencies_edited_by(page.viewer)
    return bool(own & agencies_concerned(kind_of_part(part), document, documents=page.documents))


@event_view()
def item_page(page: EventPage, *, part: str, item: str) -> HttpResponse:
    """One item with all its fields, the findings about it and who changed it last."""
    known, document = _find(page, part, item)
    language = current_language()
    fields = fields_to_edit(document, plan=page.plan, language=language)
    return page.render(
        "workspace/item.html",
        current_section=section_of_part(part),
        part=part,
        part_title=part_word(part, language),
        item=document,
        title=title_of(document, fallback=item),
        fields=fields,
        editable=may_edit_part(page.viewer, part) or _is_own(page, part, document),
        cards=page.cards.about(item),
        kind=known.document,
        may_erase=part == "people" and may(page.viewer, "erase_personal") and item in page.details,
        remove_url=reverse("remove-item", kwargs={"stream": page.stream, "part": part, "item": item}),
    )


@event_view()
def new_item_page(page: EventPage, *, part: str) -> HttpResponse:
    """Asks for what an item must have, and adds it."""
    known, table = _known_list(part), TABLES.get(part)
    if table is None:
        raise Http404
    if not (may_edit_part(page.viewer, part) or agencies_edited_by(page.viewer)):
        raise NotAllowedError(page.viewer, "edit_plan")
    fields = _asked_fields(page, known, table)
    if page.request.method != "POST":
        return page.render(
            "workspace/new_item.html", current_section=section_of_part(part), table=table, fields=fields
        )
    posted = page.request.POST
    body = values_posted(known.body, fields, posted, language=current_language())
    item_id = next_id(page.documents, part, body.get("title") or body.get("position") or body.get("name"))
    try:
        edit_plan(
            journals(),
            page.envelope(command_id_of(posted)),
            viewer=page.viewer,
            edits=[AddItem(part=part, body={"id": item_id, **body})],
            vault=vault(),
        )
    except NotAllowedError:
        raise
    except HamkorError as error:
        kept = [msgspec.structs.replace(field, value=_kept(field, posted)) for field in fields]
        answer = page.render(
            "workspace/new_item.html",
            current_section=section_of_part(part),
            table=table,
            fields=kept,
            fault=error.message,
        )
        answer.status_code = 422
        return answer
    return HttpResponseRedirect(
        reverse("item", kwargs={"stream": page.stream, "part": part, "item": item_id})
    )


@require_POST
@event_view()
def remove_item(page: EventPage, *, part: str, item: str) -> HttpResponse:
    """Removes an item; one in use is refused with the places, or taken out of them when asked."""
    _, document = _find(page, part, item)
    posted = page.request.POST
    edit_plan(
        journals(),
        page.envelope(command_id_of(posted)),
        viewer=page.viewer,
        edits=[RemoveItem(part=part, id=item, and_references="and_references" in posted)],
        vault=vault(),
    )
    title = show(title_of(document, fallback=item), current_language())
    page.tell(translate(REMOVED, current_language()).format(title=title), undo=posted["command_id"])
    return HttpResponseRedirect(reverse(section_of_part(part), kwargs={"stream": page.stream}))


@require_POST
@event_view("erase_personal")
def erase_details(page: EventPage, *, item: str) -> HttpResponse:
    """Erases name and phone of a person for good."""
    posted = page.request.POST
    reason = posted.get("reason", "").strip()
    if not reason:
        raise HamkorError("reason-missing", N_("Say why the details are erased."))
    envelope = page.envelope(command_id_of(posted))
    erase_person(
        journals(), envelope, viewer=page.viewer, vault=vault(), person=item, reason=reason[:REASON_MAX]
    )
    page.tell(translate(ERASED, current_language()))
    return HttpResponseRedirect(reverse("people", kwargs={"stream": page.stream}))


def _known_list(part: str) -> Part:
    known = find_part(part)
    if known is None or not known.is_list:
        raise Http404
    return known


def _find(page: EventPage, part: str, item: str) -> tuple[Part, Any]:
    known = _known_list(part)
    document = next((each for each in getattr(page.plan, part) or () if each.id == item), None)
    if document is None:
        raise Http404
    return known, document


def _asked_fields(page: EventPage, known: Part, table: Table) -> tuple[FieldView, ...]:
    return fields_to_edit(
        None, plan=page.plan, language=current_language(), only=table.asked, body=known.body
    )


def _kept(field: FieldView, posted: Any) -> Any:
    return tuple(posted.getlist(field.path)) if field.type == "list" else posted.get(field.path, "")


def _section(name: str, parts: tuple[str, ...], single: tuple[str, ...] = ()) -> Any:
    @event_view()
    def opened(page: EventPage) -> HttpResponse:
        return section_page(page, name, parts=parts, single=single)

    return opened


@event_view()
def hazards_page(page: EventPage) -> HttpResponse:
    """The register with the risk matrix above it."""
    rows = risk_rows(page.plan, Names(page.plan, current_language()))
    return section_page(page, "hazards", parts=("hazards", "effects"), single=("weather",), risk=rows)


@event_view()
def shifts_page(page: EventPage) -> HttpResponse:
    """Who is where when."""
    shifts = page.keep("shifts", lambda: shift_table(page.plan, Names(page.plan, current_language())))
    body = page.piece("workspace/shifts_body.html", shifts=shifts)
    return page.render("workspace/shifts.html", current_section="posts", shifts=shifts, body=body)


people_page = _section("people", ("people",))
posts_page = _section("posts", ("posts", "staffing", "force"))
means_page = _section("means", ("means",))
services_page = _section("services", (), ("medical", "sanitation"))
contingencies_page = _section("contingencies", ("contingencies",))
stop_page = _section("stop", ("stop",))
warnings_page = _section("warnings", ("warnings", "inspections", "history"))
attendance_page = _section("attendance", (), ("attendance",))
passport_page = _section("passport", (), ("event",))

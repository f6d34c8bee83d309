# SPDX-License-Identifier: Apache-2.0
"""The communications plan: channels, and who reaches whom by which channels in turn."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from hamkor.agencies.rules import NotAllowedError, agencies_edited_by, may_edit_part
from hamkor.common.errors import HamkorError
from hamkor.common.messages import show
from hamkor.pages.languages import current_language
from hamkor.plans.commands import edit_plan
from hamkor.plans.rules.edits import SetFields
from hamkor.plans.rules.naming import free_id
from hamkor.plans.rules.readiness import Channel, Communications, Link
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import say
from hamkor.printing.words import part_word, word
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.forms.fields import fields_to_edit
from hamkor.workspace.forms.reading import values_posted
from hamkor.workspace.forms.sent import command_id_of
from hamkor.workspace.stores import journals, vault

BODIES: dict[str, type[msgspec.Struct]] = {"channels": Channel, "links": Link}
ASKED = {
    "channels": ("title", "sort", "network"),
    "links": ("title", "between", "primary", "alternate", "critical"),
}
STEPS = ("primary", "alternate", "contingency", "emergency")


@event_view()
def communications_page(page: EventPage) -> HttpResponse:
    """Links with their four channels in turn; a channel that is dead or shared shows at once."""
    names = Names(page.plan, current_language())
    plan = page.plan.communications or Communications()
    return page.render(
        "workspace/communications.html",
        current_section="communications",
        is_known=page.plan.communications is not None,
        channels=[_channel(channel, names) for channel in plan.channels or ()],
        link_count=len(plan.links or ()),
        links_body=page.piece(
            "workspace/links_body.html",
            links=page.keep("links", lambda: [_link(link, names, page) for link in plan.links or ()]),
        ),
        fields=fields_to_edit(
            plan, plan=page.plan, language=names.language, only=("joint_command_post", "note")
        ),
        editable=may_edit_part(page.viewer, "communications"),
        may_add_link=may_edit_part(page.viewer, "communications") or bool(agencies_edited_by(page.viewer)),
    )


@event_view()
def communication_item_page(page: EventPage, *, group: str, item: str) -> HttpResponse:
    """One channel or link with all its fields."""
    found = _find(page, group, item)
    language = current_language()
    return page.render(
        "workspace/item.html",
        current_section="communications",
        part="communications",
        part_title=part_word("communications", language),
        item=None,
        title=_title(found, Names(page.plan, language)),
        fields=fields_to_edit(found, plan=page.plan, language=language, base=f"{group}/{item}"),
        editable=may_edit_part(page.viewer, "communications"),
        cards=page.cards.about(item),
        remove_url=reverse(
            "remove-communication", kwargs={"stream": page.stream, "group": group, "item": item}
        ),
    )


@event_view()
def new_communication_page(page: EventPage, *, group: str) -> HttpResponse:
    """Asks for what a channel or link must have, and adds it."""
    body = BODIES.get(group)
    if body is None:
        raise Http404
    if not (may_edit_part(page.viewer, "communications") or agencies_edited_by(page.viewer)):
        raise NotAllowedError(page.viewer, "edit_plan")
    language = current_language()
    fields = fields_to_edit(None, plan=page.plan, language=language, only=ASKED[group], body=body)
    fault = None
    if page.request.method == "POST":
        posted = page.request.POST
        values = values_posted(body, fields, posted, language=language)
        plan = page.plan.communications or Communications()
        taken = {each.id for each in getattr(plan, group) or ()}
        item_id = free_id(values.get("title") or values.get("sort"), fallback=group[:-1], taken=taken)
        edit = SetFields(part="communications", fields={f"{group}/{item_id}": {"id": item_id, **values}})
        try:
            edit_plan(
                journals(),
                page.envelope(command_id_of(posted)),
                viewer=page.viewer,
                edits=[edit],
                vault=vault(),
            )
        except NotAllowedError:
            raise
        except HamkorError as error:
            fault = error.message
        else:
            return HttpResponseRedirect(reverse("communications", kwargs={"stream": page.stream}))
    answer = page.render(
        "workspace/new_communication.html",
        current_section="communications",
        fields=fields,
        group=group,
        fault=fault,
    )
    answer.status_code = 422 if fault is not None else 200
    return answer


@require_POST
@event_view()
def remove_communication(page: EventPage, *, group: str, item: str) -> HttpResponse:
    """Removes a channel or link."""
    _find(page, group, item)
    edit = SetFields(part="communications", fields={f"{group}/{item}": None})
    envelope = page.envelope(command_id_of(page.request.POST))
    edit_plan(journals(), envelope, viewer=page.viewer, edits=[edit], vault=vault())
    return HttpResponseRedirect(reverse("communications", kwargs={"stream": page.stream}))


def _find(page: EventPage, group: str, item: str) -> Any:
    plan = page.plan.communications
    listed = getattr(plan, group, None) if group in BODIES and plan is not None else None
    found = next((each for each in listed or () if each.id == item), None)
    if found is None:
        raise Http404
    return found


def _title(item: Any, names: Names) -> str:
    if isinstance(item, Link):
        return (
            show(item.title, names.language)
            if item.title
            else " – ".join(names.who(end) for end in item.between)
        )
    return show(item.title, names.language) if item.title else word(item.sort, names.language)


def _channel(channel: Channel, names: Names) -> dict[str, Any]:
    return {
        "id": channel.id,
        "title": _title(channel, names),
        "sort": word(channel.sort, names.language),
        "network": channel.network or "",
        "works": channel.works,
        "tested": channel.tested_date,
    }


def _link(link: Link, names: Names, page: EventPage) -> dict[str, Any]:
    return {
        "id": link.id,
        "title": _title(link, names),
        "between": " – ".join(names.who(end) for end in link.between),
        "critical": link.critical,
        "steps": [names.channel(getattr(link, step)) if getattr(link, step) else "" for step in STEPS],
        "findings": page.findings_by_subject.get(link.id, ()),
        "note": say(link.note, names.language) if link.note else "",
    }

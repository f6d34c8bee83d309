# SPDX-License-Identifier: Apache-2.0
"""Words prepared for messages: listed, written in four languages, changed, taken away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect

from hamkor.agencies.rules import may, require
from hamkor.centre.rules.visibility import visible
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.ids import new_id
from hamkor.common.messages import N_, Message, show
from hamkor.console.opening import EventPage, event_view, journals
from hamkor.console.template_forms import TemplateFormError, by_language, template_from, template_of
from hamkor.console.views.orders import SORTS, URGENCIES
from hamkor.orders import commands
from hamkor.orders.facts import MESSAGE_TEMPLATE
from hamkor.orders.queries import list_templates
from hamkor.orders.rules import Addressee, MessageTemplate
from hamkor.pages.context import NAMES
from hamkor.pages.languages import current_language
from hamkor.pages.refusals import DEFAULT_STATUS, STATUS_OF_CODE
from hamkor.printing.shown import agency_name
from hamkor.units.queries import list_units

NEW = "new"
KEPT = N_("The words are kept. Operators find them when they write a message.")
REMOVED = N_("The words are taken away. Messages made of them stay.")
TO_ALL = N_("All agencies of the event")
GROUPS: dict[str, str] = {
    "all": N_("All"),
    "agency": N_("Agencies"),
    "post": N_("Posts"),
    "unit": N_("Units"),
    "person": N_("People"),
}


@event_view("see_centre")
def templates_page(page: EventPage) -> HttpResponse:
    """All prepared words; one of them as a form, for who may change them."""
    asked = page.request.GET
    if page.request.method != "POST":
        return _shown(page, edited=_chosen(page, asked.get("template", ""), asked.get("from", "")))
    if not may(page.viewer, "edit_plan"):
        require(page.viewer, "operate")
    typed: MessageTemplate | None = None
    try:
        command_id = _command_id(page)
        key = _key(page, command_id)
        if page.request.POST.get("do") == "remove":
            return _removed(page, command_id, key)
        typed = template_of(page.request.POST, key)
        envelope = page.envelope(command_id)
        commands.set_template(journals(), envelope, viewer=page.viewer, template=typed)
    except HamkorError as error:
        if error.code == "not-allowed":
            raise
        answer = _shown(page, edited=typed, fault=error.message)
        answer.status_code = STATUS_OF_CODE.get(error.code, DEFAULT_STATUS)
        return answer
    return _told(page, KEPT)


def _removed(page: EventPage, command_id: UUID, key: str) -> HttpResponse:
    envelope = page.envelope(command_id)
    commands.remove_template(journals(), envelope, viewer=page.viewer, template_id=key)
    return _told(page, REMOVED)


def _key(page: EventPage, command_id: UUID) -> str:
    """Returns the id of what is edited; new words get that of the command, so that sending twice makes one."""
    chosen = page.request.POST.get("template", "")
    if chosen == NEW and page.request.POST.get("do") == "keep":
        return str(command_id)
    if page.request.POST.get("do") in {"keep", "remove"} and page.documents.get(MESSAGE_TEMPLATE, chosen):
        return chosen
    template = N_("These words are not there any more. Load the page again.")
    raise TemplateFormError("template-absent", template, id=chosen[:80])


def _chosen(page: EventPage, key: str, contingency: str) -> MessageTemplate | None:
    """Returns what is to be edited: words there are, empty ones, or those of a contingency."""
    if contingency:
        found = (each for each in page.plan.contingencies or () if each.id == contingency and each.message)
        return next((template_from(each, NEW) for each in found), None)
    if key == NEW:
        return MessageTemplate(id=NEW, title="", sort="order", urgency="immediate", text="")
    return next((each for each in _listed(page) if each.id == key), None)


def _listed(page: EventPage) -> list[MessageTemplate]:
    found = (
        visible(page.viewer, MESSAGE_TEMPLATE.kind, each)
        for each in list_templates(page.viewer, page.documents)
    )
    return [each for each in found if each is not None]


def _command_id(page: EventPage) -> UUID:
    try:
        return UUID(page.request.POST.get("command_id", ""))
    except ValueError:
        template = N_("The form is not complete. Load the page and send it again.")
        raise TemplateFormError("form-malformed", template) from None


def _told(page: EventPage, text: str) -> HttpResponse:
    page.tell(translate(text, current_language()))
    return HttpResponseRedirect(page.request.path)


def _shown(
    page: EventPage, *, edited: MessageTemplate | None = None, fault: Message | None = None
) -> HttpResponse:
    language = current_language()
    titles = {each.id: show(each.title, language) for each in page.plan.contingencies or ()}
    groups = _addressees(page, language)
    names = {(kind, key): name for kind, _, found in groups for key, name in found}
    may_edit = may(page.viewer, "edit_plan") or may(page.viewer, "operate")
    is_there = edited is not None and page.documents.get(MESSAGE_TEMPLATE, edited.id) is not None
    return page.render(
        "console/templates.html",
        lines=[_line(each, language, names=names, titles=titles) for each in _listed(page)],
        edited=edited,
        is_new=not is_there,
        key=edited.id if edited is not None and is_there else NEW,
        # Sent again after a refusal it is another command.
        fresh=new_id(page.now),
        texts=[] if edited is None else _texts(edited),
        chosen_to=set() if edited is None else {f"{each.kind} {each.id}" for each in edited.to},
        sorts=[(key, translate(text, language)) for key, text in SORTS.items() if key != "log"],
        urgencies=[(key, translate(text, language)) for key, (_, text) in URGENCIES.items()],
        groups=[
            (title, [(f"{kind} {key}", name) for key, name in found])
            for kind, title, found in _with_lost(groups, edited, names)
            if found
        ],
        contingencies=titles.items(),
        spoken=[
            (each.id, titles[each.id], show(each.message, language))
            for each in page.plan.contingencies or ()
            if each.message
        ],
        may_edit=may_edit,
        fault=fault,
    )


def _texts(edited: MessageTemplate) -> list[dict[str, str]]:
    titles, texts = by_language(edited.title), by_language(edited.text)
    return [
        {"language": language, "name": name, "title": titles[language], "text": texts[language]}
        for language, _, name in NAMES
    ]


Group = tuple[str, str, list[tuple[str, str]]]


def _addressees(page: EventPage, language: str) -> list[Group]:
    """Returns whom words can be prepared for: kind, its name, ids with names."""
    agencies = [each.agency for each in page.plan.event.agencies or ()]
    units = list_units(page.viewer, page.documents)
    found: dict[str, list[tuple[str, str]]] = {
        "all": [("all", translate(TO_ALL, language))],
        "agency": [(code, agency_name(code, language)) for code in dict.fromkeys(agencies)],
        "post": [(each.id, show(each.title, language)) for each in page.plan.posts or ()],
        "unit": [(each.id, each.call_sign) for each in units],
        "person": [(each.id, _person(each, language)) for each in page.plan.people or ()],
    }
    return [(kind, translate(title, language), found[kind]) for kind, title in GROUPS.items()]


def _person(person: Any, language: str) -> str:
    position = show(person.position, language) if person.position else ""
    return ", ".join(part for part in (person.name, position) if part) or person.id


def _with_lost(
    groups: list[Group], edited: MessageTemplate | None, names: dict[tuple[str, str], str]
) -> list[Group]:
    """Returns the groups with addressees that are not there any more, so that keeping the form drops nobody unseen."""
    lost = [] if edited is None else [each for each in edited.to if each.key not in names]
    return [
        (kind, title, [*found, *((each.id, each.id) for each in lost if each.kind == kind)])
        for kind, title, found in groups
    ]


def _line(
    template: MessageTemplate,
    language: str,
    *,
    names: dict[tuple[str, str], str],
    titles: dict[str, str],
) -> dict[str, Any]:
    tone, urgency = URGENCIES[template.urgency]
    return {
        "id": template.id,
        "title": show(template.title, language),
        "text": show(template.text, language),
        "sort": translate(SORTS[template.sort], language),
        "urgency": translate(urgency, language),
        "tone": tone,
        "to": ", ".join(_name(each, names) for each in template.to),
        "contingency": titles.get(template.contingency or "", template.contingency or ""),
    }


def _name(addressee: Addressee, names: dict[tuple[str, str], str]) -> str:
    return names.get(addressee.key, addressee.id)

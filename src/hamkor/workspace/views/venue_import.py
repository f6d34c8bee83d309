# SPDX-License-Identifier: Apache-2.0
"""Taking over a drawing of another program: send it, see what was found, then say yes."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, get_args

import msgspec
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST

from hamkor.agencies.rules import NotAllowedError
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message, show
from hamkor.journal.queries import get_documents
from hamkor.pages.languages import current_language
from hamkor.plans.commands import edit_plan
from hamkor.plans.rules.naming import title_of
from hamkor.printing.words import kind_word
from hamkor.venues.queries import import_drawing
from hamkor.venues.rules.drawings import ONE_VENUE, DrawingOptions, Imported, Unit
from hamkor.venues.rules.features import Feature, Venue
from hamkor.venues.rules.screen import drawing_for_screen
from hamkor.workspace.drawing_import import Comparison, Mode, compare
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.forms.sent import command_id_of
from hamkor.workspace.imports.uploads import get_upload, keep_upload
from hamkor.workspace.stores import journals, vault
from hamkor.workspace.venue_map import may_draw, venue_of, with_words
from hamkor.workspace.views.importing import upload_view
from hamkor.workspace.views.papers import user_of
from hamkor.workspace.views.venue import map_context, read_centre

UNITS: tuple[str, ...] = get_args(Unit)
MOST_LISTED = 30
MOST_LETTERS = 200
SALT = "hamkor.drawing"
LEVELS = (-20.0, 200.0)
IMPORTED = N_("The drawing was taken over: {added} added, {changed} changed, {removed} removed.")
# In the order in which they are worth reading.
REMARKS = {
    "unknown": N_("Not known, to be filled in"),
    "left_out": N_("Left out"),
    "assumed": N_("Taken for granted"),
    "mended": N_("Mended"),
    "kept": N_("Kept as a note"),
}
FORMS = {
    "hamkor": N_("drawing of Hamkor"),
    "geojson": "GeoJSON",
    "imdf": "IMDF",
    "osm": "OpenStreetMap",
    "dxf": "DXF",
}


class Told(msgspec.Struct, frozen=True):
    """A file that waits for a yes, and what its sender said about it.

    Args:
        digest: Which file.
        name: Its name.
        origin: Middle of a metric drawing, degrees, longitude first.
        level: Storey of a drawing that knows none.
        unit: Unit of a metric drawing.
    """

    digest: str
    name: str
    origin: tuple[float, float] | None = None
    level: float = 0
    unit: Unit | None = None


@upload_view
@event_view()
def import_page(page: EventPage) -> HttpResponse:
    """Asks for a file; shows what was found in it, and what would become of the drawing."""
    _require(page)
    if page.request.method != "POST":
        return _form(page)
    try:
        told, imported = _keep(page)
    except HamkorError as error:
        answer = _form(page, fault=error.message)
        answer.status_code = 422
        return answer
    return _preview(page, imported, told)


@event_view()
def preview_drawing(page: EventPage) -> HttpResponse:
    """The drawing in a file that waits, for the map."""
    _require(page)
    told = _told_by(page.request.GET.get("ticket", ""))
    language = current_language()
    drawn = with_words(
        drawing_for_screen(_read(told, _content(page, told)).venue, language=language), language
    )
    body = msgspec.json.encode({**drawn, "posts": [], "findings": []})
    answer = HttpResponse(body, content_type="application/json")
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@require_POST
@event_view()
def confirm_import(page: EventPage) -> HttpResponse:
    """Takes the drawing over, in one command or not at all."""
    _require(page)
    posted = page.request.POST
    told = _told_by(posted.get("ticket", ""))
    imported = _read(told, _content(page, told))
    mode, command_id = _mode(posted.get("mode", "")), command_id_of(posted)
    found = compare(page.plan.venue, imported.venue, mode)
    if found.edits() and found != compare(_venue_seen(page, posted.get("seen", "")), imported.venue, mode):
        answer = _preview(page, imported, told, is_changed=True)
        answer.status_code = 409
        return answer
    edits = found.edits(and_references="and_references" in posted)
    if edits:
        edit_plan(journals(), page.envelope(command_id), viewer=page.viewer, edits=edits, vault=vault())
    counts = {"added": len(found.added), "changed": len(found.changed), "removed": len(found.removed)}
    text = Message(IMPORTED, counts).render(current_language())
    page.tell(text, undo=str(command_id) if edits else "")
    return HttpResponseRedirect(reverse("venue", kwargs={"stream": page.stream}))


def _require(page: EventPage) -> None:
    """Returns when the person may change the drawing.

    Raises:
        NotAllowedError: ``not-allowed``.
    """
    if not may_draw(page.viewer):
        raise NotAllowedError(page.viewer, "edit_plan")


def _form(page: EventPage, fault: Message | None = None) -> HttpResponse:
    return page.render(
        "workspace/venue_import.html",
        current_section="venue",
        fault=fault,
        units=UNITS,
        limit_mb=round(ONE_VENUE.file_bytes / 1e6),
        posted=page.request.POST,
    )


def _keep(page: EventPage) -> tuple[Told, Imported]:
    """Keeps the file that was sent until it is confirmed, and returns what is in it.

    Raises:
        HamkorError: ``upload-missing``, ``place-unclear``, ``level-unclear``, or why the drawing was refused.
    """
    sent = page.request.FILES.get("file")
    said = _said(page.request.POST)
    digest, content = keep_upload(user_of(page.request).pk, page.stream, sent)
    told = Told(digest, str(sent.name if sent is not None else "")[:MOST_LETTERS] or "drawing", **said)
    return told, _read(told, content)


def _said(posted: Any) -> dict[str, Any]:
    """Returns what the person says about the drawing."""
    place, level, unit = (posted.get(name, "").strip() for name in ("place", "level", "unit"))
    origin = read_centre(place) if place else None
    if place and origin is None:
        template = N_("“{place}” is no place. Write latitude, then longitude, such as 41.31, 69.24.")
        raise HamkorError("place-unclear", template, place=place[:80])
    try:
        storey = float(level.replace(",", ".")) if level else 0.0
    except ValueError:
        storey = math.nan
    if not LEVELS[0] <= storey <= LEVELS[1]:
        raise HamkorError("level-unclear", N_("“{level}” is no storey. 0 is the ground."), level=level[:20])
    return {"origin": origin, "level": storey, "unit": unit if unit in UNITS else None}


def _ticket(told: Told) -> str:
    """Returns what is told about a file as a text that nobody can change on the way."""
    return signing.dumps(msgspec.to_builtins(told), salt=SALT)


def _told_by(ticket: str) -> Told:
    """Returns what a ticket tells.

    Raises:
        HamkorError: ``upload-gone``.
    """
    try:
        return msgspec.convert(signing.loads(ticket, salt=SALT), Told)
    except (signing.BadSignature, msgspec.ValidationError):
        template = N_("The file is not kept any more. Choose it again.")
        raise HamkorError("upload-gone", template) from None


def _content(page: EventPage, told: Told) -> bytes:
    """Returns the file; only who sent it has it."""
    return get_upload(user_of(page.request).pk, page.stream, told.digest)


def _read(told: Told, content: bytes) -> Imported:
    options = DrawingOptions(origin=told.origin, level=told.level, unit=told.unit)
    return import_drawing(content, name=told.name, options=options)


def _venue_seen(page: EventPage, number: str) -> Venue:
    """Returns the drawing as it was when the person looked at what would become of it."""
    if not number.isascii() or not number.isdigit() or int(number) >= page.number:
        return venue_of(page.documents)
    return venue_of(get_documents(journals(), page.stream, until=int(number)))


def _mode(given: str) -> Mode:
    """Returns the way a drawing is taken over; the one that loses nothing when it is not said."""
    return "replace" if given == "replace" else "add"


def _preview(page: EventPage, imported: Imported, told: Told, *, is_changed: bool = False) -> HttpResponse:
    language = current_language()
    kinds = Counter(str(feature.properties.__struct_config__.tag) for feature in imported.venue.features)
    replaced, added = (compare(page.plan.venue, imported.venue, mode) for mode in get_args(Mode))
    remarks = [
        {"title": translate(title, language), "kind": kind, "remarks": found}
        for kind, title in REMARKS.items()
        if (found := [remark for remark in imported.remarks if remark.kind == kind])
    ]
    return page.render(
        "workspace/venue_preview.html",
        current_section="venue",
        **{**map_context(page), "editable": False, "unplaced": ()},
        form=translate(FORMS[imported.form], language),
        file_name=told.name,
        ticket=_ticket(told),
        is_changed=is_changed,
        kinds=[(kind_word(kind, language), count) for kind, count in kinds.most_common()],
        total=len(imported.venue.features),
        remarks=remarks,
        replaces=_summary(replaced, language),
        adds=_summary(added, language),
        has_drawing=page.plan.venue is not None and bool(page.plan.venue.features),
    )


def _summary(found: Comparison, language: str) -> dict[str, Any]:
    changed = [after for _, after in found.changed]
    return {
        "added": len(found.added),
        "changed": len(changed),
        "same": found.same,
        "removed": len(found.removed),
        "names_changed": _names(changed, language),
        "names_removed": _names(found.removed, language),
        "more_removed": max(0, len(found.removed) - MOST_LISTED),
        "more_changed": max(0, len(changed) - MOST_LISTED),
    }


def _names(features: Any, language: str) -> list[str]:
    listed: list[Feature] = list(features)[:MOST_LISTED]
    return [show(title_of(feature, fallback=feature.id), language) for feature in listed]

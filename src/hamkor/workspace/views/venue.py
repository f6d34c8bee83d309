# SPDX-License-Identifier: Apache-2.0
"""The venue drawing: the map, one feature with its fields, and what is done on the map."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST

from hamkor.agencies.queries.people import find_people
from hamkor.agencies.rules import agencies_edited_by, may, may_edit_part
from hamkor.common.i18n import format_number, translate
from hamkor.common.messages import N_, Message, show
from hamkor.folder.queries import as_geojson
from hamkor.journal.queries import get_documents
from hamkor.pages.languages import current_language
from hamkor.plans.commands import edit_plan
from hamkor.plans.commands.conflicts import Conflict
from hamkor.plans.rules.concern import agencies_concerned
from hamkor.plans.rules.naming import title_of
from hamkor.printing.words import kind_word
from hamkor.venues.rules.features import Connection, Feature, Passage
from hamkor.venues.rules.geometry import LineString
from hamkor.venues.rules.measuring import Measures, find_origin, measure_feature
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.forms.drawing_changes import PlacePost, plan_change, read_change
from hamkor.workspace.forms.fields import fields_to_edit
from hamkor.workspace.forms.labels import field_label
from hamkor.workspace.map_words import MAP_TEXTS, list_new_features, use_fields
from hamkor.workspace.stores import journals, vault
from hamkor.workspace.venue_map import NO_DRAWING, may_draw, own_places, shown_map

THEIRS = N_("{who} changed “{field}” of {feature} at {time}. Yours stands now; theirs is in the history.")
GONE = N_("{feature} was removed by {who} at {time}. Your change was not made.")
SHAPE = N_("the shape on the map")
_CENTRE = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*")
_FARTHEST_LATITUDE_DEG = 85.0


@event_view()
def venue_page(page: EventPage) -> HttpResponse:
    """The drawing as a map and as a list, with the chosen feature beside it."""
    asked = page.request.GET
    chosen = asked.get("feature", "")
    venue = page.plan.venue or NO_DRAWING
    centre = read_centre(asked.get("centre", ""))
    origin = find_origin(venue) or centre
    return page.render(
        "workspace/venue.html",
        current_section="venue",
        **map_context(page),
        features=len(venue.features),
        is_schematic=bool(venue.features) and find_origin(venue) is None,
        undrawn=sum(feature.geometry is None for feature in venue.features),
        is_empty=not venue.features and centre is None,
        centre_wrong=bool(asked.get("centre")) and centre is None,
        origin=None if origin is None else list(origin),
        may_export=may(page.viewer, "export_plan") and page.plan.venue is not None,
        new_features=list_new_features(current_language()),
        **(_panel(page, chosen) or {}),
    )


def map_context(page: EventPage) -> dict[str, Any]:
    """Returns what a page with a map needs."""
    language = current_language()
    placed = own_places(page.plan.venue or NO_DRAWING)
    features = (page.plan.venue or NO_DRAWING).features
    # Where nothing is drawn, being named is all that can be asked of a place.
    drawn = {feature.id for feature in features if feature.geometry is not None} or {
        each.id for each in features
    }
    posts = page.plan.posts or ()
    return {
        "editable": may_draw(page.viewer),
        "texts": {name: translate(text, language) for name, text in MAP_TEXTS.items()},
        "unplaced": [post for post in posts if not drawn & {*post.place, *placed.get(post.id, ())}],
    }


@event_view()
def drawing(page: EventPage) -> HttpResponse:
    """The drawing for the map, as JSON; not sent again while nothing in it differs."""
    shown = shown_map(page.stream, page.number, page.plan, cards=page.cards, language=current_language())
    if page.request.headers.get("If-None-Match") == shown.etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(shown.body, content_type="application/json")
    answer["ETag"] = shown.etag
    answer["X-Number"] = str(page.number)
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


@event_view()
def feature_panel(page: EventPage, *, feature: str) -> HttpResponse:
    """One feature with all its fields, its measures and the findings about it: the part beside the map."""
    panel = _panel(page, feature)
    if panel is None:
        raise Http404
    return page.render("workspace/venue_panel.html", **panel, editable=may_draw(page.viewer))


@require_POST
@event_view()
def change(page: EventPage) -> HttpResponse:
    """Makes one change of the drawing, checked by the rules of drawings, and tells what others changed meanwhile."""
    message = read_change(page.request.body)
    asked = message.edits[0]
    now = page.documents
    seen = now if asked.number >= now.number else get_documents(journals(), page.stream, until=asked.number)
    may_name = isinstance(asked, PlacePost) and _may_name_place(page, asked.post)
    planned = plan_change(asked, seen, now=now, may_name_place=may_name)
    done = edit_plan(
        journals(),
        page.envelope(message.command_id),
        viewer=page.viewer,
        edits=planned.edits,
        vault=vault(),
    )
    return JsonResponse(
        {
            "number": done.result.number,
            "feature": planned.feature,
            "conflicts": told(done.conflicts),
            "command_id": str(message.command_id),
        }
    )


@event_view("export_plan")
def export_drawing(page: EventPage) -> HttpResponse:
    """The drawing as GeoJSON, to be taken into other programs."""
    if page.plan.venue is None:
        raise Http404
    answer = HttpResponse(as_geojson(page.plan.venue), content_type="application/geo+json")
    answer["Content-Disposition"] = 'attachment; filename="venue.geojson"'
    return answer


def read_centre(text: str) -> tuple[float, float] | None:
    """Returns a place given as people write it (latitude first) as longitude and latitude, None when it is none."""
    match = _CENTRE.fullmatch(text)
    if match is None:
        return None
    latitude_deg, longitude_deg = float(match[1]), float(match[2])
    if abs(latitude_deg) > _FARTHEST_LATITUDE_DEG or abs(longitude_deg) > 180:
        return None
    return round(longitude_deg, 6), round(latitude_deg, 6)


def told(conflicts: tuple[Conflict, ...]) -> list[str]:
    """Returns conflicts in words; shapes are not spelled out."""
    language = current_language()
    people = find_people(conflict.by for conflict in conflicts if conflict.by)
    texts = []
    for conflict in conflicts:
        who = people[conflict.by].name if conflict.by in people else conflict.by or "?"
        last = conflict.path.rsplit("/", 1)[-1]
        field = SHAPE if conflict.path == "geometry" else field_label("", last)
        facts = {"who": who, "field": translate(field, language), "feature": conflict.id}
        facts["time"] = f"{conflict.at:%H:%M}" if conflict.at is not None else "?"
        texts.append(Message(THEIRS if conflict.path else GONE, facts).render(language))
    return texts


def _may_name_place(page: EventPage, post_id: str) -> bool:
    """True when the person may also write into the post where it stands."""
    post = page.documents.get("post", post_id)
    if post is None or may_edit_part(page.viewer, "posts"):
        return post is not None
    concerned = agencies_concerned("post", post, documents=page.documents)
    return bool(concerned & agencies_edited_by(page.viewer))


def _panel(page: EventPage, chosen: str) -> dict[str, Any] | None:
    """Returns what the part beside the map needs to show a feature, None when there is no such feature."""
    venue = page.plan.venue or NO_DRAWING
    feature = next((each for each in venue.features if each.id == chosen), None)
    if feature is None:
        return None
    language = current_language()
    properties = feature.properties
    kind = str(properties.__struct_config__.tag)
    fields = fields_to_edit(
        properties,
        plan=page.plan,
        language=language,
        base="properties",
        without=("use",) if _has_phases(feature) else (),
    )
    return {
        "feature": feature,
        "feature_title": show(title_of(feature, fallback=feature.id), language),
        "feature_tag": kind,
        "may_outline": feature.geometry is None and find_origin(venue) is not None,
        "feature_kind": kind_word(kind, language),
        "feature_fields": fields,
        "feature_uses": use_fields(properties, language) if _has_phases(feature) else (),
        "feature_cards": [card for card in page.cards if card.finding.subject.id == feature.id],
        "feature_measures": _measures(measure_feature(feature, origin=find_origin(venue)), language),
        "feature_posts": [
            post
            for post in page.plan.posts or ()
            if feature.id in post.place or getattr(properties, "post", None) == post.id
        ],
        "stretches": isinstance(properties, Connection)
        and not isinstance(properties, Passage)
        and isinstance(feature.geometry, LineString),
    }


def _has_phases(feature: Feature) -> bool:
    return isinstance(getattr(feature.properties, "use", None), dict)


_MEASURES: tuple[tuple[str, str, str], ...] = (
    ("width_m", N_("Clear width"), "m"),
    ("drawn_width_m", N_("Width as drawn"), "m"),
    ("length_m", N_("Length"), "m"),
    ("area_m2", N_("Ground area"), "m²"),
    ("perimeter_m", N_("Perimeter"), "m"),
)


def _measures(measures: Measures, language: str) -> list[tuple[str, str]]:
    """Returns the read-outs of a feature with their units."""
    found = [(label, getattr(measures, name), unit) for name, label, unit in _MEASURES]
    return [
        (translate(label, language), f"{format_number(value, language)}\u00a0{unit}")
        for label, value, unit in found
        if value is not None
    ]

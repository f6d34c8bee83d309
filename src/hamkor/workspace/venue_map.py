# SPDX-License-Identifier: Apache-2.0
"""What the map of a venue shows: the drawing in metres, posts and findings where they are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec

from hamkor.agencies.rules import Viewer, agencies_edited_by, may_edit_part
from hamkor.common.figures import known
from hamkor.common.messages import show
from hamkor.journal.rules import Documents
from hamkor.plans.rules.concern import agencies_concerned
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Post
from hamkor.printing.cards import Card
from hamkor.printing.shown import agency_name
from hamkor.printing.words import kind_word, word
from hamkor.venues.facts import Drawing
from hamkor.venues.rules.features import PostPlace, Venue
from hamkor.venues.rules.screen import drawing_for_screen

KEPT = 12
NO_DRAWING = Venue(type="FeatureCollection", features=())


class Shown(msgspec.Struct, frozen=True):
    """A map as it is sent.

    Args:
        body: JSON.
        etag: Changes when the body does, so that a browser need not fetch it twice.
    """

    body: bytes
    etag: str


_shown: OrderedDict[tuple[UUID, int, str], Shown] = OrderedDict()
_lock = Lock()


def may_draw(viewer: Viewer) -> bool:
    """True when the person may change the drawing: as a part of the plan, or as the business of their agency."""
    concerned = agencies_concerned("drawing", Drawing())
    return may_edit_part(viewer, "venue") or bool(concerned & agencies_edited_by(viewer))


def shown_map(stream: UUID, number: int, plan: Plan, *, cards: Sequence[Card], language: str) -> Shown:
    """Returns the map of an event at one entry, computed once in a process.

    Args:
        stream: Id of the event.
        number: Number of the last entry the plan takes into account.
        plan: The plan.
        cards: Its findings, in the language.
        language: Language of labels.
    """
    key = (stream, number, language)
    with _lock:
        if key in _shown:
            _shown.move_to_end(key)
            return _shown[key]
    body = msgspec.json.encode(map_of(plan, cards=cards, language=language))
    shown = Shown(body, f'"{sha256(body).hexdigest()[:32]}"')
    with _lock:
        _shown[key] = shown
        while len(_shown) > KEPT:
            _shown.popitem(last=False)
    return shown


def map_of(plan: Plan, *, cards: Sequence[Card], language: str) -> dict[str, Any]:
    """Returns the drawing with words, posts and findings, as plain values.

    Args:
        plan: The plan.
        cards: Its findings, in the language.
        language: Language of labels.
    """
    venue = plan.venue or NO_DRAWING
    drawing = with_words(drawing_for_screen(venue, language=language), language)
    own = own_places(venue)
    drawing["posts"] = [_post(post, own.get(post.id, []), language) for post in plan.posts or ()]
    places = {post["id"]: post["features"] for post in drawing["posts"]}
    known_ids = {feature.id for feature in venue.features}
    drawing["findings"] = [
        found for card in cards if (found := _finding(card, places=places, known=known_ids)) is not None
    ]
    return drawing


def with_words(drawing: dict[str, Any], language: str) -> dict[str, Any]:
    """Returns a drawing for the screen in which every feature says in words what it is.

    Args:
        drawing: As `drawing_for_screen` gives it; changed in place.
        language: Language of the words.
    """
    for item in drawing["features"]:
        item["kind_word"] = kind_word(item["kind"], language)
        is_word = item["sort"] is not None and item["kind"] != "post_place"
        item["sort_word"] = word(item["sort"], language) if is_word else ""
    return drawing


def own_places(venue: Venue) -> dict[str, list[str]]:
    """Returns the places that were drawn for a post, by the post."""
    found: dict[str, list[str]] = {}
    for feature in venue.features:
        if isinstance(feature.properties, PostPlace):
            found.setdefault(feature.properties.post, []).append(feature.id)
    return found


def _post(post: Post, own: list[str], language: str) -> dict[str, Any]:
    needed, confirmed = known(post.needed), known(post.confirmed)
    return {
        "id": post.id,
        "title": show(post.title, language),
        "role": word(post.role, language),
        "agency": agency_name(post.agency, language) if post.agency else "",
        "critical": post.critical,
        "needed": None if needed is None else needed.nominal,
        "confirmed": None if confirmed is None else confirmed.nominal,
        "features": [*own, *(place for place in post.place if place not in own)],
    }


def _finding(card: Card, *, places: dict[str, list[str]], known: set[str]) -> dict[str, Any] | None:
    """Returns a finding for the map, None when it is about nothing that stands there."""
    subject = card.finding.subject
    at = places.get(subject.id, []) if subject.kind == "post" or subject.id not in known else [subject.id]
    if not at:
        return None
    return {
        "number": card.number,
        "severity": card.finding.severity,
        "rule": card.finding.rule,
        "title": card.title,
        "text": card.message,
        "at": at,
    }


def venue_of(documents: Documents) -> Venue:
    """Returns the drawing as it stands in documents; an empty one when there is none."""
    features: Any = documents.all("feature")
    return msgspec.structs.replace(NO_DRAWING, features=tuple(features))

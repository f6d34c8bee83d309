# SPDX-License-Identifier: Apache-2.0
"""What a person does on the map, in metres of the map, made into edits of the plan by the rules of drawings."""

# Without `annotations` from `__future__`: msgspec reads the types.

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Language
from hamkor.journal.rules import NUMBER_MAX, Documents
from hamkor.plans.rules.edits import AddItem, ChangeMembers, Edit, RemoveItem, SetFields
from hamkor.plans.rules.fields import diff, plain
from hamkor.plans.rules.naming import free_id, title_of
from hamkor.venues.rules import editing
from hamkor.venues.rules.editing import Edited
from hamkor.venues.rules.features import Feature
from hamkor.venues.rules.geometry import Position, refuse_impossible_extent
from hamkor.venues.rules.screen import to_position
from hamkor.venues.rules.vertices import Vertex
from hamkor.workspace.forms.edits import MessageMalformedError
from hamkor.workspace.venue_map import NO_DRAWING, venue_of

FARTHEST_M = 60_000.0
MOST_POINTS = 5000
Metres = Annotated[float, Meta(ge=-FARTHEST_M, le=FARTHEST_M)]
At = tuple[Metres, Metres]


class _Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="do"):
    """A change as the map asks for it.

    Args:
        number: Number of the entry the map showed: the change is made to the drawing as it was seen.
        origin: Longitude and latitude of the zero of the map, degrees.
    """

    number: Annotated[int, Meta(ge=0, le=NUMBER_MAX)]
    origin: Position


class MoveVertex(_Change, frozen=True, kw_only=True, tag="move_vertex"):
    """Puts a corner elsewhere: metres east and south of the origin."""

    id: str
    vertex: Vertex
    at: At


class InsertVertex(_Change, frozen=True, kw_only=True, tag="insert_vertex"):
    """Puts a new corner after one."""

    id: str
    vertex: Vertex
    at: At


class DeleteVertex(_Change, frozen=True, kw_only=True, tag="delete_vertex"):
    """Takes a corner away."""

    id: str
    vertex: Vertex


class MoveFeature(_Change, frozen=True, kw_only=True, tag="move"):
    """Moves a whole feature by metres to the east and south."""

    id: str
    by: At


class SetWidth(_Change, frozen=True, kw_only=True, tag="width"):
    """Sets a clear width; the line on the map follows."""

    id: str
    width_m: float


class Draw(_Change, frozen=True, kw_only=True, tag="draw"):
    """Draws a new feature from clicked points."""

    properties: dict[str, Any]
    points: Annotated[tuple[At, ...], Meta(min_length=1, max_length=MOST_POINTS)]


class Outline(_Change, frozen=True, kw_only=True, tag="outline"):
    """Draws a feature that is known by numbers only."""

    id: str
    points: Annotated[tuple[At, ...], Meta(min_length=1, max_length=MOST_POINTS)]


class Remove(_Change, frozen=True, kw_only=True, tag="remove"):
    """Removes a feature, and what refers to it when asked."""

    id: str
    and_references: bool = False


class PlacePost(_Change, frozen=True, kw_only=True, tag="place_post"):
    """Says where a post stands: a place of its own is drawn, and named in the post when that may be changed."""

    post: str
    at: At
    level: float = 0


Change = (
    MoveVertex | InsertVertex | DeleteVertex | MoveFeature | SetWidth | Draw | Outline | Remove | PlacePost
)


class ChangeMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the map sends: one gesture, one command.

    Args:
        command_id: Id made by the map, so that sending twice does it once.
        edits: The one change.
        language: Language of the page.
    """

    command_id: UUID
    edits: tuple[Change]
    language: Language = "uz"


class Planned(msgspec.Struct, frozen=True):
    """What a change becomes.

    Args:
        edits: Edits of the plan.
        feature: Id of the feature it is about.
    """

    edits: tuple[Edit, ...]
    feature: str


def read_change(body: bytes) -> ChangeMessage:
    """Returns what the map sent.

    Raises:
        MessageMalformedError: ``message-malformed``.
    """
    try:
        return msgspec.json.decode(body, type=ChangeMessage)
    except (msgspec.DecodeError, RecursionError) as error:
        raise MessageMalformedError(str(error)) from error


def plan_change(change: Change, seen: Documents, *, now: Documents, may_name_place: bool = False) -> Planned:
    """Returns the edits that make a change, checked by the rules of drawings.

    Args:
        change: What is asked for.
        seen: The plan as the map showed it. The edits follow from it alone, so that a change sent twice is the same.
        now: The plan at the head; asked only for ids that others took meanwhile.
        may_name_place: The person may also change the post they place.

    Raises:
        HamkorError: ``item-unknown``, or what the rules of drawings say.
    """
    match change:
        case Draw():
            return _draw(change, seen, now=now)
        case PlacePost():
            return _place(change, seen, now=now, may_name_place=may_name_place)
        case Remove():
            return _remove(change, seen)
        case _:
            edited = _edited(change, _feature(seen, change.id))
            _require_near(edited, seen)
            return Planned(tuple(_edits_of(edited, seen)), change.id)


def _edited(
    change: MoveVertex | InsertVertex | DeleteVertex | MoveFeature | SetWidth | Outline, feature: Feature
) -> Edited:
    match change:
        case MoveVertex():
            return editing.move_vertex(feature, change.vertex, to=_position(change, change.at))
        case InsertVertex():
            return editing.insert_vertex(feature, change.vertex, at=_position(change, change.at))
        case DeleteVertex():
            return editing.delete_vertex(feature, change.vertex)
        case MoveFeature():
            east_m, south_m = change.by
            return editing.move_feature(feature, east_m=east_m, north_m=-south_m, origin=change.origin)
        case SetWidth():
            return editing.set_opening_width(feature, width_m=change.width_m)
        case Outline():
            return _outlined(change, feature)


def _outlined(change: Outline, feature: Feature) -> Edited:
    """Returns a feature that was known by numbers, with the outline drawn for it; what it joins stays as stated."""
    if feature.geometry is not None:
        template = N_(
            "{feature} is on the map already: somebody drew it meanwhile. Move its corners instead."
        )
        raise HamkorError("drawn-already", template, feature=feature.id)
    drawn = editing.draw_feature(
        NO_DRAWING, plain(feature.properties), id_=feature.id, points=_positions(change, change.points)
    )
    return Edited((msgspec.structs.replace(feature, geometry=drawn.features[0].geometry),))


def _draw(change: Draw, seen: Documents, *, now: Documents) -> Planned:
    kind = change.properties.get("kind")
    given = change.properties.get("name")
    name = given if isinstance(given, (str, dict)) and given else None
    fallback = kind if isinstance(kind, str) else "feature"
    venue = venue_of(seen)
    id_ = free_id(name, fallback=fallback, taken={feature.id for feature in venue.features})
    edited = editing.draw_feature(venue, change.properties, id_=id_, points=_positions(change, change.points))
    _require_near(edited, seen)
    body = _free(edited.features[0], now)
    return Planned((AddItem(part="venue", body=plain(body)),), body.id)


def _place(change: PlacePost, seen: Documents, *, now: Documents, may_name_place: bool) -> Planned:
    post = seen.get("post", change.post)
    if post is None:
        raise _unknown(change.post)
    venue = venue_of(seen)
    title = title_of(post, fallback=change.post)
    id_ = free_id(f"at-{change.post}", fallback="post", taken={feature.id for feature in venue.features})
    properties = {"kind": "post_place", "post": change.post, "name": title, "level": change.level}
    edited = editing.draw_feature(venue, properties, id_=id_, points=[_position(change, change.at)])
    _require_near(edited, seen)
    body = _free(edited.features[0], now)
    edits: list[Edit] = [AddItem(part="venue", body=plain(body))]
    if may_name_place:
        edits.append(ChangeMembers(part="posts", id=change.post, path="place", add=(body.id,)))
    return Planned(tuple(edits), body.id)


def _require_near(edited: Edited, seen: Documents) -> None:
    """Returns when what was changed lies with the rest of the drawing.

    Raises:
        HamkorError: ``drawing-too-wide``.
    """
    changed = {feature.id: feature for feature in edited.features}
    features = {each.id: each for each in venue_of(seen).features} | changed
    refuse_impossible_extent(each.geometry for each in features.values() if each.geometry is not None)


def _free(feature: Feature, now: Documents) -> Feature:
    """Returns the feature under an id nobody took meanwhile; the same feature there is this one, sent twice."""
    other = now.get("feature", feature.id)
    if other is None or other == feature:
        return feature
    taken = {each.id for each in venue_of(now).features}
    return msgspec.structs.replace(feature, id=free_id(feature.id, fallback="feature", taken=taken))


def _remove(change: Remove, seen: Documents) -> Planned:
    _feature(seen, change.id)
    edited = editing.delete_feature(venue_of(seen), id_=change.id)
    edits = list(_edits_of(edited, seen))
    removal = RemoveItem(part="venue", id=change.id, and_references=change.and_references)
    return Planned((*edits, removal), change.id)


def _edits_of(edited: Edited, seen: Documents) -> Iterator[Edit]:
    """Yields edits that hold only the fields that differ, with the values that were seen."""
    for after in edited.features:
        before = _feature(seen, after.id)
        fields = {path: (old, new) for path, old, new in diff(before, after)}
        if fields:
            yield SetFields(
                part="venue",
                id=after.id,
                fields={path: new for path, (_, new) in fields.items()},
                seen={path: old for path, (old, _) in fields.items()},
            )


def _feature(documents: Documents, id_: str) -> Feature:
    found = documents.get("feature", id_)
    if not isinstance(found, Feature):
        raise _unknown(id_)
    return found


def _unknown(id_: str) -> HamkorError:
    template = N_(
        "There is no {item} in this plan any more. Somebody may have removed it: look at the history."
    )
    return HamkorError("item-unknown", template, item=id_)


def _position(change: _Change, at: At) -> Position:
    return to_position(change.origin, at[0], at[1])


def _positions(change: _Change, points: tuple[At, ...]) -> list[Position]:
    return [_position(change, point) for point in points]

# SPDX-License-Identifier: Apache-2.0
"""Findings on the picture: red and amber, at the place of what they are about."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from hamkor.checks.rules.findings import Finding
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import PARTS, Plan, iter_items
from hamkor.printing.cards import SEVERITY_MEANINGS
from hamkor.printing.maps.sheet import Sheet
from hamkor.printing.maps.svg import INK, element, marker, text, text_width
from hamkor.printing.shown import words_of
from hamkor.venues.rules.features import PostPlace, Route, Section

MARKERS_PER_PLACE = 3
STEP_PX = 27.0
Point = tuple[float, float]


class Mark(msgspec.Struct, frozen=True):
    """A finding to be marked: its number in the report and its severity."""

    number: int
    severity: str


Marks = dict[str, list[Mark]]


class Index:
    """Which features stand for what a finding is about."""

    def __init__(self, plan: Plan) -> None:
        features = plan.venue.features if plan.venue is not None else ()
        self._features = {feature.id for feature in features}
        self._stand_ins: dict[str, tuple[str, ...]] = {}
        for feature in features:
            properties = feature.properties
            if isinstance(properties, PostPlace):
                self._stand_ins[properties.post] = (feature.id,)
            if isinstance(properties, Route):
                sections = [item for item in properties.sections or () if isinstance(item, Section)]
                self._stand_ins.update({section.id: (feature.id,) for section in sections})
        for part in PARTS:
            if part.is_list:
                for item in iter_items(plan, part):
                    self._stand_ins.setdefault(item.id, tuple(getattr(item, "place", ())))

    def places_of(self, subject_id: str) -> tuple[str, ...]:
        """Returns the ids of the features a subject is shown at, none when it has no place."""
        if subject_id in self._features:
            return (subject_id,)
        return tuple(place for place in self._stand_ins.get(subject_id, ()) if place in self._features)


def place_findings(
    plan: Plan, findings: tuple[Finding, ...], drawn: Iterable[str]
) -> tuple[Marks, list[int]]:
    """Returns the red and amber findings by the feature they are marked at, and the numbers of the others.

    Args:
        plan: The plan.
        findings: Findings in the order of their report.
        drawn: Ids of the features that are on a drawing.
    """
    index, on_drawing = Index(plan), frozenset(drawn)
    at_place: Marks = {}
    nowhere: list[int] = []
    for number, finding in enumerate(findings, 1):
        if finding.severity == "info":
            continue
        places = [place for place in index.places_of(finding.subject.id) if place in on_drawing]
        if places:
            at_place.setdefault(places[0], []).append(Mark(number, finding.severity))
        else:
            nowhere.append(number)
    return at_place, nowhere


def draw_markers(sheet: Sheet, marks: Marks, anchors: dict[str, Point]) -> None:
    """Draws the findings whose features have an anchor on this drawing."""
    for place, listed in marks.items():
        if place in anchors:
            _draw_marks(sheet, anchors[place], listed)


def note_nowhere(sheet: Sheet, nowhere: list[int]) -> None:
    """Names the findings without a place under the legend."""
    if nowhere:
        template = N_("Findings without a place on the drawing: {numbers}.")
        numbers = ", ".join(map(str, nowhere))
        sheet.legend.notes.append(words_of(template, sheet.language, numbers=numbers))


def _draw_marks(sheet: Sheet, anchor: Point, marks: list[Mark]) -> None:
    shown, rest = marks[:MARKERS_PER_PLACE], marks[MARKERS_PER_PLACE:]
    more = f"+{len(rest)}" if rest else ""
    width = STEP_PX * len(shown) + 6 + (text_width(more, 12, bold=True) if more else 0)
    x, y = _find_room(sheet, anchor, width)
    if abs(x - anchor[0]) > width / 2 + 4 or abs(y - anchor[1]) > 18:
        leader = f"M{anchor[0]:.1f} {anchor[1]:.1f} L{x:.1f} {y:.1f}"
        sheet.add("findings", element("path", d=leader, stroke=INK, stroke_width=1.2))
    left = x - width / 2 + STEP_PX / 2 + 3
    for index, mark in enumerate(shown):
        sheet.add("findings", marker(mark.severity, left + STEP_PX * index, y, str(mark.number)))
        meaning = translate(SEVERITY_MEANINGS[mark.severity], sheet.language)
        sheet.explain(
            words_of(N_("{meaning} (number of the finding)"), sheet.language, meaning=meaning),
            marker(mark.severity, 15, 9, "", radius=8),
            is_first=True,
        )
    if more:
        sheet.add("findings", text(left + STEP_PX * (len(shown) - 0.5) + 2, y + 4, more, size=12, bold=True))


def _find_room(sheet: Sheet, anchor: Point, width: float) -> Point:
    """Returns where marks are drawn: on the place itself when free, else beside it, else on it all the same."""
    x, y = anchor
    beside = [
        (x + dx, y + dy)
        for reach in (24, 38, 54, 72)
        for dx, dy in (
            (0, -reach), (0, reach), (reach + width / 3, 0), (-reach - width / 3, 0),
            (reach, -reach), (-reach, -reach), (reach, reach), (-reach, reach),
        )
    ]  # fmt: skip
    box = sheet.places.find([anchor, *beside], width, 30)
    return anchor if box is None else ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)

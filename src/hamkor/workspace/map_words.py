# SPDX-License-Identifier: Apache-2.0
"""Words of the map: what its script says, what can be drawn, and how ways are used in each phase."""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.events.rules import CrowdPhase
from hamkor.printing.words import kind_word, word
from hamkor.venues.rules.features import Area, Device, Passage, Properties, Route, Structure
from hamkor.workspace.forms.labels import field_label
from hamkor.workspace.forms.typing_in import kind_of

Shape = Literal["outline", "line", "point"]

MAP_TEXTS: dict[str, str] = {
    "all_levels": N_("All storeys"),
    "level": N_("Storey {level}"),
    "labels": N_("Names"),
    "findings": N_("Findings"),
    "length": N_("length {value} m"),
    "area": N_("area {value} m²"),
    "perimeter": N_("around {value} m"),
    "width": N_("clear width {value} m"),
    "width_unknown": N_("clear width not known"),
    "staffing": N_("{confirmed} of {needed} confirmed"),
    "needed": N_("{needed} needed"),
    "staffing_unknown": N_("staffing not known"),
    "critical": N_("critical"),
    "name": N_("Name"),
    "sort": N_("What it is"),
    "level_head": N_("Storey"),
    "length_head": N_("Length, m"),
    "area_head": N_("Area, m²"),
    "width_head": N_("Clear width, m"),
    "state": N_("State"),
    "not_drawn": N_("not on the map"),
    "not_known": N_("not known"),
    "no_findings": N_("no findings"),
    "outside": N_("outside"),
    "click_first": N_("Click the first corner. Esc cancels."),
    "click_next": N_(
        "Click the next corner. Enter or a double click ends, Backspace takes the last one away."
    ),
    "click_point": N_("Click where it is. Esc cancels."),
    "click_line": N_("Click where it begins and where it ends; Enter ends. Esc cancels."),
    "click_post": N_("Click where “{title}” stands. Esc cancels."),
    "drawn_so_far": N_("{length} m"),
    "drawn_area": N_("{area} m², around {length} m"),
    "moved_by": N_("{east} m east, {north} m north"),
    "snapped": N_("on a line of {name}"),
    "too_few": N_("That is too few points for this. Click on the map again."),
    "nothing_to_undo": N_("There is nothing of yours to take back on this page."),
    "undone": N_("Taken back."),
    "redone": N_("Done again."),
    "failed": N_("The drawing could not be read. Look at the link, then load the page again."),
    "chosen": N_("{name} is chosen."),
    "corner": N_("Corner {number} of {name}; arrow keys move it, Delete removes it"),
    "drawing_gone": N_("{name} is not in the drawing any more."),
    "scale_m": N_("{value} m"),
    "scale_km": N_("{value} km"),
    "found": N_("{count} shown"),
    "posts": N_("Posts"),
    "done": N_("Done"),
    "back": N_("One back"),
    "cancel": N_("Cancel"),
}


class NewFeature(msgspec.Struct, frozen=True):
    """Something that can be drawn.

    Args:
        kind: Kind of the feature.
        shape: What is clicked: an outline, a line or a point.
        field: Field that must be chosen before it is drawn, empty when there is none.
        words: What may be chosen there.
        number: Field that takes a number which must be given, empty when there is none.
    """

    kind: str
    shape: Shape
    field: str = ""
    words: tuple[str, ...] = ()
    number: str = ""


def _words(body: type[msgspec.Struct], field: str) -> tuple[str, ...]:
    hint = next(info.type for info in msgspec.structs.fields(body) if info.encode_name == field)
    return kind_of(hint).choices


_NEW: tuple[NewFeature, ...] = (
    NewFeature("area", "outline", "use", _words(Area, "use")),
    NewFeature("opening", "line"),
    NewFeature("turnstiles", "line", number="lanes"),
    NewFeature("passage", "line", "form", _words(Passage, "form")),
    NewFeature("route", "line", "purpose", _words(Route, "purpose")),
    NewFeature("device", "point", "device", _words(Device, "device")),
    NewFeature("assembly_area", "outline"),
    NewFeature("shelter", "point"),
    NewFeature("structure", "outline", "structure", _words(Structure, "structure")),
    NewFeature("attractor", "point"),
)


def list_new_features(language: str) -> list[dict[str, Any]]:
    """Returns what can be drawn, with its words in the language."""
    return [
        {
            "kind": new.kind,
            "label": kind_word(new.kind, language),
            "shape": new.shape,
            "field": new.field,
            "field_label": translate(field_label("", new.field), language) if new.field else "",
            "words": [(each, word(each, language)) for each in new.words],
            "number": new.number,
            "number_label": translate(field_label("", new.number), language) if new.number else "",
        }
        for new in _NEW
    ]


def use_fields(properties: Properties, language: str) -> list[dict[str, Any]]:
    """Returns how a way is used in each phase of the crowd, to be chosen one by one.

    Args:
        properties: An opening, passage, bank of turnstiles or route.
        language: Language of the page.
    """
    used: dict[str, str] = getattr(properties, "use", {})
    words = [(use, word(use, language)) for use in ("forward", "backward", "both", "closed")]
    return [
        {"phase": phase, "label": word(phase, language), "chosen": used.get(phase, ""), "words": words}
        for phase in get_args(CrowdPhase)
    ]

# SPDX-License-Identifier: Apache-2.0
"""Whose business a document of the plan is, and in which part it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, get_args

from msgspec import Struct

from hamkor.agencies.rules import AgencyCode
from hamkor.journal.rules import Documents
from hamkor.norms.rules import DutyHolder
from hamkor.plans.rules.plan import PARTS, Part

VENUE = "venue"
AGENCY_CODES: frozenset[str] = frozenset(get_args(DutyHolder))
# Documents that make up a plan: those of its parts, the drawing and its features, and which parts were opened.
PLAN_KINDS: tuple[str, ...] = (*(part.document for part in PARTS), "drawing", "feature", "part")

_PART_BY_NAME = {part.name: part for part in PARTS}
_PART_BY_KIND = {part.document: part for part in PARTS}


def kind_of_part(part: str) -> str:
    """Returns the kind of document a part consists of; for `venue` that of its features.

    Raises:
        KeyError: There is no such part.
    """
    return "feature" if part == VENUE else _PART_BY_NAME[part].document


def part_of_kind(kind: str) -> str:
    """Returns the name of the part documents of a kind stand in; features and the drawing stand in `venue`.

    Raises:
        KeyError: No part consists of such documents.
    """
    return VENUE if kind in {"feature", "drawing"} else _PART_BY_KIND[kind].name


def find_part(name: str) -> Part | None:
    """Returns the part by its name; None for an unknown one and for `venue`, which is a drawing."""
    return _PART_BY_NAME.get(name)


def agencies_concerned(
    kind: str, document: Struct, *, documents: Documents | None = None
) -> frozenset[AgencyCode]:
    """Returns the agencies whose business a document is.

    Args:
        kind: Kind of the document.
        document: The document.
        documents: Where the people and posts it names are looked up; without them only agencies that are
            named themselves count.

    Notes:
        What belongs to no single agency by its fields is the business of the one that answers for it by the usual
        order: the application, attendance, papers, effects and warnings of the organiser, the drawing and its
        inspections of the venue, medical cover of the ambulance, sanitation of the sanitary service, force and
        groups kept apart of the police.
    """
    named = _NAMED.get(kind)
    words = named(document) if named is not None else ()
    found = {code for word in words for code in _agencies_of(word, documents)}
    return frozenset(found | _BY_ORDER.get(kind, frozenset()))


def agencies_of_link(link: Any, *, documents: Documents | None = None) -> frozenset[AgencyCode]:
    """Returns the agencies at the two ends of a link.

    Args:
        link: The link of `communications`.
        documents: Where people and posts at its ends are looked up.
    """
    return frozenset(code for end in link.between for code in _agencies_of(end, documents))


def _agencies_of(word: Any, documents: Documents | None) -> Iterable[AgencyCode]:
    if not isinstance(word, str):
        return
    if word in AGENCY_CODES:
        yield word  # type: ignore[misc]  # one of the codes, as was just asked
    elif documents is not None:
        for kind in ("post", "person"):
            agency = getattr(documents.get(kind, word), "agency", None)
            if agency is not None:
                yield agency


def _agency(document: Any) -> Iterable[Any]:
    return (document.agency,)


def _duty(duty: Any) -> Iterable[Any]:
    return (*(duty.accountable or ()), *duty.supporting)


def _hazard(hazard: Any) -> Iterable[Any]:
    return (hazard.owner, *(control.owner for control in hazard.controls or ()))


def _contingency(contingency: Any) -> Iterable[Any]:
    return (contingency.decides, *(step.owner for step in contingency.steps or ()))


def _communications(communications: Any) -> Iterable[Any]:
    return [end for link in communications.links or () for end in link.between]


def _legal(legal: Any) -> Iterable[Any]:
    return [conclusion.by for conclusion in legal.conclusions or ()]


_NAMED: dict[str, Callable[[Any], Iterable[Any]]] = {
    "person": _agency,
    "duty": _duty,
    "task": _agency,
    "post": _agency,
    "force": _agency,
    "mean": _agency,
    "communications": _communications,
    "hazard": _hazard,
    "contingency": _contingency,
    "stop_authority": lambda authority: (authority.agency, authority.holder, authority.deputy),
    "warning": lambda warning: (warning.to, warning.answered_by),
    "force_measure": lambda measure: (measure.authorised_by,),
    "segregation": lambda segregation: (segregation.owner,),
    "inspection": lambda inspection: (inspection.by,),
    "weather": lambda weather: (weather.watched_by,),
    "medical": lambda medical: (medical.commander,),
    "legal": _legal,
}
_BY_ORDER: dict[str, frozenset[AgencyCode]] = {
    "event": frozenset({"org"}),
    "attendance": frozenset({"org"}),
    "legal": frozenset({"org"}),
    "effect": frozenset({"org"}),
    "warning": frozenset({"org"}),
    "past_event": frozenset({"org", "obj"}),
    "drawing": frozenset({"obj"}),
    "feature": frozenset({"obj"}),
    "inspection": frozenset({"obj"}),
    "medical": frozenset({"tty"}),
    "sanitation": frozenset({"ses"}),
    "force_measure": frozenset({"iib"}),
    "segregation": frozenset({"iib"}),
}

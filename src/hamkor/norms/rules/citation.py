# SPDX-License-Identifier: Apache-2.0
"""Short citations: the act, its date, and the place in it as far as that was seen."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import msgspec

from hamkor.common.messages import N_, Message, show
from hamkor.norms.rules.norm import Norm, NormKind, is_binding

Part = Message | str


class _Act(msgspec.Struct, frozen=True):
    """How acts whose norm ids share a prefix are named."""

    prefix: str
    named: str
    number: re.Pattern[str] | None = None
    unnumbered: str = ""
    is_dated: bool = True
    adopted_on: str = ""


_ACTS = (
    _Act(
        prefix="uz-cm-205-2014-",
        number=re.compile(r"^(205)"),
        named=N_("Cabinet of Ministers resolution {number}"),
        adopted_on="2014-07-29",  # summaries of the Rules carry no date of their own
    ),
    _Act(
        prefix="uz-cm-",
        number=re.compile(r"^(\d+(?:/\d+)?)"),
        named=N_("Cabinet of Ministers resolution {number}"),
        unnumbered=N_("Cabinet of Ministers resolution (number not seen)"),
    ),
    _Act(prefix="uz-zru-", number=re.compile(r"^ZRU-(\d+)"), named=N_("Law ZRU-{number}")),
    _Act(
        prefix="uz-pf-", number=re.compile(r"\b[UP][PF]-(\d+)"), named=N_("Presidential decree PF-{number}")
    ),
    _Act(prefix="uz-pp-", number=re.compile(r"^PP-(\d+)"), named=N_("Presidential resolution PP-{number}")),
    _Act(prefix="uz-koao-", named=N_("Code of Administrative Responsibility"), is_dated=False),
    _Act(prefix="uz-contract-", named=N_("Model security contract")),
    _Act(prefix="uz-svc-permit-", named=N_("Permit service passport, Fergana region")),
    _Act(prefix="uz-inf-commission-", named=N_("Permit service passport, Fergana region")),
    _Act(prefix="uz-354-", number=re.compile(r"^(\d+)"), named=N_("Fire safety rules {number}")),
)
_PLACES = (
    (re.compile(r"^clause (?P<clause>\d+(?:\.\d+)*)"), N_("clause {clause}")),
    (re.compile(r"^article (?P<article>\d+(?:-\d+)?)"), N_("article {article}")),
    (re.compile(r"^article \d+(?:-\d+)?, part (?P<part>\d+)"), N_("part {part}")),
    (re.compile(r"^(?P<paragraph>\d+(?:\.\d+)*(?: \([a-z]\))?)(?=$|, | \()"), N_("paragraph {paragraph}")),
    (re.compile(r"^\d+, (?P<ordinal>[a-z]+) sub-paragraph"), N_("sub-paragraph {ordinal}")),
    (re.compile(r"\bitems (?P<items>\d[\d, and-]*)$"), N_("items {items}")),
)
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
_STATUS: dict[NormKind, str] = {
    "practice": N_("practice, not binding"),
    "context": N_("background, not binding"),
    "draft": N_("draft, not law"),
    "repealed": N_("repealed"),
    "foreign": N_("foreign, not law of Uzbekistan"),
}
_ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}(?=$| )")
_ANNEX = re.compile(r"\bAnnex (\d+)")


def citation(norm: Norm) -> tuple[Part, ...]:
    """Returns the parts of a short citation, ready to be a value of a message.

    Notes:
        A place is given only when a number was seen in the source; it is never guessed. What does not bind,
        or was only inferred or summarised, says so in the last part.
    """
    return (*_act(norm), *_annex(norm), *_place(norm), *_status(norm))


def cite(norm: Norm, language: str) -> str:
    """Returns a short citation in the language, such as "VMQ 205, 29.07.2014, 1-ilova, 1-band"."""
    return ", ".join(show(part, language) for part in citation(norm))


def _act(norm: Norm) -> list[Part]:
    act = next((act for act in _ACTS if norm.id.startswith(act.prefix)), None)
    if act is None:
        return [norm.source.title, *_date(norm.source.date)]
    found = act.number.search(norm.source.number) if act.number else None
    name: Part
    if act.number and not found:
        name = Message(act.unnumbered) if act.unnumbered else norm.source.title
    else:
        name = Message(act.named, {"number": found.group(1)} if found else {})
    return [name, *(_date(act.adopted_on or norm.source.date) if act.is_dated else [])]


def _date(text: str) -> list[Part]:
    found = _ISO_DATE.match(text)
    return [date.fromisoformat(found.group()).strftime("%d.%m.%Y")] if found else []


def _annex(norm: Norm) -> list[Part]:
    found = _ANNEX.search(norm.source.number)
    return [Message(N_("Annex {annex}"), {"annex": found.group(1)})] if found else []


def _place(norm: Norm) -> list[Part]:
    if norm.confidence == "inferred":
        return []
    return [
        Message(template, _place_values(found.groupdict()))
        for pattern, template in _PLACES
        if (found := pattern.search(norm.paragraph))
    ]


def _place_values(groups: dict[str, Any]) -> dict[str, Any]:
    return {name: _ORDINALS.get(value, value).replace(" and ", ", ") for name, value in groups.items()}


def _status(norm: Norm) -> list[Part]:
    if norm.confidence == "inferred":
        return [Message(N_("inferred, text not seen"))]
    if is_binding(norm):
        return [Message(N_("by a summary"))] if norm.confidence == "secondary" else []
    status = _STATUS.get(norm.kind)
    return [Message(status)] if status else []

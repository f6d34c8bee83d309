# SPDX-License-Identifier: Apache-2.0
"""One duty laid down by one source, and how far it may be relied on."""

from __future__ import annotations

from typing import Literal

import msgspec

DutyHolder = Literal["iib", "mg", "fvv", "tty", "ses", "yhx", "hok", "org", "obj", "mah", "pub", "kom", "all"]
NormPhase = Literal["preparation", "conduct", "analysis", "any"]
Confidence = Literal["read", "secondary", "inferred"]
Jurisdiction = Literal["uz", "foreign"]
NormKind = Literal[
    "law", "service", "contract", "practice", "context", "draft", "repealed", "inference", "foreign"
]

BINDING_KINDS: frozenset[NormKind] = frozenset(("law", "service", "contract"))
STATE_BODIES: frozenset[DutyHolder] = frozenset(("iib", "mg", "fvv", "tty", "ses", "yhx", "hok", "kom"))


class NormSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the text of a norm was found.

    Args:
        title: Name of the document in English.
        number: Number as the source shows it; ``-`` or ``not shown`` when it has none.
        date: ISO date, sometimes with a remark; may be ``undated``.
        url: Address, or a description of the place.
        kind: Sort of text: law text, official page, news summary and so on.
    """

    title: str
    number: str
    date: str
    url: str
    kind: str


class Norm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One duty in our own words, with the source it rests on.

    Args:
        id: Stable identifier in kebab case.
        source: The document.
        paragraph: Place in the document as far as it is known; words when no number was seen.
        phase: Phase of the work the duty belongs to.
        duty_holder: Codes of the bound parties; ``all`` means every state body that takes part.
        duty: The duty by language, at least ``en`` and ``uz``.
        deadline: Time or distance limit in words, or None.
        applies_if: Condition in words, or None when it always applies.
        confidence: ``read`` the text was seen, ``secondary`` a summary was seen, ``inferred`` deduced.
        jurisdiction: ``uz`` or ``foreign``.
        kind: Nature of the norm; only law, service and contract bind.
        note: Remark for the legal officer.
    """

    id: str
    source: NormSource
    paragraph: str
    phase: NormPhase
    duty_holder: tuple[DutyHolder, ...]
    duty: dict[str, str]
    deadline: str | None
    applies_if: str | None
    confidence: Confidence
    jurisdiction: Jurisdiction
    kind: NormKind
    note: str | None = None


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number (or a day written ``MM-DD``) laid down by a norm; the unit is in the name.

    Args:
        name: Name with its unit, such as ``alcohol_free_radius_m``.
        value: The value.
        norm: Id of the norm that lays it down.
    """

    name: str
    value: int | float | str
    norm: str


class EmergencyNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A telephone number for emergencies, its service by language, and how we know it."""

    number: str
    uz: str
    ru: str
    en: str
    evidence: str


class ReadExtent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which paragraphs of the Rules were seen when the norms were collected."""

    rules_paragraphs_read_in_full: tuple[str, ...]
    rules_paragraphs_read_in_part: tuple[str, ...]
    resolution_205_points_read: tuple[str, ...]
    reason: str


class ParameterBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that goes with the norms: parameters, codes, emergency numbers and known gaps."""

    read_extent: ReadExtent
    amendment_chain: tuple[str, ...]
    predecessor: str
    duty_holder_codes: dict[DutyHolder, str]
    parameters: tuple[Parameter, ...]
    emergency_numbers: tuple[EmergencyNumber, ...]
    gaps: tuple[str, ...]


def is_binding(norm: Norm) -> bool:
    """True when the norm obliges somebody: law, official service rule or model contract."""
    return norm.kind in BINDING_KINDS


def may_block(norm: Norm) -> bool:
    """True when breaking the norm may turn a plan down.

    Notes:
        Benchmarks, drafts, repealed and foreign acts and whatever was only inferred never block.
    """
    return is_binding(norm) and norm.confidence != "inferred" and norm.jurisdiction == "uz"


def concerns(norm: Norm, holder: DutyHolder) -> bool:
    """True when the norm binds the party, by name or as one of all state bodies."""
    return holder in norm.duty_holder or ("all" in norm.duty_holder and holder in STATE_BODIES)

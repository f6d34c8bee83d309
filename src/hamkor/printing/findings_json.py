# SPDX-License-Identifier: Apache-2.0
"""Findings for programs: one JSON object and the schema that describes it."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hamkor.checks.queries import Report
from hamkor.common.figures import Range
from hamkor.common.i18n import translate
from hamkor.folder.rules import FolderUnusableError
from hamkor.printing.cards import DISCLAIMER, Card, cards_of, count_families
from hamkor.printing.shown import clean, say

SCHEMA_ID = "urn:hamkor:findings:1"

Severity = Annotated[
    Literal["red", "amber", "info"],
    Meta(
        description="`red` must be mended before the event, `amber` needs an answer, `info` is good to know."
    ),
]
Number = Annotated[
    float | None, Meta(description="A number; null when there is none or it is infinite (see the text).")
]
Bounds = Annotated[
    tuple[float | None, float | None] | None,
    Meta(description="Lowest and highest value; null when the value is exact or there is none."),
]
Count = Annotated[int, Meta(ge=0)]


class SubjectRow(msgspec.Struct, frozen=True):
    """What a finding is about."""

    kind: Annotated[str, Meta(description="Kind of feature or part of the plan, such as `area`, `duty`.")]
    id: Annotated[str, Meta(description="Id in the event folder.")]
    name: Annotated[str, Meta(description="Name in the language of the report; the id when it has none.")]


class FindingRow(msgspec.Struct, frozen=True, kw_only=True):
    """One finding."""

    number: Annotated[int, Meta(ge=1, description="Number in this report; maps mark it by this number.")]
    rule: Annotated[str, Meta(pattern=r"^[A-Z]{2,8}-\d{3}$", description="Stable id of the rule.")]
    family: Annotated[str, Meta(description="Letters of the rule's id.")]
    severity: Severity
    subject: SubjectRow
    title: Annotated[str, Meta(description="Name of the rule.")]
    message: Annotated[str, Meta(description="What is wrong here, with the numbers.")]
    action: Annotated[str, Meta(description="What to do.")]
    measured: Number
    measured_range: Bounds
    measured_text: Annotated[str, Meta(description="What is measured with its unit; empty when nothing is.")]
    limit: Number
    limit_range: Bounds
    limit_text: Annotated[str, Meta(description="The limit with its unit; empty when there is none.")]
    unit: Annotated[str, Meta(description="Unit of what is measured and of the limit, in English.")]
    ratio: Annotated[
        float | None, Meta(description="How many times worse than the limit; above 1 breaks it.")
    ]
    ratio_range: Bounds
    ratio_text: Annotated[str, Meta(description="The ratio in words, `∞` when infinite.")]
    assumptions: Annotated[tuple[str, ...], Meta(description="What was taken for granted.")]
    sources: Annotated[
        Annotated[tuple[str, ...], Meta(min_length=1)],
        Meta(description="Norms and documents it rests on, cited."),
    ]
    source: Annotated[str, Meta(min_length=1, description="The sources in one text.")]
    source_ids: Annotated[tuple[str, ...], Meta(description="The sources as the rule names them.")]
    robustness: Annotated[
        Literal["every", "some", "not_applicable"],
        Meta(description="Whether it holds under every flow profile, under some, or none enters."),
    ]
    fails_under: Annotated[tuple[str, ...], Meta(description="Ids of flow profiles under which it holds.")]
    passes_under: Annotated[
        tuple[str, ...], Meta(description="Ids of flow profiles under which it does not hold.")
    ]


class Counts(msgspec.Struct, frozen=True):
    """Findings of each severity."""

    red: Count
    amber: Count
    info: Count


class EventRow(msgspec.Struct, frozen=True):
    """The event that was checked."""

    id: str
    name: str


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The check in numbers."""

    red: Count
    amber: Count
    info: Count
    total: Count
    families: Annotated[dict[str, Counts], Meta(description="Counts of every family that found something.")]
    profile: Annotated[str, Meta(description="Id of the flow profile that decided severities.")]
    language: Annotated[Literal["uz", "uz-Cyrl", "ru", "en"], Meta(description="Language of the texts.")]
    event: EventRow
    note: Annotated[str, Meta(description="What the check does not do.")]


class FindingsDocument(msgspec.Struct, frozen=True):
    """What `hamkor check --format json` prints."""

    findings: Annotated[tuple[FindingRow, ...], Meta(description="Red first, then amber, then info.")]
    summary: Summary


def report_as_json(report: Report, language: str) -> dict[str, Any]:
    """Returns the report as an object of plain values, free of infinity.

    Args:
        report: What a check found.
        language: One of the four languages.
    """
    document = FindingsDocument(
        findings=tuple(_row(card) for card in cards_of(report, language)),
        summary=_summary(report, language),
    )
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    return plain


def unusable_as_json(error: FolderUnusableError, language: str) -> dict[str, Any]:
    """Returns what makes a folder unusable, for programs: an object with `error` and no findings."""
    faults = [
        {
            "code": fault.code,
            "file": fault.file,
            "place": fault.place,
            "line": fault.line,
            "message": clean(fault.message.render(language)),
        }
        for fault in error.faults
    ]
    return {
        "findings": [],
        "summary": None,
        "error": {"code": error.code, "message": clean(error.message.render(language)), "faults": faults},
    }


def findings_schema() -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of what `report_as_json` returns."""
    schema = msgspec.json.schema(FindingsDocument)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Findings of a plan check",
        **schema,
    }


def _row(card: Card) -> FindingRow:
    finding = card.finding
    return FindingRow(
        number=card.number,
        rule=finding.rule,
        family=finding.family,
        severity=finding.severity,
        subject=SubjectRow(finding.subject.kind, finding.subject.id, card.subject),
        title=card.title,
        message=card.message,
        action=card.action,
        measured=_nominal(finding.measured),
        measured_range=_bounds(finding.measured),
        measured_text=card.measured,
        limit=_nominal(finding.limit),
        limit_range=_bounds(finding.limit),
        limit_text=card.limit,
        unit=finding.unit,
        ratio=_nominal(finding.ratio),
        ratio_range=_bounds(finding.ratio),
        ratio_text=card.ratio,
        assumptions=card.assumptions,
        sources=card.sources,
        source="; ".join(card.sources),
        source_ids=finding.sources,
        robustness=finding.robustness,
        fails_under=finding.fails_under,
        passes_under=finding.passes_under,
    )


def _summary(report: Report, language: str) -> Summary:
    event = report.plan.event
    return Summary(
        red=report.count("red"),
        amber=report.count("amber"),
        info=report.count("info"),
        total=len(report.findings),
        families={family: Counts(**counts) for family, counts in count_families(report).items()},
        profile=report.profile,
        language=language,  # type: ignore[arg-type] # the caller chose one of the four
        event=EventRow(event.id, say(event.name, language)),
        note=translate(DISCLAIMER, language),
    )


def _nominal(value: Range | None) -> float | None:
    return None if value is None else _finite(value.nominal)


def _bounds(value: Range | None) -> tuple[float | None, float | None] | None:
    if value is None or value.is_exact:
        return None
    return _finite(value.low), _finite(value.high)


def _finite(value: float) -> float | None:
    """Returns the number without noise in its last digits, or None when it is not finite."""
    return float(f"{value:.9g}") if math.isfinite(value) else None

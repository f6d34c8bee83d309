# SPDX-License-Identifier: Apache-2.0
"""Findings as a SARIF 2.1.0 log, the format code hosts and editors show beside the lines of a file."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from hamkor.checks.queries import Report
from hamkor.checks.rules.findings import Subject
from hamkor.checks.rules.registry import FAMILIES, Rule, find_rule
from hamkor.common.i18n import translate
from hamkor.plans.rules.plan import PARTS
from hamkor.printing.cards import DISCLAIMER, Card, cards_of, source_text
from hamkor.printing.shown import HTML_LANGUAGES, clean
from hamkor.printing.words import KINDS

SCHEMA_URI = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"red": "error", "amber": "warning", "info": "note"}
FOLDER_BASE = "EVENT"
VENUE_FILE = "venue.geojson"

_FEATURE_KINDS = frozenset((*KINDS, "section", "feature", "venue", "connection"))
_FILE_OF_KIND = {
    **{part.document: f"{part.name}.yaml" for part in PARTS},
    **dict.fromkeys(("channel", "link"), "communications.yaml"),
    **dict.fromkeys(("waiver", "paper", "permit", "certificate", "contract", "conclusion"), "legal.yaml"),
}


def report_as_sarif(report: Report, language: str, folder: Path | None = None) -> dict[str, Any]:
    """Returns the report as a SARIF log.

    Args:
        report: What a check found.
        language: One of the four languages.
        folder: The event folder; when given, findings point at the line of what they are about.

    Source: OASIS SARIF 2.1.0 (2020), sections 3.13 to 3.52.
    """
    cards = cards_of(report, language)
    rule_ids = sorted({card.finding.rule for card in cards})
    return {
        "$schema": SCHEMA_URI,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(rule_ids, cards, language)},
                "language": HTML_LANGUAGES[language],
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {
                    FOLDER_BASE: {"description": {"text": "The event folder."}},
                },
                "results": [_result(card, rule_ids, folder) for card in cards],
                "properties": {
                    "profile": report.profile,
                    "event": report.plan.event.id,
                    "note": translate(DISCLAIMER, language),
                },
            }
        ],
    }


def file_of(subject: Subject) -> str:
    """Returns the file of the event folder in which a subject is written."""
    if subject.kind in _FEATURE_KINDS:
        return VENUE_FILE
    if subject.kind == "part":
        return VENUE_FILE if subject.id == "venue" else f"{subject.id}.yaml"
    return _FILE_OF_KIND.get(subject.kind, "event.yaml")


def _driver(rule_ids: list[str], cards: tuple[Card, ...], language: str) -> dict[str, Any]:
    titles = {card.finding.rule: card.title for card in cards}
    return {
        "name": "hamkor",
        "semanticVersion": _version(),
        "rules": [_rule(rule_id, titles[rule_id], language) for rule_id in rule_ids],
    }


def _version() -> str:
    try:
        return version("hamkor")
    except PackageNotFoundError:
        return "0.0.0"


def _rule(rule_id: str, title: str, language: str) -> dict[str, Any]:
    family = rule_id.partition("-")[0]
    described: dict[str, Any] = {
        "id": rule_id,
        "name": rule_id.replace("-", ""),
        "shortDescription": {"text": title},
        "properties": {"tags": [family, translate(FAMILIES.get(family, family), language)]},
    }
    rule = find_rule(rule_id)
    if rule is not None:
        described["fullDescription"] = {"text": translate(rule.why, language)}
        described["help"] = _help(rule, language)
    else:
        described["help"] = {"text": title}
    return described


def _help(rule: Rule, language: str) -> dict[str, str]:
    severity = translate(rule.severity, language)
    why = translate(rule.why, language)
    sources = [source_text(source, language) for source in rule.sources]
    return {
        "text": "\n".join([why, severity, *sources]),
        "markdown": "\n\n".join([why, f"*{severity}*", "\n".join(f"- {source}" for source in sources)]),
    }


def _result(card: Card, rule_ids: list[str], folder: Path | None) -> dict[str, Any]:
    finding = card.finding
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_ids.index(finding.rule),
        "kind": "fail",
        "level": LEVELS[finding.severity],
        "message": {"text": f"{card.message} → {card.action}"},
        "locations": [_location(card, folder)],
        "partialFingerprints": {"subject/v1": f"{finding.rule}:{finding.subject.kind}:{finding.subject.id}"},
        "properties": {
            "severity": finding.severity,
            "measured": card.measured,
            "limit": card.limit,
            "assumptions": list(card.assumptions),
            "sources": list(card.sources),
        },
    }


def _location(card: Card, folder: Path | None) -> dict[str, Any]:
    subject = card.finding.subject
    file = file_of(subject)
    physical: dict[str, Any] = {"artifactLocation": {"uri": file, "uriBaseId": FOLDER_BASE}}
    line = _find_line(folder, file, subject.id)
    if line is not None:
        physical["region"] = {"startLine": line}
    return {
        "physicalLocation": physical,
        "logicalLocations": [
            {
                "name": card.subject,
                "fullyQualifiedName": f"{clean(subject.kind)}/{clean(subject.id)}",
                "kind": clean(subject.kind),
            }
        ],
    }


def _find_line(folder: Path | None, file: str, subject_id: str) -> int | None:
    """Returns the first line that gives the id, 1 when the file exists without it, None without a file."""
    if folder is None or not (folder / file).is_file():
        return None
    wanted = re.compile(rf"""\bid["']?\s*:\s*["']?{re.escape(subject_id)}["']?\s*(?:[,}}#]|$)""")
    lines = (folder / file).read_text("utf-8-sig", errors="replace").splitlines()
    return next((at for at, line in enumerate(lines, 1) if wanted.search(line)), 1)

# SPDX-License-Identifier: Apache-2.0
"""Findings: what a rule says about a plan, with its numbers, its limit and its source."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from hamkor.common.figures import Range
from hamkor.common.messages import Message
from hamkor.common.records import Text

Severity = Literal["red", "amber", "info"]
SEVERITIES: tuple[Severity, ...] = ("red", "amber", "info")


class Subject(msgspec.Struct, frozen=True):
    """What a finding is about.

    Args:
        kind: Feature kind or part of the plan, such as ``area``, ``duty``, ``plan``.
        id: Its id.
        name: Its name in the languages it has one in.
    """

    kind: str
    id: str
    name: Text | None = None

    def __hash__(self) -> int:
        """Returns a hash without the name, which may be a mapping of languages."""
        return hash((self.kind, self.id))

    def shown(self) -> Text:
        """Returns the name, or the id when it has none."""
        return self.name or self.id


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule found at one place.

    Args:
        subject: What it is about.
        severity: ``red`` must be mended, ``amber`` needs an answer, ``info`` should be known.
        measured: Value in the plan, in the rule's unit; None when nothing is measured.
        limit: What it may be, in the same unit.
        ratio: How many times worse than the limit; above 1 is worse.
        facts: Values for the rule's sentences, beside ``subject``, ``measured``, ``limit`` and ``ratio``.
        assumptions: What was taken for granted.
        sources: Further norm ids or documents, for this place only.
        fails_under: Flow profiles under which it holds.
        passes_under: Flow profiles under which it does not.
    """

    subject: Subject
    severity: Severity
    measured: Range | None = None
    limit: Range | None = None
    ratio: Range | None = None
    facts: dict[str, Any] = {}
    assumptions: tuple[Message, ...] = ()
    sources: tuple[str, ...] = ()
    fails_under: tuple[str, ...] = ()
    passes_under: tuple[str, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as people and programs receive it.

    Args:
        rule: Stable id, such as ``ENT-001``.
        family: Letters of the id.
        severity: ``red``, ``amber`` or ``info``.
        subject: Feature or document.
        title: The rule's name.
        message: What is wrong here, with the numbers.
        action: What to do.
        measured: Value in the plan.
        limit: What it may be.
        unit: Unit of both, empty when nothing is measured.
        ratio: How many times worse than the limit.
        assumptions: What was taken for granted.
        sources: Norm ids and documents.
        robustness: ``every`` when it holds under every admissible profile, ``some`` when not under all,
            ``not_applicable`` when no flow profile enters.
        fails_under: Profiles under which it holds.
        passes_under: Profiles under which it does not.
    """

    rule: str
    family: str
    severity: Severity
    subject: Subject
    title: Message
    message: Message
    action: Message
    measured: Range | None
    limit: Range | None
    unit: str
    ratio: Range | None
    assumptions: tuple[Message, ...]
    sources: tuple[str, ...]
    robustness: Literal["every", "some", "not_applicable"]
    fails_under: tuple[str, ...]
    passes_under: tuple[str, ...]


def judge(ratio: Range) -> Severity | None:
    """Returns ``red`` when the limit is broken whatever the uncertainty, ``amber`` when it may be, else None.

    Args:
        ratio: Measured over limit; above 1 breaks it.
    """
    if ratio.low > 1:
        return "red"
    return "amber" if ratio.high > 1 else None

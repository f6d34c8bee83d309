# SPDX-License-Identifier: Apache-2.0
"""Who agreed to a plan, what they accepted knowingly, and how paper is compared with the record."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from hamkor.checks.rules.findings import Subject
from hamkor.common.records import Text


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """What one agency decided about the plan.

    Args:
        agency: Code of the agency.
        position: Office of who decided.
        name: Name; None when it is not kept or not to be shown.
        decision: What was decided.
        at: Moment of the decision, aware; None without one.
        number: Number of its entry in the record.
        hash: Hash of that entry.
        reason: Why, when it was an objection or with a condition.
    """

    agency: str
    position: Text | None = None
    name: str | None = None
    decision: Literal["approved", "objected", "none"] = "none"
    at: datetime | None = None
    number: int | None = None
    hash: str | None = None
    reason: Text | None = None


class AcceptedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that was not mended but accepted, with a reason and a person.

    Args:
        rule: Id of the rule.
        subject: What it is about: the id, or kind and id as ``area:pit``.
        reason: Why it was accepted.
        by: Who accepted it, in words.
        at: When, aware.
    """

    rule: str
    subject: str
    reason: Text
    by: Text
    at: datetime


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """A decision made without an agreement that was due.

    Args:
        what: What was decided.
        reason: Why.
        by: Who decided, in words.
        at: When, aware.
    """

    what: Text
    reason: Text
    by: Text
    at: datetime


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What makes printed pages comparable with the record.

    Args:
        event_name: Name of the event.
        version: Version of the plan, such as ``4`` or ``4 (draft)``.
        head_number: Number of the last entry of the record.
        head_hash: Its hash.
        at: Moment of printing, aware.
        verify_url: Address at which anyone can compare.
        is_final: False for a draft, which is then marked on every page.
        signatures: Decisions by agency, in the order to print.
        accepted_findings: Findings accepted knowingly.
        overrides: Decisions made without an agreement.
    """

    event_name: Text
    version: str
    head_number: int
    head_hash: str
    at: datetime
    verify_url: str
    is_final: bool
    signatures: tuple[Signature, ...] = ()
    accepted_findings: tuple[AcceptedFinding, ...] = ()
    overrides: tuple[Override, ...] = ()

    @property
    def code_text(self) -> str:
        """The text of the square code: the address with the hash behind it."""
        return f"{self.verify_url}{'&' if '#' in self.verify_url else '#'}{self.head_hash}"

    def find_acceptance(self, rule: str, subject: Subject) -> AcceptedFinding | None:
        """Returns the acceptance of a finding, or None."""
        keys = {subject.id, f"{subject.kind}:{subject.id}"}
        return next(
            (item for item in self.accepted_findings if item.rule == rule and item.subject in keys), None
        )

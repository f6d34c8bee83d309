# SPDX-License-Identifier: Apache-2.0
"""Who agreed to a plan, what they accepted knowingly, and how paper is compared with the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from hamkor.checks.rules.findings import Subject
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.common.records import Text
from hamkor.printing.sections.blocks import Block, Cell, Section, cell, facts, heading, note, section, table
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import agency_name, clean, moment, number, say, words_of

HASH_GROUP = 8
DECISIONS = {
    "approved": N_("approved"),
    "objected": N_("objected"),
    "none": N_("no decision"),
}
TONES = {"approved": "good", "objected": "red", "none": "quiet"}
DRAFT = N_("Draft")
DRAFT_LINE = N_("Draft: not agreed, not to be acted upon")


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


def local_moment(at: datetime | None, names: Names) -> str:
    """Returns a moment in the event's own time; "not known" for None."""
    if at is None or at.tzinfo is None:
        return moment(at, names.language)
    try:
        return moment(at.astimezone(ZoneInfo(names.plan.event.time_zone)), names.language)
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        return f"{moment(at, names.language)} {at.tzname()}"


def acceptance_text(accepted: AcceptedFinding, names: Names) -> str:
    """Returns the sentence that stands beside an accepted finding."""
    return words_of(
        N_("Accepted by {who} on {moment}: {reason}"),
        names.language,
        who=say(accepted.by, names.language),
        moment=local_moment(accepted.at, names),
        reason=say(accepted.reason, names.language),
    )


def approval_rows(certificate: Certificate, names: Names) -> list[list[str]]:
    """Returns agency, person, decision and moment for the first page."""
    return [
        [
            agency_name(item.agency, names.language, full=True),
            _signer(item, names),
            translate(DECISIONS[item.decision], names.language),
            local_moment(item.at, names) if item.at is not None else "",
        ]
        for item in certificate.signatures
    ]


def certificate_data(certificate: Certificate, names: Names) -> dict[str, Any]:
    """Returns what pages show of a certificate outside its own section."""
    language = names.language
    version = words_of(N_("version {version}"), language, version=clean(certificate.version))
    return {
        "version": version,
        "draft": "" if certificate.is_final else translate(DRAFT, language),
        "draft_line": "" if certificate.is_final else translate(DRAFT_LINE, language),
        "code_remark": translate(N_("Compare this paper with the record"), language),
        "url": clean(certificate.verify_url),
    }


def signatures_section(certificate: Certificate, names: Names) -> Section:
    """Returns the page of signatures: decisions, what was accepted, what was decided without agreement."""
    language = names.language
    blocks: list[Block] = [facts(_facts(certificate, names)), {"type": "code"}]
    blocks += [heading(translate(N_("Decisions of the agencies"), language)), _signatures(certificate, names)]
    if certificate.accepted_findings:
        blocks += [heading(translate(N_("Findings accepted"), language)), _accepted(certificate, names)]
    if certificate.overrides:
        title = N_("Decided without an agreement that was due")
        blocks += [heading(translate(title, language)), _overrides(certificate, names)]
    return section("signatures", translate(N_("Signatures"), language), blocks, starts_page=True)


def _facts(certificate: Certificate, names: Names) -> list[tuple[str, str]]:
    language = names.language
    state = N_("Final") if certificate.is_final else DRAFT_LINE
    rows = [
        (N_("Event"), say(certificate.event_name, language)),
        (N_("Version"), clean(certificate.version)),
        (N_("State"), translate(state, language)),
        (N_("Printed"), local_moment(certificate.at, names)),
        (N_("Last entry of the record"), number(certificate.head_number, language)),
        (N_("Hash of that entry"), grouped(certificate.head_hash)),
        (N_("Compare at"), clean(certificate.verify_url)),
    ]
    return [(translate(label, language), value) for label, value in rows]


def _signatures(certificate: Certificate, names: Names) -> Block:
    if not certificate.signatures:
        return note(translate(N_("No agency was asked yet."), names.language))
    columns = [
        (N_("Agency"), 2.4),
        (N_("Name"), 2.4),
        (N_("Decision"), 2.0),
        (N_("Day and time"), 1.7),
        (N_("Entry and hash"), 2.4),
    ]
    rows = [_signature_row(item, names) for item in certificate.signatures]
    return table(columns, rows, names.language)


def _signature_row(item: Signature, names: Names) -> list[Cell]:
    language = names.language
    reason = say(item.reason, language) if item.reason is not None else ""
    return [
        cell(agency_name(item.agency, language, full=True), bold=True),
        _signer(item, names) or "–",
        cell(translate(DECISIONS[item.decision], language), small=reason, tone=TONES[item.decision]),
        "–" if item.at is None else local_moment(item.at, names),
        cell("–" if item.number is None else number(item.number, language), small=grouped(item.hash or "")),
    ]


def _signer(item: Signature, names: Names) -> str:
    parts = [say(item.position, names.language) if item.position is not None else "", clean(item.name or "")]
    return ", ".join(part for part in parts if part)


def _accepted(certificate: Certificate, names: Names) -> Block:
    language = names.language
    columns = [(N_("Finding"), 2.4), (N_("Reason"), 3.6), (N_("Accepted by"), 2.2), (N_("Day and time"), 1.6)]
    rows = [
        (
            cell(clean(item.rule), bold=True, small=clean(item.subject)),
            say(item.reason, language),
            say(item.by, language),
            local_moment(item.at, names),
        )
        for item in certificate.accepted_findings
    ]
    return table(columns, rows, language)


def _overrides(certificate: Certificate, names: Names) -> Block:
    language = names.language
    columns = [(N_("Decision"), 2.8), (N_("Reason"), 3.2), (N_("Decided by"), 2.2), (N_("Day and time"), 1.6)]
    rows = [
        (
            say(item.what, language),
            say(item.reason, language),
            say(item.by, language),
            local_moment(item.at, names),
        )
        for item in certificate.overrides
    ]
    return table(columns, rows, language)


def grouped(digest: str) -> str:
    """Returns a hash in groups of eight, so that people can compare it."""
    text = clean(digest)
    return " ".join(text[at : at + HASH_GROUP] for at in range(0, len(text), HASH_GROUP))

# SPDX-License-Identifier: Apache-2.0
"""The page of signatures, and what other pages show of a certificate."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.printing.sections.blocks import Block, Cell, Section, cell, facts, heading, note, section, table
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import agency_name, clean, moment, number, say, words_of
from hamkor.printing.signatures import AcceptedFinding, Certificate, Signature

HASH_GROUP = 8
DECISIONS = {
    "approved": N_("approved"),
    "objected": N_("objected"),
    "none": N_("no decision"),
}
TONES = {"approved": "good", "objected": "red", "none": "quiet"}
DRAFT = N_("Draft")
DRAFT_LINE = N_("Draft: not agreed, not to be acted upon")


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

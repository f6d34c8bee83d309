# SPDX-License-Identifier: Apache-2.0
"""Permit, contract, licences, certificate, conclusions of the commission, rules set aside."""

from __future__ import annotations

from typing import Any

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.events.rules import Paper
from hamkor.plans.rules.plan import Plan
from hamkor.printing.sections.blocks import (
    Block,
    Row,
    Section,
    cell,
    facts,
    heading,
    note,
    part_section,
    table,
)
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import agency_name, clean, day, figure, say
from hamkor.printing.words import word


def legal_section(plan: Plan, names: Names) -> Section:
    """Returns permit, contract, licences, certificate, conclusions and waivers."""
    language, legal = names.language, plan.legal
    if legal is None:
        return part_section(plan, "legal", language, None)
    papers: list[tuple[str, Paper | None]] = [
        (N_("Permit"), legal.permit),
        (N_("Contract on public order"), legal.security_contract),
        (N_("Concert licence"), legal.concert_licence),
        (N_("Liability insurance"), legal.insurance),
        (N_("Safety certificate"), legal.certificate),
    ]
    columns = [
        (N_("Paper"), 2.2),
        (N_("State"), 1.4),
        (N_("Number"), 1.4),
        (N_("Issued"), 1.2),
        (N_("Valid until"), 1.2),
    ]
    rows = [_paper_row(translate(title, language), paper, language) for title, paper in papers]
    capacity = legal.certificate.capacity if legal.certificate else None
    blocks = [
        table(columns, rows, language),
        facts([(translate(N_("Capacity in the certificate"), language), figure(capacity, language))]),
        heading(translate(N_("Conclusions of the commission"), language)),
        _conclusions(plan, names),
    ]
    if legal.waivers:
        blocks += [heading(translate(N_("Rules set aside"), language)), _waivers(legal.waivers, names)]
    return part_section(plan, "legal", language, blocks)


def _paper_row(title: str, paper: Paper | None, language: str) -> Row:
    if paper is None:
        unknown = say(None, language)
        return [cell(title, bold=True), unknown, unknown, unknown, unknown]
    tone = "red" if paper.state in {"none", "refused", "withdrawn"} else ""
    return [
        cell(title, bold=True, small=say(paper.issuer, language) if paper.issuer else ""),
        cell(word(paper.state, language), tone=tone),
        clean(paper.number) if paper.number else say(None, language),
        day(paper.issued_date, language),
        day(paper.valid_until_date, language),
    ]


def _conclusions(plan: Plan, names: Names) -> Block:
    language = names.language
    conclusions = plan.legal.conclusions if plan.legal else None
    if not conclusions:
        return note(names.unknown() if conclusions is None else translate(N_("None."), language))
    columns = [
        (N_("Examined"), 2.0),
        (N_("Result"), 1.4),
        (N_("By"), 2.0),
        (N_("Day"), 1.2),
    ]
    rows = [
        (
            word(item.heading, language),
            cell(word(item.result, language), tone="red" if item.result == "negative" else ""),
            agency_name(item.by, language),
            day(item.on_date, language),
        )
        for item in conclusions
    ]
    return table(columns, rows, language)


def _waivers(waivers: Any, names: Names) -> Block:
    language = names.language
    columns = [
        (N_("Rule not kept"), 3.0),
        (N_("Signed by"), 2.0),
        (N_("Done instead"), 3.0),
    ]
    rows = [
        (say(item.rule, language), names.who(item.signed_by), say(item.compensation, language))
        for item in waivers
    ]
    return table(columns, rows, language)

# SPDX-License-Identifier: Apache-2.0
"""The matrix of duties: phase by phase, duty by duty, who answers, who helps, who takes over."""

from __future__ import annotations

from typing import Any

from hamkor.agencies.queries import list_agencies
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.norms.queries import DutyUnknownError, get_duty
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Duty
from hamkor.printing.cards import source_text
from hamkor.printing.sections.blocks import Block, Section, is_long, part_section
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import agency_name, words_of
from hamkor.printing.words import word

ROLES = {
    "accountable": N_("Accountable"),
    "supporting": N_("Supporting"),
    "deputy": N_("Deputy"),
}
NO_OWNER = N_("no owner")
TWO_OWNERS = N_("two owners")
NO_DEPUTY = N_("no deputy")
COMPLETE = N_("complete")
DOUBLED = N_("Accountable twice: only one may be")
NORMS_SHOWN = 1
PHASES = ("preparation", "conduct", "analysis")


def role_letters(language: str) -> dict[str, str]:
    """Returns the letter of each role: the first of its word in the language."""
    return {role: translate(name, language)[:1] for role, name in ROLES.items()}


def duties_section(plan: Plan, names: Names) -> Section:
    """Returns the matrix with a legend and a count."""
    if not plan.duties:
        return part_section(plan, "duties", names.language, None)
    return part_section(plan, "duties", names.language, [_matrix(plan, names)], is_wide=True)


def _matrix(plan: Plan, names: Names) -> Block:
    language = names.language
    duties = plan.duties or ()
    codes = duty_columns(plan, names)
    letters = role_letters(language)
    groups = []
    for phase in PHASES:
        rows = [_row(duty, codes, letters, names) for duty in duties if duty.phase == phase]
        if rows:
            groups.append({"title": word(phase, language), "rows": rows})
    states = [duty_state(duty) for duty in duties]
    return {
        "type": "duties",
        "breaks": any(is_long(names.duty(duty)) for duty in duties),
        "agencies": [agency_name(code, language) for code in codes],
        "columns": [
            translate(N_("Duty and its basis"), language),
            translate(N_("Person and deputy"), language),
            translate(N_("State"), language),
        ],
        "groups": groups,
        "legend": [
            *([role, letters[role], translate(name, language)] for role, name in ROLES.items()),
            ["doubled", f"{letters['accountable']}!", translate(DOUBLED, language)],
        ],
        "count": words_of(
            N_("Duties: {total}. No owner: {orphans}. Two owners: {doubled}. Owner not known: {unknown}."),
            language,
            total=len(duties),
            orphans=states.count("none"),
            doubled=states.count("doubled"),
            unknown=states.count("unknown"),
        ),
    }


def duty_columns(plan: Plan, names: Names) -> list[str]:
    """Returns the codes of all agencies that take part or appear in a duty, in the usual order."""
    used: set[str] = {participation.agency for participation in plan.event.agencies or ()}
    for duty in plan.duties or ():
        used.update(duty.accountable or ())
        used.update(duty.supporting)
        deputy = names.find_person(duty.deputy)
        if deputy is not None:
            used.add(deputy.agency)
    return [agency.code for agency in list_agencies() if agency.code in used]


def _row(duty: Duty, codes: list[str], letters: dict[str, str], names: Names) -> dict[str, Any]:
    state = duty_state(duty)
    return {
        "title": names.duty(duty),
        "basis": duty_basis(duty, names.language),
        "cells": _cells(duty_roles(duty, names), codes, letters),
        "person": duty_holder(duty, names),
        "deputy": words_of(N_("deputy: {deputy}"), names.language, deputy=names.who(duty.deputy)),
        "state": duty_state_words(duty, state, names.language),
        "tone": {"none": "red", "doubled": "red", "undeputised": "amber", "unknown": "quiet"}.get(
            state, "good"
        ),
    }


def _cells(roles: dict[str, str], codes: list[str], letters: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"role": roles.get(code, ""), "letter": role_letter(roles.get(code, ""), letters)} for code in codes
    ]


def duty_holder(duty: Duty, names: Names) -> str:
    """Returns who holds a duty: one person, or several with their hours."""
    if duty.person is None and duty.shifts:
        return names.shifts(duty.shifts)
    return names.who(duty.person)


def duty_basis(duty: Duty, language: str) -> str:
    """Returns the norms a duty rests on, its catalogue's when it names none; the first ones and a count."""
    norms = duty.norms or catalogue_norms(duty.catalogue)
    cited = list(dict.fromkeys(source_text(norm, language) for norm in norms))
    rest = len(cited) - NORMS_SHOWN
    return "; ".join(cited[:NORMS_SHOWN]) + (f"; +{rest}" if rest > 0 else "")


def catalogue_norms(duty_id: str | None) -> tuple[str, ...]:
    """Returns the norms a duty of the catalogue rests on; none for one it does not have."""
    try:
        return get_duty(duty_id).sources if duty_id is not None else ()
    except DutyUnknownError:
        return ()


def duty_roles(duty: Duty, names: Names) -> dict[str, str]:
    """Returns what each agency is to a duty: ``accountable``, ``doubled``, ``supporting`` or ``deputy``."""
    owners = set(duty.accountable or ())
    roles: dict[str, str] = dict.fromkeys(duty.supporting, "supporting")
    deputy = names.find_person(duty.deputy)
    if deputy is not None:
        roles[deputy.agency] = "deputy"
    roles.update(dict.fromkeys(owners, "doubled" if len(owners) > 1 else "accountable"))
    return roles


def role_letter(role: str, letters: dict[str, str]) -> str:
    """Returns the letter that stands for a role in the matrix."""
    return f"{letters['accountable']}!" if role == "doubled" else letters.get(role, "")


def duty_state(duty: Duty) -> str:
    """Returns ``complete``, ``none`` (no owner), ``doubled``, ``undeputised`` or ``unknown``."""
    if duty.accountable is None:
        return "unknown"
    if not duty.accountable:
        return "none"
    if len(set(duty.accountable)) > 1:
        return "doubled"
    return "undeputised" if duty.deputy == "none" else "complete"


def duty_state_words(duty: Duty, state: str, language: str) -> str:
    """Returns the state of a duty in words."""
    named = {"none": NO_OWNER, "doubled": TWO_OWNERS, "undeputised": NO_DEPUTY, "complete": COMPLETE}
    return translate(named[state], language) if state in named else word(None, language)

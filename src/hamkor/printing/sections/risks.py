# SPDX-License-Identifier: Apache-2.0
"""Hazards in a matrix and a register, contingency cards, authority to stop."""

from __future__ import annotations

from typing import Any

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.hazards.rules import MATRIX_5X5, risk_band
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.readiness import Contingency, HazardEntry, StopAuthority
from hamkor.printing.sections.blocks import Block, Cell, Row, Section, cell, facts, part_section, table
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import agency_name, day, figure, listed, number, say, words_of, yes_no
from hamkor.printing.words import unit_word, word

_TONES = {"extreme": "red", "high": "amber", "medium": "", "low": ""}


def hazards_section(plan: Plan, names: Names) -> Section:
    """Returns the 5 × 5 matrix with the hazards placed, and the register."""
    if not plan.hazards:
        return part_section(plan, "hazards", names.language, None)
    return part_section(
        plan, "hazards", names.language, [_matrix(plan.hazards, names), _register(plan, names)]
    )


def _matrix(hazards: tuple[HazardEntry, ...], names: Names) -> Block:
    language, steps = names.language, MATRIX_5X5.steps
    placed: dict[tuple[int, int], list[str]] = {}
    unplaced = []
    for index, hazard in enumerate(hazards, 1):
        if hazard.likelihood is None or hazard.impact is None:
            unplaced.append(str(index))
        else:
            placed.setdefault((hazard.likelihood, hazard.impact), []).append(str(index))
    rows = [
        {
            "likelihood": likelihood,
            "cells": [
                {
                    "band": risk_band(likelihood, impact),
                    "score": likelihood * impact,
                    "hazards": placed.get((likelihood, impact), []),
                }
                for impact in range(1, steps + 1)
            ],
        }
        for likelihood in range(steps, 0, -1)
    ]
    outside = N_("Not placed, because likelihood or impact is not known: {numbers}.")
    return {
        "type": "risk",
        "rows": rows,
        "likelihood": translate(N_("Likelihood"), language),
        "impact": translate(N_("Impact"), language),
        "bands": [[band, word(band, language)] for band in ("low", "medium", "high", "extreme")],
        "unplaced": words_of(outside, language, numbers=", ".join(unplaced)) if unplaced else "",
    }


def _register(plan: Plan, names: Names) -> Block:
    language = names.language
    columns = [
        (N_("No."), 0.5, "right"),
        (N_("Hazard"), 2.4),
        (N_("Risk"), 1.4),
        (N_("Answers for it"), 2.0),
        (N_("Measures"), 3.4),
    ]
    hazards = plan.hazards or ()
    return table(
        columns, [_hazard_row(index, hazard, names) for index, hazard in enumerate(hazards, 1)], language
    )


def _hazard_row(index: int, hazard: HazardEntry, names: Names) -> Row:
    language = names.language
    owner = cell(agency_name(hazard.owner, language), tone="red" if hazard.owner == "none" else "")
    if hazard.person is not None:
        owner = cell(agency_name(hazard.owner, language), small=names.who(hazard.person))
    return (
        str(index),
        cell(names.hazard(hazard), bold=True, small=names.places(hazard.place) if hazard.place else ""),
        _risk(hazard, language),
        owner,
        listed(
            None if hazard.controls is None else [_control(c, language) for c in hazard.controls], language
        ),
    )


def _risk(hazard: HazardEntry, language: str) -> Cell:
    if hazard.likelihood is None or hazard.impact is None:
        return word(None, language)
    band = risk_band(hazard.likelihood, hazard.impact)
    return cell(
        word(band, language), bold=True, small=f"{hazard.likelihood} × {hazard.impact}", tone=_TONES[band]
    )


def _control(control: Any, language: str) -> str:
    owner = f", {agency_name(control.owner, language)}" if control.owner else ""
    return f"{say(control.title, language)} ({word(control.state, language)}{owner})"


def contingencies_section(plan: Plan, names: Names) -> Section:
    """Returns one card per contingency."""
    if not plan.contingencies:
        return part_section(plan, "contingencies", names.language, None)
    cards = [_contingency(contingency, plan, names) for contingency in plan.contingencies]
    return part_section(plan, "contingencies", names.language, cards)


def _contingency(contingency: Contingency, plan: Plan, names: Names) -> Block:
    language = names.language
    titles = {hazard.id: names.hazard(hazard) for hazard in plan.hazards or ()}
    steps = contingency.steps
    return {
        "type": "contingency",
        "title": say(contingency.title, language),
        "rows": [
            [
                translate(N_("Hazards"), language),
                listed([titles.get(id_, id_) for id_ in contingency.hazards], language),
            ],
            [translate(N_("Starts on"), language), say(contingency.trigger, language)],
            [translate(N_("Decides"), language), names.who(contingency.decides)],
        ],
        "steps_title": translate(N_("Steps"), language),
        "steps": [_step(step, language) for step in steps or ()],
        "no_steps": "" if steps else names.unknown() if steps is None else translate(N_("None."), language),
        "message_title": translate(N_("Words to the public"), language),
        "message": say(contingency.message, language),
    }


def _step(step: Any, language: str) -> list[str]:
    within = (
        words_of(N_("within {minutes} min"), language, minutes=number(step.within_min, language))
        if step.within_min is not None
        else words_of(N_("time not known"), language)
    )
    return [say(step.action, language), agency_name(step.owner, language), within]


def stop_section(plan: Plan, names: Names) -> Section:
    """Returns who may stop what, on which signs, and how the word travels."""
    if not plan.stop:
        return part_section(plan, "stop", names.language, None)
    blocks = [facts(_authority(authority, names)) for authority in plan.stop]
    return part_section(plan, "stop", names.language, blocks)


def _authority(authority: StopAuthority, names: Names) -> list[tuple[str, str]]:
    language = names.language
    signs = None if authority.signs is None else [say(sign, language) for sign in authority.signs]
    steps = None if authority.steps is None else " → ".join(names.who(step) for step in authority.steps)
    rows = [
        (N_("Who may stop"), names.who(authority.holder)),
        (N_("Agency"), agency_name(authority.agency, language)),
        (N_("What"), listed([word(power, language) for power in authority.may], language)),
        (N_("When absent"), names.who(authority.deputy)),
        (N_("On which signs"), listed(signs, language)),
        (N_("Takes effect within"), figure(authority.within_min, language, unit_word("min", language))),
        (N_("The word passes"), names.unknown() if steps is None else steps or word("none", language)),
        (N_("Ordered by"), names.channel(authority.channel)),
        (N_("At the venue throughout"), yes_no(authority.present, language)),
        (N_("Last drilled"), day(authority.drilled_date, language)),
    ]
    return [(translate(label, language), value) for label, value in rows]

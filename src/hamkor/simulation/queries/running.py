# SPDX-License-Identifier: Apache-2.0
"""Answers a question about a plan by any of the three methods."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from hamkor import __version__
from hamkor.common.messages import N_, Message
from hamkor.simulation.measures.judging import judge
from hamkor.simulation.measures.limits import limits
from hamkor.simulation.queries.asking import AskingError, Parts, names_in, require_used
from hamkor.simulation.queries.curves import demand_for, scaled
from hamkor.simulation.queries.refusing import DrawingUnusableError, Progress, told_fault
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Scenario


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome with what it was computed on, for maps, pictures and replays.

    Args:
        outcome: The answer.
        layout: Places and links.
        names: What people call features, by id.
        floors: Ground of a micro-simulation, else None.
        run: The micro-simulation (`micro.result.Run`) of the first seed, else None.
    """

    outcome: Outcome
    layout: Layout
    names: dict[str, Any]
    floors: Any = None
    run: Any = None


def simulate(
    parts: Parts, scenario: Scenario, *, people: int | None = None, on_progress: Progress | None = None
) -> Outcome:
    """Returns the answer to a question.

    Args:
        parts: What is known of the event.
        scenario: The question; see `ask`.
        people: All people together; None: as the plan says.
        on_progress: Is told the share of the work done; may raise to cancel.

    Raises:
        AskingError: ``too-many-people``, ``no-people``, ``gate-not-drawn``.
        DrawingUnusableError: The drawing has fatal faults.
        HamkorError: What an engine refuses, such as too many stuck people.
    """
    return run_scenario(parts, scenario, people=people, on_progress=on_progress).outcome


def run_scenario(
    parts: Parts,
    scenario: Scenario,
    *,
    people: int | None = None,
    on_progress: Progress | None = None,
    record: bool = False,
    checkpoint: Path | None = None,
) -> Answer:
    """Returns the answer to a question with what it was computed on.

    Args:
        parts: What is known of the event.
        scenario: The question.
        people: All people together; None: as the plan says.
        on_progress: Is told the share of the work done; may raise to cancel.
        record: True keeps positions of a micro-simulation for pictures and replays.
        checkpoint: File a micro-simulation keeps its state in, and goes on from.

    Raises:
        HamkorError: As `simulate`.
    """
    layout = lay_out_for(parts, scenario, people=people)
    require_used(scenario.changes, layout, parts.features)
    names = names_in(layout, parts.features)
    if scenario.method == "micro":
        from hamkor.simulation.queries.walking import walk

        answer = walk(parts, layout, scenario, on_progress=on_progress, record=record, checkpoint=checkpoint)
        outcome, floors, run = answer.outcome, answer.floors, answer.run
    else:
        outcome, floors, run = _macro(parts, layout, scenario, on_progress=on_progress), None, None
    if on_progress is not None:
        on_progress(1.0)
    outcome = msgspec.structs.replace(
        judge(outcome, layout=layout, names=names),
        inputs_hash=scenario_hash(parts, scenario, people=people),
    )
    return Answer(outcome=outcome, layout=layout, names=names, floors=floors, run=run)


def worth_of_steering(unguided: Outcome, guided: Outcome) -> Message:
    """Returns the sentence that says what steering the crowd is worth.

    Args:
        unguided: The network's answer.
        guided: The best a guided crowd can do, for the same question.
    """
    from hamkor.simulation.guidance.running import gap

    return gap(unguided, guided).says


def lay_out_for(parts: Parts, scenario: Scenario, *, people: int | None = None) -> Layout:
    """Returns the venue as a question sees it, with as many people as asked for.

    Args:
        parts: What is known of the event.
        scenario: The question.
        people: All people together; None: as the plan says.

    Raises:
        AskingError: ``too-many-people``, ``no-people``.
        DrawingUnusableError: The drawing has fatal faults.
    """
    from hamkor.simulation.rules.laying import lay_out

    _check_people(people)
    layout: Layout = lay_out(
        parts.features,
        direction=scenario.direction,
        attendance=parts.attendance,
        profile_id=scenario.profile_id,
        unattended=parts.unattended,
    )
    fatal = tuple(fault for fault in layout.faults if fault.is_fatal)
    if fatal:
        raise DrawingUnusableError(fatal)
    _check_people(round(layout.people))
    return layout if people is None else _with_people(layout, people)


def _check_people(people: int | None) -> None:
    most = limits().most_people
    if people is not None and people > most:
        raise AskingError(
            "too-many-people",
            N_(
                "{people} people are more than can be simulated here ({most}). Check the number; simulate a larger "
                "event venue by venue."
            ),
            people=people,
            most=most,
        )
    if people is not None and people < 1:
        raise AskingError(
            "no-people",
            N_(
                "Nobody takes part. Give a number with --people, or write into attendance.yaml or the drawing how many "
                "people the areas hold."
            ),
        )


def _with_people(layout: Layout, people: int) -> Layout:
    share = people / layout.people
    places = {
        place.id: msgspec.structs.replace(place, people=place.people * share)
        for place in layout.places.values()
    }
    return msgspec.structs.replace(layout, places=places)


def _macro(parts: Parts, layout: Layout, scenario: Scenario, *, on_progress: Progress | None) -> Outcome:
    asked = scaled(scenario, layout)
    if scenario.method == "guided":
        from hamkor.simulation.guidance.running import run_guided

        found: Outcome = run_guided(layout, asked, on_progress=on_progress)
    else:
        from hamkor.simulation.network.running import run_network

        found = run_network(layout, asked, demand=demand_for(parts, scenario), on_progress=on_progress)
    said = (*found.assumptions, *_tickets(scenario))
    return msgspec.structs.replace(found, scenario=scenario, assumptions=said)


def _tickets(scenario: Scenario) -> tuple[Message, ...]:
    if scenario.direction != "ingress" or scenario.runs == 1:
        return ()
    return (Message(N_("Everybody goes to the place the plan gives them; the runs do not vary that.")),)


def scenario_hash(parts: Parts, scenario: Scenario, *, people: int | None = None) -> str:
    """Returns the same SHA-256 for the same question about the same plan by the same version, hexadecimal.

    Args:
        parts: What is known of the event.
        scenario: The question; its name does not count.
        people: All people together, None: as the plan says.
    """
    asked = msgspec.structs.replace(scenario, name="")
    known = (
        __version__,
        sorted(parts.features, key=lambda feature: str(feature.id)),
        parts.attendance,
        sorted(parts.unattended),
        people,
        asked,
    )
    return hashlib.sha256(msgspec.json.encode(known, order="deterministic")).hexdigest()


__all__ = [
    "Answer",
    "DrawingUnusableError",
    "Progress",
    "lay_out_for",
    "run_scenario",
    "scenario_hash",
    "simulate",
    "told_fault",
    "worth_of_steering",
]

# SPDX-License-Identifier: Apache-2.0
"""A question answered by letting every single person walk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from hamkor.common.messages import Message
from hamkor.simulation.measures.ensembles import merge
from hamkor.simulation.measures.limits import limits
from hamkor.simulation.queries.asking import Parts, names_in
from hamkor.simulation.queries.carrying import carry
from hamkor.simulation.queries.moving import coming_in, going_out
from hamkor.simulation.queries.refusing import DrawingUnusableError
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Scenario

if TYPE_CHECKING:
    from hamkor.simulation.queries.refusing import Progress
    from hamkor.simulation.rules.floors import Floors

THREADS = 2


class Walked(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a micro-simulation with its ground and its first run.

    Args:
        outcome: The answer.
        floors: The ground.
        run: The run of the first seed.
    """

    outcome: Outcome
    floors: Any
    run: Any


def walk(
    parts: Parts,
    layout: Layout,
    scenario: Scenario,
    *,
    on_progress: Progress | None = None,
    record: bool = False,
    checkpoint: Path | None = None,
) -> Walked:
    """Returns how every single person walks; several runs are several seeds.

    Args:
        parts: What is known of the event.
        layout: Places and links.
        scenario: The question.
        on_progress: Is told the share of the work done; may raise to cancel.
        record: True keeps positions as often as pictures need them, else as seldom as measures allow.
        checkpoint: File the state is kept in; it goes on from there when it exists.

    Raises:
        AskingError: ``gate-not-drawn``: people come in where there is no ground.
        DrawingUnusableError: The ground has fatal faults.
        HamkorError: What the engine refuses, such as too many stuck people.
    """
    from hamkor.simulation.micro.profile import load_motion_profile
    from hamkor.simulation.micro.running import run_micro

    profile = load_motion_profile()
    floors = _floors(parts, layout)
    make_movement = coming_in if scenario.direction == "ingress" else going_out
    movement = make_movement(parts, layout, scenario, floors=floors)
    outcomes, first = [], None
    told: tuple[Message, ...] = ()
    for member in range(scenario.runs):
        crowd = movement.make_crowd(scenario.seed + member)
        told = told or carry(crowd, layout, names_in(layout, parts.features))
        run = run_micro(
            movement.floors,
            crowd,
            profile=profile,
            horizon_s=scenario.horizon_s,
            changes=movement.changes,
            seed=scenario.seed + member,
            threads=THREADS,
            record_every_s=limits().frame_s,
            checkpoint=_checkpoint(checkpoint, member),
            on_progress=_share_of(on_progress, member, scenario.runs),
        )
        first = first or run
        outcomes.append(movement.tell(run))
    outcome = msgspec.structs.replace(merge(outcomes), warnings=told)
    return Walked(outcome=outcome, floors=movement.floors, run=first)


def _floors(parts: Parts, layout: Layout) -> Floors:
    from hamkor.simulation.rules.flooring import build_floors

    floors: Floors = build_floors(layout, parts.features)
    fatal = tuple(fault for fault in floors.faults if fault.is_fatal)
    if fatal:
        raise DrawingUnusableError(fatal)
    return floors


def _checkpoint(path: Path | None, member: int) -> Path | None:
    if path is None or member == 0:
        return path
    return path.with_name(f"{path.name}.{member}")


def _share_of(on_progress: Progress | None, member: int, members: int) -> Any:
    if on_progress is None:
        return None
    return lambda share, _seconds, _inside: on_progress((member + share) / members)

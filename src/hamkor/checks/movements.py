# SPDX-License-Identifier: Apache-2.0
"""Asks the queueing network about a plan, once for each question: most edits change neither doors nor people."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

from hamkor.checks.rules.context import Context
from hamkor.common.errors import HamkorError
from hamkor.plans.rules.manning import unattended_of
from hamkor.simulation.rules.layout import Direction
from hamkor.simulation.rules.network_profile import network_profile
from hamkor.simulation.rules.outcome import Outcome
from hamkor.simulation.rules.scenario import Routing

if TYPE_CHECKING:
    from hamkor.simulation.queries import Parts

REMEMBERED = 64
_answers: OrderedDict[str, Outcome | None] = OrderedDict()
_turn = Lock()


class AskedMovements:
    """Answers of the network about one plan.

    Args:
        context: The plan.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(
        self, direction: Direction, routing: Routing, *, speed_m_per_s: float | None = None
    ) -> Outcome | None:
        """Returns the answer, None when the drawing or the numbers do not carry one."""
        context = self._context
        if context.plan.venue is None or context.crowd is None:
            return None
        # A check is asked after every edit: a drawing of thousands of doors is for `hamkor simulate`.
        if not network_profile().is_quick(len(context.areas), len(context.connections)):
            return None
        from hamkor.simulation.queries import ask, scenario_hash

        said: dict[str, Any] = {} if speed_m_per_s is None else {"speed_m_per_s": speed_m_per_s}
        parts = self._parts()
        try:
            scenario = ask(parts, direction=direction, routing=routing, profile_id=context.profile.id, **said)
            key = scenario_hash(parts, scenario)
        except HamkorError:
            return None
        with _turn:
            if key in _answers:
                _answers.move_to_end(key)
                return _answers[key]
        answer = _answer(parts, scenario)
        with _turn:
            _answers[key] = answer
            while len(_answers) > REMEMBERED:
                _answers.popitem(last=False)
        return answer

    def _parts(self) -> Parts:
        from hamkor.simulation.queries import Parts

        context = self._context
        features = context.plan.venue.features if context.plan.venue is not None else ()
        return Parts(
            features=features,
            event=context.event,
            attendance=context.plan.attendance,
            unattended=unattended_of(features, context.plan.posts),
        )


def _answer(parts: Parts, scenario: Any) -> Outcome | None:
    """Returns what the network says; a drawing it cannot walk on is other rules' finding."""
    from hamkor.simulation.queries import simulate

    try:
        return simulate(parts, scenario)
    except HamkorError:
        return None

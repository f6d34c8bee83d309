# SPDX-License-Identifier: Apache-2.0
"""Runs cases and judges them, each only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from hamkor.crowd.rules.inputs import require_choice
from hamkor.simulation.validation.cases import Result, judge, profile, registered
from hamkor.simulation.validation.families import (  # noqa: F401 - importing them registers their cases
    agreement,
    laws,
    real,
    rimea,
    rimea_crowds,
    ships,
    twins,
)


def choose_cases(only: str = "") -> tuple[str, ...]:
    """Returns ids of cases in the order of the report.

    Args:
        only: A group, an id, or the beginning of ids; empty for all.
    """
    cases = profile().cases
    return tuple(
        name for name, text in cases.items() if not only or text.group == only or name.startswith(only)
    )


def run_case(case_id: str) -> Result:
    """Returns the judged result of one case; a case answered by another takes that one's.

    Args:
        case_id: Id in the profile.

    Raises:
        InputError: There is no such case.
    """
    require_choice("case", case_id, profile().cases)
    text = profile().cases[case_id]
    if text.not_applicable:
        return Result(id=case_id, verdict="not applicable", reason=text.not_applicable)
    if text.same_as:
        return _as_another(case_id, run_case(text.same_as))
    return judge(case_id, registered()[case_id]())


def run_cases(case_ids: Iterable[str], *, on_case: Callable[[Result], None] | None = None) -> list[Result]:
    """Returns the results of cases; a case that answers several is run once.

    Args:
        case_ids: Ids in the order of the report.
        on_case: Told each result as it comes.
    """
    found: dict[str, Result] = {}
    wanted = list(case_ids)
    for name in wanted:
        target = profile().cases[name].same_as or name
        if target not in found:
            found[target] = run_case(target)
        if target != name:
            found[name] = _as_another(name, found[target])
        if on_case:
            on_case(found[name])
    return [found[name] for name in wanted]


def _as_another(case_id: str, result: Result) -> Result:
    return msgspec.structs.replace(result, id=case_id, plot=None, note=f"Answered by {result.id}.")

# SPDX-License-Identifier: Apache-2.0
"""What a validation case is, how it is judged, and the register of all of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from hamkor.crowd.rules.inputs import require_choice
from hamkor.crowd.rules.tables import Profile
from hamkor.crowd.rules.verification import verification_data

Verdict = Literal["passed", "failed", "not applicable"]
Style = Literal["line", "points", "bars", "step"]
PROFILE_PATH = Path(__file__).parent.parent / "profiles" / "validation.yaml"


class CaseText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case as written in `profiles/validation.yaml`.

    Args:
        group: Section of the report.
        title: Short name.
        setup: What is simulated or read.
        rule: When it passes, in words.
        source: Where rule and set-up come from.
        bars: Lowest and highest value that pass, by measure; None: open to that side.
        bars_of_test: Number of the RiMEA test in `crowd/profiles/verification.yaml` whose bars hold too.
        same_as: Id of the case that answers this one.
        not_applicable: Why it is not run; empty for a case that is.
        if_failed: What is known about a failure, shown only when it fails.
        numbers: Constants of the set-up.
    """

    group: str
    title: str
    setup: str = ""
    rule: str = ""
    source: str
    bars: dict[str, tuple[float | None, float | None]] = {}
    bars_of_test: int | None = None
    same_as: str = ""
    not_applicable: str = ""
    if_failed: str = ""
    numbers: dict[str, Any] = {}


class GroupText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A section of the report: its heading and what a reader must know first."""

    title: str
    note: str = ""


class ValidationProfile(Profile, frozen=True, kw_only=True):
    """Cases, bars and set-ups; see `profiles/validation.yaml`.

    Args:
        dt_s: Time step of every run unless the case says otherwise, seconds.
        seed: Seed of every run unless the case varies it.
        seeds: Seeds of those cases whose result is a mean.
        students_m_per_s: Mean and standard deviation of the free speed of those who took part in the experiments.
        groups: By id, in the order of the report.
        cases: By id, in the order of the report.
    """

    dt_s: float
    seed: int
    seeds: tuple[int, ...]
    students_m_per_s: tuple[float, float]
    groups: dict[str, GroupText]
    cases: dict[str, CaseText]


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One line, row of points or row of bars of a plot."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    style: Style = "line"


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a result.

    Args:
        title: What it shows.
        x: Label of the horizontal axis with its unit.
        y: Label of the vertical axis with its unit.
        series: What is drawn.
        is_map: Both axes are metres of the same scale.
    """

    title: str
    x: str
    y: str
    series: tuple[Series, ...]
    is_map: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a case measured.

    Args:
        measured: Numbers by name with unit; those with a bar decide, the others inform.
        plot: A picture, None without.
        note: One sentence more for the report.
    """

    measured: dict[str, float]
    plot: Plot | None = None
    note: str = ""


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A measured number beside its bar."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def has_bar(self) -> bool:
        """Whether it decides."""
        return self.low is not None or self.high is not None

    @property
    def passes(self) -> bool:
        """Whether it lies within its bar; a value that is no number never does."""
        if math.isnan(self.value):
            return not self.has_bar
        return (self.low is None or self.value >= self.low) and (self.high is None or self.value <= self.high)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A case judged.

    Args:
        id: Of the case.
        verdict: Passed, failed or not applicable.
        measures: In the order measured.
        reason: Why it failed or was not run; empty else.
        note: What the case adds.
        plot: A picture, None without.
    """

    id: str
    verdict: Verdict
    measures: tuple[Measure, ...] = ()
    reason: str = ""
    note: str = ""
    plot: Plot | None = None


RunCase = Callable[[], Finding]
_RUNS: dict[str, RunCase] = {}


@cache
def profile() -> ValidationProfile:
    """Returns cases, bars and set-ups.

    Raises:
        msgspec.ValidationError: The file does not match its type.

    Source: `profiles/validation.yaml`.
    """
    return msgspec.yaml.decode(PROFILE_PATH.read_bytes(), type=ValidationProfile)


def numbers(case_id: str) -> dict[str, Any]:
    """Returns the constants of a case's set-up.

    Args:
        case_id: Id of a case.

    Raises:
        InputError: There is no such case.
    """
    require_choice("case", case_id, profile().cases)
    return profile().cases[case_id].numbers


def case(case_id: str) -> Callable[[RunCase], RunCase]:
    """Returns a decorator that registers the function running a case.

    Args:
        case_id: Id in the profile.
    """
    require_choice("case", case_id, profile().cases)

    def register(run: RunCase) -> RunCase:
        _RUNS[case_id] = run
        return run

    return register


def registered() -> Mapping[str, RunCase]:
    """Returns the functions that run cases, by id, of the modules imported so far."""
    return _RUNS


def judge(case_id: str, finding: Finding) -> Result:
    """Returns the verdict on what a case measured.

    Args:
        case_id: Id of the case.
        finding: What it measured.

    Raises:
        InputError: There is no such case.
        ValueError: A bar names a measure that was not measured.
    """
    require_choice("case", case_id, profile().cases)
    text = profile().cases[case_id]
    bars = _bars_of(text)
    if missing := sorted(set(bars) - set(finding.measured)):
        raise ValueError(f"{case_id} did not measure {', '.join(missing)}")
    measures = tuple(
        Measure(
            name=name,
            value=float(value),
            low=bars.get(name, (None, None))[0],
            high=bars.get(name, (None, None))[1],
        )
        for name, value in finding.measured.items()
    )
    failed = [measure.name for measure in measures if not measure.passes]
    return Result(
        id=case_id,
        verdict="failed" if failed else "passed",
        measures=measures,
        reason=(text.if_failed or f"Outside its bar: {', '.join(failed)}.") if failed else "",
        note=finding.note,
        plot=finding.plot,
    )


def _bars_of(text: CaseText) -> dict[str, tuple[float | None, float | None]]:
    shared = {
        bar.measure: (bar.low, bar.high) for bar in verification_data().bars if bar.test == text.bars_of_test
    }
    return {**shared, **text.bars}

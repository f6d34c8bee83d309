# SPDX-License-Identifier: Apache-2.0
"""Runs every validation case of the crowd engine and writes docs/validation.

Usage: python tools/validate.py [--only GROUP-OR-CASE] [--out FOLDER]

With `--only` nothing is written unless a folder is named.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib.metadata import version
from pathlib import Path

from hamkor.simulation.validation.cases import Result, profile
from hamkor.simulation.validation.report import Conditions, write_report
from hamkor.simulation.validation.running import choose_cases, run_cases
from hamkor.simulation.validation.walking import motion

FOLDER = Path(__file__).parent.parent / "docs" / "validation"
LIBRARIES = ("numpy", "numba", "scipy", "shapely", "ortools", "jupedsim", "pedpy")


def main(arguments: list[str]) -> int:
    """Runs cases, tells each verdict, writes the report; returns 0 when every case was run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="a group, a case, or the beginning of cases")
    parser.add_argument("--out", type=Path, default=None, help="folder of the report")
    asked = parser.parse_args(arguments)
    case_ids = choose_cases(asked.only)
    if not case_ids:
        print(f"no case or group {asked.only!r}; groups: {', '.join(profile().groups)}", file=sys.stderr)
        return 2
    began = time.process_time()
    results = run_cases(case_ids, on_case=lambda result: tell(result, began))
    folder = asked.out or (None if asked.only else FOLDER)
    if folder:
        print(f"written: {write_report(results, folder, conditions=conditions())}")
    return 0


def tell(result: Result, began: float) -> None:
    """Prints one line for a case, with the processor time since the beginning."""
    numbers = ", ".join(f"{each.name} {each.value:.4g}" for each in result.measures if each.has_bar)
    print(f"{time.process_time() - began:7.1f} s  {result.verdict:15s} {result.id:20s} {numbers}", flush=True)


def conditions() -> Conditions:
    """Returns what the report holds for; nothing in it depends on the machine."""
    walked = motion()
    return Conditions(
        facts={
            "engine": f"hamkor {version('hamkor')}, micro-simulation and network",
            "motion profile": f"`{walked.id}` ({walked.title}; {walked.edition})",
            "time step": f"{profile().dt_s} s unless a case says otherwise",
            "seed": f"{profile().seed} unless a case varies it",
            "libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
            "made by": "`make validate`; no number depends on how fast the machine is or how many threads it has",
        }
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

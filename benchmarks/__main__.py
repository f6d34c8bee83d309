# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks, all or those named: python -m benchmarks [journal | check | telemetry | …] [--no-fail]."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import (
    check,
    cold,
    console,
    crowd_micro,
    crowd_network,
    journal,
    journal_postgres,
    live,
    pages,
    telemetry,
)
from benchmarks.measuring import Measure, is_met

BENCHMARKS: dict[str, Callable[[], list[Measure]]] = {
    "journal": journal.run,
    "postgres": journal_postgres.run,
    "check": check.run,
    "cold": cold.run,
    "pages": pages.run,
    "telemetry": telemetry.run,
    "live": live.run,
    "console": console.run,
    "network": crowd_network.run,
    "micro": crowd_micro.run,
    "micro-whole": crowd_micro.run_whole,
}
TARGET = Path(__file__).parent.parent / "out" / "benchmarks.json"
SIGNS = {"higher": "≥", "lower": "≤"}


def main(arguments: Sequence[str]) -> int:
    """Prints one table, writes out/benchmarks.json; returns 1 when a target is missed, unless `--no-fail`."""
    names = [argument for argument in arguments if not argument.startswith("-")] or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    measures = [measure for name in names for measure in BENCHMARKS[name]()]
    for measure in measures:
        _print(measure)
    _write(measures)
    is_good = all(map(is_met, measures))
    return 0 if is_good or "--no-fail" in arguments else 1


def _print(measure: Measure) -> None:
    name, ratio, limit, better, conditions = measure
    verdict = "kept" if is_met(measure) else "MISSED"
    print(f"{name:<20} {ratio:6.2f}  {SIGNS[better]} {limit:<4g} {verdict:<7} {conditions}")


def _write(measures: list[Measure]) -> None:
    names = ("name", "ratio", "limit", "better", "conditions")
    rows = [{**dict(zip(names, row, strict=True)), "is_met": is_met(row)} for row in measures]
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    TARGET.parent.mkdir(exist_ok=True)
    content = json.dumps({"machine": machine, "measures": rows}, indent=2, ensure_ascii=False)
    TARGET.write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

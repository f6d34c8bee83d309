# SPDX-License-Identifier: Apache-2.0
"""How long a person waits for the first answer: a new process beside the imports it cannot do without."""

from __future__ import annotations

import atexit
import os
import re
import subprocess
import sys
from functools import cache, partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.measuring import Measure, times_in_turn

RATIO_LIMIT = 2.0
ROUND_COUNT = 9
IMPORT_COUNT = 3
ROOT = Path(__file__).parent.parent
FOLDERS = ("examples/navruz-2027", "examples/cases/loveparade-2010")
OWN = {"hamkor", "sitecustomize", "usercustomize"}
CHECKED = {0, 1}  # nothing red, something red
_LINE = re.compile(r"import time:\s+\d+ \|\s+(?P<us>\d+) \|(?P<indent> +)(?P<module>\S+)")


def run() -> list[Measure]:
    """Returns the ratio of a cold check to a bare interpreter with the three heaviest imports of that check."""
    folder = next(folder for folder in FOLDERS if (ROOT / folder / "event.yaml").exists())
    program = str(Path(sys.executable).with_name("hamkor"))
    command = [sys.executable, program, "check", folder, "--format", "json"]
    modules = heaviest_imports(command)
    bare = [sys.executable, "-c", f"import {', '.join(modules)}"]
    check_s, bare_s = map(
        median, times_in_turn([partial(_run, each) for each in (command, bare)], ROUND_COUNT)
    )
    return [
        (
            "check: cold start",
            check_s / bare_s,
            RATIO_LIMIT,
            "lower",
            f"hamkor check {folder} --format json ({check_s:.2f} s) / python with its heaviest imports, "
            f"{', '.join(modules)} ({bare_s:.2f} s); new processes in turn, median of {ROUND_COUNT}",
        )
    ]


def heaviest_imports(command: list[str]) -> list[str]:
    """Returns the imports from outside the program and the standard library that take longest.

    Args:
        command: A command line that begins with the interpreter.

    Returns:
        Three modules in the order of their imports, none of which is imported by another of them.
    """
    _run(command)  # compiles what it imports, which would count as import time
    told = _run([command[0], "-X", "importtime", *command[1:]]).stderr
    rows = [(int(line["us"]), len(line["indent"]), line["module"]) for line in _LINE.finditer(told)]
    outermost: list[tuple[int, str]] = []
    hidden_below = sys.maxsize
    for taken_us, depth, module in reversed(rows):  # whoever imports is told after what it imports
        if depth > hidden_below:
            continue
        hidden_below = sys.maxsize
        if _is_foreign(module):
            hidden_below = depth
            outermost.append((taken_us, module))
    heaviest = sorted(outermost, reverse=True)[:IMPORT_COUNT]
    return [module for taken_us, module in reversed(outermost) if (taken_us, module) in heaviest]


def _is_foreign(module: str) -> bool:
    package = module.partition(".")[0]
    return package not in sys.stdlib_module_names | OWN and not package.startswith("_")


@cache
def _environment() -> dict[str, str]:
    """Returns the environment with compiled modules kept, as after the first use of an installed program."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": folder.name}


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode not in CHECKED:
        raise RuntimeError(f"{command} ended with status {done.returncode}: {done.stderr[-500:]}")
    return done

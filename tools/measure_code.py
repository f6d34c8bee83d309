# SPDX-License-Identifier: Apache-2.0
"""Measures the size of files and functions and the number of positional arguments.

Usage: python tools/measure_code.py
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
MEASURED = ("src", "tests", "tools", "benchmarks")
CALLABLE_FROM_ELSEWHERE = {"rules", "queries", "commands"}
MOST_POSITIONAL = 3
Function = ast.FunctionDef | ast.AsyncFunctionDef


def measure() -> dict[str, float]:
    """Returns the figures by name: lines of files and of functions, each with its 90th percentile and maximum."""
    files = {path: _line_count(path) for path in code_paths()}
    functions = [_length(function) for path in files for _name, function in functions_in(path)]
    return {
        "file_lines_p90": percentile(list(files.values()), 90),
        "file_lines_max": max(files.values()),
        "function_lines_median": median(functions),
        "function_lines_p90": percentile(functions, 90),
        "function_lines_max": max(functions),
        "functions_with_many_positional_arguments": len(list(with_many_positional())),
    }


def code_paths() -> list[Path]:
    """Returns every Python file that is measured, sorted."""
    return sorted(path for folder in MEASURED for path in (ROOT / folder).rglob("*.py"))


def functions_in(path: Path) -> Iterator[tuple[str, Function]]:
    """Yields every function and method of a file with its qualified name; those inside functions are a part of them."""
    yield from _functions_of(ast.parse(path.read_bytes()), prefix="")


def with_many_positional() -> Iterator[str]:
    """Yields public functions of rules, queries and commands that take more than three positional arguments."""
    for path in code_paths():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "tests" in parts or not CALLABLE_FROM_ELSEWHERE & set(parts):
            continue
        for name, function in functions_in(path):
            is_public = not any(step.startswith("_") for step in name.split("."))
            if is_public and _positional_count(function) > MOST_POSITIONAL:
                yield f"{path.relative_to(ROOT).as_posix()}: {name}"


def largest(count: int = 5) -> list[str]:
    """Returns the longest files and functions with their lengths, for people."""
    files = [(_line_count(path), path.relative_to(ROOT).as_posix()) for path in code_paths()]
    functions = [
        (_length(function), f"{path.relative_to(ROOT).as_posix()}: {name}")
        for path in code_paths()
        for name, function in functions_in(path)
    ]
    longest = sorted(files, reverse=True)[:count] + sorted(functions, reverse=True)[:count]
    return [f"{lines:>5}  {place}" for lines, place in longest]


def percentile(values: list[int], percent: int) -> int:
    """Returns the smallest value that at least so many percent of the values do not exceed."""
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]


def main() -> int:
    """Prints the figures and the longest files and functions; returns the exit code."""
    for name, value in measure().items():
        print(f"{value:>7g}  {name}")
    print(*largest(), *with_many_positional(), sep="\n")
    return 0


def _functions_of(node: ast.AST, *, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield f"{prefix}{child.name}", child
        elif isinstance(child, ast.ClassDef):
            yield from _functions_of(child, prefix=f"{prefix}{child.name}.")
        else:
            yield from _functions_of(child, prefix=prefix)


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _positional_count(function: Function) -> int:
    arguments = [*function.args.posonlyargs, *function.args.args]
    is_bound = bool(arguments) and arguments[0].arg in {"self", "cls"}
    return len(arguments) - is_bound


def _line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    sys.exit(main())

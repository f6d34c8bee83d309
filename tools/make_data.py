# SPDX-License-Identifier: Apache-2.0
"""Writes the JSON that programs load beside every YAML that people edit (YAML is slow to parse at start).

Usage: python tools/make_data.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import yaml

SOURCE_DIR = Path(__file__).parent.parent / "src" / "hamkor"
DATA_DIRS = ("norms", "agencies", "hazards", "crowd/profiles", "forecasts/profiles")


def to_json(yaml_text: str) -> bytes:
    """Returns the same data as compact JSON, one item of the outermost list or mapping per line."""
    content = yaml.safe_load(yaml_text)
    if isinstance(content, list):
        return b"[\n" + b",\n".join(map(msgspec.json.encode, content)) + b"\n]\n"
    lines = (msgspec.json.encode(str(key)) + b":" + msgspec.json.encode(content[key]) for key in content)
    return b"{\n" + b",\n".join(lines) + b"\n}\n"


def yaml_paths() -> list[Path]:
    """Returns the data files that have a JSON twin."""
    return sorted(path for name in DATA_DIRS for path in (SOURCE_DIR / name).glob("*.yaml"))


def stale_paths() -> list[Path]:
    """Returns the data files whose JSON twin is missing or different."""
    return [path for path in yaml_paths() if _twin_bytes(path) != to_json(path.read_text(encoding="utf-8"))]


def main(arguments: list[str]) -> int:
    """Writes the twins, or with `--check` only names the stale ones; returns the exit code."""
    stale = stale_paths()
    if "--check" in arguments:
        for path in stale:
            print(f"stale: {path.with_suffix('.json')}", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.with_suffix(".json").write_bytes(to_json(path.read_text(encoding="utf-8")))
        print(f"written: {path.with_suffix('.json')}")
    return 0


def _twin_bytes(path: Path) -> bytes | None:
    twin = path.with_suffix(".json")
    return twin.read_bytes() if twin.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

# SPDX-License-Identifier: Apache-2.0
"""Writes the pages that follow from the code: the format of event folders, the JSON Schemas, the rules.

Usage: python tools/make_docs.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from doc_format import format_pages
from doc_numbers import numbers_page
from doc_rules import rule_pages
from hamkor.printing.findings_json import findings_schema

DOCS_DIR = Path(__file__).parent.parent / "docs"
# Folders in which every page is generated: what is not made any more is removed. `format/example` is written by hand.
GENERATED = ("schemas/*.json", "format/*.md", "rules/*.md")


def pages(docs_dir: Path = DOCS_DIR) -> dict[Path, str]:
    """Returns the text of every generated page by its place."""
    findings = msgspec.json.format(msgspec.json.encode(findings_schema()), indent=2).decode() + "\n"
    texts = {
        **format_pages(docs_dir / "format" / "example"),
        **rule_pages(),
        "schemas/findings.schema.json": findings,
        "numbers.md": numbers_page(),
    }
    return {docs_dir / name: text for name, text in texts.items()}


def stale_paths(wanted: dict[Path, str], docs_dir: Path = DOCS_DIR) -> list[Path]:
    """Returns the pages that are missing, different, or not wanted any more."""
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    existing = [path for pattern in GENERATED for path in docs_dir.glob(pattern)]
    return sorted({*stale, *(path for path in existing if path not in wanted)})


def main(arguments: list[str], docs_dir: Path = DOCS_DIR) -> int:
    """Writes the pages, or with `--check` only names the stale ones; returns the exit code."""
    wanted = pages(docs_dir)
    stale = stale_paths(wanted, docs_dir)
    if "--check" in arguments:
        for path in stale:
            print(f"stale: {path}", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
        print(f"{'written' if path in wanted else 'removed'}: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

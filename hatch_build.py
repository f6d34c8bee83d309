# SPDX-License-Identifier: Apache-2.0
"""Compiles the translation catalogues when the package is built or installed for development."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogues(locale_dir: Path) -> list[Path]:
    """Returns the .mo files written beside every .po file under the folder."""
    written = []
    for po_path in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        mo_path = po_path.with_suffix(".mo")
        with po_path.open("rb") as po_file, mo_path.open("wb") as mo_file:
            write_mo(mo_file, read_po(po_file))
        written.append(mo_path)
    return written


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves the parameter open
    """Runs the compilation before files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles all catalogues of the source tree."""
        compile_catalogues(Path(self.root) / "src" / "hamkor" / "locale")

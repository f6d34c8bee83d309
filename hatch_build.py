# SPDX-License-Identifier: Apache-2.0
"""Compiles the translation catalogues when the package is built or installed for development."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DJANGO_NAMES = {"uz@cyrillic": "uz_Cyrl"}  # what Django calls a language, where it is another name than ours


def compile_catalogues(locale_dir: Path) -> list[Path]:
    """Returns the .mo files written: each catalogue once for our own look-up and once where Django looks."""
    written = []
    for po_path in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        with po_path.open("rb") as po_file:
            catalogue = read_po(po_file)
        name = po_path.parent.parent.name
        django_dir = locale_dir / DJANGO_NAMES.get(name, name) / "LC_MESSAGES"
        django_dir.mkdir(parents=True, exist_ok=True)
        for mo_path in (po_path.with_suffix(".mo"), django_dir / "django.mo"):
            with mo_path.open("wb") as mo_file:
                write_mo(mo_file, catalogue)
            written.append(mo_path)
    return written


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves the parameter open
    """Runs the compilation before files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles all catalogues of the source tree."""
        compile_catalogues(Path(self.root) / "src" / "hamkor" / "locale")

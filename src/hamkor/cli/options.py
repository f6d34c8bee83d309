# SPDX-License-Identifier: Apache-2.0
"""Options shared by the commands."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hamkor.cli.language import N_, default_language, spoken


class LanguageChoice(StrEnum):
    """Languages of findings and reports."""

    uz = "uz"
    uz_cyrl = "uz-Cyrl"
    ru = "ru"
    en = "en"


class FormatChoice(StrEnum):
    """Forms in which findings are printed."""

    table = "table"
    json = "json"
    sarif = "sarif"
    html = "html"
    md = "md"


def _language() -> LanguageChoice:
    return LanguageChoice(default_language())


FolderArgument = Annotated[
    Path, typer.Argument(metavar="PATH", help=spoken(N_("The event folder, or its event.yaml.")))
]
LanguageOption = Annotated[
    LanguageChoice,
    typer.Option(
        "--lang", default_factory=_language, show_default=False, help=spoken(N_("Language of the texts."))
    ),
]
ProfileOption = Annotated[
    str,
    typer.Option("--profile", help=spoken(N_("Flow profile that decides; see `hamkor profiles`."))),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help=spoken(N_("File to write; standard output if not given."))),
]

# SPDX-License-Identifier: Apache-2.0
"""What every file of the house keeps: a licence line, no traces of one machine, texts in all languages."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "src" / "hamkor" / "locale"
NOT_OURS = {"out", "dist", "build", "__pycache__"}
LICENCE = "# SPDX-License-Identifier: Apache-2.0"
LOCK = "uv.lock"
# Written in pieces, so that this file does not find itself.
MACHINE_PATHS = re.compile(
    "|".join(["/wo" + "rk/", "/ho" + "me/[a-z]", "/ro" + "ot/", "/Us" + "ers/", r"\b[A-Z]:\\\w{3}"])
)
REGISTRIES = re.compile(
    "|".join(["pypi" + r"\.org", "python" + r"hosted\.org", "npm" + r"js\.org", "crates" + r"\.io"])
)


@cache
def paths() -> list[Path]:
    """Returns the files of the tree, without hidden folders and what programs make."""
    found: list[Path] = []
    for folder, names, files in os.walk(ROOT):
        names[:] = [name for name in names if name not in NOT_OURS and (name[0] != "." or name == ".ci")]
        found += [Path(folder) / name for name in files if name != LOCK]
    return found


def texts() -> Iterator[tuple[str, str]]:
    """Yields the name and content of every text file."""
    for path in paths():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font


def tool(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_every_python_file_begins_with_its_licence() -> None:
    code = [(name, text) for name, text in texts() if name.endswith(".py")]
    assert len(code) > 100
    assert [name for name, text in code if not text.startswith(LICENCE + "\n")] == []


def test_no_file_holds_a_path_of_one_machine() -> None:
    found = {name: MACHINE_PATHS.findall(text)[:3] for name, text in texts() if MACHINE_PATHS.search(text)}
    assert found == {}


def test_only_the_lock_names_a_package_registry() -> None:
    assert [name for name, text in texts() if REGISTRIES.search(text)] == []


@pytest.mark.parametrize("language", ["uz"])
def test_uzbek_is_written_with_its_own_letters_not_with_typed_apostrophes(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "hamkor.po").open("rb") as file:
        messages = [
            re.sub("`[^`]*`", "", form)
            for message in read_po(file)
            for form in ((message.string,) if isinstance(message.string, str) else message.string)
        ]
    letters = re.compile(r"[^\W\d_]['`´‘’][^\W\d_]|[oOgG]['`´‘’]")
    assert [text for text in messages if letters.search(text)] == []


@pytest.mark.parametrize("name", ["make_messages", "make_glossary", "make_data"])
def test_what_is_generated_is_up_to_date(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts, glossary and data; the pages made of the code have a test of their own in tests/test_docs.py."""
    monkeypatch.syspath_prepend(ROOT / "tools")
    status = tool(name).main(["--check"])
    assert status == 0, capsys.readouterr().err[-3000:]

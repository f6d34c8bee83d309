# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from hamkor.common import i18n

SaveCatalogue = Callable[[str, dict[str, str]], None]


@pytest.fixture
def save_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SaveCatalogue]:
    """Compiles translations into a folder of their own, which translate() then reads."""
    monkeypatch.setattr(i18n, "LOCALE_DIR", tmp_path)
    i18n._catalogue.cache_clear()

    def save(folder: str, texts: dict[str, str]) -> None:
        catalogue = Catalog(charset="utf-8")
        for text, translation in texts.items():
            catalogue.add(text, translation)
        path = tmp_path / folder / "LC_MESSAGES" / "hamkor.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as mo_file:
            write_mo(mo_file, catalogue)

    yield save
    i18n._catalogue.cache_clear()

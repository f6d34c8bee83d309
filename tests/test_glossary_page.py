# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
COMMON_DIR = ROOT / "src" / "hamkor" / "common"


def test_the_page_is_what_the_words_give() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "make_glossary.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_every_term_has_four_languages_and_a_key_of_its_own() -> None:
    terms = yaml.safe_load((COMMON_DIR / "glossary.yaml").read_text(encoding="utf-8"))
    assert len({term["key"] for term in terms}) == len(terms)
    assert all(term[language].strip() for term in terms for language in ("uz_latn", "uz_cyrl", "ru", "en"))


def test_the_words_of_the_code_are_explained_once() -> None:
    words = [item["word"] for item in yaml.safe_load((COMMON_DIR / "words.yaml").read_text(encoding="utf-8"))]
    expected = ["event", "fact", "entry", "document", "command", "update", "finding", "alarm", "alert"]
    assert words == expected

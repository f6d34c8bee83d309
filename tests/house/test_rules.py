# SPDX-License-Identifier: Apache-2.0
"""Every rule of the checker is described, sourced, tested, and speaks four languages."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from hamkor.checks.queries import check_plan, list_checked_rules
from hamkor.checks.rules.registry import FAMILIES, Rule
from hamkor.common.i18n import LANGUAGES
from hamkor.common.messages import Message
from hamkor.folder.queries import read_folder

ROOT = Path(__file__).parents[2]
RULES = list_checked_rules()
ALWAYS_GIVEN = {"subject", "measured", "limit", "ratio"}
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").rglob("event.yaml"))
LEAST_FOR_WHY = 30


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def words_of_checks() -> set[str]:
    """Returns the texts and names of arguments written in the checks: the names of all values are among them."""
    package = ROOT / "src" / "hamkor" / "checks" / "rules"
    nodes = [node for path in package.rglob("*.py") for node in ast.walk(ast.parse(path.read_bytes()))]
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return words | {str(node.arg) for node in nodes if isinstance(node, ast.keyword)}


@cache
def texts_of_tests() -> str:
    paths = list((ROOT / "src").rglob("tests/**/*.py"))
    paths += [path for path in (ROOT / "tests").rglob("*.py") if "house" not in path.parts]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def each_rule() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("item", RULES, ids=lambda item: item.id)


@each_rule()
def test_a_rule_has_texts_and_a_source(item: Rule) -> None:
    assert all(text.strip() for text in (item.title, item.says, item.do, item.why, item.severity))
    assert len(item.why) >= LEAST_FOR_WHY, "say the mechanism and what taught it"
    assert item.sources
    assert all(source.strip() for source in item.sources)
    assert not item.title.endswith("."), "a title is no sentence"
    assert item.says.endswith((".", "!", "?", "}"))


@each_rule()
def test_what_to_do_is_one_thing_and_begins_with_a_verb(item: Rule) -> None:
    assert item.do.endswith((".", "}"))
    assert item.do[0].isupper()
    assert item.do.split()[0].lower().rstrip(",") not in {
        "the",
        "a",
        "an",
        "there",
        "it",
        "this",
        "you",
        "please",
    }


@each_rule()
def test_the_values_of_its_sentences_are_given_in_its_code(item: Rule) -> None:
    needed = (placeholders(item.says) | placeholders(item.do)) - ALWAYS_GIVEN
    assert needed <= words_of_checks()
    assert not placeholders(item.title) | placeholders(item.why) | placeholders(item.severity)


@each_rule()
def test_a_rule_has_its_page(item: Rule) -> None:
    page = (ROOT / "docs" / "rules" / f"{item.id}.md").read_text(encoding="utf-8")
    assert re.search(rf"^# .*\b{item.id}\b", page, re.MULTILINE), "run `make docs`"


def test_there_is_no_page_of_a_rule_that_does_not_exist() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "rules").glob("*-*.md")}
    assert pages <= {item.id for item in RULES}


@each_rule()
def test_a_rule_is_named_by_a_test(item: Rule) -> None:
    assert item.id in texts_of_tests()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_of_the_rules_can_be_shown_in_every_language(language: str) -> None:
    for item in RULES:
        values = dict.fromkeys(placeholders(item.says) | placeholders(item.do), "…")
        for text in (item.title, item.says, item.do, item.why, item.severity, FAMILIES[item.family]):
            shown = Message(text, values).render(language)
            assert shown.strip()
            assert not set("{}") & set(shown), (item.id, shown)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_the_findings_of_the_examples_are_told_in_every_language(folder: Path, language: str) -> None:
    for finding in check_plan(read_folder(folder)).findings:
        for message in (finding.title, finding.message, finding.action, *finding.assumptions):
            shown = message.render(language)
            assert shown.strip()
            assert not re.search(r"[{}]|\bNone\b|\bnan\b|Message\(", shown), (finding.rule, shown)

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.checks.queries import list_checked_rules
from hamkor.common.figures import KnownFigure
from hamkor.common.i18n import LANGUAGES
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.printing.sections.duties import role_letters
from hamkor.printing.shown import agency_name, agency_names, clean, figure, moment, period, yes_no
from hamkor.printing.vocabulary import WORDS
from hamkor.printing.words import KINDS, UNITS, word
from hamkor.printing.words import PARTS as PART_WORDS
from hamkor.sheets.words import PHASES, POST_ROLES, letters
from hamkor.venues.rules.features import Feature

NOT_SHOWN = {
    "A",
    "B",
    "C",
    "D",
    "Feature",
    "FeatureCollection",
    "hamkor-event-1",
    "en",
    "ru",
    "uz",
    "uz-Cyrl",
}


def _literals(node: Any, found: set[str], seen: set[int]) -> set[str]:
    if id(node) in seen:
        return found
    seen.add(id(node))
    if isinstance(node, msgspec.inspect.LiteralType):
        found.update(value for value in node.values if isinstance(value, str))
    children = [getattr(node, name, None) for name in ("type", "item_type", "value_type", "key_type")]
    children += [*getattr(node, "types", ()), *getattr(node, "item_types", ())]
    children += [field.type for field in getattr(node, "fields", ())]
    for child in children:
        if isinstance(child, msgspec.inspect.Type):
            _literals(child, found, seen)
    return found


def test_every_value_of_the_format_has_a_word() -> None:
    from hamkor.agencies.queries import list_agencies

    values = _literals(msgspec.inspect.type_info(Plan), set(), set())
    codes = {agency.code for agency in list_agencies()}
    assert values - set(WORDS) - NOT_SHOWN - codes == set()


def test_every_part_kind_and_unit_has_a_word() -> None:
    assert {part.name for part in PARTS} <= set(PART_WORDS)
    kinds = {kind.tag for kind in _feature_kinds()}
    assert kinds == set(KINDS)
    assert {rule.unit for rule in list_checked_rules()} <= set(UNITS)


def _feature_kinds() -> list[Any]:
    node: Any = next(f for f in msgspec.inspect.type_info(Feature).fields if f.name == "properties").type  # type: ignore[attr-defined] # a struct
    return list(node.types)


def test_unknown_is_said() -> None:
    unknown = "not known"
    assert figure(None, "en") == unknown
    assert moment(None, "en") == unknown
    assert period(None, None, "en") == unknown
    assert word(None, "en") == unknown
    assert yes_no(None, "en") == unknown
    assert agency_name(None, "en") == unknown
    assert agency_names(None, "en") == unknown
    assert agency_names((), "en") == "nobody"


def test_figures_moments_and_periods() -> None:
    assert figure(34000, "en", "m") == "34\u00a0000\u00a0m"
    assert figure(KnownFigure(low=2, high=3), "en") == "2–3"
    start = datetime.fromisoformat("2027-03-21T18:00")
    assert moment(start, "uz") == "21.03.2027 18:00"
    assert period(start, datetime.fromisoformat("2027-03-21T22:30"), "en") == "21.03.2027 18:00–22:30"
    assert (
        period(start, datetime.fromisoformat("2027-03-22T01:00"), "en")
        == "21.03.2027 18:00 – 22.03.2027 01:00"
    )
    assert period(None, start, "en") == "until 21.03.2027 18:00"


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("a\x1b[31mb", "a[31mb"),
        ("a\u202eb", "ab"),
        ("a\n\tb", "a b"),
        ("20\u00a0400", "20\u00a0400"),
        ("ʻʼ ў", "ʻʼ ў"),
    ],
)
def test_cleaning(given_text: str, shown: str) -> None:
    assert clean(given_text) == shown


@given(st.text())
def test_cleaned_texts_are_printable_and_stay_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert all(letter.isprintable() or letter.isspace() or ord(letter) > 0xA0 for letter in cleaned)


def test_heavy_parts_are_not_imported_early() -> None:
    code = (
        "import sys, hamkor.printing.findings_html, hamkor.printing.plan_pdf, hamkor.printing.findings_sarif;"
        "print(sorted({'typst', 'pyproj', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("table", [POST_ROLES, PHASES])
def test_sheets_and_paper_use_the_same_words(table: dict[str, str]) -> None:
    assert {value: WORDS[value] for value in table} == table


def test_sheets_and_paper_use_the_same_letters() -> None:
    assert {language: letters(language) for language in LANGUAGES} == {
        language: role_letters(language) for language in LANGUAGES
    }

# SPDX-License-Identifier: Apache-2.0
"""The tool that collects texts and keeps the catalogues."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


def load_tool(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


tool = load_tool("make_messages")
CODE = """
from hamkor.common.messages import N_
FIRST = N_("Gate {gate} is "
           "{width_m} m wide.")
SECOND = N_("Approved")
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    room = tmp_path / "hamkor" / "venues"
    (room / "tests").mkdir(parents=True)
    (room / "rules.py").write_text(CODE, encoding="utf-8")
    (room / "tests" / "test_rules.py").write_text('N_("only a test")', encoding="utf-8")
    return tmp_path / "hamkor"


def po_text(package: Path, language: str) -> str:
    return tool.po_path(package / "locale", language).read_text(encoding="utf-8")


def translate_in_file(package: Path, language: str, translations: dict[str, str]) -> None:
    path = tool.po_path(package / "locale", language)
    text = path.read_text(encoding="utf-8")
    for msgid, translation in translations.items():
        text = text.replace(f'msgid "{msgid}"\nmsgstr ""', f'msgid "{msgid}"\nmsgstr "{translation}"')
    path.write_text(text, encoding="utf-8")


UZBEK = {"Gate {gate} is {width_m} m wide.": "{gate} eni {width_m} m.", "Approved": "Tasdiqlangan"}
RUSSIAN = {"Gate {gate} is {width_m} m wide.": "Ширина {gate}: {width_m} м.", "Approved": "Утверждено"}


def translated(package: Path) -> Path:
    tool.main([], package)
    translate_in_file(package, "uz", UZBEK)
    translate_in_file(package, "ru", RUSSIAN)
    tool.main([], package)
    return package


def test_texts_are_found_joined_and_in_order_without_those_of_tests(package: Path) -> None:
    template = tool.extract_texts(package)
    assert [message.id for message in template if message.id] == list(UZBEK)


def test_catalogues_hold_no_dates_line_numbers_or_people(package: Path) -> None:
    tool.main([], package)
    for language in ("uz", "uz@cyrillic", "ru"):
        text = po_text(package, language)
        assert "#: hamkor/venues/rules.py\n" in text
        assert not any(word in text for word in ("Date", "Translator", "Team", "Generated-By", "YEAR"))


def test_writing_twice_changes_nothing(package: Path) -> None:
    translated(package)
    assert tool.write_catalogues(package / "locale", tool.extract_texts(package)) == []


def test_cyrillic_is_generated_and_everything_passes(package: Path) -> None:
    translated(package)
    assert 'msgstr "{gate} эни {width_m} m."' in po_text(package, "uz@cyrillic")
    assert tool.main(["--check"], package) == 0
    assert sorted(path.parent.parent.name for path in package.rglob("*.mo")) == ["ru", "uz", "uz@cyrillic"]


def test_an_override_wins_over_transliteration(package: Path) -> None:
    folder = package / "locale" / "uz@cyrillic"
    folder.mkdir(parents=True)
    (folder / "overrides.yaml").write_text("Approved: Тасдиқ этилган\n", encoding="utf-8")
    translated(package)
    assert "Тасдиқ этилган" in po_text(package, "uz@cyrillic")
    assert tool.main(["--check"], package) == 0


def test_translations_stay_and_obsolete_ones_go(package: Path) -> None:
    translated(package)
    (package / "venues" / "rules.py").write_text('N_("New")\nN_("Approved")\n', encoding="utf-8")
    tool.main([], package)
    text = po_text(package, "ru")
    assert 'msgid "New"\nmsgstr ""' in text
    assert "Утверждено" in text
    assert "Gate" not in text


def test_comments_for_translators_and_by_translators_stay(package: Path) -> None:
    code = "# Translators: the verb\n" + 'A = N_("Approved")\n'
    (package / "venues" / "rules.py").write_text(code, encoding="utf-8")
    tool.main([], package)
    path = tool.po_path(package / "locale", "ru")
    path.write_text(path.read_text(encoding="utf-8").replace("#. the", "# asked\n#. the"), encoding="utf-8")
    tool.main([], package)
    assert "# asked\n#. the verb\n#: hamkor/venues/rules.py\n" in po_text(package, "ru")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('msgstr "Утверждено"', 'msgstr ""', "ru: empty: 'Approved' (hamkor/venues/rules.py)"),
        ('msgid "Approved"', '#, fuzzy\nmsgid "Approved"', "ru: fuzzy: 'Approved'"),
        ('msgid "Approved"\n', 'msgid "Other"\n', "ru: missing: 'Approved'"),
        ('msgid "Approved"\n', 'msgid "Other"\n', "ru: obsolete: 'Other'"),
        ("{width_m} м", "{width} м", "ru: other placeholders than ['gate', 'width_m']"),
        ("{width_m} м", "{width_m м", "ru: other placeholders"),
    ],
)
def test_check_names_every_fault(
    package: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, complaint: str
) -> None:
    translated(package)
    path = tool.po_path(package / "locale", "ru")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = path.read_bytes()
    assert tool.main(["--check"], package) == 1
    assert complaint in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ('N_("Third {}")', "the English text needs named placeholders"),
        ("N_(variable)", "N_ needs one literal text: hamkor/venues/rules.py:1"),
        ('N_(f"Gate {gate}")', "N_ needs one literal text: hamkor/venues/rules.py:1"),
    ],
)
def test_check_names_texts_that_cannot_be_translated(
    package: Path, capsys: pytest.CaptureFixture[str], code: str, complaint: str
) -> None:
    (package / "venues" / "rules.py").write_text(code, encoding="utf-8")
    tool.main([], package)
    assert tool.main(["--check"], package) == 1
    assert complaint in capsys.readouterr().err


def test_check_sees_cyrillic_that_was_not_regenerated(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    translated(package)
    translate_in_file(package, "uz", {})
    path = tool.po_path(package / "locale", "uz")
    path.write_text(path.read_text(encoding="utf-8").replace("Tasdiqlangan", "Maʼqul"), encoding="utf-8")
    assert tool.main(["--check"], package) == 1
    assert "uz@cyrillic: not what would be generated: 'Approved'" in capsys.readouterr().err


def test_no_marked_text_of_the_package_escapes_extraction() -> None:
    assert tool.unmarkable_places(tool.PACKAGE_DIR) == []


def test_a_text_inside_an_f_string_is_named(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "page.py").write_text('x = f"{show(N_(\'hidden\'))}"\ny = N_("seen")\n', encoding="utf-8")
    assert tool.unmarkable_places(package) == ["package/page.py:1"]

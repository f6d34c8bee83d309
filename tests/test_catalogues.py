# SPDX-License-Identifier: Apache-2.0
"""The tool that collects texts and keeps the catalogues."""

from __future__ import annotations

import gettext
import importlib.util
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message

ROOT = Path(__file__).parent.parent


def load_tool(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        specification.loader.exec_module(module)
    finally:
        sys.path.remove(str(ROOT / "tools"))
    return module


tool = load_tool("make_messages")
sources = load_tool("message_sources")
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


def run(package: Path, *arguments: str) -> int:
    return int(tool.main(list(arguments), package, foreign=None))


def texts(package: Path) -> object:
    return tool.extract_texts(package, foreign=None)


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
    run(package)
    translate_in_file(package, "uz", UZBEK)
    translate_in_file(package, "ru", RUSSIAN)
    run(package)
    return package


def test_texts_are_found_joined_and_in_order_without_those_of_tests(package: Path) -> None:
    template = texts(package)
    assert [message.id for message in template if message.id] == list(UZBEK)


def test_catalogues_hold_no_dates_line_numbers_or_people(package: Path) -> None:
    run(package)
    for language in ("uz", "uz@cyrillic", "ru"):
        text = po_text(package, language)
        assert "#: hamkor/venues/rules.py\n" in text
        assert not any(word in text for word in ("Date", "Translator", "Team", "Generated-By", "YEAR"))


def test_writing_twice_changes_nothing(package: Path) -> None:
    translated(package)
    assert tool.write_catalogues(package / "locale", texts(package)) == []


def test_cyrillic_is_generated_and_everything_passes(package: Path) -> None:
    translated(package)
    assert 'msgstr "{gate} эни {width_m} m."' in po_text(package, "uz@cyrillic")
    assert run(package, "--check") == 0
    compiled = sorted(path.relative_to(package / "locale").as_posix() for path in package.rglob("*.mo"))
    assert compiled == [
        "ru/LC_MESSAGES/django.mo",
        "ru/LC_MESSAGES/hamkor.mo",
        "uz/LC_MESSAGES/django.mo",
        "uz/LC_MESSAGES/hamkor.mo",
        "uz@cyrillic/LC_MESSAGES/hamkor.mo",
        "uz_Cyrl/LC_MESSAGES/django.mo",
    ]


def test_an_override_wins_over_transliteration(package: Path) -> None:
    folder = package / "locale" / "uz@cyrillic"
    folder.mkdir(parents=True)
    (folder / "overrides.yaml").write_text("Approved: Тасдиқ этилган\n", encoding="utf-8")
    translated(package)
    assert "Тасдиқ этилган" in po_text(package, "uz@cyrillic")
    assert run(package, "--check") == 0


def test_translations_stay_and_obsolete_ones_go(package: Path) -> None:
    translated(package)
    (package / "venues" / "rules.py").write_text('N_("New")\nN_("Approved")\n', encoding="utf-8")
    run(package)
    text = po_text(package, "ru")
    assert 'msgid "New"\nmsgstr ""' in text
    assert "Утверждено" in text
    assert "Gate" not in text


def test_comments_for_translators_and_by_translators_stay(package: Path) -> None:
    code = "# Translators: the verb\n" + 'A = N_("Approved")\n'
    (package / "venues" / "rules.py").write_text(code, encoding="utf-8")
    run(package)
    path = tool.po_path(package / "locale", "ru")
    path.write_text(path.read_text(encoding="utf-8").replace("#. the", "# asked\n#. the"), encoding="utf-8")
    run(package)
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
    assert run(package, "--check") == 1
    assert complaint in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ('N_("Third {}")', "the English text needs named placeholders"),
        ("N_(variable)", "a mark needs one literal text: hamkor/venues/rules.py:1"),
        ('N_(f"Gate {gate}")', "a mark needs one literal text: hamkor/venues/rules.py:1"),
    ],
)
def test_check_names_texts_that_cannot_be_translated(
    package: Path, capsys: pytest.CaptureFixture[str], code: str, complaint: str
) -> None:
    (package / "venues" / "rules.py").write_text(code, encoding="utf-8")
    run(package)
    assert run(package, "--check") == 1
    assert complaint in capsys.readouterr().err


def test_check_sees_cyrillic_that_was_not_regenerated(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    translated(package)
    translate_in_file(package, "uz", {})
    path = tool.po_path(package / "locale", "uz")
    path.write_text(path.read_text(encoding="utf-8").replace("Tasdiqlangan", "Maʼqul"), encoding="utf-8")
    assert run(package, "--check") == 1
    assert "uz@cyrillic: not what would be generated: 'Approved'" in capsys.readouterr().err


def test_no_marked_text_of_the_package_escapes_extraction() -> None:
    assert tool.unmarkable_places(tool.PACKAGE_DIR) == []


def test_a_text_inside_an_f_string_is_named(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "page.py").write_text('x = f"{show(N_(\'hidden\'))}"\ny = N_("seen")\n', encoding="utf-8")
    assert tool.unmarkable_places(package) == ["package/page.py:1"]


TEMPLATE = """{% translate "Findings" context "heading" %} {% translate 'Approved' %} {{ basis|default:_("none named") }}
{% blocktranslate count count=rows|length %}{{ count }} row of 100%{% plural %}{{ count }} rows of 100%{% endblocktranslate %}
{% blocktranslate with name=user.name %}Signed by <b>{{ name }}</b>{% endblocktranslate %}
"""  # noqa: E501
FORMS = '"%(count)s qator, 100%%"\nmsgstr[1] "%(count)s qator, 100%%"'


@pytest.fixture
def paged(package: Path) -> Path:
    """The package with a template, translated as far as its texts have no other forms than one."""
    folder = package / "venues" / "templates" / "venues"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text(TEMPLATE, encoding="utf-8")
    run(package)
    for language, texts_of_language in (("uz", UZBEK), ("ru", RUSSIAN)):
        more = {"Findings": "F", "none named": "N", "Signed by <b>%(name)s</b>": "S <b>%(name)s</b>"}
        translate_in_file(package, language, texts_of_language | more)
    path = tool.po_path(package / "locale", "uz")
    path.write_text(
        path.read_text(encoding="utf-8").replace('msgstr[0] ""\nmsgstr[1] ""', f"msgstr[0] {FORMS}"),
        encoding="utf-8",
    )
    path = tool.po_path(package / "locale", "ru")
    empty = "".join(f'msgstr[{number}] ""\n' for number in range(3))
    full = "".join(f'msgstr[{number}] "%(count)s r{number} 100%%"\n' for number in range(3))
    path.write_text(path.read_text(encoding="utf-8").replace(empty, full), encoding="utf-8")
    run(package)
    return package


def test_texts_of_templates_are_found_with_context_plural_and_format(paged: Path) -> None:
    found = {(message.context, message.id) for message in texts(paged) if message.id}
    assert found >= {
        ("heading", "Findings"),
        (None, "none named"),
        (None, ("%(count)s row of 100%%", "%(count)s rows of 100%%")),
        (None, "Signed by <b>%(name)s</b>"),
    }


def test_a_text_of_code_and_template_is_one_text(paged: Path) -> None:
    places = {place for place, _ in next(m for m in texts(paged) if m.id == "Approved").locations}
    assert places == {"hamkor/venues/rules.py", "hamkor/venues/templates/venues/page.html"}


def test_every_language_has_its_own_number_of_forms(paged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(paged, "--check") == 0, capsys.readouterr().err
    assert 'msgstr[1] "%(count)s қатор, 100%%"' in po_text(paged, "uz@cyrillic")
    russian = gettext.translation("django", str(paged / "locale"), languages=["ru"])
    singular, plural = "%(count)s row of 100%%", "%(count)s rows of 100%%"
    assert [russian.ngettext(singular, plural, n).split()[1] for n in (1, 3, 5)] == ["r0", "r1", "r2"]


def test_a_plain_look_up_finds_a_text_with_a_plural(paged: Path) -> None:
    uzbek = gettext.translation("hamkor", str(paged / "locale"), languages=["uz"])
    assert uzbek.gettext("%(count)s row of 100%%") == "%(count)s qator, 100%%"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('msgstr[2] "%(count)s r2 100%%"\n', "", "ru: empty"),
        ('msgstr[1] "%(count)s r1 100%%"', 'msgstr[1] ""', "ru: empty"),
        ("r1 100%%", "r1 100%", "ru: a percent sign that is not doubled"),
        ("S <b>%(name)s</b>", "S <b>%(nam)s</b>", "ru: other placeholders"),
        ("S <b>%(name)s</b>", "S <i>%(name)s</i>", "ru: other tags"),
    ],
)
def test_check_names_faults_of_forms_and_formats(
    paged: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, complaint: str
) -> None:
    path = tool.po_path(paged / "locale", "ru")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert run(paged, "--check") == 1
    assert complaint in capsys.readouterr().err


def test_a_variable_in_a_translation_tag_is_named(package: Path) -> None:
    folder = package / "venues" / "templates" / "venues"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text("\n{% translate title %}{% translate 'seen' %}", encoding="utf-8")
    assert tool.unmarkable_places(package) == ["hamkor/venues/templates/venues/page.html:2"]


TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
BLOCKS = re.compile(
    r"\{%\s*(comment|blocktranslate)\b.*?%\}.*?\{%\s*end\1\s*%\}|<(kbd|code)\b[^>]*>.*?</\2>"
    r"|\{% block (?:\w*shell|body_attributes) %\}.*?\{% endblock %\}|SHA-256",
    re.DOTALL,
)
SEEN_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
NOT_TRANSLATED = {"Hamkor", "GeoJSON", "JSON", "PDF", "DOCX", "Lines"}


class SeenTexts(HTMLParser):
    """Collects what people see of a template: words between tags and in some attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.words: set[str] = set()

    def handle_data(self, data: str) -> None:
        self.words |= set(re.findall(r"[^\W\d_]{2,}", data))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SEEN_ATTRIBUTES:
                self.handle_data(value or "")


def test_no_template_holds_words_outside_of_translation_tags() -> None:
    found = {}
    for path in sources.template_paths(tool.PACKAGE_DIR):
        if path.name == "api_docs.html":
            continue  # made of the interface's own description, which is in English as its field names are
        seen = SeenTexts()
        seen.feed(TAGS.sub(" ", BLOCKS.sub(" ", path.read_text(encoding="utf-8"))))
        if seen.words - NOT_TRANSLATED:
            found[path.name] = sorted(seen.words - NOT_TRANSLATED)
    assert found == {}


SAME_IN_UZBEK = {
    "Administrator", "administrator", "operator", "auditor", "post", "Post", "May", "tunnel", "generator", "Token",
    "PDF", "JSON", "CSV", "Fruin", "GeoJSON", "min", "km", "m", "s", "p", "transport", "Radio", "Hamkor",
}  # fmt: skip
PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)[sd]|%[sd]|`[^`]*`|chmod [\w-]+")


def messages_of(language: str) -> list[Message]:
    catalogue = tool.read_catalogue(tool.po_path(tool.PACKAGE_DIR / "locale", language))
    return [message for message in catalogue if message.id]


@pytest.mark.parametrize("language", ["uz", "uz@cyrillic", "ru"])
def test_no_text_stayed_english(language: str) -> None:
    kept = []
    for message in messages_of(language):
        for form in tool.forms_of(message.string):
            words = set(re.findall(r"[A-Za-z]+", PLACEHOLDER.sub("", form)))
            if form in tool.forms_of(message.id) and words - SAME_IN_UZBEK:
                kept.append(form)
    assert kept == []


KEPT_IN_CYRILLIC = (
    "Backspace Delete Enter Shift Excel FeatureCollection GeoJSON OpenStreetMap PostgreSQL iCalendar superuser systemd "
    "explode entity check Colectiv Astroworldda Astroworlddagi"
)


def test_uzbek_in_cyrillic_letters_holds_no_words_in_latin_ones() -> None:
    names = re.compile(
        r"`[^`]*`|<[^>]*>|\S+://\S+|\S*[._/@]\w\S*|--?[a-z]+|X-Forwarded-\w+|chmod [\w-]+|0–9|a–[fz]"
    )
    known = set(KEPT_IN_CYRILLIC.split())
    found = {}
    for message in messages_of("uz@cyrillic"):
        for form in tool.forms_of(message.string):
            words = set(re.findall(r"[A-Za-z]+", names.sub("", PLACEHOLDER.sub("", form)))) - known
            if any(len(word) > 4 for word in words if not word.isupper()):
                found[form] = sorted(words)
    assert found == {}

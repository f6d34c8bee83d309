# SPDX-License-Identifier: Apache-2.0
"""Collects the texts for people, brings the catalogues up to date and compiles them.

Texts are those marked with N_ in code, those of the translation tags in templates, and those of the libraries named
in `foreign_texts.yaml`. Uzbek Cyrillic is not edited: it is generated from Uzbek Latin and
`locale/uz@cyrillic/overrides.yaml`.

Usage: python tools/make_messages.py [--check | --compile]
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from hamkor.common.transliteration import to_cyrillic
from message_faults import faults_of, forms_of
from message_sources import DOMAIN, FOREIGN_SOURCES, extract_texts, unmarkable_places

PACKAGE_DIR = Path(__file__).parent.parent / "src" / "hamkor"
TRANSLATED = ("uz", "ru")
GENERATED_FROM = "uz"
GENERATED = "uz@cyrillic"
DJANGO_NAMES = {GENERATED: "uz_Cyrl"}
"""What Django calls the folder of a language, where it is another name than ours."""
_HEADER = """# SPDX-License-Identifier: Apache-2.0
msgid ""
msgstr ""
"Project-Id-Version: hamkor\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def updated(template: Catalog, existing: Catalog, language: str = "en") -> Catalog:
    """Returns the texts of the template with the translations that exist; nothing else is kept."""
    result = _new_catalogue(language)
    for message in _texts_of(template):
        known = _same_in(existing, message)
        string = known.string if known else ""
        if message.pluralizable and len(forms_of(string)) != result.num_plurals:
            string = ("",) * result.num_plurals
        elif not message.pluralizable and not isinstance(string, str):
            string = ""
        _copy(result, message, string=string, like=known)
    return result


def in_cyrillic(uzbek: Catalog, overrides: dict[str, str]) -> Catalog:
    """Returns the Uzbek Cyrillic catalogue: overrides first, then transliteration; empty stays empty."""
    result = _new_catalogue(GENERATED)
    for message in _texts_of(uzbek):
        override = overrides.get(forms_of(message.id)[0])
        forms = tuple(override or to_cyrillic(form) for form in forms_of(message.string))
        _copy(result, message, string=forms if message.pluralizable else forms[0], like=message)
    return result


def as_po(catalogue: Catalog, language: str) -> bytes:
    """Returns the text of a .po file without dates, line numbers and names of people."""
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, include_lineno=False, ignore_obsolete=True)
    plural_forms = get_plural(_locale(language)).plural_forms
    header = _HEADER.format(language=language, plural_forms=plural_forms)
    return header.encode() + body.getvalue().lstrip(b"\n")


def faults(locale_dir: Path, template: Catalog) -> list[str]:
    """Returns one line for every text that is missing, obsolete, out of date or badly translated."""
    overrides = read_overrides(locale_dir)
    found = [f"overrides: no such text: {text!r}" for text in overrides if text not in template]
    for language in (*TRANSLATED, GENERATED):
        found += _faults_of_catalogue(language, read_catalogue(po_path(locale_dir, language)), template)
    generated = in_cyrillic(read_catalogue(po_path(locale_dir, GENERATED_FROM)), overrides)
    existing = read_catalogue(po_path(locale_dir, GENERATED))
    for message in _texts_of(generated):
        known = _same_in(existing, message)
        if known and known.string != message.string:
            found.append(f"{GENERATED}: not what would be generated: {message.id!r}")
    return found


def read_catalogue(path: Path) -> Catalog:
    """Returns the catalogue of a file; an empty one when there is no file."""
    if not path.exists():
        return Catalog(domain=DOMAIN, charset="utf-8")
    with path.open("rb") as po_file:
        return read_po(po_file, domain=DOMAIN)


def read_overrides(locale_dir: Path) -> dict[str, str]:
    """Returns the Uzbek Cyrillic texts that are not to be generated, by their English text."""
    path = locale_dir / GENERATED / "overrides.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}


def po_path(locale_dir: Path, language: str) -> Path:
    """Returns where the catalogue of a language lies."""
    return locale_dir / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def write_catalogues(locale_dir: Path, template: Catalog) -> list[Path]:
    """Writes the template and the three catalogues; returns the files that changed."""
    contents = {locale_dir / f"{DOMAIN}.pot": as_po(template, "en")}
    for language in TRANSLATED:
        path = po_path(locale_dir, language)
        catalogue = updated(template, read_catalogue(path), language)
        contents[path] = as_po(catalogue, language)
        if language == GENERATED_FROM:
            cyrillic = in_cyrillic(catalogue, read_overrides(locale_dir))
            contents[po_path(locale_dir, GENERATED)] = as_po(cyrillic, GENERATED)
    return [path for path, content in contents.items() if _write_if_different(path, content)]


def compile_catalogues(locale_dir: Path) -> list[Path]:
    """Returns the .mo files written: each catalogue once for our own look-up and once where Django looks.

    The same as the build does, for a tree that is installed already.
    """
    written = []
    for path in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        name = path.parent.parent.name
        django_dir = locale_dir / DJANGO_NAMES.get(name, name) / "LC_MESSAGES"
        django_dir.mkdir(parents=True, exist_ok=True)
        catalogue = read_catalogue(path)
        for target in (path.with_suffix(".mo"), django_dir / "django.mo"):
            with target.open("wb") as mo_file:
                write_mo(mo_file, catalogue)
            written.append(target)
    return written


def main(
    arguments: list[str], package_dir: Path = PACKAGE_DIR, *, foreign: Path | None = FOREIGN_SOURCES
) -> int:
    """Updates and compiles; with `--check` only names the faults, with `--compile` only compiles.

    Returns:
        The exit code: 1 when `--check` found faults.
    """
    locale_dir = package_dir / "locale"
    if "--check" in arguments:
        found = [f"a mark needs one literal text: {place}" for place in unmarkable_places(package_dir)]
        found += faults(locale_dir, extract_texts(package_dir, foreign=foreign))
        print("\n".join(found), file=sys.stderr, end="\n" if found else "")
        return 1 if found else 0
    if "--compile" not in arguments:
        for path in write_catalogues(locale_dir, extract_texts(package_dir, foreign=foreign)):
            print(f"written: {path.relative_to(package_dir)}")
    compile_catalogues(locale_dir)
    return 0


def _faults_of_catalogue(language: str, catalogue: Catalog, template: Catalog) -> Iterator[str]:
    forms: int = get_plural(_locale(language)).num_plurals
    for message in _texts_of(template):
        known = _same_in(catalogue, message)
        found = faults_of(known, forms=forms) if known and known.id == message.id else ("missing",)
        for fault in found:
            yield f"{language}: {fault}: {message.id!r} ({_place(message)})"
    for message in _texts_of(catalogue):
        if _same_in(template, message) is None:
            yield f"{language}: obsolete: {message.id!r}"


def _new_catalogue(language: str) -> Catalog:
    return Catalog(locale=_locale(language), domain=DOMAIN, charset="utf-8")


def _locale(language: str) -> str:
    return language.split("@")[0]


def _texts_of(catalogue: Catalog) -> Iterable[Message]:
    return [message for message in catalogue if message.id]


def _same_in(catalogue: Catalog, message: Message) -> Message | None:
    return catalogue.get(message.id, message.context)


def _place(message: Message) -> str:
    return ", ".join(sorted({path for path, _line in message.locations}))


def _copy(target: Catalog, message: Message, *, string: object, like: Message | None) -> None:
    target.add(
        message.id,
        string,  # type: ignore[arg-type]  # one form or several, as many as the language has
        locations=message.locations,
        flags=like.flags if like else (),
        auto_comments=message.auto_comments,
        user_comments=like.user_comments if like else (),
        context=message.context,
    )


def _write_if_different(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

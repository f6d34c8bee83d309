# SPDX-License-Identifier: Apache-2.0
"""Collects the texts marked with N_, brings the catalogues up to date and compiles them.

Uzbek Cyrillic is not edited: it is generated from Uzbek Latin and `locale/uz@cyrillic/overrides.yaml`.

Usage: python tools/make_messages.py [--check | --compile]
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from hamkor.common.transliteration import to_cyrillic

PACKAGE_DIR = Path(__file__).parent.parent / "src" / "hamkor"
DOMAIN = "hamkor"
TRANSLATED = ("uz", "ru")
GENERATED_FROM = "uz"
GENERATED = "uz@cyrillic"
_HEADER = """# SPDX-License-Identifier: Apache-2.0
msgid ""
msgstr ""
"Project-Id-Version: hamkor\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def extract_texts(package_dir: Path) -> Catalog:
    """Returns a catalogue of all marked texts, in the order of the files and of their lines."""
    template = Catalog(domain=DOMAIN, charset="utf-8")
    for path in _code_paths(package_dir):
        place = path.relative_to(package_dir.parent).as_posix()
        with path.open("rb") as code:
            for line, text, comments, _context in extract(
                "python", code, keywords={"N_": None}, comment_tags=("Translators:",), strip_comment_tags=True
            ):
                template.add(_one(text), locations=[(place, line)], auto_comments=comments)
    return template


def unmarkable_places(package_dir: Path) -> list[str]:
    """Returns where N_ gets no literal text, or stands inside an f-string: no extraction sees it there."""
    places = []
    for path in _code_paths(package_dir):
        tree = ast.parse(path.read_bytes())
        hidden = {
            id(mark) for text in ast.walk(tree) if isinstance(text, ast.JoinedStr) for mark in _marks(text)
        }
        places += [
            f"{path.relative_to(package_dir.parent).as_posix()}:{mark.lineno}"
            for mark in _marks(tree)
            if id(mark) in hidden or not (len(mark.args) == 1 and isinstance(mark.args[0], ast.Constant))
        ]
    return places


def _marks(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"
    ]


def updated(template: Catalog, existing: Catalog) -> Catalog:
    """Returns the texts of the template with the translations that exist; nothing else is kept."""
    result = Catalog(domain=DOMAIN, charset="utf-8")
    for message in _texts_of(template):
        known = existing.get(_one(message.id))
        _copy(result, message, string=known.string if known else "", like=known)
    return result


def in_cyrillic(uzbek: Catalog, overrides: dict[str, str]) -> Catalog:
    """Returns the Uzbek Cyrillic catalogue: overrides first, then transliteration; empty stays empty."""
    result = Catalog(domain=DOMAIN, charset="utf-8")
    for message in _texts_of(uzbek):
        text = overrides.get(_one(message.id), to_cyrillic(_one(message.string)))
        _copy(result, message, string=text, like=message)
    return result


def as_po(catalogue: Catalog, language: str) -> bytes:
    """Returns the text of a .po file without dates, line numbers and names of people."""
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, include_lineno=False, ignore_obsolete=True)
    return _HEADER.format(language=language).encode() + body.getvalue().lstrip(b"\n")


def placeholders(text: str) -> set[str] | None:
    """Returns the names between braces, None when the braces do not match up."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def faults_of(message: Message) -> Iterator[str]:
    """Yields what is wrong with one translation: empty, fuzzy, other placeholders."""
    wanted = placeholders(_one(message.id))
    if wanted is None or any(not name.isidentifier() for name in wanted):
        yield "the English text needs named placeholders and paired braces"
    if not message.string:
        yield "empty"
        return
    if message.fuzzy:
        yield "fuzzy"
    if placeholders(_one(message.string)) != wanted:
        yield f"other placeholders than {sorted(wanted or ())}"


def faults(locale_dir: Path, template: Catalog) -> list[str]:
    """Returns one line for every text that is missing, obsolete, out of date or badly translated."""
    overrides = read_overrides(locale_dir)
    found = [f"overrides: no such text: {text!r}" for text in overrides if text not in template]
    for language in (*TRANSLATED, GENERATED):
        found += _faults_of_catalogue(language, read_catalogue(po_path(locale_dir, language)), template)
    generated = in_cyrillic(read_catalogue(po_path(locale_dir, GENERATED_FROM)), overrides)
    existing = read_catalogue(po_path(locale_dir, GENERATED))
    for message in _texts_of(generated):
        known = existing.get(_one(message.id))
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
        catalogue = updated(template, read_catalogue(path))
        contents[path] = as_po(catalogue, language)
        if language == GENERATED_FROM:
            cyrillic = in_cyrillic(catalogue, read_overrides(locale_dir))
            contents[po_path(locale_dir, GENERATED)] = as_po(cyrillic, GENERATED)
    return [path for path, content in contents.items() if _write_if_different(path, content)]


def compile_catalogues(locale_dir: Path) -> list[Path]:
    """Returns the .mo files written; the same as the build does, for a tree that is installed already."""
    written = []
    for path in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        with path.with_suffix(".mo").open("wb") as mo_file:
            write_mo(mo_file, read_catalogue(path))
        written.append(path.with_suffix(".mo"))
    return written


def main(arguments: list[str], package_dir: Path = PACKAGE_DIR) -> int:
    """Updates and compiles; with `--check` only names the faults, with `--compile` only compiles.

    Returns:
        The exit code: 1 when `--check` found faults.
    """
    locale_dir = package_dir / "locale"
    if "--check" in arguments:
        found = [f"N_ needs one literal text: {place}" for place in unmarkable_places(package_dir)]
        found += faults(locale_dir, extract_texts(package_dir))
        print("\n".join(found), file=sys.stderr, end="\n" if found else "")
        return 1 if found else 0
    if "--compile" not in arguments:
        for path in write_catalogues(locale_dir, extract_texts(package_dir)):
            print(f"written: {path.relative_to(package_dir)}")
    compile_catalogues(locale_dir)
    return 0


def _code_paths(package_dir: Path) -> list[Path]:
    paths = sorted(package_dir.rglob("*.py"))
    return [path for path in paths if "tests" not in path.relative_to(package_dir).parts]


def _faults_of_catalogue(language: str, catalogue: Catalog, template: Catalog) -> Iterator[str]:
    for message in _texts_of(template):
        known = catalogue.get(_one(message.id))
        for fault in faults_of(known) if known else ("missing",):
            yield f"{language}: {fault}: {message.id!r} ({_place(message)})"
    for message in _texts_of(catalogue):
        if _one(message.id) not in template:
            yield f"{language}: obsolete: {message.id!r}"


def _texts_of(catalogue: Catalog) -> Iterable[Message]:
    return [message for message in catalogue if message.id]


def _place(message: Message) -> str:
    return ", ".join(sorted({path for path, _line in message.locations}))


def _copy(target: Catalog, message: Message, *, string: object, like: Message | None) -> None:
    target.add(
        _one(message.id),
        _one(string),
        locations=message.locations,
        flags=like.flags if like else (),
        auto_comments=message.auto_comments,
        user_comments=like.user_comments if like else (),
    )


def _one(text: object) -> str:
    """Returns the text; N_ marks whole sentences, never a singular with its plural."""
    if not isinstance(text, str):
        raise TypeError(f"N_ takes one literal text, not {text!r}")
    return text


def _write_if_different(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

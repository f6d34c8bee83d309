# SPDX-License-Identifier: Apache-2.0
"""Where texts for people come from: our code, our templates, and the libraries whose forms our pages show."""

from __future__ import annotations

import ast
import importlib.util
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

DOMAIN = "hamkor"
FOREIGN_SOURCES = Path(__file__).parent / "foreign_texts.yaml"

Keywords = dict[str, Sequence[object] | None]
_MARKS: Keywords = {"N_": None}
_TEMPLATE_MARKS: Keywords = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_LIBRARY_MARKS = _TEMPLATE_MARKS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
_TEMPLATE_ENDINGS = (".html", ".txt")
_TRANSLATE_TAG = re.compile(r"\{%\s*(translate|trans|blocktranslate|blocktrans)\b\s*(.*?)\s*%\}", re.DOTALL)
_LITERAL = re.compile(r"""(?:"[^"]*"|'[^']*')(?!\|)""")


def extract_texts(package_dir: Path, *, foreign: Path | None = FOREIGN_SOURCES) -> Catalog:
    """Returns a catalogue of all marked texts: code and templates by name and line, then those of libraries.

    Args:
        package_dir: Folder of the package whose texts are wanted.
        foreign: File that names the sources in libraries; None for none.
    """
    template = Catalog(domain=DOMAIN, charset="utf-8")
    for path in code_paths(package_dir):
        _add_texts(template, path.read_bytes(), _MARKS, place=_place(path, package_dir))
    for path in template_paths(package_dir):
        _add_texts(template, _as_code(path), _TEMPLATE_MARKS, place=_place(path, package_dir))
    if foreign is not None:
        _add_foreign(template, yaml.safe_load(foreign.read_text(encoding="utf-8")))
    return template


def unmarkable_places(package_dir: Path) -> list[str]:
    """Returns where a mark has no literal text, or stands inside an f-string: no extraction sees it there."""
    places = []
    for path in code_paths(package_dir):
        tree = ast.parse(path.read_bytes())
        hidden = {
            id(mark) for text in ast.walk(tree) if isinstance(text, ast.JoinedStr) for mark in _marks(text)
        }
        places += [
            f"{_place(path, package_dir)}:{mark.lineno}"
            for mark in _marks(tree)
            if id(mark) in hidden or not (len(mark.args) == 1 and isinstance(mark.args[0], ast.Constant))
        ]
    for path in template_paths(package_dir):
        places += [f"{_place(path, package_dir)}:{line}" for line in _lines_without_literal(path)]
    return places


def code_paths(package_dir: Path) -> list[Path]:
    """Returns the Python files of the package without tests, in the order of their names."""
    return [path for path in sorted(package_dir.rglob("*.py")) if _is_ours(path, package_dir)]


def template_paths(package_dir: Path) -> list[Path]:
    """Returns the templates of the rooms, in the order of their names."""
    paths = sorted(package_dir.glob("*/templates/**/*"))
    return [path for path in paths if path.suffix in _TEMPLATE_ENDINGS and _is_ours(path, package_dir)]


def _is_ours(path: Path, package_dir: Path) -> bool:
    return "tests" not in path.relative_to(package_dir).parts


def _place(path: Path, package_dir: Path) -> str:
    return path.relative_to(package_dir.parent).as_posix()


def _as_code(path: Path) -> bytes:
    """Returns Python calls with the texts of a template, line by line where they stand."""
    return templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode()


def _add_texts(target: Catalog, code: bytes, marks: Keywords, *, place: str) -> None:
    found = extract(
        "python",
        io.BytesIO(code),
        keywords=marks,  # type: ignore[arg-type]  # babel's type of keywords does not know its own contexts
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        options={"encoding": "utf-8"},
    )
    for line, text, comments, context in found:
        target.add(text, locations=[(place, line)], auto_comments=comments, context=context)


def _add_foreign(target: Catalog, sources: Mapping[str, Mapping[str, list[str]]]) -> None:
    """Adds the texts of libraries, without those our pages never show."""
    for library, chosen in sources.items():
        texts = Catalog(domain=DOMAIN, charset="utf-8")
        specification = importlib.util.find_spec(library)
        if specification is None or specification.origin is None:
            raise ModuleNotFoundError(library)
        for name in chosen["files"]:
            path = Path(specification.origin).parent / name
            code = _as_code(path) if path.suffix in _TEMPLATE_ENDINGS else path.read_bytes()
            _add_texts(texts, code, _LIBRARY_MARKS, place=f"{library}/{name}")
        for message in texts:
            singular = message.id if isinstance(message.id, str) else message.id[0]
            if singular and singular not in chosen.get("never_shown", ()):
                target.add(message.id, locations=message.locations, context=message.context)


def _marks(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"
    ]


def _lines_without_literal(path: Path) -> Iterator[int]:
    """Yields the lines of tags that translate a variable; a word marked in code has its own filter for that."""
    text = path.read_text(encoding="utf-8")
    for tag in _TRANSLATE_TAG.finditer(text):
        if tag[1] in ("translate", "trans") and not _LITERAL.match(tag[2]):
            yield text.count("\n", 0, tag.start()) + 1

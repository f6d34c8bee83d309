# SPDX-License-Identifier: Apache-2.0
"""Readable ids for new items, and titles by which people know the items."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from msgspec import Struct

from hamkor.common.i18n import pick_name
from hamkor.common.records import Text
from hamkor.journal.rules import Documents
from hamkor.plans.rules.changes import by_id
from hamkor.plans.rules.concern import AGENCY_CODES, kind_of_part

MAX_LETTERS = 40
# Words that mean something else where an id may stand.
RESERVED = frozenset({"none", "outside", "public", *AGENCY_CODES})
_TITLE_FIELDS = ("title", "name", "subject", "text", "position")
_WORD_FIELDS = ("sort", "role", "measure", "catalogue", "heading")
_LATIN = {
    **dict(zip("абвгдезийклмнопрстуфхыэўқғҳ", "abvgdeziyklmnoprstufxieoqgh", strict=True)),
    "ё": "yo",
    "ж": "j",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sh",
    "ю": "yu",
    "я": "ya",
    "ъ": "",
    "ь": "",
}


def next_id(documents: Documents, part: str, title: Text | None) -> str:
    """Returns a readable id that nothing in a part has yet.

    Args:
        documents: The plan.
        part: Part the item is for; `venue` for a feature.
        title: What people call it; its kind when None.

    Raises:
        KeyError: There is no such part.
    """
    kind = kind_of_part(part)
    return free_id(title, fallback=kind, taken=by_id(documents, kind))


def free_id(title: Text | None, *, fallback: str, taken: Any) -> str:
    """Returns a readable id made of a title that is not among those taken.

    Args:
        title: What people call it, in one or several languages.
        fallback: Word to use when no letter of the title can stand in an id.
        taken: Ids in use; anything that can be asked with `in`.
    """
    stem = _slug(_name(title)) or fallback.replace("_", "-")
    number, candidate = 1, stem
    while candidate in taken or candidate in RESERVED:
        number += 1
        candidate = f"{stem}-{number}"
    return candidate


def title_of(document: Struct | None, *, fallback: str) -> Text:
    """Returns what people call an item: its title, or the word for its sort, or its id.

    Args:
        document: The item; None for one that is not there.
        fallback: Its id.
    """
    holder = getattr(document, "properties", document)
    for name in _TITLE_FIELDS:
        found = getattr(holder, name, None)
        if isinstance(found, (str, dict)) and found:
            return found
    for name in _WORD_FIELDS:
        found = getattr(holder, name, None)
        if isinstance(found, str):
            return f"{found} ({fallback})"
    return fallback


def _name(title: Text | None) -> str:
    if isinstance(title, dict):
        return pick_name({str(language): name for language, name in title.items()}, "uz")
    return title or ""


def _slug(title: str) -> str:
    latin = "".join(_LATIN.get(letter, letter) for letter in title.lower())
    plain_letters = (
        unicodedata.normalize("NFKD", re.sub(r"[ʻʼ'`‘’]", "", latin)).encode("ascii", "ignore").decode()
    )
    words = re.findall(r"[a-z0-9]+", plain_letters)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > MAX_LETTERS:
            break
        slug = longer
    return slug or (words[0][:MAX_LETTERS] if words else "")

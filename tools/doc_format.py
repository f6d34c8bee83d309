# SPDX-License-Identifier: Apache-2.0
"""Pages of the format: one for each file of an event folder, the introduction, the catalogues, the schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec

from hamkor.agencies.queries import list_agencies
from hamkor.folder.keys import LAST_KEYS, Key, list_keys
from hamkor.folder.schemas import file_of, first_line, list_schemas, part_schema
from hamkor.folder.skeleton_texts import PURPOSES
from hamkor.hazards.queries import list_hazards
from hamkor.norms.queries import list_duties
from hamkor.plans.rules.plan import PARTS, Part
from hamkor.venues.rules.features import Properties, Venue

TEMPLATES_DIR = Path(__file__).parent / "doc_templates"
VENUE = Part("venue", Venue, "venue")
VENUE_PURPOSE = (
    "The drawing: areas, openings, passages, turnstiles, routes, structures; with or without coordinates."
)
LINKED_SORTS = {
    "figure": "README.md#numbers",
    "text": "README.md#texts",
    "words": "README.md#texts",
    "moment": "README.md#times-and-days",
    "day": "README.md#times-and-days",
    "id": "README.md#ids-and-references",
}
ELSEWHERE = {"iib": "README.md#codes-of-agencies", "A": "README.md#numbers", "uz": "README.md#texts"}
MEANINGS = {
    "type": "always this word",
    "properties": "What it is: one of the kinds below, told apart by `kind`.",
}
GEOMETRIES = ("Point", "LineString", "Polygon", "MultiPolygon")
GEOMETRY_TEXT = """### Geometry

`null`, or a GeoJSON geometry. Positions are `[longitude, latitude]` in degrees, longitude first, without heights.

| type | coordinates |
|---|---|
| `Point` | one position |
| `LineString` | a list of two positions or more |
| `Polygon` | a list of rings: the outline, then its holes; each has four positions or more, the last is the first |
| `MultiPolygon` | a list of polygons |
"""


def format_pages(example_dir: Path) -> dict[str, str]:
    """Returns the pages below `docs/format` and the schemas below `docs/schemas` by their names."""
    texts = {"format/README.md": _introduction(), "format/catalogues.md": _catalogues()}
    for part in (*PARTS, VENUE):
        texts[f"format/{part.name}.md"] = _part_page(part, example_dir)
    for name in list_schemas():
        texts[f"schemas/{name}.schema.json"] = (
            json.dumps(part_schema(name), indent=2, ensure_ascii=False) + "\n"
        )
    return texts


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Returns a Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _introduction() -> str:
    text = (TEMPLATES_DIR / "format.md").read_text(encoding="utf-8")
    filled = {
        "files": table(("file", "shape", "what it says"), (_file_row(part) for part in (*PARTS, VENUE))),
        "kinds": table(
            ("kind", "what it is"), ((_kind_link(kind), first_line(kind)) for kind in get_args(Properties))
        ),
        "agencies": table(
            ("code", "who"), ((f"`{item.code}`", item.names["en"]) for item in list_agencies())
        ),
    }
    for name, content in filled.items():
        text = text.replace("{{" + name + "}}", content)
    return text


def _kind_link(kind: type[msgspec.Struct]) -> str:
    tag = kind.__struct_config__.tag
    return f"[`{tag}`](venue.md#kind-{tag})"


def _file_row(part: Part) -> tuple[str, str, str]:
    shape = "drawing" if part is VENUE else "list" if part.is_list else "group"
    return f"[`{file_of(part)}`]({part.name}.md)", shape, _purpose(part)


def _purpose(part: Part) -> str:
    return PURPOSES.get(part.name, VENUE_PURPOSE)


def _part_page(part: Part, example_dir: Path) -> str:
    file = file_of(part)
    sort = "json" if file.endswith("json") else "yaml"
    example = (example_dir / file).read_text(encoding="utf-8").rstrip()
    pieces = [
        f"# `{file}`",
        _purpose(part),
        _shape_text(part),
        f"JSON Schema: [`{part.name}.schema.json`](../schemas/{part.name}.schema.json) · "
        "[All files](README.md) · Keys written in **bold** must be given.",
        f"## Example\n\n```{sort}\n{example}\n```",
        "## Keys",
        *_struct_sections(part),
    ]
    return "\n\n".join(pieces) + "\n"


def _shape_text(part: Part) -> str:
    if part is VENUE:
        return (
            "A GeoJSON FeatureCollection. Without the file nothing is known of the venue. How directions, closed areas "
            "and features without coordinates work is told in [the introduction](README.md#the-drawing-venuegeojson)."
        )
    if part.is_list:
        return (
            f"A list below the one key `{part.name}:`. No file means that nothing is known of it; "
            f"`{part.name}: []` means that it is known that there are none."
        )
    if part.name == "event":
        return "The only file that must exist; its keys stand at the top of the file."
    return "Its keys stand at the top of the file. No file means that nothing is known of it."


def _struct_sections(part: Part) -> Iterator[str]:
    shown: list[type[msgspec.Struct]] = []
    waiting: list[type[msgspec.Struct]] = [part.body]
    while waiting:
        struct = waiting.pop(0)
        if struct in shown or struct.__name__ in GEOMETRIES:
            continue
        shown.append(struct)
        keys = list_keys(struct)
        waiting += [inner for key in keys for inner in key.structs]
        yield _struct_section(struct, keys)
    if part is VENUE:
        yield GEOMETRY_TEXT.rstrip()


def _struct_section(struct: type[msgspec.Struct], keys: tuple[Key, ...]) -> str:
    common = [key.name for key in keys if key.name in LAST_KEYS]
    rows = [_key_row(key) for key in keys if key.name not in LAST_KEYS]
    pieces = [
        f"### {title_of(struct)}",
        first_line(struct),
        table(("key", "value", "meaning", "if left out"), rows),
    ]
    if common:
        named = ", ".join(f"`{name}`" for name in common)
        pieces.append(f"Also {named}: see [How to write](README.md#how-to-write).")
    words = [row for key in keys for row in _word_rows(key)]
    if words:
        pieces.append("Words:\n\n" + table(("key", "word", "meaning"), words))
    return "\n\n".join(pieces)


def title_of(struct: type[Any]) -> str:
    """Returns the heading of a struct: its kind, or its name in words."""
    tag = struct.__struct_config__.tag
    if isinstance(tag, str):
        return f"Kind `{tag}`"
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", struct.__name__).lower()
    return words.capitalize()


def _link_of(struct: type[Any]) -> str:
    title = title_of(struct)
    anchor = title.lower().replace("`", "").replace(" ", "-")
    return f"[{title.replace('`', '').lower()}](#{anchor})"


def _key_row(key: Key) -> tuple[str, str, str, str]:
    name = f"**`{key.name}`**" if key.required else f"`{key.name}`"
    meaning = MEANINGS.get(key.name) or key.description or "see the words below"
    return name, _sort_shown(key), meaning, _default_shown(key)


def _sort_shown(key: Key) -> str:
    if key.name == "geometry":
        return "[geometry](#geometry) or `null`"
    if key.name == "properties":
        return "one of the kinds below"
    sort = key.sort.replace("mapping of choice to choice", "`{phase: direction}`")
    for struct in key.structs:
        sort = re.sub(rf"\b{struct.__name__}\b", lambda _, struct=struct: _link_of(struct), sort)  # type: ignore[misc]  # bound per turn
    for word, target in LINKED_SORTS.items():
        sort = re.sub(rf"(?<![\w`\[#]){word}(?![\w`\]-])", f"[{word}]({target})", sort)
    elsewhere = next((ELSEWHERE[word] for word in key.words if word in ELSEWHERE), "")
    return sort.replace("choice", f"[code of an agency]({elsewhere})") if elsewhere else sort


def _default_shown(key: Key) -> str:
    if key.required:
        return "must be given"
    if key.default is None:
        return "not drawn" if key.name == "geometry" else "unknown"
    if key.default in ((), {}):
        return "as described" if key.name == "use" else "none"
    return f"`{json.dumps(key.default)}`" if isinstance(key.default, bool) else f"`{key.default}`"


def _word_rows(key: Key) -> Iterator[tuple[str, str, str]]:
    if key.name in LAST_KEYS or any(word in ELSEWHERE for word in key.words):
        return
    for word, meaning in key.words.items():
        yield f"`{key.name}`", f"`{word}`", meaning


def _catalogues() -> str:
    hazards = [(f"`{item.id}`", item.names["en"], item.group, f"`{item.owner}`") for item in list_hazards()]
    duties = [
        (
            f"`{item.id}`",
            item.title["en"],
            item.phase,
            ", ".join(f"`{code}`" for code in item.usual_owners),
            "yes" if item.essential else "",
        )
        for item in list_duties()
    ]
    return (
        "\n\n".join(
            (
                "# Catalogues",
                "Ids that may be written under `catalogue` in [`hazards.yaml`](hazards.md) and "
                "[`duties.yaml`](duties.md). A hazard or duty without `catalogue` is welcome too; "
                "it then needs a `title` of its own.",
                "## Hazards",
                table(("id", "hazard", "group", "usual owner"), hazards),
                "## Duties",
                table(("id", "duty", "phase", "usual owners", "lives depend on it"), duties),
            )
        )
        + "\n"
    )

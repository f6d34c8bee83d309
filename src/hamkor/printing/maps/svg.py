# SPDX-License-Identifier: Apache-2.0
"""A writer of SVG: elements with escaped texts and attributes, and the measure of texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

FONT = "Inter, 'Liberation Sans', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif"
INK = "#16222d"
QUIET = "#52616f"
LINE = "#8a98a5"
PAPER = "#ffffff"
GREEN = "#0f5f57"
COLOURS = {"red": "#b3121d", "amber": "#b04a08", "info": "#1d5fa6"}

# Widths of Inter's letters in parts of the size, by group; rounded up so that boxes never end up too small.
_WIDTHS = (
    ("iljI.,:;|!'ʻʼ‘’·", 0.29),
    ('frt()[]-/"', 0.40),
    ("mwMWшщжюмфыШЩЖЮМФЫ№@%—", 0.90),
    (" \u00a0", 0.29),
)
_CAPITAL = 0.73
_SMALL = 0.62
_HIGHEST_LATIN = 0x2000


def element(tag: str, content: str = "", /, **attributes: object) -> str:
    """Returns an element; `content` is markup, attributes are escaped and named with `_` for `-`."""
    listed = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{listed}/>" if not content else f"<{tag}{listed}>{content}</{tag}>"


def text(
    x: float,
    y: float,
    lines: str | Sequence[str],
    *,
    size: float = 13,
    bold: bool = False,
    **attributes: object,
) -> str:
    """Returns lines of text, the first on the base line `y`; plain texts are escaped here."""
    listed = [lines] if isinstance(lines, str) else lines
    spans = "".join(
        element("tspan", escape(line) or " ", x=x, dy=size * 1.25 if index else 0)
        for index, line in enumerate(listed)
    )
    given = {"fill": INK, "font_weight": 600 if bold else None, **attributes}
    return element("text", spans, x=x, y=y, font_size=size, **given)


def halo(x: float, y: float, lines: str | Sequence[str], **attributes: object) -> str:
    """Returns text on a pale outline, readable over any fill."""
    around = text(
        x,
        y,
        lines,
        **{**attributes, "stroke": PAPER, "stroke_width": 3.4, "stroke_linejoin": "round"},  # type: ignore[arg-type] # size and bold pass through
    )
    return around + text(x, y, lines, **attributes)  # type: ignore[arg-type] # size and bold pass through


def polyline(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """Returns path data through points."""
    listed = [f"{x:.1f} {y:.1f}" for x, y in points]
    return "M" + " L".join(listed) + (" Z" if closed else "") if listed else ""


def text_width(line: str, size: float, *, bold: bool = False) -> float:
    """Returns the width of a line in pixels, never less than it will be."""
    total = sum(_letter_width(letter) for letter in line)
    return total * size * (1.06 if bold else 1.0)


def wrapped(line: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Returns a text broken into lines no wider than `width`; words too long are broken anywhere."""
    lines: list[str] = []
    current = ""
    for word in line.split(" "):
        longer = f"{current} {word}".strip()
        if text_width(longer, size, bold=bold) <= width:
            current = longer
            continue
        if current:
            lines.append(current)
        pieces = _broken(word, width, size, bold=bold)
        lines += pieces[:-1]
        current = pieces[-1]
    return [*lines, current] if current else lines or [""]


def _broken(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces, current = [], ""
    for letter in word:
        if current and text_width(current + letter, size, bold=bold) > width:
            pieces.append(current)
            current = ""
        current += letter
    return [*pieces, current]


def _letter_width(letter: str) -> float:
    for letters, width in _WIDTHS:
        if letter in letters:
            return width
    if ord(letter) >= _HIGHEST_LATIN and letter not in "–−":
        return 1.0
    return _CAPITAL if letter.isupper() else _SMALL


def _plain(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def marker(severity: str, x: float, y: float, label: str, *, radius: float = 12) -> str:
    """Returns the sign of a severity around a number: diamond, triangle or circle."""
    colour = COLOURS[severity]
    common = {"fill": colour, "stroke": PAPER, "stroke_width": 2}
    if severity == "red":
        r = radius * 1.18
        shape = element(
            "path", d=polyline([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], closed=True), **common
        )
    elif severity == "amber":
        r = radius * 1.32
        points = [(x, y - r), (x + r, y + r * 0.78), (x - r, y + r * 0.78)]
        shape = element("path", d=polyline(points, closed=True), **common)
        y += radius * 0.24
    else:
        shape = element("circle", cx=x, cy=y, r=radius, **common)
    size = radius * (0.95 if len(label) < 3 else 0.75)
    return shape + text(x, y + size * 0.36, label, size=size, bold=True, fill=PAPER, text_anchor="middle")

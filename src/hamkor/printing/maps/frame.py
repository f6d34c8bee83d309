# SPDX-License-Identifier: Apache-2.0
"""What surrounds a picture: heading, scale bar, north arrow, legend, remarks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from hamkor.common.i18n import format_number, translate
from hamkor.common.messages import N_
from hamkor.printing.maps.sheet import Sheet
from hamkor.printing.maps.svg import FONT, INK, PAPER, QUIET, element, polyline, text, text_width, wrapped
from hamkor.printing.words import unit_word

PAD = 16.0
LINE_PX = 17.0
COLUMN_PX = 240.0
SIZE = 12.0
SCALE_BAR_PX = 150.0
NORTH = N_("N")  # Translators: the letter for north on a map


def framed(sheets: Sequence[Sheet], title: str, subtitle: str, *, has_entries: bool = True) -> str:
    """Returns the whole picture: heading above, drawings, legend below.

    Args:
        sheets: The drawings; the legend is that of the first, which all share.
        title: Heading.
        subtitle: Line below it.
        has_entries: Numbered places and remarks are part of the legend; False when they are printed elsewhere.
    """
    width = sheets[0].width
    head, y = _heading(width, title, subtitle)
    body = ""
    for sheet in sheets:
        body += element("svg", sheet.body(), x=0, y=y, width=width, height=sheet.height,
                        viewBox=f"0 0 {width:.0f} {sheet.height:.0f}")  # fmt: skip
        body += _edge(width, y)
        y += sheet.height
    body += _edge(width, y)
    foot, foot_px = _legend(sheets[0], has_entries=has_entries)
    legend = element("g", foot, transform=f"translate(0 {y:.1f})") if foot else ""
    height = y + foot_px
    paper = element("rect", width="100%", height="100%", fill=PAPER)
    return element(
        "svg",
        f"<title>{escape(title)}</title><desc>{escape(subtitle)}</desc>{paper}{head}{body}{legend}",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=round(width),
        height=round(height),
        role="img",
        font_family=FONT,
    )


def _edge(width: float, y: float) -> str:
    return element("path", d=f"M0 {y:.1f} L{width:.1f} {y:.1f}", stroke="#d5dce2", stroke_width=1)


def scale_bar(sheet: Sheet, px_per_m: float) -> str:
    """Returns a bar of a round length in metres at the bottom left, and takes its place."""
    length_m = _round_length(SCALE_BAR_PX / px_per_m)
    length_px = length_m * px_per_m
    x, y = 18.0, sheet.height - 18
    half = length_px / 2
    sheet.places.take((x - 8, y - 26, x + length_px + 60, y + 10))
    label = f"{format_number(length_m, sheet.language)}\u00a0{unit_word('m', sheet.language)}"
    return (
        element("rect", x=x - 8, y=y - 24, width=length_px + 16, height=34, fill=PAPER, opacity=0.88, rx=4)
        + element("rect", x=x, y=y - 4, width=half, height=6, fill=INK)
        + element("rect", x=x + half, y=y - 4, width=half, height=6, fill=PAPER, stroke=INK, stroke_width=1)
        + text(x, y - 10, "0", size=11)
        + text(x + length_px, y - 10, label, size=11, text_anchor="end")
    )


def north_arrow(sheet: Sheet) -> str:
    """Returns an arrow to the north at the top right, and takes its place."""
    x, y = sheet.width - 26, 30.0
    sheet.places.take((x - 16, y - 26, x + 16, y + 30))
    dark = element("path", d=polyline([(x, y - 20), (x, y + 6), (x - 9, y + 12)], closed=True), fill=INK)
    pale = element(
        "path",
        d=polyline([(x, y - 20), (x + 9, y + 12), (x, y + 6)], closed=True),
        fill=PAPER,
        stroke=INK,
        stroke_width=1.2,
    )
    return (
        dark
        + pale
        + text(x, y + 26, translate(NORTH, sheet.language), size=12, bold=True, text_anchor="middle")
    )


def _round_length(longest_m: float) -> float:
    power = 10 ** math.floor(math.log10(longest_m))
    return float(next(step * power for step in (5, 2, 1) if step * power <= longest_m))


def _heading(width: float, title: str, subtitle: str) -> tuple[str, float]:
    titles = wrapped(title, width - 2 * PAD, 17, bold=True)
    subtitles = wrapped(subtitle, width - 2 * PAD, 12.5) if subtitle else []
    below = 27 + len(titles) * 21
    markup = text(PAD, 27, titles, size=17, bold=True) + text(PAD, below, subtitles, size=12.5, fill=QUIET)
    return markup, below + len(subtitles) * 15.6


def _legend(sheet: Sheet, *, has_entries: bool) -> tuple[str, float]:
    """Returns signs, numbered entries and remarks, in columns, and their height."""
    columns = max(1, int((sheet.width - 2 * PAD) // COLUMN_PX))
    width = (sheet.width - 2 * PAD) / columns
    signs = [(wrapped(words, width - 46, SIZE), sign) for words, sign in sheet.legend.keys.items()]
    entries = [
        (wrapped(words, width - 40, SIZE), text(26, 13, str(number), size=SIZE, bold=True, text_anchor="end"))
        for number, words in (sheet.legend.entries if has_entries else ())
    ]
    markup, y = "", 12.0
    for rows, indent in ((signs, 36), (entries, 33)):
        part, height = _columns(rows, columns, width, indent, y)
        markup += part
        y += height + (10 if rows else 0)
    for remark in sheet.legend.remarks(sheet.language) if has_entries else ():
        lines = wrapped(remark, sheet.width - 2 * PAD, SIZE)
        markup += text(PAD, y + 13, lines, size=SIZE, fill=QUIET)
        y += len(lines) * 15.5 + 4
    return markup, y + 8


def _columns(
    rows: list[tuple[list[str], str]], columns: int, width: float, indent: float, top: float
) -> tuple[str, float]:
    """Lays rows out column by column; the columns are as even as whole rows allow."""
    heights = [max(1, len(lines)) * 15.0 + 4.5 for lines, _ in rows]
    limit = _even_height(heights, columns)
    markup, column, y, tallest = "", 0, 0.0, 0.0
    for (lines, sign), height in zip(rows, heights, strict=True):
        if y > 0 and y + height > limit and column < columns - 1:
            column, y = column + 1, 0.0
        x = PAD + column * width
        placed = sign + text(indent, 13, lines, size=SIZE)
        markup += element("g", placed, transform=f"translate({x:.1f} {top + y:.1f})")
        y += height
        tallest = max(tallest, y)
    return markup, tallest


def _even_height(heights: list[float], columns: int) -> float:
    """Returns the lowest column height at which all rows fit into the columns."""
    if not heights:
        return 0.0
    limit = max(max(heights), sum(heights) / columns)
    while _columns_needed(heights, limit) > columns:
        limit += LINE_PX / 2
    return limit


def _columns_needed(heights: list[float], limit: float) -> int:
    count, y = 1, 0.0
    for height in heights:
        if y > 0 and y + height > limit:
            count, y = count + 1, 0.0
        y += height
    return count


def notice(width: float, title: str, subtitle: str, words: str) -> str:
    """Returns a picture that says in words why there is nothing to draw."""
    sheet = Sheet(width, 150, "en")
    sheet.add("ground", element("rect", width=width, height=150, fill="#f4f6f8"))
    lines = wrapped(words, min(width - 60, 640), 15)
    y = 78 - (len(lines) - 1) * 9
    widest = max(text_width(line, 15) for line in lines)
    sheet.add("texts", text(width / 2, y, lines, size=15, fill=QUIET, text_anchor="middle"))
    sheet.places.take((width / 2 - widest / 2, 0, width / 2 + widest / 2, 150))
    return framed([sheet], title, subtitle)

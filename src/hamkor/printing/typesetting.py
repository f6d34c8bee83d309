# SPDX-License-Identifier: Apache-2.0
"""The one door to the typesetter: texts reach it as data, never as markup."""

from __future__ import annotations

from pathlib import Path

ROOM_DIR = Path(__file__).parent
FONTS_DIR = ROOM_DIR / "fonts"
TEMPLATES_DIR = ROOM_DIR / "templates"
PIXELS_PER_POINT = 1.0
LAST_BUNDLED = 0x2C00
"""Letters from here on are not in the bundled fonts: only then are the fonts of the machine looked at."""


def compile_png(svg: str, width_px: int) -> bytes:
    """Returns an SVG picture as PNG of the width in pixels."""
    import typst

    page: bytes = typst.compile(
        TEMPLATES_DIR / "picture.typ",
        root=TEMPLATES_DIR,
        font_paths=[FONTS_DIR],
        ignore_system_fonts=_is_covered(svg),
        format="png",
        ppi=72.0 * PIXELS_PER_POINT,
        sys_inputs={"svg": svg, "width": str(width_px)},
    )
    return page


def compile_pdf(template: str, **inputs: str) -> bytes:
    """Returns the PDF of a template of this room; `inputs` are read by it as data."""
    import typst

    document: bytes = typst.compile(
        TEMPLATES_DIR / template,
        root=TEMPLATES_DIR,
        font_paths=[FONTS_DIR],
        ignore_system_fonts=all(map(_is_covered, inputs.values())),
        format="pdf",
        sys_inputs=inputs,
    )
    return document


def _is_covered(text: str) -> bool:
    return all(ord(letter) < LAST_BUNDLED for letter in text)

# SPDX-License-Identifier: Apache-2.0
"""What a picture is collected on: layers of markup, signs to explain, numbered entries, taken places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from hamkor.common.messages import N_
from hamkor.printing.maps.svg import QUIET, element, halo, polyline, text_width
from hamkor.printing.shown import words_of

LAYERS = ("ground", "ways", "bars", "signs", "texts", "findings")
NUMBERED_MAX = 480
SYMBOLS_MAX = 600
LINE_STEP_PX = 8.0
NEAR = (10.0, 15.0)
FAR = (24.0, 34.0, 46.0)
LINE_STEPS_MAX = 400
TILE_PX = 64.0
Box = tuple[float, float, float, float]


class Places:
    """The boxes taken so far, so that labels do not cover each other."""

    def __init__(self, width: float, height: float) -> None:
        self.frame: Box = (4, 4, width - 4, height - 4)
        self._taken: dict[tuple[int, int], list[Box]] = {}
        self._lines: dict[tuple[int, int], list[Box]] = {}

    def take(self, box: Box) -> None:
        """Marks a box (left, top, right, bottom) as taken."""
        _enter(self._taken, box)

    def take_line(self, points: Sequence[tuple[float, float]]) -> None:
        """Marks a line as a bad place for labels, to be used only when there is no other."""
        for (x1, y1), (x2, y2) in pairwise(points):
            steps = min(LINE_STEPS_MAX, int(max(abs(x2 - x1), abs(y2 - y1)) / LINE_STEP_PX) + 1)
            for step in range(steps + 1):
                x, y = x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps
                _enter(self._lines, (x - 4, y - 4, x + 4, y + 4))

    def is_free(self, box: Box, *, avoid_lines: bool = False) -> bool:
        """True when the box lies inside the frame and touches nothing taken."""
        left, top, right, bottom = box
        if left < self.frame[0] or top < self.frame[1] or right > self.frame[2] or bottom > self.frame[3]:
            return False
        return not any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for index in ((self._taken, self._lines) if avoid_lines else (self._taken,))
            for tile in _tiles(box)
            for other in index.get(tile, ())
        )

    def find(self, centres: Iterable[tuple[float, float]], width: float, height: float) -> Box | None:
        """Returns the first free box of the size around one of the centres and takes it; None without one."""
        boxes = [(x - width / 2, y - height / 2, x + width / 2, y + height / 2) for x, y in centres]
        for avoid_lines in (True, False) if self._lines else (False,):
            for box in boxes:
                if self.is_free(box, avoid_lines=avoid_lines):
                    self.take(box)
                    return box
        return None


def _tiles(box: Box) -> Iterator[tuple[int, int]]:
    """Yields the tiles of a coarse grid that a box touches, so that only near boxes are compared."""
    left, top, right, bottom = (int(side // TILE_PX) for side in box)
    for column in range(left, right + 1):
        for row in range(top, bottom + 1):
            yield column, row


def _enter(index: dict[tuple[int, int], list[Box]], box: Box) -> None:
    for tile in _tiles(box):
        index.setdefault(tile, []).append(box)


class Legend:
    """What the drawings of one picture explain together: signs, numbered entries, remarks."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.entries: list[tuple[int, str]] = []
        self.notes: list[str] = []
        self.unnumbered = 0

    def remarks(self, language: str) -> list[str]:
        """Returns the sentences to be written under the legend."""
        if not self.unnumbered:
            return self.notes
        more = words_of(N_("{count} more are drawn without a number."), language, count=self.unnumbered)
        return [*self.notes, more]


class Sheet:
    """A drawing in the making.

    Args:
        width: Width in pixels.
        height: Height of the drawing in pixels, without heading and legend.
        language: Language of its texts.
        legend: Legend shared with the other drawings of the picture; its own when None.
    """

    def __init__(self, width: float, height: float, language: str, legend: Legend | None = None) -> None:
        self.width = width
        self.height = height
        self.language = language
        self.places = Places(width, height)
        self.legend = legend or Legend()
        self._layers: dict[str, list[str]] = {layer: [] for layer in LAYERS}

    def add(self, layer: str, markup: str) -> None:
        """Draws markup on a layer."""
        self._layers[layer].append(markup)

    def explain(self, words: str, sign: str, *, is_first: bool = False) -> None:
        """Explains a sign once; `sign` is markup inside a box of 30 by 18 pixels."""
        keys = self.legend.keys
        if words not in keys:
            self.legend.keys = {words: sign, **keys} if is_first else {**keys, words: sign}

    def number(self, words: str) -> int | None:
        """Returns the number under which the legend will name something; None when there are too many."""
        if len(self.legend.entries) >= NUMBERED_MAX:
            self.legend.unnumbered += 1
            return None
        self.legend.entries.append((len(self.legend.entries) + 1, words))
        return len(self.legend.entries)

    def label(self, x: float, y: float, words: str, *, size: float = 11.5, is_far: bool = False) -> bool:
        """Writes a short text beside a point where there is room; False when there is none.

        Args:
            x: Place of the point, pixels from the left.
            y: Place of the point, pixels from the top.
            words: The text.
            size: Size of its letters, pixels.
            is_far: Look farther away, and join text and point by a line.
        """
        width, height = text_width(words, size, bold=True) + 5, size * 1.25
        box = self.places.find(around(x, y, width, height, FAR if is_far else NEAR), width, height)
        if box is None:
            return False
        middle_x, middle_y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if is_far:
            line = polyline([(x, y), (middle_x, middle_y)])
            self.add("signs", element("path", d=line, stroke=QUIET, stroke_width=0.9))
        base = box[3] - size * 0.28
        self.add("texts", halo(middle_x, base, words, size=size, bold=True, text_anchor="middle"))
        return True

    def body(self) -> str:
        """Returns the layers in order, lowest first."""
        return "".join(markup for layer in LAYERS for markup in self._layers[layer])


def around(
    x: float, y: float, width: float, height: float, reaches: tuple[float, ...]
) -> Iterator[tuple[float, float]]:
    """Yields centres for a box beside a point: right, left, above, below, corners; then farther away."""
    for reach in reaches:
        dx, dy = width / 2 + reach, height / 2 + reach
        yield from ((x + dx, y), (x - dx, y), (x, y - dy), (x, y + dy))
        yield from ((x + dx, y - dy), (x - dx, y - dy), (x + dx, y + dy), (x - dx, y + dy))

# SPDX-License-Identifier: Apache-2.0
"""Films of a run as MP4 (VP9) or GIF: people as dots by the density around them, or places by their density."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from hamkor.common.messages import N_
from hamkor.simulation.measures.fields import Grid, density_of
from hamkor.simulation.measures.judging import NEVER_CLEARS
from hamkor.simulation.rendering.colours import (
    DOT_COLOURS,
    colour_index,
    density_colours,
    density_steps,
    rgb_of,
)
from hamkor.simulation.rendering.maps import bounds_of, rings_of, used_places
from hamkor.simulation.rendering.shown import Shown
from hamkor.simulation.rules.layout import Layout
from hamkor.simulation.rules.outcome import Outcome

if TYPE_CHECKING:
    from hamkor.simulation.micro.result import DensityGrid, Run

Pixels = NDArray[np.uint8]
FilmForm = Literal["mp4", "gif"]
SIZE = (1280, 720)
GIF_SIZE = (720, 405)
HEAD_PX = 64
PICTURES_PER_S = 12
LONGEST_S = 45
GIF_PICTURES = 90
PAGE_RGB = (255, 255, 255)
WALL_RGB = (139, 149, 157)
FLOOR_RGB = (244, 246, 247)
INK_RGB = (29, 36, 42)
QUIET_RGB = (86, 97, 107)
FLOW_RGB = (11, 106, 162)
CODEC = "libvpx-vp9"


class Stage:
    """The drawing in pixels, with people or colours put on it moment by moment.

    Args:
        outcome: The answer.
        layout: Places and links.
        shown: Language, names and time zone.
        size: Width and height of a picture, pixels.
        floors: Ground of a micro-simulation, None: places are coloured.
        run: The micro-simulation with recorded frames.
    """

    def __init__(
        self,
        outcome: Outcome,
        layout: Layout,
        shown: Shown,
        *,
        size: tuple[int, int],
        floors: Any = None,
        run: Run | None = None,
    ) -> None:
        self.outcome, self.layout, self.shown, self.size = outcome, layout, shown, size
        self.floors, self.run = floors, run
        self.drawn = [place for place in layout.places.values() if place.outline is not None]
        self.west, self.south, east, north = bounds_of(used_places(outcome, layout))
        extent = (east - self.west, north - self.south)
        head = round(HEAD_PX * size[1] / SIZE[1])
        self.head = head
        self.scale = min((size[0] - 150) / extent[0], (size[1] - head - 34) / extent[1])
        self.left = (size[0] - extent[0] * self.scale) / 2
        self.low = size[1] - 26 - (size[1] - head - 34 - extent[1] * self.scale) / 2
        self.floor = self._floor()

    def moments_s(self, pictures: int) -> NDArray[np.floating]:
        """Returns the seconds of so many pictures, from the start until everybody arrived."""
        times = np.array(self.outcome.arrived.times_s or (0.0,))
        values = np.array(self.outcome.arrived.values or (0.0,))
        reached = np.flatnonzero(values >= values[-1] - 0.5)
        end = times[-1] if self.outcome.left >= 1 else times[reached[0]]
        return np.linspace(0.0, max(float(end), 1.0), pictures)

    def picture(self, second: float) -> Pixels:
        """Returns the picture of a second; shape (height, width, 3)."""
        if self.run is None or self.run.frames is None:
            return self._places_at(second)
        image = self.floor.copy()
        frame = min(int(np.searchsorted(self.run.frames.times_s, second)), len(self.run.frames) - 1)
        self._put_people(image, frame)
        return self._with_head(image, float(self.run.frames.times_s[frame]))

    def _to_px(self, xy: NDArray[Any]) -> NDArray[np.floating]:
        return np.column_stack(
            [
                self.left + (xy[:, 0] - self.west) * self.scale,
                self.low - (xy[:, 1] - self.south) * self.scale,
            ]
        )

    def _floor(self) -> Pixels:
        from PIL import Image, ImageDraw

        image = Image.new("RGB", self.size, PAGE_RGB)
        pen = ImageDraw.Draw(image)
        for place in sorted(self.drawn, key=lambda one: -one.outline.area):
            for ring in rings_of(place.outline):
                pen.polygon([tuple(point) for point in self._to_px(ring)], fill=FLOOR_RGB, outline=WALL_RGB)
        for link in self.layout.links.values():
            if link.line is not None:
                points = self._to_px(np.asarray(link.line.coords)[:, :2])
                pen.line([tuple(point) for point in points], fill=FLOW_RGB, width=3)
        self._put_legend(pen)
        return np.asarray(image, np.uint8).copy()

    def _put_legend(self, pen: Any) -> None:
        font = _font(round(self.size[1] / 55))
        colours = DOT_COLOURS if self.run is not None else density_colours()
        line = round(self.size[1] / 42)
        top = self.size[1] - 30 - line * (len(colours) + 1)
        pen.text((10, top), self.shown.say(N_("People per m²")), fill=INK_RGB, font=font)
        lows = (0.0, *density_steps())
        for at, colour in enumerate(colours):
            y = top + line * (at + 1) + 4
            pen.rectangle((10, y, 10 + line - 8, y + line - 8), fill=colour)
            sign = ">" if at == len(colours) - 1 else "≥"
            pen.text((14 + line, y - 3), f"{sign} {self.shown.number(lows[at], 1)}", fill=INK_RGB, font=font)
        pen.text(
            (10, self.size[1] - 20),
            NEVER_CLEARS.render(self.shown.language),
            fill=QUIET_RGB,
            font=_font(round(self.size[1] / 60)),
        )

    def _with_head(self, image: Pixels, second: float) -> Pixels:
        from PIL import Image, ImageDraw

        strip = Image.new("RGB", (self.size[0], self.head), PAGE_RGB)
        pen = ImageDraw.Draw(strip)
        curve = self.outcome.arrived
        arrived = float(np.interp(second, curve.times_s, curve.values)) if curve.times_s else 0.0
        says = self.shown.say(
            N_("{clock}   {people} of {all} arrived"),
            clock=self.shown.clock(self.outcome.scenario, second, seconds=True),
            people=round(arrived),
            all=round(self.outcome.people),
        )
        title = self.shown.title(self.outcome.scenario)
        pen.text((10, 4), title, fill=QUIET_RGB, font=_font(round(self.head / 3.6)))
        pen.text((10, self.head * 0.42), says, fill=INK_RGB, font=_font(round(self.head / 2.6)))
        image[: self.head] = np.asarray(strip)
        return image

    def _put_people(self, image: Pixels, frame: int) -> None:
        if self.run is None or self.run.frames is None:
            return
        frames = self.run.frames
        rows = frames.rows(frame)
        xy = frames.xy[rows].astype(float) + np.array(frames.origin)
        colours = np.zeros(len(xy), int)
        for sheet, grid in enumerate(self.run.densities):
            here = frames.sheet[rows] == sheet
            colours[here] = colour_index(_density_at(grid, xy[here]))
        order = np.argsort(colours, kind="stable")
        self._put_dots(image, xy[order], rgb_of(DOT_COLOURS)[colours[order]])

    def _put_dots(self, image: Pixels, xy: NDArray[Any], rgb: Pixels) -> None:
        """Puts a square of about half a metre, at least two pixels wide, at each place."""
        column, row = np.rint(self._to_px(xy)).astype(int).T
        size = max(2, round(0.45 * self.scale))
        for down in range(size):
            for right in range(size):
                y = (row + down).clip(self.head, self.size[1] - 1)
                image[y, (column + right).clip(0, self.size[0] - 1)] = rgb

    def _places_at(self, second: float) -> Pixels:
        from PIL import Image, ImageDraw

        image = Image.fromarray(self.floor)
        pen = ImageDraw.Draw(image)
        for place in sorted(self.drawn, key=lambda one: -one.outline.area):
            found = self.outcome.places.get(place.id)
            curve = found.density_per_m2 if found is not None else None
            density = float(np.interp(second, curve.times_s, curve.values)) if curve is not None else 0.0
            colour = (
                density_colours()[int(colour_index(np.array([density]))[0])] if density > 0.02 else FLOOR_RGB
            )
            for ring in rings_of(place.outline):
                pen.polygon([tuple(point) for point in self._to_px(ring)], fill=colour, outline=WALL_RGB)
        self._put_flows(pen, second)
        return self._with_head(np.asarray(image, np.uint8).copy(), second)

    def _put_flows(self, pen: Any, second: float) -> None:
        font = _font(round(self.size[1] / 50))
        most = max(
            (max(link.flow_per_min.values, default=0.0) for link in self.outcome.links.values()), default=1.0
        )
        for link in self.layout.links.values():
            found = self.outcome.links.get(link.id)
            if link.line is None or found is None or not found.flow_per_min.times_s:
                continue
            flow = float(np.interp(second, found.flow_per_min.times_s, found.flow_per_min.values))
            queue = (
                float(np.interp(second, found.queue.times_s, found.queue.values))
                if found.queue.times_s
                else 0.0
            )
            points = self._to_px(np.asarray(link.line.coords)[:, :2])
            width = 2 + round(8 * flow / max(most, 1e-9))
            pen.line(
                [tuple(point) for point in points], fill=FLOW_RGB if flow >= 0.5 else WALL_RGB, width=width
            )
            if queue >= 5:
                self._put_queue(pen, points.mean(axis=0), queue, font)

    def _put_queue(self, pen: Any, at: NDArray[Any], queue: float, font: Any) -> None:
        radius = max(4.0, np.sqrt(queue / 2 / np.pi) * self.scale)
        x, y = at
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(161, 61, 143), width=3)
        if queue >= 50:
            pen.text(
                (x, y),
                f"{queue:.0f}",
                fill=INK_RGB,
                font=font,
                anchor="mm",
                stroke_width=2,
                stroke_fill=PAGE_RGB,
            )


def _density_at(grid: DensityGrid, xy: NDArray[Any]) -> NDArray[np.floating]:
    """Returns the density around each person of a storey, people per m²."""
    share = np.clip(grid.area_m2 / grid.cell_m**2, 0, 1).astype(float)
    cells = Grid(west_m=grid.origin[0], south_m=grid.origin[1], cell_m=grid.cell_m, open_share=share)
    density = density_of(cells, xy[:, 0], xy[:, 1])
    column, row = np.floor((xy - np.array(grid.origin)) / grid.cell_m).astype(int).T
    found: NDArray[np.floating] = density[row.clip(0, share.shape[0] - 1), column.clip(0, share.shape[1] - 1)]
    return found


def _font(size: int) -> Any:
    from pathlib import Path

    import matplotlib
    from PIL import ImageFont

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return ImageFont.truetype(str(path), max(8, size))


def film_of(
    outcome: Outcome,
    layout: Layout,
    shown: Shown,
    *,
    form: FilmForm = "mp4",
    floors: Any = None,
    run: Run | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> bytes | None:
    """Returns a run as a film of at most three quarters of a minute; None when nothing is drawn.

    Args:
        outcome: The answer.
        layout: Places and links.
        shown: Language, names and time zone.
        form: `mp4` (VP9, plays in browsers and in usual players) or `gif`.
        floors: Ground of a micro-simulation; None: places are coloured.
        run: The micro-simulation with recorded frames.
        on_progress: Is told the share of the work done; may raise to cancel.
    """
    if all(place.outline is None for place in layout.places.values()):
        return None
    size = SIZE if form == "mp4" else GIF_SIZE
    stage = Stage(outcome, layout, shown, size=size, floors=floors, run=run)
    pictures = GIF_PICTURES if form == "gif" else PICTURES_PER_S * LONGEST_S
    if run is not None and run.frames is not None:
        pictures = min(pictures, len(run.frames))
    moments = stage.moments_s(max(2, pictures))

    def shots() -> Iterator[Pixels]:
        for at, moment in enumerate(moments):
            yield stage.picture(float(moment))
            if on_progress is not None:
                on_progress((at + 1) / len(moments))

    return _gif(shots()) if form == "gif" else _mp4(shots(), size)


def _gif(shots: Iterator[Pixels]) -> bytes:
    from PIL import Image

    pictures = [Image.fromarray(shot).quantize(64, method=Image.Quantize.FASTOCTREE) for shot in shots]
    written = io.BytesIO()
    pictures[0].save(
        written,
        format="GIF",
        save_all=True,
        append_images=pictures[1:],
        duration=1000 // PICTURES_PER_S,
        loop=0,
        optimize=False,
    )
    return written.getvalue()


def _mp4(shots: Iterator[Pixels], size: tuple[int, int]) -> bytes:
    import av
    from av.video.stream import VideoStream

    written = io.BytesIO()
    with av.open(written, mode="w", format="mp4") as container:
        stream = container.add_stream(CODEC, rate=PICTURES_PER_S)
        assert isinstance(stream, VideoStream)  # noqa: S101 - of a codec for pictures nothing else is made
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, PICTURES_PER_S)
        stream.options = {"crf": "32", "b": "0", "deadline": "realtime", "cpu-used": "7", "row-mt": "1"}
        stream.thread_count = 2
        for at, shot in enumerate(shots):
            picture = av.VideoFrame.from_ndarray(shot, format="rgb24")
            picture.pts = at
            for packet in stream.encode(picture):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return written.getvalue()

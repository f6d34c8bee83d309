# SPDX-License-Identifier: Apache-2.0
"""`hamkor venue`: drawings of other programs, and what a drawing measures."""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from hamkor.cli.edge import STATUS_OK
from hamkor.cli.language import N_, say, spoken
from hamkor.cli.options import folder_argument, language_option, output_file
from hamkor.common.errors import HamkorError

if TYPE_CHECKING:
    from hamkor.venues.rules.drawings import DrawingOptions, Imported, Tie
    from hamkor.venues.rules.features import Venue

UNITS = ("mm", "cm", "dm", "m", "km", "in", "ft")
LAYERS_BYTES = 200_000
VENUE_FILE = "venue.geojson"
_SIGNS = {"assumed": "~", "mended": "+", "left_out": "-", "unknown": "?", "kept": "="}
KINDS = {
    "area": N_("areas"),
    "opening": N_("openings"),
    "passage": N_("passages"),
    "turnstiles": N_("banks of turnstiles"),
    "route": N_("routes"),
    "post_place": N_("post places"),
    "device": N_("devices"),
    "assembly_area": N_("assembly areas"),
    "shelter": N_("shelters"),
    "structure": N_("structures"),
    "attractor": N_("things that draw people"),
}


@click.group("venue", help=spoken(N_("The drawing of a venue: import it, measure it.")))
def venue() -> None:
    """Holds the commands of the drawing."""


@venue.command(
    "import",
    help=spoken(N_("Make venue.geojson of a drawing in GeoJSON, IMDF, OSM XML or DXF; say what is unknown.")),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@output_file(spoken(N_("GeoJSON file to write; must not exist yet.")))
@click.option(
    "--origin",
    metavar="LON,LAT",
    help=spoken(N_("Place of the middle of a DXF drawing, degrees; up is north.")),
)
@click.option(
    "--tie",
    "ties",
    metavar="X,Y=LON,LAT",
    multiple=True,
    help=spoken(N_("Point of a DXF drawing and its place, given twice; instead of --origin.")),
)
@click.option(
    "--layers",
    type=click.Path(path_type=Path, dir_okay=False),
    help=spoken(N_("YAML file that says what is drawn on which layer.")),
)
@click.option("--unit", type=click.Choice(UNITS), help=spoken(N_("Unit of a DXF drawing; replaces its own.")))
@click.option(
    "--level", type=float, default=0, show_default=True, help=spoken(N_("Storey of a DXF drawing."))
)
@language_option
def import_file(file: Path, *, output: Path, language: str, **told: Any) -> int:
    """Makes `venue.geojson` of a drawing and says what was taken for granted and what is unknown."""
    from hamkor.cli.progress import working
    from hamkor.folder.queries import as_geojson
    from hamkor.venues.queries import import_drawing

    if output.exists():
        raise HamkorError(
            "output-exists",
            N_("{path} exists already and is not replaced. Name another file, or remove it first."),
            path=str(output),
        )
    options = _options(**told)
    with working(N_("Reading the drawing"), language):
        imported = import_drawing(_read(file), name=file.name, options=options)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(as_geojson(imported.venue), encoding="utf-8")
    _print_summary(imported, language)
    click.echo(say(N_("{path} written."), language, path=str(output)))
    return STATUS_OK


@venue.command(
    "measure", help=spoken(N_("List lengths, areas and widths of a drawing, and what is unknown."))
)
@folder_argument
@language_option
def measure(path: Path, *, language: str) -> int:
    """Lists the measures of every feature of a drawing."""
    from rich.console import Console
    from rich.table import Table

    from hamkor.common.messages import show
    from hamkor.venues.queries import import_drawing
    from hamkor.venues.rules.measuring import find_origin, measure_feature

    file = path / VENUE_FILE if path.is_dir() else path
    drawing = import_drawing(_read(file), name=file.name).venue
    origin = find_origin(drawing)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in (N_("Feature"), N_("Called"), N_("Kind")):
        table.add_column(say(head, language), overflow="fold")
    for head in (N_("Length, m"), N_("Area, m²"), N_("Clear width, m"), N_("Drawn width, m")):
        table.add_column(say(head, language), justify="right")
    for feature in drawing.features:
        measures = measure_feature(feature, origin=origin)
        kind = str(feature.properties.__struct_config__.tag)
        name = feature.properties.name
        is_way = kind in {"opening", "passage"}
        table.add_row(
            feature.id,
            "" if name is None else show(name, language),
            kind,
            _number(measures.length_m, language),
            _number(measures.area_m2, language),
            _number(measures.width_m, language) or ("?" if is_way else ""),
            _number(measures.drawn_width_m, language),
        )
    Console(highlight=False, markup=False).print(table)
    _print_counts(drawing, language)
    return STATUS_OK


def _number(value: float | None, language: str) -> str:
    from hamkor.common.i18n import format_number

    return "" if value is None else format_number(value, language)


def _read(file: Path) -> bytes:
    """Returns the bytes of a file, one more than is accepted at most, so that a giant never fills the memory."""
    from hamkor.venues.rules.drawings import ONE_VENUE

    with file.open("rb") as opened:
        return opened.read(ONE_VENUE.file_bytes + 1)


def _options(
    *, origin: str | None, ties: tuple[str, ...], layers: Path | None, unit: str | None, level: float
) -> DrawingOptions:
    """Returns what was told of the drawing.

    Raises:
        HamkorError: ``bad-origin``, ``bad-tie``, ``bad-level``, ``layers-unusable``.
    """
    from hamkor.venues.rules.drawings import DrawingOptions, Unit

    if not -20 <= level <= 200:
        raise HamkorError("bad-level", N_("A storey is a number from -20 to 200; 0 is the ground."))
    known: dict[str, Unit] = {name: name for name in get_args(Unit)}
    place = None if origin is None else _numbers(origin, 2)
    if origin is not None and place is None:
        raise HamkorError(
            "bad-origin",
            N_("`{text}` is no place. Write longitude and latitude in degrees: --origin 69.28,41.31"),
            text=origin,
        )
    return DrawingOptions(
        layers=_layers(layers) if layers is not None else {},
        unit=None if unit is None else known[unit],
        origin=None if place is None else (place[0], place[1]),
        ties=_ties(ties),
        level=level,
    )


def _ties(texts: tuple[str, ...]) -> tuple[Tie, Tie] | None:
    from hamkor.venues.rules.drawings import Tie

    numbers = [_numbers(text, 4) for text in texts]
    read = [Tie(*found) for found in numbers if found is not None]
    if not texts:
        return None
    if len(read) != 2 or len(texts) != 2:
        raise HamkorError(
            "bad-tie",
            N_(
                "Two points are needed, each like this: --tie 0,0=69.2801,41.3102 --tie 120,80=69.2815,41.3109"
            ),
        )
    return read[0], read[1]


def _numbers(text: str, count: int) -> list[float] | None:
    try:
        numbers = [float(part) for part in re.split("[,=]", text)]
    except ValueError:
        return None
    return numbers if len(numbers) == count and all(map(math.isfinite, numbers)) else None


def _layers(path: Path) -> dict[str, str]:
    """Returns the table of layers in a YAML file, bare or below the key `layers`."""
    import msgspec
    import yaml

    with path.open("rb") as opened:
        content = opened.read(LAYERS_BYTES)
    try:
        raw = yaml.safe_load(content)
        table = raw.get("layers", raw) if isinstance(raw, dict) else raw
        return msgspec.convert(table, dict[str, str])
    except (yaml.YAMLError, msgspec.ValidationError, RecursionError, ValueError):
        raise HamkorError(
            "layers-unusable",
            N_("{path} is no table of layers. Write one line for each layer: `A-DOOR*: opening`."),
            path=str(path),
        ) from None


def _print_summary(imported: Imported, language: str) -> None:
    """Prints what was found, then every remark behind a sign of its kind, what is unknown last."""
    _print_counts(imported.venue, language)
    order = list(_SIGNS)
    remarks = sorted(
        imported.remarks, key=lambda remark: (remark.kind == "unknown", order.index(remark.kind))
    )
    for remark in remarks:
        click.echo(f"  {_SIGNS[remark.kind]} {remark.message.render(language)}")


def _print_counts(drawing: Venue, language: str) -> None:
    kinds = Counter(str(feature.properties.__struct_config__.tag) for feature in drawing.features)
    found = [f"{kinds[kind]} {say(name, language)}" for kind, name in KINDS.items() if kinds[kind]]
    click.echo(say(N_("Found: {found}."), language, found=found))


def register(app: click.Group) -> None:
    """Adds the commands."""
    app.add_command(venue)

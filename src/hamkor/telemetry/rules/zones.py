# SPDX-License-Identifier: Apache-2.0
"""The state of a zone: five bands, by density where it is known, else by fill; up at once, down with patience."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hamkor.common.records import Id

At = Annotated[datetime, Meta(tz=True)]
Band = Annotated[int, Meta(ge=0, le=4)]
Source = Literal["sensor", "counters", "parts"]


class Bands(msgspec.Struct, frozen=True, kw_only=True):
    """Where one band ends and the next begins.

    Args:
        id: Name of the profile.
        density_per_m2: Four thresholds, people per m².
        fill: Four thresholds, share of the capacity.
        back: Share of a threshold a value must fall below it before the band falls.
        fall_after_s: Seconds a band stands at least before it falls.
        source: Where the thresholds come from.
    """

    id: str
    density_per_m2: tuple[float, float, float, float]
    fill: tuple[float, float, float, float]
    back: float
    fall_after_s: float
    source: str


# Density: 1 to 4 people/m² as the ramp of the maps; above 4 moving crowds lose control of their steps (Fruin 1993,
# Still 2000; HSG 154 asks for action at 4). Fill, hysteresis and patience are ours, by decision 0025.
BANDS: dict[str, Bands] = {
    "standard": Bands(
        id="standard",
        density_per_m2=(1.0, 2.0, 3.0, 4.0),
        fill=(0.7, 0.9, 1.0, 1.1),
        back=0.1,
        fall_after_s=10,
        source="Fruin 1993; Still 2000; HSE HSG 154; decision 0025",
    )
}
DEFAULT_BANDS = BANDS["standard"]


class ZoneState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How crowded an area is; journalled when its band changes, with what was known at that moment.

    Args:
        id: Id of the area.
        band: 0 to 4: below 1, 1 to 2, 2 to 3, 3 to 4, from 4 people/m²; without density the same by fill.
        density: People per m², or None.
        count: People inside, or None.
        fill: Share of the capacity, or None.
        since: When the band began.
        source: Where the value comes from.
        device: The sensor that said so, or None.
    """

    id: Id
    band: Band
    density: float | None = None
    count: float | None = None
    fill: float | None = None
    since: At
    source: Source | None = None
    device: str | None = None


def band_of(density: float | None, fill: float | None, bands: Bands = DEFAULT_BANDS) -> int | None:
    """Returns the band of a zone by its values alone; None when neither is known.

    Args:
        density: People per m², or None.
        fill: Share of the capacity, or None.
        bands: The thresholds.
    """
    value, thresholds = (density, bands.density_per_m2) if density is not None else (fill, bands.fill)
    return None if value is None else sum(value >= limit for limit in thresholds)


def next_band(
    now: int | None,
    density: float | None,
    fill: float | None,
    *,
    stood_s: float,
    bands: Bands = DEFAULT_BANDS,
) -> int | None:
    """Returns the band a zone has next: up at once, down only when clearly below and after a while.

    Args:
        now: The band it has, or None.
        density: People per m², or None.
        fill: Share of the capacity, or None.
        stood_s: For how long it has had it, in seconds.
        bands: The thresholds and the patience.
    """
    found = band_of(density, fill, bands)
    if now is None or found is None or found >= now:
        return found
    if stood_s < bands.fall_after_s:
        return now
    value, thresholds = (density, bands.density_per_m2) if density is not None else (fill, bands.fill)
    assert value is not None  # noqa: S101 - there is a band
    return min(now, sum(value >= limit * (1 - bands.back) for limit in thresholds))

# SPDX-License-Identifier: Apache-2.0
"""Answers as files for programs: JSON with everything, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from hamkor.simulation.rendering.shown import Shown
from hamkor.simulation.rules.outcome import Band, Curve, Outcome


def result_json(outcomes: Sequence[Outcome], shown: Shown, *, sign_off: str) -> bytes:
    """Returns one answer, or the list of several, as JSON; sentences in the language.

    Args:
        outcomes: One or more.
        shown: Language.
        sign_off: Sentence that goes with every number.
    """
    told = [_told(outcome, shown, sign_off) for outcome in outcomes]
    content: Any = told[0] if len(told) == 1 else {"scenarios": told}
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def _told(outcome: Outcome, shown: Shown, sign_off: str) -> dict[str, Any]:
    content = msgspec.to_builtins(outcome)
    for field in ("fails", "warnings", "assumptions"):
        content[field] = [message.render(shown.language) for message in getattr(outcome, field)]
    content["names"] = {
        feature: shown.name(feature)
        for feature in (*outcome.places, *outcome.links)
        if feature in shown.names
    }
    content["sign_off"] = sign_off
    told: dict[str, Any] = rounded(content)
    return told


def rounded(content: Any) -> Any:
    """Returns the same with numbers to six digits: the rest says nothing and fills the disk.

    Args:
        content: What JSON can hold.
    """
    if isinstance(content, float):
        return float(f"{content:.6g}") if np.isfinite(content) else None
    if isinstance(content, dict):
        return {key: rounded(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [rounded(value) for value in content]
    return content


def arrived_csv(outcome: Outcome, shown: Shown) -> str:
    """Returns people arrived over time, with the band of an ensemble.

    Args:
        outcome: The answer.
        shown: Time zone.
    """
    rows = _curve_rows(outcome.arrived)
    lines = ((f"{row[0]:g}", shown.clock(outcome.scenario, row[0]), *map(_number, row[1:])) for row in rows)
    return _csv(("seconds", "clock", "arrived", "low", "high"), lines)


def places_csv(outcome: Outcome, shown: Shown) -> str:
    """Returns one line per place: most people, highest density, seconds above 2 to 5 per m², when it was empty.

    Args:
        outcome: The answer.
        shown: Language and names.
    """
    heads = ("id", "name", "most_people", "worst_density_per_m2", "above_2_s", "above_3_s", "above_4_s")
    lines = (
        (
            place,
            shown.name(place),
            *_band_cells(found.most_people),
            *_band_cells(found.worst_density_per_m2),
            *(_number(found.seconds_above.get(limit)) for limit in ("2", "3", "4", "5")),
            *_band_cells(found.clear_s),
        )
        for place, found in outcome.places.items()
    )
    spread = [head for head in heads[2:4] for head in (head, f"{head}_low", f"{head}_high")]
    above = ("above_2_s", "above_3_s", "above_4_s", "above_5_s")
    return _csv(("id", "name", *spread, *above, "clear_s", "clear_s_low", "clear_s_high"), lines)


def links_csv(outcome: Outcome, shown: Shown) -> str:
    """Returns one line per link: people through it, longest queue and wait, share of all.

    Args:
        outcome: The answer.
        shown: Language and names.
    """
    names = ("passed", "longest_queue", "longest_wait_s")
    spread = [head for name in names for head in (name, f"{name}_low", f"{name}_high")]
    lines = (
        (
            link,
            shown.name(link),
            *_band_cells(found.passed),
            *_band_cells(found.longest_queue),
            *_band_cells(found.longest_wait_s),
            _number(found.busy_share),
            _number(found.share),
        )
        for link, found in outcome.links.items()
    )
    return _csv(("id", "name", *spread, "busy_share", "share"), lines)


def _curve_rows(curve: Curve) -> Iterable[tuple[float, ...]]:
    low, high = curve.low or curve.values, curve.high or curve.values
    return zip(curve.times_s, curve.values, low, high, strict=True)


def _band_cells(band: Band | None) -> tuple[str, str, str]:
    return ("", "", "") if band is None else (_number(band.middle), _number(band.low), _number(band.high))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _csv(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return written.getvalue()

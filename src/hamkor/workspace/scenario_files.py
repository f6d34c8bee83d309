# SPDX-License-Identifier: Apache-2.0
"""An answer of the crowd engine for other programs: everything as JSON, gates and places as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from hamkor.scenarios.queries import Run, ScenarioAbsentError
from hamkor.scenarios.rules.answers import Answer
from hamkor.simulation.rules.outcome import Outcome
from hamkor.workspace.scenario_words import label_of

FILE_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
}
HEAD = (
    "kind",
    "id",
    "name",
    "passed",
    "share",
    "longest_queue",
    "longest_wait_s",
    "most_people",
    "worst_density_per_m2",
    "seconds_above_4_per_m2",
    "clear_s",
)
# A spreadsheet would take a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(run: Run, answer: Answer | None) -> bytes:
    """Returns question, answer and the case it is compared with, as JSON.

    Raises:
        ScenarioAbsentError: There is no answer.
    """
    if answer is None or answer.outcome is None:
        raise ScenarioAbsentError
    told: dict[str, Any] = {
        "format": "hamkor-what-if-1",
        "id": str(run.id),
        "event": str(run.stream),
        "entry": run.number,
        "inputs_hash": run.inputs_hash,
        "question": run.options,
        "answer": answer.outcome,
        "base": answer.base,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1)


def as_csv(run: Run, answer: Answer | None, names: Mapping[str, Any]) -> bytes:
    """Returns gates and places as a table with a comma, in UTF-8 with the mark spreadsheets look for.

    Args:
        run: The run.
        answer: Its answer.
        names: What features are called, by id.

    Raises:
        ScenarioAbsentError: There is no answer.
    """
    if answer is None or answer.outcome is None:
        raise ScenarioAbsentError
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in _rows(answer.outcome, names):
        writer.writerow([_harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _rows(outcome: Outcome, names: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for share, band in outcome.clearance_s.items():
        yield ("clearance", share, "", "", share, "", "", "", "", "", round(band.middle, 1))
    for link, found in sorted(outcome.links.items()):
        queue, wait = round(found.longest_queue.middle, 1), round(found.longest_wait_s.middle, 1)
        passed = round(found.passed.middle, 1)
        yield (
            "gate",
            link,
            label_of(link, names),
            passed,
            round(found.share, 4),
            queue,
            wait,
            "",
            "",
            "",
            "",
        )
    for place, held in sorted(outcome.places.items()):
        worst, clear = held.worst_density_per_m2, held.clear_s
        yield (
            *("place", place, label_of(place, names), "", "", "", "", round(held.most_people.middle, 1)),
            "" if worst is None else round(worst.middle, 3),
            round(held.seconds_above.get("4", 0.0), 1) if worst is not None else "",
            "" if clear is None else round(clear.middle, 1),
        )


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

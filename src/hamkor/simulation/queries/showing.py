# SPDX-License-Identifier: Apache-2.0
"""Everything an answer is shown with, as named files: numbers, charts, maps, a replay, films."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from hamkor.common.messages import show
from hamkor.crowd.rules.inputs import SIGN_OFF
from hamkor.events.rules import Event
from hamkor.simulation.measures.comparing import compare
from hamkor.simulation.queries.running import Answer

Film = Literal["mp4", "gif"]
Progress = Callable[[float], None]


def papers_of(
    answers: Sequence[Answer], event: Event, *, language: str, svg: bool = False
) -> Iterator[tuple[str, bytes]]:
    """Yields the files of answers by name: the first as it is, the others compared with it.

    Args:
        answers: One or more; the first is the base of comparison.
        event: The event, for its name and clock.
        language: One of the four languages.
        svg: Also every chart as SVG.

    Notes:
        With several answers, tables, maps and the replay are those of the last one: the case that was asked for.
    """
    from hamkor.simulation.rendering.charts import (
        clearance_chart,
        comparison_chart,
        occupancy_chart,
        queue_chart,
    )
    from hamkor.simulation.rendering.figures import picture_of
    from hamkor.simulation.rendering.maps import density_map
    from hamkor.simulation.rendering.shown import Shown
    from hamkor.simulation.rendering.tables import arrived_csv, links_csv, places_csv, result_json

    asked = answers[-1]
    shown = Shown(language=language, names=asked.names, zone=event.time_zone)
    outcomes = [answer.outcome for answer in answers]
    sign_off = shown.say(SIGN_OFF)
    yield "result.json", result_json(outcomes, shown, sign_off=sign_off)
    yield "arrived.csv", arrived_csv(asked.outcome, shown).encode()
    yield "places.csv", places_csv(asked.outcome, shown).encode()
    yield "links.csv", links_csv(asked.outcome, shown).encode()
    figures = {
        "clearance": clearance_chart(outcomes, shown),
        "queues": queue_chart(asked.outcome, shown),
        "occupancy": occupancy_chart(asked.outcome, shown),
        "density": density_map(asked.outcome, asked.layout, shown, floors=asked.floors, run=asked.run),
        "comparison": comparison_chart(compare(outcomes, link_names=asked.names), shown)
        if len(outcomes) > 1
        else None,
    }
    for name, figure in figures.items():
        if figure is not None:
            yield f"{name}.png", picture_of(figure, "png")
            if svg:
                yield f"{name}.svg", picture_of(figure, "svg")
    title = show(event.name, language)
    yield "replay.html", replay_of(asked, title=title, language=language, zone=event.time_zone)


def replay_of(answer: Answer, *, title: str, language: str, zone: str) -> bytes:
    """Returns the interactive page of an answer, complete in one file.

    Args:
        answer: The answer.
        title: Name of the event.
        language: One of the four languages.
        zone: Time zone of its clock.
    """
    from hamkor.simulation.rendering.replaying import replay_page
    from hamkor.simulation.rendering.shown import Shown

    shown = Shown(language=language, names=answer.names, zone=zone)
    page = replay_page(
        answer.outcome, answer.layout, shown, title=title, floors=answer.floors, run=answer.run
    )
    return page.encode()


def film(
    answer: Answer, event: Event, *, language: str, form: Film = "mp4", on_progress: Progress | None = None
) -> bytes | None:
    """Returns an answer as a film; None when nothing is drawn.

    Args:
        answer: The answer; of a micro-simulation with recorded positions.
        event: The event, for its clock.
        language: One of the four languages.
        form: `mp4` or `gif`.
        on_progress: Is told the share of the work done; may raise to cancel.
    """
    from hamkor.simulation.rendering.film import film_of
    from hamkor.simulation.rendering.shown import Shown

    shown = Shown(language=language, names=answer.names, zone=event.time_zone)
    return film_of(
        answer.outcome,
        answer.layout,
        shown,
        form=form,
        floors=answer.floors,
        run=answer.run,
        on_progress=on_progress,
    )

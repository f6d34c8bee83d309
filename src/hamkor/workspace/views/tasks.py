# SPDX-License-Identifier: Apache-2.0
"""The order of work: timeline, list and calendar."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpResponse

from hamkor.agencies.rules import agencies_edited_by, may_edit_part
from hamkor.pages.languages import current_language
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.fast_rows import timeline_bars, timeline_rows
from hamkor.workspace.timeline import period_of, timeline_of


@event_view()
def tasks_page(page: EventPage) -> HttpResponse:
    """Tasks on a timeline with what waits for what; the same as a list for everyone who reads no pictures."""
    language = current_language()
    chosen = page.request.GET.get("phase", "")
    tasks = [task for task in page.plan.tasks or () if chosen in {"", task.phase}]
    far = datetime.max  # noqa: DTZ901 - local times of the event carry no zone
    tasks.sort(key=lambda task: (period_of(task) or (far, far))[0])
    now = local_now(page).replace(second=0, microsecond=0)
    timeline = page.keep(("timeline", chosen, now), lambda: timeline_of(tasks, language=language, now=now))
    may_edit = may_edit_part(page.viewer, "tasks") or bool(agencies_edited_by(page.viewer))
    return page.render(
        "workspace/tasks.html",
        current_section="tasks",
        timeline=timeline,
        bars=page.keep(("bars", chosen), lambda: timeline_bars(timeline, stream=page.stream)),
        rows=page.keep(
            ("rows", chosen),
            lambda: timeline_rows(timeline, stream=page.stream, language=language, editable=may_edit),
        ),
        tasks=tasks,
        chosen_phase=chosen,
        phases=("preparation", "conduct", "analysis"),
    )


def local_now(page: EventPage) -> datetime:
    """Returns the present in the local time of the event, naive as all times of a plan."""
    try:
        zone = ZoneInfo(page.plan.event.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("Asia/Tashkent")
    return page.now.astimezone(zone).replace(tzinfo=None)

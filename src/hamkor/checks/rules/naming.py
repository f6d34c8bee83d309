# SPDX-License-Identifier: Apache-2.0
"""How findings name agencies, duties, posts, people and moments. People appear by office, never by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from hamkor.agencies.queries import get_agency
from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Subject
from hamkor.common.messages import N_, Message
from hamkor.common.records import Text
from hamkor.norms.queries import list_duties
from hamkor.norms.rules import Duty as CatalogueDuty
from hamkor.plans.rules.roster import Duty, Post, Task

MOST_LISTED = 8


def agency_name(code: str) -> Text:
    """Returns the short name of an agency in the languages it has one in."""
    return cast(Text, get_agency(code).short_names)


def agency_names(codes: Iterable[str]) -> list[Text]:
    """Returns the short names of agencies, each once, in the order given."""
    return [agency_name(code) for code in dict.fromkeys(codes)]


@cache
def duties_of_catalogue() -> dict[str, CatalogueDuty]:
    """Returns the duties of the catalogue by id."""
    return {duty.id: duty for duty in list_duties()}


def catalogued(duty: Duty) -> CatalogueDuty | None:
    """Returns the duty of the catalogue that a duty of the plan names, None when it names none that exists."""
    return duties_of_catalogue().get(duty.catalogue or "")


def is_vital(duty: Duty) -> bool:
    """Returns True when lives depend on a duty: the plan says so, or the catalogue does."""
    entry = catalogued(duty)
    return duty.critical or (entry is not None and entry.essential)


def duty_subject(duty: Duty) -> Subject:
    """Returns a duty as a subject, by its own title or that of the catalogue."""
    entry = catalogued(duty)
    title: Any = duty.title or (entry.title if entry is not None else None)
    return Subject("duty", duty.id, title)


def post_subject(post: Post) -> Subject:
    """Returns a post as a subject."""
    return Subject("post", post.id, post.title)


def task_subject(task: Task) -> Subject:
    """Returns a task as a subject."""
    return Subject("task", task.id, task.title)


def person_subject(context: Context, person_id: str) -> Subject:
    """Returns a person as a subject: by office if known, else by id; never by name."""
    person = context.people.get(person_id)
    return Subject("person", person_id, person.position if person is not None else None)


def moment_shown(moment: datetime) -> str:
    """Returns a moment as people write it."""
    return f"{moment:%d.%m.%Y %H:%M}"


def day_shown(day: date) -> str:
    """Returns a day as people write it."""
    return f"{day:%d.%m.%Y}"


def listed(items: Iterable[Any], most: int = MOST_LISTED) -> list[Any]:
    """Returns items for a sentence: the first few, and how many more there are."""
    everything = list(items)
    if len(everything) <= most:
        return everything
    return [*everything[:most], Message(N_("and {more} more"), {"more": len(everything) - most})]

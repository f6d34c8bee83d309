# SPDX-License-Identifier: Apache-2.0
"""Order of work, posts, forces, means."""

from __future__ import annotations

from datetime import datetime

from hamkor.common.figures import known
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Force, Mean, Post, Task
from hamkor.printing.sections.blocks import Row, Section, cell, part_section, table
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import agency_name, figure, number, period, say, words_of, yes_no
from hamkor.printing.words import word

_LAST = datetime.max  # noqa: DTZ901 - local times of the event carry no zone
_PHASES = ("preparation", "conduct", "analysis")


def work_sections(plan: Plan, names: Names) -> list[Section]:
    """Returns order of work, posts, forces and means."""
    return [_tasks(plan, names), _posts(plan, names), _forces(plan, names), _means(plan, names)]


def _tasks(plan: Plan, names: Names) -> Section:
    language = names.language
    if not plan.tasks:
        return part_section(plan, "tasks", language, None)
    order = {task.id: index for index, task in enumerate(plan.tasks)}
    tasks = sorted(plan.tasks, key=lambda t: (_PHASES.index(t.phase), t.starts_at or _LAST, order[t.id]))
    columns = [
        (N_("Time"), 2.3),
        (N_("Task"), 4.0),
        (N_("Who"), 2.2),
        (N_("After"), 2.6),
    ]
    rows = [
        (
            cell(period(task.starts_at, task.ends_at, language), small=_duration(task, language)),
            cell(say(task.title, language), bold=True, small=word(task.phase, language)),
            names.who(task.person) if task.person else agency_name(task.agency, language),
            names.titles(task.after) if task.after else "–",
        )
        for task in tasks
    ]
    return part_section(plan, "tasks", language, [table(columns, rows, language)])


def _duration(task: Task, language: str) -> str:
    if task.duration_min is None:
        return ""
    return words_of(N_("{minutes} min"), language, minutes=number(task.duration_min, language))


def _posts(plan: Plan, names: Names) -> Section:
    language = names.language
    if not plan.posts:
        return part_section(plan, "posts", language, None)
    columns = [
        (N_("Post"), 2.6),
        (N_("Agency"), 1.5),
        (N_("Where"), 2.0),
        (N_("Manned"), 2.2),
        (N_("Needed"), 1.0, "right"),
        (N_("Confirmed"), 1.2, "right"),
    ]
    rows = [
        (
            cell(say(post.title, language), bold=True, small=_post_remark(post, language)),
            agency_name(post.agency, language),
            names.places(post.place),
            cell(period(post.starts_at, post.ends_at, language), small=names.shifts(post.shifts)),
            figure(post.needed, language),
            cell(figure(post.confirmed, language), tone=_shortfall(post.needed, post.confirmed)),
        )
        for post in plan.posts
    ]
    return part_section(plan, "posts", language, [table(columns, rows, language)])


def _post_remark(post: Post, language: str) -> str:
    role = word(post.role, language)
    critical = translate(N_("critical"), language)
    return f"{role} · {critical}" if post.critical else role


def _shortfall(needed: Post | object, confirmed: object) -> str:
    """Returns the tone of a confirmed number: amber when it is surely below what is needed."""
    wanted, present = known(needed), known(confirmed)  # type: ignore[arg-type] # figures of the plan
    return "amber" if wanted is not None and present is not None and present.high < wanted.low else ""


def _forces(plan: Plan, names: Names) -> Section:
    language = names.language
    if not plan.staffing:
        return part_section(plan, "staffing", language, None)
    columns = [
        (N_("Agency"), 2.0),
        (N_("Who"), 1.6),
        (N_("Planned"), 1.1, "right"),
        (N_("Confirmed"), 1.3, "right"),
        (N_("Reserve"), 1.1, "right"),
        (N_("Trained here"), 1.2),
        (N_("Task is the crowd"), 1.3),
    ]
    return part_section(
        plan,
        "staffing",
        language,
        [table(columns, [_force_row(force, language) for force in plan.staffing], language)],
    )


def _force_row(force: Force, language: str) -> Row:
    return (
        cell(agency_name(force.agency, language), bold=True),
        word(force.role, language),
        figure(force.planned, language),
        cell(figure(force.confirmed, language), tone=_shortfall(force.planned, force.confirmed)),
        figure(force.reserve, language),
        yes_no(force.trained, language),
        yes_no(force.crowd_task, language),
    )


def _means(plan: Plan, names: Names) -> Section:
    language = names.language
    if not plan.means:
        return part_section(plan, "means", language, None)
    columns = [
        (N_("Means"), 3.0),
        (N_("Agency"), 1.8),
        (N_("How many"), 1.1, "right"),
        (N_("Ready"), 1.1, "right"),
        (N_("Where"), 2.4),
    ]
    return part_section(
        plan, "means", language, [table(columns, [_mean_row(mean, names) for mean in plan.means], language)]
    )


def _mean_row(mean: Mean, names: Names) -> Row:
    language = names.language
    return (
        cell(say(mean.title, language), bold=True, small=word(mean.sort, language)),
        agency_name(mean.agency, language),
        figure(mean.number, language),
        cell(figure(mean.ready, language), tone=_shortfall(mean.number, mean.ready)),
        names.places(mean.place),
    )

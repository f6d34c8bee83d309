# SPDX-License-Identifier: Apache-2.0
"""The list parts of a plan as tables: which columns each has, and one row for every item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from hamkor.common.figures import known
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.plans.rules.plan import Plan
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import agency_name, day, figure, period, say, yes_no
from hamkor.printing.words import word


class Cell(msgspec.Struct, frozen=True):
    """What stands in one cell.

    Args:
        text: The text.
        under: Smaller text below it.
        tone: ``red`` or ``amber`` when a person should look.
        is_number: It stands to the right.
    """

    text: str
    under: str = ""
    tone: str = ""
    is_number: bool = False


Show = Callable[[Any, Names], Cell]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """How a list part is shown.

    Args:
        part: Name of the part.
        title: Its heading.
        add: What the button to add an item says.
        empty: What is said while there is nothing.
        columns: Heading of each column and what stands in it; the first is the item's title.
        asked: Fields asked for when an item is added.
        group: Returns the heading an item stands under, when the table has groups.
    """

    part: str
    title: str
    add: str
    empty: str
    columns: tuple[tuple[str, Show], ...]
    asked: tuple[str, ...]
    group: Callable[[Any, Names], str] | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One item in a table.

    Args:
        id: Id of the item.
        cells: What stands in its columns.
        group: Heading it stands under, empty for none.
        severity: Worst severity of a finding about it, empty for none.
        findings: Rules of the findings about it.
    """

    id: str
    cells: tuple[Cell, ...]
    group: str
    severity: str
    findings: tuple[str, ...]


def rows_of(
    table: Table, plan: Plan, *, names: Names, findings: Mapping[str, tuple[Any, ...]]
) -> tuple[Row, ...]:
    """Returns a row for every item of a part, in order, groups together.

    Args:
        table: How the part is shown.
        plan: The plan.
        names: Names in place of ids.
        findings: Findings by the id of what they are about, worst first.
    """
    rows = []
    for item in getattr(plan, table.part) or ():
        about = findings.get(item.id, ())
        rows.append(
            Row(
                id=item.id,
                cells=tuple(show(item, names) for _, show in table.columns),
                group=table.group(item, names) if table.group is not None else "",
                severity=about[0].severity if about else "",
                findings=tuple(dict.fromkeys(finding.rule for finding in about)),
            )
        )
    if table.group is not None:
        order = list(dict.fromkeys(row.group for row in rows))
        rows.sort(key=lambda row: order.index(row.group))
    return tuple(rows)


def _text(field: str) -> Show:
    return lambda item, names: Cell(say(getattr(item, field), names.language))


def _word(field: str) -> Show:
    return lambda item, names: Cell(word(getattr(item, field), names.language))


def _agency(item: Any, names: Names) -> Cell:
    return Cell(agency_name(item.agency, names.language))


def _who(field: str) -> Show:
    return lambda item, names: Cell(names.who(getattr(item, field)))


def _places(item: Any, names: Names) -> Cell:
    return Cell(names.places(item.place))


def _period(item: Any, names: Names) -> Cell:
    return Cell(period(item.starts_at, item.ends_at, names.language))


def _figure(field: str, against: str | None = None) -> Show:
    def shown(item: Any, names: Names) -> Cell:
        value = getattr(item, field)
        tone = ""
        if against is not None:
            wanted, present = known(getattr(item, against)), known(value)
            tone = "amber" if wanted is not None and present is not None and present.high < wanted.low else ""
        return Cell(figure(value, names.language), tone=tone, is_number=True)

    return shown


def _yes_no(field: str) -> Show:
    return lambda item, names: Cell(yes_no(getattr(item, field), names.language))


def _day(field: str) -> Show:
    return lambda item, names: Cell(day(getattr(item, field), names.language))


def _critical(item: Any, names: Names) -> str:
    return translate(N_("critical"), names.language) if item.critical else ""


def _post(item: Any, names: Names) -> Cell:
    under = " · ".join(filter(None, (word(item.role, names.language), _critical(item, names))))
    return Cell(say(item.title, names.language), under)


def _manned(item: Any, names: Names) -> Cell:
    people = len({shift.person for shift in item.shifts})
    template = N_("people in turns: {count}")
    under = translate(template, names.language).format(count=people) if people else ""
    return Cell(period(item.starts_at, item.ends_at, names.language), under)


def _person(item: Any, names: Names) -> Cell:
    title = say(item.position, names.language) if item.position else item.id
    return Cell(item.name or title, title if item.name else "")


def _task(item: Any, names: Names) -> Cell:
    waits = names.titles(item.after) if item.after else ""
    after = translate(N_("after"), names.language)
    return Cell(say(item.title, names.language), f"{after}: {waits}" if waits else "")


def _hazard(item: Any, names: Names) -> Cell:
    number = (names.plan.hazards or ()).index(item) + 1
    return Cell(f"{number}. {names.hazard(item)}", say(item.note, names.language) if item.note else "")


def _risk(item: Any, names: Names) -> Cell:
    if item.likelihood is None or item.impact is None:
        return Cell(names.unknown())
    return Cell(
        f"{item.likelihood}\u00a0×\u00a0{item.impact}\u00a0=\u00a0{item.likelihood * item.impact}",
        is_number=True,
    )


def _controls(item: Any, names: Names) -> Cell:
    if item.controls is None:
        return Cell(names.unknown())
    missing = sum(control.state == "missing" for control in item.controls)
    return Cell(str(len(item.controls)), tone="amber" if missing or not item.controls else "", is_number=True)


def _steps(item: Any, names: Names) -> Cell:
    return Cell(
        names.unknown() if item.steps is None else str(len(item.steps)), is_number=item.steps is not None
    )


def _contingency(item: Any, names: Names) -> Cell:
    return Cell(say(item.title, names.language), say(item.trigger, names.language) if item.trigger else "")


def _may(item: Any, names: Names) -> Cell:
    return Cell(
        ", ".join(word(each, names.language) for each in item.may)
        or translate(N_("must ask"), names.language)
    )


def _phase(item: Any, names: Names) -> str:
    return word(item.phase, names.language)


def _agency_group(item: Any, names: Names) -> str:
    return agency_name(item.agency, names.language, full=True)


TABLES: dict[str, Table] = {
    table.part: table
    for table in (
        Table(
            part="people",
            title=N_("People"),
            add=N_("Add a person"),
            empty=N_("Nobody is named yet. Every duty, post and authority needs a person."),
            columns=(
                (N_("Name"), _person),
                (N_("Phone"), lambda item, names: Cell(item.phone or "—")),
                (N_("Can come"), _yes_no("available")),
            ),
            asked=("agency", "position", "name", "phone"),
            group=_agency_group,
        ),
        Table(
            part="duties",
            title=N_("Duties"),
            add=N_("Add a duty"),
            empty=N_("There are no duties yet."),
            columns=((N_("Duty"), lambda item, names: Cell(names.duty(item))),),
            asked=("title", "phase", "accountable"),
        ),
        Table(
            part="tasks",
            title=N_("Order of work"),
            add=N_("Add a task"),
            empty=N_("There are no tasks yet. Write down who does what by when, and what waits for what."),
            columns=(
                (N_("Task"), _task),
                (N_("Agency"), _agency),
                (N_("Person"), _who("person")),
                (N_("When"), _period),
            ),
            asked=("title", "phase", "agency", "starts_at", "ends_at"),
            group=_phase,
        ),
        Table(
            part="posts",
            title=N_("Posts"),
            add=N_("Add a post"),
            empty=N_("There are no posts yet. Say which places must be manned, by whom and when."),
            columns=(
                (N_("Post"), _post),
                (N_("Agency"), _agency),
                (N_("Where"), _places),
                (N_("Manned"), _manned),
                (N_("Needed"), _figure("needed")),
                (N_("Confirmed"), _figure("confirmed", "needed")),
            ),
            asked=("title", "role", "agency", "needed", "starts_at", "ends_at"),
        ),
        Table(
            part="staffing",
            title=N_("Forces"),
            add=N_("Add a force"),
            empty=N_("No forces are counted yet: people of one kind from one agency."),
            columns=(
                (N_("Who"), _word("role")),
                (N_("Agency"), _agency),
                (N_("Planned"), _figure("planned")),
                (N_("Confirmed"), _figure("confirmed", "planned")),
                (N_("Reserve"), _figure("reserve")),
                (N_("Trained here"), _yes_no("trained")),
                (N_("Task is the crowd"), _yes_no("crowd_task")),
            ),
            asked=("role", "agency", "planned"),
        ),
        Table(
            part="means",
            title=N_("Means"),
            add=N_("Add means"),
            empty=N_("No means are listed yet: vehicles, barriers, detectors, generators."),
            columns=(
                (N_("Means"), _text("title")),
                (N_("Sort"), _word("sort")),
                (N_("Agency"), _agency),
                (N_("Where"), _places),
                (N_("Number"), _figure("number")),
                (N_("Ready"), _figure("ready", "number")),
            ),
            asked=("title", "sort", "number", "agency"),
        ),
        Table(
            part="hazards",
            title=N_("Hazard register"),
            add=N_("Add a hazard"),
            empty=N_("The register is empty. Begin with the hazards the catalogue expects at such an event."),
            columns=(
                (N_("Hazard"), _hazard),
                (N_("Owner"), lambda item, names: Cell(agency_name(item.owner, names.language))),
                (N_("Person"), _who("person")),
                (N_("Risk"), _risk),
                (N_("Controls"), _controls),
            ),
            asked=("catalogue", "title", "likelihood", "impact", "owner"),
        ),
        Table(
            part="contingencies",
            title=N_("Contingency cards"),
            add=N_("Add a card"),
            empty=N_("There are no cards yet: the sign, who decides, the steps, the words to the public."),
            columns=(
                (N_("Card"), _contingency),
                (N_("Who decides"), _who("decides")),
                (N_("Steps"), _steps),
            ),
            asked=("title", "trigger", "decides"),
        ),
        Table(
            part="stop",
            title=N_("Stop authority"),
            add=N_("Add an authority"),
            empty=N_(
                "Nobody may stop the event yet. Name who may, on which sign, and who may when they are absent."
            ),
            columns=(
                (N_("Holder"), _who("holder")),
                (N_("May do without asking"), _may),
                (N_("Deputy"), _who("deputy")),
                (N_("Within, minutes"), _figure("within_min")),
                (N_("Last drill"), _day("drilled_date")),
            ),
            asked=("holder", "may", "deputy"),
        ),
        Table(
            part="warnings",
            title=N_("Warnings received"),
            add=N_("Add a warning"),
            empty=N_("No warnings are recorded. Every warning that comes in belongs here, with its answer."),
            columns=(
                (N_("What was said"), _text("text")),
                (N_("From whom"), lambda item, names: Cell(say(item.from_, names.language))),
                (N_("Received on"), _day("received_date")),
                (N_("State"), _word("state")),
            ),
            asked=("text", "from", "received_date", "state"),
        ),
        Table(
            part="inspections",
            title=N_("Inspections"),
            add=N_("Add an inspection"),
            empty=N_("No inspections are recorded."),
            columns=(
                (N_("Subject"), _text("subject")),
                (N_("Field"), _word("field")),
                (N_("Result"), _word("result")),
                (N_("On"), _day("on_date")),
            ),
            asked=("subject", "result", "on_date"),
        ),
        Table(
            part="history",
            title=N_("History of the venue"),
            add=N_("Add an earlier event"),
            empty=N_("Nothing is known of earlier events here."),
            columns=(
                (N_("Event"), _text("title")),
                (N_("On"), _day("on_date")),
                (N_("How many came"), _figure("attendance")),
                (N_("Outcome"), _word("outcome")),
            ),
            asked=("title", "on_date", "outcome"),
        ),
        Table(
            part="effects",
            title=N_("Effects: fire, smoke, fireworks"),
            add=N_("Add an effect"),
            empty=N_("No effects are planned."),
            columns=(
                (N_("Sort"), _word("sort")),
                (N_("Permitted"), _yes_no("permitted")),
                (N_("Distance to the public, m"), _figure("distance_to_public_m")),
            ),
            asked=("sort", "permitted", "distance_to_public_m"),
        ),
        Table(
            part="force",
            title=N_("Use of force"),
            add=N_("Add a measure"),
            empty=N_("The plan does not speak of force."),
            columns=(
                (N_("Measure"), _word("measure")),
                (N_("Allowed"), _yes_no("allowed")),
                (N_("Where"), _places),
                (N_("Who may order it"), _who("authorised_by")),
            ),
            asked=("measure", "allowed", "authorised_by"),
        ),
    )
}

# SPDX-License-Identifier: Apache-2.0
"""Rows of long tables, written out directly: a template takes a millisecond for each, this a fiftieth of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from urllib.parse import quote
from uuid import UUID

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.printing.cards import SEVERITY_WORDS
from hamkor.workspace.duty_matrix import Matrix, MatrixCell, MatrixRow
from hamkor.workspace.tables import Cell, Row
from hamkor.workspace.timeline import Bar, Timeline

TITLE_MAX = 40


def finished(pieces: Iterable[str]) -> SafeString:
    """Returns pieces of HTML as one; every value in them was escaped where it was put in."""
    return mark_safe("".join(pieces))  # noqa: S308 - escaped piece by piece in this module


def item_address(stream: UUID, part: str) -> str:
    """Returns the beginning of the addresses of the items of a part; the quoted id follows."""
    return reverse("item", kwargs={"stream": stream, "part": part, "item": "0"})[:-1]


@cache
def severity_sign(severity: str, language: str) -> str:
    """Returns the sign of a severity."""
    label = escape(translate(SEVERITY_WORDS[severity], language))
    sprite = static("hamkor/icons.svg")
    return (
        f'<svg class="severity severity-{severity}" role="img" aria-label="{label}">'
        f'<use href="{sprite}#severity-{severity}"/></svg>'
    )


@cache
def check_sign(label: str = "") -> str:
    """Returns a check mark, with words for those who do not see it."""
    words = f'<span class="visually-hidden">{escape(label)}</span>' if label else ""
    return (
        f'<svg class="icon" aria-hidden="true"><use href="{static("hamkor/icons.svg")}#check"/></svg>{words}'
    )


def matrix_body(matrix: Matrix, *, stream: UUID, language: str) -> SafeString:
    """Returns the body of the duty matrix."""
    writer = _MatrixWriter(matrix, stream, language)
    return finished(writer.pieces())


class _MatrixWriter:
    def __init__(self, matrix: Matrix, stream: UUID, language: str) -> None:
        self.matrix, self.language = matrix, language
        self.address = item_address(stream, "duties")
        words = {
            "critical": N_("critical"),
            "no_basis": N_("no basis named"),
            "deputy": N_("deputy"),
            "twice": N_("accountable, and another agency too"),
            "nothing": N_("no part in it"),
        }
        self.words = {name: escape(translate(text, language)) for name, text in words.items()}
        self.roles = {role: escape(word) for role, word in matrix.roles.items()}
        self.cells: dict[tuple[str, str, bool], str] = {}

    def pieces(self) -> Iterator[str]:
        for phase, rows in self.matrix.groups:
            yield (
                f'<tr class="group"><th colspan="{self.matrix.columns}" scope="colgroup">{escape(phase)} '
                f'<span class="soft">{len(rows)}</span></th></tr>'
            )
            for row in rows:
                yield from self._row(row)

    def _row(self, row: MatrixRow) -> Iterator[str]:
        key, title = escape(row.id), escape(row.title)
        chip = f' <span class="chip">{self.words["critical"]}</span>' if row.is_critical else ""
        norms = escape("\n".join(row.norms))
        yield (
            f'<tr id="duty-{key}" data-duty="{key}"{" class=framed" if row.tone == "red" else ""}>'
            f'<th scope="row" class="duty-col"><a href="{self.address}{quote(row.id, safe="")}">{title}</a>{chip}'
            f'<span class="under basis" title="{norms}">{escape(row.basis) or self.words["no_basis"]}</span></th>'
        )
        for cell in row.cells:
            key_of_cell = (cell.agency, cell.role, cell.may_edit)
            drawn = self.cells.get(key_of_cell)
            if drawn is None:
                drawn = self.cells[key_of_cell] = self._cell(cell)
            yield drawn
        yield self._state(row, key)

    def _cell(self, cell: MatrixCell) -> str:
        role = {"doubled": self.words["twice"], "": self.words["nothing"]}.get(cell.role) or self.roles[
            cell.role
        ]
        locked = "" if cell.may_edit else ' aria-disabled="true"'
        return (
            f'<td role="gridcell"><button type="button" class="role {cell.role}" data-agency="{cell.agency}" '
            f'data-role="{cell.role}"{locked} tabindex="-1" '
            f'aria-label="{escape(cell.name)}: {role}">{escape(cell.letter)}</button></td>'
        )

    def _state(self, row: MatrixRow, key: str) -> str:
        sign = check_sign() if row.tone == "good" else severity_sign(row.tone, self.language)
        person, deputy = escape(row.person_words), escape(row.deputy_words)
        told = f"{person} · {self.words['deputy']}: {deputy}"
        if row.may_name:
            who = (
                f'<button type="button" class="names" data-names="{key}" data-person="{escape(row.person)}" '
                f'data-deputy="{escape(row.deputy)}" title="{told}">{person}</button>'
            )
        else:
            who = f'<span class="under" title="{told}">{person}</span>'
        state = f'<span class="nowrap">{sign} {escape(row.state_words)}</span>'
        return f'<td class="state tone-{row.tone}">{state}{who}</td></tr>'


def table_body(rows: Iterable[Row], *, stream: UUID, part: str, language: str) -> SafeString:
    """Returns the body of a table of items."""
    address, nothing = item_address(stream, part), check_sign(translate(N_("no findings"), language))
    return finished(_table_pieces(rows, address=address, nothing=nothing, language=language))


def _table_pieces(rows: Iterable[Row], *, address: str, nothing: str, language: str) -> Iterator[str]:
    group = ""
    for row in rows:
        if row.group and row.group != group:
            group = row.group
            columns = len(row.cells) + 1
            yield f'<tr class="group"><th colspan="{columns}" scope="colgroup">{escape(group)}</th></tr>'
        yield f'<tr id="row-{escape(row.id)}"{" class=framed" if row.severity == "red" else ""}>'
        for place, cell in enumerate(row.cells):
            yield _table_cell(cell, f"{address}{quote(row.id, safe='')}" if place == 0 else "")
        if row.severity:
            rules = escape(", ".join(row.findings))
            sign = severity_sign(row.severity, language)
            yield f'<td class="nowrap">{sign} <span class="small">{rules}</span></td></tr>'
        else:
            yield f'<td class="nowrap"><span class="ok">{nothing}</span></td></tr>'


def _table_cell(cell: Cell, address: str) -> str:
    classes = " ".join(
        filter(None, ("number" if cell.is_number else "", f"tone-{cell.tone}" if cell.tone else ""))
    )
    text = escape(cell.text)
    shown = f'<a class="item-title" href="{address}">{text}</a>' if address else text
    under = f'<span class="under">{escape(cell.under)}</span>' if cell.under else ""
    return f'<td class="{classes}">{shown}{under}</td>' if classes else f"<td>{shown}{under}</td>"


def timeline_bars(timeline: Timeline, *, stream: UUID) -> SafeString:
    """Returns the bars of a timeline, each a link to its task."""
    address = item_address(stream, "tasks")
    return finished(_bar_piece(bar, address, timeline.width_px) for bar in timeline.bars)


def _bar_piece(bar: Bar, address: str, width_px: int) -> str:
    title, under, top = escape(bar.title), escape(bar.under), bar.y_px
    short = title if len(bar.title) <= TITLE_MAX else escape(bar.title[: TITLE_MAX - 1]) + "…"
    kind = " late" if bar.is_late else " critical" if bar.is_critical else ""
    drawn = ""
    if bar.x_px is not None:
        place = f'x="{bar.x_px:g}" y="{top + 8}" width="{bar.width_px:g}" height="18"'
        drawn = f'<rect class="bar-task{kind}" {place} rx="4"/>'
    return (
        f'<a href="{address}{quote(bar.id, safe="")}"><title>{title} · {under}</title>'
        f'<rect class="row-back" x="0" y="{top}" width="{width_px}" height="34"/>'
        f'<text class="task" x="12" y="{top + 15}">{short}</text>'
        f'<text class="task under" x="12" y="{top + 29}">{under}</text>{drawn}</a>'
    )


def timeline_rows(timeline: Timeline, *, stream: UUID, language: str, editable: bool) -> SafeString:
    """Returns the tasks of a timeline as rows of a table whose times can be changed."""
    words = {
        name: escape(translate(text, language))
        for name, text in {
            "from": N_("From"),
            "until": N_("Until"),
            "early": N_("begins too early"),
            "no_time": N_("no time"),
        }.items()
    }
    address, edit = item_address(stream, "tasks"), reverse("edit", kwargs={"stream": stream})
    return finished(
        _timeline_row(bar, words, places=(address, edit), signs=(severity_sign("red", language), editable))
        for bar in timeline.bars
    )


def _timeline_row(
    bar: Bar, words: dict[str, str], *, places: tuple[str, str], signs: tuple[str, bool]
) -> str:
    address, edit = places
    red, editable = signs
    title, key = escape(bar.title), escape(bar.id)
    locked = "" if editable else " readonly"

    def field(path: str, label: str, value: str) -> str:
        return (
            f'<td><form class="field" data-edit="{edit}" data-part="tasks" data-id="{key}">'
            f'<input type="datetime-local" aria-label="{title}: {label}" data-path="{path}" '
            f'value="{value}"{locked}><span class="state"></span></form></td>'
        )

    if bar.is_late:
        state = f'<span class="tone-red">{red} {words["early"]}</span>'
    elif bar.x_px is None:
        state = f'<span class="tone-amber">{words["no_time"]}</span>'
    else:
        state = f'<span class="ok">{check_sign()}</span>'
    return (
        f'<tr><td><a class="item-title" href="{address}{quote(bar.id, safe="")}">{title}</a>'
        f'<span class="under">{escape(bar.phase)} · {escape(bar.under)}</span></td>'
        f"{field('starts_at', words['from'], bar.starts_at)}{field('ends_at', words['until'], bar.ends_at)}"
        f'<td class="nowrap">{state}</td></tr>'
    )

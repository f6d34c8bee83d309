# SPDX-License-Identifier: Apache-2.0
"""The duty matrix as a page shows it: phase by phase, a row for every duty, a cell for every agency."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.agencies.queries import list_agencies
from hamkor.agencies.rules import agencies_edited_by, may_edit_part
from hamkor.common.i18n import translate
from hamkor.norms.queries import list_duties
from hamkor.plans.rules.roster import Duty
from hamkor.printing.cards import source_text
from hamkor.printing.sections.duties import (
    PHASES,
    ROLES,
    catalogue_norms,
    duty_basis,
    duty_columns,
    duty_roles,
    duty_state,
    duty_state_words,
    role_letter,
    role_letters,
)
from hamkor.printing.sections.names import Names
from hamkor.printing.shown import agency_name, say
from hamkor.printing.words import word
from hamkor.workspace.event_page import EventPage

TONES = {"none": "red", "doubled": "red", "undeputised": "amber", "unknown": "amber", "complete": "good"}
FAULTY = frozenset({"none", "doubled", "undeputised", "unknown"})


class MatrixCell(msgspec.Struct, frozen=True):
    """One agency's part in one duty.

    Args:
        agency: Code.
        name: Its name.
        role: ``accountable``, ``doubled``, ``supporting``, ``deputy`` or empty.
        letter: What stands in the cell.
        may_edit: The person may change it.
    """

    agency: str
    name: str
    role: str
    letter: str
    may_edit: bool


class MatrixRow(msgspec.Struct, frozen=True, kw_only=True):
    """One duty.

    Args:
        id: Its id.
        title: What it is.
        basis: The norm it rests on, shortened.
        norms: Every norm in full.
        cells: A cell for every agency.
        state: ``complete``, ``none``, ``doubled``, ``undeputised`` or ``unknown``.
        state_words: The same in words.
        tone: ``good``, ``amber`` or ``red``.
        person: Id of the person who holds it.
        deputy: Id of the deputy.
        person_words: Name of the person.
        deputy_words: Name of the deputy.
        findings: Findings about it.
        is_critical: Lives depend on it.
        may_name: The viewer may name person and deputy.
    """

    id: str
    title: str
    basis: str
    norms: tuple[str, ...]
    cells: tuple[MatrixCell, ...]
    state: str
    state_words: str
    tone: str
    person: str
    deputy: str
    person_words: str
    deputy_words: str
    findings: tuple[Any, ...]
    is_critical: bool
    may_name: bool


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """The whole matrix.

    Args:
        agencies: Code, short and full name of every column.
        groups: Name of each phase with its rows.
        counts: Number of duties by state, and ``all``.
        letters: Letter of each role in the language.
        roles: Word of each role in the language.
    """

    agencies: tuple[tuple[str, str, str], ...]
    groups: tuple[tuple[str, tuple[MatrixRow, ...]], ...]
    counts: dict[str, int]
    letters: dict[str, str]
    roles: dict[str, str]

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.agencies) + 2


def matrix_of(page: EventPage, language: str, *, faulty_only: bool = False) -> Matrix:
    """Returns the matrix of an event for the person who looks.

    Args:
        page: The event.
        language: Language of the page.
        faulty_only: Only duties that are not complete.
    """
    names = Names(page.plan, language)
    codes = duty_columns(page.plan, names)
    letters = role_letters(language)
    writer = _Rows(page, names, codes=codes, letters=letters)
    rows = [writer.row(duty) for duty in page.plan.duties or ()]
    counts = {state: sum(row.state == state for row in rows) for state in TONES} | {"all": len(rows)}
    phases = {duty.id: duty.phase for duty in page.plan.duties or ()}
    shown = [row for row in rows if not faulty_only or row.state in FAULTY or row.findings]
    groups = [
        (word(phase, language), tuple(row for row in shown if phases[row.id] == phase)) for phase in PHASES
    ]
    return Matrix(
        agencies=tuple(
            (code, agency_name(code, language), agency_name(code, language, full=True)) for code in codes
        ),
        groups=tuple((name, found) for name, found in groups if found),
        counts=counts,
        letters=letters,
        roles={role: translate(name, language) for role, name in ROLES.items()},
    )


def people_by_agency(page: EventPage, language: str) -> list[dict[str, Any]]:
    """Returns the people of the plan by agency, for the choice of person and deputy."""
    names = Names(page.plan, language)
    groups = []
    for agency in list_agencies():
        people = [person for person in page.plan.people or () if person.agency == agency.code]
        if people:
            shown = [{"id": person.id, "name": names.person(person)} for person in people]
            groups.append(
                {"agency": agency.code, "name": agency_name(agency.code, language), "people": shown}
            )
    return groups


def duties_to_add(page: EventPage, language: str) -> list[tuple[str, str, str]]:
    """Returns id, title and phase of the duties of the catalogue that the plan does not have yet."""
    present = {duty.catalogue for duty in page.plan.duties or ()}
    return [
        (duty.id, say(duty.title, language), word(duty.phase, language))
        for duty in list_duties()
        if duty.id not in present
    ]


class _Rows:
    """Makes the rows; what is the same in all of them is looked up once."""

    def __init__(self, page: EventPage, names: Names, *, codes: list[str], letters: dict[str, str]) -> None:
        self.page, self.names, self.letters = page, names, letters
        self.may_all = may_edit_part(page.viewer, "duties")
        self.own = agencies_edited_by(page.viewer)
        self.agencies = [
            (code, agency_name(code, names.language), self.may_all or code in self.own) for code in codes
        ]

    def row(self, duty: Duty) -> MatrixRow:
        names, state = self.names, duty_state(duty)
        norms = duty.norms or catalogue_norms(duty.catalogue)
        return MatrixRow(
            id=duty.id,
            title=names.duty(duty),
            basis=duty_basis(duty, names.language),
            norms=tuple(dict.fromkeys(source_text(norm, names.language) for norm in norms)),
            cells=self._cells(duty_roles(duty, names)),
            state=state,
            state_words=duty_state_words(duty, state, names.language),
            tone=TONES[state],
            person=duty.person or "",
            deputy=duty.deputy or "",
            person_words=names.who(duty.person),
            deputy_words=names.who(duty.deputy),
            findings=self.page.findings_by_subject.get(duty.id, ()),
            is_critical=duty.critical,
            may_name=self.may_all or bool(set(duty.accountable or ()) & self.own),
        )

    def _cells(self, roles: dict[str, str]) -> tuple[MatrixCell, ...]:
        return tuple(
            MatrixCell(
                code, name, roles.get(code, ""), role_letter(roles.get(code, ""), self.letters), may_edit
            )
            for code, name, may_edit in self.agencies
        )

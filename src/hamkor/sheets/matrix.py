# SPDX-License-Identifier: Apache-2.0
"""The duty matrix: duties by phase, a column per agency with the letter of its role."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from hamkor.agencies.queries import list_agencies
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message
from hamkor.norms.queries import list_duties
from hamkor.plans.rules.edits import Edit
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Duty
from hamkor.sheets import taking
from hamkor.sheets.grids import Grid, Value
from hamkor.sheets.roster import ID_COLUMN, TEXT_HINT, edits_of
from hamkor.sheets.rules import NotTakenError, SheetFault, quote
from hamkor.sheets.tables import AGENCY, Column, Row, Table, TableReader
from hamkor.sheets.words import NOBODY, PHASES, ROLES, Words, catalogue_title, find_role, letters

FORM = "hamkor-duties-1"
TITLE = N_("Duties")
LETTER_HINT = N_(
    "Accountable, supporting or empty, by the first letter of the word. The deputy's agency is marked from the "
    "column of deputies. A row without an accountable agency where there was one means: nobody answers."
)
PERSON_HINT = N_("Choose from the list, or write the id. Empty means not known.")
NO_ROLE = N_(
    "“{said}” is no role. Write {accountable} (accountable), {supporting} (supporting), or leave it empty."
)
NO_DUTY = N_("The catalogue has no duty “{said}”. Choose from the list, or leave the cell empty.")
NO_DEPUTY = N_(
    "This letter marks the agency of the deputy. Name the deputy in the column of deputies instead."
)
NO_PERSON = N_("“{said}” is not among the people of the plan. Add the person to the roster first.")
NO_TITLE = N_("The duty has no title. Write one, or choose a duty of the catalogue.")


def duties_table(words: Words) -> Table:
    """Returns the table of duties: with a column for every agency of the plan, others may be added."""
    used = _agencies_used(words.plan)
    agencies = [_agency_column(agency.code, words, is_used=agency.code in used) for agency in list_agencies()]
    columns = (*_FIRST, *agencies, *_LAST)
    return Table(title=TITLE, part="duties", noun="duty", body=Duty, columns=columns)


def duties_sheets(words: Words) -> list[tuple[Table, Sequence[Any]]]:
    """Returns the sheet of duties with its rows by phase; agencies that have no part in it are left out."""
    table = duties_table(words)
    shown = tuple(column for column in table.columns if not column.is_optional)
    order = list(PHASES)
    duties = sorted(words.plan.duties or (), key=lambda duty: order.index(duty.phase))
    return [(Table(title=TITLE, part="duties", noun="duty", body=Duty, columns=shown), duties)]


def duties_lists(words: Words) -> dict[str, list[str]]:
    """Returns the words to choose from."""
    own = letters(words.language)
    people = [words.person_label(person) for person in words.plan.people or ()]
    return {
        "phases": [translate(word, words.language) for word in PHASES.values()],
        "letters": [own["accountable"], own["supporting"]],
        "people": [*people, translate(NOBODY, words.language)],
        "catalogue": [duty.id for duty in list_duties()],
    }


def read_duties_grids(grids: dict[str, Grid], words: Words, faults: list[SheetFault]) -> list[Edit]:
    """Returns what the sheet of duties changes; adds every fault found."""
    table = duties_table(words)
    reader = TableReader(grids[TITLE], table, words, faults)
    rows = reader.read(words.plan.duties or ())
    for row in rows:
        _check_references(reader, row, words)
        _settle_roles(reader, row, words)
    return edits_of(reader, rows, table, words.plan)


def _agencies_used(plan: Plan) -> set[str]:
    used: set[str] = {participation.agency for participation in plan.event.agencies or ()}
    agency_of = {person.id: person.agency for person in plan.people or ()}
    for duty in plan.duties or ():
        used.update(duty.accountable or ())
        used.update(duty.supporting)
        if duty.deputy in agency_of:
            used.add(agency_of[duty.deputy])
    return used or {agency.code for agency in list_agencies(core_in="preparation")}


def _role_of(duty: Duty, code: str, words: Words) -> str | None:
    if code in (duty.accountable or ()):
        return "accountable"
    if code in duty.supporting:
        return "supporting"
    return "deputy" if code == _agency_of(words, duty.deputy) else None


def _agency_of(words: Words, person_id: str | None) -> str | None:
    return next((person.agency for person in words.plan.people or () if person.id == person_id), None)


def _agency_column(code: str, words: Words, *, is_used: bool) -> Column:
    own = letters(words.language)

    def show(duty: Duty, words: Words) -> Value:
        role = _role_of(duty, code, words)
        return own[role] if role else None

    return Column(
        key=f"{AGENCY}{code}",
        title=words.agency(code) or code,
        hint=LETTER_HINT,
        width=13,
        show=show,
        take=_take_role,
        choices="letters",
        is_optional=not is_used,
    )


def _take_role(value: Value, words: Words) -> str | None:
    text = taking.take_text(value, words)
    if text is None:
        return None
    role = find_role(text, words.language)
    if role is None:
        own = letters(words.language)
        allowed = {"accountable": own["accountable"], "supporting": own["supporting"]}
        raise NotTakenError("bad-role", NO_ROLE, said=quote(text), **allowed)
    return role


def _take_catalogue(value: Value, words: Words) -> str | None:
    id_ = taking.take_id(value, words)
    if id_ is not None and catalogue_title(id_) is None:
        raise NotTakenError("unknown-duty", NO_DUTY, said=id_)
    return id_


def _check_references(reader: TableReader, row: Row, words: Words) -> None:
    known = {person.id for person in words.plan.people or ()} | {"none"}
    for key in ("person", "deputy"):
        id_ = row.values.get(key)
        if id_ is not None and words.plan.people is not None and id_ not in known:
            reader.fault("unknown-person", row.cells[key], id_, Message(NO_PERSON, {"said": id_}))
    if row.item is None:
        has_title = row.values.get("title") or row.values.get("catalogue")
    else:
        has_title = row.values.get("title", row.item.title) or row.values.get("catalogue", row.item.catalogue)
    if not has_title and row.values:
        reader.fault("no-title", row.cells["title"], None, Message(NO_TITLE))


def _settle_roles(reader: TableReader, row: Row, words: Words) -> None:
    """Turns the letters of a row into the agencies accountable and supporting."""
    said = {
        key.removeprefix(AGENCY): row.values.pop(key) for key in list(row.values) if key.startswith(AGENCY)
    }
    if not said:
        return
    deputy = row.values.get("deputy", row.item.deputy if row.item else None)
    deputies = {_agency_of(words, deputy), _agency_of(words, row.item.deputy if row.item else None)}
    for code, role in said.items():
        if role == "deputy" and code not in deputies:
            reader.fault("deputy-letter", row.cells[f"{AGENCY}{code}"], None, Message(NO_DEPUTY))
    accountable = row.item.accountable if row.item else None
    owners = _members(accountable or (), said, "accountable")
    if set(owners) != set(accountable or ()):
        row.values["accountable"] = owners
    supporting = row.item.supporting if row.item else ()
    helpers = _members(supporting, said, "supporting")
    if set(helpers) != set(supporting):
        row.values["supporting"] = helpers


def _members(before: Sequence[str], said: dict[str, str | None], role: str) -> tuple[str, ...]:
    kept = [code for code in before if said.get(code, role) == role]
    return tuple(dict.fromkeys([*kept, *(code for code, now in said.items() if now == role)]))


_FIRST = (
    ID_COLUMN,
    Column(
        key="phase",
        title=N_("Phase"),
        hint=N_("Choose from the list."),
        width=14,
        show=lambda duty, words: words.word(PHASES, duty.phase),
        take=partial(taking.take_choice, table=PHASES),
        choices="phases",
        is_required=True,
    ),
    Column(
        key="catalogue",
        title=N_("Id in the catalogue"),
        hint=N_("Id of the duty in the catalogue of duties. Empty when it is not there."),
        width=24,
        show=lambda duty, _words: duty.catalogue,
        take=_take_catalogue,
        choices="catalogue",
    ),
    Column(
        key="title",
        title=N_("Duty"),
        hint=TEXT_HINT,
        width=46,
        show=lambda duty, words: words.duty_title(duty),
        is_localised=True,
    ),
    Column(
        key="basis",
        title=N_("Basis"),
        hint=N_("The articles it rests on. They cannot be changed here."),
        width=36,
        show=lambda duty, words: words.basis(duty.norms, duty.catalogue),
        is_fixed=True,
    ),
)
_LAST = (
    Column(
        key="person",
        title=N_("Person"),
        hint=PERSON_HINT,
        width=34,
        show=lambda duty, words: words.person(duty.person),
        take=taking.take_person,
        choices="people",
    ),
    Column(
        key="deputy",
        title=ROLES["deputy"],
        hint=PERSON_HINT,
        width=34,
        show=lambda duty, words: words.person(duty.deputy),
        take=taking.take_person,
        choices="people",
    ),
)

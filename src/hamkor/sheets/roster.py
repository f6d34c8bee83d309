# SPDX-License-Identifier: Apache-2.0
"""The roster: people, posts, and who stands where from when until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from hamkor.agencies.queries import list_agencies
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message
from hamkor.plans.rules.edits import AddItem, Edit, RemoveItem, SetFields
from hamkor.plans.rules.fields import diff, plain
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Person, Post, Shift
from hamkor.sheets import taking
from hamkor.sheets.grids import Grid
from hamkor.sheets.rules import SheetFault
from hamkor.sheets.tables import Column, Row, Table, TableReader, checked
from hamkor.sheets.words import NO, POST_ROLES, YES, Words

FORM = "hamkor-roster-1"
ID_HINT = N_(
    "Short name by which the plan refers to this row. Leave it empty in a new row to have one given."
)
TEXT_HINT = N_("Text, up to 4000 letters.")
AGENCY_HINT = N_("Choose from the list.")
MOMENT_HINT = N_("Day and local time, such as 21.03.2027 18:00.")
FIGURE_HINT = N_("A number, or a range such as 80–120. Empty means not known; 0 means nobody.")
UNKNOWN_PLACE = N_("The drawing of the venue has no “{said}”. Write the ids of places, with commas between.")
UNKNOWN_PERSON = N_("“{said}” is not in the sheet of people. Add the person there, or choose from the list.")
UNKNOWN_POST = N_("“{said}” is not in the sheet of posts. Add the post there, or choose from the list.")
ENDS_EARLY = N_("The end is not after the start. Correct one of the two.")


def _localised(key: str) -> Any:
    return lambda item, words: None if getattr(item, key) is None else words.say(getattr(item, key))


def _field(key: str) -> Any:
    return lambda item, _words: getattr(item, key)


def _through(key: str, show: Any) -> Any:
    return lambda item, words: show(getattr(item, key), words)


ID_COLUMN = Column(key="id", title=N_("Id"), hint=ID_HINT, width=26, show=_field("id"), take=taking.take_id)
_AGENCY = Column(
    key="agency",
    title=N_("Agency"),
    hint=AGENCY_HINT,
    width=20,
    show=lambda item, words: words.agency(item.agency),
    take=taking.take_agency,
    choices="agencies",
)

PEOPLE = Table(
    title=N_("People"),
    part="people",
    noun="person",
    body=Person,
    columns=(
        ID_COLUMN,
        msgspec.structs.replace(_AGENCY, is_required=True),
        Column(
            key="position",
            title=N_("Position"),
            hint=N_("Office or rank, such as shift commander."),
            width=32,
            show=_localised("position"),
            is_localised=True,
        ),
        Column(
            key="name",
            title=N_("Name"),
            hint=N_("Kept apart from the record."),
            width=28,
            show=_field("name"),
        ),
        Column(
            key="phone",
            title=N_("Phone"),
            hint=N_("Kept apart from the record. As a text, such as +998 90 123 45 67."),
            width=20,
            show=_field("phone"),
        ),
        Column(
            key="available",
            title=N_("Can come"),
            hint=N_("Yes or no. Empty means not known."),
            width=12,
            show=lambda item, words: words.yes_no(item.available),
            take=taking.take_yes_no,
            choices="yes_no",
        ),
        Column(
            key="unavailable",
            title=N_("Absent"),
            hint=N_("Periods such as 21.03.2027 18:00 – 21.03.2027 20:00, with “;” between."),
            width=38,
            show=_through("unavailable", taking.show_periods),
            take=taking.take_periods,
        ),
    ),
)


def _moment(key: str, title: str) -> Column:
    return Column(
        key=key,
        title=title,
        hint=MOMENT_HINT,
        width=18,
        show=_through(key, taking.show_moment),
        take=taking.take_moment,
    )


def _figure(key: str, title: str) -> Column:
    return Column(
        key=key,
        title=title,
        hint=FIGURE_HINT,
        width=13,
        show=_through(key, taking.show_figure),
        take=taking.take_figure,
    )


POSTS = Table(
    title=N_("Posts"),
    part="posts",
    noun="post",
    body=Post,
    columns=(
        ID_COLUMN,
        Column(
            key="title",
            title=N_("Post"),
            hint=TEXT_HINT,
            width=32,
            show=_localised("title"),
            is_required=True,
            is_localised=True,
        ),
        Column(
            key="role",
            title=N_("Role"),
            hint=N_("Choose from the list."),
            width=18,
            show=lambda item, words: words.word(POST_ROLES, item.role),
            take=partial(taking.take_choice, table=POST_ROLES),
            choices="roles",
            is_required=True,
        ),
        _AGENCY,
        Column(
            key="place",
            title=N_("Where"),
            hint=N_("Ids of places in the drawing of the venue, with commas between."),
            width=24,
            show=lambda item, _words: ", ".join(item.place) or None,
            take=taking.take_ids,
        ),
        Column(
            key="critical",
            title=N_("Critical"),
            hint=N_("Yes if the event must not go on when the post is empty or silent."),
            width=12,
            show=lambda item, words: words.yes_no(item.critical),
            take=lambda value, words: bool(taking.take_yes_no(value, words)),
            choices="yes_no",
        ),
        _figure("needed", N_("Needed")),
        _figure("confirmed", N_("Confirmed")),
        _moment("starts_at", N_("Manned from")),
        _moment("ends_at", N_("Manned until")),
    ),
)

SHIFTS = Table(
    title=N_("Shifts"),
    part="posts",
    noun="shift",
    body=Shift,
    columns=(
        Column(
            key="post",
            title=N_("Post"),
            hint=N_("Choose a post of the sheet of posts, or write its id."),
            width=36,
            show=lambda item, words: words.post(item[0].id),
            take=taking.take_id,
            choices="posts",
            is_required=True,
        ),
        Column(
            key="person",
            title=N_("Person"),
            hint=N_("Choose a person of the sheet of people, or write the id."),
            width=36,
            show=lambda item, words: words.person(item[1].person),
            take=taking.take_id,
            choices="people",
            is_required=True,
        ),
        Column(
            key="starts_at",
            title=N_("Starts"),
            hint=MOMENT_HINT,
            width=18,
            show=lambda item, words: taking.show_moment(item[1].starts_at, words),
            take=taking.take_moment,
            is_required=True,
        ),
        Column(
            key="ends_at",
            title=N_("Ends"),
            hint=MOMENT_HINT,
            width=18,
            show=lambda item, words: taking.show_moment(item[1].ends_at, words),
            take=taking.take_moment,
            is_required=True,
        ),
    ),
)

ShiftKey = tuple[str, str, datetime, datetime]


def roster_sheets(plan: Plan) -> list[tuple[Table, Sequence[Any]]]:
    """Returns the sheets of the roster with their rows."""
    posts = plan.posts or ()
    shifts = [(post, shift) for post in posts for shift in post.shifts]
    return [(PEOPLE, plan.people or ()), (POSTS, posts), (SHIFTS, shifts)]


def roster_lists(plan: Plan, words: Words) -> dict[str, list[str]]:
    """Returns the words to choose from."""
    return {
        "agencies": [words.agency(agency.code) or agency.code for agency in list_agencies()],
        "roles": [translate(word, words.language) for word in POST_ROLES.values()],
        "yes_no": [translate(YES, words.language), translate(NO, words.language)],
        "people": [words.person_label(person) for person in plan.people or ()],
        "posts": [words.post_label(post) for post in plan.posts or ()],
    }


def read_roster_grids(grids: dict[str, Grid], words: Words, faults: list[SheetFault]) -> list[Edit]:
    """Returns what the sheets of a roster change; adds every fault found."""
    plan = words.plan
    people = TableReader(grids[PEOPLE.title], PEOPLE, words, faults)
    person_rows = people.read(plan.people or ())
    posts = TableReader(grids[POSTS.title], POSTS, words, faults)
    post_rows = posts.read(plan.posts or ())
    for row in post_rows:
        _check_places(posts, row, plan)
    shifts = _read_shifts(
        TableReader(grids[SHIFTS.title], SHIFTS, words, faults),
        plan,
        {row.id for row in person_rows},
        posts={row.id for row in post_rows},
    )
    for row in post_rows:
        if row.id in shifts:
            row.values["shifts"] = shifts[row.id]
    return [*edits_of(people, person_rows, PEOPLE, plan), *edits_of(posts, post_rows, POSTS, plan)]


def edits_of(reader: TableReader, rows: list[Row], table: Table, plan: Plan) -> list[Edit]:
    """Returns the edits of a table: rows added, changed, then taken out."""
    added: list[Edit] = []
    changed: list[Edit] = []
    for row in rows:
        if not row.values and row.item is not None:
            continue
        item = checked(reader, row, table.body, row.values)
        if item is None:
            continue
        if row.item is None:
            added.append(AddItem(part=table.part, body=plain(item)))
        elif differences := list(diff(row.item, item)):
            fields = {path: after for path, _, after in differences}
            seen = {path: before for path, before, _ in differences}
            changed.append(SetFields(part=table.part, id=row.id, fields=fields, seen=seen))
    kept = {row.id for row in rows}
    removed: list[Edit] = [
        RemoveItem(part=table.part, id=item.id)
        for item in getattr(plan, table.part) or ()
        if item.id not in kept
    ]
    return [*added, *changed, *removed]


def _check_places(reader: TableReader, row: Row, plan: Plan) -> None:
    if plan.venue is None or "place" not in row.values:
        return
    known = {feature.id for feature in plan.venue.features} | set(row.item.place if row.item else ())
    for id_ in row.values["place"]:
        if id_ not in known:
            reader.fault("unknown-place", row.cells["place"], id_, Message(UNKNOWN_PLACE, {"said": id_}))


def _read_shifts(
    reader: TableReader, plan: Plan, people: set[str], *, posts: set[str]
) -> dict[str, tuple[Shift, ...]]:
    """Returns the new shifts of every post whose shifts differ from the plan, whatever the order of rows."""
    before = {post.id: list(post.shifts) for post in plan.posts or () if post.id in posts}
    now: dict[str, list[Shift]] = {}
    left = {key: list(shifts) for key, shifts in before.items()}
    changed: set[str] = set()
    for number in reader.numbers() if reader.is_readable else ():
        shift_key = _shift_key(reader, number)
        if shift_key is None:
            continue
        post_id = shift_key[0]
        kept = next((s for s in left.get(post_id, ()) if _key_of(post_id, s) == shift_key), None)
        if kept is None:
            _check_shift(reader, number, shift_key, people=people, posts=posts)
            changed.add(post_id)
        else:
            left[post_id].remove(kept)
        shift = kept or Shift(person=shift_key[1], starts_at=shift_key[2], ends_at=shift_key[3])
        now.setdefault(post_id, []).append(shift)
    changed.update(post_id for post_id, shifts in left.items() if shifts)
    return {post_id: tuple(now.get(post_id, ())) for post_id in sorted(changed)}


def _shift_key(reader: TableReader, number: int) -> ShiftKey | None:
    values = [reader.take(number, column.key)[0] for column in SHIFTS.columns]
    return None if None in values else (values[0], values[1], values[2], values[3])


def _key_of(post_id: str, shift: Shift) -> ShiftKey:
    return (post_id, shift.person, taking.to_second(shift.starts_at), taking.to_second(shift.ends_at))


def _check_shift(
    reader: TableReader, number: int, key: ShiftKey, *, people: set[str], posts: set[str]
) -> None:
    post_id, person_id, starts_at, ends_at = key
    for column, id_, known, template in (
        ("post", post_id, posts, UNKNOWN_POST),
        ("person", person_id, people, UNKNOWN_PERSON),
    ):
        if id_ not in known:
            reader.fault(
                f"unknown-{column}", reader.take(number, column)[1], id_, Message(template, {"said": id_})
            )
    if ends_at <= starts_at:
        cell = reader.take(number, "ends_at")[1]
        reader.fault("ends-early", cell, ends_at.isoformat(" "), Message(ENDS_EARLY))

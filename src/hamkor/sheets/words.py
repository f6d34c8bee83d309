# SPDX-License-Identifier: Apache-2.0
"""Words in sheets: choices, agencies and labels, written in one language and understood in all four."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from hamkor.agencies.queries import AgencyUnknownError, get_agency, list_agencies
from hamkor.common.i18n import LANGUAGES, pick_name, translate
from hamkor.common.messages import N_, show
from hamkor.norms.queries import DutyUnknownError, find_norm, get_duty
from hamkor.norms.rules import cite
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.roster import Duty, Person, Post
from hamkor.sheets.rules import LABEL_SEPARATOR, fold, plain

YES = N_("yes")
NO = N_("no")
NOBODY = N_("nobody")
PHASES = {
    "preparation": N_("Preparation"),
    "conduct": N_("Conduct"),
    "analysis": N_("Analysis"),
}
POST_ROLES = {
    "gate": N_("gate"),
    "steward": N_("stewards"),
    "police": N_("police"),
    "guard": N_("guard"),
    "medical": N_("medical"),
    "fire": N_("fire"),
    "command": N_("command"),
    "liaison": N_("liaison"),
    "crowd_monitoring": N_("crowd monitoring"),
    "traffic": N_("traffic"),
    "information": N_("information"),
    "patrol": N_("patrol"),
    "sanitary": N_("sanitary"),
    "technical": N_("technical"),
    "other": N_("other"),
}
ROLES = {
    "accountable": N_("Accountable"),
    "supporting": N_("Supporting"),
    "deputy": N_("Deputy"),
}
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX")


@cache
def spellings(text: str) -> frozenset[str]:
    """Returns a marked text as it may be written: in every language, without case."""
    return frozenset({fold(translate(text, language)) for language in LANGUAGES} | {fold(text)})


def find_choice(table: Mapping[str, str], said: str) -> str | None:
    """Returns the value meant by a word in any language, or by the value itself; None when there is none."""
    wanted = fold(said)
    return next(
        (value for value, text in table.items() if wanted == value or wanted in spellings(text)), None
    )


def find_agency(said: str) -> str | None:
    """Returns the code of the agency meant by its code, short or full name in any language; None if unknown."""
    return _agency_index().get(fold(said))


@cache
def _agency_index() -> dict[str, str]:
    index: dict[str, str] = {}
    for agency in list_agencies():
        for name in (agency.code, *_names_of(agency.short_names), *_names_of(agency.names)):
            index.setdefault(fold(name), agency.code)
    return index


def _names_of(names: Mapping[str, str]) -> list[str]:
    return [*names.values(), *(pick_name(names, language) for language in LANGUAGES)]


def letters(language: str) -> dict[str, str]:
    """Returns the letter of each role: the first of its word in the language."""
    return {role: translate(name, language)[:1] for role, name in ROLES.items()}


def find_role(said: str, language: str) -> str | None:
    """Returns the role meant by its letter in the language, or by its word in any; None when there is none.

    Notes:
        Latin and Cyrillic letters of the same shape are taken for each other: nobody sees the difference.
    """
    letter = plain(said).upper().translate(_LOOKALIKES)
    for role, own in letters(language).items():
        if letter == own.upper().translate(_LOOKALIKES):
            return role
    return find_choice(ROLES, said)


class Words:
    """Names and labels of one plan in one language, as they stand in cells.

    Args:
        plan: The plan.
        language: One of the four languages.
    """

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan = plan
        self.language = language
        self._people = {person.id: person for person in plan.people or ()}
        self._posts = {post.id: post for post in plan.posts or ()}

    def say(self, text: Any) -> str:
        """Returns a text of the plan in the language."""
        return plain(show(text, self.language))

    def word(self, table: Mapping[str, str], value: str | None) -> str | None:
        """Returns the word of a value, None for None."""
        return None if value is None else translate(table[value], self.language)

    def agency(self, code: str | None) -> str | None:
        """Returns the short name of an agency, None for None."""
        if code is None:
            return None
        try:
            return self.say(get_agency(code).short_names)
        except AgencyUnknownError:
            return code

    def yes_no(self, value: bool | None) -> str | None:  # noqa: FBT001 - the value itself is shown
        """Returns yes or no, None for None."""
        return None if value is None else translate(YES if value else NO, self.language)

    def person(self, id_: str | None) -> str | None:
        """Returns ``id · position, agency``; "nobody" for ``none``."""
        if id_ is None or id_ == "none":
            return None if id_ is None else translate(NOBODY, self.language)
        person = self._people.get(id_)
        return id_ if person is None else self.person_label(person)

    def person_label(self, person: Person) -> str:
        """Returns id, position or name, and agency of a person."""
        return _label(person.id, [self._title_of(person), self.agency(person.agency)])

    def person_name(self, id_: str | None) -> str | None:
        """Returns position or name of a person, with the agency; the id when nobody is known by it."""
        person = self._people.get(id_ or "")
        if person is None:
            return id_
        return ", ".join(
            plain(part) for part in (self._title_of(person) or id_, self.agency(person.agency)) if part
        )

    def _title_of(self, person: Person) -> str | None:
        return person.name or (self.say(person.position) if person.position else None)

    def post(self, id_: str) -> str:
        """Returns ``id · title`` of a post."""
        post = self._posts.get(id_)
        return id_ if post is None else self.post_label(post)

    def post_label(self, post: Post) -> str:
        """Returns id and title of a post."""
        return _label(post.id, [self.say(post.title)])

    def duty_title(self, duty: Duty) -> str | None:
        """Returns the title of a duty, its catalogue's when it has none of its own."""
        title: Any = duty.title if duty.title is not None else catalogue_title(duty.catalogue)
        return None if title is None else self.say(title)

    def basis(self, norms: Iterable[str], catalogue: str | None) -> str | None:
        """Returns the norms a duty rests on, its catalogue's when it names none."""
        ids = tuple(norms) or catalogue_norms(catalogue)
        found = {id_: find_norm(id_) for id_ in ids}
        cited = [cite(norm, self.language) if norm else id_ for id_, norm in found.items()]
        return plain("; ".join(dict.fromkeys(cited))) or None


def catalogue_title(duty_id: str | None) -> dict[str, str] | None:
    """Returns the title of a duty of the catalogue; None when it is not there."""
    try:
        return None if duty_id is None else dict(get_duty(duty_id).title)
    except DutyUnknownError:
        return None


def catalogue_norms(duty_id: str | None) -> tuple[str, ...]:
    """Returns the norms of a duty of the catalogue; none when it is not there."""
    try:
        return () if duty_id is None else get_duty(duty_id).sources
    except DutyUnknownError:
        return ()


def _label(id_: str, parts: Iterable[str | None]) -> str:
    words = " ".join(", ".join(part for part in parts if part).split())
    return plain(f"{id_}{LABEL_SEPARATOR}{words}") if words else id_

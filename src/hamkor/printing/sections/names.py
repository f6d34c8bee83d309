# SPDX-License-Identifier: Apache-2.0
"""Names in place of ids: people, posts, features, channels, duties, hazards of one plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hamkor.agencies.queries import list_agencies
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.common.records import Text
from hamkor.hazards.queries import HazardUnknownError, get_hazard
from hamkor.norms.queries import DutyUnknownError, get_duty
from hamkor.plans.rules.plan import Plan
from hamkor.plans.rules.readiness import HazardEntry
from hamkor.plans.rules.roster import Duty, Person, Shift
from hamkor.printing.maps.grounds import ground_name
from hamkor.printing.shown import NOBODY, NONE, NOT_KNOWN, agency_name, clean, listed, say
from hamkor.printing.words import word

PUBLIC = N_("the public")
OUTSIDE = N_("outside")


class Names:
    """The names of one plan in one language.

    Args:
        plan: The plan.
        language: One of the four languages.
    """

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan = plan
        self.language = language
        self._people = {person.id: person for person in plan.people or ()}
        self._posts = {post.id: post for post in plan.posts or ()}
        self._features = {feature.id: feature for feature in plan.venue.features} if plan.venue else {}
        channels = (plan.communications.channels if plan.communications else None) or ()
        self._channels = {channel.id: channel for channel in channels}
        self._agencies = {agency.code for agency in list_agencies()}
        titled: tuple[Any, ...] = (*(plan.contingencies or ()), *(plan.tasks or ()))
        self._titles: dict[str, Text] = {item.id: item.title for item in titled}

    def unknown(self) -> str:
        """Returns the words for what nobody knows."""
        return translate(NOT_KNOWN, self.language)

    def find_person(self, person_id: str | None) -> Person | None:
        """Returns the person with the id, or None."""
        return self._people.get(person_id or "")

    def person(self, person: Person) -> str:
        """Returns position, agency and, where given, the name."""
        position = say(person.position, self.language) if person.position else clean(person.id)
        name = f" ({clean(person.name)})" if person.name else ""
        return f"{position}, {agency_name(person.agency, self.language)}{name}"

    def who(self, id_: str | None) -> str:
        """Returns who is meant by the id of a person, a post or an agency, or by plain words."""
        if id_ is None or id_ == "none":
            return translate(NOT_KNOWN if id_ is None else NOBODY, self.language)
        if id_ == "public":
            return translate(PUBLIC, self.language)
        if id_ in self._people:
            return self.person(self._people[id_])
        if id_ in self._posts:
            return say(self._posts[id_].title, self.language)
        return agency_name(id_, self.language) if id_ in self._agencies else clean(id_)

    def place(self, feature_id: str | None) -> str:
        """Returns the name of a feature of the drawing."""
        if feature_id is None:
            return self.unknown()
        if feature_id == "none":
            return translate(NONE, self.language)
        if feature_id == "outside":
            return translate(OUTSIDE, self.language)
        feature = self._features.get(feature_id)
        return clean(feature_id) if feature is None else ground_name(feature, self.language)

    def places(self, ids: Iterable[str], empty: str = NOT_KNOWN) -> str:
        """Returns the names of features, separated by commas."""
        return listed([self.place(id_) for id_ in ids], self.language, empty)

    def shifts(self, shifts: Iterable[Shift]) -> str:
        """Returns everyone who takes turns, with hours."""
        return "; ".join(
            f"{self.who(shift.person)}: {shift.starts_at:%H:%M}–{shift.ends_at:%H:%M}" for shift in shifts
        )

    def posts(self, ids: Iterable[str] | None) -> str:
        """Returns the titles of posts; "nobody" for an empty list."""
        return listed(None if ids is None else [self.who(id_) for id_ in ids], self.language, NOBODY)

    def channel(self, channel_id: str | None) -> str:
        """Returns the title or sort of a channel; "none" when there is none."""
        if channel_id is None or channel_id == "none":
            return translate(NOT_KNOWN if channel_id is None else NONE, self.language)
        channel = self._channels.get(channel_id)
        if channel is None:
            return clean(channel_id)
        sort = word(channel.sort, self.language)
        return f"{say(channel.title, self.language)} ({sort})" if channel.title else sort

    def titles(self, ids: Iterable[str]) -> str:
        """Returns the titles of tasks or contingencies, separated by commas."""
        return listed([say(self._titles.get(id_, id_), self.language) for id_ in ids], self.language)

    def duty(self, duty: Duty) -> str:
        """Returns the title of a duty, its catalogue's when it has none."""
        return say(self._title(duty.title, duty.catalogue, _duty_title) or duty.id, self.language)

    def hazard(self, hazard: HazardEntry) -> str:
        """Returns the title of a hazard, its catalogue's when it has none."""
        return say(self._title(hazard.title, hazard.catalogue, _hazard_title) or hazard.id, self.language)

    @staticmethod
    def _title(title: Text | None, catalogue_id: str | None, find: Any) -> Any:
        return title if title is not None or catalogue_id is None else find(catalogue_id)


def _duty_title(duty_id: str) -> dict[str, str] | None:
    try:
        return get_duty(duty_id).title
    except DutyUnknownError:
        return None


def _hazard_title(hazard_id: str) -> dict[str, str] | None:
    try:
        return get_hazard(hazard_id).names
    except HazardUnknownError:
        return None

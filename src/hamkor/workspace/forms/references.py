# SPDX-License-Identifier: Apache-2.0
"""What a field that refers to something may refer to: people, posts, places, channels, agencies, catalogues."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from hamkor.agencies.queries import list_agencies
from hamkor.common.i18n import translate
from hamkor.common.messages import show
from hamkor.hazards.queries import list_hazards
from hamkor.norms.queries import list_duties, list_norms
from hamkor.plans.rules.naming import title_of
from hamkor.plans.rules.plan import Plan
from hamkor.printing.cards import source_text
from hamkor.venues.rules.features import OUTSIDE, Area
from hamkor.venues.rules.screen import OUTSIDE_NAME

Option = tuple[str, str]
Source = Callable[[Plan, str], Iterable[Option]]


def agencies(_plan: Plan, language: str) -> Iterable[Option]:
    """Every party."""
    return _agencies(language)


def people(plan: Plan, language: str) -> Iterable[Option]:
    """People of the plan, with agency and position."""
    for person in plan.people or ():
        name = show(person.name or person.position or person.id, language)
        agency = dict(_agencies(language)).get(person.agency, person.agency)
        yield person.id, f"{name} · {agency}"


def posts(plan: Plan, language: str) -> Iterable[Option]:
    """Posts of the plan."""
    return ((post.id, show(post.title, language)) for post in plan.posts or ())


def holders(plan: Plan, language: str) -> Iterable[Option]:
    """Who may decide: people, posts, agencies."""
    return (*people(plan, language), *posts(plan, language), *agencies(plan, language))


def features(plan: Plan, language: str) -> Iterable[Option]:
    """Everything in the drawing."""
    found = plan.venue.features if plan.venue is not None else ()
    return ((feature.id, show(feature.properties.name or feature.id, language)) for feature in found)


def areas(plan: Plan, language: str) -> Iterable[Option]:
    """Areas of the drawing."""
    found = plan.venue.features if plan.venue is not None else ()
    return (
        (feature.id, show(feature.properties.name or feature.id, language))
        for feature in found
        if isinstance(feature.properties, Area)
    )


def sides(plan: Plan, language: str) -> Iterable[Option]:
    """Where a way between areas may lead: areas of the drawing, and the world outside."""
    return ((OUTSIDE, translate(OUTSIDE_NAME, language)), *areas(plan, language))


def channels(plan: Plan, language: str) -> Iterable[Option]:
    """Channels of the communications plan."""
    found = plan.communications.channels if plan.communications is not None else ()
    return ((channel.id, show(channel.title or channel.id, language)) for channel in found or ())


def items_of(part: str) -> Source:
    """Returns a source of the items of a list part, by their titles."""

    def listed(plan: Plan, language: str) -> Iterable[Option]:
        return (
            (item.id, show(title_of(item, fallback=item.id), language)) for item in getattr(plan, part) or ()
        )

    return listed


def norms(_plan: Plan, language: str) -> Iterable[Option]:
    """Norms by id and title."""
    return _norms(language)


def duty_catalogue(_plan: Plan, language: str) -> Iterable[Option]:
    """Duties of the catalogue."""
    return _duties(language)


def hazard_catalogue(_plan: Plan, language: str) -> Iterable[Option]:
    """Hazards of the catalogue."""
    return _hazards(language)


@cache
def _agencies(language: str) -> tuple[Option, ...]:
    return tuple((agency.code, show(agency.short_names, language)) for agency in list_agencies())


@cache
def _norms(language: str) -> tuple[Option, ...]:
    return tuple((norm.id, source_text(norm.id, language)) for norm in list_norms())


@cache
def _duties(language: str) -> tuple[Option, ...]:
    return tuple((duty.id, show(duty.title, language)) for duty in list_duties())


@cache
def _hazards(language: str) -> tuple[Option, ...]:
    return tuple((hazard.id, show(hazard.names, language)) for hazard in list_hazards())


# By struct and field where a name means different things, else by the name of the field.
SOURCES: dict[str, Source] = {
    "agency": agencies,
    "accountable": agencies,
    "supporting": agencies,
    "by": agencies,
    "owner": agencies,
    "person": people,
    "deputy": people,
    "holder": holders,
    "StopAuthority.deputy": holders,
    "decides": holders,
    "authorised_by": holders,
    "signed_by": people,
    "between": holders,
    "place": features,
    "about": features,
    "area": areas,
    "primary": channels,
    "alternate": channels,
    "contingency": channels,
    "emergency": channels,
    "channel": channels,
    "after": items_of("tasks"),
    "Opening.from": sides,
    "Opening.to": sides,
    "Passage.from": sides,
    "Passage.to": sides,
    "Turnstiles.from": sides,
    "Turnstiles.to": sides,
    "part_of": areas,
    "near": features,
    "covers": areas,
    "staffed_by": posts,
    "kept_clear_by": posts,
    "post": posts,
    "duty": items_of("duties"),
    "hazards": items_of("hazards"),
    "contingencies": items_of("contingencies"),
    "norms": norms,
    "Duty.catalogue": duty_catalogue,
    "HazardEntry.catalogue": hazard_catalogue,
}


def options_of(owner: str, field: str, *, plan: Plan | None, language: str) -> tuple[Option, ...] | None:
    """Returns what a field may refer to, None when it refers to nothing.

    Args:
        owner: Name of the struct the field belongs to.
        field: Name of the field.
        plan: The plan, None when there is none yet.
        language: Language of the page.
    """
    source = SOURCES.get(f"{owner}.{field}") or SOURCES.get(field)
    return None if source is None or plan is None else tuple(source(plan, language))

# SPDX-License-Identifier: Apache-2.0
"""Who can be asked at an event, and what a form says about whom and by when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.timezone import get_current_timezone

from hamkor.agencies.queries.people import list_people_at
from hamkor.agencies.rules import may
from hamkor.agencies.rules.rights import ROLE_NAMES
from hamkor.approvals.rules.signing import signing_agencies
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.discussions.rules import Addressee, DiscussionError
from hamkor.discussions.rules.talk import NOT_ASKED
from hamkor.pages.languages import current_language
from hamkor.printing.shown import agency_name

if TYPE_CHECKING:
    from datetime import tzinfo

    from hamkor.agencies.models import EventRole
    from hamkor.workspace.event_page import EventPage

Choice = tuple[str, str]
SEPARATOR = "|"
USUAL_DAYS = 2
AGENCIES, PEOPLE = N_("Agencies"), N_("People with a role here")


def list_addressees(page: EventPage) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """Returns agencies and people that can be asked, as values and words of a field, under two headings.

    Notes:
        Who may not see names chooses among agencies only.
    """
    language = current_language()
    given = [(row, person) for row, person in list_people_at(page.stream) if _is_in_force(row, page.now)]
    codes = dict.fromkeys((*signing_agencies(page.plan.event), *(row.agency for row, _ in given)))
    agencies = tuple(
        (f"{SEPARATOR}{code}", agency_name(code, language, full=True))
        for code in codes
        if code not in NOT_ASKED
    )
    if not may(page.viewer, "see_personal"):
        return ((translate(AGENCIES, language), agencies),)
    people = {
        f"{person.reference}{SEPARATOR}{row.agency}": (
            f"{person.name} · {agency_name(row.agency, language)}, "
            f"{translate(_role_name(row.role), language)}"
        )
        for row, person in given
        if person.reference != page.viewer.person
    }
    return ((translate(AGENCIES, language), agencies), (translate(PEOPLE, language), tuple(people.items())))


def addressee_of(page: EventPage, text: str) -> Addressee:
    """Returns whom a form asks.

    Args:
        page: The event.
        text: Value of the field.

    Raises:
        DiscussionError: ``addressee-missing``; ``addressee-unknown``, for one who cannot be asked here.
    """
    if not text:
        raise DiscussionError("addressee-missing", N_("Say who is to answer: a person or an agency."))
    if text not in {value for _, choices in list_addressees(page) for value, _ in choices}:
        template = N_("This person or agency has no part in the event. Choose another from the list.")
        raise DiscussionError("addressee-unknown", template)
    person, _, agency = text.partition(SEPARATOR)
    return Addressee(person=person or None, agency=agency or None)  # type: ignore[arg-type]  # one of the list


def deadline_of(page: EventPage, text: str) -> datetime:
    """Returns by when a form wants an answer, in the time of the event.

    Raises:
        DiscussionError: ``deadline-missing``.
    """
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        template = N_("The deadline is not a day with a time. Choose it again.")
        raise DiscussionError("deadline-missing", template) from None
    return typed if typed.tzinfo is not None else typed.replace(tzinfo=zone_of(page))


def usual_deadline(page: EventPage) -> str:
    """Returns the deadline a form proposes: the day after tomorrow at the end of work."""
    day = (page.now + timedelta(days=USUAL_DAYS)).astimezone(zone_of(page))
    return day.replace(hour=18, minute=0).strftime("%Y-%m-%dT%H:%M")


def zone_of(page: EventPage) -> tzinfo:
    """Returns the time zone of the event; that of the installation when the event names none that is known."""
    try:
        return ZoneInfo(page.plan.event.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return get_current_timezone()


def _role_name(role: str) -> str:
    return next((name for known, name in ROLE_NAMES.items() if known == role), role)


def _is_in_force(row: EventRole, now: datetime) -> bool:
    has_begun = row.starts_at is None or row.starts_at <= now
    return has_begun and (row.ends_at is None or now < row.ends_at)

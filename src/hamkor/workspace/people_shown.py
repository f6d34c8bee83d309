# SPDX-License-Identifier: Apache-2.0
"""What stands on a page for a reference to a person: a name for those who may see names, else the office held."""

from __future__ import annotations

from collections.abc import Iterable

from hamkor.agencies.queries.people import PersonShown, find_people
from hamkor.agencies.rules import Viewer, may
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.pages.languages import current_language

PROGRAM = N_("the program")
NOT_KNOWN = N_("a person who is not kept here any more")
NOT_NAMED = N_("a person of the agency")


def names_of(viewer: Viewer, references: Iterable[str | None]) -> dict[str, str]:
    """Returns what to call each reference on a page, in one query.

    Args:
        viewer: Who reads; without the right to see personal details offices stand for names.
        references: References of a journal; None is left out.
    """
    wanted = {reference for reference in references if reference}
    return names_for(viewer, wanted, find_people(wanted))


def names_for(viewer: Viewer | None, wanted: Iterable[str], found: dict[str, PersonShown]) -> dict[str, str]:
    """Returns what to call each reference, for a viewer or for nobody in particular (None).

    Args:
        viewer: Who reads.
        wanted: The references.
        found: The people behind them that are still kept.
    """
    language = current_language()
    sees_names = viewer is not None and may(viewer, "see_personal")
    names = {}
    for reference in wanted:
        person = found.get(reference)
        if person is not None:
            hidden = person.position or translate(NOT_NAMED, language)
            names[reference] = person.name if sees_names else hidden
        else:
            is_person = reference.startswith("person:")
            names[reference] = translate(NOT_KNOWN if is_person else PROGRAM, language)
    return names

# SPDX-License-Identifier: Apache-2.0
"""Of which agency a word of the plan speaks, and by what name people know it."""

from __future__ import annotations

from typing import cast

from hamkor.agencies.rules import AgencyCode
from hamkor.common.records import Text
from hamkor.journal.rules import Documents
from hamkor.operation.rules.acting import agency_shown
from hamkor.plans.rules.concern import AGENCY_CODES
from hamkor.plans.rules.naming import title_of


def agency_of_word(documents: Documents, word: str | None) -> AgencyCode | None:
    """Returns the agency of a word that may name a person, a post or an agency; None for other words.

    Args:
        documents: Documents of the event.
        word: Id of a person or post, code of an agency, or words.
    """
    if word in AGENCY_CODES:
        return cast("AgencyCode", word)
    for kind in ("post", "person"):
        found = documents.get(kind, word or "")
        if found is not None:
            return cast("AgencyCode | None", getattr(found, "agency", None))
    return None


def word_shown(documents: Documents, word: str) -> Text:
    """Returns by what name people know a person, post or agency of the plan; the word itself for other words."""
    if word in AGENCY_CODES:
        return agency_shown(cast("AgencyCode", word))
    for kind in ("post", "person"):
        found = documents.get(kind, word)
        if found is not None:
            return title_of(found, fallback=word)
    return word

# SPDX-License-Identifier: Apache-2.0
"""What is said to the public when something is stopped, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from hamkor.common.i18n import DEFAULT_LANGUAGE, LANGUAGES
from hamkor.common.messages import N_, Message
from hamkor.common.records import Language, Text
from hamkor.discussions.rules import clean_text
from hamkor.journal.rules import Documents
from hamkor.operation.rules.acting import OperationError
from hamkor.operation.rules.runs import recorded_runs
from hamkor.operation.rules.stops import StopAction
from hamkor.plans.rules.readiness import Contingency

ANNOUNCEMENT_MAX = 1000
# Ours: short, calm, what to do first, no word of danger that the listener can do nothing about.
WORDS_OF_ACTION: dict[StopAction, str] = {
    "stop_show": N_(
        "Attention, please. The programme is paused for your safety. Stay where you are, give each other "
        "space and wait for the next announcement."
    ),
    "delay_start": N_(
        "The programme begins a little later, so that everybody can come in safely. There is no need to hurry."
    ),
    "stop_entry": N_(
        "Entry is paused for now. Please stop, keep your distance and wait. We will tell you when it goes on."
    ),
    "open_exits": N_("All exits are open. Walk calmly to the nearest one. There is no need to hurry."),
    "evacuate": N_(
        "Please leave now by the nearest exit. Walk, do not run, help those beside you and do not go back for "
        "your things. The staff shows you the way."
    ),
    "cancel": N_(
        "The programme is over for today, for your safety. Please leave calmly by the nearest exit and follow "
        "the staff."
    ),
}


def in_all_languages(template: str, **facts: object) -> Text:
    """Returns a sentence in every language, as a text that can be recorded."""
    message = Message(template, dict(facts))
    return cast("Text", {language: message.render(language) for language in LANGUAGES})


def default_announcement(documents: Documents, action: StopAction) -> dict[Language, str]:
    """Returns what to say: the message of the contingency under way that began last, else the words of the action.

    Args:
        documents: Documents of the event.
        action: What is ordered.

    Notes:
        A message that the plan has in some languages only is said in these; the words of the action would say
        something else in the others.
    """
    for run in reversed(recorded_runs(documents)):
        found = cast("Contingency | None", documents.get("contingency", run.contingency))
        if run.is_running and found is not None and found.message:
            return _by_language(found.message)
    return _by_language(in_all_languages(WORDS_OF_ACTION[action]))


def clean_announcement(announcement: Mapping[str, str]) -> dict[Language, str]:
    """Returns an announcement as it is kept: only languages there are, no blank ones, each cleaned.

    Raises:
        OperationError: ``announcement-missing`` or ``language-unknown``.
        TextUnusableError: ``text-too-long``.
    """
    found: dict[Language, str] = {}
    for language, words in announcement.items():
        if language not in LANGUAGES:
            template = N_("There is no language “{language}” here. Use {languages}.")
            raise OperationError("language-unknown", template, language=language, languages=list(LANGUAGES))
        if words.strip():
            found[cast("Language", language)] = clean_text(words, most=ANNOUNCEMENT_MAX)
    if not found:
        template = N_(
            "There is nothing to announce. Write what is said to the public in one language at least."
        )
        raise OperationError("announcement-missing", template)
    return found


def _by_language(text: Text) -> dict[Language, str]:
    return dict(text) if isinstance(text, dict) else {cast("Language", DEFAULT_LANGUAGE): text}

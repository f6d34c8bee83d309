# SPDX-License-Identifier: Apache-2.0
"""What the scripts of the console say: one English sentence by key, translated when the page is made."""

from __future__ import annotations

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.console.words_action import ACTION
from hamkor.console.words_forecast import FORECAST
from hamkor.console.words_forms import FORMS
from hamkor.console.words_line import SHARED
from hamkor.console.words_screen import SCREEN
from hamkor.console.words_talk import TALK
from hamkor.console.words_work import WORK

# One group per part of the screen; values stand in braces and are filled by the script.
LINK: dict[str, str] = {
    "link.live": N_("Live"),
    "link.catching": N_("Catching up …"),
    "link.stale": N_("No link for {seconds} s"),
    "link.offline": N_("No connection: the picture is {age} old"),
    "link.replay": N_("The past: {time}"),
    "link.unsent": N_("Not sent yet: {count}"),
}
AGE: dict[str, str] = {
    "age.now": N_("now"),
    "age.seconds": N_("{count} s ago"),
    "age.minutes": N_("{count} min ago"),
    "age.hours": N_("{count} h ago"),
}
PRIORITY: dict[str, str] = {
    "priority.1": N_("critical"),
    "priority.2": N_("high"),
    "priority.3": N_("medium"),
    "priority.4": N_("low"),
}
PHASE: dict[str, str] = {
    "phase.preparation": N_("Preparation"),
    "phase.ingress": N_("People come in"),
    "phase.show": N_("Show"),
    "phase.egress": N_("People leave"),
    "phase.after": N_("After the event"),
}
WORDS: dict[str, str] = {
    **LINK,
    **AGE,
    **PRIORITY,
    **PHASE,
    **SCREEN,
    **SHARED,
    **WORK,
    **ACTION,
    **TALK,
    **FORMS,
    **FORECAST,
}


def words_in(language: str) -> dict[str, str]:
    """Returns all words in a language."""
    return {key: translate(text, language) for key, text in WORDS.items()}

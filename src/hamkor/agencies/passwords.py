# SPDX-License-Identifier: Apache-2.0
"""Passwords that an attacker tries first although they are long: no list of leaked ones is asked over the network."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.pages.languages import current_language

TEXT = N_(
    "This password would be guessed early: it is a common word, a row of keys or a repetition. "
    "Take four or five words that have nothing to do with each other."
)
MIN_DIFFERENT = 6
MAX_CHUNK = 6
MIN_REST = 8
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "01234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
LOOKALIKES = str.maketrans("@4310$57!|", "aaeiosstil")
# Words of this country and of this program that foreign lists lack; all of four letters or more.
LOCAL_WORDS = frozenset(
    {
        "hamkor", "parol", "parolim", "salom", "toshkent", "tashkent", "uzbekistan", "ozbekiston", "navruz", "navroz",
        "samarqand", "buxoro", "administrator", "koordinator", "militsiya", "politsiya", "password", "welcome",
        "qwerty", "пароль", "привет", "ташкент", "узбекистан", "навруз", "администратор", "координатор", "ҳамкор",
    }
)  # fmt: skip


class GuessablePasswordValidator:
    """Refuses long passwords made of little: repeated parts, runs of keys, a common word with decoration."""

    def validate(self, password: str, user: object = None) -> None:
        """Returns when the password is not among those tried first.

        Raises:
            ValidationError: It is; says how to mend it.
        """
        if is_guessable(password):
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        """Returns what a good password is."""
        return translate(TEXT, current_language())


def is_guessable(password: str) -> bool:
    """True when a password is made of so little that its length does not protect it."""
    text = password.lower()
    if len(set(text)) < MIN_DIFFERENT or _is_repetition(text):
        return True
    rest = _without_runs(text)
    for word in sorted(LOCAL_WORDS, key=len, reverse=True):
        rest = rest.replace(word, "")
        rest = rest.translate(LOOKALIKES).replace(word, "") if word in rest.translate(LOOKALIKES) else rest
    core = rest.strip("0123456789!@#$%^&*()-_=+.,;:?/ ")
    return len(core) < MIN_REST and (len(core) < len(text) // 2 or core in _common())


def _is_repetition(text: str) -> bool:
    return any(
        len(text) >= 2 * size and text == (text[:size] * (len(text) // size + 1))[: len(text)]
        for size in range(1, MAX_CHUNK + 1)
    )


def _without_runs(text: str) -> str:
    """Returns the text without runs of four or more neighbours on a keyboard or in the alphabet."""
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        for size in range(len(row), 3, -1):
            for start in range(len(row) - size + 1):
                text = text.replace(row[start : start + size], "")
    return text


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)

# SPDX-License-Identifier: Apache-2.0
"""The one error type people see: a code for programs, a translatable message, and the facts of the case."""

from __future__ import annotations

from typing import Any

from hamkor.common.messages import Message


class HamkorError(Exception):
    """An expected refusal: says what is wrong, where, and how to mend it.

    Args:
        code: Stable identifier in kebab case, the same in every language.
        template: English message with named placeholders, marked with ``N_``.
        facts: Values of the placeholders.
    """

    def __init__(self, code: str, template: str, **facts: Any) -> None:
        self.code = code
        self.message = Message(template, facts)
        super().__init__(code)

    def __str__(self) -> str:
        """Returns the message in English, for logs and tests."""
        return f"{self.code}: {self.message.in_english()}"

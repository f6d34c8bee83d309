# SPDX-License-Identifier: Apache-2.0
"""What a look at the installation says: a result, why it matters, and how to mend it."""

from __future__ import annotations

from typing import Literal

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.config.environment import Environment
from hamkor.config.installation import Database

State = Literal["good", "warning", "bad"]
GOOD: State = "good"
WARNING: State = "warning"
BAD: State = "bad"
MARKS = {"good": "✓", "warning": "!", "bad": "✗"}


class Site(msgspec.Struct, frozen=True):
    """What is looked at.

    Args:
        environment: Its settings.
        database: How its database is reached; None when it cannot be.
    """

    environment: Environment
    database: Database | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What a check found wrong.

    Args:
        state: How bad it is.
        found: What was found.
        mend: How to mend it.
    """

    state: State
    found: Message
    mend: Message


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a check-up.

    Args:
        code: Stable name of the check.
        state: How it is.
        what: What was looked at.
        why: Why it matters.
        found: What is wrong; None when nothing is.
        mend: How to mend it; None when nothing is to be mended.
    """

    code: str
    state: State
    what: Message
    why: Message
    found: Message | None = None
    mend: Message | None = None


def bad(found: str, mend: str, /, **facts: object) -> Verdict:
    """Returns the verdict that something does not work, with its texts marked by ``N_``."""
    return Verdict(BAD, Message(found, dict(facts)), Message(mend, dict(facts)))


def warning(found: str, mend: str, /, **facts: object) -> Verdict:
    """Returns the verdict that something works but should be mended, with its texts marked by ``N_``."""
    return Verdict(WARNING, Message(found, dict(facts)), Message(mend, dict(facts)))


def shown(result: Result, language: str) -> str:
    """Returns the lines of a result: the reason and the remedy only where something is wrong."""
    lines = [f"{MARKS[result.state]} {result.what.render(language)}"]
    if result.found is not None and result.mend is not None:
        why = Message(N_("Why it matters: {why}"), {"why": result.why})
        mend = Message(N_("How to mend it: {mend}"), {"mend": result.mend})
        lines += [f"    {text.render(language)}" for text in (result.found, why, mend)]
    return "\n".join(lines)

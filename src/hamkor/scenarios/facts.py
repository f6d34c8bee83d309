# SPDX-License-Identifier: Apache-2.0
"""What can have happened to a result: somebody took it into the record of the event, so that a plan may point at it."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from hamkor.agencies.rules.parties import AgencyCode
from hamkor.common.messages import Message
from hamkor.journal.rules import Changes, Documents, Fact, declare_fact, declare_kind
from hamkor.scenarios.rules.options import Options


class Cleared(msgspec.Struct, frozen=True, kw_only=True):
    """When a share of the people had arrived, seconds; all three equal for one run."""

    share: float
    low_s: float
    middle_s: float
    high_s: float


class Failing(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence why the plan fails, with its values as they were shown in English."""

    template: str
    values: dict[str, str] = {}


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A result in the record: the question and its answer in numbers, with all it rests on.

    Args:
        id: Id of the run.
        about: Number of the entry of the journal whose plan it answers.
        question: What was asked.
        inputs_hash: SHA-256 of everything it was computed from, hexadecimal.
        engine: Name and version of the engine.
        people: People who took part.
        left: People who had not arrived at the end.
        cleared: When which share had arrived.
        compared: The same of the case it was compared with.
        worst_density_per_m2: Highest density anywhere; None when no area is known.
        fails: Why the plan fails; empty does not mean that it is safe.
        by: Who took it into the record.
        agency: For which agency.
        at: When.
    """

    id: str
    about: int
    question: Options
    inputs_hash: str
    engine: str
    people: float
    left: float = 0.0
    cleared: tuple[Cleared, ...] = ()
    compared: tuple[Cleared, ...] = ()
    worst_density_per_m2: float | None = None
    fails: tuple[Failing, ...] = ()
    by: str
    agency: AgencyCode | None = None
    at: Annotated[datetime, Meta(tz=True)]


SCENARIO = declare_kind("scenario", Scenario)


def failing(message: Message) -> Failing:
    """Returns a sentence as it goes into the record."""
    values = {
        name: Message("{value}", {"value": value}).in_english() for name, value in message.facts.items()
    }
    return Failing(template=message.template, values=values)


def _adopt(_documents: Documents, fact: Fact[Scenario]) -> Changes:
    return {("scenario", fact.body.id): fact.body}


SCENARIO_ADOPTED = declare_fact("scenario.adopted.v1", Scenario, _adopt)

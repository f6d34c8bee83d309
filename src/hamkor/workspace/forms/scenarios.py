# SPDX-License-Identifier: Apache-2.0
"""The form of a what-if question, read strictly into options; what was typed is kept for a page with a refusal."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

import msgspec
from django.http import QueryDict

from hamkor.common.messages import N_, Message
from hamkor.scenarios.queries import ScenarioAbsentError
from hamkor.scenarios.rules.options import Options, OptionsError, Shut
from hamkor.simulation.rules.layout import Direction
from hamkor.simulation.rules.scenario import Method, Routing

LONGEST_NUMBER = 9
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
METHODS: tuple[Method, ...] = get_args(Method)
ROUTINGS: tuple[Routing, ...] = get_args(Routing)
BAND_RUNS = 30
"""Runs of the network a form offers: enough for a steady band, answered within seconds."""


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the fields of the form.

    Args:
        direction: Chosen direction.
        method: Chosen method.
        routing: Chosen way of choosing ways.
        people: What stands in the field of people.
        runs: What stands in the field of runs.
        seed: What stands in the field of the seed.
        profile: Chosen flow profile.
        shut: Connections that are ticked, with the minutes beside them.
    """

    direction: str
    method: str
    routing: str
    people: str
    runs: str
    seed: str
    profile: str
    shut: dict[str, str]


def typed_of(options: Options) -> Typed:
    """Returns the fields of the form for a question."""
    return Typed(
        direction=options.direction,
        method=options.method,
        routing=options.routing,
        people="" if options.people is None else str(options.people),
        runs=str(options.runs),
        seed=str(options.seed),
        profile=options.profile_id,
        shut={each.link: str(each.after_min) for each in options.shut},
    )


def typed_in(posted: QueryDict) -> Typed:
    """Returns what was typed, as it was sent."""
    new = typed_of(Options(runs=BAND_RUNS))
    names = ("direction", "method", "routing", "people", "runs", "seed", "profile")
    fields: dict[str, Any] = {name: posted.get(name, getattr(new, name)) for name in names}
    shut = {link: posted.get(f"after-{link}", "") for link in posted.getlist("shut")}
    return Typed(**fields, shut=shut)


def read_options(typed: Typed) -> Options:
    """Returns the question of a form; what may stand in it is judged by the command.

    Raises:
        OptionsError: ``scenario-choice``, or ``scenario-number`` for what is no number.
    """
    method = _chosen(typed.method, METHODS)
    runs = _number(typed.runs, field=N_("Number of runs"), otherwise=1)
    return Options(
        direction=_chosen(typed.direction, DIRECTIONS),
        method=method,
        routing=_chosen(typed.routing, ROUTINGS),
        people=_number(typed.people, field=N_("People in all"), otherwise=None),
        runs=1 if method == "guided" else runs,
        seed=_number(typed.seed, field=N_("Seed"), otherwise=1),
        profile_id=typed.profile[:60],
        shut=tuple(
            Shut(link=link, after_min=_number(text, field=N_("Minutes after the beginning"), otherwise=0))
            for link, text in typed.shut.items()
        ),
    )


def run_id_of(text: str) -> UUID:
    """Returns the id of a run that was sent.

    Raises:
        ScenarioAbsentError: It is no id at all.
    """
    try:
        return UUID(text)
    except ValueError:
        raise ScenarioAbsentError from None


def _chosen(text: str, choices: tuple[Any, ...]) -> Any:
    if text not in choices:
        template = N_("“{text}” is none of the choices. Load the page and choose again.")
        raise OptionsError("scenario-choice", template, text=text[:40])
    return text


def _number(text: str, *, field: str, otherwise: Any) -> Any:
    """Returns a whole number; spaces between groups of figures are taken as people write them."""
    cleaned = "".join(text.split())
    if not cleaned:
        return otherwise
    if not (cleaned.isascii() and cleaned.isdigit() and len(cleaned) <= LONGEST_NUMBER):
        template = N_("{field}: “{text}” is no whole number. Write one such as 34000.")
        raise OptionsError("scenario-number", template, field=Message(field), text=text[:40])
    return int(cleaned)

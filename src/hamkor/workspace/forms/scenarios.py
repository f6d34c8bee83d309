# SPDX-License-Identifier: Apache-2.0
"""The form of a what-if question, read strictly into options; what was typed is kept for a page with a refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
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
HALF_A_DAY = timedelta(hours=12)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside a connection that is ticked.

    Args:
        at: From when: a clock time, or minutes after the beginning; empty: from the start.
        left: How much of it stays open, per cent; empty: nothing.
    """

    at: str = ""
    left: str = ""


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
        shut: Connections that are ticked, with what stands beside them.
    """

    direction: str
    method: str
    routing: str
    people: str
    runs: str
    seed: str
    profile: str
    shut: dict[str, Closing]


def typed_of(options: Options, begins: Mapping[Direction, datetime]) -> Typed:
    """Returns the fields of the form for a question.

    Args:
        options: The question.
        begins: When people begin to move, by direction; where it is missing minutes are shown instead of clock times.
    """
    begins_at = begins.get(options.direction)
    return Typed(
        direction=options.direction,
        method=options.method,
        routing=options.routing,
        people="" if options.people is None else str(options.people),
        runs=str(options.runs),
        seed=str(options.seed),
        profile=options.profile_id,
        shut={each.link: _closing_of(each, begins_at) for each in options.shut},
    )


def _closing_of(shut: Shut, begins_at: datetime | None) -> Closing:
    moment = str(shut.after_min)
    if begins_at is not None:
        moment = (begins_at + timedelta(minutes=shut.after_min)).strftime("%H:%M")
    return Closing(
        at=moment if shut.after_min else "", left=f"{100 * shut.factor:.0f}" if shut.factor else ""
    )


def typed_in(posted: QueryDict) -> Typed:
    """Returns what was typed, as it was sent."""
    new = typed_of(Options(runs=BAND_RUNS), {})
    names = ("direction", "method", "routing", "people", "runs", "seed", "profile")
    fields: dict[str, Any] = {name: posted.get(name, getattr(new, name)) for name in names}
    shut = {
        link: Closing(at=posted.get(f"from-{link}", ""), left=posted.get(f"left-{link}", ""))
        for link in posted.getlist("shut")
    }
    return Typed(**fields, shut=shut)


def read_options(typed: Typed, begins: Mapping[Direction, datetime]) -> Options:
    """Returns the question of a form; what may stand in it is judged by the command.

    Args:
        typed: What stands in the fields.
        begins: When people begin to move, by direction, as far as the plan says.

    Raises:
        OptionsError: ``scenario-choice``; ``scenario-number`` for what is no number; ``scenario-clock`` for a time
            before the beginning, or of a plan without times.
    """
    direction, method = _chosen(typed.direction, DIRECTIONS), _chosen(typed.method, METHODS)
    runs = _number(typed.runs, field=N_("Number of runs"), otherwise=1)
    return Options(
        direction=direction,
        method=method,
        routing=_chosen(typed.routing, ROUTINGS),
        people=_number(typed.people, field=N_("People in all"), otherwise=None),
        runs=1 if method == "guided" else runs,
        seed=_number(typed.seed, field=N_("Seed"), otherwise=1),
        profile_id=typed.profile[:60],
        shut=tuple(
            Shut(
                link=link,
                after_min=_minutes(closing.at, begins.get(direction)),
                factor=_share(closing.left),
            )
            for link, closing in typed.shut.items()
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


def _minutes(text: str, begins_at: datetime | None) -> int:
    """Returns minutes after the beginning of a clock time, or of minutes as they stand."""
    read = _CLOCK.fullmatch(text.strip())
    if read is None:
        return int(_number(text, field=N_("Minutes after the beginning"), otherwise=0))
    hour, minute = int(read[1]), int(read[2])
    if hour > 23 or minute > 59:
        raise OptionsError(
            "scenario-clock",
            N_("“{text}” is no time of day. Write one such as 19:40, or minutes."),
            text=text[:40],
        )
    if begins_at is None:
        template = N_("The plan has no times, so {text} cannot be placed. Write minutes after the beginning.")
        raise OptionsError("scenario-clock", template, text=text[:40])
    moment = begins_at.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment < begins_at - HALF_A_DAY:
        moment += 2 * HALF_A_DAY
    after = moment - begins_at
    if after < timedelta(0):
        template = N_("{text} lies before people begin to move, at {begins}. Leave it empty for the start.")
        raise OptionsError("scenario-clock", template, text=text[:40], begins=begins_at.strftime("%H:%M"))
    return round(after.total_seconds() / 60)


def _share(text: str) -> float:
    """Returns the share of a connection that stays open."""
    number = int(_number(text.strip().removesuffix("%"), field=N_("Share that stays open"), otherwise=0))
    if number > 100:
        template = N_("At most 100 % of a way stays open, not {text}.")
        raise OptionsError("scenario-number", template, text=text[:40])
    return number / 100


def _number(text: str, *, field: str, otherwise: Any) -> Any:
    """Returns a whole number; spaces between groups of figures are taken as people write them."""
    cleaned = "".join(text.split())
    if not cleaned:
        return otherwise
    if not (cleaned.isascii() and cleaned.isdigit() and len(cleaned) <= LONGEST_NUMBER):
        template = N_("{field}: “{text}” is no whole number. Write one such as 34000.")
        raise OptionsError("scenario-number", template, field=Message(field), text=text[:40])
    return int(cleaned)

# SPDX-License-Identifier: Apache-2.0
"""What a person may ask: in which direction, with what shut, how many people, by which method."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Annotated

import msgspec
from msgspec import Meta

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE, list_profiles
from hamkor.scenarios.rules.limits import TWO_CORES, Lane, RunLimits
from hamkor.simulation.rules.layout import Direction
from hamkor.simulation.rules.scenario import Change, Method, Routing, Scenario

SEED_MAX = 2**31 - 1
DIRECTION_NAMES: dict[Direction, str] = {
    "ingress": N_("coming in"),
    "egress": N_("leaving"),
    "evacuate": N_("leaving at once"),
}
METHOD_NAMES: dict[Method, str] = {
    "network": N_("queues"),
    "guided": N_("best guidance"),
    "micro": N_("every person"),
}
ROUTING_NAMES: dict[Routing, str] = {
    "plan": N_("as tickets and the plan say"),
    "nearest": N_("everyone the shortest way"),
    "least_queue": N_("people avoid queues they see"),
}


class OptionsError(HamkorError):
    """This cannot be asked; says what, and what can."""


class Shut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A connection that is shut or narrowed from a moment on.

    Args:
        link: Id of the opening, passage or turnstiles.
        after_min: Minutes after the beginning; 0: from the start.
        factor: Share of its capacity that is left: 0 shut, 0.5 half.
    """

    link: str
    after_min: Annotated[int, Meta(ge=0)] = 0
    factor: Annotated[float, Meta(ge=0, le=1)] = 0.0


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question as a person asks it; what is not said is as the plan has it.

    Args:
        direction: Coming in, leaving, leaving at once.
        method: Which engine answers.
        routing: How people choose their way; without meaning for the best guidance.
        shut: Connections that are shut or narrowed.
        people: How many people in all; None: as the plan says.
        runs: Members of the ensemble; more give a band.
        seed: Seed of everything random.
        profile_id: Flow profile.
    """

    direction: Direction = "egress"
    method: Method = "network"
    routing: Routing = "plan"
    shut: tuple[Shut, ...] = ()
    people: int | None = None
    runs: int = 1
    seed: int = 1
    profile_id: str = DEFAULT_PROFILE


def judge_options(options: Options, known_links: frozenset[str], limits: RunLimits = TWO_CORES) -> Options:
    """Returns the question in its one spelling: what is shut in order of ids, each once.

    Args:
        options: As it was asked.
        known_links: Ids of the connections of the plan's drawing.
        limits: What the installation takes on.

    Raises:
        OptionsError: ``scenario-people``, ``scenario-runs``, ``scenario-seed``, ``scenario-profile``,
            ``scenario-changes``, ``scenario-link-unknown`` or ``scenario-time``.
    """
    _judge_numbers(options, limits)
    if options.profile_id not in {profile.id for profile in list_profiles()}:
        template = N_("There is no flow profile “{profile}”. Choose one of the list.")
        raise OptionsError("scenario-profile", template, profile=options.profile_id)
    _judge_shut(options.shut, known_links, limits)
    shut = tuple(sorted(options.shut, key=lambda each: (each.link, each.after_min)))
    routing: Routing = "plan" if options.method == "guided" else options.routing
    return msgspec.structs.replace(options, shut=shut, routing=routing)


def _judge_numbers(options: Options, limits: RunLimits) -> None:
    if options.people is not None and not 1 <= options.people <= limits.most_people:
        template = N_("{people} people cannot be simulated here. Give a number from 1 to {most}.")
        raise OptionsError("scenario-people", template, people=options.people, most=limits.most_people)
    most = limits.most_micro_runs if options.method == "micro" else limits.most_runs
    if not 1 <= options.runs <= most:
        template = N_(
            "{runs} runs are not possible with the method “{method}”. Give a number from 1 to {most}."
        )
        method = Message(METHOD_NAMES[options.method])
        raise OptionsError("scenario-runs", template, runs=options.runs, method=method, most=most)
    if not 0 <= options.seed <= SEED_MAX:
        raise OptionsError(
            "scenario-seed", N_("The seed has to be a whole number from 0 to {most}."), most=SEED_MAX
        )


def _judge_shut(shut: tuple[Shut, ...], known_links: frozenset[str], limits: RunLimits) -> None:
    if len(shut) > limits.most_changes:
        template = N_("{count} ways are shut; at most {most} in one question. Ask in several questions.")
        raise OptionsError("scenario-changes", template, count=len(shut), most=limits.most_changes)
    for each in shut:
        if each.link not in known_links:
            template = N_("The drawing has no gate or passage “{link}” any more. Load the page again.")
            raise OptionsError("scenario-link-unknown", template, link=each.link)
        if each.after_min > limits.most_after_min:
            template = N_("“{link}” is shut after {minutes} minutes; give at most {most}.")
            facts = {"link": each.link, "minutes": each.after_min, "most": limits.most_after_min}
            raise OptionsError("scenario-time", template, **facts)
    seen = [(each.link, each.after_min) for each in shut]
    twice = next((link for link, after in seen if seen.count((link, after)) > 1), None)
    if twice is not None:
        template = N_("“{link}” is shut twice at the same moment. Name it once.")
        raise OptionsError("scenario-changes", template, link=twice)


def lane_of(options: Options, limits: RunLimits = TWO_CORES) -> Lane:
    """Returns in which lane a question waits.

    Args:
        options: The question.
        limits: What the installation takes on.
    """
    return "heavy" if options.method == "micro" or options.runs > limits.quick_runs else "quick"


def base_of(options: Options) -> Options:
    """Returns the question an answer is compared with.

    Notes:
        The best guidance is compared with the same case left to itself, so that the difference is what guidance is
        worth; everything else with the plan as it is: nothing shut, as many people as planned.
    """
    if options.method == "guided":
        return msgspec.structs.replace(options, method="network")
    return msgspec.structs.replace(options, shut=(), people=None, routing="plan")


def scenario_of(options: Options, name: str = "") -> Scenario:
    """Returns the question as the engine takes it, without the moment of its beginning.

    Args:
        options: The question; how many people is no part of a scenario, but of the layout.
        name: Short name for comparisons.
    """
    changes = tuple(
        Change(link=each.link, at_s=each.after_min * 60.0, factor=each.factor) for each in options.shut
    )
    return Scenario(
        name=name,
        direction=options.direction,
        method=options.method,
        routing=options.routing,
        changes=changes,
        runs=options.runs,
        seed=options.seed,
        profile_id=options.profile_id,
    )

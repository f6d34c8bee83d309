# SPDX-License-Identifier: Apache-2.0
"""Answers of the crowd engine on a terminal, readable without colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hamkor.common.messages import N_, show
from hamkor.crowd.rules.inputs import SIGN_OFF
from hamkor.simulation.queries import Answer, Comparison, compare, worth_of_steering
from hamkor.simulation.queries.words import Shown, worst_queues

if TYPE_CHECKING:
    from hamkor.events.rules import Event
    from hamkor.simulation.rules.layout import Fault
    from hamkor.simulation.rules.outcome import Hot, Outcome

MOST_GATES = 8
MOST_FAILS = 10
MOST_PLACES = 6
SHARES = ("0.5", "0.9", "0.99", "1.0")
LEAST_WAIT_S = 10.0
LEAST_SHARE = 0.02
TITLE_COLUMNS = 36


def print_faults(faults: Sequence[Fault], language: str) -> None:
    """Prints what was wrong with the drawing and what was assumed instead, on standard error.

    Args:
        faults: Of the layout; none of them fatal.
        language: One of the four languages.
    """
    if not faults:
        return
    shown = Shown(language=language)
    table = Table(title=shown.say(N_("The drawing")), title_justify="left", box=None, header_style="bold")
    for head in (N_("Feature"), N_("What is wrong"), N_("What was assumed, or how to mend it")):
        table.add_column(shown.say(head), overflow="fold")
    for fault in faults:
        table.add_row(fault.feature, fault.says.render(language), fault.remedy.render(language))
    Console(stderr=True, highlight=False, markup=False).print(table)


def print_answers(answers: Sequence[Answer], event: Event, language: str) -> None:
    """Prints the last answer, compared with those before it, with all it rests on.

    Args:
        answers: One or more; the first is the base of comparison.
        event: The event, for its name and clock.
        language: One of the four languages.
    """
    asked = answers[-1]
    outcome = asked.outcome
    shown = Shown(language=language, names=asked.names, zone=event.time_zone)
    console = Console(highlight=False, markup=False)
    console.print(Text(show(event.name, language), style="bold"))
    console.print(_question(outcome, shown))
    console.print()
    if len(answers) > 1:
        outcomes = [answer.outcome for answer in answers]
        console.print(_side_by_side(compare(outcomes, link_names=asked.names), shown))
    else:
        console.print(_clearance(outcome, shown))
    for table in (
        _gates(outcome, shown),
        _places(outcome, shown),
        _waits(outcome, shown),
        _split(outcome, shown),
    ):
        if table is not None:
            console.print()
            console.print(table)
    if outcome.scenario.method == "guided" and len(answers) == 2:
        console.print(worth_of_steering(answers[0].outcome, outcome).render(language))
    console.print()
    _print_verdict(console, outcome, shown)
    _print_rest(console, outcome, shown)


def _question(outcome: Outcome, shown: Shown) -> str:
    scenario = outcome.scenario
    people = shown.say(N_("{people} people"), people=round(outcome.people))
    begins = shown.say(N_("from {clock}"), clock=shown.clock(scenario, 0)) if scenario.starts_at else ""
    runs = shown.say(N_("{runs} runs"), runs=scenario.runs) if scenario.runs > 1 else ""
    return ", ".join(part for part in (shown.title(scenario), people, begins, runs) if part)


def _table(shown: Shown, title: str, heads: Iterable[str], *, left: int = 1) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        header_style="dim",
        pad_edge=False,
        min_width=TITLE_COLUMNS,
    )
    for at, head in enumerate(heads):
        table.add_column(head, justify="left" if at < left else "right", overflow="fold")
    return table


def _clearance(outcome: Outcome, shown: Shown) -> Table:
    heads = (shown.say(N_("Arrived")), shown.say(N_("after")), shown.say(N_("at")))
    table = _table(shown, shown.say(N_("How long it takes (min:s)")), heads)
    for share in SHARES:
        band = outcome.clearance_s.get(share)
        clock = "" if band is None else shown.clock(outcome.scenario, band.middle)
        table.add_row(
            f"{float(share):.0%}", shown.say(N_("never")) if band is None else shown.band(band), clock
        )
    return table


def _side_by_side(comparison: Comparison, shown: Shown) -> Table:
    table = _table(shown, shown.say(N_("Side by side (min:s)")), ("", *comparison.names))
    for row in comparison.rows:
        cells = []
        for value, difference in zip(row.values, row.differences, strict=True):
            text = shown.band(value, unit=row.unit) if value is not None else "–"
            changed = shown.difference(difference, unit=row.unit)
            cells.append(f"{text}\n{changed}" if changed and not changed.startswith("±") else text)
        table.add_row(row.says.render(shown.language), *cells)
    return table


def _gates(outcome: Outcome, shown: Shown) -> Table | None:
    worst = worst_queues(outcome.links)[:MOST_GATES]
    if not worst:
        return None
    heads = (N_("Door or way"), N_("people through"), N_("longest queue"), N_("longest wait"))
    table = _table(shown, shown.say(N_("Where people wait longest (min:s)")), map(shown.say, heads))
    for link, found in worst:
        table.add_row(
            shown.name(link),
            shown.number(found.passed.middle),
            shown.band(found.longest_queue, unit="people"),
            shown.band(found.longest_wait_s),
        )
    return table


def _places(outcome: Outcome, shown: Shown) -> Table | None:
    dense = [hot for hot in outcome.hottest if hot.density_per_m2 is not None and hot.id in outcome.places]
    if not dense:
        return None
    heads = (
        N_("Place"),
        N_("people per m²"),
        N_("at"),
        N_("above 2"),
        N_("above 3"),
        N_("above 4"),
        N_("above 5"),
    )
    table = _table(shown, shown.say(N_("Where it is densest (min:s)")), map(shown.say, heads))
    for hot in dense[:MOST_PLACES]:
        table.add_row(*_place_cells(outcome, hot, shown))
    return table


def _place_cells(outcome: Outcome, hot: Hot, shown: Shown) -> Iterable[str]:
    found = outcome.places[hot.id]
    above = (found.seconds_above.get(limit, 0.0) for limit in ("2", "3", "4", "5"))
    return (
        shown.name(hot.id),
        shown.band(found.worst_density_per_m2, unit="density"),
        shown.clock(outcome.scenario, hot.at_s),
        *(shown.span(seconds) if seconds >= 1 else "–" for seconds in above),
    )


def _waits(outcome: Outcome, shown: Shown) -> Table | None:
    longest = sorted(outcome.waited_s.items(), key=lambda item: -item[1].middle)
    told = [item for item in longest if item[1].middle >= LEAST_WAIT_S][:MOST_PLACES]
    if not told:
        return None
    heads = (shown.say(N_("Place of origin")), shown.say(N_("longest wait")))
    table = _table(shown, shown.say(N_("Who waits longest in all (min:s)")), heads)
    for place, waited in told:
        table.add_row(shown.name(place), shown.band(waited))
    return table


def _split(outcome: Outcome, shown: Shown) -> Table | None:
    """Returns which share of each place should go to which exit."""
    if not outcome.split:
        return None
    table = _table(
        shown,
        shown.say(N_("How to steer them")),
        (shown.say(N_("Place of origin")), shown.say(N_("to"))),
        left=2,
    )
    for place, shares in outcome.split.items():
        listed = sorted(shares.items(), key=lambda item: -item[1])
        told = [f"{shown.name(link)} {share:.0%}" for link, share in listed if share >= LEAST_SHARE]
        if told:
            table.add_row(shown.name(place), ", ".join(told))
    return table


def _print_verdict(console: Console, outcome: Outcome, shown: Shown) -> None:
    if outcome.fails:
        console.print(Text(shown.say(N_("The plan fails:")), style="bold red"))
        for message in outcome.fails[:MOST_FAILS]:
            console.print(Text(f"  ✗ {message.render(shown.language)}", style="red"))
        if len(outcome.fails) > MOST_FAILS:
            more = shown.say(N_("and {count} more"), count=len(outcome.fails) - MOST_FAILS)
            console.print(Text(f"  … {more}", style="red"))
    else:
        console.print(shown.say(N_("Nothing was found here that fails the plan. That does not clear it.")))
    for message in outcome.warnings:
        console.print(Text(f"  ! {message.render(shown.language)}", style="yellow"))


def _print_rest(console: Console, outcome: Outcome, shown: Shown) -> None:
    console.print()
    console.print(Text(shown.say(N_("What it rests on")), style="bold"))
    for message in outcome.assumptions:
        console.print(f"  – {message.render(shown.language)}")
    scenario = outcome.scenario
    facts = shown.say(
        N_("Profile {profile}, seed {seed}, engine {engine}, {cpu} s of processor time, question {hash}."),
        profile=scenario.profile_id,
        seed=scenario.seed,
        engine=outcome.engine,
        cpu=round(outcome.cpu_s, 2),
        hash=outcome.inputs_hash[:12],
    )
    console.print(f"  – {facts}")
    console.print()
    console.print(shown.say(SIGN_OFF))

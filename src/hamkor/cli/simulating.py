# SPDX-License-Identifier: Apache-2.0
"""`hamkor simulate`: can they get in, can they get out, where does it jam, what if a gate shuts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hamkor.cli.edge import STATUS_OK, STATUS_RED
from hamkor.cli.language import N_, say, spoken
from hamkor.cli.options import folder_argument, language_option, profile_option
from hamkor.common.errors import HamkorError

if TYPE_CHECKING:
    from hamkor.plans.rules.plan import Plan
    from hamkor.simulation.queries import Answer, Film, Parts
    from hamkor.simulation.rules.scenario import Scenario

METHODS = ("network", "guided", "micro")
ROUTINGS = ("nearest", "plan", "least_queue")
NETWORK_RUNS = 100
LIBRARIES = ("av", "matplotlib", "numba", "ortools", "scipy")
CHECKPOINT_FILE = "micro.checkpoint"
PAPERS = ("result.json", "arrived.csv", "places.csv", "links.csv", "replay.html")
CHARTS = ("clearance", "queues", "occupancy", "density", "comparison")
Case = tuple[str, tuple[tuple[str, str], ...]]
"""Name of a scenario, and what changes in it: verb and text."""


@click.command(
    "simulate",
    help=spoken(
        N_(
            "Simulate a crowd coming in or leaving. Status 0: nothing found that fails the plan, which clears nothing; "
            "1: the plan fails; 2: input unusable."
        )
    ),
)
@folder_argument
@click.option("--ingress", "direction", flag_value="ingress", help=spoken(N_("People come in.")))
@click.option("--egress", "direction", flag_value="egress", help=spoken(N_("People leave as planned.")))
@click.option("--evacuate", "direction", flag_value="evacuate", help=spoken(N_("Everybody leaves at once.")))
@click.option(
    "--close",
    "closed",
    multiple=True,
    metavar="GATE[@WHEN]",
    help=spoken(N_("Shut a gate, such as gate:3, gate:3@19:40 or exit-n1@+10min; may be repeated.")),
)
@click.option(
    "--open",
    "opened",
    multiple=True,
    metavar="GATE[@WHEN]",
    help=spoken(N_("Open a gate again that was shut; may be repeated.")),
)
@click.option(
    "--narrow",
    "narrowed",
    multiple=True,
    metavar="GATE=SHARE[@WHEN]",
    help=spoken(N_("Leave a gate a share of its capacity, such as gate:3=0.5@19:40; may be repeated.")),
)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="TEXT",
    help=spoken(
        N_("A case of its own, such as `Plan B: close gate:3@19:40, narrow exit-n1=0.5`; may be repeated.")
    ),
)
@click.option(
    "--compare", is_flag=True, help=spoken(N_("Make every change a case of its own, side by side."))
)
@click.option(
    "--at", metavar="HH:MM", help=spoken(N_("Local time at which it begins; by the plan if not given."))
)
@click.option(
    "--method",
    type=click.Choice(METHODS),
    default="network",
    show_default=True,
    help=spoken(N_("Queueing network; the best a guided crowd can do; every single person.")),
)
@click.option(
    "--routing",
    type=click.Choice(ROUTINGS),
    default="plan",
    show_default=True,
    help=spoken(N_("How people choose: the nearest way, as the plan says, away from queues.")),
)
@click.option(
    "--runs", type=int, help=spoken(N_("Runs of an ensemble: 100 of the network, 1 of the others."))
)
@click.option("--seed", type=int, default=1, show_default=True, help=spoken(N_("Seed of everything random.")))
@click.option("--people", type=int, help=spoken(N_("All people together; by the plan if not given.")))
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    help=spoken(N_("Folder for numbers, charts, map and replay.")),
)
@click.option("--svg", is_flag=True, help=spoken(N_("Also every chart as SVG.")))
@click.option("--video", is_flag=True, help=spoken(N_("Also a film, run.mp4.")))
@click.option("--gif", is_flag=True, help=spoken(N_("Also a small film, run.gif.")))
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, dir_okay=False),
    help=spoken(N_("File `--method micro` keeps its state in; run again, it goes on from there.")),
)
@profile_option
@language_option
def simulate(path: Path, *, direction: str | None, language: str, output: Path | None, **told: Any) -> int:
    """Simulates the crowd of a plan and returns the exit status."""
    from hamkor.cli.simulated import print_answers, print_faults
    from hamkor.folder.queries import read_folder

    _require_installed()
    _require_direction(direction)
    plan = read_folder(path)
    parts = _parts(plan)
    cases = _cases(
        **{name: told.pop(name) for name in ("closed", "opened", "narrowed", "scenarios", "compare")}
    )
    video, gif, svg = (told.pop(name) for name in ("video", "gif", "svg"))
    people, checkpoint = told.pop("people"), told.pop("checkpoint")
    asked = _scenarios(parts, cases, direction=direction, language=language, **told)
    if output is not None:
        _require_writable(output)
        checkpoint = checkpoint or output / CHECKPOINT_FILE
    with _progress(language) as step:
        answers = _run(
            parts, asked, people=people, checkpoint=checkpoint, record=output is not None, step=step
        )
        if output is not None:
            films: list[Film] = [*(("mp4",) if video else ()), *(("gif",) if gif else ())]
            _write(answers, plan, output, language=language, svg=svg, films=films, step=step)
    print_faults(answers[-1].layout.faults, language)
    print_answers(answers, plan.event, language)
    if output is not None:
        click.echo(
            say(
                N_("Written to {path}; open {replay} in a browser."),
                language,
                path=str(output),
                replay=str(output / "replay.html"),
            )
        )
    return STATUS_RED if answers[-1].outcome.fails else STATUS_OK


def _require_installed() -> None:
    from importlib.util import find_spec

    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise HamkorError(
            "simulation-missing",
            N_(
                "The crowd engine is not installed ({missing} is missing). Install it: pip install 'hamkor[simulation]'"
            ),
            missing=missing,
        )


def _require_direction(direction: str | None) -> None:
    if direction is None:
        raise HamkorError("no-direction", N_("Say which way people go: --ingress, --egress or --evacuate."))


def _parts(plan: Plan) -> Parts:
    from hamkor.plans.rules.manning import unattended_of
    from hamkor.scenarios.rules.questions import require_ground
    from hamkor.simulation.queries import Parts

    features = tuple(plan.venue.features) if plan.venue is not None else ()
    require_ground(features)
    return Parts(
        features=features,
        event=plan.event,
        attendance=plan.attendance,
        unattended=unattended_of(features, plan.posts),
    )


def _cases(
    *,
    closed: tuple[str, ...],
    opened: tuple[str, ...],
    narrowed: tuple[str, ...],
    scenarios: tuple[str, ...],
    compare: bool,
) -> list[Case]:
    """Returns the cases that are asked about, none for the plan as it is."""
    changes = [
        *(("close", text) for text in closed),
        *(("open", text) for text in opened),
        *(("narrow", text) for text in narrowed),
    ]
    if compare:
        cases: list[Case] = [(f"{verb} {text}", ((verb, text),)) for verb, text in changes]
    else:
        cases = [(", ".join(f"{verb} {text}" for verb, text in changes), tuple(changes))] if changes else []
    return cases + [_case(text) for text in scenarios]


def _case(text: str) -> Case:
    """Returns the case of `Plan B: close gate:3@19:40, narrow exit-n1=0.5`."""
    name, has_name, rest = text.partition(": ")
    listed = [part.strip().partition(" ") for part in (rest if has_name else text).split(",")]
    if any(verb not in {"close", "open", "narrow"} or not gate for verb, _, gate in listed):
        raise HamkorError(
            "bad-scenario",
            N_(
                "“{text}” is no scenario. Write changes one after the other, such as: "
                "`Plan B: close gate:3@19:40, narrow exit-n1=0.5`"
            ),
            text=text,
        )
    return name if has_name else text, tuple((verb, gate.strip()) for verb, _, gate in listed)


def _scenarios(
    parts: Parts,
    cases: list[Case],
    *,
    direction: Any,
    runs: int | None,
    profile: str,
    language: str,
    **told: Any,
) -> list[Scenario]:
    """Returns the questions: the plan as it is first, then each case."""
    import msgspec

    from hamkor.crowd.rules.profiles import load_profile
    from hamkor.simulation.queries import ask, read_change

    load_profile(profile)
    default = NETWORK_RUNS if told["method"] == "network" else 1
    fields = {**told, "runs": default if runs is None else runs, "profile_id": profile}
    base = ask(parts, direction=direction, **fields)
    factors = {"close": 0.0, "open": 1.0, "narrow": 0.5}
    asked = []
    for name, changes in cases:
        read = tuple(
            read_change(text, parts=parts, scenario=base, factor=factors[verb]) for verb, text in changes
        )
        asked.append(msgspec.structs.replace(base, name=name, changes=read))
    if base.method == "guided":
        # What steering is worth shows only beside the same crowd without it.
        guided = asked or [base]
        unguided = msgspec.structs.replace(guided[0], method="network", name=say(N_("unguided"), language))
        return [unguided, *(_named(one, language) for one in guided)]
    planned = msgspec.structs.replace(base, name=say(N_("as planned"), language))
    return [planned, *asked] if asked else [base]


def _named(scenario: Scenario, language: str) -> Scenario:
    import msgspec

    guided = say(N_("guided"), language)
    name = f"{guided}, {scenario.name}" if scenario.name else guided
    return msgspec.structs.replace(scenario, name=name)


def _require_writable(output: Path) -> None:
    """Passes when files can be written there: better now than after an hour."""
    output.mkdir(parents=True, exist_ok=True)
    trial = output / ".hamkor"
    trial.touch()
    trial.unlink()


Step = Callable[[str, float], None]
"""Is told what is done and the share of it, 0 to 1."""


def _run(
    parts: Parts,
    asked: list[Scenario],
    *,
    people: int | None,
    checkpoint: Path | None,
    record: bool,
    step: Step,
) -> list[Answer]:
    from hamkor.simulation.queries import run_scenario

    answers = []
    for at, scenario in enumerate(asked):
        named = scenario.name or scenario.method
        # The last case keeps the name that was given; others get one of their own beside it.
        kept = (
            checkpoint
            if at == len(asked) - 1 or checkpoint is None
            else checkpoint.with_name(f"{checkpoint.name}-{at}")
        )
        answers.append(
            run_scenario(
                parts,
                scenario,
                people=people,
                on_progress=lambda share, named=named: step(named, share),  # type: ignore[misc]  # a default binds it now
                record=record,
                checkpoint=kept if scenario.method == "micro" else None,
            )
        )
    return answers


def _write(
    answers: list[Answer],
    plan: Plan,
    output: Path,
    *,
    language: str,
    svg: bool,
    films: list[Film],
    step: Step,
) -> None:
    from hamkor.simulation.queries import film, papers_of

    drawing = say(N_("Drawing"), language)
    expected = len(PAPERS) + len(CHARTS) * (2 if svg else 1)
    step(drawing, 0.0)
    papers = papers_of(answers, plan.event, language=language, svg=svg)
    for number, (name, content) in enumerate(papers, start=1):
        (output / name).write_bytes(content)
        step(drawing, min(1.0, number / expected))
    step(drawing, 1.0)
    filming = say(N_("Filming"), language)

    def filmed(share: float) -> None:
        step(filming, share)

    for form in films:
        shot = film(answers[-1], plan.event, language=language, form=form, on_progress=filmed)
        if shot is not None:
            (output / f"run.{form}").write_bytes(shot)


@contextmanager
def _progress(language: str) -> Iterator[Step]:
    """Shows a bar for each thing that is done, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _text, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(
        *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        tasks: dict[str, Any] = {}

        def step(text: str, share: float) -> None:
            if text not in tasks:
                tasks[text] = bar.add_task(text, total=1.0)
            bar.update(tasks[text], completed=share)

        yield step


def register(app: click.Group) -> None:
    """Adds the command."""
    app.add_command(simulate)

# SPDX-License-Identifier: Apache-2.0
"""Answers of the crowd engine: run a question, compare answers, show them."""

from hamkor.simulation.measures.comparing import Comparison, Row, compare
from hamkor.simulation.queries.asking import (
    AskingError,
    Parts,
    ask,
    find_link,
    names_of,
    read_change,
)
from hamkor.simulation.queries.running import (
    Answer,
    DrawingUnusableError,
    run_scenario,
    scenario_hash,
    simulate,
    told_fault,
    worth_of_steering,
)
from hamkor.simulation.queries.showing import Film, film, papers_of, replay_of

__all__ = [
    "Answer",
    "AskingError",
    "Comparison",
    "DrawingUnusableError",
    "Film",
    "Parts",
    "Row",
    "ask",
    "compare",
    "film",
    "find_link",
    "names_of",
    "papers_of",
    "read_change",
    "replay_of",
    "run_scenario",
    "scenario_hash",
    "simulate",
    "told_fault",
    "worth_of_steering",
]

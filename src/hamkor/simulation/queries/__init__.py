# SPDX-License-Identifier: Apache-2.0
"""Answers of the crowd engine: run a question, compare answers, show them."""

from hamkor.simulation.queries.asking import (
    AskingError,
    Parts,
    ask,
    find_link,
    names_of,
    read_change,
)
from hamkor.simulation.measures.comparing import Comparison, Row, compare
from hamkor.simulation.queries.running import Answer, run_scenario, scenario_hash, simulate

__all__ = [
    "Answer",
    "AskingError",
    "Comparison",
    "Parts",
    "Row",
    "ask",
    "compare",
    "find_link",
    "names_of",
    "read_change",
    "run_scenario",
    "scenario_hash",
    "simulate",
]

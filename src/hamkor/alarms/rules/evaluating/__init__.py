# SPDX-License-Identifier: Apache-2.0
"""Rules over readings: what is raised, what returns, and how often a rule would have spoken."""

from hamkor.alarms.rules.evaluating.context import EVENT, Context, context_of_plan
from hamkor.alarms.rules.evaluating.evaluator import Evaluator
from hamkor.alarms.rules.evaluating.signals import Clear, Raise, Repeat, Sample, Signal
from hamkor.alarms.rules.evaluating.trial import Episode, Trial, try_rule

__all__ = [
    "EVENT",
    "Clear",
    "Context",
    "Episode",
    "Evaluator",
    "Raise",
    "Repeat",
    "Sample",
    "Signal",
    "Trial",
    "context_of_plan",
    "try_rule",
]

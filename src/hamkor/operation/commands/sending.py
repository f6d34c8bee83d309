# SPDX-License-Identifier: Apache-2.0
"""What all verbs of the operation share: who sends, and what a fact says of it."""

from __future__ import annotations

from hamkor.journal.commands import Envelope
from hamkor.journal.rules import Documents, Fact, in_utc
from hamkor.operation.facts import JOBS_PLANNED, JobsPlanned, Stamped
from hamkor.operation.rules.planned import plan_change
from hamkor.operation.rules.system import At

# One entry holds at most a mebibyte; fifty titles in four languages fit whatever their length.
JOBS_IN_ENTRY = 50
IDS_IN_ENTRY = 2000


def stamp(envelope: Envelope, id: str, words: str | None = None) -> Stamped:
    """Returns the body of a fact that says something about a thing.

    Args:
        envelope: Who sends, when.
        id: Which thing.
        words: What was said, or None.
    """
    return Stamped(id=id, at=in_utc(envelope.at), by=envelope.by, words=words)


def planning(documents: Documents, at: At) -> list[Fact[JobsPlanned]]:
    """Returns the facts that bring the recorded work in line with the plan; none when it is."""
    change = plan_change(documents)
    facts = [
        JOBS_PLANNED(JobsPlanned(at=in_utc(at), jobs=change.jobs[first : first + JOBS_IN_ENTRY]))
        for first in range(0, len(change.jobs), JOBS_IN_ENTRY)
    ]
    facts += [
        JOBS_PLANNED(JobsPlanned(at=in_utc(at), removed=change.removed[first : first + IDS_IN_ENTRY]))
        for first in range(0, len(change.removed), IDS_IN_ENTRY)
    ]
    return facts

# SPDX-License-Identifier: Apache-2.0
"""NOORG: somebody organises the event and answers for it."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found
from hamkor.checks.rules.registry import rule
from hamkor.common.messages import N_


@rule(
    "NOORG-001",
    title=N_("Nobody organises the event"),
    says=N_("{subject} has no organiser: nobody applied, nobody plans, nobody answers for the crowd."),
    do=N_(
        "Name a responsible body before the day. Until there is one, the hokimlik or the police must take the role."
    ),
    why=N_(
        "A crowd that everyone expects and nobody organises has no plan, no counted capacity and no one who may stop "
        "it. In Itaewon in 2022 more than 100 000 people came to an event with no organiser; 159 died in an alley."
    ),
    severity=N_("Red when it is known that nobody organises; amber when the organiser is unknown."),
    sources=("uz-cm-205-2014-annex1-def-organiser", "Itaewon special investigation, 2023"),
)
def no_organiser(context: Context) -> Iterator[Found]:
    """Yields a finding when nobody organises, or when it is not known who does."""
    organiser = context.event.organiser
    if organiser == "none":
        yield Found(subject=context.event_subject, severity="red")
    elif organiser is None:
        yield Found(subject=context.event_subject, severity="red" if context.is_complete else "amber")

# SPDX-License-Identifier: Apache-2.0
"""STAFF: a reserve, and anybody at all."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.families.staff import PURPLE_GUIDE, forces_of
from hamkor.checks.rules.findings import Found
from hamkor.checks.rules.registry import rule
from hamkor.checks.rules.setting import SMALL_CROWD, is_crowd_below
from hamkor.common.figures import Range, known, total
from hamkor.common.messages import N_

RESERVE_SHARE = 0.13  # over 3 000 on 22 383 staff: uz-practice-navruz-reserve, a benchmark and no rule


@rule(
    "STAFF-005",
    title=N_("No reserve, or a small one"),
    says=N_("The reserve is {measured} of {planned} people; {limit} would be the usual 13 %."),
    do=N_("Form a reserve group with a commander, a place and transport."),
    why=N_(
        "What happens is never where the people are. At Navruz about 13 % of the staff are kept in reserve."
    ),
    severity=N_("Info: a benchmark of practice, not a rule."),
    unit="people",
    sources=("uz-practice-navruz-reserve",),
)
def small_reserve(context: Context) -> Iterator[Found]:
    """Yields a finding when the known reserve is below the benchmark, or a complete plan has none."""
    forces = [force for force in forces_of(context) if force.planned is not None]
    reserves = [known(force.reserve) for force in forces]
    told = [reserve for reserve in reserves if reserve is not None]
    if not forces or (not told and not context.is_complete):
        return
    reserve = total(told)
    planned = total(known(force.planned) or Range.exactly(0) for force in forces)
    limit = planned * RESERVE_SHARE
    if planned.nominal > 0 and reserve.high < limit.low:
        yield Found(
            subject=context.part_subject("staffing"),
            severity="info",
            measured=reserve,
            limit=limit,
            ratio=limit / reserve,
            facts={"planned": planned.nominal},
        )


@rule(
    "STAFF-006",
    title=N_("Nobody is sent"),
    says=N_("No people are planned for {subject}."),
    do=N_("Write which agency sends how many people, for what, and have it confirmed."),
    why=N_("A crowd without anybody to steer it is a crowd nobody will warn."),
    severity=N_("Red when the list of forces is known to be empty; amber below 1 000 people at once."),
    sources=(PURPLE_GUIDE, "uz-practice-navruz-duty"),
)
def no_forces(context: Context) -> Iterator[Found]:
    """Yields a finding when the list of forces is empty and no post is manned either."""
    is_manned = any(post.confirmed is not None or post.shifts for post in context.plan.posts or ())
    if context.plan.staffing == () and not is_manned:
        is_small = is_crowd_below(context, SMALL_CROWD)
        yield Found(subject=context.event_subject, severity="amber" if is_small else "red")

# SPDX-License-Identifier: Apache-2.0
"""HAZ, structures: what can burn, and what was put up for the event and examined by nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hamkor.checks.rules.context import Context, name_of
from hamkor.checks.rules.families.haz_fire import FIRE_RULES, blocked_exits
from hamkor.checks.rules.findings import Found
from hamkor.checks.rules.naming import listed
from hamkor.checks.rules.registry import rule
from hamkor.common.messages import N_, Message
from hamkor.common.records import Text
from hamkor.venues.rules.features import Structure

BRADFORD = "Popplewell interim report on Bradford, 1985"
EN_13782 = "EN 13782 temporary structures: tents"
# What people stand on, or what stands above them.
BEARS_PEOPLE = frozenset({"temporary_stand", "stage_roof", "ride"})
NEEDS_CERTIFICATE = BEARS_PEOPLE | {"stage", "tent", "tower", "screen_wall"}


@rule(
    "HAZ-031",
    title=N_("People on or beside what can burn"),
    says=N_("{subject} can burn, and people are on it or beside it{exits}."),
    do=N_(
        "Clear waste and stores from under {subject}, keep every exit of it open and staffed, and post a fire watch."
    ),
    why=N_(
        "In Bradford in 1985 waste under a wooden stand caught fire; it burned from end to end in about four "
        "minutes, and people died at the locked exits behind it: 56 in all."
    ),
    severity=N_("Red when an exit beside it is locked or obstructed; else amber."),
    sources=(BRADFORD, FIRE_RULES),
)
def combustible_structure(context: Context) -> Iterator[Found]:
    """Yields each structure that can burn, with the blocked exits beside it."""
    burning = [item for item in context.features_of(Structure) if item[1].combustible]
    blocked_in = {name: blocked_exits(context, name) for name in context.areas} if burning else {}
    anywhere = _names(context, blocked_in, context.areas)
    for structure_id, structure in burning:
        blocked = _names(context, blocked_in, structure.near) if structure.near else anywhere
        exits = Message(N_("; these exits are blocked: {names}"), {"names": listed(blocked)})
        yield Found(
            subject=context.subject("structure", structure_id),
            severity="red" if blocked else "amber",
            facts={"exits": exits if blocked else ""},
        )


def _names(context: Context, exits: dict[str, list[str]], areas: Iterable[str]) -> list[Text]:
    ids = dict.fromkeys(name for area_id in areas for name in exits.get(area_id, ()))
    return [context.subject("opening", name).shown() for name in ids]


@rule(
    "HAZ-032",
    title=N_("Temporary structures without a certificate"),
    says=N_("No engineer's certificate is dated for: {structures}."),
    do=N_("Have each examined after it is put up and before people are let near, and file the certificate."),
    why=N_(
        "What is put up in a night is held by what nobody checked. The temporary stand of Furiani in 1992 fell "
        "before the kick-off; 18 people died."
    ),
    severity=N_("Amber in a complete plan, and for what bears people or hangs over them; else info."),
    sources=(EN_13782, "uz-cm-205-2014-annex1-venue-equipment"),
)
def structure_without_certificate(context: Context) -> Iterator[Found]:
    """Yields one finding for all temporary structures that neither a certificate nor an inspection covers."""
    inspected = {
        feature_id
        for item in context.plan.inspections or ()
        if item.field == "structure" and item.result == "passed"
        for feature_id in item.about
    }
    bare = [
        (structure_id, item)
        for structure_id, item in context.features_of(Structure)
        if item.temporary
        and item.structure in NEEDS_CERTIFICATE
        and item.certificate_date is None
        and structure_id not in inspected
    ]
    if bare:
        is_amber = context.is_complete or any(item.structure in BEARS_PEOPLE for _, item in bare)
        yield Found(
            subject=context.part_subject("venue"),
            severity="amber" if is_amber else "info",
            facts={"structures": listed(name_of(item, structure_id) for structure_id, item in bare)},
        )

# SPDX-License-Identifier: Apache-2.0
"""ENT-009: queues people meet after they were let in."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.entrances import entrances
from hamkor.checks.rules.findings import Found
from hamkor.checks.rules.moving import NETWORK, network_assumptions
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range
from hamkor.common.messages import N_
from hamkor.simulation.rules.outcome import LinkOutcome, Outcome

# As for a single entrance (ENT-002): our planning value.
LONG_WAIT_MIN = 15.0


@rule(
    "ENT-009",
    title=N_("A queue behind or beside the entrances"),
    says=N_(
        "On their way in people wait {measured} min at {subject}, up to {people} of them; {limit} min are long."
    ),
    do=N_("Widen {subject}, send people in by other ways, or let fewer in at a time at the gates before it."),
    why=N_(
        "Whoever was searched and let in believes to be through. A second queue, at stairs or a tunnel, stands "
        "where nobody planned one, and the gates behind it go on letting people in."
    ),
    severity=N_(
        "Amber when the wait is longer than a quarter of an hour; ENT-002 speaks of the entrances themselves."
    ),
    unit="min",
    sources=(NETWORK, "Hamkor planning value: 15 min"),
)
def queue_inside(context: Context) -> Iterator[Found]:
    """Yields a finding for every connection other than an entrance at which people wait long on their way in."""
    coming = context.movements.find("ingress", "plan") if context.movements is not None else None
    if coming is None or not coming.scenario.arrivals:
        return
    judged = {each.subject.id for each in entrances(context) if each.share is not None}
    for link_id, link in coming.links.items():
        wait_min = link.longest_wait_s.middle / 60
        if link_id in context.connections and link_id not in judged and wait_min > LONG_WAIT_MIN:
            yield _waiting(context, coming, link_id, link)


def _waiting(context: Context, coming: Outcome, link_id: str, link: LinkOutcome) -> Found:
    wait_min = link.longest_wait_s.middle / 60
    return Found(
        subject=context.subject("opening", link_id),
        severity="amber",
        measured=Range.exactly(wait_min),
        limit=Range.exactly(LONG_WAIT_MIN),
        ratio=Range.exactly(wait_min / LONG_WAIT_MIN),
        facts={"people": round(link.longest_queue.middle)},
        assumptions=network_assumptions(context, coming),
    )

# SPDX-License-Identifier: Apache-2.0
"""STAFF: posts have the people they need."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Found, Severity
from hamkor.checks.rules.naming import listed, post_subject
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range, known
from hamkor.common.messages import N_
from hamkor.plans.rules.roster import Post

# As for forces: a critical post may lack one person in five before it counts as not held.
HELD_SHARE = 0.80
CONVENTION = "Convention of this check, beside uz-practice-navruz-reserve"
DOCTRINE = "uz-doctrine-posts"
LOVE_PARADE = "Helbing and Mukerji 2012 on the Love Parade disaster"


@rule(
    "STAFF-010",
    title=N_("A post with too few people"),
    says=N_("People at “{subject}”: {measured}; needed: {limit}."),
    do=N_("Send more people to “{subject}” ({missing}), or close what it keeps."),
    why=N_(
        "Half a cordon does not hold half a crowd; it is run over. A gate with too few people is a gate that "
        "is closed, or one that is not kept."
    ),
    severity=N_(
        "A critical post: red below 80 % of the people it needs, else amber. Another: amber below 80 %, else info."
    ),
    unit="people",
    sources=(CONVENTION, DOCTRINE),
)
def short_post(context: Context) -> Iterator[Found]:
    """Yields a finding for every post that has people, but fewer than it needs."""
    for post in context.plan.posts or ():
        needed, confirmed = known(post.needed), known(post.confirmed)
        if needed is None or confirmed is None or confirmed.high <= 0 or confirmed.low >= needed.high:
            continue
        yield Found(
            subject=post_subject(post),
            severity=_short_severity(post, confirmed / needed),
            measured=confirmed,
            limit=needed,
            ratio=needed / confirmed,
            facts={"missing": max(1, round(needed.nominal - confirmed.nominal))},
        )


def _short_severity(post: Post, share: Range) -> Severity:
    is_surely_short = share.high < HELD_SHARE
    if post.critical:
        return "red" if is_surely_short else "amber"
    return "amber" if is_surely_short else "info"


@rule(
    "STAFF-011",
    title=N_("An empty post"),
    says=N_("Nobody is confirmed for “{subject}”."),
    do=N_("Man “{subject}”, or take it out of the plan together with what relies on it."),
    why=N_(
        "Plans rely on posts that exist only on paper: a stair kept clear, a gate opened, a link answered. At "
        "the Love Parade in 2010 ten of sixteen entrance gates were shut within an hour of the opening."
    ),
    severity=N_("Red for a critical post, amber for another."),
    sources=(DOCTRINE, LOVE_PARADE),
)
def empty_post(context: Context) -> Iterator[Found]:
    """Yields a finding for every post known to have nobody."""
    for post in context.plan.posts or ():
        confirmed, needed = known(post.confirmed), known(post.needed)
        is_unneeded = needed is not None and needed.high <= 0
        if confirmed is not None and confirmed.high <= 0 and not is_unneeded:
            yield Found(subject=post_subject(post), severity="red" if post.critical else "amber")


@rule(
    "STAFF-012",
    title=N_("Critical posts nobody is confirmed for"),
    says=N_("The plan does not say who or how many are confirmed for: {posts}."),
    do=N_("Have the agencies confirm people by number or name for: {posts}."),
    why=N_(
        "A post is manned when somebody has said so who can be asked, not when a line in a table says it."
    ),
    severity=N_("Amber, in a complete plan."),
    sources=(DOCTRINE,),
)
def unconfirmed_posts(context: Context) -> Iterator[Found]:
    """Yields one finding for the critical posts of a complete plan without people or number."""
    if not context.is_complete:
        return
    silent = [
        post
        for post in context.plan.posts or ()
        if post.critical and post.confirmed is None and not post.shifts
    ]
    if silent:
        names = listed(post.title for post in silent)
        yield Found(subject=context.part_subject("posts"), severity="amber", facts={"posts": names})

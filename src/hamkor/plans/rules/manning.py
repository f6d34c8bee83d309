# SPDX-License-Identifier: Apache-2.0
"""Which posts are known to be empty, and which ways nobody could open because of that."""

from __future__ import annotations

from collections.abc import Iterable

from hamkor.common.figures import known
from hamkor.plans.rules.roster import Post
from hamkor.venues.rules.features import Connection, Feature

LEAST_PEOPLE = 1.0


def is_known_empty(post: Post) -> bool:
    """Returns True for a post for which it is known that nobody is confirmed; what is not stated may be manned."""
    confirmed = known(post.confirmed)
    return confirmed is not None and confirmed.high < LEAST_PEOPLE


def unattended_of(features: Iterable[Feature], posts: Iterable[Post] | None) -> frozenset[str]:
    """Returns the connections that open by a key for which it is known that nobody is there.

    Args:
        features: The drawing.
        posts: The posts of the plan.
    """
    empty = {post.id for post in posts or () if is_known_empty(post)}
    return frozenset(
        each.id
        for each in features
        if isinstance(each.properties, Connection)
        and each.properties.release == "staff_key"
        and each.properties.staffed_by is not None
        and all(post in empty for post in each.properties.staffed_by)
    )

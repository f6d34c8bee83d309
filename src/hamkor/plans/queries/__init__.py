# SPDX-License-Identifier: Apache-2.0
"""Reading the plan, its history and what differs between two versions of it."""

from hamkor.plans.queries.comparison import (
    ItemDifference,
    PartDifference,
    compare_versions,
    differences,
    find_title,
)
from hamkor.plans.queries.history import HistoryLine, find_last_change, get_history, history_of
from hamkor.plans.queries.plan import get_plan, get_plan_at, list_uses, plan_of

__all__ = [
    "HistoryLine",
    "ItemDifference",
    "PartDifference",
    "compare_versions",
    "differences",
    "find_last_change",
    "find_title",
    "get_history",
    "get_plan",
    "get_plan_at",
    "history_of",
    "list_uses",
    "plan_of",
]

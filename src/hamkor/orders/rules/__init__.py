# SPDX-License-Identifier: Apache-2.0
"""Messages and orders: who says what to whom, how long each step may take, and who hears of a silence."""

from hamkor.orders.rules.addressing import (
    COORDINATOR,
    answers_for,
    deputy_of,
    find_silences,
    is_sender,
    line_of,
    may_read,
)
from hamkor.orders.rules.limits import DEFAULT_PROFILE, PROFILES, LimitsProfile, limits_of
from hamkor.orders.rules.messages import (
    STATES,
    Addressee,
    AnswerWord,
    Limits,
    Message,
    MessageError,
    MessageState,
    MessageTemplate,
    Rank,
    Receipt,
    Sort,
    Stage,
    Strike,
    Urgency,
)
from hamkor.orders.rules.receipts import (
    Silence,
    awaited_stages,
    is_settled,
    next_due_at,
    overdue_stage,
    state_of,
)
from hamkor.orders.rules.routes import Route, list_routes

__all__ = [
    "COORDINATOR",
    "DEFAULT_PROFILE",
    "PROFILES",
    "STATES",
    "Addressee",
    "AnswerWord",
    "Limits",
    "LimitsProfile",
    "Message",
    "MessageError",
    "MessageState",
    "MessageTemplate",
    "Rank",
    "Receipt",
    "Route",
    "Silence",
    "Sort",
    "Stage",
    "Strike",
    "Urgency",
    "answers_for",
    "awaited_stages",
    "deputy_of",
    "find_silences",
    "is_sender",
    "is_settled",
    "limits_of",
    "line_of",
    "list_routes",
    "may_read",
    "next_due_at",
    "overdue_stage",
    "state_of",
]
